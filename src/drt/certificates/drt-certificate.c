/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-certificate-private.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "drt-alloc.h"

#define PUBLIC_KEY_INFO_MAX 128     /* of Ed25519 it has 44 bytes, of P-256 91 */

/* Signatures that are tried to tell certificates of the same name apart. */
#define MAX_TRIALS 16

/* A code that only this room knows; for a program there is nothing to do about it. */
#define NO_MEMORY (-1)

/*
 * A certificate as it is held.  The program sees its CERT_CONTEXT, whose
 * hCertStore leads back here.  pCertInfo stays NULL: CERT_INFO is opaque in
 * drt.h, and drt_certificate_get_info() tells more.
 */

typedef struct
{
  CERT_CONTEXT context;
  int n_refs;
  X509 *x509;
  EVP_PKEY *key;              /* private; NULL: none */
  STACK_OF (X509) *issuers;   /* from its issuer upwards */
  int self_signature;         /* SelfSignature */
} DrtCertificate;

typedef enum
{
  SELF_SIGNATURE_UNKNOWN,
  SELF_SIGNATURE_GOOD,
  SELF_SIGNATURE_BAD,
} SelfSignature;

G_DEFINE_QUARK (drt-certificate-error-quark, drt_certificate_error)

void
drt_certificate_set_error (GError            **error,
                           DrtCertificateError code,
                           const char         *format,
                           ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (DRT_CERTIFICATE_ERROR, code, format, arguments);
  va_end (arguments);
  ERR_clear_error ();
}

void
drt_certificate_set_no_memory (GError **error)
{
  if (error != NULL)
    *error = g_error_new_literal (DRT_CERTIFICATE_ERROR, NO_MEMORY, "There is not enough memory");
  ERR_clear_error ();
}

gboolean
drt_certificate_is_no_memory (const GError *error)
{
  return g_error_matches (error, DRT_CERTIFICATE_ERROR, NO_MEMORY);
}

static DrtCertificate *
get (PCCERT_CONTEXT certificate)
{
  return certificate != NULL ? certificate->hCertStore : NULL;
}

gboolean
drt_certificate_names_issuer (X509 *x509,
                              X509 *issuer)
{
  const ASN1_OCTET_STRING *wanted = X509_get0_authority_key_id (x509);
  const ASN1_OCTET_STRING *there = X509_get0_subject_key_id (issuer);
  const ASN1_INTEGER *serial = X509_get0_authority_serial (x509);

  return X509_NAME_cmp (X509_get_issuer_name (x509), X509_get_subject_name (issuer)) == 0 &&
         (wanted == NULL || there == NULL || ASN1_OCTET_STRING_cmp (wanted, there) == 0) &&
         (serial == NULL || ASN1_INTEGER_cmp (serial, X509_get0_serialNumber (issuer)) == 0);
}

gboolean
drt_certificate_verify (X509 *x509,
                        X509 *issuer)
{
  EVP_PKEY *key = X509_get0_pubkey (issuer);
  gboolean good = key != NULL && X509_verify (x509, key) == 1;

  if (!good)
    ERR_clear_error ();
  return good;
}

/* Of @candidates, the one that issued @x509: one whose key made the signature before
 * one that only has the name.  Only where there is a choice a signature is worth
 * the time, and not more often than @trials, because the candidates may be a
 * stranger's. */
static X509 *
find_issuer (X509            *x509,
             STACK_OF (X509) *candidates,
             guint           *trials)
{
  X509 *found = NULL;
  gboolean is_first = TRUE;

  for (int i = 0; i < sk_X509_num (candidates); i++)
    {
      X509 *candidate = sk_X509_value (candidates, i);

      if (!drt_certificate_names_issuer (x509, candidate))
        continue;
      if (found == NULL)
        {
          found = candidate;
          continue;
        }
      if (*trials < 2)
        break;
      if (is_first)
        {
          (*trials)--;
          is_first = FALSE;
          if (drt_certificate_verify (x509, found))
            break;
        }
      (*trials)--;
      if (drt_certificate_verify (x509, candidate))
        return candidate;
    }
  return found;
}

