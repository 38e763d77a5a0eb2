/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "strict-provider.h"

#include <string.h>

#include "drt-key.h"

#define NONCE_SIZE 16
#define MASK       0x5a

/* A classifier is text in 16-bit characters. */
static const guint16 classifier_text[] = { 'm', 'e', 's', 'h' };

static void
enter (StrictProvider *self,
       StrictCall      call)
{
  g_mutex_lock (&self->lock);
  self->n_calls[call]++;
  g_mutex_unlock (&self->lock);
}

guint
strict_provider_count (StrictProvider *self,
                       StrictCall      call)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->n_calls[call];
  g_mutex_unlock (&self->lock);
  return n;
}

/* Blocks the null provider made, from now on watched. */
static void
watch (StrictProvider *self,
       gpointer        block)
{
  if (block == NULL)
    return;
  g_mutex_lock (&self->lock);
  g_assert_true (g_hash_table_add (self->blocks, block));
  g_mutex_unlock (&self->lock);
}

/* A blob of our own, where there are to be any: @what of @self. */
static void
make_blob (StrictProvider *self,
           const char     *what,
           DRT_DATA       *data)
{
  *data = (DRT_DATA) { 0 };
  if (!self->blobs)
    return;
  data->pb = (BYTE *) g_strdup_printf ("%s of %s", what, self->name);
  data->cb = (ULONG) strlen ((char *) data->pb);
  watch (self, data->pb);
}

/* Whether @data is such a blob, of whomever. */
static void
assert_blob (StrictProvider *self,
             const char     *what,
             const DRT_DATA *data)
{
  g_autofree char *start = g_strdup_printf ("%s of ", what);

  g_assert_nonnull (data);
  if (!self->blobs)
    g_assert_cmpuint (data->cb, ==, 0);
  else
    {
      g_assert_cmpuint (data->cb, >, strlen (start));
      g_assert_cmpmem (data->pb, strlen (start), start, strlen (start));
    }
}

static void
assert_mode (StrictProvider    *self,
             DRT_SECURITY_MODE  at_least)
{
  g_assert_cmpint (self->mode, >=, at_least);
}

static HRESULT
attach (const PVOID context)
{
  StrictProvider *self = context;

  enter (self, STRICT_ATTACH);
  return self->null->Attach (self->null->pvContext);
}

static void
detach (const PVOID context)
{
  StrictProvider *self = context;

  enter (self, STRICT_DETACH);
  self->null->Detach (self->null->pvContext);
}

static HRESULT
register_key (const PVOID             context,
              const DRT_REGISTRATION *registration,
              PVOID                   key_context)
{
  StrictProvider *self = context;

  enter (self, STRICT_REGISTER_KEY);
  g_assert_cmpuint (registration->key.cb, ==, DRT_KEY_SIZE);
  g_assert_cmpuint (registration->appData.cb, >=, 1);
  g_mutex_lock (&self->lock);
  g_assert_true (g_hash_table_add (self->keys, key_context));
  g_mutex_unlock (&self->lock);
  return S_OK;
}

static HRESULT
unregister_key (const PVOID     context,
                const DRT_DATA *key,
                PVOID           key_context)
{
  StrictProvider *self = context;

  enter (self, STRICT_UNREGISTER_KEY);
  g_assert_cmpuint (key->cb, ==, DRT_KEY_SIZE);
  g_mutex_lock (&self->lock);
  g_assert_true (g_hash_table_remove (self->keys, key_context));
  g_mutex_unlock (&self->lock);
  return S_OK;
}

static HRESULT
validate (const PVOID            context,
          DRT_DATA              *cpa,
          DRT_DATA              *chain,
          DRT_DATA              *classifier,
          DRT_DATA              *nonce,
          DRT_DATA              *secured,
          BYTE                  *major,
          BYTE                  *minor,
          DRT_DATA              *key,
          DRT_DATA              *payload,
          CERT_PUBLIC_KEY_INFO **public_key,
          SOCKET_ADDRESS_LIST  **addresses,
          DWORD                 *flags)
{
  StrictProvider *self = context;
  HRESULT hr;

  enter (self, STRICT_VALIDATE);
  g_assert_nonnull (cpa);
  g_assert_nonnull (public_key);
  if (nonce != NULL)
    g_assert_cmpuint (nonce->cb, ==, NONCE_SIZE);
  if (chain != NULL)
    assert_blob (self, "chain", chain);
  if (classifier != NULL)
    g_assert_cmpuint (classifier->cb, ==, self->blobs ? sizeof classifier_text : 0);
  hr = self->null->ValidateAndUnpackPayload (self->null->pvContext, cpa, chain, classifier, nonce, secured, major, minor,
                                             key, payload, public_key, addresses, flags);
  if (FAILED (hr))
    return hr;
  watch (self, key->pb);
  if (payload != NULL)
    watch (self, payload->pb);
  if (addresses != NULL)
    watch (self, *addresses);
  if (self->blobs)
    watch (self, *public_key = g_new0 (CERT_PUBLIC_KEY_INFO, 1));
  return S_OK;
}

