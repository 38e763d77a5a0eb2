/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-structures.h"
#include "fuzz.h"
#include "wire-testing.h"

#include <string.h>

/* The structures of [MC-DRT] §2.2.3 on their own; the first byte says which. */

static guint8 room[DRT_MESSAGE_MAX];

static void
fuzz_entry (const guint8 *bytes,
            gsize         length)
{
  DrtWireEntry entry, again;
  gsize size;

  if (drt_wire_entry_decode (bytes, length, &entry) != DRT_DECODE_OK)
    return;
  size = drt_wire_entry_encode (&entry, room, sizeof room);
  fuzz_check (size == length);
  fuzz_check (drt_wire_entry_decode (room, size, &again) == DRT_DECODE_OK);
  fuzz_check (again.n_addresses == entry.n_addresses && drt_key_equal (&again.key, &entry.key));
  for (guint i = 0; i < entry.n_addresses; i++)
    {
      DrtEndpoint endpoint, endpoint_again;

      drt_wire_entry_get_endpoint (&entry, i, &endpoint);
      drt_wire_entry_get_endpoint (&again, i, &endpoint_again);
      fuzz_check (drt_endpoint_equal (&endpoint, &endpoint_again) && endpoint.port >= DRT_MIN_PORT);
    }
}

static void
fuzz_endpoints (const guint8 *bytes,
                gsize         length,
                guint         minimum)
{
  DrtWireEndpoints list;

  if (drt_wire_endpoints_decode (bytes, length, minimum, &list) != DRT_DECODE_OK)
    return;
  fuzz_check (list.n_endpoints >= minimum && list.n_endpoints <= DRT_MAX_PATH);
  fuzz_check (drt_wire_endpoints_encode (&list, room, sizeof room) == length && memcmp (room, bytes, length) == 0);
  for (guint i = 0; i < list.n_endpoints; i++)
    {
      DrtEndpoint endpoint;

      drt_wire_endpoints_get (&list, i, &endpoint);
      fuzz_check (drt_wire_endpoints_contain (&list, &endpoint));
    }
}

static void
fuzz_keys (const guint8 *bytes,
           gsize         length)
{
  DrtWireKeys keys;
  DrtCursor cursor;
  DrtWriter writer;

  drt_cursor_init (&cursor, bytes, length);
  drt_field_read_keys (&cursor, &keys);
  if (!drt_cursor_ok (&cursor))
    return;
  for (guint i = 0; i < keys.n_keys; i++)
    {
      DrtKey key;

      drt_wire_keys_get (&keys, i, &key);
      fuzz_check (memcmp (key.b, keys.keys + i * DRT_KEY_SIZE, DRT_KEY_SIZE) == 0);
    }
  drt_writer_init (&writer, room, sizeof room);
  drt_field_write_keys (&writer, &keys);
  fuzz_check (drt_writer_finish (&writer) == 12 + (gsize) keys.n_keys * DRT_KEY_SIZE);
}

static void
fuzz_classifier (const guint8 *bytes,
                 gsize         length)
{
  DrtSpan characters, again;
  DrtCursor cursor;
  DrtWriter writer;
  gsize size;

  drt_cursor_init (&cursor, bytes, length);
  drt_field_read_classifier (&cursor, &characters);
  if (!drt_cursor_ok (&cursor))
    return;
  drt_writer_init (&writer, room, sizeof room);
  drt_field_write_classifier (&writer, &characters);
  size = drt_writer_finish (&writer);
  fuzz_check (size > 0);
  drt_cursor_init (&cursor, room, size);
  drt_field_read_classifier (&cursor, &again);
  fuzz_check (drt_cursor_ok (&cursor) && again.length == characters.length &&
              (again.length == 0 || memcmp (again.data, characters.data, again.length) == 0));
}

static void
fuzz_body (const guint8 *bytes,
           gsize         length)
{
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;
  DrtRequestBody body, again;
  gsize size;

  if (drt_request_body_decode (bytes, length, &body) != DRT_DECODE_OK)
    return;
  text = wire_describe_body (&body);
  size = drt_request_body_encode (&body, room, sizeof room);
  fuzz_check (size > 0 || length > DRT_REASSEMBLED_MAX - 32);
  if (size == 0)
    return;
  fuzz_check (drt_request_body_decode (room, size, &again) == DRT_DECODE_OK);
  text_again = wire_describe_body (&again);
  fuzz_check (strcmp (text, text_again) == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes,
                        gsize         length)
{
  FuzzInput input = { bytes, length };
  guint which = fuzz_below (&input, 6);
  gsize size;
  g_autofree guint8 *rest = fuzz_dup (&input, DRT_REASSEMBLED_MAX, &size);

  switch (which)
    {
    case 0:
      fuzz_entry (rest, size);
      break;
    case 1:
    case 2:
      fuzz_endpoints (rest, size, which - 1);
      break;
    case 3:
      fuzz_keys (rest, size);
      break;
    case 4:
      fuzz_classifier (rest, size);
      break;
    default:
      fuzz_body (rest, size);
      break;
    }
  return 0;
}
