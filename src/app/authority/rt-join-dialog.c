/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-join-dialog.h"

#include <glib/gi18n.h>

#include "rt-fact-row.h"
#include "rt-problem-row.h"
#include "rt-security-words.h"
#include "rt-validity.h"
#include "rt-waiting-page.h"

struct _RtJoinDialog
{
  AdwDialog parent_instance;

  AdwToastOverlay *toast_overlay;
  AdwNavigationView *view;
  AdwEntryRow *link_row;
  RtProblemRow *link_problem;
  AdwPreferencesGroup *mesh_group;
  RtFactRow *name_row;
  RtFactRow *mode_row;
  RtFactRow *bootstrap_row;
  RtFactRow *authority_row;
  AdwPreferencesGroup *compare_group;
  RtFactRow *fingerprint_row;
  AdwSwitchRow *compared_row;
  AdwPreferencesGroup *own_group;
  AdwEntryRow *own_name_row;
  RtProblemRow *accept_problem;
  AdwPreferencesGroup *waiting_group;
  GtkListBox *waiting_list;

  RtNode *node;
  DrtInvitation *invitation;    /* NULL while the link is none */
  GListStore *waiting;          /* RtJoin */
  GCancellable *paste;
};

G_DEFINE_FINAL_TYPE (RtJoinDialog, rt_join_dialog, ADW_TYPE_DIALOG)

static char *
dup_text (AdwEntryRow *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

static gboolean
is_complete (RtJoinDialog *self)
{
  g_autofree char *name = dup_text (self->own_name_row);

  return self->invitation != NULL && !drt_invitation_has_expired (self->invitation, 0)
         && adw_switch_row_get_active (self->compared_row) && *name != '\0';
}

static void
changed_cb (RtJoinDialog *self)
{
  rt_problem_row_clear (self->accept_problem);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "join.accept", is_complete (self));
}

static void
show_invitation (RtJoinDialog *self, const DrtInvitation *invitation)
{
  g_autoptr(DrtCertificateInfo) info = drt_certificate_get_info (invitation->root);
  g_autofree char *bootstrap = g_strjoinv ("\n", invitation->bootstrap);
  g_autofree char *fingerprint = drt_fingerprint_to_groups (invitation->fingerprint, TRUE);
  g_autofree char *validity = rt_validity_describe (info->not_after, g_get_real_time () / G_USEC_PER_SEC);
  g_autofree char *authority = g_strdup_printf ("%s\n%s\n%s", info->subject, info->key_name, validity);

  rt_fact_row_set_value (self->name_row, invitation->name);
  rt_fact_row_set_value (self->mode_row, rt_security_mode_to_words ((RtSecurityMode) invitation->mode));
  rt_fact_row_set_value (self->bootstrap_row, bootstrap);
  rt_fact_row_set_value (self->authority_row, authority);
  rt_fact_row_set_value (self->fingerprint_row, fingerprint);
}

static void
show_groups (RtJoinDialog *self)
{
  gboolean shown = self->invitation != NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->mesh_group), shown);
  gtk_widget_set_visible (GTK_WIDGET (self->compare_group), shown);
  gtk_widget_set_visible (GTK_WIDGET (self->own_group), shown);
  gtk_widget_set_visible (GTK_WIDGET (self->waiting_group), !shown && g_list_model_get_n_items (G_LIST_MODEL (self->waiting)) > 0);
}

static void
link_changed_cb (RtJoinDialog *self)
{
  g_autofree char *link = dup_text (self->link_row);
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->invitation, drt_invitation_free);
  rt_problem_row_clear (self->link_problem);
  adw_switch_row_set_active (self->compared_row, FALSE);
  if (*link != '\0')
    self->invitation = drt_invitation_parse (link, &error);
  if (error != NULL)
    rt_problem_row_set (self->link_problem, RT_PROBLEM_ERROR, S_OK, error->message);
  else if (self->invitation != NULL && drt_invitation_has_expired (self->invitation, 0))
    rt_problem_row_set (self->link_problem, RT_PROBLEM_ERROR, S_OK, _("This invitation has expired: ask for a new one."));
  if (self->invitation != NULL)
    show_invitation (self, self->invitation);
  show_groups (self);
  changed_cb (self);
}

static void
update_waiting (RtJoinDialog *self)
{
  g_autoptr(GListStore) waiting = rt_join_list (NULL);

  g_list_store_remove_all (self->waiting);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (waiting)); i++)
    {
      g_autoptr(RtJoin) join = g_list_model_get_item (G_LIST_MODEL (waiting), i);

      g_list_store_append (self->waiting, join);
    }
  show_groups (self);
}

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  const DrtInvitation *invitation = rt_join_get_invitation (RT_JOIN (item));
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = g_markup_escape_text (invitation->name, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  return row;
}

