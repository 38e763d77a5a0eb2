/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-observe.h"

#include "cli-capture.h"

/* What drt node says of itself: a line with the time, or an object. */

void cli_node_tell_leaves       (const DrtObservedKey *key, gboolean json);
void cli_node_tell_announced    (const DrtKey *key, gboolean json);
void cli_node_tell_unresolvable (const DrtKey *key, gboolean json);
void cli_node_tell_split        (const DrtObservedEvent *event, gboolean json);
void cli_node_tell_counters     (HDRT drt, CliCapture *capture, gboolean json);
