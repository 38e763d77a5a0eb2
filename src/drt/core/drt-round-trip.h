/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long an answer takes, smoothed as RFC 6298 §2 does, in microseconds. */
typedef struct
{
  gint32 smoothed;    /* -1 unknown */
  gint32 variation;   /* mean deviation from it */
} DrtRoundTrip;

#define DRT_ROUND_TRIP_UNKNOWN { .smoothed = -1 }

/* How much a new value counts for. */
typedef enum
{
  DRT_ROUND_TRIP_OF_PEER = 3,    /* an eighth, as RFC 6298 has it */
  DRT_ROUND_TRIP_OF_MANY = 5,    /* a thirty-second: peers differ */
} DrtRoundTripWeight;

void   drt_round_trip_measure  (DrtRoundTrip *round_trip, gint64 value, DrtRoundTripWeight weight);
gint64 drt_round_trip_timeout  (const DrtRoundTrip *round_trip, gint64 least, gint64 most);
void   drt_round_trip_back_off (DrtRoundTrip *round_trip, gint64 least, gint64 most);

G_END_DECLS
