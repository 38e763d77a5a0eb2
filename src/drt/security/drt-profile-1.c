/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-derived-key-profile.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include "drt-alloc.h"
#include "drt-profile-1-credential.h"
#include "drt-profile-1-crypto.h"

/*
 * Profile 1.0, the specification's own ([MC-DRT] §2.2.3.1), as operations of the
 * derived key provider.  PROFILE-1.0.md has its layout and what it leaves open.
 */

/* DER: the SubjectPublicKeyInfo of an RSA key whose RSAPublicKey, of 140 bytes, follows. */
static const guint8 spki_start[] = {
  0x30, 0x81, 0x9f, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
  0x03, 0x81, 0x8d, 0x00,
};

/* Whether RSA can open keytokens without telling a wrong padding from a right one. */
static gboolean
has_implicit_rejection (void)
{
  EVP_ASYM_CIPHER *cipher = EVP_ASYM_CIPHER_fetch (NULL, "RSA", NULL);
  const OSSL_PARAM *settable = cipher != NULL ? EVP_ASYM_CIPHER_settable_ctx_params (cipher) : NULL;
  gboolean has = settable != NULL && OSSL_PARAM_locate_const (settable, OSSL_ASYM_CIPHER_PARAM_IMPLICIT_REJECTION) != NULL;

  EVP_ASYM_CIPHER_free (cipher);
  return has;
}

static HRESULT
init (DrtDerivedKeyProvider *self)
{
  EVP_MD *hash = EVP_MD_fetch (NULL, "SHA1", NULL);
  EVP_CIPHER *cipher = EVP_CIPHER_fetch (NULL, "AES-256-CBC", NULL);
  gboolean good = hash != NULL && cipher != NULL && has_implicit_rejection ();

  EVP_MD_free (hash);
  EVP_CIPHER_free (cipher);
  return good ? S_OK : DRT_E_CAPABILITY_MISMATCH;
}

static void
clear (DrtDerivedKeyProvider *self)
{
}

static const guint8 *
get_rsa_key (const DrtPublicKey *key)
{
  return g_bytes_get_data (key->bits, NULL);
}

static HRESULT
make_credential (DrtDerivedKeyProvider *self,
                 DrtIdentity           *identity,
                 GBytes               **credential)
{
  if (identity->credential == NULL)
    identity->credential = drt_profile_1_credential_encode (identity->chain);
  if (identity->credential == NULL)
    return DRT_E_INVALID_CERT_CHAIN;

  *credential = g_bytes_ref (identity->credential);
  return S_OK;
}

static HRESULT
check_credential (DrtDerivedKeyProvider *self,
                  DrtSpan                credential,
                  DrtMember            **member)
{
  g_autoptr (DrtMember) checked = NULL;
  HRESULT hr;

  if (!drt_profile_1_credential_is_sound (credential.data, credential.length))
    return DRT_E_INVALID_MESSAGE;
  checked = drt_member_new ();
  hr = drt_derived_key_provider_check_chain (self, credential, checked);
  if (SUCCEEDED (hr))
    *member = g_steal_pointer (&checked);
  return hr;
}

static HRESULT
sign (DrtDerivedKeyProvider *self,
      DrtIdentity           *identity,
      guint                  n_buffers,
      const DRT_DATA        *buffers,
      DRT_DATA              *key_identifier,
      DRT_DATA              *signature)
{
  guint8 data[DRT_PROFILE_1_RSA_SIZE];

  key_identifier->pb = drt_try_alloc (DRT_PROFILE_1_PUBLIC_KEY_SIZE);
  signature->pb = drt_try_alloc (DRT_PROFILE_1_SIGNATURE_SIZE);
  if (key_identifier->pb == NULL || signature->pb == NULL)
    return E_OUTOFMEMORY;
  if (!drt_profile_1_sign (identity->private_key, buffers, n_buffers, data))
    return E_FAIL;
  drt_profile_1_public_key_encode (key_identifier->pb, get_rsa_key (identity->public_key));
  key_identifier->cb = DRT_PROFILE_1_PUBLIC_KEY_SIZE;
  drt_profile_1_signature_encode (signature->pb, data);
  signature->cb = DRT_PROFILE_1_SIGNATURE_SIZE;
  return S_OK;
}

/* Whether @rsa_key, as it came, is that of the member itself, not of an authority above it. */
static gboolean
is_own_key (const DrtMember *member,
            const guint8    *rsa_key)
{
  return memcmp (get_rsa_key (member->public_key), rsa_key, DRT_PROFILE_1_RSA_KEY_SIZE) == 0;
}

static gboolean
verify_with (DrtDerivedKeyProvider *self,
             const DrtPublicKey    *key,
             guint                  n_buffers,
             const DRT_DATA        *buffers,
             const guint8          *signature)
{
  self->counters.signatures_checked++;
  return drt_profile_1_verify (key->key, buffers, n_buffers, signature);
}

