/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-types.h"

G_BEGIN_DECLS

#define RT_TYPE_NEIGHBOUR (rt_neighbour_get_type ())
G_DECLARE_FINAL_TYPE (RtNeighbour, rt_neighbour, RT, NEIGHBOUR, GObject)

const DrtKey     *rt_neighbour_get_key                   (RtNeighbour *self);
const char       *rt_neighbour_get_key_text              (RtNeighbour *self);
const char       *rt_neighbour_get_key_short             (RtNeighbour *self);
const char       *rt_neighbour_get_address               (RtNeighbour *self);
const char       *rt_neighbour_get_addresses_text        (RtNeighbour *self);
const char       *rt_neighbour_get_role                  (RtNeighbour *self);
int               rt_neighbour_get_leaf_position         (RtNeighbour *self);
const char       *rt_neighbour_get_leaf_of               (RtNeighbour *self);
guint             rt_neighbour_get_level                 (RtNeighbour *self);
RtNeighbourState  rt_neighbour_get_state                 (RtNeighbour *self);
gint64            rt_neighbour_get_round_trip            (RtNeighbour *self);
gint64            rt_neighbour_get_last_heard            (RtNeighbour *self);
gint64            rt_neighbour_get_added                 (RtNeighbour *self);
const char       *rt_neighbour_get_learned_from          (RtNeighbour *self);
const char       *rt_neighbour_get_learned_from_endpoint (RtNeighbour *self);
guint             rt_neighbour_get_nearness              (RtNeighbour *self);
const char       *rt_neighbour_get_protocol_version      (RtNeighbour *self);
double            rt_neighbour_get_turn                  (RtNeighbour *self);

G_END_DECLS
