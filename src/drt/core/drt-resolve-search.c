/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-resolve-private.h"

/*
 * What the application searches for: one key, or the nearest keys of a range.
 *
 * No message asks for a range or for several keys.  A search is therefore a
 * series of rounds, each a resolve as in [MC-DRT] §3.1.4.4 with its own path and
 * counts.  A round that ends at the key m nearest to its aim x has shown that
 * nobody is nearer to x than m: the arc around x as wide as to m is clear.  The
 * first round aims at the target.  As long as some part of the range that is not
 * clear lies nearer to the target than the nearest key not yet returned, another
 * round aims into it; else that key has to prove itself and is returned.  So keys
 * come in the order of their distance, and none is missed because keys outside
 * the range are nearer.
 *
 * Nearness is distance on the ring, as it is everywhere in the protocol.
 */

#define CONFIRMATIONS         2    /* of the first round: who knows nobody nearer than the nearest */
#define CONFIRMATIONS_IN_GAP  1    /* of the others: the word of a neighbour */
#define VAIN_ROUNDS_MAX       40   /* halving the keys of a gap is done sooner in any cloud */
#define FAILED_MAX            64   /* keys that did not prove themselves, beside those wanted */

void
drt_search_clear (DrtResolve *resolve)
{
  DrtSearchState *search = &resolve->search;

  drt_entry_free (search->own);
  g_clear_pointer (&search->matched, g_hash_table_unref);
  if (search->met.entries != NULL)
    drt_cache_clear (&search->met);
  drt_key_set_clear (&search->clear);
}

static gboolean
in_range (const DrtResolve *resolve,
          const DrtKey     *key)
{
  return drt_key_compare (&resolve->query.minimum, key) <= 0 && drt_key_compare (key, &resolve->query.maximum) <= 0;
}

static gboolean
is_exact (const DrtResolve *resolve)
{
  return drt_key_equal (&resolve->query.minimum, &resolve->query.maximum);
}

/* Whether @key has been returned. */
gboolean
drt_search_has_matched (const DrtResolve *resolve,
                        const DrtKey     *key)
{
  return resolve->search.matched != NULL && g_hash_table_contains (resolve->search.matched, key);
}

/* --- Who is known --- */

/* A key that may be returned, once it has proved itself. */
static gboolean
is_candidate (const DrtEntry *entry,
              gconstpointer   data)
{
  const DrtResolve *resolve = data;

  return in_range (resolve, &entry->key) && !drt_search_has_matched (resolve, &entry->key) && !drt_resolve_has_failed (resolve, entry);
}

/* Somebody to be asked first: not who did not answer, nor who lied, for he would
 * name himself for ever. */
static gboolean
is_hop (const DrtEntry *entry,
        gconstpointer   data)
{
  const DrtResolve *resolve = data;

  for (guint i = 0; i < resolve->search.n_shunned; i++)
    if (drt_entry_has_endpoint (entry, &resolve->search.shunned[i]))
      return FALSE;
  return !drt_resolve_has_failed (resolve, entry) && !drt_resolve_was_asked (resolve, entry);
}

/* Who has not answered the last time may be dead. */
static gboolean
is_answering_hop (const DrtEntry *entry,
                  gconstpointer   data)
{
  return entry->n_unanswered == 0 && is_hop (entry, data);
}

/* The nearest to @key of those in the cache and those met on the way. */
static DrtEntry *
find_nearest (DrtNode          *node,
              const DrtResolve *resolve,
              const DrtKey     *key,
              DrtEntryFilter    filter)
{
  DrtEntry *cached = NULL, *met = NULL;

  drt_cache_nearest (&node->cache, key, filter, resolve, &cached, 1);
  if (resolve->search.met.entries != NULL)
    drt_cache_nearest (&resolve->search.met, key, filter, resolve, &met, 1);
  if (cached == NULL || (met != NULL && drt_key_compare_distance (key, &met->key, &cached->key) < 0))
    return met;
  return cached;
}

