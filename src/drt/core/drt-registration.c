/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

/* The Locally Registered Key List: registering, announcing, unregistering
 * ([MC-DRT] §3.2.4). */

void
drt_local_key_free (DrtLocalKey *local)
{
  if (local == NULL)
    return;
  g_clear_pointer (&local->payload, g_bytes_unref);
  g_free (local);
}

DrtLocalKey *
drt_keys_get (const DrtNode *node,
              guint          i)
{
  return g_ptr_array_index (node->keys, i);
}

DrtLocalKey *
drt_keys_find (const DrtNode *node,
               const DrtKey  *key)
{
  for (guint i = 0; i < node->keys->len; i++)
    if (drt_key_equal (&drt_keys_get (node, i)->key, key))
      return drt_keys_get (node, i);
  return NULL;
}

DrtLocalKey *
drt_keys_nearest (const DrtNode *node,
                  const DrtKey  *target)
{
  DrtLocalKey *nearest = NULL;

  for (guint i = 0; i < node->keys->len; i++)
    {
      DrtLocalKey *local = drt_keys_get (node, i);

      if (nearest == NULL || drt_key_compare_distance (target, &local->key, &nearest->key) < 0)
        nearest = local;
    }
  return nearest;
}

/**
 * drt_keys_make_entry:
 * @node: a node
 * @local: one of its keys
 *
 * Returns: (transfer full) (nullable): the route entry others know it by; %NULL
 *   while there is no address to publish
 */
DrtEntry *
drt_keys_make_entry (const DrtNode     *node,
                     const DrtLocalKey *local)
{
  guint n = MIN (node->n_locals, node->settings.max_addresses);

  if (n == 0)
    return NULL;
  return drt_entry_new (&local->key, node->settings.protocol_major, node->settings.protocol_minor,
                        node->locals, n);
}

/**
 * drt_keys_announce:
 * @node: a node
 * @now: the time
 * @local: one of its keys
 *
 * Resolves key + 1 with our own route entry as best match, so that every node
 * asked may learn us ([MC-DRT] §3.2.4.1).
 */
void
drt_keys_announce (DrtNode     *node,
                   gint64       now,
                   DrtLocalKey *local)
{
  DrtKey target = local->key;
  DrtEntry *own = drt_keys_make_entry (node, local);

  if (own == NULL || local->announcing)
    {
      local->announce_again = local->announcing;
      drt_entry_free (own);
      return;
    }
  drt_key_increment (&target);
  local->announcing = TRUE;
  drt_resolve_new (node, now, &target, DRT_REASON_REGISTRATION, DRT_CRITERIA_NONE, 0, own);
}

void
drt_keys_announce_all (DrtNode *node,
                       gint64   now)
{
  for (guint i = 0; i < node->keys->len; i++)
    drt_keys_announce (node, now, drt_keys_get (node, i));
}

/* The resolve of key + 1 has ended; without anybody asked, nobody knows it yet.
 * A fault ends announcements: one that is to be made again, and what follows it. */
void
drt_keys_announced (DrtNode      *node,
                    gint64        now,
                    const DrtKey *key,
                    gboolean      asked_somebody)
{
  DrtLocalKey *local = drt_keys_find (node, key);

  if (local == NULL || node->closed || node->fault != S_OK)
    return;
  local->announcing = FALSE;
  if (local->announce_again)
    {
      local->announce_again = FALSE;
      drt_keys_announce (node, now, local);
    }
  if (!asked_somebody || local->announced)
    return;
  local->announced = TRUE;
  drt_monitor_event (node, now, DRT_OBSERVED_EVENT_KEY_ANNOUNCED, 0, S_OK, key, NULL, NULL);
  drt_maintenance_repair_all (node, now, local);
  drt_routes_trim (node);
  drt_maintenance_expect_gaps (node, now, DRT_LEVEL_KEYS);
  drt_monitor_key (node, DRT_OBSERVED_CHANGED, local);
}

/* DRT_REGISTRATION_STATE_UNRESOLVEABLE, told once each time it begins. */
void
drt_keys_unresolvable (DrtNode     *node,
                       gint64       now,
                       DrtLocalKey *local)
{
  if (local->unresolvable)
    return;
  local->unresolvable = TRUE;
  node->host.key_unresolvable (node->host_data, &local->key);
  drt_monitor_key (node, DRT_OBSERVED_CHANGED, local);
}

gboolean
drt_node_register (DrtNode      *node,
                   gint64        now,
                   const DrtKey *key,
                   GBytes       *payload,
                   gpointer      key_context)
{
  DrtLocalKey *local;
  guint i = 0;

  if (node->closed || node->fault != S_OK || drt_keys_find (node, key) != NULL)
    return FALSE;

  /* What somebody else published under this key is no neighbour of ours now. */
  drt_routes_remove (node, now, key, S_OK);

  local = g_new0 (DrtLocalKey, 1);
  local->key = *key;
  local->payload = payload != NULL ? g_bytes_ref (payload) : NULL;
  local->key_context = key_context;
  while (i < node->keys->len && drt_key_compare (&drt_keys_get (node, i)->key, key) < 0)
    i++;
  g_ptr_array_insert (node->keys, (gint) i, local);
  drt_monitor_key (node, DRT_OBSERVED_ADDED, local);
  drt_monitor_event (node, now, DRT_OBSERVED_EVENT_KEY_REGISTERED, 0, S_OK, key, NULL, NULL);
  drt_routes_refresh_leaves (node, now, local);
  drt_routes_refresh_positions (node);
  drt_keys_announce (node, now, local);
  return TRUE;
}

