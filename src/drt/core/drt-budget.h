/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-endpoint.h"

G_BEGIN_DECLS

/* A source address proves nothing, and who is named by another has asked for
 * nothing.  So that nobody is made to receive what others ask for, no more goes to
 * an address that has never answered us than … */
#define DRT_BUDGET_FACTOR     4                      /* … times what came from it, or named it, */
#define DRT_BUDGET_ALLOWANCE  (64 * 1024)            /* … and this many bytes … */
#define DRT_BUDGET_TIME       (15 * G_USEC_PER_SEC)  /* … in this time; */
#define DRT_BUDGET_TOTAL      (16 * 1024 * 1024)     /* to all of them together so many. */

typedef struct
{
  GArray *accounts;              /* NULL while there are none */
  gint64 since;
  guint64 total;                 /* sent since then */
} DrtBudget;

void     drt_budget_clear     (DrtBudget *budget);
gboolean drt_budget_spend     (DrtBudget *budget, gint64 now, const DrtEndpoint *to, gsize came, gsize wanted, gsize allowance);

G_END_DECLS
