/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-cache.h"

G_BEGIN_DECLS

/**
 * DrtLeafSet:
 *
 * The nearest known keys on both sides of a local key ([MC-DRT] §1.3.4), nearest
 * first.  A view of the cache, which holds the entries.
 *
 * With fewer than ten other keys on the ring no key stands on both sides: going
 * up from the local key, the first half (rounded up) is above, the rest below.
 */
typedef struct
{
  guint8 n_below;
  guint8 n_above;
  DrtKey below[DRT_LEAF_SET_SIDE];
  DrtKey above[DRT_LEAF_SET_SIDE];
} DrtLeafSet;

void     drt_leaf_set_update       (DrtLeafSet *set, const DrtCache *cache, const DrtKey *local);
int      drt_leaf_set_position     (const DrtLeafSet *set, const DrtKey *key);
gboolean drt_leaf_set_covers       (const DrtLeafSet *set, const DrtKey *local, const DrtKey *key);
double   drt_leaf_set_density      (const DrtLeafSet *set);

G_END_DECLS
