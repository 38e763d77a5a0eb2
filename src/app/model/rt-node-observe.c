/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-node-private.h"

#include "rt-neighbour-private.h"
#include "rt-registration-private.h"
#include "rt-search-private.h"

static RtNodeState
state_from_status (const DrtObservedStatus *status)
{
  if (status->bootstrapping)
    return RT_NODE_OPENING;
  switch (status->status)
    {
    case DRT_ACTIVE:     return RT_NODE_ACTIVE;
    case DRT_ALONE:      return RT_NODE_ALONE;
    case DRT_NO_NETWORK: return RT_NODE_NO_NETWORK;
    case DRT_FAULTED:
    default:             return RT_NODE_FAULTED;
    }
}

/**
 * rt_node_feed_status:
 * @status: the status of the node as it is now
 */
void
rt_node_feed_status (RtNode *self, const DrtObservedStatus *status)
{
  guint n_addresses = MIN (status->n_addresses, G_N_ELEMENTS (status->addresses));
  char **endpoints = g_new0 (char *, n_addresses + 1);

  for (guint i = 0; i < n_addresses; i++)
    endpoints[i] = drt_endpoint_to_string (&status->addresses[i]);

  g_object_freeze_notify (G_OBJECT (self));
  rt_node_take_endpoints (self, endpoints);
  rt_node_set_uint (self, &self->port, status->port, RT_NODE_PROP_PORT);
  rt_node_set_hresult (self, &self->fault, status->fault, RT_NODE_PROP_FAULT);
  rt_node_set_hresult (self, &self->bootstrap_result, status->bootstrap_result, RT_NODE_PROP_BOOTSTRAP_RESULT);
  rt_node_set_uint (self, &self->n_bootstrap_addresses, status->n_bootstrap_addresses, RT_NODE_PROP_N_BOOTSTRAP_ADDRESSES);
  rt_node_set_state (self, state_from_status (status), status->since);
  g_object_thaw_notify (G_OBJECT (self));
}

/* How many leading bits a key shares with the nearest of ours. */
static guint
nearness_of (RtNode *self, const DrtKey *key)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->registrations));
  guint nearness = 0;

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(RtRegistration) registration = g_list_model_get_item (G_LIST_MODEL (self->registrations), i);

      nearness = MAX (nearness, drt_key_nearness (rt_registration_get_key (registration), key));
    }
  return nearness;
}

/** rt_node_update_nearness: after our keys have changed */
void
rt_node_update_nearness (RtNode *self)
{
  guint n_items = rt_neighbour_list_get_size (self->neighbours);

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(RtNeighbour) neighbour = g_list_model_get_item (G_LIST_MODEL (self->neighbours), i);

      rt_neighbour_set_nearness (neighbour, nearness_of (self, rt_neighbour_get_key (neighbour)));
    }
}

/* A leaf set waits for neighbours only while there are too few for it. */
static void
neighbours_changed (RtNode *self, const DrtKey *key, RtNeighbour *neighbour)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->registrations));
  guint n_neighbours = rt_neighbour_list_get_size (self->neighbours);

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(RtRegistration) registration = g_list_model_get_item (G_LIST_MODEL (self->registrations), i);

      rt_registration_neighbour_changed (registration, key, neighbour);
      rt_registration_set_n_neighbours (registration, n_neighbours);
    }
}

/**
 * rt_node_feed_entry:
 * @change: what happened to it
 * @entry: a route entry of the cache
 */
void
rt_node_feed_entry (RtNode *self, DrtObservedChange change, const DrtObservedEntry *entry)
{
  RtNeighbour *neighbour = rt_neighbour_list_find (self->neighbours, &entry->key);
  g_autoptr(RtNeighbour) added = NULL;

  if (change == DRT_OBSERVED_REMOVED)
    {
      if (rt_neighbour_list_remove (self->neighbours, &entry->key))
        neighbours_changed (self, &entry->key, NULL);
    }
  else if (neighbour != NULL)
    rt_neighbour_update (neighbour, entry);
  else
    {
      added = rt_neighbour_new (entry);
      rt_neighbour_set_nearness (added, nearness_of (self, &entry->key));
      rt_neighbour_list_insert (self->neighbours, added);
      neighbours_changed (self, &entry->key, added);
    }
}

static RtNeighbour *
find_neighbour_cb (gpointer data, const DrtKey *key)
{
  return rt_neighbour_list_find (RT_NODE (data)->neighbours, key);
}

