/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-profile-2.h"

#include <openssl/ecdsa.h>
#include <string.h>

#include "drt-alloc.h"

/* Signatures: of both suites, and those of messages (PROFILE-2.0.md 1, 4, 5). */

#define LABEL         "DRT 2.0 message"
#define HALF          (DRT_PROFILE_2_SIGNATURE_SIZE / 2)
#define DER_SIGNATURE 80     /* an ECDSA-Sig-Value of P-256 has at most 72 bytes */

/* Of P-256: its order, and half of it.  Of the two values of s that make a signature
 * only the lesser one is taken, so that nobody can turn one signature into another. */
static const guint8 order[HALF] = {
  0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
  0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
};
static const guint8 half_order[HALF] = {
  0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
  0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8,
};

static gboolean
put_lesser (const BIGNUM *s,
            guint8       *bytes)
{
  BIGNUM *other;
  gboolean put;

  if (BN_bn2binpad (s, bytes, HALF) != HALF)
    return FALSE;
  if (memcmp (bytes, half_order, HALF) <= 0)
    return TRUE;
  other = BN_bin2bn (order, HALF, NULL);
  put = other != NULL && BN_sub (other, other, s) == 1 && BN_bn2binpad (other, bytes, HALF) == HALF;
  BN_free (other);
  return put;
}

/* ECDSA signs a hash, and as DER; messages have r and s. */
static gboolean
make_ecdsa (DrtDerivedKeyProvider *self,
            EVP_PKEY              *key,
            const DrtSigned       *what,
            guint8                *signature)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_pkey (NULL, key, NULL);
  guint8 hash[DRT_PROFILE_2_HASH_SIZE], der[DER_SIGNATURE];
  const unsigned char *at = der;
  size_t n_der = sizeof der;
  ECDSA_SIG *parts;
  gboolean made;

  if (context == NULL || EVP_Digest (what->bytes, what->length, hash, NULL, self->sha256, NULL) != 1 ||
      EVP_PKEY_sign_init (context) != 1 || EVP_PKEY_sign (context, der, &n_der, hash, sizeof hash) != 1)
    return FALSE;
  parts = d2i_ECDSA_SIG (NULL, &at, n_der);
  if (parts == NULL)
    return FALSE;
  made = BN_bn2binpad (ECDSA_SIG_get0_r (parts), signature, HALF) == HALF &&
         put_lesser (ECDSA_SIG_get0_s (parts), signature + HALF);
  ECDSA_SIG_free (parts);
  return made;
}

static int
encode_ecdsa (const guint8   *signature,
              unsigned char **der)
{
  ECDSA_SIG *parts = ECDSA_SIG_new ();
  BIGNUM *r = BN_bin2bn (signature, HALF, NULL), *s = BN_bin2bn (signature + HALF, HALF, NULL);
  int n_der = -1;

  if (parts != NULL && r != NULL && s != NULL && ECDSA_SIG_set0 (parts, r, s) == 1)
    {
      r = s = NULL;
      n_der = i2d_ECDSA_SIG (parts, der);
    }
  BN_free (r);
  BN_free (s);
  ECDSA_SIG_free (parts);
  return n_der;
}

static gboolean
check_ecdsa (DrtDerivedKeyProvider *self,
             EVP_PKEY              *key,
             const DrtSigned       *what,
             const guint8          *signature)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_pkey (NULL, key, NULL);
  guint8 hash[DRT_PROFILE_2_HASH_SIZE], der[DER_SIGNATURE];
  unsigned char *at = der;
  int n_der;

  if (memcmp (signature + HALF, half_order, HALF) > 0)
    return FALSE;
  if (context == NULL || EVP_Digest (what->bytes, what->length, hash, NULL, self->sha256, NULL) != 1)
    return FALSE;
  n_der = encode_ecdsa (signature, &at);
  return n_der > 0 && EVP_PKEY_verify_init (context) == 1 &&
         EVP_PKEY_verify (context, der, n_der, hash, sizeof hash) == 1;
}

static gboolean
make_ed25519 (EVP_PKEY        *key,
              const DrtSigned *what,
              guint8          *signature)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  size_t n_signature = DRT_PROFILE_2_SIGNATURE_SIZE;

  return context != NULL && EVP_DigestSignInit (context, NULL, NULL, NULL, key) == 1 &&
         EVP_DigestSign (context, signature, &n_signature, what->bytes, what->length) == 1 &&
         n_signature == DRT_PROFILE_2_SIGNATURE_SIZE;
}

static gboolean
check_ed25519 (EVP_PKEY        *key,
               const DrtSigned *what,
               const guint8    *signature)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();

  return context != NULL && EVP_DigestVerifyInit (context, NULL, NULL, NULL, key) == 1 &&
         EVP_DigestVerify (context, signature, DRT_PROFILE_2_SIGNATURE_SIZE, what->bytes, what->length) == 1;
}

