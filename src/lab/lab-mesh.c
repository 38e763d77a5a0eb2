/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lab-mesh.h"

#include <string.h>

#include "lab-search.h"

#define STANDSTILL     10000   /* turns of one node without time going on: a fault of the core */
#define TYPE_LOOKUP    0x0B    /* §2.2.1: MessageType, at … */
#define TYPE_OFFSET    7
#define ID_OFFSET      8
#define REASON_OFFSET  21      /* §2.2.2.8: ResolveReasonCode; 0 for the application */
#define TARGET_OFFSET  28      /* the key of TARGET_DRT_ID */

/* --- The host of a node --- */

static void
host_send (gpointer           host,
           const DrtEndpoint *to,
           const guint8      *bytes,
           gsize              length)
{
  LabNode *node = host;
  LabMesh *mesh = node->mesh;
  LabNetwork *network = &mesh->network;
  LabNode *receiver;

  network->traffic.sent++;
  network->traffic.bytes_sent += length;
  network->traffic.by_type[bytes[TYPE_OFFSET] % LAB_N_MESSAGE_TYPES]++;
  if (bytes[TYPE_OFFSET] == TYPE_LOOKUP && bytes[REASON_OFFSET] == 0)
    {
      mesh->n_asked++;
      lab_searches_asked (node, bytes + ID_OFFSET, bytes + TARGET_OFFSET);
    }
  if (mesh->listener.passes != NULL && !mesh->listener.passes (node, to, bytes, length))
    return;
  receiver = lab_mesh_find (mesh, to);
  if (lab_network_loses (network, receiver == NULL || receiver->side == node->side) || receiver == NULL)
    return;
  lab_network_send (network, mesh->now + lab_network_get_delay (network, node->index, receiver->index),
                    &node->endpoint, receiver->index, bytes, length);
}

static void
host_random (gpointer  host,
             guint8   *bytes,
             gsize     length)
{
  LabNode *node = host;

  while (length > 0)
    {
      guint32 number = g_rand_int (node->mesh->random);
      gsize n = MIN (length, sizeof number);

      memcpy (bytes, &number, n);
      bytes += n;
      length -= n;
    }
}

/* Answered when the core has returned: see settle(). */
static void
host_bootstrap (gpointer host,
                gboolean split_detection)
{
  LabNode *node = host;

  g_assert (!node->wants_bootstrap);
  node->wants_bootstrap = TRUE;
  node->detects_split = split_detection;
}

static void
host_status_changed (gpointer           host,
                     DRT_STATUS         status,
                     HRESULT            hr,
                     const DrtEndpoint *bootstrap,
                     guint              n_bootstrap)
{
  LabNode *node = host;

  node->has_status = TRUE;
  node->status = status;
  if (status == DRT_ACTIVE && node->active_since == 0)
    node->active_since = node->mesh->now;
  if (node->mesh->listener.status != NULL)
    node->mesh->listener.status (node, status, hr, n_bootstrap);
}

static void
host_leaf_changed (gpointer      host,
                   const DrtKey *local,
                   const DrtKey *remote,
                   gboolean      added)
{
  LabNode *node = host;

  if (node->mesh->listener.leaf != NULL)
    node->mesh->listener.leaf (node, local, remote, added);
}

static void
host_key_unresolvable (gpointer      host,
                       const DrtKey *local)
{
  LabNode *node = host;

  if (node->mesh->listener.unresolvable != NULL)
    node->mesh->listener.unresolvable (node, local);
}

static const DrtNodeHost lab_host = {
  .send = host_send,
  .random = host_random,
  .bootstrap = host_bootstrap,
  .status_changed = host_status_changed,
  .leaf_changed = host_leaf_changed,
  .key_unresolvable = host_key_unresolvable,
};

/* The directory of the mesh: a few of those who live now, of both sides of a cut. */
static HRESULT
name_living (LabNode *node,
             GArray  *endpoints)
{
  LabMesh *mesh = node->mesh;

  for (guint i = 0; i < 2 * LAB_N_BOOTSTRAP && endpoints->len < LAB_N_BOOTSTRAP; i++)
    {
      LabNode *other = lab_mesh_pick (mesh);
      gboolean named = other == NULL || other == node;

      for (guint j = 0; j < endpoints->len && !named; j++)
        named = drt_endpoint_equal (&g_array_index (endpoints, DrtEndpoint, j), &other->endpoint);
      if (!named)
        g_array_append_val (endpoints, other->endpoint);
    }
  return endpoints->len > 0 ? S_OK : DRT_E_NO_MORE;
}

/* What follows from any call on a core: its questions are answered, and its next
 * deadline is known. */
