/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <stdio.h>
#include <string.h>

#include "drt-message.h"

#include "../unit/wire-vectors.h"

/*
 * What the dissector is held against.
 *
 *   wire-oracle vectors   prints each vector of wire-vectors.h: NAME HEX
 *   wire-oracle           says of each line of hex what the codec makes of it,
 *                         and of the AUTHORITY_BUFFER in it if it holds a whole one
 */

#define VECTOR(name) { #name, name }

static const struct
{
  const char *name;
  const char *hex;
} vectors[] = {
  VECTOR (SOLICIT_BARE), VECTOR (SOLICIT_ENTRY), VECTOR (ADVERTISE_EMPTY), VECTOR (ADVERTISE_TWO),
  VECTOR (REQUEST_RESOLVE), VECTOR (REQUEST_MEMBER), VECTOR (REQUEST_FRAGMENT), VECTOR (FLOOD_FULL),
  VECTOR (FLOOD_ENTRY), VECTOR (FLOOD_SEALED), VECTOR (INQUIRE_BARE), VECTOR (INQUIRE_FULL),
  VECTOR (AUTHORITY_WHOLE), VECTOR (AUTHORITY_LAST), VECTOR (ACK_PLAIN), VECTOR (ACK_NOT_FOUND),
  VECTOR (LOOKUP_BARE), VECTOR (LOOKUP_FULL), VECTOR (LOOKUP_SEALED),
  VECTOR (BUFFER_FLAGS), VECTOR (BUFFER_FULL), VECTOR (BUFFER_SEALED),
  VECTOR (SOLICIT_MEMBER), VECTOR (FLOOD_MEMBER), VECTOR (FLOOD_SEALED_MEMBER),
};

static GByteArray *
parse_hex (const char *line)
{
  GByteArray *bytes = g_byte_array_new ();

  for (; g_ascii_isxdigit (line[0]) && g_ascii_isxdigit (line[1]); line += 2)
    {
      guint8 byte = g_ascii_xdigit_value (line[0]) << 4 | g_ascii_xdigit_value (line[1]);

      g_byte_array_append (bytes, &byte, 1);
    }
  return bytes;
}

static void
judge (const char *line)
{
  g_autoptr (GByteArray) bytes = parse_hex (line);
  DrtDecodeResult buffer_result = DRT_DECODE_OK;
  DrtMessage message;
  DrtDecodeResult result = drt_message_decode (bytes->data, bytes->len, &message);

  if (result == DRT_DECODE_OK && message.type == DRT_MESSAGE_AUTHORITY
      && message.authority.fragment.length == message.authority.size)
    {
      DrtAuthorityBuffer buffer;

      buffer_result = drt_authority_buffer_decode (message.authority.fragment.data, message.authority.size, &buffer);
    }
  printf ("%s %s\n", drt_decode_result_to_string (result), drt_decode_result_to_string (buffer_result));
}

int
main (int    argc,
      char **argv)
{
  char line[4096];

  if (argc > 1 && g_str_equal (argv[1], "vectors"))
    {
      for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
        printf ("%s %s\n", vectors[i].name, vectors[i].hex);
      return 0;
    }
  while (fgets (line, sizeof line, stdin) != NULL)
    judge (line);
  return 0;
}
