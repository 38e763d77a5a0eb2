/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-structures.h"

#define ADDRESS_SIZE    16
#define ENTRY_HEAD      38  /* a ROUTE_ENTRY without its addresses */
#define ARRAY_HEAD      8   /* a FIELD_ARRAY without its elements */
#define CHARACTER_SIZE  2

/* Reads a FIELD_ARRAY (§2.2.3.6) that fills what @cursor holds. */
static const guint8 *
read_array (DrtCursor *cursor, DrtFieldId type, gsize element_size, guint16 *n_elements)
{
  guint16 n = drt_cursor_u16 (cursor);
  guint16 length = drt_cursor_u16 (cursor);
  guint16 element_type = drt_cursor_u16 (cursor);
  guint16 entry_length = drt_cursor_u16 (cursor);
  gsize size = n * element_size;

  *n_elements = 0;
  if (!drt_cursor_ok (cursor))
    return NULL;

  if (element_type != type)
    {
      drt_cursor_fail (cursor, DRT_DECODE_BAD_VALUE);
      return NULL;
    }

  if (entry_length != element_size ||
      length != ARRAY_HEAD + size ||
      drt_cursor_remaining (cursor) != size)
    {
      drt_cursor_fail (cursor, DRT_DECODE_BAD_LENGTH);
      return NULL;
    }

  *n_elements = n;
  return drt_cursor_take (cursor, size);
}

static void
write_array (DrtWriter *writer, DrtFieldId type, gsize element_size, gsize n, gconstpointer elements)
{
  gsize length = ARRAY_HEAD + n * element_size;

  if (length > G_MAXUINT16 || (n > 0 && elements == NULL))
    {
      drt_writer_fail (writer);
      return;
    }

  drt_writer_u16 (writer, (guint16) n);
  drt_writer_u16 (writer, (guint16) length);
  drt_writer_u16 (writer, (guint16) type);
  drt_writer_u16 (writer, (guint16) element_size);
  drt_writer_put (writer, elements, n * element_size);
}

static void
read_endpoints (DrtCursor *cursor, guint minimum, DrtWireEndpoints *endpoints)
{
  guint16 n;

  endpoints->endpoints = read_array (cursor, DRT_FIELD_IPV6_ENDPOINT, DRT_WIRE_ENDPOINT_SIZE, &n);
  if (n > DRT_MAX_PATH || (drt_cursor_ok (cursor) && n < minimum))
    drt_cursor_fail (cursor, DRT_DECODE_BAD_VALUE);

  endpoints->n_endpoints = (guint8) MIN (n, DRT_MAX_PATH);
}

static void
write_endpoints (DrtWriter *writer, const DrtWireEndpoints *endpoints)
{
  if (endpoints->n_endpoints > DRT_MAX_PATH)
    drt_writer_fail (writer);

  write_array (writer, DRT_FIELD_IPV6_ENDPOINT, DRT_WIRE_ENDPOINT_SIZE,
               endpoints->n_endpoints, endpoints->endpoints);
}

static void
write_entry (DrtWriter *writer, const DrtWireEntry *entry)
{
  if (entry->n_addresses < 1 || entry->n_addresses > DRT_MAX_ENTRY_ADDRESSES ||
      entry->addresses == NULL || entry->port < DRT_MIN_PORT)
    {
      drt_writer_fail (writer);
      return;
    }

  drt_writer_put (writer, entry->key.b, DRT_KEY_SIZE);
  drt_writer_u8 (writer, entry->major);
  drt_writer_u8 (writer, entry->minor);
  drt_writer_u16 (writer, entry->port);
  drt_writer_u8 (writer, 0);  /* Flags: reserved */
  drt_writer_u8 (writer, entry->n_addresses);
  drt_writer_put (writer, entry->addresses, (gsize) entry->n_addresses * ADDRESS_SIZE);
}

