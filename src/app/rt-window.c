/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-window-private.h"

#include <glib/gi18n.h>

#include "rt-application.h"
#include "rt-keys-page.h"
#include "rt-neighbours-page.h"
#include "rt-node-state-look.h"
#include "rt-overview-page.h"
#include "rt-ring-page.h"
#include "rt-search-page.h"
#include "rt-time-label.h"

G_DEFINE_FINAL_TYPE (RtWindow, rt_window, ADW_TYPE_APPLICATION_WINDOW)

const RtWindowPage rt_window_pages[RT_WINDOW_N_PAGES] = {
  { "overview", N_("Overview"), "rt-page-overview-symbolic" },
  { "ring", N_("Ring"), "rt-page-ring-symbolic" },
  { "neighbours", N_("Neighbours"), "rt-page-neighbours-symbolic" },
  { "keys", N_("Keys"), "rt-page-keys-symbolic" },
  { "search", N_("Search"), "system-search-symbolic" },
};

static void
update_state (RtWindow *self)
{
  RtNodeState state = rt_node_get_state (self->node);

  rt_image_set_node_state (self->state_icon, state);
  rt_image_set_node_state (self->content_state_icon, state);
  gtk_label_set_label (self->state_label, rt_node_state_to_string (state));
  gtk_label_set_label (self->content_state_label, rt_node_state_to_string (state));
  rt_time_label_set_time (RT_TIME_LABEL (self->state_time), rt_node_get_state_since (self->node));
}

/* A mesh that was opened once, and is no demo, is there again at the next start. */
static void
remember_opened (RtWindow *self)
{
  if (rt_mesh_settings_get_loopback_only (rt_node_get_settings (self->node)))
    return;
  if (!g_settings_get_boolean (self->settings, "first-run-done"))
    g_settings_set_boolean (self->settings, "first-run-done", TRUE);
  if (!g_settings_get_boolean (self->settings, "open-at-start"))
    g_settings_set_boolean (self->settings, "open-at-start", TRUE);
}

/* For those who do not see it change. */
static void
announce_state (RtWindow *self)
{
  const char *state = rt_node_state_to_string (rt_node_get_state (self->node));
  /* Translators: said by a screen reader: the state of the node is now this one */
  g_autofree char *text = g_strdup_printf (_("Node: %s"), state);

  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
state_changed_cb (RtWindow *self)
{
  update_state (self);
  announce_state (self);
  rt_window_update_actions (self);
  if (rt_node_get_state (self->node) == RT_NODE_CLOSED)
    return;
  rt_window_show_first_start (self, FALSE);
  remember_opened (self);
  if (self->problem != NULL)
    adw_dialog_force_close (self->problem);
}

static void
demo_changed_cb (RtWindow *self)
{
  RtDemoState state = rt_demo_get_state (self->demo);

  if (state == RT_DEMO_STARTING)
    rt_window_show_first_start (self, FALSE);
  if (state == RT_DEMO_ENDED)
    {
      adw_banner_set_title (self->banner, rt_demo_get_message (self->demo));
      adw_banner_set_button_label (self->banner, _("_Restart"));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->banner), "win.start-demo");
    }
  adw_banner_set_revealed (self->banner, state == RT_DEMO_ENDED);
}

static void
select_row (RtWindow *self, const char *name)
{
  for (int i = 0; i < RT_WINDOW_N_PAGES; i++)
    if (g_str_equal (rt_window_pages[i].name, name))
      gtk_list_box_select_row (self->page_list, gtk_list_box_get_row_at_index (self->page_list, i));
}

static void
page_changed_cb (RtWindow *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->page_stack);

  if (name == NULL)
    return;
  for (guint i = 0; i < RT_WINDOW_N_PAGES; i++)
    if (g_str_equal (rt_window_pages[i].name, name))
      adw_navigation_page_set_title (self->content_page, _(rt_window_pages[i].title));
  select_row (self, name);
  if (self->settings != NULL)
    g_settings_set_string (self->settings, "last-page", name);
}

static void
row_activated_cb (RtWindow *self, GtkListBoxRow *row)
{
  rt_window_show_page (self, rt_window_pages[gtk_list_box_row_get_index (row)].name);
}

/* The arrow keys go from page to page; a narrow window stays with their list until one is activated. */
static void
row_selected_cb (RtWindow *self, GtkListBoxRow *row)
{
  if (row != NULL)
    gtk_stack_set_visible_child_name (self->page_stack, rt_window_pages[gtk_list_box_row_get_index (row)].name);
}

static GtkWidget *
create_row (const RtWindowPage *page)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = gtk_image_new_from_icon_name (page->icon);
  GtkWidget *label = gtk_label_new (_(page->title));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static void
create_pages (RtWindow *self)
{
  const GType types[RT_WINDOW_N_PAGES] = {
    RT_TYPE_OVERVIEW_PAGE,
    RT_TYPE_RING_PAGE,
    RT_TYPE_NEIGHBOURS_PAGE,
    RT_TYPE_KEYS_PAGE,
    RT_TYPE_SEARCH_PAGE,
  };

  for (guint i = 0; i < RT_WINDOW_N_PAGES; i++)
    {
      GtkWidget *page = g_object_new (types[i], NULL);

      if (g_object_class_find_property (G_OBJECT_GET_CLASS (page), "narrow") != NULL)
        g_object_bind_property (self->split_view, "collapsed", page, "narrow", G_BINDING_SYNC_CREATE);
      gtk_stack_add_named (self->page_stack, page, rt_window_pages[i].name);
      gtk_list_box_append (self->page_list, create_row (&rt_window_pages[i]));
      gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_list_box_get_row_at_index (self->page_list, (int) i)),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, _(rt_window_pages[i].title), -1);
    }
  g_object_bind_property (rt_window_get_page (self, "ring"), "selected-neighbour",
                          rt_window_get_page (self, "neighbours"), "selected-neighbour",
                          G_BINDING_BIDIRECTIONAL);
}

