/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-chain-private.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "drt-revoke-list-private.h"

/*
 * The reasons against one certificate, each looked for whether or not another was
 * found.  X509_verify_cert() finds most of them, but not all at every depth, and
 * knows neither profile; so each is asked of OpenSSL here by itself, with the
 * code X509_verify_cert() has for it.
 */

#define STRONG_BITS      112    /* NIST SP 800-57, until 2030 and on */

static void
say (DrtChainCheck *check,
     guint          depth,
     DrtChainReason reason,
     int            openssl_code)
{
  drt_chain_verdict (check->verdicts, depth, reason, openssl_code);
}

static gboolean
is_root (const DrtChainCheck *check,
         guint                depth)
{
  return check->reaches_root && depth == check->n - 1;
}

/* --- Time --- */

static void
judge_time (DrtChainCheck *check,
            guint          depth)
{
  X509 *x509 = check->path[depth];
  gint64 from, until;

  if (!drt_certificate_get_time (X509_get0_notBefore (x509), &from))
    say (check, depth, DRT_REASON_NOT_YET_VALID, X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD);
  else if (from > check->now)
    say (check, depth, DRT_REASON_NOT_YET_VALID, X509_V_ERR_CERT_NOT_YET_VALID);

  if (!drt_certificate_get_time (X509_get0_notAfter (x509), &until))
    say (check, depth, DRT_REASON_EXPIRED, X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD);
  else if (until < check->now)
    say (check, depth, DRT_REASON_EXPIRED, X509_V_ERR_CERT_HAS_EXPIRED);
  else if (until < check->now + DRT_EXPIRES_SOON_DAYS * DRT_SECONDS_PER_DAY)
    say (check, depth, DRT_REASON_EXPIRES_SOON, 0);
}

/* --- What it may be used for --- */

/* The root that was given is an authority by being given; in profile 1.0 it need not
 * say so, because those of Windows' sample do not. */
static gboolean
is_authority (const DrtChainCheck *check,
              guint                depth)
{
  X509 *x509 = check->path[depth];

  if (drt_certificate_is_authority (x509))
    return TRUE;
  return check->profile == DRT_PROFILE_1_0 && is_root (check, depth) &&
         X509_get_ext_by_NID (x509, NID_basic_constraints, -1) < 0;
}

static gboolean
is_self_issued (X509 *x509)
{
  return X509_NAME_cmp (X509_get_subject_name (x509), X509_get_issuer_name (x509)) == 0;
}

/* Authorities between this one and the member's certificate; one that renewed itself is not counted (RFC 5280, 6.1). */
static long
count_below (const DrtChainCheck *check,
             guint                depth)
{
  long n = 0;

  for (guint i = 1; i < depth; i++)
    if (!is_self_issued (check->path[i]))
      n++;
  return n;
}

static void
judge_authority (DrtChainCheck *check,
                 guint          depth)
{
  X509 *x509 = check->path[depth];
  long path_length = X509_get_pathlen (x509);

  if (!is_authority (check, depth))
    say (check, depth, DRT_REASON_ISSUER_NOT_AUTHORITY, X509_V_ERR_INVALID_CA);
  else if (path_length >= 0 && count_below (check, depth) > path_length)
    say (check, depth, DRT_REASON_PATH_TOO_LONG, X509_V_ERR_PATH_LENGTH_EXCEEDED);
}

/* An extended key usage that must be heeded, and does not say "any": there is none for a mesh. */
static gboolean
is_for_something_else (X509 *x509)
{
  int place = X509_get_ext_by_NID (x509, NID_ext_key_usage, -1);

  return place >= 0 && X509_EXTENSION_get_critical (X509_get_ext (x509, place)) == 1 &&
         (X509_get_extended_key_usage (x509) & XKU_ANYEKU) == 0;
}

static void
judge_usage (DrtChainCheck *check,
             guint          depth)
{
  X509 *x509 = check->path[depth];
  guint32 usage = X509_get_key_usage (x509);     /* all bits where nothing is said */
  gboolean signs_certificates = (usage & KU_KEY_CERT_SIGN) != 0;
  gboolean signs_messages = (usage & KU_DIGITAL_SIGNATURE) != 0;

  if (depth > 0)
    {
      if (!signs_certificates)
        say (check, depth, DRT_REASON_KEY_USAGE, X509_V_ERR_KEYUSAGE_NO_CERTSIGN);
    }
  else if (!signs_messages && (check->sends || !signs_certificates || !drt_certificate_is_authority (x509)))
    say (check, depth, DRT_REASON_KEY_USAGE, X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE);
  else if (is_for_something_else (x509))
    say (check, depth, DRT_REASON_KEY_USAGE, X509_V_ERR_INVALID_PURPOSE);
}

/* --- Extensions --- */

