/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-certificate-file-row.h"

#include <glib/gi18n.h>

#include "rt-certificate-dialog.h"
#include "rt-state-look.h"
#include "rt-unlock.h"
#include "rt-verdict-row.h"

struct _RtCertificateFileRow
{
  AdwActionRow parent_instance;

  GtkWidget *icon;
  GtkWidget *choose;
  GtkWidget *remove;
  RtMeshSettings *settings;
  RtMeshFile which;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (RtCertificateFileRow, rt_certificate_file_row, ADW_TYPE_ACTION_ROW)

static RtCertificateFile *
get_file (RtCertificateFileRow *self)
{
  return rt_mesh_settings_get_file (self->settings, self->which);
}

static RtChain *
create_chain (RtCertificateFileRow *self, RtCertificateFile *file)
{
  return self->which == RT_MESH_ROOT ? rt_chain_new_for_root (file) : rt_chain_new_for_file (file, self->settings);
}

static char *
describe_list (RtCertificateFile *file, RtTrust *trust)
{
  DrtRevokeList *list = rt_certificate_file_get_revoke_list (file);
  guint size;

  if (list == NULL)
    return g_strdup (_("Cannot be read"));
  *trust = RT_TRUST_GOOD;
  size = drt_revoke_list_get_size (list);
  return g_strdup_printf (ngettext ("%u certificate was taken back", "%u certificates were taken back", size), size);
}

static char *
describe_certificate (RtCertificateFileRow *self, RtCertificateFile *file, RtTrust *trust)
{
  PCCERT_CONTEXT context = rt_certificate_file_get_certificate (file);
  g_autoptr(RtCertificate) certificate = NULL;
  g_autoptr(RtChain) chain = NULL;
  g_autofree char *validity = NULL;

  if (context == NULL)
    {
      *trust = rt_certificate_file_is_locked (file) ? RT_TRUST_WARNING : RT_TRUST_BAD;
      return g_strdup (rt_certificate_file_is_locked (file) ? _("Locked by a passphrase") : _("Cannot be read"));
    }
  certificate = rt_certificate_new (context);
  chain = create_chain (self, file);
  *trust = rt_chain_get_trust (chain);
  validity = rt_certificate_dup_validity (certificate, g_get_real_time () / G_USEC_PER_SEC);
  /* Translators: whose certificate; then whether it is good and until when: “Good · Valid until 3 March 2027” */
  return g_strdup_printf (_("%s\n%s · %s"), rt_certificate_get_info (certificate)->subject, rt_trust_to_string (*trust), validity);
}

static void
update (RtCertificateFileRow *self)
{
  RtCertificateFile *file = get_file (self);
  g_autofree char *words = NULL;
  g_autofree char *subtitle = NULL;
  RtTrust trust = RT_TRUST_BAD;

  gtk_widget_set_visible (self->remove, file != NULL);
  if (file == NULL)
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self), _("None chosen"));
      rt_image_set_look (GTK_IMAGE (self->icon), "rt-certificate-symbolic", "dimmed");
      return;
    }
  if (self->which == RT_MESH_REVOKED)
    words = describe_list (file, &trust);
  else
    words = describe_certificate (self, file, &trust);
  subtitle = g_strdup_printf ("%s\n%s", rt_certificate_file_get_name (file), words);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  rt_image_set_look (GTK_IMAGE (self->icon), rt_trust_to_icon (trust), rt_trust_to_style (trust));
}

static void
tell_failure (RtCertificateFileRow *self, const GError *error)
{
  AdwDialog *dialog = adw_alert_dialog_new (_("The File Cannot Be Used"), error->message);

  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _("_Close"));
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(RtCertificateFileRow) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(RtCertificateFile) file = rt_choose_certificate_finish (result, &error);

  if (file != NULL && self->settings != NULL)
    rt_mesh_settings_set_file (self->settings, self->which, file);
  else if (error != NULL && error->domain == G_IO_ERROR && error->code != G_IO_ERROR_CANCELLED)
    tell_failure (self, error);
}

