/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-window-private.h"

#include <drt-glib.h>
#include <glib/gi18n.h>

#include "rt-authority-dialog.h"
#include "rt-join-dialog.h"
#include "rt-mesh-settings-dialog.h"
#include "rt-neighbours-page.h"
#include "rt-register-dialog.h"
#include "rt-search-page.h"
#include "rt-unlock.h"

static void
add_toast (RtWindow *self, char *text)
{
  g_autofree char *title = g_markup_escape_text (text, -1);

  rt_window_add_toast (self, adw_toast_new (title));
  g_free (text);
}

static void
problem_closed_cb (RtWindow *self)
{
  self->problem = NULL;
}

static void
problem_response_cb (RtWindow *self, const char *response)
{
  if (g_str_equal (response, "settings"))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.mesh-settings", NULL);
}

static GtkWidget *
create_code_label (const GError *error)
{
  g_autofree char *text = g_strdup_printf ("%s, 0x%08X", drt_hresult_to_name (error->code), (guint) error->code);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  /* Or it would be what the dialog selects first. */
  gtk_widget_set_focusable (label, FALSE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dimmed");
  return label;
}

static void
show_open_problem (RtWindow *self, const GError *error)
{
  AdwDialog *dialog = adw_alert_dialog_new (_("The Node Could Not Be Opened"), error->message);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);

  if (error->domain == DRT_ERROR)
    adw_alert_dialog_set_extra_child (alert, create_code_label (error));
  adw_alert_dialog_add_responses (alert, "close", _("_Close"), "settings", _("_Mesh Settings…"), NULL);
  adw_alert_dialog_set_response_appearance (alert, "settings", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (alert, "settings");
  g_signal_connect_object (dialog, "response", G_CALLBACK (problem_response_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "closed", G_CALLBACK (problem_closed_cb), self, G_CONNECT_SWAPPED);
  self->problem = dialog;
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

/* Whoever does not unlock the certificate is told why the node stays closed. */
static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(RtWindow) self = data;
  g_autoptr(GError) error = NULL;

  rt_unlock_finish (RT_CERTIFICATE_FILE (source), result, NULL);
  self->unlocking = FALSE;
  if (self->node != NULL && rt_node_get_state (self->node) == RT_NODE_CLOSED && !rt_node_open (self->node, NULL, &error))
    show_open_problem (self, error);
}

static RtCertificateFile *
find_locked (RtMeshSettings *settings)
{
  RtCertificateFile *file = rt_mesh_settings_get_file (settings, RT_MESH_LOCAL);
  gboolean used = rt_mesh_settings_get_security_provider (settings) == RT_SECURITY_PROVIDER_DERIVED_KEY;

  return used && file != NULL && rt_certificate_file_is_locked (file) ? file : NULL;
}

static void
open_node (RtWindow *self)
{
  RtMeshSettings *settings = rt_node_get_settings (self->node);
  RtCertificateFile *locked = find_locked (settings);
  g_autoptr(GError) error = NULL;

  rt_window_show_first_start (self, FALSE);
  if (rt_mesh_settings_get_loopback_only (settings))
    rt_demo_start (self->demo);
  else if (self->unlocking)
    return;
  else if (locked != NULL)
    {
      self->unlocking = TRUE;
      rt_unlock_async (GTK_WIDGET (self), locked, NULL, unlocked_cb, g_object_ref (self));
    }
  else if (!rt_node_open (self->node, NULL, &error))
    show_open_problem (self, error);
}

static void
close_node (RtWindow *self)
{
  if (!rt_mesh_settings_get_loopback_only (rt_node_get_settings (self->node)))
    g_settings_set_boolean (self->settings, "open-at-start", FALSE);
  rt_node_close (self->node);
}

static void
open_node_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  open_node (RT_WINDOW (widget));
}

static void
close_node_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  close_node (RT_WINDOW (widget));
}

/* The switch follows the node, not the finger: where opening fails it goes back. */
static void
node_open_state_cb (GSimpleAction *action, GVariant *value, gpointer data)
{
  RtWindow *self = RT_WINDOW (data);

  if (g_variant_get_boolean (value))
    open_node (self);
  else
    close_node (self);
  rt_window_update_actions (self);
}

static void
start_demo_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);

  rt_window_show_page (self, "overview");
  rt_demo_start (self->demo);
}

static void
start_demo_mode_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);
  RtDemoMode mode;

  if (!rt_demo_mode_parse (g_variant_get_string (parameter, NULL), &mode))
    return;
  rt_window_show_page (self, "overview");
  rt_demo_start_mode (self->demo, mode);
}

