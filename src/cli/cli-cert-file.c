/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-cert.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "cli-output.h"

#define MAX_DAYS 36500
#define MAX_NAME 64

void
cli_cert_output_clear (CliCertOutput *output)
{
  g_clear_pointer (&output->path, g_free);
  g_clear_pointer (&output->format, g_free);
  g_clear_pointer (&output->passphrase_file, g_free);
}

static gboolean
is_pkcs12 (const CliCertOutput *output)
{
  if (output->format != NULL)
    return g_str_equal (output->format, "pkcs12");
  return g_str_has_suffix (output->path, ".p12") || g_str_has_suffix (output->path, ".pfx");
}

/**
 * cli_cert_output_check:
 *
 * Returns: whether the options of a file to be written go together
 */
gboolean
cli_cert_output_check (const CliCertOutput *output,
                       char               **problem)
{
  if (output->path == NULL)
    *problem = g_strdup ("name the file to write with --out FILE");
  else if (output->format != NULL && !g_str_equal (output->format, "pem") && !g_str_equal (output->format, "pkcs12"))
    *problem = g_strdup_printf ("the format is pem or pkcs12, not “%.40s”", output->format);
  else if (output->ask && output->passphrase_file != NULL)
    *problem = g_strdup ("--ask and a file with the passphrase exclude each other");
  return *problem == NULL;
}

/**
 * cli_cert_output_is_free:
 *
 * Looked at before anything is made, so that nothing is made in vain.
 *
 * Returns: %FALSE after telling that the file is there already
 */
gboolean
cli_cert_output_is_free (const CliCertOutput *output,
                         const char          *path)
{
  if (output->force || !g_file_test (path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
    return TRUE;
  cli_warn ("“%s” is there already; --force replaces it", path);
  return FALSE;
}

/**
 * cli_cert_report:
 * @what: a file, or what was to be made
 */
void
cli_cert_report (const char   *what,
                 const GError *error)
{
  if (g_error_matches (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_FILE) || error->domain == G_FILE_ERROR)
    cli_warn ("%s", error->message);
  else
    cli_warn ("“%s”: %s", what, error->message);
}

/* As the options have it, whoever may see the bytes. */
static GBytes *
encode (const CliCertOutput *output,
        PCCERT_CONTEXT       certificate,
        DrtCertificateParts  parts,
        const char          *passphrase,
        GError             **error)
{
  char *pem;

  if (is_pkcs12 (output))
    return drt_certificate_to_pkcs12 (certificate, passphrase, error);
  pem = drt_certificate_to_pem (certificate, parts, passphrase, error);
  if (pem == NULL)
    return NULL;
  return g_bytes_new_with_free_func (pem, strlen (pem), (GDestroyNotify) drt_secret_free, pem);
}

static gboolean
write_secret (const char *path,
              GBytes     *bytes)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);

  if (drt_secret_file_write (path, data, length, &error))
    return TRUE;
  cli_cert_report (path, error);
  return FALSE;
}

/**
 * cli_cert_output_write:
 *
 * A PKCS#12 file always has a passphrase, a PEM file if one was asked for.
 *
 * Returns: %FALSE after telling why nothing was written
 */
gboolean
cli_cert_output_write (const CliCertOutput *output,
                       PCCERT_CONTEXT       certificate,
                       DrtCertificateParts  parts)
{
  gboolean secret = (parts & DRT_CERTIFICATE_WITH_KEY) != 0;
  gboolean protect = secret && (output->ask || output->passphrase_file != NULL || is_pkcs12 (output));
  char *passphrase = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (is_pkcs12 (output) && !secret)
    {
      cli_warn ("“%s”: PKCS#12 is for a certificate with its private key; write PEM", output->path);
      return FALSE;
    }
  if (protect)
    passphrase = cli_passphrase_choose (output->passphrase_file, TRUE);
  if (protect && passphrase == NULL)
    return FALSE;
  bytes = encode (output, certificate, parts, passphrase, &error);
  g_clear_pointer (&passphrase, drt_secret_free);
  if (bytes == NULL)
    {
      cli_cert_report (output->path, error);
      return FALSE;
    }
  return secret ? write_secret (output->path, bytes) : cli_cert_write_public (output->path, g_bytes_get_data (bytes, NULL));
}

