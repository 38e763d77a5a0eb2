/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-instance.h"

#include <unistd.h>

#include "drt-host-network.h"

/*
 * One source per main context hears of changes of the host's addresses for all
 * nodes there: a socket for each of hundreds would say the same hundreds of times.
 */

typedef struct
{
  GSource source;
  int fd;
  gpointer fd_tag;
  GMainContext *context;   /* not owned: its instances do */
  GPtrArray *instances;    /* guarded by the lock */
} DrtAddressWatch;

static GMutex lock;
static GPtrArray *watches;   /* DrtAddressWatch */

/* The descriptor is of no use any more: whoever it was for has to look by itself. */
static void
give_up (DrtAddressWatch *self)
{
  g_source_remove_unix_fd (&self->source, g_steal_pointer (&self->fd_tag));
  for (guint i = 0; i < self->instances->len; i++)
    drt_instance_post (self->instances->pdata[i], drt_instance_addresses_unwatched, NULL, NULL);
}

static gboolean
watch_dispatch (GSource    *source,
                GSourceFunc callback,
                gpointer    data)
{
  DrtAddressWatch *self = (DrtAddressWatch *) source;

  g_mutex_lock (&lock);
  if (drt_host_network_drain (self->fd))
    for (guint i = 0; i < self->instances->len; i++)
      drt_instance_post (self->instances->pdata[i], drt_instance_addresses_changed, NULL, NULL);
  else
    give_up (self);
  g_mutex_unlock (&lock);
  return G_SOURCE_CONTINUE;
}

static void
watch_finalize (GSource *source)
{
  DrtAddressWatch *self = (DrtAddressWatch *) source;

  close (self->fd);
  g_ptr_array_unref (self->instances);
}

/* NULL: there is no descriptor to be had. */
static DrtAddressWatch *
watch_new (GMainContext *context)
{
  static GSourceFuncs funcs = { .dispatch = watch_dispatch, .finalize = watch_finalize };
  DrtAddressWatch *self;
  int fd = drt_host_network_watch ();

  if (fd < 0)
    return NULL;
  self = (DrtAddressWatch *) g_source_new (&funcs, sizeof (DrtAddressWatch));
  g_source_set_static_name (&self->source, "[drt] addresses");
  self->fd = fd;
  self->fd_tag = g_source_add_unix_fd (&self->source, fd, G_IO_IN);
  self->context = context;
  self->instances = g_ptr_array_new ();
  g_source_attach (&self->source, context);
  return self;
}

static DrtAddressWatch *
find_watch (GMainContext *context)
{
  for (guint i = 0; watches != NULL && i < watches->len; i++)
    {
      DrtAddressWatch *watch = watches->pdata[i];

      if (watch->context == context && watch->fd_tag != NULL)
        return watch;
    }
  return NULL;
}

/**
 * drt_address_watch_join:
 *
 * From here on the instance is told of changes of the host's addresses, until
 * drt_address_watch_leave().
 *
 * Returns: FALSE: it is not, as the system tells nobody
 */
gboolean
drt_address_watch_join (DrtInstance *instance)
{
  DrtAddressWatch *watch;

  g_mutex_lock (&lock);
  watch = find_watch (instance->context);
  if (watch == NULL)
    watch = watch_new (instance->context);
  if (watch != NULL && watch->instances->len == 0)
    {
      if (watches == NULL)
        watches = g_ptr_array_new ();
      g_ptr_array_add (watches, watch);
    }
  if (watch != NULL)
    g_ptr_array_add (watch->instances, instance);
  g_mutex_unlock (&lock);
  return watch != NULL;
}

/* The last of a context takes the source with it. */
void
drt_address_watch_leave (DrtInstance *instance)
{
  g_mutex_lock (&lock);
  for (guint i = watches != NULL ? watches->len : 0; i-- > 0; )
    {
      DrtAddressWatch *watch = watches->pdata[i];

      if (!g_ptr_array_remove_fast (watch->instances, instance) || watch->instances->len > 0)
        continue;
      g_ptr_array_remove_index_fast (watches, i);
      g_source_destroy (&watch->source);
      g_source_unref (&watch->source);
    }
  if (watches != NULL && watches->len == 0)
    g_clear_pointer (&watches, g_ptr_array_unref);
  g_mutex_unlock (&lock);
}