HRESULT
drt_profile_2_make_signature (DrtDerivedKeyProvider *self,
                              DrtIdentity           *identity,
                              const DrtSigned       *what,
                              guint8                 signature[DRT_PROFILE_2_SIGNATURE_SIZE])
{
  gboolean made;

  if (drt_profile_2_suite_of (identity->public_key) == DRT_SUITE_P256)
    made = make_ecdsa (self, identity->private_key, what, signature);
  else
    made = make_ed25519 (identity->private_key, what, signature);
  return made ? S_OK : E_FAIL;
}

gboolean
drt_profile_2_check_signature (DrtDerivedKeyProvider *self,
                               const DrtPublicKey    *key,
                               const DrtSigned       *what,
                               const guint8           signature[DRT_PROFILE_2_SIGNATURE_SIZE])
{
  gboolean good;

  self->counters.signatures_checked++;
  if (drt_profile_2_suite_of (key) == DRT_SUITE_P256)
    good = check_ecdsa (self, key->key, what, signature);
  else
    good = check_ed25519 (key->key, what, signature);
  return good;
}

/* --- Of messages --- */

static gboolean
cover (DrtSigned      *what,
       const guint8   *head,
       const guint8   *identifier,
       guint           n_buffers,
       const DRT_DATA *buffers)
{
  gsize size = DRT_PROFILE_2_SIGNED_SIZE - DRT_PROFILE_2_SIGNATURE_SIZE + DRT_PROFILE_2_HASH_SIZE;

  for (guint i = 0; i < n_buffers; i++)
    size += sizeof (guint32) + buffers[i].cb;
  if (!drt_signed_init (what, LABEL, size))
    return FALSE;
  drt_signed_put (what, head, DRT_PROFILE_2_SIGNED_SIZE - DRT_PROFILE_2_SIGNATURE_SIZE);
  drt_signed_put (what, identifier, DRT_PROFILE_2_HASH_SIZE);
  for (guint i = 0; i < n_buffers; i++)
    {
      guint32 length = GUINT32_TO_BE (buffers[i].cb);

      drt_signed_put (what, &length, sizeof length);
      drt_signed_put (what, buffers[i].pb, buffers[i].cb);
    }
  return TRUE;
}

HRESULT
drt_profile_2_sign (DrtDerivedKeyProvider *self,
                    DrtIdentity           *identity,
                    guint                  n_buffers,
                    const DRT_DATA        *buffers,
                    DRT_DATA              *key_identifier,
                    DRT_DATA              *signature)
{
  guint8 made[DRT_PROFILE_2_SIGNED_SIZE] = {
    DRT_PROFILE_2_MAJOR, DRT_PROFILE_2_MINOR, drt_profile_2_suite_of (identity->public_key), 0,
  };
  DrtSigned what;
  HRESULT hr;

  drt_profile_2_put_time (made + 4, drt_profile_2_now ());
  if (!cover (&what, made, identity->key.b, n_buffers, buffers))
    return E_OUTOFMEMORY;
  hr = drt_profile_2_make_signature (self, identity, &what, made + sizeof made - DRT_PROFILE_2_SIGNATURE_SIZE);
  drt_signed_clear (&what);
  if (FAILED (hr))
    return hr;

  key_identifier->pb = drt_try_copy (identity->key.b, DRT_PROFILE_2_HASH_SIZE);
  signature->pb = drt_try_copy (made, sizeof made);
  if (key_identifier->pb == NULL || signature->pb == NULL)
    return E_OUTOFMEMORY;
  key_identifier->cb = DRT_PROFILE_2_HASH_SIZE;
  signature->cb = sizeof made;
  return S_OK;
}

HRESULT
drt_profile_2_verify (DrtDerivedKeyProvider *self,
                      guint                  n_buffers,
                      const DRT_DATA        *buffers,
                      DrtSpan                credential,
                      DrtSpan                key_identifier,
                      DrtSpan                signature)
{
  g_autoptr (DrtMember) member = NULL;
  const DrtPublicKey *key;
  const guint8 *at = signature.data;
  DrtSigned what;
  gboolean good;
  HRESULT hr;

  if (key_identifier.length != DRT_PROFILE_2_HASH_SIZE || signature.length != DRT_PROFILE_2_SIGNED_SIZE ||
      at[0] != DRT_PROFILE_2_MAJOR || at[1] != DRT_PROFILE_2_MINOR || at[3] != 0 ||
      !drt_profile_2_is_timely (drt_profile_2_get_time (at + 4)))
    return DRT_E_INVALID_MESSAGE;
  hr = drt_derived_key_provider_find_member (self, credential, &member);
  if (FAILED (hr))
    return hr;
  key = member->public_key;
  /* The derived key of this profile is the hash that identifies. */
  if (at[2] != drt_profile_2_suite_of (key) || memcmp (key_identifier.data, member->key.b, DRT_PROFILE_2_HASH_SIZE) != 0)
    return DRT_E_INVALID_MESSAGE;

  if (!cover (&what, at, member->key.b, n_buffers, buffers))
    return E_OUTOFMEMORY;
  good = drt_profile_2_check_signature (self, key, &what, at + DRT_PROFILE_2_SIGNED_SIZE - DRT_PROFILE_2_SIGNATURE_SIZE);
  drt_signed_clear (&what);
  return good ? S_OK : DRT_E_INVALID_MESSAGE;
}