gboolean
drt_node_update (DrtNode      *node,
                 gint64        now,
                 const DrtKey *key,
                 GBytes       *payload)
{
  DrtLocalKey *local = drt_keys_find (node, key);

  if (local == NULL)
    return FALSE;
  g_clear_pointer (&local->payload, g_bytes_unref);
  local->payload = payload != NULL ? g_bytes_ref (payload) : NULL;
  drt_monitor_key (node, DRT_OBSERVED_CHANGED, local);
  return TRUE;
}

void
drt_node_key_expires (DrtNode      *node,
                      gint64        now,
                      const DrtKey *key,
                      guint         days)
{
  DrtLocalKey *local = drt_keys_find (node, key);

  if (local == NULL)
    return;
  drt_monitor_event (node, now, days > 0 ? DRT_OBSERVED_EVENT_KEY_EXPIRES : DRT_OBSERVED_EVENT_KEY_EXPIRED, (int) days,
                     S_OK, key, NULL, NULL);
  if (days == 0)
    drt_keys_unresolvable (node, now, local);
}

/* §3.2.4.2, step 2. */
static void
send_revokes (DrtNode        *node,
              gint64          now,
              DrtLocalKey    *local,
              const DrtEntry *below,
              const DrtEntry *above)
{
  DRT_DATA cpa, classifier, payload, chain;
  guint8 nonce[DRT_NONCE_SIZE];
  DrtEndpoint own = node->locals[0];
  DrtFloodContent content = { .flooded = &own, .n_flooded = 1 };

  node->host.random (node->host_data, nonce, sizeof nonce);
  if (SUCCEEDED (drt_cpa_make (node, local, DRT_PAYLOAD_REVOKED, FALSE, nonce, &cpa, &classifier, &payload, &chain)))
    {
      content.revoke_cpa = drt_security_span (&cpa);
      if (below != NULL)
        drt_flood_send_to (node, now, below, &content);
      if (above != NULL && above != below)
        drt_flood_send_to (node, now, above, &content);
    }
  drt_security_free (node, &cpa);
  drt_security_free (node, &classifier);
  drt_security_free (node, &payload);
  drt_security_free (node, &chain);
}

/* §3.2.4.2, step 3: the edges of our leaf set learn of one another's side. */
static void
mend_edges (DrtNode           *node,
            gint64             now,
            const DrtLocalKey *local,
            const DrtEntry    *below,
            const DrtEntry    *above)
{
  const DrtLeafSet *leaves = &local->leaves;
  const DrtEntry *lowest = NULL, *highest = NULL;
  DrtFloodContent content = { 0 };

  if (leaves->n_below > 0)
    lowest = drt_cache_find (&node->cache, &leaves->below[leaves->n_below - 1]);
  if (leaves->n_above > 0)
    highest = drt_cache_find (&node->cache, &leaves->above[leaves->n_above - 1]);
  if (lowest != NULL && above != NULL && lowest != above)
    {
      content.entry = above;
      drt_flood_send_to (node, now, lowest, &content);
    }
  if (highest != NULL && below != NULL && highest != below)
    {
      content.entry = below;
      drt_flood_send_to (node, now, highest, &content);
    }
}

gboolean
drt_node_unregister (DrtNode      *node,
                     gint64        now,
                     const DrtKey *key)
{
  DrtLocalKey *local = drt_keys_find (node, key);
  DrtKey gone = *key;

  if (local == NULL)
    return FALSE;
  if (node->n_locals > 0 && node->fault == S_OK && !node->closed)
    {
      const DrtEntry *above = drt_cache_above (&node->cache, key, 0);
      const DrtEntry *below = drt_cache_below (&node->cache, key, 0);

      send_revokes (node, now, local, below, above);
      mend_edges (node, now, local, below, above);
    }

  /* DrtUnregisterKey: on completion a leaf set event is raised for us too. */
  for (guint i = 0; i < local->leaves.n_below; i++)
    node->host.leaf_changed (node->host_data, &gone, &local->leaves.below[i], FALSE);
  for (guint i = 0; i < local->leaves.n_above; i++)
    node->host.leaf_changed (node->host_data, &gone, &local->leaves.above[i], FALSE);

  drt_resolves_forget_own (node, &gone);
  drt_monitor_key (node, DRT_OBSERVED_REMOVED, local);
  g_ptr_array_remove (node->keys, local);
  drt_monitor_event (node, now, DRT_OBSERVED_EVENT_KEY_UNREGISTERED, 0, S_OK, &gone, NULL, NULL);
  drt_routes_trim (node);
  drt_routes_refresh_positions (node);
  return TRUE;
}
