/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-bytes.h"
#include "drt-node-private.h"

/* What leaves a node: answers, and requests that wait for one. */

static void
send_bytes (DrtNode           *node,
            gint64             now,
            const DrtEndpoint *to,
            const guint8      *bytes,
            gsize              length)
{
  node->counters.messages_out++;
  node->counters.bytes_out += length;
  node->counters.out_by_type[bytes[7] % DRT_N_MESSAGE_TYPES]++;
  drt_monitor_message (node, now, DRT_OBSERVED_OUT, to, bytes, length, DRT_DROP_NONE);
  node->host.send (node->host_data, to, bytes, length);
}

static gsize
encode (DrtNode    *node,
        DrtMessage *message,
        guint32     id,
        guint8     *bytes,
        gsize       size)
{
  gsize length;

  message->major = node->settings.protocol_major;
  message->minor = node->settings.protocol_minor;
  message->id = id;
  length = drt_message_encode (message, bytes, size);
  if (length == 0)
    g_warning ("A %s does not fit a datagram", drt_message_type_to_string (message->type));
  return length;
}

/**
 * drt_node_answer:
 * @node: a node
 * @now: the time
 * @to: where to
 * @message: the message; its version and id are filled in
 * @id: its MessageID
 *
 * Sends a message that nobody answers, or a fragment of one: fragments share
 * their MessageID ([MC-DRT] §3.2.5.7).
 *
 * Returns: @id
 */
guint32
drt_node_answer (DrtNode           *node,
                 gint64             now,
                 const DrtEndpoint *to,
                 DrtMessage        *message,
                 guint32            id)
{
  guint8 bytes[DRT_MESSAGE_MAX];
  gsize length = encode (node, message, id, bytes, sizeof bytes);

  if (length > 0)
    send_bytes (node, now, to, bytes, length);
  return id;
}

/* With the MessageID its proof covers, or any. */
guint32
drt_node_send (DrtNode           *node,
               gint64             now,
               const DrtEndpoint *to,
               DrtMessage        *message)
{
  return drt_node_answer (node, now, to, message, message->id != 0 ? message->id : drt_node_random_id (node));
}

/* --- Requests --- */

static void
send_all (DrtNode          *node,
          gint64            now,
          const DrtPending *request)
{
  for (guint i = 0; i < request->datagrams->len; i++)
    {
      gsize length;
      const guint8 *bytes = g_bytes_get_data (g_ptr_array_index (request->datagrams, i), &length);

      send_bytes (node, now, &request->to, bytes, length);
    }
}

/**
 * drt_node_resend:
 * @node: a node
 * @now: the time
 * @request: of its Pending List
 *
 * The second send, with the same MessageID ([MC-DRT] §3.1.6.2).
 */
void
drt_node_resend (DrtNode    *node,
                 gint64      now,
                 DrtPending *request)
{
  request->retry_count--;
  request->resend = G_MAXINT64;
  /* Where the host has slept for long, the answer still has its second. */
  request->failure = MAX (request->failure, now + DRT_RETRANSMIT_TIME);
  drt_pending_list_schedule (&node->pending, request);
  node->counters.retransmissions++;
  send_all (node, now, request);
}

static DrtEntry *
find_asked (DrtNode           *node,
            const DrtEndpoint *to,
            const DrtKey      *key)
{
  DrtEntry *entry = drt_cache_find (&node->cache, key);

  return entry != NULL && drt_entry_has_endpoint (entry, to) ? entry : NULL;
}

static const DrtRoundTrip *
get_round_trip (DrtNode          *node,
                const DrtPending *request)
{
  const DrtEntry *entry = find_asked (node, &request->to, &request->key);

  return entry != NULL && entry->round_trip.smoothed >= 0 ? &entry->round_trip : &node->round_trip;
}

/* When what is to happen while no answer comes.  §3.1.2 has a second for each
 * send, which is never exceeded: failure is declared when it would be there, and
 * an answer counts until then.  But where others answer in milliseconds the
 * second send need not wait for that, nor a resolve that may ask somebody else. */
static void
set_times (DrtNode    *node,
           gint64      now,
           DrtPending *request)
{
  const DrtRoundTrip *round_trip = get_round_trip (node, request);

  request->sent = now;
  request->late = G_MAXINT64;
  request->lost = G_MAXINT64;
  request->failure = now + DRT_FAILURE_TIME;
  if (request->owner != NULL)
    drt_node_hurry_request (node, request, 1);
  else if (request->kind == DRT_PENDING_INQUIRE_CACHED)
    request->resend = now + DRT_RETRANSMIT_TIME;
  else
    request->resend = now + drt_round_trip_timeout (round_trip, DRT_RESEND_TIME_LONG, DRT_RETRANSMIT_TIME);
  if (request->kind == DRT_PENDING_LOOKUP || request->kind == DRT_PENDING_INQUIRE_HOP)
    request->late = now + drt_round_trip_timeout (round_trip, DRT_LATE_TIME_MIN, DRT_RETRANSMIT_TIME);
}

/**
 * drt_node_hurry_request:
 * @node: a node
 * @request: one that has been sent once
 * @attempt: how often the same has been asked, this time included
 *
 * Somebody waits.  With every further attempt there is twice the time, and the last
 * has what the specification gives it: so three attempts outlast a network that
 * is away for a second.
 */
void
drt_node_hurry_request (DrtNode    *node,
                        DrtPending *request,
                        guint       attempt)
{
  gint64 wait = drt_round_trip_timeout (get_round_trip (node, request), DRT_RESEND_TIME_MIN, DRT_RETRANSMIT_TIME);

  wait = attempt < DRT_ATTEMPTS_MAX ? MIN (wait << (attempt - 1), DRT_RETRANSMIT_TIME) : DRT_RETRANSMIT_TIME;
  request->resend = request->sent + wait;
  request->lost = MIN (request->resend + DRT_RETRY_COUNT * wait, request->failure);
}

