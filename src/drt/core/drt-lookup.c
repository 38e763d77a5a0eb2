/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

/* Answering a LOOKUP ([MC-DRT] §3.2.5.2). */

/* Several near nodes share the load of leading on; the nearest has the most. */
#define NEAR_MAX 3
static const guint8 near_weights[NEAR_MAX] = { 12, 3, 1 };

static gboolean
is_off_path (const DrtEntry *entry,
             gconstpointer   data)
{
  const DrtLookup *lookup = data;

  for (guint i = 0; i < entry->n_addresses; i++)
    if (drt_wire_endpoints_contain (&lookup->path, &entry->addresses[i]))
      return FALSE;
  return TRUE;
}

/* Who has not answered us the last time would cost the asker time too. */
static gboolean
is_answering (const DrtEntry *entry,
              gconstpointer   data)
{
  const DrtLookup *lookup = data;

  return (entry->n_unanswered == 0 || drt_key_equal (&entry->key, &lookup->target)) && is_off_path (entry, lookup);
}

/* Step 5: the ClosestRemoteMatch: not on the path and, unless all are welcome, nearer
 * than the validate key. */
static const DrtEntry *
choose_remote (DrtNode         *node,
               const DrtLookup *lookup)
{
  const DrtKey *limit = lookup->flags & DRT_LOOKUP_FLAG_A ? NULL : &lookup->validate_key;
  DrtEntry *near[NEAR_MAX];
  guint n = drt_cache_nearest_within (&node->cache, &lookup->target, limit, is_answering, lookup, near, NEAR_MAX);
  guint total = 0, pick;

  if (n == 0)
    n = drt_cache_nearest_within (&node->cache, &lookup->target, limit, is_off_path, lookup, near, NEAR_MAX);
  if (n == 0)
    return NULL;
  /* The publisher itself is not to be missed for the sake of load. */
  if (drt_key_equal (&near[0]->key, &lookup->target))
    return near[0];
  for (guint i = 0; i < n; i++)
    total += near_weights[i];
  pick = drt_node_random_below (node, total);
  for (guint i = 0; i < n; i++)
    {
      if (pick < near_weights[i])
        return near[i];
      pick -= near_weights[i];
    }
  return near[0];
}

/* Step 4: the ClosestLocalMatch. */
static const DrtLocalKey *
choose_local (DrtNode         *node,
              const DrtLookup *lookup,
              gboolean         validate_is_local)
{
  const DrtLocalKey *local;

  for (guint i = 0; i < node->n_locals; i++)
    if (drt_wire_endpoints_contain (&lookup->path, &node->locals[i]))
      return NULL;
  local = drt_keys_nearest (node, &lookup->target);
  if (local != NULL && validate_is_local &&
      drt_key_compare_distance (&lookup->target, &local->key, &lookup->validate_key) >= 0)
    return NULL;
  return local;
}

/* Step 6: whether the target would have to be known here if it existed. */
static gboolean
is_suspicious (DrtNode      *node,
               const DrtKey *target)
{
  for (guint i = 0; i < node->keys->len; i++)
    {
      const DrtLocalKey *local = drt_keys_get (node, i);

      if (drt_leaf_set_covers (&local->leaves, &local->key, target))
        return TRUE;
    }
  return FALSE;
}

static void
send_answer (DrtNode            *node,
             gint64              now,
             const DrtEndpoint  *to,
             const DrtMessage   *question,
             const DrtEntry     *match,
             DrtAuthorityBuffer *buffer)
{
  DrtEntryAddresses addresses;
  guint8 bytes[64 + sizeof addresses];
  DrtSpan clear = { 0 };
  DRT_DATA sealed, keytoken;

  if (match != NULL)
    {
      buffer->has_entry = TRUE;
      drt_entry_to_wire (match, &buffer->entry, &addresses);
    }
  if (node->settings.mode != DRT_SECURE_CONFIDENTIALPAYLOAD)
    {
      drt_authority_send (node, now, to, question->id, buffer);
      return;
    }

  if (match != NULL)
    clear = (DrtSpan) { bytes, drt_wire_entry_encode (&buffer->entry, bytes, sizeof bytes) };
  if (!drt_security_seal (node, question->lookup.proof.credential, 1, &clear, &sealed, &keytoken))
    return;
  buffer->has_entry = FALSE;
  buffer->keytoken = drt_security_span (&keytoken);
  if (match != NULL)
    buffer->sealed_entry = drt_security_span (&sealed);
  drt_authority_send (node, now, to, question->id, buffer);
  drt_security_free (node, &sealed);
  drt_security_free (node, &keytoken);
}

