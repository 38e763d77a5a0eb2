/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

/* Receiving an AUTHORITY: reassembly, and on to who asked ([MC-DRT] §3.1.5.5). */

/* Whoever answers must be the node that was asked: its address, or another of
 * its addresses where it has several. */
static gboolean
is_from_asked (DrtNode           *node,
               const DrtPending  *request,
               const DrtEndpoint *from)
{
  const DrtEntry *cached;

  if (drt_endpoint_equal (&request->to, from))
    return TRUE;
  if (from->port != request->to.port)
    return FALSE;
  if (request->kind == DRT_PENDING_INQUIRE_NEW)
    {
      for (guint i = 0; i < node->validations->len; i++)
        {
          const DrtValidation *validation = g_ptr_array_index (node->validations, i);

          if (validation->inquire_id == request->id)
            return drt_entry_has_endpoint (validation->entry, from);
        }
    }
  if (request->owner != NULL)
    return drt_resolve_is_asking (request->owner, request->id, from);
  cached = drt_cache_find (&node->cache, &request->key);
  return cached != NULL && drt_entry_has_endpoint (cached, from);
}

/* §3.1.6.1: an entry that was asked whether it is still there. */
static void
cached_answered (DrtNode                  *node,
                 gint64                    now,
                 const DrtPending         *request,
                 const DrtAuthorityBuffer *answer)
{
  if (answer->flags & DRT_AUTHORITY_FLAG_N)
    drt_routes_remove_at (node, now, &request->key, &request->to, DRT_E_INVALID_KEY);
}

/* Whether @answer is of the node that is cached, as far as has to be proved.  What is
 * not leaves the question open: the true answer may still come. */
static gboolean
is_of_cached (DrtNode                  *node,
              const DrtPending         *request,
              const DrtAuthorityBuffer *answer)
{
  const DrtEntry *cached = drt_cache_find (&node->cache, &request->key);
  DrtCpa cpa;
  HRESULT hr;

  if (request->kind != DRT_PENDING_INQUIRE_CACHED || !drt_security_is_silent (node) ||
      (answer->flags & DRT_AUTHORITY_FLAG_N) || cached == NULL)
    return TRUE;
  hr = drt_cpa_check (node, cached, answer, request->nonce, &cpa);
  drt_cpa_clear (&cpa);
  return SUCCEEDED (hr);
}

/* In confidential mode: the sealed fields, opened; see drt_security_open().  A provider
 * that binds opens only what members have sealed, so it must know the sender: his
 * credential is in front where we may not have it.  NULL: dropped. */
static guint8 *
open_buffer (DrtNode            *node,
             gint64              now,
             const DrtEndpoint  *from,
             DrtAuthorityBuffer *buffer)
{
  DrtSpan fields[] = { buffer->classifier, buffer->payload, buffer->sealed_entry, buffer->cpa };
  static const DrtKey none;
  guint8 *memory = NULL;

  if (DRT_SPAN_PRESENT (buffer->credential) && !drt_security_verify_credential (node, now, from, buffer->credential))
    return NULL;
  if (DRT_SPAN_PRESENT (buffer->keytoken))
    memory = drt_security_open (node, &none, buffer->keytoken, G_N_ELEMENTS (fields), fields);
  if (memory != NULL && DRT_SPAN_PRESENT (fields[2]))
    {
      buffer->has_entry = drt_wire_entry_decode (fields[2].data, fields[2].length, &buffer->entry) == DRT_DECODE_OK;
      if (!buffer->has_entry)
        g_clear_pointer (&memory, g_free);
    }
  if (memory == NULL)
    {
      drt_node_drop (node, DRT_DROP_UNDECIPHERABLE);
      return NULL;
    }
  buffer->classifier = fields[0];
  buffer->payload = fields[1];
  buffer->cpa = fields[3];
  return memory;
}

static void
deliver (DrtNode            *node,
         gint64              now,
         const DrtEndpoint  *from,
         DrtPending         *request,
         DrtAuthorityBuffer *buffer)
{
  gint64 round_trip = drt_node_answered (node, request);

  if (!(buffer->flags & DRT_AUTHORITY_FLAG_N))
    drt_routes_heard (node, now, &request->key, from, round_trip);

  switch (request->kind)
    {
    case DRT_PENDING_INQUIRE_NEW:
      drt_validate_answered (node, now, request, from, buffer);
      break;
    case DRT_PENDING_INQUIRE_CACHED:
      cached_answered (node, now, request, buffer);
      break;
    case DRT_PENDING_INQUIRE_SEAL:
      drt_introduction_answered (node, now, request, buffer);
      break;
    case DRT_PENDING_INQUIRE_MATCH:
    case DRT_PENDING_INQUIRE_HOP:
    case DRT_PENDING_LOOKUP:
      drt_resolve_answered (node, now, request, from, buffer);
      break;
    default:
      drt_node_drop (node, DRT_DROP_UNEXPECTED);
      break;
    }
}

