/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-pending.h"

void
drt_pending_free (DrtPending *pending)
{
  if (pending == NULL)
    return;
  g_clear_pointer (&pending->datagrams, g_ptr_array_unref);
  drt_letter_free (pending->letter);
  g_free (pending);
}

void
drt_pending_list_init (DrtPendingList *list)
{
  list->by_id = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_pending_free);
  list->by_deadline = g_ptr_array_new ();
}

void
drt_pending_list_clear (DrtPendingList *list)
{
  g_clear_pointer (&list->by_deadline, g_ptr_array_unref);
  g_clear_pointer (&list->by_id, g_ptr_array_unref);
}

/* Nobody waits for anything any more. */
void
drt_pending_list_empty (DrtPendingList *list)
{
  g_ptr_array_set_size (list->by_deadline, 0);
  g_ptr_array_set_size (list->by_id, 0);
  for (guint i = 0; i < DRT_PENDING_N_KINDS; i++)
    list->n_of_kind[i] = 0;
}

gboolean
drt_pending_list_is_full (const DrtPendingList *list)
{
  return list->by_id->len >= DRT_PENDING_MAX;
}

guint
drt_pending_list_count (const DrtPendingList *list,
                        DrtPendingKind        kind)
{
  return list->n_of_kind[kind];
}

/* --- By id --- */

static guint
lower_bound (const DrtPendingList *list,
             guint32               id)
{
  guint low = 0, high = list->by_id->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (((DrtPending *) g_ptr_array_index (list->by_id, middle))->id < id)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

DrtPending *
drt_pending_list_find (const DrtPendingList *list,
                       guint32               id)
{
  guint i = lower_bound (list, id);
  DrtPending *pending = i < list->by_id->len ? g_ptr_array_index (list->by_id, i) : NULL;

  return pending != NULL && pending->id == id ? pending : NULL;
}

/* --- By deadline --- */

static gboolean
is_before (const DrtPending *a,
           const DrtPending *b)
{
  return a->deadline != b->deadline ? a->deadline < b->deadline : a->order < b->order;
}

static void
put (DrtPendingList *list,
     DrtPending     *pending,
     guint           place)
{
  list->by_deadline->pdata[place] = pending;
  pending->place = place;
}

static DrtPending *
at (const DrtPendingList *list,
    guint                 place)
{
  return g_ptr_array_index (list->by_deadline, place);
}

static void
sift (DrtPendingList *list,
      DrtPending     *pending)
{
  guint n = list->by_deadline->len, place = pending->place;

  for (; place > 0 && is_before (pending, at (list, (place - 1) / 2)); place = (place - 1) / 2)
    put (list, at (list, (place - 1) / 2), place);
  for (;;)
    {
      guint child = 2 * place + 1;

      if (child + 1 < n && is_before (at (list, child + 1), at (list, child)))
        child++;
      if (child >= n || !is_before (at (list, child), pending))
        break;
      put (list, at (list, child), place);
      place = child;
    }
  put (list, pending, place);
}

void
drt_pending_list_schedule (DrtPendingList *list,
                           DrtPending     *pending)
{
  pending->deadline = MIN (MIN (pending->failure, pending->lost), MIN (pending->late, pending->resend));
  sift (list, pending);
}

/* A request for which something is due. */
DrtPending *
drt_pending_list_get_due (const DrtPendingList *list,
                          gint64                now)
{
  return drt_pending_list_deadline (list) <= now ? at (list, 0) : NULL;
}

gint64
drt_pending_list_deadline (const DrtPendingList *list)
{
  return list->by_deadline->len > 0 ? at (list, 0)->deadline : G_MAXINT64;
}

/* --- Both --- */

/* A mesh of many nodes in one process is idle most of the time. */
#define WORTH_FREEING 32

static void
give_back (GPtrArray *array)
{
  g_free (g_ptr_array_steal (array, NULL));
}

/* Takes @pending. */
void
drt_pending_list_add (DrtPendingList *list,
                      DrtPending     *pending)
{
  pending->order = list->n_added++;
  list->n_of_kind[pending->kind]++;
  list->n_most = MAX (list->n_most, list->by_id->len + 1);
  g_ptr_array_insert (list->by_id, (gint) lower_bound (list, pending->id), pending);
  g_ptr_array_add (list->by_deadline, pending);
  pending->place = list->by_deadline->len - 1;
  drt_pending_list_schedule (list, pending);
}

/**
 * drt_pending_list_steal:
 * @list: a list
 * @id: a MessageID
 *
 * Returns: (transfer full) (nullable): the request, no longer pending
 */
DrtPending *
drt_pending_list_steal (DrtPendingList *list,
                        guint32         id)
{
  guint i = lower_bound (list, id);
  DrtPending *pending = drt_pending_list_find (list, id), *last;

  if (pending == NULL)
    return NULL;
  g_ptr_array_steal_index (list->by_id, i);
  list->n_of_kind[pending->kind]--;
  last = g_ptr_array_steal_index (list->by_deadline, list->by_deadline->len - 1);
  if (last != pending)
    {
      put (list, last, pending->place);
      sift (list, last);
    }
  if (list->by_id->len == 0 && list->n_most >= WORTH_FREEING)
    {
      give_back (list->by_id);
      give_back (list->by_deadline);
      list->n_most = 0;
    }
  return pending;
}

/* The one that was added last, if any. */
DrtPending *
drt_pending_list_get_newest (const DrtPendingList *list)
{
  DrtPending *newest = NULL;

  for (guint i = 0; i < list->by_id->len; i++)
    {
      DrtPending *pending = g_ptr_array_index (list->by_id, i);

      if (newest == NULL || pending->order > newest->order)
        newest = pending;
    }
  return newest;
}
