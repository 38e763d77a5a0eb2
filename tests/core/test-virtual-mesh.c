/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whole meshes in virtual time: who joins is known where he must be, what is
 * registered is found, what dies is forgotten; with and without loss. */

#include "virtual-mesh.h"

#include <string.h>

#define SECOND G_USEC_PER_SEC

static gboolean
all_active (VirtualMesh *mesh,
            gpointer     data)
{
  for (guint i = 0; i < mesh->nodes->len; i++)
    if (!virtual_mesh_get (mesh, i)->dead && virtual_mesh_get (mesh, i)->status != DRT_ACTIVE)
      return FALSE;
  return TRUE;
}

/* Looked at once in a virtual second: to compare every leaf set is work. */
static gboolean
leaves_right (VirtualMesh *mesh,
              gpointer     data)
{
  static gint64 next;

  if (mesh->now < next && next - mesh->now <= SECOND)
    return FALSE;
  next = mesh->now + SECOND;
  return all_active (mesh, NULL) && virtual_mesh_leaves_right (mesh);
}

static void
add_member (VirtualMesh *mesh)
{
  VirtualNode *node = virtual_mesh_add (mesh);
  g_autofree char *payload = g_strdup_printf ("payload %u", node->index);
  DrtKey key;

  /* Who knows one other, and is not heard by him, begins a mesh of his own. */
  for (guint i = 0; i < (mesh->loss > 0 ? 3 : 1) && node->index > 0; i++)
    virtual_node_knows (node, virtual_mesh_get (mesh, (guint) g_rand_int_range (mesh->rand, 0, (gint32) node->index)));
  virtual_mesh_random_key (mesh, &key);
  virtual_node_open (node);
  virtual_node_register (node, &key, payload);
}

/* Every living node finds every living key with its payload. */
static void
assert_all_found (VirtualMesh *mesh,
                  guint        step)
{
  for (guint i = 0; i < mesh->nodes->len; i++)
    for (guint j = i % step; j < mesh->nodes->len; j += step)
      {
        VirtualNode *from = virtual_mesh_get (mesh, i), *to = virtual_mesh_get (mesh, j);
        g_autofree char *payload = g_strdup_printf ("payload %u", j);
        VirtualSearch search;

        if (i == j || from->dead || to->dead)
          continue;
        virtual_search_exact (from, &drt_keys_get (to->node, 0)->key, &search);
        g_assert_cmpuint (search.n_found, ==, 1);
        g_assert_cmpstr (search.payload, ==, payload);
        virtual_search_clear (&search);
      }
}

static VirtualMesh *
grow (guint    n,
      double   loss,
      gboolean together)
{
  VirtualMesh *mesh = virtual_mesh_new (n * 7 + together);

  mesh->loss = loss;
  for (guint i = 0; i < n; i++)
    {
      add_member (mesh);
      if (!together)
        virtual_mesh_run (mesh, SECOND, NULL, NULL);
    }
  return mesh;
}

static void
test_one_by_one (gconstpointer data)
{
  guint n = GPOINTER_TO_UINT (data);
  g_autoptr (VirtualMesh) mesh = grow (n, 0, FALSE);

  g_assert_true (virtual_mesh_run (mesh, 180 * SECOND, leaves_right, NULL));
  assert_all_found (mesh, n > 40 ? 7 : 1);
}

static void
test_all_at_once (void)
{
  g_autoptr (VirtualMesh) mesh = grow (32, 0, TRUE);

  g_assert_true (virtual_mesh_run (mesh, 120 * SECOND, leaves_right, NULL));
  assert_all_found (mesh, 1);
}

/* What is lost is sent again, so a mesh forms all the same; some entries will
 * always be missing somewhere while datagrams are lost, and none afterwards. */