static void
settle (LabNode *node)
{
  LabMesh *mesh = node->mesh;

  while (node->wants_bootstrap && node->alive)
    {
      g_autoptr (GArray) endpoints = g_array_new (FALSE, FALSE, sizeof (DrtEndpoint));
      HRESULT hr;

      node->wants_bootstrap = FALSE;
      if (mesh->listener.bootstrap != NULL)
        hr = mesh->listener.bootstrap (node, node->detects_split, endpoints);
      else
        hr = name_living (node, endpoints);
      if (endpoints->len > 0)
        drt_node_bootstrap_found (node->core, mesh->now, (const DrtEndpoint *) (gpointer) endpoints->data, endpoints->len);
      drt_node_bootstrap_done (node->core, mesh->now, hr);
    }
  lab_schedule_set (mesh->deadlines, node->index, node->alive ? drt_node_next_deadline (node->core) : G_MAXINT64);
}

/* --- The mesh --- */

LabMesh *
lab_mesh_new (guint32 seed)
{
  LabMesh *mesh = g_new0 (LabMesh, 1);

  mesh->random = g_rand_new_with_seed (seed);
  mesh->now = G_USEC_PER_SEC;
  lab_network_init (&mesh->network, mesh->random);
  mesh->deadlines = lab_schedule_new ();
  mesh->nodes = g_ptr_array_new ();
  mesh->living = g_ptr_array_new ();
  if (DrtCreateNullSecurityProvider (&mesh->security) != S_OK ||
      mesh->security->Attach (mesh->security->pvContext) != S_OK)
    g_error ("There is no null security provider");
  return mesh;
}

void
lab_mesh_free (LabMesh *mesh)
{
  if (mesh == NULL)
    return;
  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      LabNode *node = lab_mesh_get (mesh, i);

      lab_searches_abandon (node);
      drt_node_free (node->core);
      g_free (node);
    }
  g_ptr_array_unref (mesh->nodes);
  g_ptr_array_unref (mesh->living);
  mesh->security->Detach (mesh->security->pvContext);
  DrtDeleteNullSecurityProvider (mesh->security);
  lab_schedule_free (mesh->deadlines);
  lab_network_clear (&mesh->network);
  g_rand_free (mesh->random);
  g_free (mesh);
}

guint
lab_mesh_count (const LabMesh *mesh)
{
  return mesh->living->len;
}

LabNode *
lab_mesh_get (const LabMesh *mesh,
              guint          index)
{
  return g_ptr_array_index (mesh->nodes, index);
}

LabNode *
lab_mesh_pick (LabMesh *mesh)
{
  if (mesh->living->len == 0)
    return NULL;
  return g_ptr_array_index (mesh->living, g_rand_int_range (mesh->random, 0, (gint32) mesh->living->len));
}

/**
 * lab_mesh_find:
 * @mesh: a mesh
 * @endpoint: any endpoint
 *
 * Returns: (nullable): the node that listens there, or did when it lived
 */
LabNode *
lab_mesh_find (const LabMesh     *mesh,
               const DrtEndpoint *endpoint)
{
  guint32 number;

  memcpy (&number, endpoint->address.s6_addr + 12, sizeof number);
  number = GUINT32_FROM_BE (number) - 1;
  if (number < mesh->nodes->len && drt_endpoint_equal (&lab_mesh_get (mesh, number)->endpoint, endpoint))
    return lab_mesh_get (mesh, number);
  /* Whoever runs the mesh may have moved somebody. */
  for (guint i = 0; i < mesh->nodes->len; i++)
    if (drt_endpoint_equal (&lab_mesh_get (mesh, i)->endpoint, endpoint))
      return lab_mesh_get (mesh, i);
  return NULL;
}

void
lab_mesh_random_key (LabMesh *mesh,
                     DrtKey  *key)
{
  LabNode nobody = { .mesh = mesh };

  host_random (&nobody, key->b, sizeof key->b);
}

gboolean
lab_mesh_is_stopped (const LabMesh *mesh)
{
  return mesh->stop != NULL && g_atomic_int_get (mesh->stop) != 0;
}

/* --- Time --- */

static void
deliver (LabMesh *mesh)
{
  LabPacket *packet = lab_network_take (&mesh->network);
  LabNode *to = lab_mesh_get (mesh, packet->to);

  if (to->alive)
    {
      mesh->network.traffic.delivered++;
      drt_node_receive (to->core, mesh->now, mesh->now, &packet->from, packet->bytes, packet->length);
      settle (to);
    }
  lab_network_give_back (&mesh->network, packet);
}

