/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

/* What enters and leaves the Route Entry Cache, and what follows from it: leaf
 * sets, leaf events, leaf floods ([MC-DRT] §3.2.5.8). */

#define UNANSWERED_MAX 2

/* Our keys next to @key on both sides.  Whoever is no leaf of these is none of any:
 * between it and the others there are all the same nodes, and more. */
static gboolean
find_sides (const DrtNode     *node,
            const DrtKey      *key,
            const DrtLocalKey *sides[2])
{
  guint n = node->keys->len, low = 0, high = n;

  if (n == 0)
    return FALSE;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (drt_key_compare (&drt_keys_get (node, middle)->key, key) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  sides[0] = drt_keys_get (node, (low + n - 1) % n);
  sides[1] = drt_keys_get (node, low % n);
  return TRUE;
}

gboolean
drt_routes_is_leaf (DrtNode      *node,
                    const DrtKey *key)
{
  const DrtLocalKey *sides[2];

  return find_sides (node, key, sides) &&
         (drt_leaf_set_position (&sides[0]->leaves, key) != 0 || drt_leaf_set_position (&sides[1]->leaves, key) != 0);
}

gboolean
drt_routes_would_be_leaf (DrtNode      *node,
                          const DrtKey *key)
{
  const DrtLocalKey *sides[2];

  return find_sides (node, key, sides) &&
         (drt_leaf_set_covers (&sides[0]->leaves, &sides[0]->key, key) ||
          drt_leaf_set_covers (&sides[1]->leaves, &sides[1]->key, key));
}

/* Around how many keys there are levels. */
guint
drt_routes_get_n_levels (const DrtNode *node)
{
  return MAX (node->keys->len, 1);
}

/**
 * drt_routes_get_levels:
 * @node: a node
 * @i: around which of its keys, below drt_routes_get_n_levels()
 * @levels: (out): the levels
 *
 * A node without keys is never asked, so it needs no more than to begin well
 * everywhere: level 0, around a place by lot, lest all such nodes begin with the
 * same others.  A node with keys is asked by whoever looks for a target not far
 * from one of them: it has levels around each, and level 0 once.  With very many
 * keys there are fewer entries in each level, for the cache is bounded.
 */
void
drt_routes_get_levels (const DrtNode *node,
                       guint          i,
                       DrtLevels     *levels)
{
  guint n_keys = DRT_CACHE_SIZE / 4 / MAX (node->keys->len, 1);

  *levels = (DrtLevels) {
    .anchor = node->keys->len > 0 ? drt_keys_get (node, i)->key : node->anchor,
    .first = i > 0,
    .last = node->keys->len > 0 ? G_MAXUINT : 0,
    .n_keys = CLAMP (n_keys / 2 * 2, DRT_LEVEL_KEYS_MIN, DRT_LEVEL_KEYS),
    .locality = node->settings.locality,
  };
}

static gboolean
has_place (const DrtNode  *node,
           const DrtEntry *entry)
{
  for (guint i = 0; i < drt_routes_get_n_levels (node); i++)
    {
      DrtLevels levels;

      drt_routes_get_levels (node, i, &levels);
      if (drt_levels_holds (&levels, &node->cache, entry))
        return TRUE;
    }
  return FALSE;
}

/* Whether @entry, which is not cached, is worth validating. */
gboolean
drt_routes_wants (DrtNode        *node,
                  const DrtEntry *entry)
{
  return drt_routes_would_be_leaf (node, &entry->key) || has_place (node, entry);
}

/* Whether @entry is alone in a slot of some level. */
static gboolean
is_alone (const DrtNode  *node,
          const DrtEntry *entry)
{
  for (guint i = 0; i < drt_routes_get_n_levels (node); i++)
    {
      DrtLevels levels;

      drt_routes_get_levels (node, i, &levels);
      if (drt_levels_is_alone (&levels, &node->cache, entry))
        return TRUE;
    }
  return FALSE;
}

static void
report_leaf (DrtNode      *node,
             gint64        now,
             DrtLocalKey  *local,
             const DrtKey *remote,
             gboolean      added)
{
  local->n_gained += added;
  node->host.leaf_changed (node->host_data, &local->key, remote, added);
  drt_monitor_event (node, now, added ? DRT_OBSERVED_EVENT_LEAF_ADDED : DRT_OBSERVED_EVENT_LEAF_REMOVED,
                     0, S_OK, &local->key, remote, NULL);
}

static void
report_missing (DrtNode          *node,
                gint64            now,
                DrtLocalKey      *local,
                const DrtLeafSet *has,
                const DrtLeafSet *lacks,
                gboolean          added)
{
  for (guint i = 0; i < has->n_below; i++)
    if (drt_leaf_set_position (lacks, &has->below[i]) == 0)
      report_leaf (node, now, local, &has->below[i], added);
  for (guint i = 0; i < has->n_above; i++)
    if (drt_leaf_set_position (lacks, &has->above[i]) == 0)
      report_leaf (node, now, local, &has->above[i], added);
}

static gboolean
same_leaves (const DrtLeafSet *a,
             const DrtLeafSet *b)
{
  if (a->n_below != b->n_below || a->n_above != b->n_above)
    return FALSE;
  for (guint i = 0; i < a->n_below; i++)
    if (!drt_key_equal (&a->below[i], &b->below[i]))
      return FALSE;
  for (guint i = 0; i < a->n_above; i++)
    if (!drt_key_equal (&a->above[i], &b->above[i]))
      return FALSE;
  return TRUE;
}

/* Tells the observer of entries whose place in the leaf sets has changed. */
void
drt_routes_refresh_positions (DrtNode *node)
{
  if (!node->observed)
    return;
  for (guint i = 0; i < drt_cache_get_size (&node->cache); i++)
    {
      DrtEntry *entry = drt_cache_get (&node->cache, i);
      int position = 0;

      for (guint j = 0; j < node->keys->len; j++)
        {
          int here = drt_leaf_set_position (&drt_keys_get (node, j)->leaves, &entry->key);

          if (here != 0 && (position == 0 || ABS (here) < ABS (position)))
            position = here;
        }
      if (position != entry->leaf_position)
        drt_monitor_entry (node, DRT_OBSERVED_CHANGED, entry);
    }
}

/**
 * drt_routes_refresh_leaves:
 * @node: a node
 * @now: the time
 * @local: one of its keys
 *
 * Brings the leaf set of @local in line with the cache and reports every leaf
 * that came or went.
 */
void
drt_routes_refresh_leaves (DrtNode     *node,
                           gint64       now,
                           DrtLocalKey *local)
{
  DrtLeafSet before = local->leaves;

  drt_leaf_set_update (&local->leaves, &node->cache, &local->key);
  if (same_leaves (&before, &local->leaves))
    return;
  report_missing (node, now, local, &before, &local->leaves, FALSE);
  report_missing (node, now, local, &local->leaves, &before, TRUE);
  drt_monitor_key (node, DRT_OBSERVED_CHANGED, local);
}

static void
refresh_all_leaves (DrtNode *node,
                    gint64   now)
{
  for (guint i = 0; i < node->keys->len; i++)
    drt_routes_refresh_leaves (node, now, drt_keys_get (node, i));
  drt_routes_refresh_positions (node);
}

static gboolean
is_no_leaf (const DrtEntry *entry,
            gconstpointer   data)
{
  return !drt_routes_is_leaf ((DrtNode *) data, &entry->key);
}

static gboolean
has_no_place (const DrtEntry *entry,
              gconstpointer   data)
{
  return is_no_leaf (entry, data) && !has_place (data, entry);
}

/* Gives up @entry, which is no leaf. */
static void
give_up (DrtNode  *node,
         DrtEntry *entry)
{
  DrtKey key = entry->key;
  g_autoptr (DrtEntry) gone = drt_cache_steal (&node->cache, &key);

  drt_monitor_entry (node, DRT_OBSERVED_REMOVED, gone);
}

static void
trim_level (DrtNode         *node,
            const DrtLevels *levels,
            guint            level,
            const DrtKey    *come)
{
  DrtEntry *surplus;

  while ((surplus = drt_levels_find_surplus (levels, &node->cache, level, come, has_no_place, node)) != NULL)
    give_up (node, surplus);
}

/* What is more than DRT_CACHE_SIZE, whichever level it serves. */
static void
trim_all (DrtNode *node)
{
  while (drt_cache_get_size (&node->cache) > DRT_CACHE_SIZE + 2 * DRT_LEAF_SET_SIDE * node->keys->len)
    {
      DrtEntry *surplus = drt_cache_find_surplus (&node->cache, is_no_leaf, node);

      if (surplus == NULL)
        return;
      give_up (node, surplus);
    }
}

/* The levels are others than they were. */
void
drt_routes_trim (DrtNode *node)
{
  for (guint i = 0; i < drt_routes_get_n_levels (node); i++)
    {
      guint deepest = 0;
      DrtLevels levels;
      DrtEntry *nearest;

      drt_routes_get_levels (node, i, &levels);
      if (levels.last > 0 && drt_cache_nearest (&node->cache, &levels.anchor, NULL, NULL, &nearest, 1) > 0)
        deepest = drt_levels_get_level (&levels.anchor, &nearest->key);
      for (guint level = 0; level <= deepest; level++)
        trim_level (node, &levels, level, NULL);
    }
  trim_all (node);
}

/* What goes for an entry of @key that has come. */
static void
trim_around (DrtNode      *node,
             const DrtKey *key)
{
  for (guint i = 0; i < drt_routes_get_n_levels (node); i++)
    {
      DrtLevels levels;

      drt_routes_get_levels (node, i, &levels);
      trim_level (node, &levels, levels.last > 0 ? drt_levels_get_level (&levels.anchor, key) : 0, key);
    }
  trim_all (node);
}

/* What goes for a leaf of @key that has come: one of no use to the levels may
 * have fallen out of the leaf set on that side. */
static void
trim_beside_leaves (DrtNode      *node,
                    const DrtKey *key)
{
  for (guint i = 0; i < node->keys->len; i++)
    {
      const DrtLeafSet *leaves = &drt_keys_get (node, i)->leaves;
      int position = drt_leaf_set_position (leaves, key);
      const DrtEntry *next = NULL;

      if (position > 0)
        next = drt_cache_above (&node->cache, &leaves->above[leaves->n_above - 1], 0);
      else if (position < 0)
        next = drt_cache_below (&node->cache, &leaves->below[leaves->n_below - 1], 0);
      if (next != NULL)
        {
          /* It may be the one that goes. */
          DrtKey beside = next->key;

          trim_around (node, &beside);
        }
    }
}

/**
 * drt_routes_add:
 * @node: a node
 * @now: the time
 * @entry: (transfer full): a validated entry
 * @validation: how it came
 *
 * Puts @entry into the cache ([MC-DRT] §3.1.5.5.1.2 and §3.2.5.8): leaf sets
 * follow, a new leaf is flooded to its neighbours, and where a level
 * overflows the entry that serves it least goes.
 */
void
drt_routes_add (DrtNode             *node,
                gint64               now,
                DrtEntry            *entry,
                const DrtValidation *validation)
{
  DrtEntry *old = drt_cache_find (&node->cache, &entry->key);
  gboolean was_leaf = old != NULL && drt_routes_is_leaf (node, &entry->key);

  drt_entry_compare_locals (entry, node->locals, node->n_locals);
  entry->added = old != NULL ? old->added : now;
  drt_cache_insert (&node->cache, entry);
  drt_monitor_entry (node, old != NULL ? DRT_OBSERVED_CHANGED : DRT_OBSERVED_ADDED, entry);
  refresh_all_leaves (node, now);

  if (old == NULL)
    {
      DrtKey key = entry->key;

      if (is_alone (node, entry))
        drt_maintenance_expect_gaps (node, now, 1);
      trim_around (node, &key);
      trim_beside_leaves (node, &key);
      if (drt_cache_find (&node->cache, &key) == NULL)
        return;
    }

  drt_node_update_status (node, now);
  /* A node that has just come asks those it meets, not only its bootstrap. */
  if (node->n_snowball < DRT_SYNC_MAX)
    {
      node->n_snowball++;
      drt_maintenance_ask_for_more (node, now, entry);
    }
  if (!was_leaf && drt_routes_is_leaf (node, &entry->key))
    drt_flood_new_leaf (node, now, entry, validation);
  if (validation->counts_us)
    drt_flood_name_nearer (node, now, entry);
  drt_split_detection_learned (node, now, entry);
}

/**
 * drt_routes_remove:
 * @node: a node
 * @now: the time
 * @key: a cached key, or not
 * @why: what is told of it: DRT_E_TIMEOUT, DRT_E_INVALID_KEY, …; S_OK: it was
 *   asked for, or its publisher revoked it
 *
 * Forgets an entry.  When a leaf is lost the edge of its leaf set is looked
 * into.
 */
void
drt_routes_remove (DrtNode      *node,
                   gint64        now,
                   const DrtKey *key,
                   HRESULT       why)
{
  g_autoptr (DrtEntry) entry = NULL;
  DrtKey gone = *key;
  GArray *repairs;

  entry = drt_cache_steal (&node->cache, &gone);
  if (entry == NULL)
    return;

  repairs = g_array_new (FALSE, FALSE, sizeof (int));
  for (guint i = 0; i < node->keys->len; i++)
    {
      int position = drt_leaf_set_position (&drt_keys_get (node, i)->leaves, &gone);

      g_array_append_val (repairs, position);
    }

  drt_monitor_entry (node, DRT_OBSERVED_REMOVED, entry);
  if (is_alone (node, entry))
    drt_maintenance_expect_gaps (node, now, 1);
  if (FAILED (why))
    drt_monitor_event (node, now, DRT_OBSERVED_EVENT_ENTRY_DROPPED, 0, why, NULL, &gone, &entry->addresses[0]);
  refresh_all_leaves (node, now);
  for (guint i = 0; i < node->keys->len; i++)
    {
      int position = g_array_index (repairs, int, i);

      /* The one that moved up at the edge need not be the next there is. */
      if (position == 0)
        continue;
      drt_keys_get (node, i)->unsettled = TRUE;
      drt_maintenance_repair (node, now, drt_keys_get (node, i), position > 0 ? DRT_LEAF_SET_SIDE : -DRT_LEAF_SET_SIDE);
    }
  g_array_unref (repairs);
}

/* As drt_routes_remove(), but only the entry that is published at @at: what is
 * learned of somebody who names the same key elsewhere says nothing of it. */
void
drt_routes_remove_at (DrtNode           *node,
                      gint64             now,
                      const DrtKey      *key,
                      const DrtEndpoint *at,
                      HRESULT            why)
{
  const DrtEntry *entry = drt_cache_find (&node->cache, key);

  if (entry != NULL && drt_entry_has_endpoint (entry, at))
    drt_routes_remove (node, now, key, why);
}

/**
 * drt_routes_unanswered:
 * @node: a node
 * @now: the time
 * @request: an INQUIRE for a cached key that has failed
 *
 * The entry goes when this is not the first request in a row that went
 * unanswered: with 5 % of the datagrams lost, one request in a hundred does so of
 * a peer that is there.
 */
void
drt_routes_unanswered (DrtNode          *node,
                       gint64            now,
                       const DrtPending *request)
{
  DrtEntry *entry = drt_cache_find (&node->cache, &request->key);

  if (entry == NULL || !drt_entry_has_endpoint (entry, &request->to))
    return;
  drt_entry_leave_unanswered (entry);
  if (entry->n_unanswered >= UNANSWERED_MAX)
    {
      drt_routes_remove (node, now, &request->key, DRT_E_TIMEOUT);
      return;
    }
  drt_monitor_entry (node, DRT_OBSERVED_CHANGED, entry);
  drt_inquire_cached (node, now, entry);
}

/* The node at @from, which publishes @key, has answered, @round_trip microseconds
 * after it was asked; -1: it was asked twice. */
void
drt_routes_heard (DrtNode           *node,
                  gint64             now,
                  const DrtKey      *key,
                  const DrtEndpoint *from,
                  gint64             round_trip)
{
  DrtEntry *entry = drt_cache_find (&node->cache, key);

  if (entry == NULL || !drt_entry_has_endpoint (entry, from))
    return;
  entry->last_heard = now;
  entry->n_unanswered = 0;
  if (round_trip >= 0)
    drt_round_trip_measure (&entry->round_trip, round_trip, DRT_ROUND_TRIP_OF_PEER);
  drt_monitor_entry (node, DRT_OBSERVED_CHANGED, entry);
}
