/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

#include <string.h>

#define OPENING_TIME (15 * G_USEC_PER_SEC)   /* the longest a node is without a status */

/* The node as its host sees it: its life, what comes in, what goes out, and
 * which status follows. */

guint32
drt_node_random_below (DrtNode *node,
                       guint32  limit)
{
  guint32 value;

  /* A modulo of 32 random bits favours nobody noticeably at the sizes used. */
  node->host.random (node->host_data, (guint8 *) &value, sizeof value);
  return value % limit;
}

/* A MessageID: random, never 0 nor that of a request still waiting (§2.2.1). */
guint32
drt_node_random_id (DrtNode *node)
{
  guint32 id;

  do
    node->host.random (node->host_data, (guint8 *) &id, sizeof id);
  while (id == 0 || drt_pending_list_find (&node->pending, id) != NULL);
  return id;
}

gboolean
drt_node_is_local (const DrtNode     *node,
                   const DrtEndpoint *endpoint)
{
  for (guint i = 0; i < node->n_locals; i++)
    if (drt_endpoint_equal (&node->locals[i], endpoint))
      return TRUE;
  return FALSE;
}

/* How long the answer being received took. */
gint64
drt_node_round_trip (const DrtNode *node,
                     gint64         sent)
{
  return MAX (node->arrived - sent, 0);
}

void
drt_node_drop (DrtNode       *node,
               DrtDropReason  reason)
{
  node->dropped = reason;
}

/* Credentials are needed again only to seal for their owner, who has proved @key at @at
 * with this one. */
void
drt_node_keep_credential (DrtNode           *node,
                          const DrtKey      *key,
                          const DrtEndpoint *at,
                          DrtSpan            credential)
{
  if (node->settings.mode == DRT_SECURE_CONFIDENTIALPAYLOAD && DRT_SPAN_PRESENT (credential))
    drt_credentials_keep (&node->credentials, key, at, credential);
}

/* --- Status --- */

static void
set_status (DrtNode    *node,
            gint64      now,
            DRT_STATUS  status,
            HRESULT     hr)
{
  const DrtEndpoint *found = NULL;
  guint n_found = 0;

  if (!node->bootstrapping && node->status == status)
    return;
  if (!node->bootstrapping && node->status == DRT_FAULTED)
    return;   /* only closing leads out of it */

  node->bootstrapping = FALSE;
  node->status = status;
  node->status_since = now;
  if (status == DRT_ALONE && node->bootstrap_found->len > 0)
    {
      found = (const DrtEndpoint *) (gpointer) node->bootstrap_found->data;
      n_found = node->bootstrap_found->len;
    }
  node->host.status_changed (node->host_data, status, hr, found, n_found);
  drt_monitor_event (node, now, DRT_OBSERVED_EVENT_STATUS, status, hr, NULL, NULL, NULL);
  drt_monitor_status (node);
  if (status == DRT_ACTIVE)
    drt_keys_announce_all (node, now);
}

/* Whether the search for others is still going on, so that nothing can be said yet. */
static gboolean
is_looking_for_others (const DrtNode *node,
                       gint64         now)
{
  /* Somebody who sends us false entries without end must not keep us from saying so. */
  if (node->bootstrapping && now >= node->status_since + OPENING_TIME)
    return FALSE;
  return node->discovering || node->syncs->len > 0 || node->validations->len > 0 || now < node->floods_until ||
         drt_pending_list_count (&node->pending, DRT_PENDING_REQUEST) > 0;
}

/**
 * drt_node_update_status:
 * @node: a node
 * @now: the time
 *
 * Derives the status from what there is: addresses, entries, a search for
 * others under way.  To be called whenever one of these has changed.
 */
void
drt_node_update_status (DrtNode *node,
                        gint64   now)
{
  if (node->closed || node->fault != S_OK)
    return;
  if (node->n_locals == 0)
    set_status (node, now, DRT_NO_NETWORK, S_OK);
  else if (drt_cache_get_size (&node->cache) > 0)
    set_status (node, now, DRT_ACTIVE, S_OK);
  else if (!node->bootstrapping && node->status == DRT_ACTIVE)
    set_status (node, now, DRT_ALONE, S_OK);
  else if (!is_looking_for_others (node, now))
    set_status (node, now, DRT_ALONE, S_OK);
}

void
drt_node_fault (DrtNode *node,
                gint64   now,
                HRESULT  hr)
{
  if (node->closed || node->fault != S_OK)
    return;
  node->fault = FAILED (hr) ? hr : E_FAIL;
  set_status (node, now, DRT_FAULTED, node->fault);
  drt_resolves_fail_all (node, now, DRT_E_FAULTED);
  g_array_set_size (node->syncs, 0);
  g_array_set_size (node->conversations, 0);
  g_ptr_array_set_size (node->validations, 0);
  g_ptr_array_set_size (node->introductions, 0);
  drt_pending_list_empty (&node->pending);
}

