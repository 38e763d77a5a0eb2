/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-cost.h"
#include "rt-demo.h"

G_BEGIN_DECLS

#define RT_COMPARISON_MODES    3     /* by RtSecurityMode */
#define RT_COMPARISON_SEARCHES 256   /* that are measured */

typedef enum
{
  RT_COMPARISON_UNKNOWN,
  RT_COMPARISON_WAITING,     /* for the mesh */
  RT_COMPARISON_MEASURING,
  RT_COMPARISON_MEASURED,
  RT_COMPARISON_FAILED,
} RtComparisonState;

/* What a search costs in each security mode, side by side, as far as it was
 * measured.  Signal: changed. */
#define RT_TYPE_COMPARISON (rt_comparison_get_type ())
G_DECLARE_FINAL_TYPE (RtComparison, rt_comparison, RT, COMPARISON, GObject)

RtComparison      *rt_comparison_new         (RtNode *node, RtDemo *demo);
/* In the mesh the node is in, where that has this mode, else in a demo mesh. */
void               rt_comparison_measure     (RtComparison *self, RtSecurityMode mode);
gboolean           rt_comparison_can_measure (RtComparison *self, RtSecurityMode mode);
RtComparisonState  rt_comparison_get_state   (RtComparison *self, RtSecurityMode mode);
const RtCost      *rt_comparison_get_cost    (RtComparison *self, RtSecurityMode mode);
const char        *rt_comparison_get_message (RtComparison *self, RtSecurityMode mode);

G_END_DECLS
