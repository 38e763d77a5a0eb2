/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-structures.h"

/* AUTHORITY_BUFFER, §2.2.2.6.1. */

#define BUFFER_FLAGS (DRT_AUTHORITY_FLAG_L | DRT_AUTHORITY_FLAG_B | DRT_AUTHORITY_FLAG_N)

static void
read_sealed (DrtCursor *cursor, DrtAuthorityBuffer *buffer)
{
  drt_field_read_optional_span (cursor, DRT_FIELD_ENCRYPTED_CLASSIFIER, &buffer->classifier);
  drt_field_read_optional_span (cursor, DRT_FIELD_ENCRYPTED_PAYLOAD, &buffer->payload);
  drt_field_read_optional_span (cursor, DRT_FIELD_ENCRYPTED_ROUTING_ENTRY, &buffer->sealed_entry);
  drt_field_read_optional_span (cursor, DRT_FIELD_ENCRYPTED_CPA, &buffer->cpa);
}

static void
read_clear (DrtCursor *cursor, DrtAuthorityBuffer *buffer)
{
  if (drt_field_peek (cursor) == DRT_FIELD_CLASSIFIER)
    drt_field_read_classifier (cursor, &buffer->classifier);

  drt_field_read_optional_span (cursor, DRT_FIELD_EXTENDED_PAYLOAD, &buffer->payload);
  buffer->has_entry = drt_field_read_optional_entry (cursor, &buffer->entry);
  drt_field_read_optional_span (cursor, DRT_FIELD_VALIDATE_CPA, &buffer->cpa);
}

/**
 * drt_authority_buffer_decode:
 * @bytes: an AUTHORITY_BUFFER, put together from its fragments
 * @length: how many bytes
 * @buffer: (out): the structure; points into @bytes
 *
 * Decodes an AUTHORITY_BUFFER ([MC-DRT] §2.2.2.6.1).
 *
 * Returns: DRT_DECODE_OK, or why @bytes are none; then @buffer is not to be used
 */
DrtDecodeResult
drt_authority_buffer_decode (const guint8 *bytes, gsize length, DrtAuthorityBuffer *buffer)
{
  DrtCursor cursor;

  memset (buffer, 0, sizeof *buffer);
  drt_cursor_init (&cursor, bytes, length);

  buffer->flags = drt_field_read_flags (&cursor) & BUFFER_FLAGS;
  drt_field_read_optional_span (&cursor, DRT_FIELD_CREDENTIAL, &buffer->credential);
  drt_field_read_optional_span (&cursor, DRT_FIELD_KEYTOKEN, &buffer->keytoken);

  if (DRT_SPAN_PRESENT (buffer->keytoken))
    read_sealed (&cursor, buffer);
  else
    read_clear (&cursor, buffer);

  return drt_field_finish (&cursor);
}

/* Every field but the last of the layout has padding after it. */
static void
write_padded_span (DrtWriter *writer, DrtFieldId id, const DrtSpan *span)
{
  drt_field_write_optional_span (writer, id, span);
  drt_writer_align (writer);
}

static void
write_sealed (DrtWriter *writer, const DrtAuthorityBuffer *buffer)
{
  if (buffer->has_entry)
    drt_writer_fail (writer);

  write_padded_span (writer, DRT_FIELD_KEYTOKEN, &buffer->keytoken);
  write_padded_span (writer, DRT_FIELD_ENCRYPTED_CLASSIFIER, &buffer->classifier);
  write_padded_span (writer, DRT_FIELD_ENCRYPTED_PAYLOAD, &buffer->payload);
  write_padded_span (writer, DRT_FIELD_ENCRYPTED_ROUTING_ENTRY, &buffer->sealed_entry);
  drt_field_write_optional_span (writer, DRT_FIELD_ENCRYPTED_CPA, &buffer->cpa);
}

static void
write_clear (DrtWriter *writer, const DrtAuthorityBuffer *buffer)
{
  if (DRT_SPAN_PRESENT (buffer->sealed_entry))
    drt_writer_fail (writer);

  if (DRT_SPAN_PRESENT (buffer->classifier))
    drt_field_write_classifier (writer, &buffer->classifier);
  drt_writer_align (writer);

  write_padded_span (writer, DRT_FIELD_EXTENDED_PAYLOAD, &buffer->payload);
  if (buffer->has_entry)
    drt_field_write_entry (writer, &buffer->entry);
  drt_writer_align (writer);

  drt_field_write_optional_span (writer, DRT_FIELD_VALIDATE_CPA, &buffer->cpa);
}

/**
 * drt_authority_buffer_encode:
 * @buffer: an AUTHORITY_BUFFER; with a keytoken its spans are sealed bytes and
 *   there is no clear entry, without one there is no sealed entry
 * @bytes: (out): where to write
 * @size: how much room there is
 *
 * Encodes an AUTHORITY_BUFFER ([MC-DRT] §2.2.2.6.1).
 *
 * Returns: how many bytes were written; 0 when there is too little room, the
 *   whole is more than DRT_REASSEMBLED_MAX, or the structure has no form on the
 *   wire
 */
gsize
drt_authority_buffer_encode (const DrtAuthorityBuffer *buffer, guint8 *bytes, gsize size)
{
  DrtWriter writer;

  drt_writer_init (&writer, bytes, MIN (size, DRT_REASSEMBLED_MAX));

  drt_field_write_flags (&writer, buffer->flags & BUFFER_FLAGS);
  drt_writer_align (&writer);
  write_padded_span (&writer, DRT_FIELD_CREDENTIAL, &buffer->credential);

  if (DRT_SPAN_PRESENT (buffer->keytoken))
    write_sealed (&writer, buffer);
  else
    write_clear (&writer, buffer);

  return drt_writer_finish (&writer);
}
