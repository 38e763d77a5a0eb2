/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "wire-testing.h"
#include "wire-vectors.h"

#include <string.h>

/*
 * Byte vectors: each structure below, made by hand, has to give exactly the
 * bytes written down in wire-vectors.h, and these the structure.
 */

#define SPAN(literal) { (const guint8 *) (literal), sizeof (literal) - 1 }

/* Bytes that live as long as the program. */
static const guint8 *
data (const char *hex)
{
  static GPtrArray *kept;
  GByteArray *bytes = wire_bytes (hex);

  if (kept == NULL)
    kept = g_ptr_array_new ();
  g_ptr_array_add (kept, bytes);

  return bytes->data;
}

static DrtKey
key (const char *hex)
{
  DrtKey made;

  drt_key_from_bytes (&made, data (hex));
  return made;
}

static DrtWireEntry
entry (guint8 n_addresses)
{
  DrtWireEntry made = {
    .key = key (KEY_1), .major = 3, .minor = 4, .port = 8080, .n_addresses = n_addresses,
    .addresses = data (ADDRESS_1 ADDRESS_2),
  };

  return made;
}

static DrtWireProof
proof (void)
{
  DrtWireProof made = { .credential = SPAN ("cert!"), .signature = SPAN ("si"), .key_identifier = SPAN ("kid") };

  return made;
}

static DrtMessage
message_of (DrtMessageType type)
{
  DrtMessage message = { .major = 1, .minor = 2, .type = type, .id = 0xa1b2c3d4 };

  return message;
}

static void
check (const DrtMessage *message, const char *hex)
{
  g_autoptr(GByteArray) expected = wire_bytes (hex);
  g_autofree guint8 *exact = wire_exact_copy (expected->data, expected->len);
  g_autofree char *wanted = wire_describe_message (message);
  g_autofree char *found = NULL;
  g_autofree guint8 *room = g_malloc (expected->len);
  DrtMessage decoded;
  gsize length;

  memset (room, 0xee, expected->len);
  length = drt_message_encode (message, room, expected->len);
  g_assert_cmpmem (room, length, expected->data, expected->len);
  g_assert_cmpuint (drt_message_encode (message, room, expected->len - 1), ==, 0);

  memset (&decoded, 0xee, sizeof decoded);
  g_assert_cmpstr (drt_decode_result_to_string (drt_message_decode (exact, expected->len, &decoded)), ==, "ok");
  found = wire_describe_message (&decoded);
  g_assert_cmpstr (found, ==, wanted);
}

static void
test_solicit (void)
{
  DrtMessage message = message_of (DRT_MESSAGE_SOLICIT);

  memcpy (message.solicit.hashed_nonce, data (HASH), DRT_HASHED_NONCE_SIZE);
  check (&message, SOLICIT_BARE);

  message.solicit.has_entry = TRUE;
  message.solicit.entry = entry (1);
  check (&message, SOLICIT_ENTRY);

  message.solicit.proof = proof ();
  check (&message, SOLICIT_MEMBER);
}

static void
test_advertise (void)
{
  DrtMessage message = message_of (DRT_MESSAGE_ADVERTISE);

  message.advertise.acked = 0x0badcafe;
  memcpy (message.advertise.hashed_nonce, data (HASH), DRT_HASHED_NONCE_SIZE);
  check (&message, ADVERTISE_EMPTY);

  message.advertise.keys.n_keys = 2;
  message.advertise.keys.keys = data (KEY_1 KEY_2);
  check (&message, ADVERTISE_TWO);
}

static void
test_request (void)
{
  DrtMessage message = message_of (DRT_MESSAGE_REQUEST);
  DrtMessage fragment = message_of (DRT_MESSAGE_REQUEST);

  message.request.has_body = TRUE;
  memcpy (message.request.body.nonce, data (NONCE), DRT_NONCE_SIZE);
  message.request.body.keys.n_keys = 1;
  message.request.body.keys.keys = data (KEY_2);
  check (&message, REQUEST_RESOLVE);

  message.request.has_split = TRUE;
  message.request.body.proof = proof ();
  check (&message, REQUEST_MEMBER);

  fragment.request.has_split = TRUE;
  fragment.request.size = 1191;
  fragment.request.offset = 1188;
  fragment.request.fragment = (DrtSpan) SPAN ("\xf1\xf2\xf3");
  check (&fragment, REQUEST_FRAGMENT);
}

