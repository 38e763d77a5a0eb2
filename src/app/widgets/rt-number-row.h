/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* An entry for a whole number.  Unlike a spin row it lets a person type a number
 * that is out of range, so that it can be said why it is, and tells its value
 * while one types.  Properties: value (uint; what is no number is 2³² − 1),
 * with the buttons − and + between minimum and maximum. */
#define RT_TYPE_NUMBER_ROW (rt_number_row_get_type ())
G_DECLARE_FINAL_TYPE (RtNumberRow, rt_number_row, RT, NUMBER_ROW, AdwEntryRow)

guint rt_number_row_get_value (RtNumberRow *self);
void  rt_number_row_set_value (RtNumberRow *self, guint value);

G_END_DECLS
