/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core-testing.h"

static gboolean
listen_cb (VirtualMesh       *mesh,
           VirtualNode       *from,
           const DrtEndpoint *to,
           const guint8      *bytes,
           gsize              length,
           gpointer           data)
{
  CoreWire *wire = data;
  DrtMessage message;
  CoreSaid said = { .from = from->index };

  g_assert_cmpint (drt_message_decode (bytes, length, &message), ==, DRT_DECODE_OK);
  said.type = message.type;
  g_array_append_val (wire->said, said);
  if (wire->only_fragments && message.type == DRT_MESSAGE_AUTHORITY && message.authority.offset == 0)
    return TRUE;
  if (message.type == wire->lose && wire->n_lose > 0)
    {
      wire->n_lose--;
      return FALSE;
    }
  return TRUE;
}

CoreWire *
core_wire_listen (VirtualMesh *mesh)
{
  CoreWire *wire = g_new0 (CoreWire, 1);

  wire->said = g_array_new (FALSE, FALSE, sizeof (CoreSaid));
  mesh->filter = listen_cb;
  mesh->filter_data = wire;
  return wire;
}

void
core_wire_free (CoreWire *wire)
{
  g_array_unref (wire->said);
  g_free (wire);
}

guint
core_wire_count (CoreWire       *wire,
                 guint           from,
                 DrtMessageType  type)
{
  guint n = 0;

  for (guint i = 0; i < wire->said->len; i++)
    {
      const CoreSaid *said = &g_array_index (wire->said, CoreSaid, i);

      n += said->from == from && said->type == type;
    }
  return n;
}

void
core_run (VirtualMesh *mesh,
          gint64       time)
{
  virtual_mesh_run (mesh, time, NULL, NULL);
}

DrtKey
core_small_key (guint8 high)
{
  DrtKey key = { { 0 } };

  key.b[DRT_KEY_SIZE - 1] = high;
  return key;
}

/* Two nodes with a key each; the second knows the first and joins. */
VirtualMesh *
core_pair (VirtualNode **a,
           VirtualNode **b)
{
  VirtualMesh *mesh = virtual_mesh_new (11);
  DrtKey ka = core_small_key (0x20), kb = core_small_key (0x90);

  *a = virtual_mesh_add (mesh);
  *b = virtual_mesh_add (mesh);
  virtual_node_knows (*b, *a);
  virtual_node_open (*a);
  virtual_node_register (*a, &ka, "alpha");
  virtual_node_open (*b);
  virtual_node_register (*b, &kb, "beta");
  return mesh;
}

gsize
core_encode (DrtMessage *message,
             guint32     id,
             guint8     *bytes,
             gsize       size)
{
  gsize length;

  message->major = 6;
  message->minor = 101;
  message->id = id;
  length = drt_message_encode (message, bytes, size);
  g_assert_cmpuint (length, >, 0);
  return length;
}

/* A FLOOD of an entry whose node does not publish the key, or does not exist. */
void
core_flood_entry (VirtualMesh       *mesh,
                  VirtualNode       *to,
                  const DrtKey      *key,
                  const DrtEndpoint *at,
                  guint32            id)
{
  DrtMessage flood = { .type = DRT_MESSAGE_FLOOD };
  DrtEndpoint liar;
  guint8 bytes[512];
  gsize length;

  g_assert_true (drt_endpoint_parse ("[2001:db8::99]:4000", &liar));
  flood.flood.flags = DRT_FLOOD_FLAG_D;
  flood.flood.has_entry = TRUE;
  flood.flood.entry = (DrtWireEntry) {
    .key = *key, .major = 6, .minor = 101, .port = at->port,
    .n_addresses = 1, .addresses = at->address.s6_addr,
  };
  length = core_encode (&flood, id, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &liar, to, bytes, length);
}

/* An answer to the request @node sent last, from @from. */
void
core_answer_last (VirtualMesh              *mesh,
                  VirtualNode              *node,
                  const DrtEndpoint        *from,
                  const DrtAuthorityBuffer *answer)
{
  const DrtPending *request = drt_pending_list_get_newest (&node->node->pending);
  DrtMessage authority = { .type = DRT_MESSAGE_AUTHORITY };
  guint8 buffer[1024], bytes[2048];
  gsize length = drt_authority_buffer_encode (answer, buffer, sizeof buffer);

  g_assert_true (drt_endpoint_equal (&request->to, from));
  authority.authority.acked = request->id;
  authority.authority.size = (guint16) length;
  authority.authority.fragment = (DrtSpan) { buffer, length };
  length = core_encode (&authority, g_rand_int (mesh->rand), bytes, sizeof bytes);
  virtual_mesh_inject (mesh, from, node, bytes, length);
}

/* @answer leads on to @key @at. */
void
core_name (DrtAuthorityBuffer *answer,
           const DrtKey       *key,
           const DrtEndpoint  *at)
{
  answer->has_entry = TRUE;
  answer->entry = (DrtWireEntry) {
    .key = *key, .major = 6, .minor = 101, .port = at->port,
    .n_addresses = 1, .addresses = at->address.s6_addr,
  };
}
