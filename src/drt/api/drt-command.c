/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-instance.h"

/* How often a thread that waits looks whether anybody runs the context still. */
#define LOOK_AGAIN (50 * 1000)   /* microseconds */

/* Something to be done in the thread of the context. */
typedef struct
{
  gatomicrefcount ref_count;
  DrtCommandFunc func;
  gpointer data;
  GDestroyNotify destroy;
  gboolean done;          /* guarded by the instance's lock */
} DrtCommand;

static DrtCommand *
command_new (DrtCommandFunc func,
             gpointer       data,
             GDestroyNotify destroy)
{
  DrtCommand *self = g_new0 (DrtCommand, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->func = func;
  self->data = data;
  self->destroy = destroy;
  return self;
}

static void
command_unref (DrtCommand *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (self->destroy != NULL)
    self->destroy (self->data);
  g_free (self);
}

/* Tells whoever waits for it. */
static void
command_finish (DrtInstance *instance,
                DrtCommand  *self)
{
  g_mutex_lock (&instance->lock);
  self->done = TRUE;
  g_cond_broadcast (&instance->changed);
  g_mutex_unlock (&instance->lock);
  command_unref (self);
}

static void
push_locked (DrtInstance *self,
             DrtCommand  *command)
{
  g_queue_push_tail (&self->commands, command);
  if (self->context != NULL)
    g_main_context_wakeup (self->context);
}

/* As drt_instance_post(), with the lock held: in one step with what is under it. */
void
drt_instance_post_locked (DrtInstance    *self,
                          DrtCommandFunc  func,
                          gpointer        data,
                          GDestroyNotify  destroy)
{
  push_locked (self, command_new (func, data, destroy));
}

/**
 * drt_instance_post:
 * @func: what to do
 * @data: (transfer full): for @func
 * @destroy: frees @data
 *
 * Leaves a command, from any thread.  When the node is closed before its turn
 * comes it is not done.
 */
void
drt_instance_post (DrtInstance    *self,
                   DrtCommandFunc  func,
                   gpointer        data,
                   GDestroyNotify  destroy)
{
  gboolean closed;

  g_mutex_lock (&self->lock);
  closed = self->closed;
  if (!closed)
    drt_instance_post_locked (self, func, data, destroy);
  g_mutex_unlock (&self->lock);
  if (closed && destroy != NULL)
    destroy (data);
}

/* Does all that waits here and now, if this thread runs the context, or nobody does. */
static gboolean
try_directly (DrtInstance *self)
{
  if (!g_main_context_acquire (self->context))
    return FALSE;

  drt_instance_enter (self);
  drt_instance_run_commands (self);
  drt_instance_leave (self);
  g_main_context_release (self->context);
  return TRUE;
}

/* Waits for another thread to do @command, or the context to be left alone. */
static gboolean
wait_for (DrtInstance *self,
          DrtCommand  *command,
          gint64       deadline)
{
  gboolean done = FALSE;

  while (!done)
    {
      gint64 now = g_get_monotonic_time ();

      g_mutex_lock (&self->lock);
      if (!command->done && !self->closed)
        g_cond_wait_until (&self->changed, &self->lock, MIN (deadline, now + LOOK_AGAIN));
      done = command->done || self->closed;
      g_mutex_unlock (&self->lock);
      if (!done && g_get_monotonic_time () >= deadline)
        return FALSE;
      if (!done)
        try_directly (self);
    }
  return TRUE;
}

/**
 * drt_instance_call:
 * @func: what to do
 * @data: (transfer full): for @func
 * @destroy: frees @data
 * @patience: microseconds to wait for another thread at most
 *
 * Leaves a command and waits until it is done.  Inside a callback of the node it
 * does not wait: the core cannot be entered again.
 *
 * Returns: FALSE: it is still to be done
 */
gboolean
drt_instance_call (DrtInstance    *self,
                   DrtCommandFunc  func,
                   gpointer        data,
                   GDestroyNotify  destroy,
                   gint64          patience)
{
  DrtCommand *command = command_new (func, data, destroy);
  gint64 deadline = patience == G_MAXINT64 ? G_MAXINT64 : g_get_monotonic_time () + patience;
  gboolean inside, done, closed;

  g_atomic_ref_count_inc (&command->ref_count);
  g_mutex_lock (&self->lock);
  inside = self->core_thread == g_thread_self ();
  push_locked (self, command);
  g_mutex_unlock (&self->lock);

  done = !inside && (try_directly (self) || wait_for (self, command, deadline));
  command_unref (command);

  /* A node that was closed meanwhile does nothing more; what it keeps of commands
   * would keep it. */
  g_mutex_lock (&self->lock);
  closed = self->closed;
  g_mutex_unlock (&self->lock);
  if (closed)
    drt_instance_drop_commands (self);
  return done;
}

gboolean
drt_instance_has_commands (DrtInstance *self)
{
  gboolean has_commands;

  g_mutex_lock (&self->lock);
  has_commands = !g_queue_is_empty (&self->commands);
  g_mutex_unlock (&self->lock);
  return has_commands;
}

/* Does what waits now; what comes meanwhile is for the next turn. */
void
drt_instance_run_commands (DrtInstance *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = g_queue_get_length (&self->commands);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < n; i++)
    {
      DrtCommand *command;

      g_mutex_lock (&self->lock);
      command = g_queue_pop_head (&self->commands);
      g_mutex_unlock (&self->lock);
      if (command == NULL)
        return;
      command->func (self, command->data);
      command_finish (self, command);
    }
}

/* What nobody will do any more. */
void
drt_instance_drop_commands (DrtInstance *self)
{
  GQueue dropped = G_QUEUE_INIT;
  DrtCommand *command;

  g_mutex_lock (&self->lock);
  dropped = self->commands;
  g_queue_init (&self->commands);
  g_mutex_unlock (&self->lock);

  while ((command = g_queue_pop_head (&dropped)) != NULL)
    command_unref (command);
}
