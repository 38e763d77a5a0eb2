/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-key.h"

G_BEGIN_DECLS

/* Keys from @low to @high, both among them; never across 2^256 - 1. */
typedef struct
{
  DrtKey low;
  DrtKey high;
} DrtKeySpan;

/* A set of keys, kept as the spans it is made of: ascending, with a gap between
 * each two. */
typedef struct
{
  GArray *spans;                 /* of DrtKeySpan; NULL while empty */
} DrtKeySet;

void     drt_key_set_clear       (DrtKeySet *set);
void     drt_key_set_add         (DrtKeySet *set, const DrtKey *low, const DrtKey *high);
void     drt_key_set_add_arc     (DrtKeySet *set, const DrtKey *from, const DrtKey *to);
gboolean drt_key_set_contains    (const DrtKeySet *set, const DrtKey *key);
/* What @within has and @set has not: the span of it that is nearest to @target on
 * the ring; FALSE when nothing is missing. */
gboolean drt_key_set_nearest_gap (const DrtKeySet *set, const DrtKeySpan *within, const DrtKey *target, DrtKeySpan *gap);

/* How near @span comes to @target: no key of it is nearer. */
void     drt_key_span_distance   (const DrtKeySpan *span, const DrtKey *target, DrtKey *distance);

G_END_DECLS
