/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-search.h"

/* Fetching what a search has found. */

static gsize
result_size (const DrtFound *found)
{
  return sizeof (DRT_SEARCH_RESULT) + DRT_KEY_SIZE + found->payload_size;
}

/* @result has room for result_size() bytes. */
static void
put_result (DRT_SEARCH_RESULT *result,
            const DrtSearch   *search,
            const DrtFound    *found)
{
  BYTE *rest = (BYTE *) (result + 1);

  memset (result, 0, sizeof *result);
  result->dwSize = sizeof *result;
  result->type = found->type;
  result->pvContext = search->user_context;
  result->registration.key = (DRT_DATA) { DRT_KEY_SIZE, rest };
  memcpy (rest, found->key.b, DRT_KEY_SIZE);
  if (found->payload_size > 0)
    {
      rest += DRT_KEY_SIZE;
      result->registration.appData = (DRT_DATA) { found->payload_size, rest };
      memcpy (rest, found->payload, found->payload_size);
    }
}

/* Whether there is something to be told, be it the end. */
static gboolean
is_set_locked (const DrtSearch *self)
{
  return self->results.length > 0 || self->state != DRT_E_SEARCH_IN_PROGRESS;
}

/* Whether somebody else has set the event of @self, which he was given too. */
static gboolean
is_shared_and_set_locked (const DrtSearch *self)
{
  const DrtInstance *instance = self->instance;

  for (guint i = 0; self->event != NULL && i < instance->searches->len; i++)
    {
      const DrtSearch *other = g_ptr_array_index (instance->searches, i);

      if (other != self && other->event == self->event && !other->ended && is_set_locked (other))
        return TRUE;
    }
  return FALSE;
}

/* The event is set while there is something to be told, and not while there is
 * nothing.  A program may itself have read the event it waited for, as it would
 * with an auto-reset event of Windows: it must find it set as long as it should be. */
static void
settle_event_locked (DrtSearch *self)
{
  if (is_set_locked (self))
    drt_signal_set (self->signal);
  else if (!is_shared_and_set_locked (self))
    drt_signal_clear (self->signal);
}

static HRESULT
nothing_waits_locked (DrtSearch *self)
{
  settle_event_locked (self);
  return self->state;
}

HRESULT
DrtGetSearchResultSize (HDRT_SEARCH_CONTEXT hSearchContext,
                        ULONG              *pulSearchResultSize)
{
  DrtSearch *self;
  const DrtFound *found;
  HRESULT hr = S_OK;

  if (pulSearchResultSize == NULL)
    return E_INVALIDARG;
  *pulSearchResultSize = 0;
  self = drt_handle_get (hSearchContext, DRT_HANDLE_SEARCH);
  if (self == NULL)
    return E_HANDLE;

  g_mutex_lock (&self->instance->lock);
  found = g_queue_peek_head (&self->results);
  if (found != NULL)
    *pulSearchResultSize = result_size (found);
  else
    hr = nothing_waits_locked (self);
  g_mutex_unlock (&self->instance->lock);
  drt_object_unref (self);
  return hr;
}

static HRESULT
fetch_locked (DrtSearch         *self,
              ULONG              size,
              DRT_SEARCH_RESULT *result)
{
  const DrtFound *found = g_queue_peek_head (&self->results);

  if (found == NULL)
    return nothing_waits_locked (self);
  if (size < result_size (found))
    return DRT_E_INSUFFICIENT_BUFFER;

  put_result (result, self, found);
  g_free (g_queue_pop_head (&self->results));
  settle_event_locked (self);
  return S_OK;
}

HRESULT
DrtGetSearchResult (HDRT_SEARCH_CONTEXT hSearchContext,
                    ULONG               ulSearchResultSize,
                    DRT_SEARCH_RESULT  *pSearchResult)
{
  DrtSearch *self;
  HRESULT hr;

  if (pSearchResult == NULL || ulSearchResultSize < sizeof (DRT_SEARCH_RESULT))
    return E_INVALIDARG;
  self = drt_handle_get (hSearchContext, DRT_HANDLE_SEARCH);
  if (self == NULL)
    return E_HANDLE;

  g_mutex_lock (&self->instance->lock);
  hr = fetch_locked (self, ulSearchResultSize, pSearchResult);
  g_mutex_unlock (&self->instance->lock);
  drt_object_unref (self);
  return hr;
}

static gsize
path_size (const DrtSearch *self)
{
  return offsetof (DRT_ADDRESS_LIST, AddressList) + self->n_path * sizeof (DRT_ADDRESS);
}

HRESULT
DrtGetSearchPathSize (HDRT_SEARCH_CONTEXT hSearchContext,
                      ULONG              *pulSearchPathSize)
{
  DrtSearch *self;

  if (pulSearchPathSize == NULL)
    return E_INVALIDARG;
  *pulSearchPathSize = 0;
  self = drt_handle_get (hSearchContext, DRT_HANDLE_SEARCH);
  if (self == NULL)
    return E_HANDLE;

  g_mutex_lock (&self->instance->lock);
  *pulSearchPathSize = path_size (self);
  g_mutex_unlock (&self->instance->lock);
  drt_object_unref (self);
  return S_OK;
}

HRESULT
DrtGetSearchPath (HDRT_SEARCH_CONTEXT hSearchContext,
                  ULONG               ulSearchPathSize,
                  DRT_ADDRESS_LIST   *pSearchPath)
{
  DrtSearch *self;
  HRESULT hr = DRT_E_INSUFFICIENT_BUFFER;

  if (pSearchPath == NULL)
    return E_INVALIDARG;
  self = drt_handle_get (hSearchContext, DRT_HANDLE_SEARCH);
  if (self == NULL)
    return E_HANDLE;

  g_mutex_lock (&self->instance->lock);
  if (ulSearchPathSize >= path_size (self))
    {
      pSearchPath->AddressCount = self->n_path;
      if (self->n_path > 0)
        memcpy (pSearchPath->AddressList, self->path, self->n_path * sizeof (DRT_ADDRESS));
      hr = S_OK;
    }
  g_mutex_unlock (&self->instance->lock);
  drt_object_unref (self);
  return hr;
}
