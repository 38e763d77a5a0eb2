/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include <drt-glib.h>

#include "rt-certificate-dialog.h"
#include "rt-key-actions.h"
#include "rt-key-details-dialog.h"
#include "rt-payload.h"
#include "rt-state-look.h"
#include "rt-validity.h"

struct _RtKeyDetailsDialog
{
  AdwDialog parent_instance;

  GtkImage *state_icon;
  GtkWidget *key_row;
  AdwActionRow *certificate_row;
  GtkWidget *payload_row;
  GtkListBox *above_list;
  GtkListBox *below_list;
  GListModel *above;
  GListModel *below;

  RtNode *node;
  RtRegistration *registration;
};

G_DEFINE_FINAL_TYPE (RtKeyDetailsDialog, rt_key_details_dialog, ADW_TYPE_DIALOG)

enum
{
  PROP_0,
  PROP_NODE,
  PROP_REGISTRATION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
title_closure (gpointer    self,
               const char *name,
               const char *key_short)
{
  return g_strdup (name != NULL && *name != '\0' ? name : key_short);
}

static char *
name_closure (gpointer    self,
              const char *name)
{
  return g_strdup (name != NULL && *name != '\0' ? name : "–");
}

static char *
state_title_closure (gpointer            self,
                     RtRegistrationState state)
{
  return g_strdup (rt_registration_state_to_string (state));
}

static char *
state_subtitle_closure (gpointer            self,
                        RtRegistrationState state,
                        const GError       *error)
{
  if (error == NULL)
    return g_strdup (rt_registration_state_to_explanation (state));

  if (error->domain != DRT_ERROR)
    return g_strdup (error->message);

  /* Translators: a sentence; on the next line the name and number of its code */
  return g_strdup_printf (_("%s\n%s 0x%08X"), error->message,
                          drt_hresult_to_name (error->code), (guint32) error->code);
}

static char *
payload_title_closure (gpointer  self,
                       GBytes   *payload)
{
  gulong size = payload != NULL ? (gulong) g_bytes_get_size (payload) : 0;

  if (payload != NULL && rt_payload_is_text (payload))
    return g_strdup_printf (ngettext ("Payload, %lu Byte of Text", "Payload, %lu Bytes of Text", size), size);

  return g_strdup_printf (ngettext ("Payload, %lu Byte", "Payload, %lu Bytes", size), size);
}

static char *
payload_closure (gpointer  self,
                 GBytes   *payload)
{
  char *text;

  if (payload == NULL || g_bytes_get_size (payload) == 0)
    return g_strdup ("–");

  text = rt_payload_to_text (payload);
  return text != NULL ? text : rt_payload_to_hex (payload);
}

static gboolean
is_above_closure (gpointer self,
                  int      position)
{
  return position > 0;
}

static void
update_look (RtKeyDetailsDialog *self)
{
  RtRegistrationState state = rt_registration_get_state (self->registration);

  rt_image_set_look (self->state_icon,
                     rt_registration_state_to_icon (state), rt_registration_state_to_style (state));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "key.unregister", state != RT_REGISTRATION_REVOKING);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "key.change-payload", state != RT_REGISTRATION_REVOKING);
}

static char *
leaf_subtitle_closure (RtLeaf      *leaf,
                       RtNeighbour *neighbour)
{
  return g_strdup (neighbour != NULL ? rt_neighbour_get_address (neighbour) : _("Not in the cache any more"));
}

/* A leaf: its place, its key, and where it can be reached. */
static GtkWidget *
create_leaf_row (gpointer item,
                 gpointer data)
{
  RtLeaf *leaf = item;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *position = gtk_label_new (rt_leaf_get_position_text (leaf));
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");
  g_autoptr (GtkExpression) neighbour = NULL;
  GtkExpression *subtitle;

  gtk_widget_add_css_class (position, "numeric");
  gtk_widget_add_css_class (position, "dimmed");
  gtk_label_set_width_chars (GTK_LABEL (position), 2);
  gtk_label_set_xalign (GTK_LABEL (position), 1);
  gtk_widget_add_css_class (arrow, "dimmed");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), rt_leaf_get_key_short (leaf));
  gtk_widget_set_tooltip_text (row, rt_leaf_get_key_text (leaf));
  gtk_widget_add_css_class (row, "numeric");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), position);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);

  neighbour = gtk_property_expression_new (RT_TYPE_LEAF, NULL, "neighbour");
  subtitle = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 1, (GtkExpression *[]) { g_steal_pointer (&neighbour) },
                                          G_CALLBACK (leaf_subtitle_closure), NULL, NULL);
  gtk_expression_bind (subtitle, row, "subtitle", leaf);

  g_object_set_data_full (G_OBJECT (row), "leaf", g_object_ref (leaf), g_object_unref);

  return row;
}

