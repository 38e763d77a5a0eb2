/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include <drt.h>

G_BEGIN_DECLS

/* How loudly a problem is said. */
typedef enum
{
  RT_PROBLEM_HINT,   /* typing on may end it */
  RT_PROBLEM_ERROR,
} RtProblemWeight;

/* What is wrong with the field above it, in a boxed list: a sentence, and the
 * name and number of the code.  Not there while nothing is wrong. */
#define RT_TYPE_PROBLEM_ROW (rt_problem_row_get_type ())
G_DECLARE_FINAL_TYPE (RtProblemRow, rt_problem_row, RT, PROBLEM_ROW, AdwPreferencesRow)

void rt_problem_row_set    (RtProblemRow *self, RtProblemWeight weight, HRESULT code, const char *sentence);
void rt_problem_row_clear  (RtProblemRow *self);
void rt_problem_row_set_action (RtProblemRow *self, const char *label);

G_END_DECLS
