/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "wire-testing.h"

#include <string.h>

const DrtMessageType wire_types[8] = {
  DRT_MESSAGE_SOLICIT, DRT_MESSAGE_ADVERTISE, DRT_MESSAGE_REQUEST, DRT_MESSAGE_FLOOD,
  DRT_MESSAGE_INQUIRE, DRT_MESSAGE_AUTHORITY, DRT_MESSAGE_ACK, DRT_MESSAGE_LOOKUP,
};

/* Takes hexadecimal digits; white space between them is for the reader. */
GByteArray *
wire_bytes (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();
  int high = -1;

  for (; *hex != '\0'; hex++)
    {
      int digit = g_ascii_xdigit_value (*hex);

      if (g_ascii_isspace (*hex))
        continue;
      g_assert_cmpint (digit, >=, 0);

      if (high < 0)
        {
          high = digit;
        }
      else
        {
          guint8 byte = (guint8) (high << 4 | digit);

          g_byte_array_append (bytes, &byte, 1);
          high = -1;
        }
    }
  g_assert_cmpint (high, <, 0);

  return bytes;
}

/* A block of exactly this size, so that a sanitizer sees a byte read too many. */
guint8 *
wire_exact_copy (const guint8 *bytes, gsize length)
{
  guint8 *copy = g_malloc (MAX (length, 1));

  if (length > 0)
    memcpy (copy, bytes, length);

  return copy;
}

static void
describe_bytes (GString *text, const char *name, const guint8 *bytes, gsize length)
{
  g_string_append_printf (text, "%s=", name);
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  g_string_append_c (text, '\n');
}

static void
describe_span (GString *text, const char *name, DrtSpan span)
{
  if (DRT_SPAN_PRESENT (span))
    describe_bytes (text, name, span.data, span.length);
  else
    g_assert_cmpuint (span.length, ==, 0);
}

static void
describe_key (GString *text, const char *name, const DrtKey *key)
{
  char digits[DRT_KEY_HEX_LENGTH + 1];

  drt_key_format (key, digits);
  g_string_append_printf (text, "%s=%s\n", name, digits);
}

static void
describe_entry (GString *text, const DrtWireEntry *entry)
{
  describe_key (text, "entry.key", &entry->key);
  g_string_append_printf (text, "entry.version=%u.%u\n", entry->major, entry->minor);
  for (guint i = 0; i < entry->n_addresses; i++)
    {
      char name[DRT_ENDPOINT_TEXT_SIZE];
      DrtEndpoint endpoint;

      drt_wire_entry_get_endpoint (entry, i, &endpoint);
      drt_endpoint_format (&endpoint, name);
      g_string_append_printf (text, "entry.endpoint=%s\n", name);
    }
}

static void
describe_keys (GString *text, const DrtWireKeys *keys)
{
  g_string_append_printf (text, "keys=%u\n", keys->n_keys);
  for (guint i = 0; i < keys->n_keys; i++)
    {
      DrtKey key;

      drt_wire_keys_get (keys, i, &key);
      describe_key (text, "key", &key);
    }
}

static void
describe_endpoints (GString *text, const char *name, const DrtWireEndpoints *endpoints)
{
  g_string_append_printf (text, "%s=%u\n", name, endpoints->n_endpoints);
  for (guint i = 0; i < endpoints->n_endpoints; i++)
    {
      char shown[DRT_ENDPOINT_TEXT_SIZE];
      DrtEndpoint endpoint;

      drt_wire_endpoints_get (endpoints, i, &endpoint);
      g_assert_true (drt_wire_endpoints_contain (endpoints, &endpoint));
      drt_endpoint_format (&endpoint, shown);
      g_string_append_printf (text, "endpoint=%s\n", shown);
    }
}

static void
describe_proof (GString *text, const DrtWireProof *proof)
{
  describe_span (text, "credential", proof->credential);
  describe_span (text, "signature", proof->signature);
  describe_span (text, "key-identifier", proof->key_identifier);
}

static void
describe_body (GString *text, const DrtRequestBody *body)
{
  describe_bytes (text, "nonce", body->nonce, DRT_NONCE_SIZE);
  describe_keys (text, &body->keys);
  describe_proof (text, &body->proof);
}

static void
describe_request (GString *text, const DrtRequest *request)
{
  g_string_append_printf (text, "split=%d\n", request->has_split);
  if (request->has_body)
    {
      describe_body (text, &request->body);
    }
  else
    {
      g_string_append_printf (text, "size=%u offset=%u\n", request->size, request->offset);
      describe_span (text, "fragment", request->fragment);
    }
}

