/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

#include <string.h>

/* FLOOD and ACK: entries and revokes passed among the nodes of a neighbourhood
 * ([MC-DRT] §3.1.5.4, §3.2.5.5, §3.2.5.8). */

void
drt_ack_send (DrtNode           *node,
              gint64             now,
              const DrtEndpoint *to,
              guint32            acked,
              gboolean           not_found)
{
  DrtMessage message = { .type = DRT_MESSAGE_ACK };

  message.ack.acked = acked;
  message.ack.flags = not_found ? DRT_ACK_FLAG_N : 0;
  drt_node_send (node, now, to, &message);
}

void
drt_ack_received (DrtNode           *node,
                  gint64             now,
                  const DrtEndpoint *from,
                  const DrtMessage  *message)
{
  const DrtPending *request = drt_pending_list_find (&node->pending, message->ack.acked);
  g_autoptr (DrtPending) done = NULL;
  gint64 round_trip;

  if (request == NULL || from->port != request->to.port ||
      (request->kind != DRT_PENDING_FLOOD && request->kind != DRT_PENDING_REQUEST))
    {
      drt_node_drop (node, DRT_DROP_UNEXPECTED);
      return;
    }
  done = drt_pending_list_steal (&node->pending, message->ack.acked);
  round_trip = drt_node_answered (node, done);
  if (done->kind == DRT_PENDING_REQUEST)
    {
      node->floods_until = now + DRT_RETRANSMIT_TIME;
      return;
    }
  if (message->ack.flags & DRT_ACK_FLAG_N)
    drt_routes_remove_at (node, now, &done->key, &done->to, DRT_E_INVALID_KEY);
  else
    drt_routes_heard (node, now, &done->key, from, round_trip);
}

/* --- Sending --- */

static void
put_endpoints (const DrtEndpoint *endpoints,
               guint              n,
               guint8            *bytes,
               DrtWireEndpoints  *wire)
{
  for (guint i = 0; i < n; i++)
    drt_wire_endpoint_put (bytes + i * DRT_WIRE_ENDPOINT_SIZE, &endpoints[i]);
  wire->n_endpoints = (guint8) n;
  wire->endpoints = bytes;
}

/* Complete but for its proof; the MessageID of what waits for its ACK, else 0. */
static guint32
transmit (DrtNode           *node,
          gint64             now,
          const DrtEndpoint *to,
          DrtMessage        *message)
{
  DrtProof proof;
  guint32 id = 0;

  if (!drt_security_prove (node, message, &proof))
    return 0;
  if (message->flood.flags & DRT_FLOOD_FLAG_D)
    drt_node_send (node, now, to, message);
  else
    id = drt_node_request (node, now, to, message, DRT_PENDING_FLOOD, &message->flood.validate_key, NULL);
  drt_security_proof_clear (node, &proof);
  return id;
}

/* The same fields, sealed for the receiver; FALSE: they cannot be. */
static gboolean
transmit_sealed (DrtNode           *node,
                 gint64             now,
                 const DrtEndpoint *to,
                 DrtSpan            credential,
                 DrtMessage        *message,
                 guint32           *id)
{
  DrtFlood *flood = &message->flood;
  guint8 entry[64 + sizeof (DrtEntryAddresses)], list[16 + DRT_MAX_PATH * DRT_WIRE_ENDPOINT_SIZE];
  DrtSpan clear[3] = { flood->revoke_cpa };
  DRT_DATA sealed[G_N_ELEMENTS (clear)], keytoken;

  if (flood->has_entry)
    clear[1] = (DrtSpan) { entry, drt_wire_entry_encode (&flood->entry, entry, sizeof entry) };
  clear[2] = (DrtSpan) { list, drt_wire_endpoints_encode (&flood->flooded, list, sizeof list) };
  if (!drt_security_seal (node, credential, G_N_ELEMENTS (clear), clear, sealed, &keytoken))
    return FALSE;

  flood->keytoken = drt_security_span (&keytoken);
  if (DRT_SPAN_PRESENT (flood->revoke_cpa))
    flood->revoke_cpa = drt_security_span (&sealed[0]);
  if (flood->has_entry)
    flood->sealed_entry = drt_security_span (&sealed[1]);
  flood->sealed_flooded = drt_security_span (&sealed[2]);
  flood->has_entry = FALSE;
  flood->has_flooded = FALSE;
  *id = transmit (node, now, to, message);
  for (guint i = 0; i < G_N_ELEMENTS (sealed); i++)
    drt_security_free (node, &sealed[i]);
  drt_security_free (node, &keytoken);
  return TRUE;
}

