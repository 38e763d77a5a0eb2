/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

/*
 * What a handle stands for: a counted reference.  Memory is asked for in a way
 * that may fail, so that a program gets E_OUTOFMEMORY instead of its end.
 */

G_BEGIN_DECLS

typedef struct
{
  gatomicrefcount ref_count;
  GDestroyNotify finalize;   /* frees what the object holds, not the object */
} DrtObject;

gpointer drt_try_alloc      (gsize size);
gpointer drt_try_copy       (gconstpointer bytes, gsize size);
void     drt_alloc_fail     (int n_until_failure);

gpointer drt_object_new     (gsize size, GDestroyNotify finalize);
gpointer drt_object_ref     (gpointer object);
void     drt_object_unref   (gpointer object);

G_END_DECLS
