/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-resolve-private.h"

/* What an answer, or its absence, does to a resolve ([MC-DRT] §3.1.5.5.1). */

#define USE_COUNT_MAX     3

static gboolean
on_path (const DrtResolve  *resolve,
         const DrtEndpoint *endpoint,
         guint              n)
{
  for (guint i = 0; i < n; i++)
    if (drt_endpoint_equal (&resolve->path[i], endpoint))
      return TRUE;
  return FALSE;
}

/* @endpoint has seen the LOOKUP, or is not to be named. */
void
drt_resolve_add_to_path (DrtResolve        *resolve,
                         const DrtEndpoint *endpoint)
{
  if (!on_path (resolve, endpoint, resolve->n_path) && resolve->n_path < DRT_MAX_PATH)
    resolve->path[resolve->n_path++] = *endpoint;
}

/* Step 9 of §3.1.5.5.1: all but the last on the path, which may well name
 * another key of its own, but none as which it has been asked. */
static gboolean
is_loop (const DrtResolve *resolve,
         const DrtAsked   *asked,
         const DrtEntry   *entry)
{
  if (drt_entry_has_endpoint (entry, &asked->to) && drt_resolve_was_asked (resolve, entry))
    return TRUE;
  for (guint i = 0; i < entry->n_addresses; i++)
    if (on_path (resolve, &entry->addresses[i], resolve->n_path) &&
        !drt_endpoint_equal (&entry->addresses[i], &asked->to))
      return TRUE;
  return FALSE;
}

/* Steps 8 to 10 of §3.1.5.5.1. */
static void
take_next_hop (DrtNode        *node,
               DrtResolve     *resolve,
               DrtAsked       *asked,
               const DrtKey   *named_by,
               const DrtEntry *next)
{
  gboolean pushed = asked->hop != NULL;
  guint32 *flags = &drt_resolve_get_hop (resolve, asked->place)->flags;

  /* Who knows nobody nearer will not know better with a longer path: step 8's
   * fallback would only bring the same answer twice more. */
  if (next == NULL)
    return;
  if (pushed)
    g_ptr_array_add (resolve->next_hops, g_steal_pointer (&asked->hop));

  if (drt_resolve_has_asked_hop (resolve, next))
    {
      *flags |= DRT_ADDRESS_FLAG_LOOP;
      return;
    }
  if (is_loop (resolve, asked, next))
    {
      *flags |= DRT_ADDRESS_FLAG_LOOP;
    }
  else if (drt_key_compare_distance (&resolve->aim, &next->key, named_by) < 0 || asked->any)
    {
      if (resolve->is_query)
        drt_search_was_named (resolve, next);
      *flags |= DRT_ADDRESS_FLAG_ACCEPTED;
      drt_resolve_push_hop (resolve, next, 0);
    }
  else
    {
      *flags |= DRT_ADDRESS_FLAG_REJECTED;
      if (pushed)
        drt_next_hop_free (g_ptr_array_steal_index (resolve->next_hops, resolve->next_hops->len - 1));
    }
}

/* Whom the answer names; nobody, when it names ourselves. */
static DrtEntry *
get_named (DrtNode                  *node,
           const DrtEndpoint        *from,
           const DrtAuthorityBuffer *answer)
{
  DrtEntry *named = answer->has_entry ? drt_entry_new_from_wire (&answer->entry) : NULL;

  if (named != NULL)
    {
      named->learned_from = DRT_LEARNED_FROM_AUTHORITY;
      named->learned_from_endpoint = *from;
    }
  for (guint i = 0; named != NULL && i < named->n_addresses; i++)
    if (drt_node_is_local (node, &named->addresses[i]))
      {
        drt_entry_free (named);
        return NULL;
      }
  return named;
}

/* Steps 4 to 6 of §3.1.5.5.1, for a hop that publishes the key it was asked as. */
static void
keep_hop (DrtNode           *node,
          gint64             now,
          DrtResolve        *resolve,
          DrtAsked          *asked,
          const DrtEndpoint *from)
{
  const DrtEntry *hop = asked->hop->entry;
  DrtEntryAddresses addresses;
  DrtWireEntry wire;

  if (!drt_key_is_zero (&hop->key))
    {
      drt_entry_to_wire (hop, &wire, &addresses);
      drt_validate_submit (node, now, &wire, DRT_LEARNED_FROM_AUTHORITY, from, NULL);
      drt_resolve_consider_best (resolve, hop);
    }
  if (asked->hop->use_count >= USE_COUNT_MAX)
    g_clear_pointer (&asked->hop, drt_next_hop_free);
}

