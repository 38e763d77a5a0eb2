/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

#include <string.h>

/* A new route entry is never trusted as it comes: it waits here until the node
 * it names has answered an INQUIRE ([MC-DRT] §3.1.5.6, §3.2.5.1, §3.1.5.5.1.2). */

#define VALIDATIONS_MAX              256
#define VALIDATIONS_PER_SOURCE_MAX   64   /* told by one, see drt_is_same_source() */
#define VALIDATIONS_PER_NET_MAX      128
#define VALIDATIONS_PER_TARGET_MAX   8    /* to be asked of one address: nobody is to be made a target */
#define VALIDATIONS_PER_KEY_MAX      8    /* each from another source: a liar must not lock out the truth */

void
drt_validation_free (DrtValidation *validation)
{
  if (validation == NULL)
    return;
  drt_entry_free (validation->entry);
  g_free (validation);
}

typedef struct
{
  guint source, net, target, key, same;
} Counts;

/* How much of what @entry from @from would use is in use. */
static Counts
count_validations (DrtNode           *node,
                   const DrtEntry    *entry,
                   const DrtEndpoint *from)
{
  Counts n = { 0 };

  for (guint i = 0; i < node->validations->len; i++)
    {
      const DrtValidation *other = g_ptr_array_index (node->validations, i);
      gboolean same_source = drt_is_same_source (&other->from, from);

      n.source += same_source;
      n.net += drt_is_same_net (&other->from, from);
      n.target += IN6_ARE_ADDR_EQUAL (&other->entry->addresses[0].address, &entry->addresses[0].address);
      if (!drt_key_equal (&other->entry->key, &entry->key))
        continue;
      n.key++;
      if (drt_entry_same_addresses (other->entry, entry) || (same_source && other->from.port == from->port))
        n.same++;
    }
  return n;
}

/* As of conversations: somebody drawn by lot goes, if he has more than @n others
 * of his net. */
static gboolean
make_room (DrtNode *node,
           guint    n)
{
  guint i = drt_node_random_below (node, node->validations->len), n_net = 0;
  const DrtValidation *chosen = g_ptr_array_index (node->validations, i);

  for (guint j = 0; j < node->validations->len; j++)
    n_net += drt_is_same_net (&((DrtValidation *) g_ptr_array_index (node->validations, j))->from, &chosen->from);
  if (n_net <= n + 1)
    return FALSE;
  drt_pending_free (drt_pending_list_steal (&node->pending, chosen->inquire_id));
  g_ptr_array_remove_index_fast (node->validations, i);
  return TRUE;
}

/* It is an answer by which its node is known. */
static gboolean
has_answered (const DrtEntry    *entry,
              const DrtEndpoint *at)
{
  return entry->learned_from == DRT_LEARNED_FROM_AUTHORITY && drt_endpoint_equal (&entry->learned_from_endpoint, at);
}

/* Whether there is room, and the same is not being validated already. */
static gboolean
may_begin (DrtNode           *node,
           gint64             now,
           const DrtEntry    *entry,
           const DrtEndpoint *from)
{
  const DrtEndpoint *to = drt_entry_choose_address (entry, node->locals, node->n_locals);
  Counts n = count_validations (node, entry, from);
  gsize length = DRT_RETRY_COUNT * (gsize) node->inquire_size;

  if (n.same > 0 || to == NULL)
    return FALSE;
  if (n.source < VALIDATIONS_PER_SOURCE_MAX && n.net < VALIDATIONS_PER_NET_MAX && n.key < VALIDATIONS_PER_KEY_MAX &&
      (n.target < VALIDATIONS_PER_TARGET_MAX || IN6_IS_ADDR_LOOPBACK (&to->address)) &&
      (node->validations->len < VALIDATIONS_MAX || make_room (node, n.net)) &&
      (has_answered (entry, to) || drt_node_may_send (node, now, to, length, VALIDATIONS_PER_TARGET_MAX * length)))
    return TRUE;
  drt_node_drop (node, DRT_DROP_TOO_MANY);
  return FALSE;
}

/* What need not be validated: ours, known as it is, or not wanted. */
static gboolean
is_of_interest (DrtNode        *node,
                const DrtEntry *entry)
{
  const DrtEntry *cached;

  if (drt_keys_find (node, &entry->key) != NULL)
    return FALSE;
  for (guint i = 0; i < entry->n_addresses; i++)
    if (drt_node_is_local (node, &entry->addresses[i]))
      return FALSE;

  /* That it is known is no sign of life: the source address may be forged. */
  cached = drt_cache_find (&node->cache, &entry->key);
  return cached != NULL ? !drt_entry_same_addresses (cached, entry) : drt_routes_wants (node, entry);
}

static void
remember_flooded (DrtValidation          *validation,
                  const DrtWireEndpoints *flooded)
{
  if (flooded == NULL)
    return;
  for (guint i = 0; i < flooded->n_endpoints && i < DRT_MAX_PATH; i++)
    drt_wire_endpoints_get (flooded, i, &validation->flooded[validation->n_flooded++]);
}

static gboolean
needs_cpa (DrtNode        *node,
           const DrtEntry *entry)
{
  return node->settings.mode == DRT_SECURE_CONFIDENTIALPAYLOAD ||
         drt_cache_find (&node->cache, &entry->key) != NULL || drt_routes_would_be_leaf (node, &entry->key);
}