static void
test_loss (void)
{
  g_autoptr (VirtualMesh) mesh = grow (32, 0.1, FALSE);
  guint n_found = 0, n_searched = 0;

  g_assert_true (virtual_mesh_run (mesh, 60 * SECOND, all_active, NULL));
  mesh->loss = 0.05;
  /* Who could not reach its bootstrap and is joined by others has made a mesh of
   * their own, which is found out in time. */
  virtual_mesh_run (mesh, 300 * SECOND, leaves_right, NULL);
  for (guint i = 0; i < 32; i++)
    for (guint j = (i + 1) % 5; j < 32; j += 5)
      {
        VirtualSearch search;

        if (i == j)
          continue;
        virtual_search_exact (virtual_mesh_get (mesh, i), &drt_keys_get (virtual_mesh_get (mesh, j)->node, 0)->key, &search);
        n_found += search.n_found;
        n_searched++;
        virtual_search_clear (&search);
      }
  g_test_message ("%u of %u found with 5 %% lost", n_found, n_searched);
  g_assert_cmpuint (n_found, >=, n_searched * 99 / 100);

  mesh->loss = 0;
  g_assert_true (virtual_mesh_run (mesh, 300 * SECOND, leaves_right, NULL));
  assert_all_found (mesh, 3);
}

/* The same mesh in the modes that prove membership and seal what they say. */
static void
test_modes (gconstpointer data)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (99);

  mesh->mode = (DRT_SECURITY_MODE) GPOINTER_TO_INT (data);
  for (guint i = 0; i < 14; i++)
    {
      add_member (mesh);
      virtual_mesh_run (mesh, SECOND, NULL, NULL);
    }
  g_assert_true (virtual_mesh_run (mesh, 120 * SECOND, leaves_right, NULL));
  assert_all_found (mesh, 1);
  for (guint i = 0; i < 14; i++)
    for (guint reason = DRT_DROP_NONE + 1; reason < DRT_DROP_N_REASONS; reason++)
      if (reason != DRT_DROP_UNEXPECTED)
        g_assert_cmpuint (virtual_mesh_get (mesh, i)->node->counters.dropped[reason], ==, 0);
}

static gboolean
key_is_gone (VirtualMesh *mesh,
             gpointer     data)
{
  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      VirtualNode *node = virtual_mesh_get (mesh, i);

      if (!node->dead && drt_cache_find (&node->node->cache, data) != NULL)
        return FALSE;
    }
  return TRUE;
}

static void
test_killed (void)
{
  g_autoptr (VirtualMesh) mesh = grow (32, 0, FALSE);
  VirtualNode *victim = virtual_mesh_get (mesh, 13);
  DrtKey key;

  g_assert_true (virtual_mesh_run (mesh, 60 * SECOND, leaves_right, NULL));
  key = drt_keys_get (victim->node, 0)->key;
  virtual_node_kill (victim);
  g_assert_true (virtual_mesh_run (mesh, 2 * 10 * DRT_MAINTENANCE_TIME, key_is_gone, &key));
  g_assert_true (virtual_mesh_run (mesh, 60 * SECOND, leaves_right, NULL));
  assert_all_found (mesh, 3);
}

static void
test_unregistered (void)
{
  g_autoptr (VirtualMesh) mesh = grow (24, 0, FALSE);
  VirtualNode *publisher = virtual_mesh_get (mesh, 7);
  DrtKey key;
  VirtualSearch search;

  g_assert_true (virtual_mesh_run (mesh, 60 * SECOND, leaves_right, NULL));
  key = drt_keys_get (publisher->node, 0)->key;
  g_assert_true (drt_node_unregister (publisher->node, mesh->now, &key));
  g_assert_true (virtual_mesh_run (mesh, 2 * SECOND, NULL, NULL));
  for (guint i = 0; i < 24; i += 5)
    {
      virtual_search_exact (virtual_mesh_get (mesh, i), &key, &search);
      g_assert_cmpuint (search.n_found, ==, 0);
      g_assert_cmpint (search.hr, ==, S_OK);
      virtual_search_clear (&search);
    }
  g_assert_true (virtual_mesh_run (mesh, 60 * SECOND, leaves_right, NULL));
}

