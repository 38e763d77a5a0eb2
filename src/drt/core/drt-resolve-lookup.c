/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-resolve-private.h"

/* Asking a hop ([MC-DRT] §3.1.4.4, steps 8 and 9): a LOOKUP, in confidential mode sealed
 * for it, after its credential has been asked for where that is not known. */

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

/* Complete but for its proof; 0 when it cannot be sent. */
static guint32
transmit (DrtNode           *node,
          gint64             now,
          DrtResolve        *resolve,
          const DrtEntry    *hop,
          const DrtEndpoint *to,
          DrtMessage        *message)
{
  DrtProof proof;
  guint32 id;

  if (!drt_security_prove (node, message, &proof))
    return 0;
  id = drt_node_request (node, now, to, message, DRT_PENDING_LOOKUP, &hop->key, resolve);
  drt_security_proof_clear (node, &proof);
  return id;
}

/* Sealed for the hop, where it has to be; 0 when it cannot be sent. */
static guint32
send_lookup (DrtNode           *node,
             gint64             now,
             DrtResolve        *resolve,
             const DrtEntry    *hop,
             const DrtEndpoint *to,
             DrtMessage        *message)
{
  DrtLookup *lookup = &message->lookup;
  DrtSpan clear[2] = { 0 };
  DRT_DATA sealed[2], keytoken;
  guint8 entry[64 + sizeof (DrtEntryAddresses)], path[16 + DRT_MAX_PATH * DRT_WIRE_ENDPOINT_SIZE];
  guint32 id;

  if (node->settings.mode != DRT_SECURE_CONFIDENTIALPAYLOAD)
    return transmit (node, now, resolve, hop, to, message);

  if (lookup->has_entry)
    clear[0] = (DrtSpan) { entry, drt_wire_entry_encode (&lookup->entry, entry, sizeof entry) };
  clear[1] = (DrtSpan) { path, drt_wire_endpoints_encode (&lookup->path, path, sizeof path) };
  if (!drt_security_seal (node, drt_credentials_find (&node->credentials, &hop->key, to), 2, clear, sealed, &keytoken))
    return 0;
  lookup->keytoken = drt_security_span (&keytoken);
  if (lookup->has_entry)
    lookup->sealed_entry = drt_security_span (&sealed[0]);
  lookup->sealed_path = drt_security_span (&sealed[1]);
  lookup->has_entry = FALSE;
  lookup->path = (DrtWireEndpoints) { 0 };
  id = transmit (node, now, resolve, hop, to, message);
  drt_security_free (node, &sealed[0]);
  drt_security_free (node, &sealed[1]);
  drt_security_free (node, &keytoken);
  return id;
}

/* The best match of which those asked are told. */
static const DrtEntry *
get_best_to_tell (const DrtResolve *resolve)
{
  const DrtEntry *own = resolve->search.own;

  if (own != NULL &&
      (resolve->best == NULL || drt_key_compare_distance (&resolve->target, &own->key, &resolve->best->key) < 0))
    return own;
  return resolve->best;
}

/* §3.1.4.4, step 8; @path and @addresses keep what @lookup points to. */
static void
fill_lookup (DrtNode           *node,
             DrtResolve        *resolve,
             const DrtEntry    *hop,
             DrtLookup         *lookup,
             guint8            *path,
             DrtEntryAddresses *addresses)
{
  const DrtEntry *best = get_best_to_tell (resolve);

  /* Who looks into a gap knows where he is. */
  if (drt_cache_get_size (&node->cache) < DRT_FEW_ENTRIES && !resolve->search.exploring)
    lookup->flags = DRT_LOOKUP_FLAG_A;
  lookup->criteria = resolve->criteria;
  lookup->precision = resolve->criteria == DRT_CRITERIA_UPPER_BITS ? (guint16) resolve->precision : 0;
  lookup->reason = resolve->reason;
  lookup->target = resolve->aim;
  lookup->validate_key = hop->key;
  if (best != NULL)
    {
      lookup->has_entry = TRUE;
      drt_entry_to_wire (best, &lookup->entry, addresses);
    }
  /* §3.2.7.1: so that nobody refers us back to ourselves. */
  if (resolve->n_path == 0)
    resolve->path[resolve->n_path++] = node->locals[0];
  fill_path (resolve, path, &lookup->path);
}

/* As long as the hop is asked, or asked to introduce itself, @asked is the resolve's. */
static void
await (DrtNode    *node,
       DrtResolve *resolve,
       DrtAsked   *asked,
       DrtNextHop *hop)
{
  asked->hop = hop;
  hop->use_count++;
  drt_resolve_hurry (node, asked->id, hop->use_count);
  g_array_append_val (resolve->asked, *asked);
  if (resolve->phase != DRT_PHASE_WAITING)
    resolve->phase = DRT_PHASE_ASKING;
}

/* The LOOKUP to @hop; FALSE: it cannot be sent. */
static gboolean
look_up (DrtNode    *node,
         gint64      now,
         DrtResolve *resolve,
         DrtNextHop *hop,
         DrtAsked   *asked)
{
  DrtMessage message = { .type = DRT_MESSAGE_LOOKUP };
  guint8 path[DRT_MAX_PATH * DRT_WIRE_ENDPOINT_SIZE];
  DrtEntryAddresses addresses;

  fill_lookup (node, resolve, hop->entry, &message.lookup, path, &addresses);
  asked->any = (message.lookup.flags & DRT_LOOKUP_FLAG_A) != 0;
  asked->id = send_lookup (node, now, resolve, hop->entry, &asked->to, &message);
  return asked->id != 0;
}

