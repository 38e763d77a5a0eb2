/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-instance.h"

/* How often the host's addresses are looked at. */
#define ADDRESS_CHECK      (2 * G_USEC_PER_SEC)

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

/* When to look at the host's addresses again. */
void
drt_instance_plan_address_check (DrtInstance *self,
                                 gint64       now)
{
  self->address_check = now + ADDRESS_CHECK;
}

/* §3.1.7.1, by looking from time to time. */
void
drt_instance_check_addresses (DrtInstance *self,
                              gint64       now)
{
  DrtEndpoint endpoints[DRT_UDP_MAX_ADDRESSES];
  DrtObservedStatus before;
  guint n;

  if (now < self->address_check)
    return;
  n = drt_udp_transport_list_addresses (self->transport, endpoints);
  drt_instance_plan_address_check (self, now);
  drt_node_get_status (self->node, &before);
  if (n == before.n_addresses && memcmp (endpoints, before.addresses, n * sizeof (DrtEndpoint)) == 0)
    return;
  drt_bootstrap_run_publish (self, endpoints, n);
  drt_node_set_addresses (self->node, now, endpoints, n);
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
  if (self->bootstrap_run.ticket != NULL)
    deadline = MIN (deadline, self->bootstrap_run.deadline);
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
      drt_instance_shut (self);
    }
  if (self->node != NULL)
    {
      if (self->bootstrap_run.wanted && self->bootstrap_run.ticket == NULL)
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