/* --- Life --- */

DrtNode *
drt_node_new (const DrtNodeSettings *settings,
              const DrtNodeHost     *host,
              gpointer               host_data)
{
  DrtNode *node = g_new0 (DrtNode, 1);

  node->settings = *settings;
  node->host = *host;
  node->host_data = host_data;
  node->bootstrapping = TRUE;
  node->maintenance = G_MAXINT64;
  node->round_trip.smoothed = -1;
  node->bootstrap_found = g_array_new (FALSE, FALSE, sizeof (DrtEndpoint));
  drt_cache_init (&node->cache);
  node->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_local_key_free);
  drt_pending_list_init (&node->pending);
  drt_reassembly_list_init (&node->reassembly);
  drt_replay_init (&node->replay);
  drt_split_detection_init (&node->split);
  node->syncs = g_array_new (FALSE, FALSE, sizeof (DrtSync));
  node->conversations = g_array_new (FALSE, FALSE, sizeof (DrtConversation));
  node->validations = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_validation_free);
  node->introductions = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_introduction_free);
  drt_credentials_init (&node->credentials);
  node->resolves = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_resolve_free);
  return node;
}

void
drt_node_free (DrtNode *node)
{
  if (node == NULL)
    return;
  g_ptr_array_unref (node->resolves);
  g_ptr_array_unref (node->introductions);
  drt_credentials_clear (&node->credentials);
  g_ptr_array_unref (node->validations);
  g_array_unref (node->conversations);
  g_array_unref (node->syncs);
  drt_split_detection_clear (&node->split);
  drt_reassembly_list_clear (&node->reassembly);
  drt_replay_clear (&node->replay);
  drt_pending_list_clear (&node->pending);
  g_ptr_array_unref (node->keys);
  drt_cache_clear (&node->cache);
  g_array_unref (node->bootstrap_found);
  drt_load_clear (&node->load);
  drt_budget_clear (&node->budget);
  g_free (node);
}

static void
set_locals (DrtNode           *node,
            const DrtEndpoint *addresses,
            guint              n_addresses)
{
  g_assert (n_addresses <= DRT_MAX_LOCAL_ADDRESSES);

  node->n_locals = n_addresses;
  for (guint i = 0; i < n_addresses; i++)
    node->locals[i] = addresses[i];
  for (guint i = 0; i < drt_cache_get_size (&node->cache); i++)
    drt_entry_compare_locals (drt_cache_get (&node->cache, i), node->locals, node->n_locals);
}

void
drt_node_open (DrtNode           *node,
               gint64             now,
               const DrtEndpoint *addresses,
               guint              n_addresses)
{
  set_locals (node, addresses, n_addresses);
  node->host.random (node->host_data, node->anchor.b, sizeof node->anchor.b);
  node->status_since = now;
  drt_maintenance_schedule (node, now);
  if (n_addresses > 0)
    drt_maintenance_discover (node, now);
  drt_node_update_status (node, now);
}

void
drt_node_set_addresses (DrtNode           *node,
                        gint64             now,
                        const DrtEndpoint *addresses,
                        guint              n_addresses)
{
  gboolean had_network = node->n_locals > 0;

  if (node->closed || node->fault != S_OK)
    return;
  if (n_addresses == node->n_locals)
    {
      gboolean same = TRUE;

      for (guint i = 0; i < n_addresses; i++)
        same = same && drt_endpoint_equal (&node->locals[i], &addresses[i]);
      if (same)
        return;
    }

  set_locals (node, addresses, n_addresses);
  drt_monitor_event (node, now, DRT_OBSERVED_EVENT_ADDRESSES, (int) n_addresses, S_OK, NULL, NULL, NULL);

  /* Whoever is back in a network begins anew, but with what it still knows. */
  if (n_addresses > 0 && !had_network)
    {
      node->bootstrapping = TRUE;
      node->status_since = now;
    }
  if (n_addresses > 0 && (!had_network || drt_cache_get_size (&node->cache) == 0))
    drt_maintenance_discover (node, now);
  drt_node_update_status (node, now);
  drt_monitor_status (node);

  /* §3.2.7.2: every key is announced with its new addresses. */
  if (n_addresses > 0)
    drt_keys_announce_all (node, now);
}

void
drt_node_send_failed (DrtNode           *node,
                      gint64             now,
                      const DrtEndpoint *to)
{
  /* Whether it was lost here or on the way makes no difference to who waits
   * for an answer: the retransmission will tell. */
  node->counters.send_errors++;
}

/* --- Receiving --- */

