/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

#include <string.h>

/* What the core asks of the security provider beside CPAs: proofs of membership
 * ([MC-DRT] §1.3.2.2) and sealed fields (§1.3.2.3). */

/* At most this many fields of one message are sealed together. */
#define SEALED_MAX 4

void
drt_security_free (DrtNode  *node,
                   DRT_DATA *data)
{
  const DRT_SECURITY_PROVIDER *provider = node->settings.security;

  if (data->pb != NULL)
    provider->FreeData (provider->pvContext, data->pb);
  data->pb = NULL;
  data->cb = 0;
}

/* A blob of a provider as a field that is there, even when the blob is empty. */
DrtSpan
drt_security_span (const DRT_DATA *data)
{
  static const guint8 empty[1];

  return (DrtSpan) { data->pb != NULL ? data->pb : empty, data->pb != NULL ? data->cb : 0 };
}

/* What [MC-DRT] has signed of a message; of those it has no proof for, what
 * PROFILE-2.0.md 7 says. */
static DrtSpan
get_signed (const DrtMessage *message)
{
  switch (message->type)
    {
    case DRT_MESSAGE_SOLICIT:
      return (DrtSpan) { message->solicit.hashed_nonce, DRT_HASHED_NONCE_SIZE };
    case DRT_MESSAGE_REQUEST:
      return (DrtSpan) { message->request.body.keys.keys, (gsize) message->request.body.keys.n_keys * DRT_KEY_SIZE };
    case DRT_MESSAGE_FLOOD:
      return (DrtSpan) { message->flood.validate_key.b, DRT_KEY_SIZE };
    case DRT_MESSAGE_INQUIRE:
      return (DrtSpan) { message->inquire.validate_key.b, DRT_KEY_SIZE };
    case DRT_MESSAGE_LOOKUP:
      return (DrtSpan) { message->lookup.validate_key.b, DRT_KEY_SIZE };
    case DRT_MESSAGE_ADVERTISE:
    case DRT_MESSAGE_AUTHORITY:
    case DRT_MESSAGE_ACK:
    default:
      g_assert_not_reached ();
    }
}

/* Whether @type is one that only the profiles that bind have a proof for. */
static gboolean
is_open_by_specification (DrtMessageType type)
{
  return type == DRT_MESSAGE_SOLICIT || type == DRT_MESSAGE_FLOOD;
}

static gboolean
needs_proof (const DrtNode  *node,
             DrtMessageType  type)
{
  return node->settings.mode != DRT_SECURE_RESOLVE && (node->settings.binds || !is_open_by_specification (type));
}

/**
 * drt_security_is_silent:
 * @node: a node
 *
 * Returns: whether nobody gets an answer who has not proved to be a member
 */
gboolean
drt_security_is_silent (const DrtNode *node)
{
  return node->settings.mode != DRT_SECURE_RESOLVE && node->settings.binds;
}

/* The binding (PROFILE-2.0.md 5): the mode, then what the proof covers; empty where
 * the provider does not bind. */
typedef struct
{
  gsize length;
  guint8 bytes[1 + DRT_MESSAGE_MAX];
} Binding;

/* What is signed of @message as SignData() and VerifyData() take it: one buffer, or
 * two with the binding. */
static DWORD
put_signed (const DrtMessage *message,
            Binding          *binding,
            DRT_DATA          data[2])
{
  DrtSpan what = get_signed (message);

  data[0] = (DRT_DATA) { .cb = (ULONG) what.length, .pb = (BYTE *) what.data };
  data[1] = (DRT_DATA) { .cb = (ULONG) binding->length, .pb = binding->bytes };
  return binding->length > 0 ? 2 : 1;
}

/* FALSE: it has no form on the wire. */
static gboolean
bind_sent (const DrtNode    *node,
           const DrtMessage *message,
           Binding          *binding)
{
  gsize covered;

  binding->length = 0;
  if (!node->settings.binds)
    return TRUE;
  covered = drt_message_encode_covered (message, binding->bytes + 1, DRT_MESSAGE_MAX);
  binding->bytes[0] = (guint8) node->settings.mode;
  binding->length = 1 + covered;
  return covered > 0;
}

static void
bind_received (const DrtNode    *node,
               const DrtMessage *message,
               Binding          *binding)
{
  binding->length = 0;
  if (!node->settings.binds)
    return;
  binding->bytes[0] = (guint8) node->settings.mode;
  binding->length = 1 + drt_message_copy_covered (message, binding->bytes + 1, DRT_MESSAGE_MAX);
}

/**
 * drt_security_prove:
 * @node: a node
 * @message: (inout): a message, complete but for its proof; it gets its version
 *   and its MessageID, which the proof covers
 * @proof: (out): owns the blobs @message points to then; clear it when the message is sent
 *
 * Returns: %FALSE when the provider refuses: the message cannot be sent
 */
