/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-node-private.h"

#include <drt-glib.h>

G_DEFINE_FINAL_TYPE (RtNode, rt_node, G_TYPE_OBJECT)

static GParamSpec *properties[RT_NODE_N_PROPS];

static void
rt_node_dispose (GObject *object)
{
  RtNode *self = RT_NODE (object);

  rt_node_close (self);
  G_OBJECT_CLASS (rt_node_parent_class)->dispose (object);
}

static void
rt_node_finalize (GObject *object)
{
  RtNode *self = RT_NODE (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->neighbours);
  g_clear_object (&self->registrations);
  g_clear_object (&self->events);
  g_clear_object (&self->searches);
  g_clear_object (&self->refusals);
  g_clear_object (&self->traffic);
  g_strfreev (self->endpoints);
  g_free (self->instance_name);
  g_clear_error (&self->open_error);
  G_OBJECT_CLASS (rt_node_parent_class)->finalize (object);
}

static void
rt_node_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtNode *self = RT_NODE (object);

  switch ((RtNodeProp) id)
    {
    case RT_NODE_PROP_STATE:            g_value_set_enum (value, (int) self->state); break;
    case RT_NODE_PROP_STATE_SINCE:      g_value_set_int64 (value, self->state_since); break;
    case RT_NODE_PROP_FAULT:            g_value_set_uint (value, (guint) self->fault); break;
    case RT_NODE_PROP_SETTINGS:         g_value_set_object (value, self->settings); break;
    case RT_NODE_PROP_OPENED:           g_value_set_int64 (value, self->opened); break;
    case RT_NODE_PROP_NEIGHBOURS:       g_value_set_object (value, self->neighbours); break;
    case RT_NODE_PROP_REGISTRATIONS:    g_value_set_object (value, self->registrations); break;
    case RT_NODE_PROP_EVENTS:           g_value_set_object (value, self->events); break;
    case RT_NODE_PROP_SEARCHES:         g_value_set_object (value, self->searches); break;
    case RT_NODE_PROP_REFUSALS:         g_value_set_object (value, self->refusals); break;
    case RT_NODE_PROP_TRAFFIC:          g_value_set_object (value, self->traffic); break;
    case RT_NODE_PROP_MESH_SIZE:        g_value_set_double (value, self->mesh_size); break;
    case RT_NODE_PROP_N_LEAVES:         g_value_set_uint (value, self->n_leaves); break;
    case RT_NODE_PROP_MESSAGES_IN:      g_value_set_uint64 (value, self->messages_in); break;
    case RT_NODE_PROP_MESSAGES_OUT:     g_value_set_uint64 (value, self->messages_out); break;
    case RT_NODE_PROP_BYTES_IN:         g_value_set_uint64 (value, self->bytes_in); break;
    case RT_NODE_PROP_BYTES_OUT:        g_value_set_uint64 (value, self->bytes_out); break;
    case RT_NODE_PROP_ERRORS:           g_value_set_uint64 (value, self->errors); break;
    case RT_NODE_PROP_PORT:             g_value_set_uint (value, self->port); break;
    case RT_NODE_PROP_ENDPOINT:         g_value_set_string (value, rt_node_get_endpoint (self)); break;
    case RT_NODE_PROP_ENDPOINTS:        g_value_set_boxed (value, self->endpoints); break;
    case RT_NODE_PROP_INSTANCE_NAME:    g_value_set_string (value, self->instance_name); break;
    case RT_NODE_PROP_BOOTSTRAP_RESULT: g_value_set_uint (value, (guint) self->bootstrap_result); break;
    case RT_NODE_PROP_N_BOOTSTRAP_ADDRESSES: g_value_set_uint (value, self->n_bootstrap_addresses); break;
    case RT_NODE_PROP_OPEN_ERROR:       g_value_set_boxed (value, self->open_error); break;
    case RT_NODE_PROP_0:
    case RT_NODE_N_PROPS:
    default:                            G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_node_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RtNode *self = RT_NODE (object);

  if (id == RT_NODE_PROP_SETTINGS)
    rt_node_set_settings (self, g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

#define READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define READ_WRITE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define UINT(name)   g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT, 0, READ)
#define UINT64(name) g_param_spec_uint64 (name, NULL, NULL, 0, G_MAXUINT64, 0, READ)
#define TIME(name)   g_param_spec_int64 (name, NULL, NULL, 0, G_MAXINT64, 0, READ)
#define STRING(name) g_param_spec_string (name, NULL, NULL, NULL, READ)
#define LIST(name)   g_param_spec_object (name, NULL, NULL, G_TYPE_LIST_MODEL, READ)

static void
rt_node_class_init (RtNodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = rt_node_dispose;
  object_class->finalize = rt_node_finalize;
  object_class->get_property = rt_node_get_property;
  object_class->set_property = rt_node_set_property;

  properties[RT_NODE_PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, RT_TYPE_NODE_STATE, RT_NODE_CLOSED, READ);
  properties[RT_NODE_PROP_STATE_SINCE] = TIME ("state-since");
  properties[RT_NODE_PROP_FAULT] = UINT ("fault");
  properties[RT_NODE_PROP_SETTINGS] = g_param_spec_object ("settings", NULL, NULL, RT_TYPE_MESH_SETTINGS, READ_WRITE);
  properties[RT_NODE_PROP_OPENED] = TIME ("opened");
  properties[RT_NODE_PROP_NEIGHBOURS] = LIST ("neighbours");
  properties[RT_NODE_PROP_REGISTRATIONS] = LIST ("registrations");
  properties[RT_NODE_PROP_EVENTS] = LIST ("events");
  properties[RT_NODE_PROP_SEARCHES] = LIST ("searches");
  properties[RT_NODE_PROP_REFUSALS] = LIST ("refusals");
  properties[RT_NODE_PROP_TRAFFIC] = g_param_spec_object ("traffic", NULL, NULL, RT_TYPE_TRAFFIC, READ);
  properties[RT_NODE_PROP_MESH_SIZE] = g_param_spec_double ("mesh-size", NULL, NULL, 0, G_MAXDOUBLE, 0, READ);
  properties[RT_NODE_PROP_N_LEAVES] = UINT ("n-leaves");
  properties[RT_NODE_PROP_MESSAGES_IN] = UINT64 ("messages-in");
  properties[RT_NODE_PROP_MESSAGES_OUT] = UINT64 ("messages-out");
  properties[RT_NODE_PROP_BYTES_IN] = UINT64 ("bytes-in");
  properties[RT_NODE_PROP_BYTES_OUT] = UINT64 ("bytes-out");
  properties[RT_NODE_PROP_ERRORS] = UINT64 ("errors");
  properties[RT_NODE_PROP_PORT] = UINT ("port");
  properties[RT_NODE_PROP_ENDPOINT] = STRING ("endpoint");
  properties[RT_NODE_PROP_ENDPOINTS] = g_param_spec_boxed ("endpoints", NULL, NULL, G_TYPE_STRV, READ);
  properties[RT_NODE_PROP_INSTANCE_NAME] = STRING ("instance-name");
  properties[RT_NODE_PROP_BOOTSTRAP_RESULT] = UINT ("bootstrap-result");
  properties[RT_NODE_PROP_N_BOOTSTRAP_ADDRESSES] = UINT ("n-bootstrap-addresses");
  properties[RT_NODE_PROP_OPEN_ERROR] = g_param_spec_boxed ("open-error", NULL, NULL, G_TYPE_ERROR, READ);
  g_object_class_install_properties (object_class, RT_NODE_N_PROPS, properties);
}

static void
rt_node_init (RtNode *self)
{
  self->neighbours = rt_neighbour_list_new ();
  self->registrations = g_list_store_new (RT_TYPE_REGISTRATION);
  self->events = g_list_store_new (RT_TYPE_EVENT);
  self->searches = g_list_store_new (RT_TYPE_SEARCH);
  self->refusals = g_list_store_new (RT_TYPE_REFUSAL);
  self->traffic = rt_traffic_new ();
  self->settings = rt_mesh_settings_new ();
  self->endpoints = g_new0 (char *, 1);
  self->state_since = g_get_monotonic_time ();
}

/** rt_node_new: a node, closed */
RtNode *
rt_node_new (void)
{
  return g_object_new (RT_TYPE_NODE, NULL);
}

void
rt_node_notify (RtNode *self, RtNodeProp property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* Closed -> Opening -> any -> Closed; a faulted node can only be closed. */
static gboolean
is_legal (RtNodeState from, RtNodeState to)
{
  switch (from)
    {
    case RT_NODE_CLOSED:
      return to == RT_NODE_OPENING;
    case RT_NODE_OPENING:
      return TRUE;
    case RT_NODE_ACTIVE:
    case RT_NODE_ALONE:
    case RT_NODE_NO_NETWORK:
      return to != RT_NODE_OPENING;
    case RT_NODE_FAULTED:
    default:
      return to == RT_NODE_CLOSED;
    }
}

/**
 * rt_node_set_state:
 * @since: monotonic microseconds
 *
 * The one place where the state changes.
 *
 * Returns: FALSE where the node cannot go there from its state; nothing happened
 */
gboolean
rt_node_set_state (RtNode *self, RtNodeState state, gint64 since)
{
  if (self->state == state)
    return TRUE;
  if (!is_legal (self->state, state))
    {
      g_debug ("No way from state %s to %s", rt_node_state_to_name (self->state), rt_node_state_to_name (state));
      return FALSE;
    }
  self->state = state;
  self->state_since = since;
  g_object_freeze_notify (G_OBJECT (self));
  rt_node_notify (self, RT_NODE_PROP_STATE_SINCE);
  rt_node_notify (self, RT_NODE_PROP_STATE);
  g_object_thaw_notify (G_OBJECT (self));
  return TRUE;
}

void
rt_node_set_uint (RtNode *self, guint *member, guint value, RtNodeProp property)
{
  if (*member == value)
    return;
  *member = value;
  rt_node_notify (self, property);
}

void
rt_node_set_uint64 (RtNode *self, guint64 *member, guint64 value, RtNodeProp property)
{
  if (*member == value)
    return;
  *member = value;
  rt_node_notify (self, property);
}

void
rt_node_set_hresult (RtNode *self, HRESULT *member, HRESULT value, RtNodeProp property)
{
  if (*member == value)
    return;
  *member = value;
  rt_node_notify (self, property);
}

void
rt_node_set_instance_name (RtNode *self, const char *name)
{
  if (g_set_str (&self->instance_name, name))
    rt_node_notify (self, RT_NODE_PROP_INSTANCE_NAME);
}

/* error: (nullable): why the last attempt to open it failed */
void
rt_node_set_open_error (RtNode *self, const GError *error)
{
  if (self->open_error == NULL && error == NULL)
    return;
  g_clear_error (&self->open_error);
  self->open_error = error != NULL ? g_error_copy (error) : NULL;
  rt_node_notify (self, RT_NODE_PROP_OPEN_ERROR);
}

/* endpoints: (transfer full) */
void
rt_node_take_endpoints (RtNode *self, char **endpoints)
{
  g_autofree char *old = g_strdup (rt_node_get_endpoint (self));

  if (g_strv_equal ((const char *const *) self->endpoints, (const char *const *) endpoints))
    {
      g_strfreev (endpoints);
      return;
    }
  g_strfreev (self->endpoints);
  self->endpoints = endpoints;
  rt_node_notify (self, RT_NODE_PROP_ENDPOINTS);
  if (g_strcmp0 (old, rt_node_get_endpoint (self)) != 0)
    rt_node_notify (self, RT_NODE_PROP_ENDPOINT);
}

/* event: (transfer full).  The oldest line gives way when the journal is full. */
void
rt_node_append_event (RtNode *self, RtEvent *event)
{
  g_autoptr(RtEvent) owned = event;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->events)) >= RT_NODE_MAX_EVENTS)
    g_list_store_remove (self->events, 0);
  g_list_store_append (self->events, owned);
}

