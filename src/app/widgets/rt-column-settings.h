/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * RtColumnSettings:
 *
 * Remembers which columns of a column view are hidden and by which it is sorted,
 * and offers both in a menu.  The first column always stays.
 *
 * The menu's actions are in a group that the owner of the view inserts as
 * "columns".
 */
#define RT_TYPE_COLUMN_SETTINGS (rt_column_settings_get_type ())
G_DECLARE_FINAL_TYPE (RtColumnSettings, rt_column_settings, RT, COLUMN_SETTINGS, GObject)

RtColumnSettings *rt_column_settings_new         (GtkColumnView    *view,
                                                  GSettings        *settings,
                                                  const char       *hidden_key,
                                                  const char       *sort_key,
                                                  const char       *descending_key);
GActionGroup     *rt_column_settings_get_actions (RtColumnSettings *self);
GMenuModel       *rt_column_settings_get_menu    (RtColumnSettings *self);

/* The list within a column view has no name of its own: it gets the view's. */
void              rt_column_view_name_list       (GtkColumnView    *view);

G_END_DECLS
