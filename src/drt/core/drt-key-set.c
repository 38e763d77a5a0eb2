/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-key-set.h"

static const DrtKey one = { { 1 } };

static DrtKeySpan *
get_span (const DrtKeySet *set,
          guint            i)
{
  return &g_array_index (set->spans, DrtKeySpan, i);
}

static guint
count_spans (const DrtKeySet *set)
{
  return set->spans != NULL ? set->spans->len : 0;
}

void
drt_key_set_clear (DrtKeySet *set)
{
  g_clear_pointer (&set->spans, g_array_unref);
}

/* The index of the first span that does not end before @key. */
static guint
find_span (const DrtKeySet *set,
           const DrtKey    *key)
{
  guint low = 0, high = count_spans (set);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (drt_key_compare (&get_span (set, middle)->high, key) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * drt_key_set_add:
 * @set: a set
 * @low: a key
 * @high: a key, not less than @low
 *
 * Adds the keys from @low to @high.
 */
void
drt_key_set_add (DrtKeySet    *set,
                 const DrtKey *low,
                 const DrtKey *high)
{
  DrtKeySpan added = { *low, *high };
  DrtKey before = *low, after = *high;
  guint first, n = 0;

  if (set->spans == NULL)
    set->spans = g_array_new (FALSE, FALSE, sizeof (DrtKeySpan));
  /* Spans that touch become one. */
  if (!drt_key_is_zero (low))
    drt_key_subtract (&before, low, &one);
  drt_key_increment (&after);
  if (drt_key_is_zero (&after))
    after = *high;

  first = find_span (set, &before);
  while (first + n < set->spans->len && drt_key_compare (&get_span (set, first + n)->low, &after) <= 0)
    {
      const DrtKeySpan *span = get_span (set, first + n++);

      if (drt_key_compare (&span->low, &added.low) < 0)
        added.low = span->low;
      if (drt_key_compare (&span->high, &added.high) > 0)
        added.high = span->high;
    }
  if (n > 0)
    g_array_remove_range (set->spans, first, n);
  g_array_insert_val (set->spans, first, added);
}

/* As drt_key_set_add(), going clockwise from @from to @to, across 0 if need be. */
void
drt_key_set_add_arc (DrtKeySet    *set,
                     const DrtKey *from,
                     const DrtKey *to)
{
  DrtKey zero = { { 0 } }, last;

  if (drt_key_compare (from, to) <= 0)
    {
      drt_key_set_add (set, from, to);
      return;
    }
  drt_key_subtract (&last, &zero, &one);
  drt_key_set_add (set, from, &last);
  drt_key_set_add (set, &zero, to);
}

gboolean
drt_key_set_contains (const DrtKeySet *set,
                      const DrtKey    *key)
{
  guint i = find_span (set, key);

  return i < count_spans (set) && drt_key_compare (&get_span (set, i)->low, key) <= 0;
}

void
drt_key_span_distance (const DrtKeySpan *span,
                       const DrtKey     *target,
                       DrtKey           *distance)
{
  if (drt_key_compare (&span->low, target) <= 0 && drt_key_compare (target, &span->high) <= 0)
    *distance = (DrtKey) { { 0 } };
  else if (drt_key_compare_distance (target, &span->low, &span->high) < 0)
    drt_key_distance (distance, target, &span->low);
  else
    drt_key_distance (distance, target, &span->high);
}

gboolean
drt_key_set_nearest_gap (const DrtKeySet  *set,
                         const DrtKeySpan *within,
                         const DrtKey     *target,
                         DrtKeySpan       *gap)
{
  guint i = find_span (set, &within->low);
  DrtKeySpan here = { .low = within->low };
  DrtKey nearest, distance;
  gboolean found = FALSE, more = TRUE;

  for (; more; i++)
    {
      const DrtKeySpan *next = i < count_spans (set) ? get_span (set, i) : NULL;
      gboolean empty = FALSE;

      more = next != NULL && drt_key_compare (&next->low, &within->high) <= 0;
      here.high = within->high;
      if (more)
        {
          empty = drt_key_compare (&next->low, &here.low) <= 0;
          if (!empty)
            drt_key_subtract (&here.high, &next->low, &one);
        }
      if (!empty)
        {
          drt_key_span_distance (&here, target, &distance);
          if (!found || drt_key_compare (&distance, &nearest) < 0)
            {
              *gap = here;
              nearest = distance;
              found = TRUE;
            }
        }
      if (more)
        {
          if (drt_key_compare (&next->high, &within->high) >= 0)
            break;
          here.low = next->high;
          drt_key_increment (&here.low);
        }
    }
  return found;
}