static HRESULT
pack (const PVOID                context,
      PVOID                      key_context,
      BYTE                       major,
      BYTE                       minor,
      DWORD                      flags,
      const DRT_DATA            *key,
      const DRT_DATA            *payload,
      const SOCKET_ADDRESS_LIST *addresses,
      const DRT_DATA            *nonce,
      DRT_DATA                  *cpa,
      DRT_DATA                  *classifier,
      DRT_DATA                  *secured,
      DRT_DATA                  *chain)
{
  StrictProvider *self = context;
  HRESULT hr;

  enter (self, STRICT_PACK);
  g_assert_cmpuint (nonce->cb, ==, NONCE_SIZE);
  g_assert_cmpuint (key->cb, ==, DRT_KEY_SIZE);
  g_assert_cmpint (addresses->iAddressCount, >=, 1);
  g_assert_cmpuint (flags & ~DRT_PAYLOAD_REVOKED, ==, 0);
  g_assert_true ((payload != NULL) == (secured != NULL));
  g_mutex_lock (&self->lock);
  g_assert_true (g_hash_table_contains (self->keys, key_context));
  self->n_payloads += payload != NULL;
  self->n_revoked += flags & DRT_PAYLOAD_REVOKED;
  g_mutex_unlock (&self->lock);

  hr = self->null->SecureAndPackPayload (self->null->pvContext, key_context, major, minor, flags, key, payload, addresses,
                                         nonce, cpa, classifier, secured, chain);
  g_assert_cmpint (hr, ==, S_OK);
  watch (self, cpa->pb);
  if (secured != NULL)
    watch (self, secured->pb);
  *classifier = (DRT_DATA) { 0 };
  if (self->blobs || self->n_odd_bytes > 0)
    {
      *classifier = (DRT_DATA) { sizeof classifier_text + self->n_odd_bytes, g_malloc0 (sizeof classifier_text + self->n_odd_bytes) };
      memcpy (classifier->pb, classifier_text, sizeof classifier_text);
      watch (self, classifier->pb);
    }
  if (chain != NULL)
    make_blob (self, "chain", chain);
  return S_OK;
}

static void
free_data (const PVOID context,
           PVOID       block)
{
  StrictProvider *self = context;

  enter (self, STRICT_FREE);
  if (block == NULL)
    return;
  g_mutex_lock (&self->lock);
  if (!g_hash_table_remove (self->blocks, block))
    g_error ("FreeData: %p is not ours, or freed already", block);
  g_mutex_unlock (&self->lock);
  g_free (block);
}

static void
mask (DRT_DATA *data)
{
  for (ULONG i = 0; i < data->cb; i++)
    data->pb[i] ^= MASK;
}

static HRESULT
encrypt (const PVOID     context,
         const DRT_DATA *credential,
         DWORD           n,
         DRT_DATA       *clear,
         DRT_DATA       *sealed,
         DRT_DATA       *token)
{
  StrictProvider *self = context;

  enter (self, STRICT_ENCRYPT);
  assert_mode (self, DRT_SECURE_CONFIDENTIALPAYLOAD);
  g_assert_nonnull (credential);
  for (DWORD i = 0; i < n; i++)
    {
      sealed[i] = (DRT_DATA) { clear[i].cb, g_memdup2 (clear[i].pb, clear[i].cb) };
      watch (self, sealed[i].pb);
      if (self->blobs)
        mask (&sealed[i]);
    }
  make_blob (self, "token", token);
  return S_OK;
}

