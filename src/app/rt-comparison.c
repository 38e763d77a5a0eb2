/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-comparison.h"

#include <glib/gi18n.h>

/* Fewer neighbours are not the whole demo mesh yet. */
#define ENOUGH_NEIGHBOURS (RT_DEMO_NODES / 2)
#define MAX_KEYS          16

typedef struct
{
  RtComparisonState state;
  RtCost cost;
  char *message;
} Result;

struct _RtComparison
{
  GObject parent_instance;

  RtNode *node;
  RtDemo *demo;
  Result results[RT_COMPARISON_MODES];
  int current;                 /* mode that is waited for or measured; -1: none */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (RtComparison, rt_comparison, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_state (RtComparison *self, RtSecurityMode mode, RtComparisonState state, const char *message)
{
  self->results[mode].state = state;
  g_set_str (&self->results[mode].message, message);
  if (state != RT_COMPARISON_WAITING && state != RT_COMPARISON_MEASURING)
    self->current = -1;
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
is_in_mode (RtComparison *self, RtSecurityMode mode)
{
  RtMeshSettings *settings = rt_node_get_settings (self->node);

  return rt_node_get_state (self->node) == RT_NODE_ACTIVE
         && rt_mesh_settings_get_security_provider (settings) == RT_SECURITY_PROVIDER_DERIVED_KEY
         && rt_mesh_settings_get_security_mode (settings) == mode;
}

/* A real mesh is not left for a measurement. */
static gboolean
may_start_demo (RtComparison *self)
{
  return rt_node_get_state (self->node) == RT_NODE_CLOSED
         || rt_mesh_settings_get_loopback_only (rt_node_get_settings (self->node));
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(RtComparison) self = RT_COMPARISON (data);
  g_autoptr(GError) error = NULL;
  RtSecurityMode mode = (RtSecurityMode) self->current;

  if (rt_cost_measure_finish (result, &self->results[mode].cost, &error))
    set_state (self, mode, RT_COMPARISON_MEASURED, NULL);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_state (self, mode, RT_COMPARISON_FAILED, error->message);
}

/* What the neighbours publish is there to be found. */
static guint
collect_keys (RtComparison *self, DrtKey *keys)
{
  GListModel *neighbours = rt_node_get_neighbours (self->node);
  guint n_keys = MIN (g_list_model_get_n_items (neighbours), MAX_KEYS);

  for (guint i = 0; i < n_keys; i++)
    {
      g_autoptr(RtNeighbour) neighbour = g_list_model_get_item (neighbours, i);

      keys[i] = *rt_neighbour_get_key (neighbour);
    }
  return n_keys;
}

static void
begin (RtComparison *self)
{
  RtMeshSettings *settings = rt_node_get_settings (self->node);
  gboolean first = rt_mesh_settings_get_bootstrap_kind (settings) == RT_BOOTSTRAP_NONE;
  DrtKey keys[MAX_KEYS];
  guint n_keys = collect_keys (self, keys);

  set_state (self, (RtSecurityMode) self->current, RT_COMPARISON_MEASURING, NULL);
  rt_cost_measure_async (settings, first ? rt_node_get_endpoints (self->node) : NULL, keys, n_keys,
                         RT_COMPARISON_SEARCHES, self->cancellable, measured_cb, g_object_ref (self));
}

/* Whether the mesh is there by now that is waited for. */
static void
look (RtComparison *self)
{
  guint n_neighbours = g_list_model_get_n_items (rt_node_get_neighbours (self->node));
  gboolean demo = rt_mesh_settings_get_loopback_only (rt_node_get_settings (self->node));
  RtSecurityMode mode = (RtSecurityMode) self->current;

  if (self->current < 0 || self->results[mode].state != RT_COMPARISON_WAITING)
    g_signal_emit (self, signals[CHANGED], 0);
  else if (demo && rt_demo_get_state (self->demo) == RT_DEMO_ENDED)
    set_state (self, mode, RT_COMPARISON_FAILED, rt_demo_get_message (self->demo));
  else if (is_in_mode (self, mode) && n_neighbours >= (demo ? ENOUGH_NEIGHBOURS : 1))
    begin (self);
}

/** rt_comparison_can_measure: whether rt_comparison_measure() would begin now */
gboolean
rt_comparison_can_measure (RtComparison *self, RtSecurityMode mode)
{
  g_return_val_if_fail (RT_IS_COMPARISON (self), FALSE);
  return self->current < 0 && (is_in_mode (self, mode) || may_start_demo (self));
}

void
rt_comparison_measure (RtComparison *self, RtSecurityMode mode)
{
  g_return_if_fail (RT_IS_COMPARISON (self));

  if (!rt_comparison_can_measure (self, mode))
    return;
  self->current = (int) mode;
  set_state (self, mode, RT_COMPARISON_WAITING, NULL);
  if (!is_in_mode (self, mode))
    rt_demo_start_mode (self->demo, RT_DEMO_RESOLVE + (int) mode - RT_SECURITY_RESOLVE);
  look (self);
}

RtComparisonState
rt_comparison_get_state (RtComparison *self, RtSecurityMode mode)
{
  g_return_val_if_fail (RT_IS_COMPARISON (self), RT_COMPARISON_UNKNOWN);
  return self->results[mode].state;
}

/** rt_comparison_get_cost: (nullable): as it was measured last; %NULL: it was not */
const RtCost *
rt_comparison_get_cost (RtComparison *self, RtSecurityMode mode)
{
  g_return_val_if_fail (RT_IS_COMPARISON (self), NULL);
  return self->results[mode].cost.n_searches > 0 ? &self->results[mode].cost : NULL;
}

/** rt_comparison_get_message: (nullable): why it failed */
const char *
rt_comparison_get_message (RtComparison *self, RtSecurityMode mode)
{
  g_return_val_if_fail (RT_IS_COMPARISON (self), NULL);
  return self->results[mode].message;
}

static void
rt_comparison_dispose (GObject *object)
{
  RtComparison *self = RT_COMPARISON (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->node);
  g_clear_object (&self->demo);
  G_OBJECT_CLASS (rt_comparison_parent_class)->dispose (object);
}

static void
rt_comparison_finalize (GObject *object)
{
  RtComparison *self = RT_COMPARISON (object);

  g_object_unref (self->cancellable);
  for (guint i = 0; i < RT_COMPARISON_MODES; i++)
    g_free (self->results[i].message);
  G_OBJECT_CLASS (rt_comparison_parent_class)->finalize (object);
}

static void
rt_comparison_class_init (RtComparisonClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rt_comparison_dispose;
  G_OBJECT_CLASS (klass)->finalize = rt_comparison_finalize;

  signals[CHANGED] = g_signal_new ("changed", RT_TYPE_COMPARISON, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
rt_comparison_init (RtComparison *self)
{
  self->current = -1;
  self->cancellable = g_cancellable_new ();
}

RtComparison *
rt_comparison_new (RtNode *node, RtDemo *demo)
{
  RtComparison *self = g_object_new (RT_TYPE_COMPARISON, NULL);

  self->node = g_object_ref (node);
  self->demo = g_object_ref (demo);
  g_signal_connect_object (node, "notify::state", G_CALLBACK (look), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (rt_node_get_neighbours (node), "items-changed", G_CALLBACK (look), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (demo, "notify::state", G_CALLBACK (look), self, G_CONNECT_SWAPPED);
  return self;
}
