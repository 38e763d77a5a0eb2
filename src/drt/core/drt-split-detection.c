/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-resolve-private.h"

/*
 * Whether the cloud has fallen into parts, and how they grow together again
 * ([MC-DRT] §3.2.6.2.1, §3.2.5.8.1).
 *
 * A publisher resolves one of its keys + 1 from an endpoint that the bootstrap
 * gives.  In one cloud that ends with a leaf of the key.  Anything else is a
 * node of another part.  If it is nearer to the key than all we know it becomes
 * our leaf, and the floods of new leaves (§3.2.5.8) do the rest: each side of
 * the seam tells the other of the next.  If not, its place is elsewhere in our
 * part, and we have it looked up there with its own entry as best match, so
 * that those who will be its leaves learn of it.
 */

/* Detections in the whole cloud within one maintenance period: one.  Where leaf
 * sets are right, the inverse of all nodes' estimates add up to exactly one, so
 * nothing needs to be known of the others.  Of a single node at most every
 * fourth period sees one, so that two nodes do not ask the bootstrap more often
 * than one that is alone. */
#define DETECTIONS_PER_PERIOD  1.0
#define PROBABILITY_MAX        0.25

#define ENDPOINTS_MAX          20
#define CHECKS_MAX             20   /* periods in which a split that was found is looked at again */

typedef enum
{
  VERDICT_NO_SPLIT,
  VERDICT_LARGER_PART,
  VERDICT_SMALLER_PART,
} Verdict;

void
drt_split_detection_init (DrtSplitDetection *self)
{
  self->endpoints = g_array_new (FALSE, FALSE, sizeof (DrtEndpoint));
  self->keys = g_array_new (FALSE, FALSE, sizeof (DrtKey));
}

void
drt_split_detection_clear (DrtSplitDetection *self)
{
  g_clear_pointer (&self->endpoints, g_array_unref);
  g_clear_pointer (&self->keys, g_array_unref);
}

/* --- Asking --- */

typedef struct
{
  gint64 since;
  const DrtEndpoint *by;
} Introduced;

static gboolean
was_introduced (const DrtEntry *entry,
                gconstpointer   data)
{
  const Introduced *introduced = data;

  return entry->added >= introduced->since &&
         (drt_endpoint_equal (&entry->learned_from_endpoint, introduced->by) ||
          drt_entry_has_endpoint (entry, introduced->by));
}

/* Whom to begin with.  §3.2.6.2.1 takes a node of which nothing but the endpoint
 * is known.  For such a one nothing can be sealed, so in confidential mode it is
 * one that this endpoint has told us of in a synchronisation. */
static DrtEntry *
choose_hop (DrtNode      *node,
            const DrtKey *target)
{
  DrtSplitDetection *self = &node->split;
  const DrtEndpoint *endpoint = &g_array_index (self->endpoints, DrtEndpoint, self->endpoints->len - 1);
  Introduced introduced = { self->met, endpoint };
  static const DrtKey unknown;
  DrtEntry *nearest = NULL;

  if (node->settings.mode != DRT_SECURE_CONFIDENTIALPAYLOAD)
    return drt_entry_new (&unknown, node->settings.protocol_major, node->settings.protocol_minor, endpoint, 1);
  drt_cache_nearest (&node->cache, target, was_introduced, &introduced, &nearest, 1);
  return nearest != NULL ? drt_entry_copy (nearest) : NULL;
}

static void
begin_resolve (DrtNode        *node,
               gint64          now,
               const DrtKey   *target,
               const DrtEntry *hop)
{
  DrtResolve *resolve = drt_resolve_new (node, now, target, DRT_REASON_SPLIT_DETECTION, DRT_CRITERIA_NONE, 0, NULL);

  drt_resolve_push_hop (resolve, hop, 0);
  node->split.resolving = TRUE;
  node->counters.split_detections++;
}

/* The next of the endpoints, when the last was of no use. */
static void
meet (DrtNode *node,
      gint64   now)
{
  DrtSplitDetection *self = &node->split;

  self->met = now;
  if (self->endpoints->len == 0)
    {
      g_array_set_size (self->keys, 0);
      self->is_split = FALSE;
    }
  else if (node->settings.mode == DRT_SECURE_CONFIDENTIALPAYLOAD)
    {
      /* Goes on with what it tells, or with the next at the next maintenance. */
      drt_sync_start (node, now, &g_array_index (self->endpoints, DrtEndpoint, self->endpoints->len - 1));
    }
}

