/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-payload-editor.h"
#include "rt-problem-row.h"

struct _RtPayloadEditor
{
  AdwPreferencesGroup parent_instance;

  AdwToggleGroup *form_group;
  GtkTextView *view;
  GtkTextBuffer *buffer;
  GtkTextTag *plain;      /* of the whole buffer */
  GtkLabel *count;
  RtProblemRow *problem;

  RtPayloadForm form;     /* the one the buffer is written in */
  RtPayloadState state;
  gsize size;             /* bytes counted */
  GBytes *payload;        /* NULL unless valid */
  gboolean accused;       /* emptiness is an error by now */

  HRESULT refusal;        /* the library's, about this payload */
  char *refusal_sentence;
};

G_DEFINE_FINAL_TYPE (RtPayloadEditor, rt_payload_editor, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
dup_text (RtPayloadEditor *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
}

static RtPayloadForm
get_form (RtPayloadEditor *self)
{
  return g_strcmp0 (adw_toggle_group_get_active_name (self->form_group), "hex") == 0
    ? RT_PAYLOAD_HEX : RT_PAYLOAD_TEXT;
}

static void
update_count (RtPayloadEditor *self)
{
  g_autofree char *text =
    g_strdup_printf (ngettext ("%lu of %u byte", "%lu of %u bytes", DRT_MAX_PAYLOAD_SIZE),
                     (gulong) self->size, (guint) DRT_MAX_PAYLOAD_SIZE);

  gtk_label_set_label (self->count, text);

  if (self->size > DRT_MAX_PAYLOAD_SIZE)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->count), "dimmed");
      gtk_widget_add_css_class (GTK_WIDGET (self->count), "error");
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->count), "error");
      gtk_widget_add_css_class (GTK_WIDGET (self->count), "dimmed");
    }
}

static void
update_problem (RtPayloadEditor *self)
{
  g_autofree char *sentence = NULL;
  gboolean unfinished = self->state == RT_PAYLOAD_HALF_BYTE && !self->accused;

  if (self->refusal_sentence != NULL)
    {
      rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, self->refusal, self->refusal_sentence);
      return;
    }

  if (self->state == RT_PAYLOAD_VALID || (self->state == RT_PAYLOAD_EMPTY && !self->accused))
    {
      rt_problem_row_clear (self->problem);
      return;
    }

  sentence = rt_payload_to_sentence (self->state, self->size);
  rt_problem_row_set (self->problem, unfinished ? RT_PROBLEM_HINT : RT_PROBLEM_ERROR,
                      rt_payload_to_hresult (self->state), sentence);
}

/* A hyphen where a line is broken would look like a part of the payload. */
static void
forbid_hyphens (RtPayloadEditor *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_apply_tag (self->buffer, self->plain, &start, &end);
}

static void
changed_cb (RtPayloadEditor *self)
{
  g_autofree char *text = dup_text (self);
  gboolean was_filled = self->size > 0;

  forbid_hyphens (self);

  g_clear_pointer (&self->payload, g_bytes_unref);
  self->state = rt_payload_parse (text, self->form, &self->payload, &self->size);

  /* Who empties a filled field wants an empty payload: say that there is none. */
  self->accused = self->state == RT_PAYLOAD_EMPTY && was_filled;
  self->refusal = S_OK;
  g_clear_pointer (&self->refusal_sentence, g_free);

  update_count (self);
  update_problem (self);

  g_signal_emit (self, signals[CHANGED], 0);
}

static void
show_form (RtPayloadEditor *self,
           RtPayloadForm    form)
{
  self->form = form;
  gtk_text_view_set_monospace (self->view, form == RT_PAYLOAD_HEX);
  adw_toggle_group_set_active_name (self->form_group, form == RT_PAYLOAD_HEX ? "hex" : "text");
}

