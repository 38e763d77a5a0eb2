/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-message.h"

#include "drt-message-private.h"

/**
 * drt_message_type_to_string:
 * @type: a message type
 *
 * Returns: (transfer none): the specification's name of it, or "unknown"
 */
const char *
drt_message_type_to_string (DrtMessageType type)
{
  switch (type)
    {
    case DRT_MESSAGE_SOLICIT:
      return "SOLICIT";
    case DRT_MESSAGE_ADVERTISE:
      return "ADVERTISE";
    case DRT_MESSAGE_REQUEST:
      return "REQUEST";
    case DRT_MESSAGE_FLOOD:
      return "FLOOD";
    case DRT_MESSAGE_INQUIRE:
      return "INQUIRE";
    case DRT_MESSAGE_AUTHORITY:
      return "AUTHORITY";
    case DRT_MESSAGE_ACK:
      return "ACK";
    case DRT_MESSAGE_LOOKUP:
      return "LOOKUP";
    default:
      return "unknown";
    }
}

/**
 * drt_decode_result_to_string:
 * @result: what decoding said
 *
 * Returns: (transfer none): a short name for it, for counters and logs
 */
const char *
drt_decode_result_to_string (DrtDecodeResult result)
{
  switch (result)
    {
    case DRT_DECODE_OK:
      return "ok";
    case DRT_DECODE_TRUNCATED:
      return "truncated";
    case DRT_DECODE_BAD_HEADER:
      return "bad-header";
    case DRT_DECODE_BAD_TYPE:
      return "bad-type";
    case DRT_DECODE_MISSING_FIELD:
      return "missing-field";
    case DRT_DECODE_UNKNOWN_FIELD:
      return "unknown-field";
    case DRT_DECODE_BAD_LENGTH:
      return "bad-length";
    case DRT_DECODE_BAD_VALUE:
      return "bad-value";
    case DRT_DECODE_N_RESULTS:
    default:
      return "unknown";
    }
}

static void
read_header (DrtCursor *cursor, DrtMessage *message)
{
  guint16 id = drt_cursor_u16 (cursor);
  guint16 length = drt_cursor_u16 (cursor);
  guint8 identifier = drt_cursor_u8 (cursor);

  message->major = drt_cursor_u8 (cursor);
  message->minor = drt_cursor_u8 (cursor);
  message->type = drt_cursor_u8 (cursor);
  message->id = drt_cursor_u32 (cursor);

  if (drt_cursor_ok (cursor) &&
      (id != DRT_FIELD_HEADER || length != DRT_HEADER_SIZE || identifier != DRT_HEADER_IDENTIFIER))
    drt_cursor_fail (cursor, DRT_DECODE_BAD_HEADER);
}

/* As every message begins. */
void
drt_header_write (DrtWriter *writer, const DrtMessage *message)
{
  drt_writer_u16 (writer, DRT_FIELD_HEADER);
  drt_writer_u16 (writer, DRT_HEADER_SIZE);
  drt_writer_u8 (writer, DRT_HEADER_IDENTIFIER);
  drt_writer_u8 (writer, message->major);
  drt_writer_u8 (writer, message->minor);
  drt_writer_u8 (writer, (guint8) message->type);
  drt_writer_u32 (writer, message->id);
}

/* Only the member in use is cleared: the largest costs as much as decoding. */
#define READ(member, reader) \
  G_STMT_START { \
    memset (&message->member, 0, sizeof message->member); \
    reader (cursor, &message->member); \
  } G_STMT_END

static void
read_fields (DrtCursor *cursor, DrtMessage *message)
{
  switch (message->type)
    {
    case DRT_MESSAGE_SOLICIT:
      READ (solicit, drt_solicit_read);
      break;
    case DRT_MESSAGE_ADVERTISE:
      READ (advertise, drt_advertise_read);
      break;
    case DRT_MESSAGE_REQUEST:
      READ (request, drt_request_read);
      break;
    case DRT_MESSAGE_FLOOD:
      READ (flood, drt_flood_read);
      break;
    case DRT_MESSAGE_INQUIRE:
      READ (inquire, drt_inquire_read);
      break;
    case DRT_MESSAGE_AUTHORITY:
      READ (authority, drt_authority_read);
      break;
    case DRT_MESSAGE_ACK:
      READ (ack, drt_ack_read);
      break;
    case DRT_MESSAGE_LOOKUP:
      READ (lookup, drt_lookup_read);
      break;
    default:
      drt_cursor_fail (cursor, DRT_DECODE_BAD_TYPE);
      break;
    }
}

#undef READ

static void
write_fields (DrtWriter *writer, const DrtMessage *message)
{
  switch (message->type)
    {
    case DRT_MESSAGE_SOLICIT:
      drt_solicit_write (writer, &message->solicit);
      break;
    case DRT_MESSAGE_ADVERTISE:
      drt_advertise_write (writer, &message->advertise);
      break;
    case DRT_MESSAGE_REQUEST:
      drt_request_write (writer, &message->request);
      break;
    case DRT_MESSAGE_FLOOD:
      drt_flood_write (writer, &message->flood);
      break;
    case DRT_MESSAGE_INQUIRE:
      drt_inquire_write (writer, &message->inquire);
      break;
    case DRT_MESSAGE_AUTHORITY:
      drt_authority_write (writer, &message->authority);
      break;
    case DRT_MESSAGE_ACK:
      drt_ack_write (writer, &message->ack);
      break;
    case DRT_MESSAGE_LOOKUP:
      drt_lookup_write (writer, &message->lookup);
      break;
    default:
      drt_writer_fail (writer);
      break;
    }
}

/**
 * drt_message_decode:
 * @bytes: a datagram
 * @length: how many bytes
 * @message: (out): the message; points into @bytes
 *
 * Decodes a message ([MC-DRT] §2.2).  Of the union only the member of the
 * message's type is set.  Bits and padding that are reserved are ignored; flags
 * hold none of them.
 *
 * Returns: DRT_DECODE_OK, or why @bytes are no message; then @message is not to
 *   be used
 */
DrtDecodeResult
drt_message_decode (const guint8 *bytes, gsize length, DrtMessage *message)
{
  DrtCursor cursor;

  if (length > DRT_MESSAGE_MAX)
    return DRT_DECODE_BAD_LENGTH;

  drt_cursor_init (&cursor, bytes, length);
  read_header (&cursor, message);
  if (!drt_cursor_ok (&cursor))
    return cursor.result;

  read_fields (&cursor, message);

  return drt_field_finish (&cursor);
}

/**
 * drt_message_encode:
 * @message: a message
 * @bytes: (out): where to write
 * @size: how much room there is
 *
 * Encodes a message ([MC-DRT] §2.2).  In a structure with a keytoken the spans
 * are sealed bytes and nothing is in the clear, without one nothing is sealed (a
 * LOOKUP may be sealed either way).  A REQUEST with a body gets the body's
 * length as Size; with SPLIT_CONTROLS it is at most DRT_FRAGMENT_SIZE, and a
 * longer one is sent as fragments of what drt_request_body_encode() gives.
 *
 * Returns: how many bytes were written; 0 when there is too little room, or the
 *   structure has no form on the wire, such as 21 addresses or half a proof
 */
gsize
drt_message_encode (const DrtMessage *message, guint8 *bytes, gsize size)
{
  DrtWriter writer;

  drt_writer_init (&writer, bytes, MIN (size, DRT_MESSAGE_MAX));
  drt_header_write (&writer, message);
  write_fields (&writer, message);

  return drt_writer_finish (&writer);
}
