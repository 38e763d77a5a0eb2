/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-alloc.h"

#include <string.h>

static _Thread_local int until_failure = -1;
static _Thread_local gboolean for_good;
static _Thread_local guint n_allocations;

/**
 * drt_alloc_fail:
 * @n_until_failure: how many allocations of this thread succeed before one fails;
 *   -1: none fails
 *
 * For tests: one failure, then memory is there again.
 */
void
drt_alloc_fail (int n_until_failure)
{
  until_failure = n_until_failure;
  for_good = FALSE;
}

/**
 * drt_alloc_fail_after:
 * @n_until_failure: how many allocations of this thread succeed before all fail
 *
 * For tests: the end of all memory, until drt_alloc_fail (-1).
 */
void
drt_alloc_fail_after (int n_until_failure)
{
  until_failure = n_until_failure;
  for_good = TRUE;
}

/**
 * drt_alloc_count:
 *
 * Returns: how many allocations this thread has asked for so far
 */
guint
drt_alloc_count (void)
{
  return n_allocations;
}

static gboolean
must_fail (void)
{
  n_allocations++;
  if (G_LIKELY (until_failure < 0))
    return FALSE;
  if (until_failure > 0)
    {
      until_failure--;
      return FALSE;
    }
  if (!for_good)
    until_failure = -1;
  return TRUE;
}

/**
 * drt_try_malloc:
 * @size: bytes
 *
 * Returns: (nullable): memory of any content, as drt_try_alloc()
 */
gpointer
drt_try_malloc (gsize size)
{
  return must_fail () ? NULL : g_try_malloc (MAX (size, 1));
}

/**
 * drt_try_alloc:
 * @size: bytes; 0 gives memory too
 *
 * Returns: (nullable): zeroed memory, to be freed with g_free(); NULL when there
 *   is none
 */
gpointer
drt_try_alloc (gsize size)
{
  return must_fail () ? NULL : g_try_malloc0 (MAX (size, 1));
}

/**
 * drt_try_copy:
 * @bytes: (nullable): what to copy; may be NULL when @size is 0
 * @size: bytes
 *
 * Returns: (nullable): a copy, to be freed with g_free(); NULL when there is no
 *   memory
 */
gpointer
drt_try_copy (gconstpointer bytes,
              gsize         size)
{
  gpointer copy = drt_try_alloc (size);

  if (copy != NULL && size > 0)
    memcpy (copy, bytes, size);
  return copy;
}
