/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt.h"

#include <glib.h>
#include <openssl/crypto.h>

#include "drt-alloc.h"
#include "drt-cursor.h"
#include "drt-key.h"
#include "drt-service-addresses.h"
#include "drt-writer.h"

/*
 * The null security provider: no proof, no encryption.
 *
 * Its CPA tells what a real one tells, without a signature.  Integers are
 * big-endian:
 *
 *   flags            1   DRT_PAYLOAD_REVOKED or 0
 *   protocol         2   major, minor: the application's
 *   profile          2   0, 1: this layout; profiles of real providers are 1.0 and up
 *   key              2 + 32   length, then DRT_DATA.pb as it is
 *   nonce            2 + n    length (0: none, else 16), then the nonce answered
 *   addresses        1   count, 0 .. 20
 *   each address    18   port, IPv6 address
 *
 * Nothing follows.  Credential, signature, key identifier, classifier and
 * certificate chain are empty.
 */

#define PROFILE_MAJOR 0
#define PROFILE_MINOR 1
#define MAX_FLAGS     DRT_PAYLOAD_REVOKED

typedef struct
{
  DRT_SECURITY_PROVIDER table;
  int attached;
} DrtNullProvider;

static HRESULT
attach (const PVOID context)
{
  DrtNullProvider *self = context;

  if (!g_atomic_int_compare_and_exchange (&self->attached, 0, 1))
    return DRT_E_SECURITYPROVIDER_IN_USE;
  return S_OK;
}

static void
detach (const PVOID context)
{
  DrtNullProvider *self = context;

  g_atomic_int_set (&self->attached, 0);
}

static HRESULT
register_key (const PVOID             context,
              const DRT_REGISTRATION *registration,
              PVOID                   key_context)
{
  DrtNullProvider *self = context;

  if (registration == NULL)
    return E_INVALIDARG;
  return g_atomic_int_get (&self->attached) ? S_OK : DRT_E_SECURITYPROVIDER_NOT_ATTACHED;
}

static HRESULT
unregister_key (const PVOID     context,
                const DRT_DATA *key,
                PVOID           key_context)
{
  return S_OK;
}

static void
free_data (const PVOID context,
           PVOID       data)
{
  g_free (data);
}

static void
clear (DRT_DATA *data)
{
  if (data != NULL)
    *data = (DRT_DATA) { 0 };
}

/* @length bytes of our own in @copy; none at all for none. */
static HRESULT
copy_bytes (DRT_DATA     *copy,
            const guint8 *bytes,
            gsize         length)
{
  clear (copy);
  if (bytes == NULL || length == 0)
    return S_OK;

  copy->pb = drt_try_alloc (length);
  if (copy->pb == NULL)
    return E_OUTOFMEMORY;

  memcpy (copy->pb, bytes, length);
  copy->cb = length;
  return S_OK;
}

static gsize
cpa_size (gsize n_nonce,
          guint n_addresses)
{
  return 1 + 2 + 2 + 2 + DRT_KEY_SIZE + 2 + n_nonce + 1 + n_addresses * DRT_WIRE_ENDPOINT_SIZE;
}

static HRESULT
pack_cpa (DRT_DATA               *cpa,
          DWORD                   flags,
          BYTE                    major,
          BYTE                    minor,
          const guint8           *key,
          const DRT_DATA         *nonce,
          const DrtWireEndpoints *endpoints)
{
  gsize n_nonce = nonce != NULL ? nonce->cb : 0;
  gsize size = cpa_size (n_nonce, endpoints->n_endpoints);
  DrtWriter writer;

  cpa->pb = drt_try_alloc (size);
  if (cpa->pb == NULL)
    return E_OUTOFMEMORY;

  drt_writer_init (&writer, cpa->pb, size);
  drt_writer_u8 (&writer, flags);
  drt_writer_u8 (&writer, major);
  drt_writer_u8 (&writer, minor);
  drt_writer_u8 (&writer, PROFILE_MAJOR);
  drt_writer_u8 (&writer, PROFILE_MINOR);
  drt_writer_u16 (&writer, DRT_KEY_SIZE);
  drt_writer_put (&writer, key, DRT_KEY_SIZE);
  drt_writer_u16 (&writer, n_nonce);
  if (n_nonce > 0)
    drt_writer_put (&writer, nonce->pb, n_nonce);
  drt_writer_u8 (&writer, endpoints->n_endpoints);
  drt_writer_put (&writer, endpoints->endpoints, endpoints->n_endpoints * DRT_WIRE_ENDPOINT_SIZE);

  cpa->cb = drt_writer_finish (&writer);
  g_assert (cpa->cb == size);
  return S_OK;
}

