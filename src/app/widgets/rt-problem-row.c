/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include <drt-glib.h>

#include "rt-problem-row.h"

struct _RtProblemRow
{
  AdwPreferencesRow parent_instance;

  GtkImage *icon;
  GtkLabel *sentence;
  GtkLabel *code;
  GtkButton *action;

  GtkWidget *field;   /* weak: what the problem is about */
};

G_DEFINE_FINAL_TYPE (RtProblemRow, rt_problem_row, ADW_TYPE_PREFERENCES_ROW)

enum
{
  PROP_0,
  PROP_FIELD,
  N_PROPS
};

enum
{
  ACTION_ACTIVATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* What the field looks like, and what a screen reader says of it. */
static void
mark_field (RtProblemRow *self,
            gboolean      is_error)
{
  if (self->field == NULL)
    return;

  if (is_error)
    {
      gtk_widget_add_css_class (self->field, "error");
      gtk_accessible_update_state (GTK_ACCESSIBLE (self->field),
                                   GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE, -1);
      gtk_accessible_update_relation (GTK_ACCESSIBLE (self->field),
                                      GTK_ACCESSIBLE_RELATION_ERROR_MESSAGE, self->sentence, NULL, -1);
    }
  else
    {
      gtk_widget_remove_css_class (self->field, "error");
      gtk_accessible_reset_state (GTK_ACCESSIBLE (self->field), GTK_ACCESSIBLE_STATE_INVALID);
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->field), GTK_ACCESSIBLE_RELATION_ERROR_MESSAGE);
    }
}

static void
set_field (RtProblemRow *self,
           GtkWidget    *field)
{
  if (!g_set_weak_pointer (&self->field, field))
    return;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FIELD]);
}

static void
action_clicked_cb (RtProblemRow *self)
{
  g_signal_emit (self, signals[ACTION_ACTIVATED], 0);
}

static void
rt_problem_row_dispose (GObject *object)
{
  RtProblemRow *self = RT_PROBLEM_ROW (object);

  g_clear_weak_pointer (&self->field);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_PROBLEM_ROW);

  G_OBJECT_CLASS (rt_problem_row_parent_class)->dispose (object);
}

static void
rt_problem_row_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  RtProblemRow *self = RT_PROBLEM_ROW (object);

  switch (property_id)
    {
    case PROP_FIELD:
      g_value_set_object (value, self->field);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_problem_row_set_property (GObject      *object,
                             guint         property_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  RtProblemRow *self = RT_PROBLEM_ROW (object);

  switch (property_id)
    {
    case PROP_FIELD:
      set_field (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_problem_row_class_init (RtProblemRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rt_problem_row_dispose;
  object_class->get_property = rt_problem_row_get_property;
  object_class->set_property = rt_problem_row_set_property;

  properties[PROP_FIELD] =
    g_param_spec_object ("field", NULL, NULL, GTK_TYPE_WIDGET,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ACTION_ACTIVATED] =
    g_signal_new ("action-activated", RT_TYPE_PROBLEM_ROW, G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/widgets/rt-problem-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RtProblemRow, icon);
  gtk_widget_class_bind_template_child (widget_class, RtProblemRow, sentence);
  gtk_widget_class_bind_template_child (widget_class, RtProblemRow, code);
  gtk_widget_class_bind_template_child (widget_class, RtProblemRow, action);
  gtk_widget_class_bind_template_callback (widget_class, action_clicked_cb);
}

static void
rt_problem_row_init (RtProblemRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * rt_problem_row_set:
 * @self: a row
 * @weight: a hint, or an error that also marks the field
 * @code: what libdrt calls it; S_OK for no code
 * @sentence: (nullable): what is wrong and what to do, for people; %NULL is
 *   rt_problem_row_clear()
 *
 * Shows a problem.
 */
void
rt_problem_row_set (RtProblemRow    *self,
                    RtProblemWeight  weight,
                    HRESULT          code,
                    const char      *sentence)
{
  gboolean is_error = weight == RT_PROBLEM_ERROR;
  g_autofree char *code_text = NULL;

  g_return_if_fail (RT_IS_PROBLEM_ROW (self));

  if (sentence == NULL)
    {
      rt_problem_row_clear (self);
      return;
    }

  if (code != S_OK)
    code_text = g_strdup_printf ("%s 0x%08X", drt_hresult_to_name (code), (guint32) code);

  gtk_label_set_label (self->sentence, sentence);
  gtk_label_set_label (self->code, code_text != NULL ? code_text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->code), code_text != NULL);
  gtk_image_set_from_icon_name (self->icon,
                                is_error ? "dialog-error-symbolic" : "dialog-information-symbolic");

  if (is_error)
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->icon), "error");
      gtk_widget_add_css_class (GTK_WIDGET (self->sentence), "error");
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "error");
      gtk_widget_remove_css_class (GTK_WIDGET (self->sentence), "error");
    }

  mark_field (self, is_error);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

void
rt_problem_row_clear (RtProblemRow *self)
{
  g_return_if_fail (RT_IS_PROBLEM_ROW (self));

  mark_field (self, FALSE);
  rt_problem_row_set_action (self, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * rt_problem_row_set_action:
 * @self: a row
 * @label: (nullable): of the button beside the sentence; %NULL for none
 *
 * The button emits #RtProblemRow::action-activated.
 */
void
rt_problem_row_set_action (RtProblemRow *self,
                           const char   *label)
{
  g_return_if_fail (RT_IS_PROBLEM_ROW (self));

  gtk_button_set_label (self->action, label != NULL ? label : "");
  gtk_widget_set_visible (GTK_WIDGET (self->action), label != NULL);
}
