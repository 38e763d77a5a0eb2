/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lab-scenario-private.h"

#include <math.h>

/* The scenarios by name, and what they have in common. */

static const LabScenario scenarios[] = {
  { "join", "Nodes join one by one: round trips until each is active, and when its key is found",
    FALSE, lab_run_join, { .nodes = 2000, .settle = 0 } },
  { "flash", "All nodes join at the same instant",
    FALSE, lab_run_flash, { .nodes = 2000, .minutes = 20, .searches = 10000 } },
  { "stable", "Searches while nothing happens: success, LOOKUPs and datagrams of each",
    FALSE, lab_run_stable, { .nodes = 2000, .searches = 100000, .settle = 15 } },
  { "vanish", "A fifth of the nodes is gone without a word, and searches begin at once",
    FALSE, lab_run_vanish, { .nodes = 2000, .searches = 20000, .settle = 15 } },
  { "churn", "Searches while nodes come and go: sessions of 2.3 hours in the mean",
    FALSE, lab_run_churn, { .nodes = 2000, .minutes = 60, .searches = 50000, .settle = 10 } },
  { "churn-loss", "The same with 5 % of all datagrams lost",
    FALSE, lab_run_churn, { .nodes = 2000, .minutes = 60, .loss = 0.05, .searches = 50000, .settle = 10 } },
  { "violent", "Sessions of 1.4 minutes in the median: success and bytes of each node",
    FALSE, lab_run_violent, { .nodes = 1000, .minutes = 20, .searches = 20000, .settle = 5 } },
  { "cut", "The network falls into two halves and heals: how long until there is one ring",
    FALSE, lab_run_cut, { .nodes = 2000, .minutes = 10, .searches = 10000, .settle = 10 } },
  { "memory", "Bytes of a node whose cache is full",
    TRUE, lab_run_memory, { .nodes = 2000, .settle = 30 } },
  { "speed", "Datagrams delivered in a second of processor time",
    TRUE, lab_run_speed, { .nodes = 10000, .minutes = 1, .settle = 2 } },
};

const LabScenario *
lab_scenario_get (guint i)
{
  return i < G_N_ELEMENTS (scenarios) ? &scenarios[i] : NULL;
}

const LabScenario *
lab_scenario_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (scenarios); i++)
    if (g_str_equal (scenarios[i].name, name))
      return &scenarios[i];
  return NULL;
}

static void
run_init (LabRun            *run,
          const LabScenario *scenario,
          const LabSettings *settings,
          LabReport          report,
          gpointer           data)
{
  const LabSettings *usual = &scenario->usual;

  *run = (LabRun) { .scenario = scenario, .settings = *settings, .report = report, .data = data };
  if (settings->nodes == 0)
    run->settings.nodes = usual->nodes;
  if (settings->minutes <= 0)
    run->settings.minutes = usual->minutes;
  if (settings->loss < 0)
    run->settings.loss = usual->loss;
  if (settings->searches == 0)
    run->settings.searches = usual->searches;
  if (settings->settle <= 0)
    run->settings.settle = usual->settle;
  run->mesh = lab_mesh_new (run->settings.seed);
  run->mesh->stop = settings->stop;
  lab_tally_init (&run->tally);
}

/**
 * lab_scenario_run:
 * @scenario: which
 * @settings: with what; members that are 0 stand for the usual
 * @report: told each figure as soon as it is known
 * @data: for @report
 *
 * The same settings give the same figures, but for those of real time.
 *
 * Returns: %FALSE when it was stopped
 */
gboolean
lab_scenario_run (const LabScenario *scenario,
                  const LabSettings *settings,
                  LabReport          report,
                  gpointer           data)
{
  LabRun run;
  gboolean done;

  run_init (&run, scenario, settings, report, data);
  done = scenario->run (&run);
  lab_mesh_free (run.mesh);
  lab_tally_clear (&run.tally);
  return done;
}

/* --- For the scenarios --- */

void
lab_run_tell_goal (LabRun     *run,
                   const char *what,
                   double      value,
                   const char *unit,
                   LabGoal     goal,
                   double      to_reach)
{
  g_autofree char *bench = g_strdup_printf ("%s/%s", run->scenario->name, what);
  LabFigure figure = {
    .scenario = run->scenario->name,
    .bench = bench,
    .value = value,
    .unit = unit,
    .nodes = run->settings.nodes,
    .seed = run->settings.seed,
    .goal = goal,
    .to_reach = to_reach,
  };

  run->report (&figure, run->data);
}

void
lab_run_tell (LabRun     *run,
              const char *what,
              double      value,
              const char *unit)
{
  lab_run_tell_goal (run, what, value, unit, LAB_GOAL_NONE, 0);
}

/* What all searches are asked; @success_to_reach in per cent, 0: none. */
void
lab_run_tell_searches (LabRun   *run,
                       LabTally *tally,
                       double    success_to_reach)
{
  lab_run_tell (run, "searches", tally->counted, "searches");
  lab_run_tell_goal (run, "found", 100 * lab_tally_get_success (tally), "%",
                     success_to_reach > 0 ? LAB_GOAL_AT_LEAST : LAB_GOAL_NONE, success_to_reach);
  lab_run_tell (run, "missed", tally->missed, "searches");
  lab_run_tell_goal (run, "wrong", tally->wrong, "searches", LAB_GOAL_AT_MOST, 0);
  lab_run_tell (run, "time-median", 1000 * lab_tally_get_time (tally, 0.5), "ms");
  lab_run_tell (run, "time-99", 1000 * lab_tally_get_time (tally, 0.99), "ms");
  lab_run_tell (run, "time-max", 1000 * lab_tally_get_time (tally, 1), "ms");
}

/* LOOKUPs of a search where each cache is ideal with 20 entries in a level; between
 * the measured sizes the logarithm decides. */
double
lab_run_get_ideal_lookups (guint nodes)
{
  static const struct { double nodes, lookups; } known[] = {
    { 2000, 2.97 }, { 10000, 3.65 }, { 100000, 4.56 }, { 1000000, 5.47 },
  };
  guint i = 1;

  while (i < G_N_ELEMENTS (known) - 1 && nodes > known[i].nodes)
    i++;
  return known[i].lookups + (known[i].lookups - known[i - 1].lookups) *
         log (nodes / known[i].nodes) / log (known[i].nodes / known[i - 1].nodes);
}

gint64
lab_run_get_time (const LabRun *run)
{
  return (gint64) (run->settings.minutes * LAB_MINUTE);
}

gboolean
lab_run_grow (LabRun *run)
{
  LabMesh *mesh = run->mesh;

  while (mesh->nodes->len < run->settings.nodes)
    {
      /* A tenth more in each second, and two in the first ones. */
      gint64 pause = LAB_SECOND / MAX (2, mesh->nodes->len / 10);

      lab_mesh_join (mesh);
      if (!lab_mesh_run_until (mesh, mesh->now + pause))
        return FALSE;
    }
  if (!lab_mesh_run_until (mesh, mesh->now + (gint64) (run->settings.settle * LAB_MINUTE)))
    return FALSE;
  lab_ring_await (mesh, 5 * LAB_SECOND, 10 * LAB_MINUTE);
  return !lab_mesh_is_stopped (mesh);
}
