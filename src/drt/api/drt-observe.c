/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-observe.h"

#include "drt-instance.h"

/* How long drt_observe() waits for another thread to have let go of the observer. */
#define OBSERVE_PATIENCE (2 * G_USEC_PER_SEC)

typedef struct
{
  gboolean wanted;
  DrtObserver observer;
  gpointer data;
} DrtObservation;

static void
observe (DrtInstance *self,
         gpointer     data)
{
  const DrtObservation *observation = data;

  if (self->node == NULL)
    return;
  self->observing = observation->wanted;
  self->observer = observation->observer;
  self->observer_data = observation->data;
  drt_node_set_observed (self->node, observation->wanted);
}

/**
 * drt_observe:
 * @drt: a node
 * @observer: (nullable): copied; NULL: nobody
 * @data: for its functions
 *
 * Has the node tell what it does.  A new observer is told all there is soon
 * after this returned, in the thread of the node's context.
 *
 * In that thread, no call for the observer before comes after this returned.  In
 * another one it waits for the observer's present call, up to two seconds.
 *
 * Returns: S_OK; E_HANDLE; E_UNEXPECTED (the node is being closed)
 */
HRESULT
drt_observe (HDRT               drt,
             const DrtObserver *observer,
             gpointer           data)
{
  DrtInstance *self = drt_instance_get (drt);
  DrtObservation *observation;
  HRESULT hr;

  if (self == NULL)
    return E_HANDLE;
  hr = drt_instance_check (self);
  if (hr == S_OK || hr == DRT_E_FAULTED)
    {
      hr = S_OK;
      observation = g_new0 (DrtObservation, 1);
      observation->data = data;
      observation->wanted = observer != NULL;
      if (observer != NULL)
        observation->observer = *observer;
      if (g_main_context_is_owner (self->context))
        {
          self->observing = FALSE;
          drt_instance_post (self, observe, observation, g_free);
        }
      else
        drt_instance_call (self, observe, observation, g_free, OBSERVE_PATIENCE);
    }
  else
    hr = E_UNEXPECTED;
  drt_object_unref (self);
  return hr;
}

/**
 * drt_get_status:
 * @status: (out): as at the end of the node's last turn
 *
 * Returns: S_OK; E_INVALIDARG; E_HANDLE
 */
HRESULT
drt_get_status (HDRT               drt,
                DrtObservedStatus *status)
{
  DrtInstance *self;

  if (status == NULL)
    return E_INVALIDARG;
  self = drt_instance_get (drt);
  if (self == NULL)
    return E_HANDLE;
  g_mutex_lock (&self->lock);
  *status = self->status;
  g_mutex_unlock (&self->lock);
  drt_object_unref (self);
  return S_OK;
}

/**
 * drt_get_counters:
 * @counters: (out): as at the end of the node's last turn
 *
 * Returns: S_OK; E_INVALIDARG; E_HANDLE
 */
HRESULT
drt_get_counters (HDRT         drt,
                  DrtCounters *counters)
{
  DrtInstance *self;

  if (counters == NULL)
    return E_INVALIDARG;
  self = drt_instance_get (drt);
  if (self == NULL)
    return E_HANDLE;
  g_mutex_lock (&self->lock);
  *counters = self->counters;
  g_mutex_unlock (&self->lock);
  drt_object_unref (self);
  return S_OK;
}

static void
inquire (DrtInstance *self,
         gpointer     data)
{
  if (self->node != NULL)
    drt_node_inquire_entry (self->node, g_get_monotonic_time (), data);
}

static void
drop (DrtInstance *self,
      gpointer     data)
{
  if (self->node != NULL)
    drt_node_drop_entry (self->node, g_get_monotonic_time (), data);
}

static void
bootstrap (DrtInstance *self,
           gpointer     data)
{
  if (self->node != NULL)
    drt_node_bootstrap_now (self->node, g_get_monotonic_time ());
}

/* Leaves a command of one of the three. */
static HRESULT
ask (HDRT            drt,
     DrtCommandFunc  func,
     const DrtKey   *key)
{
  DrtInstance *self = drt_instance_get (drt);
  HRESULT hr;

  if (self == NULL)
    return E_HANDLE;
  hr = drt_instance_check (self);
  if (hr == S_OK)
    drt_instance_post (self, func, key != NULL ? g_memdup2 (key, sizeof *key) : NULL, g_free);
  drt_object_unref (self);
  return hr == S_OK || hr == DRT_E_FAULTED ? hr : E_UNEXPECTED;
}

/**
 * drt_inquire_entry:
 * @key: of a cached entry; one that is not cached is passed over
 *
 * Asks the entry's node now whether it is still there.
 *
 * Returns: S_OK; E_INVALIDARG; E_HANDLE; DRT_E_FAULTED; E_UNEXPECTED (closing)
 */
HRESULT
drt_inquire_entry (HDRT          drt,
                   const DrtKey *key)
{
  return key != NULL ? ask (drt, inquire, key) : E_INVALIDARG;
}

/**
 * drt_drop_entry:
 * @key: of a cached entry; one that is not cached is passed over
 *
 * Forgets the entry.  The node may learn it again.
 *
 * Returns: as drt_inquire_entry()
 */
HRESULT
drt_drop_entry (HDRT          drt,
                const DrtKey *key)
{
  return key != NULL ? ask (drt, drop, key) : E_INVALIDARG;
}

/**
 * drt_bootstrap_now:
 *
 * Looks for other nodes now instead of with the next maintenance.
 *
 * Returns: S_OK; E_HANDLE; DRT_E_FAULTED; E_UNEXPECTED (closing)
 */
HRESULT
drt_bootstrap_now (HDRT drt)
{
  return ask (drt, bootstrap, NULL);
}
