/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli-bench-mesh.h"

/* What one signature or one sealed buffer costs, with providers beside the meshes. */

/* Microseconds. */
typedef struct
{
  double sign;
  double check;
  double seal;              /* a buffer, of two in a message */
  double open;
} CliBenchUnitCosts;

typedef struct _CliBenchUnits CliBenchUnits;

/* Not for the null provider. */
CliBenchUnits *cli_bench_units_new     (const CliBenchCertificates *certificates);
void           cli_bench_units_free    (CliBenchUnits *units);
/* Appends a CliBenchUnitCosts; FALSE: something that must work does not. */
gboolean       cli_bench_units_measure (CliBenchUnits *units, GArray *costs);

/* Of this process, microseconds, with what the kernel did for it. */
double         cli_bench_cpu_time      (void);
