/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-bytes.h"
#include "drt-node-private.h"

#include <string.h>

/* Certified peer addresses: made and checked by the security provider
 * ([MC-DRT] §2.2.3.1.1, §3.1.5.4). */

/* A SOCKET_ADDRESS_LIST of our addresses; @addresses must outlive it. */
static SOCKET_ADDRESS_LIST *
make_address_list (const DrtEndpoint   *endpoints,
                   guint                n,
                   struct sockaddr_in6 *addresses)
{
  SOCKET_ADDRESS_LIST *list = g_malloc0 (SIZEOF_SOCKET_ADDRESS_LIST (MAX (n, 1)));

  list->iAddressCount = (INT) n;
  for (guint i = 0; i < n; i++)
    {
      drt_endpoint_to_sockaddr (&endpoints[i], &addresses[i]);
      list->Address[i].lpSockaddr = (struct sockaddr *) &addresses[i];
      list->Address[i].iSockaddrLength = sizeof addresses[i];
    }
  return list;
}

/* What a provider made may be of any length; the wire has room for
 * DRT_REASSEMBLED_MAX bytes with the heads and the padding of six fields, and a
 * classifier is an array of 16-bit characters (§2.2.2.6.1). */
static gboolean
fits_the_wire (const DRT_DATA *cpa,
               const DRT_DATA *classifier,
               const DRT_DATA *payload,
               const DRT_DATA *chain)
{
  const guint64 heads = 6 * 16;

  return classifier->cb % 2 == 0 &&
         heads + cpa->cb + classifier->cb + payload->cb + chain->cb <= DRT_REASSEMBLED_MAX;
}

/**
 * drt_cpa_make:
 * @node: a node with addresses
 * @local: one of its keys
 * @flags: 0 or DRT_PAYLOAD_REVOKED
 * @want_payload: whether the extended payload is to be secured too
 * @nonce: 16 bytes: of the INQUIRE, or random
 * @cpa: (out): free this and the following with drt_security_free()
 * @classifier: (out): empty where the provider has none
 * @payload: (out): empty where not wanted
 * @chain: (out): empty where the provider has none
 *
 * Returns: what the provider's SecureAndPackPayload returned;
 *   DRT_E_INVALID_MESSAGE when no AUTHORITY can carry what it made
 */
HRESULT
drt_cpa_make (DrtNode           *node,
              const DrtLocalKey *local,
              guint32            flags,
              gboolean           want_payload,
              const guint8       nonce[DRT_NONCE_SIZE],
              DRT_DATA          *cpa,
              DRT_DATA          *classifier,
              DRT_DATA          *payload,
              DRT_DATA          *chain)
{
  const DRT_SECURITY_PROVIDER *provider = node->settings.security;
  struct sockaddr_in6 addresses[DRT_MAX_LOCAL_ADDRESSES];
  guint n = MIN (node->n_locals, node->settings.max_addresses);
  g_autofree SOCKET_ADDRESS_LIST *list = make_address_list (node->locals, n, addresses);
  DrtKey key_bytes = local->key;
  guint8 nonce_bytes[DRT_NONCE_SIZE];
  DRT_DATA key = { .cb = DRT_KEY_SIZE, .pb = key_bytes.b };
  DRT_DATA nonce_data = { .cb = DRT_NONCE_SIZE, .pb = nonce_bytes };
  DRT_DATA clear = { 0 };
  gsize size = 0;
  HRESULT hr;

  memset (cpa, 0, sizeof *cpa);
  memset (classifier, 0, sizeof *classifier);
  memset (payload, 0, sizeof *payload);
  memset (chain, 0, sizeof *chain);
  memcpy (nonce_bytes, nonce, DRT_NONCE_SIZE);
  if (local->payload != NULL)
    {
      clear.pb = (BYTE *) g_bytes_get_data (local->payload, &size);
      clear.cb = (ULONG) size;
    }
  want_payload = want_payload && size > 0;
  hr = provider->SecureAndPackPayload (provider->pvContext, local->key_context,
                                       node->settings.protocol_major, node->settings.protocol_minor,
                                       flags, &key, want_payload ? &clear : NULL, list, &nonce_data,
                                       cpa, classifier, want_payload ? payload : NULL, chain);
  if (SUCCEEDED (hr) && !fits_the_wire (cpa, classifier, payload, chain))
    hr = DRT_E_INVALID_MESSAGE;
  return hr;
}

/* The provider's list as an entry; NULL when nothing in it can be one. */
static DrtEntry *
entry_from_list (const DrtKey              *key,
                 guint8                     major,
                 guint8                     minor,
                 const SOCKET_ADDRESS_LIST *list)
{
  DrtEndpoint endpoints[DRT_MAX_ENTRY_ADDRESSES];
  guint n = 0;

  if (list == NULL)
    return NULL;
  for (int i = 0; i < list->iAddressCount && n < DRT_MAX_ENTRY_ADDRESSES; i++)
    if (drt_endpoint_from_sockaddr (&endpoints[n], list->Address[i].lpSockaddr,
                                    (gsize) list->Address[i].iSockaddrLength))
      n++;
  return n > 0 ? drt_entry_new (key, major, minor, endpoints, n) : NULL;
}

