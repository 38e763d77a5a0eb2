/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-message-private.h"

/*
 * INQUIRE (§2.2.2.5) and what answers: AUTHORITY (§2.2.2.6), whose buffer is in
 * a file of its own, and ACK (§2.2.2.7).
 */

#define INQUIRE_FLAGS (DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_X | DRT_INQUIRE_FLAG_C)

void
drt_inquire_read (DrtCursor *cursor, DrtInquire *inquire)
{
  inquire->flags = drt_field_read_flags (cursor) & INQUIRE_FLAGS;
  drt_field_read_key (cursor, DRT_FIELD_VALIDATE_DRT_ID, &inquire->validate_key);

  /* Whether A is set does not matter here: without a nonce the receiver takes
   * an all-zero one (§3.2.5.6). */
  inquire->has_nonce = drt_field_peek (cursor) == DRT_FIELD_NONCE;
  if (inquire->has_nonce)
    drt_field_read_bytes (cursor, DRT_FIELD_NONCE, inquire->nonce, DRT_NONCE_SIZE);

  drt_field_read_optional_proof (cursor, &inquire->proof);
}

void
drt_inquire_write (DrtWriter *writer, const DrtInquire *inquire)
{
  drt_field_write_flags (writer, inquire->flags & INQUIRE_FLAGS);
  drt_field_write_key (writer, DRT_FIELD_VALIDATE_DRT_ID, &inquire->validate_key);
  if (inquire->has_nonce)
    drt_field_write_bytes (writer, DRT_FIELD_NONCE, inquire->nonce, DRT_NONCE_SIZE);
  drt_field_write_optional_proof (writer, &inquire->proof);
}

void
drt_authority_read (DrtCursor *cursor, DrtAuthority *authority)
{
  authority->acked = drt_field_read_acked (cursor);
  drt_field_read_split (cursor, &authority->size, &authority->offset);

  /* No field: the bytes of the buffer as they are, without head or padding. */
  drt_cursor_rest (cursor, &authority->fragment);
  if (drt_cursor_ok (cursor) &&
      !drt_split_fits (authority->size, authority->offset, authority->fragment.length))
    drt_cursor_fail (cursor, DRT_DECODE_BAD_LENGTH);
}

void
drt_authority_write (DrtWriter *writer, const DrtAuthority *authority)
{
  if (!drt_split_is_valid (authority->size, authority->offset) ||
      !drt_split_fits (authority->size, authority->offset, authority->fragment.length))
    drt_writer_fail (writer);

  drt_field_write_acked (writer, authority->acked);
  drt_field_write_split (writer, authority->size, authority->offset);
  drt_writer_put (writer, authority->fragment.data, authority->fragment.length);
}

void
drt_ack_read (DrtCursor *cursor, DrtAck *ack)
{
  ack->acked = drt_field_read_acked (cursor);
  if (drt_field_peek (cursor) == DRT_FIELD_FLAGS)
    ack->flags = drt_field_read_flags (cursor) & DRT_ACK_FLAG_N;
}

void
drt_ack_write (DrtWriter *writer, const DrtAck *ack)
{
  drt_field_write_acked (writer, ack->acked);
  if (ack->flags & DRT_ACK_FLAG_N)
    drt_field_write_flags (writer, DRT_ACK_FLAG_N);
}
