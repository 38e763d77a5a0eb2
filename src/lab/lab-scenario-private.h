/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lab-churn.h"
#include "lab-ring.h"
#include "lab-scenario.h"

/* What the scenarios have in common. */

G_BEGIN_DECLS

#define LAB_SECOND ((gint64) G_USEC_PER_SEC)
#define LAB_MINUTE (60 * LAB_SECOND)

typedef struct
{
  const LabScenario *scenario;
  LabSettings settings;          /* complete */
  LabReport report;
  gpointer data;
  LabMesh *mesh;
} LabRun;

void     lab_run_init       (LabRun *run, const LabScenario *scenario, const LabSettings *settings, LabReport report, gpointer data);
void     lab_run_clear      (LabRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LabRun, lab_run_clear)

void     lab_run_tell       (LabRun *run, const char *what, double value, const char *unit);
void     lab_run_tell_goal  (LabRun *run, const char *what, double value, const char *unit, LabGoal goal, double to_reach);
void     lab_run_tell_searches (LabRun *run, LabTally *tally, double success_to_reach);
double   lab_run_get_ideal_lookups (guint nodes);
gint64   lab_run_get_time   (const LabRun *run);   /* settings.minutes, microseconds */

/* All nodes join, more and more of them in a second; then they are left alone until
 * their leaf sets are right and their caches filled.  FALSE: stopped. */
gboolean lab_run_grow       (LabRun *run);

gboolean lab_run_join       (const LabScenario *scenario, const LabSettings *settings, LabReport report, gpointer data);
gboolean lab_run_flash      (const LabScenario *scenario, const LabSettings *settings, LabReport report, gpointer data);
gboolean lab_run_stable     (const LabScenario *scenario, const LabSettings *settings, LabReport report, gpointer data);
gboolean lab_run_vanish     (const LabScenario *scenario, const LabSettings *settings, LabReport report, gpointer data);
gboolean lab_run_churn      (const LabScenario *scenario, const LabSettings *settings, LabReport report, gpointer data);
gboolean lab_run_violent    (const LabScenario *scenario, const LabSettings *settings, LabReport report, gpointer data);
gboolean lab_run_cut        (const LabScenario *scenario, const LabSettings *settings, LabReport report, gpointer data);
gboolean lab_run_memory     (const LabScenario *scenario, const LabSettings *settings, LabReport report, gpointer data);
gboolean lab_run_speed      (const LabScenario *scenario, const LabSettings *settings, LabReport report, gpointer data);

G_END_DECLS
