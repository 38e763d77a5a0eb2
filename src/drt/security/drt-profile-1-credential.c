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
    if (!drt_certificate_is_of_profile_1 (sk_X509_value (content->cert, i)))
      return FALSE;
  return TRUE;
}