/**
 * drt_wire_entry_decode:
 * @bytes: a ROUTE_ENTRY and nothing else
 * @length: how many bytes
 * @entry: (out): the entry; its addresses point into @bytes
 *
 * Decodes a bare ROUTE_ENTRY ([MC-DRT] §2.2.3.3).  A port below 1024 makes it
 * worthless (§3.1.5.6) and is refused.
 *
 * Returns: DRT_DECODE_OK, or why @bytes are none; then @entry is not to be used
 */
DrtDecodeResult
drt_wire_entry_decode (const guint8 *bytes, gsize length, DrtWireEntry *entry)
{
  DrtCursor cursor;

  drt_cursor_init (&cursor, bytes, length);
  drt_cursor_copy (&cursor, entry->key.b, DRT_KEY_SIZE);
  entry->major = drt_cursor_u8 (&cursor);
  entry->minor = drt_cursor_u8 (&cursor);
  entry->port = drt_cursor_u16 (&cursor);
  drt_cursor_u8 (&cursor);  /* Flags: reserved */
  entry->n_addresses = drt_cursor_u8 (&cursor);
  if (!drt_cursor_ok (&cursor))
    return DRT_DECODE_BAD_LENGTH;

  if (entry->port < DRT_MIN_PORT ||
      entry->n_addresses < 1 || entry->n_addresses > DRT_MAX_ENTRY_ADDRESSES)
    return DRT_DECODE_BAD_VALUE;

  if (drt_cursor_remaining (&cursor) != (gsize) entry->n_addresses * ADDRESS_SIZE)
    return DRT_DECODE_BAD_LENGTH;

  entry->addresses = drt_cursor_take (&cursor, drt_cursor_remaining (&cursor));

  return DRT_DECODE_OK;
}

/**
 * drt_wire_entry_encode:
 * @entry: a route entry
 * @bytes: (out): where to write
 * @size: how much room there is
 *
 * Encodes a bare ROUTE_ENTRY ([MC-DRT] §2.2.3.3).
 *
 * Returns: how many bytes were written; 0 when there is too little room, or the
 *   port or the number of addresses is out of range
 */
gsize
drt_wire_entry_encode (const DrtWireEntry *entry, guint8 *bytes, gsize size)
{
  DrtWriter writer;

  drt_writer_init (&writer, bytes, size);
  write_entry (&writer, entry);

  return drt_writer_finish (&writer);
}

/**
 * drt_wire_entry_get_endpoint:
 * @entry: a decoded route entry
 * @i: which address, below its n_addresses
 * @endpoint: (out): that address with the entry's port
 *
 * Takes an endpoint from a route entry.
 */
void
drt_wire_entry_get_endpoint (const DrtWireEntry *entry, guint i, DrtEndpoint *endpoint)
{
  g_assert (i < entry->n_addresses);

  memcpy (&endpoint->address, &entry->addresses[i * ADDRESS_SIZE], ADDRESS_SIZE);
  endpoint->port = entry->port;
}

/**
 * drt_wire_endpoints_decode:
 * @bytes: the FIELD_ARRAY of an endpoint list and nothing else
 * @length: how many bytes
 * @minimum: how many endpoints there have to be at least
 * @endpoints: (out): the list; points into @bytes
 *
 * Decodes an endpoint list as it is sealed ([MC-DRT] §2.2.3.1.7), without
 * FieldID and Length.  Ports are taken as they are: such lists are only compared.
 *
 * Returns: DRT_DECODE_OK, or why @bytes are none; then @endpoints is not to be
 *   used
 */
DrtDecodeResult
drt_wire_endpoints_decode (const guint8     *bytes,
                           gsize             length,
                           guint             minimum,
                           DrtWireEndpoints *endpoints)
{
  DrtCursor cursor;

  drt_cursor_init (&cursor, bytes, length);
  read_endpoints (&cursor, minimum, endpoints);

  /* What is short here is the array, not the message around it. */
  return cursor.result == DRT_DECODE_TRUNCATED ? DRT_DECODE_BAD_LENGTH : cursor.result;
}

