/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-credential.h"

#include <openssl/err.h>

#include "drt-certificate-parser.h"
#include "drt-cursor.h"

#define PROFILE_2_0   0x0200
#define SUITE_ED25519 0x01
#define SUITE_P256    0x02

DrtCredentialFault
drt_credential_decode (const guint8  *bytes,
                       gsize          length,
                       DrtCredential *credential)
{
  DrtCursor cursor;
  guint16 profile;

  drt_cursor_init (&cursor, bytes, length);
  profile = drt_cursor_u16 (&cursor);
  credential->suite = drt_cursor_u8 (&cursor);
  credential->n_certificates = drt_cursor_u8 (&cursor);
  if (drt_cursor_ok (&cursor) &&
      (profile != PROFILE_2_0 || (credential->suite != SUITE_ED25519 && credential->suite != SUITE_P256)))
    return DRT_CREDENTIAL_OTHER_PROFILE;
  credential->agreement_key = drt_cursor_take (&cursor, DRT_CREDENTIAL_AGREEMENT_KEY_SIZE);
  credential->made = (guint64) drt_cursor_u32 (&cursor) << 32;
  credential->made |= drt_cursor_u32 (&cursor);
  credential->agreement_signature = drt_cursor_take (&cursor, DRT_CREDENTIAL_SIGNATURE_SIZE);
  if (!drt_cursor_ok (&cursor))
    return DRT_CREDENTIAL_TRUNCATED;
  if (credential->n_certificates == 0)
    return DRT_CREDENTIAL_MALFORMED;
  if (credential->n_certificates > DRT_CHAIN_MAX)
    return DRT_CREDENTIAL_TOO_MANY;

  for (guint i = 0; i < credential->n_certificates; i++)
    {
      gsize size = drt_cursor_u16 (&cursor);

      credential->certificates[i].der = drt_cursor_take (&cursor, size);
      credential->certificates[i].length = size;
      if (!drt_cursor_ok (&cursor))
        return DRT_CREDENTIAL_TRUNCATED;
    }
  return drt_cursor_remaining (&cursor) == 0 ? DRT_CREDENTIAL_GOOD : DRT_CREDENTIAL_MALFORMED;
}

/* The order is the credential's: whoever sends one has us search for nothing. */
PCCERT_CONTEXT
drt_credential_get_certificate (const DrtCredential *credential,
                                GError             **error)
{
  STACK_OF (X509) *others = sk_X509_new_null ();
  g_autoptr (X509) member = NULL;
  PCCERT_CONTEXT certificate = NULL;
  gboolean read = others != NULL;

  for (guint i = 0; read && i < credential->n_certificates; i++)
    {
      const guint8 *end = credential->certificates[i].der;
      X509 *x509 = d2i_X509 (NULL, &end, credential->certificates[i].length);

      read = x509 != NULL && end == credential->certificates[i].der + credential->certificates[i].length;
      if (read && i == 0)
        member = x509;
      else if (!read || sk_X509_push (others, x509) <= 0)
        {
          X509_free (x509);
          read = FALSE;
        }
    }
  if (read)
    certificate = drt_certificate_new_in_order (member, others);
  if (read && certificate == NULL)
    drt_certificate_set_no_memory (error);
  else if (certificate == NULL)
    drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE, "There is something else where a certificate should be");
  drt_x509_stack_free (others);
  return certificate;
}

static PCCERT_CONTEXT
refuse (GError            **error,
        DrtCertificateError code,
        const char         *message)
{
  drt_certificate_set_error (error, code, "%s", message);
  return NULL;
}

static PCCERT_CONTEXT
read_1_0 (const guint8 *bytes,
          gsize         length,
          GError      **error)
{
  DrtCertificateParser parser;
  PCCERT_CONTEXT certificate = NULL;

  if (drt_certificate_parser_init (&parser, NULL, error) &&
      drt_certificate_parser_read_pkcs7 (&parser, bytes, length, error))
    certificate = drt_certificate_parser_finish (&parser, NULL, error);
  drt_certificate_parser_clear (&parser);
  ERR_clear_error ();
  return certificate;
}

PCCERT_CONTEXT
drt_credential_read (const guint8 *bytes,
                     gsize         length,
                     GError      **error)
{
  DrtCredential credential;

  if (length > DRT_CERTIFICATE_FILE_MAX)
    return refuse (error, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE, "The credential is far too large");
  if (length > 0 && bytes[0] == 0x30)
    return read_1_0 (bytes, length, error);

  switch (drt_credential_decode (bytes, length, &credential))
    {
    case DRT_CREDENTIAL_GOOD:
      return drt_credential_get_certificate (&credential, error);
    case DRT_CREDENTIAL_TRUNCATED:
      return refuse (error, DRT_CERTIFICATE_ERROR_TRUNCATED, "The end of the credential is missing");
    case DRT_CREDENTIAL_TOO_MANY:
      return refuse (error, DRT_CERTIFICATE_ERROR_TOO_MANY, "There are more certificates in the credential than may be");
    case DRT_CREDENTIAL_OTHER_PROFILE:
    case DRT_CREDENTIAL_MALFORMED:
    default:
      return refuse (error, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE, "This is no credential");
    }
}
