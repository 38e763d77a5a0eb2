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

static void
add_to_path (DrtResolve        *resolve,
             const DrtEndpoint *endpoint)
{
  if (!on_path (resolve, endpoint, resolve->n_path) && resolve->n_path < DRT_MAX_PATH)
    resolve->path[resolve->n_path++] = *endpoint;
}

/* Step 9 of §3.1.5.5.1: all but the last on the path, which may well name
 * another key of its own. */
static gboolean
is_loop (const DrtResolve *resolve,
         const DrtEntry   *entry)
{
  for (guint i = 0; i < entry->n_addresses; i++)
    if (on_path (resolve, &entry->addresses[i], resolve->n_path) &&
        !drt_endpoint_equal (&entry->addresses[i], &resolve->asked))
      return TRUE;
  return FALSE;
}

/* Steps 8 to 10 of §3.1.5.5.1. */
static void
take_next_hop (DrtNode        *node,
               DrtResolve     *resolve,
               const DrtKey   *named_by,
               const DrtEntry *next)
{
  gboolean pushed = resolve->current != NULL;
  guint32 *flags = &drt_resolve_last_hop (resolve)->flags;

  /* Who knows nobody nearer will not know better with a longer path: step 8's
   * fallback would only bring the same answer twice more. */
  if (next == NULL)
    {
      g_clear_pointer (&resolve->current, drt_next_hop_free);
      return;
    }
  if (resolve->current != NULL)
    g_ptr_array_add (resolve->next_hops, g_steal_pointer (&resolve->current));

  if (is_loop (resolve, next))
    {
      *flags |= DRT_ADDRESS_FLAG_LOOP;
    }
  else if (drt_key_compare_distance (&resolve->target, &next->key, named_by) < 0 || resolve->asked_any)
    {
      *flags |= DRT_ADDRESS_FLAG_ACCEPTED;
      drt_resolve_push_hop (resolve, next);
    }
  else
    {
      *flags |= DRT_ADDRESS_FLAG_REJECTED;
      if (pushed)
        drt_next_hop_free (g_ptr_array_steal_index (resolve->next_hops, resolve->next_hops->len - 1));
    }
}

/* §3.1.5.5.1 */
static void
lookup_answered (DrtNode                  *node,
                 gint64                    now,
                 DrtResolve               *resolve,
                 const DrtEndpoint        *from,
                 const DrtAuthorityBuffer *answer)
{
  DrtKey named_by = resolve->current->entry->key;
  g_autoptr (DrtEntry) next = answer->has_entry ? drt_entry_new_from_wire (&answer->entry) : NULL;
  guint32 *flags = &drt_resolve_last_hop (resolve)->flags;

  add_to_path (resolve, &resolve->asked);
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
      drt_routes_remove_at (node, now, &named_by, &resolve->asked, DRT_E_INVALID_KEY);
      g_clear_pointer (&resolve->current, drt_next_hop_free);
    }
  else
    {
      DrtWireEntry wire;
      DrtEntryAddresses addresses;

      drt_entry_to_wire (resolve->current->entry, &wire, &addresses);
      if (!drt_key_is_zero (&named_by))
        {
          drt_validate_submit (node, now, &wire, DRT_LEARNED_FROM_AUTHORITY, from, NULL);
          drt_resolve_consider_best (resolve, resolve->current->entry);
        }
      if (resolve->current->use_count >= USE_COUNT_MAX)
        g_clear_pointer (&resolve->current, drt_next_hop_free);
    }
  take_next_hop (node, resolve, &named_by, next);
  resolve->phase = DRT_PHASE_READY;
}

/* The best match has proved its key. */
static void
match_proved (DrtNode      *node,
              gint64        now,
              DrtResolve   *resolve,
              const DrtCpa *cpa)
{
  if (resolve->is_query)
    {
      drt_resolve_report_match (node, resolve, cpa->entry, cpa->payload, FALSE);
      if (resolve->n_matches >= resolve->query.max_matches)
        drt_resolve_finish (node, resolve, S_OK);
    }
  else
    {
      DrtWireEntry wire;
      DrtEntryAddresses addresses;

      /* A key nobody asked for is worth knowing: maintenance, registration. */
      drt_entry_to_wire (resolve->best, &wire, &addresses);
      drt_validate_submit (node, now, &wire, DRT_LEARNED_FROM_AUTHORITY, &resolve->asked, NULL);
      resolve->n_matches++;
      resolve->found = resolve->best->key;
      drt_resolve_finish (node, resolve, S_OK);
    }
}

/* §3.1.5.5.1.1 */
static void
match_answered (DrtNode                  *node,
                gint64                    now,
                DrtResolve               *resolve,
                const DrtAuthorityBuffer *answer)
{
  DrtCpa cpa;
  HRESULT hr = drt_cpa_check (node, resolve->best, answer, resolve->nonce, &cpa);

  resolve->phase = DRT_PHASE_READY;
  if (SUCCEEDED (hr))
    {
      match_proved (node, now, resolve, &cpa);
    }
  else if (answer->flags & DRT_AUTHORITY_FLAG_N)
    {
      drt_resolve_last_hop (resolve)->flags |= DRT_ADDRESS_FLAG_BAD_VALIDATE_ID;
      drt_routes_remove_at (node, now, &resolve->best->key, &resolve->asked, DRT_E_INVALID_KEY);
    }
  else
    {
      drt_node_drop (node, DRT_DROP_INVALID_CPA);
    }
  if (resolve->phase != DRT_PHASE_FINISHED)
    drt_resolve_pop_best (resolve, SUCCEEDED (hr));
  drt_cpa_clear (&cpa);
}

void
drt_resolve_answered (DrtNode                  *node,
                      gint64                    now,
                      const DrtPending         *request,
                      const DrtEndpoint        *from,
                      const DrtAuthorityBuffer *answer)
{
  DrtResolve *resolve = request->owner;

  drt_resolve_last_hop (resolve)->latency = drt_node_round_trip (node, resolve->asked_at);
  if (request->kind == DRT_PENDING_LOOKUP)
    lookup_answered (node, now, resolve, from, answer);
  else
    match_answered (node, now, resolve, answer);
  if (resolve->phase == DRT_PHASE_READY)
    drt_resolve_take_step (node, now, resolve);
  if (resolve->phase != DRT_PHASE_FINISHED)
    drt_resolve_observe (node, resolve);
}

/* Both sends are lost: on with the next hop, or the next best match. */
void
drt_resolve_unanswered (DrtNode          *node,
                        gint64            now,
                        const DrtPending *request)
{
  DrtResolve *resolve = request->owner;
  DrtEntry *cached = drt_cache_find (&node->cache, &request->key);

  drt_resolve_last_hop (resolve)->flags |= DRT_ADDRESS_FLAG_UNREACHABLE;
  resolve->phase = DRT_PHASE_READY;
  if (request->kind == DRT_PENDING_LOOKUP)
    {
      /* On the path, so that nobody names it again in this resolve. */
      add_to_path (resolve, &resolve->asked);
      g_clear_pointer (&resolve->current, drt_next_hop_free);
    }
  else
    {
      drt_resolve_pop_best (resolve, FALSE);
    }
  if (cached != NULL && drt_entry_has_endpoint (cached, &request->to))
    {
      cached->n_unanswered++;
      drt_monitor_entry (node, DRT_OBSERVED_CHANGED, cached);
      drt_inquire_cached (node, now, cached);
    }
  drt_resolve_take_step (node, now, resolve);
  if (resolve->phase != DRT_PHASE_FINISHED)
    drt_resolve_observe (node, resolve);
}
