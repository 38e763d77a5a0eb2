/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "model/rt-neighbour.h"

G_BEGIN_DECLS

/**
 * RtNeighbourDetails:
 *
 * Everything known about a neighbour, in groups, each value to select and copy.
 *
 * Properties: `neighbour`, %NULL for none; `linked`, whether it offers to show
 * the neighbour in the table.
 */
#define RT_TYPE_NEIGHBOUR_DETAILS (rt_neighbour_details_get_type ())
G_DECLARE_FINAL_TYPE (RtNeighbourDetails, rt_neighbour_details, RT, NEIGHBOUR_DETAILS, AdwBin)

GtkWidget   *rt_neighbour_details_new           (void);
RtNeighbour *rt_neighbour_details_get_neighbour (RtNeighbourDetails *self);
void         rt_neighbour_details_set_neighbour (RtNeighbourDetails *self,
                                                 RtNeighbour        *neighbour);

G_END_DECLS