/* Jumps to the neighbour that is the leaf. */
static void
leaf_activated_cb (RtKeyDetailsDialog *self,
                   GtkListBoxRow      *row)
{
  RtLeaf *leaf = g_object_get_data (G_OBJECT (row), "leaf");
  g_autofree char *key_text = g_strdup (rt_leaf_get_key_text (leaf));
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  adw_dialog_close (ADW_DIALOG (self));
  gtk_widget_activate_action (window, "win.show-page", "s", "neighbours");
  gtk_widget_activate_action (window, "win.select-neighbour", "s", key_text);
}

static void
rename_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  rt_key_actions_rename (widget, RT_KEY_DETAILS_DIALOG (widget)->registration);
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  rt_key_actions_copy_key (widget, RT_KEY_DETAILS_DIALOG (widget)->registration);
}

static void
copy_payload_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  RtKeyDetailsDialog *self = RT_KEY_DETAILS_DIALOG (widget);
  g_autofree char *text = payload_closure (self, rt_registration_get_payload (self->registration));

  gtk_widget_activate_action (widget, "win.copy-text", "s", text);
}

static void
change_payload_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  RtKeyDetailsDialog *self = RT_KEY_DETAILS_DIALOG (widget);

  rt_key_actions_change_payload (widget, self->node, self->registration);
}

static void
unregister_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  RtKeyDetailsDialog *self = RT_KEY_DETAILS_DIALOG (widget);

  rt_key_actions_unregister (widget, self->node, self->registration);
  adw_dialog_close (ADW_DIALOG (self));
}

static void
show_certificate_action (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  RtKeyDetailsDialog *self = RT_KEY_DETAILS_DIALOG (widget);

  adw_dialog_present (rt_certificate_dialog_new_for_file (rt_registration_get_certificate (self->registration),
                                                          rt_node_get_settings (self->node)), widget);
}

/* The certificate the key derives from: whose it is, and until when it proves the key. */
static void
update_certificate (RtKeyDetailsDialog *self)
{
  RtCertificateFile *file = rt_registration_get_certificate (self->registration);
  PCCERT_CONTEXT certificate = file != NULL ? rt_certificate_file_get_certificate (file) : NULL;
  g_autoptr (DrtCertificateInfo) info = certificate != NULL ? drt_certificate_get_info (certificate) : NULL;
  g_autofree char *validity = NULL;
  g_autofree char *subtitle = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->certificate_row), file != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "key.show-certificate", file != NULL);
  if (file == NULL)
    return;
  if (info != NULL)
    {
      validity = rt_validity_describe (info->not_after, g_get_real_time () / G_USEC_PER_SEC);
      subtitle = g_strdup_printf ("%s\n%s", info->subject, validity);
    }
  else
    subtitle = g_strdup (rt_certificate_file_is_locked (file) ? _("Locked by a passphrase")
                                                              : rt_certificate_file_get_error (file)->message);
  adw_action_row_set_subtitle (self->certificate_row, subtitle);
}

static void
rt_key_details_dialog_constructed (GObject *object)
{
  RtKeyDetailsDialog *self = RT_KEY_DETAILS_DIALOG (object);

  G_OBJECT_CLASS (rt_key_details_dialog_parent_class)->constructed (object);

  gtk_list_box_bind_model (self->above_list, self->above, create_leaf_row, NULL, NULL);
  gtk_list_box_bind_model (self->below_list, self->below, create_leaf_row, NULL, NULL);
  g_signal_connect_object (self->registration, "notify::state", G_CALLBACK (update_look), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->registration, "notify::expires", G_CALLBACK (update_certificate), self, G_CONNECT_SWAPPED);
  update_look (self);
  update_certificate (self);
}

