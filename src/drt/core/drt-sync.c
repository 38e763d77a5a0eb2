/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

#include <math.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

/* Synchronisation conversations, both sides: SOLICIT, ADVERTISE, REQUEST, ACK
 * and FLOODs ([MC-DRT] §3.1.4.3, §3.1.5.2, §3.2.5.3, §3.2.5.4). */

#define CONVERSATION_TIME            (15 * G_USEC_PER_SEC)  /* §3.2.2 */
#define CONVERSATIONS_MAX            512
#define CONVERSATIONS_PER_SOURCE_MAX 16   /* see drt_is_same_source() */
#define CONVERSATIONS_PER_NET_MAX    128
#define SYNCS_MAX                    32   /* begun by us; maintenance begins more in time */
#define ADVERTISED_KEYS              5                      /* §3.2.5.3 */
#define ADVERTISED_KEYS_MAX          10                     /* with our own, while we know few others */

/* A REQUEST may name what it likes; answering more than this many keys would
 * let a forged source address multiply what it sends. */
#define REQUESTED_KEYS_MAX           10

static void
hash_nonce (const guint8 nonce[DRT_NONCE_SIZE],
            guint8       hash[DRT_HASHED_NONCE_SIZE])
{
  unsigned int length = DRT_HASHED_NONCE_SIZE;

  if (EVP_Digest (nonce, DRT_NONCE_SIZE, hash, &length, EVP_sha1 (), NULL) != 1)
    g_error ("SHA-1 is not to be had from OpenSSL");
}

/* --- The resolver's side --- */

/**
 * drt_sync_start:
 * @node: a node
 * @now: the time
 * @peer: a node of the cloud
 *
 * Begins a synchronisation conversation ([MC-DRT] §3.1.4.3), unless one with
 * @peer is under way.
 */
void
drt_sync_start (DrtNode           *node,
                gint64             now,
                const DrtEndpoint *peer)
{
  DrtMessage message = { .type = DRT_MESSAGE_SOLICIT };
  DrtSync sync = { .peer = *peer };
  g_autoptr (DrtEntry) own = NULL;
  DrtEntryAddresses addresses;
  DrtProof proof;

  if (node->syncs->len >= SYNCS_MAX)
    return;
  for (guint i = 0; i < node->syncs->len; i++)
    if (drt_endpoint_equal (&g_array_index (node->syncs, DrtSync, i).peer, peer))
      return;

  node->host.random (node->host_data, sync.nonce, sizeof sync.nonce);
  hash_nonce (sync.nonce, message.solicit.hashed_nonce);
  if (node->keys->len > 0)
    {
      own = drt_keys_make_entry (node, drt_keys_get (node, drt_node_random_below (node, node->keys->len)));
      if (own != NULL)
        {
          message.solicit.has_entry = TRUE;
          drt_entry_to_wire (own, &message.solicit.entry, &addresses);
        }
    }
  if (!drt_security_prove (node, &message, &proof))
    return;
  sync.solicit_id = drt_node_request (node, now, peer, &message, DRT_PENDING_SOLICIT, NULL, NULL);
  drt_security_proof_clear (node, &proof);
  if (sync.solicit_id != 0)
    g_array_append_val (node->syncs, sync);
}

/* §3.2.6.3: the conversation state is released. */
void
drt_sync_unanswered (DrtNode          *node,
                     gint64            now,
                     const DrtPending *request)
{
  for (guint i = 0; i < node->syncs->len; i++)
    if (g_array_index (node->syncs, DrtSync, i).solicit_id == request->id)
      {
        g_array_remove_index_fast (node->syncs, i);
        return;
      }
}

static void
send_request (DrtNode              *node,
              gint64                now,
              const DrtEndpoint    *to,
              const DrtRequestBody *body)
{
  DrtMessage message = { .type = DRT_MESSAGE_REQUEST, .request.has_body = TRUE, .request.body = *body };
  DrtMessage parts[DRT_REASSEMBLED_MAX / DRT_FRAGMENT_SIZE + 1];
  guint8 bytes[DRT_REASSEMBLED_MAX];
  guint n_parts = 0;
  DrtProof proof;
  gsize length;

  if (!drt_security_prove (node, &message, &proof))
    return;
  length = drt_request_body_encode (&message.request.body, bytes, sizeof bytes);
  drt_security_proof_clear (node, &proof);
  if (length == 0)
    return;

  if (node->settings.mode == DRT_SECURE_RESOLVE)
    {
      drt_node_request (node, now, to, &message, DRT_PENDING_REQUEST, NULL, NULL);
      return;
    }

  for (gsize offset = 0; offset < length; offset += DRT_FRAGMENT_SIZE)
    {
      DrtMessage *part = &parts[n_parts++];

      *part = (DrtMessage) { .type = DRT_MESSAGE_REQUEST, .id = message.id };
      part->request.has_split = TRUE;
      part->request.size = (guint16) length;
      part->request.offset = (guint16) offset;
      part->request.fragment = (DrtSpan) { bytes + offset, MIN (length - offset, DRT_FRAGMENT_SIZE) };
    }
  drt_node_request_parts (node, now, to, parts, n_parts, DRT_PENDING_REQUEST, NULL, NULL);
}

