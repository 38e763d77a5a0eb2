/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "model/rt-node.h"

G_BEGIN_DECLS

/**
 * RtRingPage:
 *
 * The ring, what its marks mean, and the facts about what is selected on it.
 *
 * Properties: `node`; `selected-neighbour`; `narrow`, whether the facts are
 * below the ring instead of beside it.
 */
#define RT_TYPE_RING_PAGE (rt_ring_page_get_type ())
G_DECLARE_FINAL_TYPE (RtRingPage, rt_ring_page, RT, RING_PAGE, AdwBin)

GtkWidget   *rt_ring_page_new                    (void);
RtNode      *rt_ring_page_get_node               (RtRingPage  *self);
void         rt_ring_page_set_node               (RtRingPage  *self,
                                                  RtNode      *node);
RtNeighbour *rt_ring_page_get_selected_neighbour (RtRingPage  *self);
void         rt_ring_page_set_selected_neighbour (RtRingPage  *self,
                                                  RtNeighbour *neighbour);
gboolean     rt_ring_page_get_narrow             (RtRingPage  *self);
void         rt_ring_page_set_narrow             (RtRingPage  *self,
                                                  gboolean     narrow);

G_END_DECLS