/**
 * drt_node_put_off:
 * @node: a node
 * @now: the time
 * @request: answered by somebody who is too busy
 *
 * The second send waits for the second that the specification has for it.  Who
 * says so again is not waited for longer: nobody is to hold a request for ever.
 */
void
drt_node_put_off (DrtNode    *node,
                  gint64      now,
                  DrtPending *request)
{
  request->late = G_MAXINT64;
  if (request->resend != G_MAXINT64)
    {
      request->resend = MIN (now, request->sent + DRT_RETRANSMIT_TIME) + DRT_RETRANSMIT_TIME;
      request->failure = request->resend + DRT_RETRANSMIT_TIME;
    }
  if (request->lost != G_MAXINT64)
    request->lost = request->failure;
  drt_pending_list_schedule (&node->pending, request);
}

/* Whether @endpoint is of a cached entry: somebody there has answered us. */
gboolean
drt_node_knows (DrtNode           *node,
                const DrtEndpoint *endpoint)
{
  for (guint i = 0; i < drt_cache_get_size (&node->cache); i++)
    if (drt_entry_has_endpoint (drt_cache_get (&node->cache, i), endpoint))
      return TRUE;
  return FALSE;
}

/**
 * drt_node_may_send:
 * @node: a node
 * @now: the time
 * @to: who asked, or was named by another
 * @length: of what would go there for the datagram being received
 * @allowance: see drt_budget_spend()
 *
 * Returns: whether it may: to whom has answered us, of which our cache consists,
 *   anything; to others not much more than what came
 */
gboolean
drt_node_may_send (DrtNode           *node,
                   gint64             now,
                   const DrtEndpoint *to,
                   gsize              length,
                   gsize              allowance)
{
  if (length <= DRT_BUDGET_FACTOR * node->received || IN6_IS_ADDR_LOOPBACK (&to->address) || drt_node_knows (node, to))
    return TRUE;
  return drt_budget_spend (&node->budget, now, to, node->received, length, allowance);
}

/**
 * drt_node_answered:
 * @node: a node
 * @request: of which the answer is being received
 *
 * Learns how long answers take, of the one who was asked and in general.
 *
 * Returns: how long this one took in microseconds; -1 when it was sent twice, so
 *   that nobody can tell which send was answered
 */
gint64
drt_node_answered (DrtNode          *node,
                   const DrtPending *request)
{
  DrtEntry *entry = find_asked (node, &request->to, &request->key);
  gint64 round_trip;

  if (request->retry_count < DRT_RETRY_COUNT)
    {
      if (entry != NULL)
        drt_round_trip_back_off (&entry->round_trip, DRT_RESEND_TIME_MIN, DRT_RETRANSMIT_TIME);
      return -1;
    }
  round_trip = drt_node_round_trip (node, request->sent);
  drt_round_trip_measure (&node->round_trip, round_trip, DRT_ROUND_TRIP_OF_MANY);
  return round_trip;
}

/**
 * drt_node_request_parts:
 * @node: a node
 * @now: the time
 * @to: where to
 * @parts: a message, or its fragments; their version and id are filled in, but for the
 *   id of the first when its proof covers it
 * @n_parts: their number
 * @kind: what its answer is for
 * @key: (nullable): the key it is about
 * @owner: (nullable): who waits
 *
 * Sends a message and puts it on the Pending List ([MC-DRT] §3.1.4.3).
 *
 * Returns: its MessageID; 0 when it was not sent: the list is full, there is no memory, or it cannot
 *   be encoded
 */
guint32
drt_node_request_parts (DrtNode           *node,
                        gint64             now,
                        const DrtEndpoint *to,
                        DrtMessage        *parts,
                        guint              n_parts,
                        DrtPendingKind     kind,
                        const DrtKey      *key,
                        gpointer           owner)
{
  g_autoptr (DrtPending) pending = g_new0 (DrtPending, 1);
  guint8 bytes[DRT_MESSAGE_MAX];

  if (drt_pending_list_is_full (&node->pending))
    return 0;
  pending->id = parts->id != 0 ? parts->id : drt_node_random_id (node);
  pending->kind = kind;
  pending->retry_count = DRT_RETRY_COUNT;
  pending->to = *to;
  if (key != NULL)
    pending->key = *key;
  pending->owner = owner;
  pending->datagrams = g_ptr_array_new_full (n_parts, (GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < n_parts; i++)
    {
      gsize length = encode (node, &parts[i], pending->id, bytes, sizeof bytes);
      GBytes *copy;

      if (length == 0)
        return 0;
      copy = drt_bytes_try_new (bytes, length);
      if (copy == NULL)
        return 0;
      g_ptr_array_add (pending->datagrams, copy);
    }
  if (parts->type == DRT_MESSAGE_INQUIRE)
    node->inquire_size = (guint) g_bytes_get_size (g_ptr_array_index (pending->datagrams, 0));
  set_times (node, now, pending);
  send_all (node, now, pending);
  drt_pending_list_add (&node->pending, pending);
  return g_steal_pointer (&pending)->id;
}

guint32
drt_node_request (DrtNode           *node,
                  gint64             now,
                  const DrtEndpoint *to,
                  DrtMessage        *message,
                  DrtPendingKind     kind,
                  const DrtKey      *key,
                  gpointer           owner)
{
  return drt_node_request_parts (node, now, to, message, 1, kind, key, owner);
}