static void
show_split_view_content (RtWindow *self)
{
  adw_navigation_split_view_set_show_content (self->split_view, TRUE);
}

static void
writable_changed_cb (RtWindow *self)
{
  adw_banner_set_revealed (self->unstored_banner, !g_settings_is_writable (self->settings, "first-run-done"));
}

static void
restore (RtWindow *self)
{
  g_autofree char *last_page = g_settings_get_string (self->settings, "last-page");
  /* A size that cannot be stored is no reason to switch the window off. */
  GSettingsBindFlags flags = G_SETTINGS_BIND_DEFAULT | G_SETTINGS_BIND_NO_SENSITIVITY;

  g_settings_bind (self->settings, "window-width", self, "default-width", flags);
  g_settings_bind (self->settings, "window-height", self, "default-height", flags);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", flags);
  g_signal_connect_object (self->settings, "writable-changed::first-run-done", G_CALLBACK (writable_changed_cb), self,
                           G_CONNECT_SWAPPED);
  writable_changed_cb (self);
  rt_window_show_page (self, last_page);
}

static void
attach (RtWindow *self, RtApplication *application)
{
  g_autoptr(RtComparison) comparison = NULL;

  self->node = g_object_ref (rt_application_get_node (application));
  self->demo = g_object_ref (rt_application_get_demo (application));
  for (guint i = 0; i < RT_WINDOW_N_PAGES; i++)
    g_object_set (rt_window_get_page (self, rt_window_pages[i].name), "node", self->node, NULL);

  comparison = rt_comparison_new (self->node, self->demo);
  rt_overview_page_set_comparison (RT_OVERVIEW_PAGE (rt_window_get_page (self, "overview")), comparison);

  self->settings = g_object_ref (rt_application_get_settings (application));
  restore (self);
  rt_window_init_actions (self);
  g_signal_connect_object (self->node, "notify::state", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->demo, "notify::state", G_CALLBACK (demo_changed_cb), self, G_CONNECT_SWAPPED);
  rt_window_show_first_start (self, !g_settings_get_boolean (self->settings, "first-run-done"));
  update_state (self);
  show_split_view_content (self);
  if (rt_node_get_state (self->node) != RT_NODE_CLOSED)
    state_changed_cb (self);
  demo_changed_cb (self);
}

static void
rt_window_dispose (GObject *object)
{
  RtWindow *self = RT_WINDOW (object);

  g_clear_object (&self->settings);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_WINDOW);
  g_clear_object (&self->node);
  g_clear_object (&self->demo);
  G_OBJECT_CLASS (rt_window_parent_class)->dispose (object);
}

static void
rt_window_class_init (RtWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rt_window_dispose;

  g_type_ensure (RT_TYPE_TIME_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/roundtable_drt/Roundtable/rt-window.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, RtWindow, name)
  BIND (root_stack);
  BIND (toast_overlay);
  BIND (split_view);
  BIND (content_page);
  BIND (content_title);
  BIND (content_state);
  BIND (content_state_icon);
  BIND (content_state_label);
  BIND (unstored_banner);
  BIND (banner);
  BIND (page_stack);
  BIND (state_icon);
  BIND (state_label);
  BIND (state_time);
  BIND (page_list);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, page_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  rt_window_install_actions (widget_class);
}

static void
rt_window_init (RtWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  create_pages (self);
}

/** rt_window_new: the window on the node of @application */
RtWindow *
rt_window_new (RtApplication *application)
{
  RtWindow *self = g_object_new (RT_TYPE_WINDOW, "application", application, NULL);

  attach (self, application);
  return self;
}

GtkWidget *
rt_window_get_page (RtWindow *self, const char *name)
{
  return gtk_stack_get_child_by_name (self->page_stack, name);
}

RtNode *
rt_window_get_node (RtWindow *self)
{
  g_return_val_if_fail (RT_IS_WINDOW (self), NULL);
  return self->node;
}

/** rt_window_add_toast: @toast: (transfer full) */
void
rt_window_add_toast (RtWindow *self, AdwToast *toast)
{
  g_return_if_fail (RT_IS_WINDOW (self));
  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}

/** rt_window_show_page: @name: "overview", "ring", "neighbours", "keys" or "search" */
void
rt_window_show_page (RtWindow *self, const char *name)
{
  g_return_if_fail (RT_IS_WINDOW (self));

  if (rt_window_get_page (self, name) == NULL)
    return;
  gtk_stack_set_visible_child_name (self->page_stack, name);
  select_row (self, name);
  show_split_view_content (self);
}

/** rt_window_show_first_start: the ways to begin, or the pages */
void
rt_window_show_first_start (RtWindow *self, gboolean first_start)
{
  g_return_if_fail (RT_IS_WINDOW (self));
  gtk_stack_set_visible_child_name (self->root_stack, first_start ? "first-start" : "main");
}

/** rt_window_show_problem: a message that waits to be read; one of the same heading that still waits says the new body */
void
rt_window_show_problem (RtWindow *self, const char *heading, const char *body)
{
  AdwDialog *dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self));

  g_return_if_fail (RT_IS_WINDOW (self));

  if (ADW_IS_ALERT_DIALOG (dialog) && g_strcmp0 (adw_alert_dialog_get_heading (ADW_ALERT_DIALOG (dialog)), heading) == 0)
    {
      adw_alert_dialog_set_body (ADW_ALERT_DIALOG (dialog), body);
      return;
    }
  dialog = adw_alert_dialog_new (heading, body);
  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _("_Close"));
  adw_dialog_present (dialog, GTK_WIDGET (self));
}
