/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RtItemWatcher:
 *
 * Tells when properties of the items of a list change, which GTK's filters and
 * sorters do not notice by themselves.  Many changes are told as one.
 *
 * Signal `changed`: one of the watched properties of some item has changed.
 * Addition and removal of items are not told: `items-changed` of the list does.
 */
#define RT_TYPE_ITEM_WATCHER (rt_item_watcher_get_type ())
G_DECLARE_FINAL_TYPE (RtItemWatcher, rt_item_watcher, RT, ITEM_WATCHER, GObject)

RtItemWatcher *rt_item_watcher_new            (guint               interval);
void           rt_item_watcher_set_model      (RtItemWatcher      *self,
                                               GListModel         *model);
void           rt_item_watcher_set_properties (RtItemWatcher      *self,
                                               const char * const *properties);

G_END_DECLS