/**
 * drt_wire_endpoints_encode:
 * @endpoints: an endpoint list
 * @bytes: (out): where to write
 * @size: how much room there is
 *
 * Encodes an endpoint list as it is sealed, without FieldID and Length.
 *
 * Returns: how many bytes were written; 0 when there is too little room or there
 *   are more than DRT_MAX_PATH endpoints
 */
gsize
drt_wire_endpoints_encode (const DrtWireEndpoints *endpoints, guint8 *bytes, gsize size)
{
  DrtWriter writer;

  drt_writer_init (&writer, bytes, size);
  write_endpoints (&writer, endpoints);

  return drt_writer_finish (&writer);
}

/**
 * drt_wire_endpoints_get:
 * @endpoints: a decoded list
 * @i: which endpoint, below its n_endpoints
 * @endpoint: (out): the endpoint
 *
 * Takes an endpoint from a list.
 */
void
drt_wire_endpoints_get (const DrtWireEndpoints *endpoints, guint i, DrtEndpoint *endpoint)
{
  DrtCursor cursor;

  g_assert (i < endpoints->n_endpoints);

  drt_cursor_init (&cursor, &endpoints->endpoints[i * DRT_WIRE_ENDPOINT_SIZE], DRT_WIRE_ENDPOINT_SIZE);
  endpoint->port = drt_cursor_u16 (&cursor);
  drt_cursor_copy (&cursor, &endpoint->address, ADDRESS_SIZE);
}

/**
 * drt_wire_endpoints_contain:
 * @endpoints: a decoded list
 * @endpoint: an endpoint
 *
 * Returns: whether @endpoint, its port included, is in the list
 */
gboolean
drt_wire_endpoints_contain (const DrtWireEndpoints *endpoints, const DrtEndpoint *endpoint)
{
  guint8 wanted[DRT_WIRE_ENDPOINT_SIZE];

  drt_wire_endpoint_put (wanted, endpoint);

  for (guint i = 0; i < endpoints->n_endpoints; i++)
    if (memcmp (&endpoints->endpoints[i * DRT_WIRE_ENDPOINT_SIZE], wanted, sizeof wanted) == 0)
      return TRUE;

  return FALSE;
}

/**
 * drt_wire_endpoint_put:
 * @bytes: (out): where to write an IPV6_ENDPOINT
 * @endpoint: an endpoint
 *
 * Encodes an IPV6_ENDPOINT ([MC-DRT] §2.2.3.4), to make up a list.
 */
void
drt_wire_endpoint_put (guint8 bytes[DRT_WIRE_ENDPOINT_SIZE], const DrtEndpoint *endpoint)
{
  DrtWriter writer;

  drt_writer_init (&writer, bytes, DRT_WIRE_ENDPOINT_SIZE);
  drt_writer_u16 (&writer, endpoint->port);
  drt_writer_put (&writer, &endpoint->address, ADDRESS_SIZE);
}

/**
 * drt_wire_keys_get:
 * @keys: a decoded list
 * @i: which key, below its n_keys
 * @key: (out): the key
 *
 * Takes a key from a list.
 */
void
drt_wire_keys_get (const DrtWireKeys *keys, guint i, DrtKey *key)
{
  g_assert (i < keys->n_keys);

  drt_key_from_bytes (key, &keys->keys[(gsize) i * DRT_KEY_SIZE]);
}

/* Moves past field @id and puts a cursor of its own over its data. */
static gboolean
open_field (DrtCursor *cursor, DrtFieldId id, DrtCursor *data)
{
  DrtSpan span;

  if (!drt_field_read_span (cursor, id, &span))
    return FALSE;

  drt_cursor_init (data, span.data, span.length);
  return TRUE;
}

/* Ends such a cursor; what is short there is the field, not the message. */
static void
close_field (DrtCursor *cursor, const DrtCursor *data)
{
  drt_cursor_fail (cursor, data->result == DRT_DECODE_TRUNCATED ? DRT_DECODE_BAD_LENGTH : data->result);
}

/**
 * drt_field_read_key:
 * @cursor: a cursor
 * @id: the field that has to stand here
 * @key: (out): the key; untouched on failure
 *
 * Reads a field that holds one key.
 */
