/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "model/rt-node-private.h"

/* Tells a node about neighbours as the observer of a running one would. */

G_BEGIN_DECLS

void         fake_entry_init    (DrtObservedEntry  *entry,
                                 guint8             first_byte);
RtNeighbour *fake_neighbour_add (RtNode            *node,
                                 const DrtObservedEntry *entry);
RtRegistration *fake_registration_add (RtNode      *node,
                                 guint8             first_byte);

G_END_DECLS
