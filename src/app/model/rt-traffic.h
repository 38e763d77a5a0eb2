/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* One second of traffic. */
typedef struct
{
  gint64 time;        /* monotonic microseconds: its end */
  guint messages_in;
  guint messages_out;
  guint64 bytes_in;
  guint64 bytes_out;
  guint errors;
} RtTrafficSample;

#define RT_TRAFFIC_SAMPLES 60

#define RT_TYPE_TRAFFIC (rt_traffic_get_type ())
G_DECLARE_FINAL_TYPE (RtTraffic, rt_traffic, RT, TRAFFIC, GObject)

/* Signal "changed": a sample was added, or all were cleared. */
RtTraffic             *rt_traffic_new         (void);
guint                  rt_traffic_get_n_samples (RtTraffic *self);
/* age: 0 is the newest second */
const RtTrafficSample *rt_traffic_get_sample  (RtTraffic *self, guint age);
guint                  rt_traffic_get_maximum (RtTraffic *self);
void                   rt_traffic_add         (RtTraffic *self, const RtTrafficSample *sample);
void                   rt_traffic_clear       (RtTraffic *self);

G_END_DECLS
