/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "wire-testing.h"

#include <string.h>

/*
 * What holds for every message: it survives a round trip, no part of it passes
 * for a message, and no bytes whatever make the decoder read past their end.
 */

#define ROUNDS 400
#define FUZZ_ROUNDS 100000

static gsize
encode (const DrtMessage *message, guint8 *room, gsize size)
{
  gsize length = drt_message_encode (message, room, size);

  g_assert_cmpuint (length, >, DRT_HEADER_SIZE);
  return length;
}

static void
test_round_trip (gconstpointer data)
{
  DrtMessageType type = GPOINTER_TO_UINT (data);
  guint8 room[8192];
  guint8 again[8192];

  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autofree guint8 *exact = NULL;
      g_autofree char *wanted = NULL;
      g_autofree char *found = NULL;
      DrtMessage message, decoded;
      gsize length;

      wire_random_message (type, &message);
      if (type == DRT_MESSAGE_REQUEST && drt_message_encode (&message, room, sizeof room) == 0)
        continue;  /* a body too long for one fragment: see /message/request-split */

      memset (room, 0xee, sizeof room);
      length = encode (&message, room, sizeof room);
      for (gsize i = length; i < sizeof room; i++)
        g_assert_cmphex (room[i], ==, 0xee);

      exact = wire_exact_copy (room, length);
      memset (&decoded, 0xee, sizeof decoded);
      g_assert_cmpint (drt_message_decode (exact, length, &decoded), ==, DRT_DECODE_OK);
      wanted = wire_describe_message (&message);
      found = wire_describe_message (&decoded);
      g_assert_cmpstr (found, ==, wanted);
      g_assert_cmpmem (again, drt_message_encode (&decoded, again, sizeof again), room, length);
    }
}

static void
test_buffer_round_trip (void)
{
  guint8 room[16384];

  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autofree guint8 *exact = NULL;
      g_autofree char *wanted = NULL;
      g_autofree char *found = NULL;
      DrtAuthorityBuffer buffer, decoded;
      gsize length;

      wire_random_buffer (&buffer);
      length = drt_authority_buffer_encode (&buffer, room, sizeof room);
      g_assert_cmpuint (length, >=, 8);

      exact = wire_exact_copy (room, length);
      memset (&decoded, 0xee, sizeof decoded);
      g_assert_cmpint (drt_authority_buffer_decode (exact, length, &decoded), ==, DRT_DECODE_OK);
      wanted = wire_describe_buffer (&buffer);
      found = wire_describe_buffer (&decoded);
      g_assert_cmpstr (found, ==, wanted);
    }
}

/* Too little room: nothing is written beyond it, and 0 says so. */
static void
test_small_room (void)
{
  guint8 room[8192];

  for (guint t = 0; t < G_N_ELEMENTS (wire_types); t++)
    for (guint round = 0; round < 10; round++)
      {
        DrtMessage message;
        gsize length;

        do
          wire_random_message (wire_types[t], &message);
        while ((length = drt_message_encode (&message, room, sizeof room)) == 0);

        for (gsize size = 0; size < length; size++)
          {
            g_autofree guint8 *exact = g_malloc (MAX (size, 1));

            g_assert_cmpuint (drt_message_encode (&message, exact, size), ==, 0);
          }
      }
}

static gboolean
is_proof (guint id)
{
  return id == DRT_FIELD_CREDENTIAL || id == DRT_FIELD_SIGNATURE || id == DRT_FIELD_KEY_IDENTIFIER;
}

/* How many fields, padding apart, a message has at least: the fields of the
 * layout that are not optional. */