/* Which of the advertised keys are worth asking for.  §3.1.5.2 says all; those
 * we publish or hold already would tell us nothing. */
static guint
select_keys (DrtNode           *node,
             const DrtWireKeys *advertised,
             guint8            *keys,
             guint              max)
{
  guint n = 0;

  for (guint i = 0; i < advertised->n_keys && n < max; i++)
    {
      DrtKey key;

      drt_wire_keys_get (advertised, i, &key);
      if (drt_keys_find (node, &key) != NULL || drt_cache_find (&node->cache, &key) != NULL)
        continue;
      memcpy (keys + n * DRT_KEY_SIZE, key.b, DRT_KEY_SIZE);
      n++;
    }
  return n;
}

void
drt_advertise_received (DrtNode           *node,
                        gint64             now,
                        const DrtEndpoint *from,
                        const DrtMessage  *message)
{
  const DrtAdvertise *advertise = &message->advertise;
  guint8 keys[REQUESTED_KEYS_MAX * DRT_KEY_SIZE];
  guint8 hash[DRT_HASHED_NONCE_SIZE];
  DrtRequestBody body = { 0 };
  g_autoptr (DrtPending) request = NULL;

  for (guint i = 0; i < node->syncs->len; i++)
    {
      DrtSync sync = g_array_index (node->syncs, DrtSync, i);

      if (sync.solicit_id != advertise->acked)
        continue;
      hash_nonce (sync.nonce, hash);
      if (CRYPTO_memcmp (hash, advertise->hashed_nonce, sizeof hash) != 0)
        break;

      drt_split_detection_heard (node, from);
      g_array_remove_index_fast (node->syncs, i);
      request = drt_pending_list_steal (&node->pending, advertise->acked);
      drt_node_answered (node, request);
      drt_monitor_event (node, now, DRT_OBSERVED_EVENT_SYNCHRONISED, advertise->keys.n_keys, S_OK, NULL, NULL, from);
      body.keys.n_keys = (guint16) select_keys (node, &advertise->keys, keys, REQUESTED_KEYS_MAX);
      body.keys.keys = keys;
      memcpy (body.nonce, sync.nonce, sizeof body.nonce);
      if (body.keys.n_keys > 0)
        send_request (node, now, from, &body);
      return;
    }
  drt_node_drop (node, DRT_DROP_UNEXPECTED);
}

/* --- The publisher's side --- */

/* @hash: NULL for any conversation with @from. */
static gint
find_conversation (DrtNode           *node,
                   const DrtEndpoint *from,
                   const guint8      *hash)
{
  for (guint i = 0; i < node->conversations->len; i++)
    {
      const DrtConversation *conversation = &g_array_index (node->conversations, DrtConversation, i);

      if (drt_endpoint_equal (&conversation->peer, from) &&
          (hash == NULL || CRYPTO_memcmp (hash, conversation->hashed_nonce, DRT_HASHED_NONCE_SIZE) == 0))
        return (gint) i;
    }
  return -1;
}

static guint
count_net (DrtNode           *node,
           const DrtEndpoint *peer)
{
  guint n = 0;

  for (guint i = 0; i < node->conversations->len; i++)
    n += drt_is_same_net (&g_array_index (node->conversations, DrtConversation, i).peer, peer);
  return n;
}

/* The table is full: somebody drawn by lot goes, if he has more than @n others of
 * his net.  Whoever has most is drawn most. */
static gboolean
make_room (DrtNode *node,
           guint    n)
{
  guint i = drt_node_random_below (node, node->conversations->len);

  if (count_net (node, &g_array_index (node->conversations, DrtConversation, i).peer) <= n + 1)
    return FALSE;
  g_array_remove_index_fast (node->conversations, i);
  return TRUE;
}

/* Whether one more conversation with @from is within the bounds. */
static gboolean
may_converse (DrtNode           *node,
              const DrtEndpoint *from)
{
  guint n_source = 0, n_net = count_net (node, from);

  for (guint i = 0; i < node->conversations->len; i++)
    n_source += drt_is_same_source (&g_array_index (node->conversations, DrtConversation, i).peer, from);
  return n_source < CONVERSATIONS_PER_SOURCE_MAX && n_net < CONVERSATIONS_PER_NET_MAX &&
         (node->conversations->len < CONVERSATIONS_MAX || make_room (node, n_net));
}