static void
present_settings (RtWindow *self, RtMeshSettings *settings)
{
  adw_dialog_present (rt_mesh_settings_dialog_new (self->node, settings), GTK_WIDGET (self));
}

/* What the node has unlocked nobody has to unlock again. */
static void
share_files (RtMeshSettings *settings, RtMeshSettings *others)
{
  for (guint i = 0; i < RT_MESH_N_FILES; i++)
    {
      RtCertificateFile *file = rt_mesh_settings_get_file (settings, (RtMeshFile) i);
      RtCertificateFile *other = rt_mesh_settings_get_file (others, (RtMeshFile) i);

      if (file != NULL && other != NULL
          && g_str_equal (rt_certificate_file_get_path (file), rt_certificate_file_get_path (other)))
        rt_mesh_settings_set_file (settings, (RtMeshFile) i, other);
    }
}

/* What is stored; in the demo the node itself has other settings. */
static RtMeshSettings *
load_settings (RtWindow *self)
{
  RtMeshSettings *settings = rt_mesh_settings_new ();

  rt_mesh_settings_load (settings, self->settings);
  share_files (settings, rt_node_get_settings (self->node));
  return settings;
}

static void
mesh_settings_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr(RtMeshSettings) settings = load_settings (RT_WINDOW (widget));

  present_settings (RT_WINDOW (widget), settings);
}

static void
join_mesh_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr(RtMeshSettings) settings = load_settings (RT_WINDOW (widget));

  if (rt_mesh_settings_get_bootstrap_kind (settings) == RT_BOOTSTRAP_NONE)
    g_object_set (settings, "bootstrap-kind", RT_BOOTSTRAP_LIST, NULL);
  present_settings (RT_WINDOW (widget), settings);
}

static void
present_authorities (RtWindow *self)
{
  g_autoptr(RtAuthorityStore) store = rt_authority_store_new (NULL);
  g_autofree char *problem = rt_authority_store_load (store);

  adw_dialog_present (rt_authority_dialog_new (store, self->node), GTK_WIDGET (self));
  if (problem != NULL)
    rt_window_show_problem (self, _("An Authority Could Not Be Read"), problem);
}

static void
mesh_authority_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  present_authorities (RT_WINDOW (widget));
}

static void
start_mesh_response_cb (RtWindow *self, const char *response)
{
  if (g_str_equal (response, "members"))
    present_authorities (self);
  else if (g_str_equal (response, "other"))
    {
      g_autoptr(RtMeshSettings) settings = load_settings (self);

      g_object_set (settings, "bootstrap-kind", RT_BOOTSTRAP_NONE, NULL);
      present_settings (self, settings);
    }
}

static void
start_mesh_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (_("Who May Be in the Mesh?"), NULL));

  adw_alert_dialog_set_body (dialog, _("In a mesh of members you decide: a mesh authority of your own issues their certificates, and invites them. Otherwise you choose everything yourself in the mesh settings."));
  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"), "other", _("Mesh _Settings…"), "members", _("_Members Only…"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "members", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (dialog, "members");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (start_mesh_response_cb), widget, G_CONNECT_SWAPPED);
  adw_dialog_present (ADW_DIALOG (dialog), widget);
}

static void
accept_invitation_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);

  adw_dialog_present (rt_join_dialog_new (self->node, g_variant_get_string (parameter, NULL)), widget);
}

/* What the authority made for this computer is where the settings name it; the rest is for the person to look at. */
static void
start_secure_mesh_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);
  g_autoptr(RtMeshSettings) settings = load_settings (self);
  const char *root, *certificate;
  AdwDialog *dialog;

  g_variant_get (parameter, "(&s&s)", &root, &certificate);
  g_object_set (settings,
                "bootstrap-kind", RT_BOOTSTRAP_NONE,
                "security-mode", RT_SECURITY_MEMBERSHIP,
                "security-provider", RT_SECURITY_PROVIDER_DERIVED_KEY,
                "root-certificate", root,
                "local-certificate", certificate,
                "revoke-list", "",
                NULL);
  dialog = rt_mesh_settings_dialog_new (self->node, settings);
  rt_mesh_settings_dialog_register_own_key (RT_MESH_SETTINGS_DIALOG (dialog));
  adw_dialog_present (dialog, widget);
}

static void
register_key_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);

  adw_dialog_present (rt_register_dialog_new (self->node), widget);
}

static void
show_page_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rt_window_show_page (RT_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
search_key_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);

  rt_window_show_page (self, "search");
  rt_search_page_search (RT_SEARCH_PAGE (rt_window_get_page (self, "search")),
                         g_variant_get_string (parameter, NULL), RT_SEARCH_EXACT);
}

