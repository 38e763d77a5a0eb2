/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

/* Which key a row of a table or list is about.  Rows are recycled, so their key
 * is asked for at the moment somebody does something with one; every row has an
 * RtKeyLabel. */

G_BEGIN_DECLS

/* @view: the view a context menu is asked for in; @key_text: of the row; @x, @y:
 * where, in the view.  Returns whether there is one. */
typedef gboolean (* RtRowMenuFunc) (gpointer    data,
                                    GtkWidget  *view,
                                    const char *key_text,
                                    double      x,
                                    double      y);

const char *rt_row_key_at      (GtkWidget  *view,
                                double      x,
                                double      y);
const char *rt_row_key_focused (GtkWidget  *view,
                                GtkWidget **row);
void        rt_row_key_add_menu (GtkWidget     *view,
                                 RtRowMenuFunc  func,
                                 gpointer       data);

G_END_DECLS
