/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-node.h"

#include "lab-network.h"
#include "lab-schedule.h"

G_BEGIN_DECLS

#define LAB_N_BOOTSTRAP 3   /* nodes that a bootstrap names */

typedef struct _LabMesh LabMesh;
typedef struct _LabNode LabNode;

struct _LabNode
{
  LabMesh *mesh;
  DrtNode *core;                 /* NULL after lab_node_bury() */
  const DRT_SECURITY_PROVIDER *security;
  DrtEndpoint endpoint;
  DrtKey key;                    /* what it publishes, when has_key */
  guint index;
  guint place;                   /* among the living */
  gint64 born;                   /* when it was opened, or opened again */
  gint64 active_since;           /* since it was opened; 0 not yet */
  GSList *searches;              /* of LabSearch: its own, under way */
  gpointer data;                 /* of whoever runs the mesh */
  DRT_STATUS status;
  guint8 side;                   /* of a cut */
  guint has_key : 1;
  guint has_status : 1;
  guint alive : 1;
  guint wants_bootstrap : 1;
  guint detects_split : 1;       /* that is what the bootstrap is wanted for */
};

/* Who wants to know what the nodes say, or to name their bootstrap himself; any
 * member may be NULL. */
typedef struct
{
  void    (*status)       (LabNode *node, DRT_STATUS status, HRESULT hr, guint n_bootstrap);
  void    (*leaf)         (LabNode *node, const DrtKey *local, const DrtKey *remote, gboolean added);
  void    (*unresolvable) (LabNode *node, const DrtKey *local);
  /* FALSE: the datagram is lost. */
  gboolean (*passes)      (LabNode *from, const DrtEndpoint *to, const guint8 *bytes, gsize length);
  HRESULT (*bootstrap)    (LabNode *node, gboolean split_detection, GArray *endpoints);
} LabListener;

/**
 * LabMesh:
 *
 * Cores, a network and a clock that stands still between two events.  All
 * follows from the seed.  Node number i has the address 2001:db8::i+1, so that a
 * datagram finds its node without a table.
 */
struct _LabMesh
{
  GRand *random;
  gint64 now;
  LabNetwork network;
  LabSchedule *deadlines;
  GPtrArray *nodes;              /* of LabNode, all that ever were */
  GPtrArray *living;             /* of LabNode, in no order */
  DRT_SECURITY_MODE mode;
  gboolean binds;                /* so do the providers; see DrtNodeSettings */
  DRT_SECURITY_PROVIDER *security;
  LabListener listener;
  guint64 n_asked;               /* LOOKUPs sent for an application, retransmissions and all */
  const gint *stop;              /* (atomic): not 0: lab_mesh_run_until() returns at once */
};

LabMesh *lab_mesh_new            (guint32 seed);
void     lab_mesh_free           (LabMesh *mesh);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabMesh, lab_mesh_free)

guint    lab_mesh_count          (const LabMesh *mesh);           /* the living */
LabNode *lab_mesh_get            (const LabMesh *mesh, guint index);
LabNode *lab_mesh_pick           (LabMesh *mesh);                 /* of the living, by chance */
LabNode *lab_mesh_find           (const LabMesh *mesh, const DrtEndpoint *endpoint);
void     lab_mesh_random_key     (LabMesh *mesh, DrtKey *key);
gboolean lab_mesh_is_stopped     (const LabMesh *mesh);

/* FALSE: it was stopped before @time. */
gboolean lab_mesh_run_until      (LabMesh *mesh, gint64 time);
/* The next thing that happens, if it does until @limit. */
gboolean lab_mesh_step           (LabMesh *mesh, gint64 limit);

/* A node that is not open yet, and has no key. */
LabNode *lab_mesh_add            (LabMesh *mesh);
/* With an attached provider of its own, which outlives the mesh. */
LabNode *lab_mesh_add_with       (LabMesh *mesh, const DRT_SECURITY_PROVIDER *security);
/* It counts among the living from now on, open or not. */
void     lab_node_enlist         (LabNode *node);
void     lab_node_open           (LabNode *node);
/* Both; with a key of its own, and its number as the payload. */
LabNode *lab_mesh_join           (LabMesh *mesh);
void     lab_node_close          (LabNode *node);                 /* with its farewells */
void     lab_node_kill           (LabNode *node);                 /* without a word */
void     lab_node_bury           (LabNode *node);                 /* of a killed one: its memory */
void     lab_node_restart        (LabNode *node);                 /* of a killed one: same key, same address */
/* To be called when a function of drt-node.h was called on @node's core. */
void     lab_node_touch          (LabNode *node);

G_END_DECLS
