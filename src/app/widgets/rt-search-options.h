/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-types.h"

G_BEGIN_DECLS

/* What of the ring a search for the nearest key goes over, and how many it is to
 * find: rows that unfold.  Emits "changed". */
#define RT_TYPE_SEARCH_OPTIONS (rt_search_options_get_type ())
G_DECLARE_FINAL_TYPE (RtSearchOptions, rt_search_options, RT, SEARCH_OPTIONS, AdwPreferencesGroup)

gboolean rt_search_options_get_scope (RtSearchOptions *self, const DrtKey *target, RtSearchScope *scope);

G_END_DECLS
