/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-issue-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "rt-choose-file.h"
#include "rt-fact-row.h"
#include "rt-passphrase-group.h"
#include "rt-problem-row.h"

typedef enum
{
  FORMAT_PKCS12,
  FORMAT_PEM,
} Format;

struct _RtIssuePage
{
  AdwNavigationPage parent_instance;

  GtkWidget *spinner;
  AdwPreferencesPage *page;
  AdwPreferencesGroup *member_group;
  AdwEntryRow *name_row;
  AdwActionRow *whose_row;
  RtFactRow *key_row;
  AdwSpinRow *days_row;
  AdwComboRow *format_row;
  RtPassphraseGroup *passphrase_group;
  RtProblemRow *problem;

  RtAuthority *authority;
  char *request;             /* PEM; NULL: the key is made here */
  char *whose;               /* the name in it; NULL: it is no good */
  gboolean backup;
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (RtIssuePage, rt_issue_page, ADW_TYPE_NAVIGATION_PAGE)

static char *
dup_name (RtIssuePage *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
}

static gboolean
is_complete (RtIssuePage *self)
{
  g_autofree char *name = dup_name (self);

  if (self->busy || self->request != NULL)
    return !self->busy && self->whose != NULL;
  return (self->backup || *name != '\0') && rt_passphrase_group_get_passphrase (self->passphrase_group) != NULL;
}

static void
update_save (RtIssuePage *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "issue.save", is_complete (self));
}

static void
changed_cb (RtIssuePage *self)
{
  rt_problem_row_clear (self->problem);
  update_save (self);
}

/* Encrypting with a passphrase takes its time, so the file is written in a thread. */
typedef struct
{
  PCCERT_CONTEXT certificate;
  char *path;
  char *passphrase;          /* NULL: without private key */
  Format format;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  drt_certificate_unref (job->certificate);
  g_free (job->path);
  drt_secret_free (job->passphrase);
  g_free (job);
}

static gboolean
write_pkcs12 (const Job *job, GError **error)
{
  g_autoptr(GBytes) bytes = drt_certificate_to_pkcs12 (job->certificate, job->passphrase, error);
  gsize length;
  const void *data;

  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &length);
  return drt_secret_file_write (job->path, data, length, error);
}

static gboolean
write_pem (const Job *job, GError **error)
{
  DrtCertificateParts parts = DRT_CERTIFICATE_WITH_CHAIN | (job->passphrase != NULL ? DRT_CERTIFICATE_WITH_KEY : 0);
  char *text = drt_certificate_to_pem (job->certificate, parts, job->passphrase, error);
  gboolean written;

  if (text == NULL)
    return FALSE;
  written = job->passphrase != NULL
    ? drt_secret_file_write (job->path, text, strlen (text), error)
    : g_file_set_contents (job->path, text, -1, error);
  drt_secret_free (text);
  return written;
}

static void
job_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  GError *error = NULL;

  if (job->format == FORMAT_PKCS12 ? write_pkcs12 (job, &error) : write_pem (job, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
set_busy (RtIssuePage *self, gboolean busy)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  self->busy = busy;
  /* What is insensitive must not keep the focus. */
  if (busy && root != NULL)
    gtk_root_set_focus (root, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->page), !busy);
  gtk_widget_set_visible (self->spinner, busy);
  adw_navigation_page_set_can_pop (ADW_NAVIGATION_PAGE (self), !busy);
  changed_cb (self);
}

static void
show_problem (RtIssuePage *self, const GError *error)
{
  rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, S_OK, error->message);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), error->message, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  RtIssuePage *self = RT_ISSUE_PAGE (source);
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_NAVIGATION_VIEW);
  const Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  gboolean written = g_task_propagate_boolean (G_TASK (result), &error);

  if (!written && !self->backup)
    rt_authority_take_back (self->authority, job->certificate);
  if (view == NULL)
    return;
  set_busy (self, FALSE);
  if (!written)
    {
      show_problem (self, error);
      return;
    }
  rt_passphrase_group_clear (self->passphrase_group);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s",
                              self->backup ? _("Backup saved") : _("Certificate issued and saved"));
  adw_navigation_view_pop (ADW_NAVIGATION_VIEW (view));
}

/* certificate: (transfer full) */
static void
write_file (RtIssuePage *self, PCCERT_CONTEXT certificate, const char *path)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, written_cb, NULL);
  Job *job = g_new0 (Job, 1);

  job->certificate = certificate;
  job->path = g_strdup (path);
  job->format = FORMAT_PEM;
  if (self->request == NULL)
    {
      job->passphrase = g_strdup (rt_passphrase_group_get_passphrase (self->passphrase_group));
      job->format = self->backup ? FORMAT_PKCS12 : (Format) adw_combo_row_get_selected (self->format_row);
    }
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, job_thread);
  set_busy (self, TRUE);
}

static PCCERT_CONTEXT
issue (RtIssuePage *self, GError **error)
{
  g_autofree char *name = dup_name (self);
  guint days = (guint) adw_spin_row_get_value (self->days_row);

  if (self->backup)
    return drt_certificate_ref (rt_authority_get_unlocked (self->authority));
  if (self->request != NULL)
    return rt_authority_issue_request (self->authority, self->request, days, error);
  return rt_authority_issue (self->authority, name, days, error);
}

