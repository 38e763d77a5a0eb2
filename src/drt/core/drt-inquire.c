/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

#include <string.h>

/* INQUIRE, asked and answered, and the sending of an AUTHORITY_BUFFER
 * ([MC-DRT] §3.2.5.6, §3.2.5.7). */

/**
 * drt_inquire_send:
 * @node: a node
 * @now: the time
 * @entry: whom to ask, and for which key
 * @flags: DRT_INQUIRE_FLAG_*
 * @nonce: (out): the nonce sent, when A is among @flags
 * @kind: what the answer is for
 * @owner: (nullable): who waits
 *
 * In confidential mode the answer can only be opened of whom we have the chain of,
 * which may be another than it was: A and C are added.
 *
 * Returns: the MessageID; 0 when it could not be sent
 */
guint32
drt_inquire_send (DrtNode        *node,
                  gint64          now,
                  const DrtEntry *entry,
                  guint16         flags,
                  guint8          nonce[DRT_NONCE_SIZE],
                  DrtPendingKind  kind,
                  gpointer        owner)
{
  const DrtEndpoint *to = drt_entry_choose_address (entry, node->locals, node->n_locals);
  DrtMessage message = { .type = DRT_MESSAGE_INQUIRE };
  DrtProof proof;
  guint32 id;

  if (to == NULL)
    return 0;
  if (node->settings.mode == DRT_SECURE_CONFIDENTIALPAYLOAD)
    flags |= DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_C;

  message.inquire.flags = flags;
  message.inquire.validate_key = entry->key;
  message.inquire.has_nonce = (flags & DRT_INQUIRE_FLAG_A) != 0;
  if (message.inquire.has_nonce)
    {
      node->host.random (node->host_data, nonce, DRT_NONCE_SIZE);
      memcpy (message.inquire.nonce, nonce, DRT_NONCE_SIZE);
    }
  /* Without a proof the answer will not come, and its absence be noticed. */
  drt_security_prove (node, &message, &proof);
  id = drt_node_request (node, now, to, &message, kind, &entry->key, owner);
  drt_security_proof_clear (node, &proof);
  return id;
}

/* §3.1.6.1: is it still there?  Among members somebody else at its address is not:
 * then the answer has to prove the key (PROFILE-2.0.md 10). */
void
drt_inquire_cached (DrtNode        *node,
                    gint64          now,
                    const DrtEntry *entry)
{
  guint16 flags = drt_security_is_silent (node) ? DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_C : 0;
  guint8 nonce[DRT_NONCE_SIZE] = { 0 };
  guint32 id = drt_inquire_send (node, now, entry, flags, nonce, DRT_PENDING_INQUIRE_CACHED, NULL);

  if (id != 0)
    memcpy (drt_pending_list_find (&node->pending, id)->nonce, nonce, sizeof nonce);
}

/**
 * drt_authority_send:
 * @node: a node
 * @now: the time
 * @to: whom to answer
 * @acked: MessageID answered
 * @buffer: the answer
 *
 * Sends @buffer in one AUTHORITY, or in fragments of 1188 bytes that share
 * their header ([MC-DRT] §3.2.5.7).  Whoever asked may have given the address of
 * another, who is not to be flooded: then that we are too busy must do.
 */
void
drt_authority_send (DrtNode                  *node,
                    gint64                    now,
                    const DrtEndpoint        *to,
                    guint32                   acked,
                    const DrtAuthorityBuffer *buffer)
{
  guint8 bytes[DRT_REASSEMBLED_MAX];
  gsize length = drt_authority_buffer_encode (buffer, bytes, sizeof bytes);
  guint32 id = drt_node_random_id (node);

  if (!drt_node_may_send (node, now, to, length, DRT_BUDGET_ALLOWANCE))
    {
      drt_node_drop (node, DRT_DROP_TOO_MANY);
      drt_authority_send_busy (node, now, to, acked);
      return;
    }
  if (length == 0)
    {
      g_warning ("An AUTHORITY_BUFFER does not fit its %d bytes", DRT_REASSEMBLED_MAX);
      return;
    }
  for (gsize offset = 0; offset < length; offset += DRT_FRAGMENT_SIZE)
    {
      DrtMessage message = { .type = DRT_MESSAGE_AUTHORITY };

      message.authority.acked = acked;
      message.authority.size = (guint16) length;
      message.authority.offset = (guint16) offset;
      message.authority.fragment.data = bytes + offset;
      message.authority.fragment.length = MIN (length - offset, DRT_FRAGMENT_SIZE);
      drt_node_answer (node, now, to, &message, id);
    }
}

/* Never sealed: it says nothing, and sealing is dear. */
void
drt_authority_send_busy (DrtNode           *node,
                         gint64             now,
                         const DrtEndpoint *to,
                         guint32            acked)
{
  DrtAuthorityBuffer busy = { .flags = DRT_AUTHORITY_FLAG_B };

  drt_authority_send (node, now, to, acked, &busy);
}

