/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "wire-testing.h"
#include "wire-vectors.h"

/*
 * Structures that have no form on the wire, each made from a vector by one
 * change, are not encoded; what has no meaning in a structure is not sent.
 */

static void
assert_unsendable (const DrtMessage *message)
{
  static guint8 room[DRT_MESSAGE_MAX];

  g_assert_cmpuint (drt_message_encode (message, room, sizeof room), ==, 0);
}

static DrtMessage
decoded (const char *hex)
{
  static GPtrArray *kept;  /* what the spans point into */
  GByteArray *bytes = wire_bytes (hex);
  DrtMessage message;

  if (kept == NULL)
    kept = g_ptr_array_new ();
  g_ptr_array_add (kept, bytes);
  g_assert_cmpint (drt_message_decode (bytes->data, bytes->len, &message), ==, DRT_DECODE_OK);

  return message;
}

#define UNSENDABLE(vector, change) \
  G_STMT_START { \
    DrtMessage message = decoded (vector); \
    change; \
    assert_unsendable (&message); \
  } G_STMT_END

static void
test_unsendable (void)
{
  static const guint8 zeroes[2048 * DRT_KEY_SIZE];
  const DrtSpan span = { zeroes, 3 };
  const DrtSpan huge = { zeroes, G_MAXUINT16 - 3 };
  const DrtSpan absent = { NULL, 0 };

  UNSENDABLE (ACK_PLAIN, message.type = 0x0A);
  UNSENDABLE (SOLICIT_ENTRY, message.solicit.entry.n_addresses = 0);
  UNSENDABLE (SOLICIT_ENTRY, message.solicit.entry.n_addresses = 21);
  UNSENDABLE (SOLICIT_ENTRY, message.solicit.entry.port = 1023);
  UNSENDABLE (SOLICIT_ENTRY, message.solicit.entry.addresses = NULL);
  UNSENDABLE (ADVERTISE_TWO, (message.advertise.keys.n_keys = 2048, message.advertise.keys.keys = zeroes));
  UNSENDABLE (ADVERTISE_TWO, message.advertise.keys.keys = NULL);
  UNSENDABLE (REQUEST_MEMBER, message.request.body.proof.signature = absent);
  UNSENDABLE (REQUEST_MEMBER, (message.request.body.proof.credential = (DrtSpan) { zeroes, 2000 }));
  UNSENDABLE (REQUEST_FRAGMENT, message.request.has_split = FALSE);
  UNSENDABLE (REQUEST_FRAGMENT, message.request.offset = 1);
  UNSENDABLE (REQUEST_FRAGMENT, message.request.size = 1192);
  UNSENDABLE (SOLICIT_MEMBER, message.solicit.proof.signature = absent);
  UNSENDABLE (SOLICIT_MEMBER, message.solicit.proof.credential = huge);
  UNSENDABLE (FLOOD_MEMBER, message.flood.proof.credential = absent);
  UNSENDABLE (FLOOD_SEALED_MEMBER, message.flood.proof.key_identifier = absent);
  UNSENDABLE (FLOOD_FULL, message.flood.sealed_entry = span);
  UNSENDABLE (FLOOD_FULL, message.flood.sealed_flooded = span);
  UNSENDABLE (FLOOD_FULL, message.flood.keytoken = span);
  UNSENDABLE (FLOOD_FULL, message.flood.flooded.n_endpoints = 23);
  UNSENDABLE (FLOOD_FULL, message.flood.revoke_cpa = huge);
  UNSENDABLE (FLOOD_SEALED, message.flood.keytoken = absent);
  UNSENDABLE (FLOOD_SEALED, message.flood.has_flooded = TRUE);
  UNSENDABLE (INQUIRE_FULL, message.inquire.proof.credential = absent);
  UNSENDABLE (INQUIRE_FULL, message.inquire.proof.key_identifier = absent);
  UNSENDABLE (AUTHORITY_WHOLE, message.authority.fragment.length = 0);
  UNSENDABLE (AUTHORITY_WHOLE, message.authority.size = 7);
  UNSENDABLE (AUTHORITY_WHOLE, message.authority.size = 9);
  UNSENDABLE (AUTHORITY_LAST, message.authority.offset = 1187);
  UNSENDABLE (AUTHORITY_LAST, message.authority.size = 0x91e5);
  UNSENDABLE (LOOKUP_BARE, message.lookup.path.n_endpoints = 0);
  UNSENDABLE (LOOKUP_BARE, message.lookup.path.n_endpoints = 23);
  UNSENDABLE (LOOKUP_BARE, message.lookup.criteria = 3);
  UNSENDABLE (LOOKUP_BARE, message.lookup.reason = 4);
  UNSENDABLE (LOOKUP_FULL, message.lookup.precision = 257);
  UNSENDABLE (LOOKUP_FULL, message.lookup.sealed_path = span);
  UNSENDABLE (LOOKUP_SEALED, message.lookup.sealed_path = absent);
}

/* What is reserved is sent as zero, whatever stands in the structure. */
static void
test_reserved_sent (void)
{
  static const char *const vectors[] = { LOOKUP_BARE, FLOOD_FULL, INQUIRE_FULL, ACK_PLAIN, ACK_NOT_FOUND };

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr(GByteArray) expected = wire_bytes (vectors[i]);
      DrtMessage message = decoded (vectors[i]);
      guint8 room[512];

      switch (message.type)
        {
        case DRT_MESSAGE_LOOKUP:
          message.lookup.precision = 7;  /* not with these criteria */
          message.lookup.flags |= 0xfffd;
          break;
        case DRT_MESSAGE_FLOOD:
          message.flood.flags |= 0xfffe;
          break;
        case DRT_MESSAGE_INQUIRE:
          message.inquire.flags |= 0xffe3;
          break;
        default:
          message.ack.flags |= 0xfffe;
          break;
        }
      g_assert_cmpmem (room, drt_message_encode (&message, room, sizeof room), expected->data, expected->len);
    }
}

static void
test_unsendable_buffer (void)
{
  static const guint8 zeroes[DRT_REASSEMBLED_MAX + 1];
  static guint8 room[DRT_MESSAGE_MAX];
  DrtAuthorityBuffer buffers[] = {
    { .classifier = { zeroes, 3 } },
    { .classifier = { zeroes, G_MAXUINT16 } },
    { .sealed_entry = { zeroes, 3 } },
    { .keytoken = { zeroes, 3 }, .has_entry = TRUE },
    { .has_entry = TRUE },
    { .payload = { zeroes, DRT_REASSEMBLED_MAX - 8 - 4 + 1 } },
  };
  DrtAuthorityBuffer longest = { .payload = { zeroes, DRT_REASSEMBLED_MAX - 8 - 4 } };

  for (guint i = 0; i < G_N_ELEMENTS (buffers); i++)
    g_assert_cmpuint (drt_authority_buffer_encode (&buffers[i], room, sizeof room), ==, 0);
  g_assert_cmpuint (drt_authority_buffer_encode (&longest, room, sizeof room), ==, DRT_REASSEMBLED_MAX);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message/unsendable/message", test_unsendable);
  g_test_add_func ("/message/unsendable/buffer", test_unsendable_buffer);
  g_test_add_func ("/message/unsendable/reserved", test_reserved_sent);

  return g_test_run ();
}
