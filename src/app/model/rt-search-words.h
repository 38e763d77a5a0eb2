/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-search.h"

/*
 * What is said about a search, for the view of one and the list of all.  No
 * widget is needed for it.
 */

G_BEGIN_DECLS

char *rt_search_words_duration (gint64 duration);
char *rt_search_words_outcome  (RtSearchState state, gint64 duration, gboolean found_exact);
char *rt_search_words_advice   (RtSearchState state, RtSearchKind kind, const GError *error, gboolean found_exact);
char *rt_search_words_path     (RtSearchState state, guint n_hops);
char *rt_search_words_hop      (RtHop *hop);
char *rt_search_words_summary  (RtSearchKind kind, RtSearchState state, gint64 duration, guint n_hops);

G_END_DECLS
