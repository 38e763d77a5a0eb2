/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include <drt-glib.h>

#include "rt-key-actions.h"
#include "rt-key-group.h"
#include "rt-payload-editor.h"
#include "rt-problem-row.h"
#include "rt-register-dialog.h"
#include "rt-unlock.h"

struct _RtRegisterDialog
{
  AdwDialog parent_instance;

  AdwBanner *banner;
  RtKeyGroup *key_group;
  RtPayloadEditor *payload_editor;
  AdwEntryRow *name_row;
  RtProblemRow *problem;    /* of the node, not of a field */

  RtNode *node;
};

G_DEFINE_FINAL_TYPE (RtRegisterDialog, rt_register_dialog, ADW_TYPE_DIALOG)

/* Our registration of the same key.  One that is being revoked is no obstacle. */
static RtRegistration *
find_existing (RtRegisterDialog *self)
{
  RtRegistration *existing;
  DrtKey key;

  if (self->node == NULL || !rt_key_group_get_key (self->key_group, &key))
    return NULL;

  existing = rt_node_find_registration (self->node, &key);
  if (existing != NULL && rt_registration_get_state (existing) == RT_REGISTRATION_REVOKING)
    return NULL;

  return existing;
}

static void
refuse_duplicate (RtRegisterDialog *self)
{
  RtRegistration *existing = find_existing (self);
  g_autofree char *sentence = NULL;

  /* Translators: the name of a key, or its first and last digits */
  sentence = existing != NULL
    ? g_strdup_printf (_("This key is registered here already, as “%s”."), rt_registration_get_title (existing))
    : g_strdup (_("This key is registered here already."));

  rt_key_group_set_refusal (self->key_group, DRT_E_DUPLICATE_KEY, sentence,
                            existing != NULL ? _("Show It") : NULL);
}

/* Where keys are proven, each is proven by its certificate. */
static gboolean
needs_certificate (RtRegisterDialog *self)
{
  return rt_mesh_settings_get_security_provider (rt_node_get_settings (self->node)) == RT_SECURITY_PROVIDER_DERIVED_KEY
         && rt_key_group_get_source (self->key_group) != RT_KEY_SOURCE_CERTIFICATE;
}

static void
refuse_underived (RtRegisterDialog *self)
{
  rt_key_group_set_refusal (self->key_group, DRT_E_INVALID_KEY,
                            _("In this mesh every key derives from a certificate, which proves it: no other key can be registered."),
                            _("Use a Certificate"));
}

static void
update_register (RtRegisterDialog *self)
{
  g_autoptr (GBytes) payload = rt_payload_editor_dup_payload (self->payload_editor);
  DrtKey key;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "register.register",
                                 payload != NULL && rt_key_group_get_key (self->key_group, &key)
                                 && find_existing (self) == NULL && !needs_certificate (self));
}

static void
key_changed_cb (RtRegisterDialog *self)
{
  rt_problem_row_clear (self->problem);
  if (self->node == NULL)
    return;
  if (find_existing (self) != NULL)
    refuse_duplicate (self);
  else if (needs_certificate (self))
    refuse_underived (self);
  update_register (self);
}

static void
changed_cb (RtRegisterDialog *self)
{
  rt_problem_row_clear (self->problem);
  update_register (self);
}

/* The library's answer, at the field that caused it. */
static void
show_refusal (RtRegisterDialog *self,
              const GError     *error)
{
  HRESULT hr = error->domain == DRT_ERROR ? error->code : E_FAIL;

  switch (hr)
    {
    case DRT_E_DUPLICATE_KEY:
      refuse_duplicate (self);
      gtk_widget_grab_focus (GTK_WIDGET (self->key_group));
      break;

    case DRT_E_INVALID_KEY_SIZE:
    case DRT_E_INVALID_KEY:
    case DRT_E_INVALID_CERT_CHAIN:
    case DRT_E_CAPABILITY_MISMATCH:
      rt_key_group_set_refusal (self->key_group, hr, error->message, NULL);
      gtk_widget_grab_focus (GTK_WIDGET (self->key_group));
      break;

    case E_INVALIDARG:
      rt_payload_editor_set_refusal (self->payload_editor, hr, error->message);
      gtk_widget_grab_focus (GTK_WIDGET (self->payload_editor));
      break;

    default:
      rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, hr, error->message);
      gtk_accessible_announce (GTK_ACCESSIBLE (self), error->message,
                               GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
    }
}

static RtRegistration *
register_now (RtRegisterDialog *self,
              const DrtKey     *key,
              GBytes           *payload,
              const char       *name,
              GError          **error)
{
  RtCertificateFile *file = rt_key_group_get_certificate (self->key_group);
  RtMeshSettings *settings = rt_node_get_settings (self->node);

  if (file == NULL)
    return rt_node_register (self->node, key, payload, name, error);
  /* The certificates of the demo mesh are thrown away with it. */
  if (rt_mesh_settings_get_loopback_only (settings) && file == rt_mesh_settings_get_file (settings, RT_MESH_LOCAL))
    return rt_node_register_certificate_transient (self->node, file, payload, name, error);
  /* Of our own, since what was chosen may not be there at the next start. */
  if (!rt_certificate_file_keep (file, error))
    return NULL;
  return rt_node_register_certificate (self->node, file, payload, name, error);
}

