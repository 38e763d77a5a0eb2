/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-certificate.h"

/*
 * Checking a certificate chain completely.  The check never stops at the first
 * fault: the report has every certificate with every reason against it.  The
 * decoding and the signatures are OpenSSL's.
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
} DrtChainQuery;

typedef struct
{
  HRESULT hr;                        /* S_OK: good; DRT_E_INVALID_CERT_CHAIN, DRT_E_CAPABILITY_MISMATCH (wrong profile alone), DRT_E_INVALID_KEY (not derived alone) */
  GPtrArray *certificates;           /* of CERT_CONTEXT, by depth: member first, the root last where the chain reaches it */
  GArray *verdicts;                  /* of DrtChainVerdict, by depth, then by reason */
  gint64 time;                       /* what it was checked for */
  char *trouble;                     /* (nullable): how reading failed, where it did */
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
/* What it means, of this certificate: "The certificate of “alice” expired on 3 March 2026, 8 months ago." (transfer full) */
char           *drt_chain_verdict_describe (const DrtChainReport *report, const DrtChainVerdict *verdict) DRT_API;
/* What to do. */
const char     *drt_chain_reason_remedy    (DrtChainReason reason) DRT_API;
/* "X509_V_ERR_CERT_HAS_EXPIRED"; NULL where there is none. */
const char     *drt_chain_openssl_name     (int code) DRT_API;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DrtChainReport, drt_chain_report_free)

G_END_DECLS