static void
answer_lookup (DrtNode           *node,
               gint64             now,
               const DrtEndpoint *from,
               const DrtMessage  *message,
               const DrtLookup   *lookup)
{
  gboolean validate_is_local = drt_keys_find (node, &lookup->validate_key) != NULL;
  const DrtLocalKey *local = choose_local (node, lookup, validate_is_local);
  const DrtEntry *remote = choose_remote (node, lookup);
  g_autoptr (DrtEntry) own = NULL;
  DrtAuthorityBuffer buffer = { 0 };

  if (!validate_is_local && !drt_key_is_zero (&lookup->validate_key))
    buffer.flags |= DRT_AUTHORITY_FLAG_N;
  if (remote == NULL && drt_keys_find (node, &lookup->target) == NULL && is_suspicious (node, &lookup->target))
    buffer.flags |= DRT_AUTHORITY_FLAG_L;
  if (local != NULL && remote != NULL &&
      drt_key_compare_distance (&lookup->target, &remote->key, &local->key) < 0)
    local = NULL;
  if (local != NULL)
    own = drt_keys_make_entry (node, local);
  send_answer (node, now, from, message, own != NULL ? own : remote, &buffer);
}

/* In confidential mode the fields of a LOOKUP are sealed with a keytoken, as
 * those of a FLOOD are. */
static guint8 *
open_lookup (DrtNode   *node,
             DrtLookup *lookup)
{
  DrtSpan fields[] = { lookup->sealed_entry, lookup->sealed_path };
  guint8 *memory;

  if (!DRT_SPAN_PRESENT (lookup->sealed_path))
    return NULL;
  memory = drt_security_open (node, &lookup->validate_key, lookup->keytoken, G_N_ELEMENTS (fields), fields);
  if (memory == NULL)
    return NULL;
  if (drt_wire_endpoints_decode (fields[1].data, fields[1].length, 1, &lookup->path) != DRT_DECODE_OK ||
      (DRT_SPAN_PRESENT (fields[0]) &&
       drt_wire_entry_decode (fields[0].data, fields[0].length, &lookup->entry) != DRT_DECODE_OK))
    {
      g_free (memory);
      return NULL;
    }
  lookup->has_entry = DRT_SPAN_PRESENT (fields[0]);
  return memory;
}

void
drt_lookup_received (DrtNode           *node,
                     gint64             now,
                     const DrtEndpoint *from,
                     const DrtMessage  *message)
{
  DrtLookup lookup = message->lookup;
  g_autofree guint8 *opened = NULL;

  if (node->busy)
    {
      drt_authority_send_busy (node, now, from, message->id);
      return;
    }
  if (!drt_security_verify (node, now, from, message))
    return;
  if (node->settings.mode == DRT_SECURE_CONFIDENTIALPAYLOAD)
    opened = open_lookup (node, &lookup);
  if ((opened != NULL) != (node->settings.mode == DRT_SECURE_CONFIDENTIALPAYLOAD) ||
      (opened == NULL && DRT_SPAN_PRESENT (lookup.sealed_path)))
    {
      drt_node_drop (node, DRT_DROP_UNDECIPHERABLE);
      return;
    }

  answer_lookup (node, now, from, message, &lookup);
  if (lookup.has_entry)
    drt_validate_submit (node, now, &lookup.entry, DRT_LEARNED_FROM_LOOKUP, from, NULL);
}