/**
 * rt_node_set_settings:
 * @settings: copied: what the next rt_node_open() without settings uses
 */
void
rt_node_set_settings (RtNode *self, RtMeshSettings *settings)
{
  g_return_if_fail (RT_IS_NODE (self));
  g_return_if_fail (RT_IS_MESH_SETTINGS (settings));

  if (rt_mesh_settings_equal (self->settings, settings))
    return;
  g_object_unref (self->settings);
  self->settings = rt_mesh_settings_copy (settings);
  rt_node_notify (self, RT_NODE_PROP_SETTINGS);
}

/** rt_node_get_endpoint: (nullable): "[address]:port" of the first local address */
const char *
rt_node_get_endpoint (RtNode *self)
{
  g_return_val_if_fail (RT_IS_NODE (self), NULL);
  return self->endpoints[0];
}

const char *const *
rt_node_get_endpoints (RtNode *self)
{
  g_return_val_if_fail (RT_IS_NODE (self), NULL);
  return (const char *const *) self->endpoints;
}

GListModel *
rt_node_get_neighbours (RtNode *self)
{
  g_return_val_if_fail (RT_IS_NODE (self), NULL);
  return G_LIST_MODEL (self->neighbours);
}

GListModel *
rt_node_get_registrations (RtNode *self)
{
  g_return_val_if_fail (RT_IS_NODE (self), NULL);
  return G_LIST_MODEL (self->registrations);
}

