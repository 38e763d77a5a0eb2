/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-cache.h"

void
drt_cache_init (DrtCache *cache)
{
  cache->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_entry_free);
}

void
drt_cache_clear (DrtCache *cache)
{
  g_clear_pointer (&cache->entries, g_ptr_array_unref);
}

guint
drt_cache_get_size (const DrtCache *cache)
{
  return cache->entries->len;
}

DrtEntry *
drt_cache_get (const DrtCache *cache,
               guint           i)
{
  return g_ptr_array_index (cache->entries, i);
}

/**
 * drt_cache_lower_bound:
 * @cache: a cache
 * @key: any key
 *
 * Returns: the index of the first entry whose key is not less than @key; the
 *   number of entries when there is none
 */
guint
drt_cache_lower_bound (const DrtCache *cache,
                       const DrtKey   *key)
{
  guint low = 0, high = cache->entries->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (drt_key_compare (&drt_cache_get (cache, middle)->key, key) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

DrtEntry *
drt_cache_find (const DrtCache *cache,
                const DrtKey   *key)
{
  guint i = drt_cache_lower_bound (cache, key);

  if (i < cache->entries->len && drt_key_equal (&drt_cache_get (cache, i)->key, key))
    return drt_cache_get (cache, i);
  return NULL;
}

DrtEntry *
drt_cache_above (const DrtCache *cache,
                 const DrtKey   *key,
                 guint           n)
{
  guint size = cache->entries->len;
  guint i = drt_cache_lower_bound (cache, key);
  gboolean present = i < size && drt_key_equal (&drt_cache_get (cache, i)->key, key);

  if (n >= size - present)
    return NULL;
  return drt_cache_get (cache, (i + present + n) % size);
}

DrtEntry *
drt_cache_below (const DrtCache *cache,
                 const DrtKey   *key,
                 guint           n)
{
  guint size = cache->entries->len;
  guint i = drt_cache_lower_bound (cache, key);
  gboolean present = i < size && drt_key_equal (&drt_cache_get (cache, i)->key, key);

  if (n >= size - present)
    return NULL;
  return drt_cache_get (cache, (i + size - 1 - n) % size);
}

/**
 * drt_cache_nearest_within:
 * @cache: a cache
 * @target: any key
 * @limit: (nullable): only entries nearer to @target than this key
 * @filter: (nullable): which entries count
 * @data: for @filter
 * @found: (out): room for @max entries, borrowed
 * @max: how many are wanted
 *
 * Walks away from @target on both sides at once, so that the cost is that of
 * the entries passed over and no more.
 *
 * Returns: how many were found, nearest first
 */
guint
drt_cache_nearest_within (const DrtCache *cache,
                          const DrtKey   *target,
                          const DrtKey   *limit,
                          DrtEntryFilter  filter,
                          gconstpointer   data,
                          DrtEntry      **found,
                          guint           max)
{
  guint size = cache->entries->len;
  guint up, down, n = 0;

  if (size == 0)
    return 0;

  up = drt_cache_lower_bound (cache, target) % size;
  down = (up + size - 1) % size;
  for (guint seen = 0; seen < size && n < max; seen++)
    {
      DrtEntry *above = drt_cache_get (cache, up);
      DrtEntry *below = drt_cache_get (cache, down);
      DrtEntry *entry;

      if (drt_key_compare_distance (target, &above->key, &below->key) <= 0)
        {
          entry = above;
          up = (up + 1) % size;
        }
      else
        {
          entry = below;
          down = (down + size - 1) % size;
        }
      if (limit != NULL && drt_key_compare_distance (target, &entry->key, limit) >= 0)
        break;
      if (filter == NULL || filter (entry, data))
        found[n++] = entry;
    }
  return n;
}

guint
drt_cache_nearest (const DrtCache *cache,
                   const DrtKey   *target,
                   DrtEntryFilter  filter,
                   gconstpointer   data,
                   DrtEntry      **found,
                   guint           max)
{
  return drt_cache_nearest_within (cache, target, NULL, filter, data, found, max);
}

void
drt_cache_insert (DrtCache *cache,
                  DrtEntry *entry)
{
  guint i = drt_cache_lower_bound (cache, &entry->key);

  if (i < cache->entries->len && drt_key_equal (&drt_cache_get (cache, i)->key, &entry->key))
    {
      drt_entry_free (drt_cache_get (cache, i));
      cache->entries->pdata[i] = entry;
    }
  else
    {
      g_ptr_array_insert (cache->entries, (gint) i, entry);
    }
}

/**
 * drt_cache_steal:
 * @cache: a cache
 * @key: a key
 *
 * Returns: (transfer full) (nullable): the entry of @key, no longer cached
 */
DrtEntry *
drt_cache_steal (DrtCache     *cache,
                 const DrtKey *key)
{
  guint i = drt_cache_lower_bound (cache, key);

  if (i < cache->entries->len && drt_key_equal (&drt_cache_get (cache, i)->key, key))
    return g_ptr_array_steal_index (cache->entries, i);
  return NULL;
}

DrtEntry *
drt_cache_find_surplus (const DrtCache *cache,
                        DrtEntryFilter  may_go,
                        gconstpointer   data)
{
  guint size = cache->entries->len;
  DrtEntry *surplus = NULL;
  DrtKey smallest;

  for (guint i = 0; i < size; i++)
    {
      DrtEntry *entry = drt_cache_get (cache, i);
      DrtEntry *next = drt_cache_get (cache, (i + 1) % size);
      DrtEntry *previous = drt_cache_get (cache, (i + size - 1) % size);
      DrtKey gap;

      if (!may_go (entry, data))
        continue;
      drt_key_subtract (&gap, &next->key, &previous->key);
      if (surplus == NULL || drt_key_compare (&gap, &smallest) < 0)
        {
          surplus = entry;
          smallest = gap;
        }
    }
  return surplus;
}
