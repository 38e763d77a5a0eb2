/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-certificate-make.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "drt-certificate-text.h"
#include "drt-clock.h"

/*
 * Making certificates.  Of profile 1.0 they are what [MC-DRT] §2.2.3.1.4.1 asks
 * for: version 3, sha1WithRSAEncryption, a serial number of exactly 16 bytes,
 * no unique ids, names ending with a zero character.  Of profile 2.0 they differ
 * in the algorithms and have ordinary names.
 */

#define DEFAULT_DAYS           365
#define DEFAULT_DAYS_AUTHORITY 3653     /* ten years */
#define MAX_DAYS               36500
#define MAX_NAME               64       /* ub-common-name, RFC 5280 */
#define AN_HOUR                3600     /* by which clocks may differ */
#define SERIAL_SIZE            16

static PCCERT_CONTEXT
unsuitable (GError    **error,
            const char *message)
{
  drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_UNSUITABLE, "%s", message);
  return NULL;
}

const EVP_MD *
drt_certificate_digest (EVP_PKEY *key)
{
  switch (drt_certificate_key_algorithm (key))
    {
    case DRT_KEY_ALGORITHM_ED25519:
      return NULL;
    case DRT_KEY_ALGORITHM_RSA1024:
      return EVP_sha1 ();
    case DRT_KEY_ALGORITHM_P256:
    case DRT_KEY_ALGORITHM_OTHER:
    default:
      return EVP_sha256 ();
    }
}

EVP_PKEY *
drt_certificate_new_key (DrtKeyAlgorithm algorithm,
                         GError        **error)
{
  EVP_PKEY *key = NULL;

  switch (algorithm)
    {
    case DRT_KEY_ALGORITHM_ED25519:
      key = EVP_PKEY_Q_keygen (NULL, NULL, "ED25519");
      break;
    case DRT_KEY_ALGORITHM_P256:
      key = EVP_PKEY_Q_keygen (NULL, NULL, "EC", "P-256");
      break;
    case DRT_KEY_ALGORITHM_RSA1024:
      key = EVP_PKEY_Q_keygen (NULL, NULL, "RSA", (gsize) 1024);
      break;
    case DRT_KEY_ALGORITHM_OTHER:
    default:
      break;
    }
  if (key == NULL)
    unsuitable (error, "No key of this kind can be made");
  return key;
}

gboolean
drt_certificate_name_is_fit (const char *name,
                             GError    **error)
{
  gboolean fit = name != NULL && drt_certificate_text_is_plain (name);
  glong length = fit ? g_utf8_strlen (name, -1) : 0;

  if (length < 1 || length > MAX_NAME)
    {
      unsuitable (error, "A name has 1 to 64 characters, and no control characters");
      return FALSE;
    }
  return TRUE;
}

gboolean
drt_certificate_set_name (X509_NAME  *to,
                          const char *name,
                          DrtProfile  profile)
{
  int length = strlen (name) + (profile == DRT_PROFILE_1_0 ? 1 : 0);

  return X509_NAME_add_entry_by_NID (to, NID_commonName, V_ASN1_UTF8STRING, (const guint8 *) name, length, -1, 0) == 1;
}

gboolean
drt_certificate_can_issue (PCCERT_CONTEXT authority,
                           GError       **error)
{
  X509 *x509 = drt_certificate_get_x509 (authority);

  if (x509 == NULL || !drt_certificate_is_authority (x509) || (X509_get_key_usage (x509) & KU_KEY_CERT_SIGN) == 0)
    {
      drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_NOT_AN_AUTHORITY, "This certificate is not an authority’s");
      return FALSE;
    }
  if (drt_certificate_get_private_key (authority) == NULL)
    {
      drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_NO_PRIVATE_KEY, "The private key of the authority is not there");
      return FALSE;
    }
  if (drt_certificate_get_profile (authority) == DRT_PROFILE_NONE)
    {
      unsuitable (error, "The authority’s key is fit for no mesh");
      return FALSE;
    }
  return TRUE;
}

/* --- The parts of a certificate --- */

static gboolean
set_serial (X509 *x509)
{
  guint8 bytes[SERIAL_SIZE];
  BIGNUM *number;
  gboolean set;

  if (RAND_bytes (bytes, sizeof bytes) != 1)
    return FALSE;
  bytes[0] = (bytes[0] & 0x3F) | 0x40;     /* positive, and all of its bytes count */
  number = BN_bin2bn (bytes, sizeof bytes, NULL);
  set = number != NULL && BN_to_ASN1_INTEGER (number, X509_get_serialNumber (x509)) != NULL;
  BN_free (number);
  return set;
}

