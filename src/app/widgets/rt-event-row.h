/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-event.h"

G_BEGIN_DECLS

/* A line of the journal: its kind of severity, its words, its time. */
#define RT_TYPE_EVENT_ROW (rt_event_row_get_type ())
G_DECLARE_FINAL_TYPE (RtEventRow, rt_event_row, RT, EVENT_ROW, AdwActionRow)

GtkWidget *rt_event_row_new (RtEvent *event);
RtEvent   *rt_event_row_get_event (RtEventRow *self);

G_END_DECLS