static void
test_request_body (void)
{
  g_autoptr(GByteArray) expected = wire_bytes (REQUEST_BODY_PROOF);
  DrtRequestBody body = { .keys = { 1, data (KEY_2) }, .proof = proof () };
  DrtRequestBody decoded;
  g_autofree char *wanted = NULL;
  g_autofree char *found = NULL;
  guint8 room[256];
  gsize length;

  memcpy (body.nonce, data (NONCE), DRT_NONCE_SIZE);
  wanted = wire_describe_body (&body);

  length = drt_request_body_encode (&body, room, sizeof room);
  g_assert_cmpmem (room, length, expected->data, expected->len);
  g_assert_cmpuint (length, ==, 0x5b);

  g_assert_cmpint (drt_request_body_decode (expected->data, expected->len, &decoded), ==, DRT_DECODE_OK);
  found = wire_describe_body (&decoded);
  g_assert_cmpstr (found, ==, wanted);
}

static void
test_flood (void)
{
  DrtMessage full = message_of (DRT_MESSAGE_FLOOD);
  DrtMessage only_entry = message_of (DRT_MESSAGE_FLOOD);
  DrtMessage sealed = message_of (DRT_MESSAGE_FLOOD);

  full.flood.flags = DRT_FLOOD_FLAG_D;
  full.flood.validate_key = key (KEY_2);
  full.flood.revoke_cpa = (DrtSpan) SPAN ("\xde\xad\xbe\xef\x55");
  full.flood.has_entry = TRUE;
  full.flood.entry = entry (2);
  full.flood.has_flooded = TRUE;
  full.flood.flooded.n_endpoints = 1;
  full.flood.flooded.endpoints = data ("1f91" ADDRESS_2);
  check (&full, FLOOD_FULL);

  only_entry.flood.validate_key = key (KEY_2);
  only_entry.flood.has_entry = TRUE;
  only_entry.flood.entry = entry (1);
  check (&only_entry, FLOOD_ENTRY);
  only_entry.flood.proof = proof ();
  check (&only_entry, FLOOD_MEMBER);

  sealed.flood.validate_key = key (KEY_2);
  sealed.flood.keytoken = (DrtSpan) SPAN ("\x01\x02\x03");
  sealed.flood.revoke_cpa = (DrtSpan) SPAN ("\xaa");
  sealed.flood.sealed_entry = (DrtSpan) SPAN ("\x11\x22\x33\x44");
  sealed.flood.sealed_flooded = (DrtSpan) SPAN ("\x55\x66");
  check (&sealed, FLOOD_SEALED);
  sealed.flood.proof = proof ();
  check (&sealed, FLOOD_SEALED_MEMBER);
}

/* What the proof of @hex covers are its first @covered bytes; @hex ends with PROOF. */
static void
check_covered (const char *hex, gsize covered)
{
  g_autoptr(GByteArray) bytes = wire_bytes (hex);
  g_autofree guint8 *room = g_malloc (covered);
  DrtMessage message;

  g_assert_cmpint (drt_message_decode (bytes->data, bytes->len, &message), ==, DRT_DECODE_OK);
  g_assert_cmpuint (drt_message_covered_size (&message), ==, covered);
  g_assert_cmpuint (drt_message_copy_covered (&message, room, covered), ==, covered);
  g_assert_cmpmem (room, covered, bytes->data, covered);
  g_assert_cmpuint (drt_message_copy_covered (&message, room, covered - 1), ==, 0);

  memset (room, 0xee, covered);
  *drt_message_get_proof (&message) = (DrtWireProof) { 0 };
  g_assert_cmpuint (drt_message_encode_covered (&message, room, covered), ==, covered);
  g_assert_cmpmem (room, covered, bytes->data, covered);
  g_assert_cmpuint (drt_message_encode_covered (&message, room, covered - 1), ==, 0);
}

static void
test_covered (void)
{
  g_autoptr(GByteArray) expected = wire_bytes (HEADER ("03") REQUEST_BODY);
  g_autoptr(GByteArray) bytes = wire_bytes (REQUEST_MEMBER);
  g_autoptr(GByteArray) odd = wire_bytes (FLOOD_SEALED_MEMBER);
  g_autofree guint8 *room = g_malloc (MAX (expected->len, 88));
  DrtMessage message;

  check_covered (SOLICIT_MEMBER, 96);
  check_covered (FLOOD_MEMBER, 116);
  check_covered (FLOOD_SEALED_MEMBER, 88);
  check_covered (INQUIRE_FULL, 76);
  check_covered (LOOKUP_FULL, 224);
  check_covered (LOOKUP_SEALED, 120);

  /* Of a REQUEST the header, then the body: neither flags nor split controls. */
  g_assert_cmpint (drt_message_decode (bytes->data, bytes->len, &message), ==, DRT_DECODE_OK);
  g_assert_cmpuint (drt_message_copy_covered (&message, room, expected->len), ==, expected->len);
  g_assert_cmpmem (room, expected->len, expected->data, expected->len);
  memset (room, 0xee, expected->len);
  g_assert_cmpuint (drt_message_encode_covered (&message, room, expected->len), ==, expected->len);
  g_assert_cmpmem (room, expected->len, expected->data, expected->len);

  /* Padding is covered as it came, not as it should be. */
  odd->data[86] = 0xaa;
  g_assert_cmpint (drt_message_decode (odd->data, odd->len, &message), ==, DRT_DECODE_OK);
  g_assert_cmpuint (drt_message_copy_covered (&message, room, 88), ==, 88);
  g_assert_cmpint (room[86], ==, 0xaa);

  message.type = DRT_MESSAGE_ACK;
  g_assert_null (drt_message_get_proof (&message));
  g_assert_cmpuint (drt_message_encode_covered (&message, room, expected->len), ==, 0);
}

