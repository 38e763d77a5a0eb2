/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Ranges and several end points, held against the sorted list of all keys. */

#include "core-testing.h"

#include <string.h>

/* What a search gives, in its order. */
typedef struct
{
  VirtualNode *node;
  DrtResolve *resolve;
  GArray *keys;                  /* of DrtKey */
  gboolean local;                /* one of them was the searcher's */
  gboolean finished;
  HRESULT hr;
  guint n_found;
  guint n_hops;
  guint64 n_lookups;
} Found;

static void
found_cb (gpointer               data,
          DrtResolveEvent        event,
          const DrtResolveMatch *match,
          HRESULT                hr)
{
  Found *found = data;

  drt_node_resolve_get_path (found->resolve, &found->n_hops);
  if (event == DRT_RESOLVE_FOUND)
    {
      g_array_append_val (found->keys, match->key);
      g_assert_cmpmem (match->payload, match->payload_size, match->key.b, 8);
      found->local |= match->local;
    }
  else
    {
      g_assert_cmpint (event, ==, DRT_RESOLVE_FINISHED);
      found->finished = TRUE;
      found->hr = hr;
    }
}

static gboolean
is_finished (VirtualMesh *mesh,
             gpointer     data)
{
  return ((Found *) data)->finished;
}

static void
search (VirtualNode           *node,
        const DrtResolveQuery *query,
        Found                 *found)
{
  guint64 before = node->node->counters.out_by_type[DRT_MESSAGE_LOOKUP];

  *found = (Found) { .node = node, .keys = g_array_new (FALSE, FALSE, sizeof (DrtKey)) };
  found->resolve = drt_node_resolve_start (node->node, node->mesh->now, query, found_cb, found);
  g_assert_true (virtual_mesh_run (node->mesh, query->timeout + SECOND, is_finished, found));
  g_assert_cmpint (found->hr, ==, S_OK);
  found->n_lookups = node->node->counters.out_by_type[DRT_MESSAGE_LOOKUP] - before;
}

/* --- A mesh, and what must be found in it --- */

static void
publish (VirtualNode  *node,
         const DrtKey *key)
{
  g_autoptr (GBytes) payload = g_bytes_new (key->b, 8);

  g_assert_true (drt_node_register (node->node, node->mesh->now, key, payload, NULL));
}

/* @n nodes, one in eight of them with three keys. */
static VirtualMesh *
grow (guint32           seed,
      DRT_SECURITY_MODE mode,
      guint             n)
{
  VirtualMesh *mesh = virtual_mesh_new (seed);
  DrtKey key;

  mesh->mode = mode;
  for (guint i = 0; i < n; i++)
    {
      VirtualNode *node = virtual_mesh_add (mesh);

      if (i > 0)
        virtual_node_knows (node, virtual_mesh_get (mesh, g_rand_int_range (mesh->rand, 0, (gint32) i)));
      virtual_node_open (node);
      for (guint j = 0; j < (i % 8 == 7 ? 3 : 1); j++)
        {
          virtual_mesh_random_key (mesh, &key);
          publish (node, &key);
        }
      core_run (mesh, SECOND / 2);
    }
  core_run (mesh, 60 * SECOND);
  for (guint i = 0; i < 20 && !virtual_mesh_leaves_right (mesh); i++)
    core_run (mesh, 15 * SECOND);
  g_assert_true (virtual_mesh_leaves_right (mesh));
  return mesh;
}

static const DrtKey *sort_target;

static gint
compare_nearness (gconstpointer a,
                  gconstpointer b)
{
  return drt_key_compare_distance (sort_target, a, b);
}

/* All keys in the range of @query, nearest first, as @searcher is to see them. */
static GArray *
expect (VirtualMesh           *mesh,
        VirtualNode           *searcher,
        const DrtResolveQuery *query)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (DrtKey));

  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      VirtualNode *node = virtual_mesh_get (mesh, i);

      for (guint j = 0; !node->dead && (node != searcher || query->allow_local) && j < node->node->keys->len; j++)
        {
          const DrtKey *key = &drt_keys_get (node->node, j)->key;

          if (drt_key_compare (&query->minimum, key) <= 0 && drt_key_compare (key, &query->maximum) <= 0)
            g_array_append_val (keys, *key);
        }
    }
  sort_target = &query->target;
  g_array_sort (keys, compare_nearness);
  return keys;
}

static void
print_key (const char   *what,
           const DrtKey *key)
{
  g_autofree char *text = drt_key_to_string (key);

  g_printerr ("%s %s\n", what, text);
}

