/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "virtual-mesh.h"

#include <string.h>

#include "lab-ring.h"

/* --- What the laboratory tells and asks --- */

/* What a test may have set since the laboratory looked last. */
static void
take_over (VirtualMesh *mesh)
{
  LabDelay delay = { .minimum = mesh->delay_min, .maximum = mesh->delay_max };
  const LabDelay *current = &mesh->lab->network.delay;

  mesh->lab->now = MAX (mesh->lab->now, mesh->now);
  if (delay.minimum != current->minimum || delay.maximum != current->maximum || current->median > 0)
    lab_network_set_delay (&mesh->lab->network, &delay);
}

static gboolean
passes_cb (LabNode           *from,
           const DrtEndpoint *to,
           const guint8      *bytes,
           gsize              length)
{
  VirtualNode *node = from->data;
  VirtualMesh *mesh = node->mesh;

  if (node->dead)
    return FALSE;
  mesh->n_sent++;
  take_over (mesh);
  from->endpoint = node->endpoint;
  if (mesh->filter != NULL && !mesh->filter (mesh, node, to, bytes, length, mesh->filter_data))
    return FALSE;
  return mesh->loss <= 0 || g_rand_double (mesh->rand) >= mesh->loss;
}

static HRESULT
bootstrap_cb (LabNode  *lab,
              gboolean  split_detection,
              GArray   *endpoints)
{
  VirtualNode *node = lab->data;

  node->n_bootstraps++;
  node->n_split_bootstraps += split_detection;
  for (guint i = 0; i < node->bootstrap->len; i++)
    g_array_append_val (endpoints, virtual_mesh_get (node->mesh, g_array_index (node->bootstrap, guint, i))->endpoint);
  return node->bootstrap_hr;
}

static void
status_cb (LabNode    *lab,
           DRT_STATUS  status,
           HRESULT     hr,
           guint       n_bootstrap)
{
  VirtualNode *node = lab->data;

  node->has_status = TRUE;
  node->status = status;
  node->status_hr = hr;
  node->n_status_events++;
  node->n_status_bootstrap = n_bootstrap;
}

static void
leaf_cb (LabNode      *lab,
         const DrtKey *local,
         const DrtKey *remote,
         gboolean      added)
{
  VirtualNode *node = lab->data;

  if (added)
    node->n_leaves_added++;
  else
    node->n_leaves_removed++;
}

static void
unresolvable_cb (LabNode      *lab,
                 const DrtKey *local)
{
  ((VirtualNode *) lab->data)->n_unresolvable++;
}

static const LabListener listener = {
  .status = status_cb,
  .leaf = leaf_cb,
  .unresolvable = unresolvable_cb,
  .passes = passes_cb,
  .bootstrap = bootstrap_cb,
};

/* --- The mesh --- */

VirtualMesh *
virtual_mesh_new (guint32 seed)
{
  VirtualMesh *mesh = g_new0 (VirtualMesh, 1);

  mesh->lab = lab_mesh_new (seed);
  mesh->lab->listener = listener;
  mesh->rand = mesh->lab->random;
  mesh->now = mesh->lab->now;
  mesh->delay_min = 1000;
  mesh->delay_max = 20000;
  mesh->nodes = g_ptr_array_new ();
  return mesh;
}

void
virtual_mesh_free (VirtualMesh *mesh)
{
  lab_mesh_free (mesh->lab);
  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      VirtualNode *node = virtual_mesh_get (mesh, i);

      if (node->own_security)
        {
          node->security->Detach (node->security->pvContext);
          DrtDeleteNullSecurityProvider (node->security);
        }
      g_array_unref (node->bootstrap);
      g_free (node);
    }
  g_ptr_array_unref (mesh->nodes);
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
  DRT_SECURITY_PROVIDER *security;
  VirtualNode *node;

  g_assert_cmpint (DrtCreateNullSecurityProvider (&security), ==, S_OK);
  g_assert_cmpint (security->Attach (security->pvContext), ==, S_OK);
  node = virtual_mesh_add_with (mesh, security);
  node->own_security = TRUE;
  return node;
}

VirtualNode *
virtual_mesh_add_with (VirtualMesh           *mesh,
                       DRT_SECURITY_PROVIDER *security)
{
  VirtualNode *node = g_new0 (VirtualNode, 1);

  node->mesh = mesh;
  node->index = mesh->nodes->len;
  node->bootstrap = g_array_new (FALSE, FALSE, sizeof (guint));
  node->bootstrap_hr = DRT_E_NO_MORE;
  node->security = security;
  mesh->lab->mode = mesh->mode;
  mesh->lab->binds = mesh->binds;
  node->lab = lab_mesh_add_with (mesh->lab, node->security);
  node->lab->data = node;
  node->node = node->lab->core;
  node->endpoint = node->lab->endpoint;
  lab_node_enlist (node->lab);
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
  take_over (node->mesh);
  drt_node_open (node->node, node->mesh->now, &node->endpoint, 1);
  virtual_node_touch (node);
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
  lab_node_kill (node->lab);
}

void
virtual_node_touch (VirtualNode *node)
{
  node->lab->endpoint = node->endpoint;
  if (!node->dead)
    lab_node_touch (node->lab);
}

void
virtual_mesh_random_key (VirtualMesh *mesh,
                         DrtKey      *key)
{
  lab_mesh_random_key (mesh->lab, key);
}

void
virtual_mesh_inject (VirtualMesh       *mesh,
                     const DrtEndpoint *from,
                     VirtualNode       *to,
                     const guint8      *bytes,
                     gsize              length)
{
  drt_node_receive (to->node, mesh->now, mesh->now, from, bytes, length);
  lab_node_touch (to->lab);
}

gboolean
virtual_mesh_run (VirtualMesh *mesh,
                  gint64       limit,
                  VirtualDone  done,
                  gpointer     data)
{
  gint64 end = mesh->now + limit;

  take_over (mesh);
  for (guint i = 0; i < mesh->nodes->len; i++)
    virtual_node_touch (virtual_mesh_get (mesh, i));
  while (done == NULL || !done (mesh, data))
    {
      if (!lab_mesh_step (mesh->lab, end))
        {
          mesh->now = mesh->lab->now = end;
          return done == NULL;
        }
      mesh->now = mesh->lab->now;
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
      virtual_node_touch (run->node);
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

gboolean
virtual_mesh_leaves_right (VirtualMesh *mesh)
{
  LabRing ring;

  lab_ring_measure (mesh->lab, 0, &ring);
  return ring.n_right == ring.n_keys;
}
