/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is lost on the way, and who is gone: searches succeed all the same, and a
 * dead hop costs no more than it must. */

#include "core-testing.h"

#include <string.h>

static void
add_member (VirtualMesh *mesh)
{
  VirtualNode *node = virtual_mesh_add (mesh);
  DrtKey key;

  for (guint i = 0; i < MIN (node->index, 3); i++)
    virtual_node_knows (node, virtual_mesh_get (mesh, (guint) g_rand_int_range (mesh->rand, 0, (gint32) node->index)));
  virtual_mesh_random_key (mesh, &key);
  virtual_node_open (node);
  virtual_node_register (node, &key, "payload");
}

static VirtualMesh *
grow (guint  n,
      double loss,
      gint64 delay_min,
      gint64 delay_max)
{
  VirtualMesh *mesh = virtual_mesh_new (n);

  mesh->loss = loss;
  mesh->delay_min = delay_min;
  mesh->delay_max = delay_max;
  for (guint i = 0; i < n; i++)
    {
      add_member (mesh);
      core_run (mesh, SECOND);
    }
  core_run (mesh, 60 * SECOND);
  return mesh;
}

static VirtualNode *
random_living (VirtualMesh *mesh)
{
  VirtualNode *node;

  do
    node = virtual_mesh_get (mesh, (guint) g_rand_int_range (mesh->rand, 0, (gint32) mesh->nodes->len));
  while (node->dead);
  return node;
}

typedef struct
{
  guint n;
  guint n_failed;
  GArray *times;                 /* of gint64 */
} Tally;

static gint
compare_times (gconstpointer a,
               gconstpointer b)
{
  gint64 ta = *(const gint64 *) a, tb = *(const gint64 *) b;

  return (ta > tb) - (ta < tb);
}

static gint64
percentile (Tally *tally,
            double share)
{
  g_array_sort (tally->times, compare_times);
  return g_array_index (tally->times, gint64, (guint) ((tally->times->len - 1) * share));
}

/* Searches for keys of living nodes by living nodes, one at a time. */
static void
search_many (VirtualMesh *mesh,
             guint        n,
             Tally       *tally)
{
  *tally = (Tally) { .n = n, .times = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  for (guint i = 0; i < n; i++)
    {
      VirtualNode *from = random_living (mesh), *to = random_living (mesh);
      gint64 begun = mesh->now, time;
      VirtualSearch search;

      if (from == to)
        continue;
      virtual_search_exact (from, &drt_keys_get (to->node, 0)->key, &search);
      time = mesh->now - begun;
      g_array_append_val (tally->times, time);
      tally->n_failed += search.n_found != 1;
      virtual_search_clear (&search);
    }
  g_test_message ("%u of %u failed, median %.1f ms, p99 %.1f ms, longest %.1f ms", tally->n_failed, n,
                  percentile (tally, 0.5) / 1000.0, percentile (tally, 0.99) / 1000.0, percentile (tally, 1) / 1000.0);
}

/* 5 % of all datagrams are lost, from the first on. */
static void
test_searches (void)
{
  g_autoptr (VirtualMesh) mesh = grow (64, 0.05, 1000, 20000);
  Tally tally;

  search_many (mesh, 10000, &tally);
  g_assert_cmpuint (tally.n_failed, <=, 1);
  g_array_unref (tally.times);
}

/* A fifth of the nodes vanish without a word on a network as fast as a loopback. */
static void
test_killed (void)
{
  g_autoptr (VirtualMesh) mesh = grow (300, 0, 30, 60);
  Tally tally;

  for (guint i = 0; i < 60; i++)
    virtual_node_kill (random_living (mesh));
  search_many (mesh, 8000, &tally);
  /* Of ten seeds three have one or two that fail. */
  g_assert_cmpuint (tally.n_failed, <=, 2);
  g_assert_cmpint (percentile (&tally, 0.99), <, 5000);
  g_assert_cmpint (percentile (&tally, 1), <, 50 * 1000);   /* not even where all of the nearest are dead */
  g_array_unref (tally.times);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loss/searches", test_searches);
  g_test_add_func ("/loss/killed", test_killed);
  return g_test_run ();
}
