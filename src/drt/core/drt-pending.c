/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-pending.h"

void
drt_pending_free (DrtPending *pending)
{
  if (pending == NULL)
    return;
  g_clear_pointer (&pending->datagrams, g_ptr_array_unref);
  g_free (pending);
}

void
drt_pending_list_init (DrtPendingList *list)
{
  list->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_pending_free);
}

void
drt_pending_list_clear (DrtPendingList *list)
{
  g_clear_pointer (&list->requests, g_ptr_array_unref);
}

gboolean
drt_pending_list_is_full (const DrtPendingList *list)
{
  return list->requests->len >= DRT_PENDING_MAX;
}

guint
drt_pending_list_count (const DrtPendingList *list,
                        DrtPendingKind        kind)
{
  guint n = 0;

  for (guint i = 0; i < list->requests->len; i++)
    n += ((DrtPending *) g_ptr_array_index (list->requests, i))->kind == kind;
  return n;
}

/* Takes @pending. */
void
drt_pending_list_add (DrtPendingList *list,
                      DrtPending     *pending)
{
  g_ptr_array_add (list->requests, pending);
}

DrtPending *
drt_pending_list_find (const DrtPendingList *list,
                       guint32               id)
{
  for (guint i = 0; i < list->requests->len; i++)
    {
      DrtPending *pending = g_ptr_array_index (list->requests, i);

      if (pending->id == id)
        return pending;
    }
  return NULL;
}

DrtPending *
drt_pending_list_steal (DrtPendingList *list,
                        guint32         id)
{
  for (guint i = 0; i < list->requests->len; i++)
    if (((DrtPending *) g_ptr_array_index (list->requests, i))->id == id)
      return g_ptr_array_steal_index_fast (list->requests, i);
  return NULL;
}

/* A request whose Message Retransmission Timer has expired. */
DrtPending *
drt_pending_list_get_due (const DrtPendingList *list,
                          gint64                now)
{
  for (guint i = 0; i < list->requests->len; i++)
    {
      DrtPending *pending = g_ptr_array_index (list->requests, i);

      if (pending->deadline <= now)
        return pending;
    }
  return NULL;
}

/* Nobody waits for @owner's requests any more. */
void
drt_pending_list_forget_owner (DrtPendingList *list,
                               gpointer        owner)
{
  for (guint i = list->requests->len; i > 0; i--)
    if (((DrtPending *) g_ptr_array_index (list->requests, i - 1))->owner == owner)
      g_ptr_array_remove_index_fast (list->requests, i - 1);
}

gint64
drt_pending_list_deadline (const DrtPendingList *list)
{
  gint64 deadline = G_MAXINT64;

  for (guint i = 0; i < list->requests->len; i++)
    deadline = MIN (deadline, ((DrtPending *) g_ptr_array_index (list->requests, i))->deadline);
  return deadline;
}