static HRESULT
secure_and_pack_payload (const PVOID                context,
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
  guint8 bytes[DRT_MAX_ROUTING_ADDRESSES * DRT_WIRE_ENDPOINT_SIZE];
  DrtWireEndpoints endpoints;
  HRESULT hr;

  clear (secured_address_payload);
  clear (classifier);
  clear (secured_payload);
  clear (certificate_chain);

  if (key == NULL || key->pb == NULL || key->cb != DRT_KEY_SIZE ||
      secured_address_payload == NULL || flags > MAX_FLAGS ||
      (nonce != NULL && nonce->cb != 0 && (nonce->cb != DRT_NONCE_SIZE || nonce->pb == NULL)) ||
      !drt_service_addresses_to_wire (addresses, bytes, &endpoints))
    return E_INVALIDARG;

  hr = pack_cpa (secured_address_payload, flags, major, minor, key->pb, nonce, &endpoints);
  if (FAILED (hr))
    return hr;

  if (payload != NULL && secured_payload != NULL)
    {
      hr = copy_bytes (secured_payload, payload->pb, payload->cb);
      if (FAILED (hr))
        {
          g_free (secured_address_payload->pb);
          clear (secured_address_payload);
        }
    }
  return hr;
}

/* What a CPA says; the pointers point into it. */
typedef struct
{
  guint8 flags;
  guint8 major;
  guint8 minor;
  const guint8 *key;
  const guint8 *nonce;
  gsize n_nonce;
  DrtWireEndpoints addresses;
} NullCpa;

static gboolean
unpack_cpa (const DRT_DATA *data,
            NullCpa        *cpa)
{
  DrtCursor cursor;
  guint8 profile_major, profile_minor;

  drt_cursor_init (&cursor, data->pb, data->cb);
  cpa->flags = drt_cursor_u8 (&cursor);
  cpa->major = drt_cursor_u8 (&cursor);
  cpa->minor = drt_cursor_u8 (&cursor);
  profile_major = drt_cursor_u8 (&cursor);
  profile_minor = drt_cursor_u8 (&cursor);
  if (drt_cursor_u16 (&cursor) != DRT_KEY_SIZE)
    return FALSE;
  cpa->key = drt_cursor_take (&cursor, DRT_KEY_SIZE);
  cpa->n_nonce = drt_cursor_u16 (&cursor);
  if (cpa->n_nonce != 0 && cpa->n_nonce != DRT_NONCE_SIZE)
    return FALSE;
  cpa->nonce = drt_cursor_take (&cursor, cpa->n_nonce);
  cpa->addresses.n_endpoints = drt_cursor_u8 (&cursor);
  if (cpa->addresses.n_endpoints > DRT_MAX_ROUTING_ADDRESSES)
    return FALSE;
  cpa->addresses.endpoints = drt_cursor_take (&cursor, cpa->addresses.n_endpoints * DRT_WIRE_ENDPOINT_SIZE);

  return drt_cursor_ok (&cursor) && drt_cursor_remaining (&cursor) == 0 &&
         profile_major == PROFILE_MAJOR && profile_minor == PROFILE_MINOR && cpa->flags <= MAX_FLAGS;
}

static gboolean
nonce_matches (const NullCpa  *cpa,
               const DRT_DATA *nonce)
{
  if (nonce == NULL)
    return TRUE;
  return nonce->cb == cpa->n_nonce &&
         (nonce->cb == 0 || (nonce->pb != NULL && CRYPTO_memcmp (nonce->pb, cpa->nonce, nonce->cb) == 0));
}

