/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-certificate-private.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

#include "drt-alloc.h"
#include "drt-certificate-write.h"

/* A passphrase is hashed so often before it is a key: what OWASP recommends for
 * PBKDF2 with SHA-256, a fraction of a second. */
#define ITERATIONS 600000


static gboolean
is_given (const char *passphrase)
{
  return passphrase != NULL && passphrase[0] != '\0';
}

gboolean
drt_certificate_write_key (BIO        *bio,
                           EVP_PKEY   *key,
                           const char *passphrase)
{
  PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8 (key);
  X509_SIG *encrypted = NULL;
  gboolean written;

  if (info == NULL)
    return FALSE;
  if (is_given (passphrase))
    {
      encrypted = PKCS8_encrypt (-1, EVP_aes_256_cbc (), passphrase, strlen (passphrase), NULL, 0, ITERATIONS, info);
      written = encrypted != NULL && PEM_write_bio_PKCS8 (bio, encrypted) == 1;
    }
  else
    written = PEM_write_bio_PKCS8_PRIV_KEY_INFO (bio, info) == 1;
  X509_SIG_free (encrypted);
  PKCS8_PRIV_KEY_INFO_free (info);     /* clears the key */
  return written;
}

/* The text in @bio, which is cleared when it is freed.  NULL: no memory. */
char *
drt_certificate_take_text (BIO *bio)
{
  char *bytes = NULL;
  long length = BIO_get_mem_data (bio, &bytes);
  char *text = drt_try_malloc (length + 1);

  if (text == NULL)
    return NULL;
  memcpy (text, bytes, length);
  text[length] = '\0';
  return text;
}

static gboolean
write_parts (BIO                *bio,
             PCCERT_CONTEXT      certificate,
             DrtCertificateParts parts,
             const char         *passphrase)
{
  STACK_OF (X509) *issuers = drt_certificate_get_issuers (certificate);
  gboolean written = PEM_write_bio_X509 (bio, drt_certificate_get_x509 (certificate)) == 1;

  for (int i = 0; written && (parts & DRT_CERTIFICATE_WITH_CHAIN) && i < sk_X509_num (issuers); i++)
    written = PEM_write_bio_X509 (bio, sk_X509_value (issuers, i)) == 1;
  if (written && (parts & DRT_CERTIFICATE_WITH_KEY))
    written = drt_certificate_write_key (bio, drt_certificate_get_private_key (certificate), passphrase);
  return written;
}

static gboolean
can_write (PCCERT_CONTEXT certificate,
           gboolean       with_key,
           GError       **error)
{
  if (drt_certificate_get_x509 (certificate) == NULL)
    {
      drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE, "This is no certificate of the library’s");
      return FALSE;
    }
  if (with_key && drt_certificate_get_private_key (certificate) == NULL)
    {
      drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_NO_PRIVATE_KEY, "The private key of the certificate is not there");
      return FALSE;
    }
  return TRUE;
}

/**
 * drt_certificate_to_pem:
 * @certificate: a certificate
 * @parts: what to write beside it
 * @passphrase: (nullable): for the private key; without one, or with an empty one,
 *   the key is written as it is
 * @error: (nullable)
 *
 * Returns: (nullable) (transfer full): the text; with the key, for
 *   drt_secret_file_write() and drt_secret_free()
 */
char *
drt_certificate_to_pem (PCCERT_CONTEXT      certificate,
                        DrtCertificateParts parts,
                        const char         *passphrase,
                        GError            **error)
{
  g_autoptr (BIO) bio = NULL;
  char *text = NULL;

  if (!can_write (certificate, (parts & DRT_CERTIFICATE_WITH_KEY) != 0, error))
    return NULL;
  bio = BIO_new (BIO_s_mem ());
  if (bio != NULL && write_parts (bio, certificate, parts, passphrase))
    text = drt_certificate_take_text (bio);
  if (text == NULL)
    drt_certificate_set_no_memory (error);
  return text;
}

/**
 * drt_certificate_to_pkcs12:
 * @certificate: a certificate with its private key
 * @passphrase: for the file; it cannot be empty
 * @error: (nullable)
 *
 * Returns: (nullable) (transfer full): a file of certificate, key and chain
 */
GBytes *
drt_certificate_to_pkcs12 (PCCERT_CONTEXT certificate,
                           const char    *passphrase,
                           GError       **error)
{
  g_autoptr (DrtCertificateInfo) info = NULL;
  PKCS12 *pkcs12;
  guint8 *bytes = NULL, *copy = NULL;
  int length;

  if (!can_write (certificate, TRUE, error))
    return NULL;
  if (!is_given (passphrase))
    {
      drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED, "A PKCS#12 file needs a passphrase");
      return NULL;
    }
  info = drt_certificate_get_info (certificate);
  pkcs12 = PKCS12_create (passphrase, info != NULL ? info->subject : NULL,
                          drt_certificate_get_private_key (certificate), drt_certificate_get_x509 (certificate),
                          drt_certificate_get_issuers (certificate),
                          NID_aes_256_cbc, NID_aes_256_cbc, ITERATIONS, ITERATIONS, 0);
  length = pkcs12 != NULL ? i2d_PKCS12 (pkcs12, &bytes) : -1;
  PKCS12_free (pkcs12);
  if (length > 0)
    copy = drt_try_copy (bytes, length);
  OPENSSL_free (bytes);
  if (copy == NULL)
    {
      drt_certificate_set_no_memory (error);
      return NULL;
    }
  return g_bytes_new_take (copy, length);
}
