/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-derived-key-private.h"

#include <openssl/err.h>
#include <string.h>

#include "drt-alloc.h"
#include "drt-clock.h"
#include "drt-member-cache.h"

/*
 * The derived key provider: what its profiles have in common.  Every call but
 * RegisterKey comes from the thread that runs the node; a lock keeps that apart from
 * threads that register keys, exchange the revoke list or read the counters.
 */

#define MAX_CREDENTIAL_SIZE DRT_REASSEMBLED_MAX

static HRESULT attach (const PVOID context);

/* The provider behind a table that is ours. */
static DrtDerivedKeyProvider *
get_self (const DRT_SECURITY_PROVIDER *provider)
{
  return provider != NULL && provider->Attach == attach ? provider->pvContext : NULL;
}

static const DrtDerivedKeyProfile *
find_profile (DrtProfile profile)
{
  switch (profile)
    {
    case DRT_PROFILE_2_0:
      return &drt_derived_key_profile_2;
    case DRT_PROFILE_1_0:
      return &drt_derived_key_profile_1;
    case DRT_PROFILE_NONE:
    default:
      return NULL;
    }
}

/* --- Life --- */

static HRESULT
attach (const PVOID context)
{
  DrtDerivedKeyProvider *self = context;
  HRESULT hr = S_OK;

  g_mutex_lock (&self->lock);
  if (self->attached)
    hr = DRT_E_SECURITYPROVIDER_IN_USE;
  self->attached = TRUE;
  g_mutex_unlock (&self->lock);
  return hr;
}

static void
detach (const PVOID context)
{
  DrtDerivedKeyProvider *self = context;

  /* The keys were that node's, even one that was being registered when it closed. */
  g_mutex_lock (&self->lock);
  self->attached = FALSE;
  g_hash_table_remove_all (self->keys);
  g_mutex_unlock (&self->lock);
}

static void
free_data (const PVOID context,
           PVOID       data)
{
  g_free (data);
}

/* --- Keys --- */

static HRESULT
register_key (const PVOID             context,
              const DRT_REGISTRATION *registration,
              PVOID                   key_context)
{
  DrtDerivedKeyProvider *self = context;
  g_autoptr (DrtIdentity) identity = NULL;
  DrtIdentity *present;
  PCCERT_CONTEXT certificate = key_context;
  HRESULT hr;
  DrtKey key;

  if (registration == NULL || registration->key.pb == NULL)
    return E_INVALIDARG;
  if (registration->key.cb != DRT_KEY_SIZE)
    return DRT_E_INVALID_KEY_SIZE;
  if (certificate == NULL && self->local != NULL)
    certificate = self->local->certificate;
  if (certificate == NULL)
    return DRT_E_INVALID_KEY;
  drt_key_from_bytes (&key, registration->key.pb);

  hr = drt_derived_key_provider_make_identity (self, certificate, &key, &identity);
  if (FAILED (hr))
    return hr;

  g_mutex_lock (&self->lock);
  if (self->attached)
    {
      present = g_hash_table_lookup (self->keys, &key);
      if (present == NULL)
        {
          present = g_steal_pointer (&identity);
          present->key_context = key_context;
          g_hash_table_insert (self->keys, &present->key, present);
        }
      present->n_registrations++;
    }
  else
    hr = DRT_E_SECURITYPROVIDER_NOT_ATTACHED;
  g_mutex_unlock (&self->lock);
  return hr;
}

static HRESULT
unregister_key (const PVOID     context,
                const DRT_DATA *key_data,
                PVOID           key_context)
{
  DrtDerivedKeyProvider *self = context;
  DrtIdentity *identity;
  DrtKey key;

  if (key_data == NULL || key_data->pb == NULL || key_data->cb != DRT_KEY_SIZE)
    return E_INVALIDARG;
  drt_key_from_bytes (&key, key_data->pb);
  g_mutex_lock (&self->lock);
  identity = g_hash_table_lookup (self->keys, &key);
  if (identity != NULL && --identity->n_registrations == 0)
    g_hash_table_remove (self->keys, &key);
  g_mutex_unlock (&self->lock);
  return S_OK;
}

