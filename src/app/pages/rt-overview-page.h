/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-comparison.h"
#include "rt-node.h"

G_BEGIN_DECLS

/* How the node is, why, and what to do about it. */
#define RT_TYPE_OVERVIEW_PAGE (rt_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (RtOverviewPage, rt_overview_page, RT, OVERVIEW_PAGE, AdwBin)

void rt_overview_page_set_node (RtOverviewPage *self, RtNode *node);
void rt_overview_page_set_comparison (RtOverviewPage *self, RtComparison *comparison);

G_END_DECLS
