/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-derived-key-private.h"

#include <string.h>

#include "drt-alloc.h"
#include "drt-service-addresses.h"

/* SecureAndPackPayload and ValidateAndUnpackPayload: between the table of drt.h and
 * what a profile's CPA says.  Payloads travel as they are; neither profile has a
 * classifier. */

static void
clear (DRT_DATA *data)
{
  if (data != NULL)
    *data = (DRT_DATA) { 0 };
}

static void
drop (DRT_DATA *data)
{
  if (data == NULL)
    return;
  g_free (data->pb);
  clear (data);
}

static HRESULT
copy_span (DRT_DATA *copy,
           DrtSpan   span)
{
  if (!DRT_SPAN_PRESENT (span))
    return S_OK;
  copy->pb = drt_try_copy (span.data, span.length);
  if (copy->pb == NULL)
    return E_OUTOFMEMORY;
  copy->cb = span.length;
  return S_OK;
}

/* What is empty is not there. */
static DrtSpan
span_unless_empty (const DRT_DATA *data)
{
  return data != NULL && data->pb != NULL && data->cb > 0 ? drt_span_of (data) : (DrtSpan) { 0 };
}

/* Under the lock.  The local certificate stands for its key unregistered, too. */
static DrtIdentity *
find_owner (DrtDerivedKeyProvider *self,
            const DrtKey          *key)
{
  DrtIdentity *identity = g_hash_table_lookup (self->keys, key);

  if (identity == NULL && self->local != NULL && drt_key_equal (&self->local->key, key))
    identity = self->local;
  return identity;
}

static HRESULT
pack (DrtDerivedKeyProvider *self,
      const DrtCpaContent   *content,
      DRT_DATA              *cpa,
      DRT_DATA              *secured_payload,
      DRT_DATA              *certificate_chain)
{
  DrtIdentity *identity = find_owner (self, &content->key);
  HRESULT hr;

  if (identity == NULL)
    return DRT_E_INVALID_KEY;
  hr = drt_derived_key_provider_check_identity (self, identity);
  if (SUCCEEDED (hr))
    hr = self->profile->pack_cpa (self, identity, content, cpa);
  if (SUCCEEDED (hr))
    self->counters.signatures_made++;
  if (SUCCEEDED (hr) && secured_payload != NULL)
    hr = copy_span (secured_payload, content->payload);
  if (SUCCEEDED (hr) && certificate_chain != NULL)
    hr = drt_derived_key_provider_get_credential (self, identity, certificate_chain);
  return hr;
}

HRESULT
drt_derived_key_provider_pack (const PVOID                context,
                               PVOID                      key_context,
                               BYTE                       major,
                               BYTE                       minor,
                               DWORD                      flags,
                               const DRT_DATA            *key,
                               const DRT_DATA            *payload,
                               const SOCKET_ADDRESS_LIST *addresses,
                               const DRT_DATA            *nonce,
                               DRT_DATA                  *secured_address_payload,
                               DRT_DATA                  *classifier,
                               DRT_DATA                  *secured_payload,
                               DRT_DATA                  *certificate_chain)
{
  DrtDerivedKeyProvider *self = context;
  guint8 endpoints[DRT_MAX_ROUTING_ADDRESSES * DRT_WIRE_ENDPOINT_SIZE];
  DrtCpaContent content = { .flags = flags, .major = major, .minor = minor };
  HRESULT hr;

  clear (secured_address_payload);
  clear (classifier);
  clear (secured_payload);
  clear (certificate_chain);
  content.nonce = span_unless_empty (nonce);
  if (key == NULL || key->pb == NULL || key->cb != DRT_KEY_SIZE || secured_address_payload == NULL ||
      flags > DRT_PAYLOAD_REVOKED || (nonce != NULL && nonce->cb != content.nonce.length) ||
      (DRT_SPAN_PRESENT (content.nonce) && content.nonce.length != DRT_NONCE_SIZE) ||
      !drt_service_addresses_to_wire (addresses, endpoints, &content.addresses))
    return E_INVALIDARG;
  drt_key_from_bytes (&content.key, key->pb);
  if (secured_payload != NULL)
    content.payload = span_unless_empty (payload);

  g_mutex_lock (&self->lock);
  hr = pack (self, &content, secured_address_payload, secured_payload, certificate_chain);
  g_mutex_unlock (&self->lock);
  if (FAILED (hr))
    {
      drop (secured_address_payload);
      drop (secured_payload);
      drop (certificate_chain);
    }
  return hr;
}

