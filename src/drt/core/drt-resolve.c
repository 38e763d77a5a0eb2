/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

#include <string.h>

/* Resolving a key hop by hop ([MC-DRT] §3.1.4.4, §3.1.5.5.1). */

#define SUSPICIOUS_MAX    6
#define USEFUL_HOPS_MAX   22
#define USE_COUNT_MAX     3
#define FIRST_HOPS_MAX    4                      /* hops taken from the cache */
#define INTERNAL_TIMEOUT  (60 * G_USEC_PER_SEC)  /* of resolves nobody waits for */

typedef struct
{
  DrtEntry *entry;
  guint use_count;
} NextHop;

typedef enum
{
  PHASE_READY,      /* the next step is to be taken */
  PHASE_ASKING,     /* a LOOKUP or INQUIRE is out */
  PHASE_WAITING,    /* iterative: until drt_node_resolve_continue() */
  PHASE_FINISHED,   /* to be reported and freed */
} Phase;

struct _DrtResolve
{
  guint64 id;
  DrtKey target;
  DrtResolveReason reason;
  DrtResolveCriteria criteria;
  guint precision;
  Phase phase;
  gint64 started;
  gint64 deadline;
  gboolean went_on;          /* iterative: the next hop may be asked */

  gboolean is_query;         /* asked for by the application */
  DrtResolveQuery query;
  DrtResolveFunc func;
  gpointer data;
  GArray *matched;           /* of DrtKey: already returned, or not to be taken again */
  guint n_matches;
  HRESULT result;

  guint n_path;
  DrtEndpoint path[DRT_MAX_PATH];
  GPtrArray *next_hops;      /* of NextHop: a stack */
  GPtrArray *best_matches;   /* of DrtEntry: a stack */
  DrtEntry *best;            /* CurrentBestMatch */
  gboolean has_own;          /* it began with a key of ours as best match: */
  DrtKey own;
  NextHop *current;          /* CurrentNextHop */
  guint suspicious;
  guint useful_hops;
  guint n_first_hops;
  guint8 nonce[DRT_NONCE_SIZE];
  DrtEndpoint asked;
  gint64 asked_at;
  gboolean asked_any;        /* with A set: what it names need not be nearer, though
                              * the cache may have filled up since */
  GArray *hops;              /* of DrtObservedHop */
};

static void
next_hop_free (NextHop *hop)
{
  if (hop == NULL)
    return;
  drt_entry_free (hop->entry);
  g_free (hop);
}

void
drt_resolve_free (DrtResolve *resolve)
{
  g_ptr_array_unref (resolve->next_hops);
  g_ptr_array_unref (resolve->best_matches);
  g_array_unref (resolve->matched);
  g_array_unref (resolve->hops);
  drt_entry_free (resolve->best);
  next_hop_free (resolve->current);
  g_free (resolve);
}

/* --- What is told --- */

static void
observe (DrtNode    *node,
         DrtResolve *resolve)
{
  DrtObservedLookup lookup = {
    .id = resolve->id,
    .target = resolve->target,
    .criteria = resolve->criteria,
    .reason = resolve->reason,
    .started = resolve->started,
    .finished = resolve->phase == PHASE_FINISHED,
    .found = resolve->n_matches > 0,
    .n_hops = resolve->hops->len,
    .hops = (const DrtObservedHop *) (gpointer) resolve->hops->data,
  };

  if (!node->observed)
    return;
  if (lookup.found && resolve->best != NULL)
    lookup.result = resolve->best->key;
  node->host.observe_lookup (node->host_data, &lookup);
}

static void
add_hop (DrtResolve        *resolve,
         const DrtEndpoint *endpoint,
         const DrtKey      *key,
         guint32            flags)
{
  DrtObservedHop hop = {
    .endpoint = *endpoint,
    .key = *key,
    .flags = flags,
    .nearness = drt_key_nearness (key, &resolve->target),
    .latency = -1,
  };

  g_array_append_val (resolve->hops, hop);
}