static guint
n_required (DrtMessageType type)
{
  switch (type)
    {
    case DRT_MESSAGE_SOLICIT:
    case DRT_MESSAGE_ACK:
      return 1;
    case DRT_MESSAGE_REQUEST:
    case DRT_MESSAGE_FLOOD:
    case DRT_MESSAGE_INQUIRE:
      return 2;
    case DRT_MESSAGE_ADVERTISE:
      return 3;
    case DRT_MESSAGE_LOOKUP:
      return 4;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
is_optional (DrtMessageType type, guint id)
{
  switch (type)
    {
    case DRT_MESSAGE_SOLICIT:
    case DRT_MESSAGE_LOOKUP:
      return id == DRT_FIELD_ROUTING_ENTRY || id == DRT_FIELD_ENCRYPTED_ROUTING_ENTRY ||
             id == DRT_FIELD_KEYTOKEN || is_proof (id);
    case DRT_MESSAGE_ACK:
      return id == DRT_FIELD_FLAGS;
    case DRT_MESSAGE_REQUEST:
      return is_proof (id);
    case DRT_MESSAGE_INQUIRE:
      return id == DRT_FIELD_NONCE || is_proof (id);
    case DRT_MESSAGE_FLOOD:
      return id != DRT_FIELD_FLOOD_CONTROLS && id != DRT_FIELD_VALIDATE_DRT_ID;
    default:
      return FALSE;
    }
}

/* Walks the fields of a valid message by their Lengths alone and marks where
 * it may end: after a field or in the padding behind it, when all that is
 * required came before and no proof is torn apart. */
static void
mark_ends (DrtMessageType type, const guint8 *bytes, gsize length, gboolean *ends)
{
  guint required = 0;
  guint proofs = 0;
  gsize offset = type == 0 ? 0 : DRT_HEADER_SIZE;

  while (offset < length)
    {
      guint id = (guint) bytes[offset] << 8 | bytes[offset + 1];
      gsize end = offset + ((gsize) bytes[offset + 2] << 8 | bytes[offset + 3]);

      offset = (end + 3) & ~(gsize) 3;
      if (type == 0)
        {
          required = 1;  /* of an AUTHORITY_BUFFER: FLAGS */
        }
      else
        {
          required += !is_optional (type, id);
          proofs += is_proof (id);
        }

      for (gsize i = end; i <= MIN (offset, length); i++)
        ends[i] = (type == 0 || required >= n_required (type)) && proofs % 3 == 0;
    }
}

/* These carry raw bytes, of which only a full fragment may look complete. */
static gboolean
is_raw (const DrtMessage *message)
{
  return message->type == DRT_MESSAGE_AUTHORITY ||
         (message->type == DRT_MESSAGE_REQUEST && message->request.has_split);
}

static void
truncate_message (const DrtMessage *message, const guint8 *bytes, gsize length)
{
  g_autofree gboolean *ends = g_new0 (gboolean, length + 4);

  if (is_raw (message))
    ends[length] = ends[28 + DRT_FRAGMENT_SIZE <= length ? 28 + DRT_FRAGMENT_SIZE : length] = TRUE;
  else
    mark_ends (message->type, bytes, length, ends);
  g_assert_true (ends[length]);

  for (gsize cut = 0; cut <= length; cut++)
    {
      g_autofree guint8 *exact = wire_exact_copy (bytes, cut);
      DrtMessage decoded;
      DrtDecodeResult result = drt_message_decode (exact, cut, &decoded);

      if ((result == DRT_DECODE_OK) != ends[cut])
        g_error ("%s of %" G_GSIZE_FORMAT " bytes, cut to %" G_GSIZE_FORMAT ": %s",
                 drt_message_type_to_string (message->type), length, cut, drt_decode_result_to_string (result));
    }
}

static void
test_truncation (gconstpointer data)
{
  DrtMessageType type = GPOINTER_TO_UINT (data);
  guint8 room[8192];

  for (guint round = 0; round < 40; round++)
    {
      DrtMessage message;
      gsize length;

      do
        wire_random_message (type, &message);
      while ((length = drt_message_encode (&message, room, sizeof room)) == 0);

      truncate_message (&message, room, length);
    }
}

static void
test_buffer_truncation (void)
{
  guint8 room[16384];

  for (guint round = 0; round < 20; round++)
    {
      g_autofree gboolean *ends = NULL;
      DrtAuthorityBuffer buffer;
      gsize length;

      wire_random_buffer (&buffer);
      length = drt_authority_buffer_encode (&buffer, room, sizeof room);
      ends = g_new0 (gboolean, length + 4);
      mark_ends (0, room, length, ends);

      for (gsize cut = 0; cut <= length; cut++)
        {
          g_autofree guint8 *exact = wire_exact_copy (room, cut);
          DrtAuthorityBuffer decoded;

          g_assert_cmpint (drt_authority_buffer_decode (exact, cut, &decoded) == DRT_DECODE_OK, ==, ends[cut]);
        }
    }
}

/* What was decoded from whatever bytes can be looked at and sent again. */
static void
check_accepted (const DrtMessage *message, guint8 *room, gsize size)
{
  g_autofree char *wanted = wire_describe_message (message);
  g_autofree char *found = NULL;
  DrtMessage again;
  gsize length = drt_message_encode (message, room, size);

  if (length == 0)
    {
      g_assert_cmpint (message->type, ==, DRT_MESSAGE_REQUEST);
      g_assert_true (message->request.has_split && message->request.size > DRT_FRAGMENT_SIZE);
      return;
    }

  g_assert_cmpint (drt_message_decode (room, length, &again), ==, DRT_DECODE_OK);
  found = wire_describe_message (&again);
  g_assert_cmpstr (found, ==, wanted);
}

static gsize
random_noise (guint8 *room)
{
  gsize length = (gsize) g_test_rand_int_range (0, 400);

  for (gsize i = 0; i < length; i++)
    room[i] = (guint8) g_test_rand_int ();

  /* mostly past the header, else little would be tried */
  if (length >= DRT_HEADER_SIZE && g_test_rand_int_range (0, 10) > 0)
    {
      memcpy (room, "\x00\x10\x00\x0c\x51", 5);
      room[7] = (guint8) wire_types[g_test_rand_int_range (0, G_N_ELEMENTS (wire_types))];
    }

  return length;
}

/* A valid message in which something is wrong now, mostly. */
static gsize
random_damage (guint8 *room, gsize size)
{
  DrtMessage message;
  gsize length;
  guint n_changes = (guint) g_test_rand_int_range (1, 4);

  do
    wire_random_message (wire_types[g_test_rand_int_range (0, G_N_ELEMENTS (wire_types))], &message);
  while ((length = drt_message_encode (&message, room, size)) == 0);

  for (guint i = 0; i < n_changes; i++)
    {
      gsize at = (gsize) g_test_rand_int_range (0, (gint) length);

      switch (g_test_rand_int_range (0, 4))
        {
        case 0:
          room[at] ^= (guint8) (1u << g_test_rand_int_range (0, 8));
          break;
        case 1:
          room[at] = g_test_rand_bit () ? 0xff : 0;
          break;
        case 2:  /* a byte too few */
          memmove (room + at, room + at + 1, length - at - 1);
          length--;
          break;
        default:  /* four too many: another field, perhaps */
          memmove (room + at + 4, room + at, length - at);
          length += 4;
          break;
        }
    }

  return length;
}

static void
test_fuzz (void)
{
  g_autofree guint8 *room = g_malloc0 (DRT_MESSAGE_MAX);
  guint counts[DRT_DECODE_N_RESULTS] = { 0, };

  for (guint round = 0; round < FUZZ_ROUNDS; round++)
    {
      gsize length = g_test_rand_bit () ? random_noise (room) : random_damage (room, DRT_MESSAGE_MAX - 64);
      g_autofree guint8 *exact = wire_exact_copy (room, length);
      DrtAuthorityBuffer buffer;
      DrtRequestBody body;
      DrtMessage message;
      DrtDecodeResult result = drt_message_decode (exact, length, &message);

      g_assert_true ((guint) result < G_N_ELEMENTS (counts));
      counts[result % G_N_ELEMENTS (counts)]++;
      if (result == DRT_DECODE_OK)
        check_accepted (&message, room, DRT_MESSAGE_MAX);

      drt_request_body_decode (exact, length, &body);
      if (drt_authority_buffer_decode (exact, length, &buffer) == DRT_DECODE_OK)
        g_free (wire_describe_buffer (&buffer));
    }

  /* Every reason was met, so every path was. */
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_test_message ("%s: %u", drt_decode_result_to_string (i), counts[i]);
      g_assert_cmpuint (counts[i], >, 0);
    }
}

static void
test_buffer_fuzz (void)
{
  guint8 room[16384];
  guint accepted = 0;

  for (guint round = 0; round < FUZZ_ROUNDS / 4; round++)
    {
      DrtAuthorityBuffer buffer, again;
      gsize length;
      guint n_changes = (guint) g_test_rand_int_range (1, 4);
      g_autofree guint8 *exact = NULL;
      g_autofree char *wanted = NULL;
      g_autofree char *found = NULL;

      wire_random_buffer (&buffer);
      length = drt_authority_buffer_encode (&buffer, room, sizeof room);
      for (guint i = 0; i < n_changes; i++)
        room[g_test_rand_int_range (0, (gint) MIN (length, 200))] = (guint8) g_test_rand_int ();

      exact = wire_exact_copy (room, length);
      if (drt_authority_buffer_decode (exact, length, &buffer) != DRT_DECODE_OK)
        continue;

      accepted++;
      wanted = wire_describe_buffer (&buffer);
      length = drt_authority_buffer_encode (&buffer, room, sizeof room);
      g_assert_cmpint (drt_authority_buffer_decode (room, length, &again), ==, DRT_DECODE_OK);
      found = wire_describe_buffer (&again);
      g_assert_cmpstr (found, ==, wanted);
    }

  g_assert_cmpuint (accepted, >, 0);
}

/* A body of several fragments: cut, each sent and received, put together. */
static void
test_request_split (void)
{
  guint8 keys[100 * DRT_KEY_SIZE];
  guint8 credential[5000];
  DrtRequestBody body = {
    .keys = { 100, keys },
    .proof = { { credential, sizeof credential }, { credential, 130 }, { credential, 169 } },
  };
  DrtMessage whole = { .type = DRT_MESSAGE_REQUEST, .request = { .has_split = TRUE, .has_body = TRUE, .body = body } };
  guint8 bytes[16384];
  guint8 joined[16384];
  guint8 datagram[2048];
  DrtRequestBody decoded;
  g_autofree char *wanted = NULL;
  g_autofree char *found = NULL;
  gsize length;

  for (guint i = 0; i < sizeof keys; i++)
    keys[i] = (guint8) g_test_rand_int ();
  for (guint i = 0; i < sizeof credential; i++)
    credential[i] = (guint8) g_test_rand_int ();

  g_assert_cmpuint (drt_message_encode (&whole, bytes, sizeof bytes), ==, 0);
  length = drt_request_body_encode (&body, bytes, sizeof bytes);
  g_assert_cmpuint (length, ==, 20 + 12 + 3200 + 5004 + 134 + 2 + 173);

  for (gsize offset = 0; offset < length; offset += DRT_FRAGMENT_SIZE)
    {
      DrtMessage sent = { .type = DRT_MESSAGE_REQUEST };
      DrtMessage received;
      gsize sent_length;

      sent.request.has_split = TRUE;
      sent.request.size = (guint16) length;
      sent.request.offset = (guint16) offset;
      sent.request.fragment.data = bytes + offset;
      sent.request.fragment.length = MIN (DRT_FRAGMENT_SIZE, length - offset);

      sent_length = drt_message_encode (&sent, datagram, sizeof datagram);
      g_assert_cmpuint (sent_length, ==, 28 + sent.request.fragment.length);
      g_assert_cmpint (drt_message_decode (datagram, sent_length, &received), ==, DRT_DECODE_OK);
      g_assert_false (received.request.has_body);
      g_assert_cmpuint (received.request.size, ==, length);
      g_assert_cmpuint (received.request.offset, ==, offset);
      memcpy (joined + offset, received.request.fragment.data, received.request.fragment.length);
    }

  g_assert_cmpint (drt_request_body_decode (joined, length, &decoded), ==, DRT_DECODE_OK);
  wanted = wire_describe_body (&body);
  found = wire_describe_body (&decoded);
  g_assert_cmpstr (found, ==, wanted);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (wire_types); i++)
    {
      const char *name = drt_message_type_to_string (wire_types[i]);
      g_autofree char *round_trip = g_strdup_printf ("/message/round-trip/%s", name);
      g_autofree char *truncation = g_strdup_printf ("/message/truncation/%s", name);

      g_test_add_data_func (round_trip, GUINT_TO_POINTER (wire_types[i]), test_round_trip);
      g_test_add_data_func (truncation, GUINT_TO_POINTER (wire_types[i]), test_truncation);
    }
  g_test_add_func ("/message/round-trip/AUTHORITY_BUFFER", test_buffer_round_trip);
  g_test_add_func ("/message/truncation/AUTHORITY_BUFFER", test_buffer_truncation);
  g_test_add_func ("/message/small-room", test_small_room);
  g_test_add_func ("/message/request-split", test_request_split);
  g_test_add_func ("/message/fuzz", test_fuzz);
  g_test_add_func ("/message/fuzz/AUTHORITY_BUFFER", test_buffer_fuzz);

  return g_test_run ();
}
