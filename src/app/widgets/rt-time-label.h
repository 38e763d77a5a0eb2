/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * RtTimeLabel:
 *
 * A time relative to now, kept true every second while it is on screen.
 *
 * Properties: `time`, monotonic µs, 0 or less unknown; `span`, whether it says
 * "3 s" instead of "3 s ago"; `xalign` as GtkLabel's.
 */
#define RT_TYPE_TIME_LABEL (rt_time_label_get_type ())
G_DECLARE_FINAL_TYPE (RtTimeLabel, rt_time_label, RT, TIME_LABEL, AdwBin)

GtkWidget *rt_time_label_new      (void);
gint64     rt_time_label_get_time (RtTimeLabel *self);
void       rt_time_label_set_time (RtTimeLabel *self,
                                   gint64       time);
gboolean   rt_time_label_get_span (RtTimeLabel *self);
void       rt_time_label_set_span (RtTimeLabel *self,
                                   gboolean     span);

G_END_DECLS