static DrtObservedHop *
last_hop (DrtResolve *resolve)
{
  g_assert (resolve->hops->len > 0);
  return &g_array_index (resolve->hops, DrtObservedHop, resolve->hops->len - 1);
}

/* --- What counts as a match --- */

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
static gboolean
is_sufficient (const DrtResolve *resolve,
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
static gboolean
is_acceptable (const DrtResolve *resolve,
               const DrtKey     *key)
{
  if (resolve->is_query)
    return in_range (&resolve->query, key);
  if (resolve->criteria == DRT_CRITERIA_NEAREST || resolve->criteria == DRT_CRITERIA_NEAREST64)
    return TRUE;
  return is_sufficient (resolve, key);
}

static gboolean
is_matched (const DrtResolve *resolve,
            const DrtKey     *key)
{
  for (guint i = 0; i < resolve->matched->len; i++)
    if (drt_key_equal (&g_array_index (resolve->matched, DrtKey, i), key))
      return TRUE;
  return FALSE;
}

/* A range search follows the nearest node as any other, but only what lies in
 * the range can become its result. */
static gboolean
may_be_best (const DrtResolve *resolve,
             const DrtKey     *key)
{
  if (is_matched (resolve, key))
    return FALSE;
  return !resolve->is_query || is_exact_query (resolve) || in_range (&resolve->query, key);
}

/* CurrentBestMatch goes onto its stack, @entry takes its place. */
static void
consider_best (DrtResolve     *resolve,
               const DrtEntry *entry)
{
  if (!may_be_best (resolve, &entry->key))
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

/* The best match is spent: the next best takes its place. */
static void
pop_best (DrtResolve *resolve)
{
  if (resolve->best != NULL)
    g_array_append_val (resolve->matched, resolve->best->key);
  g_clear_pointer (&resolve->best, drt_entry_free);
  while (resolve->best == NULL && resolve->best_matches->len > 0)
    {
      DrtEntry *entry = g_ptr_array_steal_index (resolve->best_matches, resolve->best_matches->len - 1);

      if (is_matched (resolve, &entry->key))
        drt_entry_free (entry);
      else
        resolve->best = entry;
    }
}

/* --- The end --- */

static void
finish (DrtNode    *node,
        DrtResolve *resolve,
        HRESULT     hr)
{
  if (resolve->phase == PHASE_FINISHED)
    return;
  resolve->phase = PHASE_FINISHED;
  resolve->result = hr;
  drt_pending_list_forget_owner (&node->pending, resolve);
}

/* Reports a finished resolve and frees it. */
static void
report_finished (DrtNode    *node,
                 gint64      now,
                 DrtResolve *resolve)
{
  DrtKey key = resolve->target;
  DrtKey one = { { 1 } };

  if (resolve->n_matches > 0)
    node->counters.lookups_found++;
  else
    node->counters.lookups_failed++;
  observe (node, resolve);
  if (resolve->func != NULL)
    resolve->func (resolve->data, DRT_RESOLVE_FINISHED, NULL, resolve->result);
  if (resolve->reason == DRT_REASON_REGISTRATION)
    {
      drt_key_subtract (&key, &key, &one);
      drt_keys_announced (node, now, &key, resolve->useful_hops > 0);
    }
  g_ptr_array_remove_fast (node->resolves, resolve);
}

static void
report_match (DrtNode        *node,
              DrtResolve     *resolve,
              const DrtEntry *entry,
              GBytes         *payload,
              gboolean        local)
{
  DrtResolveMatch match = { .key = entry->key, .local = local };
  gsize size = 0;

  resolve->n_matches++;
  match.n_addresses = entry->n_addresses;
  match.addresses = entry->addresses;
  if (payload != NULL)
    match.payload = g_bytes_get_data (payload, &size);
  match.payload_size = size;
  if (resolve->func != NULL)
    resolve->func (resolve->data, DRT_RESOLVE_FOUND, &match, S_OK);
}

/* --- Asking --- */

static void
ask_best (DrtNode    *node,
          gint64      now,
          DrtResolve *resolve)
{
  const DrtEndpoint *to = drt_entry_choose_address (resolve->best, node->locals, node->n_locals);

  if (to == NULL)
    to = &resolve->best->addresses[0];
  resolve->asked = *to;
  resolve->asked_at = now;
  resolve->phase = PHASE_ASKING;
  if (resolve->hops->len > 0 && drt_endpoint_equal (&last_hop (resolve)->endpoint, to) &&
      drt_key_equal (&last_hop (resolve)->key, &resolve->best->key))
    last_hop (resolve)->flags |= DRT_ADDRESS_FLAG_INQUIRE;
  else
    add_hop (resolve, to, &resolve->best->key, DRT_ADDRESS_FLAG_INQUIRE);
  drt_inquire_send (node, now, resolve->best, DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_X | DRT_INQUIRE_FLAG_C,
                    resolve->nonce, DRT_PENDING_INQUIRE_MATCH, resolve);
}

static void
fill_path (const DrtResolve *resolve,
           guint8           *bytes,
           DrtWireEndpoints *path)
{
  for (guint i = 0; i < resolve->n_path; i++)
    drt_wire_endpoint_put (bytes + i * DRT_WIRE_ENDPOINT_SIZE, &resolve->path[i]);
  path->n_endpoints = (guint8) resolve->n_path;
  path->endpoints = bytes;
}

/* Sealed for the hop, where it has to be; FALSE when it cannot. */
static gboolean
send_lookup (DrtNode        *node,
             gint64          now,
             DrtResolve     *resolve,
             const DrtEntry *hop,
             DrtMessage     *message)
{
  DrtLookup *lookup = &message->lookup;
  DrtSpan clear[2] = { 0 }, credential = { 0 };
  DRT_DATA sealed[2], keytoken;
  guint8 entry[64 + sizeof (DrtEntryAddresses)], path[16 + DRT_MAX_PATH * DRT_WIRE_ENDPOINT_SIZE];
  gsize size;

  if (node->settings.mode != DRT_SECURE_CONFIDENTIALPAYLOAD)
    {
      drt_node_request (node, now, &resolve->asked, message, DRT_PENDING_LOOKUP, &hop->key, resolve);
      return TRUE;
    }

  if (lookup->has_entry)
    clear[0] = (DrtSpan) { entry, drt_wire_entry_encode (&lookup->entry, entry, sizeof entry) };
  clear[1] = (DrtSpan) { path, drt_wire_endpoints_encode (&lookup->path, path, sizeof path) };
  if (hop->credential != NULL)
    {
      credential.data = g_bytes_get_data (hop->credential, &size);
      credential.length = size;
    }
  if (!drt_security_seal (node, credential, 2, clear, sealed, &keytoken))
    return FALSE;
  lookup->keytoken = drt_security_span (&keytoken);
  if (lookup->has_entry)
    lookup->sealed_entry = drt_security_span (&sealed[0]);
  lookup->sealed_path = drt_security_span (&sealed[1]);
  lookup->has_entry = FALSE;
  lookup->path = (DrtWireEndpoints) { 0 };
  drt_node_request (node, now, &resolve->asked, message, DRT_PENDING_LOOKUP, &hop->key, resolve);
  drt_security_free (node, &sealed[0]);
  drt_security_free (node, &sealed[1]);
  drt_security_free (node, &keytoken);
  return TRUE;
}

/* Steps 8 and 9 of §3.1.4.4. */
static void
ask_hop (DrtNode    *node,
         gint64      now,
         DrtResolve *resolve)
{
  DrtMessage message = { .type = DRT_MESSAGE_LOOKUP };
  DrtLookup *lookup = &message.lookup;
  const DrtEntry *hop = resolve->current->entry;
  const DrtEndpoint *to = drt_entry_choose_address (hop, node->locals, node->n_locals);
  guint8 path[DRT_MAX_PATH * DRT_WIRE_ENDPOINT_SIZE];
  DrtSpan what = { hop->key.b, DRT_KEY_SIZE };
  DrtEntryAddresses addresses;
  DrtProof proof;

  if (to == NULL)
    {
      g_clear_pointer (&resolve->current, next_hop_free);
      return;   /* still PHASE_READY: the next one */
    }
  resolve->asked_any = drt_cache_get_size (&node->cache) < DRT_FEW_ENTRIES;
  lookup->flags = resolve->asked_any ? DRT_LOOKUP_FLAG_A : 0;
  lookup->criteria = resolve->criteria;
  lookup->precision = resolve->criteria == DRT_CRITERIA_UPPER_BITS ? (guint16) resolve->precision : 0;
  lookup->reason = resolve->reason;
  lookup->target = resolve->target;
  lookup->validate_key = hop->key;
  if (resolve->best != NULL)
    {
      lookup->has_entry = TRUE;
      drt_entry_to_wire (resolve->best, &lookup->entry, &addresses);
    }
  fill_path (resolve, path, &lookup->path);
  if (!drt_security_prove (node, what, &proof, &lookup->proof))
    {
      g_clear_pointer (&resolve->current, next_hop_free);
      return;
    }

  resolve->asked = *to;
  resolve->asked_at = now;
  resolve->current->use_count++;
  resolve->phase = PHASE_ASKING;
  resolve->went_on = FALSE;
  add_hop (resolve, to, &hop->key, 0);
  if (!send_lookup (node, now, resolve, hop, &message))
    {
      last_hop (resolve)->flags |= DRT_ADDRESS_FLAG_UNREACHABLE;
      g_clear_pointer (&resolve->current, next_hop_free);
      resolve->phase = PHASE_READY;
    }
  drt_security_proof_clear (node, &proof);
}

static void
push_hop (DrtResolve     *resolve,
          const DrtEntry *entry)
{
  NextHop *hop = g_new0 (NextHop, 1);

  hop->entry = drt_entry_copy (entry);
  g_ptr_array_add (resolve->next_hops, hop);
}

static gboolean
was_asked (const DrtResolve *resolve,
           const DrtKey     *key)
{
  for (guint i = 0; i < resolve->hops->len; i++)
    if (drt_key_equal (&g_array_index (resolve->hops, DrtObservedHop, i).key, key))
      return TRUE;
  return FALSE;
}

/* §3.1.4.4 step 4 takes the one cached entry nearest the target.  While nobody
 * at all has answered the next nearest are tried too: with the first one dead
 * the resolve would end before it has begun.  And the cache may have come to
 * hold something nearer than all that was found since. */
static void
push_cached_hop (DrtNode    *node,
                 DrtResolve *resolve)
{
  DrtEntry *near[FIRST_HOPS_MAX];
  guint n;

  if (resolve->n_first_hops >= FIRST_HOPS_MAX || node->n_locals == 0)
    return;
  n = drt_cache_nearest (&node->cache, &resolve->target, NULL, NULL, near, FIRST_HOPS_MAX);
  for (guint i = 0; i < n; i++)
    {
      if (resolve->useful_hops > 0 && resolve->best != NULL &&
          drt_key_compare_distance (&resolve->target, &near[i]->key, &resolve->best->key) >= 0)
        return;
      if (was_asked (resolve, &near[i]->key))
        continue;
      resolve->n_first_hops++;
      push_hop (resolve, near[i]);
      return;
    }
}

static void
report_intermediate (DrtResolve *resolve)
{
  DrtResolveMatch match = {
    .key = resolve->current->entry->key,
    .n_addresses = resolve->current->entry->n_addresses,
    .addresses = resolve->current->entry->addresses,
  };

  resolve->phase = PHASE_WAITING;
  if (resolve->func != NULL)
    resolve->func (resolve->data, DRT_RESOLVE_INTERMEDIATE, &match, S_OK);
}

static gboolean
is_ours (DrtNode          *node,
         const DrtResolve *resolve)
{
  return resolve->has_own && drt_key_equal (&resolve->best->key, &resolve->own) &&
         drt_keys_find (node, &resolve->own) != NULL;
}

/* The best match is to be proved and reported; ours proves itself. */
static void
settle (DrtNode    *node,
        gint64      now,
        DrtResolve *resolve)
{
  if (is_ours (node, resolve))
    {
      const DrtLocalKey *local = drt_keys_find (node, &resolve->best->key);

      if (resolve->is_query)
        report_match (node, resolve, resolve->best, local->payload, TRUE);
      pop_best (resolve);
      if (!resolve->is_query || resolve->n_matches >= resolve->query.max_matches)
        finish (node, resolve, S_OK);
      return;
    }
  ask_best (node, now, resolve);
}

/* Step 7 of §3.1.4.4: whom to ask next, if anybody. */
static void
take_step (DrtNode    *node,
           gint64      now,
           DrtResolve *resolve)
{
  if (resolve->best != NULL && is_sufficient (resolve, &resolve->best->key))
    {
      settle (node, now, resolve);
      return;
    }

  if (resolve->current == NULL)
    {
      if (resolve->next_hops->len == 0)
        push_cached_hop (node, resolve);
      if (resolve->next_hops->len > 0)
        resolve->current = g_ptr_array_steal_index (resolve->next_hops, resolve->next_hops->len - 1);
    }
  if (resolve->current == NULL || resolve->suspicious > SUSPICIOUS_MAX || resolve->useful_hops > USEFUL_HOPS_MAX)
    {
      while (resolve->best != NULL && !is_acceptable (resolve, &resolve->best->key))
        pop_best (resolve);
      if (resolve->best != NULL)
        settle (node, now, resolve);
      else
        finish (node, resolve, S_OK);
      return;
    }

  if (resolve->is_query && resolve->query.iterative && resolve->useful_hops > 0 && !resolve->went_on)
    report_intermediate (resolve);
  else
    ask_hop (node, now, resolve);
}

/* --- Answers --- */

static gboolean
on_path (const DrtResolve  *resolve,
         const DrtEndpoint *endpoint,
         guint              n)
{
  for (guint i = 0; i < n; i++)
    if (drt_endpoint_equal (&resolve->path[i], endpoint))
      return TRUE;
  return FALSE;
}

static void
add_to_path (DrtResolve        *resolve,
             const DrtEndpoint *endpoint)
{
  if (!on_path (resolve, endpoint, resolve->n_path) && resolve->n_path < DRT_MAX_PATH)
    resolve->path[resolve->n_path++] = *endpoint;
}

/* Step 9 of §3.1.5.5.1: all but the last on the path, which may well name
 * another key of its own. */
static gboolean
is_loop (const DrtResolve *resolve,
         const DrtEntry   *entry)
{
  for (guint i = 0; i < entry->n_addresses; i++)
    if (on_path (resolve, &entry->addresses[i], resolve->n_path) &&
        !drt_endpoint_equal (&entry->addresses[i], &resolve->asked))
      return TRUE;
  return FALSE;
}

/* Steps 8 to 10 of §3.1.5.5.1. */
static void
take_next_hop (DrtNode        *node,
               DrtResolve     *resolve,
               const DrtKey   *named_by,
               const DrtEntry *next)
{
  gboolean pushed = resolve->current != NULL;
  guint32 *flags = &last_hop (resolve)->flags;

  /* Who knows nobody nearer will not know better with a longer path: step 8's
   * fallback would only bring the same answer twice more. */
  if (next == NULL)
    {
      g_clear_pointer (&resolve->current, next_hop_free);
      return;
    }
  if (resolve->current != NULL)
    g_ptr_array_add (resolve->next_hops, g_steal_pointer (&resolve->current));

  if (is_loop (resolve, next))
    {
      *flags |= DRT_ADDRESS_FLAG_LOOP;
    }
  else if (drt_key_compare_distance (&resolve->target, &next->key, named_by) < 0 || resolve->asked_any)
    {
      *flags |= DRT_ADDRESS_FLAG_ACCEPTED;
      push_hop (resolve, next);
    }
  else
    {
      *flags |= DRT_ADDRESS_FLAG_REJECTED;
      if (pushed)
        next_hop_free (g_ptr_array_steal_index (resolve->next_hops, resolve->next_hops->len - 1));
    }
}

/* §3.1.5.5.1 */
static void
lookup_answered (DrtNode                  *node,
                 gint64                    now,
                 DrtResolve               *resolve,
                 const DrtEndpoint        *from,
                 const DrtAuthorityBuffer *answer)
{
  DrtKey named_by = resolve->current->entry->key;
  g_autoptr (DrtEntry) next = answer->has_entry ? drt_entry_new_from_wire (&answer->entry) : NULL;
  guint32 *flags = &last_hop (resolve)->flags;

  add_to_path (resolve, &resolve->asked);
  resolve->useful_hops++;
  if (answer->flags & DRT_AUTHORITY_FLAG_L)
    {
      resolve->suspicious++;
      *flags |= DRT_ADDRESS_FLAG_SUSPECT_UNREGISTERED_ID;
    }
  if (answer->flags & DRT_AUTHORITY_FLAG_B)
    *flags |= DRT_ADDRESS_FLAG_TOO_BUSY;
  if (answer->flags & DRT_AUTHORITY_FLAG_N)
    {
      /* A key of zero was asked of whom nothing was known: nothing is lost. */
      *flags |= DRT_ADDRESS_FLAG_BAD_VALIDATE_ID;
      drt_routes_remove (node, now, &named_by, DRT_E_INVALID_KEY);
      g_clear_pointer (&resolve->current, next_hop_free);
    }
  else
    {
      DrtWireEntry wire;
      DrtEntryAddresses addresses;

      drt_entry_to_wire (resolve->current->entry, &wire, &addresses);
      if (!drt_key_is_zero (&named_by))
        {
          drt_validate_submit (node, now, &wire, DRT_LEARNED_FROM_AUTHORITY, from, NULL);
          consider_best (resolve, resolve->current->entry);
        }
      if (resolve->current->use_count >= USE_COUNT_MAX)
        g_clear_pointer (&resolve->current, next_hop_free);
    }
  take_next_hop (node, resolve, &named_by, next);
  resolve->phase = PHASE_READY;
}

/* §3.1.5.5.1.1 */
static void
match_answered (DrtNode                  *node,
                gint64                    now,
                DrtResolve               *resolve,
                const DrtAuthorityBuffer *answer)
{
  DrtCpa cpa = { 0 };
  HRESULT hr = DRT_E_INVALID_KEY;

  resolve->phase = PHASE_READY;
  if (answer->flags & DRT_AUTHORITY_FLAG_N)
    {
      last_hop (resolve)->flags |= DRT_ADDRESS_FLAG_BAD_VALIDATE_ID;
      drt_routes_remove (node, now, &resolve->best->key, DRT_E_INVALID_KEY);
    }
  else if (DRT_SPAN_PRESENT (answer->cpa))
    {
      hr = drt_cpa_validate (node, answer->cpa, answer->credential, answer->classifier, answer->payload,
                             resolve->nonce, &cpa);
      if (SUCCEEDED (hr) && !drt_key_equal (&cpa.key, &resolve->best->key))
        hr = DRT_E_INVALID_KEY;
      if (FAILED (hr))
        drt_node_drop (node, DRT_DROP_INVALID_CPA);
    }

  if (SUCCEEDED (hr))
    {
      DrtWireEntry wire;
      DrtEntryAddresses addresses;

      if (!resolve->is_query)
        {
          /* A key nobody asked for is worth knowing: maintenance, registration. */
          drt_entry_to_wire (resolve->best, &wire, &addresses);
          drt_validate_submit (node, now, &wire, DRT_LEARNED_FROM_AUTHORITY, &resolve->asked, NULL);
          resolve->n_matches++;
          finish (node, resolve, S_OK);
        }
      else
        {
          report_match (node, resolve, resolve->best, cpa.payload, FALSE);
          if (resolve->n_matches >= resolve->query.max_matches)
            finish (node, resolve, S_OK);
        }
    }
  if (resolve->phase != PHASE_FINISHED)
    pop_best (resolve);
  drt_cpa_clear (&cpa);
}

void
drt_resolve_answered (DrtNode                  *node,
                      gint64                    now,
                      const DrtPending         *request,
                      const DrtEndpoint        *from,
                      const DrtAuthorityBuffer *answer)
{
  DrtResolve *resolve = request->owner;

  last_hop (resolve)->latency = drt_node_round_trip (node, resolve->asked_at);
  if (request->kind == DRT_PENDING_LOOKUP)
    lookup_answered (node, now, resolve, from, answer);
  else
    match_answered (node, now, resolve, answer);
  if (resolve->phase == PHASE_READY)
    take_step (node, now, resolve);
  if (resolve->phase != PHASE_FINISHED)
    observe (node, resolve);
}

/* Both sends are lost: on with the next hop, or the next best match. */
void
drt_resolve_unanswered (DrtNode          *node,
                        gint64            now,
                        const DrtPending *request)
{
  DrtResolve *resolve = request->owner;
  DrtEntry *cached = drt_cache_find (&node->cache, &request->key);

  last_hop (resolve)->flags |= DRT_ADDRESS_FLAG_UNREACHABLE;
  resolve->phase = PHASE_READY;
  if (request->kind == DRT_PENDING_LOOKUP)
    {
      /* On the path, so that nobody names it again in this resolve. */
      add_to_path (resolve, &resolve->asked);
      g_clear_pointer (&resolve->current, next_hop_free);
    }
  else
    {
      pop_best (resolve);
    }
  if (cached != NULL)
    {
      cached->n_unanswered++;
      drt_monitor_entry (node, DRT_OBSERVED_CHANGED, cached);
      drt_inquire_cached (node, now, cached);
    }
  take_step (node, now, resolve);
  if (resolve->phase != PHASE_FINISHED)
    observe (node, resolve);
}

/* --- Life --- */

/* Takes @entry. */
static void
set_own_best (DrtResolve *resolve,
              DrtEntry   *entry)
{
  resolve->best = entry;
  resolve->has_own = entry != NULL;
  if (entry != NULL)
    resolve->own = entry->key;
}

/**
 * drt_resolve_new:
 * @node: a node
 * @now: the time
 * @target: the key to look for
 * @reason: why
 * @criteria: what counts as found
 * @precision: bits, with DRT_CRITERIA_UPPER_BITS
 * @best_match: (transfer full) (nullable): InitialBestMatchRouteEntry, of a key
 *   of ours
 *
 * Begins a resolve; its first step is taken with the next drt_node_advance().
 *
 * Returns: (transfer none): the resolve, which frees itself when it ends
 */
DrtResolve *
drt_resolve_new (DrtNode            *node,
                 gint64              now,
                 const DrtKey       *target,
                 DrtResolveReason    reason,
                 DrtResolveCriteria  criteria,
                 guint               precision,
                 DrtEntry           *best_match)
{
  DrtResolve *resolve = g_new0 (DrtResolve, 1);

  resolve->id = ++node->n_resolves;
  resolve->target = *target;
  resolve->reason = reason;
  resolve->criteria = criteria;
  resolve->precision = precision;
  resolve->started = now;
  resolve->deadline = now + INTERNAL_TIMEOUT;
  set_own_best (resolve, best_match);
  resolve->next_hops = g_ptr_array_new_with_free_func ((GDestroyNotify) next_hop_free);
  resolve->best_matches = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_entry_free);
  resolve->matched = g_array_new (FALSE, FALSE, sizeof (DrtKey));
  resolve->hops = g_array_new (FALSE, FALSE, sizeof (DrtObservedHop));
  /* §3.2.7.1: so that nobody refers us back to ourselves. */
  if (node->n_locals > 0)
    resolve->path[resolve->n_path++] = node->locals[0];
  g_ptr_array_add (node->resolves, resolve);
  node->counters.lookups_started++;
  return resolve;
}

DrtResolve *
drt_node_resolve_start (DrtNode               *node,
                        gint64                 now,
                        const DrtResolveQuery *query,
                        DrtResolveFunc         func,
                        gpointer               data)
{
  gboolean exact = drt_key_equal (&query->minimum, &query->maximum);
  const DrtLocalKey *local = query->allow_local ? drt_keys_nearest (node, &query->target) : NULL;
  DrtResolve *resolve = drt_resolve_new (node, now, &query->target, DRT_REASON_APP_REQUEST,
                                         exact ? DRT_CRITERIA_NONE : DRT_CRITERIA_NEAREST, 0, NULL);

  resolve->is_query = TRUE;
  resolve->query = *query;
  resolve->func = func;
  resolve->data = data;
  resolve->deadline = now + query->timeout;
  if (local != NULL && may_be_best (resolve, &local->key))
    {
      static const DrtEndpoint nowhere;
      DrtEntry *own = drt_keys_make_entry (node, local);

      /* Without a network our own keys are all that can be found. */
      set_own_best (resolve, own != NULL ? own : drt_entry_new (&local->key, 0, 0, &nowhere, 1));
    }
  if (node->closed || node->fault != S_OK)
    finish (node, resolve, DRT_E_FAULTED);
  return resolve;
}

void
drt_node_resolve_continue (DrtNode    *node,
                           gint64      now,
                           DrtResolve *resolve)
{
  if (resolve->phase != PHASE_WAITING)
    return;
  resolve->went_on = TRUE;
  resolve->phase = PHASE_READY;
}

void
drt_node_resolve_end (DrtNode    *node,
                      gint64      now,
                      DrtResolve *resolve)
{
  drt_pending_list_forget_owner (&node->pending, resolve);
  g_ptr_array_remove_fast (node->resolves, resolve);
}

const DrtObservedHop *
drt_node_resolve_get_path (const DrtResolve *resolve,
                           guint            *n_hops)
{
  *n_hops = resolve->hops->len;
  return (const DrtObservedHop *) (gpointer) resolve->hops->data;
}

void
drt_resolves_advance (DrtNode *node,
                      gint64   now)
{
  for (guint i = node->resolves->len; i > 0; i--)
    {
      DrtResolve *resolve = g_ptr_array_index (node->resolves, i - 1);

      if (resolve->deadline <= now)
        finish (node, resolve, DRT_E_TIMEOUT);
      while (resolve->phase == PHASE_READY)
        take_step (node, now, resolve);
      if (resolve->phase == PHASE_FINISHED)
        report_finished (node, now, resolve);
    }
}

gint64
drt_resolves_deadline (const DrtNode *node)
{
  gint64 deadline = G_MAXINT64;

  for (guint i = 0; i < node->resolves->len; i++)
    {
      const DrtResolve *resolve = g_ptr_array_index (node->resolves, i);

      if (resolve->phase == PHASE_READY || resolve->phase == PHASE_FINISHED)
        return 0;
      deadline = MIN (deadline, resolve->deadline);
    }
  return deadline;
}

void
drt_resolves_fail_all (DrtNode *node,
                       gint64   now,
                       HRESULT  hr)
{
  for (guint i = 0; i < node->resolves->len; i++)
    finish (node, g_ptr_array_index (node->resolves, i), hr);
}