gboolean
drt_security_prove (DrtNode    *node,
                    DrtMessage *message,
                    DrtProof   *proof)
{
  const DRT_SECURITY_PROVIDER *provider = node->settings.security;
  DrtWireProof *wire = drt_message_get_proof (message);
  Binding binding;
  DRT_DATA data[2];
  DWORD n_data;

  memset (proof, 0, sizeof *proof);
  memset (wire, 0, sizeof *wire);
  if (!needs_proof (node, message->type))
    return TRUE;

  message->major = node->settings.protocol_major;
  message->minor = node->settings.protocol_minor;
  message->id = drt_node_random_id (node);
  if (!bind_sent (node, message, &binding))
    return FALSE;
  n_data = put_signed (message, &binding, data);
  if (FAILED (provider->GetSerializedCredential (provider->pvContext, &proof->credential)) ||
      FAILED (provider->SignData (provider->pvContext, n_data, data, &proof->key_identifier, &proof->signature)))
    {
      drt_security_proof_clear (node, proof);
      return FALSE;
    }
  wire->credential = drt_security_span (&proof->credential);
  wire->signature = drt_security_span (&proof->signature);
  wire->key_identifier = drt_security_span (&proof->key_identifier);
  return TRUE;
}

void
drt_security_proof_clear (DrtNode  *node,
                          DrtProof *proof)
{
  drt_security_free (node, &proof->credential);
  drt_security_free (node, &proof->signature);
  drt_security_free (node, &proof->key_identifier);
}

static DRT_DATA
borrow (DrtSpan span)
{
  return (DRT_DATA) { .cb = (ULONG) span.length, .pb = (BYTE *) span.data };
}

/* What the provider says of the proof of @message.  One that binds looks at the credential
 * itself, after all that is cheaper (PROFILE-2.0.md 9). */
static HRESULT
check_proof (DrtNode      *node,
             DrtMessage   *message,
             DrtWireProof *proof,
             Binding      *binding)
{
  const DRT_SECURITY_PROVIDER *provider = node->settings.security;
  DRT_DATA data[2];
  DRT_DATA credential = borrow (proof->credential);
  DRT_DATA key_identifier = borrow (proof->key_identifier);
  DRT_DATA signature = borrow (proof->signature);
  DWORD n_data = put_signed (message, binding, data);
  HRESULT hr = S_OK;

  if (!node->settings.binds)
    hr = provider->ValidateRemoteCredential (provider->pvContext, &credential);
  if (SUCCEEDED (hr))
    hr = provider->VerifyData (provider->pvContext, n_data, data, &credential, &key_identifier, &signature);
  return hr;
}

static gboolean
refuse (DrtNode           *node,
        gint64             now,
        const DrtEndpoint *from,
        DrtSpan            credential,
        HRESULT            hr)
{
  drt_node_drop (node, DRT_DROP_NO_MEMBER);
  drt_monitor_refused (node, now, from, credential, hr);
  return FALSE;
}

/* Whether the message has come before, from somewhere else.  @id is what it is known by. */
static gboolean
is_replay (DrtNode            *node,
           gint64              now,
           const DrtEndpoint  *from,
           const DrtWireProof *proof,
           const Binding      *binding,
           DrtReplayId        *id)
{
  DrtSpan signed_bytes = { binding->bytes, binding->length };

  drt_replay_identify (id, &signed_bytes, &proof->key_identifier);
  return drt_replay_is_from_elsewhere (&node->replay, now, id, from);
}

/**
 * drt_security_verify:
 * @node: a node
 * @now: the time
 * @from: who sent it
 * @message: a message with room for a proof; a REQUEST with its body put together
 *
 * Whether the sender of @message may take part: always in resolve mode, else only
 * with a credential and a signature that the provider accepts.  The refusal is
 * counted and told to the observer; nobody else is to learn of it.  Nothing may be
 * looked up for @message before.
 *
 * Returns: whether to act on @message
 */
gboolean
drt_security_verify (DrtNode           *node,
                     gint64             now,
                     const DrtEndpoint *from,
                     const DrtMessage  *message)
{
  DrtMessage copy = *message;
  DrtWireProof *proof = drt_message_get_proof (&copy);
  Binding binding;
  DrtReplayId id;
  HRESULT hr;

  if (node->settings.mode == DRT_SECURE_RESOLVE)
    return TRUE;
  if (!needs_proof (node, message->type))
    {
      /* Somebody of another profile: here nothing stands in that place. */
      if (DRT_SPAN_PRESENT (proof->credential))
        drt_node_drop (node, DRT_DROP_NO_MEMBER);
      return !DRT_SPAN_PRESENT (proof->credential);
    }
  if (!DRT_SPAN_PRESENT (proof->credential) || !DRT_SPAN_PRESENT (proof->signature) ||
      !DRT_SPAN_PRESENT (proof->key_identifier))
    return refuse (node, now, from, (DrtSpan) { 0 }, DRT_E_INVALID_MESSAGE);

  bind_received (node, message, &binding);
  if (binding.length > 0 && is_replay (node, now, from, proof, &binding, &id))
    {
      drt_node_drop (node, DRT_DROP_REPLAYED);
      return FALSE;
    }
  hr = check_proof (node, &copy, proof, &binding);
  if (FAILED (hr))
    return refuse (node, now, from, proof->credential, hr);
  /* Only now: what anybody may send is not to push out what members sent. */
  if (binding.length > 0)
    drt_replay_remember (&node->replay, now, &id, from);
  return TRUE;
}

