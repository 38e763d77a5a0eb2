/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

/*
 * One tick a second for everything on screen that shows "3 s ago".  It ticks
 * only while a widget that asked for it is mapped.
 */

G_BEGIN_DECLS

typedef void (* RtClockFunc) (GtkWidget *widget,
                              gint64     now);

void rt_clock_follow (GtkWidget   *widget,
                      RtClockFunc  func);

G_END_DECLS