static void
check (VirtualMesh           *mesh,
       VirtualNode           *node,
       const DrtResolveQuery *query,
       Found                 *found)
{
  g_autoptr (GArray) expected = expect (mesh, node, query);
  guint n = MIN (expected->len, query->max_matches);
  gboolean right;

  search (node, query, found);
  right = found->keys->len == n;
  for (guint i = 0; right && i < n; i++)
    {
      const DrtKey *got = &g_array_index (found->keys, DrtKey, i);

      if (query->any_in_range)
        right = drt_key_compare (&query->minimum, got) <= 0 && drt_key_compare (got, &query->maximum) <= 0;
      else
        right = drt_key_equal (got, &g_array_index (expected, DrtKey, i));
    }
  if (!right)
    {
      print_key ("target", &query->target);
      print_key ("from", &query->minimum);
      print_key ("to", &query->maximum);
      g_printerr ("node %u, %u wanted, any %d, local %d\n", node->index, query->max_matches, query->any_in_range, query->allow_local);
      for (guint i = 0; i < n; i++)
        print_key ("expected", &g_array_index (expected, DrtKey, i));
      for (guint i = 0; i < found->keys->len; i++)
        print_key ("found", &g_array_index (found->keys, DrtKey, i));
      g_assert_not_reached ();
    }
  found->n_found = n;
  g_clear_pointer (&found->keys, g_array_unref);
}

/* --- Random questions --- */

static void
swap_if_descending (DrtKey *a,
                    DrtKey *b)
{
  DrtKey key = *a;

  if (drt_key_compare (a, b) <= 0)
    return;
  *a = *b;
  *b = key;
}

/* Wide and narrow ranges, full and empty ones, targets at their edges and within. */
static void
ask_anything (VirtualMesh     *mesh,
              DrtResolveQuery *query)
{
  static const guint counts[] = { 1, 1, 1, 2, 3, 5, 10, 30 };
  GRand *rand = mesh->rand;
  DrtKey width;

  *query = (DrtResolveQuery) { .max_matches = counts[g_rand_int_range (rand, 0, G_N_ELEMENTS (counts))], .timeout = 600 * SECOND };
  query->any_in_range = query->max_matches == 1 && g_rand_int_range (rand, 0, 4) == 0;
  query->allow_local = g_rand_boolean (rand);
  virtual_mesh_random_key (mesh, &query->minimum);
  virtual_mesh_random_key (mesh, &query->maximum);
  if (g_rand_boolean (rand))
    {
      /* From some key on: 2^-1 to 2^-12 of the ring. */
      VirtualNode *node = virtual_mesh_get (mesh, (guint) g_rand_int_range (rand, 0, (gint32) mesh->nodes->len));

      width = query->maximum;
      for (gint i = g_rand_int_range (rand, 1, 12); i > 0; i--)
        drt_key_half (&width, &width);
      if (g_rand_boolean (rand))
        query->minimum = drt_keys_get (node->node, 0)->key;
      if (g_rand_boolean (rand))
        drt_key_increment (&query->minimum);
      drt_key_add (&query->maximum, &query->minimum, &width);
    }
  swap_if_descending (&query->minimum, &query->maximum);
  if (g_rand_int_range (rand, 0, 10) == 0)
    memset (&query->minimum, 0, sizeof query->minimum);
  if (g_rand_int_range (rand, 0, 10) == 0)
    memset (&query->maximum, 0xff, sizeof query->maximum);

  switch (g_rand_int_range (rand, 0, 3))
    {
    case 0:
      query->target = query->minimum;
      break;
    case 1:
      query->target = query->maximum;
      break;
    default:
      drt_key_subtract (&width, &query->maximum, &query->minimum);
      for (gint i = g_rand_int_range (rand, 1, 5); i > 0; i--)
        drt_key_half (&width, &width);
      drt_key_add (&query->target, &query->minimum, &width);
    }
}

typedef struct
{
  guint n;
  DRT_SECURITY_MODE mode;
} Size;

static void
test_random_ranges (gconstpointer data)
{
  const Size *size = data;

  for (guint32 seed = 1; seed <= 3; seed++)
    {
      g_autoptr (VirtualMesh) mesh = grow (seed * 1000 + size->n, size->mode, size->n);
      guint64 n_lookups = 0, n_found = 0, n_one = 0, one_lookups = 0, worst = 0;

      for (guint i = 0; i < 60; i++)
        {
          VirtualNode *node = virtual_mesh_get (mesh, (guint) g_rand_int_range (mesh->rand, 0, (gint32) size->n));
          DrtResolveQuery query;
          Found found;

          ask_anything (mesh, &query);
          check (mesh, node, &query, &found);
          if (query.max_matches > 1)
            {
              n_lookups += found.n_lookups;
              n_found += found.n_found;
            }
          else
            {
              n_one++;
              one_lookups += found.n_lookups;
              worst = MAX (worst, found.n_lookups);
            }
        }
      g_test_message ("%u nodes: LOOKUPs for one key %.2f, at most %" G_GUINT64_FORMAT "; for each of several %.2f",
                      size->n, (double) one_lookups / (double) MAX (n_one, 1), worst,
                      (double) n_lookups / (double) MAX (n_found, 1));
    }
}

int
main (int   argc,
      char *argv[])
{
  static const Size sizes[] = {
    { 1, DRT_SECURE_RESOLVE }, { 2, DRT_SECURE_MEMBERSHIP }, { 3, DRT_SECURE_CONFIDENTIALPAYLOAD }, { 7, DRT_SECURE_RESOLVE },
    { 20, DRT_SECURE_MEMBERSHIP }, { 50, DRT_SECURE_CONFIDENTIALPAYLOAD }, { 200, DRT_SECURE_RESOLVE },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/search-range/random/%u", sizes[i].n);

      g_test_add_data_func (path, &sizes[i], test_random_ranges);
    }
  return g_test_run ();
}
