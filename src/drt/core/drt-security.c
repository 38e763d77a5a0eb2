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

/**
 * drt_security_prove:
 * @node: a node
 * @what: the bytes to sign
 * @proof: (out): owns the blobs; clear it when the message is sent
 * @wire: (out): the fields of the message; absent in resolve mode
 *
 * Returns: %FALSE when the provider refuses: the message cannot be sent
 */
gboolean
drt_security_prove (DrtNode      *node,
                    DrtSpan       what,
                    DrtProof     *proof,
                    DrtWireProof *wire)
{
  const DRT_SECURITY_PROVIDER *provider = node->settings.security;
  DRT_DATA data = { .cb = (ULONG) what.length, .pb = (BYTE *) what.data };

  memset (proof, 0, sizeof *proof);
  memset (wire, 0, sizeof *wire);
  if (node->settings.mode == DRT_SECURE_RESOLVE)
    return TRUE;

  if (FAILED (provider->GetSerializedCredential (provider->pvContext, &proof->credential)) ||
      FAILED (provider->SignData (provider->pvContext, 1, &data, &proof->key_identifier, &proof->signature)))
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

/**
 * drt_security_verify:
 * @node: a node
 * @what: the bytes that are said to be signed
 * @proof: the fields of the message
 *
 * Returns: whether the sender may take part: always in resolve mode, else only
 *   with a credential and a signature that the provider accepts
 */
gboolean
drt_security_verify (DrtNode            *node,
                     DrtSpan             what,
                     const DrtWireProof *proof)
{
  const DRT_SECURITY_PROVIDER *provider = node->settings.security;
  DRT_DATA data, credential, key_identifier, signature;

  if (node->settings.mode == DRT_SECURE_RESOLVE)
    return TRUE;
  if (!DRT_SPAN_PRESENT (proof->credential) || !DRT_SPAN_PRESENT (proof->signature) ||
      !DRT_SPAN_PRESENT (proof->key_identifier))
    return FALSE;

  data = borrow (what);
  credential = borrow (proof->credential);
  signature = borrow (proof->signature);
  key_identifier = borrow (proof->key_identifier);
  return SUCCEEDED (provider->ValidateRemoteCredential (provider->pvContext, &credential)) &&
         SUCCEEDED (provider->VerifyData (provider->pvContext, 1, &data, &credential, &key_identifier, &signature));
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
