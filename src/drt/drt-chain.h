/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-certificate.h"

/*
 * Checking a certificate chain completely.  The check never stops at the first
 * fault: the report has every certificate with every reason against it.  The
 * decoding and the signatures are OpenSSL's.
 *
 * The way goes from the member's certificate to the root that was given, by the
 * certificates that came along; where two could be the issuer, the one whose key
 * made the signature is.  It ends at the root, at a certificate that names itself
 * as its issuer, or where no issuer is there.  A root that another authority has
 * signed is an end all the same: it was given.
 *
 * When a reason applies, where its name does not say it all:
 *
 *   expired, not yet valid     of every certificate on the way, the root's too
 *   self-signed, unknown root  only where the way ends elsewhere than at the root: a member's certificate, or an authority's
 *   issuer missing             an issuer of the right name but another key identifier is missing; without identifiers
 *                              it is there, and the signature is wrong.  X509_V_ERR_AKID_SKID_MISMATCH: the root
 *                              has the name, but another key
 *   issuer not an authority    no basic constraints with CA.  In profile 1.0 the root that was given needs none
 *   path too long              at the authority whose limit it is
 *   weak signature             made with SHA-1 or worse; in profile 1.0 worse than SHA-1.  What a certificate
 *                              that names itself as its issuer, or the root, signed of itself is not looked at
 *   weak key                   less than 112 bits of security; in profile 1.0 RSA below 1024 bits
 *   key usage                  an authority: must be permitted certificate signing; the member: digital signature (an
 *                              authority's certificate that is checked for itself: either; in a credential: digital
 *                              signature).  So does a critical extended key usage that is not "any"
 *   unknown extension          a critical one that is not heeded here, and name constraints and proxy certificates in
 *                              any case; also extensions that cannot be decoded, with X509_V_ERR_INVALID_EXTENSION:
 *                              what they limit (authority, usage) is not judged then
 *   revoked                    by a list that the certificate's issuer signed; also when the list's next update is
 *                              due: what is on it stays revoked
 *   wrong profile              2.0: a key that is neither Ed25519 nor P-256.  1.0: a certificate that is not as
 *                              [MC-DRT] §2.2.3.1.4.1 wants it: version 3, sha1WithRSAEncryption, RSA of 1024 bits with
 *                              the exponent 65537, a serial number of 16 bytes, no unique ids, names of at most 255
 *                              characters.  What is also weak by the measure of the profile asked for, as RSA-1024
 *                              and SHA-1 are in 2.0, is called weak besides; that alone makes no
 *                              DRT_E_INVALID_CERT_CHAIN of the DRT_E_CAPABILITY_MISMATCH
 *   too many                   of what a file or a credential has; it is not read then
 *   wrong passphrase           or none, where one is needed
 *   key mismatch               of drt_chain_check_bytes() and _file() only, beside what is said of the chain
 *   expires soon               of every certificate on the way
 */

G_BEGIN_DECLS

typedef enum
{
  DRT_REASON_EXPIRED,
  DRT_REASON_NOT_YET_VALID,
  DRT_REASON_SELF_SIGNED,            /* a member's certificate that signed itself */
  DRT_REASON_UNKNOWN_ROOT,           /* the chain ends at an authority that is not ours */
  DRT_REASON_ISSUER_MISSING,
  DRT_REASON_ISSUER_NOT_AUTHORITY,
  DRT_REASON_PATH_TOO_LONG,
  DRT_REASON_BAD_SIGNATURE,
  DRT_REASON_WEAK_SIGNATURE,
  DRT_REASON_WEAK_KEY,
  DRT_REASON_KEY_USAGE,
  DRT_REASON_UNKNOWN_EXTENSION,
  DRT_REASON_REVOKED,
  DRT_REASON_TOO_MANY,
  DRT_REASON_KEY_NOT_DERIVED,
  DRT_REASON_WRONG_PROFILE,
  DRT_REASON_NOT_A_CERTIFICATE,
  DRT_REASON_TRUNCATED,
  DRT_REASON_WRONG_PASSPHRASE,
  DRT_REASON_KEY_MISMATCH,           /* the private key is another certificate's */
  DRT_REASON_EXPIRES_SOON,           /* a warning: within 30 days; the chain is good */
  DRT_REASON_N
} DrtChainReason;

