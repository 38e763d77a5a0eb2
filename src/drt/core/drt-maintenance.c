/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

#include <math.h>

/* What a node does of itself: discovery, stale entries, leaf sets and gaps,
 * the size of the cloud ([MC-DRT] §3.1.6.1, §3.2.6.2). */

#define INQUIRED_ENTRIES   10   /* §3.1.6.1 */
#define PROBES_AT_ONCE     4    /* resolves under way; maintenance waits for the others */
#define PROBE_INTERVAL     (G_USEC_PER_SEC / 4)
#define GAP_CREDIT_MAX     12
#define RESOLVES_MAX       64

void
drt_maintenance_schedule (DrtNode *node,
                          gint64   now)
{
  gint64 period = drt_cache_get_size (&node->cache) > 2 ? DRT_MAINTENANCE_TIME : DRT_MAINTENANCE_TIME_SMALL;

  /* Nodes started together need not stay in step. */
  node->maintenance = now + period - drt_node_random_below (node, (guint32) (period / 16));
}

/**
 * drt_maintenance_discover:
 * @node: a node with addresses
 * @now: the time
 *
 * Asks the host for endpoints of other nodes ([MC-DRT] §3.1.4.2).
 */
void
drt_maintenance_discover (DrtNode *node,
                          gint64   now)
{
  if (node->discovering)
    return;
  node->discovering = TRUE;
  node->bootstrap_time = now;
  node->n_snowball = 0;
  g_array_set_size (node->bootstrap_found, 0);
  node->split.outsider = TRUE;
  if (!node->split.asking_host)
    {
      node->host.bootstrap (node->host_data, FALSE);
      return;
    }
  /* The host is at it already, to find out whether the cloud is split: never
   * two at once, and what it finds serves as well. */
  node->split.asking_host = FALSE;
  drt_node_bootstrap_found (node, now, (const DrtEndpoint *) (gpointer) node->split.endpoints->data,
                            node->split.endpoints->len);
}

typedef struct
{
  DrtEntry *entry;
  gint64 age;            /* since it was heard */
  guint32 lot;
} Candidate;

static gint
compare_candidates (gconstpointer a,
                    gconstpointer b,
                    gpointer      data)
{
  const Candidate *ca = a, *cb = b;

  if (ca->age != cb->age)
    return ca->age > cb->age ? -1 : 1;
  return (ca->lot > cb->lot) - (ca->lot < cb->lot);
}

/* §3.1.6.1 has ten keys drawn at random.  Those unheard of for longest are taken,
 * lots deciding among equals: every entry is then asked after a bounded time.  The
 * age of a leaf counts double, for the ring is made of leaf sets, while of the other
 * entries any will do. */
static void
inquire_stale (DrtNode *node,
               gint64   now)
{
  guint size = drt_cache_get_size (&node->cache);
  g_autofree Candidate *candidates = g_new (Candidate, MAX (size, 1));

  for (guint i = 0; i < size; i++)
    {
      DrtEntry *entry = drt_cache_get (&node->cache, i);

      candidates[i].entry = entry;
      candidates[i].age = (now - entry->last_heard) * (drt_routes_is_leaf (node, &entry->key) ? 2 : 1);
      candidates[i].lot = drt_node_random_below (node, G_MAXUINT32);
    }
  g_sort_array (candidates, size, sizeof *candidates, compare_candidates, NULL);
  for (guint i = 0; i < MIN (size, INQUIRED_ENTRIES); i++)
    drt_inquire_cached (node, now, candidates[i].entry);
}

/* Resolves the middle of the arc from @below to @above: whatever lies within is
 * nearer to it than both ends, so either end would name it. */
static void
look_into (DrtNode      *node,
           gint64        now,
           const DrtKey *below,
           const DrtKey *above,
           DrtEntry     *best_match)
{
  static const DrtKey zero, two = { { 2 } };
  DrtKey gap, target;
  guint precision;

  drt_key_subtract (&gap, above, below);
  /* So many equal bits that neither end is near enough to the middle. */
  precision = MIN (drt_key_nearness (&gap, &zero) + 2, DRT_KEY_BITS);
  drt_key_half (&target, &gap);
  drt_key_add (&target, &target, below);
  /* A step off the middle, so that now one end and now the other is asked. */
  if (node->n_probes++ % 2 == 0)
    drt_key_add (&target, &target, &two);
  else
    drt_key_subtract (&target, &target, &two);
  drt_resolve_new (node, now, &target, DRT_REASON_CACHE_MAINTENANCE, DRT_CRITERIA_UPPER_BITS, precision, best_match);
}

