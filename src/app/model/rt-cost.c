/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-cost.h"

#include <drt-observe.h>
#include <glib/gi18n.h>
#include <string.h>
#include <time.h>

#include "rt-providers.h"

#define PATIENCE       (15 * G_USEC_PER_SEC)   /* until the node is in the mesh */
#define SETTLE         (3 * G_USEC_PER_SEC)    /* until what joining brings about is over */
#define IDLE           (2 * G_USEC_PER_SEC)    /* how long it is watched without a search */
#define SEARCH_TIMEOUT 5000                    /* milliseconds */

typedef struct
{
  RtMeshSettings *settings;
  DrtKey *keys;
  guint n_keys;
  guint n_searches;

  /* Of the thread. */
  GMainContext *context;
  RtProviders providers;
  HDRT drt;
  HANDLE event;
  HDRT_SEARCH_CONTEXT search;
  gboolean ended;
  guint n_found;
} Job;

/* What has been used at a moment. */
typedef struct
{
  gint64 time;
  gint64 cpu;
  guint64 bytes;
} Reading;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->settings);
  g_free (job->keys);
  g_free (job);
}

static void
read_now (Job *job, Reading *reading)
{
  struct timespec cpu = { 0 };
  DrtCounters counters = { 0 };

  drt_get_counters (job->drt, &counters);
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &cpu);
  reading->time = g_get_monotonic_time ();
  reading->cpu = cpu.tv_sec * G_USEC_PER_SEC + cpu.tv_nsec / 1000;
  reading->bytes = counters.bytes_in + counters.bytes_out;
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the node's loop until a time, or until it is active where that is asked for. */
static gboolean
run_until (Job *job, gint64 end, gboolean active, GCancellable *cancellable)
{
  g_autoptr(GSource) wake = g_timeout_source_new (100);
  gboolean reached = FALSE;

  g_source_set_callback (wake, wake_cb, NULL, NULL);
  g_source_attach (wake, job->context);
  while (!reached && g_get_monotonic_time () < end && !g_cancellable_is_cancelled (cancellable))
    {
      DrtObservedStatus status;

      g_main_context_iteration (job->context, TRUE);
      reached = active && SUCCEEDED (drt_get_status (job->drt, &status)) && !status.bootstrapping && status.status == DRT_ACTIVE;
    }
  g_source_destroy (wake);
  return reached;
}

/* Takes what there is; the search has ended when there is no more. */
static gboolean
search_cb (gpointer data)
{
  Job *job = data;
  HRESULT hr = S_OK;

  while (SUCCEEDED (hr))
    {
      g_autofree DRT_SEARCH_RESULT *result = NULL;
      ULONG size = 0;

      hr = DrtGetSearchResultSize (job->search, &size);
      if (FAILED (hr))
        break;
      result = g_malloc0 (MAX (size, sizeof (DRT_SEARCH_RESULT)));
      hr = DrtGetSearchResult (job->search, size, result);
      if (SUCCEEDED (hr) && result->type == DRT_MATCH_EXACT)
        job->n_found++;
    }
  job->ended = hr != DRT_E_SEARCH_IN_PROGRESS;
  return job->ended ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static gboolean
search (Job *job, DrtKey *key)
{
  DRT_DATA data = { .cb = DRT_KEY_SIZE, .pb = key->b };
  DRT_SEARCH_INFO info = { .dwSize = sizeof info, .cMaxEndpoints = 1 };
  g_autoptr(GSource) source = NULL;

  job->ended = FALSE;
  job->event = drt_event_new ();
  if (FAILED (DrtStartSearch (job->drt, &data, &info, SEARCH_TIMEOUT, job->event, NULL, &job->search)))
    {
      g_clear_pointer (&job->event, drt_event_free);
      return FALSE;
    }
  source = drt_event_source_new (job->event);
  g_source_set_callback (source, search_cb, job, NULL);
  g_source_attach (source, job->context);
  while (!job->ended)
    g_main_context_iteration (job->context, TRUE);
  g_source_destroy (source);
  DrtEndSearch (job->search);
  g_clear_pointer (&job->event, drt_event_free);
  return TRUE;
}

static gboolean
search_for_all (Job *job, guint n_searches, GCancellable *cancellable)
{
  for (guint i = 0; i < n_searches; i++)
    if (g_cancellable_is_cancelled (cancellable) || !search (job, &job->keys[i % job->n_keys]))
      return FALSE;
  return TRUE;
}

static gboolean
measure (Job *job, RtCost *cost, GCancellable *cancellable, GError **error)
{
  Reading before, idle, after;
  double share;

  if (!run_until (job, g_get_monotonic_time () + PATIENCE, TRUE, cancellable))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _("The node that measures did not get into the mesh."));
      return FALSE;
    }
  run_until (job, g_get_monotonic_time () + SETTLE, FALSE, cancellable);
  if (!search_for_all (job, job->n_keys, cancellable))
    return FALSE;

  read_now (job, &before);
  run_until (job, before.time + IDLE, FALSE, cancellable);
  read_now (job, &idle);
  job->n_found = 0;
  if (!search_for_all (job, job->n_searches, cancellable))
    return FALSE;
  read_now (job, &after);

  if (job->n_found < (job->n_searches + 1) / 2)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("%u of %u searches found their key: too few to measure them."),
                   job->n_found, job->n_searches);
      return FALSE;
    }
  share = (double) (after.time - idle.time) / (double) MAX (idle.time - before.time, 1);
  cost->n_searches = job->n_found;
  cost->cpu = MAX ((double) (after.cpu - idle.cpu) - share * (double) (idle.cpu - before.cpu), 0) / job->n_searches;
  cost->bytes = MAX ((double) (after.bytes - idle.bytes) - share * (double) (idle.bytes - before.bytes), 0) / job->n_searches;
  cost->latency = (double) (after.time - idle.time) / job->n_searches;
  return TRUE;
}

