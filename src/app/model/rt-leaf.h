/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-neighbour.h"

G_BEGIN_DECLS

/* One member of the leaf set of a key of ours. */
#define RT_TYPE_LEAF (rt_leaf_get_type ())
G_DECLARE_FINAL_TYPE (RtLeaf, rt_leaf, RT, LEAF, GObject)

RtLeaf       *rt_leaf_new           (const DrtKey *key, int position);
const DrtKey *rt_leaf_get_key       (RtLeaf *self);
const char   *rt_leaf_get_key_text  (RtLeaf *self);
const char   *rt_leaf_get_key_short (RtLeaf *self);
int           rt_leaf_get_position  (RtLeaf *self);
const char   *rt_leaf_get_position_text (RtLeaf *self);
RtNeighbour  *rt_leaf_get_neighbour (RtLeaf *self);
void          rt_leaf_set_neighbour (RtLeaf *self, RtNeighbour *neighbour);

G_END_DECLS
