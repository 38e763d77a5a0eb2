/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core-testing.h"
#include "drt-derived-key.h"

/*
 * A mesh in virtual time whose members have real certificates and the derived key
 * provider.  The time of day goes with the mesh's.
 */

G_BEGIN_DECLS

#define CERTIFIED_MAX 40

typedef struct
{
  PCCERT_CONTEXT certificate;
  DRT_SECURITY_PROVIDER *provider;
  VirtualNode *node;
  DrtKey key;
} CertifiedNode;

typedef struct
{
  VirtualMesh *mesh;
  DrtKeyAlgorithm algorithm;
  PCCERT_CONTEXT root;
  GPtrArray *authorities;        /* of CERT_CONTEXT: between root and members, the last issues */
  guint n;
  CertifiedNode nodes[CERTIFIED_MAX];
  gint64 started;                /* time of day, less the mesh's */
} CertifiedMesh;

/* Members know the first as they come; nobody is open yet.  With Ed25519, or another
 * algorithm: RSA for profile 1.0. */
CertifiedMesh      *certified_mesh_new   (DRT_SECURITY_MODE mode, guint n_authorities);
CertifiedMesh      *certified_mesh_new_of (DrtKeyAlgorithm algorithm, DRT_SECURITY_MODE mode, guint n_authorities);
void                certified_mesh_free  (CertifiedMesh *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CertifiedMesh, certified_mesh_free)

CertifiedNode      *certified_mesh_add   (CertifiedMesh *self);
/* With a certificate of somebody else's; takes the reference. */
CertifiedNode      *certified_mesh_add_with (CertifiedMesh *self, PCCERT_CONTEXT root, PCCERT_CONTEXT certificate);
void                certified_node_open  (CertifiedNode *node, const char *payload);
/* @n of them, open, for as long as it takes to know one another. */
void                certified_mesh_fill  (CertifiedMesh *self, guint n);
guint               certified_search     (CertifiedNode *from, const DrtKey *key);
DrtSecurityCounters certified_count      (const CertifiedNode *node);
DrtSecurityCounters certified_count_all  (const CertifiedMesh *self);

/* With Ed25519. */
PCCERT_CONTEXT      certified_authority  (PCCERT_CONTEXT issuer, const char *name);
PCCERT_CONTEXT      certified_issue      (PCCERT_CONTEXT issuer, const char *name, guint days);

G_END_DECLS
