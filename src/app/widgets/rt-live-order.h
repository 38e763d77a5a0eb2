/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * RtLiveOrder:
 *
 * Sorts and filters a column view again as the values change that it is sorted
 * and filtered by, while it is on screen.
 */
#define RT_TYPE_LIVE_ORDER (rt_live_order_get_type ())
G_DECLARE_FINAL_TYPE (RtLiveOrder, rt_live_order, RT, LIVE_ORDER, GObject)

typedef const char *(* RtColumnPropertyFunc) (const char *column);

RtLiveOrder *rt_live_order_new       (GtkWidget            *page,
                                      GtkColumnView        *table,
                                      GtkFilter            *filter,
                                      const char * const   *filtered_by,
                                      RtColumnPropertyFunc  get_property);
void         rt_live_order_set_model (RtLiveOrder          *self,
                                      GListModel           *model);

G_END_DECLS
