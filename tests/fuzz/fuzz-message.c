/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fuzz.h"
#include "wire-testing.h"

#include <string.h>

/* A datagram: whatever decodes says the same after it was encoded again. */

int
LLVMFuzzerTestOneInput (const guint8 *bytes,
                        gsize         length)
{
  static guint8 room[DRT_MESSAGE_MAX], again[DRT_MESSAGE_MAX];
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;
  g_autofree guint8 *exact = NULL;
  DrtMessage message, decoded;
  gsize size;

  if (length > DRT_MESSAGE_MAX || drt_message_decode (bytes, length, &message) != DRT_DECODE_OK)
    return 0;
  text = wire_describe_message (&message);
  size = drt_message_encode (&message, room, sizeof room);
  fuzz_check (size > 0);

  exact = wire_exact_copy (room, size);
  fuzz_check (drt_message_decode (exact, size, &decoded) == DRT_DECODE_OK);
  text_again = wire_describe_message (&decoded);
  fuzz_check (strcmp (text, text_again) == 0);
  fuzz_check (drt_message_encode (&decoded, again, sizeof again) == size && memcmp (again, room, size) == 0);
  /* What a proof covers is the same for who sends and who receives. */
  if (drt_message_get_proof (&decoded) != NULL && DRT_SPAN_PRESENT (drt_message_get_proof (&decoded)->credential))
    {
      static guint8 covered[DRT_MESSAGE_MAX];
      gsize n = drt_message_covered_size (&decoded);

      fuzz_check (drt_message_copy_covered (&decoded, covered, sizeof covered) == n);
      fuzz_check (drt_message_encode_covered (&message, again, sizeof again) == n && memcmp (again, covered, n) == 0);
    }
  /* Room is needed for all of it. */
  fuzz_check (drt_message_encode (&decoded, again, size - 1) == 0);
  return 0;
}