static void
test_inquire (void)
{
  DrtMessage message = message_of (DRT_MESSAGE_INQUIRE);

  message.inquire.flags = DRT_INQUIRE_FLAG_X;
  message.inquire.validate_key = key (KEY_1);
  check (&message, INQUIRE_BARE);

  message.inquire.flags = DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_X | DRT_INQUIRE_FLAG_C;
  message.inquire.has_nonce = TRUE;
  memcpy (message.inquire.nonce, data (NONCE), DRT_NONCE_SIZE);
  message.inquire.proof = proof ();
  check (&message, INQUIRE_FULL);
}

static void
test_authority (void)
{
  DrtMessage message = message_of (DRT_MESSAGE_AUTHORITY);

  message.authority.acked = 0x0badcafe;
  message.authority.size = 8;
  message.authority.fragment = (DrtSpan) SPAN ("\0\x40\0\x06\0\x01\0\0");
  check (&message, AUTHORITY_WHOLE);

  message.authority.size = 1191;
  message.authority.offset = 1188;
  message.authority.fragment = (DrtSpan) SPAN ("\xf1\xf2\xf3");
  check (&message, AUTHORITY_LAST);
}

static void
test_ack (void)
{
  DrtMessage message = message_of (DRT_MESSAGE_ACK);
  guint8 room[64];

  message.ack.acked = 0x0badcafe;
  check (&message, ACK_PLAIN);
  g_assert_cmpuint (drt_message_encode (&message, room, sizeof room), ==, 20);

  message.ack.flags = DRT_ACK_FLAG_N;
  check (&message, ACK_NOT_FOUND);
  g_assert_cmpuint (drt_message_encode (&message, room, sizeof room), ==, 26);
}

static void
test_lookup (void)
{
  DrtMessage bare = message_of (DRT_MESSAGE_LOOKUP);
  DrtMessage full = message_of (DRT_MESSAGE_LOOKUP);
  DrtMessage sealed = message_of (DRT_MESSAGE_LOOKUP);

  bare.lookup.criteria = DRT_CRITERIA_NEAREST;
  bare.lookup.reason = DRT_REASON_APP_REQUEST;
  bare.lookup.target = key (KEY_1);
  bare.lookup.validate_key = key (KEY_2);
  bare.lookup.path.n_endpoints = 1;
  bare.lookup.path.endpoints = data ("1f91" ADDRESS_1);
  check (&bare, LOOKUP_BARE);

  full.lookup.flags = DRT_LOOKUP_FLAG_A;
  full.lookup.precision = 128;
  full.lookup.criteria = DRT_CRITERIA_UPPER_BITS;
  full.lookup.reason = DRT_REASON_CACHE_MAINTENANCE;
  full.lookup.target = key (KEY_1);
  full.lookup.validate_key = key (KEY_2);
  full.lookup.has_entry = TRUE;
  full.lookup.entry = entry (1);
  full.lookup.path.n_endpoints = 3;
  full.lookup.path.endpoints = data ("1f91" ADDRESS_1 "1f92" ADDRESS_2 "ffff" ADDRESS_1);
  full.lookup.proof = proof ();
  check (&full, LOOKUP_FULL);

  sealed.lookup.criteria = DRT_CRITERIA_NONE;
  sealed.lookup.reason = DRT_REASON_SPLIT_DETECTION;
  sealed.lookup.target = key (KEY_1);
  sealed.lookup.validate_key = key (KEY_2);
  sealed.lookup.keytoken = (DrtSpan) SPAN ("\x77");
  sealed.lookup.sealed_entry = (DrtSpan) SPAN ("\x88\x99");
  sealed.lookup.sealed_path = (DrtSpan) SPAN ("\xaa\xbb\xcc");
  sealed.lookup.proof = proof ();
  check (&sealed, LOOKUP_SEALED);
}

