/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>
#include <string.h>

/*
 * The one way to write bytes to send.  A writer never goes past its room; the
 * first failure sticks, after it nothing is written and the length is 0.
 */

G_BEGIN_DECLS

typedef struct
{
  guint8 *bytes;
  gsize size;
  gsize offset;    /* never beyond size */
  gboolean failed;
} DrtWriter;

void  drt_writer_init    (DrtWriter *writer, guint8 *bytes, gsize size);
void  drt_writer_fail    (DrtWriter *writer);
void  drt_writer_align   (DrtWriter *writer);
void  drt_writer_set_u16 (DrtWriter *writer, gsize offset, guint16 value);
gsize drt_writer_finish  (const DrtWriter *writer);

/* Room for the next @length bytes, or NULL. */
static inline guint8 *
drt_writer_reserve (DrtWriter *writer, gsize length)
{
  guint8 *room;

  if (G_UNLIKELY (writer->failed || length > writer->size - writer->offset))
    {
      writer->failed = TRUE;
      return NULL;
    }

  room = writer->bytes + writer->offset;
  writer->offset += length;

  return room;
}

static inline void
drt_writer_put (DrtWriter *writer, gconstpointer source, gsize length)
{
  guint8 *room = drt_writer_reserve (writer, length);

  /* An empty source may be NULL, which memcpy() does not take. */
  if (room != NULL && length > 0)
    memcpy (room, source, length);
}

static inline void
drt_writer_u8 (DrtWriter *writer, guint8 value)
{
  drt_writer_put (writer, &value, sizeof value);
}

static inline void
drt_writer_u16 (DrtWriter *writer, guint16 value)
{
  guint16 swapped = GUINT16_TO_BE (value);

  drt_writer_put (writer, &swapped, sizeof swapped);
}

static inline void
drt_writer_u32 (DrtWriter *writer, guint32 value)
{
  guint32 swapped = GUINT32_TO_BE (value);

  drt_writer_put (writer, &swapped, sizeof swapped);
}

G_END_DECLS
