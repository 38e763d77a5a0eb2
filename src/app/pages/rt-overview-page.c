/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-overview-page.h"

#include <drt-observe.h>
#include <glib/gi18n.h>

#include "rt-certificate-actions.h"
#include "rt-check-row.h"
#include "rt-clock.h"
#include "rt-cost-group.h"
#include "rt-event-row.h"
#include "rt-fact-row.h"
#include "rt-neighbour-text.h"
#include "rt-node-state-look.h"
#include "rt-security-words.h"
#include "rt-stat-tile.h"
#include "rt-time-label.h"
#include "rt-traffic-graph.h"

#define N_EVENTS 8

struct _RtOverviewPage
{
  AdwBin parent_instance;

  RtNode *node;
  GSignalGroup *node_signals;
  GSignalGroup *neighbours_signals;
  GSignalGroup *registrations_signals;
  GSignalGroup *events_signals;
  GListStore *recent;         /* RtEvent, the newest first */
  guint update;

  GtkImage *state_icon;
  GtkLabel *state_label;
  RtTimeLabel *state_time;
  GtkLabel *state_explanation;
  GtkButton *hero_button;
  AdwPreferencesGroup *checklist;
  RtCheckRow *checks[RT_N_CHECKS];
  RtStatTile *uptime;
  RtStatTile *mesh_size;
  RtStatTile *n_neighbours;
  RtStatTile *leaf_set;
  RtStatTile *n_keys;
  RtStatTile *messages_in;
  RtStatTile *messages_out;
  RtStatTile *errors;
  RtTrafficGraph *graph;
  RtFactRow *addresses_row;
  RtFactRow *instance_row;
  AdwActionRow *security_row;
  RtCostGroup *cost_group;
  GtkListBox *event_list;
};

G_DEFINE_FINAL_TYPE (RtOverviewPage, rt_overview_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_NODE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update_hero (RtOverviewPage *self, RtNodeState state)
{
  const char *label = NULL, *action = NULL;

  rt_image_set_node_state (self->state_icon, state);
  gtk_label_set_label (self->state_label, rt_node_state_to_string (state));
  rt_time_label_set_time (self->state_time, rt_node_get_state_since (self->node));
  gtk_label_set_label (self->state_explanation, rt_node_state_to_explanation (state));

  if (state == RT_NODE_CLOSED)
    {
      label = _("Open the Node");
      action = "win.open-node";
    }
  else if (state == RT_NODE_FAULTED)
    {
      label = _("Close the Node");
      action = "win.close-node";
    }
  gtk_widget_set_visible (GTK_WIDGET (self->hero_button), label != NULL);
  if (label == NULL)
    return;
  gtk_button_set_label (self->hero_button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->hero_button), action);
  if (state == RT_NODE_CLOSED)
    gtk_widget_add_css_class (GTK_WIDGET (self->hero_button), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->hero_button), "suggested-action");
}

static void
set_count (RtStatTile *tile, guint64 count, const char *detail)
{
  /* The apostrophe asks for the separators of thousands of the locale. */
  g_autofree char *text = g_strdup_printf ("%'" G_GUINT64_FORMAT, count);

  rt_stat_tile_set (tile, text, detail);
}

static void
set_messages (RtStatTile *tile, guint64 count, guint64 bytes)
{
  g_autofree char *size = g_format_size (bytes);

  set_count (tile, count, size);
}

static guint
count_registered (RtOverviewPage *self)
{
  GListModel *registrations = rt_node_get_registrations (self->node);
  guint n_registered = 0;

  for (guint i = 0; i < g_list_model_get_n_items (registrations); i++)
    {
      g_autoptr(RtRegistration) registration = g_list_model_get_item (registrations, i);

      if (rt_registration_get_state (registration) == RT_REGISTRATION_REGISTERED)
        n_registered++;
    }
  return n_registered;
}