static RtNeighbour *
find_neighbour (RtWindow *self, GVariant *parameter)
{
  DrtKey key;

  if (!drt_key_parse (g_variant_get_string (parameter, NULL), &key))
    return NULL;
  return rt_node_find_neighbour (self->node, &key);
}

static void
select_neighbour_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);
  RtNeighbour *neighbour = find_neighbour (self, parameter);

  if (neighbour == NULL)
    add_toast (self, g_strdup (_("This key is not in the cache")));
  else
    g_object_set (rt_window_get_page (self, "neighbours"), "selected-neighbour", neighbour, NULL);
}

static void
inquire_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);
  RtNeighbour *neighbour = find_neighbour (self, parameter);

  if (neighbour == NULL)
    {
      add_toast (self, g_strdup (_("This key is not in the cache any more")));
      return;
    }
  rt_node_inquire (self->node, neighbour);
  add_toast (self, g_strdup_printf (_("%s was asked to prove its key"), rt_neighbour_get_key_short (neighbour)));
}

static void
drop_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);
  RtNeighbour *neighbour = find_neighbour (self, parameter);
  char *text;

  if (neighbour == NULL)
    return;
  text = g_strdup_printf (_("%s was dropped from the cache"), rt_neighbour_get_key_short (neighbour));
  rt_node_drop (self->node, neighbour);
  add_toast (self, text);
}

static void
copy_text_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *text = g_variant_get_string (parameter, NULL);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  add_toast (RT_WINDOW (widget), g_strdup (_("Copied")));
}

static void
toast_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  add_toast (RT_WINDOW (widget), g_variant_dup_string (parameter, NULL));
}

static void
focus_search_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RtWindow *self = RT_WINDOW (widget);
  const char *page = gtk_stack_get_visible_child_name (self->page_stack);

  if (g_strcmp0 (page, "search") == 0)
    {
      rt_search_page_focus_entry (RT_SEARCH_PAGE (rt_window_get_page (self, "search")));
      return;
    }
  rt_window_show_page (self, "neighbours");
  rt_neighbours_page_focus_search (RT_NEIGHBOURS_PAGE (rt_window_get_page (self, "neighbours")));
}

void
rt_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.open-node", NULL, open_node_cb);
  gtk_widget_class_install_action (widget_class, "win.close-node", NULL, close_node_cb);
  gtk_widget_class_install_action (widget_class, "win.start-demo", NULL, start_demo_cb);
  gtk_widget_class_install_action (widget_class, "win.start-demo-mode", "s", start_demo_mode_cb);
  gtk_widget_class_install_action (widget_class, "win.mesh-settings", NULL, mesh_settings_cb);
  gtk_widget_class_install_action (widget_class, "win.join-mesh", NULL, join_mesh_cb);
  gtk_widget_class_install_action (widget_class, "win.start-mesh", NULL, start_mesh_cb);
  gtk_widget_class_install_action (widget_class, "win.mesh-authority", NULL, mesh_authority_cb);
  gtk_widget_class_install_action (widget_class, "win.accept-invitation", "s", accept_invitation_cb);
  gtk_widget_class_install_action (widget_class, "win.start-secure-mesh", "(ss)", start_secure_mesh_cb);
  gtk_widget_class_install_action (widget_class, "win.register-key", NULL, register_key_cb);
  gtk_widget_class_install_action (widget_class, "win.show-page", "s", show_page_cb);
  gtk_widget_class_install_action (widget_class, "win.search-key", "s", search_key_cb);
  gtk_widget_class_install_action (widget_class, "win.select-neighbour", "s", select_neighbour_cb);
  gtk_widget_class_install_action (widget_class, "win.inquire", "s", inquire_cb);
  gtk_widget_class_install_action (widget_class, "win.drop", "s", drop_cb);
  gtk_widget_class_install_action (widget_class, "win.copy-text", "s", copy_text_cb);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_cb);
  gtk_widget_class_install_action (widget_class, "win.focus-search", NULL, focus_search_cb);
}

/* The one action with a state of its own, for the switch. */
void
rt_window_init_actions (RtWindow *self)
{
  g_autoptr(GSimpleAction) action = g_simple_action_new_stateful ("node-open", NULL, g_variant_new_boolean (FALSE));

  g_signal_connect_object (action, "change-state", G_CALLBACK (node_open_state_cb), self, 0);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
  rt_window_update_actions (self);
}

/** rt_window_update_actions: after the state of the node has changed */
void
rt_window_update_actions (RtWindow *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "node-open");
  gboolean open = rt_node_get_state (self->node) != RT_NODE_CLOSED;

  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (open));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.open-node", !open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.close-node", open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.inquire", open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.drop", open);
}
