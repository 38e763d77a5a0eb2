/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-library-thread.h"

#include <pthread.h>
#include <signal.h>

typedef struct
{
  GMainContext *context;
  GThread *thread;
  guint n_nodes;
  gboolean running;      /* guarded by the lock */
  int quit;              /* atomic */
  gboolean detached;     /* set before quit: frees itself */
} DrtLibraryThread;

static GMutex lock;
static GCond started;
static DrtLibraryThread *current;

static void
library_thread_free (DrtLibraryThread *self)
{
  g_main_context_unref (self->context);
  g_free (self);
}

static gpointer
run (gpointer data)
{
  DrtLibraryThread *self = data;

  /* Owned for as long as the thread lives, so that whose work it is never changes. */
  g_main_context_push_thread_default (self->context);
  g_mutex_lock (&lock);
  self->running = TRUE;
  g_cond_broadcast (&started);
  g_mutex_unlock (&lock);

  while (!g_atomic_int_get (&self->quit))
    g_main_context_iteration (self->context, TRUE);

  g_main_context_pop_thread_default (self->context);
  if (self->detached)
    library_thread_free (self);
  return NULL;
}

/* Signals are for the program's own threads. */
static GThread *
start (DrtLibraryThread *self)
{
  sigset_t all, before;
  GThread *thread;

  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  thread = g_thread_try_new ("drt", run, self, NULL);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  return thread;
}

/**
 * drt_library_thread_join:
 *
 * One more node for the library's thread, which begins with the first.
 *
 * Returns: (transfer none) (nullable): its context; NULL when the system gives
 *   no thread
 */
GMainContext *
drt_library_thread_join (void)
{
  GMainContext *context = NULL;

  g_mutex_lock (&lock);
  if (current == NULL)
    {
      current = g_new0 (DrtLibraryThread, 1);
      current->context = g_main_context_new ();
      current->thread = start (current);
      if (current->thread == NULL)
        g_clear_pointer (&current, library_thread_free);
    }
  if (current != NULL)
    {
      current->n_nodes++;
      context = current->context;
      while (!current->running)
        g_cond_wait (&started, &lock);
    }
  g_mutex_unlock (&lock);
  return context;
}

/* One node less; the thread ends with the last.  It waits for the thread's end,
 * unless it is that thread. */
void
drt_library_thread_leave (void)
{
  DrtLibraryThread *last = NULL;
  gboolean inside = FALSE;
  GThread *thread = NULL;

  g_mutex_lock (&lock);
  g_assert (current != NULL);
  if (--current->n_nodes == 0)
    {
      last = g_steal_pointer (&current);
      thread = last->thread;
      inside = thread == g_thread_self ();
      last->detached = inside;
    }
  g_mutex_unlock (&lock);

  if (last == NULL)
    return;
  g_atomic_int_set (&last->quit, 1);
  g_main_context_wakeup (last->context);
  if (inside)
    {
      g_thread_unref (thread);
      return;
    }
  g_thread_join (thread);
  library_thread_free (last);
}