static HRESULT
verify (DrtDerivedKeyProvider *self,
        guint                  n_buffers,
        const DRT_DATA        *buffers,
        DrtSpan                credential,
        DrtSpan                key_identifier,
        DrtSpan                signature)
{
  const guint8 *rsa_key = drt_profile_1_public_key_decode (key_identifier.data, key_identifier.length);
  const guint8 *data = drt_profile_1_signature_decode (signature.data, signature.length);
  g_autoptr (DrtMember) member = NULL;
  HRESULT hr;

  if (rsa_key == NULL || data == NULL)
    return DRT_E_INVALID_MESSAGE;
  hr = drt_derived_key_provider_find_member (self, credential, &member);
  if (FAILED (hr))
    return hr;
  return is_own_key (member, rsa_key) && verify_with (self, member->public_key, n_buffers, buffers, data)
         ? S_OK : DRT_E_INVALID_MESSAGE;
}

static HRESULT
pack_cpa (DrtDerivedKeyProvider *self,
          DrtIdentity           *identity,
          const DrtCpaContent   *content,
          DRT_DATA              *cpa)
{
  gsize size = DRT_PROFILE_1_CPA_SIZE (content->addresses.n_endpoints);
  guint8 signature[DRT_PROFILE_1_RSA_SIZE];
  DRT_DATA covered[2];
  guint n_covered;

  /* Every CPA of this profile answers a nonce, §2.2.3.1.1.1. */
  if (content->nonce.length != DRT_NONCE_SIZE || !drt_profile_1_cpa_takes (content->addresses.n_endpoints))
    return E_INVALIDARG;
  cpa->pb = drt_try_alloc (size);
  if (cpa->pb == NULL)
    return E_OUTOFMEMORY;

  cpa->cb = size;
  drt_profile_1_cpa_encode (cpa->pb, &(DrtProfile1Cpa) {
    .flags = content->flags,
    .protocol_major = content->major,
    .protocol_minor = content->minor,
    .key = content->key.b,
    .nonce = content->nonce.data,
    .rsa_key = get_rsa_key (identity->public_key),
    .addresses = content->addresses,
  });
  n_covered = drt_profile_1_cpa_get_covered (cpa->pb, cpa->cb, covered);
  if (!drt_profile_1_sign (identity->private_key, covered, n_covered, signature))
    return E_FAIL;
  drt_profile_1_cpa_set_signature (cpa->pb, signature);
  return S_OK;
}

/* The key a CPA names: that of the credential that came with it, which has it decoded;
 * a revoke may come without one. */
static HRESULT
find_cpa_key (DrtDerivedKeyProvider *self,
              const DrtProfile1Cpa  *cpa,
              DrtSpan                credential,
              DrtPublicKey         **key)
{
  g_autoptr (DrtMember) member = NULL;
  guint8 spki[sizeof spki_start + DRT_PROFILE_1_RSA_KEY_SIZE];
  HRESULT hr;

  if (credential.length > 0)
    {
      hr = drt_derived_key_provider_find_member (self, credential, &member);
      if (FAILED (hr))
        return hr;
      if (!is_own_key (member, cpa->rsa_key))
        return DRT_E_INVALID_MESSAGE;
      *key = drt_public_key_ref (member->public_key);
      return S_OK;
    }

  if (cpa->flags != DRT_PAYLOAD_REVOKED)
    return DRT_E_INVALID_MESSAGE;
  memcpy (spki, spki_start, sizeof spki_start);
  memcpy (spki + sizeof spki_start, cpa->rsa_key, DRT_PROFILE_1_RSA_KEY_SIZE);
  *key = drt_public_key_new_for_spki (spki, sizeof spki);
  return *key != NULL && (*key)->algorithm == DRT_KEY_ALGORITHM_RSA1024 ? S_OK : DRT_E_INVALID_MESSAGE;
}

static gboolean
nonce_matches (const DrtProfile1Cpa *cpa,
               DrtSpan               nonce)
{
  return !DRT_SPAN_PRESENT (nonce) ||
         (nonce.length == DRT_NONCE_SIZE && CRYPTO_memcmp (nonce.data, cpa->nonce, DRT_NONCE_SIZE) == 0);
}

static HRESULT
unpack_cpa (DrtDerivedKeyProvider *self,
            DrtSpan                bytes,
            DrtSpan                credential,
            DrtSpan                nonce,
            DrtCpaContent         *content)
{
  g_autoptr (DrtPublicKey) key = NULL;
  DrtProfile1Cpa cpa;
  DRT_DATA covered[2];
  guint n_covered;
  HRESULT hr;

  if (!drt_profile_1_cpa_decode (bytes.data, bytes.length, &cpa) || !nonce_matches (&cpa, nonce))
    return DRT_E_INVALID_MESSAGE;
  hr = find_cpa_key (self, &cpa, credential, &key);
  if (FAILED (hr))
    return hr;
  if (memcmp (key->derived.b, cpa.key, DRT_KEY_SIZE) != 0)
    return DRT_E_INVALID_KEY;

  n_covered = drt_profile_1_cpa_get_covered ((guint8 *) bytes.data, bytes.length, covered);
  if (!verify_with (self, key, n_covered, covered, cpa.signature))
    return DRT_E_INVALID_MESSAGE;

  content->flags = cpa.flags;
  content->major = cpa.protocol_major;
  content->minor = cpa.protocol_minor;
  content->key = key->derived;
  content->nonce = (DrtSpan) { cpa.nonce, DRT_NONCE_SIZE };
  content->addresses = cpa.addresses;
  content->public_key = g_steal_pointer (&key);
  return S_OK;
}

