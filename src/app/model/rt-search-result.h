/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-types.h"

G_BEGIN_DECLS

/* A key that a search found, with what is published there; it never changes. */
#define RT_TYPE_SEARCH_RESULT (rt_search_result_get_type ())
G_DECLARE_FINAL_TYPE (RtSearchResult, rt_search_result, RT, SEARCH_RESULT, GObject)

RtSearchResult *rt_search_result_new           (const DrtKey *key, GBytes *payload, gboolean exact);
const DrtKey   *rt_search_result_get_key       (RtSearchResult *self);
const char     *rt_search_result_get_key_text  (RtSearchResult *self);
const char     *rt_search_result_get_key_short (RtSearchResult *self);
GBytes         *rt_search_result_get_payload   (RtSearchResult *self);
gboolean        rt_search_result_get_exact     (RtSearchResult *self);

G_END_DECLS
