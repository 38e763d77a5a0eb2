/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-field.h"

#define FLAGS_SIZE 2
#define ACKED_SIZE 4

/**
 * drt_field_peek:
 * @cursor: a cursor
 *
 * Moves to the next field and looks what it is, which is how a receiver finds
 * out whether an optional field is there.
 *
 * Returns: the FieldID standing there, 0 (no field's) at the end
 */
guint16
drt_field_peek (DrtCursor *cursor)
{
  drt_cursor_align (cursor);

  return drt_cursor_peek_u16 (cursor);
}

/* Moves into field @id, which has to stand here; gives the size of its data. */
static gsize
enter_any (DrtCursor *cursor, DrtFieldId id)
{
  guint16 length;

  if (G_UNLIKELY (drt_field_peek (cursor) != id))
    {
      gsize remaining = drt_cursor_remaining (cursor);
      gboolean cut = remaining > 0 && remaining < DRT_FIELD_HEAD;

      drt_cursor_fail (cursor, cut ? DRT_DECODE_TRUNCATED : DRT_DECODE_MISSING_FIELD);
      return 0;
    }

  drt_cursor_u16 (cursor);
  length = drt_cursor_u16 (cursor);
  if (G_UNLIKELY (length < DRT_FIELD_HEAD))
    {
      drt_cursor_fail (cursor, DRT_DECODE_BAD_LENGTH);
      return 0;
    }

  return length - DRT_FIELD_HEAD;
}

/**
 * drt_field_enter:
 * @cursor: a cursor
 * @id: the field that has to stand here
 * @size: the size its data has to have
 *
 * Moves into a field of fixed size; the caller reads exactly @size bytes next.
 *
 * Returns: whether the field is there, and whole
 */
gboolean
drt_field_enter (DrtCursor *cursor, DrtFieldId id, gsize size)
{
  gsize found = enter_any (cursor, id);

  if (G_UNLIKELY (!drt_cursor_ok (cursor)))
    return FALSE;

  if (G_UNLIKELY (found != size))
    return drt_cursor_fail (cursor, DRT_DECODE_BAD_LENGTH);

  if (G_UNLIKELY (size > drt_cursor_remaining (cursor)))
    return drt_cursor_fail (cursor, DRT_DECODE_TRUNCATED);

  return TRUE;
}

/**
 * drt_field_read_span:
 * @cursor: a cursor
 * @id: the field that has to stand here
 * @span: (out): its data, borrowed; empty but present when the field is empty;
 *   absent on failure
 *
 * Reads a field of any size.
 *
 * Returns: whether the field is there, and whole
 */
gboolean
drt_field_read_span (DrtCursor *cursor, DrtFieldId id, DrtSpan *span)
{
  gsize size = enter_any (cursor, id);

  span->data = drt_cursor_take (cursor, size);
  span->length = span->data != NULL ? size : 0;

  return span->data != NULL;
}

/**
 * drt_field_read_optional_span:
 * @cursor: a cursor
 * @id: the field that may stand here
 * @span: (out): its data, borrowed; absent when another field stands here
 *
 * Reads a field of any size if it is there.
 */
void
drt_field_read_optional_span (DrtCursor *cursor, DrtFieldId id, DrtSpan *span)
{
  if (drt_field_peek (cursor) == id)
    {
      drt_field_read_span (cursor, id, span);
      return;
    }

  span->data = NULL;
  span->length = 0;
}

/**
 * drt_field_skip_optional:
 * @cursor: a cursor
 * @id: the field that may stand here
 *
 * Passes over a field of any size if it is there.
 */
void
drt_field_skip_optional (DrtCursor *cursor, DrtFieldId id)
{
  DrtSpan ignored;

  drt_field_read_optional_span (cursor, id, &ignored);
}

/**
 * drt_field_read_bytes:
 * @cursor: a cursor
 * @id: the field that has to stand here
 * @bytes: (out): where to copy its data; untouched on failure
 * @size: the size its data has to have
 *
 * Reads a field of fixed size.
 */
void
drt_field_read_bytes (DrtCursor *cursor, DrtFieldId id, gpointer bytes, gsize size)
{
  if (drt_field_enter (cursor, id, size))
    drt_cursor_copy (cursor, bytes, size);
}

