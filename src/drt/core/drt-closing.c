/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

/* Leaving: every key is revoked, and who is told of it has time to say that he
 * was ([MC-DRT] §3.2.4.2). */

/* Until this time a node that leaves waits for the acknowledgement of @request:
 * both sends and what an answer takes. */
static void
shorten (DrtNode    *node,
         DrtPending *request)
{
  if (request->resend != G_MAXINT64)
    {
      drt_node_hurry_request (node, request, 1);
      request->failure = request->lost;
    }
  request->late = request->lost = G_MAXINT64;
  drt_pending_list_schedule (&node->pending, request);
}

/* A revoke, or what is asked in order to seal one. */
static gboolean
is_farewell (const DrtPending *request)
{
  return request->kind == DRT_PENDING_FLOOD || request->kind == DRT_PENDING_INQUIRE_SEAL;
}

static void
forget_all_but_farewells (DrtNode *node)
{
  for (guint i = node->pending.by_id->len; i > 0; i--)
    {
      DrtPending *request = g_ptr_array_index (node->pending.by_id, i - 1);

      if (is_farewell (request))
        shorten (node, request);
      else
        drt_pending_free (drt_pending_list_steal (&node->pending, request->id));
    }
}

/**
 * drt_node_close:
 * @node: a node
 * @now: the time
 *
 * Begins to leave: the revokes of every key are sent, resolves end, nothing but
 * acknowledgements is heard any more.  A host that can wait lets time go on until
 * drt_node_is_closed(); one that cannot calls drt_node_hurry().
 */
void
drt_node_close (DrtNode *node,
                gint64   now)
{
  if (node->closed)
    return;
  while (node->keys->len > 0 && node->fault == S_OK)
    {
      DrtKey key = drt_keys_get (node, 0)->key;

      drt_node_unregister (node, now, &key);
    }
  node->closed = TRUE;
  drt_resolves_fail_all (node, now, DRT_E_FAULTED);
  forget_all_but_farewells (node);
}

/* Whether a node that was closed has nothing left to wait for. */
gboolean
drt_node_is_closed (const DrtNode *node)
{
  return node->closed && node->pending.by_id->len == 0;
}

/**
 * drt_node_hurry:
 * @node: a node that is being closed
 * @now: the time
 *
 * Nobody will be there for the acknowledgements: what has been sent once goes
 * out a second time at once, as the Retry Count allows.
 */
void
drt_node_hurry (DrtNode *node,
                gint64   now)
{
  if (!node->closed)
    return;
  for (guint i = 0; i < node->pending.by_id->len; i++)
    {
      DrtPending *request = g_ptr_array_index (node->pending.by_id, i);

      if (request->resend != G_MAXINT64)
        drt_node_resend (node, now, request);
    }
  drt_pending_list_empty (&node->pending);
}

/* A datagram, of which nothing but an ACK is of interest now, and the credential of whom a
 * revoke is to be sealed for. */
void
drt_closing_received (DrtNode           *node,
                      gint64             now,
                      const DrtEndpoint *from,
                      const guint8      *bytes,
                      gsize              length)
{
  const DrtPending *request;
  DrtMessage message;

  if (drt_message_decode (bytes, length, &message) != DRT_DECODE_OK)
    return;
  if (message.type == DRT_MESSAGE_AUTHORITY && node->introductions->len > 0)
    {
      node->arrived = now;
      node->received = length;
      drt_authority_received (node, now, from, &message);
      forget_all_but_farewells (node);
    }
  if (message.type != DRT_MESSAGE_ACK)
    return;
  request = drt_pending_list_find (&node->pending, message.ack.acked);
  if (request != NULL && request->to.port == from->port)
    drt_pending_free (drt_pending_list_steal (&node->pending, message.ack.acked));
}

void
drt_closing_advance (DrtNode *node,
                     gint64   now)
{
  DrtPending *request;

  while ((request = drt_pending_list_get_due (&node->pending, now)) != NULL)
    {
      if (request->resend <= now && request->failure > now)
        {
          gint64 failure = request->failure;

          drt_node_resend (node, now, request);
          request->failure = failure;
          drt_pending_list_schedule (&node->pending, request);
        }
      else
        {
          drt_pending_free (drt_pending_list_steal (&node->pending, request->id));
        }
    }
}