static void
describe_flood (GString *text, const DrtFlood *flood)
{
  g_string_append_printf (text, "flags=%04x\n", flood->flags);
  describe_key (text, "validate", &flood->validate_key);
  describe_span (text, "keytoken", flood->keytoken);
  describe_span (text, "revoke", flood->revoke_cpa);
  if (flood->has_entry)
    describe_entry (text, &flood->entry);
  describe_span (text, "sealed-entry", flood->sealed_entry);
  if (flood->has_flooded)
    describe_endpoints (text, "flooded", &flood->flooded);
  describe_span (text, "sealed-flooded", flood->sealed_flooded);
  describe_proof (text, &flood->proof);
}

static void
describe_lookup (GString *text, const DrtLookup *lookup)
{
  g_string_append_printf (text, "flags=%04x precision=%u criteria=%d reason=%d\n", lookup->flags,
                          lookup->precision, (int) lookup->criteria, (int) lookup->reason);
  describe_key (text, "target", &lookup->target);
  describe_key (text, "validate", &lookup->validate_key);
  describe_span (text, "keytoken", lookup->keytoken);
  if (lookup->has_entry)
    describe_entry (text, &lookup->entry);
  describe_span (text, "sealed-entry", lookup->sealed_entry);
  describe_endpoints (text, "path", &lookup->path);
  describe_span (text, "sealed-path", lookup->sealed_path);
  describe_proof (text, &lookup->proof);
}

static void
describe_fields (GString *text, const DrtMessage *message)
{
  switch (message->type)
    {
    case DRT_MESSAGE_SOLICIT:
      if (message->solicit.has_entry)
        describe_entry (text, &message->solicit.entry);
      describe_bytes (text, "hash", message->solicit.hashed_nonce, DRT_HASHED_NONCE_SIZE);
      describe_proof (text, &message->solicit.proof);
      break;
    case DRT_MESSAGE_ADVERTISE:
      g_string_append_printf (text, "acked=%08x\n", message->advertise.acked);
      describe_keys (text, &message->advertise.keys);
      describe_bytes (text, "hash", message->advertise.hashed_nonce, DRT_HASHED_NONCE_SIZE);
      break;
    case DRT_MESSAGE_REQUEST:
      describe_request (text, &message->request);
      break;
    case DRT_MESSAGE_FLOOD:
      describe_flood (text, &message->flood);
      break;
    case DRT_MESSAGE_INQUIRE:
      g_string_append_printf (text, "flags=%04x\n", message->inquire.flags);
      describe_key (text, "validate", &message->inquire.validate_key);
      if (message->inquire.has_nonce)
        describe_bytes (text, "nonce", message->inquire.nonce, DRT_NONCE_SIZE);
      describe_proof (text, &message->inquire.proof);
      break;
    case DRT_MESSAGE_AUTHORITY:
      g_string_append_printf (text, "acked=%08x size=%u offset=%u\n", message->authority.acked,
                              message->authority.size, message->authority.offset);
      describe_span (text, "fragment", message->authority.fragment);
      break;
    case DRT_MESSAGE_ACK:
      g_string_append_printf (text, "acked=%08x flags=%04x\n", message->ack.acked, message->ack.flags);
      break;
    case DRT_MESSAGE_LOOKUP:
      describe_lookup (text, &message->lookup);
      break;
    default:
      g_assert_not_reached ();
    }
}

char *
wire_describe_message (const DrtMessage *message)
{
  GString *text = g_string_new (drt_message_type_to_string (message->type));

  g_string_append_printf (text, " %u.%u id=%08x\n", message->major, message->minor, message->id);
  describe_fields (text, message);

  return g_string_free (text, FALSE);
}

char *
wire_describe_body (const DrtRequestBody *body)
{
  GString *text = g_string_new (NULL);

  describe_body (text, body);

  return g_string_free (text, FALSE);
}

char *
wire_describe_buffer (const DrtAuthorityBuffer *buffer)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "flags=%04x\n", buffer->flags);
  describe_span (text, "credential", buffer->credential);
  describe_span (text, "keytoken", buffer->keytoken);
  describe_span (text, "classifier", buffer->classifier);
  describe_span (text, "payload", buffer->payload);
  if (buffer->has_entry)
    describe_entry (text, &buffer->entry);
  describe_span (text, "sealed-entry", buffer->sealed_entry);
  describe_span (text, "cpa", buffer->cpa);

  return g_string_free (text, FALSE);
}

#define POOL_SIZE 8192

/* Random bytes that borrowed data of random structures points into. */
static const guint8 *
random_bytes (gsize length)
{
  static guint8 pool[POOL_SIZE];
  static gboolean filled;

  if (!filled)
    for (guint i = 0; i < POOL_SIZE; i++)
      pool[i] = (guint8) g_test_rand_int_range (0, 256);
  filled = TRUE;

  g_assert_cmpuint (length, <, POOL_SIZE);
  return pool + g_test_rand_int_range (0, POOL_SIZE - (gint) length);
}