static HRESULT
decrypt (const PVOID  context,
         DRT_DATA    *token,
         const PVOID  key_context,
         DWORD        n,
         DRT_DATA    *data)
{
  StrictProvider *self = context;

  enter (self, STRICT_DECRYPT);
  assert_mode (self, DRT_SECURE_CONFIDENTIALPAYLOAD);
  assert_blob (self, "token", token);
  if (key_context != NULL)
    {
      g_mutex_lock (&self->lock);
      g_assert_true (g_hash_table_contains (self->keys, key_context));
      g_mutex_unlock (&self->lock);
    }
  for (DWORD i = 0; i < n && self->blobs; i++)
    mask (&data[i]);
  return S_OK;
}

static HRESULT
get_credential (const PVOID  context,
                DRT_DATA    *credential)
{
  StrictProvider *self = context;

  enter (self, STRICT_CREDENTIAL);
  assert_mode (self, DRT_SECURE_MEMBERSHIP);
  make_blob (self, "credential", credential);
  return S_OK;
}

static HRESULT
validate_credential (const PVOID  context,
                     DRT_DATA    *credential)
{
  StrictProvider *self = context;

  enter (self, STRICT_VALIDATE_CREDENTIAL);
  assert_mode (self, DRT_SECURE_MEMBERSHIP);
  assert_blob (self, "credential", credential);
  return S_OK;
}

/* The signature names how much was signed, so that another text does not pass. */
static char *
make_signature (DWORD           n,
                const DRT_DATA *data)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (DWORD i = 0; i < n; i++)
    g_checksum_update (sum, data[i].pb, data[i].cb);
  return g_strdup (g_checksum_get_string (sum));
}

static HRESULT
sign (const PVOID  context,
      DWORD        n,
      DRT_DATA    *data,
      DRT_DATA    *identifier,
      DRT_DATA    *signature)
{
  StrictProvider *self = context;

  enter (self, STRICT_SIGN);
  assert_mode (self, DRT_SECURE_MEMBERSHIP);
  make_blob (self, "identifier", identifier);
  *signature = (DRT_DATA) { 0 };
  if (self->blobs)
    {
      signature->pb = (BYTE *) make_signature (n, data);
      signature->cb = (ULONG) strlen ((char *) signature->pb);
      watch (self, signature->pb);
    }
  return S_OK;
}

static HRESULT
verify (const PVOID  context,
        DWORD        n,
        DRT_DATA    *data,
        DRT_DATA    *credentials,
        DRT_DATA    *identifier,
        DRT_DATA    *signature)
{
  StrictProvider *self = context;
  g_autofree char *expected = make_signature (n, data);

  enter (self, STRICT_VERIFY);
  assert_mode (self, DRT_SECURE_MEMBERSHIP);
  assert_blob (self, "credential", credentials);
  assert_blob (self, "identifier", identifier);
  if (self->blobs)
    g_assert_cmpmem (signature->pb, signature->cb, expected, strlen (expected));
  else
    g_assert_cmpuint (signature->cb, ==, 0);
  return S_OK;
}

StrictProvider *
strict_provider_new (DRT_SECURITY_MODE  mode,
                     gboolean           blobs,
                     const char        *name)
{
  StrictProvider *self = g_new0 (StrictProvider, 1);

  self->table = (DRT_SECURITY_PROVIDER) {
    self, attach, detach, register_key, unregister_key, validate, pack, free_data, encrypt, decrypt, get_credential,
    validate_credential, sign, verify,
  };
  self->mode = mode;
  self->blobs = blobs;
  g_strlcpy (self->name, name, sizeof self->name);
  g_mutex_init (&self->lock);
  self->blocks = g_hash_table_new (NULL, NULL);
  self->keys = g_hash_table_new (NULL, NULL);
  g_assert_cmpint (DrtCreateNullSecurityProvider (&self->null), ==, S_OK);
  return self;
}

void
strict_provider_free (StrictProvider *self)
{
  g_assert_cmpuint (g_hash_table_size (self->blocks), ==, 0);
  g_assert_cmpuint (g_hash_table_size (self->keys), ==, 0);
  g_assert_cmpuint (self->n_calls[STRICT_ATTACH], ==, self->n_calls[STRICT_DETACH]);
  DrtDeleteNullSecurityProvider (self->null);
  g_hash_table_unref (self->blocks);
  g_hash_table_unref (self->keys);
  g_mutex_clear (&self->lock);
  g_free (self);
}