/**
 * drt_flood_send:
 * @node: a node
 * @now: the time
 * @to: the receiver
 * @validate_key: a key the receiver is believed to publish; zero: none known
 * @credential: of the receiver, for confidential mode; may be absent
 * @content: what to flood
 * @id: (out): the MessageID of what waits for its ACK, else 0
 *
 * Returns: %FALSE when it cannot be sealed with @credential
 */
gboolean
drt_flood_send (DrtNode               *node,
                gint64                 now,
                const DrtEndpoint     *to,
                const DrtKey          *validate_key,
                DrtSpan                credential,
                const DrtFloodContent *content,
                guint32               *id)
{
  DrtMessage message = { .type = DRT_MESSAGE_FLOOD };
  guint8 list[DRT_MAX_PATH * DRT_WIRE_ENDPOINT_SIZE];
  DrtEntryAddresses addresses;

  message.flood.flags = content->no_ack ? DRT_FLOOD_FLAG_D : 0;
  message.flood.validate_key = *validate_key;
  message.flood.revoke_cpa = content->revoke_cpa;
  if (content->entry != NULL)
    {
      message.flood.has_entry = TRUE;
      drt_entry_to_wire (content->entry, &message.flood.entry, &addresses);
    }
  message.flood.has_flooded = TRUE;
  put_endpoints (content->flooded, MIN (content->n_flooded, DRT_MAX_PATH), list, &message.flood.flooded);

  *id = 0;
  if (node->settings.mode == DRT_SECURE_CONFIDENTIALPAYLOAD)
    return transmit_sealed (node, now, to, credential, &message, id);
  *id = transmit (node, now, to, &message);
  return TRUE;
}

/**
 * drt_flood_send_letter:
 * @node: a node in confidential mode
 * @now: the time
 * @letter: (transfer full): what to flood
 *
 * Sends @letter, if need be when its receiver's credential has been asked for.
 */
void
drt_flood_send_letter (DrtNode   *node,
                       gint64     now,
                       DrtLetter *letter)
{
  DrtSpan credential = drt_credentials_find (&node->credentials, &letter->to->key, &letter->at);
  DrtFloodContent content;
  guint32 id;

  drt_letter_get_content (letter, &content);
  if (!drt_flood_send (node, now, &letter->at, &letter->to->key, credential, &content, &id))
    {
      drt_credentials_forget (&node->credentials, &letter->to->key, &letter->at);
      if (letter->introduced)
        drt_letter_free (letter);
      else
        drt_introduce (node, now, letter);
    }
  else if (id != 0 && DRT_SPAN_PRESENT (credential))
    {
      drt_pending_list_find (&node->pending, id)->letter = letter;
    }
  else
    {
      drt_letter_free (letter);
    }
}

void
drt_flood_send_to (DrtNode               *node,
                   gint64                 now,
                   const DrtEntry        *target,
                   const DrtFloodContent *content)
{
  const DrtEndpoint *to = drt_entry_choose_address (target, node->locals, node->n_locals);
  DrtLetter *letter;
  guint32 id;

  if (to == NULL)
    return;
  if (node->settings.mode != DRT_SECURE_CONFIDENTIALPAYLOAD)
    {
      drt_flood_send (node, now, to, &target->key, (DrtSpan) { 0 }, content, &id);
      return;
    }
  letter = drt_letter_new (target, to, content);
  if (letter != NULL)
    drt_flood_send_letter (node, now, letter);
}