/**
 * rt_node_feed_key:
 * @change: what happened to it
 * @key: a key of ours
 */
void
rt_node_feed_key (RtNode *self, DrtObservedChange change, const DrtObservedKey *key)
{
  RtRegistration *registration = rt_node_find_registration (self, &key->key);

  if (registration == NULL && self->registering != NULL
      && drt_key_equal (rt_registration_get_key (self->registering), &key->key))
    registration = self->registering;
  if (registration == NULL)
    return;

  if (change != DRT_OBSERVED_REMOVED)
    rt_registration_observe (registration, key, rt_neighbour_list_get_size (self->neighbours),
                             find_neighbour_cb, self);
  else if (rt_registration_get_state (registration) == RT_REGISTRATION_REVOKING)
    {
      guint position;

      if (g_list_store_find (self->registrations, registration, &position))
        g_list_store_remove (self->registrations, position);
      rt_node_update_nearness (self);
    }
}

/* The one that has been silent for longest makes room. */
static void
drop_oldest_refusal (RtNode *self)
{
  gint64 oldest = G_MAXINT64;
  guint position = 0;
  g_autoptr(RtRefusal) dropped = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->refusals)); i++)
    {
      g_autoptr(RtRefusal) refusal = g_list_model_get_item (G_LIST_MODEL (self->refusals), i);

      if (rt_refusal_get_last (refusal) < oldest)
        {
          oldest = rt_refusal_get_last (refusal);
          position = i;
        }
    }
  dropped = g_list_model_get_item (G_LIST_MODEL (self->refusals), position);
  rt_refusal_forget (dropped);
  g_list_store_remove (self->refusals, position);
}

/* Returns: (transfer full): the one it is counted with. */
static RtRefusal *
add_refusal (RtNode *self, const DrtObservedEvent *event)
{
  g_autoptr(RtRefusal) fresh = rt_refusal_new (event, self->settings);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->refusals)); i++)
    {
      g_autoptr(RtRefusal) known = g_list_model_get_item (G_LIST_MODEL (self->refusals), i);

      if (rt_refusal_add (known, fresh))
        return g_steal_pointer (&known);
    }
  if (g_list_model_get_n_items (G_LIST_MODEL (self->refusals)) >= RT_NODE_MAX_REFUSALS)
    drop_oldest_refusal (self);
  g_list_store_append (self->refusals, fresh);
  return g_steal_pointer (&fresh);
}

/** rt_node_feed_event: a line for the journal, and who was refused */
void
rt_node_feed_event (RtNode *self, const DrtObservedEvent *event)
{
  gint64 age = MAX (g_get_monotonic_time () - event->time, 0);
  g_autoptr(RtRefusal) refusal = NULL;

  if (event->kind == DRT_OBSERVED_EVENT_MEMBER_REFUSED || event->kind == DRT_OBSERVED_EVENT_ENTRY_REFUSED)
    {
      refusal = add_refusal (self, event);
      if (!rt_refusal_tell (refusal))
        return;
    }
  rt_node_append_event (self, rt_event_new_observed (event, refusal, g_get_real_time () - age));
}

/** rt_node_feed_lookup: goes to the search it belongs to, if any */
void
rt_node_feed_lookup (RtNode *self, const DrtObservedLookup *lookup)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->searches));

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(RtSearch) search = g_list_model_get_item (G_LIST_MODEL (self->searches), i);

      if (rt_search_observe (search, lookup))
        return;
    }
}

/* Datagrams that said something wrong, that could not be sent, or that nobody
 * answered.  A late answer is no error. */
static guint64
count_errors (const DrtCounters *counters)
{
  guint64 errors = counters->send_errors + counters->requests_failed;

  for (guint i = 0; i < DRT_DROP_N_REASONS; i++)
    if (i != DRT_DROP_NONE && i != DRT_DROP_UNEXPECTED)
      errors += counters->dropped[i];
  return errors;
}

static guint
difference (guint64 now, guint64 before)
{
  return now > before ? (guint) MIN (now - before, (guint64) G_MAXUINT) : 0;
}

/**
 * rt_node_feed_counters:
 * @counters: as they are now, once a second
 * @now: monotonic microseconds
 */
