/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

/* How the facts of a neighbour become the cells of a table: the functions that
 * the UI file of the table calls. */

G_BEGIN_DECLS

void rt_neighbour_cells_bind        (GtkWidgetClass *klass);
int  rt_neighbour_compare_addresses (gconstpointer   a,
                                     gconstpointer   b,
                                     gpointer        data);
int  rt_neighbour_compare_versions  (gconstpointer   a,
                                     gconstpointer   b,
                                     gpointer        data);

G_END_DECLS
