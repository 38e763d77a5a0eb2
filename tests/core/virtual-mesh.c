/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "virtual-mesh.h"

#include <arpa/inet.h>
#include <string.h>

typedef struct
{
  gint64 arrival;
  guint64 order;
  DrtEndpoint from;
  DrtEndpoint to;
  GBytes *bytes;
} Flight;

static void
flight_free (gpointer data)
{
  Flight *flight = data;

  g_bytes_unref (flight->bytes);
  g_free (flight);
}

static gint
compare_flights (gconstpointer a,
                 gconstpointer b,
                 gpointer      data)
{
  const Flight *fa = a, *fb = b;

  if (fa->arrival != fb->arrival)
    return fa->arrival < fb->arrival ? -1 : 1;
  return (fa->order > fb->order) - (fa->order < fb->order);
}

static VirtualNode *
find_node (VirtualMesh       *mesh,
           const DrtEndpoint *endpoint)
{
  for (guint i = 0; i < mesh->nodes->len; i++)
    if (drt_endpoint_equal (&virtual_mesh_get (mesh, i)->endpoint, endpoint))
      return virtual_mesh_get (mesh, i);
  return NULL;
}

/* --- The host of a node --- */

static void
host_send (gpointer           host,
           const DrtEndpoint *to,
           const guint8      *bytes,
           gsize              length)
{
  VirtualNode *node = host;
  VirtualMesh *mesh = node->mesh;
  Flight *flight;

  if (node->dead)
    return;
  mesh->n_sent++;
  if (mesh->filter != NULL && !mesh->filter (mesh, node, to, bytes, length, mesh->filter_data))
    return;
  if (mesh->loss > 0 && g_rand_double (mesh->rand) < mesh->loss)
    return;
  flight = g_new0 (Flight, 1);
  flight->arrival = mesh->now + g_rand_int_range (mesh->rand, (gint32) mesh->delay_min, (gint32) mesh->delay_max + 1);
  flight->order = mesh->n_sent;
  flight->from = node->endpoint;
  flight->to = *to;
  flight->bytes = g_bytes_new (bytes, length);
  g_sequence_insert_sorted (mesh->flights, flight, compare_flights, NULL);
}

static void
host_random (gpointer  host,
             guint8   *bytes,
             gsize     length)
{
  VirtualNode *node = host;

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) g_rand_int (node->mesh->rand);
}

/* The bootstrap is answered when the core has returned: see answer_bootstrap(). */
static void
host_bootstrap (gpointer host,
                gboolean split_detection)
{
}

static void
host_status_changed (gpointer           host,
                     DRT_STATUS         status,
                     HRESULT            hr,
                     const DrtEndpoint *bootstrap,
                     guint              n_bootstrap)
{
  VirtualNode *node = host;

  node->has_status = TRUE;
  node->status = status;
  node->status_hr = hr;
  node->n_status_events++;
  node->n_status_bootstrap = n_bootstrap;
}

static void
host_leaf_changed (gpointer      host,
                   const DrtKey *local,
                   const DrtKey *remote,
                   gboolean      added)
{
  VirtualNode *node = host;

  if (added)
    node->n_leaves_added++;
  else
    node->n_leaves_removed++;
}

static void
host_key_unresolvable (gpointer      host,
                       const DrtKey *local)
{
  ((VirtualNode *) host)->n_unresolvable++;
}

static const DrtNodeHost virtual_host = {
  .send = host_send,
  .random = host_random,
  .bootstrap = host_bootstrap,
  .status_changed = host_status_changed,
  .leaf_changed = host_leaf_changed,
  .key_unresolvable = host_key_unresolvable,
};

static void
answer_bootstrap (VirtualNode *node)
{
  if (!node->node->discovering || node->dead)
    return;
  for (guint i = 0; i < node->bootstrap->len; i++)
    {
      VirtualNode *other = virtual_mesh_get (node->mesh, g_array_index (node->bootstrap, guint, i));

      drt_node_bootstrap_found (node->node, node->mesh->now, &other->endpoint, 1);
    }
  drt_node_bootstrap_done (node->node, node->mesh->now, node->bootstrap_hr);
}

/* --- The mesh --- */

VirtualMesh *
virtual_mesh_new (guint32 seed)
{
  VirtualMesh *mesh = g_new0 (VirtualMesh, 1);

  mesh->rand = g_rand_new_with_seed (seed);
  mesh->now = G_USEC_PER_SEC;
  mesh->delay_min = 1000;
  mesh->delay_max = 20000;
  mesh->nodes = g_ptr_array_new ();
  mesh->flights = g_sequence_new (flight_free);
  return mesh;
}

