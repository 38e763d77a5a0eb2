/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lab-figure.h"

G_BEGIN_DECLS

/* What a scenario is run with; 0 stands for what it is usually run with. */
typedef struct
{
  guint nodes;
  guint32 seed;
  double minutes;         /* of the part that is measured, virtual */
  double loss;            /* of each datagram, 0 .. 1; below 0: the usual */
  guint searches;
  double settle;          /* minutes that a mesh is left alone before */
  const gint *stop;       /* (atomic) (nullable): not 0: to end early */
} LabSettings;

typedef struct _LabRun LabRun;

typedef struct
{
  const char *name;
  const char *summary;    /* one line, no full stop */
  gboolean real_time;     /* measures the machine: not the same each time */
  /* FALSE: stopped. */
  gboolean (*run) (LabRun *run);
  LabSettings usual;
} LabScenario;

const LabScenario *lab_scenario_get    (guint i);            /* NULL after the last */
const LabScenario *lab_scenario_find   (const char *name);
gboolean           lab_scenario_run    (const LabScenario *scenario, const LabSettings *settings, LabReport report, gpointer data);

G_END_DECLS
