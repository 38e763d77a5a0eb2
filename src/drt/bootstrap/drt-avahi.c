/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-avahi.h"

#include <pthread.h>
#include <signal.h>

#define NAME          "org.freedesktop.Avahi"
#define SERVER        NAME ".Server"
#define CALL_TIME     (10 * 1000)   /* milliseconds; it answers at once, or after asking the network for 5 s */
#define LOOK_AGAIN    (10 * 1000)   /* milliseconds, where there is no bus */
#define PATIENCE      (2 * 1000)    /* milliseconds, with a bus or daemon that does not answer */

struct _DrtAvahi
{
  gatomicrefcount ref_count;
  const DrtAvahiUser *user;
  gpointer user_data;
  GThread *thread;
  GMainContext *context;
  GCancellable *cancellable;

  GMutex lock;               /* guards what follows */
  GCond changed;
  DrtAvahiState state;
  gboolean closing;
  gboolean stopped;          /* the thread looks at its context no more */

  /* Of the thread. */
  GDBusConnection *bus;
  gulong closed_handler;
  guint signals;
  guint owner;
  GSource *look_again;
  GSource *patience;         /* while the daemon is looked for */
  guint n_pending;           /* answers there will be */
};

DrtAvahi *
drt_avahi_ref (DrtAvahi *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
drt_avahi_unref (DrtAvahi *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_main_context_unref (self->context);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

DrtAvahiState
drt_avahi_get_state (DrtAvahi *self)
{
  DrtAvahiState state;

  g_mutex_lock (&self->lock);
  state = self->state;
  g_mutex_unlock (&self->lock);
  return state;
}

static gboolean
is_closing (DrtAvahi *self)
{
  gboolean closing;

  g_mutex_lock (&self->lock);
  closing = self->closing;
  g_mutex_unlock (&self->lock);
  return closing;
}

static void
set_state (DrtAvahi      *self,
           DrtAvahiState  state)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = self->state != state;
  self->state = state;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  if (changed && !is_closing (self))
    self->user->state (self->user_data, state);
}

/* --- The daemon --- */

/* AVAHI_SERVER_RUNNING is 2; AVAHI_SERVER_FAILURE is 4, and it goes. */
static void
take_server_state (DrtAvahi *self,
                   int       state)
{
  set_state (self, state == 2 ? DRT_AVAHI_RUNNING : state == 4 ? DRT_AVAHI_ABSENT : DRT_AVAHI_PRESENT);
}

static void
state_cb (gpointer    data,
          GVariant   *answer,
          const char *error)
{
  int state;

  if (answer == NULL)
    {
      set_state (data, DRT_AVAHI_ABSENT);
      return;
    }
  g_variant_get (answer, "(i)", &state);
  take_server_state (data, state);
}

static void
appeared_cb (GDBusConnection *bus,
             const char      *name,
             const char      *owner,
             gpointer         data)
{
  drt_avahi_call (data, "/", "Server", "GetState", NULL, "(i)", state_cb, data);
}

/* Also at first, when there is none. */
static void
vanished_cb (GDBusConnection *bus,
             const char      *name,
             gpointer         data)
{
  set_state (data, DRT_AVAHI_ABSENT);
}

static void
signal_cb (GDBusConnection *bus,
           const char      *sender,
           const char      *path,
           const char      *interface,
           const char      *member,
           GVariant        *parameters,
           gpointer         data)
{
  DrtAvahi *self = data;
  int state;

  if (is_closing (self))
    return;
  if (!g_str_equal (interface, SERVER))
    self->user->signal (self->user_data, path, member, parameters);
  else if (g_str_equal (member, "StateChanged") && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(is)")))
    {
      g_variant_get (parameters, "(is)", &state, NULL);
      take_server_state (self, state);
    }
}

/* --- The bus --- */

static void connect_to_bus (DrtAvahi *self);

static gboolean
look_again_cb (gpointer data)
{
  DrtAvahi *self = data;

  g_clear_pointer (&self->look_again, g_source_unref);
  connect_to_bus (self);
  return G_SOURCE_REMOVE;
}

static void
drop_bus (DrtAvahi *self)
{
  if (self->bus == NULL)
    return;
  g_bus_unwatch_name (self->owner);
  g_dbus_connection_signal_unsubscribe (self->bus, self->signals);
  g_signal_handler_disconnect (self->bus, self->closed_handler);
  g_clear_object (&self->bus);
}

static void
lose_bus (DrtAvahi *self)
{
  drop_bus (self);
  set_state (self, DRT_AVAHI_ABSENT);
  if (!is_closing (self) && self->look_again == NULL)
    self->look_again = drt_avahi_later (self, LOOK_AGAIN, look_again_cb, self);
}

static void
closed_cb (GDBusConnection *bus,
           gboolean         vanished,
           GError          *error,
           gpointer         data)
{
  lose_bus (data);
}

static void
bus_closed_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      data)
{
  DrtAvahi *self = data;

  self->n_pending--;
  g_dbus_connection_close_finish (G_DBUS_CONNECTION (source), result, NULL);
}

/* Everything that still waits for an answer gets one; "closed" comes last. */
static void
close_bus (DrtAvahi *self)
{
  if (self->bus == NULL)
    return;
  self->n_pending++;
  g_dbus_connection_close (self->bus, NULL, bus_closed_cb, self);
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  DrtAvahi *self = data;

  self->n_pending--;
  self->bus = g_dbus_connection_new_for_address_finish (result, NULL);
  if (self->bus == NULL)
    {
      lose_bus (self);
      return;
    }
  self->closed_handler = g_signal_connect (self->bus, "closed", G_CALLBACK (closed_cb), self);
  /* Of all objects: one may have something to say before its path is known here. */
  self->signals = g_dbus_connection_signal_subscribe (self->bus, NAME, NULL, NULL, NULL, NULL,
                                                      G_DBUS_SIGNAL_FLAGS_NONE, signal_cb, self, NULL);
  self->owner = g_bus_watch_name_on_connection (self->bus, NAME, G_BUS_NAME_WATCHER_FLAGS_AUTO_START,
                                                appeared_cb, vanished_cb, self, NULL);
  if (is_closing (self))
    close_bus (self);
}

/* A connection of its own, not the process's: its signals come to our thread, and
 * with its end the daemon forgets what was published over it. */
static void
connect_to_bus (DrtAvahi *self)
{
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, self->cancellable, NULL);

  if (address == NULL)
    {
      lose_bus (self);
      return;
    }
  self->n_pending++;
  g_dbus_connection_new_for_address (address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                     G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, self->cancellable, connected_cb, self);
}

