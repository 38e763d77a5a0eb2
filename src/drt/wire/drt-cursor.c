/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-cursor.h"

#include <string.h>

/**
 * drt_cursor_init:
 * @cursor: (out): a cursor
 * @bytes: what to read, borrowed
 * @length: how many bytes
 *
 * Places @cursor before the first byte.  Boundaries are counted from there.
 */
void
drt_cursor_init (DrtCursor *cursor, const guint8 *bytes, gsize length)
{
  cursor->bytes = bytes;
  cursor->length = length;
  cursor->offset = 0;
  cursor->result = DRT_DECODE_OK;
}

/**
 * drt_cursor_fail:
 * @cursor: a cursor
 * @result: the reason; DRT_DECODE_OK changes nothing
 *
 * Records a failure unless there was one before.
 *
 * Returns: always %FALSE, to be returned by the caller
 */
gboolean
drt_cursor_fail (DrtCursor *cursor, DrtDecodeResult result)
{
  if (drt_cursor_ok (cursor))
    cursor->result = result;

  return FALSE;
}

/**
 * drt_cursor_align:
 * @cursor: a cursor
 *
 * Skips the padding before the next field, whatever is in it.  At the end of a
 * message padding may be left out ([MC-DRT] §2.2).
 */
void
drt_cursor_align (DrtCursor *cursor)
{
  gsize padding = -cursor->offset & 3;

  cursor->offset += MIN (padding, drt_cursor_remaining (cursor));
}

/**
 * drt_cursor_copy:
 * @cursor: a cursor
 * @destination: (out): where to copy to; untouched on failure
 * @length: how many bytes
 *
 * Reads @length bytes.
 */
void
drt_cursor_copy (DrtCursor *cursor, gpointer destination, gsize length)
{
  const guint8 *at = drt_cursor_take (cursor, length);

  if (at != NULL)
    memcpy (destination, at, length);
}

/**
 * drt_cursor_rest:
 * @cursor: a cursor
 * @span: (out): all that is left, borrowed; absent on failure
 *
 * Reads to the end.
 */
void
drt_cursor_rest (DrtCursor *cursor, DrtSpan *span)
{
  span->length = drt_cursor_remaining (cursor);
  span->data = drt_cursor_take (cursor, span->length);
  if (span->data == NULL)
    span->length = 0;
}