/* §3.2.6.3.  Who cannot open what was sealed for him is silent as if he were gone: he may
 * have begun anew, with another credential. */
void
drt_flood_unanswered (DrtNode    *node,
                      gint64      now,
                      DrtPending *request)
{
  DrtLetter *letter = g_steal_pointer (&request->letter);

  if (letter != NULL && !letter->introduced)
    {
      drt_credentials_forget (&node->credentials, &letter->to->key, &letter->at);
      drt_introduce (node, now, letter);
      return;
    }
  drt_letter_free (letter);
  drt_routes_remove_at (node, now, &request->key, &request->to, DRT_E_TIMEOUT);
}

/* --- A new leaf --- */

typedef struct
{
  const DrtKey *key;             /* the flooded entry's own: never told of itself */
  const DrtEndpoint *flooded;
  guint n_flooded;
} Flooded;

static gboolean
was_flooded (const DrtEntry *entry,
             const Flooded  *flooded)
{
  for (guint i = 0; i < flooded->n_flooded; i++)
    if (drt_entry_has_endpoint (entry, &flooded->flooded[i]))
      return TRUE;
  return FALSE;
}

/* Walks from @key in one direction to the first entry not yet flooded. */
static const DrtEntry *
nearest_unflooded (DrtNode       *node,
                   const Flooded *flooded,
                   gboolean       above)
{
  for (guint i = 0; i < drt_cache_get_size (&node->cache); i++)
    {
      const DrtEntry *entry = above ? drt_cache_above (&node->cache, flooded->key, i)
                                    : drt_cache_below (&node->cache, flooded->key, i);

      if (entry == NULL)
        break;
      if (!was_flooded (entry, flooded))
        return entry;
    }
  return NULL;
}

static guint
append_endpoint (DrtEndpoint       *list,
                 guint              n,
                 const DrtEndpoint *endpoint)
{
  for (guint i = 0; i < n; i++)
    if (drt_endpoint_equal (&list[i], endpoint))
      return n;
  if (n < DRT_MAX_PATH)
    list[n++] = *endpoint;
  return n;
}

/* §3.2.5.8, steps 2 to 4. */
static void
flood_to_neighbours (DrtNode             *node,
                     gint64               now,
                     const DrtEntry      *entry,
                     const DrtValidation *validation)
{
  Flooded known = { &entry->key, validation->flooded, validation->n_flooded };
  const DrtEntry *targets[2];
  DrtEndpoint list[DRT_MAX_PATH];
  DrtFloodContent content = { .entry = entry, .flooded = list };
  guint n = validation->n_flooded;

  targets[0] = nearest_unflooded (node, &known, TRUE);
  targets[1] = nearest_unflooded (node, &known, FALSE);
  if (targets[1] == targets[0])
    targets[1] = NULL;
  memcpy (list, validation->flooded, n * sizeof *list);
  if (node->n_locals > 0)
    n = append_endpoint (list, n, &node->locals[0]);
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    if (targets[i] != NULL)
      n = append_endpoint (list, n, &targets[i]->addresses[0]);
  content.n_flooded = n;
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    if (targets[i] != NULL)
      drt_flood_send_to (node, now, targets[i], &content);
}

/**
 * drt_flood_new_leaf:
 * @node: a node
 * @now: the time
 * @entry: just cached, and in a leaf set of ours
 * @validation: how it came
 *
 * Tells the neighbourhood of a new leaf ([MC-DRT] §3.2.5.8) and the leaf of us,
 * so that it learns who counts it as a leaf (§4.4).  Only who flooded itself to
 * us knows us already; whoever solicited, looked up or was named by another may
 * not.
 */