static DrtEntry *
find_candidate (DrtNode          *node,
                const DrtResolve *resolve)
{
  DrtEntry *entry;

  if (!is_exact (resolve))
    return find_nearest (node, resolve, &resolve->target, is_candidate);
  entry = drt_cache_find (&node->cache, &resolve->target);
  if (entry != NULL && is_candidate (entry, resolve))
    return entry;
  entry = resolve->search.met.entries != NULL ? drt_cache_find (&resolve->search.met, &resolve->target) : NULL;
  return entry != NULL && is_candidate (entry, resolve) ? entry : NULL;
}

/* The nearest key of ours that is still to be returned. */
static DrtLocalKey *
find_own (DrtNode          *node,
          const DrtResolve *resolve)
{
  DrtLocalKey *nearest = NULL;

  for (guint i = 0; resolve->query.allow_local && i < node->keys->len; i++)
    {
      DrtLocalKey *local = drt_keys_get (node, i);

      if (in_range (resolve, &local->key) && !drt_search_has_matched (resolve, &local->key) &&
          (nearest == NULL || drt_key_compare_distance (&resolve->target, &local->key, &nearest->key) < 0))
        nearest = local;
    }
  return nearest;
}

/**
 * drt_search_nearest_hop:
 * @node: a node
 * @resolve: a search
 *
 * Returns: (nullable): whom to ask first in the round, or next when those named
 *   did not answer
 */
DrtEntry *
drt_search_nearest_hop (DrtNode          *node,
                        const DrtResolve *resolve)
{
  DrtEntry *answering = find_nearest (node, resolve, &resolve->aim, is_answering_hop);

  return answering != NULL ? answering : find_nearest (node, resolve, &resolve->aim, is_hop);
}

/* Whether @entry was not known before. */
static gboolean
meet (DrtResolve     *resolve,
      const DrtEntry *entry)
{
  DrtCache *met = &resolve->search.met;
  const DrtEntry *known;

  if (met->entries == NULL)
    drt_cache_init (met);
  known = drt_cache_find (met, &entry->key);
  if (known != NULL && !drt_resolve_has_failed (resolve, known))
    return FALSE;
  drt_cache_insert (met, drt_entry_copy (entry));
  return TRUE;
}

/* --- What is told of answers --- */

/* An answer named @named, who may be anybody. */
void
drt_search_was_named (DrtResolve     *resolve,
                      const DrtEntry *named)
{
  if (!drt_resolve_has_failed (resolve, named) && meet (resolve, named) && is_candidate (named, resolve))
    resolve->search.news = resolve->search.exploring;
}

/* @hop has answered; @any: it was asked with A set; @named: whom it leads to, if
 * anybody.  Among several near nodes it names one by lot (§3.2.5.2): with A set
 * that may be one farther than itself while it knows the nearest. */
void
drt_search_was_answered (DrtResolve     *resolve,
                         const DrtEntry *hop,
                         gboolean        any,
                         const DrtEntry *named)
{
  DrtSearchState *search = &resolve->search;

  if (hop != NULL && !is_exact (resolve))
    meet (resolve, hop);
  if (resolve->best == NULL ||
      (named != NULL && drt_key_compare_distance (&resolve->aim, &named->key, &resolve->best->key) < 0))
    search->n_confirmed = 0;
  else if (named == NULL || !any)
    search->n_confirmed++;
}

static void
add_matched (DrtResolve   *resolve,
             const DrtKey *key)
{
  DrtSearchState *search = &resolve->search;

  if (search->matched == NULL)
    search->matched = g_hash_table_new_full (drt_key_hash, drt_key_equal, g_free, NULL);
  g_hash_table_add (search->matched, g_memdup2 (key, sizeof *key));
  drt_key_set_add (&search->clear, key, key);
}

void
drt_search_matched (DrtNode        *node,
                    DrtResolve     *resolve,
                    const DrtEntry *entry,
                    GBytes         *payload,
                    gboolean        local)
{
  drt_resolve_report_match (node, resolve, entry, payload, local);
  if (resolve->query.any_in_range || resolve->n_matches >= resolve->query.max_matches)
    drt_resolve_finish (node, resolve, S_OK);
  else
    add_matched (resolve, &entry->key);
}