/* Those that are heeded here, and those that ask for nothing. */
static gboolean
is_known (int nid)
{
  switch (nid)
    {
    case NID_basic_constraints:
    case NID_key_usage:
    case NID_ext_key_usage:
    case NID_subject_key_identifier:
    case NID_authority_key_identifier:
    case NID_subject_alt_name:
    case NID_issuer_alt_name:
    case NID_certificate_policies:
    case NID_crl_distribution_points:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Limits that are to be heeded even where they are not marked so. */
static gboolean
is_limit (int nid)
{
  return nid == NID_name_constraints || nid == NID_proxyCertInfo;
}

static void
judge_extensions (DrtChainCheck *check,
                  guint          depth)
{
  X509 *x509 = check->path[depth];
  gboolean understood = TRUE;

  for (int i = 0; understood && i < X509_get_ext_count (x509); i++)
    {
      X509_EXTENSION *extension = X509_get_ext (x509, i);
      int nid = OBJ_obj2nid (X509_EXTENSION_get_object (extension));

      understood = is_known (nid) || !(is_limit (nid) || X509_EXTENSION_get_critical (extension));
    }
  if (!understood)
    say (check, depth, DRT_REASON_UNKNOWN_EXTENSION, X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION);
  else if (X509_get_extension_flags (x509) & EXFLAG_INVALID)
    say (check, depth, DRT_REASON_UNKNOWN_EXTENSION, X509_V_ERR_INVALID_EXTENSION);
}

/* --- Strength and profile --- */

static void
judge_key_strength (DrtChainCheck *check,
                    guint          depth)
{
  EVP_PKEY *key = X509_get0_pubkey (check->path[depth]);
  gboolean weak;

  if (key == NULL)
    return;
  if (check->profile == DRT_PROFILE_1_0)
    weak = EVP_PKEY_is_a (key, "RSA") ? EVP_PKEY_get_bits (key) < 1024 : EVP_PKEY_get_security_bits (key) < 80;
  else
    weak = EVP_PKEY_get_security_bits (key) < STRONG_BITS;
  if (weak)
    say (check, depth, DRT_REASON_WEAK_KEY, depth == 0 ? X509_V_ERR_EE_KEY_TOO_SMALL : X509_V_ERR_CA_KEY_TOO_SMALL);
}

/* What a certificate says of itself protects nothing, however strong. */
static void
judge_signature_strength (DrtChainCheck *check,
                          guint          depth)
{
  X509 *x509 = check->path[depth];
  int bits = 0, digest = NID_undef;

  if (is_root (check, depth) || drt_certificate_names_issuer (x509, x509) ||
      X509_get_signature_info (x509, &digest, NULL, &bits, NULL) != 1)
    return;
  if (check->profile == DRT_PROFILE_1_0 ? bits < 112 && digest != NID_sha1 : bits < STRONG_BITS)
    say (check, depth, DRT_REASON_WEAK_SIGNATURE, X509_V_ERR_CA_MD_TOO_WEAK);
}

static gboolean
is_of_profile_2_0 (X509 *x509)
{
  DrtKeyAlgorithm algorithm = drt_certificate_key_algorithm (X509_get0_pubkey (x509));

  return algorithm == DRT_KEY_ALGORITHM_ED25519 || algorithm == DRT_KEY_ALGORITHM_P256;
}

static void
judge_profile (DrtChainCheck *check,
               guint          depth)
{
  X509 *x509 = check->path[depth];

  if (!(check->profile == DRT_PROFILE_1_0 ? drt_certificate_is_of_profile_1 (x509) : is_of_profile_2_0 (x509)))
    say (check, depth, DRT_REASON_WRONG_PROFILE, 0);
}

void
drt_chain_judge (DrtChainCheck *check,
                 guint          depth)
{
  judge_time (check, depth);
  judge_extensions (check, depth);
  /* Of extensions that cannot be decoded OpenSSL says nothing but that */
  if ((X509_get_extension_flags (check->path[depth]) & EXFLAG_INVALID) == 0)
    {
      if (depth > 0)
        judge_authority (check, depth);
      judge_usage (check, depth);
    }
  judge_key_strength (check, depth);
  judge_signature_strength (check, depth);
  judge_profile (check, depth);
}

/* --- Who signed it, and whether he took it back --- */

void
drt_chain_judge_signature (DrtChainCheck *check,
                           guint          depth)
{
  X509 *x509 = check->path[depth];
  X509 *issuer = depth + 1 < check->n ? check->path[depth + 1] : NULL;
  EVP_PKEY *key;

  if (issuer == NULL && !drt_certificate_names_issuer (x509, x509))
    return;     /* whoever it was */
  if (issuer == NULL)
    {
      gboolean good = is_root (check, depth) ? drt_certificate_self_verify (check->query->root)
                      : depth == 0           ? drt_certificate_self_verify (check->member)
                                             : (key = X509_get0_pubkey (x509)) != NULL && X509_verify (x509, key) == 1;

      if (!good)
        say (check, depth, DRT_REASON_BAD_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE);
      issuer = x509;
    }
  else if ((key = X509_get0_pubkey (issuer)) == NULL)
    say (check, depth, DRT_REASON_BAD_SIGNATURE, X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY);
  else if (X509_verify (x509, key) != 1)
    say (check, depth, DRT_REASON_BAD_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE);

  if (check->query->revoked != NULL && drt_revoke_list_revokes (check->query->revoked, x509, issuer))
    say (check, depth, DRT_REASON_REVOKED, X509_V_ERR_CERT_REVOKED);
}
