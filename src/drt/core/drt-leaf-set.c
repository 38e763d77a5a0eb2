/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-leaf-set.h"

/* Brings @set in line with @cache, which must not hold @local itself. */
void
drt_leaf_set_update (DrtLeafSet     *set,
                     const DrtCache *cache,
                     const DrtKey   *local)
{
  guint n = drt_cache_get_size (cache);
  guint first;

  set->n_above = MIN (DRT_LEAF_SET_SIDE, (n + 1) / 2);
  set->n_below = MIN (DRT_LEAF_SET_SIDE, n / 2);
  if (n == 0)
    return;

  first = drt_cache_lower_bound (cache, local);
  for (guint i = 0; i < set->n_above; i++)
    set->above[i] = drt_cache_get (cache, (first + i) % n)->key;
  for (guint i = 0; i < set->n_below; i++)
    set->below[i] = drt_cache_get (cache, (first + n - 1 - i) % n)->key;
}

/* 1 .. 5 above, -1 .. -5 below, 0 when @key is no leaf. */
int
drt_leaf_set_position (const DrtLeafSet *set,
                       const DrtKey     *key)
{
  for (guint i = 0; i < set->n_above; i++)
    if (drt_key_equal (&set->above[i], key))
      return (int) i + 1;
  for (guint i = 0; i < set->n_below; i++)
    if (drt_key_equal (&set->below[i], key))
      return -(int) i - 1;
  return 0;
}

/* Whether @key lies between the outermost leaves: whoever is there is a leaf, and
 * would be known.  A leaf set that is not full holds all there is. */
gboolean
drt_leaf_set_covers (const DrtLeafSet *set,
                     const DrtKey     *local,
                     const DrtKey     *key)
{
  if (set->n_above < DRT_LEAF_SET_SIDE || set->n_below < DRT_LEAF_SET_SIDE)
    return TRUE;
  return drt_key_in_arc (key, local, &set->above[set->n_above - 1]) ||
         drt_key_in_arc (key, &set->below[set->n_below - 1], local);
}

/**
 * drt_leaf_set_density:
 * @set: a leaf set
 *
 * How many keys the ring would have if they were everywhere as dense as here.
 * [MC-DRT] §3.2.6.2.1.1 looks at the nearest leaf on each side, 2 / (B - A), which is
 * twice the truth in the mean and has no bounded variance.  Of the outermost
 * leaves, 10 / (B - A), the mean is a tenth more than the truth and the usual
 * deviation a third.  As with the nearest, where each node has one key the inverses
 * of all nodes' estimates add up to one.
 *
 * Returns: the number, the local key being one; 0 without a leaf on each side
 */
double
drt_leaf_set_density (const DrtLeafSet *set)
{
  guint n = set->n_below + set->n_above;
  DrtKey arc;

  if (set->n_below == 0 || set->n_above == 0)
    return 0;
  /* Where it is not full it holds all there is. */
  if (n < 2 * DRT_LEAF_SET_SIDE)
    return n + 1;
  drt_key_subtract (&arc, &set->above[set->n_above - 1], &set->below[set->n_below - 1]);
  return n / drt_key_to_turn (&arc);
}
