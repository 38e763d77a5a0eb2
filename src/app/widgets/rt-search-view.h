/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-search.h"

G_BEGIN_DECLS

/* One search: how it stands, what it found, and the nodes it asked.
 * Properties: search (RtSearch), narrow (boolean). */
#define RT_TYPE_SEARCH_VIEW (rt_search_view_get_type ())
G_DECLARE_FINAL_TYPE (RtSearchView, rt_search_view, RT, SEARCH_VIEW, AdwBin)

RtSearch *rt_search_view_get_search (RtSearchView *self);
void      rt_search_view_set_search (RtSearchView *self, RtSearch *search);

G_END_DECLS
