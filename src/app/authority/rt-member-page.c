/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-member-page.h"

#include <glib/gi18n.h>

#include "rt-authority-unlock.h"
#include "rt-choose-file.h"
#include "rt-fact-row.h"
#include "rt-state-look.h"
#include "rt-validity.h"

#define DAYS_OF_RENEWAL 365

struct _RtMemberPage
{
  AdwNavigationPage parent_instance;

  GtkBox *state_box;
  AdwActionRow *validity_row;
  RtFactRow *key_row;
  RtFactRow *serial_row;

  RtAuthority *authority;
  RtMember *member;
  RtNode *node;
};

G_DEFINE_FINAL_TYPE (RtMemberPage, rt_member_page, ADW_TYPE_NAVIGATION_PAGE)

static const struct
{
  const char *icon;
  const char *style;
} looks[] = {
  [RT_MEMBER_VALID] = { "object-select-symbolic", "success" },
  [RT_MEMBER_EXPIRES_SOON] = { "dialog-warning-symbolic", "warning" },
  [RT_MEMBER_EXPIRED] = { "appointment-missed-symbolic", "error" },
  [RT_MEMBER_REVOKED] = { "action-unavailable-symbolic", "error" },
};

/** rt_member_show_state: @now: seconds since 1970 */
void
rt_member_show_state (GtkBox *box, RtMember *member, gint64 now)
{
  RtMemberState state = rt_member_get_state (member, now);
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *label = gtk_label_new (rt_member_state_to_string (state));
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
  rt_image_set_look (GTK_IMAGE (icon), looks[state].icon, looks[state].style);
  gtk_widget_add_css_class (label, state == RT_MEMBER_VALID ? "dimmed" : looks[state].style);
  gtk_box_append (box, icon);
  gtk_box_append (box, label);
}

static void
update (RtMemberPage *self)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gboolean revoked = rt_member_get_revoked_at (self->member) != 0;
  g_autofree char *date = revoked ? rt_validity_date (rt_member_get_revoked_at (self->member)) : NULL;
  g_autofree char *validity = revoked
    ? g_strdup_printf (_("Revoked on %s"), date)
    : rt_validity_describe (rt_member_get_not_after (self->member), now);

  rt_member_show_state (self->state_box, self->member, now);
  adw_action_row_set_subtitle (self->validity_row, validity);
  rt_fact_row_set_value (self->key_row, rt_member_get_key_text (self->member));
  rt_fact_row_set_value (self->serial_row, rt_member_get_serial (self->member));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "member.renew", !revoked);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "member.revoke", !revoked);
}

static void
renew_to_cb (GtkWidget *origin, const char *path, gpointer data)
{
  RtMemberPage *self = RT_MEMBER_PAGE (origin);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  PCCERT_CONTEXT certificate = rt_authority_renew (self->authority, self->member, DAYS_OF_RENEWAL, &error);
  gboolean written = FALSE;

  if (certificate != NULL)
    text = drt_certificate_to_pem (certificate, DRT_CERTIFICATE_WITH_CHAIN, NULL, &error);
  if (text != NULL)
    written = g_file_set_contents (path, text, -1, &error);
  if (certificate != NULL && !written)
    rt_authority_take_back (self->authority, certificate);
  g_clear_pointer (&certificate, drt_certificate_unref);
  if (written)
    gtk_widget_activate_action (origin, "win.toast", "s", _("Renewed: send the file to the member"));
  else
    rt_tell_problem (origin, _("The Certificate Could Not Be Renewed"), error->message);
}

static void
renew_cb (GtkWidget *origin, RtAuthority *authority, gpointer data)
{
  RtMemberPage *self = RT_MEMBER_PAGE (origin);
  g_autofree char *name = rt_file_name (rt_member_get_name (self->member), "-renewed.pem");

  rt_choose_file_to_save (origin, _("Save Renewed Certificate"), name, renew_to_cb, NULL, NULL);
}

static void
renew_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rt_authority_unlock_then (widget, RT_MEMBER_PAGE (widget)->authority, renew_cb, NULL);
}

static gboolean
is_of_mesh (RtMemberPage *self, RtMeshSettings *settings)
{
  RtCertificateFile *root = rt_mesh_settings_get_file (settings, RT_MESH_ROOT);
  PCCERT_CONTEXT certificate = root != NULL ? rt_certificate_file_get_certificate (root) : NULL;

  return certificate != NULL && drt_certificate_equal (certificate, rt_authority_get_certificate (self->authority));
}

