/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-levels.h"

#include "drt-load.h"

#include <math.h>

#define SHRINK        10     /* each level is a tenth of the one above, Appendix <4> */
#define LEVEL_MAX     77     /* 2^256 has 78 digits */
#define LOCALITY_BITS 64     /* of one subnet: more says nothing of the distance */
#define HOST_SHARE    4      /* a host has a fourth of a full level at the most */
#define CROWD_COST    2.0    /* in widths of a slot: more than being off its middle, or farther away, costs */

/* Distances are in turns of the ring. */

static double
radius_of (guint level)
{
  return 0.5 * pow (SHRINK, -(double) level);
}

/* Where a key stands. */
typedef struct
{
  guint level;
  gboolean below;        /* the anchor */
  guint slot;            /* 0 is next to the anchor */
  double off;            /* the middle of the slot, in widths of it */
} Place;

static void
find_place (const DrtLevels *self,
            const DrtKey    *key,
            Place           *place)
{
  double radius = 0.5, distance, position;
  DrtKey way;

  drt_key_subtract (&way, key, &self->anchor);
  distance = drt_key_to_turn (&way);
  place->below = distance >= 0.5;
  if (place->below)
    {
      drt_key_subtract (&way, &self->anchor, key);
      distance = drt_key_to_turn (&way);
    }

  place->level = 0;
  while (place->level < MIN (self->last, LEVEL_MAX) && distance < radius / SHRINK)
    {
      place->level++;
      radius /= SHRINK;
    }
  position = distance / radius * (self->n_keys / 2);
  place->slot = MIN ((guint) position, self->n_keys / 2 - 1);
  place->off = fabs (position - place->slot - 0.5);
}


/* The level @key is in around @anchor, however few are cached. */
guint
drt_levels_get_level (const DrtKey *anchor,
                      const DrtKey *key)
{
  DrtLevels levels = { .anchor = *anchor, .last = G_MAXUINT, .n_keys = DRT_LEVEL_KEYS };
  Place place;

  find_place (&levels, key, &place);
  return place.level;
}

/* Entries that stand next to one another in the cache, and may go on from its
 * end at its beginning. */
typedef struct
{
  guint first;
  guint n;
} Run;

/* The entries from @near to @far turns above or below the anchor. */
static Run
find_run (const DrtLevels *self,
          const DrtCache  *cache,
          gboolean         below,
          double           near,
          double           far)
{
  guint size = drt_cache_get_size (cache);
  DrtKey from, to;
  guint first, end;

  drt_key_from_turn (&from, below ? far : near);
  drt_key_from_turn (&to, below ? near : far);
  if (below)
    {
      drt_key_subtract (&from, &self->anchor, &from);
      drt_key_subtract (&to, &self->anchor, &to);
    }
  else
    {
      drt_key_add (&from, &self->anchor, &from);
      drt_key_add (&to, &self->anchor, &to);
    }
  first = drt_cache_lower_bound (cache, &from);
  end = drt_cache_lower_bound (cache, &to);
  if (drt_key_compare (&from, &to) <= 0)
    return (Run) { first, end - first };
  return (Run) { first, size - first + end };
}

static Run
find_side (const DrtLevels *self,
           const DrtCache  *cache,
           guint            level,
           gboolean         below)
{
  return find_run (self, cache, below, level < self->last ? radius_of (level + 1) : 0, radius_of (level));
}

static DrtEntry *
get_in_run (const DrtCache *cache,
            const Run      *run,
            guint           i)
{
  return drt_cache_get (cache, (run->first + i) % drt_cache_get_size (cache));
}

static guint
count_level (const DrtLevels *self,
             const DrtCache  *cache,
             guint            level)
{
  return find_side (self, cache, level, FALSE).n + find_side (self, cache, level, TRUE).n;
}

/* Whether both are at one host; whoever answers for @a and @b has an address that is in
 * either, whatever else they name. */
static gboolean
is_same_host (const DrtEntry *a,
              const DrtEntry *b)
{
  for (guint i = 0; i < a->n_addresses; i++)
    for (guint j = 0; j < b->n_addresses; j++)
      if (drt_is_same_source (&a->addresses[i], &b->addresses[j]))
        return TRUE;
  return FALSE;
}

