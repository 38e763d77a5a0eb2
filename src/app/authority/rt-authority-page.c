/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-authority-page.h"

#include <drt-invitation.h>
#include <glib/gi18n.h>
#include <string.h>

#include "rt-authority-unlock.h"
#include "rt-choose-file.h"
#include "rt-fact-row.h"
#include "rt-invite-page.h"
#include "rt-issue-page.h"
#include "rt-join.h"
#include "rt-member-page.h"
#include "rt-validity.h"

/* A request is a few hundred bytes. */
#define MAX_REQUEST_SIZE (64 * 1024)

struct _RtAuthorityPage
{
  AdwNavigationPage parent_instance;

  RtFactRow *fingerprint_row;
  AdwActionRow *validity_row;
  AdwActionRow *key_row;
  GtkWidget *invite_row;
  AdwPreferencesGroup *member_group;
  GtkListBox *member_list;
  AdwActionRow *revoke_list_row;

  RtAuthority *authority;
  RtNode *node;
};

G_DEFINE_FINAL_TYPE (RtAuthorityPage, rt_authority_page, ADW_TYPE_NAVIGATION_PAGE)

static void
push (RtAuthorityPage *self, AdwNavigationPage *page)
{
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_NAVIGATION_VIEW);

  adw_navigation_view_push (ADW_NAVIGATION_VIEW (view), page);
}

static void
update_row (AdwActionRow *row)
{
  RtMember *member = g_object_get_data (G_OBJECT (row), "member");
  GtkWidget *state = g_object_get_data (G_OBJECT (row), "state");
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  rt_member_show_state (GTK_BOX (state), member, now);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  rt_member_state_to_string (rt_member_get_state (member, now)), -1);
}

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  RtMember *member = RT_MEMBER (item);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *state = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *title = g_markup_escape_text (rt_member_get_name (member), -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), rt_member_get_key_short (member));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), state);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  g_object_set_data_full (G_OBJECT (row), "member", g_object_ref (member), g_object_unref);
  g_object_set_data (G_OBJECT (row), "state", state);
  g_signal_connect_object (member, "notify", G_CALLBACK (update_row), row, G_CONNECT_SWAPPED);
  update_row (ADW_ACTION_ROW (row));
  return row;
}

static void
member_activated_cb (RtAuthorityPage *self, GtkListBoxRow *row)
{
  push (self, rt_member_page_new (self->authority, g_object_get_data (G_OBJECT (row), "member"), self->node));
}

static void
update_revoke_list (RtAuthorityPage *self)
{
  DrtRevokeList *list = rt_authority_get_revoke_list (self->authority);
  guint size = list != NULL ? drt_revoke_list_get_size (list) : 0;
  g_autofree char *subtitle = size > 0
    ? g_strdup_printf (ngettext ("%u certificate: every member must import it", "%u certificates: every member must import it", size), size)
    : g_strdup (_("Nobody is revoked"));

  adw_action_row_set_subtitle (self->revoke_list_row, subtitle);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "authority.export-revoke-list", list != NULL);
}

static void
invite_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtAuthorityPage *self = RT_AUTHORITY_PAGE (widget);

  push (self, rt_invite_page_new (self->authority, self->node));
}

/* The one who decides is a member as well: this computer gets a certificate. */
static RtJoined *
join_here (RtAuthority *authority, GError **error)
{
  PCCERT_CONTEXT certificate = rt_authority_issue (authority, g_get_host_name (), 0, error);
  RtJoined *joined = NULL;

  if (certificate == NULL)
    return NULL;
  joined = rt_joined_new (rt_authority_get_certificate (authority), certificate, NULL, error);
  if (joined == NULL)
    rt_authority_take_back (authority, certificate);
  drt_certificate_unref (certificate);
  return joined;
}

static void
start_mesh_cb (GtkWidget *origin, RtAuthority *authority, gpointer data)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (origin));
  GtkWidget *dialog = gtk_widget_get_ancestor (origin, ADW_TYPE_DIALOG);
  g_autoptr(GError) error = NULL;
  g_autoptr(RtJoined) joined = join_here (authority, &error);

  if (joined == NULL)
    {
      rt_tell_problem (origin, _("The Mesh Could Not Be Started"), error->message);
      return;
    }
  adw_dialog_force_close (ADW_DIALOG (dialog));
  gtk_widget_activate_action (window, "win.start-secure-mesh", "(ss)", joined->root, joined->certificate);
}

static void
start_mesh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rt_authority_unlock_then (widget, RT_AUTHORITY_PAGE (widget)->authority, start_mesh_cb, NULL);
}

static void
issue_cb (GtkWidget *origin, RtAuthority *authority, gpointer data)
{
  push (RT_AUTHORITY_PAGE (origin), rt_issue_page_new (authority, NULL));
}

static void
issue_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rt_authority_unlock_then (widget, RT_AUTHORITY_PAGE (widget)->authority, issue_cb, NULL);
}

