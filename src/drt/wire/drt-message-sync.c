/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-message-private.h"

/*
 * The messages of a synchronisation conversation: SOLICIT (§2.2.2.1), ADVERTISE
 * (§2.2.2.2) and REQUEST (§2.2.2.3).  A SOLICIT ends with the proof of PROFILE-2.0.md 7
 * where that profile is spoken, else nothing follows its nonce.
 */

void
drt_solicit_read (DrtCursor *cursor, DrtSolicit *solicit)
{
  /* Nodes of the ancestor protocol send SOLICIT_CONTROLS; what is in it does
   * not concern us, nor where it stands. */
  drt_field_skip_optional (cursor, DRT_FIELD_SOLICIT_CONTROLS);
  solicit->has_entry = drt_field_read_optional_entry (cursor, &solicit->entry);
  drt_field_skip_optional (cursor, DRT_FIELD_SOLICIT_CONTROLS);
  drt_field_read_bytes (cursor, DRT_FIELD_HASHED_NONCE, solicit->hashed_nonce, DRT_HASHED_NONCE_SIZE);
  drt_field_skip_optional (cursor, DRT_FIELD_SOLICIT_CONTROLS);
  drt_field_read_optional_proof (cursor, &solicit->proof);
}

void
drt_solicit_write (DrtWriter *writer, const DrtSolicit *solicit)
{
  if (solicit->has_entry)
    drt_field_write_entry (writer, &solicit->entry);
  drt_field_write_bytes (writer, DRT_FIELD_HASHED_NONCE, solicit->hashed_nonce, DRT_HASHED_NONCE_SIZE);
  drt_field_write_optional_proof (writer, &solicit->proof);
}

void
drt_advertise_read (DrtCursor *cursor, DrtAdvertise *advertise)
{
  advertise->acked = drt_field_read_acked (cursor);
  drt_field_read_keys (cursor, &advertise->keys);
  drt_field_read_bytes (cursor, DRT_FIELD_HASHED_NONCE, advertise->hashed_nonce, DRT_HASHED_NONCE_SIZE);
}

void
drt_advertise_write (DrtWriter *writer, const DrtAdvertise *advertise)
{
  drt_field_write_acked (writer, advertise->acked);
  drt_field_write_keys (writer, &advertise->keys);
  drt_field_write_bytes (writer, DRT_FIELD_HASHED_NONCE, advertise->hashed_nonce, DRT_HASHED_NONCE_SIZE);
}

static void
write_body (DrtWriter *writer, const DrtRequestBody *body)
{
  drt_field_write_bytes (writer, DRT_FIELD_NONCE, body->nonce, DRT_NONCE_SIZE);
  drt_field_write_keys (writer, &body->keys);
  drt_field_write_optional_proof (writer, &body->proof);
}

/**
 * drt_request_body_decode:
 * @bytes: a REQUEST from NONCE on, put together from its fragments
 * @length: how many bytes
 * @body: (out): the structure; points into @bytes
 *
 * Decodes what SPLIT_CONTROLS of a REQUEST counts ([MC-DRT] §2.2.2.3).
 *
 * Returns: DRT_DECODE_OK, or why @bytes are none; then @body is not to be used
 */
DrtDecodeResult
drt_request_body_decode (const guint8 *bytes, gsize length, DrtRequestBody *body)
{
  DrtCursor cursor;

  memset (body, 0, sizeof *body);
  drt_cursor_init (&cursor, bytes, length);
  drt_field_read_bytes (&cursor, DRT_FIELD_NONCE, body->nonce, DRT_NONCE_SIZE);
  drt_field_read_keys (&cursor, &body->keys);
  drt_field_read_optional_proof (&cursor, &body->proof);

  return drt_field_finish (&cursor);
}

/**
 * drt_request_body_encode:
 * @body: what follows SPLIT_CONTROLS in a REQUEST
 * @bytes: (out): where to write
 * @size: how much room there is
 *
 * Encodes a REQUEST from NONCE on, to be cut into fragments.
 *
 * Returns: how many bytes were written; 0 when there is too little room, the
 *   list of keys is too long, or only a part of the proof is there
 */
gsize
drt_request_body_encode (const DrtRequestBody *body, guint8 *bytes, gsize size)
{
  DrtWriter writer;

  drt_writer_init (&writer, bytes, size);
  write_body (&writer, body);

  return drt_writer_finish (&writer);
}

/* Whether the datagram holds all of the body, but for padding at its end. */
static gboolean
is_whole (const DrtRequest *request)
{
  gsize padding = -(gsize) request->size & 3;

  return request->offset == 0 && request->size > 0 &&
         request->fragment.length >= request->size &&
         request->fragment.length <= request->size + padding;
}

void
drt_request_read (DrtCursor *cursor, DrtRequest *request)
{
  request->has_split = drt_field_peek (cursor) == DRT_FIELD_FLAGS;
  if (request->has_split)
    {
      drt_field_read_flags (cursor);  /* all bits reserved */
      drt_field_read_split (cursor, &request->size, &request->offset);
    }

  drt_cursor_align (cursor);
  drt_cursor_rest (cursor, &request->fragment);
  if (!drt_cursor_ok (cursor))
    return;

  if (!request->has_split)
    request->size = (guint16) request->fragment.length;

  request->has_body = !request->has_split || is_whole (request);
  if (!request->has_body)
    {
      if (!drt_split_fits (request->size, request->offset, request->fragment.length))
        drt_cursor_fail (cursor, DRT_DECODE_BAD_LENGTH);
      return;
    }

  request->fragment.length = request->size;
  drt_cursor_fail (cursor, drt_request_body_decode (request->fragment.data, request->fragment.length,
                                                    &request->body));
}

void
drt_request_write (DrtWriter *writer, const DrtRequest *request)
{
  gsize split_end = 0;
  gsize body_start = writer->offset;
  gsize length;

  if (request->has_split)
    {
      drt_field_write_flags (writer, 0);
      drt_field_write_split (writer, request->size, request->offset);
      split_end = body_start = writer->offset;
    }

  if (!request->has_body)
    {
      if (!request->has_split ||
          !drt_split_is_valid (request->size, request->offset) ||
          !drt_split_fits (request->size, request->offset, request->fragment.length))
        drt_writer_fail (writer);
      drt_writer_put (writer, request->fragment.data, request->fragment.length);
      return;
    }

  write_body (writer, &request->body);
  length = writer->offset - body_start;

  if (!request->has_split)
    return;

  /* Longer ones travel as fragments (§2.2.2.3, §3.2.5.7). */
  if (length > DRT_FRAGMENT_SIZE)
    drt_writer_fail (writer);
  drt_writer_set_u16 (writer, split_end - 4, (guint16) length);
  drt_writer_set_u16 (writer, split_end - 2, 0);
}