static void
update_keys (RtOverviewPage *self, gboolean open)
{
  guint n_keys = g_list_model_get_n_items (rt_node_get_registrations (self->node));
  g_autofree char *registered = g_strdup_printf (ngettext ("%u registered", "%u registered", count_registered (self)),
                                                 count_registered (self));
  g_autofree char *fill = g_strdup_printf (_("%u of %u"), rt_node_get_n_leaves (self->node),
                                           n_keys * 2 * DRT_LEAF_SET_SIDE);

  set_count (self->n_keys, n_keys, registered);
  if (open && n_keys > 0)
    rt_stat_tile_set (self->leaf_set, fill, _("places filled"));
  else
    rt_stat_tile_set (self->leaf_set, NULL, _("places filled"));
}

static void
update_tiles (RtOverviewPage *self, RtNodeState state)
{
  gboolean open = state != RT_NODE_CLOSED;
  double mesh_size = rt_node_get_mesh_size (self->node);
  guint64 errors = rt_node_get_errors (self->node);
  g_autofree char *size = g_strdup_printf ("≈ %'.0f", mesh_size);

  rt_stat_tile_set (self->mesh_size, open && mesh_size >= 1 ? size : NULL, _("keys, estimated"));
  if (open)
    set_count (self->n_neighbours, g_list_model_get_n_items (rt_node_get_neighbours (self->node)), _("in the cache"));
  else
    rt_stat_tile_set (self->n_neighbours, NULL, _("in the cache"));
  update_keys (self, open);
  set_messages (self->messages_in, rt_node_get_messages_in (self->node), rt_node_get_bytes_in (self->node));
  set_messages (self->messages_out, rt_node_get_messages_out (self->node), rt_node_get_bytes_out (self->node));
  set_count (self->errors, errors, errors == 0 ? _("all is well") : _("refused or unanswered"));
}

static char *
format_uptime (gint64 span)
{
  gint64 seconds = span / G_USEC_PER_SEC;

  if (seconds < 3600)
    return g_strdup_printf (_("%d:%02d min"), (int) (seconds / 60), (int) (seconds % 60));
  if (seconds < 86400)
    return g_strdup_printf (_("%d:%02d h"), (int) (seconds / 3600), (int) (seconds / 60 % 60));
  return rt_text_span (span);
}

static void
update_uptime (GtkWidget *widget, gint64 now)
{
  RtOverviewPage *self = RT_OVERVIEW_PAGE (widget);
  gint64 opened = self->node != NULL ? rt_node_get_opened (self->node) : 0;
  gint64 real = g_get_real_time () - (now - opened);
  g_autoptr(GDateTime) date = opened > 0 ? g_date_time_new_from_unix_local_usec (real) : NULL;
  g_autofree char *clock = date != NULL ? g_date_time_format (date, "%H:%M") : NULL;
  g_autofree char *detail = clock != NULL ? g_strdup_printf (_("since %s"), clock) : NULL;
  g_autofree char *text = opened > 0 ? format_uptime (MAX (now - opened, 0)) : NULL;

  rt_stat_tile_set (self->uptime, text, detail);
}

static char *
security_to_words (RtMeshSettings *settings)
{
  if (rt_mesh_settings_get_security_provider (settings) == RT_SECURITY_PROVIDER_NULL)
    return g_strdup (_("Null provider: no proof and no encryption, for laboratories only"));
  /* Translators: “Membership: only members get an answer”, and “2.0” */
  return g_strdup_printf (_("%s\nDerived key provider, profile %s"),
                          rt_security_mode_to_words (rt_mesh_settings_get_security_mode (settings)),
                          rt_profile_to_string (rt_mesh_settings_get_profile (settings)));
}

