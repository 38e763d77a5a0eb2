/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-search.h"

/* Starting, continuing and ending searches, and what the core finds for them. */

static void
search_finalize (gpointer object)
{
  DrtSearch *self = object;

  drt_signal_close (&self->signal);
  g_queue_clear_full (&self->results, g_free);
  g_free (self->path);
  drt_object_unref (self->instance);
}

static DrtSearch *
search_new (DrtInstance *instance)
{
  DrtSearch *self = drt_object_new (sizeof (DrtSearch), search_finalize);

  if (self == NULL)
    return NULL;
  self->instance = drt_object_ref (instance);
  self->signal = DRT_NO_SIGNAL;
  self->state = DRT_E_SEARCH_IN_PROGRESS;
  g_queue_init (&self->results);
  return self;
}

/* Takes a search that the program has ended out of the node's list. */
static void
forget (DrtSearch *self)
{
  DrtInstance *instance = self->instance;
  guint index;
  gboolean found;

  g_mutex_lock (&instance->lock);
  found = g_ptr_array_find (instance->searches, self, &index);
  if (found)
    g_ptr_array_steal_index_fast (instance->searches, index);
  g_mutex_unlock (&instance->lock);
  if (found)
    drt_object_unref (self);
}

static void
fill_hop (DRT_ADDRESS          *address,
          const DrtObservedHop *hop)
{
  memset (address, 0, sizeof *address);
  drt_endpoint_to_sockaddr (&hop->endpoint, (SOCKADDR_IN6 *) &address->socketAddress);
  address->flags = hop->flags;
  address->nearness = hop->nearness;
  address->latency = hop->latency > 0 ? (hop->latency + 500) / 1000 : 0;
}

/* Room for @n hops; more than that, so that a long path is not copied each time. */
static gboolean
reserve_path (DrtSearch *self,
              guint      n)
{
  DRT_ADDRESS *path;

  if (n <= self->path_size)
    return TRUE;
  path = drt_try_malloc (2 * n * sizeof *path);
  if (path == NULL)
    return FALSE;
  if (self->n_path > 0)
    memcpy (path, self->path, self->n_path * sizeof *path);
  g_free (self->path);
  self->path = path;
  self->path_size = 2 * n;
  return TRUE;
}

/* Copies what is new of the nodes asked so far to where a program can get at it. */
static void
publish_path (DrtSearch *self)
{
  const DrtObservedHop *hops;
  guint n, first;

  if (self->resolve == NULL)
    return;
  hops = drt_node_resolve_get_path (self->resolve, &n);
  first = drt_node_resolve_take_changes (self->resolve);
  if (first >= n)
    return;

  g_mutex_lock (&self->instance->lock);
  /* What could not be told before has to be told now. */
  first = MIN (first, self->n_path);
  if (reserve_path (self, n))
    {
      for (guint i = first; i < n; i++)
        fill_hop (&self->path[i], &hops[i]);
      self->n_path = n;
    }
  else
    {
      self->n_path = first;
    }
  g_mutex_unlock (&self->instance->lock);
}

/* After each turn of the core. */
void
drt_searches_publish_paths (DrtInstance *self)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (drt_object_unref);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->searches->len; i++)
    g_ptr_array_add (all, drt_object_ref (g_ptr_array_index (self->searches, i)));
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < all->len; i++)
    publish_path (g_ptr_array_index (all, i));
}

static DRT_MATCH_TYPE
get_match_type (const DrtSearch       *self,
                DrtResolveEvent        event,
                const DrtResolveMatch *match)
{
  if (event == DRT_RESOLVE_INTERMEDIATE)
    return DRT_MATCH_INTERMEDIATE;
  if (self->query.any_in_range || drt_key_equal (&match->key, &self->query.target))
    return DRT_MATCH_EXACT;
  return DRT_MATCH_NEAR;
}

/* A result is lost: the program is told so when it has fetched the others. */
static void
starve (DrtSearch *self)
{
  g_mutex_lock (&self->instance->lock);
  self->state = E_OUTOFMEMORY;
  if (!self->ended)
    drt_signal_set (self->signal);
  g_mutex_unlock (&self->instance->lock);
}

