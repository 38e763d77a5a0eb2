/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-checklist.h"

G_BEGIN_DECLS

/* A line of the checklist: result, answer, next step, and the code that can be copied. */
#define RT_TYPE_CHECK_ROW (rt_check_row_get_type ())
G_DECLARE_FINAL_TYPE (RtCheckRow, rt_check_row, RT, CHECK_ROW, AdwPreferencesRow)

GtkWidget *rt_check_row_new    (RtCheckKind kind);
void       rt_check_row_update (RtCheckRow *self, RtNode *node);

G_END_DECLS
