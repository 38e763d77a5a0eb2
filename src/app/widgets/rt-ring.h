/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-ring-items.h"

G_BEGIN_DECLS

/**
 * RtRing:
 *
 * The key space as a circle, key 0 at the top, growing clockwise.  Every key the
 * node knows is at its true angle: its own as diamonds (hollow while not
 * published), leaf-set entries as filled and other cache entries as hollow
 * circles; who does not answer is grey and struck through.  A key of the node's own that is selected shows its
 * leaf set.
 *
 * Left and Right walk along the ring, Home and End go to its ends, Enter
 * activates.
 *
 * Properties: `node`; `selected` (an RtRegistration or RtNeighbour or %NULL);
 * `hovered` (the same, what the pointer is on, read-only).
 * Signals: `activate` (the selected item); `menu` (item, x, y: its context menu
 * was asked for).
 */
#define RT_TYPE_RING (rt_ring_get_type ())
G_DECLARE_FINAL_TYPE (RtRing, rt_ring, RT, RING, GtkWidget)

GtkWidget *rt_ring_new          (void);
RtNode    *rt_ring_get_node     (RtRing  *self);
void       rt_ring_set_node     (RtRing  *self,
                                 RtNode  *node);
GObject   *rt_ring_get_selected (RtRing  *self);
void       rt_ring_set_selected (RtRing  *self,
                                 GObject *selected);
GObject   *rt_ring_get_hovered  (RtRing  *self);
RtRingItems *rt_ring_get_items  (RtRing  *self);

G_END_DECLS
