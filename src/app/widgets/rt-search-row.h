/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-search.h"

G_BEGIN_DECLS

/* A search in the list of all of them; activating the row opens it again. */
#define RT_TYPE_SEARCH_ROW (rt_search_row_get_type ())
G_DECLARE_FINAL_TYPE (RtSearchRow, rt_search_row, RT, SEARCH_ROW, AdwActionRow)

GtkWidget *rt_search_row_new        (RtSearch *search);
RtSearch  *rt_search_row_get_search (RtSearchRow *self);

G_END_DECLS