GListModel *
rt_node_get_events (RtNode *self)
{
  g_return_val_if_fail (RT_IS_NODE (self), NULL);
  return G_LIST_MODEL (self->events);
}

GListModel *
rt_node_get_searches (RtNode *self)
{
  g_return_val_if_fail (RT_IS_NODE (self), NULL);
  return G_LIST_MODEL (self->searches);
}

/** rt_node_get_refusals: of RtRefusal: who was refused since the node was opened last, at most 64 */
GListModel *
rt_node_get_refusals (RtNode *self)
{
  g_return_val_if_fail (RT_IS_NODE (self), NULL);
  return G_LIST_MODEL (self->refusals);
}

#define GETTER(type, name, fallback)                    \
  type rt_node_get_##name (RtNode *self)                \
  {                                                     \
    g_return_val_if_fail (RT_IS_NODE (self), fallback); \
    return self->name;                                  \
  }

GETTER (RtNodeState, state, RT_NODE_CLOSED)
GETTER (gint64, state_since, 0)
GETTER (HRESULT, fault, S_OK)
GETTER (RtMeshSettings *, settings, NULL)
GETTER (gint64, opened, 0)
GETTER (RtTraffic *, traffic, NULL)
GETTER (double, mesh_size, 0)
GETTER (guint, n_leaves, 0)
GETTER (guint64, messages_in, 0)
GETTER (guint64, messages_out, 0)
GETTER (guint64, bytes_in, 0)
GETTER (guint64, bytes_out, 0)
GETTER (guint64, errors, 0)
GETTER (guint, port, 0)
GETTER (const char *, instance_name, NULL)
GETTER (HRESULT, bootstrap_result, S_OK)
GETTER (guint, n_bootstrap_addresses, 0)
GETTER (const GError *, open_error, NULL)