/* Whether what others may ask of us at will is more than we can answer. */
static gboolean
is_too_busy (DrtNode           *node,
             gint64             now,
             const DrtEndpoint *from,
             DrtMessageType     type)
{
  if (type != DRT_MESSAGE_SOLICIT && type != DRT_MESSAGE_LOOKUP && type != DRT_MESSAGE_INQUIRE)
    return FALSE;
  if (node->load.by_source == NULL && node->load.n_requests >= DRT_LOAD_FEW)
    node->load.salt = drt_node_random_below (node, G_MAXUINT32);
  return drt_load_is_too_much (&node->load, now, from);
}

static void
dispatch (DrtNode           *node,
          gint64             now,
          const DrtEndpoint *from,
          const DrtMessage  *message)
{
  switch (message->type)
    {
    case DRT_MESSAGE_SOLICIT:
      drt_solicit_received (node, now, from, message);
      break;
    case DRT_MESSAGE_ADVERTISE:
      drt_advertise_received (node, now, from, message);
      break;
    case DRT_MESSAGE_REQUEST:
      drt_request_received (node, now, from, message);
      break;
    case DRT_MESSAGE_FLOOD:
      drt_flood_received (node, now, from, message);
      break;
    case DRT_MESSAGE_INQUIRE:
      drt_inquire_received (node, now, from, message);
      break;
    case DRT_MESSAGE_AUTHORITY:
      drt_authority_received (node, now, from, message);
      break;
    case DRT_MESSAGE_ACK:
      drt_ack_received (node, now, from, message);
      break;
    case DRT_MESSAGE_LOOKUP:
      drt_lookup_received (node, now, from, message);
      break;
    default:
      drt_node_drop (node, DRT_DROP_MALFORMED);
      break;
    }
}

/**
 * drt_node_receive:
 * @node: a node
 * @now: the time
 * @arrived: when it reached the host: a busy program comes to it later
 * @from: source of the datagram
 * @bytes: its payload
 * @length: of @bytes
 *
 * Acts on a datagram ([MC-DRT] §3.1.5.1).  Whatever is wrong with it, it is
 * dropped silently and counted by reason.
 */
void
drt_node_receive (DrtNode           *node,
                  gint64             now,
                  gint64             arrived,
                  const DrtEndpoint *from,
                  const guint8      *bytes,
                  gsize              length)
{
  DrtMessage message;

  if (node->closed)
    drt_closing_received (node, now, from, bytes, length);
  if (node->closed || node->fault != S_OK)
    return;

  node->counters.messages_in++;
  node->counters.bytes_in += length;
  node->dropped = DRT_DROP_NONE;
  node->arrived = arrived;
  node->received = length;
  drt_load_waited (&node->load, now, now - arrived);
  if (from->port < DRT_MIN_PORT)
    {
      drt_node_drop (node, DRT_DROP_LOW_PORT);
    }
  else if (drt_message_decode (bytes, length, &message) != DRT_DECODE_OK)
    {
      drt_node_drop (node, DRT_DROP_MALFORMED);
    }
  else
    {
      node->counters.in_by_type[message.type % DRT_N_MESSAGE_TYPES]++;
      /* §1.7: nothing is negotiated; another major version is another cloud. */
      if (message.major != node->settings.protocol_major)
        drt_node_drop (node, DRT_DROP_WRONG_VERSION);
      else
        {
          node->busy = is_too_busy (node, now, from, message.type);
          if (node->busy)
            drt_node_drop (node, DRT_DROP_TOO_MANY);
          /* That we are too busy is told to whom may know of us. */
          if (!node->busy || !drt_security_is_silent (node) || drt_node_knows (node, from))
            dispatch (node, now, from, &message);
        }
    }

  if (node->dropped != DRT_DROP_NONE)
    node->counters.dropped[node->dropped]++;
  drt_monitor_message (node, now, DRT_OBSERVED_IN, from, bytes, length, node->dropped);
  drt_node_update_status (node, now);
}

/* --- Time --- */

