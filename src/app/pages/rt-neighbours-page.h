/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * RtNeighboursPage:
 *
 * The route-entry cache as a table.
 *
 * Properties: `node`; `selected-neighbour`; `narrow`, whether there is room for
 * two-line rows only; `show-details`.
 */
#define RT_TYPE_NEIGHBOURS_PAGE (rt_neighbours_page_get_type ())
G_DECLARE_FINAL_TYPE (RtNeighboursPage, rt_neighbours_page, RT, NEIGHBOURS_PAGE, AdwBin)

gboolean rt_neighbours_page_focus_search (RtNeighboursPage *self);

G_END_DECLS