static void
rt_key_details_dialog_dispose (GObject *object)
{
  RtKeyDetailsDialog *self = RT_KEY_DETAILS_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_KEY_DETAILS_DIALOG);
  g_clear_object (&self->node);
  g_clear_object (&self->registration);

  G_OBJECT_CLASS (rt_key_details_dialog_parent_class)->dispose (object);
}

static void
rt_key_details_dialog_get_property (GObject    *object,
                                    guint       property_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  RtKeyDetailsDialog *self = RT_KEY_DETAILS_DIALOG (object);

  switch (property_id)
    {
    case PROP_NODE:
      g_value_set_object (value, self->node);
      break;
    case PROP_REGISTRATION:
      g_value_set_object (value, self->registration);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_key_details_dialog_set_property (GObject      *object,
                                    guint         property_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  RtKeyDetailsDialog *self = RT_KEY_DETAILS_DIALOG (object);

  switch (property_id)
    {
    case PROP_NODE:
      self->node = g_value_dup_object (value);
      break;
    case PROP_REGISTRATION:
      self->registration = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_key_details_dialog_class_init (RtKeyDetailsDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = rt_key_details_dialog_constructed;
  object_class->dispose = rt_key_details_dialog_dispose;
  object_class->get_property = rt_key_details_dialog_get_property;
  object_class->set_property = rt_key_details_dialog_set_property;

  properties[PROP_NODE] =
    g_param_spec_object ("node", NULL, NULL, RT_TYPE_NODE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_REGISTRATION] =
    g_param_spec_object ("registration", NULL, NULL, RT_TYPE_REGISTRATION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (RT_TYPE_LEAF);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/dialogs/rt-key-details-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RtKeyDetailsDialog, state_icon);
  gtk_widget_class_bind_template_child (widget_class, RtKeyDetailsDialog, key_row);
  gtk_widget_class_bind_template_child (widget_class, RtKeyDetailsDialog, certificate_row);
  gtk_widget_class_bind_template_child (widget_class, RtKeyDetailsDialog, payload_row);
  gtk_widget_class_bind_template_child (widget_class, RtKeyDetailsDialog, above_list);
  gtk_widget_class_bind_template_child (widget_class, RtKeyDetailsDialog, below_list);
  gtk_widget_class_bind_template_child (widget_class, RtKeyDetailsDialog, above);
  gtk_widget_class_bind_template_child (widget_class, RtKeyDetailsDialog, below);
  gtk_widget_class_bind_template_callback (widget_class, title_closure);
  gtk_widget_class_bind_template_callback (widget_class, name_closure);
  gtk_widget_class_bind_template_callback (widget_class, state_title_closure);
  gtk_widget_class_bind_template_callback (widget_class, state_subtitle_closure);
  gtk_widget_class_bind_template_callback (widget_class, payload_title_closure);
  gtk_widget_class_bind_template_callback (widget_class, payload_closure);
  gtk_widget_class_bind_template_callback (widget_class, is_above_closure);
  gtk_widget_class_bind_template_callback (widget_class, leaf_activated_cb);

  gtk_widget_class_install_action (widget_class, "key.rename", NULL, rename_action);
  gtk_widget_class_install_action (widget_class, "key.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "key.copy-payload", NULL, copy_payload_action);
  gtk_widget_class_install_action (widget_class, "key.change-payload", NULL, change_payload_action);
  gtk_widget_class_install_action (widget_class, "key.show-certificate", NULL, show_certificate_action);
  gtk_widget_class_install_action (widget_class, "key.unregister", NULL, unregister_action);
}

static void
rt_key_details_dialog_init (RtKeyDetailsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  rt_action_row_forbid_hyphens (self->key_row);
  rt_action_row_forbid_hyphens (self->payload_row);
}

/**
 * rt_key_details_dialog_new:
 * @node: the node
 * @registration: a key of it
 *
 * Returns: (transfer floating): the dialog, to be presented
 */
AdwDialog *
rt_key_details_dialog_new (RtNode         *node,
                           RtRegistration *registration)
{
  return g_object_new (RT_TYPE_KEY_DETAILS_DIALOG, "node", node, "registration", registration, NULL);
}