static DrtSpan
random_span (gint maximum)
{
  DrtSpan span;

  span.length = (gsize) g_test_rand_int_range (0, maximum + 1);
  span.data = random_bytes (span.length);

  return span;
}

static void
random_key (DrtKey *key)
{
  drt_key_from_bytes (key, random_bytes (DRT_KEY_SIZE));
}

static void
random_entry (DrtWireEntry *entry)
{
  random_key (&entry->key);
  entry->major = (guint8) g_test_rand_int_range (0, 256);
  entry->minor = (guint8) g_test_rand_int_range (0, 256);
  entry->port = (guint16) g_test_rand_int_range (DRT_MIN_PORT, 65536);
  entry->n_addresses = (guint8) g_test_rand_int_range (1, DRT_MAX_ENTRY_ADDRESSES + 1);
  entry->addresses = random_bytes (entry->n_addresses * 16u);
}

static void
random_keys (DrtWireKeys *keys, gint maximum)
{
  keys->n_keys = (guint16) g_test_rand_int_range (0, maximum + 1);
  keys->keys = random_bytes (keys->n_keys * (gsize) DRT_KEY_SIZE);
}

static void
random_endpoints (DrtWireEndpoints *endpoints, gint minimum)
{
  endpoints->n_endpoints = (guint8) g_test_rand_int_range (minimum, DRT_MAX_PATH + 1);
  endpoints->endpoints = random_bytes (endpoints->n_endpoints * (gsize) DRT_WIRE_ENDPOINT_SIZE);
}

static void
random_proof (DrtWireProof *proof)
{
  if (g_test_rand_bit ())
    return;

  proof->credential = random_span (300);
  proof->signature = random_span (140);
  proof->key_identifier = random_span (170);
}

void
wire_random_body (DrtRequestBody *body)
{
  memset (body, 0, sizeof *body);
  memcpy (body->nonce, random_bytes (DRT_NONCE_SIZE), DRT_NONCE_SIZE);
  random_keys (&body->keys, 12);
  random_proof (&body->proof);
}

static void
random_request (DrtRequest *request)
{
  guint n_fragments;

  request->has_split = g_test_rand_bit ();
  request->has_body = !request->has_split || g_test_rand_bit ();
  if (request->has_body)
    {
      wire_random_body (&request->body);
      return;
    }

  n_fragments = (guint) g_test_rand_int_range (2, 32);
  request->size = (guint16) (n_fragments * DRT_FRAGMENT_SIZE - (guint) g_test_rand_int_range (0, DRT_FRAGMENT_SIZE));
  request->offset = (guint16) ((guint) g_test_rand_int_range (0, (gint) n_fragments) * DRT_FRAGMENT_SIZE);
  request->fragment.length = MIN (DRT_FRAGMENT_SIZE, request->size - request->offset);
  request->fragment.data = random_bytes (request->fragment.length);
}

static void
random_flood (DrtFlood *flood)
{
  flood->flags = g_test_rand_bit () ? DRT_FLOOD_FLAG_D : 0;
  random_key (&flood->validate_key);
  random_proof (&flood->proof);
  if (g_test_rand_bit ())
    flood->revoke_cpa = random_span (400);

  if (g_test_rand_bit ())
    {
      flood->keytoken = random_span (200);
      if (g_test_rand_bit ())
        flood->sealed_entry = random_span (400);
      if (g_test_rand_bit ())
        flood->sealed_flooded = random_span (400);
      return;
    }

  flood->has_entry = g_test_rand_bit ();
  if (flood->has_entry)
    random_entry (&flood->entry);
  flood->has_flooded = g_test_rand_bit ();
  if (flood->has_flooded)
    random_endpoints (&flood->flooded, 0);
}

static void
random_inquire (DrtInquire *inquire)
{
  static const guint16 flags[] = {
    DRT_INQUIRE_FLAG_A, DRT_INQUIRE_FLAG_X, DRT_INQUIRE_FLAG_C,
  };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (g_test_rand_bit ())
      inquire->flags |= flags[i];
  random_key (&inquire->validate_key);
  inquire->has_nonce = (inquire->flags & DRT_INQUIRE_FLAG_A) != 0;
  if (inquire->has_nonce)
    memcpy (inquire->nonce, random_bytes (DRT_NONCE_SIZE), DRT_NONCE_SIZE);
  random_proof (&inquire->proof);
}

