/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-waiting-page.h"

#include <glib/gi18n.h>

#include "rt-choose-file.h"
#include "rt-problem-row.h"
#include "rt-unlock.h"

struct _RtWaitingPage
{
  AdwNavigationPage parent_instance;

  RtProblemRow *problem;

  RtJoin *join;
  RtNode *node;
  RtJoined *joined;          /* while it is asked whether to use it */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (RtWaitingPage, rt_waiting_page, ADW_TYPE_NAVIGATION_PAGE)

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtWaitingPage *self = RT_WAITING_PAGE (widget);
  g_autofree char *file = rt_file_name (rt_join_get_invitation (self->join)->name, "-request.pem");

  rt_save_text_as (widget, _("Save Request"), file, rt_join_get_request (self->join));
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.copy-text", "s", rt_join_get_request (RT_WAITING_PAGE (widget)->join));
}

static void
show_problem (RtWaitingPage *self, const char *sentence)
{
  rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, S_OK, sentence);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), sentence, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/* The window joins; with the certificates in place the invitation has done its work. */
static void
use (RtWaitingPage *self)
{
  g_autoptr(RtMeshSettings) settings = rt_mesh_settings_new ();
  g_autoptr(GSettings) stored = g_settings_new (APP_ID);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));
  AdwDialog *dialog = ADW_DIALOG (gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_DIALOG));

  rt_mesh_settings_load (settings, stored);
  rt_join_apply (self->join, self->joined, settings);
  rt_mesh_settings_save (settings, stored);
  rt_join_forget (self->join);
  rt_node_close (self->node);
  rt_node_set_settings (self->node, settings);
  adw_dialog_force_close (dialog);
  gtk_widget_activate_action (window, "win.open-node", NULL);
}

static void
replace_response_cb (RtWaitingPage *self, const char *response)
{
  if (g_str_equal (response, "join"))
    use (self);
}

/* A mesh that was set up before is left for this one. */
static void
confirm (RtWaitingPage *self)
{
  g_autoptr(GSettings) stored = g_settings_new (APP_ID);
  AdwDialog *dialog;
  AdwAlertDialog *alert;

  if (!g_settings_get_boolean (stored, "first-run-done"))
    {
      use (self);
      return;
    }
  dialog = adw_alert_dialog_new (NULL, _("The certificate is good. Your mesh settings are replaced by those of the invitation: how the mesh is found, its security mode and its certificates."));
  alert = ADW_ALERT_DIALOG (dialog);
  adw_alert_dialog_format_heading (alert, _("Join “%s”?"), rt_join_get_invitation (self->join)->name);
  adw_alert_dialog_add_responses (alert, "cancel", _("_Cancel"), "join", _("_Replace and Join"), NULL);
  adw_alert_dialog_set_response_appearance (alert, "join", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (alert, "join");
  adw_alert_dialog_set_close_response (alert, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (replace_response_cb), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(RtWaitingPage) self = RT_WAITING_PAGE (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(RtCertificateFile) file = rt_choose_certificate_finish (result, &error);
  PCCERT_CONTEXT certificate = file != NULL ? rt_certificate_file_get_certificate (file) : NULL;

  if (file == NULL)
    {
      if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_problem (self, error->message);
      return;
    }
  if (certificate == NULL)
    {
      if (!rt_certificate_file_is_locked (file))
        show_problem (self, rt_certificate_file_get_error (file)->message);
      return;
    }
  g_clear_pointer (&self->joined, rt_joined_free);
  self->joined = rt_join_complete (self->join, certificate, NULL, &error);
  if (self->joined == NULL)
    show_problem (self, error->message);
  else
    confirm (self);
}

static void
complete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtWaitingPage *self = RT_WAITING_PAGE (widget);

  rt_problem_row_clear (self->problem);
  rt_choose_certificate_async (widget, _("Choose Your Certificate"), RT_CERTIFICATE_FILE_CERTIFICATE, self->cancellable,
                               chosen_cb, g_object_ref (self));
}

static void
forget_response_cb (RtWaitingPage *self, const char *response)
{
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_NAVIGATION_VIEW);

  if (!g_str_equal (response, "forget"))
    return;
  rt_join_forget (self->join);
  adw_navigation_view_pop (ADW_NAVIGATION_VIEW (view));
}

static void
forget_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwDialog *dialog = adw_alert_dialog_new (_("Forget This Invitation?"),
                                            _("The key that was made for it is deleted: a certificate for its request is useless then."));
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);

  adw_alert_dialog_add_responses (alert, "cancel", _("_Cancel"), "forget", _("_Forget"), NULL);
  adw_alert_dialog_set_response_appearance (alert, "forget", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_close_response (alert, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (forget_response_cb), widget, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, widget);
}

static void
rt_waiting_page_dispose (GObject *object)
{
  RtWaitingPage *self = RT_WAITING_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_WAITING_PAGE);
  g_clear_object (&self->join);
  g_clear_object (&self->node);
  g_clear_pointer (&self->joined, rt_joined_free);
  G_OBJECT_CLASS (rt_waiting_page_parent_class)->dispose (object);
}

static void
rt_waiting_page_finalize (GObject *object)
{
  g_object_unref (RT_WAITING_PAGE (object)->cancellable);
  G_OBJECT_CLASS (rt_waiting_page_parent_class)->finalize (object);
}

static void
rt_waiting_page_class_init (RtWaitingPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_waiting_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = rt_waiting_page_finalize;

  g_type_ensure (RT_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/authority/rt-waiting-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RtWaitingPage, problem);
  gtk_widget_class_install_action (widget_class, "waiting.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "waiting.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "waiting.complete", NULL, complete_action);
  gtk_widget_class_install_action (widget_class, "waiting.forget", NULL, forget_action);
}

static void
rt_waiting_page_init (RtWaitingPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/** rt_waiting_page_new: (transfer floating) */
AdwNavigationPage *
rt_waiting_page_new (RtJoin *join, RtNode *node)
{
  RtWaitingPage *self = g_object_new (RT_TYPE_WAITING_PAGE, NULL);

  self->join = g_object_ref (join);
  self->node = g_object_ref (node);
  return ADW_NAVIGATION_PAGE (self);
}
