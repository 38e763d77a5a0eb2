/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

#include <string.h>

/* A new route entry is never trusted as it comes: it waits here until the node
 * it names has answered an INQUIRE ([MC-DRT] §3.1.5.6, §3.2.5.1, §3.1.5.5.1.2). */

#define VALIDATIONS_MAX            256
#define VALIDATIONS_PER_SOURCE_MAX 64
#define VALIDATIONS_PER_KEY_MAX    2    /* one liar must not lock out the truth */

void
drt_validation_free (DrtValidation *validation)
{
  if (validation == NULL)
    return;
  drt_entry_free (validation->entry);
  g_free (validation);
}

/* Whether there is room, and the same is not being validated already. */
static gboolean
may_begin (DrtNode           *node,
           const DrtEntry    *entry,
           const DrtEndpoint *from)
{
  guint n_source = 0, n_key = 0;

  for (guint i = 0; i < node->validations->len; i++)
    {
      const DrtValidation *other = g_ptr_array_index (node->validations, i);

      n_source += IN6_ARE_ADDR_EQUAL (&other->from.address, &from->address) && other->from.port == from->port;
      if (!drt_key_equal (&other->entry->key, &entry->key))
        continue;
      if (drt_entry_same_addresses (other->entry, entry))
        return FALSE;
      n_key++;
    }
  if (node->validations->len >= VALIDATIONS_MAX || n_source >= VALIDATIONS_PER_SOURCE_MAX)
    {
      drt_node_drop (node, DRT_DROP_TOO_MANY);
      return FALSE;
    }
  return n_key < VALIDATIONS_PER_KEY_MAX;
}

/* What need not be validated: ours, known as it is, or not wanted. */
static gboolean
is_of_interest (DrtNode           *node,
                gint64             now,
                const DrtEntry    *entry,
                const DrtEndpoint *from)
{
  const DrtEntry *cached;

  if (drt_keys_find (node, &entry->key) != NULL)
    return FALSE;
  for (guint i = 0; i < entry->n_addresses; i++)
    if (drt_node_is_local (node, &entry->addresses[i]))
      return FALSE;

  cached = drt_cache_find (&node->cache, &entry->key);
  if (cached != NULL && drt_entry_same_addresses (cached, entry))
    {
      /* It spoke for itself, so it is alive. */
      if (drt_entry_has_endpoint (cached, from))
        drt_routes_heard (node, now, &entry->key, -1);
      return FALSE;
    }
  return cached != NULL || drt_routes_wants (node, &entry->key);
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
  guint16 flags = 0;

  if (drt_pending_list_is_full (&node->pending) ||
      !is_of_interest (node, now, entry, from) || !may_begin (node, entry, from) ||
      drt_entry_choose_address (entry, node->locals, node->n_locals) == NULL)
    return;

  entry->learned_from = learned_from;
  entry->learned_from_endpoint = *from;

  validation = g_new0 (DrtValidation, 1);
  validation->from = *from;
  validation->need_cpa = node->settings.mode == DRT_SECURE_CONFIDENTIALPAYLOAD ||
                         drt_cache_find (&node->cache, &entry->key) != NULL ||
                         drt_routes_would_be_leaf (node, &entry->key);
  remember_flooded (validation, flooded);
  validation->entry = g_steal_pointer (&entry);
  g_ptr_array_add (node->validations, validation);

  if (validation->need_cpa)
    flags = DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_C;
  validation->inquire_id = drt_inquire_send (node, now, validation->entry, flags, validation->nonce,
                                             DRT_PENDING_INQUIRE_NEW, NULL);
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

/* §3.1.5.5.1.2, steps 4 to 6. */
static HRESULT
check_cpa (DrtNode                  *node,
           const DrtValidation      *validation,
           const DrtAuthorityBuffer *answer)
{
  DrtCpa cpa = { 0 };
  HRESULT hr;

  if (!DRT_SPAN_PRESENT (answer->cpa))
    return DRT_E_INVALID_MESSAGE;
  hr = drt_cpa_validate (node, answer->cpa, answer->credential, answer->classifier, (DrtSpan) { 0 },
                         validation->nonce, &cpa);
  if (SUCCEEDED (hr) && (!drt_key_equal (&cpa.key, &validation->entry->key) || (cpa.flags & DRT_PAYLOAD_REVOKED)))
    hr = DRT_E_INVALID_KEY;
  if (SUCCEEDED (hr) && (cpa.entry == NULL || !drt_entry_same_addresses (cpa.entry, validation->entry)))
    hr = DRT_E_INVALID_ADDRESS;
  drt_cpa_clear (&cpa);
  return hr;
}

void
drt_validate_answered (DrtNode                  *node,
                       gint64                    now,
                       const DrtPending         *request,
                       const DrtEndpoint        *from,
                       const DrtAuthorityBuffer *answer)
{
  DrtValidation *validation = steal_validation (node, request->id);
  HRESULT hr = S_OK;

  if (validation == NULL)
    {
      drt_node_drop (node, DRT_DROP_UNEXPECTED);
      return;
    }

  if (answer->flags & DRT_AUTHORITY_FLAG_N)
    hr = DRT_E_INVALID_KEY;
  else if (validation->need_cpa)
    {
      hr = check_cpa (node, validation, answer);
      if (FAILED (hr))
        drt_node_drop (node, DRT_DROP_INVALID_CPA);
    }
  /* The local key may have been registered, or the leaf set moved, since. */
  else if (drt_routes_would_be_leaf (node, &validation->entry->key))
    {
      DrtWireEntry wire;
      DrtEntryAddresses addresses;

      drt_entry_to_wire (validation->entry, &wire, &addresses);
      drt_validate_submit (node, now, &wire, validation->entry->learned_from, &validation->from, NULL);
      drt_validation_free (validation);
      return;
    }

  if (SUCCEEDED (hr))
    {
      DrtEntry *entry = g_steal_pointer (&validation->entry);

      entry->last_heard = now;
      if (request->retry_count == DRT_RETRY_COUNT)
        drt_entry_measure (entry, drt_node_round_trip (node, request->sent));
      drt_entry_set_credential (entry, answer->credential);
      drt_routes_add (node, now, entry, validation);
    }
  else
    {
      drt_monitor_event (node, now, DRT_OBSERVED_EVENT_ENTRY_REFUSED, 0, hr, NULL, &validation->entry->key, from);
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
