/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-certificate-parser.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <unistd.h>

#include "drt-certificate-file.h"

/**
 * drt_certificate_parse:
 * @bytes: (array length=length): a file's content
 * @length: bytes
 * @passphrase: (nullable): for what is encrypted
 * @error: (nullable)
 *
 * Returns: (nullable): the member's certificate, with private key and chain as far
 *   as they are there
 */
PCCERT_CONTEXT
drt_certificate_parse (const guint8 *bytes,
                       gsize         length,
                       const char   *passphrase,
                       GError      **error)
{
  DrtCertificateParser parser;
  PCCERT_CONTEXT certificate = NULL;

  if (drt_certificate_parser_init (&parser, passphrase, error) &&
      drt_certificate_parser_read (&parser, bytes, length, error))
    certificate = drt_certificate_parser_finish (&parser, NULL, error);
  drt_certificate_parser_clear (&parser);
  return certificate;
}

/* The whole of a file, which may hold a private key: to be given to
 * drt_certificate_file_free().  @limit: bytes it may have. */
guint8 *
drt_certificate_file_read (const char *path,
                           gsize       limit,
                           gsize      *length,
                           GError    **error)
{
  int file = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  guint8 *bytes = g_malloc (limit + 1);
  gssize got = file >= 0 ? 0 : -1;

  *length = 0;
  while (file >= 0 && *length <= limit && (got = read (file, bytes + *length, limit + 1 - *length)) != 0)
    {
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        break;
      *length += got;
    }
  if (got < 0)
    drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_FILE, "“%s” cannot be read: %s", path, g_strerror (errno));
  else if (*length > limit)
    drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE, "It is far too large for certificates");
  if (file >= 0)
    close (file);
  if (got >= 0 && *length <= limit)
    return bytes;
  drt_certificate_file_free (bytes, *length);
  return NULL;
}

void
drt_certificate_file_free (guint8 *bytes,
                           gsize   length)
{
  OPENSSL_cleanse (bytes, length);
  g_free (bytes);
}

/**
 * drt_certificate_load:
 * @path: a file
 * @passphrase: (nullable): for what is encrypted in it
 * @error: (nullable)
 *
 * Returns: (nullable): as drt_certificate_parse()
 */
PCCERT_CONTEXT
drt_certificate_load (const char *path,
                      const char *passphrase,
                      GError    **error)
{
  gsize length;
  guint8 *bytes = drt_certificate_file_read (path, DRT_CERTIFICATE_FILE_MAX, &length, error);
  PCCERT_CONTEXT certificate;

  if (bytes == NULL)
    return NULL;
  certificate = drt_certificate_parse (bytes, length, passphrase, error);
  drt_certificate_file_free (bytes, length);
  return certificate;
}

/**
 * drt_certificate_load_public:
 * @path: a file
 * @passphrase: (nullable): for PKCS#12, whose certificates are encrypted as well
 * @error: (nullable)
 *
 * What others may have of a file: for a root, or a member, whose key is nobody's
 * business here.
 *
 * Returns: (nullable): as drt_certificate_parse(), without a private key
 */
PCCERT_CONTEXT
drt_certificate_load_public (const char *path,
                             const char *passphrase,
                             GError    **error)
{
  gsize length;
  guint8 *bytes = drt_certificate_file_read (path, DRT_CERTIFICATE_FILE_MAX, &length, error);
  DrtCertificateParser parser;
  PCCERT_CONTEXT certificate = NULL;

  if (bytes == NULL)
    return NULL;
  if (drt_certificate_parser_init (&parser, passphrase, error))
    {
      parser.public_only = TRUE;
      if (drt_certificate_parser_read (&parser, bytes, length, error))
        {
          g_ptr_array_set_size (parser.keys, 0);
          certificate = drt_certificate_parser_finish (&parser, NULL, error);
        }
    }
  drt_certificate_parser_clear (&parser);
  drt_certificate_file_free (bytes, length);
  return certificate;
}