void
virtual_mesh_free (VirtualMesh *mesh)
{
  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      VirtualNode *node = virtual_mesh_get (mesh, i);

      drt_node_free (node->node);
      node->security->Detach (node->security->pvContext);
      DrtDeleteNullSecurityProvider (node->security);
      g_array_unref (node->bootstrap);
      g_free (node);
    }
  g_ptr_array_unref (mesh->nodes);
  g_sequence_free (mesh->flights);
  g_rand_free (mesh->rand);
  g_free (mesh);
}

VirtualNode *
virtual_mesh_get (VirtualMesh *mesh,
                  guint        i)
{
  return g_ptr_array_index (mesh->nodes, i);
}

VirtualNode *
virtual_mesh_add (VirtualMesh *mesh)
{
  VirtualNode *node = g_new0 (VirtualNode, 1);
  DrtNodeSettings settings = { .protocol_major = 6, .protocol_minor = 101, .max_addresses = 4, .mode = mesh->mode };
  g_autofree char *text = g_strdup_printf ("[2001:db8::%x]:3540", mesh->nodes->len + 1);

  node->mesh = mesh;
  node->index = mesh->nodes->len;
  node->bootstrap = g_array_new (FALSE, FALSE, sizeof (guint));
  node->bootstrap_hr = DRT_E_NO_MORE;
  g_assert_true (drt_endpoint_parse (text, &node->endpoint));
  g_assert_cmpint (DrtCreateNullSecurityProvider (&node->security), ==, S_OK);
  g_assert_cmpint (node->security->Attach (node->security->pvContext), ==, S_OK);
  settings.security = node->security;
  node->node = drt_node_new (&settings, &virtual_host, node);
  g_ptr_array_add (mesh->nodes, node);
  return node;
}

void
virtual_node_knows (VirtualNode *node,
                    VirtualNode *other)
{
  g_array_append_val (node->bootstrap, other->index);
}

void
virtual_node_open (VirtualNode *node)
{
  drt_node_open (node->node, node->mesh->now, &node->endpoint, 1);
  answer_bootstrap (node);
}

void
virtual_node_register (VirtualNode  *node,
                       const DrtKey *key,
                       const char   *payload)
{
  g_autoptr (GBytes) bytes = g_bytes_new (payload, strlen (payload));

  g_assert_true (drt_node_register (node->node, node->mesh->now, key, bytes, NULL));
}

void
virtual_node_kill (VirtualNode *node)
{
  node->dead = TRUE;
}

void
virtual_mesh_random_key (VirtualMesh *mesh,
                         DrtKey      *key)
{
  for (guint i = 0; i < DRT_KEY_SIZE; i++)
    key->b[i] = (guint8) g_rand_int (mesh->rand);
}

void
virtual_mesh_inject (VirtualMesh       *mesh,
                     const DrtEndpoint *from,
                     VirtualNode       *to,
                     const guint8      *bytes,
                     gsize              length)
{
  drt_node_receive (to->node, mesh->now, mesh->now, from, bytes, length);
}

static gint64
next_time (VirtualMesh *mesh)
{
  gint64 next = G_MAXINT64;
  GSequenceIter *first = g_sequence_get_begin_iter (mesh->flights);

  if (!g_sequence_iter_is_end (first))
    next = ((Flight *) g_sequence_get (first))->arrival;
  for (guint i = 0; i < mesh->nodes->len; i++)
    if (!virtual_mesh_get (mesh, i)->dead)
      next = MIN (next, drt_node_next_deadline (virtual_mesh_get (mesh, i)->node));
  return next;
}

static void
deliver_due (VirtualMesh *mesh)
{
  GSequenceIter *first;

  while (!g_sequence_iter_is_end (first = g_sequence_get_begin_iter (mesh->flights)))
    {
      Flight *flight = g_sequence_get (first);
      VirtualNode *to;

      if (flight->arrival > mesh->now)
        break;
      to = find_node (mesh, &flight->to);
      if (to != NULL && !to->dead)
        {
          gsize length;
          const guint8 *bytes = g_bytes_get_data (flight->bytes, &length);

          drt_node_receive (to->node, mesh->now, mesh->now, &flight->from, bytes, length);
          answer_bootstrap (to);
        }
      g_sequence_remove (first);
    }
}

gboolean
virtual_mesh_run (VirtualMesh *mesh,
                  gint64       limit,
                  VirtualDone  done,
                  gpointer     data)
{
  gint64 end = mesh->now + limit;

  while (done == NULL || !done (mesh, data))
    {
      gint64 next = next_time (mesh);

      if (next > end)
        {
          mesh->now = end;
          return done == NULL;
        }
      mesh->now = MAX (mesh->now, next);
      deliver_due (mesh);
      for (guint i = 0; i < mesh->nodes->len; i++)
        {
          VirtualNode *node = virtual_mesh_get (mesh, i);

          if (node->dead || drt_node_next_deadline (node->node) > mesh->now)
            continue;
          drt_node_advance (node->node, mesh->now);
          answer_bootstrap (node);
        }
    }
  return TRUE;
}

