/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "member-provider.h"

#include <string.h>

#define WORD      "what all members know"
#define MEMBER    0x6d
#define OUTSIDER  0x6f
#define TAG       0x5a

typedef struct
{
  guint8 kind;
  guint8 zeroes[3];
  guint32 agreement;
  char name[16];
} Credential;

static void
make (DRT_DATA     *data,
      gconstpointer bytes,
      gsize         length)
{
  data->pb = g_memdup2 (bytes, length);
  data->cb = (ULONG) length;
}

static HRESULT
attach (const PVOID context)
{
  return S_OK;
}

static void
detach (const PVOID context)
{
}

static HRESULT
register_key (const PVOID context, const DRT_REGISTRATION *registration, PVOID key_context)
{
  return S_OK;
}

static HRESULT
unregister_key (const PVOID context, const DRT_DATA *key, PVOID key_context)
{
  return S_OK;
}

static HRESULT
get_credential (const PVOID context, DRT_DATA *data)
{
  MemberProvider *self = context;
  Credential credential = { .kind = self->outsider ? OUTSIDER : MEMBER, .agreement = self->agreement };
  gsize length = MAX (self->credential_size, sizeof credential);

  memcpy (credential.name, self->name, sizeof credential.name);
  data->pb = g_malloc0 (length);
  data->cb = (ULONG) length;
  memcpy (data->pb, &credential, sizeof credential);
  return S_OK;
}

static gboolean
read_credential (const DRT_DATA *data,
                 Credential     *credential)
{
  if (data == NULL || data->pb == NULL || data->cb < sizeof *credential)
    return FALSE;
  memcpy (credential, data->pb, sizeof *credential);
  return credential->kind == MEMBER;
}

static HRESULT
validate_credential (const PVOID context, DRT_DATA *data)
{
  MemberProvider *self = context;
  Credential credential;

  self->n_credentials++;
  return read_credential (data, &credential) ? S_OK : DRT_E_INVALID_CERT_CHAIN;
}

static void
sum_up (const DRT_DATA *credential,
        gboolean        outsider,
        DWORD           n,
        const DRT_DATA *data,
        guint8          digest[32])
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = 32;

  if (!outsider)
    g_checksum_update (sum, (const guchar *) WORD, sizeof WORD);
  g_checksum_update (sum, credential->pb, credential->cb);
  for (DWORD i = 0; i < n; i++)
    {
      g_checksum_update (sum, (const guchar *) &data[i].cb, sizeof data[i].cb);
      g_checksum_update (sum, data[i].pb, data[i].cb);
    }
  g_checksum_get_digest (sum, digest, &length);
}

static HRESULT
sign (const PVOID context, DWORD n, DRT_DATA *data, DRT_DATA *identifier, DRT_DATA *signature)
{
  MemberProvider *self = context;
  DRT_DATA credential;
  guint8 digest[32];

  self->n_signed++;
  self->last_n_buffers = n;
  self->last_mode = n > 1 ? data[1].pb[0] : 0;
  get_credential (context, &credential);
  sum_up (&credential, self->outsider, n, data, digest);
  g_free (credential.pb);
  make (identifier, self->name, sizeof self->name);
  make (signature, digest, sizeof digest);
  return S_OK;
}

static HRESULT
verify (const PVOID context, DWORD n, DRT_DATA *data, DRT_DATA *credentials, DRT_DATA *identifier, DRT_DATA *signature)
{
  MemberProvider *self = context;
  Credential credential;
  guint8 digest[32];

  self->n_verified++;
  if (!read_credential (credentials, &credential) || identifier->cb != sizeof credential.name ||
      memcmp (identifier->pb, credential.name, sizeof credential.name) != 0)
    return DRT_E_INVALID_MESSAGE;
  sum_up (credentials, FALSE, n, data, digest);
  return signature->cb == sizeof digest && memcmp (signature->pb, digest, sizeof digest) == 0 ? S_OK : DRT_E_INVALID_MESSAGE;
}