/* Never beyond what the authority itself has left.  FALSE: that is nothing. */
static gboolean
set_validity (X509  *x509,
              X509  *issuer,
              guint  days)
{
  gint64 now = drt_clock_now () / G_USEC_PER_SEC;
  gint64 from = now - AN_HOUR, until = now + days * DRT_SECONDS_PER_DAY, limit;

  if (issuer != NULL && drt_certificate_get_time (X509_get0_notAfter (issuer), &limit))
    until = MIN (until, limit);
  return until > now &&
         ASN1_TIME_set (X509_getm_notBefore (x509), from) != NULL &&
         ASN1_TIME_set (X509_getm_notAfter (x509), until) != NULL;
}

static gboolean
add_extension (X509       *x509,
               X509V3_CTX *context,
               int         nid,
               const char *value)
{
  X509_EXTENSION *extension = X509V3_EXT_nconf_nid (NULL, context, nid, value);
  gboolean added = extension != NULL && X509_add_ext (x509, extension, -1) == 1;

  X509_EXTENSION_free (extension);
  return added;
}

static gboolean
add_extensions (X509                     *x509,
                X509                     *issuer,
                const DrtCertificatePlan *plan)
{
  g_autofree char *limited = g_strdup_printf ("critical,CA:TRUE,pathlen:%ld", plan->path_length);
  const char *constraints = !plan->is_authority ? "critical,CA:FALSE" : plan->path_length < 0 ? "critical,CA:TRUE" : limited;
  /* An authority may be a member too; in 1.0 the keytoken is encrypted to the key. */
  const char *usage = plan->is_authority ? "critical,digitalSignature,keyCertSign,cRLSign"
                      : drt_certificate_key_algorithm (plan->key) == DRT_KEY_ALGORITHM_RSA1024 ? "critical,digitalSignature,keyEncipherment"
                                                                                               : "critical,digitalSignature";
  X509V3_CTX context;

  X509V3_set_ctx (&context, issuer, x509, NULL, NULL, 0);
  return add_extension (x509, &context, NID_basic_constraints, constraints) &&
         add_extension (x509, &context, NID_key_usage, usage) &&
         add_extension (x509, &context, NID_subject_key_identifier, "hash") &&
         add_extension (x509, &context, NID_authority_key_identifier, "keyid");
}

static X509 *
build (const DrtCertificatePlan *plan)
{
  X509 *authority = drt_certificate_get_x509 (plan->authority);
  EVP_PKEY *signer = authority != NULL ? drt_certificate_get_private_key (plan->authority) : plan->key;
  X509 *x509 = X509_new ();

  if (x509 != NULL &&
      X509_set_version (x509, X509_VERSION_3) == 1 &&
      set_serial (x509) &&
      X509_set_subject_name (x509, plan->subject) == 1 &&
      X509_set_issuer_name (x509, authority != NULL ? X509_get_subject_name (authority) : plan->subject) == 1 &&
      set_validity (x509, authority, plan->days) &&
      X509_set_pubkey (x509, plan->key) == 1 &&
      add_extensions (x509, authority != NULL ? authority : x509, plan) &&
      X509_sign (x509, signer, drt_certificate_digest (signer)) > 0)
    return x509;
  X509_free (x509);
  return NULL;
}

/* As it would be read: what was made in pieces is decoded once more. */
static X509 *
decode (X509 *made)
{
  guint8 *bytes = NULL;
  int length = i2d_X509 (made, &bytes);
  const guint8 *end = bytes;
  X509 *x509 = length > 0 ? d2i_X509 (NULL, &end, length) : NULL;

  OPENSSL_free (bytes);
  return x509;
}

PCCERT_CONTEXT
drt_certificate_make (const DrtCertificatePlan *plan,
                      GError                  **error)
{
  g_autoptr (X509) made = build (plan);
  g_autoptr (X509) x509 = made != NULL ? decode (made) : NULL;
  X509 *authority = drt_certificate_get_x509 (plan->authority);
  STACK_OF (X509) *others = sk_X509_new_null ();
  PCCERT_CONTEXT certificate = NULL;

  if (x509 != NULL && others != NULL)
    {
      STACK_OF (X509) *above = drt_certificate_get_issuers (plan->authority);

      if (authority != NULL)
        sk_X509_push (others, authority);
      for (int i = 0; i < sk_X509_num (above); i++)
        sk_X509_push (others, sk_X509_value (above, i));
      certificate = drt_certificate_new (x509, plan->has_private ? plan->key : NULL, others);
    }
  sk_X509_free (others);
  if (x509 == NULL)
    unsuitable (error, "The certificate cannot be made, for example because the authority’s own has expired");
  else if (certificate == NULL)
    drt_certificate_set_no_memory (error);
  ERR_clear_error ();
  return certificate;
}

/* --- What is asked for --- */