/**
 * drt_field_read_flags:
 * @cursor: a cursor
 *
 * Reads a FLAGS field, which has to stand here.
 *
 * Returns: all 16 bits, 0 on failure
 */
guint16
drt_field_read_flags (DrtCursor *cursor)
{
  return drt_field_enter (cursor, DRT_FIELD_FLAGS, FLAGS_SIZE) ? drt_cursor_u16 (cursor) : 0;
}

/**
 * drt_field_read_acked:
 * @cursor: a cursor
 *
 * Reads a HEADER_ACKED field, which has to stand here.
 *
 * Returns: the MessageID answered, 0 on failure
 */
guint32
drt_field_read_acked (DrtCursor *cursor)
{
  return drt_field_enter (cursor, DRT_FIELD_HEADER_ACKED, ACKED_SIZE) ? drt_cursor_u32 (cursor) : 0;
}

/**
 * drt_field_finish:
 * @cursor: a cursor
 *
 * Ends reading: nothing but padding may be left.
 *
 * Returns: the result of all that was read
 */
DrtDecodeResult
drt_field_finish (DrtCursor *cursor)
{
  drt_cursor_align (cursor);
  if (drt_cursor_remaining (cursor) > 0)
    drt_cursor_fail (cursor, DRT_DECODE_UNKNOWN_FIELD);

  return cursor->result;
}

/**
 * drt_field_begin:
 * @writer: a writer
 * @id: a field
 * @size: the size of its data
 *
 * Writes padding up to the boundary and the field's head; the caller writes
 * exactly @size bytes next.  Fails when @size does not fit a Length.
 */
void
drt_field_begin (DrtWriter *writer, DrtFieldId id, gsize size)
{
  if (size > DRT_FIELD_DATA_MAX)
    drt_writer_fail (writer);

  drt_writer_align (writer);
  drt_writer_u16 (writer, (guint16) id);
  drt_writer_u16 (writer, (guint16) (DRT_FIELD_HEAD + size));
}

/**
 * drt_field_write_bytes:
 * @writer: a writer
 * @id: a field
 * @bytes: its data; may be %NULL when @size is 0
 * @size: the size of its data
 *
 * Writes a field.
 */
void
drt_field_write_bytes (DrtWriter *writer, DrtFieldId id, gconstpointer bytes, gsize size)
{
  drt_field_begin (writer, id, size);
  drt_writer_put (writer, bytes, size);
}

/**
 * drt_field_write_span:
 * @writer: a writer
 * @id: a field
 * @span: its data
 *
 * Writes a field; fails when @span is absent.
 */
void
drt_field_write_span (DrtWriter *writer, DrtFieldId id, const DrtSpan *span)
{
  if (!DRT_SPAN_PRESENT (*span))
    {
      drt_writer_fail (writer);
      return;
    }

  drt_field_write_bytes (writer, id, span->data, span->length);
}

/**
 * drt_field_write_optional_span:
 * @writer: a writer
 * @id: a field
 * @span: its data
 *
 * Writes a field unless @span is absent.
 */
void
drt_field_write_optional_span (DrtWriter *writer, DrtFieldId id, const DrtSpan *span)
{
  if (DRT_SPAN_PRESENT (*span))
    drt_field_write_bytes (writer, id, span->data, span->length);
}

/**
 * drt_field_write_flags:
 * @writer: a writer
 * @flags: all 16 bits, those reserved zero
 *
 * Writes a FLAGS field, without the padding after it.
 */
void
drt_field_write_flags (DrtWriter *writer, guint16 flags)
{
  drt_field_begin (writer, DRT_FIELD_FLAGS, FLAGS_SIZE);
  drt_writer_u16 (writer, flags);
}

/**
 * drt_field_write_acked:
 * @writer: a writer
 * @acked: the MessageID answered
 *
 * Writes a HEADER_ACKED field.
 */
void
drt_field_write_acked (DrtWriter *writer, guint32 acked)
{
  drt_field_begin (writer, DRT_FIELD_HEADER_ACKED, ACKED_SIZE);
  drt_writer_u32 (writer, acked);
}
