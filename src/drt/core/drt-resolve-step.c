/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-resolve-private.h"

/* Whom to ask next ([MC-DRT] §3.1.4.4 from step 7 on). */

#define SUSPICIOUS_MAX    6
#define USEFUL_HOPS_MAX   22
#define FIRST_HOPS_MAX    4    /* hops taken from the cache … */
#define FIRST_HOPS_DEAD   10   /* … where some were dead: of a fifth gone, ten in a row are one in ten millions */

/**
 * drt_resolve_inquire:
 * @node: a node
 * @now: the time
 * @resolve: one of its resolves
 * @match: what it has found
 * @attempt: how often it has been asked, this time included
 *
 * Asks for the proof of a match ([MC-DRT] §3.1.4.4, step 7).
 *
 * Returns: whether it could be asked
 */
gboolean
drt_resolve_inquire (DrtNode        *node,
                     gint64          now,
                     DrtResolve     *resolve,
                     const DrtEntry *match,
                     guint           attempt)
{
  const DrtEndpoint *to = drt_entry_choose_address (match, node->locals, node->n_locals);
  DrtAsked asked = { .attempt = attempt, .sent = now };
  DrtObservedHop *last;

  if (to == NULL)
    return FALSE;
  asked.id = drt_inquire_send (node, now, match, DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_X | DRT_INQUIRE_FLAG_C,
                               asked.nonce, DRT_PENDING_INQUIRE_MATCH, resolve);
  if (asked.id == 0)
    return FALSE;
  drt_resolve_hurry (node, asked.id, attempt);
  last = resolve->hops->len > 0 ? drt_resolve_get_hop (resolve, resolve->hops->len - 1) : NULL;
  if (last != NULL && drt_endpoint_equal (&last->endpoint, to) && drt_key_equal (&last->key, &match->key))
    last->flags |= DRT_ADDRESS_FLAG_INQUIRE;
  else
    drt_resolve_add_hop (resolve, to, &match->key, DRT_ADDRESS_FLAG_INQUIRE);
  asked.to = *to;
  asked.place = resolve->hops->len - 1;
  asked.match = drt_entry_copy (match);
  g_array_append_val (resolve->asked, asked);
  return TRUE;
}

/* @match is to prove its key, unless it is already being asked to. */
void
drt_resolve_prove (DrtNode        *node,
                   gint64          now,
                   DrtResolve     *resolve,
                   const DrtEntry *match)
{
  if (drt_resolve_has_asked_match (resolve, match) || drt_resolve_inquire (node, now, resolve, match, 1))
    resolve->phase = DRT_PHASE_ASKING;
  else
    drt_resolve_fail (resolve, match);   /* still DRT_PHASE_READY: the next best */
}

void
drt_resolve_push_hop (DrtResolve     *resolve,
                      const DrtEntry *entry,
                      guint           use_count)
{
  DrtNextHop *hop = g_new0 (DrtNextHop, 1);

  hop->entry = drt_entry_copy (entry);
  hop->use_count = use_count;
  g_ptr_array_add (resolve->next_hops, hop);
}

/* In this round. */
gboolean
drt_resolve_was_asked (const DrtResolve *resolve,
                       const DrtEntry   *entry)
{
  for (guint i = resolve->first_hop; i < resolve->hops->len; i++)
    {
      const DrtObservedHop *hop = &g_array_index (resolve->hops, DrtObservedHop, i);

      if (drt_key_equal (&hop->key, &entry->key) && drt_entry_has_endpoint (entry, &hop->endpoint))
        return TRUE;
    }
  return FALSE;
}

/* Whether the way ends here because somebody on it did not answer when he should. */
static gboolean
is_interrupted (const DrtResolve *resolve)
{
  if (!resolve->is_query || drt_resolve_has_asked_lately (resolve))
    return FALSE;
  for (guint i = 0; i < resolve->hops->len; i++)
    if (g_array_index (resolve->hops, DrtObservedHop, i).flags & DRT_ADDRESS_FLAG_UNREACHABLE)
      return TRUE;
  return FALSE;
}

/* §3.1.4.4 step 4 takes the one cached entry nearest the target.  While nobody
 * at all has answered the next nearest are tried too: with the first one dead
 * the resolve would end before it has begun.  And the cache may have come to
 * hold something nearer than all that was found since.  A search asks another one
 * too when the nearest knows nobody: it may have just come.  Where the dead have cut
 * its way it looks farther for another. */
