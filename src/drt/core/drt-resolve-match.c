/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-resolve-private.h"

/* What counts as a match, and which match is the best so far. */

/* Whether @key is so good that nothing better needs to be looked for. */
gboolean
drt_resolve_is_sufficient (const DrtResolve *resolve,
                           const DrtKey     *key)
{
  guint same = drt_key_nearness (key, &resolve->target);

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
  /* §3.2.5.8.1 judges by the nearest there is, though its criteria say exact. */
  if (resolve->reason == DRT_REASON_SPLIT_DETECTION)
    return TRUE;
  if (resolve->criteria == DRT_CRITERIA_NEAREST || resolve->criteria == DRT_CRITERIA_NEAREST64)
    return TRUE;
  return drt_resolve_is_sufficient (resolve, key);
}

gboolean
drt_resolve_has_failed (const DrtResolve *resolve,
                        const DrtEntry   *entry)
{
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
  if (drt_resolve_has_failed (resolve, entry))
    return;
  if (resolve->best == NULL)
    {
      resolve->best = drt_entry_copy (entry);
    }
  else if (drt_key_compare_distance (&resolve->aim, &entry->key, &resolve->best->key) < 0)
    {
      g_ptr_array_add (resolve->best_matches, resolve->best);
      resolve->best = drt_entry_copy (entry);
    }
}

/* @entry does not hold what it promises and counts no more in this resolve; where
 * it was the best match the next best takes its place. */
void
drt_resolve_fail (DrtResolve     *resolve,
                  const DrtEntry *entry)
{
  if (!drt_resolve_has_failed (resolve, entry))
    g_ptr_array_add (resolve->failed, drt_entry_copy (entry));
  if (resolve->best != NULL && drt_resolve_has_failed (resolve, resolve->best))
    g_clear_pointer (&resolve->best, drt_entry_free);
  while (resolve->best == NULL && resolve->best_matches->len > 0)
    {
      DrtEntry *next = g_ptr_array_steal_index (resolve->best_matches, resolve->best_matches->len - 1);

      if (drt_resolve_has_failed (resolve, next))
        drt_entry_free (next);
      else
        resolve->best = next;
    }
}
