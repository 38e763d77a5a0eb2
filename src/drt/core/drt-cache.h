/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-entry.h"

G_BEGIN_DECLS

/* Beyond the leaf sets the cache keeps this many entries at the most, however many
 * keys its node has. */
#define DRT_CACHE_SIZE 512

/**
 * DrtCache:
 *
 * The Route Entry Cache ([MC-DRT] §3.2.1.1): entries of other nodes' keys,
 * sorted by key, so that the ring's neighbours are the array's neighbours.
 */
typedef struct
{
  GPtrArray *entries;   /* of DrtEntry, ascending by key */
} DrtCache;

void      drt_cache_init        (DrtCache *cache);
void      drt_cache_clear       (DrtCache *cache);
guint     drt_cache_get_size    (const DrtCache *cache);
DrtEntry *drt_cache_get         (const DrtCache *cache, guint i);
DrtEntry *drt_cache_find        (const DrtCache *cache, const DrtKey *key);
guint     drt_cache_lower_bound (const DrtCache *cache, const DrtKey *key);

/* Walking the ring: the n-th entry (from 0) going up or down from @key,
 * without one for @key itself; NULL when there are not that many. */
DrtEntry *drt_cache_above       (const DrtCache *cache, const DrtKey *key, guint n);
DrtEntry *drt_cache_below       (const DrtCache *cache, const DrtKey *key, guint n);

typedef gboolean (*DrtEntryFilter) (const DrtEntry *entry, gconstpointer data);

/* Up to @max entries that pass @filter, nearest to @target first. */
guint     drt_cache_nearest     (const DrtCache *cache, const DrtKey *target,
                                 DrtEntryFilter filter, gconstpointer data,
                                 DrtEntry **found, guint max);

guint     drt_cache_nearest_within (const DrtCache *cache, const DrtKey *target, const DrtKey *limit,
                                    DrtEntryFilter filter, gconstpointer data,
                                    DrtEntry **found, guint max);

/* Takes @entry; an entry of the same key is replaced. */
void      drt_cache_insert      (DrtCache *cache, DrtEntry *entry);
DrtEntry *drt_cache_steal       (DrtCache *cache, const DrtKey *key);

/* The entry that is least missed: the one whose neighbours on the ring are
 * nearest to each other, among those that pass @may_go. */
DrtEntry *drt_cache_find_surplus (const DrtCache *cache, DrtEntryFilter may_go, gconstpointer data);

G_END_DECLS
