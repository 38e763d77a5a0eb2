/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-certificate-private.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <string.h>

/* What profile 1.0 demands of each certificate, [MC-DRT] §2.2.3.1.4.1; see PROFILE-1.0.md 6. */

#define SERIAL_SIZE 16     /* bytes */
#define NAME_MAX    255    /* characters */
#define KEY_SIZE    140    /* bytes of the RSAPublicKey, §2.2.3.1.5.1.1 */

/* Of one text of a name; a terminating NUL, which Windows writes, is none.  -1: not text. */
static glong
count_characters (const X509_NAME_ENTRY *entry)
{
  unsigned char *text = NULL;
  int length = ASN1_STRING_to_UTF8 (&text, X509_NAME_ENTRY_get_data (entry));
  glong n = -1;

  if (length > 0 && text[length - 1] == '\0')
    length--;
  if (length >= 0 && g_utf8_validate_len ((const char *) text, (gsize) length, NULL))
    n = g_utf8_strlen ((const char *) text, length);
  OPENSSL_free (text);
  return n;
}

static gboolean
is_name (const X509_NAME *name)
{
  glong total = 0;

  for (int i = 0; i < X509_NAME_entry_count (name); i++)
    {
      glong n = count_characters (X509_NAME_get_entry (name, i));

      if (n < 0 || n > NAME_MAX - total)
        return FALSE;
      total += n;
    }
  return total > 0;
}

/* RSA with 1024 bits and the exponent 65537. */
static gboolean
is_key (X509 *x509)
{
  EVP_PKEY *key = X509_get0_pubkey (x509);
  const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr (x509);
  BIGNUM *exponent = NULL;
  gboolean is_65537;

  if (drt_certificate_key_algorithm (key) != DRT_KEY_ALGORITHM_RSA1024 || ASN1_STRING_length (bits) != KEY_SIZE ||
      EVP_PKEY_get_bn_param (key, OSSL_PKEY_PARAM_RSA_E, &exponent) != 1)
    return FALSE;
  is_65537 = BN_is_word (exponent, 65537);
  BN_free (exponent);
  return is_65537;
}

gboolean
drt_certificate_is_of_profile_1 (X509 *x509)
{
  const ASN1_BIT_STRING *issuer_id, *subject_id;
  gboolean is;

  X509_get0_uids (x509, &issuer_id, &subject_id);
  is = X509_get_version (x509) == X509_VERSION_3 &&
       X509_get_signature_nid (x509) == NID_sha1WithRSAEncryption &&
       issuer_id == NULL && subject_id == NULL &&
       /* The INTEGER's bytes, behind its tag and its length. */
       i2d_ASN1_INTEGER (X509_get0_serialNumber (x509), NULL) == 2 + SERIAL_SIZE &&
       is_key (x509) && is_name (X509_get_subject_name (x509)) && is_name (X509_get_issuer_name (x509));
  ERR_clear_error ();
  return is;
}
