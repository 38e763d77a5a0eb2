/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-alloc.h"

/*
 * What a handle stands for: a counted reference.
 */

G_BEGIN_DECLS

typedef struct
{
  gatomicrefcount ref_count;
  GDestroyNotify finalize;   /* frees what the object holds, not the object */
} DrtObject;

gpointer drt_object_new     (gsize size, GDestroyNotify finalize);
gpointer drt_object_ref     (gpointer object);
void     drt_object_unref   (gpointer object);

G_END_DECLS