/* @endpoint is not to be named any more. */
void
drt_search_shun (DrtResolve        *resolve,
                 const DrtEndpoint *endpoint)
{
  DrtSearchState *search = &resolve->search;

  drt_resolve_add_to_path (resolve, endpoint);
  for (guint i = 0; i < search->n_shunned; i++)
    if (drt_endpoint_equal (&search->shunned[i], endpoint))
      return;
  if (search->n_shunned < DRT_SEARCH_SHUNNED_MAX)
    search->shunned[search->n_shunned++] = *endpoint;
}

/* @entry has not proved its key.  @liar: it has answered with what it had not, so
 * that its word about its neighbours is worth nothing either. */
void
drt_search_refuted (DrtResolve        *resolve,
                    const DrtEntry    *entry,
                    const DrtEndpoint *liar)
{
  GHashTableIter iter;
  gpointer key;

  drt_resolve_fail (resolve, entry);
  if (liar == NULL)
    return;
  drt_search_shun (resolve, liar);
  drt_key_set_clear (&resolve->search.clear);
  if (resolve->search.matched == NULL)
    return;
  g_hash_table_iter_init (&iter, resolve->search.matched);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    drt_key_set_add (&resolve->search.clear, key, key);
}

/* --- Rounds --- */

static void
begin_round (DrtNode      *node,
             DrtResolve   *resolve,
             const DrtKey *aim)
{
  DrtSearchState *search = &resolve->search;

  resolve->aim = *aim;
  /* §3.2.7.1: so that nobody refers us back to ourselves. */
  resolve->n_path = 0;
  if (node->n_locals > 0)
    resolve->path[resolve->n_path++] = node->locals[0];
  for (guint i = 0; i < search->n_shunned; i++)
    drt_resolve_add_to_path (resolve, &search->shunned[i]);
  resolve->suspicious = 0;
  resolve->useful_hops = 0;
  resolve->n_first_hops = 0;
  resolve->first_hop = resolve->hops->len;
  g_ptr_array_set_size (resolve->next_hops, 0);
  g_ptr_array_set_size (resolve->best_matches, 0);
  drt_resolve_abandon_hops (node, resolve);
  g_clear_pointer (&resolve->current, drt_next_hop_free);
  g_clear_pointer (&resolve->best, drt_entry_free);
  search->n_rounds++;
  search->in_round = TRUE;
  search->news = FALSE;
  search->n_confirmed = 0;
}

/* How far apart keys are about here: where the next one may be expected. */
static void
measure (DrtSearchState *search,
         const DrtKey   *distance)
{
  static const DrtKey zero;

  if (drt_key_is_zero (distance))
    return;
  search->measured_bits += DRT_KEY_BITS - drt_key_nearness (distance, &zero);
  search->n_measured++;
}

/* Nobody is nearer to the aim than the best; at the same distance on the other side
 * there may be one. */
static void
clear_arc (DrtResolve *resolve)
{
  DrtKey one = { { 1 } }, distance, end, step;

  drt_key_distance (&distance, &resolve->aim, &resolve->best->key);
  measure (&resolve->search, &distance);
  if (drt_key_is_zero (&distance))
    {
      drt_key_set_add (&resolve->search.clear, &resolve->aim, &resolve->aim);
      return;
    }
  drt_key_subtract (&step, &distance, &one);
  drt_key_add (&end, &resolve->aim, &distance);
  if (drt_key_equal (&end, &resolve->best->key))
    {
      drt_key_subtract (&end, &resolve->aim, &step);
      drt_key_set_add_arc (&resolve->search.clear, &end, &resolve->best->key);
    }
  else
    {
      drt_key_add (&end, &resolve->aim, &step);
      drt_key_set_add_arc (&resolve->search.clear, &resolve->best->key, &end);
    }
}