void
drt_flood_new_leaf (DrtNode             *node,
                    gint64               now,
                    const DrtEntry      *entry,
                    const DrtValidation *validation)
{
  flood_to_neighbours (node, now, entry, validation);
  if (entry->learned_from == DRT_LEARNED_FROM_FLOOD && drt_entry_has_endpoint (entry, &validation->from))
    return;
  for (guint i = 0; i < node->keys->len; i++)
    {
      const DrtLocalKey *local = drt_keys_get (node, i);
      g_autoptr (DrtEntry) own = NULL;
      DrtFloodContent content = { 0 };

      if (drt_leaf_set_position (&local->leaves, &entry->key) == 0)
        continue;
      own = drt_keys_make_entry (node, local);
      content.entry = own;
      if (own != NULL)
        drt_flood_send_to (node, now, entry, &content);
    }
}

/**
 * drt_flood_name_nearer:
 * @node: a node
 * @now: the time
 * @entry: cached, of a node that takes us for its leaf
 *
 * Leaves are mutual: if @entry is none of ours, there are others between us that
 * its node does not know of, as there are where two parts of a cloud that was
 * split meet.  It is told of the one next to it, in the way an edge is mended
 * when a key is unregistered ([MC-DRT] §3.2.4.2).
 */
void
drt_flood_name_nearer (DrtNode        *node,
                       gint64          now,
                       const DrtEntry *entry)
{
  const DrtLocalKey *local = drt_keys_nearest (node, &entry->key);
  DrtFloodContent content = { .no_ack = TRUE };
  DrtKey up, down;

  if (local == NULL || drt_routes_is_leaf (node, &entry->key))
    return;
  drt_key_subtract (&up, &entry->key, &local->key);
  drt_key_subtract (&down, &local->key, &entry->key);
  content.entry = drt_key_compare (&up, &down) < 0 ? drt_cache_below (&node->cache, &entry->key, 0)
                                                   : drt_cache_above (&node->cache, &entry->key, 0);
  if (content.entry != NULL)
    drt_flood_send_to (node, now, entry, &content);
}

/* --- Receiving --- */

/* §4.3: a revoke of a leaf goes on in the direction it came. */
static void
pass_on_revoke (DrtNode                *node,
                gint64                  now,
                const DrtKey           *revoked,
                DrtSpan                 cpa,
                const DrtWireEndpoints *flooded)
{
  DrtEndpoint list[DRT_MAX_PATH];
  guint n = 0;

  for (guint i = 0; flooded != NULL && i < flooded->n_endpoints && i < DRT_MAX_PATH; i++)
    drt_wire_endpoints_get (flooded, i, &list[n++]);
  if (node->n_locals > 0)
    n = append_endpoint (list, n, &node->locals[0]);

  for (guint i = 0; i < node->keys->len; i++)
    {
      const DrtLocalKey *local = drt_keys_get (node, i);
      int position = drt_leaf_set_position (&local->leaves, revoked);
      const DrtEntry *next = NULL;
      Flooded known = { &local->key, list, n };
      DrtFloodContent content = { .revoke_cpa = cpa, .flooded = list };

      if (position == 0)
        continue;
      next = nearest_unflooded (node, &known, position < 0);
      if (next == NULL || drt_key_equal (&next->key, revoked))
        continue;
      n = append_endpoint (list, n, &next->addresses[0]);
      content.n_flooded = n;
      drt_flood_send_to (node, now, next, &content);
    }
}

static void
receive_revoke (DrtNode                *node,
                gint64                  now,
                const DrtEndpoint      *from,
                DrtSpan                 span,
                const DrtWireEndpoints *flooded)
{
  DrtCpa cpa;
  HRESULT hr = drt_cpa_validate (node, span, (DrtSpan) { 0 }, (DrtSpan) { 0 }, (DrtSpan) { 0 }, NULL, &cpa);

  if (FAILED (hr) || !(cpa.flags & DRT_PAYLOAD_REVOKED))
    {
      drt_node_drop (node, DRT_DROP_INVALID_CPA);
    }
  else if (drt_cache_find (&node->cache, &cpa.key) != NULL)
    {
      pass_on_revoke (node, now, &cpa.key, span, flooded);
      drt_monitor_event (node, now, DRT_OBSERVED_EVENT_KEY_REVOKED, 0, S_OK, NULL, &cpa.key, from);
      drt_routes_remove (node, now, &cpa.key, S_OK);
    }
  drt_cpa_clear (&cpa);
}