void
drt_field_read_key (DrtCursor *cursor, DrtFieldId id, DrtKey *key)
{
  drt_field_read_bytes (cursor, id, key->b, DRT_KEY_SIZE);
}

/**
 * drt_field_read_keys:
 * @cursor: a cursor
 * @keys: (out): the list, borrowed; not to be used on failure
 *
 * Reads a DRT_ID_ARRAY, which has to stand here.
 */
void
drt_field_read_keys (DrtCursor *cursor, DrtWireKeys *keys)
{
  DrtCursor data;

  if (!open_field (cursor, DRT_FIELD_DRT_ID_ARRAY, &data))
    return;

  /* No Length holds more than DRT_MAX_ID_LIST keys, so the sizes rule it out. */
  keys->keys = read_array (&data, DRT_FIELD_DRT_ID, DRT_KEY_SIZE, &keys->n_keys);
  close_field (cursor, &data);
}

/**
 * drt_field_read_endpoints:
 * @cursor: a cursor
 * @minimum: how many endpoints there have to be at least
 * @endpoints: (out): the list, borrowed; not to be used on failure
 *
 * Reads an IPV6_ENDPOINT_ARRAY (§2.2.3.5), which has to stand here.
 */
void
drt_field_read_endpoints (DrtCursor *cursor, guint minimum, DrtWireEndpoints *endpoints)
{
  DrtCursor data;

  if (!open_field (cursor, DRT_FIELD_IPV6_ENDPOINT_ARRAY, &data))
    return;

  read_endpoints (&data, minimum, endpoints);
  close_field (cursor, &data);
}

/**
 * drt_field_read_classifier:
 * @cursor: a cursor
 * @characters: (out): the UTF-16 characters, big-endian, borrowed; not to be used on
 *   failure
 *
 * Reads a clear CLASSIFIER, a FIELD_ARRAY of WCHAR, which has to stand here.
 */
void
drt_field_read_classifier (DrtCursor *cursor, DrtSpan *characters)
{
  DrtCursor data;
  guint16 n;

  if (!open_field (cursor, DRT_FIELD_CLASSIFIER, &data))
    return;

  characters->data = read_array (&data, DRT_FIELD_WCHAR, CHARACTER_SIZE, &n);
  characters->length = (gsize) n * CHARACTER_SIZE;
  close_field (cursor, &data);
}

/**
 * drt_field_read_optional_entry:
 * @cursor: a cursor
 * @entry: (out): the entry, its addresses borrowed
 *
 * Reads a clear ROUTING_ENTRY if it is there.
 *
 * Returns: whether it is
 */
gboolean
drt_field_read_optional_entry (DrtCursor *cursor, DrtWireEntry *entry)
{
  DrtSpan span;

  if (drt_field_peek (cursor) != DRT_FIELD_ROUTING_ENTRY)
    return FALSE;

  if (!drt_field_read_span (cursor, DRT_FIELD_ROUTING_ENTRY, &span))
    return FALSE;

  drt_cursor_fail (cursor, drt_wire_entry_decode (span.data, span.length, entry));

  return drt_cursor_ok (cursor);
}

/**
 * drt_field_read_optional_proof:
 * @cursor: a cursor
 * @proof: (out): what proves membership, borrowed; absent when it is not there
 *
 * Reads CREDENTIAL, SIGNATURE and KEY_IDENTIFIER: all of them or none.
 */
void
drt_field_read_optional_proof (DrtCursor *cursor, DrtWireProof *proof)
{
  if (drt_field_peek (cursor) != DRT_FIELD_CREDENTIAL)
    return;

  proof->before = (DrtSpan) { cursor->bytes, cursor->offset };
  drt_field_read_span (cursor, DRT_FIELD_CREDENTIAL, &proof->credential);
  drt_field_read_span (cursor, DRT_FIELD_SIGNATURE, &proof->signature);
  drt_field_read_span (cursor, DRT_FIELD_KEY_IDENTIFIER, &proof->key_identifier);
}