/* Tests the last of the keys. */
static void
test_next (DrtNode *node,
           gint64   now)
{
  DrtSplitDetection *self = &node->split;
  g_autoptr (DrtEntry) hop = NULL;
  DrtKey target;

  while (self->keys->len > 0 &&
         drt_keys_find (node, &g_array_index (self->keys, DrtKey, self->keys->len - 1)) == NULL)
    g_array_set_size (self->keys, self->keys->len - 1);
  if (self->keys->len == 0 || self->endpoints->len == 0 || node->n_locals == 0)
    {
      g_array_set_size (self->keys, 0);
      return;
    }

  target = g_array_index (self->keys, DrtKey, self->keys->len - 1);
  drt_key_increment (&target);
  hop = choose_hop (node, &target);
  if (hop != NULL)
    {
      begin_resolve (node, now, &target, hop);
      return;
    }
  g_array_set_size (self->endpoints, self->endpoints->len - 1);
  meet (node, now);
}

/**
 * drt_split_detection_learned:
 * @node: a node
 * @now: the time
 * @entry: just cached
 *
 * In confidential mode a test begins with one that the endpoint has told us of.
 */
void
drt_split_detection_learned (DrtNode        *node,
                             gint64          now,
                             const DrtEntry *entry)
{
  DrtSplitDetection *self = &node->split;

  if (self->keys->len > 0 && !self->resolving && self->endpoints->len > 0)
    {
      Introduced introduced = { self->met, &g_array_index (self->endpoints, DrtEndpoint, self->endpoints->len - 1) };

      if (was_introduced (entry, &introduced))
        test_next (node, now);
    }
}

/* --- When --- */

static double
probability (const DrtNode *node)
{
  double size = drt_maintenance_mesh_size (node);

  /* Others came to it before it came to others, so that it may have seen the
   * birth of a second cloud, of which nobody else knows the way to the first. */
  if (node->split.outsider)
    return PROBABILITY_MAX;
  if (size <= 0)
    size = drt_cache_get_size (&node->cache) + node->keys->len;
  return MIN (PROBABILITY_MAX, DETECTIONS_PER_PERIOD * node->keys->len / size);
}

/* A node has answered: was it one that the bootstrap named? */
void
drt_split_detection_heard (DrtNode           *node,
                           const DrtEndpoint *from)
{
  for (guint i = 0; i < node->bootstrap_found->len; i++)
    if (drt_endpoint_equal (&g_array_index (node->bootstrap_found, DrtEndpoint, i), from))
      node->split.outsider = FALSE;
}

/**
 * drt_split_detection_run:
 * @node: a node that knows others
 * @now: the time
 *
 * At each expiry of the Maintenance Timer: looks at a split that was found, or
 * perhaps for a new one.  Resolve-only nodes do neither; they see what the
 * publishers they know see.
 */
void
drt_split_detection_run (DrtNode *node,
                         gint64   now)
{
  DrtSplitDetection *self = &node->split;

  if (node->keys->len == 0 || self->asking_host || self->resolving || node->discovering)
    return;
  if (self->keys->len > 0)
    {
      test_next (node, now);
      return;
    }
  if (self->is_split && self->n_checks > 0 && drt_keys_find (node, &self->key) != NULL)
    {
      self->n_checks--;
      self->since = now;
      g_array_append_val (self->keys, self->key);
      test_next (node, now);
      return;
    }
  self->is_split = FALSE;
  if (drt_node_random_below (node, G_MAXUINT32) >= probability (node) * G_MAXUINT32)
    return;
  g_array_set_size (self->endpoints, 0);
  self->asking_host = TRUE;
  node->host.bootstrap (node->host_data, TRUE);
}

/* --- What the bootstrap gives --- */

void
drt_split_detection_bootstrap_found (DrtNode           *node,
                                     const DrtEndpoint *endpoints,
                                     guint              n_endpoints)
{
  GArray *found = node->split.endpoints;

  for (guint i = 0; i < n_endpoints && found->len < ENDPOINTS_MAX; i++)
    if (!drt_node_is_local (node, &endpoints[i]) &&
        drt_endpoint_is_usable (&endpoints[i], node->locals, node->n_locals))
      g_array_append_val (found, endpoints[i]);
}

