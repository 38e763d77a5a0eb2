/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-certificate-dialog.h"

#include <drt-glib.h>
#include <glib/gi18n.h>

#include "rt-certificate-page.h"
#include "rt-certificate-row.h"
#include "rt-state-look.h"
#include "rt-unlock.h"
#include "rt-verdict-row.h"

struct _RtCertificateDialog
{
  AdwDialog parent_instance;

  AdwToastOverlay *toast_overlay;
  AdwNavigationView *view;
  AdwWindowTitle *window_title;
  GtkImage *summary_icon;
  GtkLabel *summary;
  GtkLabel *against;
  GtkWidget *code_box;
  GtkLabel *code;
  GtkWidget *copy_code;
  GtkWidget *problems_group;
  GtkListBox *problems;
  GtkWidget *unlock_group;
  GtkWidget *unlock_row;
  GtkWidget *chain_group;
  GtkListBox *chain;

  RtCertificateFile *file;    /* NULL: it came from elsewhere */
  RtMeshSettings *settings;
};

G_DEFINE_FINAL_TYPE (RtCertificateDialog, rt_certificate_dialog, ADW_TYPE_DIALOG)

static void
append_verdicts (GtkListBox *list, GListModel *verdicts)
{
  for (guint i = 0; i < g_list_model_get_n_items (verdicts); i++)
    {
      g_autoptr(RtVerdict) verdict = g_list_model_get_item (verdicts, i);

      gtk_list_box_append (list, rt_verdict_row_new (verdict));
    }
}

/* Each certificate, and below it what is to be said of it. */
static void
show_certificates (RtCertificateDialog *self, GListModel *certificates)
{
  guint n_certificates = g_list_model_get_n_items (certificates);

  gtk_list_box_remove_all (self->chain);
  for (guint i = 0; i < n_certificates; i++)
    {
      g_autoptr(RtCertificate) certificate = g_list_model_get_item (certificates, i);

      gtk_list_box_append (self->chain, rt_certificate_row_new (certificate, i));
      append_verdicts (self->chain, rt_certificate_get_verdicts (certificate));
    }
  gtk_widget_set_visible (self->chain_group, n_certificates > 0);
}

static void
show_code (RtCertificateDialog *self, HRESULT hr)
{
  g_autofree char *text = g_strdup_printf ("%s 0x%08X", drt_hresult_to_name (hr), (guint32) hr);

  gtk_label_set_label (self->code, text);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->copy_code), "s", text);
  gtk_widget_set_visible (self->code_box, FAILED (hr));
}

static void
show_chain (RtCertificateDialog *self, RtChain *chain)
{
  RtTrust trust = rt_chain_get_trust (chain);
  const char *failure = rt_chain_get_failure (chain);
  GListModel *certificates = rt_chain_get_certificates (chain);
  GListModel *problems = rt_chain_get_problems (chain);
  gboolean locked = self->file != NULL && rt_certificate_file_is_locked (self->file);

  adw_window_title_set_subtitle (self->window_title, rt_chain_get_source (chain));
  gtk_image_set_from_icon_name (self->summary_icon, rt_trust_to_icon (trust));
  gtk_widget_set_css_classes (GTK_WIDGET (self->summary_icon), (const char *[]) { rt_trust_to_style (trust), NULL });
  gtk_label_set_label (self->summary, rt_chain_get_summary (chain));
  gtk_label_set_label (self->against, failure != NULL ? failure : rt_chain_get_against (chain));
  gtk_widget_set_visible (GTK_WIDGET (self->against), failure != NULL || g_list_model_get_n_items (certificates) > 0);
  show_code (self, failure != NULL ? S_OK : rt_chain_get_hresult (chain));

  gtk_list_box_remove_all (self->problems);
  append_verdicts (self->problems, problems);
  gtk_widget_set_visible (self->problems_group, g_list_model_get_n_items (problems) > 0);
  gtk_widget_set_visible (self->unlock_group, locked);
  show_certificates (self, certificates);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, rt_chain_get_summary (chain), -1);
}

/* What is worth reading first takes the focus. */
static void
choose_focus (RtCertificateDialog *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->chain, 0);

  if (row == NULL)
    row = gtk_list_box_get_row_at_index (self->problems, 0);
  if (gtk_widget_get_visible (self->unlock_group))
    adw_dialog_set_focus (ADW_DIALOG (self), self->unlock_row);
  else if (row != NULL)
    adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (row));
}