/* Whose private key a key context stands for. */
static DrtIdentity *
find_identity (DrtDerivedKeyProvider *self,
               gpointer               key_context)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->keys);
  while (key_context != NULL && g_hash_table_iter_next (&iter, NULL, &value))
    if (((DrtIdentity *) value)->key_context == key_context)
      return value;
  return self->local;
}

/* --- Credentials --- */

/* Like E_OUTOFMEMORY these say nothing of what came. */
static gboolean
is_our_fault (HRESULT hr)
{
  return hr == E_OUTOFMEMORY || hr == E_INVALIDARG;
}

/* Counts what was refused, and forgets what OpenSSL has to say about it. */
void
drt_derived_key_provider_judge (DrtDerivedKeyProvider *self,
                                HRESULT                hr)
{
  if (FAILED (hr) && !is_our_fault (hr))
    self->counters.refusals++;
  if (FAILED (hr))
    ERR_clear_error ();
}

HRESULT
drt_derived_key_provider_find_member (DrtDerivedKeyProvider  *self,
                                      DrtSpan                 credential,
                                      DrtMember             **member)
{
  guint8 digest[DRT_CREDENTIAL_DIGEST_SIZE];
  gint64 now = drt_clock_now ();
  DrtMember *known;
  HRESULT hr;

  *member = NULL;
  if (credential.data == NULL || credential.length == 0 || credential.length > MAX_CREDENTIAL_SIZE)
    return DRT_E_INVALID_MESSAGE;
  if (EVP_Digest (credential.data, credential.length, digest, NULL, self->sha256, NULL) != 1)
    return E_OUTOFMEMORY;
  known = drt_member_cache_find (self->members, digest, now, &hr);
  if (known != NULL)
    self->counters.chains_remembered++;
  if (known != NULL)
    *member = drt_member_ref (known);
  if (known != NULL || FAILED (hr))
    return hr;

  hr = self->profile->check_credential (self, credential, member);
  if (SUCCEEDED (hr))
    drt_member_cache_add (self->members, digest, *member, credential.length);
  else if (!is_our_fault (hr))
    drt_member_cache_refuse (self->members, digest, now, hr);
  return hr;
}

static HRESULT
get_serialized_credential (const PVOID context,
                           DRT_DATA   *credential)
{
  DrtDerivedKeyProvider *self = context;
  HRESULT hr;

  if (credential == NULL)
    return E_INVALIDARG;
  *credential = (DRT_DATA) { 0 };
  if (self->local == NULL)
    return DRT_E_CAPABILITY_MISMATCH;

  g_mutex_lock (&self->lock);
  hr = drt_derived_key_provider_get_credential (self, self->local, credential);
  g_mutex_unlock (&self->lock);
  return hr;
}

/* The credential of @identity as a blob of the provider's.  Where the local
 * certificate is registered, too, others are to remember one credential, not two. */