static void
update_facts (RtOverviewPage *self)
{
  g_autofree char *addresses = g_strjoinv ("\n", (char **) rt_node_get_endpoints (self->node));
  g_autofree char *security = security_to_words (rt_node_get_settings (self->node));

  rt_fact_row_set_value (self->addresses_row, addresses);
  rt_fact_row_set_value (self->instance_row, rt_node_get_instance_name (self->node));
  adw_action_row_set_subtitle (self->security_row, security);
}

static void
update_checklist (RtOverviewPage *self, RtNodeState state)
{
  gboolean hidden = state == RT_NODE_ACTIVE
                    || (state == RT_NODE_CLOSED && rt_node_get_open_error (self->node) == NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->checklist), !hidden);
  for (guint i = 0; i < RT_N_CHECKS; i++)
    rt_check_row_update (self->checks[i], self->node);
}

static void
update (RtOverviewPage *self)
{
  RtNodeState state = rt_node_get_state (self->node);

  update_hero (self, state);
  update_checklist (self, state);
  update_tiles (self, state);
  update_facts (self);
  update_uptime (GTK_WIDGET (self), g_get_monotonic_time ());
}

static gboolean
update_cb (gpointer data)
{
  RtOverviewPage *self = RT_OVERVIEW_PAGE (data);

  self->update = 0;
  if (self->node != NULL)
    update (self);
  return G_SOURCE_REMOVE;
}

/* Many properties change at once: they are shown once. */
static void
queue_update (RtOverviewPage *self)
{
  if (self->update == 0)
    self->update = g_idle_add (update_cb, self);
}

/* The journal only grows at its end, and is cut at its beginning. */
static void
events_changed_cb (RtOverviewPage *self, guint position, guint removed, guint added, GListModel *events)
{
  guint n_events = g_list_model_get_n_items (events);
  guint n_recent;

  if (position + added < n_events)
    return;
  for (guint i = position; i < n_events; i++)
    {
      g_autoptr(RtEvent) event = g_list_model_get_item (events, i);

      g_list_store_insert (self->recent, 0, event);
    }
  n_recent = g_list_model_get_n_items (G_LIST_MODEL (self->recent));
  if (n_recent > N_EVENTS)
    g_list_store_splice (self->recent, N_EVENTS, n_recent - N_EVENTS, NULL, 0);
}

static void
fill_recent (RtOverviewPage *self, GListModel *events)
{
  guint n_events = g_list_model_get_n_items (events);

  g_list_store_remove_all (self->recent);
  for (guint i = n_events > N_EVENTS ? n_events - N_EVENTS : 0; i < n_events; i++)
    {
      g_autoptr(RtEvent) event = g_list_model_get_item (events, i);

      g_list_store_insert (self->recent, 0, event);
    }
}

static void
event_activated_cb (RtOverviewPage *self, GtkListBoxRow *row)
{
  RtEvent *event = RT_IS_EVENT_ROW (row) ? rt_event_row_get_event (RT_EVENT_ROW (row)) : NULL;

  if (event != NULL)
    rt_certificate_actions_show_event (GTK_WIDGET (self), self->node, event);
}

static GtkWidget *
create_event_row (gpointer item, gpointer data)
{
  return rt_event_row_new (RT_EVENT (item));
}

static void
rt_overview_page_dispose (GObject *object)
{
  RtOverviewPage *self = RT_OVERVIEW_PAGE (object);

  g_clear_handle_id (&self->update, g_source_remove);
  g_clear_object (&self->node_signals);
  g_clear_object (&self->neighbours_signals);
  g_clear_object (&self->registrations_signals);
  g_clear_object (&self->events_signals);
  g_clear_object (&self->recent);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_OVERVIEW_PAGE);
  G_OBJECT_CLASS (rt_overview_page_parent_class)->dispose (object);
}