static void
advance (LabMesh *mesh,
         guint    index)
{
  LabNode *node = lab_mesh_get (mesh, index);

  for (guint i = 0; node->alive && drt_node_next_deadline (node->core) <= mesh->now; i++)
    {
      if (i == STANDSTILL)
        g_error ("Node %u is never done at %" G_GINT64_FORMAT, index, mesh->now);
      drt_node_advance (node->core, mesh->now);
      settle (node);
    }
  /* The deadline may have moved on without the schedule being told. */
  settle (node);
}

gboolean
lab_mesh_step (LabMesh *mesh,
               gint64   limit)
{
  guint index;
  gint64 arrival = lab_network_get_next (&mesh->network);
  gint64 deadline = lab_schedule_get_next (mesh->deadlines, &index);

  if (MIN (arrival, deadline) > limit)
    return FALSE;
  mesh->now = MAX (mesh->now, MIN (arrival, deadline));
  if (arrival <= deadline)
    deliver (mesh);
  else
    advance (mesh, index);
  return TRUE;
}

gboolean
lab_mesh_run_until (LabMesh *mesh,
                    gint64   time)
{
  do
    {
      if (lab_mesh_is_stopped (mesh))
        return FALSE;
    }
  while (lab_mesh_step (mesh, time));
  mesh->now = MAX (mesh->now, time);
  return TRUE;
}

/* --- Nodes --- */

static void
make_core (LabNode *node)
{
  DrtNodeSettings settings = {
    .protocol_major = 6,
    .protocol_minor = 101,
    .max_addresses = 4,
    .mode = node->mesh->mode,
    .security = node->security,
    .binds = node->mesh->binds,
  };

  node->core = drt_node_new (&settings, &lab_host, node);
}

LabNode *
lab_mesh_add_with (LabMesh                     *mesh,
                   const DRT_SECURITY_PROVIDER *security)
{
  LabNode *node = g_new0 (LabNode, 1);
  guint32 number = GUINT32_TO_BE (mesh->nodes->len + 1);

  node->mesh = mesh;
  node->security = security;
  node->index = mesh->nodes->len;
  node->endpoint.address.s6_addr[0] = 0x20;
  node->endpoint.address.s6_addr[1] = 0x01;
  node->endpoint.address.s6_addr[2] = 0x0d;
  node->endpoint.address.s6_addr[3] = 0xb8;
  memcpy (node->endpoint.address.s6_addr + 12, &number, sizeof number);
  node->endpoint.port = 3540;
  make_core (node);
  g_ptr_array_add (mesh->nodes, node);
  return node;
}

LabNode *
lab_mesh_add (LabMesh *mesh)
{
  return lab_mesh_add_with (mesh, mesh->security);
}

void
lab_node_enlist (LabNode *node)
{
  if (node->alive)
    return;
  node->alive = TRUE;
  node->place = node->mesh->living->len;
  g_ptr_array_add (node->mesh->living, node);
  node->born = node->mesh->now;
  node->active_since = 0;
  node->has_status = FALSE;
}

void
lab_node_open (LabNode *node)
{
  lab_node_enlist (node);
  drt_node_open (node->core, node->mesh->now, &node->endpoint, 1);
  settle (node);
  if (node->has_key)
    {
      guint32 number = GUINT32_TO_BE (node->index);
      g_autoptr (GBytes) payload = g_bytes_new (&number, sizeof number);

      drt_node_register (node->core, node->mesh->now, &node->key, payload, NULL);
      settle (node);
    }
}

LabNode *
lab_mesh_join (LabMesh *mesh)
{
  LabNode *node = lab_mesh_add (mesh);

  lab_mesh_random_key (mesh, &node->key);
  node->has_key = TRUE;
  lab_node_open (node);
  return node;
}

static void
leave_the_living (LabNode *node)
{
  LabMesh *mesh = node->mesh;
  LabNode *last = g_ptr_array_index (mesh->living, mesh->living->len - 1);

  mesh->living->pdata[node->place] = last;
  last->place = node->place;
  g_ptr_array_set_size (mesh->living, (gint) mesh->living->len - 1);
  node->alive = FALSE;
  lab_schedule_set (mesh->deadlines, node->index, G_MAXINT64);
  lab_searches_abandon (node);
}

void
lab_node_close (LabNode *node)
{
  if (!node->alive)
    return;
  drt_node_close (node->core, node->mesh->now);
  drt_node_hurry (node->core, node->mesh->now);
  leave_the_living (node);
}

void
lab_node_kill (LabNode *node)
{
  if (node->alive)
    leave_the_living (node);
}

void
lab_node_bury (LabNode *node)
{
  g_assert (!node->alive);
  g_clear_pointer (&node->core, drt_node_free);
}

void
lab_node_restart (LabNode *node)
{
  lab_node_kill (node);
  lab_node_bury (node);
  make_core (node);
  lab_node_open (node);
}

void
lab_node_touch (LabNode *node)
{
  settle (node);
}