/* The same bytes in the other form; bytes that are no text stay as they are. */
static void
form_changed_cb (RtPayloadEditor *self)
{
  RtPayloadForm form = get_form (self);
  g_autofree char *text = NULL;

  if (form == self->form)
    return;

  if (self->payload != NULL)
    {
      text = form == RT_PAYLOAD_HEX ? rt_payload_to_hex (self->payload) : rt_payload_to_text (self->payload);
      if (text == NULL)
        {
          show_form (self, self->form);
          rt_problem_row_set (self->problem, RT_PROBLEM_HINT, S_OK,
                              _("These bytes are no text: they stay in hexadecimal."));
          return;
        }
    }

  show_form (self, form);
  if (text != NULL)
    gtk_text_buffer_set_text (self->buffer, text, -1);
  else
    changed_cb (self);
}

static gboolean
rt_payload_editor_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (RT_PAYLOAD_EDITOR (widget)->view));
}

static void
rt_payload_editor_dispose (GObject *object)
{
  RtPayloadEditor *self = RT_PAYLOAD_EDITOR (object);

  g_clear_pointer (&self->payload, g_bytes_unref);
  g_clear_pointer (&self->refusal_sentence, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_PAYLOAD_EDITOR);

  G_OBJECT_CLASS (rt_payload_editor_parent_class)->dispose (object);
}

static void
rt_payload_editor_class_init (RtPayloadEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rt_payload_editor_dispose;
  widget_class->grab_focus = rt_payload_editor_grab_focus;

  signals[CHANGED] = g_signal_new ("changed", RT_TYPE_PAYLOAD_EDITOR, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (RT_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/widgets/rt-payload-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, RtPayloadEditor, form_group);
  gtk_widget_class_bind_template_child (widget_class, RtPayloadEditor, view);
  gtk_widget_class_bind_template_child (widget_class, RtPayloadEditor, buffer);
  gtk_widget_class_bind_template_child (widget_class, RtPayloadEditor, count);
  gtk_widget_class_bind_template_child (widget_class, RtPayloadEditor, problem);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);
}

static void
rt_payload_editor_init (RtPayloadEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->plain = gtk_text_buffer_create_tag (self->buffer, NULL, "insert-hyphens", FALSE, NULL);
  changed_cb (self);
}

/**
 * rt_payload_editor_dup_payload:
 * @self: a payload editor
 *
 * Returns: (transfer full) (nullable): the payload, %NULL while it cannot be one
 */
GBytes *
rt_payload_editor_dup_payload (RtPayloadEditor *self)
{
  g_return_val_if_fail (RT_IS_PAYLOAD_EDITOR (self), NULL);

  return self->payload != NULL ? g_bytes_ref (self->payload) : NULL;
}

/**
 * rt_payload_editor_set_payload:
 * @self: a payload editor
 * @payload: bytes
 *
 * Shows bytes to be changed: as text where they are text, else in hexadecimal.
 */
void
rt_payload_editor_set_payload (RtPayloadEditor *self,
                               GBytes          *payload)
{
  g_autofree char *text = NULL;

  g_return_if_fail (RT_IS_PAYLOAD_EDITOR (self));

  text = rt_payload_to_text (payload);
  show_form (self, text != NULL || g_bytes_get_size (payload) == 0 ? RT_PAYLOAD_TEXT : RT_PAYLOAD_HEX);
  if (text == NULL)
    text = rt_payload_to_hex (payload);

  gtk_text_buffer_set_text (self->buffer, text, -1);
}

/**
 * rt_payload_editor_set_refusal:
 * @self: a payload editor
 * @code: the library's
 * @sentence: why it did not take the payload
 *
 * Holds until the payload is changed.
 */
void
rt_payload_editor_set_refusal (RtPayloadEditor *self,
                               HRESULT          code,
                               const char      *sentence)
{
  g_return_if_fail (RT_IS_PAYLOAD_EDITOR (self));

  self->refusal = code;
  g_set_str (&self->refusal_sentence, sentence);
  update_problem (self);
}

/**
 * rt_payload_editor_reveal_problem:
 * @self: a payload editor
 *
 * The person wants to go on: an empty payload is an error now.
 */
void
rt_payload_editor_reveal_problem (RtPayloadEditor *self)
{
  g_return_if_fail (RT_IS_PAYLOAD_EDITOR (self));

  self->accused = TRUE;
  update_problem (self);
}