static void
register_key (RtRegisterDialog *self)
{
  g_autoptr (GBytes) payload = rt_payload_editor_dup_payload (self->payload_editor);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
  g_autoptr (GError) error = NULL;
  DrtKey key;

  if (!rt_key_group_get_key (self->key_group, &key))
    {
      rt_key_group_reveal_problem (self->key_group);
      gtk_widget_grab_focus (GTK_WIDGET (self->key_group));
      return;
    }

  if (find_existing (self) != NULL || needs_certificate (self))
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->key_group));
      return;
    }

  if (payload == NULL)
    {
      rt_payload_editor_reveal_problem (self->payload_editor);
      gtk_widget_grab_focus (GTK_WIDGET (self->payload_editor));
      return;
    }

  if (register_now (self, &key, payload, *name != '\0' ? name : NULL, &error) == NULL)
    {
      show_refusal (self, error);
      return;
    }

  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s",
                              rt_node_get_state (self->node) == RT_NODE_CLOSED
                                ? _("Key kept until the node opens") : _("Key registered"));
  adw_dialog_close (ADW_DIALOG (self));
}

static void
register_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  register_key (RT_REGISTER_DIALOG (widget));
}

/* Enter in a field: as the button, but says what is missing while it cannot. */
static void
activated_cb (RtRegisterDialog *self)
{
  register_key (self);
}

static void
show_existing_cb (RtRegisterDialog *self)
{
  RtRegistration *existing = find_existing (self);
  g_autoptr (RtNode) node = NULL;
  GtkWidget *window;

  if (existing == NULL)
    {
      rt_key_group_set_source (self->key_group, RT_KEY_SOURCE_CERTIFICATE);
      gtk_widget_grab_focus (GTK_WIDGET (self->key_group));
      return;
    }

  /* The dialog may be gone once it is closed. */
  node = g_object_ref (self->node);
  window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  adw_dialog_close (ADW_DIALOG (self));
  rt_key_actions_show_details (window, node, existing);
}

static void
certificate_chosen_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (RtRegisterDialog) self = RT_REGISTER_DIALOG (user_data);
  g_autoptr (RtCertificateFile) file = rt_choose_certificate_finish (result, NULL);

  if (file != NULL && self->node != NULL)
    rt_key_group_set_certificate (self->key_group, file);
}

static void
choose_certificate_cb (RtRegisterDialog *self)
{
  rt_choose_certificate_async (GTK_WIDGET (self), _("Choose a Certificate"), RT_CERTIFICATE_FILE_CERTIFICATE, NULL,
                               certificate_chosen_cb, g_object_ref (self));
}

static void
update_banner (RtRegisterDialog *self)
{
  adw_banner_set_revealed (self->banner, rt_node_get_state (self->node) == RT_NODE_CLOSED);
}

static void
rt_register_dialog_dispose (GObject *object)
{
  RtRegisterDialog *self = RT_REGISTER_DIALOG (object);

  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_REGISTER_DIALOG);

  G_OBJECT_CLASS (rt_register_dialog_parent_class)->dispose (object);
}

static void
rt_register_dialog_class_init (RtRegisterDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rt_register_dialog_dispose;

  g_type_ensure (RT_TYPE_KEY_GROUP);
  g_type_ensure (RT_TYPE_PAYLOAD_EDITOR);
  g_type_ensure (RT_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/dialogs/rt-register-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RtRegisterDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, RtRegisterDialog, key_group);
  gtk_widget_class_bind_template_child (widget_class, RtRegisterDialog, payload_editor);
  gtk_widget_class_bind_template_child (widget_class, RtRegisterDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, RtRegisterDialog, problem);
  gtk_widget_class_bind_template_callback (widget_class, key_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_existing_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_certificate_cb);

  gtk_widget_class_install_action (widget_class, "register.register", NULL, register_action);
}

static void
rt_register_dialog_init (RtRegisterDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  rt_key_group_set_source (self->key_group, RT_KEY_SOURCE_TEXT);
}

/**
 * rt_register_dialog_new:
 * @node: the node, open or closed
 *
 * Returns: (transfer floating): the dialog, to be presented
 */
AdwDialog *
rt_register_dialog_new (RtNode *node)
{
  RtRegisterDialog *self = g_object_new (RT_TYPE_REGISTER_DIALOG, NULL);

  g_return_val_if_fail (RT_IS_NODE (node), NULL);

  self->node = g_object_ref (node);
  g_signal_connect_object (node, "notify::state", G_CALLBACK (update_banner), self, G_CONNECT_SWAPPED);
  update_banner (self);
  rt_key_group_set_certificate (self->key_group, rt_mesh_settings_get_file (rt_node_get_settings (node), RT_MESH_LOCAL));
  if (rt_mesh_settings_get_security_provider (rt_node_get_settings (node)) == RT_SECURITY_PROVIDER_DERIVED_KEY)
    rt_key_group_set_source (self->key_group, RT_KEY_SOURCE_CERTIFICATE);
  key_changed_cb (self);

  return ADW_DIALOG (self);
}
