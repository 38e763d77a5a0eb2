/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * RtFactRow:
 *
 * A row of a boxed list that shows one fact: a title, the value under it, which
 * can be selected, and a button that copies it.
 *
 * Properties: `value`, %NULL or empty when unknown; `monospace`, whether the
 * value is a key or the like.
 */
#define RT_TYPE_FACT_ROW (rt_fact_row_get_type ())
G_DECLARE_FINAL_TYPE (RtFactRow, rt_fact_row, RT, FACT_ROW, AdwPreferencesRow)

GtkWidget  *rt_fact_row_new           (void);
const char *rt_fact_row_get_value     (RtFactRow  *self);
void        rt_fact_row_set_value     (RtFactRow  *self,
                                       const char *value);
gboolean    rt_fact_row_get_monospace (RtFactRow  *self);
void        rt_fact_row_set_monospace (RtFactRow  *self,
                                       gboolean    monospace);
void        rt_fact_row_show_as       (RtFactRow *self, const char *text);

G_END_DECLS
