/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-lru.h"

#include <string.h>

struct _DrtLru
{
  GHashTable *entries;        /* itself -> itself, by key */
  GQueue order;
  gsize key_size;
  guint max_entries;
  gsize max_size;
  gsize size;
  GFunc removed;
  gpointer data;
};

/* Keys begin with digests or with public keys: any four bytes are as good as all. */
static guint
hash_key (gconstpointer key)
{
  guint hash;

  memcpy (&hash, key, sizeof hash);
  return hash;
}

static gboolean
keys_32_equal (gconstpointer a,
               gconstpointer b)
{
  return memcmp (a, b, 32) == 0;
}

static gboolean
keys_64_equal (gconstpointer a,
               gconstpointer b)
{
  return memcmp (a, b, 64) == 0;
}

/**
 * drt_lru_new:
 * @key_size: 32 or 64 bytes
 * @max_entries: at most this many values
 * @max_size: and no more of what they are said to weigh
 * @removed: called with each value that leaves, however it does
 * @data: for @removed
 */
DrtLru *
drt_lru_new (gsize    key_size,
             guint    max_entries,
             gsize    max_size,
             GFunc    removed,
             gpointer data)
{
  DrtLru *self = g_new0 (DrtLru, 1);

  g_assert (key_size == 32 || key_size == 64);
  self->entries = g_hash_table_new (hash_key, key_size == 32 ? keys_32_equal : keys_64_equal);
  g_queue_init (&self->order);
  self->key_size = key_size;
  self->max_entries = max_entries;
  self->max_size = max_size;
  self->removed = removed;
  self->data = data;
  return self;
}

void
drt_lru_free (DrtLru *self)
{
  if (self == NULL)
    return;
  drt_lru_clear (self);
  g_hash_table_unref (self->entries);
  g_free (self);
}

/* The value, which now is the last to leave; NULL: there is none. */
gpointer
drt_lru_find (DrtLru       *self,
              const guint8 *key)
{
  guint8 *found = g_hash_table_lookup (self->entries, key);
  DrtLruEntry *entry;

  if (found == NULL)
    return NULL;
  entry = (DrtLruEntry *) (found - offsetof (DrtLruEntry, key));
  g_queue_unlink (&self->order, &entry->link);
  g_queue_push_head_link (&self->order, &entry->link);
  return entry->value;
}

/**
 * drt_lru_insert:
 * @key: which must not be there
 * @value: (transfer full):
 * @size: what it weighs
 */
void
drt_lru_insert (DrtLru       *self,
                const guint8 *key,
                gpointer      value,
                gsize         size)
{
  DrtLruEntry *entry = g_malloc0 (sizeof *entry + self->key_size);

  while (self->order.length > 0 && (self->order.length >= self->max_entries || self->size + size > self->max_size))
    drt_lru_remove (self, g_queue_peek_tail (&self->order));

  memcpy (entry->key, key, self->key_size);
  entry->link.data = entry;
  entry->value = value;
  entry->size = size;
  self->size += size;
  g_queue_push_head_link (&self->order, &entry->link);
  g_hash_table_insert (self->entries, entry->key, entry->key);
}

void
drt_lru_remove (DrtLru      *self,
                DrtLruEntry *entry)
{
  g_hash_table_remove (self->entries, entry->key);
  g_queue_unlink (&self->order, &entry->link);
  self->size -= entry->size;
  self->removed (entry->value, self->data);
  g_free (entry);
}

void
drt_lru_clear (DrtLru *self)
{
  while (self->order.length > 0)
    drt_lru_remove (self, g_queue_peek_tail (&self->order));
}

GList *
drt_lru_peek (DrtLru *self)
{
  return self->order.head;
}

guint
drt_lru_length (DrtLru *self)
{
  return self->order.length;
}
