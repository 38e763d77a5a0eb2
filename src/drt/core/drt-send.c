/* SPDX-License-Identifier: LGPL-2.1-or-later */

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

guint32
drt_node_send (DrtNode           *node,
               gint64             now,
               const DrtEndpoint *to,
               DrtMessage        *message)
{
  return drt_node_answer (node, now, to, message, drt_node_random_id (node));
}

/* All of a request, once more or for the first time. */
void
drt_node_send_pending (DrtNode          *node,
                       gint64            now,
                       const DrtPending *pending)
{
  for (guint i = 0; i < pending->datagrams->len; i++)
    {
      gsize length;
      const guint8 *bytes = g_bytes_get_data (g_ptr_array_index (pending->datagrams, i), &length);

      send_bytes (node, now, &pending->to, bytes, length);
    }
}

/**
 * drt_node_request_parts:
 * @node: a node
 * @now: the time
 * @to: where to
 * @parts: a message, or its fragments; their version and id are filled in
 * @n_parts: their number
 * @kind: what its answer is for
 * @key: (nullable): the key it is about
 * @owner: (nullable): who waits
 *
 * Sends a message and puts it on the Pending List ([MC-DRT] §3.1.4.3).
 *
 * Returns: its MessageID; 0 when it was not sent: the list is full, or it cannot
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
  pending->id = drt_node_random_id (node);
  pending->kind = kind;
  pending->retry_count = DRT_RETRY_COUNT;
  pending->to = *to;
  if (key != NULL)
    pending->key = *key;
  pending->owner = owner;
  pending->sent = now;
  pending->deadline = now + DRT_RETRANSMIT_TIME;
  pending->datagrams = g_ptr_array_new_full (n_parts, (GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < n_parts; i++)
    {
      gsize length = encode (node, &parts[i], pending->id, bytes, sizeof bytes);

      if (length == 0)
        return 0;
      g_ptr_array_add (pending->datagrams, g_bytes_new (bytes, length));
    }
  drt_node_send_pending (node, now, pending);
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