static void
test_nearest (void)
{
  g_autoptr (VirtualMesh) mesh = grow (24, 0, FALSE);

  g_assert_true (virtual_mesh_run (mesh, 60 * SECOND, leaves_right, NULL));
  for (guint i = 0; i < 40; i++)
    {
      VirtualNode *from = virtual_mesh_get (mesh, i % 24);
      const DrtKey *nearest = NULL;
      VirtualSearch search;
      DrtKey target;

      virtual_mesh_random_key (mesh, &target);
      for (guint j = 0; j < 24; j++)
        {
          const DrtKey *key = &drt_keys_get (virtual_mesh_get (mesh, j)->node, 0)->key;

          if (j != from->index && (nearest == NULL || drt_key_compare_distance (&target, key, nearest) < 0))
            nearest = key;
        }
      virtual_search_nearest (from, &target, &search);
      g_assert_cmpuint (search.n_found, ==, 1);
      g_assert_true (drt_key_equal (&search.key, nearest));
      virtual_search_clear (&search);
    }
}

/* The one who starts the program sees all of a small mesh. */
static void
test_small_mesh_is_known_whole (void)
{
  g_autoptr (VirtualMesh) mesh = grow (17, 0, FALSE);
  VirtualNode *last = virtual_mesh_get (mesh, 16);

  g_assert_true (virtual_mesh_run (mesh, 90 * SECOND, NULL, NULL));
  g_assert_cmpuint (drt_cache_get_size (&last->node->cache), ==, 16);
}

/* A quiet mesh says no more than maintenance demands. */
static void
test_idle_traffic (void)
{
  g_autoptr (VirtualMesh) mesh = grow (32, 0, FALSE);
  guint64 before;
  double rate;

  virtual_mesh_run (mesh, 120 * SECOND, NULL, NULL);
  before = mesh->n_sent;
  virtual_mesh_run (mesh, 150 * SECOND, NULL, NULL);
  rate = (double) (mesh->n_sent - before) / 150 / 32;
  g_test_message ("%.2f datagrams per node and second", rate);
  g_assert_cmpfloat (rate, <, 3.0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/virtual-mesh/one-by-one/2", GUINT_TO_POINTER (2), test_one_by_one);
  g_test_add_data_func ("/virtual-mesh/one-by-one/3", GUINT_TO_POINTER (3), test_one_by_one);
  g_test_add_data_func ("/virtual-mesh/one-by-one/11", GUINT_TO_POINTER (11), test_one_by_one);
  g_test_add_data_func ("/virtual-mesh/one-by-one/32", GUINT_TO_POINTER (32), test_one_by_one);
  g_test_add_data_func ("/virtual-mesh/one-by-one/100", GUINT_TO_POINTER (100), test_one_by_one);
  g_test_add_func ("/virtual-mesh/all-at-once", test_all_at_once);
  g_test_add_func ("/virtual-mesh/loss", test_loss);
  g_test_add_data_func ("/virtual-mesh/membership", GINT_TO_POINTER (DRT_SECURE_MEMBERSHIP), test_modes);
  g_test_add_data_func ("/virtual-mesh/confidential", GINT_TO_POINTER (DRT_SECURE_CONFIDENTIALPAYLOAD), test_modes);
  g_test_add_func ("/virtual-mesh/killed", test_killed);
  g_test_add_func ("/virtual-mesh/unregistered", test_unregistered);
  g_test_add_func ("/virtual-mesh/nearest", test_nearest);
  g_test_add_func ("/virtual-mesh/small-mesh-is-known-whole", test_small_mesh_is_known_whole);
  g_test_add_func ("/virtual-mesh/idle-traffic", test_idle_traffic);
  return g_test_run ();
}