/* Opens the sealed fields of a FLOOD; the memory they point into, or NULL. */
static guint8 *
open_flood (DrtNode  *node,
            DrtFlood *flood)
{
  DrtSpan fields[] = { flood->revoke_cpa, flood->sealed_entry, flood->sealed_flooded };
  guint8 *memory;

  if (!DRT_SPAN_PRESENT (flood->keytoken))
    return NULL;
  memory = drt_security_open (node, &flood->validate_key, flood->keytoken, G_N_ELEMENTS (fields), fields);
  if (memory == NULL)
    return NULL;

  flood->revoke_cpa = fields[0];
  if (DRT_SPAN_PRESENT (fields[1]))
    flood->has_entry = drt_wire_entry_decode (fields[1].data, fields[1].length, &flood->entry) == DRT_DECODE_OK;
  if (DRT_SPAN_PRESENT (fields[2]))
    flood->has_flooded = drt_wire_endpoints_decode (fields[2].data, fields[2].length, 0,
                                                    &flood->flooded) == DRT_DECODE_OK;
  if ((DRT_SPAN_PRESENT (fields[1]) && !flood->has_entry) || (DRT_SPAN_PRESENT (fields[2]) && !flood->has_flooded))
    g_clear_pointer (&memory, g_free);
  return memory;
}

static void
take_entry (DrtNode                *node,
            gint64                  now,
            const DrtEndpoint      *from,
            const DrtFlood         *flood,
            const DrtWireEndpoints *flooded)
{
  const DrtEntry *cached;

  drt_validate_submit (node, now, &flood->entry, DRT_LEARNED_FROM_FLOOD, from, flooded);
  if ((flood->flags & DRT_FLOOD_FLAG_D) || drt_validate_counts_us (node, &flood->entry.key, from))
    return;
  cached = drt_cache_find (&node->cache, &flood->entry.key);
  if (cached != NULL && drt_entry_has_endpoint (cached, from))
    drt_flood_name_nearer (node, now, cached);
}

void
drt_flood_received (DrtNode           *node,
                    gint64             now,
                    const DrtEndpoint *from,
                    const DrtMessage  *message)
{
  DrtFlood flood = message->flood;
  const DrtWireEndpoints *flooded;
  g_autofree guint8 *opened = NULL;

  if (!drt_security_verify (node, now, from, message))
    return;
  if (node->settings.mode == DRT_SECURE_CONFIDENTIALPAYLOAD)
    opened = open_flood (node, &flood);
  if ((opened != NULL) != (node->settings.mode == DRT_SECURE_CONFIDENTIALPAYLOAD) ||
      (opened == NULL && DRT_SPAN_PRESENT (flood.keytoken)))
    {
      drt_node_drop (node, DRT_DROP_UNDECIPHERABLE);
      return;
    }

  /* §3.2.5.5: a publisher says when the key it was addressed by is not its. */
  if (!(flood.flags & DRT_FLOOD_FLAG_D))
    drt_ack_send (node, now, from, message->id,
                  !drt_key_is_zero (&flood.validate_key) && drt_keys_find (node, &flood.validate_key) == NULL);

  flooded = flood.has_flooded ? &flood.flooded : NULL;
  if (flood.has_entry)
    take_entry (node, now, from, &flood, flooded);
  if (DRT_SPAN_PRESENT (flood.revoke_cpa))
    receive_revoke (node, now, from, flood.revoke_cpa, flooded);
}
