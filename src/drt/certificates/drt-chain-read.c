/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-chain-private.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include "drt-certificate-file.h"
#include "drt-certificate-parser.h"
#include "drt-credential.h"

/* Checking what has to be read first. */

static DrtChainReport *
unreadable (const GError *error)
{
  if (error == NULL || drt_certificate_is_no_memory (error))
    return drt_chain_report_no_memory ();
  switch ((DrtCertificateError) error->code)
    {
    case DRT_CERTIFICATE_ERROR_TRUNCATED:
      return drt_chain_report_unreadable (DRT_REASON_TRUNCATED, 0, error->message);
    case DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED:
    case DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE:
      return drt_chain_report_unreadable (DRT_REASON_WRONG_PASSPHRASE, 0, error->message);
    case DRT_CERTIFICATE_ERROR_TOO_MANY:
      return drt_chain_report_unreadable (DRT_REASON_TOO_MANY, X509_V_ERR_CERT_CHAIN_TOO_LONG, error->message);
    case DRT_CERTIFICATE_ERROR_KEY_MISMATCH:
      return drt_chain_report_unreadable (DRT_REASON_KEY_MISMATCH, 0, error->message);
    case DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE:
    case DRT_CERTIFICATE_ERROR_NO_PRIVATE_KEY:
    case DRT_CERTIFICATE_ERROR_NOT_AN_AUTHORITY:
    case DRT_CERTIFICATE_ERROR_UNSUITABLE:
    case DRT_CERTIFICATE_ERROR_FILE:
    default:
      return drt_chain_report_unreadable (DRT_REASON_NOT_A_CERTIFICATE, 0, error->message);
    }
}

/**
 * drt_chain_check_bytes:
 * @bytes: (array length=length): a file's content
 * @length: bytes
 * @passphrase: (nullable): for what is encrypted in it
 * @query: (nullable): what is asked
 *
 * Returns: everything that is to be said; a private key that belongs to none of
 *   the certificates is one reason more against the first
 */
DrtChainReport *
drt_chain_check_bytes (const guint8        *bytes,
                       gsize                length,
                       const char          *passphrase,
                       const DrtChainQuery *query)
{
  DrtCertificateParser parser;
  PCCERT_CONTEXT certificate = NULL;
  g_autoptr (GError) error = NULL;
  gboolean mismatch = FALSE;
  DrtChainReport *report;

  if (drt_certificate_parser_init (&parser, passphrase, &error) &&
      drt_certificate_parser_read (&parser, bytes, length, &error))
    certificate = drt_certificate_parser_finish (&parser, &mismatch, &error);
  drt_certificate_parser_clear (&parser);
  if (certificate == NULL)
    return unreadable (error);

  report = drt_chain_check (certificate, query);
  if (mismatch)
    {
      drt_chain_verdict (report->verdicts, 0, DRT_REASON_KEY_MISMATCH, 0);
      drt_chain_report_close (report);
    }
  drt_certificate_unref (certificate);
  return report;
}

/**
 * drt_chain_check_file:
 * @path: a file
 * @passphrase: (nullable): for what is encrypted in it
 * @query: (nullable): what is asked
 *
 * Returns: as drt_chain_check_bytes(); of a file that cannot be read that it is no
 *   certificate, and why in `trouble`
 */
DrtChainReport *
drt_chain_check_file (const char          *path,
                      const char          *passphrase,
                      const DrtChainQuery *query)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  guint8 *bytes = drt_certificate_file_read (path, DRT_CERTIFICATE_FILE_MAX, &length, &error);
  DrtChainReport *report;

  if (bytes == NULL)
    return unreadable (error);
  report = drt_chain_check_bytes (bytes, length, passphrase, query);
  drt_certificate_file_free (bytes, length);
  return report;
}

/**
 * drt_chain_check_credential:
 * @bytes: (array length=length): a CREDENTIAL field
 * @length: bytes
 * @query: (nullable): what is asked
 *
 * Checks the chain in a credential.  What else a credential of profile 2.0 has,
 * the agreement key and its signature, is the provider's to check.
 *
 * Returns: everything that is to be said
 */
DrtChainReport *
drt_chain_check_credential (const guint8        *bytes,
                            gsize                length,
                            const DrtChainQuery *query)
{
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT certificate = drt_credential_read (bytes, length, &error);
  DrtChainReport *report;

  if (certificate == NULL)
    return unreadable (error);
  report = drt_chain_check_sender (certificate, query);
  report->from_stranger = query != NULL && query->root != NULL;
  drt_certificate_unref (certificate);
  return report;
}