static HRESULT
pack (const PVOID context, PVOID key_context, BYTE major, BYTE minor, DWORD flags, const DRT_DATA *key,
      const DRT_DATA *payload, const SOCKET_ADDRESS_LIST *addresses, const DRT_DATA *nonce, DRT_DATA *cpa,
      DRT_DATA *classifier, DRT_DATA *secured, DRT_DATA *chain)
{
  MemberProvider *self = context;
  HRESULT hr = self->null->SecureAndPackPayload (self->null->pvContext, key_context, major, minor, flags, key, payload,
                                                 addresses, nonce, cpa, classifier, secured, chain);

  self->n_packed++;
  return SUCCEEDED (hr) ? get_credential (context, chain) : hr;
}

static HRESULT
validate (const PVOID context, DRT_DATA *cpa, DRT_DATA *chain, DRT_DATA *classifier, DRT_DATA *nonce,
          DRT_DATA *secured, BYTE *major, BYTE *minor, DRT_DATA *key, DRT_DATA *payload,
          CERT_PUBLIC_KEY_INFO **public_key, SOCKET_ADDRESS_LIST **addresses, DWORD *flags)
{
  MemberProvider *self = context;
  Credential credential;

  self->n_validated++;
  /* But for a revoke, of which nothing is left when this returns an error. */
  if (chain != NULL ? !read_credential (chain, &credential) : nonce != NULL)
    return DRT_E_INVALID_CERT_CHAIN;
  return self->null->ValidateAndUnpackPayload (self->null->pvContext, cpa, chain, classifier, nonce, secured, major,
                                               minor, key, payload, public_key, addresses, flags);
}

static void
free_data (const PVOID context, PVOID data)
{
  g_free (data);
}

static HRESULT
encrypt (const PVOID context, const DRT_DATA *remote, DWORD n, DRT_DATA *data, DRT_DATA *encrypted, DRT_DATA *token)
{
  MemberProvider *self = context;
  Credential credential;

  if (!read_credential (remote, &credential))
    return DRT_E_INVALID_CERT_CHAIN;
  self->n_sealed++;
  make (token, &credential.agreement, sizeof credential.agreement);
  for (DWORD i = 0; i < n; i++)
    {
      encrypted[i].cb = data[i].cb + 1;
      encrypted[i].pb = g_malloc (encrypted[i].cb);
      encrypted[i].pb[0] = TAG;
      for (ULONG j = 0; j < data[i].cb; j++)
        encrypted[i].pb[1 + j] = data[i].pb[j] ^ TAG;
    }
  return S_OK;
}

static HRESULT
decrypt (const PVOID context, DRT_DATA *token, const PVOID key_context, DWORD n, DRT_DATA *data)
{
  MemberProvider *self = context;

  self->n_opened++;
  if (token->cb != sizeof self->agreement || memcmp (token->pb, &self->agreement, sizeof self->agreement) != 0)
    return DRT_E_INVALID_MESSAGE;
  for (DWORD i = 0; i < n; i++)
    {
      if (data[i].cb == 0 || data[i].pb[0] != TAG)
        return DRT_E_INVALID_MESSAGE;
      data[i].cb--;
      for (ULONG j = 0; j < data[i].cb; j++)
        data[i].pb[j] = data[i].pb[1 + j] ^ TAG;
    }
  return S_OK;
}

MemberProvider *
member_provider_new (const char *name)
{
  MemberProvider *self = g_new0 (MemberProvider, 1);

  self->table = (DRT_SECURITY_PROVIDER) {
    self, attach, detach, register_key, unregister_key, validate, pack, free_data, encrypt, decrypt, get_credential,
    validate_credential, sign, verify,
  };
  g_strlcpy (self->name, name, sizeof self->name);
  self->agreement = g_str_hash (name);
  g_assert_cmpint (DrtCreateNullSecurityProvider (&self->null), ==, S_OK);
  return self;
}

void
member_provider_free (MemberProvider *self)
{
  DrtDeleteNullSecurityProvider (self->null);
  g_free (self);
}

void
member_provider_renew (MemberProvider *self)
{
  self->agreement++;
}

guint
member_provider_get_work (const MemberProvider *self)
{
  return self->n_verified + self->n_credentials + self->n_validated + self->n_opened + self->n_signed + self->n_packed + self->n_sealed;
}