/* Whether the host of @entry, cached or not, has more of @level than its share: where keys
 * can be chosen, one host could choose the middles of all slots. */
static gboolean
is_crowd (const DrtLevels *self,
          const DrtCache  *cache,
          const DrtEntry  *entry,
          guint            level)
{
  guint n = 0;

  for (guint below = 0; below < 2; below++)
    {
      Run run = find_side (self, cache, level, below);

      for (guint i = 0; i < run.n; i++)
        {
          const DrtEntry *other = get_in_run (cache, &run, i);

          n += !drt_key_equal (&other->key, &entry->key) && is_same_host (other, entry);
        }
    }
  return n >= MAX (self->n_keys / HOST_SHARE, 1);
}

/* One of a crowd serves less than anybody else. */
static double
cost_of (const DrtLevels *self,
         const DrtCache  *cache,
         const Place     *place,
         const DrtEntry  *entry)
{
  double nearness = self->locality / 1000.0 * MIN (entry->local_bits, LOCALITY_BITS) / LOCALITY_BITS;

  return place->off - nearness + (is_crowd (self, cache, entry, place->level) ? CROWD_COST : 0);
}

/* Whether @entry, cached or not, is the best there is for its slot. */
static gboolean
is_best_of_slot (const DrtLevels *self,
                 const DrtCache  *cache,
                 const DrtEntry  *entry,
                 const Place     *place)
{
  Run run = find_side (self, cache, place->level, place->below);
  double cost = cost_of (self, cache, place, entry);

  for (guint i = 0; i < run.n; i++)
    {
      const DrtEntry *other = get_in_run (cache, &run, i);
      Place there;

      if (other == entry)
        continue;
      find_place (self, &other->key, &there);
      if (there.slot == place->slot && cost_of (self, cache, &there, other) < cost)
        return FALSE;
    }
  return TRUE;
}

/**
 * drt_levels_holds:
 * @self: the levels around a key
 * @cache: the cache
 * @entry: one of its entries, or one that might become one
 *
 * Returns: whether @entry has a place in its level: the best of a slot has, and
 *   while the level is not full the others have, too
 */
gboolean
drt_levels_holds (const DrtLevels *self,
                  const DrtCache  *cache,
                  const DrtEntry  *entry)
{
  Place place;
  guint cached;

  find_place (self, &entry->key, &place);
  if (place.level < self->first)
    return FALSE;
  cached = drt_cache_find (cache, &entry->key) != NULL;
  return count_level (self, cache, place.level) < self->n_keys + cached ||
         is_best_of_slot (self, cache, entry, &place);
}

/* Whether @entry is the only one in its slot: it filled a gap, or would leave one. */
gboolean
drt_levels_is_alone (const DrtLevels *self,
                     const DrtCache  *cache,
                     const DrtEntry  *entry)
{
  Place place, there;
  Run run;

  find_place (self, &entry->key, &place);
  if (place.level < self->first)
    return FALSE;
  run = find_side (self, cache, place.level, place.below);
  for (guint i = 0; i < run.n; i++)
    {
      const DrtEntry *other = get_in_run (cache, &run, i);

      find_place (self, &other->key, &there);
      if (there.slot == place.slot && !drt_key_equal (&other->key, &entry->key))
        return FALSE;
    }
  return TRUE;
}

/**
 * drt_levels_find_surplus:
 * @self: the levels around a key
 * @cache: the cache
 * @level: one of them
 * @come: (nullable): the key for which something may have to go; %NULL: the levels
 *   are others than they were
 * @may_go: which entries may be given up
 * @data: for @may_go
 *
 * Returns: (nullable): where @level is too full, the entry that serves it least
 */
