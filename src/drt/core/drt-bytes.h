/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* g_bytes_new() for a size that others decide: NULL when there is no memory. */
static inline GBytes *
drt_bytes_try_new (gconstpointer bytes,
                   gsize         length)
{
  guint8 *copy = g_try_malloc (MAX (length, 1));

  if (copy == NULL)
    return NULL;
  if (length > 0)
    memcpy (copy, bytes, length);
  return g_bytes_new_take (copy, length);
}

G_END_DECLS
