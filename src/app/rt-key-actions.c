/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-key-actions.h"
#include "rt-key-details-dialog.h"
#include "rt-payload-dialog.h"
#include "rt-window.h"

#define UNDO_SECONDS 8

/* A key that was unregistered, to be registered again. */
typedef struct
{
  RtNode *node;
  DrtKey key;
  GBytes *payload;
  char *name;
  RtCertificateFile *certificate;   /* NULL: a key that derives from none */
  GWeakRef window;
} Undo;

static void
undo_free (gpointer data,
           GClosure *closure)
{
  Undo *undo = data;

  g_object_unref (undo->node);
  g_bytes_unref (undo->payload);
  g_free (undo->name);
  g_clear_object (&undo->certificate);
  g_weak_ref_clear (&undo->window);
  g_free (undo);
}

static void
undo_cb (AdwToast *toast,
         gpointer  data)
{
  Undo *undo = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RtWindow) window = NULL;

  RtRegistration *registration;

  registration = undo->certificate != NULL
    ? rt_node_register_certificate (undo->node, undo->certificate, undo->payload, undo->name, &error)
    : rt_node_register (undo->node, &undo->key, undo->payload, undo->name, &error);
  if (registration != NULL)
    return;

  window = g_weak_ref_get (&undo->window);
  if (window != NULL)
    rt_window_add_toast (window, adw_toast_new (error->message));
}

static RtWindow *
get_window (GtkWidget *origin)
{
  GtkRoot *root = gtk_widget_get_root (origin);

  return RT_IS_WINDOW (root) ? RT_WINDOW (root) : NULL;
}

void
rt_key_actions_show_details (GtkWidget      *origin,
                             RtNode         *node,
                             RtRegistration *registration)
{
  adw_dialog_present (rt_key_details_dialog_new (node, registration), origin);
}

void
rt_key_actions_change_payload (GtkWidget      *origin,
                               RtNode         *node,
                               RtRegistration *registration)
{
  adw_dialog_present (rt_payload_dialog_new (node, registration), origin);
}

static void
rename_response_cb (AdwAlertDialog *dialog,
                    const char     *response,
                    gpointer        data)
{
  GtkEditable *entry = GTK_EDITABLE (data);
  RtRegistration *registration = g_object_get_data (G_OBJECT (dialog), "registration");
  g_autofree char *name = NULL;

  if (g_strcmp0 (response, "rename") != 0)
    return;

  name = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  rt_registration_set_name (registration, *name != '\0' ? name : NULL);
}

/**
 * rt_key_actions_rename:
 * @origin: where it is asked for
 * @registration: a key of ours
 *
 * Asks for a name.  It is the person's own, and told to nobody.
 */
void
rt_key_actions_rename (GtkWidget      *origin,
                       RtRegistration *registration)
{
  AdwAlertDialog *dialog;
  GtkWidget *list, *entry;
  const char *name = rt_registration_get_name (registration);

  dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (_("Rename Key"),
                                                   _("The name is yours: other nodes do not learn it.")));
  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"), "rename", _("_Rename"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "rename", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (dialog, "rename");
  adw_alert_dialog_set_close_response (dialog, "cancel");

  entry = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _("Name"));
  adw_entry_row_set_max_length (ADW_ENTRY_ROW (entry), 64);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (entry), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (entry), name != NULL ? name : "");

  list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name"), -1);
  gtk_list_box_append (GTK_LIST_BOX (list), entry);
  adw_alert_dialog_set_extra_child (dialog, list);
  adw_dialog_set_focus (ADW_DIALOG (dialog), entry);

  g_object_set_data_full (G_OBJECT (dialog), "registration", g_object_ref (registration), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (rename_response_cb), entry, G_CONNECT_DEFAULT);

  adw_dialog_present (ADW_DIALOG (dialog), origin);
}

void
rt_key_actions_copy_key (GtkWidget      *origin,
                         RtRegistration *registration)
{
  gtk_widget_activate_action (origin, "win.copy-text", "s", rt_registration_get_key_text (registration));
}

/**
 * rt_key_actions_unregister:
 * @origin: where it is asked for
 * @node: the node
 * @registration: a key of it
 *
 * Unregisters at once, so that what is shown is true, and offers to undo it:
 * that registers the same key with the same payload and name.
 */
void
rt_key_actions_unregister (GtkWidget      *origin,
                           RtNode         *node,
                           RtRegistration *registration)
{
  RtWindow *window = get_window (origin);
  g_autofree char *title = g_markup_escape_text (rt_registration_get_title (registration), -1);
  AdwToast *toast = NULL;
  Undo *undo;

  if (window != NULL)
    {
      undo = g_new0 (Undo, 1);
      undo->node = g_object_ref (node);
      undo->key = *rt_registration_get_key (registration);
      undo->payload = g_bytes_ref (rt_registration_get_payload (registration));
      undo->name = g_strdup (rt_registration_get_name (registration));
      g_set_object (&undo->certificate, rt_registration_get_certificate (registration));
      g_weak_ref_init (&undo->window, window);

      /* Translators: the name of a key, or its first and last digits */
      toast = adw_toast_new_format (_("Unregistered “%s”"), title);
      adw_toast_set_button_label (toast, _("_Undo"));
      adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
      adw_toast_set_timeout (toast, UNDO_SECONDS);
      g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), undo, undo_free, G_CONNECT_DEFAULT);
    }

  rt_node_unregister (node, registration);

  if (toast != NULL)
    rt_window_add_toast (window, toast);
}