static HRESULT
seal_buffers (const DrtProfile1Session *session,
              guint                     n_buffers,
              const DRT_DATA           *buffers,
              DRT_DATA                 *sealed)
{
  for (guint i = 0; i < n_buffers; i++)
    {
      gsize n_sealed;

      sealed[i].pb = drt_try_malloc ((gsize) buffers[i].cb + DRT_PROFILE_1_PADDING_MAX);
      if (sealed[i].pb == NULL)
        return E_OUTOFMEMORY;
      if (!drt_profile_1_encrypt (session, buffers[i].pb, buffers[i].cb, sealed[i].pb, &n_sealed))
        return E_FAIL;
      sealed[i].cb = n_sealed;
    }
  return S_OK;
}

static HRESULT
seal (DrtDerivedKeyProvider *self,
      DrtSpan                credential,
      guint                  n_buffers,
      const DRT_DATA        *buffers,
      DRT_DATA              *sealed,
      DRT_DATA              *keytoken)
{
  g_autoptr (DrtMember) member = NULL;
  DrtProfile1Session session;
  HRESULT hr = drt_derived_key_provider_find_member (self, credential, &member);

  if (FAILED (hr))
    return hr;
  keytoken->pb = drt_try_alloc (DRT_PROFILE_1_RSA_SIZE);
  if (keytoken->pb == NULL)
    return E_OUTOFMEMORY;

  if (drt_profile_1_session_new (&session) &&
      drt_profile_1_session_wrap (&session, member->public_key->key, keytoken->pb))
    hr = seal_buffers (&session, n_buffers, buffers, sealed);
  else
    hr = E_FAIL;
  drt_profile_1_session_clear (&session);
  if (FAILED (hr))
    return hr;

  keytoken->cb = DRT_PROFILE_1_RSA_SIZE;
  self->counters.agreements++;
  return S_OK;
}

static HRESULT
unseal_buffers (const DrtProfile1Session *session,
                guint                     n_buffers,
                DRT_DATA                 *buffers,
                guint8                   *clear)
{
  g_autofree gsize *lengths = drt_try_malloc (n_buffers * sizeof *lengths);
  gsize offset = 0;

  if (lengths == NULL)
    return E_OUTOFMEMORY;
  for (guint i = 0; i < n_buffers; offset += buffers[i++].cb)
    if (!drt_profile_1_decrypt (session, buffers[i].pb, buffers[i].cb, clear + offset, &lengths[i]))
      return DRT_E_INVALID_MESSAGE;

  offset = 0;
  for (guint i = 0; i < n_buffers; i++)
    {
      memcpy (buffers[i].pb, clear + offset, lengths[i]);
      offset += buffers[i].cb;
      buffers[i].cb = lengths[i];
    }
  return S_OK;
}

static HRESULT
unseal (DrtDerivedKeyProvider *self,
        DrtIdentity           *identity,
        DrtSpan                keytoken,
        guint                  n_buffers,
        DRT_DATA              *buffers)
{
  DrtProfile1Session session;
  guint8 *clear_bytes;
  gsize size = 0;
  HRESULT hr;

  if (identity == NULL)
    return DRT_E_INVALID_MESSAGE;
  for (guint i = 0; i < n_buffers; i++)
    size += buffers[i].cb;
  clear_bytes = drt_try_malloc (size + 1);
  if (clear_bytes == NULL)
    return E_OUTOFMEMORY;

  self->counters.agreements++;
  if (drt_profile_1_session_unwrap (&session, identity->private_key, keytoken.data, keytoken.length))
    hr = unseal_buffers (&session, n_buffers, buffers, clear_bytes);
  else
    hr = DRT_E_INVALID_MESSAGE;
  drt_profile_1_session_clear (&session);
  OPENSSL_cleanse (clear_bytes, size);
  g_free (clear_bytes);
  return hr;
}

const DrtDerivedKeyProfile drt_derived_key_profile_1 = {
  .profile = DRT_PROFILE_1_0,
  .init = init,
  .clear = clear,
  .make_credential = make_credential,
  .check_credential = check_credential,
  .sign = sign,
  .verify = verify,
  .pack_cpa = pack_cpa,
  .unpack_cpa = unpack_cpa,
  .seal = seal,
  .unseal = unseal,
};