static void
push_cached_hop (DrtNode    *node,
                 DrtResolve *resolve)
{
  guint max = is_interrupted (resolve) ? FIRST_HOPS_DEAD : FIRST_HOPS_MAX;
  DrtEntry *near[FIRST_HOPS_MAX];
  guint n;

  if (resolve->n_first_hops >= max || node->n_locals == 0)
    return;
  /* Whether those we know are all there are is what is to be found out. */
  if (resolve->reason == DRT_REASON_SPLIT_DETECTION)
    return;
  if (resolve->is_query)
    n = (near[0] = drt_search_nearest_hop (node, resolve)) != NULL;
  else
    n = drt_cache_nearest (&node->cache, &resolve->aim, NULL, NULL, near, FIRST_HOPS_MAX);
  for (guint i = 0; i < n; i++)
    {
      if (!resolve->is_query && resolve->useful_hops > 0 && resolve->best != NULL &&
          drt_key_compare_distance (&resolve->aim, &near[i]->key, &resolve->best->key) >= 0)
        return;
      if (drt_resolve_was_asked (resolve, near[i]))
        continue;
      resolve->n_first_hops++;
      drt_resolve_push_hop (resolve, near[i], 0);
      return;
    }
}

static DrtNextHop *
pop_hop (DrtNode    *node,
         DrtResolve *resolve)
{
  for (;;)
    {
      DrtNextHop *hop;

      if (resolve->next_hops->len == 0)
        push_cached_hop (node, resolve);
      if (resolve->next_hops->len == 0)
        return NULL;
      hop = g_ptr_array_steal_index (resolve->next_hops, resolve->next_hops->len - 1);
      if (!drt_resolve_has_failed (resolve, hop->entry))
        return hop;
      drt_next_hop_free (hop);
    }
}

static void
report_intermediate (DrtResolve *resolve)
{
  DrtResolveMatch match = {
    .key = resolve->current->entry->key,
    .n_addresses = resolve->current->entry->n_addresses,
    .addresses = resolve->current->entry->addresses,
  };

  resolve->phase = DRT_PHASE_WAITING;
  if (resolve->func != NULL)
    resolve->func (resolve->data, DRT_RESOLVE_INTERMEDIATE, &match, S_OK);
}

static gboolean
is_ours (DrtNode          *node,
         const DrtResolve *resolve)
{
  return resolve->has_own && drt_key_equal (&resolve->best->key, &resolve->own) &&
         drt_keys_find (node, &resolve->own) != NULL;
}

/* Asks the next hop, or has the program asked whether to, or waits for who is late;
 * FALSE: there is none, or enough have been asked. */
gboolean
drt_resolve_take_hop (DrtNode    *node,
                      gint64      now,
                      DrtResolve *resolve)
{
  if (resolve->current == NULL)
    resolve->current = pop_hop (node, resolve);
  if (resolve->current == NULL || resolve->suspicious > SUSPICIOUS_MAX || resolve->useful_hops > USEFUL_HOPS_MAX)
    {
      g_clear_pointer (&resolve->current, drt_next_hop_free);
      if (!drt_resolve_hopes (resolve))
        return FALSE;
      resolve->phase = DRT_PHASE_ASKING;
      return TRUE;
    }

  if (resolve->is_query && resolve->query.iterative && resolve->useful_hops > 0 && !resolve->went_on)
    report_intermediate (resolve);
  else
    drt_resolve_ask_hop (node, now, resolve, g_steal_pointer (&resolve->current));
  return TRUE;
}

/* Step 7 of §3.1.4.4: whom to ask next, if anybody. */
void
drt_resolve_take_step (DrtNode    *node,
                       gint64      now,
                       DrtResolve *resolve)
{
  if (resolve->is_query)
    {
      drt_search_take_step (node, now, resolve);
      return;
    }
  if ((resolve->best == NULL || !drt_resolve_is_sufficient (resolve, &resolve->best->key)) &&
      drt_resolve_take_hop (node, now, resolve))
    return;

  while (resolve->best != NULL && !drt_resolve_is_acceptable (resolve, &resolve->best->key))
    {
      g_autoptr (DrtEntry) best = drt_entry_copy (resolve->best);

      drt_resolve_fail (resolve, best);
    }
  if (resolve->best == NULL || is_ours (node, resolve))
    drt_resolve_finish (node, resolve, S_OK);
  else
    drt_resolve_prove (node, now, resolve, resolve->best);
}