static void
request_chosen_cb (GtkWidget *origin, const char *path, gpointer data)
{
  RtAuthorityPage *self = RT_AUTHORITY_PAGE (origin);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, &error))
    rt_tell_problem (origin, _("The Request Could Not Be Read"), error->message);
  else if (length > MAX_REQUEST_SIZE || !g_utf8_validate_len (text, length, NULL) || strstr (text, "REQUEST-----") == NULL)
    rt_tell_problem (origin, _("This Is No Request"), _("Choose the file that Roundtable saved when the invitation was accepted (PKCS#10, PEM)."));
  else
    push (self, rt_issue_page_new (self->authority, text));
}

static void
request_cb (GtkWidget *origin, RtAuthority *authority, gpointer data)
{
  rt_choose_file_to_open (origin, _("Choose a Request"), request_chosen_cb, NULL, NULL);
}

static void
issue_request_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rt_authority_unlock_then (widget, RT_AUTHORITY_PAGE (widget)->authority, request_cb, NULL);
}

static void
export_certificate_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtAuthorityPage *self = RT_AUTHORITY_PAGE (widget);
  g_autofree char *file = rt_file_name (rt_authority_get_name (self->authority), ".pem");
  g_autofree char *text = drt_certificate_to_pem (rt_authority_get_certificate (self->authority), DRT_CERTIFICATE_ALONE, NULL, NULL);

  if (text != NULL)
    rt_save_text_as (widget, _("Export Certificate"), file, text);
}

static void
export_revoke_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtAuthorityPage *self = RT_AUTHORITY_PAGE (widget);
  g_autofree char *file = rt_file_name (rt_authority_get_name (self->authority), "-revoked.pem");
  g_autofree char *text = drt_revoke_list_to_pem (rt_authority_get_revoke_list (self->authority));

  rt_save_text_as (widget, _("Export Revoke List"), file, text);
}

static void
back_up_cb (GtkWidget *origin, RtAuthority *authority, gpointer data)
{
  push (RT_AUTHORITY_PAGE (origin), rt_issue_page_new_for_backup (authority));
}

static void
back_up_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rt_authority_unlock_then (widget, RT_AUTHORITY_PAGE (widget)->authority, back_up_cb, NULL);
}

static void
rt_authority_page_shown (AdwNavigationPage *page)
{
  gtk_widget_grab_focus (RT_AUTHORITY_PAGE (page)->invite_row);
}

static void
rt_authority_page_dispose (GObject *object)
{
  RtAuthorityPage *self = RT_AUTHORITY_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_AUTHORITY_PAGE);
  g_clear_object (&self->authority);
  g_clear_object (&self->node);
  G_OBJECT_CLASS (rt_authority_page_parent_class)->dispose (object);
}

static void
rt_authority_page_class_init (RtAuthorityPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_authority_page_dispose;
  ADW_NAVIGATION_PAGE_CLASS (klass)->shown = rt_authority_page_shown;

  g_type_ensure (RT_TYPE_FACT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/authority/rt-authority-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, RtAuthorityPage, name)
  BIND (fingerprint_row);
  BIND (validity_row);
  BIND (key_row);
  BIND (invite_row);
  BIND (member_group);
  BIND (member_list);
  BIND (revoke_list_row);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, member_activated_cb);

  gtk_widget_class_install_action (widget_class, "authority.invite", NULL, invite_action);
  gtk_widget_class_install_action (widget_class, "authority.start-mesh", NULL, start_mesh_action);
  gtk_widget_class_install_action (widget_class, "authority.issue", NULL, issue_action);
  gtk_widget_class_install_action (widget_class, "authority.issue-request", NULL, issue_request_action);
  gtk_widget_class_install_action (widget_class, "authority.export-certificate", NULL, export_certificate_action);
  gtk_widget_class_install_action (widget_class, "authority.export-revoke-list", NULL, export_revoke_list_action);
  gtk_widget_class_install_action (widget_class, "authority.back-up", NULL, back_up_action);
}

static void
rt_authority_page_init (RtAuthorityPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/** rt_authority_page_new: (transfer floating) */
AdwNavigationPage *
rt_authority_page_new (RtAuthority *authority, RtNode *node)
{
  RtAuthorityPage *self = g_object_new (RT_TYPE_AUTHORITY_PAGE, "title", rt_authority_get_name (authority), NULL);
  g_autofree char *fingerprint = drt_fingerprint_to_groups (rt_authority_get_fingerprint (authority), TRUE);
  g_autofree char *validity = rt_validity_describe (rt_authority_get_not_after (authority), g_get_real_time () / G_USEC_PER_SEC);
  g_autofree char *key = rt_authority_get_profile (authority) == DRT_PROFILE_1_0
    ? g_strdup_printf (_("%s: compatible, weak"), rt_authority_get_key_name (authority))
    : g_strdup (rt_authority_get_key_name (authority));

  self->authority = g_object_ref (authority);
  self->node = g_object_ref (node);
  rt_fact_row_set_value (self->fingerprint_row, fingerprint);
  adw_action_row_set_subtitle (self->validity_row, validity);
  adw_action_row_set_subtitle (self->key_row, key);
  gtk_list_box_bind_model (self->member_list, rt_authority_get_members (authority), create_row, NULL, NULL);
  g_signal_connect_object (authority, "notify::revoke-list", G_CALLBACK (update_revoke_list), self, G_CONNECT_SWAPPED);
  update_revoke_list (self);
  return ADW_NAVIGATION_PAGE (self);
}