/* Finds or makes the Conversation Table entry; FALSE when too busy for one. */
static gboolean
begin_conversation (DrtNode           *node,
                    gint64             now,
                    const DrtEndpoint *from,
                    const DrtSolicit  *solicit)
{
  gint i = find_conversation (node, from, solicit->hashed_nonce);
  DrtConversation *conversation;

  if (i < 0)
    {
      DrtConversation fresh = { .peer = *from };

      if (!may_converse (node, from))
        return FALSE;
      memcpy (fresh.hashed_nonce, solicit->hashed_nonce, sizeof fresh.hashed_nonce);
      g_array_append_val (node->conversations, fresh);
      i = (gint) node->conversations->len - 1;
    }
  conversation = &g_array_index (node->conversations, DrtConversation, i);
  conversation->peer_key = solicit->has_entry ? solicit->entry.key : (DrtKey) { 0 };
  conversation->deadline = now + CONVERSATION_TIME;
  return TRUE;
}

static gboolean
is_among (const guint8 *keys,
          guint         n,
          const DrtKey *key)
{
  for (guint i = 0; i < n; i++)
    if (memcmp (keys + i * DRT_KEY_SIZE, key->b, DRT_KEY_SIZE) == 0)
      return TRUE;
  return FALSE;
}

/* Evenly over the ring: most of a large cache is near our own keys. */
static guint
choose_by_place (DrtNode *node,
                 guint8  *keys,
                 double   first)
{
  guint n;

  for (n = 0; n < ADVERTISED_KEYS; n++)
    {
      DrtEntry *near[ADVERTISED_KEYS];
      DrtKey place;
      guint i = 0;

      drt_key_from_turn (&place, fmod (first + (double) n / ADVERTISED_KEYS, 1));
      drt_cache_nearest (&node->cache, &place, NULL, NULL, near, ADVERTISED_KEYS);
      while (is_among (keys, n, &near[i]->key))
        i++;
      memcpy (keys + n * DRT_KEY_SIZE, near[i]->key.b, DRT_KEY_SIZE);
    }
  return n;
}

/* Every fifth, or so: a small cache is the whole cloud, of which nobody is to be
 * left out for having near neighbours. */
static guint
choose_by_number (DrtNode *node,
                  guint8  *keys,
                  double   first)
{
  guint size = drt_cache_get_size (&node->cache);
  guint n;

  for (n = 0; n < MIN (size, ADVERTISED_KEYS); n++)
    {
      guint i = (guint) ((first + (double) n / MIN (size, ADVERTISED_KEYS)) * size) % size;

      memcpy (keys + n * DRT_KEY_SIZE, drt_cache_get (&node->cache, i)->key.b, DRT_KEY_SIZE);
    }
  return n;
}

/* §3.2.5.3: about five keys spread evenly over the ring. */
static guint
choose_advertised (DrtNode *node,
                   guint8  *keys,
                   guint    max)
{
  double first = drt_node_random_below (node, G_MAXINT32) / (double) G_MAXINT32;
  guint size = drt_cache_get_size (&node->cache);
  guint n = size > DRT_SPREAD_ENTRIES ? choose_by_place (node, keys, first) : choose_by_number (node, keys, first);

  if (size < ADVERTISED_KEYS)
    for (guint i = 0; i < node->keys->len && n < max; i++, n++)
      memcpy (keys + n * DRT_KEY_SIZE, drt_keys_get (node, i)->key.b, DRT_KEY_SIZE);
  return n;
}

void
drt_solicit_received (DrtNode           *node,
                      gint64             now,
                      const DrtEndpoint *from,
                      const DrtMessage  *message)
{
  const DrtSolicit *solicit = &message->solicit;
  DrtMessage answer = { .type = DRT_MESSAGE_ADVERTISE };
  guint8 keys[ADVERTISED_KEYS_MAX * DRT_KEY_SIZE];
  gboolean busy;

  if (node->busy)
    {
      /* It may not be a member: no more than that, and of no conversation. */
      busy = TRUE;
    }
  else
    {
      if (!drt_security_verify (node, now, from, message))
        return;
      busy = !begin_conversation (node, now, from, solicit);
    }
  answer.advertise.acked = message->id;
  memcpy (answer.advertise.hashed_nonce, solicit->hashed_nonce, sizeof answer.advertise.hashed_nonce);
  answer.advertise.keys.keys = keys;
  if (!busy)
    answer.advertise.keys.n_keys = (guint16) choose_advertised (node, keys, ADVERTISED_KEYS_MAX);
  drt_node_send (node, now, from, &answer);

  if (solicit->has_entry && !busy)
    drt_validate_submit (node, now, &solicit->entry, DRT_LEARNED_FROM_SOLICIT, from, NULL);
}