static HRESULT
validate_and_unpack_payload (const PVOID            context,
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
  NullCpa cpa;
  DRT_DATA own_key = { 0 }, own_payload = { 0 };
  SOCKET_ADDRESS_LIST *own_addresses = NULL;

  clear (key);
  clear (payload);
  if (public_key != NULL)
    *public_key = NULL;
  if (addresses != NULL)
    *addresses = NULL;

  if (secured_address_payload == NULL || secured_address_payload->pb == NULL ||
      major == NULL || minor == NULL || key == NULL || flags == NULL)
    return E_INVALIDARG;
  if (!unpack_cpa (secured_address_payload, &cpa) || !nonce_matches (&cpa, nonce))
    return DRT_E_INVALID_MESSAGE;

  if (addresses != NULL)
    own_addresses = drt_service_addresses_from_wire (&cpa.addresses);
  if ((addresses != NULL && own_addresses == NULL) ||
      FAILED (copy_bytes (&own_key, cpa.key, DRT_KEY_SIZE)) ||
      (payload != NULL && secured_payload != NULL &&
       FAILED (copy_bytes (&own_payload, secured_payload->pb, secured_payload->cb))))
    {
      g_free (own_addresses);
      g_free (own_key.pb);
      return E_OUTOFMEMORY;
    }

  *major = cpa.major;
  *minor = cpa.minor;
  *flags = cpa.flags;
  *key = own_key;
  if (payload != NULL)
    *payload = own_payload;
  if (addresses != NULL)
    *addresses = own_addresses;
  return S_OK;
}

static HRESULT
encrypt_data (const PVOID     context,
              const DRT_DATA *remote_credential,
              DWORD           n_buffers,
              DRT_DATA       *buffers,
              DRT_DATA       *encrypted,
              DRT_DATA       *key_token)
{
  if (buffers == NULL || encrypted == NULL || key_token == NULL)
    return E_INVALIDARG;

  clear (key_token);
  for (DWORD i = 0; i < n_buffers; i++)
    clear (&encrypted[i]);
  for (DWORD i = 0; i < n_buffers; i++)
    if (FAILED (copy_bytes (&encrypted[i], buffers[i].pb, buffers[i].cb)))
      {
        for (DWORD j = 0; j < i; j++)
          {
            g_free (encrypted[j].pb);
            clear (&encrypted[j]);
          }
        return E_OUTOFMEMORY;
      }
  return S_OK;
}

static HRESULT
decrypt_data (const PVOID context,
              DRT_DATA   *key_token,
              const PVOID key_context,
              DWORD       n_buffers,
              DRT_DATA   *data)
{
  return S_OK;
}

static HRESULT
get_serialized_credential (const PVOID context,
                           DRT_DATA   *credential)
{
  if (credential == NULL)
    return E_INVALIDARG;
  clear (credential);
  return S_OK;
}

static HRESULT
validate_remote_credential (const PVOID context,
                            DRT_DATA   *credential)
{
  return S_OK;
}

static HRESULT
sign_data (const PVOID context,
           DWORD       n_buffers,
           DRT_DATA   *buffers,
           DRT_DATA   *key_identifier,
           DRT_DATA   *signature)
{
  if (key_identifier == NULL || signature == NULL)
    return E_INVALIDARG;
  clear (key_identifier);
  clear (signature);
  return S_OK;
}

/* Whoever signs is of another mesh: only the empty signature is ours. */
static HRESULT
verify_data (const PVOID context,
             DWORD       n_buffers,
             DRT_DATA   *buffers,
             DRT_DATA   *credentials,
             DRT_DATA   *key_identifier,
             DRT_DATA   *signature)
{
  return signature == NULL || signature->cb == 0 ? S_OK : DRT_E_INVALID_MESSAGE;
}

HRESULT
DrtCreateNullSecurityProvider (DRT_SECURITY_PROVIDER **ppSecurityProvider)
{
  DrtNullProvider *self;

  if (ppSecurityProvider == NULL)
    return E_INVALIDARG;
  *ppSecurityProvider = NULL;

  self = drt_try_alloc (sizeof (DrtNullProvider));
  if (self == NULL)
    return E_OUTOFMEMORY;

  self->table = (DRT_SECURITY_PROVIDER) {
    .pvContext = self,
    .Attach = attach,
    .Detach = detach,
    .RegisterKey = register_key,
    .UnregisterKey = unregister_key,
    .ValidateAndUnpackPayload = validate_and_unpack_payload,
    .SecureAndPackPayload = secure_and_pack_payload,
    .FreeData = free_data,
    .EncryptData = encrypt_data,
    .DecryptData = decrypt_data,
    .GetSerializedCredential = get_serialized_credential,
    .ValidateRemoteCredential = validate_remote_credential,
    .SignData = sign_data,
    .VerifyData = verify_data,
  };
  *ppSecurityProvider = &self->table;
  return S_OK;
}

void
DrtDeleteNullSecurityProvider (DRT_SECURITY_PROVIDER *pSecurityProvider)
{
  if (pSecurityProvider != NULL)
    g_free (pSecurityProvider->pvContext);
}