static gboolean
contains (STACK_OF (X509) *stack,
          X509            *x509)
{
  for (int i = 0; i < sk_X509_num (stack); i++)
    if (X509_cmp (sk_X509_value (stack, i), x509) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
push_ref (STACK_OF (X509) *stack,
          X509            *x509)
{
  if (sk_X509_push (stack, x509) == 0)
    return FALSE;
  X509_up_ref (x509);
  return TRUE;
}

/* Those of @others above @x509, the nearest first.  NULL: no memory. */
static STACK_OF (X509) *
order_issuers (X509            *x509,
               STACK_OF (X509) *others,
               gboolean         in_order)
{
  STACK_OF (X509) *issuers = sk_X509_new_null ();
  X509 *at = x509;
  guint trials = MAX_TRIALS;

  if (issuers == NULL)
    return NULL;
  for (int i = 0; !drt_certificate_names_issuer (at, at); i++)
    {
      X509 *next = in_order ? sk_X509_value (others, i) : NULL;
      X509 *issuer = !in_order ? find_issuer (at, others, &trials)
                     : next != NULL && drt_certificate_names_issuer (at, next) ? next : NULL;

      /* Two that issued one another are no chain */
      if (issuer == NULL || X509_cmp (issuer, x509) == 0 || contains (issuers, issuer))
        break;
      if (!push_ref (issuers, issuer))
        {
          drt_x509_stack_free (issuers);
          return NULL;
        }
      at = issuer;
    }
  return issuers;
}

static void
free_certificate (DrtCertificate *self)
{
  X509_free (self->x509);
  EVP_PKEY_free (self->key);
  drt_x509_stack_free (self->issuers);
  g_free (self->context.pbCertEncoded);
  g_free (self);
}

static gboolean
encode (DrtCertificate *self)
{
  int length = i2d_X509 (self->x509, NULL);
  guint8 *end;

  if (length <= 0)
    return FALSE;
  self->context.pbCertEncoded = drt_try_malloc (length);
  if (self->context.pbCertEncoded == NULL)
    return FALSE;
  end = self->context.pbCertEncoded;
  self->context.cbCertEncoded = i2d_X509 (self->x509, &end);
  return TRUE;
}

static PCCERT_CONTEXT
new_certificate (X509            *x509,
                 EVP_PKEY        *key,
                 STACK_OF (X509) *others,
                 gboolean         in_order)
{
  DrtCertificate *self = drt_try_alloc (sizeof (DrtCertificate));

  if (self == NULL)
    return NULL;
  self->n_refs = 1;
  self->context.dwCertEncodingType = X509_ASN_ENCODING;
  self->context.hCertStore = self;
  X509_up_ref (x509);
  self->x509 = x509;
  if (key != NULL)
    EVP_PKEY_up_ref (key);
  self->key = key;
  self->issuers = order_issuers (x509, others, in_order);
  if (self->issuers == NULL || !encode (self))
    {
      ERR_clear_error ();
      free_certificate (self);
      return NULL;
    }
  return &self->context;
}

PCCERT_CONTEXT
drt_certificate_new (X509            *x509,
                     EVP_PKEY        *key,
                     STACK_OF (X509) *others)
{
  return new_certificate (x509, key, others, FALSE);
}

PCCERT_CONTEXT
drt_certificate_new_in_order (X509            *x509,
                              STACK_OF (X509) *others)
{
  return new_certificate (x509, NULL, others, TRUE);
}

/**
 * drt_certificate_ref:
 * @certificate: (nullable)
 *
 * Returns: (nullable): @certificate, to be given to drt_certificate_unref(); of a
 *   CERT_CONTEXT the program filled in by itself a new one made from its
 *   encoding, NULL when that is no certificate
 */
PCCERT_CONTEXT
drt_certificate_ref (PCCERT_CONTEXT certificate)
{
  DrtCertificate *self = get (certificate);

  if (self != NULL)
    {
      g_atomic_int_inc (&self->n_refs);
      return &self->context;
    }
  if (certificate == NULL || certificate->pbCertEncoded == NULL)
    return NULL;
  return drt_certificate_parse (certificate->pbCertEncoded, certificate->cbCertEncoded, NULL, NULL);
}

/**
 * drt_certificate_unref:
 * @certificate: (nullable)
 *
 * What the program filled in by itself is left alone.
 */
void
drt_certificate_unref (PCCERT_CONTEXT certificate)
{
  DrtCertificate *self = get (certificate);

  if (self != NULL && g_atomic_int_dec_and_test (&self->n_refs))
    free_certificate (self);
}

X509 *
drt_certificate_get_x509 (PCCERT_CONTEXT certificate)
{
  DrtCertificate *self = get (certificate);

  return self != NULL ? self->x509 : NULL;
}

EVP_PKEY *
drt_certificate_get_public_key (PCCERT_CONTEXT certificate)
{
  DrtCertificate *self = get (certificate);
  EVP_PKEY *key = self != NULL ? X509_get0_pubkey (self->x509) : NULL;

  if (key == NULL)
    ERR_clear_error ();
  return key;
}

EVP_PKEY *
drt_certificate_get_private_key (PCCERT_CONTEXT certificate)
{
  DrtCertificate *self = get (certificate);

  return self != NULL ? self->key : NULL;
}

STACK_OF (X509) *
drt_certificate_get_issuers (PCCERT_CONTEXT certificate)
{
  DrtCertificate *self = get (certificate);

  return self != NULL ? self->issuers : NULL;
}

gboolean
drt_certificate_is_authority (X509 *x509)
{
  guint32 flags = X509_get_extension_flags (x509);

  return (flags & EXFLAG_BCONS) != 0 && (flags & EXFLAG_CA) != 0;
}

gboolean
drt_certificate_has_private_key (PCCERT_CONTEXT certificate)
{
  return drt_certificate_get_private_key (certificate) != NULL;
}

static void
unref_element (gpointer certificate)
{
  drt_certificate_unref (certificate);
}

/**
 * drt_certificate_get_chain:
 * @certificate: a certificate
 *
 * Returns: (transfer full) (element-type CERT_CONTEXT): it and what came with it
 *   above it; empty for a CERT_CONTEXT the program filled in by itself, which
 *   has nothing attached
 */
GPtrArray *
drt_certificate_get_chain (PCCERT_CONTEXT certificate)
{
  GPtrArray *chain = g_ptr_array_new_with_free_func (unref_element);
  DrtCertificate *self = get (certificate);

  if (self == NULL)
    return chain;
  g_ptr_array_add (chain, (gpointer) drt_certificate_ref (certificate));
  for (int i = 0; i < sk_X509_num (self->issuers); i++)
    {
      PCCERT_CONTEXT issuer = drt_certificate_new (sk_X509_value (self->issuers, i), NULL, self->issuers);

      if (issuer == NULL)
        break;
      g_ptr_array_add (chain, (gpointer) issuer);
    }
  return chain;
}

/**
 * drt_certificate_equal:
 * @a: (nullable): a certificate
 * @b: (nullable): a certificate
 *
 * Returns: whether they are the same, byte for byte; what came with them does
 *   not matter
 */
gboolean
drt_certificate_equal (PCCERT_CONTEXT a,
                       PCCERT_CONTEXT b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return a->cbCertEncoded == b->cbCertEncoded &&
         (a->cbCertEncoded == 0 || memcmp (a->pbCertEncoded, b->pbCertEncoded, a->cbCertEncoded) == 0);
}

/* P-256 by its name; the same curve written out is not what the profile means. */
static gboolean
is_p256 (EVP_PKEY *key)
{
  char name[32];
  int explicit_parameters = 0;

  return EVP_PKEY_get_group_name (key, name, sizeof name, NULL) == 1 &&
         (strcmp (name, SN_X9_62_prime256v1) == 0 || strcmp (name, "P-256") == 0) &&
         (EVP_PKEY_get_int_param (key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit_parameters) != 1 ||
          explicit_parameters == 0);
}

DrtKeyAlgorithm
drt_certificate_key_algorithm (EVP_PKEY *key)
{
  DrtKeyAlgorithm algorithm = DRT_KEY_ALGORITHM_OTHER;

  if (key == NULL)
    return algorithm;
  if (EVP_PKEY_is_a (key, "ED25519"))
    algorithm = DRT_KEY_ALGORITHM_ED25519;
  else if (EVP_PKEY_is_a (key, "EC") && is_p256 (key))
    algorithm = DRT_KEY_ALGORITHM_P256;
  else if (EVP_PKEY_is_a (key, "RSA") && EVP_PKEY_get_bits (key) == 1024)
    algorithm = DRT_KEY_ALGORITHM_RSA1024;
  ERR_clear_error ();
  return algorithm;
}

DrtProfile
drt_certificate_algorithm_profile (DrtKeyAlgorithm algorithm)
{
  switch (algorithm)
    {
    case DRT_KEY_ALGORITHM_ED25519:
    case DRT_KEY_ALGORITHM_P256:
      return DRT_PROFILE_2_0;
    case DRT_KEY_ALGORITHM_RSA1024:
      return DRT_PROFILE_1_0;
    case DRT_KEY_ALGORITHM_OTHER:
    default:
      return DRT_PROFILE_NONE;
    }
}

DrtProfile
drt_certificate_key_profile (EVP_PKEY *key)
{
  return drt_certificate_algorithm_profile (drt_certificate_key_algorithm (key));
}

DrtProfile
drt_certificate_get_profile (PCCERT_CONTEXT certificate)
{
  return drt_certificate_key_profile (drt_certificate_get_public_key (certificate));
}

/* Profile 2.0: the whole SubjectPublicKeyInfo (PROFILE-2.0.md 2).  Profile 1.0: the
 * content of subjectPublicKey, which is what PUBLIC_KEY has as PublicKey Data
 * ([MC-DRT] §2.2.3.1.5.1.1); the specification does not say what is hashed, its
 * ancestor [MS-PNRP] hashes that. */
gboolean
drt_certificate_derive_key (const X509_PUBKEY *public_key,
                            DrtKey            *key)
{
  DrtProfile profile = drt_certificate_key_profile (X509_PUBKEY_get0 (public_key));
  guint8 made[PUBLIC_KEY_INFO_MAX];
  const guint8 *bytes = made;
  int length;

  if (profile == DRT_PROFILE_1_0)
    {
      if (X509_PUBKEY_get0_param (NULL, &bytes, &length, NULL, public_key) != 1)
        return FALSE;
    }
  else if (profile == DRT_PROFILE_2_0)
    {
      guint8 *end = made;

      length = i2d_X509_PUBKEY (public_key, NULL);
      if (length <= 0 || length > PUBLIC_KEY_INFO_MAX)
        return FALSE;
      length = i2d_X509_PUBKEY (public_key, &end);
    }
  else
    return FALSE;

  return EVP_Digest (bytes, length, key->b, NULL, EVP_sha256 (), NULL) == 1;
}

gboolean
drt_certificate_get_key (PCCERT_CONTEXT certificate,
                         DrtKey        *key)
{
  X509 *x509 = drt_certificate_get_x509 (certificate);

  return x509 != NULL && drt_certificate_derive_key (X509_get_X509_PUBKEY (x509), key);
}

gboolean
drt_certificate_get_time (const ASN1_TIME *time,
                          gint64          *seconds)
{
  struct tm parts;

  if (time == NULL || ASN1_TIME_to_tm (time, &parts) != 1)
    {
      ERR_clear_error ();
      return FALSE;
    }
  *seconds = timegm (&parts);
  return TRUE;
}

gboolean
drt_certificate_self_verify (PCCERT_CONTEXT certificate)
{
  DrtCertificate *self = get (certificate);
  SelfSignature signature;

  if (self == NULL)
    return FALSE;
  signature = g_atomic_int_get (&self->self_signature);
  if (signature == SELF_SIGNATURE_UNKNOWN)
    {
      signature = drt_certificate_verify (self->x509, self->x509) ? SELF_SIGNATURE_GOOD : SELF_SIGNATURE_BAD;
      g_atomic_int_set (&self->self_signature, signature);
    }
  return signature == SELF_SIGNATURE_GOOD;
}
