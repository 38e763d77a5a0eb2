/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

/*
 * Memory that is asked for in a way that may fail: wherever the size comes from
 * outside, or drt.h promises E_OUTOFMEMORY.  Not installed; for every room but
 * wire/, which allocates nothing.
 */

G_BEGIN_DECLS

gpointer drt_try_alloc  (gsize size);   /* zeroed */
gpointer drt_try_malloc (gsize size);   /* not */
gpointer drt_try_copy   (gconstpointer bytes, gsize size);

/* For tests, of the calling thread. */
void     drt_alloc_fail       (int n_until_failure);
void     drt_alloc_fail_after (int n_until_failure);
guint    drt_alloc_count      (void);

G_END_DECLS