/* --- Calls --- */

typedef struct
{
  DrtAvahi *avahi;
  DrtAvahiFunc func;
  gpointer data;
} DrtAvahiCall;

static void
answer_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autofree DrtAvahiCall *call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autofree char *name = error != NULL ? g_dbus_error_get_remote_error (error) : NULL;

  call->avahi->n_pending--;
  if (call->func != NULL)
    call->func (call->data, answer, answer != NULL ? NULL : name != NULL ? name : "");
}

/**
 * drt_avahi_call:
 * @path: of an object of the daemon
 * @interface: its interface, what stands behind "org.freedesktop.Avahi."
 * @method: its method
 * @arguments: (nullable): floating
 * @type: (nullable): of the answer, which is then sure to be of it
 * @func: (nullable): gets the answer, in any case; before this returns where there
 *   is no daemon
 *
 * Calls a method of the daemon.
 */
void
drt_avahi_call (DrtAvahi     *self,
                const char   *path,
                const char   *interface,
                const char   *method,
                GVariant     *arguments,
                const char   *type,
                DrtAvahiFunc  func,
                gpointer      data)
{
  g_autofree char *full = g_strconcat (NAME ".", interface, NULL);
  DrtAvahiCall *call;

  if (self->bus == NULL)
    {
      if (arguments != NULL)
        g_variant_unref (g_variant_ref_sink (arguments));
      if (func != NULL)
        func (data, NULL, "");
      return;
    }
  call = g_new (DrtAvahiCall, 1);
  *call = (DrtAvahiCall) { self, func, data };
  self->n_pending++;
  g_dbus_connection_call (self->bus, NAME, path, full, method, arguments, type != NULL ? G_VARIANT_TYPE (type) : NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIME, self->cancellable, answer_cb, call);
}

/**
 * drt_avahi_later:
 *
 * Returns: (transfer full): a timeout in the thread; destroy and unref it
 */
GSource *
drt_avahi_later (DrtAvahi    *self,
                 guint        milliseconds,
                 GSourceFunc  func,
                 gpointer     data)
{
  GSource *source = g_timeout_source_new (milliseconds);

  g_source_set_static_name (source, "[drt] lan");
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, self->context);
  return source;
}