/* Sends the INQUIRE; takes @validation. */
static void
ask (DrtNode       *node,
     gint64         now,
     DrtValidation *validation)
{
  validation->need_cpa = needs_cpa (node, validation->entry);
  validation->inquire_id = drt_inquire_send (node, now, validation->entry,
                                             validation->need_cpa ? DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_C : 0,
                                             validation->nonce, DRT_PENDING_INQUIRE_NEW, NULL);
  if (validation->inquire_id != 0)
    g_ptr_array_add (node->validations, validation);
  else
    drt_validation_free (validation);
}

/**
 * drt_validate_submit:
 * @node: a node
 * @now: the time
 * @wire: a route entry that came in a message
 * @learned_from: in which message
 * @from: who sent it
 * @flooded: (nullable): the Already Flooded List that came with it
 *
 * Begins the validation of a new route entry: an INQUIRE to one of its
 * addresses.  A leaf has to prove its key with a CPA, and so has an entry that
 * would replace the addresses of a cached one.
 */
void
drt_validate_submit (DrtNode                *node,
                     gint64                  now,
                     const DrtWireEntry     *wire,
                     DrtLearnedFrom          learned_from,
                     const DrtEndpoint      *from,
                     const DrtWireEndpoints *flooded)
{
  g_autoptr (DrtEntry) entry = drt_entry_new_from_wire (wire);
  DrtValidation *validation;

  drt_entry_compare_locals (entry, node->locals, node->n_locals);
  entry->learned_from = learned_from;
  entry->learned_from_endpoint = *from;
  if (!is_of_interest (node, entry) || !may_begin (node, now, entry, from))
    return;

  validation = g_new0 (DrtValidation, 1);
  validation->from = *from;
  remember_flooded (validation, flooded);
  validation->entry = g_steal_pointer (&entry);
  ask (node, now, validation);
}

/* What is being validated of @key came from its own node at @from, which takes
 * us for a leaf of its; %FALSE when nothing is. */
gboolean
drt_validate_counts_us (DrtNode           *node,
                        const DrtKey      *key,
                        const DrtEndpoint *from)
{
  for (guint i = 0; i < node->validations->len; i++)
    {
      DrtValidation *validation = g_ptr_array_index (node->validations, i);

      if (drt_key_equal (&validation->entry->key, key) && drt_entry_has_endpoint (validation->entry, from))
        return validation->counts_us = TRUE;
    }
  return FALSE;
}

static DrtValidation *
steal_validation (DrtNode *node,
                  guint32  inquire_id)
{
  for (guint i = 0; i < node->validations->len; i++)
    if (((DrtValidation *) g_ptr_array_index (node->validations, i))->inquire_id == inquire_id)
      return g_ptr_array_steal_index_fast (node->validations, i);
  return NULL;
}

/* What the answer says of the entry. */
static HRESULT
judge (DrtNode                  *node,
       const DrtValidation      *validation,
       const DrtAuthorityBuffer *answer)
{
  DrtCpa cpa;
  HRESULT hr;

  if (answer->flags & DRT_AUTHORITY_FLAG_N)
    return DRT_E_INVALID_KEY;
  if (!validation->need_cpa)
    return S_OK;
  hr = drt_cpa_check (node, validation->entry, answer, validation->nonce, &cpa);
  drt_cpa_clear (&cpa);
  if (FAILED (hr))
    drt_node_drop (node, DRT_DROP_INVALID_CPA);
  return hr;
}

static void
take_entry (DrtNode                  *node,
            gint64                    now,
            DrtValidation            *validation,
            const DrtPending         *request,
            const DrtAuthorityBuffer *answer)
{
  DrtEntry *entry = g_steal_pointer (&validation->entry);

  entry->last_heard = now;
  if (request->retry_count == DRT_RETRY_COUNT)
    drt_round_trip_measure (&entry->round_trip, drt_node_round_trip (node, request->sent), DRT_ROUND_TRIP_OF_PEER);
  drt_node_keep_credential (node, &entry->key, &request->to, answer->credential);
  drt_routes_add (node, now, entry, validation);
}

void
drt_validate_answered (DrtNode                  *node,
                       gint64                    now,
                       const DrtPending         *request,
                       const DrtEndpoint        *from,
                       const DrtAuthorityBuffer *answer)
{
  DrtValidation *validation = steal_validation (node, request->id);
  HRESULT hr;

  if (validation == NULL)
    {
      drt_node_drop (node, DRT_DROP_UNEXPECTED);
      return;
    }

  hr = judge (node, validation, answer);
  if (FAILED (hr))
    {
      drt_monitor_entry_refused (node, now, &validation->entry->key, from, answer->credential, hr);
    }
  else if (drt_keys_find (node, &validation->entry->key) != NULL)
    {
      /* It has become ours since. */
    }
  else if (!validation->need_cpa && needs_cpa (node, validation->entry))
    {
      /* A leaf it has become, or another came to be cached under its key, since. */
      ask (node, now, validation);
      return;
    }
  else
    {
      take_entry (node, now, validation, request, answer);
    }
  drt_validation_free (validation);
}

void
drt_validate_unanswered (DrtNode          *node,
                         gint64            now,
                         const DrtPending *request)
{
  DrtValidation *validation = steal_validation (node, request->id);

  drt_validation_free (validation);
}
