/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-object.h"

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
