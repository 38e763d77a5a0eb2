/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lab-scenario-private.h"

#include <malloc.h>
#include <time.h>

/* What the laboratory costs on this machine: the only scenarios that look at the
 * clock and the memory of the process. */

static double
allocated (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return (double) info.uordblks + info.hblkhd;
}

gboolean
lab_run_memory (LabRun *run)
{
  double before = allocated (), all, core;
  LabMesh *mesh = run->mesh;

  if (!lab_run_grow (run))
    return FALSE;

  all = allocated ();
  while (mesh->living->len > 0)
    {
      LabNode *node = g_ptr_array_index (mesh->living, 0);

      lab_node_kill (node);
      lab_node_bury (node);
    }
  core = all - allocated ();
  /* A sanitizer's allocator does not tell. */
  if (all == 0)
    return TRUE;
  lab_run_tell_goal (run, "core-node", core / 1024 / run->settings.nodes, "KiB", LAB_GOAL_AT_MOST, 10);
  lab_run_tell (run, "laboratory-node", (all - before) / 1024 / run->settings.nodes, "KiB");
  return TRUE;
}

gboolean
lab_run_speed (LabRun *run)
{
  LabTraffic before;
  clock_t begun;
  double seconds;

  if (!lab_run_grow (run))
    return FALSE;
  before = run->mesh->network.traffic;
  begun = clock ();
  if (!lab_mesh_run_until (run->mesh, run->mesh->now + lab_run_get_time (run)))
    return FALSE;
  seconds = (double) (clock () - begun) / CLOCKS_PER_SEC;
  lab_run_tell_goal (run, "delivered", (double) (run->mesh->network.traffic.delivered - before.delivered) / seconds,
                     "datagrams/s", LAB_GOAL_AT_LEAST, 300000);
  lab_run_tell (run, "virtual-per-processor-time", run->settings.minutes * 60 / seconds, "x");
  return TRUE;
}