/* The own node refuses the member at once, and after a restart. */
static void
use_revoke_list (RtMemberPage *self)
{
  g_autofree char *path = rt_authority_dup_revoke_list_path (self->authority);
  g_autoptr(GSettings) stored = g_settings_new (APP_ID);
  g_autoptr(RtMeshSettings) settings = rt_mesh_settings_new ();
  g_autoptr(RtMeshSettings) current = rt_mesh_settings_copy (rt_node_get_settings (self->node));

  rt_mesh_settings_load (settings, stored);
  if (is_of_mesh (self, settings))
    g_settings_set_string (stored, "revoke-list", path);
  if (!is_of_mesh (self, current))
    return;
  g_object_set (current, "revoke-list", path, NULL);
  rt_node_set_settings (self->node, current);
  rt_node_set_revoke_list (self->node, rt_authority_get_certificate (self->authority),
                           rt_authority_get_revoke_list (self->authority));
}

static void
revoke_cb (GtkWidget *origin, RtAuthority *authority, gpointer data)
{
  RtMemberPage *self = RT_MEMBER_PAGE (origin);
  g_autoptr(GError) error = NULL;

  if (!rt_authority_revoke (authority, self->member, &error))
    {
      rt_tell_problem (origin, _("The Certificate Could Not Be Revoked"), error->message);
      return;
    }
  use_revoke_list (self);
  /* The button that was pressed is insensitive now. */
  gtk_widget_grab_focus (gtk_widget_get_ancestor (GTK_WIDGET (self->state_box), GTK_TYPE_LIST_BOX_ROW));
  gtk_widget_activate_action (origin, "win.toast", "s", _("Revoked. Now export the list"));
}

static void
response_cb (RtMemberPage *self, const char *response)
{
  if (g_str_equal (response, "revoke"))
    rt_authority_unlock_then (GTK_WIDGET (self), self->authority, revoke_cb, NULL);
}

static void
revoke_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtMemberPage *self = RT_MEMBER_PAGE (widget);
  AdwDialog *dialog = adw_alert_dialog_new (NULL, _("This cannot be undone. Every member must import the revoke list; who has not done so goes on trusting the certificate until it expires. Your own node uses the list at once."));
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);

  /* Translators: the name of a member */
  adw_alert_dialog_format_heading (alert, _("Revoke “%s”?"), rt_member_get_name (self->member));
  adw_alert_dialog_add_responses (alert, "cancel", _("_Cancel"), "revoke", _("_Revoke"), NULL);
  adw_alert_dialog_set_response_appearance (alert, "revoke", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (alert, "cancel");
  adw_alert_dialog_set_close_response (alert, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, widget);
}

static void
rt_member_page_dispose (GObject *object)
{
  RtMemberPage *self = RT_MEMBER_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_MEMBER_PAGE);
  g_clear_object (&self->authority);
  g_clear_object (&self->member);
  g_clear_object (&self->node);
  G_OBJECT_CLASS (rt_member_page_parent_class)->dispose (object);
}

static void
rt_member_page_class_init (RtMemberPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_member_page_dispose;

  g_type_ensure (RT_TYPE_FACT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/authority/rt-member-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RtMemberPage, state_box);
  gtk_widget_class_bind_template_child (widget_class, RtMemberPage, validity_row);
  gtk_widget_class_bind_template_child (widget_class, RtMemberPage, key_row);
  gtk_widget_class_bind_template_child (widget_class, RtMemberPage, serial_row);
  gtk_widget_class_install_action (widget_class, "member.renew", NULL, renew_action);
  gtk_widget_class_install_action (widget_class, "member.revoke", NULL, revoke_action);
}

static void
rt_member_page_init (RtMemberPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/** rt_member_page_new: (transfer floating) */
AdwNavigationPage *
rt_member_page_new (RtAuthority *authority, RtMember *member, RtNode *node)
{
  RtMemberPage *self = g_object_new (RT_TYPE_MEMBER_PAGE, "title", rt_member_get_name (member), NULL);

  self->authority = g_object_ref (authority);
  self->member = g_object_ref (member);
  self->node = g_object_ref (node);
  g_signal_connect_object (member, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return ADW_NAVIGATION_PAGE (self);
}
