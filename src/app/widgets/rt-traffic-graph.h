/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rt-traffic.h"

G_BEGIN_DECLS

/*
 * The messages in and out per second, over the last minute.  The pointer, or the
 * arrow keys, choose a second: property "reading" then tells its values in
 * words, and those of the newest second otherwise.
 */
#define RT_TYPE_TRAFFIC_GRAPH (rt_traffic_graph_get_type ())
G_DECLARE_FINAL_TYPE (RtTrafficGraph, rt_traffic_graph, RT, TRAFFIC_GRAPH, GtkWidget)

void        rt_traffic_graph_set_traffic (RtTrafficGraph *self, RtTraffic *traffic);
const char *rt_traffic_graph_get_reading (RtTrafficGraph *self);

G_END_DECLS
