/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

#include <string.h>

#define REFUSED_PER_SECOND 8

/* What a monitor is told.  Costs nothing while nobody looks. */

const char *
drt_drop_reason_to_string (DrtDropReason reason)
{
  static const char *const names[] = {
    [DRT_DROP_NONE] = "none",
    [DRT_DROP_MALFORMED] = "malformed",
    [DRT_DROP_LOW_PORT] = "low-port",
    [DRT_DROP_WRONG_VERSION] = "wrong-version",
    [DRT_DROP_UNEXPECTED] = "unexpected",
    [DRT_DROP_NO_MEMBER] = "no-member",
    [DRT_DROP_UNDECIPHERABLE] = "undecipherable",
    [DRT_DROP_TOO_MANY] = "too-many",
    [DRT_DROP_BAD_FRAGMENT] = "bad-fragment",
    [DRT_DROP_INVALID_CPA] = "invalid-cpa",
    [DRT_DROP_REPLAYED] = "replayed",
  };

  g_return_val_if_fail ((guint) reason < G_N_ELEMENTS (names), NULL);
  return names[reason];
}

void
drt_node_get_status (const DrtNode     *node,
                     DrtObservedStatus *status)
{
  memset (status, 0, sizeof *status);
  status->bootstrapping = node->bootstrapping;
  status->status = node->status;
  status->since = node->status_since;
  status->fault = node->fault;
  status->n_addresses = node->n_locals;
  memcpy (status->addresses, node->locals, node->n_locals * sizeof (DrtEndpoint));
  status->port = node->n_locals > 0 ? node->locals[0].port : 0;
  status->bootstrap_time = node->bootstrap_time;
  status->bootstrap_result = node->bootstrap_result;
  status->n_bootstrap_addresses = node->bootstrap_found->len;
}

void
drt_node_get_counters (const DrtNode *node,
                       DrtCounters   *counters)
{
  *counters = node->counters;
  counters->n_entries = drt_cache_get_size (&node->cache);
  counters->n_keys = node->keys->len;
  counters->n_leaves = 0;
  for (guint i = 0; i < node->keys->len; i++)
    {
      const DrtLocalKey *local = drt_keys_get (node, i);

      counters->n_leaves += local->leaves.n_above + local->leaves.n_below;
    }
  counters->mesh_size = drt_maintenance_mesh_size (node);
}

void
drt_monitor_status (DrtNode *node)
{
  DrtObservedStatus status;

  if (!node->observed)
    return;
  drt_node_get_status (node, &status);
  node->host.observe_status (node->host_data, &status);
}

/* The leaf set @entry stands in, that of the nearest local key if of several. */
static int
leaf_position (DrtNode        *node,
               const DrtEntry *entry,
               DrtKey         *leaf_of)
{
  int best = 0;

  for (guint i = 0; i < node->keys->len; i++)
    {
      DrtLocalKey *local = drt_keys_get (node, i);
      int position = drt_leaf_set_position (&local->leaves, &entry->key);

      if (position != 0 && (best == 0 || ABS (position) < ABS (best)))
        {
          best = position;
          *leaf_of = local->key;
        }
    }
  return best;
}

void
drt_monitor_entry (DrtNode           *node,
                   DrtObservedChange  change,
                   DrtEntry          *entry)
{
  DrtObservedEntry observed = {
    .key = entry->key,
    .protocol_major = entry->major,
    .protocol_minor = entry->minor,
    .n_addresses = entry->n_addresses,
    .addresses = entry->addresses,
    .learned_from = entry->learned_from,
    .learned_from_endpoint = entry->learned_from_endpoint,
    .added = entry->added,
    .last_heard = entry->last_heard,
    .round_trip = entry->round_trip.smoothed,
    .n_unanswered = entry->n_unanswered,
    .last_error = entry->last_error,
  };
  DrtLocalKey *nearest;

  if (!node->observed)
    return;
  if (change != DRT_OBSERVED_REMOVED)
    observed.leaf_position = leaf_position (node, entry, &observed.leaf_of);
  entry->leaf_position = (gint8) observed.leaf_position;
  nearest = drt_keys_nearest (node, &entry->key);
  if (nearest != NULL)
    observed.level = drt_levels_get_level (&nearest->key, &entry->key);
  node->host.observe_entry (node->host_data, change, &observed);
}

void
drt_monitor_key (DrtNode           *node,
                 DrtObservedChange  change,
                 const DrtLocalKey *local)
{
  DrtObservedKey observed = {
    .key = local->key,
    .payload_size = local->payload != NULL ? g_bytes_get_size (local->payload) : 0,
    .announced = local->announced,
    .unresolvable = local->unresolvable,
    .n_below = local->leaves.n_below,
    .n_above = local->leaves.n_above,
  };

  if (!node->observed)
    return;
  memcpy (observed.below, local->leaves.below, sizeof observed.below);
  memcpy (observed.above, local->leaves.above, sizeof observed.above);
  node->host.observe_key (node->host_data, change, &observed);
}

