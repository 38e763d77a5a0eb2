/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-node.h"

G_BEGIN_DECLS

/* Searches for a key, and shows what each search found and whom it asked.
 * Properties: node (RtNode), narrow (boolean). */
#define RT_TYPE_SEARCH_PAGE (rt_search_page_get_type ())
G_DECLARE_FINAL_TYPE (RtSearchPage, rt_search_page, RT, SEARCH_PAGE, AdwBin)

void rt_search_page_search      (RtSearchPage *self, const char *key_text, RtSearchKind kind);
void rt_search_page_focus_entry (RtSearchPage *self);

G_END_DECLS
