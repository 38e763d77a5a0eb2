/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <drt-observe.h>

#include "rt-search.h"

G_BEGIN_DECLS

RtSearch *rt_search_new     (const DrtKey *target, RtSearchKind kind);
void      rt_search_set_scope (RtSearch *self, const RtSearchScope *scope);
gboolean  rt_search_start   (RtSearch *self, HDRT drt, guint timeout_ms, GError **error);
gboolean  rt_search_observe (RtSearch *self, const DrtObservedLookup *lookup);
void      rt_search_add_result (RtSearch *self, const DRT_SEARCH_RESULT *result);
void      rt_search_finish  (RtSearch *self, HRESULT hr);

G_END_DECLS