typedef struct
{
  guint depth;                       /* 0: the member's certificate; where the file could not be read, 0 */
  DrtChainReason reason;
  int openssl_code;                  /* X509_V_ERR_…; 0 where OpenSSL has none */
} DrtChainVerdict;

#define DRT_EXPIRES_SOON_DAYS 30

typedef struct
{
  PCCERT_CONTEXT root;               /* NULL: any self-signed authority at the end is taken, and nothing is said of it */
  DrtRevokeList *revoked;            /* (nullable) */
  DrtProfile profile;                /* asked for; NONE: that of the root, without a root that of the member */
  gint64 time;                       /* 0: now */
  const DrtKey *key;                 /* (nullable): that must derive from the member's certificate */
  gboolean brief;                    /* whether, not why: nothing more is looked at once a fault is known */
} DrtChainQuery;

typedef struct
{
  HRESULT hr;                        /* S_OK: good; DRT_E_INVALID_CERT_CHAIN, DRT_E_CAPABILITY_MISMATCH (wrong profile alone), DRT_E_INVALID_KEY (not derived alone); E_OUTOFMEMORY: nothing was found out */
  GPtrArray *certificates;           /* of CERT_CONTEXT, by depth: member first, the root last where the chain reaches it */
  GArray *verdicts;                  /* of DrtChainVerdict, by depth, then by reason */
  gint64 time;                       /* what it was checked for */
  DrtProfile profile;                /* the same */
  char *trouble;                     /* (nullable): how reading failed, where it did */
  gboolean from_stranger;            /* a credential that was checked against a root: what it leaves out is the root it has in mind */
} DrtChainReport;

DrtChainReport *drt_chain_check            (PCCERT_CONTEXT certificate, const DrtChainQuery *query) DRT_API;
/* What could not be read is a report without certificates. */
DrtChainReport *drt_chain_check_file       (const char *path, const char *passphrase, const DrtChainQuery *query) DRT_API;
DrtChainReport *drt_chain_check_bytes      (const guint8 *bytes, gsize length, const char *passphrase, const DrtChainQuery *query) DRT_API;
/* The credential a node sent, of either profile. */
DrtChainReport *drt_chain_check_credential (const guint8 *bytes, gsize length, const DrtChainQuery *query) DRT_API;
void            drt_chain_report_free      (DrtChainReport *report) DRT_API;
gboolean        drt_chain_report_has       (const DrtChainReport *report, guint depth, DrtChainReason reason) DRT_API;

/* Stable, for programs: "expired", "unknown-root", … */
const char     *drt_chain_reason_id        (DrtChainReason reason) DRT_API;
/* For a heading: "Expired". */
const char     *drt_chain_reason_title     (DrtChainReason reason) DRT_API;
/* Only DRT_REASON_EXPIRES_SOON is none. */
gboolean        drt_chain_reason_is_fault  (DrtChainReason reason) DRT_API;
/* For a heading, and what to do; of a stranger's credential, whose root is never in it, "Issuer missing" is "Unknown authority". */
const char     *drt_chain_verdict_title    (const DrtChainReport *report, const DrtChainVerdict *verdict) DRT_API;
const char     *drt_chain_verdict_remedy   (const DrtChainReport *report, const DrtChainVerdict *verdict) DRT_API;
/* What it means, of this certificate: "The certificate of “alice” expired on 3 March 2026, 8 months ago." (transfer full) */
char           *drt_chain_verdict_describe (const DrtChainReport *report, const DrtChainVerdict *verdict) DRT_API;
/* What to do. */
const char     *drt_chain_reason_remedy    (DrtChainReason reason) DRT_API;
/* "X509_V_ERR_CERT_HAS_EXPIRED"; NULL where there is none. */
const char     *drt_chain_openssl_name     (int code) DRT_API;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DrtChainReport, drt_chain_report_free)

G_END_DECLS