static gboolean
is_cached (const DrtNode     *node,
           const DrtEndpoint *endpoint)
{
  for (guint i = 0; i < drt_cache_get_size (&node->cache); i++)
    if (drt_entry_has_endpoint (drt_cache_get (&node->cache, i), endpoint))
      return TRUE;
  return FALSE;
}

static void
swap_endpoints (GArray *endpoints,
                guint   i,
                guint   j)
{
  DrtEndpoint *all = (DrtEndpoint *) (gpointer) endpoints->data;
  DrtEndpoint kept = all[i];

  all[i] = all[j];
  all[j] = kept;
}

/* In any order, but the last is taken first, and those we know, which are likely
 * to be of our own part, only when no other answers. */
static void
order_endpoints (DrtNode *node)
{
  GArray *endpoints = node->split.endpoints;
  guint n_cached = 0;

  for (guint i = endpoints->len; i > 1; i--)
    swap_endpoints (endpoints, i - 1, drt_node_random_below (node, i));
  for (guint i = 0; i < endpoints->len; i++)
    if (is_cached (node, &g_array_index (endpoints, DrtEndpoint, i)))
      swap_endpoints (endpoints, i, n_cached++);
}

void
drt_split_detection_bootstrap_done (DrtNode *node,
                                    gint64   now)
{
  DrtSplitDetection *self = &node->split;

  self->asking_host = FALSE;
  if (node->keys->len == 0)
    return;
  order_endpoints (node);
  g_array_set_size (self->keys, 0);
  g_array_append_val (self->keys, drt_keys_get (node, drt_node_random_below (node, node->keys->len))->key);
  self->since = now;
  meet (node, now);
  if (node->settings.mode != DRT_SECURE_CONFIDENTIALPAYLOAD)
    test_next (node, now);
}

/* --- Judging --- */

typedef struct
{
  gint64 since;          /* what was learned later was learned by asking */
  const DrtKey *not;
} Known;

/* Who no longer answers is no evidence of anything. */
static gboolean
was_known (const DrtEntry *entry,
           gconstpointer   data)
{
  const Known *known = data;

  return entry->added < known->since && entry->n_unanswered == 0 &&
         (known->not == NULL || !drt_key_equal (&entry->key, known->not));
}

/* §3.2.5.8.1 */
static Verdict
judge (DrtNode        *node,
       const DrtKey   *target,
       const DrtEntry *best,
       gint64          since)
{
  Known known = { since, NULL };
  DrtEntry *nearest = NULL;
  const DrtEntry *cached = drt_cache_find (&node->cache, &best->key);

  drt_cache_nearest (&node->cache, target, (DrtEntryFilter) was_known, &known, &nearest, 1);
  if (nearest != NULL && drt_key_compare_distance (target, &nearest->key, &best->key) < 0)
    return VERDICT_LARGER_PART;
  return cached != NULL && cached->added < since ? VERDICT_NO_SPLIT : VERDICT_SMALLER_PART;
}

static gboolean
was_asked (const DrtResolve *resolve,
           const DrtKey     *key)
{
  for (guint i = 0; i < resolve->hops->len; i++)
    if (drt_key_equal (&g_array_index (resolve->hops, DrtObservedHop, i).key, key))
      return TRUE;
  return FALSE;
}

/* What the resolve has found out.  Where it met one that has become a leaf of ours
 * it was by that one's word that the parts began to merge, perhaps so fast that
 * it has ended among those we knew. */
static const DrtEntry *
get_finding (DrtNode           *node,
             const DrtResolve  *resolve,
             const DrtLocalKey *local)
{
  Introduced introduced = { node->split.since, &g_array_index (node->split.endpoints, DrtEndpoint, node->split.endpoints->len - 1) };
  const DrtEntry *finding = NULL;

  for (guint i = 0; i < drt_cache_get_size (&node->cache); i++)
    {
      const DrtEntry *entry = drt_cache_get (&node->cache, i);

      if (entry->added < node->split.since || drt_leaf_set_position (&local->leaves, &entry->key) == 0 ||
          (!was_asked (resolve, &entry->key) && !was_introduced (entry, &introduced)))
        continue;
      if (finding == NULL || drt_key_compare_distance (&resolve->target, &entry->key, &finding->key) < 0)
        finding = entry;
    }
  if (finding != NULL || resolve->n_matches == 0)
    return finding;
  if (resolve->best != NULL && drt_key_equal (&resolve->best->key, &resolve->found))
    return resolve->best;
  return drt_cache_find (&node->cache, &resolve->found);
}

