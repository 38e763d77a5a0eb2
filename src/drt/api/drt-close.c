/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-instance.h"
#include "drt-library-thread.h"

#include <poll.h>

/* How long the revokes may wait for room in the socket. */
#define ROOM_TIME     200   /* milliseconds */
/* How long for those who are told to say that they were. */
#define GOOD_BYE_TIME (250 * 1000)   /* microseconds */

static void
nothing (DrtInstance *self,
         gpointer     data)
{
}

static void
flush_all (DrtInstance *self)
{
  struct pollfd fd = { drt_udp_transport_get_fd (self->transport), POLLOUT, 0 };

  drt_instance_flush (self);
  if (self->blocked && poll (&fd, 1, ROOM_TIME) == 1)
    drt_instance_flush (self);
}

/* Only in the library's own thread, where others go on meanwhile, and for somebody
 * who waits: in a program's thread the neighbours may be of the same thread, and
 * when a callback has closed the node the transport may be deleted after it. */
static gboolean
may_wait (DrtInstance *self)
{
  gboolean deferred;

  g_mutex_lock (&self->lock);
  deferred = self->close_deferred;
  g_mutex_unlock (&self->lock);
  return self->library_thread && !deferred;
}

/**
 * drt_instance_say_good_bye:
 *
 * Takes every key back, the first time; inside a turn of the thread of the
 * context, until it is done.
 *
 * Returns: whether all who had to be told have said so, or there was no time to
 *   wait for that
 */
gboolean
drt_instance_say_good_bye (DrtInstance *self)
{
  gint64 now = g_get_monotonic_time ();

  if (!self->leaving)
    {
      self->leaving = TRUE;
      self->leave_until = may_wait (self) ? now + GOOD_BYE_TIME : now;
      drt_instance_refuse (self, E_UNEXPECTED);
      drt_searches_end (self);
      drt_node_close (self->node, now);
    }
  if (!drt_node_is_closed (self->node) && now < self->leave_until)
    return FALSE;
  drt_node_hurry (self->node, now);
  return TRUE;
}

/* The next stage of closing: how far the transport is, and what a verb that
 * comes now is answered. */
static void
proceed (DrtInstance *self,
         DrtUdpState  state,
         HRESULT      refusal)
{
  drt_instance_refuse (self, refusal);
  drt_udp_transport_move (self->transport, state);
}

/**
 * drt_instance_shut:
 *
 * Closes the node for good, inside a turn of the thread of the context.
 * Providers are called at each stage, and what they call is answered by it.
 */
void
drt_instance_shut (DrtInstance *self)
{
  gboolean deferred;

  proceed (self, DRT_UDP_SHUTTING_DOWN, DRT_E_TRANSPORT_SHUTTING_DOWN);
  drt_registrations_withdraw (self);
  flush_all (self);
  self->observing = FALSE;
  drt_address_watch_leave (self);
  g_source_destroy (self->source);
  /* It keeps us as we keep it. */
  g_clear_pointer (&self->source, g_source_unref);

  proceed (self, DRT_UDP_UNBOUND, DRT_E_TRANSPORT_NOT_BOUND);
  drt_bootstrap_run_end (self);
  if (self->bootstrap_run.registered)
    self->bootstrap->Unregister (self->bootstrap->pvContext);

  proceed (self, DRT_UDP_DETACHED, DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED);
  self->bootstrap->Detach (self->bootstrap->pvContext);

  proceed (self, DRT_UDP_USED, DRT_E_INVALID_TRANSPORT_PROVIDER);
  g_clear_pointer (&self->node, drt_node_free);
  self->security->Detach (self->security->pvContext);

  drt_object_unref (drt_handle_steal (self->handle, DRT_HANDLE_INSTANCE));
  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  deferred = self->close_deferred;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  drt_instance_drop_commands (self);
  if (deferred && self->library_thread)
    drt_library_thread_leave ();
}

void
DrtClose (HDRT hDrt)
{
  DrtInstance *self = drt_instance_get (hDrt);
  gboolean first, deferred;

  if (self == NULL)
    return;

  g_mutex_lock (&self->lock);
  first = !self->close_wanted;
  self->close_wanted = TRUE;
  deferred = self->core_thread == g_thread_self ();
  if (first)
    self->close_deferred = deferred;
  g_mutex_unlock (&self->lock);

  if (!deferred)
    {
      drt_instance_call (self, nothing, NULL, NULL, G_MAXINT64);
      g_mutex_lock (&self->lock);
      while (!self->closed)
        g_cond_wait (&self->changed, &self->lock);
      g_mutex_unlock (&self->lock);
      if (first && self->library_thread)
        drt_library_thread_leave ();
    }
  drt_object_unref (self);
}
