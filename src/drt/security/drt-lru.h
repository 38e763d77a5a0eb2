/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

/*
 * A bounded table: what was not asked for longest makes room.  Keys are blocks of
 * one size, values belong to the table.
 */

G_BEGIN_DECLS

typedef struct _DrtLru DrtLru;

typedef struct
{
  GList link;
  gpointer value;
  gsize size;
  guint8 key[];
} DrtLruEntry;

DrtLru  *drt_lru_new    (gsize key_size, guint max_entries, gsize max_size, GFunc removed, gpointer data);
void     drt_lru_free   (DrtLru *self);

gpointer drt_lru_find   (DrtLru *self, const guint8 *key);
void     drt_lru_insert (DrtLru *self, const guint8 *key, gpointer value, gsize size);
void     drt_lru_remove (DrtLru *self, DrtLruEntry *entry);
void     drt_lru_clear  (DrtLru *self);
/* The entries, the one asked for last first; link.data is the DrtLruEntry. */
GList   *drt_lru_peek   (DrtLru *self);
guint    drt_lru_length (DrtLru *self);

G_END_DECLS