/**
 * drt_cpa_validate:
 * @node: a node
 * @cpa: the Encoded CPA, already opened in confidential mode
 * @chain: the certificate chain that came with it, or absent
 * @classifier: likewise
 * @payload: the secured payload that came with it, or absent
 * @nonce: (nullable): the 16 bytes we asked with; %NULL: not compared
 * @result: (out): what it says; clear it with drt_cpa_clear()
 *
 * Returns: what the provider's ValidateAndUnpackPayload returned;
 *   DRT_E_INVALID_MESSAGE for a key of another size
 */
HRESULT
drt_cpa_validate (DrtNode      *node,
                  DrtSpan       cpa,
                  DrtSpan       chain,
                  DrtSpan       classifier,
                  DrtSpan       payload,
                  const guint8 *nonce,
                  DrtCpa       *result)
{
  const DRT_SECURITY_PROVIDER *provider = node->settings.security;
  DRT_DATA cpa_data = { (ULONG) cpa.length, (BYTE *) cpa.data };
  DRT_DATA chain_data = { (ULONG) chain.length, (BYTE *) chain.data };
  DRT_DATA classifier_data = { (ULONG) classifier.length, (BYTE *) classifier.data };
  DRT_DATA payload_data = { (ULONG) payload.length, (BYTE *) payload.data };
  DRT_DATA nonce_data = { DRT_NONCE_SIZE, (BYTE *) nonce };
  DRT_DATA key = { 0 }, clear = { 0 };
  CERT_PUBLIC_KEY_INFO *public_key = NULL;
  SOCKET_ADDRESS_LIST *list = NULL;
  BYTE major = 0, minor = 0;
  DWORD flags = 0;
  HRESULT hr;

  memset (result, 0, sizeof *result);
  hr = provider->ValidateAndUnpackPayload (provider->pvContext, &cpa_data,
                                           DRT_SPAN_PRESENT (chain) ? &chain_data : NULL,
                                           DRT_SPAN_PRESENT (classifier) ? &classifier_data : NULL,
                                           nonce != NULL ? &nonce_data : NULL,
                                           DRT_SPAN_PRESENT (payload) ? &payload_data : NULL,
                                           &major, &minor, &key,
                                           DRT_SPAN_PRESENT (payload) ? &clear : NULL,
                                           &public_key, &list, &flags);
  if (SUCCEEDED (hr) && (key.pb == NULL || key.cb != DRT_KEY_SIZE || clear.cb > DRT_MAX_PAYLOAD_SIZE))
    hr = DRT_E_INVALID_MESSAGE;
  if (SUCCEEDED (hr))
    {
      drt_key_from_bytes (&result->key, key.pb);
      result->flags = flags;
      result->entry = entry_from_list (&result->key, major, minor, list);
      if (clear.pb != NULL)
        result->payload = drt_bytes_try_new (clear.pb, clear.cb);
      if (clear.pb != NULL && result->payload == NULL)
        hr = E_OUTOFMEMORY;
    }

  drt_security_free (node, &key);
  drt_security_free (node, &clear);
  if (public_key != NULL)
    provider->FreeData (provider->pvContext, public_key);
  if (list != NULL)
    provider->FreeData (provider->pvContext, list);
  return hr;
}

/**
 * drt_cpa_check:
 * @node: a node
 * @claimed: the entry that was asked
 * @answer: what came back, opened in confidential mode
 * @nonce: the 16 bytes it was asked with
 * @result: (out): what the CPA says; clear it with drt_cpa_clear()
 *
 * Whether an answer proves a route entry ([MC-DRT] §3.1.5.5.1.2, steps 4 to 6):
 * its key, and that it is published at these addresses and no others.  Whoever
 * passes on somebody else's CPA proves nothing for himself.
 *
 * Returns: S_OK, DRT_E_INVALID_MESSAGE without a CPA, DRT_E_INVALID_KEY,
 *   DRT_E_INVALID_ADDRESS, or the provider's code
 */
HRESULT
drt_cpa_check (DrtNode                  *node,
               const DrtEntry           *claimed,
               const DrtAuthorityBuffer *answer,
               const guint8             *nonce,
               DrtCpa                   *result)
{
  HRESULT hr;

  memset (result, 0, sizeof *result);
  if (answer->flags & DRT_AUTHORITY_FLAG_N)
    return DRT_E_INVALID_KEY;
  if (!DRT_SPAN_PRESENT (answer->cpa))
    return DRT_E_INVALID_MESSAGE;
  hr = drt_cpa_validate (node, answer->cpa, answer->credential, answer->classifier, answer->payload, nonce, result);
  if (FAILED (hr))
    return hr;
  if (!drt_key_equal (&result->key, &claimed->key) || (result->flags & DRT_PAYLOAD_REVOKED))
    return DRT_E_INVALID_KEY;
  if (result->entry == NULL || !drt_entry_same_addresses (result->entry, claimed))
    return DRT_E_INVALID_ADDRESS;
  return S_OK;
}

void
drt_cpa_clear (DrtCpa *cpa)
{
  g_clear_pointer (&cpa->entry, drt_entry_free);
  g_clear_pointer (&cpa->payload, g_bytes_unref);
}