/* --- Searching --- */

static void
resolve_cb (gpointer               data,
            DrtResolveEvent        event,
            const DrtResolveMatch *match,
            HRESULT                hr)
{
  VirtualSearch *search = data;
  const DrtObservedHop *hops;
  guint n;

  hops = drt_node_resolve_get_path (search->resolve, &n);
  search->n_hops = MIN (n, G_N_ELEMENTS (search->hops));
  if (search->n_hops > 0)
    memcpy (search->hops, hops, search->n_hops * sizeof *hops);

  switch (event)
    {
    case DRT_RESOLVE_FOUND:
      search->n_found++;
      search->key = match->key;
      search->local = match->local;
      g_free (search->payload);
      search->payload = g_strndup ((const char *) match->payload, match->payload_size);
      break;
    case DRT_RESOLVE_INTERMEDIATE:
      search->n_intermediate++;
      break;
    case DRT_RESOLVE_FINISHED:
      search->finished = TRUE;
      search->hr = hr;
      break;
    default:
      g_assert_not_reached ();
    }
}

typedef struct
{
  VirtualNode *node;
  VirtualSearch *search;
  guint n_continued;
} Run;

static gboolean
search_done (VirtualMesh *mesh,
             gpointer     data)
{
  Run *run = data;

  if (run->search->finished)
    return TRUE;
  if (run->search->n_intermediate > run->n_continued)
    {
      run->n_continued = run->search->n_intermediate;
      drt_node_resolve_continue (run->node->node, mesh->now, run->search->resolve);
    }
  return FALSE;
}

void
virtual_search_run (VirtualNode           *node,
                    const DrtResolveQuery *query,
                    VirtualSearch         *search)
{
  Run run = { .node = node, .search = search };

  memset (search, 0, sizeof *search);
  search->resolve = drt_node_resolve_start (node->node, node->mesh->now, query, resolve_cb, search);
  g_assert_true (virtual_mesh_run (node->mesh, query->timeout + G_USEC_PER_SEC, search_done, &run));
}

void
virtual_search_exact (VirtualNode   *node,
                      const DrtKey  *key,
                      VirtualSearch *search)
{
  DrtResolveQuery query = {
    .target = *key,
    .minimum = *key,
    .maximum = *key,
    .max_matches = 1,
    .timeout = 60 * G_USEC_PER_SEC,
  };

  virtual_search_run (node, &query, search);
}

void
virtual_search_nearest (VirtualNode   *node,
                        const DrtKey  *key,
                        VirtualSearch *search)
{
  DrtResolveQuery query = { .target = *key, .max_matches = 1, .timeout = 60 * G_USEC_PER_SEC };

  memset (&query.maximum, 0xff, sizeof query.maximum);
  virtual_search_run (node, &query, search);
}

void
virtual_search_clear (VirtualSearch *search)
{
  g_clear_pointer (&search->payload, g_free);
}

/* --- What must be --- */

void
virtual_mesh_expected_leaves (VirtualMesh  *mesh,
                              VirtualNode  *of,
                              const DrtKey *local,
                              DrtLeafSet   *leaves)
{
  DrtEndpoint nowhere = { .port = 1024 };
  DrtCache all;

  drt_cache_init (&all);
  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      VirtualNode *node = virtual_mesh_get (mesh, i);

      if (node == of || node->dead)
        continue;
      for (guint j = 0; j < node->node->keys->len; j++)
        drt_cache_insert (&all, drt_entry_new (&drt_keys_get (node->node, j)->key, 6, 101, &nowhere, 1));
    }
  drt_leaf_set_update (leaves, &all, local);
  drt_cache_clear (&all);
}

static gboolean
same_leaves (const DrtLeafSet *a,
             const DrtLeafSet *b)
{
  return a->n_above == b->n_above && a->n_below == b->n_below &&
         memcmp (a->above, b->above, a->n_above * sizeof (DrtKey)) == 0 &&
         memcmp (a->below, b->below, a->n_below * sizeof (DrtKey)) == 0;
}

gboolean
virtual_mesh_leaves_right (VirtualMesh *mesh)
{
  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      VirtualNode *node = virtual_mesh_get (mesh, i);

      for (guint j = 0; !node->dead && j < node->node->keys->len; j++)
        {
          const DrtLocalKey *local = drt_keys_get (node->node, j);
          DrtLeafSet expected = { 0 };

          virtual_mesh_expected_leaves (mesh, node, &local->key, &expected);
          if (!same_leaves (&expected, &local->leaves))
            return FALSE;
        }
    }
  return TRUE;
}
