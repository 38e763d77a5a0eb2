/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-teller.h"

void
drt_teller_init (DrtTeller *self)
{
  *self = (DrtTeller) { 0 };
  g_mutex_init (&self->lock);
  g_cond_init (&self->told);
}

void
drt_teller_clear (DrtTeller *self)
{
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->told);
}

/* FALSE: one is under way already. */
gboolean
drt_teller_begin (DrtTeller                      *self,
                  DRT_BOOTSTRAP_RESOLVE_CALLBACK  callback,
                  PVOID                           context)
{
  gboolean running;

  g_mutex_lock (&self->lock);
  running = self->running;
  self->running = TRUE;
  g_mutex_unlock (&self->lock);
  if (running)
    return FALSE;

  self->callback = callback;
  self->context = context;
  return TRUE;
}

/* Tells the DRT, unless the resolve was ended meanwhile.  FALSE: it was. */
gboolean
drt_teller_tell (DrtTeller           *self,
                 HRESULT              hr,
                 SOCKET_ADDRESS_LIST *addresses)
{
  g_mutex_lock (&self->lock);
  if (self->ended)
    {
      g_mutex_unlock (&self->lock);
      return FALSE;
    }
  self->thread = g_thread_self ();
  g_mutex_unlock (&self->lock);

  self->callback (hr, self->context, addresses, FALSE);

  g_mutex_lock (&self->lock);
  self->thread = NULL;
  g_cond_broadcast (&self->told);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/* Says that there is nothing more; another may begin. */
void
drt_teller_finish (DrtTeller *self)
{
  g_mutex_lock (&self->lock);
  self->running = FALSE;
  g_mutex_unlock (&self->lock);
  drt_teller_tell (self, DRT_E_NO_MORE, NULL);
}

/* From here on nothing is told any more. */
void
drt_teller_end (DrtTeller *self)
{
  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  while (self->thread != NULL && self->thread != g_thread_self ())
    g_cond_wait (&self->told, &self->lock);
  g_mutex_unlock (&self->lock);
}
