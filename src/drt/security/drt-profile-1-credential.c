/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-profile-1-credential.h"

#include <openssl/err.h>
#include <openssl/pkcs7.h>

#include "drt-certificate-private.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS7, PKCS7_free)

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
    if (!drt_certificate_is_of_profile_1 (chain->pdata[i]) ||
        PKCS7_add_certificate (signed_data, chain->pdata[i]) != 1)
      return NULL;

  return to_bytes (signed_data);
}

/* PKCS#7 version 1.5, RFC 2315, section 9.1: certificates, and nothing that is signed. */
static gboolean
is_certificates_only (const PKCS7_SIGNED *content)
{
  return ASN1_INTEGER_get (content->version) == 1 && sk_X509_ALGOR_num (content->md_algs) == 0 &&
         PKCS7_type_is_data (content->contents) && content->contents->d.data == NULL &&
         sk_X509_CRL_num (content->crl) <= 0 && sk_PKCS7_SIGNER_INFO_num (content->signer_info) == 0;
}

gboolean
drt_profile_1_credential_is_sound (const guint8 *bytes,
                                   gsize         length)
{
  const unsigned char *at = bytes;
  g_autoptr (PKCS7) signed_data = d2i_PKCS7 (NULL, &at, (long) length);
  STACK_OF (X509) *certificates;

  ERR_clear_error ();
  if (signed_data == NULL || at != bytes + length || !PKCS7_type_is_signed (signed_data) ||
      signed_data->d.sign == NULL || !is_certificates_only (signed_data->d.sign))
    return FALSE;

  certificates = signed_data->d.sign->cert;
  if (sk_X509_num (certificates) < 1 || sk_X509_num (certificates) > DRT_CHAIN_MAX)
    return FALSE;
  for (int i = 0; i < sk_X509_num (certificates); i++)
    if (!drt_certificate_is_of_profile_1 (sk_X509_value (certificates, i)))
      return FALSE;
  return TRUE;
}
