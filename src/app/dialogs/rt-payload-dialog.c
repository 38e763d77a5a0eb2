/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-key-actions.h"
#include "rt-payload-dialog.h"
#include "rt-payload-editor.h"

struct _RtPayloadDialog
{
  AdwDialog parent_instance;

  AdwWindowTitle *window_title;
  RtPayloadEditor *editor;

  RtNode *node;
  RtRegistration *registration;
};

G_DEFINE_FINAL_TYPE (RtPayloadDialog, rt_payload_dialog, ADW_TYPE_DIALOG)

/* Only a payload that is one, and another one than before. */
static void
changed_cb (RtPayloadDialog *self)
{
  g_autoptr (GBytes) payload = rt_payload_editor_dup_payload (self->editor);
  gboolean can_change = payload != NULL && self->registration != NULL
                        && !g_bytes_equal (payload, rt_registration_get_payload (self->registration));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "payload.change", can_change);
}

static void
change_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  RtPayloadDialog *self = RT_PAYLOAD_DIALOG (widget);
  g_autoptr (GBytes) payload = rt_payload_editor_dup_payload (self->editor);
  g_autoptr (GError) error = NULL;

  if (payload == NULL)
    {
      rt_payload_editor_reveal_problem (self->editor);
      return;
    }

  if (!rt_node_update_payload (self->node, self->registration, payload, &error))
    {
      rt_payload_editor_set_refusal (self->editor, error->code, error->message);
      return;
    }

  gtk_widget_activate_action (widget, "win.toast", "s", _("Payload changed"));
  adw_dialog_close (ADW_DIALOG (self));
}

static void
rt_payload_dialog_dispose (GObject *object)
{
  RtPayloadDialog *self = RT_PAYLOAD_DIALOG (object);

  g_clear_object (&self->node);
  g_clear_object (&self->registration);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_PAYLOAD_DIALOG);

  G_OBJECT_CLASS (rt_payload_dialog_parent_class)->dispose (object);
}

static void
rt_payload_dialog_class_init (RtPayloadDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rt_payload_dialog_dispose;

  g_type_ensure (RT_TYPE_PAYLOAD_EDITOR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/dialogs/rt-payload-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RtPayloadDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, RtPayloadDialog, editor);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);

  gtk_widget_class_install_action (widget_class, "payload.change", NULL, change_action);
}

static void
rt_payload_dialog_init (RtPayloadDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * rt_payload_dialog_new:
 * @node: the node
 * @registration: a key of it
 *
 * Returns: (transfer floating): the dialog, to be presented
 */
AdwDialog *
rt_payload_dialog_new (RtNode         *node,
                       RtRegistration *registration)
{
  RtPayloadDialog *self = g_object_new (RT_TYPE_PAYLOAD_DIALOG, NULL);

  self->node = g_object_ref (node);
  self->registration = g_object_ref (registration);

  adw_window_title_set_subtitle (self->window_title, rt_registration_get_title (registration));
  rt_payload_editor_set_payload (self->editor, rt_registration_get_payload (registration));
  changed_cb (self);

  return ADW_DIALOG (self);
}
