/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-search.h"

G_BEGIN_DECLS

/* A key that was found, and what is published with it, to read and to copy. */
#define RT_TYPE_SEARCH_RESULT_ROW (rt_search_result_row_get_type ())
G_DECLARE_FINAL_TYPE (RtSearchResultRow, rt_search_result_row, RT, SEARCH_RESULT_ROW, AdwPreferencesRow)

GtkWidget *rt_search_result_row_new (RtSearchResult *result);

G_END_DECLS