/* The round has run out of nodes to ask, or has heard enough. */
static void
end_round (DrtResolve *resolve)
{
  DrtSearchState *search = &resolve->search;

  search->in_round = FALSE;
  if (search->news)
    {
      search->growth = 0;
      if (++search->n_vain < VAIN_ROUNDS_MAX)
        return;
    }
  search->n_vain = 0;
  if (resolve->best != NULL && !search->news)
    clear_arc (resolve);
  else
    /* Nobody is there to tell. */
    drt_key_set_add (&search->clear, &search->gap.low, &search->gap.high);
}

static gboolean
is_round_over (const DrtResolve *resolve)
{
  const DrtSearchState *search = &resolve->search;

  /* Who is late may be nearer. */
  if (drt_resolve_hopes (resolve))
    return FALSE;
  /* For one key all are asked who might know it (§3.1.4.4), since a single false
   * answer must not hide it. */
  if (is_exact (resolve) || resolve->best == NULL)
    return FALSE;
  if (search->exploring)
    return search->news || search->n_confirmed >= CONFIRMATIONS_IN_GAP;
  return search->n_confirmed >= CONFIRMATIONS || drt_key_equal (&resolve->best->key, &resolve->aim);
}

/* --- Where to look next --- */

/* The next key known beyond @near, in @gap. */
static gboolean
find_bound (DrtNode          *node,
            const DrtResolve *resolve,
            const DrtKeySpan *gap,
            gboolean          upward,
            DrtKey           *bound)
{
  const DrtCache *caches[] = { &node->cache, &resolve->search.met };
  gboolean found = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (caches); i++)
    {
      guint n = caches[i]->entries != NULL ? drt_cache_get_size (caches[i]) : 0;
      guint j = n > 0 ? drt_cache_lower_bound (caches[i], upward ? &gap->low : &gap->high) : 0;

      if (!upward && j == n)
        j = n - 1;
      for (; j < n; j += upward ? 1 : -1)
        {
          const DrtEntry *entry = drt_cache_get (caches[i], j);

          if (drt_key_compare (&entry->key, &gap->low) < 0 || drt_key_compare (&entry->key, &gap->high) > 0)
            {
              if (!upward && drt_key_compare (&entry->key, &gap->high) > 0)
                continue;
              break;
            }
          if (drt_resolve_has_failed (resolve, entry))
            continue;
          if (!found || (drt_key_compare (&entry->key, bound) < 0) == upward)
            *bound = entry->key;
          found = TRUE;
          break;
        }
    }
  return found;
}

/* In the middle between the edge of what is clear and the next known key one answer
 * tells whether there is nobody between.  Where nobody is known the next key is
 * expected as far as others were, and ever farther. */
static void
choose_aim (DrtNode          *node,
            DrtResolve       *resolve,
            const DrtKeySpan *gap,
            DrtKey           *aim)
{
  DrtSearchState *search = &resolve->search;
  gboolean upward = drt_key_compare_distance (&resolve->target, &gap->low, &gap->high) <= 0;
  const DrtKey *near = upward ? &gap->low : &gap->high;
  DrtKey one = { { 1 } }, step, reach = { { 0 } }, bound;
  gboolean is_bound = find_bound (node, resolve, gap, upward, &bound);

  if (is_bound)
    drt_key_distance (&step, near, &bound);
  else
    drt_key_subtract (&step, &gap->high, &gap->low);
  if (is_bound && !drt_key_is_zero (&step))
    drt_key_subtract (&step, &step, &one);
  drt_key_half (&step, &step);

  if (!is_bound && search->n_measured > 0)
    {
      guint bit = search->measured_bits / search->n_measured + (1u << MIN (search->growth, 8)) - 1;

      if (bit < DRT_KEY_BITS)
        {
          reach.b[bit / 8] = (guint8) (1u << bit % 8);
          if (drt_key_compare (&reach, &step) < 0)
            {
              step = reach;
              search->growth++;
            }
        }
    }
  if (upward)
    drt_key_add (aim, near, &step);
  else
    drt_key_subtract (aim, near, &step);
}