static void
show_waiting (RtJoinDialog *self, RtJoin *join)
{
  AdwNavigationPage *page = rt_waiting_page_new (join, self->node);

  g_signal_connect_object (page, "hidden", G_CALLBACK (update_waiting), self, G_CONNECT_SWAPPED);
  adw_navigation_view_push (self->view, page);
}

static void
waiting_activated_cb (RtJoinDialog *self, GtkListBoxRow *row)
{
  g_autoptr(RtJoin) join = g_list_model_get_item (G_LIST_MODEL (self->waiting), (guint) gtk_list_box_row_get_index (row));

  show_waiting (self, join);
}

static void
accept_invitation (RtJoinDialog *self)
{
  g_autofree char *name = dup_text (self->own_name_row);
  g_autoptr(GError) error = NULL;
  g_autoptr(RtJoin) join = NULL;

  if (!is_complete (self))
    return;
  join = rt_join_new (NULL, self->invitation, name, &error);
  if (join == NULL)
    {
      rt_problem_row_set (self->accept_problem, RT_PROBLEM_ERROR, S_OK, error->message);
      gtk_accessible_announce (GTK_ACCESSIBLE (self), error->message, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
      return;
    }
  gtk_editable_set_text (GTK_EDITABLE (self->link_row), "");
  show_waiting (self, join);
}

static void
accept_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  accept_invitation (RT_JOIN_DIALOG (widget));
}

static void
activated_cb (RtJoinDialog *self)
{
  accept_invitation (self);
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (text == NULL)
    gtk_widget_error_bell (GTK_WIDGET (data));
  else
    gtk_editable_set_text (GTK_EDITABLE (RT_JOIN_DIALOG (data)->link_row), g_strstrip (text));
}

static void
paste_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtJoinDialog *self = RT_JOIN_DIALOG (widget);

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), self->paste, pasted_cb, self);
}

static void
toast_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *title = g_markup_escape_text (g_variant_get_string (parameter, NULL), -1);

  adw_toast_overlay_add_toast (RT_JOIN_DIALOG (widget)->toast_overlay, adw_toast_new (title));
}

static void
copy_text_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (parameter, NULL));
  adw_toast_overlay_add_toast (RT_JOIN_DIALOG (widget)->toast_overlay, adw_toast_new (_("Copied")));
}

static void
rt_join_dialog_dispose (GObject *object)
{
  RtJoinDialog *self = RT_JOIN_DIALOG (object);

  g_cancellable_cancel (self->paste);
  g_clear_object (&self->paste);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_JOIN_DIALOG);
  g_clear_pointer (&self->invitation, drt_invitation_free);
  g_clear_object (&self->waiting);
  g_clear_object (&self->node);
  G_OBJECT_CLASS (rt_join_dialog_parent_class)->dispose (object);
}

static void
rt_join_dialog_class_init (RtJoinDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_join_dialog_dispose;

  g_type_ensure (RT_TYPE_FACT_ROW);
  g_type_ensure (RT_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/authority/rt-join-dialog.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, RtJoinDialog, name)
  BIND (toast_overlay);
  BIND (view);
  BIND (link_row);
  BIND (link_problem);
  BIND (mesh_group);
  BIND (name_row);
  BIND (mode_row);
  BIND (bootstrap_row);
  BIND (authority_row);
  BIND (compare_group);
  BIND (fingerprint_row);
  BIND (compared_row);
  BIND (own_group);
  BIND (own_name_row);
  BIND (accept_problem);
  BIND (waiting_group);
  BIND (waiting_list);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, link_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, waiting_activated_cb);
  gtk_widget_class_install_action (widget_class, "join.accept", NULL, accept_action);
  gtk_widget_class_install_action (widget_class, "join.paste", NULL, paste_action);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);
  gtk_widget_class_install_action (widget_class, "win.copy-text", "s", copy_text_action);
}

static void
rt_join_dialog_init (RtJoinDialog *self)
{
  self->waiting = g_list_store_new (RT_TYPE_JOIN);
  self->paste = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->waiting_list, G_LIST_MODEL (self->waiting), create_row, NULL, NULL);
}

/**
 * rt_join_dialog_new:
 * @node: that joins
 * @link: (nullable): of the invitation
 *
 * Returns: (transfer floating): the dialog, to be presented
 */
AdwDialog *
rt_join_dialog_new (RtNode *node, const char *link)
{
  RtJoinDialog *self = g_object_new (RT_TYPE_JOIN_DIALOG, NULL);

  self->node = g_object_ref (node);
  gtk_editable_set_text (GTK_EDITABLE (self->own_name_row), g_get_user_name ());
  gtk_editable_set_text (GTK_EDITABLE (self->link_row), link != NULL ? link : "");
  update_waiting (self);
  link_changed_cb (self);
  return ADW_DIALOG (self);
}