/**
 * drt_security_verify_credential:
 * @node: a node
 * @now: the time
 * @from: who sent it
 * @credential: what came for a credential, without a signature of its own
 *
 * Returns: whether it is a member's; refused as by drt_security_verify().  Providers that
 *   do not bind are not asked before the CPA that goes with it
 */
gboolean
drt_security_verify_credential (DrtNode           *node,
                                gint64             now,
                                const DrtEndpoint *from,
                                DrtSpan            credential)
{
  const DRT_SECURITY_PROVIDER *provider = node->settings.security;
  DRT_DATA data = borrow (credential);
  HRESULT hr = S_OK;

  if (node->settings.binds)
    hr = provider->ValidateRemoteCredential (provider->pvContext, &data);
  return SUCCEEDED (hr) || refuse (node, now, from, credential, hr);
}

/**
 * drt_security_seal:
 * @node: a node in confidential mode
 * @credential: of the receiver; may be absent where none is known
 * @n: number of fields, at most 4
 * @clear: their content; absent ones stay absent
 * @sealed: (out): room for @n; free each with drt_security_free()
 * @keytoken: (out): free with drt_security_free()
 *
 * Returns: %FALSE when the provider cannot encrypt for the receiver
 */
gboolean
drt_security_seal (DrtNode       *node,
                   DrtSpan        credential,
                   guint          n,
                   const DrtSpan *clear,
                   DRT_DATA      *sealed,
                   DRT_DATA      *keytoken)
{
  const DRT_SECURITY_PROVIDER *provider = node->settings.security;
  DRT_DATA remote = borrow (credential);
  DRT_DATA in[SEALED_MAX], out[SEALED_MAX] = { 0 };
  guint n_in = 0;

  g_assert (n <= SEALED_MAX);
  memset (sealed, 0, n * sizeof *sealed);
  memset (keytoken, 0, sizeof *keytoken);
  for (guint i = 0; i < n; i++)
    if (DRT_SPAN_PRESENT (clear[i]))
      in[n_in++] = borrow (clear[i]);

  if (FAILED (provider->EncryptData (provider->pvContext, &remote, n_in, in, out, keytoken)))
    return FALSE;
  n_in = 0;
  for (guint i = 0; i < n; i++)
    if (DRT_SPAN_PRESENT (clear[i]))
      sealed[i] = out[n_in++];
  return TRUE;
}

/**
 * drt_security_open:
 * @node: a node in confidential mode
 * @validate_key: our key the sender addressed: its private key opens
 * @keytoken: of the message
 * @n: number of fields, at most 4
 * @fields: (inout): sealed on entry, clear afterwards; absent ones stay absent
 *
 * Returns: (transfer full) (nullable): the memory @fields now point into, to be
 *   freed after their use; %NULL when they do not open, or there is no memory
 */
guint8 *
drt_security_open (DrtNode      *node,
                   const DrtKey *validate_key,
                   DrtSpan       keytoken,
                   guint         n,
                   DrtSpan      *fields)
{
  const DRT_SECURITY_PROVIDER *provider = node->settings.security;
  const DrtLocalKey *local = drt_keys_find (node, validate_key);
  DRT_DATA token = borrow (keytoken);
  DRT_DATA data[SEALED_MAX];
  gsize total = 0, offset = 0;
  guint n_data = 0;
  guint8 *memory;

  g_assert (n <= SEALED_MAX);
  for (guint i = 0; i < n; i++)
    total += fields[i].length;

  /* DecryptData works in place, and a datagram is not ours to change. */
  memory = g_try_malloc (total + 1);
  if (memory == NULL)
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      if (!DRT_SPAN_PRESENT (fields[i]))
        continue;
      memcpy (memory + offset, fields[i].data, fields[i].length);
      data[n_data++] = (DRT_DATA) { .cb = (ULONG) fields[i].length, .pb = memory + offset };
      offset += fields[i].length;
    }

  if (FAILED (provider->DecryptData (provider->pvContext, &token, local != NULL ? local->key_context : NULL,
                                     n_data, data)))
    {
      g_free (memory);
      return NULL;
    }
  n_data = 0;
  for (guint i = 0; i < n; i++)
    if (DRT_SPAN_PRESENT (fields[i]))
      {
        fields[i] = (DrtSpan) { data[n_data].pb, MIN (data[n_data].cb, fields[i].length) };
        n_data++;
      }
  return memory;
}
