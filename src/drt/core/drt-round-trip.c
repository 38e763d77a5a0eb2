/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-round-trip.h"

/**
 * drt_round_trip_measure:
 * @round_trip: an estimate
 * @value: what has been measured; not of something that was sent twice (Karn)
 * @weight: how much @value counts for
 */
void
drt_round_trip_measure (DrtRoundTrip       *round_trip,
                        gint64              value,
                        DrtRoundTripWeight  weight)
{
  gint32 new = (gint32) CLAMP (value, 0, G_MAXINT32 / 8);
  gint32 difference;

  if (round_trip->smoothed < 0)
    {
      round_trip->smoothed = new;
      round_trip->variation = new / 2;
      return;
    }
  difference = new - round_trip->smoothed;
  round_trip->variation += (ABS (difference) - round_trip->variation) / (1 << (weight - 1));
  round_trip->smoothed += difference / (1 << weight);
}

/**
 * drt_round_trip_timeout:
 * @round_trip: an estimate
 * @least: the shortest there is
 * @most: the longest, which is also that of the unknown
 *
 * Returns: after how long an answer is late
 */
gint64
drt_round_trip_timeout (const DrtRoundTrip *round_trip,
                        gint64              least,
                        gint64              most)
{
  if (round_trip->smoothed < 0)
    return most;
  return CLAMP (round_trip->smoothed + 4 * (gint64) round_trip->variation, least, most);
}

/**
 * drt_round_trip_back_off:
 * @round_trip: an estimate
 * @least: as in drt_round_trip_timeout()
 * @most: as there
 *
 * Something had to be sent twice, so its answer measured nothing.  A peer that
 * has become slow would be asked everything twice for ever.  RFC 6298 §5.5
 * doubles the time until something is measured; here that may be long, and where
 * datagrams are lost it is not the peer who is slow, so that a quarter must do.
 */
void
drt_round_trip_back_off (DrtRoundTrip *round_trip,
                         gint64        least,
                         gint64        most)
{
  gint64 timeout = drt_round_trip_timeout (round_trip, least, most);

  if (round_trip->smoothed >= 0)
    round_trip->variation = (gint32) ((MIN (timeout + timeout / 4, most) - MIN (round_trip->smoothed, most)) / 4);
}