static void
queue_result (DrtSearch             *self,
              DrtResolveEvent        event,
              const DrtResolveMatch *match)
{
  gsize size = event == DRT_RESOLVE_FOUND ? match->payload_size : 0;
  DrtFound *found = drt_try_alloc (sizeof (DrtFound) + size);

  if (found == NULL)
    {
      starve (self);
      return;
    }
  found->type = get_match_type (self, event, match);
  found->key = match->key;
  found->payload_size = size;
  if (size > 0)
    memcpy (found->payload, match->payload, size);

  g_mutex_lock (&self->instance->lock);
  if (self->ended)
    g_free (found);
  else
    {
      g_queue_push_tail (&self->results, found);
      drt_signal_set (self->signal);
    }
  g_mutex_unlock (&self->instance->lock);
}

/* Over, and why: what is answered from now on when no result waits. */
static void
finish (DrtSearch *self,
        HRESULT    state)
{
  self->resolve = NULL;
  g_mutex_lock (&self->instance->lock);
  if (self->state == DRT_E_SEARCH_IN_PROGRESS)
    self->state = state;
  if (!self->ended)
    drt_signal_set (self->signal);
  g_mutex_unlock (&self->instance->lock);
}

static void
resolve_cb (gpointer               data,
            DrtResolveEvent        event,
            const DrtResolveMatch *match,
            HRESULT                hr)
{
  DrtSearch *self = drt_object_ref (data);

  publish_path (self);
  if (event != DRT_RESOLVE_FINISHED)
    queue_result (self, event, match);
  else
    finish (self, FAILED (hr) ? hr : DRT_E_NO_MORE);
  drt_object_unref (self);
}

static void
start (DrtInstance *instance,
       gpointer     data)
{
  DrtSearch *self = data;
  gboolean ended;

  g_mutex_lock (&instance->lock);
  ended = self->ended;
  g_mutex_unlock (&instance->lock);
  if (!ended && instance->node != NULL)
    self->resolve = drt_node_resolve_start (instance->node, g_get_monotonic_time (), &self->query, resolve_cb, self);
}

static void
go_on (DrtInstance *instance,
       gpointer     data)
{
  DrtSearch *self = data;

  if (self->resolve != NULL)
    drt_node_resolve_continue (instance->node, g_get_monotonic_time (), self->resolve);
}

static void
end (DrtInstance *instance,
     gpointer     data)
{
  DrtSearch *self = data;

  if (self->resolve != NULL)
    drt_node_resolve_end (instance->node, g_get_monotonic_time (), g_steal_pointer (&self->resolve));
  forget (self);
}

/* All searches, when the node closes.  Whoever waits for one wakes up and finds its
 * handle gone. */
void
drt_searches_end (DrtInstance *self)
{
  for (;;)
    {
      DrtSearch *search = NULL;

      g_mutex_lock (&self->lock);
      if (self->searches->len > 0)
        {
          search = drt_object_ref (g_ptr_array_index (self->searches, 0));
          /* One that was still to begin does not. */
          search->ended = TRUE;
        }
      g_mutex_unlock (&self->lock);
      if (search == NULL)
        return;

      drt_object_unref (drt_handle_steal (search->handle, DRT_HANDLE_SEARCH));
      drt_signal_set (search->signal);
      end (self, search);
      drt_object_unref (search);
    }
}

/* What the range says of @query. */
static HRESULT
check_range (const DRT_SEARCH_INFO *info,
             DrtResolveQuery       *query)
{
  if (info->pMinimumKey == NULL && info->pMaximumKey == NULL)
    return S_OK;
  if (info->pMinimumKey == NULL || info->pMaximumKey == NULL ||
      info->pMinimumKey->pb == NULL || info->pMaximumKey->pb == NULL)
    return E_INVALIDARG;
  if (info->pMinimumKey->cb != DRT_KEY_SIZE || info->pMaximumKey->cb != DRT_KEY_SIZE)
    return DRT_E_INVALID_KEY_SIZE;

  drt_key_from_bytes (&query->minimum, info->pMinimumKey->pb);
  drt_key_from_bytes (&query->maximum, info->pMaximumKey->pb);
  return S_OK;
}

static HRESULT
check_info (const DRT_SEARCH_INFO *info,
            DrtResolveQuery       *query)
{
  HRESULT hr;

  if (info->dwSize != sizeof (DRT_SEARCH_INFO))
    return DRT_E_INVALID_SEARCH_INFO;
  hr = check_range (info, query);
  if (FAILED (hr))
    return hr;
  if (info->cMaxEndpoints == 0 || (info->fAnyMatchInRange && info->cMaxEndpoints > 1))
    return DRT_E_INVALID_MAX_ENDPOINTS;
  if (drt_key_compare (&query->minimum, &query->maximum) > 0 ||
      drt_key_compare (&query->target, &query->minimum) < 0 ||
      drt_key_compare (&query->target, &query->maximum) > 0)
    return DRT_E_INVALID_SEARCH_RANGE;

  query->any_in_range = info->fAnyMatchInRange != FALSE;
  query->allow_local = info->fAllowCurrentInstanceMatch != FALSE;
  query->iterative = info->fIterative != FALSE;
  query->max_matches = query->iterative ? 1 : info->cMaxEndpoints;
  return S_OK;
}

