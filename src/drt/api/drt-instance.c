/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-instance.h"

static void
instance_finalize (gpointer object)
{
  DrtInstance *self = object;

  drt_instance_drop_commands (self);
  drt_events_clear (self);
  drt_signal_close (&self->signal);
  g_hash_table_unref (self->registrations);
  g_ptr_array_unref (self->searches);
  g_array_unref (self->expiries);
  g_clear_pointer (&self->transport, drt_udp_transport_unref);
  g_clear_pointer (&self->source, g_source_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self->name);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
}

/**
 * drt_instance_new:
 *
 * Returns: (nullable): a node that is not open; NULL when there is no memory
 */
DrtInstance *
drt_instance_new (void)
{
  DrtInstance *self = drt_object_new (sizeof (DrtInstance), instance_finalize);

  if (self == NULL)
    return NULL;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->commands);
  g_queue_init (&self->events);
  g_queue_init (&self->new_events);
  self->signal = DRT_NO_SIGNAL;
  self->registrations = g_hash_table_new_full (drt_key_hash, drt_key_equal, NULL, drt_object_unref);
  self->expiries = drt_expiry_list_new ();
  self->searches = g_ptr_array_new_with_free_func (drt_object_unref);
  self->status.bootstrapping = TRUE;
  return self;
}

/* (transfer full) (nullable): the node of a handle a program gave. */
DrtInstance *
drt_instance_get (HDRT handle)
{
  return drt_handle_get (handle, DRT_HANDLE_INSTANCE);
}

/* S_OK, or why nothing can be asked of the node: it is closing, or has failed. */
HRESULT
drt_instance_check (DrtInstance *self)
{
  HRESULT hr;

  g_mutex_lock (&self->lock);
  hr = self->refusal;
  if (hr == S_OK && self->faulted)
    hr = DRT_E_FAULTED;
  g_mutex_unlock (&self->lock);
  return hr;
}

/* What verbs answer from now on. */
void
drt_instance_refuse (DrtInstance *self,
                     HRESULT      hr)
{
  g_mutex_lock (&self->lock);
  self->refusal = hr;
  g_mutex_unlock (&self->lock);
}
