/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-refusal.h"
#include "rt-types.h"

#include <drt-observe.h>

G_BEGIN_DECLS

/* One line of the journal; it never changes. */
#define RT_TYPE_EVENT (rt_event_get_type ())
G_DECLARE_FINAL_TYPE (RtEvent, rt_event, RT, EVENT, GObject)

RtEvent    *rt_event_new           (gint64 time, const char *kind, RtSeverity severity,
                                    const char *text, const char *key_text);
/* refusal: (nullable): of which it tells */
RtEvent    *rt_event_new_observed  (const DrtObservedEvent *observed, RtRefusal *refusal, gint64 real_time);
gint64      rt_event_get_time      (RtEvent *self);
const char *rt_event_get_time_text (RtEvent *self);
const char *rt_event_get_kind      (RtEvent *self);
RtSeverity  rt_event_get_severity  (RtEvent *self);
const char *rt_event_get_text      (RtEvent *self);
const char *rt_event_get_key_text  (RtEvent *self);
/* NULL: it tells of no refusal. */
RtRefusal  *rt_event_get_refusal   (RtEvent *self);
/* Whether there is a certificate behind it, or was one. */
gboolean    rt_event_is_about_certificate (RtEvent *self);

G_END_DECLS