/**
 * cli_cert_write_public:
 *
 * What everybody may read, as a whole or not at all.
 *
 * Returns: %FALSE after telling why it could not be written
 */
gboolean
cli_cert_write_public (const char *path,
                       const char *text)
{
  g_autoptr (GError) error = NULL;

  if (g_file_set_contents_full (path, text, strlen (text), G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644, &error))
    return TRUE;
  cli_cert_report (path, error);
  return FALSE;
}

gboolean
cli_cert_write_secret (const char *path,
                       const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return write_secret (path, bytes);
}

gboolean
cli_cert_make_directory (const char *path)
{
  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;
  cli_warn ("“%s” cannot be made: %s", path, g_strerror (errno));
  return FALSE;
}

/**
 * cli_cert_read_text:
 *
 * A file of text, of which as much is read as a certificate may have.
 *
 * Returns: (nullable) (transfer full): for drt_secret_free(); %NULL after telling
 *   why it could not be read
 */
char *
cli_cert_read_text (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, &error))
    cli_cert_report (path, error);
  else if (length > DRT_CERTIFICATE_FILE_MAX)
    cli_warn ("“%s” is larger than a certificate can be", path);
  else if (strlen (text) != length)
    cli_warn ("“%s” is no text", path);
  else
    return text;
  g_clear_pointer (&text, drt_secret_free);
  return NULL;
}

/**
 * cli_cert_parse_algorithm:
 * @text: (nullable): `ed25519`, `p256` or `rsa1024`
 * @algorithm: (out): as it was when @text is %NULL
 */
gboolean
cli_cert_parse_algorithm (const char      *text,
                          DrtKeyAlgorithm *algorithm,
                          char           **problem)
{
  if (text == NULL)
    return TRUE;
  if (g_str_equal (text, "ed25519"))
    *algorithm = DRT_KEY_ALGORITHM_ED25519;
  else if (g_str_equal (text, "p256"))
    *algorithm = DRT_KEY_ALGORITHM_P256;
  else if (g_str_equal (text, "rsa1024"))
    *algorithm = DRT_KEY_ALGORITHM_RSA1024;
  else
    *problem = g_strdup_printf ("the algorithm is ed25519, p256 or rsa1024, not “%.40s”", text);
  return *problem == NULL;
}

/**
 * cli_cert_parse_days:
 * @days: 0: not given
 */
gboolean
cli_cert_parse_days (int    days,
                     char **problem)
{
  if (days < 0 || days > MAX_DAYS)
    *problem = g_strdup_printf ("--days is %d; it must be 1 to %d", days, MAX_DAYS);
  return *problem == NULL;
}

gboolean
cli_cert_parse_name (const char *name,
                     char      **problem)
{
  if (!g_utf8_validate (name, -1, NULL))
    *problem = g_strdup ("the name is no UTF-8");
  else if (*name == '\0' || g_utf8_strlen (name, -1) > MAX_NAME)
    *problem = g_strdup_printf ("a name has 1 to %d characters", MAX_NAME);
  return *problem == NULL;
}

void
cli_cert_tell (const char    *event,
               const char    *sentence,
               PCCERT_CONTEXT certificate,
               const char    *path,
               gboolean       json)
{
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (certificate);
  g_autofree char *groups = NULL;
  g_autofree char *end = NULL;

  if (json)
    {
      JsonBuilder *builder = cli_json_begin (event);

      cli_json_add_string (builder, "file", path);
      cli_json_add_certificate (builder, info);
      cli_json_end (builder);
      return;
    }
  groups = drt_fingerprint_to_groups (info->fingerprint, FALSE);
  end = cli_date_to_text (info->not_after);
  cli_print ("%s “%s”, good until %s: %s\n", sentence, info->subject, end, path);
  cli_print ("Fingerprint  %s\n", groups);
}