void
rt_node_feed_counters (RtNode *self, const DrtCounters *counters, gint64 now)
{
  guint64 errors = count_errors (counters);
  RtTrafficSample sample = {
    .time = now,
    .messages_in = difference (counters->messages_in, self->messages_in),
    .messages_out = difference (counters->messages_out, self->messages_out),
    .bytes_in = difference (counters->bytes_in, self->bytes_in),
    .bytes_out = difference (counters->bytes_out, self->bytes_out),
    .errors = difference (errors, self->errors),
  };

  g_object_freeze_notify (G_OBJECT (self));
  rt_node_set_uint64 (self, &self->messages_in, counters->messages_in, RT_NODE_PROP_MESSAGES_IN);
  rt_node_set_uint64 (self, &self->messages_out, counters->messages_out, RT_NODE_PROP_MESSAGES_OUT);
  rt_node_set_uint64 (self, &self->bytes_in, counters->bytes_in, RT_NODE_PROP_BYTES_IN);
  rt_node_set_uint64 (self, &self->bytes_out, counters->bytes_out, RT_NODE_PROP_BYTES_OUT);
  rt_node_set_uint64 (self, &self->errors, errors, RT_NODE_PROP_ERRORS);
  rt_node_set_uint (self, &self->n_leaves, counters->n_leaves, RT_NODE_PROP_N_LEAVES);
  if (self->mesh_size != counters->mesh_size)
    {
      self->mesh_size = counters->mesh_size;
      rt_node_notify (self, RT_NODE_PROP_MESH_SIZE);
    }
  g_object_thaw_notify (G_OBJECT (self));
  rt_traffic_add (self->traffic, &sample);
}

/* What the last run counted ends with the beginning of the next, so that it can
 * be read while the node is closed. */
static void
reset (RtNode *self)
{
  static const DrtCounters none = { 0 };

  rt_node_feed_counters (self, &none, g_get_monotonic_time ());
  rt_traffic_clear (self->traffic);
  g_list_store_remove_all (self->refusals);
  rt_node_set_hresult (self, &self->fault, S_OK, RT_NODE_PROP_FAULT);
  rt_node_set_hresult (self, &self->bootstrap_result, S_OK, RT_NODE_PROP_BOOTSTRAP_RESULT);
  rt_node_set_uint (self, &self->n_bootstrap_addresses, 0, RT_NODE_PROP_N_BOOTSTRAP_ADDRESSES);
}

/** rt_node_begin: the node has been opened; nothing is known yet */
void
rt_node_begin (RtNode *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  reset (self);
  self->opened = g_get_monotonic_time ();
  rt_node_notify (self, RT_NODE_PROP_OPENED);
  rt_node_set_state (self, RT_NODE_OPENING, self->opened);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
cancel_searches (RtNode *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->searches));

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(RtSearch) search = g_list_model_get_item (G_LIST_MODEL (self->searches), i);

      rt_search_cancel (search);
    }
}

/** rt_node_end: the node has been closed; what it knew of others is gone */
void
rt_node_end (RtNode *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  cancel_searches (self);
  rt_node_registrations_offline (self);
  rt_neighbour_list_clear (self->neighbours);
  rt_node_take_endpoints (self, g_new0 (char *, 1));
  rt_node_set_uint (self, &self->port, 0, RT_NODE_PROP_PORT);
  rt_node_set_uint (self, &self->n_leaves, 0, RT_NODE_PROP_N_LEAVES);
  self->opened = 0;
  rt_node_notify (self, RT_NODE_PROP_OPENED);
  rt_node_set_state (self, RT_NODE_CLOSED, g_get_monotonic_time ());
  g_object_thaw_notify (G_OBJECT (self));
}

static void
status_cb (gpointer data, const DrtObservedStatus *status)
{
  rt_node_feed_status (data, status);
}

static void
entry_cb (gpointer data, DrtObservedChange change, const DrtObservedEntry *entry)
{
  rt_node_feed_entry (data, change, entry);
}

static void
key_cb (gpointer data, DrtObservedChange change, const DrtObservedKey *key)
{
  rt_node_feed_key (data, change, key);
}

static void
event_cb (gpointer data, const DrtObservedEvent *event)
{
  rt_node_feed_event (data, event);
}

static void
lookup_cb (gpointer data, const DrtObservedLookup *lookup)
{
  rt_node_feed_lookup (data, lookup);
}

const DrtObserver rt_node_observer = {
  .status = status_cb,
  .entry = entry_cb,
  .key = key_cb,
  .event = event_cb,
  .lookup = lookup_cb,
};
