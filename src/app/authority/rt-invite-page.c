/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-invite-page.h"

#include <drt-invitation.h>
#include <glib/gi18n.h>

#include "rt-choose-file.h"
#include "rt-fact-row.h"
#include "rt-problem-row.h"
#include "rt-qr-view.h"

#define PNG_SCALE 8

struct _RtInvitePage
{
  AdwNavigationPage parent_instance;

  AdwEntryRow *name_row;
  AdwComboRow *mode_row;
  AdwEntryRow *bootstrap_row;
  RtProblemRow *problem;
  AdwPreferencesGroup *code_group;
  GtkWidget *save_button;
  RtQrView *qr_view;
  GtkLabel *link_label;
  RtFactRow *fingerprint_row;

  RtAuthority *authority;
  RtNode *node;
  char *link;                /* NULL while what is asked for makes none */
};

G_DEFINE_FINAL_TYPE (RtInvitePage, rt_invite_page, ADW_TYPE_NAVIGATION_PAGE)

static GStrv
dup_bootstrap (RtInvitePage *self)
{
  g_auto(GStrv) words = g_strsplit_set (gtk_editable_get_text (GTK_EDITABLE (self->bootstrap_row)), " ,\t\n", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_strv_builder_add (builder, words[i]);
  return g_strv_builder_end (builder);
}

static char *
make_link (RtInvitePage *self, GError **error)
{
  RtMeshSettings *settings = rt_node_get_settings (self->node);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
  g_auto(GStrv) bootstrap = dup_bootstrap (self);
  g_autoptr(DrtInvitation) invitation = NULL;

  /* The rows of the list are in the order of the enumeration. */
  invitation = drt_invitation_new (name, rt_authority_get_certificate (self->authority),
                                   (DRT_SECURITY_MODE) adw_combo_row_get_selected (self->mode_row),
                                   (guint8) rt_mesh_settings_get_protocol_major (settings),
                                   (guint8) rt_mesh_settings_get_protocol_minor (settings),
                                   (const char *const *) bootstrap, 0, error);
  return invitation != NULL ? drt_invitation_to_link (invitation, error) : NULL;
}

/* The field an error is about. */
static GtkWidget *
find_field (RtInvitePage *self, const GError *error)
{
  if (g_error_matches (error, DRT_INVITATION_ERROR, DRT_INVITATION_ERROR_NAME))
    return GTK_WIDGET (self->name_row);
  if (g_error_matches (error, DRT_INVITATION_ERROR, DRT_INVITATION_ERROR_ENDPOINT))
    return GTK_WIDGET (self->bootstrap_row);
  return NULL;
}

static void
changed_cb (RtInvitePage *self)
{
  g_autoptr(GError) error = NULL;
  RtQrCode *code = NULL;

  if (self->authority == NULL)
    return;
  g_free (self->link);
  self->link = make_link (self, &error);
  if (self->link != NULL)
    code = rt_qr_code_new (self->link, &error);

  rt_problem_row_clear (self->problem);
  g_object_set (self->problem, "field", error != NULL ? find_field (self, error) : NULL, NULL);
  if (error != NULL)
    rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, S_OK, error->message);

  gtk_widget_set_visible (GTK_WIDGET (self->code_group), self->link != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->qr_view), code != NULL);
  gtk_widget_set_sensitive (self->save_button, code != NULL);
  rt_qr_view_take_code (self->qr_view, code);
  gtk_label_set_label (self->link_label, self->link != NULL ? self->link : "");
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtInvitePage *self = RT_INVITE_PAGE (widget);

  if (self->link != NULL)
    gtk_widget_activate_action (widget, "win.copy-text", "s", self->link);
}

static void
save_png_cb (GtkWidget *origin, const char *path, gpointer data)
{
  g_autoptr(GdkTexture) texture = rt_qr_code_to_texture (rt_qr_view_get_code (RT_INVITE_PAGE (origin)->qr_view), PNG_SCALE);

  if (gdk_texture_save_to_png (texture, path))
    gtk_widget_activate_action (origin, "win.toast", "s", _("Saved"));
  else
    rt_tell_problem (origin, _("The File Could Not Be Saved"), _("The place may be read-only or full."));
}

static void
save_png_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *name = rt_file_name (rt_authority_get_name (RT_INVITE_PAGE (widget)->authority), ".png");

  rt_choose_file_to_save (widget, _("Save QR Code"), name, save_png_cb, NULL, NULL);
}

static void
save_svg_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtInvitePage *self = RT_INVITE_PAGE (widget);
  g_autofree char *name = rt_file_name (rt_authority_get_name (self->authority), ".svg");
  g_autofree char *svg = rt_qr_code_to_svg (rt_qr_view_get_code (self->qr_view));

  rt_save_text_as (widget, _("Save QR Code"), name, svg);
}

static void
rt_invite_page_dispose (GObject *object)
{
  RtInvitePage *self = RT_INVITE_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_INVITE_PAGE);
  g_clear_object (&self->authority);
  g_clear_object (&self->node);
  g_clear_pointer (&self->link, g_free);
  G_OBJECT_CLASS (rt_invite_page_parent_class)->dispose (object);
}

static void
rt_invite_page_class_init (RtInvitePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_invite_page_dispose;

  g_type_ensure (RT_TYPE_FACT_ROW);
  g_type_ensure (RT_TYPE_PROBLEM_ROW);
  g_type_ensure (RT_TYPE_QR_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/authority/rt-invite-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, RtInvitePage, name)
  BIND (name_row);
  BIND (mode_row);
  BIND (bootstrap_row);
  BIND (problem);
  BIND (code_group);
  BIND (save_button);
  BIND (qr_view);
  BIND (link_label);
  BIND (fingerprint_row);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_install_action (widget_class, "invite.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "invite.save-png", NULL, save_png_action);
  gtk_widget_class_install_action (widget_class, "invite.save-svg", NULL, save_svg_action);
}

static void
rt_invite_page_init (RtInvitePage *self)
{
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  /* A hyphen would look like a part of the link. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (self->link_label, attributes);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->qr_view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("QR code of the invitation"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _("Holds the same link as the button “Copy Link” copies"),
                                  -1);
}

/* Where the mesh runs here, its node is one to begin with, and its mode the one that is meant. */
static void
propose (RtInvitePage *self)
{
  RtMeshSettings *settings = rt_node_get_settings (self->node);
  gboolean secure = rt_mesh_settings_get_security_provider (settings) != RT_SECURITY_PROVIDER_NULL;
  g_autofree char *endpoints = g_strjoinv (" ", (char **) rt_node_get_endpoints (self->node));

  gtk_editable_set_text (GTK_EDITABLE (self->bootstrap_row), endpoints);
  adw_combo_row_set_selected (self->mode_row, secure ? (guint) rt_mesh_settings_get_security_mode (settings) : RT_SECURITY_MEMBERSHIP);
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), rt_authority_get_name (self->authority));
}

/**
 * rt_invite_page_new:
 * @node: whose addresses are proposed
 *
 * Returns: (transfer floating)
 */
AdwNavigationPage *
rt_invite_page_new (RtAuthority *authority, RtNode *node)
{
  RtInvitePage *self = g_object_new (RT_TYPE_INVITE_PAGE, NULL);
  g_autofree char *fingerprint = drt_fingerprint_to_groups (rt_authority_get_fingerprint (authority), TRUE);

  self->node = g_object_ref (node);
  self->authority = g_object_ref (authority);
  rt_fact_row_set_value (self->fingerprint_row, fingerprint);
  propose (self);
  changed_cb (self);
  return ADW_NAVIGATION_PAGE (self);
}