/**
 * drt_maintenance_repair:
 * @node: a node
 * @now: the time
 * @local: one of its keys
 * @position: of a leaf: 1 .. 5 above, -1 .. -5 below
 *
 * Looks for a leaf that is missing between the one at @position and the one
 * before it, with our own entry as best match so that whoever is asked learns
 * of us ([MC-DRT] §3.2.1.1: all leaf sets are complete).
 */
void
drt_maintenance_repair (DrtNode           *node,
                        gint64             now,
                        const DrtLocalKey *local,
                        int                position)
{
  const DrtLeafSet *leaves = &local->leaves;
  guint i = (guint) ABS (position) - 1;
  const DrtKey *outer, *inner;
  DrtEntry *own;

  if (node->resolves->len >= RESOLVES_MAX || i >= (position > 0 ? leaves->n_above : leaves->n_below))
    return;
  own = drt_keys_make_entry (node, local);
  if (own == NULL)
    return;
  if (position > 0)
    {
      outer = &leaves->above[i];
      inner = i > 0 ? &leaves->above[i - 1] : &local->key;
      look_into (node, now, inner, outer, own);
    }
  else
    {
      outer = &leaves->below[i];
      inner = i > 0 ? &leaves->below[i - 1] : &local->key;
      look_into (node, now, outer, inner, own);
    }
}

/* A key that has just become known to others: is its whole leaf set right? */
void
drt_maintenance_repair_all (DrtNode           *node,
                            gint64             now,
                            const DrtLocalKey *local)
{
  for (int position = 1; position <= DRT_LEAF_SET_SIDE; position++)
    {
      drt_maintenance_repair (node, now, local, position);
      drt_maintenance_repair (node, now, local, -position);
    }
}

/**
 * drt_maintenance_expect_gaps:
 * @node: a node
 * @now: the time
 * @n: how many there might be
 *
 * A gap has appeared, or was filled so that there may be more: as many may be
 * looked into without waiting for the maintenance.
 */
void
drt_maintenance_expect_gaps (DrtNode *node,
                             gint64   now,
                             guint    n)
{
  if (node->gap_credit == 0)
    node->gap_time = MAX (node->gap_time, now + PROBE_INTERVAL);
  node->gap_credit = MIN (node->gap_credit + n, GAP_CREDIT_MAX);
}

/* The next gap of any levels, going round. */
static gboolean
find_gap (DrtNode *node,
          DrtGap  *gap)
{
  guint n = drt_routes_get_n_levels (node);

  /* Once more where it began, for what lies before the cursor. */
  for (guint turn = 0; turn <= n; turn++)
    {
      DrtLevels levels;

      node->gap_anchor %= n;
      drt_routes_get_levels (node, node->gap_anchor, &levels);
      if (drt_levels_find_gap (&levels, &node->cache,
                               node->keys->len > 0 ? &drt_keys_get (node, node->gap_anchor)->leaves : NULL,
                               &node->gap_cursor, gap))
        return TRUE;
      node->gap_anchor++;
      node->gap_cursor = (DrtLevelsCursor) { 0 };
    }
  return FALSE;
}

/* Appendix <3>, <5>: gaps are looked into, with just the precision that would fill
 * them.  One with every maintenance; and one for each that was filled, so that a
 * node that has just come, or lost many, is soon as it should be, and one whose
 * gaps cannot be filled keeps quiet. */
void
drt_maintenance_fill_gaps (DrtNode *node,
                           gint64   now)
{
  DrtGap gap;

  if (node->gap_credit == 0 || now < node->gap_time)
    return;
  node->gap_time = now + PROBE_INTERVAL;
  if (node->n_locals == 0 || drt_cache_get_size (&node->cache) == 0 || !find_gap (node, &gap))
    node->gap_credit = 0;
  else if (node->resolves->len < PROBES_AT_ONCE)
    {
      node->gap_credit--;
      drt_resolve_new (node, now, &gap.middle, DRT_REASON_CACHE_MAINTENANCE, DRT_CRITERIA_UPPER_BITS, gap.precision, NULL);
    }
}

/* When drt_maintenance_run() or drt_maintenance_fill_gaps() is due. */
gint64
drt_maintenance_deadline (const DrtNode *node)
{
  return node->gap_credit > 0 ? MIN (node->maintenance, node->gap_time) : node->maintenance;
}

