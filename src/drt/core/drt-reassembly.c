/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-reassembly.h"

#include "drt-load.h"

#include <string.h>

#include "drt-alloc.h"

static void
clear_state (gpointer data)
{
  DrtReassembly *state = data;

  g_clear_pointer (&state->bytes, g_free);
}

void
drt_reassembly_list_init (DrtReassemblyList *list)
{
  list->states = g_array_new (FALSE, TRUE, sizeof (DrtReassembly));
  g_array_set_clear_func (list->states, clear_state);
}

void
drt_reassembly_list_clear (DrtReassemblyList *list)
{
  g_clear_pointer (&list->states, g_array_unref);
}

static gint
find_state (const DrtReassemblyList *list,
            guint32                  id,
            const DrtEndpoint       *from)
{
  for (guint i = 0; i < list->states->len; i++)
    {
      const DrtReassembly *state = &g_array_index (list->states, DrtReassembly, i);

      if (state->id == id && drt_endpoint_equal (&state->from, from))
        return (gint) i;
    }
  return -1;
}

/* Whether one source has as many as it may; @oldest is its oldest then. */
static gboolean
has_enough (const DrtReassemblyList *list,
            const DrtEndpoint       *from,
            gboolean               (*is_same) (const DrtEndpoint *a, const DrtEndpoint *b),
            guint                    max,
            guint                   *oldest)
{
  guint n = 0;

  for (guint i = 0; i < list->states->len; i++)
    {
      const DrtReassembly *state = &g_array_index (list->states, DrtReassembly, i);

      if (!is_same (&state->from, from))
        continue;
      if (n++ == 0 || state->deadline < g_array_index (list->states, DrtReassembly, *oldest).deadline)
        *oldest = i;
    }
  return n >= max;
}

/* One source must not take the room of all: its oldest state makes place. */
static void
make_room (DrtReassemblyList *list,
           const DrtEndpoint *from)
{
  guint oldest = 0;

  if (has_enough (list, from, drt_endpoint_equal, DRT_REASSEMBLY_PER_SOURCE_MAX, &oldest) ||
      has_enough (list, from, drt_is_same_source, DRT_REASSEMBLY_PER_ADDRESS_MAX, &oldest))
    g_array_remove_index_fast (list->states, oldest);
}

static guint32
all_fragments (guint16 size)
{
  guint n = (size + DRT_FRAGMENT_SIZE - 1) / DRT_FRAGMENT_SIZE;

  return n >= 32 ? G_MAXUINT32 : (1u << n) - 1;
}

/**
 * drt_reassembly_list_add:
 * @list: the Reassembly List
 * @now: the time
 * @id: MessageID of the header of the fragment
 * @acked: the request it answers; 0: it is part of one
 * @from: its source
 * @size: Size it names
 * @offset: Offset it names, a multiple of 1188
 * @fragment: its bytes
 * @whole: (out) (transfer full): the @size bytes, when complete
 *
 * Puts a fragment in its place ([MC-DRT] §3.1.5.5).  The codec has checked that
 * offset and length stay within @size.
 *
 * Returns: what became of it
 */
DrtReassemblyResult
drt_reassembly_list_add (DrtReassemblyList *list,
                         gint64             now,
                         guint32            id,
                         guint32            acked,
                         const DrtEndpoint *from,
                         guint16            size,
                         guint16            offset,
                         DrtSpan            fragment,
                         guint8           **whole)
{
  gint i = find_state (list, id, from);
  gboolean last = offset + fragment.length == size;
  DrtReassembly *state;

  /* Nothing that would never be complete. */
  if (size == 0)
    return DRT_REASSEMBLY_BAD;
  if (i < 0)
    {
      DrtReassembly fresh = { .id = id, .acked = acked, .from = *from, .size = size };

      make_room (list, from);
      if (list->states->len >= DRT_REASSEMBLY_MAX || size > DRT_REASSEMBLED_MAX)
        return DRT_REASSEMBLY_FULL;
      fresh.bytes = drt_try_malloc (size);
      if (fresh.bytes == NULL)
        return DRT_REASSEMBLY_FULL;
      fresh.deadline = now + DRT_REASSEMBLY_TIME;
      g_array_append_val (list->states, fresh);
      i = (gint) list->states->len - 1;
    }

  state = &g_array_index (list->states, DrtReassembly, i);
  if (state->size != size || offset % DRT_FRAGMENT_SIZE != 0 || offset + fragment.length > size ||
      (!last && fragment.length != DRT_FRAGMENT_SIZE))
    {
      g_array_remove_index_fast (list->states, (guint) i);
      return DRT_REASSEMBLY_BAD;
    }

  memcpy (state->bytes + offset, fragment.data, fragment.length);
  state->received |= 1u << (offset / DRT_FRAGMENT_SIZE);
  if (state->received != all_fragments (size))
    return DRT_REASSEMBLY_INCOMPLETE;

  *whole = g_steal_pointer (&state->bytes);
  g_array_remove_index_fast (list->states, (guint) i);
  return DRT_REASSEMBLY_COMPLETE;
}

/* §3.1.6.2: the request @acked is waited for no longer. */
void
drt_reassembly_list_forget (DrtReassemblyList *list,
                            guint32            acked)
{
  for (guint i = list->states->len; i > 0; i--)
    if (g_array_index (list->states, DrtReassembly, i - 1).acked == acked)
      g_array_remove_index_fast (list->states, i - 1);
}

void
drt_reassembly_list_expire (DrtReassemblyList *list,
                            gint64             now)
{
  for (guint i = list->states->len; i > 0; i--)
    if (g_array_index (list->states, DrtReassembly, i - 1).deadline <= now)
      g_array_remove_index_fast (list->states, i - 1);
}

gint64
drt_reassembly_list_deadline (const DrtReassemblyList *list)
{
  gint64 deadline = G_MAXINT64;

  for (guint i = 0; i < list->states->len; i++)
    deadline = MIN (deadline, g_array_index (list->states, DrtReassembly, i).deadline);
  return deadline;
}
