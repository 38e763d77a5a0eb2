/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-message-private.h"

/*
 * The proof of membership of a message, and what of the message it covers when a
 * security profile binds it to the whole (PROFILE-2.0.md 5): all from the header
 * to the byte before the CREDENTIAL.  A REQUEST may come in fragments: of it the
 * header, then the body put together, up to there.
 */

/**
 * drt_message_get_proof:
 * @message: a message
 *
 * Returns: (transfer none) (nullable): its proof, there or not; %NULL of a type
 *   that has none
 */
DrtWireProof *
drt_message_get_proof (DrtMessage *message)
{
  switch (message->type)
    {
    case DRT_MESSAGE_SOLICIT:
      return &message->solicit.proof;
    case DRT_MESSAGE_REQUEST:
      return &message->request.body.proof;
    case DRT_MESSAGE_FLOOD:
      return &message->flood.proof;
    case DRT_MESSAGE_INQUIRE:
      return &message->inquire.proof;
    case DRT_MESSAGE_LOOKUP:
      return &message->lookup.proof;
    case DRT_MESSAGE_ADVERTISE:
    case DRT_MESSAGE_AUTHORITY:
    case DRT_MESSAGE_ACK:
    default:
      return NULL;
    }
}

/* A REQUEST: the body by itself, for its offsets count from there. */
static gsize
encode_request (const DrtMessage *message, guint8 *bytes, gsize size)
{
  DrtRequestBody body = message->request.body;
  DrtWriter writer;
  gsize length;

  drt_writer_init (&writer, bytes, size);
  drt_header_write (&writer, message);
  if (drt_writer_finish (&writer) == 0)
    return 0;
  body.proof = (DrtWireProof) { 0 };
  length = drt_request_body_encode (&body, bytes + DRT_HEADER_SIZE, size - DRT_HEADER_SIZE);

  return length > 0 ? DRT_HEADER_SIZE + length : 0;
}

/**
 * drt_message_encode_covered:
 * @message: a message to be sent, with its MessageID; its proof does not count
 * @bytes: (out): where to write
 * @size: how much room there is
 *
 * Encodes what the proof of @message is to cover: what stands in front of it
 * when drt_message_encode() has written it.
 *
 * Returns: how many bytes were written; 0 as drt_message_encode()
 */
gsize
drt_message_encode_covered (const DrtMessage *message, guint8 *bytes, gsize size)
{
  DrtMessage bare = *message;
  DrtWireProof *proof = drt_message_get_proof (&bare);
  DrtWriter writer;

  if (proof == NULL)
    return 0;
  if (message->type == DRT_MESSAGE_REQUEST)
    return encode_request (message, bytes, size);

  *proof = (DrtWireProof) { 0 };
  drt_writer_init (&writer, bytes, size);
  writer.offset = drt_message_encode (&bare, bytes, size);
  if (writer.offset == 0)
    return 0;
  drt_writer_align (&writer);

  return drt_writer_finish (&writer);
}

/**
 * drt_message_covered_size:
 * @message: a decoded message with a proof
 *
 * Returns: how many bytes of it the proof covers
 */
gsize
drt_message_covered_size (const DrtMessage *message)
{
  gsize before = drt_message_get_proof ((DrtMessage *) message)->before.length;

  return message->type == DRT_MESSAGE_REQUEST ? DRT_HEADER_SIZE + before : before;
}

/**
 * drt_message_copy_covered:
 * @message: a decoded message with a proof; a REQUEST with the body put together
 * @bytes: (out): where to write
 * @size: how much room there is
 *
 * Copies what the proof of @message covers, as it came.
 *
 * Returns: how many bytes were written; 0: there is too little room
 */
gsize
drt_message_copy_covered (const DrtMessage *message, guint8 *bytes, gsize size)
{
  const DrtWireProof *proof = drt_message_get_proof ((DrtMessage *) message);
  DrtWriter writer;

  drt_writer_init (&writer, bytes, size);
  if (message->type == DRT_MESSAGE_REQUEST)
    drt_header_write (&writer, message);
  drt_writer_put (&writer, proof->before.data, proof->before.length);

  return drt_writer_finish (&writer);
}
