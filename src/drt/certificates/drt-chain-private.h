/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-certificate-private.h"
#include "drt-chain.h"

/* A check of a chain while it is made. */

G_BEGIN_DECLS

/* The certificates below the root, and the root. */
#define DRT_CHAIN_PATH_MAX (DRT_CHAIN_MAX + 1)

typedef struct
{
  const DrtChainQuery *query;
  gint64 now;
  DrtProfile profile;
  gboolean sends;                  /* what comes first signs messages, whatever else it may do */
  PCCERT_CONTEXT member;
  X509 *path[DRT_CHAIN_PATH_MAX];  /* borrowed: member first */
  guint n;
  gboolean reaches_root;           /* the last of them is the one asked for */
  GArray *verdicts;
} DrtChainCheck;

void drt_chain_verdict       (GArray *verdicts, guint depth, DrtChainReason reason, int openssl_code);
/* The reasons against one certificate, from what it says itself. */
void drt_chain_judge         (DrtChainCheck *check, guint depth);
/* The one against its signature. */
void drt_chain_judge_signature (DrtChainCheck *check, guint depth);

/* As drt_chain_check(), of a certificate whose owner signs messages with it: an authority has to be allowed to. */
DrtChainReport *drt_chain_check_sender (PCCERT_CONTEXT certificate, const DrtChainQuery *query);
/* A report without certificates. */
DrtChainReport *drt_chain_report_unreadable (DrtChainReason reason, int openssl_code, const char *trouble);
/* One that says nothing of what was to be checked. */
DrtChainReport *drt_chain_report_no_memory (void);
void drt_chain_report_close  (DrtChainReport *report);

G_END_DECLS
