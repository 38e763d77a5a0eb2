/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "virtual-mesh.h"

/* What the tests of one or two cores share. */

G_BEGIN_DECLS

#define SECOND G_USEC_PER_SEC

typedef struct
{
  guint from;
  DrtMessageType type;
} CoreSaid;

typedef struct
{
  GArray *said;                  /* of Said */
  DrtMessageType lose;           /* type of which … */
  guint n_lose;                  /* … so many are lost */
  gboolean only_fragments;       /* and of AUTHORITYs only later fragments */
} CoreWire;

void         core_run          (VirtualMesh *mesh, gint64 time);
/* A key of which only the most significant byte is not zero. */
DrtKey       core_small_key    (guint8 high);
/* Two nodes with the keys 0x20 and 0x90; the second knows the first and joins. */
VirtualMesh *core_pair         (VirtualNode **a, VirtualNode **b);
gsize        core_encode       (DrtMessage *message, guint32 id, guint8 *bytes, gsize size);
/* To @to from a stranger: a FLOOD that says @key is published @at. */
void         core_flood_entry  (VirtualMesh *mesh, VirtualNode *to, const DrtKey *key, const DrtEndpoint *at, guint32 id);

void         core_answer_last  (VirtualMesh *mesh, VirtualNode *node, const DrtEndpoint *from, const DrtAuthorityBuffer *answer);
void         core_name         (DrtAuthorityBuffer *answer, const DrtKey *key, const DrtEndpoint *at);

/* Hears all that is sent on @mesh. */
CoreWire    *core_wire_listen  (VirtualMesh *mesh);
void         core_wire_free    (CoreWire *wire);
guint        core_wire_count   (CoreWire *wire, guint from, DrtMessageType type);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CoreWire, core_wire_free)

G_END_DECLS
