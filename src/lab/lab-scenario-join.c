/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lab-scenario-private.h"

/* Joining: one by one, and all at once. */

#define ONE_WAY        (50 * 1000)             /* all equally far: so that round trips can be counted */
#define JOIN_INTERVAL  (LAB_SECOND / 10)
#define N_WATCHED      50                      /* the last nodes, whose keys … */
#define N_SEEKERS      20                      /* … so many others look for, each */
#define PATIENCE       (20 * LAB_MINUTE)

static void
tell_round_trips (LabRun *run)
{
  LabMesh *mesh = run->mesh;
  double most = 0, sum = 0;
  guint within = 0, n = 0;

  for (guint i = 1; i < mesh->nodes->len; i++)
    {
      const LabNode *node = lab_mesh_get (mesh, i);
      double trips = (double) (node->active_since - node->born) / (2 * ONE_WAY);

      n++;
      if (node->active_since == 0)
        continue;
      sum += trips;
      most = MAX (most, trips);
      within += trips <= 3;
    }
  lab_run_tell (run, "active-mean", n > 0 ? sum / n : 0, "round trips");
  lab_run_tell_goal (run, "active-max", most, "round trips", LAB_GOAL_AT_MOST, 3);
  lab_run_tell_goal (run, "active-within-3", n > 0 ? 100.0 * within / n : 100, "%", LAB_GOAL_AT_LEAST, 100);
}

/* How long until every leaf set is right, from now. */
static gboolean
tell_ring (LabRun *run,
           gint64  since,
           gint64  patience)
{
  LabMesh *mesh = run->mesh;
  LabRing ring;

  lab_ring_await (mesh, LAB_SECOND, patience);
  if (lab_mesh_is_stopped (mesh))
    return FALSE;
  lab_ring_measure (mesh, 0, &ring);
  lab_run_tell (run, "whole-after", (double) (mesh->now - since) / LAB_SECOND, "s");
  lab_run_tell_goal (run, "leaf-sets-right", 100.0 * ring.n_right / MAX (ring.n_keys, 1), "%", LAB_GOAL_AT_LEAST, 100);
  return TRUE;
}

/* The next node joins; when its key is to be findable others look for it. */
static gboolean
join_watched (LabMesh  *mesh,
              LabTally *tally)
{
  LabNode *node = lab_mesh_join (mesh);

  if (!lab_mesh_run_until (mesh, mesh->now + LAB_SETTLING_TIME))
    return FALSE;
  for (guint i = 0; i < N_SEEKERS; i++)
    {
      LabNode *seeker = lab_mesh_pick (mesh);

      if (seeker != node)
        lab_search_start (seeker, node, tally);
    }
  return TRUE;
}

gboolean
lab_run_join (LabRun *run)
{
  LabDelay delay = { .minimum = ONE_WAY, .maximum = ONE_WAY };
  LabTally *tally = &run->tally;
  LabMesh *mesh = run->mesh;
  LabRing ring;
  guint n_watched;

  mesh->network.loss = run->settings.loss;
  lab_network_set_delay (&mesh->network, &delay);
  n_watched = MIN (N_WATCHED, run->settings.nodes / 2);

  while (mesh->nodes->len < run->settings.nodes - n_watched)
    {
      lab_mesh_join (mesh);
      if (!lab_mesh_run_until (mesh, mesh->now + JOIN_INTERVAL))
        return FALSE;
    }
  lab_ring_measure (mesh, LAB_SETTLING_TIME, &ring);
  lab_run_tell (run, "leaf-sets-right-meanwhile", 100.0 * ring.n_right / MAX (ring.n_keys, 1), "%");

  for (guint i = 0; i < n_watched; i++)
    if (!join_watched (mesh, tally))
      return FALSE;
  if (!lab_mesh_run_until (mesh, mesh->now + LAB_SEARCH_TIMEOUT))
    return FALSE;
  tell_round_trips (run);
  lab_run_tell_goal (run, "found-after-2-s", 100 * lab_tally_get_success (tally), "%", LAB_GOAL_AT_LEAST, 100);
  return tell_ring (run, mesh->now, PATIENCE);
}

static guint
count_active (LabMesh *mesh)
{
  guint n = 0;

  for (guint i = 0; i < mesh->nodes->len; i++)
    n += lab_mesh_get (mesh, i)->active_since > 0;
  return n;
}

gboolean
lab_run_flash (LabRun *run)
{
  LabTally *tally = &run->tally;
  LabMesh *mesh = run->mesh;
  gint64 begun, patience;

  mesh->network.loss = run->settings.loss;
  begun = mesh->now;
  patience = lab_run_get_time (run);

  for (guint i = 0; i < run->settings.nodes; i++)
    lab_mesh_join (mesh);
  while (count_active (mesh) < run->settings.nodes && mesh->now < begun + patience)
    if (!lab_mesh_run_until (mesh, mesh->now + LAB_SECOND / 10))
      return FALSE;
  lab_run_tell (run, "all-active-after", (double) (mesh->now - begun) / LAB_SECOND, "s");
  lab_run_tell_goal (run, "active", 100.0 * count_active (mesh) / run->settings.nodes, "%", LAB_GOAL_AT_LEAST, 100);
  if (!tell_ring (run, begun, MAX (begun + patience - mesh->now, 0)) ||
      !lab_searches_run (mesh, run->settings.searches, LAB_SECOND / 1000, tally))
    return FALSE;
  lab_run_tell_searches (run, tally, 100);
  return TRUE;
}
