/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-profile-2.h"

#include <openssl/kdf.h>
#include <string.h>

#include "drt-alloc.h"
#include "drt-clock.h"

/* Profile 2.0: its algorithms, time, and what its parts share. */

gint64
drt_profile_2_now (void)
{
  return drt_clock_now () / 1000;
}

/* PROFILE-2.0.md 1 */
gboolean
drt_profile_2_is_timely (guint64 made)
{
  guint64 now = drt_profile_2_now ();

  return made <= G_MAXINT64 && made <= now + DRT_PROFILE_2_TOLERANCE && now <= made + DRT_PROFILE_2_TOLERANCE;
}

DrtSuite
drt_profile_2_suite_of (const DrtPublicKey *key)
{
  switch (key->algorithm)
    {
    case DRT_KEY_ALGORITHM_ED25519:
      return DRT_SUITE_ED25519;
    case DRT_KEY_ALGORITHM_P256:
      return DRT_SUITE_P256;
    case DRT_KEY_ALGORITHM_RSA1024:
    case DRT_KEY_ALGORITHM_OTHER:
    default:
      return 0;
    }
}

/* --- What is signed --- */

/* @size: of what follows the label.  FALSE: no memory. */
gboolean
drt_signed_init (DrtSigned  *self,
                 const char *label,
                 gsize       size)
{
  gsize n_label = strlen (label);

  g_assert (n_label <= DRT_PROFILE_2_LABEL_SIZE);
  self->size = DRT_PROFILE_2_LABEL_SIZE + size;
  self->length = DRT_PROFILE_2_LABEL_SIZE;
  self->bytes = drt_try_malloc (self->size);
  if (self->bytes == NULL)
    return FALSE;
  memset (self->bytes, 0, DRT_PROFILE_2_LABEL_SIZE);
  memcpy (self->bytes, label, n_label);
  return TRUE;
}

void
drt_signed_put (DrtSigned     *self,
                gconstpointer  bytes,
                gsize          length)
{
  g_assert (length <= self->size - self->length);
  if (length > 0)
    memcpy (self->bytes + self->length, bytes, length);
  self->length += length;
}

void
drt_signed_clear (DrtSigned *self)
{
  g_clear_pointer (&self->bytes, g_free);
}

/* --- Life --- */

static EVP_KDF_CTX *
make_hkdf (void)
{
  EVP_KDF *kdf = EVP_KDF_fetch (NULL, "HKDF", NULL);
  EVP_KDF_CTX *hkdf = kdf != NULL ? EVP_KDF_CTX_new (kdf) : NULL;

  EVP_KDF_free (kdf);
  return hkdf;
}

/* Keys and signatures of both suites and X25519 are fetched where they are used;
 * whether they are there is found out here. */
static gboolean
has_algorithms (void)
{
  static const char *const signatures[] = { "ED25519", "ECDSA" };
  EVP_KEYEXCH *exchange = EVP_KEYEXCH_fetch (NULL, "X25519", NULL);
  gboolean all = exchange != NULL;

  EVP_KEYEXCH_free (exchange);
  for (guint i = 0; i < G_N_ELEMENTS (signatures); i++)
    {
      EVP_SIGNATURE *signature = EVP_SIGNATURE_fetch (NULL, signatures[i], NULL);

      all = all && signature != NULL;
      EVP_SIGNATURE_free (signature);
    }
  return all;
}

static void
secret_removed (gpointer value,
                gpointer data)
{
  OPENSSL_clear_free (value, DRT_AGREEMENT_KEY_SIZE);
}

static HRESULT
init (DrtDerivedKeyProvider *self)
{
  DrtProfile2 *data = drt_try_alloc (sizeof *data);

  if (data == NULL)
    return E_OUTOFMEMORY;
  self->profile_data = data;
  data->aes = EVP_CIPHER_fetch (NULL, "AES-256-GCM", NULL);
  data->cipher = EVP_CIPHER_CTX_new ();
  data->hkdf = make_hkdf ();
  data->secrets = drt_lru_new (2 * DRT_AGREEMENT_KEY_SIZE, DRT_PROFILE_2_SECRETS, G_MAXSIZE, secret_removed, NULL);
  if (data->cipher == NULL)
    return E_OUTOFMEMORY;
  return data->aes != NULL && data->hkdf != NULL && has_algorithms () ? S_OK : DRT_E_CAPABILITY_MISMATCH;
}

static void
clear (DrtDerivedKeyProvider *self)
{
  DrtProfile2 *data = self->profile_data;

  if (data == NULL)
    return;
  drt_profile_2_clear_agreements (data);
  drt_lru_free (data->secrets);
  EVP_KDF_CTX_free (data->hkdf);
  EVP_CIPHER_CTX_free (data->cipher);
  EVP_CIPHER_free (data->aes);
  g_clear_pointer (&self->profile_data, g_free);
}

const DrtDerivedKeyProfile drt_derived_key_profile_2 = {
  .profile = DRT_PROFILE_2_0,
  .init = init,
  .clear = clear,
  .make_credential = drt_profile_2_make_credential,
  .check_credential = drt_profile_2_check_credential,
  .sign = drt_profile_2_sign,
  .verify = drt_profile_2_verify,
  .pack_cpa = drt_profile_2_pack_cpa,
  .unpack_cpa = drt_profile_2_unpack_cpa,
  .seal = drt_profile_2_seal,
  .unseal = drt_profile_2_unseal,
};