static void
check_buffer (const DrtAuthorityBuffer *buffer, const char *hex)
{
  g_autoptr(GByteArray) expected = wire_bytes (hex);
  g_autofree guint8 *exact = wire_exact_copy (expected->data, expected->len);
  g_autofree guint8 *room = g_malloc (expected->len);
  g_autofree char *wanted = wire_describe_buffer (buffer);
  g_autofree char *found = NULL;
  DrtAuthorityBuffer decoded;
  gsize length;

  length = drt_authority_buffer_encode (buffer, room, expected->len);
  g_assert_cmpmem (room, length, expected->data, expected->len);
  g_assert_cmpuint (drt_authority_buffer_encode (buffer, room, expected->len - 1), ==, 0);

  memset (&decoded, 0xee, sizeof decoded);
  g_assert_cmpint (drt_authority_buffer_decode (exact, expected->len, &decoded), ==, DRT_DECODE_OK);
  found = wire_describe_buffer (&decoded);
  g_assert_cmpstr (found, ==, wanted);
}

static void
test_authority_buffer (void)
{
  DrtAuthorityBuffer flags = { .flags = DRT_AUTHORITY_FLAG_N };
  DrtAuthorityBuffer full = {
    .flags = DRT_AUTHORITY_FLAG_L | DRT_AUTHORITY_FLAG_B,
    .credential = SPAN ("abc"),
    .classifier = SPAN ("\0H\0i\0\xfc"),
    .payload = SPAN ("ok"),
    .has_entry = TRUE,
    .entry = entry (1),
    .cpa = SPAN ("\x01\x02\x03"),
  };
  DrtAuthorityBuffer sealed = {
    .keytoken = SPAN ("\x77"),
    .classifier = SPAN ("\x01\x02"),
    .payload = SPAN (""),
    .sealed_entry = SPAN ("\x07\x08\x09"),
    .cpa = SPAN ("\x0a\x0b\x0c\x0d"),
  };

  check_buffer (&flags, BUFFER_FLAGS);
  check_buffer (&full, BUFFER_FULL);
  check_buffer (&sealed, BUFFER_SEALED);
}

/* The structures that are sealed in confidential mode, as they are before. */
static void
test_bare_structures (void)
{
  g_autoptr(GByteArray) entry_bytes = wire_bytes (ENTRY_2);
  g_autoptr(GByteArray) list_bytes = wire_bytes ("0002 002c 009d 0012 1f91" ADDRESS_1 "ffff" ADDRESS_2);
  DrtWireEntry made = entry (2);
  DrtWireEntry found;
  DrtWireEndpoints list;
  DrtEndpoint endpoint;
  guint8 room[128];
  guint8 one[DRT_WIRE_ENDPOINT_SIZE];
  gsize length;

  length = drt_wire_entry_encode (&made, room, sizeof room);
  g_assert_cmpmem (room, length, entry_bytes->data, entry_bytes->len);
  g_assert_cmpint (drt_wire_entry_decode (entry_bytes->data, entry_bytes->len, &found), ==, DRT_DECODE_OK);
  g_assert_true (drt_key_equal (&found.key, &made.key));
  g_assert_cmpuint (found.n_addresses, ==, 2);
  drt_wire_entry_get_endpoint (&found, 1, &endpoint);
  g_assert_cmpuint (endpoint.port, ==, 8080);
  g_assert_cmpmem (&endpoint.address, 16, data (ADDRESS_2), 16);

  g_assert_cmpint (drt_wire_endpoints_decode (list_bytes->data, list_bytes->len, 1, &list), ==, DRT_DECODE_OK);
  length = drt_wire_endpoints_encode (&list, room, sizeof room);
  g_assert_cmpmem (room, length, list_bytes->data, list_bytes->len);
  drt_wire_endpoints_get (&list, 1, &endpoint);
  g_assert_cmpuint (endpoint.port, ==, 0xffff);
  g_assert_true (drt_wire_endpoints_contain (&list, &endpoint));
  drt_wire_endpoint_put (one, &endpoint);
  g_assert_cmpmem (one, sizeof one, data ("ffff" ADDRESS_2), DRT_WIRE_ENDPOINT_SIZE);
  endpoint.port = 0xfffe;
  g_assert_false (drt_wire_endpoints_contain (&list, &endpoint));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message/vector/solicit", test_solicit);
  g_test_add_func ("/message/vector/advertise", test_advertise);
  g_test_add_func ("/message/vector/request", test_request);
  g_test_add_func ("/message/vector/request-body", test_request_body);
  g_test_add_func ("/message/vector/flood", test_flood);
  g_test_add_func ("/message/vector/covered", test_covered);
  g_test_add_func ("/message/vector/inquire", test_inquire);
  g_test_add_func ("/message/vector/authority", test_authority);
  g_test_add_func ("/message/vector/ack", test_ack);
  g_test_add_func ("/message/vector/lookup", test_lookup);
  g_test_add_func ("/message/vector/authority-buffer", test_authority_buffer);
  g_test_add_func ("/message/vector/bare-structures", test_bare_structures);

  return g_test_run ();
}
