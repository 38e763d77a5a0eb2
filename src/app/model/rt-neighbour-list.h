/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "rt-neighbour.h"

G_BEGIN_DECLS

/* RtNeighbours in the order of their keys; every operation on one of n costs log n. */
#define RT_TYPE_NEIGHBOUR_LIST (rt_neighbour_list_get_type ())
G_DECLARE_FINAL_TYPE (RtNeighbourList, rt_neighbour_list, RT, NEIGHBOUR_LIST, GObject)

RtNeighbourList *rt_neighbour_list_new    (void);
RtNeighbour     *rt_neighbour_list_find   (RtNeighbourList *self, const DrtKey *key);
void             rt_neighbour_list_insert (RtNeighbourList *self, RtNeighbour *neighbour);
gboolean         rt_neighbour_list_remove (RtNeighbourList *self, const DrtKey *key);
void             rt_neighbour_list_clear  (RtNeighbourList *self);
guint            rt_neighbour_list_get_size (RtNeighbourList *self);

G_END_DECLS
