/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "model/rt-neighbour.h"
#include "model/rt-registration.h"

/* How facts about neighbours are written for people. */

G_BEGIN_DECLS

#define RT_TEXT_UNKNOWN "–"

char       *rt_text_round_trip        (gint64            round_trip);
char       *rt_text_span              (gint64            span);
char       *rt_text_ago               (gint64            span);
char       *rt_text_shorten_key       (const char       *key_text);

const char *rt_neighbour_state_icon   (RtNeighbourState  state);
const char *rt_neighbour_state_style  (RtNeighbourState  state);
char       *rt_neighbour_to_row       (RtNeighbour      *neighbour);
char       *rt_neighbour_to_sentence  (RtNeighbour      *neighbour);
char       *rt_registration_to_sentence (RtRegistration *registration);

G_END_DECLS
