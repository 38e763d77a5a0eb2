/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rt-ring-items.h"
#include "rt-ring-layout.h"

G_BEGIN_DECLS

/**
 * RtRingLeafSet:
 * @rail: the arc from the first leaf to the last
 * @chords: lines from the key to its leaves
 * @leaders: from leaves to labels that had to move
 * @labels: the numbers of the leaves, array of #RtRingLabel
 *
 * How the leaf set of one key is drawn.
 */
typedef struct
{
  GskPath *rail;
  GskPath *chords;
  GskPath *leaders;
  GArray *labels;
} RtRingLeafSet;

RtRingLeafSet *rt_ring_leaf_set_new  (GtkWidget          *widget,
                                      RtRingItems        *items,
                                      const RtRingLayout *layout,
                                      RtRegistration     *center,
                                      double              rail_width);
void           rt_ring_leaf_set_free (RtRingLeafSet      *self);

G_END_DECLS