/* After the close of a node something may still be under way in its loop. */
static void
close_node (Job *job)
{
  if (job->drt != NULL)
    DrtClose (job->drt);
  while (!rt_providers_delete (&job->providers))
    g_main_context_iteration (job->context, TRUE);
  while (g_main_context_iteration (job->context, FALSE))
    ;
}

static void
job_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  g_autofree RtCost *cost = g_new0 (RtCost, 1);
  GError *error = NULL;
  gboolean measured = FALSE;
  HRESULT hr;

  job->context = g_main_context_new ();
  g_main_context_push_thread_default (job->context);
  hr = rt_providers_open (&job->providers, job->settings, &job->drt);
  if (FAILED (hr))
    drt_set_error (&error, hr);
  else
    measured = measure (job, cost, cancellable, &error);
  close_node (job);
  g_main_context_pop_thread_default (job->context);
  g_clear_pointer (&job->context, g_main_context_unref);

  if (g_task_return_error_if_cancelled (task))
    g_clear_error (&error);
  else if (measured)
    g_task_return_pointer (task, g_steal_pointer (&cost), g_free);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, _("The mesh went away while it was measured."));
}

/**
 * rt_cost_measure_async:
 * @settings: of a mesh
 * @bootstrap: endpoints of nodes in it; %NULL for those the settings name
 * @keys: that are registered in it, by others
 * @n_searches: so many are measured
 */
void
rt_cost_measure_async (RtMeshSettings *settings, const char *const *bootstrap, const DrtKey *keys, guint n_keys,
                       guint n_searches, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, data);
  Job *job = g_new0 (Job, 1);

  g_return_if_fail (n_keys > 0 && n_searches > 0);

  job->settings = rt_mesh_settings_copy (settings);
  g_object_set (job->settings, "port", 0, NULL);
  if (bootstrap != NULL)
    g_object_set (job->settings, "bootstrap-kind", RT_BOOTSTRAP_LIST, "bootstrap-list", bootstrap, NULL);
  job->keys = g_memdup2 (keys, n_keys * sizeof *keys);
  job->n_keys = n_keys;
  job->n_searches = n_searches;
  g_task_set_source_tag (task, rt_cost_measure_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, job_thread);
}

gboolean
rt_cost_measure_finish (GAsyncResult *result, RtCost *cost, GError **error)
{
  g_autofree RtCost *measured = NULL;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  measured = g_task_propagate_pointer (G_TASK (result), error);
  if (measured != NULL)
    *cost = *measured;
  return measured != NULL;
}
