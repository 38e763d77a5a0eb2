/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-resolve-private.h"

/* The requests of a resolve that are out. */

void
drt_asked_clear (DrtAsked *asked)
{
  g_clear_pointer (&asked->hop, drt_next_hop_free);
  g_clear_pointer (&asked->match, drt_entry_free);
}

/* The request @id is none any more; @asked is the caller's to clear. */
gboolean
drt_resolve_take_asked (DrtResolve *resolve,
                        guint32     id,
                        DrtAsked   *asked)
{
  for (guint i = 0; i < resolve->asked->len; i++)
    {
      DrtAsked *candidate = &g_array_index (resolve->asked, DrtAsked, i);

      if (candidate->id != id)
        continue;
      *asked = *candidate;
      candidate->hop = NULL;
      candidate->match = NULL;
      g_array_remove_index (resolve->asked, i);
      return TRUE;
    }
  return FALSE;
}

/* The resolve waits for none of them any more.  They stay on the Pending List:
 * whether they are answered says who is there. */
void
drt_resolve_abandon_asked (DrtNode    *node,
                           DrtResolve *resolve)
{
  for (guint i = 0; i < resolve->asked->len; i++)
    {
      DrtPending *request = drt_pending_list_find (&node->pending, g_array_index (resolve->asked, DrtAsked, i).id);

      if (request != NULL && request->owner == resolve)
        request->owner = NULL;
    }
  g_array_set_size (resolve->asked, 0);
}

/* The same of its LOOKUPs alone. */
void
drt_resolve_abandon_hops (DrtNode    *node,
                          DrtResolve *resolve)
{
  for (guint i = resolve->asked->len; i > 0; i--)
    {
      const DrtAsked *asked = &g_array_index (resolve->asked, DrtAsked, i - 1);
      DrtPending *request;

      if (asked->hop == NULL)
        continue;
      request = drt_pending_list_find (&node->pending, asked->id);
      if (request != NULL && request->owner == resolve)
        request->owner = NULL;
      g_array_remove_index (resolve->asked, i - 1);
    }
}

/* The request @id, until the next is added. */
DrtAsked *
drt_resolve_find_asked (DrtResolve *resolve,
                        guint32     id)
{
  for (guint i = 0; i < resolve->asked->len; i++)
    if (g_array_index (resolve->asked, DrtAsked, i).id == id)
      return &g_array_index (resolve->asked, DrtAsked, i);
  return NULL;
}

/* How long to wait for the answer to @id, the @attempt-th request for the same. */
void
drt_resolve_hurry (DrtNode *node,
                   guint32  id,
                   guint    attempt)
{
  DrtPending *request = drt_pending_list_find (&node->pending, id);

  drt_node_hurry_request (node, request, attempt);
  drt_pending_list_schedule (&node->pending, request);
}

/* Whether a LOOKUP to @entry is out. */
gboolean
drt_resolve_has_asked_hop (const DrtResolve *resolve,
                           const DrtEntry   *entry)
{
  for (guint i = 0; i < resolve->asked->len; i++)
    {
      const DrtAsked *asked = &g_array_index (resolve->asked, DrtAsked, i);

      if (asked->hop != NULL && drt_key_equal (&asked->hop->entry->key, &entry->key) &&
          drt_entry_has_endpoint (entry, &asked->to))
        return TRUE;
    }
  return FALSE;
}

/* Whether @entry is being asked to prove its key. */
gboolean
drt_resolve_has_asked_match (const DrtResolve *resolve,
                             const DrtEntry   *entry)
{
  for (guint i = 0; i < resolve->asked->len; i++)
    {
      const DrtAsked *asked = &g_array_index (resolve->asked, DrtAsked, i);

      if (asked->match != NULL && drt_key_equal (&asked->match->key, &entry->key) &&
          drt_entry_same_addresses (asked->match, entry))
        return TRUE;
    }
  return FALSE;
}

/* Whether an answer is to be expected any moment. */
gboolean
drt_resolve_has_asked_lately (const DrtResolve *resolve)
{
  for (guint i = 0; i < resolve->asked->len; i++)
    if (!g_array_index (resolve->asked, DrtAsked, i).late)
      return TRUE;
  return FALSE;
}

gboolean
drt_resolve_hopes_for (const DrtResolve *resolve,
                       const DrtAsked   *asked)
{
  const DrtEntry *entry = asked->hop != NULL ? asked->hop->entry : asked->match;

  /* Nothing is nearer to the key after ours than ours; but it is announced when somebody has answered. */
  if (resolve->reason == DRT_REASON_REGISTRATION && resolve->useful_hops == 0)
    return TRUE;
  return !asked->late || resolve->best == NULL || drt_key_is_zero (&entry->key) ||
         drt_key_compare_distance (&resolve->aim, &entry->key, &resolve->best->key) < 0;
}

/* Whether an answer that is out, late or not, may lead nearer to the target than
 * what has been found; without it nothing is to be called unfound. */
gboolean
drt_resolve_hopes (const DrtResolve *resolve)
{
  for (guint i = 0; i < resolve->asked->len; i++)
    if (drt_resolve_hopes_for (resolve, &g_array_index (resolve->asked, DrtAsked, i)))
      return TRUE;
  return FALSE;
}

/* Whether @endpoint is of the node that was sent the request @id. */
gboolean
drt_resolve_is_asking (const DrtResolve  *resolve,
                       guint32            id,
                       const DrtEndpoint *endpoint)
{
  for (guint i = 0; i < resolve->asked->len; i++)
    {
      const DrtAsked *asked = &g_array_index (resolve->asked, DrtAsked, i);

      if (asked->id == id && drt_entry_has_endpoint (asked->hop != NULL ? asked->hop->entry : asked->match, endpoint))
        return TRUE;
    }
  return FALSE;
}