/* The entry of a key that was asked for: cached, or ours. */
static void
flood_requested (DrtNode               *node,
                 gint64                 now,
                 const DrtConversation *conversation,
                 DrtSpan                credential,
                 const DrtKey          *key)
{
  const DrtLocalKey *local = drt_keys_find (node, key);
  g_autoptr (DrtEntry) own = local != NULL ? drt_keys_make_entry (node, local) : NULL;
  DrtFloodContent content = { .no_ack = TRUE };
  guint32 id;

  content.entry = own != NULL ? own : drt_cache_find (&node->cache, key);
  if (content.entry != NULL)
    drt_flood_send (node, now, &conversation->peer, &conversation->peer_key, credential, &content, &id);
}

static gboolean
seen_before (const DrtWireKeys *keys,
             guint              i,
             const DrtKey      *key)
{
  for (guint j = 0; j < i; j++)
    {
      DrtKey other;

      drt_wire_keys_get (keys, j, &other);
      if (drt_key_equal (&other, key))
        return TRUE;
    }
  return FALSE;
}

/* @message has the body, put together if need be. */
static void
answer_request (DrtNode           *node,
                gint64             now,
                const DrtEndpoint *from,
                const DrtMessage  *message)
{
  const DrtRequestBody *body = &message->request.body;
  DrtConversation conversation;
  guint8 hash[DRT_HASHED_NONCE_SIZE];
  gint i;

  hash_nonce (body->nonce, hash);
  i = find_conversation (node, from, hash);
  if (i < 0)
    {
      drt_node_drop (node, DRT_DROP_UNEXPECTED);
      return;
    }
  conversation = g_array_index (node->conversations, DrtConversation, i);
  /* Dear, so only after everything cheap. */
  if (!drt_security_verify (node, now, from, message))
    return;

  drt_ack_send (node, now, from, message->id, FALSE);
  g_array_remove_index_fast (node->conversations, (guint) i);
  for (guint j = 0; j < body->keys.n_keys && j < REQUESTED_KEYS_MAX; j++)
    {
      DrtKey key;

      drt_wire_keys_get (&body->keys, j, &key);
      if (!seen_before (&body->keys, j, &key))
        flood_requested (node, now, &conversation, body->proof.credential, &key);
    }
}

void
drt_request_received (DrtNode           *node,
                      gint64             now,
                      const DrtEndpoint *from,
                      const DrtMessage  *message)
{
  const DrtRequest *request = &message->request;
  g_autofree guint8 *whole = NULL;
  DrtMessage complete = *message;

  if (request->has_split != (node->settings.mode != DRT_SECURE_RESOLVE))
    {
      drt_node_drop (node, DRT_DROP_NO_MEMBER);
      return;
    }
  if (request->has_body)
    {
      answer_request (node, now, from, message);
      return;
    }
  /* Only who is in a conversation may make us keep fragments. */
  if (find_conversation (node, from, NULL) < 0)
    {
      drt_node_drop (node, DRT_DROP_UNEXPECTED);
      return;
    }
  switch (drt_reassembly_list_add (&node->reassembly, now, message->id, 0, from, request->size,
                                   request->offset, request->fragment, &whole))
    {
    case DRT_REASSEMBLY_COMPLETE:
      if (drt_request_body_decode (whole, request->size, &complete.request.body) == DRT_DECODE_OK)
        answer_request (node, now, from, &complete);
      else
        drt_node_drop (node, DRT_DROP_MALFORMED);
      break;
    case DRT_REASSEMBLY_INCOMPLETE:
      break;
    case DRT_REASSEMBLY_BAD:
      drt_node_drop (node, DRT_DROP_BAD_FRAGMENT);
      break;
    case DRT_REASSEMBLY_FULL:
      drt_node_drop (node, DRT_DROP_TOO_MANY);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* §3.2.6.1 */
void
drt_conversations_expire (DrtNode *node,
                          gint64   now)
{
  for (guint i = node->conversations->len; i > 0; i--)
    if (g_array_index (node->conversations, DrtConversation, i - 1).deadline <= now)
      g_array_remove_index_fast (node->conversations, i - 1);
}

gint64
drt_conversations_deadline (const DrtNode *node)
{
  gint64 deadline = G_MAXINT64;

  for (guint i = 0; i < node->conversations->len; i++)
    deadline = MIN (deadline, g_array_index (node->conversations, DrtConversation, i).deadline);
  return deadline;
}