gboolean
drt_certificate_days_are_fit (guint    days,
                              GError **error)
{
  if (days <= MAX_DAYS)
    return TRUE;
  unsuitable (error, "A certificate is good for 1 to 36500 days");
  return FALSE;
}

guint
drt_certificate_days (guint    days,
                      gboolean is_authority)
{
  return days != 0 ? days : is_authority ? DEFAULT_DAYS_AUTHORITY : DEFAULT_DAYS;
}

static PCCERT_CONTEXT
make_new (PCCERT_CONTEXT               authority,
          const DrtCertificateRequest *request,
          gboolean                     is_authority,
          GError                     **error)
{
  X509_NAME *subject = NULL;
  PCCERT_CONTEXT certificate = NULL;
  EVP_PKEY *key;

  if (!drt_certificate_name_is_fit (request->name, error) || !drt_certificate_days_are_fit (request->days, error))
    return NULL;
  key = drt_certificate_new_key (request->algorithm, error);
  if (key == NULL)
    return NULL;
  subject = X509_NAME_new ();
  if (subject != NULL && drt_certificate_set_name (subject, request->name, drt_certificate_algorithm_profile (request->algorithm)))
    certificate = drt_certificate_make (&(DrtCertificatePlan) {
      .authority = authority,
      .subject = subject,
      .key = key,
      .has_private = TRUE,
      .is_authority = is_authority,
      .path_length = -1,
      .days = drt_certificate_days (request->days, is_authority),
    }, error);
  else
    unsuitable (error, "The name cannot be written into a certificate");
  X509_NAME_free (subject);
  EVP_PKEY_free (key);
  return certificate;
}

/**
 * drt_certificate_new_authority:
 * @request: what it is to be; its `authority` does not matter
 * @error: (nullable)
 *
 * Makes what a mesh begins with: a key pair and the certificate that signs itself.
 *
 * Returns: (nullable): the certificate, with its private key
 */
PCCERT_CONTEXT
drt_certificate_new_authority (const DrtCertificateRequest *request,
                               GError                     **error)
{
  return make_new (NULL, request, TRUE, error);
}

/**
 * drt_certificate_issue:
 * @authority: an authority's certificate with its private key
 * @request: what it is to be; an algorithm of the authority's profile
 * @error: (nullable)
 *
 * Makes a key pair and its certificate, which is good no longer than the
 * authority's own.
 *
 * Returns: (nullable): the certificate, with its private key and chain
 */
PCCERT_CONTEXT
drt_certificate_issue (PCCERT_CONTEXT               authority,
                       const DrtCertificateRequest *request,
                       GError                     **error)
{
  if (!drt_certificate_can_issue (authority, error))
    return NULL;
  if (drt_certificate_algorithm_profile (request->algorithm) != drt_certificate_get_profile (authority))
    return unsuitable (error, "A mesh has keys of one profile: choose an algorithm of the authority’s");
  if (request->authority && X509_get_pathlen (drt_certificate_get_x509 (authority)) == 0)
    return unsuitable (error, "This authority may have no other authority beneath it");
  return make_new (authority, request, request->authority, error);
}

/**
 * drt_certificate_renew:
 * @authority: an authority's certificate with its private key; @certificate itself
 *   for one that signed itself
 * @certificate: what is to be good for longer
 * @days: from now on; 0 as in #DrtCertificateRequest
 * @error: (nullable)
 *
 * Returns: (nullable): a certificate of the same name and key, so of the same key
 *   of the ring, with the private key if @certificate has it
 */
PCCERT_CONTEXT
drt_certificate_renew (PCCERT_CONTEXT authority,
                       PCCERT_CONTEXT certificate,
                       guint          days,
                       GError       **error)
{
  X509 *x509 = drt_certificate_get_x509 (certificate);
  EVP_PKEY *private = drt_certificate_get_private_key (certificate);
  gboolean is_authority = x509 != NULL && drt_certificate_is_authority (x509);
  gboolean is_own = drt_certificate_equal (authority, certificate);

  if (!drt_certificate_can_issue (authority, error) || !drt_certificate_days_are_fit (days, error))
    return NULL;
  if (x509 == NULL || drt_certificate_get_profile (certificate) != drt_certificate_get_profile (authority))
    return unsuitable (error, "The key of the certificate is not of the authority’s profile");
  return drt_certificate_make (&(DrtCertificatePlan) {
    .authority = is_own ? NULL : authority,
    .subject = X509_get_subject_name (x509),
    .key = private != NULL ? private : X509_get0_pubkey (x509),
    .has_private = private != NULL,
    .is_authority = is_authority,
    .path_length = X509_get_pathlen (x509),
    .days = drt_certificate_days (days, is_authority),
  }, error);
}
