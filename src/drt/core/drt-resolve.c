/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-resolve-private.h"

/* Resolving a key hop by hop ([MC-DRT] §3.1.4.4): the life of a resolve, and what
 * is told of it. */

#define INTERNAL_TIMEOUT  (60 * G_USEC_PER_SEC)  /* of resolves nobody waits for */

void
drt_next_hop_free (DrtNextHop *hop)
{
  if (hop == NULL)
    return;
  drt_entry_free (hop->entry);
  g_free (hop);
}

void
drt_resolve_free (DrtResolve *resolve)
{
  g_ptr_array_unref (resolve->next_hops);
  g_ptr_array_unref (resolve->best_matches);
  drt_search_clear (resolve);
  g_ptr_array_unref (resolve->failed);
  g_array_unref (resolve->asked);
  g_array_unref (resolve->hops);
  drt_entry_free (resolve->best);
  drt_next_hop_free (resolve->current);
  g_free (resolve);
}

/* --- What is told --- */

void
drt_resolve_observe (DrtNode    *node,
                     DrtResolve *resolve)
{
  DrtObservedLookup lookup = {
    .id = resolve->id,
    .target = resolve->target,
    .criteria = resolve->criteria,
    .reason = resolve->reason,
    .started = resolve->started,
    .finished = resolve->phase == DRT_PHASE_FINISHED,
    .found = resolve->n_matches > 0,
    .n_hops = resolve->hops->len,
    .hops = (const DrtObservedHop *) (gpointer) resolve->hops->data,
  };

  if (!node->observed)
    return;
  lookup.result = resolve->found;
  node->host.observe_lookup (node->host_data, &lookup);
}

void
drt_resolve_add_hop (DrtResolve        *resolve,
                     const DrtEndpoint *endpoint,
                     const DrtKey      *key,
                     guint32            flags)
{
  DrtObservedHop hop = {
    .endpoint = *endpoint,
    .key = *key,
    .flags = flags,
    .nearness = drt_key_nearness (key, &resolve->target),
    .latency = -1,
  };

  resolve->changed_hop = MIN (resolve->changed_hop, resolve->hops->len);
  g_array_append_val (resolve->hops, hop);
}

/* To be written to. */
DrtObservedHop *
drt_resolve_get_hop (DrtResolve *resolve,
                     guint       place)
{
  g_assert (place < resolve->hops->len);
  resolve->changed_hop = MIN (resolve->changed_hop, place);
  return &g_array_index (resolve->hops, DrtObservedHop, place);
}

/* --- The end --- */

void
drt_resolve_finish (DrtNode    *node,
                    DrtResolve *resolve,
                    HRESULT     hr)
{
  if (resolve->phase == DRT_PHASE_FINISHED)
    return;
  resolve->phase = DRT_PHASE_FINISHED;
  resolve->result = hr;
  drt_resolve_abandon_asked (node, resolve);
}

/* Reports a finished resolve and frees it. */
static void
report_finished (DrtNode    *node,
                 gint64      now,
                 DrtResolve *resolve)
{
  DrtKey key = resolve->target;
  DrtKey one = { { 1 } };

  if (resolve->n_matches > 0)
    node->counters.lookups_found++;
  else
    node->counters.lookups_failed++;
  drt_resolve_observe (node, resolve);
  if (resolve->func != NULL)
    resolve->func (resolve->data, DRT_RESOLVE_FINISHED, NULL, resolve->result);
  if (resolve->reason == DRT_REASON_REGISTRATION)
    {
      drt_key_subtract (&key, &key, &one);
      drt_keys_announced (node, now, &key, resolve->useful_hops > 0);
    }
  if (resolve->reason == DRT_REASON_SPLIT_DETECTION)
    drt_split_detection_finished (node, now, resolve);
  g_ptr_array_remove_fast (node->resolves, resolve);
}

void
drt_resolve_report_match (DrtNode        *node,
                          DrtResolve     *resolve,
                          const DrtEntry *entry,
                          GBytes         *payload,
                          gboolean        local)
{
  DrtResolveMatch match = { .key = entry->key, .local = local };
  gsize size = 0;

  resolve->n_matches++;
  resolve->found = entry->key;
  match.n_addresses = entry->n_addresses;
  match.addresses = entry->addresses;
  if (payload != NULL)
    match.payload = g_bytes_get_data (payload, &size);
  match.payload_size = size;
  if (resolve->func != NULL)
    resolve->func (resolve->data, DRT_RESOLVE_FOUND, &match, S_OK);
}

/* --- Life --- */

/* Takes @entry. */
static void
set_own_best (DrtResolve *resolve,
              DrtEntry   *entry)
{
  resolve->best = entry;
  resolve->has_own = entry != NULL;
  if (entry != NULL)
    resolve->own = entry->key;
}

/**
 * drt_resolve_new:
 * @node: a node
 * @now: the time
 * @target: the key to look for
 * @reason: why
 * @criteria: what counts as found
 * @precision: bits, with DRT_CRITERIA_UPPER_BITS
 * @best_match: (transfer full) (nullable): InitialBestMatchRouteEntry, of a key
 *   of ours
 *
 * Begins a resolve; its first step is taken with the next drt_node_advance().
 *
 * Returns: (transfer none): the resolve, which frees itself when it ends
 */
