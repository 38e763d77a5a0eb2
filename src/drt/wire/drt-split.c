/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-split.h"

#define SPLIT_SIZE 4

/**
 * drt_split_is_valid:
 * @size: the size of the whole
 * @offset: the place of a fragment in it
 *
 * Returns: whether both keep to the limits of §2.2.2.3 and §2.2.2.6
 */
gboolean
drt_split_is_valid (guint16 size, guint16 offset)
{
  return size <= DRT_REASSEMBLED_MAX && offset % DRT_FRAGMENT_SIZE == 0;
}

/**
 * drt_split_fits:
 * @size: the size of the whole
 * @offset: the place of a fragment in it
 * @length: the length of the fragment
 *
 * Fragments are cut to exactly DRT_FRAGMENT_SIZE bytes but for the last
 * (§3.2.5.7).
 *
 * Returns: whether the fragment is one of these
 */
gboolean
drt_split_fits (guint16 size, guint16 offset, gsize length)
{
  return length > 0 && offset + length <= size &&
         (length == DRT_FRAGMENT_SIZE || offset + length == size);
}

/**
 * drt_field_read_split:
 * @cursor: a cursor
 * @size: (out): the size of the whole
 * @offset: (out): the place of this fragment in it
 *
 * Reads SPLIT_CONTROLS, which has to stand here.
 */
void
drt_field_read_split (DrtCursor *cursor, guint16 *size, guint16 *offset)
{
  drt_field_enter (cursor, DRT_FIELD_SPLIT_CONTROLS, SPLIT_SIZE);
  *size = drt_cursor_u16 (cursor);
  *offset = drt_cursor_u16 (cursor);
  if (drt_cursor_ok (cursor) && !drt_split_is_valid (*size, *offset))
    drt_cursor_fail (cursor, DRT_DECODE_BAD_VALUE);
}

/**
 * drt_field_write_split:
 * @writer: a writer
 * @size: the size of the whole
 * @offset: the place of this fragment in it
 *
 * Writes SPLIT_CONTROLS.
 */
void
drt_field_write_split (DrtWriter *writer, guint16 size, guint16 offset)
{
  drt_field_begin (writer, DRT_FIELD_SPLIT_CONTROLS, SPLIT_SIZE);
  drt_writer_u16 (writer, size);
  drt_writer_u16 (writer, offset);
}