HRESULT
drt_derived_key_provider_get_credential (DrtDerivedKeyProvider *self,
                                         DrtIdentity           *identity,
                                         DRT_DATA              *credential)
{
  g_autoptr (GBytes) bytes = NULL;
  HRESULT hr;

  if (self->local != NULL && drt_certificate_equal (identity->certificate, self->local->certificate))
    identity = self->local;
  hr = drt_derived_key_provider_check_identity (self, identity);
  if (SUCCEEDED (hr))
    hr = self->profile->make_credential (self, identity, &bytes);
  if (FAILED (hr))
    return hr;
  credential->pb = drt_try_copy (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (credential->pb == NULL)
    return E_OUTOFMEMORY;
  credential->cb = g_bytes_get_size (bytes);
  return S_OK;
}

static HRESULT
validate_remote_credential (const PVOID context,
                            DRT_DATA   *credential)
{
  DrtDerivedKeyProvider *self = context;
  DrtMember *member;
  HRESULT hr;

  if (credential == NULL)
    return E_INVALIDARG;
  g_mutex_lock (&self->lock);
  hr = drt_derived_key_provider_find_member (self, drt_span_of (credential), &member);
  drt_derived_key_provider_judge (self, hr);
  /* Members are counted under the lock only: others may forget this one now. */
  drt_member_unref (member);
  g_mutex_unlock (&self->lock);
  return hr;
}

/* --- Signatures --- */

static void
clear_blob (DRT_DATA *data)
{
  g_free (data->pb);
  *data = (DRT_DATA) { 0 };
}

static HRESULT
sign_data (const PVOID context,
           DWORD       n_buffers,
           DRT_DATA   *buffers,
           DRT_DATA   *key_identifier,
           DRT_DATA   *signature)
{
  DrtDerivedKeyProvider *self = context;
  HRESULT hr;

  if (key_identifier == NULL || signature == NULL || (n_buffers > 0 && buffers == NULL))
    return E_INVALIDARG;
  *key_identifier = *signature = (DRT_DATA) { 0 };
  if (self->local == NULL)
    return DRT_E_CAPABILITY_MISMATCH;

  g_mutex_lock (&self->lock);
  hr = self->profile->sign (self, self->local, n_buffers, buffers, key_identifier, signature);
  if (FAILED (hr))
    {
      clear_blob (key_identifier);
      clear_blob (signature);
    }
  else
    self->counters.signatures_made++;
  g_mutex_unlock (&self->lock);
  return hr;
}

static HRESULT
verify_data (const PVOID context,
             DWORD       n_buffers,
             DRT_DATA   *buffers,
             DRT_DATA   *credential,
             DRT_DATA   *key_identifier,
             DRT_DATA   *signature)
{
  DrtDerivedKeyProvider *self = context;
  HRESULT hr;

  if (credential == NULL || key_identifier == NULL || signature == NULL || (n_buffers > 0 && buffers == NULL))
    return E_INVALIDARG;
  g_mutex_lock (&self->lock);
  hr = self->profile->verify (self, n_buffers, buffers, drt_span_of (credential), drt_span_of (key_identifier),
                              drt_span_of (signature));
  drt_derived_key_provider_judge (self, hr);
  g_mutex_unlock (&self->lock);
  return hr;
}

/* --- Sealing --- */

static HRESULT
encrypt_data (const PVOID     context,
              const DRT_DATA *remote_credential,
              DWORD           n_buffers,
              DRT_DATA       *buffers,
              DRT_DATA       *encrypted,
              DRT_DATA       *keytoken)
{
  DrtDerivedKeyProvider *self = context;
  HRESULT hr;

  if (remote_credential == NULL || keytoken == NULL || (n_buffers > 0 && (buffers == NULL || encrypted == NULL)))
    return E_INVALIDARG;
  *keytoken = (DRT_DATA) { 0 };
  for (DWORD i = 0; i < n_buffers; i++)
    encrypted[i] = (DRT_DATA) { 0 };

  g_mutex_lock (&self->lock);
  hr = self->profile->seal (self, drt_span_of (remote_credential), n_buffers, buffers, encrypted, keytoken);
  if (SUCCEEDED (hr))
    self->counters.buffers_sealed += n_buffers;
  else
    {
      clear_blob (keytoken);
      for (DWORD i = 0; i < n_buffers; i++)
        clear_blob (&encrypted[i]);
    }
  g_mutex_unlock (&self->lock);
  return hr;
}

static HRESULT
decrypt_data (const PVOID context,
              DRT_DATA   *keytoken,
              const PVOID key_context,
              DWORD       n_buffers,
              DRT_DATA   *buffers)
{
  DrtDerivedKeyProvider *self = context;
  HRESULT hr;

  if (keytoken == NULL || (n_buffers > 0 && buffers == NULL))
    return E_INVALIDARG;
  g_mutex_lock (&self->lock);
  hr = self->profile->unseal (self, find_identity (self, key_context), drt_span_of (keytoken), n_buffers, buffers);
  drt_derived_key_provider_judge (self, hr);
  if (SUCCEEDED (hr))
    self->counters.buffers_opened += n_buffers;
  g_mutex_unlock (&self->lock);
  return hr;
}

/* --- Creation --- */

static const DRT_SECURITY_PROVIDER functions = {
  .Attach = attach,
  .Detach = detach,
  .RegisterKey = register_key,
  .UnregisterKey = unregister_key,
  .ValidateAndUnpackPayload = drt_derived_key_provider_unpack,
  .SecureAndPackPayload = drt_derived_key_provider_pack,
  .FreeData = free_data,
  .EncryptData = encrypt_data,
  .DecryptData = decrypt_data,
  .GetSerializedCredential = get_serialized_credential,
  .ValidateRemoteCredential = validate_remote_credential,
  .SignData = sign_data,
  .VerifyData = verify_data,
};

static void
provider_free (DrtDerivedKeyProvider *self)
{
  g_clear_pointer (&self->keys, g_hash_table_unref);
  g_clear_pointer (&self->local, drt_identity_free);
  g_clear_pointer (&self->members, drt_member_cache_free);
  self->profile->clear (self);
  g_clear_pointer (&self->revoked, drt_revoke_list_unref);
  drt_certificate_unref (self->root);
  EVP_MD_free (self->sha256);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static HRESULT
provider_prepare (DrtDerivedKeyProvider *self,
                  PCCERT_CONTEXT         local)
{
  HRESULT hr;

  self->sha256 = EVP_MD_fetch (NULL, "SHA256", NULL);
  if (self->sha256 == NULL)
    return DRT_E_CAPABILITY_MISMATCH;
  hr = self->profile->init (self);
  if (SUCCEEDED (hr))
    hr = drt_derived_key_provider_check_root (self);
  if (SUCCEEDED (hr) && local != NULL)
    hr = drt_derived_key_provider_make_identity (self, local, NULL, &self->local);
  return hr;
}

HRESULT
drt_derived_key_provider_new (PCCERT_CONTEXT          root,
                              PCCERT_CONTEXT          local,
                              DrtProfile              profile,
                              DrtRevokeList          *revoked,
                              DRT_SECURITY_PROVIDER **provider)
{
  const DrtDerivedKeyProfile *found = find_profile (profile);
  DrtDerivedKeyProvider *self;
  HRESULT hr;

  if (provider == NULL)
    return E_INVALIDARG;
  *provider = NULL;
  if (root == NULL)
    return E_INVALIDARG;
  if (found == NULL)
    return DRT_E_CAPABILITY_MISMATCH;
  if (root->hCertStore == NULL)
    return DRT_E_INVALID_CERT_CHAIN;

  self = drt_try_alloc (sizeof *self);
  if (self == NULL)
    return E_OUTOFMEMORY;
  self->table = functions;
  self->table.pvContext = self;
  self->profile = found;
  self->root = drt_certificate_ref (root);
  self->revoked = revoked != NULL ? drt_revoke_list_ref (revoked) : NULL;
  self->keys = g_hash_table_new_full (drt_key_hash, drt_key_equal, NULL, (GDestroyNotify) drt_identity_free);
  self->members = drt_member_cache_new ();
  g_mutex_init (&self->lock);

  hr = provider_prepare (self, local);
  if (SUCCEEDED (hr))
    *provider = &self->table;
  else
    provider_free (self);
  return hr;
}

HRESULT
DrtCreateDerivedKeySecurityProvider (PCCERT_CONTEXT          pRootCert,
                                     PCCERT_CONTEXT          pLocalCert,
                                     DRT_SECURITY_PROVIDER **ppSecurityProvider)
{
  if (ppSecurityProvider == NULL)
    return E_INVALIDARG;
  *ppSecurityProvider = NULL;
  if (pRootCert == NULL)
    return E_INVALIDARG;
  if (pRootCert->hCertStore == NULL)
    return DRT_E_INVALID_CERT_CHAIN;

  return drt_derived_key_provider_new (pRootCert, pLocalCert, drt_certificate_get_profile (pRootCert), NULL, ppSecurityProvider);
}

HRESULT
DrtCreateDerivedKey (PCCERT_CONTEXT pLocalCert,
                     DRT_DATA      *pKey)
{
  DrtKey key;

  if (pLocalCert == NULL || pKey == NULL || pKey->pb == NULL || pKey->cb != DRT_KEY_SIZE)
    return E_INVALIDARG;
  if (!drt_certificate_get_key (pLocalCert, &key))
    return DRT_E_CAPABILITY_MISMATCH;

  memcpy (pKey->pb, key.b, sizeof key.b);
  return S_OK;
}

void
DrtDeleteDerivedKeySecurityProvider (DRT_SECURITY_PROVIDER *pSecurityProvider)
{
  DrtDerivedKeyProvider *self = get_self (pSecurityProvider);

  if (self != NULL)
    provider_free (self);
}

/* --- What programs and other rooms ask --- */

DrtProfile
drt_security_provider_get_profile (const DRT_SECURITY_PROVIDER *provider)
{
  DrtDerivedKeyProvider *self = get_self (provider);

  return self != NULL ? self->profile->profile : DRT_PROFILE_NONE;
}

HRESULT
drt_security_provider_set_mode (DRT_SECURITY_PROVIDER *provider,
                                DRT_SECURITY_MODE      mode)
{
  DrtDerivedKeyProvider *self = get_self (provider);

  if (self == NULL)
    return S_OK;
  if (mode != DRT_SECURE_RESOLVE && self->local == NULL)
    return DRT_E_CAPABILITY_MISMATCH;
  g_mutex_lock (&self->lock);
  self->mode = mode;
  g_mutex_unlock (&self->lock);
  return S_OK;
}

gboolean
drt_security_provider_binds (const DRT_SECURITY_PROVIDER *provider)
{
  return drt_security_provider_get_profile (provider) == DRT_PROFILE_2_0;
}

gint64
drt_security_provider_get_expiry (const DRT_SECURITY_PROVIDER *provider,
                                  gpointer                     key_context)
{
  DrtDerivedKeyProvider *self = get_self (provider);
  const DrtIdentity *identity;
  gint64 expiry = G_MAXINT64;

  if (self == NULL)
    return G_MAXINT64;
  g_mutex_lock (&self->lock);
  identity = find_identity (self, key_context);
  if (identity != NULL)
    expiry = identity->not_after;
  g_mutex_unlock (&self->lock);
  return expiry;
}

void
drt_derived_key_provider_set_revoked (DRT_SECURITY_PROVIDER *provider,
                                      DrtRevokeList         *revoked)
{
  DrtDerivedKeyProvider *self = get_self (provider);
  DrtRevokeList *former;

  g_return_if_fail (self != NULL);
  if (revoked != NULL)
    drt_revoke_list_ref (revoked);
  g_mutex_lock (&self->lock);
  former = self->revoked;
  self->revoked = revoked;
  drt_member_cache_clear (self->members);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&former, drt_revoke_list_unref);
}

void
drt_derived_key_provider_get_counters (const DRT_SECURITY_PROVIDER *provider,
                                       DrtSecurityCounters         *counters)
{
  DrtDerivedKeyProvider *self = get_self (provider);

  *counters = (DrtSecurityCounters) { 0 };
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  *counters = self->counters;
  g_mutex_unlock (&self->lock);
}
