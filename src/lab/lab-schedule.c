/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lab-schedule.h"

/* A binary heap that knows where everybody stands. */

typedef struct
{
  gint64 time;
  guint id;
} Item;

struct _LabSchedule
{
  GArray *heap;     /* of Item; the earliest first */
  GArray *places;   /* of guint, by id: index into the heap + 1, 0 when not in it */
};

LabSchedule *
lab_schedule_new (void)
{
  LabSchedule *schedule = g_new0 (LabSchedule, 1);

  schedule->heap = g_array_new (FALSE, FALSE, sizeof (Item));
  schedule->places = g_array_new (FALSE, TRUE, sizeof (guint));
  return schedule;
}

void
lab_schedule_free (LabSchedule *schedule)
{
  if (schedule == NULL)
    return;
  g_array_unref (schedule->heap);
  g_array_unref (schedule->places);
  g_free (schedule);
}

static inline gboolean
is_before (const Item *a,
           const Item *b)
{
  return a->time < b->time || (a->time == b->time && a->id < b->id);
}

static inline void
put (LabSchedule *schedule,
     guint        place,
     Item         item)
{
  g_array_index (schedule->heap, Item, place) = item;
  g_array_index (schedule->places, guint, item.id) = place + 1;
}

/* Moves @item from the free @place to where it belongs. */
static void
settle (LabSchedule *schedule,
        guint        place,
        Item         item)
{
  const Item *heap = (const Item *) (gpointer) schedule->heap->data;
  guint size = schedule->heap->len;

  while (place > 0 && is_before (&item, &heap[(place - 1) / 2]))
    {
      put (schedule, place, heap[(place - 1) / 2]);
      place = (place - 1) / 2;
    }
  for (guint child = 2 * place + 1; child < size; child = 2 * place + 1)
    {
      if (child + 1 < size && is_before (&heap[child + 1], &heap[child]))
        child++;
      if (!is_before (&heap[child], &item))
        break;
      put (schedule, place, heap[child]);
      place = child;
    }
  put (schedule, place, item);
}

static void
take_out (LabSchedule *schedule,
          guint        place)
{
  Item last = g_array_index (schedule->heap, Item, schedule->heap->len - 1);

  g_array_index (schedule->places, guint, g_array_index (schedule->heap, Item, place).id) = 0;
  g_array_set_size (schedule->heap, schedule->heap->len - 1);
  if (place < schedule->heap->len)
    settle (schedule, place, last);
}

/**
 * lab_schedule_set:
 * @schedule: a schedule
 * @id: a small number
 * @time: when; %G_MAXINT64: never
 */
void
lab_schedule_set (LabSchedule *schedule,
                  guint        id,
                  gint64       time)
{
  guint place;

  if (id >= schedule->places->len)
    g_array_set_size (schedule->places, id + 1);
  place = g_array_index (schedule->places, guint, id);

  if (place == 0)
    {
      if (time == G_MAXINT64)
        return;
      g_array_set_size (schedule->heap, schedule->heap->len + 1);
      settle (schedule, schedule->heap->len - 1, (Item) { time, id });
    }
  else if (time == G_MAXINT64)
    {
      take_out (schedule, place - 1);
    }
  else if (g_array_index (schedule->heap, Item, place - 1).time != time)
    {
      settle (schedule, place - 1, (Item) { time, id });
    }
}

/**
 * lab_schedule_get_next:
 * @schedule: a schedule
 * @id: (out) (optional): whose turn it is
 *
 * Returns: the earliest time; %G_MAXINT64 when there is none
 */
gint64
lab_schedule_get_next (const LabSchedule *schedule,
                       guint             *id)
{
  const Item *first;

  if (schedule->heap->len == 0)
    return G_MAXINT64;
  first = &g_array_index (schedule->heap, Item, 0);
  if (id != NULL)
    *id = first->id;
  return first->time;
}