DrtEntry *
drt_levels_find_surplus (const DrtLevels *self,
                         const DrtCache  *cache,
                         guint            level,
                         const DrtKey    *come,
                         DrtEntryFilter   may_go,
                         gconstpointer    data)
{
  guint n = level < self->first ? 0 : count_level (self, cache, level);
  DrtEntry *surplus = NULL;
  double worst = 0;
  Place target;

  if (n <= self->n_keys)
    return NULL;
  /* Had the level been too full before, what is left of it are the best of their
   * slots and what others need. */
  if (n == self->n_keys + 1)
    come = NULL;
  if (come != NULL)
    find_place (self, come, &target);
  for (guint below = 0; below < 2; below++)
    {
      Run run = find_side (self, cache, level, below);

      for (guint i = 0; i < run.n; i++)
        {
          DrtEntry *entry = get_in_run (cache, &run, i);
          double cost;
          Place place;

          find_place (self, &entry->key, &place);
          if (come != NULL && (place.slot != target.slot || place.below != target.below))
            continue;
          cost = cost_of (self, cache, &place, entry);
          if ((surplus == NULL || cost > worst) && may_go (entry, data))
            {
              surplus = entry;
              worst = cost;
            }
        }
    }
  return surplus;
}

/* How far the leaf set reaches on one side; nobody beyond it is known to be near. */
static double
leaf_reach (const DrtLevels  *self,
            const DrtLeafSet *leaves,
            gboolean          below)
{
  DrtKey way;

  if (below)
    drt_key_subtract (&way, &self->anchor, &leaves->below[DRT_LEAF_SET_SIDE - 1]);
  else
    drt_key_subtract (&way, &leaves->above[DRT_LEAF_SET_SIDE - 1], &self->anchor);
  return drt_key_to_turn (&way);
}

/* Whether the slot at @cursor is empty, though the leaf set does not reach over it. */
static gboolean
is_gap (const DrtLevels       *self,
        const DrtCache        *cache,
        const DrtLevelsCursor *cursor,
        const double           reach[2],
        DrtGap                *gap)
{
  gboolean below = cursor->slot % 2 == 1;
  double width = radius_of (cursor->level) / (self->n_keys / 2);
  double near = cursor->slot / 2 * width, far = near + width;
  DrtKey way;

  if (cursor->level < self->last)
    near = MAX (near, radius_of (cursor->level + 1));
  if (far - near < width / 100 || far <= reach[below] || find_run (self, cache, below, near, far).n > 0)
    return FALSE;

  drt_key_from_turn (&way, (near + far) / 2);
  if (below)
    drt_key_subtract (&gap->middle, &self->anchor, &way);
  else
    drt_key_add (&gap->middle, &self->anchor, &way);
  /* The keys that share so many bits with the middle are no more than half the slot. */
  gap->precision = (guint) CLAMP (ceil (-log2 (far - near)) + 1, 1, DRT_KEY_BITS);
  return TRUE;
}

/**
 * drt_levels_find_gap:
 * @self: the levels around a key
 * @cache: the cache
 * @leaves: (nullable): the leaf set of the key
 * @cursor: (inout): where to begin; on return behind the gap
 * @gap: (out): the gap
 *
 * Looks for an empty slot, from the coarse levels to the fine ones ([MC-DRT]
 * Appendix <5>).
 *
 * Returns: %FALSE when there is none from @cursor on
 */
gboolean
drt_levels_find_gap (const DrtLevels  *self,
                     const DrtCache   *cache,
                     const DrtLeafSet *leaves,
                     DrtLevelsCursor  *cursor,
                     DrtGap           *gap)
{
  double reach[2] = { 0, 0 };
  guint last = 0;   /* where so few are known that the leaf set is not full */

  if (leaves != NULL && leaves->n_above == DRT_LEAF_SET_SIDE && leaves->n_below == DRT_LEAF_SET_SIDE)
    {
      reach[FALSE] = leaf_reach (self, leaves, FALSE);
      reach[TRUE] = leaf_reach (self, leaves, TRUE);
      last = MIN (self->last, LEVEL_MAX);
    }
  cursor->level = MAX (cursor->level, self->first);
  for (; cursor->level <= last && radius_of (cursor->level) > MIN (reach[0], reach[1]);
       cursor->level++, cursor->slot = 0)
    while (cursor->slot < self->n_keys)
      {
        gboolean found = is_gap (self, cache, cursor, reach, gap);

        cursor->slot++;
        if (found)
          return TRUE;
      }
  return FALSE;
}