/**
 * drt_field_write_key:
 * @writer: a writer
 * @id: a field
 * @key: a key
 *
 * Writes a field that holds one key.
 */
void
drt_field_write_key (DrtWriter *writer, DrtFieldId id, const DrtKey *key)
{
  drt_field_write_bytes (writer, id, key->b, DRT_KEY_SIZE);
}

/**
 * drt_field_write_keys:
 * @writer: a writer
 * @keys: a list of keys
 *
 * Writes a DRT_ID_ARRAY.  Fails when the list is too long for a Length.
 */
void
drt_field_write_keys (DrtWriter *writer, const DrtWireKeys *keys)
{
  drt_field_begin (writer, DRT_FIELD_DRT_ID_ARRAY, ARRAY_HEAD + (gsize) keys->n_keys * DRT_KEY_SIZE);
  write_array (writer, DRT_FIELD_DRT_ID, DRT_KEY_SIZE, keys->n_keys, keys->keys);
}

/**
 * drt_field_write_endpoints:
 * @writer: a writer
 * @minimum: how many endpoints there have to be at least
 * @endpoints: a list of endpoints
 *
 * Writes an IPV6_ENDPOINT_ARRAY.  Fails when there are less than @minimum or
 * more than DRT_MAX_PATH endpoints.
 */
void
drt_field_write_endpoints (DrtWriter *writer, guint minimum, const DrtWireEndpoints *endpoints)
{
  if (endpoints->n_endpoints < minimum)
    drt_writer_fail (writer);

  drt_field_begin (writer, DRT_FIELD_IPV6_ENDPOINT_ARRAY,
                   ARRAY_HEAD + (gsize) endpoints->n_endpoints * DRT_WIRE_ENDPOINT_SIZE);
  write_endpoints (writer, endpoints);
}

/**
 * drt_field_write_classifier:
 * @writer: a writer
 * @characters: UTF-16 characters, big-endian
 *
 * Writes a clear CLASSIFIER.  Fails when there is half a character or too many.
 */
void
drt_field_write_classifier (DrtWriter *writer, const DrtSpan *characters)
{
  if (characters->length % CHARACTER_SIZE != 0 ||
      characters->length > DRT_FIELD_DATA_MAX - ARRAY_HEAD)
    {
      drt_writer_fail (writer);
      return;
    }

  drt_field_begin (writer, DRT_FIELD_CLASSIFIER, ARRAY_HEAD + characters->length);
  write_array (writer, DRT_FIELD_WCHAR, CHARACTER_SIZE,
               characters->length / CHARACTER_SIZE, characters->data);
}

/**
 * drt_field_write_entry:
 * @writer: a writer
 * @entry: a route entry
 *
 * Writes a clear ROUTING_ENTRY.  Fails when the port or the number of addresses
 * is out of range.
 */
void
drt_field_write_entry (DrtWriter *writer, const DrtWireEntry *entry)
{
  drt_field_begin (writer, DRT_FIELD_ROUTING_ENTRY,
                   ENTRY_HEAD + (gsize) entry->n_addresses * ADDRESS_SIZE);
  write_entry (writer, entry);
}

/**
 * drt_field_write_optional_proof:
 * @writer: a writer
 * @proof: what proves membership
 *
 * Writes CREDENTIAL, SIGNATURE and KEY_IDENTIFIER, or nothing when all are
 * absent.  Fails when some are.
 */
void
drt_field_write_optional_proof (DrtWriter *writer, const DrtWireProof *proof)
{
  if (!DRT_SPAN_PRESENT (proof->credential) &&
      !DRT_SPAN_PRESENT (proof->signature) &&
      !DRT_SPAN_PRESENT (proof->key_identifier))
    return;

  drt_field_write_span (writer, DRT_FIELD_CREDENTIAL, &proof->credential);
  drt_field_write_span (writer, DRT_FIELD_SIGNATURE, &proof->signature);
  drt_field_write_span (writer, DRT_FIELD_KEY_IDENTIFIER, &proof->key_identifier);
}