static void
save_cb (GtkWidget *origin, const char *path, gpointer data)
{
  RtIssuePage *self = RT_ISSUE_PAGE (origin);
  g_autoptr(GError) error = NULL;
  PCCERT_CONTEXT certificate;

  if (gtk_widget_get_root (origin) == NULL || rt_authority_get_locked (self->authority))
    return;
  certificate = issue (self, &error);
  if (certificate != NULL)
    write_file (self, certificate, path);
  else
    show_problem (self, error);
}

static char *
propose_name (RtIssuePage *self)
{
  g_autofree char *name = dup_name (self);

  if (self->backup)
    return rt_file_name (rt_authority_get_name (self->authority), "-backup.p12");
  if (self->request != NULL)
    return rt_file_name (self->whose, ".pem");
  return rt_file_name (name, adw_combo_row_get_selected (self->format_row) == FORMAT_PKCS12 ? ".p12" : ".pem");
}

static void
save (RtIssuePage *self)
{
  g_autofree char *name = propose_name (self);

  if (is_complete (self))
    rt_choose_file_to_save (GTK_WIDGET (self), self->backup ? _("Save Backup") : _("Save Certificate"), name, save_cb, NULL, NULL);
  else
    rt_passphrase_group_reveal_problem (self->passphrase_group);
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  save (RT_ISSUE_PAGE (widget));
}

static void
activated_cb (RtIssuePage *self)
{
  save (self);
}

static void
rt_issue_page_shown (AdwNavigationPage *page)
{
  RtIssuePage *self = RT_ISSUE_PAGE (page);

  if (self->backup)
    gtk_widget_grab_focus (GTK_WIDGET (self->passphrase_group));
  else
    gtk_widget_grab_focus (self->request != NULL ? GTK_WIDGET (self->days_row) : GTK_WIDGET (self->name_row));
}

static void
rt_issue_page_dispose (GObject *object)
{
  RtIssuePage *self = RT_ISSUE_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_ISSUE_PAGE);
  g_clear_object (&self->authority);
  g_clear_pointer (&self->request, g_free);
  g_clear_pointer (&self->whose, g_free);
  G_OBJECT_CLASS (rt_issue_page_parent_class)->dispose (object);
}

static void
rt_issue_page_class_init (RtIssuePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_issue_page_dispose;
  ADW_NAVIGATION_PAGE_CLASS (klass)->shown = rt_issue_page_shown;

  g_type_ensure (RT_TYPE_FACT_ROW);
  g_type_ensure (RT_TYPE_PASSPHRASE_GROUP);
  g_type_ensure (RT_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/authority/rt-issue-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, RtIssuePage, name)
  BIND (spinner);
  BIND (page);
  BIND (member_group);
  BIND (name_row);
  BIND (whose_row);
  BIND (key_row);
  BIND (days_row);
  BIND (format_row);
  BIND (passphrase_group);
  BIND (problem);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_install_action (widget_class, "issue.save", NULL, save_action);
}

static void
rt_issue_page_init (RtIssuePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static RtIssuePage *
page_new (RtAuthority *authority)
{
  RtIssuePage *self = g_object_new (RT_TYPE_ISSUE_PAGE, NULL);

  self->authority = g_object_ref (authority);
  return self;
}

/* Whoever signs sees what, and can ask the member whether it is his. */
static void
show_request (RtIssuePage *self)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *key_text = NULL;
  DrtKey key;

  self->whose = drt_certificate_request_get_name (self->request, &key, &error);
  if (self->whose == NULL)
    {
      rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, S_OK, error->message);
      return;
    }
  key_text = drt_key_to_string (&key);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->whose_row), FALSE);
  adw_action_row_set_subtitle (self->whose_row, self->whose);
  rt_fact_row_set_value (self->key_row, key_text);
  gtk_widget_set_visible (GTK_WIDGET (self->whose_row), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->key_row), TRUE);
}

AdwNavigationPage *
rt_issue_page_new (RtAuthority *authority, const char *request)
{
  RtIssuePage *self = page_new (authority);

  self->request = g_strdup (request);
  if (request != NULL)
    {
      adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), _("Certificate for a Request"));
      adw_preferences_page_set_description (self->page, _("The member’s private key stays with the member: the certificate alone is useless to anybody else."));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->name_row), request == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->format_row), request == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->passphrase_group), request == NULL);
  changed_cb (self);
  if (request != NULL)
    show_request (self);
  update_save (self);
  return ADW_NAVIGATION_PAGE (self);
}

AdwNavigationPage *
rt_issue_page_new_for_backup (RtAuthority *authority)
{
  RtIssuePage *self = page_new (authority);

  self->backup = TRUE;
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), _("Backup"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->passphrase_group),
                                         _("Needed to import the backup. Keep it apart from the file."));
  gtk_widget_set_visible (GTK_WIDGET (self->member_group), FALSE);
  changed_cb (self);
  return ADW_NAVIGATION_PAGE (self);
}
