/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-unlock.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "rt-passphrase.h"

/* Characters of a file's name in a sentence. */
#define SHORT_NAME 28

typedef struct
{
  GtkWidget *parent;
  RtCertificateFile *file;
  GtkEditable *entry;         /* borrowed: of the dialog that asks */
  AdwSwitchRow *keep;         /* borrowed: as well */
  gboolean may_keep;          /* there is a keyring */
  gboolean wants_keep;
} Unlock;

static void ask (GTask *task, gboolean again);

static void
unlock_free (gpointer data)
{
  Unlock *unlock = data;

  g_object_unref (unlock->parent);
  g_object_unref (unlock->file);
  g_free (unlock);
}

/* The file is open all the same. */
static void
stored_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GtkWidget) parent = data;
  g_autoptr(GError) error = NULL;
  AdwDialog *dialog;

  if (rt_passphrase_store_finish (result, &error) || gtk_widget_get_root (parent) == NULL)
    return;
  dialog = adw_alert_dialog_new (_("The Passphrase Was Not Kept"), NULL);
  adw_alert_dialog_format_body (ADW_ALERT_DIALOG (dialog),
                                _("The keyring of this desktop did not take it (%s). The file stays unlocked until Roundtable ends; "
                                  "the passphrase is asked for at the next start."), error->message);
  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _("_Close"));
  adw_dialog_present (dialog, parent);
}

static void
keep (Unlock *unlock, const char *passphrase)
{
  if (unlock->wants_keep)
    rt_passphrase_store_async (rt_certificate_file_get_id (unlock->file), rt_certificate_file_get_name (unlock->file),
                               passphrase, NULL, stored_cb, g_object_ref (unlock->parent));
}

static void
tried_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GTask) task = data;
  Unlock *unlock = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (rt_certificate_file_unlock_finish (unlock->file, result, &error))
    {
      keep (unlock, g_object_get_data (G_OBJECT (task), "passphrase"));
      g_task_return_boolean (task, TRUE);
    }
  else if (g_error_matches (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE)
           || g_error_matches (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED))
    ask (task, unlock->entry != NULL);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* passphrase: (transfer full) */
static void
try (GTask *task, char *passphrase)
{
  Unlock *unlock = g_task_get_task_data (task);

  rt_certificate_file_unlock_async (unlock->file, passphrase, g_task_get_cancellable (task), tried_cb, g_object_ref (task));
  g_object_set_data_full (G_OBJECT (task), "passphrase", passphrase, (GDestroyNotify) drt_secret_free);
}

static void
response_cb (AdwAlertDialog *dialog, const char *response, gpointer data)
{
  GTask *task = data;
  Unlock *unlock = g_task_get_task_data (task);

  if (!g_str_equal (response, "unlock"))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The passphrase was not given"));
      return;
    }
  unlock->wants_keep = adw_switch_row_get_active (unlock->keep);
  try (task, g_strdup (gtk_editable_get_text (unlock->entry)));
}

static GtkWidget *
create_fields (Unlock *unlock, gboolean again)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *entry = adw_password_entry_row_new ();
  GtkWidget *keep_row = adw_switch_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _("Passphrase"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (entry), TRUE);
  if (again)
    {
      gtk_widget_add_css_class (entry, "error");
      gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE, -1);
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (keep_row), _("Keep in the Keyring"));
  adw_switch_row_set_active (ADW_SWITCH_ROW (keep_row), unlock->wants_keep);
  gtk_widget_set_sensitive (keep_row, unlock->may_keep);
  if (!unlock->may_keep)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (keep_row), _("There is no keyring here: you are asked again at the next start"));

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Passphrase"), -1);
  gtk_list_box_append (GTK_LIST_BOX (list), entry);
  gtk_list_box_append (GTK_LIST_BOX (list), keep_row);
  unlock->entry = GTK_EDITABLE (entry);
  unlock->keep = ADW_SWITCH_ROW (keep_row);
  return list;
}

/* A name without a place to break it would make the dialog wider than a telephone. */
static char *
dup_short_name (RtCertificateFile *file)
{
  const char *name = rt_certificate_file_get_name (file);
  glong length = g_utf8_strlen (name, -1);
  g_autofree char *begin = g_utf8_substring (name, 0, MIN (length, SHORT_NAME / 2));
  g_autofree char *end = g_utf8_substring (name, MAX (length - SHORT_NAME / 2, 0), length);

  return length <= SHORT_NAME ? g_strdup (name) : g_strdup_printf ("%s…%s", begin, end);
}

