/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

guint8
fuzz_u8 (FuzzInput *input)
{
  if (input->left == 0)
    return 0;
  input->left--;
  return *input->at++;
}

guint16
fuzz_u16 (FuzzInput *input)
{
  guint16 high = fuzz_u8 (input);

  return (guint16) (high << 8 | fuzz_u8 (input));
}

guint32
fuzz_u32 (FuzzInput *input)
{
  guint32 high = fuzz_u16 (input);

  return high << 16 | fuzz_u16 (input);
}

/* A byte's worth of choice. */
guint
fuzz_below (FuzzInput *input,
            guint      limit)
{
  return fuzz_u8 (input) % limit;
}

gboolean
fuzz_flip (FuzzInput *input)
{
  return fuzz_u8 (input) & 1;
}

/* Borrowed; fewer than @wanted at the end of the input. */
const guint8 *
fuzz_bytes (FuzzInput *input,
            gsize      wanted,
            gsize     *length)
{
  const guint8 *bytes = input->at;

  *length = MIN (wanted, input->left);
  input->at += *length;
  input->left -= *length;
  return bytes;
}

/* A block of exactly their size, so that a sanitizer sees a byte read too many. */
guint8 *
fuzz_dup (FuzzInput *input,
          gsize      wanted,
          gsize     *length)
{
  const guint8 *bytes = fuzz_bytes (input, wanted, length);

  return *length > 0 ? g_memdup2 (bytes, *length) : g_malloc (1);
}

void
fuzz_fail (const char *where,
           const char *what)
{
  fprintf (stderr, "%s: not true: %s\n", where, what);
  abort ();
}
