/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <string.h>

#include "drt-message.h"

/*
 * The one way to read received bytes.  A cursor never goes past the end; the
 * first failure sticks, after it every read gives nothing (0 or NULL), so a
 * reader may read a whole structure and look at the result once.
 */

G_BEGIN_DECLS

typedef struct
{
  const guint8 *bytes;
  gsize length;
  gsize offset;           /* never beyond length */
  DrtDecodeResult result;
} DrtCursor;

void drt_cursor_init       (DrtCursor *cursor, const guint8 *bytes, gsize length);
gboolean drt_cursor_fail   (DrtCursor *cursor, DrtDecodeResult result);
void drt_cursor_align      (DrtCursor *cursor);
void drt_cursor_copy       (DrtCursor *cursor, gpointer destination, gsize length);
void drt_cursor_rest       (DrtCursor *cursor, DrtSpan *span);

static inline gboolean
drt_cursor_ok (const DrtCursor *cursor)
{
  return cursor->result == DRT_DECODE_OK;
}

static inline gsize
drt_cursor_remaining (const DrtCursor *cursor)
{
  return cursor->length - cursor->offset;
}

/* The next @length bytes, borrowed, or NULL. */
static inline const guint8 *
drt_cursor_take (DrtCursor *cursor, gsize length)
{
  const guint8 *taken;

  if (G_UNLIKELY (!drt_cursor_ok (cursor)))
    return NULL;

  if (G_UNLIKELY (length > drt_cursor_remaining (cursor)))
    {
      drt_cursor_fail (cursor, DRT_DECODE_TRUNCATED);
      return NULL;
    }

  taken = cursor->bytes + cursor->offset;
  cursor->offset += length;

  return taken;
}

static inline guint8
drt_cursor_u8 (DrtCursor *cursor)
{
  const guint8 *at = drt_cursor_take (cursor, 1);

  return at != NULL ? *at : 0;
}

static inline guint16
drt_cursor_u16 (DrtCursor *cursor)
{
  const guint8 *at = drt_cursor_take (cursor, sizeof (guint16));
  guint16 value = 0;

  if (at != NULL)
    memcpy (&value, at, sizeof value);

  return GUINT16_FROM_BE (value);
}

static inline guint32
drt_cursor_u32 (DrtCursor *cursor)
{
  const guint8 *at = drt_cursor_take (cursor, sizeof (guint32));
  guint32 value = 0;

  if (at != NULL)
    memcpy (&value, at, sizeof value);

  return GUINT32_FROM_BE (value);
}

/* The next two bytes as a number, without moving; 0 when there are none. */
static inline guint16
drt_cursor_peek_u16 (const DrtCursor *cursor)
{
  guint16 value = 0;

  if (drt_cursor_ok (cursor) && drt_cursor_remaining (cursor) >= sizeof value)
    memcpy (&value, cursor->bytes + cursor->offset, sizeof value);

  return GUINT16_FROM_BE (value);
}

G_END_DECLS
