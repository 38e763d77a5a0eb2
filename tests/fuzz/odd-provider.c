/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "odd-provider.h"

#include <string.h>

#define SEAL_SIZE 2   /* what sealing adds in front, when dressed */

static const guint8 seal_mark[SEAL_SIZE] = { 0xa5, 0x5a };

static HRESULT
may_fail (OddProvider *self,
          const char  *function)
{
  return self->fail != NULL ? self->fail (self->data, function) : S_OK;
}

static void
count (OddProvider    *self,
       const DRT_DATA *data)
{
  if (data != NULL && data->pb != NULL)
    self->n_blocks++;
}

static void
dress (OddProvider *self,
       DRT_DATA    *data,
       guint8       with)
{
  if (self->dress == 0 || data == NULL || data->pb != NULL)
    return;
  data->cb = (ULONG) self->dress;
  data->pb = g_malloc (self->dress);
  memset (data->pb, with, self->dress);
}

static HRESULT
attach (const PVOID context)
{
  OddProvider *self = context;
  HRESULT hr = may_fail (self, "Attach");

  return FAILED (hr) ? hr : self->null->Attach (self->null->pvContext);
}

static void
detach (const PVOID context)
{
  OddProvider *self = context;

  self->null->Detach (self->null->pvContext);
}

static HRESULT
register_key (const PVOID context, const DRT_REGISTRATION *registration, PVOID key_context)
{
  OddProvider *self = context;
  HRESULT hr = may_fail (self, "RegisterKey");

  return FAILED (hr) ? hr : self->null->RegisterKey (self->null->pvContext, registration, key_context);
}

static HRESULT
unregister_key (const PVOID context, const DRT_DATA *key, PVOID key_context)
{
  OddProvider *self = context;
  HRESULT hr = may_fail (self, "UnregisterKey");

  return FAILED (hr) ? hr : self->null->UnregisterKey (self->null->pvContext, key, key_context);
}

/* What no honest provider returns, and is not to be believed. */
static void
make_odd (DRT_DATA             *key,
          DRT_DATA             *payload,
          SOCKET_ADDRESS_LIST **addresses)
{
  if (payload != NULL && payload->cb % 2 == 1)
    {
      g_free (payload->pb);
      payload->cb = DRT_MAX_PAYLOAD_SIZE + 1;
      payload->pb = g_malloc0 (payload->cb);
    }
  else if (key->pb[0] % 2 == 1)
    {
      key->cb--;
    }
  else if (addresses != NULL && *addresses != NULL && (*addresses)->iAddressCount > 0)
    {
      (*addresses)->Address[0].lpSockaddr->sa_family = AF_INET;
    }
}

static HRESULT
validate (const PVOID context, DRT_DATA *cpa, DRT_DATA *chain, DRT_DATA *classifier, DRT_DATA *nonce,
          DRT_DATA *secured, BYTE *major, BYTE *minor, DRT_DATA *key, DRT_DATA *payload,
          CERT_PUBLIC_KEY_INFO **public_key, SOCKET_ADDRESS_LIST **addresses, DWORD *flags)
{
  OddProvider *self = context;
  HRESULT hr = may_fail (self, "ValidateAndUnpackPayload");

  if (SUCCEEDED (hr))
    hr = self->null->ValidateAndUnpackPayload (self->null->pvContext, cpa, chain, classifier, nonce, secured, major,
                                               minor, key, payload, public_key, addresses, flags);
  if (FAILED (hr))
    return hr;
  if (self->odd)
    make_odd (key, payload, addresses);
  if (self->dress > 0 && public_key != NULL)
    {
      *public_key = g_malloc0 (sizeof **public_key);
      self->n_blocks++;
    }
  count (self, key);
  count (self, payload);
  self->n_blocks += addresses != NULL && *addresses != NULL;
  return hr;
}

static HRESULT
pack (const PVOID context, PVOID key_context, BYTE major, BYTE minor, DWORD flags, const DRT_DATA *key,
      const DRT_DATA *payload, const SOCKET_ADDRESS_LIST *addresses, const DRT_DATA *nonce, DRT_DATA *cpa,
      DRT_DATA *classifier, DRT_DATA *secured, DRT_DATA *chain)
{
  OddProvider *self = context;
  HRESULT hr = may_fail (self, "SecureAndPackPayload");

  if (SUCCEEDED (hr))
    hr = self->null->SecureAndPackPayload (self->null->pvContext, key_context, major, minor, flags, key, payload,
                                           addresses, nonce, cpa, classifier, secured, chain);
  if (FAILED (hr))
    return hr;
  dress (self, classifier, 'c');
  dress (self, chain, 'C');
  count (self, cpa);
  count (self, classifier);
  count (self, secured);
  count (self, chain);
  return hr;
}

static void
free_data (const PVOID context,
           PVOID       data)
{
  OddProvider *self = context;

  if (data != NULL)
    self->n_blocks--;
  g_assert (self->n_blocks >= 0);
  self->null->FreeData (self->null->pvContext, data);
}

