/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-resolve-private.h"

/* What counts as a match, and which match is the best so far. */

static gboolean
in_range (const DrtResolveQuery *query,
          const DrtKey          *key)
{
  return drt_key_compare (&query->minimum, key) <= 0 && drt_key_compare (key, &query->maximum) <= 0;
}

static gboolean
is_exact_query (const DrtResolve *resolve)
{
  return drt_key_equal (&resolve->query.minimum, &resolve->query.maximum);
}

/* Whether @key is so good that nothing better needs to be looked for. */
gboolean
drt_resolve_is_sufficient (const DrtResolve *resolve,
                           const DrtKey     *key)
{
  guint same = drt_key_nearness (key, &resolve->target);

  if (resolve->is_query && resolve->query.any_in_range)
    return in_range (&resolve->query, key);
  switch (resolve->criteria)
    {
    case DRT_CRITERIA_ANY:
      return same >= 128;
    case DRT_CRITERIA_NEAREST64:
      return same >= 192;
    case DRT_CRITERIA_UPPER_BITS:
      return same >= resolve->precision;
    case DRT_CRITERIA_NONE:
    case DRT_CRITERIA_NEAREST:
    default:
      return same == DRT_KEY_BITS;
    }
}

/* Whether @key will do when there is nothing better. */
gboolean
drt_resolve_is_acceptable (const DrtResolve *resolve,
                           const DrtKey     *key)
{
  if (resolve->is_query)
    return in_range (&resolve->query, key);
  /* §3.2.5.8.1 judges by the nearest there is, though its criteria say exact. */
  if (resolve->reason == DRT_REASON_SPLIT_DETECTION)
    return TRUE;
  if (resolve->criteria == DRT_CRITERIA_NEAREST || resolve->criteria == DRT_CRITERIA_NEAREST64)
    return TRUE;
  return drt_resolve_is_sufficient (resolve, key);
}

/* A range search follows the nearest node as any other, but only what lies in
 * the range can become its result. */
gboolean
drt_resolve_in_range (const DrtResolve *resolve,
                      const DrtKey     *key)
{
  return !resolve->is_query || is_exact_query (resolve) || in_range (&resolve->query, key);
}

static gboolean
is_spent (const DrtResolve *resolve,
          const DrtEntry   *entry)
{
  for (guint i = 0; i < resolve->matched->len; i++)
    if (drt_key_equal (&g_array_index (resolve->matched, DrtKey, i), &entry->key))
      return TRUE;
  for (guint i = 0; i < resolve->failed->len; i++)
    {
      const DrtEntry *failed = g_ptr_array_index (resolve->failed, i);

      if (drt_key_equal (&failed->key, &entry->key) && drt_entry_same_addresses (failed, entry))
        return TRUE;
    }
  return FALSE;
}

/* CurrentBestMatch goes onto its stack, @entry takes its place. */
void
drt_resolve_consider_best (DrtResolve     *resolve,
                           const DrtEntry *entry)
{
  if (!drt_resolve_in_range (resolve, &entry->key) || is_spent (resolve, entry))
    return;
  if (resolve->best == NULL)
    {
      resolve->best = drt_entry_copy (entry);
    }
  else if (drt_key_compare_distance (&resolve->target, &entry->key, &resolve->best->key) < 0)
    {
      g_ptr_array_add (resolve->best_matches, resolve->best);
      resolve->best = drt_entry_copy (entry);
    }
  else if (resolve->is_query && resolve->query.max_matches > 1 &&
           !drt_key_equal (&entry->key, &resolve->best->key))
    {
      /* Several end points are wanted: what is not the best may be the next best. */
      g_ptr_array_insert (resolve->best_matches, 0, drt_entry_copy (entry));
    }
}

/* The best match is spent, returned (@matched) or refuted: the next best takes
 * its place. */
void
drt_resolve_pop_best (DrtResolve *resolve,
                      gboolean    matched)
{
  if (resolve->best != NULL)
    drt_resolve_spend (resolve, resolve->best, matched);
}

/* The same of @entry, which was the best when it was asked. */
void
drt_resolve_spend (DrtResolve     *resolve,
                   const DrtEntry *entry,
                   gboolean        matched)
{
  if (matched)
    g_array_append_val (resolve->matched, entry->key);
  else
    g_ptr_array_add (resolve->failed, drt_entry_copy (entry));
  if (resolve->best != NULL && is_spent (resolve, resolve->best))
    g_clear_pointer (&resolve->best, drt_entry_free);
  while (resolve->best == NULL && resolve->best_matches->len > 0)
    {
      DrtEntry *next = g_ptr_array_steal_index (resolve->best_matches, resolve->best_matches->len - 1);

      if (is_spent (resolve, next))
        drt_entry_free (next);
      else
        resolve->best = next;
    }
}
