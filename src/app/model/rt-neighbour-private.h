/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <drt-observe.h>

#include "rt-neighbour.h"

G_BEGIN_DECLS

RtNeighbour *rt_neighbour_new          (const DrtObservedEntry *entry);
void         rt_neighbour_update       (RtNeighbour *self, const DrtObservedEntry *entry);
void         rt_neighbour_set_nearness (RtNeighbour *self, guint nearness);

G_END_DECLS