/* A mark in front, and every byte turned over. */
static void
seal (DRT_DATA       *sealed,
      const DRT_DATA *clear)
{
  sealed->cb = SEAL_SIZE + clear->cb;
  sealed->pb = g_malloc (sealed->cb);
  memcpy (sealed->pb, seal_mark, SEAL_SIZE);
  for (ULONG i = 0; i < clear->cb; i++)
    sealed->pb[SEAL_SIZE + i] = ~clear->pb[i];
}

static gboolean
unseal (DRT_DATA *data)
{
  if (data->cb < SEAL_SIZE || memcmp (data->pb, seal_mark, SEAL_SIZE) != 0)
    return FALSE;
  data->cb -= SEAL_SIZE;
  for (ULONG i = 0; i < data->cb; i++)
    data->pb[i] = ~data->pb[SEAL_SIZE + i];
  return TRUE;
}

static HRESULT
encrypt (const PVOID context, const DRT_DATA *credential, DWORD n, DRT_DATA *data, DRT_DATA *encrypted, DRT_DATA *token)
{
  OddProvider *self = context;
  HRESULT hr = may_fail (self, "EncryptData");

  if (FAILED (hr))
    return hr;
  if (self->dress > 0)
    {
      *token = (DRT_DATA) { 0 };
      for (DWORD i = 0; i < n; i++)
        seal (&encrypted[i], &data[i]);
    }
  else
    {
      hr = self->null->EncryptData (self->null->pvContext, credential, n, data, encrypted, token);
    }
  if (FAILED (hr))
    return hr;
  dress (self, token, 't');
  count (self, token);
  for (DWORD i = 0; i < n; i++)
    count (self, &encrypted[i]);
  return hr;
}

static HRESULT
decrypt (const PVOID context, DRT_DATA *token, const PVOID key_context, DWORD n, DRT_DATA *data)
{
  OddProvider *self = context;
  HRESULT hr = may_fail (self, "DecryptData");

  if (FAILED (hr) || self->dress == 0)
    return FAILED (hr) ? hr : self->null->DecryptData (self->null->pvContext, token, key_context, n, data);
  for (DWORD i = 0; i < n; i++)
    if (!unseal (&data[i]))
      return DRT_E_INVALID_MESSAGE;
  return S_OK;
}

static HRESULT
get_credential (const PVOID context,
                DRT_DATA   *credential)
{
  OddProvider *self = context;
  HRESULT hr = may_fail (self, "GetSerializedCredential");

  if (SUCCEEDED (hr))
    hr = self->null->GetSerializedCredential (self->null->pvContext, credential);
  if (FAILED (hr))
    return hr;
  dress (self, credential, 'r');
  count (self, credential);
  return hr;
}

static HRESULT
validate_credential (const PVOID context,
                     DRT_DATA   *credential)
{
  OddProvider *self = context;
  HRESULT hr = may_fail (self, "ValidateRemoteCredential");

  return FAILED (hr) ? hr : self->null->ValidateRemoteCredential (self->null->pvContext, credential);
}

static HRESULT
sign (const PVOID context, DWORD n, DRT_DATA *data, DRT_DATA *identifier, DRT_DATA *signature)
{
  OddProvider *self = context;
  HRESULT hr = may_fail (self, "SignData");

  if (SUCCEEDED (hr))
    hr = self->null->SignData (self->null->pvContext, n, data, identifier, signature);
  if (FAILED (hr))
    return hr;
  dress (self, identifier, 'i');
  dress (self, signature, 's');
  count (self, identifier);
  count (self, signature);
  return hr;
}

static HRESULT
verify (const PVOID context, DWORD n, DRT_DATA *data, DRT_DATA *credentials, DRT_DATA *identifier, DRT_DATA *signature)
{
  OddProvider *self = context;
  HRESULT hr = may_fail (self, "VerifyData");

  if (FAILED (hr))
    return hr;
  return signature->cb == self->dress && (signature->cb == 0 || signature->pb[0] == 's') ? S_OK : DRT_E_INVALID_MESSAGE;
}

/* As DrtCreateNullSecurityProvider(); cleared it may be in any case. */
HRESULT
odd_provider_init (OddProvider     *self,
                   OddProviderFail  fail,
                   gpointer         data)
{
  *self = (OddProvider) {
    .table = {
      .pvContext = self,
      .Attach = attach,
      .Detach = detach,
      .RegisterKey = register_key,
      .UnregisterKey = unregister_key,
      .ValidateAndUnpackPayload = validate,
      .SecureAndPackPayload = pack,
      .FreeData = free_data,
      .EncryptData = encrypt,
      .DecryptData = decrypt,
      .GetSerializedCredential = get_credential,
      .ValidateRemoteCredential = validate_credential,
      .SignData = sign,
      .VerifyData = verify,
    },
    .fail = fail,
    .data = data,
  };
  return DrtCreateNullSecurityProvider (&self->null);
}

void
odd_provider_clear (OddProvider *self)
{
  g_assert (self->n_blocks == 0);
  DrtDeleteNullSecurityProvider (self->null);
}
