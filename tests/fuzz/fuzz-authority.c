/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fuzz.h"
#include "wire-testing.h"

#include <string.h>

/* An AUTHORITY_BUFFER, put together from its fragments. */

int
LLVMFuzzerTestOneInput (const guint8 *bytes,
                        gsize         length)
{
  static guint8 room[DRT_REASSEMBLED_MAX], again[DRT_REASSEMBLED_MAX];
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;
  g_autofree guint8 *exact = NULL;
  DrtAuthorityBuffer buffer, decoded;
  gsize size;

  if (length > DRT_REASSEMBLED_MAX || drt_authority_buffer_decode (bytes, length, &buffer) != DRT_DECODE_OK)
    return 0;
  text = wire_describe_buffer (&buffer);
  size = drt_authority_buffer_encode (&buffer, room, sizeof room);
  /* Padding that was left out may be what makes it too long. */
  fuzz_check (size > 0 || length > DRT_REASSEMBLED_MAX - 32);
  if (size == 0)
    return 0;

  exact = wire_exact_copy (room, size);
  fuzz_check (drt_authority_buffer_decode (exact, size, &decoded) == DRT_DECODE_OK);
  text_again = wire_describe_buffer (&decoded);
  fuzz_check (strcmp (text, text_again) == 0);
  fuzz_check (drt_authority_buffer_encode (&decoded, again, sizeof again) == size && memcmp (again, room, size) == 0);
  return 0;
}
