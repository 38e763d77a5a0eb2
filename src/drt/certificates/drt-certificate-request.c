/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-certificate-make.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#include "drt-certificate-parser.h"
#include "drt-certificate-text.h"
#include "drt-certificate-write.h"

/* Requests (PKCS#10): a certificate for a key that stays where it was made. */

static gboolean
unsuitable (GError    **error,
            const char *message)
{
  drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_UNSUITABLE, "%s", message);
  return FALSE;
}

static X509_REQ *
build (const char *name,
       DrtProfile  profile,
       EVP_PKEY   *key)
{
  X509_REQ *request = X509_REQ_new ();
  X509_NAME *subject = X509_NAME_new ();
  gboolean built;

  built = request != NULL && subject != NULL &&
          drt_certificate_set_name (subject, name, profile) &&
          X509_REQ_set_version (request, X509_REQ_VERSION_1) == 1 &&
          X509_REQ_set_subject_name (request, subject) == 1 &&
          X509_REQ_set_pubkey (request, key) == 1 &&
          X509_REQ_sign (request, key, drt_certificate_digest (key)) > 0;
  X509_NAME_free (subject);
  if (built)
    return request;
  X509_REQ_free (request);
  return NULL;
}

static char *
write_key (EVP_PKEY *key)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());

  return bio != NULL && drt_certificate_write_key (bio, key, NULL) ? drt_certificate_take_text (bio) : NULL;
}

static char *
write_request (X509_REQ *request)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());

  return bio != NULL && PEM_write_bio_X509_REQ (bio, request) == 1 ? drt_certificate_take_text (bio) : NULL;
}

/**
 * drt_certificate_request_new:
 * @request: name and algorithm; the rest is the authority's to say
 * @key_pem: (out) (transfer full): the private key, to be freed with
 *   drt_secret_free()
 * @error: (nullable)
 *
 * Makes a key pair and asks for a certificate.
 *
 * Returns: (nullable) (transfer full): what to send to the authority
 */
char *
drt_certificate_request_new (const DrtCertificateRequest *request,
                             char                       **key_pem,
                             GError                     **error)
{
  g_autoptr (EVP_PKEY) key = NULL;
  g_autoptr (X509_REQ) made = NULL;
  char *text = NULL;

  *key_pem = NULL;
  if (!drt_certificate_name_is_fit (request->name, error) ||
      (key = drt_certificate_new_key (request->algorithm, error)) == NULL)
    return NULL;
  made = build (request->name, drt_certificate_key_profile (key), key);
  if (made != NULL && (*key_pem = write_key (key)) != NULL)
    text = write_request (made);
  if (text == NULL)
    {
      drt_secret_free (g_steal_pointer (key_pem));
      unsuitable (error, "The request cannot be made");
    }
  return text;
}

static X509_REQ *
read_request (const char *text,
              GError    **error)
{
  g_autoptr (BIO) bio = strlen (text) <= DRT_CERTIFICATE_FILE_MAX ? BIO_new_mem_buf (text, -1) : NULL;
  X509_REQ *request = bio != NULL ? PEM_read_bio_X509_REQ (bio, NULL, NULL, NULL) : NULL;

  if (request == NULL)
    drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE, "This is no request for a certificate");
  return request;
}

/* Whoever asks shows that he has the private key. */
static gboolean
is_signed (X509_REQ *request,
           GError  **error)
{
  EVP_PKEY *key = X509_REQ_get0_pubkey (request);

  return (key != NULL && X509_REQ_verify (request, key) == 1) || unsuitable (error, "The request is not signed with the key it is for");
}

/**
 * drt_certificate_request_get_name:
 * @request_pem: a request (PKCS#10)
 * @key: (out) (optional): the DRT key that derives from its key
 * @error: (nullable)
 *
 * For whoever is to answer a request and wants to know whose it says to be.  That
 * it is so only its owner can say, and its key, when they are asked another way.
 *
 * Returns: (nullable) (transfer full): the name a certificate for it will have
 */
