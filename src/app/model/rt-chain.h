/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-certificate-file.h"
#include "rt-certificate.h"
#include "rt-mesh-settings.h"

G_BEGIN_DECLS

/* A chain of certificates that was checked; it never changes.  What was read from
 * a file or came from a node may be no certificate at all: then it has one
 * verdict and no certificates. */
#define RT_TYPE_CHAIN (rt_chain_get_type ())
G_DECLARE_FINAL_TYPE (RtChain, rt_chain, RT, CHAIN, GObject)

/* settings: (nullable): of the mesh whose root, revoke list and profile count */
RtChain    *rt_chain_new_for_file        (RtCertificateFile *file, RtMeshSettings *settings);
RtChain    *rt_chain_new_for_certificate (PCCERT_CONTEXT certificate, const char *source, RtMeshSettings *settings);
/* The mesh's own root. */
RtChain    *rt_chain_new_for_root        (RtCertificateFile *file);
/* source: who sent it */
RtChain    *rt_chain_new_for_credential  (GBytes *credential, const char *source, RtMeshSettings *settings);

HRESULT     rt_chain_get_hresult         (RtChain *self);
/* Of RtCertificate, the root first, the member last. */
GListModel *rt_chain_get_certificates    (RtChain *self);
/* Of RtVerdict: all of them, the member's first. */
GListModel *rt_chain_get_verdicts        (RtChain *self);
/* Of RtVerdict: those on no certificate that is there. */
GListModel *rt_chain_get_problems        (RtChain *self);
RtTrust     rt_chain_get_trust           (RtChain *self);
/* "This certificate is not accepted: 2 reasons" */
const char *rt_chain_get_summary         (RtChain *self);
/* What it was checked against, or that there was nothing. */
const char *rt_chain_get_against         (RtChain *self);
gboolean    rt_chain_is_root_known       (RtChain *self);
/* Where it came from: the name of a file, an address. */
const char *rt_chain_get_source          (RtChain *self);
/* The first fault's, for a field: (nullable): NULL when it is accepted. */
RtVerdict  *rt_chain_get_first_fault     (RtChain *self);
/* Why there is nothing to check, a sentence: (nullable). */
const char *rt_chain_get_failure         (RtChain *self);

G_END_DECLS
