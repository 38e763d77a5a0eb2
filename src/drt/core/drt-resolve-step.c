/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-resolve-private.h"

/* Whom to ask next, and asking ([MC-DRT] §3.1.4.4 from step 7 on). */

#define SUSPICIOUS_MAX    6
#define USEFUL_HOPS_MAX   22
#define FIRST_HOPS_MAX    4    /* hops taken from the cache */

static void
ask_best (DrtNode    *node,
          gint64      now,
          DrtResolve *resolve)
{
  const DrtEndpoint *to = drt_entry_choose_address (resolve->best, node->locals, node->n_locals);

  if (to == NULL ||
      drt_inquire_send (node, now, resolve->best, DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_X | DRT_INQUIRE_FLAG_C,
                        resolve->nonce, DRT_PENDING_INQUIRE_MATCH, resolve) == 0)
    {
      drt_resolve_pop_best (resolve, FALSE);
      return;   /* still DRT_PHASE_READY: the next best */
    }
  resolve->asked = *to;
  resolve->asked_at = now;
  resolve->phase = DRT_PHASE_ASKING;
  if (resolve->hops->len > 0 && drt_endpoint_equal (&drt_resolve_last_hop (resolve)->endpoint, to) &&
      drt_key_equal (&drt_resolve_last_hop (resolve)->key, &resolve->best->key))
    drt_resolve_last_hop (resolve)->flags |= DRT_ADDRESS_FLAG_INQUIRE;
  else
    drt_resolve_add_hop (resolve, to, &resolve->best->key, DRT_ADDRESS_FLAG_INQUIRE);
}

static void
fill_path (const DrtResolve *resolve,
           guint8           *bytes,
           DrtWireEndpoints *path)
{
  for (guint i = 0; i < resolve->n_path; i++)
    drt_wire_endpoint_put (bytes + i * DRT_WIRE_ENDPOINT_SIZE, &resolve->path[i]);
  path->n_endpoints = (guint8) resolve->n_path;
  path->endpoints = bytes;
}

/* Sealed for the hop, where it has to be; FALSE when it cannot be sent. */
static gboolean
send_lookup (DrtNode        *node,
             gint64          now,
             DrtResolve     *resolve,
             const DrtEntry *hop,
             DrtMessage     *message)
{
  DrtLookup *lookup = &message->lookup;
  DrtSpan clear[2] = { 0 }, credential = { 0 };
  DRT_DATA sealed[2], keytoken;
  guint8 entry[64 + sizeof (DrtEntryAddresses)], path[16 + DRT_MAX_PATH * DRT_WIRE_ENDPOINT_SIZE];
  gboolean sent;
  gsize size;

  if (node->settings.mode != DRT_SECURE_CONFIDENTIALPAYLOAD)
    {
      return drt_node_request (node, now, &resolve->asked, message, DRT_PENDING_LOOKUP, &hop->key, resolve) != 0;
    }

  if (lookup->has_entry)
    clear[0] = (DrtSpan) { entry, drt_wire_entry_encode (&lookup->entry, entry, sizeof entry) };
  clear[1] = (DrtSpan) { path, drt_wire_endpoints_encode (&lookup->path, path, sizeof path) };
  if (hop->credential != NULL)
    {
      credential.data = g_bytes_get_data (hop->credential, &size);
      credential.length = size;
    }
  if (!drt_security_seal (node, credential, 2, clear, sealed, &keytoken))
    return FALSE;
  lookup->keytoken = drt_security_span (&keytoken);
  if (lookup->has_entry)
    lookup->sealed_entry = drt_security_span (&sealed[0]);
  lookup->sealed_path = drt_security_span (&sealed[1]);
  lookup->has_entry = FALSE;
  lookup->path = (DrtWireEndpoints) { 0 };
  sent = drt_node_request (node, now, &resolve->asked, message, DRT_PENDING_LOOKUP, &hop->key, resolve) != 0;
  drt_security_free (node, &sealed[0]);
  drt_security_free (node, &sealed[1]);
  drt_security_free (node, &keytoken);
  return sent;
}

/* §3.1.4.4, step 8; @path and @addresses keep what @lookup points to. */
static void
fill_lookup (DrtNode           *node,
             DrtResolve        *resolve,
             DrtLookup         *lookup,
             guint8            *path,
             DrtEntryAddresses *addresses)
{
  resolve->asked_any = drt_cache_get_size (&node->cache) < DRT_FEW_ENTRIES;
  lookup->flags = resolve->asked_any ? DRT_LOOKUP_FLAG_A : 0;
  lookup->criteria = resolve->criteria;
  lookup->precision = resolve->criteria == DRT_CRITERIA_UPPER_BITS ? (guint16) resolve->precision : 0;
  lookup->reason = resolve->reason;
  lookup->target = resolve->target;
  lookup->validate_key = resolve->current->entry->key;
  if (resolve->best != NULL)
    {
      lookup->has_entry = TRUE;
      drt_entry_to_wire (resolve->best, &lookup->entry, addresses);
    }
  /* §3.2.7.1: so that nobody refers us back to ourselves. */
  if (resolve->n_path == 0)
    resolve->path[resolve->n_path++] = node->locals[0];
  fill_path (resolve, path, &lookup->path);
}

/* Steps 8 and 9 of §3.1.4.4.  A hop that cannot be asked is forgotten, and the
 * resolve stays DRT_PHASE_READY for the next. */