static void
ask (GTask *task, gboolean again)
{
  Unlock *unlock = g_task_get_task_data (task);
  g_autofree char *name = dup_short_name (unlock->file);
  AdwDialog *dialog = adw_alert_dialog_new (NULL, NULL);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);

  adw_alert_dialog_set_heading (alert, _("Unlock the Certificate"));
  adw_alert_dialog_format_body (alert, again ? _("That was not the passphrase of “%s”. Try it again.")
                                             : _("What is in “%s” is protected by a passphrase."), name);
  adw_alert_dialog_add_responses (alert, "cancel", _("_Cancel"), "unlock", _("_Unlock"), NULL);
  adw_alert_dialog_set_response_appearance (alert, "unlock", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (alert, "unlock");
  adw_alert_dialog_set_close_response (alert, "cancel");
  adw_alert_dialog_set_extra_child (alert, create_fields (unlock, again));
  adw_dialog_set_focus (dialog, GTK_WIDGET (unlock->entry));
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), g_object_ref (task),
                         (GClosureNotify) (void (*) (void)) g_object_unref, G_CONNECT_DEFAULT);
  adw_dialog_present (dialog, unlock->parent);
}

/* A keyring that does not answer is told of only when it is to keep something. */
static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GTask) task = data;
  Unlock *unlock = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  char *passphrase = rt_passphrase_lookup_finish (result, &error);

  unlock->may_keep = error == NULL;
  if (error != NULL)
    g_debug ("The keyring cannot be used: %s", error->message);
  if (passphrase != NULL)
    try (task, passphrase);
  else
    ask (task, FALSE);
}

void
rt_unlock_async (GtkWidget *parent, RtCertificateFile *file, GCancellable *cancellable,
                 GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new (file, cancellable, callback, data);
  Unlock *unlock = g_new0 (Unlock, 1);

  unlock->parent = g_object_ref (parent);
  unlock->file = g_object_ref (file);
  g_task_set_source_tag (task, rt_unlock_async);
  g_task_set_task_data (task, unlock, unlock_free);
  if (rt_certificate_file_is_locked (file))
    rt_passphrase_lookup_async (rt_certificate_file_get_id (file), cancellable, looked_up_cb, g_object_ref (task));
  else
    g_task_return_boolean (task, TRUE);
}

gboolean
rt_unlock_finish (RtCertificateFile *file, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, file), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Whoever does not unlock it gets it as it is. */
static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GTask) task = data;
  RtCertificateFile *file = RT_CERTIFICATE_FILE (source);

  rt_unlock_finish (file, result, NULL);
  g_task_return_pointer (task, g_object_ref (file), g_object_unref);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GTask) task = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(RtCertificateFile) file = rt_certificate_file_load_finish (result, &error);

  if (file == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    rt_unlock_async (GTK_WIDGET (g_task_get_source_object (task)), file, g_task_get_cancellable (task), unlocked_cb,
                     g_object_ref (task));
}

void
rt_open_certificate_async (GtkWidget *parent, const char *path, RtCertificateFileKind kind,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (parent, cancellable, callback, data);

  g_task_set_source_tag (task, rt_open_certificate_async);
  rt_certificate_file_load_async (path, kind, cancellable, loaded_cb, task);
}

RtCertificateFile *
rt_open_certificate_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GTask) task = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, &error);
  const char *path = file != NULL ? g_file_peek_path (file) : NULL;

  if (file == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (path == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                             _("This file is not on this computer: copy it here first"));
  else
    rt_certificate_file_load_async (path, (RtCertificateFileKind) GPOINTER_TO_INT (g_task_get_task_data (task)),
                                    g_task_get_cancellable (task), loaded_cb, g_object_ref (task));
}

static GListModel *
create_filters (RtCertificateFileKind kind)
{
  static const char *const certificates[] = { "pem", "crt", "cer", "der", "p12", "pfx", "p7b", "p7c" };
  static const char *const lists[] = { "pem", "crl" };
  const char *const *suffixes = kind == RT_CERTIFICATE_FILE_REVOKE_LIST ? lists : certificates;
  guint n_suffixes = kind == RT_CERTIFICATE_FILE_REVOKE_LIST ? G_N_ELEMENTS (lists) : G_N_ELEMENTS (certificates);
  GListStore *filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autoptr(GtkFileFilter) some = gtk_file_filter_new ();
  g_autoptr(GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (some, kind == RT_CERTIFICATE_FILE_REVOKE_LIST ? _("Revoke lists") : _("Certificates"));
  for (guint i = 0; i < n_suffixes; i++)
    gtk_file_filter_add_suffix (some, suffixes[i]);
  gtk_file_filter_set_name (all, _("All files"));
  gtk_file_filter_add_pattern (all, "*");
  g_list_store_append (filters, some);
  g_list_store_append (filters, all);
  return G_LIST_MODEL (filters);
}

void
rt_choose_certificate_async (GtkWidget *parent, const char *title, RtCertificateFileKind kind,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (parent, cancellable, callback, data);
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr(GListModel) filters = create_filters (kind);
  GtkRoot *root = gtk_widget_get_root (parent);

  g_task_set_source_tag (task, rt_choose_certificate_async);
  g_task_set_task_data (task, GINT_TO_POINTER (kind), NULL);
  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_filters (dialog, filters);
  gtk_file_dialog_open (dialog, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, cancellable, chosen_cb, task);
}

RtCertificateFile *
rt_choose_certificate_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