/**
 * drt_avahi_post:
 * @func: called once in the thread, unless the end comes first
 * @destroy: frees @data in any case
 *
 * From any thread.  What is posted first is done first.
 */
void
drt_avahi_post (DrtAvahi       *self,
                GSourceFunc     func,
                gpointer        data,
                GDestroyNotify  destroy)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[drt] lan");
  g_source_set_callback (source, func, data, destroy);
  g_mutex_lock (&self->lock);
  if (!self->stopped)
    g_source_attach (source, self->context);
  g_mutex_unlock (&self->lock);
  g_source_unref (source);
}

/**
 * drt_avahi_wait:
 * @patience: microseconds
 *
 * Returns: whether the daemon is there, as soon as that is known
 */
DrtAvahiState
drt_avahi_wait (DrtAvahi *self,
                gint64    patience)
{
  gint64 end = g_get_monotonic_time () + patience;
  DrtAvahiState state;

  g_mutex_lock (&self->lock);
  while (self->state == DRT_AVAHI_UNKNOWN && g_cond_wait_until (&self->changed, &self->lock, end))
    ;
  state = self->state;
  g_mutex_unlock (&self->lock);
  return state;
}

/* --- The thread --- */

/* Whoever waits to know need wait no longer; it may still answer. */
static gboolean
out_of_patience_cb (gpointer data)
{
  DrtAvahi *self = data;

  if (drt_avahi_get_state (self) == DRT_AVAHI_UNKNOWN)
    set_state (self, DRT_AVAHI_ABSENT);
  return G_SOURCE_REMOVE;
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static gboolean
close_cb (gpointer data)
{
  DrtAvahi *self = data;

  g_cancellable_cancel (self->cancellable);
  clear_source (&self->look_again);
  close_bus (self);
  return G_SOURCE_REMOVE;
}

static gpointer
run (gpointer data)
{
  DrtAvahi *self = data;

  g_main_context_push_thread_default (self->context);
  self->patience = drt_avahi_later (self, PATIENCE, out_of_patience_cb, self);
  connect_to_bus (self);
  while (!is_closing (self) || self->bus != NULL || self->n_pending > 0)
    g_main_context_iteration (self->context, TRUE);

  g_mutex_lock (&self->lock);
  self->stopped = TRUE;
  g_mutex_unlock (&self->lock);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  clear_source (&self->patience);
  clear_source (&self->look_again);   /* the end may come before close_cb() */
  self->user->end (self->user_data);
  g_main_context_pop_thread_default (self->context);
  drt_avahi_unref (self);
  return NULL;
}

/* Signals are for the program's own threads. */
static GThread *
start (DrtAvahi *self)
{
  sigset_t all, before;
  GThread *thread;

  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  thread = g_thread_try_new ("drt-lan", run, drt_avahi_ref (self), NULL);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  return thread;
}

/**
 * drt_avahi_new:
 * @user: what to tell
 * @data: whom
 *
 * Begins to look for the daemon.
 *
 * Returns: (transfer full) (nullable): to be closed with drt_avahi_close(); NULL when
 *   the system gives no thread
 */
DrtAvahi *
drt_avahi_new (const DrtAvahiUser *user,
               gpointer            data)
{
  DrtAvahi *self = g_new0 (DrtAvahi, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->user = user;
  self->user_data = data;
  self->context = g_main_context_new ();
  self->cancellable = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);

  self->thread = start (self);
  if (self->thread == NULL)
    {
      drt_avahi_unref (self);   /* what the thread would have */
      g_clear_pointer (&self, drt_avahi_unref);
    }
  return self;
}

/**
 * drt_avahi_close:
 * @self: (transfer full):
 *
 * Ends it: what was published is withdrawn, and the thread is gone when this
 * returns, unless it is called from inside it.
 */
void
drt_avahi_close (DrtAvahi *self)
{
  GThread *thread = self->thread;

  g_mutex_lock (&self->lock);
  self->closing = TRUE;
  g_mutex_unlock (&self->lock);
  drt_avahi_post (self, close_cb, self, NULL);
  drt_avahi_unref (self);

  if (thread == g_thread_self ())
    g_thread_unref (thread);
  else
    g_thread_join (thread);
}