/* The search a program described, for the core. */
static HRESULT
make_query (const DRT_DATA        *key,
            const DRT_SEARCH_INFO *info,
            ULONG                  timeout,
            DrtResolveQuery       *query)
{
  if (key == NULL || key->pb == NULL)
    return E_INVALIDARG;
  if (key->cb != DRT_KEY_SIZE)
    return DRT_E_INVALID_KEY_SIZE;

  *query = (DrtResolveQuery) { .max_matches = 1, .timeout = (gint64) timeout * 1000 };
  drt_key_from_bytes (&query->target, key->pb);
  query->minimum = query->maximum = query->target;
  return info != NULL ? check_info (info, query) : S_OK;
}

static HRESULT
start_search (DrtInstance           *instance,
              const DrtResolveQuery *query,
              HANDLE                 event,
              gpointer               user_context,
              HDRT_SEARCH_CONTEXT   *handle)
{
  HRESULT hr = drt_instance_check (instance);
  DrtSearch *self;

  if (FAILED (hr))
    return hr == DRT_E_FAULTED ? hr : E_UNEXPECTED;
  self = search_new (instance);
  if (self == NULL)
    return E_OUTOFMEMORY;
  self->query = *query;
  self->user_context = user_context;
  self->event = event;
  hr = drt_signal_open (event, &self->signal);

  g_mutex_lock (&instance->lock);
  if (SUCCEEDED (hr) && instance->refusal != S_OK)
    hr = E_UNEXPECTED;
  if (SUCCEEDED (hr))
    {
      self->handle = drt_handle_new (DRT_HANDLE_SEARCH, drt_object_ref (self));
      if (self->handle == NULL)
        {
          drt_object_unref (self);
          hr = E_OUTOFMEMORY;
        }
    }
  if (SUCCEEDED (hr))
    {
      *handle = self->handle;
      g_ptr_array_add (instance->searches, drt_object_ref (self));
      drt_instance_post_locked (instance, start, drt_object_ref (self), drt_object_unref);
    }
  g_mutex_unlock (&instance->lock);
  drt_object_unref (self);
  return hr;
}

HRESULT
DrtStartSearch (HDRT                   hDrt,
                DRT_DATA              *pKey,
                const DRT_SEARCH_INFO *pInfo,
                ULONG                  timeout,
                HANDLE                 hEvent,
                const PVOID            pvContext,
                HDRT_SEARCH_CONTEXT   *hSearchContext)
{
  DrtInstance *instance;
  DrtResolveQuery query;
  HRESULT hr;

  if (hSearchContext == NULL)
    return E_INVALIDARG;
  *hSearchContext = NULL;
  hr = make_query (pKey, pInfo, timeout, &query);
  if (FAILED (hr))
    return hr;
  instance = drt_instance_get (hDrt);
  if (instance == NULL)
    return E_HANDLE;

  hr = start_search (instance, &query, hEvent, pvContext, hSearchContext);
  drt_object_unref (instance);
  return hr;
}

HRESULT
DrtContinueSearch (HDRT_SEARCH_CONTEXT hSearchContext)
{
  DrtSearch *self = drt_handle_get (hSearchContext, DRT_HANDLE_SEARCH);
  gboolean iterative;

  if (self == NULL)
    return E_HANDLE;
  iterative = self->query.iterative;
  if (iterative)
    drt_instance_post (self->instance, go_on, drt_object_ref (self), drt_object_unref);
  drt_object_unref (self);
  return iterative ? S_OK : E_UNEXPECTED;
}

HRESULT
DrtEndSearch (HDRT_SEARCH_CONTEXT hSearchContext)
{
  DrtSearch *self = drt_handle_steal (hSearchContext, DRT_HANDLE_SEARCH);
  DrtInstance *instance;

  if (self == NULL)
    return E_HANDLE;
  instance = drt_object_ref (self->instance);
  g_mutex_lock (&instance->lock);
  self->ended = TRUE;
  g_mutex_unlock (&instance->lock);
  drt_instance_post (instance, end, self, drt_object_unref);
  drt_object_unref (instance);
  return S_OK;
}