static void
request_failed (DrtNode    *node,
                gint64      now,
                DrtPending *request)
{
  node->counters.requests_failed++;
  switch (request->kind)
    {
    case DRT_PENDING_SOLICIT:
      drt_sync_unanswered (node, now, request);
      break;
    case DRT_PENDING_REQUEST:
      break;
    case DRT_PENDING_FLOOD:           /* §3.2.6.3 */
      drt_flood_unanswered (node, now, request);
      break;
    case DRT_PENDING_INQUIRE_SEAL:
      drt_introduction_unanswered (node, now, request);
      break;
    case DRT_PENDING_INQUIRE_CACHED:  /* §3.1.6.1 */
      drt_routes_unanswered (node, now, request);
      break;
    case DRT_PENDING_INQUIRE_NEW:
      drt_validate_unanswered (node, now, request);
      break;
    case DRT_PENDING_INQUIRE_MATCH:
    case DRT_PENDING_INQUIRE_HOP:
    case DRT_PENDING_LOOKUP:
      drt_resolve_unanswered (node, now, request);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* §3.1.6.2 */
static void
retransmit (DrtNode *node,
            gint64   now)
{
  DrtPending *request;

  while ((request = drt_pending_list_get_due (&node->pending, now)) != NULL)
    {
      g_autoptr (DrtPending) failed = NULL;

      if (request->resend <= now)
        {
          drt_node_resend (node, now, request);
        }
      else if (request->late <= now)
        {
          request->late = G_MAXINT64;
          drt_pending_list_schedule (&node->pending, request);
          drt_resolve_late (node, now, request);
        }
      else if (request->lost <= now)
        {
          request->lost = G_MAXINT64;
          drt_pending_list_schedule (&node->pending, request);
          if (request->owner != NULL)
            drt_resolve_lost (node, now, request);
        }
      else
        {
          failed = drt_pending_list_steal (&node->pending, request->id);
          drt_reassembly_list_forget (&node->reassembly, failed->id);
          request_failed (node, now, failed);
        }
    }
}

/**
 * drt_node_advance:
 * @node: a node
 * @now: the time
 *
 * Does what is due: retransmissions, expiries, maintenance, resolves that have
 * been begun or continued.
 */
void
drt_node_advance (DrtNode *node,
                  gint64   now)
{
  if (!node->closed && node->fault == S_OK)
    {
      drt_reassembly_list_expire (&node->reassembly, now);
      drt_conversations_expire (node, now);
      if (node->floods_until <= now)
        node->floods_until = 0;
      retransmit (node, now);
      if (node->maintenance <= now)
        drt_maintenance_run (node, now);
      drt_maintenance_fill_gaps (node, now);
    }
  if (node->closed)
    drt_closing_advance (node, now);
  drt_resolves_advance (node, now);
  drt_node_update_status (node, now);
}

/* When drt_node_advance() is to be called next; G_MAXINT64: not before something comes. */
gint64
drt_node_next_deadline (const DrtNode *node)
{
  gint64 deadline;

  deadline = MIN (drt_resolves_deadline (node), drt_pending_list_deadline (&node->pending));
  if (node->closed || node->fault != S_OK)
    return deadline;
  deadline = MIN (deadline, drt_maintenance_deadline (node));
  if (node->bootstrapping && node->floods_until > 0)
    deadline = MIN (deadline, node->floods_until);
  if (node->bootstrapping)
    deadline = MIN (deadline, node->status_since + OPENING_TIME);
  deadline = MIN (deadline, drt_reassembly_list_deadline (&node->reassembly));
  deadline = MIN (deadline, drt_conversations_deadline (node));
  return deadline;
}

/* --- Bootstrap --- */

void
drt_node_bootstrap_now (DrtNode *node,
                        gint64   now)
{
  if (!node->closed && node->fault == S_OK && node->n_locals > 0)
    drt_maintenance_discover (node, now);
}

/* §3.1.4.3: a synchronisation with each endpoint, as Windows with ten at most. */
void
drt_node_bootstrap_found (DrtNode           *node,
                          gint64             now,
                          const DrtEndpoint *endpoints,
                          guint              n_endpoints)
{
  if (node->closed || node->fault != S_OK)
    return;
  if (node->split.asking_host)
    {
      drt_split_detection_bootstrap_found (node, endpoints, n_endpoints);
      return;
    }
  for (guint i = 0; i < n_endpoints && node->bootstrap_found->len < DRT_SYNC_MAX; i++)
    {
      if (drt_node_is_local (node, &endpoints[i]) ||
          !drt_endpoint_is_usable (&endpoints[i], node->locals, node->n_locals))
        continue;
      g_array_append_val (node->bootstrap_found, endpoints[i]);
      drt_sync_start (node, now, &endpoints[i]);
    }
  drt_node_update_status (node, now);
}

void
drt_node_bootstrap_done (DrtNode *node,
                         gint64   now,
                         HRESULT  hr)
{
  if (node->closed || node->fault != S_OK)
    return;
  if (node->split.asking_host)
    {
      drt_split_detection_bootstrap_done (node, now);
      return;
    }
  node->discovering = FALSE;
  node->bootstrap_result = hr;
  drt_monitor_event (node, now, DRT_OBSERVED_EVENT_BOOTSTRAP, (int) node->bootstrap_found->len, hr, NULL, NULL, NULL);
  drt_monitor_status (node);
  drt_node_update_status (node, now);
}
