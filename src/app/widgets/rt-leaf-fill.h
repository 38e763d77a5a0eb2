/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How full a leaf set is, at a glance: five places below the key, the key, five
 * above.  The words stand beside it. */
#define RT_TYPE_LEAF_FILL (rt_leaf_fill_get_type ())
G_DECLARE_FINAL_TYPE (RtLeafFill, rt_leaf_fill, RT, LEAF_FILL, GtkWidget)

void rt_leaf_fill_set (RtLeafFill *self, guint n_below, guint n_above);

G_END_DECLS