DrtResolve *
drt_resolve_new (DrtNode            *node,
                 gint64              now,
                 const DrtKey       *target,
                 DrtResolveReason    reason,
                 DrtResolveCriteria  criteria,
                 guint               precision,
                 DrtEntry           *best_match)
{
  DrtResolve *resolve = g_new0 (DrtResolve, 1);

  resolve->id = ++node->n_resolves;
  resolve->target = *target;
  resolve->aim = *target;
  resolve->reason = reason;
  resolve->criteria = criteria;
  resolve->precision = precision;
  resolve->started = now;
  resolve->deadline = now + INTERNAL_TIMEOUT;
  set_own_best (resolve, best_match);
  resolve->next_hops = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_next_hop_free);
  resolve->best_matches = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_entry_free);
  resolve->failed = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_entry_free);
  resolve->asked = g_array_new (FALSE, FALSE, sizeof (DrtAsked));
  g_array_set_clear_func (resolve->asked, (GDestroyNotify) drt_asked_clear);
  resolve->hops = g_array_new (FALSE, FALSE, sizeof (DrtObservedHop));
  /* §3.2.7.1: so that nobody refers us back to ourselves. */
  if (node->n_locals > 0)
    resolve->path[resolve->n_path++] = node->locals[0];
  g_ptr_array_add (node->resolves, resolve);
  node->counters.lookups_started++;
  return resolve;
}

DrtResolve *
drt_node_resolve_start (DrtNode               *node,
                        gint64                 now,
                        const DrtResolveQuery *query,
                        DrtResolveFunc         func,
                        gpointer               data)
{
  gboolean exact = drt_key_equal (&query->minimum, &query->maximum);
  const DrtLocalKey *local = query->allow_local ? drt_keys_nearest (node, &query->target) : NULL;
  DrtResolve *resolve = drt_resolve_new (node, now, &query->target, DRT_REASON_APP_REQUEST,
                                         exact ? DRT_CRITERIA_NONE : DRT_CRITERIA_NEAREST, 0, NULL);

  resolve->is_query = TRUE;
  resolve->query = *query;
  resolve->func = func;
  resolve->data = data;
  resolve->deadline = now + query->timeout;
  if (local != NULL)
    resolve->search.own = drt_keys_make_entry (node, local);
  if (node->closed || node->fault != S_OK)
    drt_resolve_finish (node, resolve, DRT_E_FAULTED);
  return resolve;
}

void
drt_node_resolve_continue (DrtNode    *node,
                           gint64      now,
                           DrtResolve *resolve)
{
  if (resolve->phase != DRT_PHASE_WAITING)
    return;
  resolve->went_on = TRUE;
  resolve->phase = DRT_PHASE_READY;
}

void
drt_node_resolve_end (DrtNode    *node,
                      gint64      now,
                      DrtResolve *resolve)
{
  drt_resolve_abandon_asked (node, resolve);
  g_ptr_array_remove_fast (node->resolves, resolve);
}

const DrtObservedHop *
drt_node_resolve_get_path (const DrtResolve *resolve,
                           guint            *n_hops)
{
  *n_hops = resolve->hops->len;
  return (const DrtObservedHop *) (gpointer) resolve->hops->data;
}

guint
drt_node_resolve_take_changes (DrtResolve *resolve)
{
  guint changed = resolve->changed_hop;

  resolve->changed_hop = resolve->hops->len;
  return changed;
}

void
drt_resolves_advance (DrtNode *node,
                      gint64   now)
{
  for (guint i = node->resolves->len; i > 0; i--)
    {
      DrtResolve *resolve = g_ptr_array_index (node->resolves, i - 1);

      if (resolve->deadline <= now)
        drt_resolve_finish (node, resolve, DRT_E_TIMEOUT);
      while (resolve->phase == DRT_PHASE_READY)
        drt_resolve_take_step (node, now, resolve);
      if (resolve->phase == DRT_PHASE_FINISHED)
        report_finished (node, now, resolve);
    }
}

gint64
drt_resolves_deadline (const DrtNode *node)
{
  gint64 deadline = G_MAXINT64;

  for (guint i = 0; i < node->resolves->len; i++)
    {
      const DrtResolve *resolve = g_ptr_array_index (node->resolves, i);

      if (resolve->phase == DRT_PHASE_READY || resolve->phase == DRT_PHASE_FINISHED)
        return 0;
      deadline = MIN (deadline, resolve->deadline);
    }
  return deadline;
}

/* A key of ours is gone: what was going on in its name ends. */
void
drt_resolves_forget_own (DrtNode      *node,
                         const DrtKey *own)
{
  for (guint i = 0; i < node->resolves->len; i++)
    {
      DrtResolve *resolve = g_ptr_array_index (node->resolves, i);

      if (resolve->has_own && !resolve->is_query && drt_key_equal (&resolve->own, own))
        drt_resolve_finish (node, resolve, S_OK);
    }
}

void
drt_resolves_fail_all (DrtNode *node,
                       gint64   now,
                       HRESULT  hr)
{
  for (guint i = 0; i < node->resolves->len; i++)
    drt_resolve_finish (node, g_ptr_array_index (node->resolves, i), hr);
}
