/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-glib.h"
#include "drt-observe.h"
#include "drt-security.h"

/*
 * A mesh to be measured: real nodes on [::1], each with a key, and searches of one
 * for the key of another, one at a time.
 */

typedef struct
{
  const char *name;             /* "2.0 P-256" */
  const char *id;               /* "2.0-p256" */
  DrtProfile profile;           /* NONE: the null provider */
  DrtKeyAlgorithm algorithm;
} CliBenchProvider;

/* A mesh authority and a certificate for each node; the null provider has none. */
typedef struct
{
  const CliBenchProvider *provider;
  PCCERT_CONTEXT authority;
  GPtrArray *members;           /* of CERT_CONTEXT */
} CliBenchCertificates;

gboolean cli_bench_certificates_make   (CliBenchCertificates *certificates, const CliBenchProvider *provider,
                                        guint n_members, GError **error);
void     cli_bench_certificates_clear  (CliBenchCertificates *certificates);
HRESULT  cli_bench_provider_new        (const CliBenchCertificates *certificates, guint member,
                                        DRT_SECURITY_PROVIDER **provider);
void     cli_bench_provider_free       (const CliBenchProvider *kind, DRT_SECURITY_PROVIDER *provider);

/* What all nodes of a mesh have done so far. */
typedef struct
{
  guint64 datagrams;
  guint64 bytes;                /* UDP payload */
  DrtSecurityCounters security;
} CliBenchCounters;

typedef struct _CliBenchMesh CliBenchMesh;

CliBenchMesh *cli_bench_mesh_new          (const CliBenchCertificates *certificates, DRT_SECURITY_MODE mode,
                                           guint n_nodes, HRESULT *hr);
void          cli_bench_mesh_free         (CliBenchMesh *mesh);
gboolean      cli_bench_mesh_is_complete  (CliBenchMesh *mesh);
void          cli_bench_mesh_get_counters (CliBenchMesh *mesh, CliBenchCounters *counters);
gboolean      cli_bench_mesh_warm         (CliBenchMesh *mesh, gint64 deadline);
guint         cli_bench_mesh_search       (CliBenchMesh *mesh, guint n);
