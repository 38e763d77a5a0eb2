/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-certificate-parser.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <string.h>

/*
 * PKCS#12: safes of bags.  PKCS12_parse() would do, but that a file could keep it
 * busy for hours: how often a passphrase is to be hashed is the file's to say, and
 * is looked at here before each time.
 */

#define MAX_NESTED_SAFES 4

static gboolean
damaged (GError **error)
{
  drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE, "The PKCS#12 file is damaged");
  return FALSE;
}

static gboolean read_bags (DrtCertificateParser *parser, const STACK_OF (PKCS12_SAFEBAG) *bags, int depth, GError **error);

static gboolean
read_bag (DrtCertificateParser *parser,
          PKCS12_SAFEBAG       *bag,
          int                   depth,
          GError              **error)
{
  switch (PKCS12_SAFEBAG_get_nid (bag))
    {
    case NID_keyBag:
      return drt_certificate_parser_add_key (parser, EVP_PKCS82PKEY (PKCS12_SAFEBAG_get0_p8inf (bag)), error);
    case NID_pkcs8ShroudedKeyBag:
      {
        EVP_PKEY *key = drt_certificate_parser_decrypt (parser, PKCS12_SAFEBAG_get0_pkcs8 (bag), error);

        return key != NULL && drt_certificate_parser_add_key (parser, key, error);
      }
    case NID_certBag:
      {
        g_autoptr (X509) x509 = NULL;

        if (PKCS12_SAFEBAG_get_bag_nid (bag) != NID_x509Certificate)
          return TRUE;
        x509 = PKCS12_SAFEBAG_get1_cert (bag);
        return x509 != NULL ? drt_certificate_parser_add (parser, x509, error) : damaged (error);
      }
    case NID_safeContentsBag:
      return depth < MAX_NESTED_SAFES ? read_bags (parser, PKCS12_SAFEBAG_get0_safes (bag), depth + 1, error) : damaged (error);
    default:
      return TRUE;
    }
}

static gboolean
read_bags (DrtCertificateParser            *parser,
           const STACK_OF (PKCS12_SAFEBAG) *bags,
           int                              depth,
           GError                         **error)
{
  for (int i = 0; i < sk_PKCS12_SAFEBAG_num (bags); i++)
    if (!read_bag (parser, sk_PKCS12_SAFEBAG_value (bags, i), depth, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_safe (DrtCertificateParser *parser,
           PKCS7                *safe,
           GError              **error)
{
  STACK_OF (PKCS12_SAFEBAG) *bags = NULL;
  gboolean is_encrypted = PKCS7_type_is_encrypted (safe), read;

  if (PKCS7_type_is_data (safe))
    bags = PKCS12_unpack_p7data (safe);
  else if (is_encrypted && safe->d.encrypted != NULL && safe->d.encrypted->enc_data != NULL)
    {
      if (!drt_certificate_parser_bears_algorithm (parser, safe->d.encrypted->enc_data->algorithm))
        return damaged (error);
      bags = PKCS12_unpack_p7encdata (safe, parser->passphrase, parser->passphrase != NULL ? (int) strlen (parser->passphrase) : 0);
    }
  else
    return TRUE;     /* sealed for somebody's public key */

  if (bags == NULL)
    return is_encrypted ? drt_certificate_parser_not_decrypted (parser, "file", error) : damaged (error);
  read = read_bags (parser, bags, 0, error);
  sk_PKCS12_SAFEBAG_pop_free (bags, PKCS12_SAFEBAG_free);
  return read;
}

/* Whether the passphrase can be tried at all. */
static gboolean
bears_mac (DrtCertificateParser *parser,
           PKCS12               *pkcs12)
{
  const ASN1_INTEGER *iterations = NULL;
  const X509_ALGOR *algorithm = NULL;

  PKCS12_get0_mac (NULL, &algorithm, NULL, &iterations, pkcs12);
#if OPENSSL_VERSION_NUMBER >= 0x30400000L     /* before, OpenSSL knows no PBMAC1 */
  if (algorithm != NULL && OBJ_obj2nid (algorithm->algorithm) == NID_pbmac1)
    {
      PBKDF2PARAM *pbkdf2 = PBMAC1_get1_pbkdf2_param (algorithm);
      gboolean bears = pbkdf2 != NULL && drt_certificate_parser_bears (parser, pbkdf2->iter);

      PBKDF2PARAM_free (pbkdf2);
      return bears;
    }
#endif
  return drt_certificate_parser_bears (parser, iterations);
}

/* A file without a passphrase is one with the empty passphrase, which some write
 * as no text and some as an empty one. */
static gboolean
check_passphrase (DrtCertificateParser *parser,
                  PKCS12               *pkcs12,
                  GError              **error)
{
  const char *passphrase = parser->passphrase;

  if (!PKCS12_mac_present (pkcs12))
    return TRUE;
  if (!bears_mac (parser, pkcs12))
    return damaged (error);
  if (passphrase != NULL && passphrase[0] != '\0')
    {
      if (PKCS12_verify_mac (pkcs12, passphrase, -1))
        return TRUE;
      drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE, "The passphrase does not open the file");
      return FALSE;
    }
  parser->passphrase = NULL;
  if (PKCS12_verify_mac (pkcs12, NULL, 0))
    return TRUE;
  parser->passphrase = "";
  if (PKCS12_verify_mac (pkcs12, "", 0))
    return TRUE;
  if (passphrase == NULL)
    drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED, "The file is protected by a passphrase, and none was given");
  else
    drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE, "The passphrase does not open the file");
  return FALSE;
}

gboolean
drt_certificate_parser_read_pkcs12 (DrtCertificateParser *parser,
                                    const guint8         *bytes,
                                    gsize                 length,
                                    GError              **error)
{
  const guint8 *end = bytes;
  PKCS12 *pkcs12 = d2i_PKCS12 (NULL, &end, length);
  STACK_OF (PKCS7) *safes;
  gboolean read;

  if (pkcs12 == NULL)
    return damaged (error);
  read = check_passphrase (parser, pkcs12, error);
  if (read)
    {
      safes = PKCS12_unpack_authsafes (pkcs12);
      read = safes != NULL || damaged (error);
      for (int i = 0; read && i < sk_PKCS7_num (safes); i++)
        read = read_safe (parser, sk_PKCS7_value (safes, i), error);
      sk_PKCS7_pop_free (safes, PKCS7_free);
    }
  PKCS12_free (pkcs12);
  return read;
}