/* Somebody who can do no more than to say so. */
static gboolean
is_only_busy (const DrtAuthorityBuffer *buffer)
{
  return (buffer->flags & DRT_AUTHORITY_FLAG_B) && !buffer->has_entry && !DRT_SPAN_PRESENT (buffer->keytoken) &&
         !DRT_SPAN_PRESENT (buffer->sealed_entry) && !DRT_SPAN_PRESENT (buffer->cpa);
}

/* That somebody is too busy shows that he is there; what was to be learned has
 * to be asked again, or of others. */
static void
put_off (DrtNode           *node,
         gint64             now,
         const DrtEndpoint *from,
         DrtPending        *request)
{
  drt_routes_heard (node, now, &request->key, from, drt_node_answered (node, request));
  if (request->kind == DRT_PENDING_INQUIRE_CACHED)
    {
      drt_pending_free (drt_pending_list_steal (&node->pending, request->id));
      return;
    }
  drt_node_put_off (node, now, request);
  if (request->owner != NULL)
    drt_resolve_busy (node, now, request);
}

/* §3.1.5.5.1: a whole AUTHORITY_BUFFER. */
static void
receive_buffer (DrtNode           *node,
                gint64             now,
                const DrtEndpoint *from,
                guint32            acked,
                const guint8      *bytes,
                gsize              length)
{
  g_autoptr (DrtPending) request = NULL;
  g_autofree guint8 *opened = NULL;
  DrtAuthorityBuffer buffer;

  if (drt_authority_buffer_decode (bytes, length, &buffer) != DRT_DECODE_OK)
    {
      drt_node_drop (node, DRT_DROP_MALFORMED);
      return;
    }
  if (is_only_busy (&buffer))
    {
      put_off (node, now, from, drt_pending_list_find (&node->pending, acked));
      return;
    }
  if (node->settings.mode == DRT_SECURE_CONFIDENTIALPAYLOAD)
    {
      opened = open_buffer (node, now, from, &buffer);
      if (opened == NULL)
        return;
    }
  else if (DRT_SPAN_PRESENT (buffer.keytoken))
    {
      drt_node_drop (node, DRT_DROP_UNDECIPHERABLE);
      return;
    }

  if (!is_of_cached (node, drt_pending_list_find (&node->pending, acked), &buffer))
    {
      drt_node_drop (node, DRT_DROP_INVALID_CPA);
      return;
    }
  request = drt_pending_list_steal (&node->pending, acked);
  drt_reassembly_list_forget (&node->reassembly, acked);
  deliver (node, now, from, request, &buffer);
}

void
drt_authority_received (DrtNode           *node,
                        gint64             now,
                        const DrtEndpoint *from,
                        const DrtMessage  *message)
{
  const DrtAuthority *authority = &message->authority;
  const DrtPending *request = drt_pending_list_find (&node->pending, authority->acked);
  g_autofree guint8 *whole = NULL;

  if (request == NULL || request->kind < DRT_PENDING_INQUIRE_NEW || !is_from_asked (node, request, from))
    {
      drt_node_drop (node, DRT_DROP_UNEXPECTED);
      return;
    }
  if (authority->offset == 0 && authority->fragment.length == authority->size)
    {
      receive_buffer (node, now, from, authority->acked, authority->fragment.data, authority->fragment.length);
      return;
    }

  switch (drt_reassembly_list_add (&node->reassembly, now, message->id, authority->acked, from, authority->size,
                                   authority->offset, authority->fragment, &whole))
    {
    case DRT_REASSEMBLY_COMPLETE:
      receive_buffer (node, now, from, authority->acked, whole, authority->size);
      break;
    case DRT_REASSEMBLY_INCOMPLETE:
      break;
    case DRT_REASSEMBLY_BAD:
      drt_node_drop (node, DRT_DROP_BAD_FRAGMENT);
      break;
    case DRT_REASSEMBLY_FULL:
      drt_node_drop (node, DRT_DROP_TOO_MANY);
      break;
    default:
      g_assert_not_reached ();
    }
}
