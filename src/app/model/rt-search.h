/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "rt-hop.h"
#include "rt-search-result.h"

G_BEGIN_DECLS

/* A search: it runs, then it has ended and never changes again. */
#define RT_TYPE_SEARCH (rt_search_get_type ())
G_DECLARE_FINAL_TYPE (RtSearch, rt_search, RT, SEARCH, GObject)

const DrtKey *rt_search_get_target      (RtSearch *self);
const char   *rt_search_get_target_text (RtSearch *self);
const char   *rt_search_get_target_short (RtSearch *self);
RtSearchKind  rt_search_get_kind        (RtSearch *self);
RtSearchState rt_search_get_state       (RtSearch *self);
GListModel   *rt_search_get_results     (RtSearch *self);
GListModel   *rt_search_get_hops        (RtSearch *self);
gint64        rt_search_get_started     (RtSearch *self);
gint64        rt_search_get_duration    (RtSearch *self);
const GError *rt_search_get_error       (RtSearch *self);
void          rt_search_cancel          (RtSearch *self);

G_END_DECLS