/* Whether there is something to be looked into that is nearer than @nearest. */
static gboolean
explore (DrtNode      *node,
         DrtResolve   *resolve,
         const DrtKey *nearest)
{
  DrtSearchState *search = &resolve->search;
  DrtKeySpan range = { resolve->query.minimum, resolve->query.maximum }, gap;
  DrtKey distance, aim = resolve->target;

  if (resolve->failed->len > FAILED_MAX + MIN (resolve->query.max_matches, G_MAXUINT / 2) ||
      !drt_key_set_nearest_gap (&search->clear, &range, &resolve->target, &gap))
    return FALSE;
  if (nearest != NULL)
    {
      DrtKey there;

      drt_key_span_distance (&gap, &resolve->target, &distance);
      drt_key_distance (&there, &resolve->target, nearest);
      if (drt_key_compare (&distance, &there) >= 0)
        return FALSE;
    }

  search->gap = gap;
  search->exploring = drt_key_compare (&resolve->target, &gap.low) < 0 || drt_key_compare (&gap.high, &resolve->target) < 0;
  if (search->exploring)
    choose_aim (node, resolve, &gap, &aim);
  begin_round (node, resolve, &aim);
  return TRUE;
}

static void
return_own (DrtNode           *node,
            DrtResolve        *resolve,
            const DrtLocalKey *local)
{
  static const DrtEndpoint nowhere;
  g_autoptr (DrtEntry) entry = drt_keys_make_entry (node, local);

  /* Without a network our own keys are all that can be found. */
  if (entry == NULL)
    entry = drt_entry_new (&local->key, 0, 0, &nowhere, 1);
  drt_search_matched (node, resolve, entry, local->payload, TRUE);
}

/* Between rounds: another one, a key to be returned, or the end. */
static void
plan (DrtNode    *node,
      gint64      now,
      DrtResolve *resolve)
{
  DrtEntry *candidate = find_candidate (node, resolve);
  DrtLocalKey *own = find_own (node, resolve);
  const DrtKey *nearest = candidate != NULL ? &candidate->key : NULL;

  /* Step by step the way to the key is what is wanted. */
  if (resolve->query.iterative && resolve->search.n_rounds == 0)
    nearest = NULL;
  if (own != NULL && (candidate == NULL || drt_key_compare_distance (&resolve->target, &own->key, &candidate->key) <= 0))
    {
      candidate = NULL;
      nearest = &own->key;
    }
  if (explore (node, resolve, nearest))
    return;
  if (candidate != NULL)
    drt_resolve_prove (node, now, resolve, candidate);
  else if (own != NULL)
    return_own (node, resolve, own);
  else
    drt_resolve_finish (node, resolve, S_OK);
}

/* What ends the search at once, if it proves itself: the key itself, or any in the
 * range.  Step by step it is asked as any other hop first. */
static gboolean
take_sufficient (DrtNode    *node,
                 gint64      now,
                 DrtResolve *resolve)
{
  DrtEntry *candidate;
  DrtLocalKey *own;

  if (!is_exact (resolve) && !resolve->query.any_in_range)
    return FALSE;
  own = find_own (node, resolve);
  if (own != NULL)
    {
      return_own (node, resolve, own);
      return TRUE;
    }
  candidate = find_candidate (node, resolve);
  if (candidate == NULL || drt_resolve_has_asked_match (resolve, candidate) ||
      (resolve->query.iterative && !drt_resolve_was_asked (resolve, candidate)))
    return FALSE;
  drt_resolve_prove (node, now, resolve, candidate);
  return TRUE;
}

void
drt_search_take_step (DrtNode    *node,
                      gint64      now,
                      DrtResolve *resolve)
{
  if (take_sufficient (node, now, resolve))
    return;
  if (resolve->search.in_round)
    {
      if (!is_round_over (resolve) && drt_resolve_take_hop (node, now, resolve))
        return;
      end_round (resolve);
    }
  plan (node, now, resolve);
}