/* §3.1.5.5.1 */
static void
lookup_answered (DrtNode                  *node,
                 gint64                    now,
                 DrtResolve               *resolve,
                 DrtAsked                 *asked,
                 const DrtEndpoint        *from,
                 const DrtAuthorityBuffer *answer)
{
  DrtKey named_by = asked->hop->entry->key;
  g_autoptr (DrtEntry) hop = drt_entry_copy (asked->hop->entry);
  g_autoptr (DrtEntry) next = get_named (node, from, answer);
  guint32 *flags = &drt_resolve_get_hop (resolve, asked->place)->flags;

  drt_resolve_add_to_path (resolve, &asked->to);
  resolve->useful_hops++;
  if (answer->flags & DRT_AUTHORITY_FLAG_L)
    {
      resolve->suspicious++;
      *flags |= DRT_ADDRESS_FLAG_SUSPECT_UNREGISTERED_ID;
    }
  if (answer->flags & DRT_AUTHORITY_FLAG_B)
    *flags |= DRT_ADDRESS_FLAG_TOO_BUSY;
  if (answer->flags & DRT_AUTHORITY_FLAG_N)
    {
      /* A key of zero was asked of whom nothing was known: nothing is lost. */
      *flags |= DRT_ADDRESS_FLAG_BAD_VALIDATE_ID;
      drt_routes_remove_at (node, now, &named_by, &asked->to, DRT_E_INVALID_KEY);
      g_clear_pointer (&asked->hop, drt_next_hop_free);
      drt_resolve_fail (resolve, hop);
    }
  else
    {
      keep_hop (node, now, resolve, asked, from);
    }
  if (resolve->is_query)
    drt_search_was_answered (resolve, answer->flags & DRT_AUTHORITY_FLAG_N ? NULL : hop, asked->any, next);
  take_next_hop (node, resolve, asked, &named_by, next);
}

/* @proved has shown its CPA at @at: nothing is left to be validated. */
void
drt_resolve_keep_proved (DrtNode                  *node,
                         gint64                    now,
                         const DrtEntry           *proved,
                         const DrtEndpoint        *at,
                         const DrtAuthorityBuffer *answer)
{
  const DrtEntry *cached = drt_cache_find (&node->cache, &proved->key);
  DrtValidation validation = { .from = *at };
  DrtEntry *entry;

  drt_node_keep_credential (node, &proved->key, at, answer->credential);
  if (drt_keys_find (node, &proved->key) != NULL || (cached != NULL && drt_entry_same_addresses (cached, proved)) ||
      (cached == NULL && !drt_routes_wants (node, proved)))
    return;
  entry = drt_entry_new (&proved->key, proved->major, proved->minor, proved->addresses, proved->n_addresses);
  entry->learned_from = DRT_LEARNED_FROM_AUTHORITY;
  entry->learned_from_endpoint = *at;
  entry->last_heard = now;
  drt_routes_add (node, now, entry, &validation);
}

/* The best match has proved its key. */
static void
match_proved (DrtNode                  *node,
              gint64                    now,
              DrtResolve               *resolve,
              const DrtAsked           *asked,
              const DrtAuthorityBuffer *answer,
              const DrtCpa             *cpa)
{
  if (resolve->is_query)
    {
      drt_resolve_keep_proved (node, now, asked->match, &asked->to, answer);
      drt_search_matched (node, resolve, cpa->entry, cpa->payload, FALSE);
    }
  else
    {
      DrtWireEntry wire;
      DrtEntryAddresses addresses;

      /* A key nobody asked for is worth knowing: maintenance, registration. */
      drt_entry_to_wire (asked->match, &wire, &addresses);
      drt_validate_submit (node, now, &wire, DRT_LEARNED_FROM_AUTHORITY, &asked->to, NULL);
      resolve->n_matches++;
      resolve->found = asked->match->key;
      drt_resolve_finish (node, resolve, S_OK);
    }
}

/* It has not; @liar: it said what it could not prove. */
void
drt_resolve_refute (DrtResolve        *resolve,
                    const DrtEntry    *entry,
                    const DrtEndpoint *liar)
{
  if (resolve->is_query)
    drt_search_refuted (resolve, entry, liar);
  else
    drt_resolve_fail (resolve, entry);
}

/* Whether it was he himself who said in an answer that @entry is his. */
static gboolean
has_claimed (const DrtEntry    *entry,
             const DrtEndpoint *denier)
{
  return entry->learned_from == DRT_LEARNED_FROM_AUTHORITY && drt_endpoint_equal (&entry->learned_from_endpoint, denier);
}