void
drt_monitor_event (DrtNode              *node,
                   gint64                now,
                   DrtObservedEventKind  kind,
                   int                   code,
                   HRESULT               hr,
                   const DrtKey         *key,
                   const DrtKey         *remote,
                   const DrtEndpoint    *endpoint)
{
  DrtObservedEvent event = { .kind = kind, .time = now, .code = code, .hr = hr };

  if (!node->observed)
    return;
  if (key != NULL)
    {
      event.has_key = TRUE;
      event.key = *key;
    }
  if (remote != NULL)
    {
      event.has_remote_key = TRUE;
      event.remote_key = *remote;
    }
  if (endpoint != NULL)
    {
      event.has_endpoint = TRUE;
      event.endpoint = *endpoint;
    }
  node->host.observe_event (node->host_data, &event);
}

/* What has been refused, and the credential it came with; none: absent. */
static void
tell_refused (DrtNode          *node,
              DrtObservedEvent *event,
              DrtSpan           credential)
{
  event->credential = credential.data;
  event->credential_size = credential.length;
  node->host.observe_event (node->host_data, event);
}

/**
 * drt_monitor_refused:
 * @node: a node
 * @now: the time
 * @endpoint: who sent something
 * @credential: what came for one; may be absent
 * @hr: why it is no proof of membership
 *
 * Anybody can send what is refused, so no more than some are told in a second.
 */
void
drt_monitor_refused (DrtNode           *node,
                     gint64             now,
                     const DrtEndpoint *endpoint,
                     DrtSpan            credential,
                     HRESULT            hr)
{
  DrtObservedEvent event = {
    .kind = DRT_OBSERVED_EVENT_MEMBER_REFUSED, .time = now, .hr = hr, .has_endpoint = TRUE, .endpoint = *endpoint,
  };

  if (!node->observed)
    return;
  if (node->n_refused == 0 || now >= node->refused_since + G_USEC_PER_SEC)
    {
      node->refused_since = now;
      node->n_refused = 0;
    }
  if (node->n_refused++ < REFUSED_PER_SECOND)
    tell_refused (node, &event, credential);
}

/* A new entry that did not validate. */
void
drt_monitor_entry_refused (DrtNode           *node,
                           gint64             now,
                           const DrtKey      *remote,
                           const DrtEndpoint *endpoint,
                           DrtSpan            credential,
                           HRESULT            hr)
{
  DrtObservedEvent event = {
    .kind = DRT_OBSERVED_EVENT_ENTRY_REFUSED, .time = now, .hr = hr,
    .has_remote_key = TRUE, .remote_key = *remote, .has_endpoint = TRUE, .endpoint = *endpoint,
  };

  if (node->observed)
    tell_refused (node, &event, credential);
}

void
drt_monitor_message (DrtNode              *node,
                     gint64                now,
                     DrtObservedDirection  direction,
                     const DrtEndpoint    *peer,
                     const guint8         *bytes,
                     gsize                 length,
                     DrtDropReason         dropped)
{
  DrtObservedMessage observed = {
    .direction = direction,
    .time = now,
    .peer = *peer,
    .bytes = bytes,
    .length = length,
    .dropped = dropped,
  };

  if (!node->observed)
    return;
  if (dropped != DRT_DROP_MALFORMED && length >= DRT_HEADER_SIZE)
    {
      guint32 id;

      memcpy (&id, bytes + 8, sizeof id);
      observed.type = bytes[7];
      observed.id = GUINT32_FROM_BE (id);
    }
  node->host.observe_message (node->host_data, &observed);
}

void
drt_node_set_observed (DrtNode  *node,
                       gboolean  observed)
{
  node->observed = observed;
  if (!observed)
    return;
  drt_monitor_status (node);
  for (guint i = 0; i < node->keys->len; i++)
    drt_monitor_key (node, DRT_OBSERVED_ADDED, drt_keys_get (node, i));
  for (guint i = 0; i < drt_cache_get_size (&node->cache); i++)
    drt_monitor_entry (node, DRT_OBSERVED_ADDED, drt_cache_get (&node->cache, i));
}

gboolean
drt_node_inquire_entry (DrtNode      *node,
                        gint64        now,
                        const DrtKey *key)
{
  DrtEntry *entry = drt_cache_find (&node->cache, key);

  if (entry == NULL || node->closed || node->fault != S_OK)
    return FALSE;
  drt_inquire_cached (node, now, entry);
  return TRUE;
}

gboolean
drt_node_drop_entry (DrtNode      *node,
                     gint64        now,
                     const DrtKey *key)
{
  if (drt_cache_find (&node->cache, key) == NULL || node->closed || node->fault != S_OK)
    return FALSE;
  drt_routes_remove (node, now, key, S_OK);
  drt_node_update_status (node, now);
  return TRUE;
}