/* Asks @hop for the credential without which nothing can be sealed for it. */
static gboolean
introduce (DrtNode    *node,
           gint64      now,
           DrtResolve *resolve,
           DrtNextHop *hop,
           DrtAsked   *asked)
{
  if (node->settings.mode != DRT_SECURE_CONFIDENTIALPAYLOAD)
    return FALSE;
  drt_credentials_forget (&node->credentials, &hop->entry->key, &asked->to);
  asked->introducing = TRUE;
  asked->id = drt_inquire_send (node, now, hop->entry, DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_C, asked->nonce,
                                DRT_PENDING_INQUIRE_HOP, resolve);
  return asked->id != 0;
}

/**
 * drt_resolve_ask_hop:
 * @node: a node
 * @now: the time
 * @resolve: one of its resolves
 * @hop: (transfer full): whom to ask
 *
 * Steps 8 and 9 of [MC-DRT] §3.1.4.4.  A hop that cannot be asked is forgotten, and the
 * resolve stays DRT_PHASE_READY for the next.
 */
void
drt_resolve_ask_hop (DrtNode    *node,
                     gint64      now,
                     DrtResolve *resolve,
                     DrtNextHop *hop)
{
  const DrtEndpoint *to = drt_entry_choose_address (hop->entry, node->locals, node->n_locals);
  DrtAsked asked = { .sent = now };
  guint32 flags = 0;

  if (to == NULL)
    {
      drt_resolve_fail (resolve, hop->entry);
      drt_next_hop_free (hop);
      return;
    }
  asked.to = *to;
  resolve->went_on = FALSE;
  if (!look_up (node, now, resolve, hop, &asked))
    flags = introduce (node, now, resolve, hop, &asked) ? DRT_ADDRESS_FLAG_INQUIRE : DRT_ADDRESS_FLAG_UNREACHABLE;
  drt_resolve_add_hop (resolve, to, &hop->entry->key, flags);
  asked.place = resolve->hops->len - 1;
  if (asked.id != 0)
    await (node, resolve, &asked, hop);
  else
    drt_next_hop_free (hop);
}

/* Now that it can be sealed: the same hop in the same place, and no attempt more. */
static gboolean
go_on_to_look_up (DrtNode    *node,
                  gint64      now,
                  DrtResolve *resolve,
                  DrtAsked   *asked)
{
  DrtNextHop *hop = asked->hop;
  DrtAsked next = { .to = asked->to, .place = asked->place, .sent = now };

  drt_resolve_leave_path (resolve, &asked->to);
  if (!look_up (node, now, resolve, hop, &next))
    return FALSE;
  asked->hop = NULL;
  hop->use_count--;
  drt_resolve_get_hop (resolve, next.place)->latency = -1;
  await (node, resolve, &next, hop);
  return TRUE;
}

/**
 * drt_resolve_introduced:
 * @node: a node in confidential mode
 * @now: the time
 * @resolve: one of its resolves
 * @asked: the INQUIRE that has been answered
 * @answer: its answer, opened
 *
 * A hop has told its credential; the LOOKUP can be sealed.
 */
void
drt_resolve_introduced (DrtNode                  *node,
                        gint64                    now,
                        DrtResolve               *resolve,
                        DrtAsked                 *asked,
                        const DrtAuthorityBuffer *answer)
{
  g_autoptr (DrtEntry) entry = drt_entry_copy (asked->hop->entry);
  guint32 *flags = &drt_resolve_get_hop (resolve, asked->place)->flags;
  HRESULT hr;
  DrtCpa cpa;

  hr = drt_cpa_check (node, entry, answer, asked->nonce, &cpa);
  drt_cpa_clear (&cpa);
  if (SUCCEEDED (hr))
    {
      drt_resolve_keep_proved (node, now, entry, &asked->to, answer);
      if (!go_on_to_look_up (node, now, resolve, asked))
        drt_resolve_fail (resolve, entry);
    }
  else if (answer->flags & DRT_AUTHORITY_FLAG_N)
    {
      *flags |= DRT_ADDRESS_FLAG_BAD_VALIDATE_ID;
      drt_routes_remove_at (node, now, &entry->key, &asked->to, DRT_E_INVALID_KEY);
      drt_resolve_refute (resolve, entry, NULL);
    }
  else
    {
      drt_node_drop (node, DRT_DROP_INVALID_CPA);
      drt_resolve_refute (resolve, entry, &asked->to);
    }
}

/* Who is silent to a sealed LOOKUP may have begun anew, and cannot open it: should it be
 * asked again, then for its credential first. */
void
drt_resolve_mistrust (DrtNode        *node,
                      const DrtAsked *asked)
{
  if (node->settings.mode == DRT_SECURE_CONFIDENTIALPAYLOAD && asked->hop != NULL && !asked->introducing)
    drt_credentials_forget (&node->credentials, &asked->hop->entry->key, &asked->to);
}