/**
 * drt_maintenance_ask_for_more:
 * @node: a node
 * @now: the time
 * @entry: whom to ask
 *
 * Nodes of the cache are asked what they know while we know few ([MC-DRT]
 * Appendix <2>).
 */
void
drt_maintenance_ask_for_more (DrtNode        *node,
                              gint64          now,
                              const DrtEntry *entry)
{
  const DrtEndpoint *to = drt_entry_choose_address (entry, node->locals, node->n_locals);

  if (to != NULL && drt_cache_get_size (&node->cache) < DRT_SPREAD_ENTRIES)
    drt_sync_start (node, now, to);
}

/* A leaf set that several joined since the last maintenance lies where the parts
 * of a split cloud meet, or where many nodes come at once: more are to be
 * expected. */
static gboolean
is_changing (const DrtLocalKey *local)
{
  return local->unsettled || local->n_gained > 1;
}

/* The place of the leaf that is farthest from the one before it. */
static int
widest_gap (const DrtLocalKey *local)
{
  const DrtLeafSet *leaves = &local->leaves;
  const DrtKey *last = &local->key;
  DrtKey widest = { { 0 } }, gap;
  int place = 0;

  for (guint i = 0; i < leaves->n_above; last = &leaves->above[i++])
    {
      drt_key_subtract (&gap, &leaves->above[i], last);
      if (drt_key_compare (&gap, &widest) > 0)
        {
          widest = gap;
          place = (int) i + 1;
        }
    }
  last = &local->key;
  for (guint i = 0; i < leaves->n_below; last = &leaves->below[i++])
    {
      drt_key_subtract (&gap, last, &leaves->below[i]);
      if (drt_key_compare (&gap, &widest) > 0)
        {
          widest = gap;
          place = -(int) i - 1;
        }
    }
  return place;
}

static void
tend_keys (DrtNode *node,
           gint64   now)
{
  for (guint i = 0; i < node->keys->len; i++)
    {
      DrtLocalKey *local = drt_keys_get (node, i);

      if (!local->announced)
        drt_keys_announce (node, now, local);
      else if (is_changing (local))
        drt_maintenance_repair_all (node, now, local);
      local->unsettled = FALSE;
      local->n_gained = 0;
    }
  /* Of one key each time, in turn: an edge or the widest gap, where leaves are
   * missed most, and one of all the places. */
  if (node->keys->len > 0)
    {
      guint turn = node->n_maintenances;
      const DrtLocalKey *local = drt_keys_get (node, turn % node->keys->len);
      int place = (int) (turn / node->keys->len % (2 * DRT_LEAF_SET_SIDE));

      int likely[] = { DRT_LEAF_SET_SIDE, -DRT_LEAF_SET_SIDE, widest_gap (local) };

      if (likely[turn % G_N_ELEMENTS (likely)] != 0)
        drt_maintenance_repair (node, now, local, likely[turn % G_N_ELEMENTS (likely)]);
      drt_maintenance_repair (node, now, local, place < DRT_LEAF_SET_SIDE ? place + 1 : DRT_LEAF_SET_SIDE - 1 - place);
    }
}

void
drt_maintenance_run (DrtNode *node,
                     gint64   now)
{
  drt_maintenance_schedule (node, now);
  if (node->n_locals == 0)
    return;
  if (drt_cache_get_size (&node->cache) == 0)
    {
      drt_maintenance_discover (node, now);
      return;
    }
  inquire_stale (node, now);
  tend_keys (node, now);
  drt_maintenance_expect_gaps (node, now, 1);
  drt_maintenance_ask_for_more (node, now, drt_cache_get (&node->cache,
                                drt_node_random_below (node, drt_cache_get_size (&node->cache))));
  drt_split_detection_run (node, now);
  node->n_maintenances++;
}

/**
 * drt_maintenance_mesh_size:
 * @node: a node
 *
 * Estimates the number of keys in the cloud ([MC-DRT] §3.2.6.2.1.1): the mean of
 * what the leaf sets of all local keys say.
 *
 * Returns: the estimate; 0 when there is none
 */
double
drt_maintenance_mesh_size (const DrtNode *node)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < node->keys->len; i++)
    {
      double estimate = drt_leaf_set_density (&drt_keys_get (node, i)->leaves);

      if (estimate == 0 || !isfinite (estimate) || estimate >= 4294967296.0)
        continue;
      sum += estimate;
      n++;
    }
  return n > 0 ? sum / n : 0;
}