static void
random_authority (DrtAuthority *authority)
{
  DrtRequest split = { 0, };

  do
    random_request (&split);
  while (split.has_body);

  authority->acked = (guint32) g_test_rand_int ();
  authority->size = split.size;
  authority->offset = split.offset;
  authority->fragment = split.fragment;
}

static void
random_lookup (DrtLookup *lookup)
{
  static const DrtResolveCriteria criteria[] = {
    DRT_CRITERIA_NONE, DRT_CRITERIA_ANY, DRT_CRITERIA_NEAREST, DRT_CRITERIA_NEAREST64, DRT_CRITERIA_UPPER_BITS,
  };

  lookup->flags = g_test_rand_bit () ? DRT_LOOKUP_FLAG_A : 0;
  lookup->criteria = criteria[g_test_rand_int_range (0, G_N_ELEMENTS (criteria))];
  if (lookup->criteria == DRT_CRITERIA_UPPER_BITS)
    lookup->precision = (guint16) g_test_rand_int_range (0, DRT_KEY_BITS + 1);
  lookup->reason = (DrtResolveReason) g_test_rand_int_range (0, DRT_REASON_SPLIT_DETECTION + 1);
  random_key (&lookup->target);
  random_key (&lookup->validate_key);
  random_proof (&lookup->proof);

  if (g_test_rand_bit ())
    {
      if (g_test_rand_bit ())
        lookup->keytoken = random_span (200);
      if (g_test_rand_bit ())
        lookup->sealed_entry = random_span (400);
      lookup->sealed_path = random_span (420);
      return;
    }

  lookup->has_entry = g_test_rand_bit ();
  if (lookup->has_entry)
    random_entry (&lookup->entry);
  random_endpoints (&lookup->path, 1);
}

/* Makes any structure that may be sent, but keeps lists moderately short. */
void
wire_random_message (DrtMessageType type, DrtMessage *message)
{
  memset (message, 0, sizeof *message);
  message->type = type;
  message->major = (guint8) g_test_rand_int_range (0, 256);
  message->minor = (guint8) g_test_rand_int_range (0, 256);
  message->id = (guint32) g_test_rand_int ();

  switch (type)
    {
    case DRT_MESSAGE_SOLICIT:
      message->solicit.has_entry = g_test_rand_bit ();
      if (message->solicit.has_entry)
        random_entry (&message->solicit.entry);
      memcpy (message->solicit.hashed_nonce, random_bytes (DRT_HASHED_NONCE_SIZE), DRT_HASHED_NONCE_SIZE);
      random_proof (&message->solicit.proof);
      break;
    case DRT_MESSAGE_ADVERTISE:
      message->advertise.acked = (guint32) g_test_rand_int ();
      random_keys (&message->advertise.keys, 40);
      memcpy (message->advertise.hashed_nonce, random_bytes (DRT_HASHED_NONCE_SIZE), DRT_HASHED_NONCE_SIZE);
      break;
    case DRT_MESSAGE_REQUEST:
      random_request (&message->request);
      break;
    case DRT_MESSAGE_FLOOD:
      random_flood (&message->flood);
      break;
    case DRT_MESSAGE_INQUIRE:
      random_inquire (&message->inquire);
      break;
    case DRT_MESSAGE_AUTHORITY:
      random_authority (&message->authority);
      break;
    case DRT_MESSAGE_ACK:
      message->ack.acked = (guint32) g_test_rand_int ();
      message->ack.flags = g_test_rand_bit () ? DRT_ACK_FLAG_N : 0;
      break;
    case DRT_MESSAGE_LOOKUP:
      random_lookup (&message->lookup);
      break;
    default:
      g_assert_not_reached ();
    }
}

void
wire_random_buffer (DrtAuthorityBuffer *buffer)
{
  gboolean sealed = g_test_rand_bit ();

  memset (buffer, 0, sizeof *buffer);
  buffer->flags = (guint16) (g_test_rand_int () & (DRT_AUTHORITY_FLAG_L | DRT_AUTHORITY_FLAG_B | DRT_AUTHORITY_FLAG_N));
  if (sealed)
    buffer->keytoken = random_span (200);
  if (g_test_rand_bit ())
    buffer->credential = random_span (2000);
  if (g_test_rand_bit ())
    {
      buffer->classifier = random_span (300);
      if (!sealed)
        buffer->classifier.length &= ~(gsize) 1;
    }
  if (g_test_rand_bit ())
    buffer->payload = random_span (5120);
  if (g_test_rand_bit ())
    buffer->cpa = random_span (500);

  if (sealed && g_test_rand_bit ())
    buffer->sealed_entry = random_span (400);
  buffer->has_entry = !sealed && g_test_rand_bit ();
  if (buffer->has_entry)
    random_entry (&buffer->entry);
}