/* Has @stranger looked up among those we knew before. */
static void
introduce (DrtNode        *node,
           gint64          now,
           const DrtEntry *stranger,
           gint64          since)
{
  Known known = { since, &stranger->key };
  DrtEntry *nearest = NULL;
  DrtKey target = stranger->key;
  DrtResolve *resolve;

  drt_cache_nearest (&node->cache, &stranger->key, (DrtEntryFilter) was_known, &known, &nearest, 1);
  if (nearest == NULL)
    return;
  drt_key_increment (&target);
  resolve = drt_resolve_new (node, now, &target, DRT_REASON_CACHE_MAINTENANCE, DRT_CRITERIA_NONE, 0,
                             drt_entry_copy (stranger));
  drt_resolve_push_hop (resolve, nearest, 0);
}

static void
test_other_keys (DrtNode      *node,
                 const DrtKey *tested)
{
  for (guint i = 0; i < node->keys->len; i++)
    if (!drt_key_equal (&drt_keys_get (node, i)->key, tested))
      g_array_append_val (node->split.keys, drt_keys_get (node, i)->key);
}

static void
tell (DrtNode             *node,
      gint64               now,
      DrtObservedSplit     what,
      const DrtKey        *key,
      const DrtKey        *best)
{
  DrtKey target = *key;

  drt_key_increment (&target);
  drt_monitor_event (node, now, DRT_OBSERVED_EVENT_SPLIT, what, S_OK, &target, best, NULL);
}

static void
act (DrtNode        *node,
     gint64          now,
     Verdict         verdict,
     const DrtKey   *key,
     const DrtEntry *best,
     gint64          since)
{
  DrtSplitDetection *self = &node->split;

  if (verdict == VERDICT_NO_SPLIT)
    {
      if (self->is_split && drt_key_equal (key, &self->key))
        {
          self->is_split = FALSE;
          node->counters.splits_merged++;
          tell (node, now, DRT_OBSERVED_SPLIT_MERGED, key, &best->key);
        }
      return;
    }
  if (!self->is_split)
    {
      self->is_split = TRUE;
      self->key = *key;
      self->n_checks = CHECKS_MAX;
      node->counters.splits_found++;
      tell (node, now, verdict == VERDICT_SMALLER_PART ? DRT_OBSERVED_SPLIT_SMALLER_PART : DRT_OBSERVED_SPLIT_LARGER_PART,
            key, &best->key);
      if (verdict == VERDICT_SMALLER_PART)
        test_other_keys (node, key);
    }
  if (verdict == VERDICT_LARGER_PART)
    introduce (node, now, best, since);
}

/**
 * drt_split_detection_finished:
 * @node: a node
 * @now: the time
 * @resolve: a resolve with reason split detection that has come to its end
 */
void
drt_split_detection_finished (DrtNode          *node,
                              gint64            now,
                              const DrtResolve *resolve)
{
  DrtSplitDetection *self = &node->split;
  const DrtLocalKey *local;
  const DrtEntry *finding;
  DrtKey key, one = { { 1 } };

  self->resolving = FALSE;
  if (node->closed || node->fault != S_OK || self->keys->len == 0)
    return;
  if (resolve->useful_hops == 0)
    {
      /* Nobody there: the next of them. */
      g_array_set_size (self->endpoints, self->endpoints->len - 1);
      meet (node, now);
      if (node->settings.mode != DRT_SECURE_CONFIDENTIALPAYLOAD)
        test_next (node, now);
      return;
    }
  self->outsider = FALSE;
  g_array_set_size (self->keys, self->keys->len - 1);
  drt_key_subtract (&key, &resolve->target, &one);
  local = drt_keys_find (node, &key);
  finding = local != NULL ? get_finding (node, resolve, local) : NULL;
  if (finding != NULL)
    act (node, now, judge (node, &resolve->target, finding, self->since), &key, finding, self->since);
  test_next (node, now);
}
