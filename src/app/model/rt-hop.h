/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-types.h"

#include <drt-observe.h>

G_BEGIN_DECLS

/* One node asked by a search; it never changes. */
#define RT_TYPE_HOP (rt_hop_get_type ())
G_DECLARE_FINAL_TYPE (RtHop, rt_hop, RT, HOP, GObject)

RtHop      *rt_hop_new            (const DRT_ADDRESS *address);
RtHop      *rt_hop_new_observed   (const DrtObservedHop *observed);
gboolean    rt_hop_equal          (RtHop *a, RtHop *b);

const char *rt_hop_get_address    (RtHop *self);
const char *rt_hop_get_key_text   (RtHop *self);   /* NULL unknown */
const char *rt_hop_get_key_short  (RtHop *self);
guint       rt_hop_get_flags      (RtHop *self);   /* DRT_ADDRESS_FLAGS */
const char *rt_hop_get_verdict    (RtHop *self);   /* translated, never empty */
int         rt_hop_get_nearness   (RtHop *self);   /* leading bits shared with the target */
guint       rt_hop_get_latency_ms (RtHop *self);
gboolean    rt_hop_get_answered   (RtHop *self);   /* FALSE: its latency means nothing */
gboolean    rt_hop_get_accepted   (RtHop *self);   /* its answer moved the search forward */

G_END_DECLS