/* §3.1.5.5.1.1 */
static void
match_answered (DrtNode                  *node,
                gint64                    now,
                DrtResolve               *resolve,
                const DrtAsked           *asked,
                const DrtAuthorityBuffer *answer)
{
  DrtCpa cpa;
  HRESULT hr = drt_cpa_check (node, asked->match, answer, asked->nonce, &cpa);

  if (SUCCEEDED (hr))
    {
      match_proved (node, now, resolve, asked, answer, &cpa);
    }
  else if (hr == E_OUTOFMEMORY && resolve->is_query)
    {
      /* It may well be true: what is found is not to be lost without a word. */
      drt_resolve_finish (node, resolve, hr);
    }
  else if (answer->flags & DRT_AUTHORITY_FLAG_N)
    {
      drt_resolve_get_hop (resolve, asked->place)->flags |= DRT_ADDRESS_FLAG_BAD_VALIDATE_ID;
      drt_routes_remove_at (node, now, &asked->match->key, &asked->to, DRT_E_INVALID_KEY);
      drt_resolve_refute (resolve, asked->match, has_claimed (asked->match, &asked->to) ? &asked->to : NULL);
    }
  else
    {
      drt_node_drop (node, DRT_DROP_INVALID_CPA);
      drt_resolve_refute (resolve, asked->match, &asked->to);
    }
  drt_cpa_clear (&cpa);
}

/* On with the resolve, unless it waits for its application, or for an answer
 * that may come any moment while nothing better is known. */
static void
go_on (DrtNode    *node,
       gint64      now,
       DrtResolve *resolve,
       gboolean    wiser)
{
  if (resolve->phase == DRT_PHASE_ASKING && (wiser || !drt_resolve_has_asked_lately (resolve)))
    {
      resolve->phase = DRT_PHASE_READY;
      while (resolve->phase == DRT_PHASE_READY)
        drt_resolve_take_step (node, now, resolve);
    }
  if (resolve->phase != DRT_PHASE_FINISHED)
    drt_resolve_observe (node, resolve);
}

/* In time or late, as long as the resolve is not over. */
void
drt_resolve_answered (DrtNode                  *node,
                      gint64                    now,
                      const DrtPending         *request,
                      const DrtEndpoint        *from,
                      const DrtAuthorityBuffer *answer)
{
  DrtResolve *resolve = request->owner;
  DrtObservedHop *hop;
  guint n_hops;
  DrtAsked asked;

  if (resolve == NULL || !drt_resolve_take_asked (resolve, request->id, &asked))
    return;
  hop = drt_resolve_get_hop (resolve, asked.place);
  hop->latency = drt_node_round_trip (node, asked.sent);
  hop->flags &= ~(guint32) DRT_ADDRESS_FLAG_UNREACHABLE;
  n_hops = resolve->next_hops->len;
  if (asked.introducing)
    drt_resolve_introduced (node, now, resolve, &asked, answer);
  else if (asked.hop != NULL)
    lookup_answered (node, now, resolve, &asked, from, answer);
  else if (!drt_search_has_matched (resolve, &asked.match->key))
    match_answered (node, now, resolve, &asked, answer);
  go_on (node, now, resolve, asked.match != NULL || resolve->next_hops->len > n_hops);
  drt_asked_clear (&asked);
}

/* --- The absence of an answer --- */

/* The cached entry of who was asked. */
static DrtEntry *
find_cached (DrtNode          *node,
             const DrtPending *request)
{
  DrtEntry *entry = drt_cache_find (&node->cache, &request->key);

  return entry != NULL && drt_entry_has_endpoint (entry, &request->to) ? entry : NULL;
}

/* Unless it was there, but too busy. */
static void
mark_unreachable (DrtResolve     *resolve,
                  const DrtAsked *asked)
{
  DrtObservedHop *hop = drt_resolve_get_hop (resolve, asked->place);

  if (!(hop->flags & DRT_ADDRESS_FLAG_TOO_BUSY))
    hop->flags |= DRT_ADDRESS_FLAG_UNREACHABLE;
}

/**
 * drt_resolve_late:
 * @node: a node
 * @now: the time
 * @request: a LOOKUP of a resolve, or of one that is over
 *
 * The answer is later than usual: others are asked meanwhile.
 */
void
drt_resolve_late (DrtNode          *node,
                  gint64            now,
                  const DrtPending *request)
{
  DrtResolve *resolve = request->owner;
  DrtEntry *cached = find_cached (node, request);
  DrtAsked *asked;

  if (cached != NULL)
    drt_entry_leave_unanswered (cached);
  if (resolve == NULL)
    return;
  asked = drt_resolve_find_asked (resolve, request->id);
  asked->late = TRUE;
  mark_unreachable (resolve, asked);
  /* On the path, so that nobody names it again in this resolve. */
  drt_resolve_add_to_path (resolve, &asked->to);
  go_on (node, now, resolve, FALSE);
}

