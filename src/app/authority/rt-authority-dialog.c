/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-authority-dialog.h"

#include <glib/gi18n.h>

#include "rt-authority-create-page.h"
#include "rt-authority-page.h"
#include "rt-choose-file.h"
#include "rt-validity.h"

struct _RtAuthorityDialog
{
  AdwDialog parent_instance;

  AdwToastOverlay *toast_overlay;
  AdwNavigationView *view;
  GtkStack *stack;
  GtkListBox *authority_list;

  RtAuthorityStore *store;
  RtNode *node;
};

G_DEFINE_FINAL_TYPE (RtAuthorityDialog, rt_authority_dialog, ADW_TYPE_DIALOG)

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  RtAuthority *authority = RT_AUTHORITY (item);
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = g_markup_escape_text (rt_authority_get_name (authority), -1);
  g_autofree char *subtitle = rt_validity_describe (rt_authority_get_not_after (authority), g_get_real_time () / G_USEC_PER_SEC);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  return row;
}

static void
update_stack (RtAuthorityDialog *self)
{
  gtk_stack_set_visible_child_name (self->stack, g_list_model_get_n_items (G_LIST_MODEL (self->store)) > 0 ? "list" : "empty");
}

static void
show_authority (RtAuthorityDialog *self, RtAuthority *authority)
{
  adw_navigation_view_push (self->view, rt_authority_page_new (authority, self->node));
}

static void
row_activated_cb (RtAuthorityDialog *self, GtkListBoxRow *row)
{
  g_autoptr(RtAuthority) authority = g_list_model_get_item (G_LIST_MODEL (self->store), (guint) gtk_list_box_row_get_index (row));

  show_authority (self, authority);
}

/* Back from it is the list, not the form. */
static void
created_cb (RtAuthorityDialog *self, RtAuthority *authority)
{
  AdwNavigationPage *pages[] = {
    adw_navigation_view_find_page (self->view, "authorities"),
    rt_authority_page_new (authority, self->node),
  };

  adw_navigation_view_replace (self->view, pages, G_N_ELEMENTS (pages));
}

static void
show_create_page (RtAuthorityDialog *self, const char *backup)
{
  AdwNavigationPage *page = rt_authority_create_page_new (self->store, backup);

  g_signal_connect_object (page, "created", G_CALLBACK (created_cb), self, G_CONNECT_SWAPPED);
  adw_navigation_view_push (self->view, page);
}

static void
create_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_create_page (RT_AUTHORITY_DIALOG (widget), NULL);
}

static void
import_cb (GtkWidget *origin, const char *path, gpointer data)
{
  show_create_page (RT_AUTHORITY_DIALOG (origin), path);
}

static void
import_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rt_choose_file_to_open (widget, _("Import a Backup"), import_cb, NULL, NULL);
}

static void
toast_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *title = g_markup_escape_text (g_variant_get_string (parameter, NULL), -1);

  adw_toast_overlay_add_toast (RT_AUTHORITY_DIALOG (widget)->toast_overlay, adw_toast_new (title));
}

/* As the window's, but what is said of it is said where the person looks. */
static void
copy_text_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (parameter, NULL));
  adw_toast_overlay_add_toast (RT_AUTHORITY_DIALOG (widget)->toast_overlay, adw_toast_new (_("Copied")));
}

/* A private key stays in memory no longer than it is used. */
static void
rt_authority_dialog_closed (AdwDialog *dialog)
{
  RtAuthorityDialog *self = RT_AUTHORITY_DIALOG (dialog);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      g_autoptr(RtAuthority) authority = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      rt_authority_lock (authority);
    }
}

static void
rt_authority_dialog_dispose (GObject *object)
{
  RtAuthorityDialog *self = RT_AUTHORITY_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_AUTHORITY_DIALOG);
  g_clear_object (&self->store);
  g_clear_object (&self->node);
  G_OBJECT_CLASS (rt_authority_dialog_parent_class)->dispose (object);
}

static void
rt_authority_dialog_class_init (RtAuthorityDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_authority_dialog_dispose;
  ADW_DIALOG_CLASS (klass)->closed = rt_authority_dialog_closed;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/authority/rt-authority-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RtAuthorityDialog, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, RtAuthorityDialog, view);
  gtk_widget_class_bind_template_child (widget_class, RtAuthorityDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, RtAuthorityDialog, authority_list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);

  gtk_widget_class_install_action (widget_class, "authorities.create", NULL, create_action);
  gtk_widget_class_install_action (widget_class, "authorities.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);
  gtk_widget_class_install_action (widget_class, "win.copy-text", "s", copy_text_action);
}

static void
rt_authority_dialog_init (RtAuthorityDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * rt_authority_dialog_new:
 * @store: loaded
 * @node: whose mesh somebody may be invited to
 *
 * Returns: (transfer floating): the dialog, to be presented
 */
AdwDialog *
rt_authority_dialog_new (RtAuthorityStore *store, RtNode *node)
{
  RtAuthorityDialog *self = g_object_new (RT_TYPE_AUTHORITY_DIALOG, NULL);

  self->store = g_object_ref (store);
  self->node = g_object_ref (node);
  gtk_list_box_bind_model (self->authority_list, G_LIST_MODEL (store), create_row, NULL, NULL);
  g_signal_connect_object (store, "items-changed", G_CALLBACK (update_stack), self, G_CONNECT_SWAPPED);
  update_stack (self);
  return ADW_DIALOG (self);
}
