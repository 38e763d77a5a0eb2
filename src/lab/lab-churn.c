/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lab-churn.h"

#include <math.h>

static void
schedule_death (LabChurn *churn,
                LabNode  *node)
{
  /* 1 - x is never 0. */
  double session = -log (1 - g_rand_double (churn->mesh->random)) * churn->mean;

  lab_schedule_set (churn->deaths, node->index, churn->mesh->now + (gint64) session);
}

void
lab_churn_init (LabChurn *churn,
                LabMesh  *mesh,
                gint64    mean)
{
  *churn = (LabChurn) { .mesh = mesh, .deaths = lab_schedule_new (), .mean = (double) mean };
  for (guint i = 0; i < mesh->living->len; i++)
    schedule_death (churn, g_ptr_array_index (mesh->living, i));
}

void
lab_churn_clear (LabChurn *churn)
{
  g_clear_pointer (&churn->deaths, lab_schedule_free);
}

static void
replace (LabChurn *churn,
         guint     index)
{
  LabNode *node = lab_mesh_get (churn->mesh, index);

  lab_schedule_set (churn->deaths, index, G_MAXINT64);
  lab_node_kill (node);
  lab_node_bury (node);
  schedule_death (churn, lab_mesh_join (churn->mesh));
  churn->n_deaths++;
}

gboolean
lab_churn_run (LabChurn *churn,
               gint64    time,
               gint64    search_interval,
               LabTally *tally)
{
  LabMesh *mesh = churn->mesh;
  gint64 end = mesh->now + time;
  gint64 search = search_interval > 0 ? mesh->now : G_MAXINT64;

  for (;;)
    {
      guint index;
      gint64 death = lab_schedule_get_next (churn->deaths, &index);

      if (!lab_mesh_run_until (mesh, MIN (end, MIN (death, search))))
        return FALSE;
      if (mesh->now >= end)
        return TRUE;
      if (death <= mesh->now)
        replace (churn, index);
      if (search <= mesh->now)
        {
          lab_search_any (mesh, tally);
          search += search_interval;
        }
    }
}
