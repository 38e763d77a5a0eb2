/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

/*
 * The time of day, by which certificates and signatures are judged.  Tests of
 * virtual time put a clock of their own in its place.
 */

G_BEGIN_DECLS

/* Microseconds since 1970-01-01 UTC. */
gint64 drt_clock_now         (void);

typedef gint64 (*DrtClockFunc) (gpointer data);
/* NULL: the system's again.  Not while other threads ask. */
void   drt_clock_set         (DrtClockFunc func, gpointer data);

G_END_DECLS
