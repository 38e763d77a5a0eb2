/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-comparison.h"

G_BEGIN_DECLS

/* What a search costs in each security mode, and a button to measure it. */
#define RT_TYPE_COST_GROUP (rt_cost_group_get_type ())
G_DECLARE_FINAL_TYPE (RtCostGroup, rt_cost_group, RT, COST_GROUP, AdwPreferencesGroup)

void rt_cost_group_set_comparison (RtCostGroup *self, RtComparison *comparison);

G_END_DECLS
