/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lab-scenario-private.h"

#include <math.h>

/* Nodes that come and go, datagrams that do not arrive, a network in halves. */

#define MEAN_SESSION     (138 * LAB_MINUTE)   /* 2.3 h */
#define VIOLENT_MEDIAN   1.4                  /* minutes */
#define OLD_ENOUGH       LAB_MINUTE           /* whose leaf set is looked at */
#define HEALING_LIMIT    (60 * LAB_MINUTE)
#define LOOK_INTERVAL    (5 * LAB_SECOND)

static void
tell_traffic (LabRun           *run,
              const LabTraffic *before,
              gint64            time,
              double            kib_to_reach)
{
  const LabTraffic *traffic = &run->mesh->network.traffic;
  double node_seconds = (double) run->settings.nodes * time / LAB_SECOND;

  lab_run_tell (run, "datagrams", (double) (traffic->sent - before->sent) / node_seconds, "per node and second");
  lab_run_tell_goal (run, "traffic", (double) (traffic->bytes_sent - before->bytes_sent) / 1024 / node_seconds,
                     "KiB/s per node", kib_to_reach > 0 ? LAB_GOAL_AT_MOST : LAB_GOAL_NONE, kib_to_reach);
}

static gboolean
run_churn (LabRun   *run,
           LabTally *tally,
           gint64    mean_session,
           double    success_to_reach,
           double    kib_to_reach)
{
  LabMesh *mesh = run->mesh;
  gint64 time = lab_run_get_time (run);
  g_auto (LabChurn) churn = { 0 };
  LabTraffic before;
  LabRing ring;

  if (!lab_run_grow (run))
    return FALSE;
  mesh->network.loss = run->settings.loss;
  before = mesh->network.traffic;
  lab_churn_init (&churn, mesh, mean_session);
  if (!lab_churn_run (&churn, time, MAX (time / run->settings.searches, 1), tally))
    return FALSE;
  tell_traffic (run, &before, time, kib_to_reach);
  lab_ring_measure (mesh, OLD_ENOUGH, &ring);
  /* Those begun last have their time too. */
  if (!lab_churn_run (&churn, LAB_SEARCH_TIMEOUT + LAB_SECOND, 0, tally))
    return FALSE;

  lab_run_tell (run, "deaths", churn.n_deaths, "nodes");
  lab_run_tell_searches (run, tally, success_to_reach);
  lab_run_tell (run, "lookups-mean", lab_tally_get_lookups (tally), "LOOKUPs");
  lab_run_tell (run, "leaf-sets-right", 100.0 * ring.n_right / MAX (ring.n_keys, 1), "%");
  return TRUE;
}

gboolean
lab_run_churn (LabRun *run)
{
  LabTally *tally = &run->tally;

  return run_churn (run, tally, MEAN_SESSION, 99.99, 0);
}

gboolean
lab_run_violent (LabRun *run)
{
  LabTally *tally = &run->tally;

  return run_churn (run, tally, (gint64) (VIOLENT_MEDIAN / G_LN2 * LAB_MINUTE), 99, 2);
}

/* --- The cut --- */

/* Searches within one side only. */
static gboolean
search_in_halves (LabRun   *run,
                  LabTally *tally)
{
  LabMesh *mesh = run->mesh;

  for (guint i = 0; i < run->settings.searches / 10;)
    {
      LabNode *from = lab_mesh_pick (mesh), *to = lab_mesh_pick (mesh);

      if (from == to || from->side != to->side)
        continue;
      lab_search_start (from, to, tally);
      i++;
      if (!lab_mesh_run_until (mesh, mesh->now + LAB_SECOND / 1000))
        return FALSE;
    }
  return lab_mesh_run_until (mesh, mesh->now + LAB_SEARCH_TIMEOUT);
}

/* Until there is one ring, and until all leaf sets are right. */
static gboolean
await_healing (LabRun *run)
{
  LabMesh *mesh = run->mesh;
  gint64 healed = mesh->now;
  gboolean one_ring = FALSE;
  LabRing ring;

  for (;;)
    {
      lab_ring_measure (mesh, 0, &ring);
      if (!one_ring && ring.n_joined == ring.n_keys)
        {
          one_ring = TRUE;
          lab_run_tell (run, "one-ring-after", (double) (mesh->now - healed) / LAB_SECOND, "s");
        }
      if (ring.n_right == ring.n_keys || mesh->now - healed >= HEALING_LIMIT)
        break;
      if (!lab_mesh_run_until (mesh, mesh->now + LOOK_INTERVAL))
        return FALSE;
    }
  lab_run_tell (run, "whole-after", (double) (mesh->now - healed) / LAB_SECOND, "s");
  lab_run_tell_goal (run, "leaf-sets-right", 100.0 * ring.n_right / MAX (ring.n_keys, 1), "%", LAB_GOAL_AT_LEAST, 100);
  return TRUE;
}

gboolean
lab_run_cut (LabRun *run)
{
  g_auto (LabTally) apart = { 0 };
  LabTally *tally = &run->tally;
  LabMesh *mesh = run->mesh;

  lab_tally_init (&apart);
  if (!lab_run_grow (run))
    return FALSE;

  mesh->network.loss = run->settings.loss;
  for (guint i = 0; i < mesh->nodes->len; i++)
    lab_mesh_get (mesh, i)->side = g_rand_boolean (mesh->random);
  mesh->network.cut = TRUE;
  if (!lab_mesh_run_until (mesh, mesh->now + lab_run_get_time (run)) || !search_in_halves (run, &apart))
    return FALSE;
  lab_run_tell_goal (run, "found-in-halves", 100 * lab_tally_get_success (&apart), "%", LAB_GOAL_AT_LEAST, 100);

  mesh->network.cut = FALSE;
  if (!await_healing (run) || !lab_searches_run (mesh, run->settings.searches, LAB_SECOND / 1000, tally))
    return FALSE;
  lab_run_tell_searches (run, tally, 100);
  return TRUE;
}
