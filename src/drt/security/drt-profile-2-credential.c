/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-profile-2.h"

#include <string.h>

#include "drt-alloc.h"
#include "drt-credential.h"
#include "drt-writer.h"

/* Credentials (PROFILE-2.0.md 3). */

#define LABEL "DRT 2.0 agree"

static gboolean
cover (DrtSigned          *what,
       guint8              suite,
       const DrtPublicKey *key,
       const guint8       *agreement_key,
       guint64             made)
{
  const guint8 head[] = { DRT_PROFILE_2_MAJOR, DRT_PROFILE_2_MINOR, suite };
  guint8 time[sizeof made];

  drt_profile_2_put_time (time, made);
  if (!drt_signed_init (what, LABEL, sizeof head + DRT_PROFILE_2_HASH_SIZE + DRT_AGREEMENT_KEY_SIZE + sizeof time))
    return FALSE;
  drt_signed_put (what, head, sizeof head);
  /* The derived key of this profile is the hash of the SubjectPublicKeyInfo. */
  drt_signed_put (what, key->derived.b, DRT_PROFILE_2_HASH_SIZE);
  drt_signed_put (what, agreement_key, DRT_AGREEMENT_KEY_SIZE);
  drt_signed_put (what, time, sizeof time);
  return TRUE;
}

/* --- Making --- */

static HRESULT
sign_agreement (DrtDerivedKeyProvider *self,
                DrtIdentity           *identity,
                const DrtAgreement    *agreement,
                guint8                *signature)
{
  DrtSigned what;
  HRESULT hr;

  if (!cover (&what, drt_profile_2_suite_of (identity->public_key), identity->public_key, agreement->public_key, agreement->made))
    return E_OUTOFMEMORY;
  hr = drt_profile_2_make_signature (self, identity, &what, signature);
  drt_signed_clear (&what);
  if (SUCCEEDED (hr))
    self->counters.signatures_made++;
  return hr;
}

static gsize
get_size (const DrtIdentity *identity)
{
  gsize size = DRT_PROFILE_2_CREDENTIAL_HEAD;

  for (guint i = 0; i < identity->chain->len; i++)
    {
      int n_der = i2d_X509 (g_ptr_array_index (identity->chain, i), NULL);

      if (n_der <= 0 || n_der > G_MAXUINT16)
        return G_MAXSIZE;
      size += sizeof (guint16) + n_der;
    }
  return size;
}

static void
put_certificate (DrtWriter *writer,
                 X509      *x509)
{
  int n_der = i2d_X509 (x509, NULL);
  unsigned char *at;

  drt_writer_u16 (writer, n_der);
  at = drt_writer_reserve (writer, n_der);
  if (at != NULL)
    i2d_X509 (x509, &at);
}

static HRESULT
compose (DrtDerivedKeyProvider  *self,
         DrtIdentity            *identity,
         const DrtAgreement     *agreement,
         GBytes                **credential)
{
  guint8 signature[DRT_PROFILE_2_SIGNATURE_SIZE], time[sizeof (guint64)];
  gsize size = get_size (identity);
  DrtWriter writer;
  guint8 *bytes;
  HRESULT hr;

  /* No message can carry it, nor would anybody take it. */
  if (size > DRT_PROFILE_2_CREDENTIAL_MAX || identity->chain->len > DRT_CHAIN_MAX)
    return DRT_E_INVALID_CERT_CHAIN;
  hr = sign_agreement (self, identity, agreement, signature);
  if (FAILED (hr))
    return hr;
  bytes = drt_try_alloc (size);
  if (bytes == NULL)
    return E_OUTOFMEMORY;

  drt_profile_2_put_time (time, agreement->made);
  drt_writer_init (&writer, bytes, size);
  drt_writer_u8 (&writer, DRT_PROFILE_2_MAJOR);
  drt_writer_u8 (&writer, DRT_PROFILE_2_MINOR);
  drt_writer_u8 (&writer, drt_profile_2_suite_of (identity->public_key));
  drt_writer_u8 (&writer, identity->chain->len);
  drt_writer_put (&writer, agreement->public_key, DRT_AGREEMENT_KEY_SIZE);
  drt_writer_put (&writer, time, sizeof time);
  drt_writer_put (&writer, signature, sizeof signature);
  for (guint i = 0; i < identity->chain->len; i++)
    put_certificate (&writer, g_ptr_array_index (identity->chain, i));
  g_assert (drt_writer_finish (&writer) == size);
  *credential = g_bytes_new_take (bytes, size);
  return S_OK;
}

/* Made once for each agreement key. */
HRESULT
drt_profile_2_make_credential (DrtDerivedKeyProvider  *self,
                               DrtIdentity            *identity,
                               GBytes                **credential)
{
  const DrtAgreement *agreement = drt_profile_2_get_agreement (self);
  GBytes *made;
  HRESULT hr;

  if (agreement == NULL)
    return E_FAIL;
  if (identity->credential == NULL || identity->credential_made != agreement->made)
    {
      hr = compose (self, identity, agreement, &made);
      if (FAILED (hr))
        return hr;
      g_clear_pointer (&identity->credential, g_bytes_unref);
      identity->credential = made;
      identity->credential_made = agreement->made;
    }
  *credential = g_bytes_ref (identity->credential);
  return S_OK;
}

