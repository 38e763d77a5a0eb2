/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-writer.h"

/**
 * drt_writer_init:
 * @writer: (out): a writer
 * @bytes: where to write, borrowed
 * @size: how much room there is
 *
 * Places @writer before the first byte.  Boundaries are counted from there.
 */
void
drt_writer_init (DrtWriter *writer, guint8 *bytes, gsize size)
{
  writer->bytes = bytes;
  writer->size = size;
  writer->offset = 0;
  writer->failed = FALSE;
}

/**
 * drt_writer_fail:
 * @writer: a writer
 *
 * Records that what is being written has no form on the wire.
 */
void
drt_writer_fail (DrtWriter *writer)
{
  writer->failed = TRUE;
}

/**
 * drt_writer_align:
 * @writer: a writer
 *
 * Writes the zero bytes, at most three, up to the next field's boundary.
 */
void
drt_writer_align (DrtWriter *writer)
{
  static const guint8 zeroes[3] = { 0, };

  drt_writer_put (writer, zeroes, -writer->offset & 3);
}

/**
 * drt_writer_set_u16:
 * @writer: a writer
 * @offset: where, counted from the start
 * @value: a number
 *
 * Changes a number already written.
 */
void
drt_writer_set_u16 (DrtWriter *writer, gsize offset, guint16 value)
{
  guint16 swapped = GUINT16_TO_BE (value);

  if (writer->failed)
    return;

  g_assert (offset + sizeof swapped <= writer->offset);
  memcpy (writer->bytes + offset, &swapped, sizeof swapped);
}

/**
 * drt_writer_finish:
 * @writer: a writer
 *
 * Returns: how many bytes were written, 0 when anything failed
 */
gsize
drt_writer_finish (const DrtWriter *writer)
{
  return writer->failed ? 0 : writer->offset;
}
