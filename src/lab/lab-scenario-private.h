/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lab-churn.h"
#include "lab-ring.h"
#include "lab-scenario.h"

/* What the scenarios have in common. */

G_BEGIN_DECLS

#define LAB_SECOND ((gint64) G_USEC_PER_SEC)
#define LAB_MINUTE (60 * LAB_SECOND)

struct _LabRun
{
  const LabScenario *scenario;
  LabSettings settings;          /* complete */
  LabReport report;
  gpointer data;
  LabMesh *mesh;
  LabTally tally;                /* of the searches whose figures are told */
};

void     lab_run_tell       (LabRun *run, const char *what, double value, const char *unit);
void     lab_run_tell_goal  (LabRun *run, const char *what, double value, const char *unit, LabGoal goal, double to_reach);
void     lab_run_tell_searches (LabRun *run, LabTally *tally, double success_to_reach);
double   lab_run_get_ideal_lookups (guint nodes);
gint64   lab_run_get_time   (const LabRun *run);   /* settings.minutes, microseconds */

/* All nodes join, more and more of them in a second; then they are left alone until
 * their leaf sets are right and their caches filled.  FALSE: stopped. */
gboolean lab_run_grow       (LabRun *run);

gboolean lab_run_join       (LabRun *run);
gboolean lab_run_flash      (LabRun *run);
gboolean lab_run_stable     (LabRun *run);
gboolean lab_run_vanish     (LabRun *run);
gboolean lab_run_churn      (LabRun *run);
gboolean lab_run_violent    (LabRun *run);
gboolean lab_run_cut        (LabRun *run);
gboolean lab_run_memory     (LabRun *run);
gboolean lab_run_speed      (LabRun *run);

G_END_DECLS
