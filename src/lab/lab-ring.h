/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lab-mesh.h"

G_BEGIN_DECLS

/* What the sorted list of all keys that live says of the leaf sets. */
typedef struct
{
  guint n_keys;          /* living, old enough */
  guint n_right;         /* whose leaf set names the five before and the five behind, and nobody else */
  guint n_joined;        /* who know their nearest living neighbour on both sides: the ring is closed there */
} LabRing;

/* Of the keys that have lived for @age microseconds; what is younger than that may
 * stand in a leaf set or not. */
void     lab_ring_measure   (LabMesh *mesh, gint64 age, LabRing *ring);
/* Time goes on until all leaf sets are right, looked at every @interval; FALSE: not
 * by @limit microseconds from now, or stopped. */
gboolean lab_ring_await     (LabMesh *mesh, gint64 interval, gint64 limit);

G_END_DECLS
