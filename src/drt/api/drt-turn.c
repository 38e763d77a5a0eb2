/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-instance.h"

/* How often the host's addresses are looked at where the system does not tell of
 * changes, or did not answer. */
#define ADDRESS_CHECK      (2 * G_USEC_PER_SEC)

/* Changes come together: one address often goes when another comes. */
#define ADDRESS_PAUSE      (100 * 1000)

/* Begins a turn: from here to drt_instance_leave() this thread is inside the core. */
void
drt_instance_enter (DrtInstance *self)
{
  g_mutex_lock (&self->lock);
  g_assert (self->core_thread == NULL);
  self->core_thread = g_thread_self ();
  g_mutex_unlock (&self->lock);
  drt_udp_transport_set_executing (self->transport, g_thread_self ());
}

static void
send_failed (gpointer           data,
             const DrtEndpoint *to,
             const guint8      *bytes,
             gsize              length,
             gint64             arrived)
{
  DrtInstance *self = data;

  drt_node_send_failed (self->node, g_get_monotonic_time (), to);
}

/* Sends what the core queued. */
void
drt_instance_flush (DrtInstance *self)
{
  static const DrtEndpoint nowhere;

  self->blocked = !drt_udp_transport_flush (self->transport, send_failed, self);
  for (; self->n_lost > 0; self->n_lost--)
    drt_node_send_failed (self->node, g_get_monotonic_time (), &nowhere);
}

/**
 * drt_instance_look_at_addresses:
 * @endpoints: (out)
 * @n_endpoints: (out)
 *
 * Looks, and plans when to look again: not before something changes, where that
 * is told.
 *
 * Returns: FALSE: nothing is to be seen now
 */
gboolean
drt_instance_look_at_addresses (DrtInstance *self,
                                DrtEndpoint  endpoints[DRT_UDP_MAX_ADDRESSES],
                                guint       *n_endpoints)
{
  gboolean seen = drt_udp_transport_list_addresses (self->transport, endpoints, n_endpoints);

  self->address_check = seen && self->addresses_watched ? G_MAXINT64 : g_get_monotonic_time () + ADDRESS_CHECK;
  return seen;
}

static gboolean
has_moved (const DrtObservedStatus *before,
           const DrtEndpoint       *endpoints,
           guint                    n_endpoints)
{
  if (n_endpoints != before->n_addresses)
    return TRUE;
  for (guint i = 0; i < n_endpoints; i++)
    if (!drt_endpoint_equal (&endpoints[i], &before->addresses[i]))
      return TRUE;
  return FALSE;
}

/* §3.1.7.1, when it is time to look. */
void
drt_instance_check_addresses (DrtInstance *self,
                              gint64       now)
{
  DrtEndpoint endpoints[DRT_UDP_MAX_ADDRESSES];
  DrtObservedStatus before;
  guint n;

  if (now < self->address_check || !drt_instance_look_at_addresses (self, endpoints, &n))
    return;
  drt_node_get_status (self->node, &before);
  if (before.fault != S_OK || !has_moved (&before, endpoints, n))
    return;
  drt_bootstrap_run_publish (self, endpoints, n);
  drt_node_set_addresses (self->node, now, endpoints, n);
}

/* A command: the host's addresses may have changed. */
void
drt_instance_addresses_changed (DrtInstance *self,
                                gpointer     data)
{
  self->address_check = MIN (self->address_check, g_get_monotonic_time () + ADDRESS_PAUSE);
}

/* A command: from now on nobody tells us. */
void
drt_instance_addresses_unwatched (DrtInstance *self,
                                  gpointer     data)
{
  self->addresses_watched = FALSE;
  drt_instance_addresses_changed (self, NULL);
}

/* What a program may ask for without waiting. */
static void
publish (DrtInstance *self)
{
  DrtObservedStatus status;
  DrtCounters counters;

  if (!self->opened)
    return;
  drt_node_get_status (self->node, &status);
  status.port = drt_udp_transport_get_port (self->transport);
  drt_node_get_counters (self->node, &counters);

  /* In one step: whoever has seen an event finds the status that goes with it. */
  g_mutex_lock (&self->lock);
  self->status = status;
  self->counters = counters;
  drt_events_tell_locked (self);
  g_mutex_unlock (&self->lock);
  drt_searches_publish_paths (self);
}

static gint64
next_deadline (DrtInstance *self)
{
  gint64 deadline = self->opened ? drt_node_next_deadline (self->node) : G_MAXINT64;

  deadline = MIN (deadline, self->address_check);
  deadline = MIN (deadline, drt_expiry_deadline (self));
  if (self->bootstrap_run.ticket != NULL)
    deadline = MIN (deadline, self->bootstrap_run.deadline);
  if (self->leaving)
    deadline = MIN (deadline, self->leave_until);
  if (self->receive_again != 0)
    deadline = MIN (deadline, self->receive_again);
  return deadline;
}

static gboolean
is_close_wanted (DrtInstance *self)
{
  gboolean wanted;

  g_mutex_lock (&self->lock);
  wanted = self->close_wanted && !self->closed;
  g_mutex_unlock (&self->lock);
  return wanted;
}

/* Ends a turn: what it led to leaves the house, and the source learns when the
 * next one is due. */
void
drt_instance_leave (DrtInstance *self)
{
  if (self->node != NULL && is_close_wanted (self))
    {
      /* What was asked for before closing was. */
      drt_instance_run_commands (self);
      if (drt_instance_say_good_bye (self))
        drt_instance_shut (self);
    }
  if (self->node != NULL)
    {
      if (self->bootstrap_run.wanted && self->bootstrap_run.ticket == NULL && !self->leaving)
        drt_bootstrap_run_begin (self, g_get_monotonic_time ());
      drt_instance_flush (self);
      publish (self);
      drt_source_update (self, next_deadline (self));
    }

  drt_udp_transport_set_executing (self->transport, NULL);
  g_mutex_lock (&self->lock);
  self->core_thread = NULL;
  g_mutex_unlock (&self->lock);
}
