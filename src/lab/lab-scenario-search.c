/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lab-scenario-private.h"

/* Searches: while nothing happens, and right after a fifth of the nodes is gone. */

#define WINDOW       (10 * LAB_SECOND)   /* in which the searches of a scenario begin */
#define VANISH       0.2

/* Datagrams sent in @time while nobody searches. */
static gboolean
measure_idle (LabMesh *mesh,
              gint64   time,
              double  *datagrams)
{
  guint64 before = mesh->network.traffic.sent;

  if (!lab_mesh_run_until (mesh, mesh->now + time))
    return FALSE;
  *datagrams = (double) (mesh->network.traffic.sent - before);
  return TRUE;
}

static void
tell_lookups (LabRun   *run,
              LabTally *tally,
              double    to_reach)
{
  lab_run_tell_goal (run, "lookups-mean", lab_tally_get_lookups (tally), "LOOKUPs",
                     to_reach > 0 ? LAB_GOAL_AT_MOST : LAB_GOAL_NONE, to_reach);
  lab_run_tell (run, "lookups-max", tally->lookups_max, "LOOKUPs");
}

static void
tell_caches (LabRun *run)
{
  LabMesh *mesh = run->mesh;
  DrtCounters counters;
  double sum = 0;

  for (guint i = 0; i < mesh->living->len; i++)
    {
      drt_node_get_counters (((LabNode *) g_ptr_array_index (mesh->living, i))->core, &counters);
      sum += counters.n_entries;
    }
  lab_run_tell (run, "cache-entries-mean", sum / MAX (mesh->living->len, 1), "entries");
}

gboolean
lab_run_stable (LabRun *run)
{
  LabTally *tally = &run->tally;
  LabMesh *mesh = run->mesh;
  gint64 begun, window;
  guint64 before, asked;
  double idle, busy;

  if (!lab_run_grow (run) || !measure_idle (mesh, LAB_MINUTE, &idle))
    return FALSE;
  tell_caches (run);
  lab_run_tell_goal (run, "idle-datagrams", idle / 60 / run->settings.nodes, "per node and second", LAB_GOAL_AT_MOST, 2);

  mesh->network.loss = run->settings.loss;
  begun = mesh->now;
  before = mesh->network.traffic.sent;
  asked = mesh->n_asked;
  if (!lab_searches_run (mesh, run->settings.searches, MAX (WINDOW / run->settings.searches, 1), tally))
    return FALSE;
  busy = (double) (mesh->network.traffic.sent - before);
  asked = mesh->n_asked - asked;
  window = mesh->now - begun;
  if (!measure_idle (mesh, window, &idle))
    return FALSE;

  lab_run_tell_searches (run, tally, 100);
  tell_lookups (run, tally, 1.05 * lab_run_get_ideal_lookups (run->settings.nodes));
  lab_run_tell (run, "lookups-sent", (double) asked / MAX (tally->started, 1), "per search");
  lab_run_tell_goal (run, "datagrams", (busy - idle) / MAX (tally->started, 1), "per search", LAB_GOAL_AT_MOST, 10);
  return TRUE;
}

gboolean
lab_run_vanish (LabRun *run)
{
  LabTally *tally = &run->tally;
  LabMesh *mesh = run->mesh;
  gint64 gone;
  guint n_gone;

  if (!lab_run_grow (run))
    return FALSE;

  mesh->network.loss = run->settings.loss;
  gone = mesh->now;
  n_gone = (guint) (VANISH * lab_mesh_count (mesh));
  for (guint i = 0; i < n_gone; i++)
    lab_node_kill (lab_mesh_pick (mesh));
  if (!lab_searches_run (mesh, run->settings.searches, MAX (WINDOW / run->settings.searches, 1), tally))
    return FALSE;
  lab_run_tell_searches (run, tally, 99.99);
  tell_lookups (run, tally, run->settings.nodes == 2000 ? 4 : 0);
  if (!lab_ring_await (mesh, 5 * LAB_SECOND, 30 * LAB_MINUTE) && lab_mesh_is_stopped (mesh))
    return FALSE;
  lab_run_tell (run, "whole-after", (double) (mesh->now - gone) / LAB_SECOND, "s");
  return TRUE;
}
