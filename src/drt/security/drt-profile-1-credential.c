/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-profile-1-credential.h"

#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <string.h>

#include "drt-profile-1-format.h"

#define SERIAL_SIZE 16    /* bytes, §2.2.3.1.4.1 */
#define NAME_MAX    255   /* characters, likewise */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS7, PKCS7_free)

/* Of one text of a name; a terminating NUL, which Windows writes, is none.  -1: not text. */
static int
count_characters (const X509_NAME_ENTRY *entry)
{
  unsigned char *text = NULL;
  int length = ASN1_STRING_to_UTF8 (&text, X509_NAME_ENTRY_get_data (entry));
  int n = -1;

  if (length > 0 && text[length - 1] == '\0')
    length--;
  if (length >= 0 && g_utf8_validate_len ((const char *) text, (gsize) length, NULL))
    n = (int) g_utf8_strlen ((const char *) text, length);
  OPENSSL_free (text);
  return n;
}

static gboolean
name_is_sound (const X509_NAME *name)
{
  int total = 0;

  for (int i = 0; i < X509_NAME_entry_count (name); i++)
    {
      int n = count_characters (X509_NAME_get_entry (name, i));

      if (n < 0 || n > NAME_MAX - total)
        return FALSE;
      total += n;
    }
  return total > 0;
}

static gboolean
serial_is_sound (const X509 *certificate)
{
  /* The 16 bytes of the INTEGER, behind its tag and its length. */
  return i2d_ASN1_INTEGER (X509_get0_serialNumber (certificate), NULL) == 2 + SERIAL_SIZE;
}

static gboolean
key_is_sound (const X509 *certificate)
{
  const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr (certificate);
  guint8 encoded[DRT_PROFILE_1_PUBLIC_KEY_SIZE];
  ASN1_OBJECT *algorithm;

  if (bits == NULL || ASN1_STRING_length (bits) != DRT_PROFILE_1_RSA_KEY_SIZE ||
      X509_PUBKEY_get0_param (&algorithm, NULL, NULL, NULL, X509_get_X509_PUBKEY (certificate)) != 1 ||
      OBJ_obj2nid (algorithm) != NID_rsaEncryption)
    return FALSE;

  drt_profile_1_public_key_encode (encoded, ASN1_STRING_get0_data (bits));
  return drt_profile_1_public_key_decode (encoded, sizeof encoded) != NULL;
}

/**
 * drt_profile_1_certificate_is_sound:
 * @certificate: a certificate
 *
 * Returns: whether it keeps to the constraints of [MC-DRT] §2.2.3.1.4.1
 */
gboolean
drt_profile_1_certificate_is_sound (X509 *certificate)
{
  const ASN1_BIT_STRING *issuer_id, *subject_id;
  gboolean sound;

  X509_get0_uids (certificate, &issuer_id, &subject_id);
  sound = X509_get_version (certificate) == X509_VERSION_3 &&
          X509_get_signature_nid (certificate) == NID_sha1WithRSAEncryption &&
          issuer_id == NULL && subject_id == NULL && serial_is_sound (certificate) &&
          key_is_sound (certificate) && name_is_sound (X509_get_subject_name (certificate)) &&
          name_is_sound (X509_get_issuer_name (certificate));
  ERR_clear_error ();
  return sound;
}

static GBytes *
to_bytes (PKCS7 *signed_data)
{
  unsigned char *der = NULL;
  int length = i2d_PKCS7 (signed_data, &der);
  GBytes *bytes = length > 0 ? g_bytes_new (der, (gsize) length) : NULL;

  OPENSSL_free (der);
  return bytes;
}

GBytes *
drt_profile_1_credential_encode (GPtrArray *chain)
{
  g_autoptr (PKCS7) signed_data = PKCS7_new ();

  if (chain->len == 0 || chain->len > DRT_CHAIN_MAX || signed_data == NULL ||
      PKCS7_set_type (signed_data, NID_pkcs7_signed) != 1)
    return NULL;

  signed_data->d.sign->contents->type = OBJ_nid2obj (NID_pkcs7_data);
  for (guint i = 0; i < chain->len; i++)
    if (!drt_profile_1_certificate_is_sound (chain->pdata[i]) ||
        PKCS7_add_certificate (signed_data, chain->pdata[i]) != 1)
      return NULL;

  return to_bytes (signed_data);
}

gboolean
drt_profile_1_credential_is_sound (const guint8 *bytes,
                                   gsize         length)
{
  const unsigned char *at = bytes;
  g_autoptr (PKCS7) signed_data = d2i_PKCS7 (NULL, &at, (long) length);
  const PKCS7_SIGNED *content;
  int n;

  ERR_clear_error ();
  if (signed_data == NULL || at != bytes + length || !PKCS7_type_is_signed (signed_data) ||
      signed_data->d.sign == NULL)
    return FALSE;

  content = signed_data->d.sign;
  n = sk_X509_num (content->cert);
  if (n < 1 || n > DRT_CHAIN_MAX || sk_X509_CRL_num (content->crl) > 0 ||
      sk_PKCS7_SIGNER_INFO_num (content->signer_info) > 0)
    return FALSE;

  for (int i = 0; i < n; i++)
    if (!drt_profile_1_certificate_is_sound (sk_X509_value (content->cert, i)))
      return FALSE;
  return TRUE;
}