char *
drt_certificate_request_get_name (const char *request_pem,
                                  DrtKey     *key,
                                  GError    **error)
{
  g_autoptr (X509_REQ) request = read_request (request_pem, error);
  g_autofree char *name = NULL;
  DrtKey derived;

  if (request == NULL || !is_signed (request, error))
    return NULL;
  name = drt_certificate_dup_common_name (X509_REQ_get_subject_name (request));
  if (!drt_certificate_name_is_fit (name, error))
    return NULL;
  if (!drt_certificate_derive_key (X509_REQ_get_X509_PUBKEY (request), &derived))
    {
      unsuitable (error, "The request is for a key that no mesh uses");
      return NULL;
    }
  if (key != NULL)
    *key = derived;
  return g_steal_pointer (&name);
}

/* He has no say but in his name. */
static gboolean
is_fit (X509_REQ      *request,
        PCCERT_CONTEXT authority,
        GError       **error)
{
  if (!is_signed (request, error))
    return FALSE;
  if (drt_certificate_key_profile (X509_REQ_get0_pubkey (request)) != drt_certificate_get_profile (authority))
    return unsuitable (error, "A mesh has keys of one profile: the request has to have one of the authority’s");
  return TRUE;
}

/**
 * drt_certificate_issue_request:
 * @authority: an authority's certificate with its private key
 * @request_pem: what drt_certificate_request_new() or another program made; of its
 *   names the common name counts, of what else it asks for nothing
 * @days: 0 as in #DrtCertificateRequest
 * @error: (nullable)
 *
 * Returns: (nullable): a member's certificate, without a private key
 */
PCCERT_CONTEXT
drt_certificate_issue_request (PCCERT_CONTEXT authority,
                               const char    *request_pem,
                               guint          days,
                               GError       **error)
{
  g_autoptr (X509_REQ) request = NULL;
  g_autofree char *name = NULL;
  X509_NAME *subject;
  PCCERT_CONTEXT certificate = NULL;

  if (!drt_certificate_can_issue (authority, error) || !drt_certificate_days_are_fit (days, error) ||
      (request = read_request (request_pem, error)) == NULL || !is_fit (request, authority, error))
    return NULL;
  name = drt_certificate_dup_common_name (X509_REQ_get_subject_name (request));
  if (!drt_certificate_name_is_fit (name, error))
    return NULL;
  subject = X509_NAME_new ();
  if (subject != NULL && drt_certificate_set_name (subject, name, drt_certificate_get_profile (authority)))
    certificate = drt_certificate_make (&(DrtCertificatePlan) {
      .authority = authority,
      .subject = subject,
      .key = X509_REQ_get0_pubkey (request),
      .path_length = -1,
      .days = drt_certificate_days (days, FALSE),
    }, error);
  else
    unsuitable (error, "The name cannot be written into a certificate");
  X509_NAME_free (subject);
  return certificate;
}

static EVP_PKEY *
read_key (const char *key_pem,
          GError    **error)
{
  DrtCertificateParser parser;
  EVP_PKEY *key = NULL;

  if (drt_certificate_parser_init (&parser, NULL, error) &&
      drt_certificate_parser_read (&parser, (const guint8 *) key_pem, strlen (key_pem), error))
    {
      if (parser.keys->len == 1)
        {
          key = g_ptr_array_index (parser.keys, 0);
          EVP_PKEY_up_ref (key);
        }
      else
        drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_NO_PRIVATE_KEY, "There is no private key in it, or more than one");
    }
  drt_certificate_parser_clear (&parser);
  return key;
}

/**
 * drt_certificate_join:
 * @certificate: what the authority issued
 * @key_pem: the private key that was kept
 * @error: (nullable)
 *
 * Returns: (nullable): @certificate with the key
 */
PCCERT_CONTEXT
drt_certificate_join (PCCERT_CONTEXT certificate,
                      const char    *key_pem,
                      GError       **error)
{
  X509 *x509 = drt_certificate_get_x509 (certificate);
  EVP_PKEY *public_key = drt_certificate_get_public_key (certificate);
  g_autoptr (EVP_PKEY) key = read_key (key_pem, error);
  PCCERT_CONTEXT joined;

  if (key == NULL)
    return NULL;
  if (x509 == NULL || public_key == NULL || EVP_PKEY_eq (public_key, key) != 1)
    {
      drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_KEY_MISMATCH, "The private key does not belong to the certificate");
      return NULL;
    }
  joined = drt_certificate_new (x509, key, drt_certificate_get_issuers (certificate));
  if (joined == NULL)
    drt_certificate_set_no_memory (error);
  return joined;
}