static void
rt_overview_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtOverviewPage *self = RT_OVERVIEW_PAGE (object);

  switch (id)
    {
    case PROP_NODE: g_value_set_object (value, self->node); break;
    default:        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_overview_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RtOverviewPage *self = RT_OVERVIEW_PAGE (object);

  switch (id)
    {
    case PROP_NODE: rt_overview_page_set_node (self, g_value_get_object (value)); break;
    default:        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_overview_page_class_init (RtOverviewPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rt_overview_page_dispose;
  object_class->get_property = rt_overview_page_get_property;
  object_class->set_property = rt_overview_page_set_property;

  properties[PROP_NODE] = g_param_spec_object ("node", NULL, NULL, RT_TYPE_NODE,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (RT_TYPE_COST_GROUP);
  g_type_ensure (RT_TYPE_FACT_ROW);
  g_type_ensure (RT_TYPE_STAT_TILE);
  g_type_ensure (RT_TYPE_TIME_LABEL);
  g_type_ensure (RT_TYPE_TRAFFIC_GRAPH);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/pages/rt-overview-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, RtOverviewPage, name)
  BIND (state_icon);
  BIND (state_label);
  BIND (state_time);
  BIND (state_explanation);
  BIND (hero_button);
  BIND (checklist);
  BIND (uptime);
  BIND (mesh_size);
  BIND (n_neighbours);
  BIND (leaf_set);
  BIND (n_keys);
  BIND (messages_in);
  BIND (messages_out);
  BIND (errors);
  BIND (graph);
  BIND (addresses_row);
  BIND (instance_row);
  BIND (security_row);
  BIND (cost_group);
  BIND (event_list);
#undef BIND
  gtk_widget_class_bind_template_callback (GTK_WIDGET_CLASS (klass), event_activated_cb);
}

static void
rt_overview_page_init (RtOverviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; i < RT_N_CHECKS; i++)
    {
      GtkWidget *row = rt_check_row_new ((RtCheckKind) i);

      self->checks[i] = RT_CHECK_ROW (row);
      adw_preferences_group_add (self->checklist, row);
    }

  self->recent = g_list_store_new (RT_TYPE_EVENT);
  gtk_list_box_bind_model (self->event_list, G_LIST_MODEL (self->recent), create_event_row, NULL, NULL);

  self->node_signals = g_signal_group_new (RT_TYPE_NODE);
  g_signal_group_connect_swapped (self->node_signals, "notify", G_CALLBACK (queue_update), self);
  self->neighbours_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->neighbours_signals, "items-changed", G_CALLBACK (queue_update), self);
  self->registrations_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->registrations_signals, "items-changed", G_CALLBACK (queue_update), self);
  self->events_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->events_signals, "items-changed", G_CALLBACK (events_changed_cb), self);

  rt_clock_follow (GTK_WIDGET (self), update_uptime);
}

/**
 * rt_overview_page_set_node:
 * @node: (nullable): the node shown
 */
void
rt_overview_page_set_node (RtOverviewPage *self, RtNode *node)
{
  g_return_if_fail (RT_IS_OVERVIEW_PAGE (self));

  if (!g_set_object (&self->node, node))
    return;
  g_signal_group_set_target (self->node_signals, node);
  g_signal_group_set_target (self->neighbours_signals, node != NULL ? rt_node_get_neighbours (node) : NULL);
  g_signal_group_set_target (self->registrations_signals, node != NULL ? rt_node_get_registrations (node) : NULL);
  g_signal_group_set_target (self->events_signals, node != NULL ? rt_node_get_events (node) : NULL);
  rt_traffic_graph_set_traffic (self->graph, node != NULL ? rt_node_get_traffic (node) : NULL);
  if (node != NULL)
    {
      fill_recent (self, rt_node_get_events (node));
      update (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NODE]);
}

/** rt_overview_page_set_comparison: what it knows of the cost of searches; may be set once */
void
rt_overview_page_set_comparison (RtOverviewPage *self, RtComparison *comparison)
{
  g_return_if_fail (RT_IS_OVERVIEW_PAGE (self));
  rt_cost_group_set_comparison (self->cost_group, comparison);
}
