/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-object.h"

#include <string.h>

static _Thread_local int until_failure = -1;

/* For tests: of this thread's allocations the one after @n_until_failure others
 * fails; -1: none. */
void
drt_alloc_fail (int n_until_failure)
{
  until_failure = n_until_failure;
}

static gboolean
must_fail (void)
{
  return G_UNLIKELY (until_failure >= 0) && until_failure-- == 0;
}

/* Zeroed; g_free() it. */
gpointer
drt_try_alloc (gsize size)
{
  return must_fail () ? NULL : g_try_malloc0 (MAX (size, 1));
}

gpointer
drt_try_copy (gconstpointer bytes,
              gsize         size)
{
  gpointer copy = drt_try_alloc (size);

  if (copy != NULL && size > 0)
    memcpy (copy, bytes, size);
  return copy;
}

/**
 * drt_object_new:
 * @size: of the structure, whose first member is a DrtObject
 * @finalize: called with the last reference
 *
 * Returns: (nullable): a zeroed object with one reference; NULL when there is no
 *   memory
 */
gpointer
drt_object_new (gsize          size,
                GDestroyNotify finalize)
{
  DrtObject *object = drt_try_alloc (size);

  if (object == NULL)
    return NULL;
  g_atomic_ref_count_init (&object->ref_count);
  object->finalize = finalize;
  return object;
}

gpointer
drt_object_ref (gpointer object)
{
  g_atomic_ref_count_inc (&((DrtObject *) object)->ref_count);
  return object;
}

void
drt_object_unref (gpointer object)
{
  DrtObject *self = object;

  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  self->finalize (self);
  g_free (self);
}