static void
show_file (RtCertificateDialog *self)
{
  g_autoptr(RtChain) chain = rt_chain_new_for_file (self->file, self->settings);

  show_chain (self, chain);
  choose_focus (self);
}

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(RtCertificateDialog) self = data;

  if (rt_unlock_finish (RT_CERTIFICATE_FILE (source), result, NULL))
    show_file (self);
}

static void
unlock_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtCertificateDialog *self = RT_CERTIFICATE_DIALOG (widget);

  rt_unlock_async (widget, self->file, NULL, unlocked_cb, g_object_ref (self));
}

/* As the window's, but what is said of it is said where the person looks. */
static void
copy_text_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (parameter, NULL));
  adw_toast_overlay_add_toast (RT_CERTIFICATE_DIALOG (widget)->toast_overlay, adw_toast_new (_("Copied")));
}

static void
row_activated_cb (RtCertificateDialog *self, GtkListBoxRow *row)
{
  if (RT_IS_CERTIFICATE_ROW (row))
    adw_navigation_view_push (self->view, rt_certificate_page_new (rt_certificate_row_get_certificate (RT_CERTIFICATE_ROW (row))));
}

static void
rt_certificate_dialog_dispose (GObject *object)
{
  RtCertificateDialog *self = RT_CERTIFICATE_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_CERTIFICATE_DIALOG);
  g_clear_object (&self->file);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (rt_certificate_dialog_parent_class)->dispose (object);
}

static void
rt_certificate_dialog_class_init (RtCertificateDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_certificate_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/dialogs/rt-certificate-dialog.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, RtCertificateDialog, name)
  BIND (toast_overlay);
  BIND (view);
  BIND (window_title);
  BIND (summary_icon);
  BIND (summary);
  BIND (against);
  BIND (code_box);
  BIND (code);
  BIND (copy_code);
  BIND (problems_group);
  BIND (problems);
  BIND (unlock_group);
  BIND (unlock_row);
  BIND (chain_group);
  BIND (chain);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_install_action (widget_class, "certificate-dialog.unlock", NULL, unlock_action);
  gtk_widget_class_install_action (widget_class, "win.copy-text", "s", copy_text_action);
}

static void
rt_certificate_dialog_init (RtCertificateDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  rt_label_forbid_hyphens (self->code);
}

/** rt_certificate_dialog_new: (transfer floating): to be presented */
AdwDialog *
rt_certificate_dialog_new (RtChain *chain)
{
  RtCertificateDialog *self = g_object_new (RT_TYPE_CERTIFICATE_DIALOG, NULL);

  show_chain (self, chain);
  choose_focus (self);
  return ADW_DIALOG (self);
}

/** rt_certificate_dialog_new_for_file: (transfer floating): to be presented */
AdwDialog *
rt_certificate_dialog_new_for_file (RtCertificateFile *file, RtMeshSettings *settings)
{
  RtCertificateDialog *self = g_object_new (RT_TYPE_CERTIFICATE_DIALOG, NULL);

  self->file = g_object_ref (file);
  if (settings != NULL)
    self->settings = rt_mesh_settings_copy (settings);
  show_file (self);
  return ADW_DIALOG (self);
}

typedef struct
{
  GtkWidget *parent;
  RtMeshSettings *settings;
} Opening;

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Opening *opening = data;
  g_autoptr(RtCertificateFile) file = rt_open_certificate_finish (result, NULL);

  if (file != NULL && gtk_widget_get_root (opening->parent) != NULL)
    adw_dialog_present (rt_certificate_dialog_new_for_file (file, opening->settings), opening->parent);
  g_object_unref (opening->parent);
  g_clear_object (&opening->settings);
  g_free (opening);
}

void
rt_certificate_dialog_open (GtkWidget *parent, const char *path, RtMeshSettings *settings)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->parent = g_object_ref (parent);
  opening->settings = settings != NULL ? g_object_ref (settings) : NULL;
  rt_open_certificate_async (parent, path, RT_CERTIFICATE_FILE_CERTIFICATE, NULL, opened_cb, opening);
}
