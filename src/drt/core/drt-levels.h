/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-leaf-set.h"

G_BEGIN_DECLS

#define DRT_LEVEL_KEYS     20   /* in a level, at the most ([MC-DRT] Appendix <4>) */
#define DRT_LEVEL_KEYS_MIN 4    /* of a node with very many keys */

/**
 * DrtLevels:
 *
 * The levels of the cache around one key ([MC-DRT] §3.2.1.1, Appendix <4>).
 * Level 0 is the whole ring; each next level is the tenth of the one above in
 * whose middle the anchor lies; the leaf set is what they end at.  A level is
 * divided into @n_keys slots of equal width, so that one entry in each makes
 * the entries evenly spread: that with the least cost, which is the distance
 * from the middle of the slot less a premium for being near on the network.  Of a
 * full level no host has more than a fourth, as long as there are others.
 *
 * A key belongs to the finest level that reaches so far: the slots next to the
 * anchor are the next level's.  As DrtLeafSet this is but a view of the cache.
 */
typedef struct
{
  DrtKey anchor;
  guint first;           /* the coarsest level there is around this anchor */
  guint last;            /* the finest; G_MAXUINT: down to the leaf set */
  guint n_keys;          /* even */
  guint locality;        /* thousandths of a slot that 64 shared bits are worth */
} DrtLevels;

/* Where the next gap is looked for. */
typedef struct
{
  guint level;
  guint slot;
} DrtLevelsCursor;

/* An empty slot: its middle, and so many equal bits as lie within. */
typedef struct
{
  DrtKey middle;
  guint precision;
} DrtGap;

guint     drt_levels_get_level    (const DrtKey *anchor, const DrtKey *key);
gboolean  drt_levels_holds        (const DrtLevels *self, const DrtCache *cache, const DrtEntry *entry);
gboolean  drt_levels_is_alone     (const DrtLevels *self, const DrtCache *cache, const DrtEntry *entry);
DrtEntry *drt_levels_find_surplus (const DrtLevels *self, const DrtCache *cache, guint level,
                                   const DrtKey *come, DrtEntryFilter may_go, gconstpointer data);
gboolean  drt_levels_find_gap     (const DrtLevels *self, const DrtCache *cache, const DrtLeafSet *leaves,
                                   DrtLevelsCursor *cursor, DrtGap *gap);

G_END_DECLS
