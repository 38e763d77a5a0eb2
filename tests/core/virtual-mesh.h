/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-node-private.h"
#include "lab-mesh.h"

/*
 * A small mesh of the laboratory for tests that look into the cores: its nodes
 * stay when they are dead, each has a security provider and a bootstrap of its
 * own, and tests may call any function of drt-node.h on them between two runs.
 */

G_BEGIN_DECLS

typedef struct _VirtualMesh VirtualMesh;

typedef struct
{
  VirtualMesh *mesh;
  guint index;
  LabNode *lab;
  gboolean dead;                 /* receives and sends nothing any more */
  DrtNode *node;
  DrtEndpoint endpoint;
  DRT_SECURITY_PROVIDER *security;
  gboolean own_security;         /* a null provider of this mesh */
  GArray *bootstrap;             /* of guint: indices of the nodes its bootstrap names */
  HRESULT bootstrap_hr;          /* what its bootstrap ends with */
  guint n_bootstraps;            /* so often it was asked */
  guint n_split_bootstraps;      /* of these: to detect splits */

  gboolean has_status;
  DRT_STATUS status;
  HRESULT status_hr;
  guint n_status_events;
  guint n_status_bootstrap;      /* addresses the last status event carried */
  guint n_leaves_added;
  guint n_leaves_removed;
  guint n_unresolvable;
} VirtualNode;

struct _VirtualMesh
{
  LabMesh *lab;
  GRand *rand;                   /* the laboratory's */
  gint64 now;
  double loss;                   /* of each datagram, 0 .. 1 */
  gint64 delay_min;              /* microseconds */
  gint64 delay_max;
  DRT_SECURITY_MODE mode;
  gboolean binds;                /* of the nodes added from now on, as @mode */
  GPtrArray *nodes;              /* of VirtualNode */
  guint64 n_sent;
  gboolean (*filter) (VirtualMesh *mesh, VirtualNode *from, const DrtEndpoint *to, const guint8 *bytes, gsize length, gpointer data);
  gpointer filter_data;          /* @filter returns FALSE: the datagram is lost */
};

VirtualMesh *virtual_mesh_new        (guint32 seed);
void         virtual_mesh_free       (VirtualMesh *mesh);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VirtualMesh, virtual_mesh_free)

/* A node that is not open yet. */
VirtualNode *virtual_mesh_add        (VirtualMesh *mesh);
/* With an attached provider, which outlives the mesh. */
VirtualNode *virtual_mesh_add_with   (VirtualMesh *mesh, DRT_SECURITY_PROVIDER *security);
VirtualNode *virtual_mesh_get        (VirtualMesh *mesh, guint i);
void         virtual_node_open       (VirtualNode *node);
void         virtual_node_knows      (VirtualNode *node, VirtualNode *other);
void         virtual_node_register   (VirtualNode *node, const DrtKey *key, const char *payload);
void         virtual_node_kill       (VirtualNode *node);
void         virtual_node_touch      (VirtualNode *node);
void         virtual_mesh_random_key (VirtualMesh *mesh, DrtKey *key);

/* Time goes on until @done says so or @limit microseconds have passed.  A @done that
 * calls a core has to call virtual_node_touch() for it. */
typedef gboolean (*VirtualDone) (VirtualMesh *mesh, gpointer data);
gboolean     virtual_mesh_run        (VirtualMesh *mesh, gint64 limit, VirtualDone done, gpointer data);
/* Bytes from anybody to anybody, delivered at once. */
void         virtual_mesh_inject     (VirtualMesh *mesh, const DrtEndpoint *from, VirtualNode *to, const guint8 *bytes, gsize length);

/* A search, run to its end. */
typedef struct
{
  DrtResolve *resolve;
  guint n_found;
  DrtKey key;                    /* the last found */
  char *payload;
  gboolean local;
  gboolean finished;
  HRESULT hr;
  guint n_intermediate;
  guint n_hops;
  DrtObservedHop hops[64];
} VirtualSearch;

void         virtual_search_exact    (VirtualNode *node, const DrtKey *key, VirtualSearch *search);
void         virtual_search_nearest  (VirtualNode *node, const DrtKey *key, VirtualSearch *search);
void         virtual_search_run      (VirtualNode *node, const DrtResolveQuery *query, VirtualSearch *search);
void         virtual_search_clear    (VirtualSearch *search);

/* What the sorted list of all living keys says the leaf set must be. */
void         virtual_mesh_expected_leaves (VirtualMesh *mesh, VirtualNode *of, const DrtKey *local, DrtLeafSet *leaves);
gboolean     virtual_mesh_leaves_right    (VirtualMesh *mesh);

G_END_DECLS
