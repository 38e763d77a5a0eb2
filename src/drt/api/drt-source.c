/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-instance.h"

/*
 * A node as a source of its main context.  GLib's own ready time stands for the
 * core's next deadline, so prepare and check look for commands only.
 */

/* Of one dispatch: a flood of datagrams must not keep others of the context, a
 * user interface above all, from their turn.  Sources of a lower priority get
 * theirs in the pause that follows. */
#define MAX_DATAGRAMS    256
#define MAX_RECEIVE_TIME (4 * 1000)   /* microseconds */
#define PAUSE            (4 * 1000)

/* Memory may come back: what waits is not lost yet. */
#define PAUSE_FOR_MEMORY (100 * 1000)

typedef struct
{
  GSource source;
  DrtInstance *instance;   /* a reference */
  gpointer fd_tag;
} DrtSource;

static gboolean
source_prepare (GSource *source,
                int     *timeout)
{
  *timeout = -1;
  return drt_instance_has_commands (((DrtSource *) source)->instance);
}

static gboolean
source_check (GSource *source)
{
  DrtSource *self = (DrtSource *) source;

  return (self->fd_tag != NULL && g_source_query_unix_fd (source, self->fd_tag) != 0) ||
         drt_instance_has_commands (self->instance);
}

static void
received (gpointer           data,
          const DrtEndpoint *from,
          const guint8      *bytes,
          gsize              length,
          gint64             arrived)
{
  DrtInstance *self = data;

  drt_node_receive (self->node, g_get_monotonic_time (), arrived, from, bytes, length);
}

static void
receive (DrtInstance *self)
{
  gint64 now = g_get_monotonic_time ();
  HRESULT hr = drt_udp_transport_receive (self->transport, MAX_DATAGRAMS, now + MAX_RECEIVE_TIME, received, self);

  self->receive_again = 0;
  if (hr == S_FALSE)
    self->receive_again = g_get_monotonic_time () + PAUSE;
  else if (hr == E_OUTOFMEMORY)
    self->receive_again = g_get_monotonic_time () + PAUSE_FOR_MEMORY;
  else if (FAILED (hr))
    {
      drt_node_fault (self->node, now, hr);
      self->receive_again = G_MAXINT64;
    }
}

/* What is due.  Nothing may be: a turn too many does no harm. */
static void
take_turn (DrtInstance *self)
{
  drt_instance_run_commands (self);
  if (self->node == NULL || !self->opened)
    return;
  if (g_get_monotonic_time () >= self->receive_again)
    receive (self);
  drt_node_advance (self->node, g_get_monotonic_time ());
  drt_instance_check_addresses (self, g_get_monotonic_time ());
  drt_bootstrap_run_expire (self, g_get_monotonic_time ());
  drt_expiry_check (self);
}

static gboolean
source_dispatch (GSource    *source,
                 GSourceFunc callback,
                 gpointer    data)
{
  DrtInstance *self = drt_object_ref (((DrtSource *) source)->instance);

  drt_instance_enter (self);
  take_turn (self);
  drt_instance_leave (self);
  drt_object_unref (self);
  return !g_source_is_destroyed (source);
}

static void
source_finalize (GSource *source)
{
  drt_object_unref (((DrtSource *) source)->instance);
}

/**
 * drt_source_new:
 *
 * Returns: (transfer full): the source of an instance whose transport is set; it
 *   keeps the instance until it is destroyed
 */
GSource *
drt_source_new (DrtInstance *instance)
{
  static GSourceFuncs funcs = {
    .prepare = source_prepare,
    .check = source_check,
    .dispatch = source_dispatch,
    .finalize = source_finalize,
  };
  GSource *source = g_source_new (&funcs, sizeof (DrtSource));
  DrtSource *self = (DrtSource *) source;

  g_source_set_static_name (source, "[drt] node");
  self->instance = drt_object_ref (instance);
  self->fd_tag = g_source_add_unix_fd (source, drt_udp_transport_get_fd (instance->transport), G_IO_IN);
  return source;
}

/* What to wake up for, after a turn. */
void
drt_source_update (DrtInstance *instance,
                   gint64       deadline)
{
  DrtSource *self = (DrtSource *) instance->source;
  GIOCondition condition = 0;

  if (instance->receive_again == 0)
    condition |= G_IO_IN;
  if (instance->blocked)
    condition |= G_IO_OUT;
  /* A socket that is of no use any more would be ready for ever. */
  if (instance->receive_again == G_MAXINT64 && self->fd_tag != NULL)
    g_source_remove_unix_fd (instance->source, g_steal_pointer (&self->fd_tag));
  if (self->fd_tag != NULL)
    g_source_modify_unix_fd (instance->source, self->fd_tag, condition);
  g_source_set_ready_time (instance->source, deadline == G_MAXINT64 ? -1 : deadline);
}
