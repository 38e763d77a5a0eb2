/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-certificate-page.h"

#include <glib/gi18n.h>

#include "rt-fact-row.h"
#include "rt-validity.h"
#include "rt-verdict-row.h"

struct _RtCertificatePage
{
  AdwNavigationPage parent_instance;

  RtCertificate *certificate;
  GtkListBox *verdicts;
  AdwPreferencesGroup *whose;
  AdwPreferencesGroup *validity;
  AdwPreferencesGroup *key;
  AdwPreferencesGroup *identity;
};

G_DEFINE_FINAL_TYPE (RtCertificatePage, rt_certificate_page, ADW_TYPE_NAVIGATION_PAGE)

/* value: (nullable): not shown then */
static RtFactRow *
add (AdwPreferencesGroup *group, const char *title, const char *value)
{
  GtkWidget *row;

  if (value == NULL || *value == '\0')
    return NULL;
  row = rt_fact_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  rt_fact_row_set_value (RT_FACT_ROW (row), value);
  adw_preferences_group_add (group, row);
  return RT_FACT_ROW (row);
}

static void
add_monospace (AdwPreferencesGroup *group, const char *title, const char *value)
{
  RtFactRow *row = add (group, title, value);

  if (row != NULL)
    rt_fact_row_set_monospace (row, TRUE);
}

static void
show_names (RtCertificatePage *self, const DrtCertificateInfo *info)
{
  add (self->whose, _("Subject"), info->subject_full);
  add (self->whose, _("Issuer"), info->is_self_signed ? _("Itself") : info->issuer_full);
  add_monospace (self->whose, _("Serial Number"), info->serial);
}

static void
show_validity (RtCertificatePage *self, const DrtCertificateInfo *info)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *from = rt_validity_moment (info->not_before, now);
  g_autofree char *until = rt_validity_moment (info->not_after, now);

  add (self->validity, _("From"), from);
  add (self->validity, _("Until"), until);
}

static char *
dup_authority (const DrtCertificateInfo *info)
{
  if (!info->is_authority)
    return g_strdup (_("No"));
  if (info->path_length < 0)
    return g_strdup (_("Yes, and for authorities beneath it"));
  if (info->path_length == 0)
    return g_strdup (_("Yes, for members only"));
  return g_strdup_printf (ngettext ("Yes, with at most %d authority beneath it", "Yes, with at most %d authorities beneath it",
                                    (gulong) info->path_length), info->path_length);
}

static void
show_key (RtCertificatePage *self, const DrtCertificateInfo *info)
{
  g_autofree char *authority = dup_authority (info);
  gboolean has_key = drt_certificate_has_private_key (rt_certificate_get_context (self->certificate));

  add (self->key, _("Algorithm"), info->key_name);
  add (self->key, _("Signed With"), info->signature_name);
  add (self->key, _("May Be Used For"), info->key_usage != NULL ? info->key_usage : _("Anything: nothing is said about it"));
  add (self->key, _("May Sign for Others"), authority);
  add (self->key, _("Security Profile"), rt_profile_to_string (info->profile));
  add (self->key, _("Private Key"), has_key ? _("Came with it") : _("Is not here"));
}

static void
show_identity (RtCertificatePage *self, const DrtCertificateInfo *info)
{
  g_autofree char *shown = rt_certificate_dup_fingerprint (self->certificate);
  g_autofree char *derived = info->profile != DRT_PROFILE_NONE ? drt_key_to_string (&info->key) : NULL;
  RtFactRow *row = add (self->identity, _("Fingerprint (SHA-256)"), info->fingerprint);

  if (row != NULL)
    {
      rt_fact_row_set_monospace (row, TRUE);
      rt_fact_row_show_as (row, shown);
    }
  add_monospace (self->identity, _("Key Derived from It"), derived);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *pem = rt_certificate_dup_pem (RT_CERTIFICATE_PAGE (widget)->certificate, NULL);

  if (pem != NULL)
    gtk_widget_activate_action (widget, "win.copy-text", "s", pem);
}

static void
tell_failure (GtkWidget *widget, const GError *error)
{
  AdwDialog *dialog = adw_alert_dialog_new (_("The Certificate Was Not Saved"), error->message);

  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _("_Close"));
  adw_dialog_present (dialog, widget);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GtkWidget) widget = data;
  g_autoptr(GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    gtk_widget_activate_action (widget, "win.toast", "s", _("Certificate saved"));
  else if (gtk_widget_get_root (widget) != NULL)
    tell_failure (widget, error);
}

static void
save_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(RtCertificatePage) self = data;
  g_autoptr(GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *pem = rt_certificate_dup_pem (self->certificate, &error);
  g_autoptr(GBytes) bytes = NULL;

  if (file == NULL)
    return;
  if (pem == NULL)
    {
      tell_failure (GTK_WIDGET (self), error);
      return;
    }
  bytes = g_bytes_new (pem, strlen (pem));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL, written_cb,
                                       g_object_ref (self));
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtCertificatePage *self = RT_CERTIFICATE_PAGE (widget);
  const DrtCertificateInfo *info = rt_certificate_get_info (self->certificate);
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autofree char *file_name = g_strdup_printf ("%s.pem", info->subject);
  GtkRoot *root = gtk_widget_get_root (widget);

  g_strdelimit (file_name, "/\\:\n", '-');
  gtk_file_dialog_set_title (dialog, _("Save Certificate"));
  gtk_file_dialog_set_initial_name (dialog, file_name);
  gtk_file_dialog_save (dialog, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, save_cb, g_object_ref (self));
}

static GtkWidget *
create_verdict_row (gpointer item, gpointer data)
{
  return rt_verdict_row_new (RT_VERDICT (item));
}

static void
rt_certificate_page_dispose (GObject *object)
{
  RtCertificatePage *self = RT_CERTIFICATE_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_CERTIFICATE_PAGE);
  g_clear_object (&self->certificate);
  G_OBJECT_CLASS (rt_certificate_page_parent_class)->dispose (object);
}

static void
rt_certificate_page_class_init (RtCertificatePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_certificate_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/dialogs/rt-certificate-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, RtCertificatePage, name)
  BIND (verdicts);
  BIND (whose);
  BIND (validity);
  BIND (key);
  BIND (identity);
#undef BIND
  gtk_widget_class_install_action (widget_class, "certificate.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "certificate.save", NULL, save_action);
}

static void
rt_certificate_page_init (RtCertificatePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/** rt_certificate_page_new: (transfer floating): to be pushed */
AdwNavigationPage *
rt_certificate_page_new (RtCertificate *certificate)
{
  RtCertificatePage *self = g_object_new (RT_TYPE_CERTIFICATE_PAGE, NULL);
  const DrtCertificateInfo *info = rt_certificate_get_info (certificate);
  GListModel *verdicts = rt_certificate_get_verdicts (certificate);

  self->certificate = g_object_ref (certificate);
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), info->subject);
  gtk_list_box_bind_model (self->verdicts, verdicts, create_verdict_row, NULL, NULL);
  gtk_widget_set_visible (gtk_widget_get_ancestor (GTK_WIDGET (self->verdicts), ADW_TYPE_PREFERENCES_GROUP),
                          g_list_model_get_n_items (verdicts) > 0);
  show_names (self, info);
  show_validity (self, info);
  show_key (self, info);
  show_identity (self, info);
  return ADW_NAVIGATION_PAGE (self);
}