/* --- Unpacking --- */

/* Where the caller wants it. */
typedef struct
{
  DRT_DATA *key;
  DRT_DATA *payload;
  CERT_PUBLIC_KEY_INFO **public_key;
  SOCKET_ADDRESS_LIST **addresses;
} Outputs;

static HRESULT
hand_out (const DrtCpaContent *content,
          const Outputs       *outputs)
{
  HRESULT hr = copy_span (outputs->key, (DrtSpan) { content->key.b, DRT_KEY_SIZE });

  if (SUCCEEDED (hr) && outputs->payload != NULL)
    hr = copy_span (outputs->payload, content->payload);
  if (SUCCEEDED (hr) && outputs->public_key != NULL && content->public_key != NULL)
    {
      *outputs->public_key = drt_public_key_to_info (content->public_key);
      if (*outputs->public_key == NULL)
        hr = E_OUTOFMEMORY;
    }
  if (SUCCEEDED (hr) && outputs->addresses != NULL)
    {
      *outputs->addresses = drt_service_addresses_from_wire (&content->addresses);
      if (*outputs->addresses == NULL)
        hr = E_OUTOFMEMORY;
    }
  if (SUCCEEDED (hr))
    return S_OK;

  drop (outputs->key);
  drop (outputs->payload);
  if (outputs->public_key != NULL)
    g_clear_pointer (outputs->public_key, g_free);
  return hr;
}

HRESULT
drt_derived_key_provider_unpack (const PVOID            context,
                                 DRT_DATA              *secured_address_payload,
                                 DRT_DATA              *certificate_chain,
                                 DRT_DATA              *classifier,
                                 DRT_DATA              *nonce,
                                 DRT_DATA              *secured_payload,
                                 BYTE                  *major,
                                 BYTE                  *minor,
                                 DRT_DATA              *key,
                                 DRT_DATA              *payload,
                                 CERT_PUBLIC_KEY_INFO **public_key,
                                 SOCKET_ADDRESS_LIST  **addresses,
                                 DWORD                 *flags)
{
  DrtDerivedKeyProvider *self = context;
  const Outputs outputs = { key, payload, public_key, addresses };
  DrtCpaContent content = { .payload = span_unless_empty (secured_payload) };
  HRESULT hr;

  clear (key);
  clear (payload);
  if (public_key != NULL)
    *public_key = NULL;
  if (addresses != NULL)
    *addresses = NULL;
  if (secured_address_payload == NULL || secured_address_payload->pb == NULL ||
      major == NULL || minor == NULL || key == NULL || flags == NULL)
    return E_INVALIDARG;

  g_mutex_lock (&self->lock);
  if ((nonce != NULL && (nonce->pb == NULL || nonce->cb != DRT_NONCE_SIZE)) ||
      (classifier != NULL && classifier->cb != 0))
    hr = DRT_E_INVALID_MESSAGE;
  else
    hr = self->profile->unpack_cpa (self, drt_span_of (secured_address_payload), span_unless_empty (certificate_chain),
                                    drt_span_of (nonce), &content);
  drt_derived_key_provider_judge (self, hr);
  if (SUCCEEDED (hr))
    hr = hand_out (&content, &outputs);
  drt_public_key_unref (content.public_key);
  g_mutex_unlock (&self->lock);

  if (SUCCEEDED (hr))
    {
      *major = content.major;
      *minor = content.minor;
      *flags = content.flags;
    }
  return hr;
}