/* --- Checking --- */

static gboolean
is_good_now (guint64 made)
{
  guint64 now = drt_profile_2_now ();

  return made <= G_MAXINT64 / 1000 - DRT_PROFILE_2_AGREEMENT_LIFE && made <= now + DRT_PROFILE_2_TOLERANCE &&
         now < made + DRT_PROFILE_2_AGREEMENT_LIFE;
}

/* Only as DER has it, which is one encoding of each certificate: of more than one who has copied a credential
 * could make as many as he likes that are good, and known by none of them. */
static gboolean
is_der (X509         *x509,
        const guint8 *bytes,
        gsize         length)
{
  guint8 *der = NULL;
  int n_der = i2d_X509 (x509, &der);
  gboolean is = n_der > 0 && (gsize) n_der == length && memcmp (der, bytes, length) == 0;

  OPENSSL_free (der);
  return is;
}

static X509 *
decode (const DrtCredential *credential,
        guint                i)
{
  const guint8 *der = credential->certificates[i].der;
  gsize length = credential->certificates[i].length;
  const unsigned char *at = der;
  X509 *x509 = d2i_X509 (NULL, &at, length);

  if (x509 != NULL && at == der + length && is_der (x509, der, length))
    return x509;
  X509_free (x509);
  return NULL;
}

/* The key of a certificate, if one of this profile: a member can sign himself certificates of
 * others, with which a signature takes a hundred times as long. */
static EVP_PKEY *
get_key (X509 *x509)
{
  EVP_PKEY *key = X509_get0_pubkey (x509);

  return drt_certificate_algorithm_profile (drt_certificate_key_algorithm (key)) == DRT_PROFILE_2_0 ? key : NULL;
}

/* Whether each certificate is signed by the key of the next one, the last by the
 * root's; from there down, so that a stranger costs one signature more than the
 * certificates he has copied.  The complete check looks at every certificate and does
 * not stop at the first fault: it is for those that come so far.  The key of the first. */
static DrtPublicKey *
follow_signatures (DrtDerivedKeyProvider *self,
                   const DrtCredential   *credential)
{
  g_autoptr (X509) upper = NULL;
  EVP_PKEY *key = drt_certificate_get_public_key (self->root);

  for (guint i = credential->n_certificates; i > 0; i--)
    {
      X509 *x509 = decode (credential, i - 1);
      gboolean is_signed = x509 != NULL && key != NULL && X509_verify (x509, key) == 1;

      self->counters.signatures_checked += x509 != NULL && key != NULL;
      X509_free (upper);
      upper = x509;
      if (!is_signed)
        return NULL;
      key = get_key (x509);
    }
  return drt_public_key_new_for_certificate (upper);
}

static HRESULT
check_agreement (DrtDerivedKeyProvider *self,
                 const DrtCredential   *credential,
                 const DrtPublicKey    *key)
{
  DrtSigned what;
  gboolean is_signed;

  if (credential->suite != drt_profile_2_suite_of (key))
    return DRT_E_INVALID_MESSAGE;
  if (!cover (&what, credential->suite, key, credential->agreement_key, credential->made))
    return E_OUTOFMEMORY;
  is_signed = drt_profile_2_check_signature (self, key, &what, credential->agreement_signature);
  drt_signed_clear (&what);
  return is_signed ? S_OK : DRT_E_INVALID_MESSAGE;
}

HRESULT
drt_profile_2_check_credential (DrtDerivedKeyProvider  *self,
                                DrtSpan                 bytes,
                                DrtMember             **member)
{
  g_autoptr (DrtPublicKey) key = NULL;
  g_autoptr (DrtMember) made = NULL;
  DrtCredential credential;
  HRESULT hr;

  if (drt_credential_decode (bytes.data, bytes.length, &credential) != DRT_CREDENTIAL_GOOD ||
      !is_good_now (credential.made))
    return DRT_E_INVALID_MESSAGE;
  key = follow_signatures (self, &credential);
  if (key == NULL)
    return DRT_E_INVALID_CERT_CHAIN;
  hr = check_agreement (self, &credential, key);
  if (FAILED (hr))
    return hr;

  made = drt_member_new ();
  hr = drt_derived_key_provider_check_chain (self, bytes, made);
  if (FAILED (hr))
    return hr;
  /* Certificates that are not in order would make another chain than the one that was sent. */
  if (made->n_certificates != credential.n_certificates || !drt_key_equal (&made->key, &key->derived))
    return DRT_E_INVALID_MESSAGE;

  memcpy (made->agreement_key, credential.agreement_key, DRT_AGREEMENT_KEY_SIZE);
  made->expires = MIN (made->expires, (gint64) (credential.made + DRT_PROFILE_2_AGREEMENT_LIFE) * 1000);
  *member = g_steal_pointer (&made);
  return S_OK;
}
