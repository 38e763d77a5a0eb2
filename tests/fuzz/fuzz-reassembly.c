/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-reassembly.h"
#include "drt-split.h"
#include "fuzz.h"

#include <string.h>

/* Fragments of several messages of several senders, in any order, lost, doubled
 * and late.  Each byte of a message follows from whose it is and its place, so
 * that a whole put together wrongly shows. */

#define N_SENDERS 24
#define N_IDS     4

static DrtEndpoint
sender (guint i)
{
  return (DrtEndpoint) { .address.s6_addr = { 0x20, 0x01, 0x0d, 0xb8, [15] = (guint8) (i / 2) }, .port = (guint16) (5000 + i % 2) };
}

static guint8
byte_at (guint who,
         guint id,
         guint size,
         guint place)
{
  return (guint8) (who * 31 + id * 7 + size + place * 13 + place / DRT_FRAGMENT_SIZE);
}

static void
check_list (const DrtReassemblyList *list,
            gint64                   now)
{
  fuzz_check (list->states->len <= DRT_REASSEMBLY_MAX);
  for (guint i = 0; i < list->states->len; i++)
    {
      const DrtReassembly *state = &g_array_index (list->states, DrtReassembly, i);
      guint n = 0;

      fuzz_check (state->bytes != NULL && state->size > 0 && state->size <= DRT_REASSEMBLED_MAX);
      fuzz_check (state->deadline <= now + DRT_REASSEMBLY_TIME);
      for (guint j = 0; j < list->states->len; j++)
        n += drt_endpoint_equal (&g_array_index (list->states, DrtReassembly, j).from, &state->from);
      fuzz_check (n <= DRT_REASSEMBLY_PER_SOURCE_MAX);
    }
}

static void
add (DrtReassemblyList *list,
     gint64             now,
     FuzzInput         *input)
{
  guint who = fuzz_below (input, N_SENDERS), id = fuzz_below (input, N_IDS);
  guint16 size = fuzz_u16 (input), offset = fuzz_u16 (input);
  DrtEndpoint from = sender (who);
  g_autofree guint8 *bytes = NULL, *whole = NULL;
  gsize length;

  /* Most are what the codec lets through. */
  if (fuzz_u8 (input) < 240)
    {
      guint n;

      size = CLAMP (size, 1, DRT_REASSEMBLED_MAX);
      n = (size + DRT_FRAGMENT_SIZE - 1) / DRT_FRAGMENT_SIZE;
      offset = (guint16) (offset % n * DRT_FRAGMENT_SIZE);
      length = MIN (DRT_FRAGMENT_SIZE, size - offset);
      fuzz_check (drt_split_is_valid (size, offset) && drt_split_fits (size, offset, length));
    }
  else
    {
      length = fuzz_u16 (input) % (2 * DRT_FRAGMENT_SIZE);
    }
  bytes = g_malloc (MAX (length, 1));
  for (gsize i = 0; i < length; i++)
    bytes[i] = byte_at (who, id, size, offset + i);

  if (drt_reassembly_list_add (list, now, id, 0, &from, size, offset, (DrtSpan) { bytes, length }, &whole) != DRT_REASSEMBLY_COMPLETE)
    {
      fuzz_check (whole == NULL);
      return;
    }
  fuzz_check (whole != NULL);
  for (guint i = 0; i < size; i++)
    fuzz_check (whole[i] == byte_at (who, id, size, i));
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes,
                        gsize         length)
{
  FuzzInput input = { bytes, length };
  DrtReassemblyList list;
  gint64 now = 0;

  drt_reassembly_list_init (&list);
  while (input.left > 0)
    {
      now += fuzz_u8 (&input) * 1000;
      if (fuzz_u8 (&input) % 8 == 0)
        {
          now = MAX (now, MIN (drt_reassembly_list_deadline (&list), now + G_USEC_PER_SEC));
          drt_reassembly_list_expire (&list, now);
          fuzz_check (drt_reassembly_list_deadline (&list) > now);
        }
      else
        {
          add (&list, now, &input);
        }
      check_list (&list, now);
    }
  drt_reassembly_list_clear (&list);
  return 0;
}
