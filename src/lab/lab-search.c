/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lab-search.h"

#include <string.h>

#define N_REMEMBERED 32

typedef struct
{
  LabNode *from;
  LabNode *to;
  LabTally *tally;
  DrtResolve *resolve;
  gint64 started;
  gint64 answered;       /* 0: not */
  gboolean right;
  guint lookups;
  guint8 ids[N_REMEMBERED][4];   /* MessageIDs of its last LOOKUPs */
} LabSearch;

void
lab_tally_init (LabTally *tally)
{
  *tally = (LabTally) { .times = g_array_new (FALSE, FALSE, sizeof (gint64)) };
}

void
lab_tally_clear (LabTally *tally)
{
  g_assert (tally->under_way == 0);
  g_clear_pointer (&tally->times, g_array_unref);
}

double
lab_tally_get_success (const LabTally *tally)
{
  return tally->counted > 0 ? (double) tally->found / tally->counted : 1;
}

double
lab_tally_get_lookups (const LabTally *tally)
{
  return tally->found > 0 ? (double) tally->lookups / tally->found : 0;
}

static gint
compare_times (gconstpointer a,
               gconstpointer b)
{
  const gint64 *ta = a, *tb = b;

  return (*ta > *tb) - (*ta < *tb);
}

double
lab_tally_get_time (LabTally *tally,
                    double    quantile)
{
  if (tally->times->len == 0)
    return 0;
  g_array_sort (tally->times, compare_times);
  return (double) g_array_index (tally->times, gint64, (guint) (quantile * (tally->times->len - 1))) / G_USEC_PER_SEC;
}

static gboolean
is_right (const LabSearch       *search,
          const DrtResolveMatch *match)
{
  guint32 number = GUINT32_TO_BE (search->to->index);

  return drt_key_equal (&match->key, &search->to->key) &&
         match->payload_size == sizeof number && memcmp (match->payload, &number, sizeof number) == 0;
}

static void
finish (LabSearch *search)
{
  LabTally *tally = search->tally;

  tally->under_way--;
  if (!search->to->alive || search->to->born > search->started)
    {
      tally->abandoned++;
      return;
    }
  tally->counted++;
  if (search->answered == 0)
    {
      tally->missed++;
    }
  else if (!search->right)
    {
      tally->wrong++;
    }
  else
    {
      gint64 time = search->answered - search->started;

      tally->found++;
      tally->lookups += search->lookups;
      tally->lookups_max = MAX (tally->lookups_max, search->lookups);
      g_array_append_val (tally->times, time);
    }
}

static void
resolve_cb (gpointer               data,
            DrtResolveEvent        event,
            const DrtResolveMatch *match,
            HRESULT                hr)
{
  LabSearch *search = data;

  if (event == DRT_RESOLVE_FOUND)
    {
      search->answered = search->from->mesh->now;
      search->right = is_right (search, match);
    }
  else if (event == DRT_RESOLVE_FINISHED)
    {
      finish (search);
      search->from->searches = g_slist_remove (search->from->searches, search);
      g_free (search);
    }
}

void
lab_search_start (LabNode  *from,
                  LabNode  *to,
                  LabTally *tally)
{
  LabSearch *search = g_new0 (LabSearch, 1);
  DrtResolveQuery query = {
    .target = to->key,
    .minimum = to->key,
    .maximum = to->key,
    .max_matches = 1,
    .timeout = LAB_SEARCH_TIMEOUT,
  };

  search->from = from;
  search->to = to;
  search->tally = tally;
  search->started = from->mesh->now;
  tally->started++;
  tally->under_way++;
  from->searches = g_slist_prepend (from->searches, search);
  search->resolve = drt_node_resolve_start (from->core, from->mesh->now, &query, resolve_cb, search);
  lab_node_touch (from);
}

static LabNode *
pick_settled (LabMesh *mesh)
{
  for (guint i = 0; i < 100; i++)
    {
      LabNode *node = lab_mesh_pick (mesh);

      if (node != NULL && node->has_key && mesh->now - node->born >= LAB_SETTLING_TIME)
        return node;
    }
  return NULL;
}

gboolean
lab_search_any (LabMesh  *mesh,
                LabTally *tally)
{
  LabNode *from = pick_settled (mesh);
  LabNode *to = pick_settled (mesh);

  if (from == NULL || to == NULL || from == to)
    return FALSE;
  lab_search_start (from, to, tally);
  return TRUE;
}

/**
 * lab_searches_asked:
 * @node: who has sent a LOOKUP for an application
 * @id: its MessageID
 * @target: its target
 *
 * Counts it for the search it belongs to.  One that was sent before, with the same
 * MessageID, is a retransmission.
 */
void
lab_searches_asked (LabNode      *node,
                    const guint8  id[4],
                    const guint8  target[DRT_KEY_SIZE])
{
  for (GSList *l = node->searches; l != NULL; l = l->next)
    {
      LabSearch *search = l->data;
      guint n = MIN (search->lookups, N_REMEMBERED);
      gboolean again = FALSE;

      if (memcmp (search->to->key.b, target, DRT_KEY_SIZE) != 0)
        continue;
      for (guint i = 0; i < n && !again; i++)
        again = memcmp (search->ids[i], id, 4) == 0;
      if (!again)
        memcpy (search->ids[search->lookups++ % N_REMEMBERED], id, 4);
      return;
    }
}

void
lab_searches_abandon (LabNode *node)
{
  for (GSList *l = node->searches; l != NULL; l = l->next)
    {
      LabSearch *search = l->data;

      if (node->core != NULL)
        drt_node_resolve_end (node->core, node->mesh->now, search->resolve);
      search->tally->under_way--;
      search->tally->abandoned++;
      g_free (search);
    }
  g_clear_pointer (&node->searches, g_slist_free);
}

gboolean
lab_searches_run (LabMesh  *mesh,
                  guint     n,
                  gint64    interval,
                  LabTally *tally)
{
  gint64 next = mesh->now;

  while (n > 0)
    {
      if (!lab_mesh_run_until (mesh, next))
        return FALSE;
      next += interval;
      if (lab_search_any (mesh, tally))
        n--;
    }
  while (tally->under_way > 0)
    if (!lab_mesh_run_until (mesh, mesh->now + G_USEC_PER_SEC / 10))
      return FALSE;
  return TRUE;
}