static void
ask_hop (DrtNode    *node,
         gint64      now,
         DrtResolve *resolve)
{
  DrtMessage message = { .type = DRT_MESSAGE_LOOKUP };
  const DrtEntry *hop = resolve->current->entry;
  const DrtEndpoint *to = drt_entry_choose_address (hop, node->locals, node->n_locals);
  guint8 path[DRT_MAX_PATH * DRT_WIRE_ENDPOINT_SIZE];
  DrtSpan what = { hop->key.b, DRT_KEY_SIZE };
  DrtEntryAddresses addresses;
  DrtProof proof;

  if (to == NULL || !drt_security_prove (node, what, &proof, &message.lookup.proof))
    {
      g_clear_pointer (&resolve->current, drt_next_hop_free);
      return;
    }
  fill_lookup (node, resolve, &message.lookup, path, &addresses);

  resolve->asked = *to;
  resolve->asked_at = now;
  resolve->went_on = FALSE;
  drt_resolve_add_hop (resolve, to, &hop->key, 0);
  if (send_lookup (node, now, resolve, hop, &message))
    {
      resolve->current->use_count++;
      resolve->phase = DRT_PHASE_ASKING;
    }
  else
    {
      drt_resolve_last_hop (resolve)->flags |= DRT_ADDRESS_FLAG_UNREACHABLE;
      g_clear_pointer (&resolve->current, drt_next_hop_free);
    }
  drt_security_proof_clear (node, &proof);
}

void
drt_resolve_push_hop (DrtResolve     *resolve,
                      const DrtEntry *entry)
{
  DrtNextHop *hop = g_new0 (DrtNextHop, 1);

  hop->entry = drt_entry_copy (entry);
  g_ptr_array_add (resolve->next_hops, hop);
}

static gboolean
was_asked (const DrtResolve *resolve,
           const DrtEntry   *entry)
{
  for (guint i = 0; i < resolve->hops->len; i++)
    {
      const DrtObservedHop *hop = &g_array_index (resolve->hops, DrtObservedHop, i);

      if (drt_key_equal (&hop->key, &entry->key) && drt_entry_has_endpoint (entry, &hop->endpoint))
        return TRUE;
    }
  return FALSE;
}

/* §3.1.4.4 step 4 takes the one cached entry nearest the target.  While nobody
 * at all has answered the next nearest are tried too: with the first one dead
 * the resolve would end before it has begun.  And the cache may have come to
 * hold something nearer than all that was found since. */
static void
push_cached_hop (DrtNode    *node,
                 DrtResolve *resolve)
{
  DrtEntry *near[FIRST_HOPS_MAX];
  guint n;

  if (resolve->n_first_hops >= FIRST_HOPS_MAX || node->n_locals == 0)
    return;
  n = drt_cache_nearest (&node->cache, &resolve->target, NULL, NULL, near, FIRST_HOPS_MAX);
  for (guint i = 0; i < n; i++)
    {
      if (resolve->useful_hops > 0 && resolve->best != NULL &&
          drt_key_compare_distance (&resolve->target, &near[i]->key, &resolve->best->key) >= 0)
        return;
      if (was_asked (resolve, near[i]))
        continue;
      resolve->n_first_hops++;
      drt_resolve_push_hop (resolve, near[i]);
      return;
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

/* The best match is to be proved and reported; ours proves itself. */
static void
settle (DrtNode    *node,
        gint64      now,
        DrtResolve *resolve)
{
  if (is_ours (node, resolve))
    {
      const DrtLocalKey *local = drt_keys_find (node, &resolve->best->key);

      if (resolve->is_query)
        drt_resolve_report_match (node, resolve, resolve->best, local->payload, TRUE);
      drt_resolve_pop_best (resolve, TRUE);
      if (!resolve->is_query || resolve->n_matches >= resolve->query.max_matches)
        drt_resolve_finish (node, resolve, S_OK);
      return;
    }
  ask_best (node, now, resolve);
}

/* Step 7 of §3.1.4.4: whom to ask next, if anybody. */
void
drt_resolve_take_step (DrtNode    *node,
                       gint64      now,
                       DrtResolve *resolve)
{
  if (resolve->best != NULL && drt_resolve_is_sufficient (resolve, &resolve->best->key))
    {
      settle (node, now, resolve);
      return;
    }

  if (resolve->current == NULL)
    {
      if (resolve->next_hops->len == 0)
        push_cached_hop (node, resolve);
      if (resolve->next_hops->len > 0)
        resolve->current = g_ptr_array_steal_index (resolve->next_hops, resolve->next_hops->len - 1);
    }
  if (resolve->current == NULL || resolve->suspicious > SUSPICIOUS_MAX || resolve->useful_hops > USEFUL_HOPS_MAX)
    {
      g_clear_pointer (&resolve->current, drt_next_hop_free);
      while (resolve->best != NULL && !drt_resolve_is_acceptable (resolve, &resolve->best->key))
        drt_resolve_pop_best (resolve, FALSE);
      if (resolve->best != NULL)
        settle (node, now, resolve);
      else
        drt_resolve_finish (node, resolve, S_OK);
      return;
    }

  if (resolve->is_query && resolve->query.iterative && resolve->useful_hops > 0 && !resolve->went_on)
    report_intermediate (resolve);
  else
    ask_hop (node, now, resolve);
}