static const char *
get_chooser_title (RtMeshFile which)
{
  switch (which)
    {
    case RT_MESH_ROOT:  return _("Choose Root Certificate");
    case RT_MESH_LOCAL: return _("Choose Certificate of This Node");
    case RT_MESH_REVOKED:
    case RT_MESH_N_FILES:
    default:            return _("Choose Revoke List");
    }
}

static void
choose (RtCertificateFileRow *self)
{
  rt_choose_certificate_async (GTK_WIDGET (self), get_chooser_title (self->which),
                               self->which == RT_MESH_REVOKED ? RT_CERTIFICATE_FILE_REVOKE_LIST : RT_CERTIFICATE_FILE_CERTIFICATE,
                               self->cancellable, chosen_cb, g_object_ref (self));
}

static void
remove_cb (RtCertificateFileRow *self)
{
  rt_mesh_settings_set_file (self->settings, self->which, NULL);
  gtk_widget_grab_focus (self->choose);
}

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(RtCertificateFileRow) self = data;
  static const char *const properties[] = { "root-certificate", "local-certificate", "revoke-list" };

  /* The same path, and yet another value. */
  if (rt_unlock_finish (RT_CERTIFICATE_FILE (source), result, NULL) && self->settings != NULL)
    g_object_notify (G_OBJECT (self->settings), properties[self->which]);
}

void
rt_certificate_file_row_unlock (RtCertificateFileRow *self)
{
  g_return_if_fail (RT_IS_CERTIFICATE_FILE_ROW (self));

  if (get_file (self) != NULL)
    rt_unlock_async (GTK_WIDGET (self), get_file (self), self->cancellable, unlocked_cb, g_object_ref (self));
}

void
rt_certificate_file_row_show (RtCertificateFileRow *self)
{
  g_autoptr(RtChain) chain = NULL;

  g_return_if_fail (RT_IS_CERTIFICATE_FILE_ROW (self));

  if (get_file (self) == NULL)
    return;
  chain = create_chain (self, get_file (self));
  adw_dialog_present (rt_certificate_dialog_new (chain), GTK_WIDGET (self));
}

static void
activated_cb (RtCertificateFileRow *self)
{
  if (get_file (self) == NULL || self->which == RT_MESH_REVOKED)
    choose (self);
  else if (rt_certificate_file_is_locked (get_file (self)))
    rt_certificate_file_row_unlock (self);
  else
    rt_certificate_file_row_show (self);
}

static void
rt_certificate_file_row_dispose (GObject *object)
{
  RtCertificateFileRow *self = RT_CERTIFICATE_FILE_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (rt_certificate_file_row_parent_class)->dispose (object);
}

static void
rt_certificate_file_row_class_init (RtCertificateFileRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rt_certificate_file_row_dispose;
}

static GtkWidget *
add_button (RtCertificateFileRow *self, const char *icon, const char *tooltip, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_swapped (button, "clicked", clicked, self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), button);
  return button;
}

static void
rt_certificate_file_row_init (RtCertificateFileRow *self)
{
  self->cancellable = g_cancellable_new ();
  self->icon = gtk_image_new ();
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), self->icon);
  self->choose = add_button (self, "document-open-symbolic", _("Choose…"), G_CALLBACK (choose));
  self->remove = add_button (self, "user-trash-symbolic", _("Remove"), G_CALLBACK (remove_cb));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
  g_signal_connect (self, "activated", G_CALLBACK (activated_cb), NULL);
}

/* A button that is called "Choose…" like two others tells nothing to who only hears it. */
static void
name_button (RtCertificateFileRow *self, GtkWidget *button)
{
  g_autofree char *name = g_strdup_printf ("%s %s", gtk_widget_get_tooltip_text (button),
                                           adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)));

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
rt_certificate_file_row_set_settings (RtCertificateFileRow *self, RtMeshSettings *settings, RtMeshFile which)
{
  g_return_if_fail (RT_IS_CERTIFICATE_FILE_ROW (self));
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  self->which = which;
  name_button (self, self->choose);
  name_button (self, self->remove);
  /* Every one: whether a certificate is good depends on the root and the revoke list. */
  g_signal_connect_object (settings, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