typedef struct
{
  DRT_DATA cpa, classifier, payload, chain;
} Secured;

static void
clear_secured (DrtNode *node,
               Secured *secured)
{
  drt_security_free (node, &secured->cpa);
  drt_security_free (node, &secured->classifier);
  drt_security_free (node, &secured->payload);
  drt_security_free (node, &secured->chain);
}

/* The same fields, sealed for the asker. */
static void
send_sealed (DrtNode            *node,
             gint64              now,
             const DrtEndpoint  *to,
             const DrtMessage   *question,
             DrtAuthorityBuffer *buffer)
{
  DrtSpan clear[] = { buffer->classifier, buffer->payload, buffer->cpa };
  DRT_DATA sealed[G_N_ELEMENTS (clear)], keytoken;

  if (!drt_security_seal (node, question->inquire.proof.credential, G_N_ELEMENTS (clear), clear, sealed, &keytoken))
    return;
  buffer->keytoken = drt_security_span (&keytoken);
  if (DRT_SPAN_PRESENT (buffer->classifier))
    buffer->classifier = drt_security_span (&sealed[0]);
  if (DRT_SPAN_PRESENT (buffer->payload))
    buffer->payload = drt_security_span (&sealed[1]);
  if (DRT_SPAN_PRESENT (buffer->cpa))
    buffer->cpa = drt_security_span (&sealed[2]);
  drt_authority_send (node, now, to, question->id, buffer);
  for (guint i = 0; i < G_N_ELEMENTS (sealed); i++)
    drt_security_free (node, &sealed[i]);
  drt_security_free (node, &keytoken);
}

/* Steps 3 to 6 of §3.2.5.6. */
static void
answer_for_key (DrtNode           *node,
                gint64             now,
                const DrtEndpoint *to,
                const DrtMessage  *question,
                DrtLocalKey       *local)
{
  const DrtInquire *inquire = &question->inquire;
  DrtAuthorityBuffer buffer = { 0 };
  Secured secured = { 0 };

  if (inquire->flags & (DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_C | DRT_INQUIRE_FLAG_X))
    {
      static const guint8 no_nonce[DRT_NONCE_SIZE];
      HRESULT hr = drt_cpa_make (node, local, 0, (inquire->flags & DRT_INQUIRE_FLAG_X) != 0,
                                 inquire->has_nonce ? inquire->nonce : no_nonce,
                                 &secured.cpa, &secured.classifier, &secured.payload, &secured.chain);

      if (FAILED (hr))
        {
          drt_keys_unresolvable (node, now, local);
          clear_secured (node, &secured);
          return;
        }
      local->unresolvable = FALSE;
      if (inquire->flags & DRT_INQUIRE_FLAG_A)
        buffer.cpa = drt_security_span (&secured.cpa);
      if ((inquire->flags & DRT_INQUIRE_FLAG_C) && secured.chain.pb != NULL)
        buffer.credential = drt_security_span (&secured.chain);
      if ((inquire->flags & DRT_INQUIRE_FLAG_X) && secured.payload.pb != NULL)
        buffer.payload = drt_security_span (&secured.payload);
      if (secured.classifier.pb != NULL)
        buffer.classifier = drt_security_span (&secured.classifier);
    }

  if (node->settings.mode == DRT_SECURE_CONFIDENTIALPAYLOAD)
    send_sealed (node, now, to, question, &buffer);
  else
    drt_authority_send (node, now, to, question->id, &buffer);
  clear_secured (node, &secured);
}

/* Step 2 of §3.2.5.6.  Where what is sealed can only be opened of a known sender, our own
 * credential has to do for that of the key. */
static void
deny (DrtNode           *node,
      gint64             now,
      const DrtEndpoint *to,
      const DrtMessage  *question)
{
  const DRT_SECURITY_PROVIDER *provider = node->settings.security;
  DrtAuthorityBuffer buffer = { .flags = DRT_AUTHORITY_FLAG_N };
  DRT_DATA credential = { 0 };

  if (node->settings.mode != DRT_SECURE_CONFIDENTIALPAYLOAD)
    {
      drt_authority_send (node, now, to, question->id, &buffer);
      return;
    }
  if (node->settings.binds && (question->inquire.flags & DRT_INQUIRE_FLAG_C) &&
      SUCCEEDED (provider->GetSerializedCredential (provider->pvContext, &credential)))
    buffer.credential = drt_security_span (&credential);
  send_sealed (node, now, to, question, &buffer);
  drt_security_free (node, &credential);
}

void
drt_inquire_received (DrtNode           *node,
                      gint64             now,
                      const DrtEndpoint *from,
                      const DrtMessage  *message)
{
  DrtLocalKey *local;

  if (node->busy)
    {
      drt_authority_send_busy (node, now, from, message->id);
      return;
    }
  if (!drt_security_verify (node, now, from, message))
    return;

  local = drt_keys_find (node, &message->inquire.validate_key);
  if (local != NULL)
    answer_for_key (node, now, from, message, local);
  else
    deny (node, now, from, message);
}