/**
 * drt_resolve_busy:
 * @node: a node
 * @now: the time
 * @request: one of a resolve, which has been put off
 *
 * Who was asked is too busy.  Others are asked, and he himself once more when he
 * has had a second.
 */
void
drt_resolve_busy (DrtNode          *node,
                  gint64            now,
                  const DrtPending *request)
{
  DrtResolve *resolve = request->owner;
  DrtAsked *asked = drt_resolve_find_asked (resolve, request->id);
  DrtObservedHop *hop = drt_resolve_get_hop (resolve, asked->place);

  asked->late = TRUE;
  hop->flags = (hop->flags & ~(guint32) DRT_ADDRESS_FLAG_UNREACHABLE) | DRT_ADDRESS_FLAG_TOO_BUSY;
  hop->latency = drt_node_round_trip (node, asked->sent);
  if (asked->hop != NULL)
    drt_resolve_add_to_path (resolve, &asked->to);
  go_on (node, now, resolve, FALSE);
}

/* @endpoint is to be asked once more. */
void
drt_resolve_leave_path (DrtResolve        *resolve,
                        const DrtEndpoint *endpoint)
{
  guint n = 1;   /* the first is ours */

  for (guint i = 1; i < resolve->n_path; i++)
    if (!drt_endpoint_equal (&resolve->path[i], endpoint))
      resolve->path[n++] = resolve->path[i];
  resolve->n_path = MIN (n, resolve->n_path);
}

/**
 * drt_resolve_lost:
 * @node: a node
 * @now: the time
 * @request: one of a resolve
 *
 * Two sends are not enough where much is lost.  A match that did not prove
 * itself, and a hop that is nearer than all that was found without it, are asked
 * anew: nobody can answer in their place.
 */
void
drt_resolve_lost (DrtNode          *node,
                  gint64            now,
                  const DrtPending *request)
{
  DrtResolve *resolve = request->owner;
  DrtAsked *asked = drt_resolve_find_asked (resolve, request->id);

  asked->late = TRUE;
  drt_resolve_mistrust (node, asked);
  if (asked->match != NULL && asked->attempt < DRT_ATTEMPTS_MAX)
    {
      g_autoptr (DrtEntry) match = drt_entry_copy (asked->match);

      drt_resolve_inquire (node, now, resolve, match, asked->attempt + 1);
      /* Who is looked for may be somewhere else by now. */
      if (resolve->is_query)
        go_on (node, now, resolve, TRUE);
    }
  else if (asked->hop != NULL && asked->hop->use_count < USE_COUNT_MAX && resolve->phase == DRT_PHASE_ASKING &&
           drt_resolve_hopes_for (resolve, asked))
    {
      drt_resolve_leave_path (resolve, &asked->to);
      drt_resolve_push_hop (resolve, asked->hop->entry, asked->hop->use_count);
      go_on (node, now, resolve, TRUE);
    }
}

/* Both sends are lost, and the time for an answer is over. */
void
drt_resolve_unanswered (DrtNode          *node,
                        gint64            now,
                        const DrtPending *request)
{
  DrtResolve *resolve = request->owner;
  DrtEntry *cached = find_cached (node, request);
  DrtAsked asked;

  if (request->kind == DRT_PENDING_LOOKUP)
    drt_credentials_forget (&node->credentials, &request->key, &request->to);
  if (cached != NULL && request->kind == DRT_PENDING_INQUIRE_MATCH)
    drt_entry_leave_unanswered (cached);
  /* Else it has answered something else since. */
  if (cached != NULL && cached->n_unanswered > 0)
    {
      drt_monitor_entry (node, DRT_OBSERVED_CHANGED, cached);
      drt_inquire_cached (node, now, cached);
    }
  if (resolve == NULL || !drt_resolve_take_asked (resolve, request->id, &asked))
    return;
  mark_unreachable (resolve, &asked);
  if (asked.match != NULL && !drt_resolve_has_asked_match (resolve, asked.match) &&
      !drt_search_has_matched (resolve, &asked.match->key))
    drt_resolve_refute (resolve, asked.match, NULL);
  if (resolve->is_query && asked.hop != NULL && !drt_resolve_has_asked_hop (resolve, asked.hop->entry))
    {
      drt_resolve_fail (resolve, asked.hop->entry);
      drt_search_shun (resolve, &asked.to);
    }
  drt_asked_clear (&asked);
  go_on (node, now, resolve, FALSE);
}
