/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which entries the Route Entry Cache keeps ([MC-DRT] §3.2.1.1, Appendix <4>, <5>):
 * levels, their gaps, and what being near on the network is worth. */

#include "core-testing.h"

#include <math.h>
#include <string.h>

/* --- Levels without a node --- */

typedef struct
{
  DrtLevels levels;
  DrtLeafSet leaves;
  DrtCache cache;
} Alone;

static gboolean
may_go (const DrtEntry *entry,
        gconstpointer   data)
{
  const Alone *alone = data;

  return drt_leaf_set_position (&alone->leaves, &entry->key) == 0 &&
         !drt_levels_holds (&alone->levels, &alone->cache, entry);
}

static DrtEntry *
make_entry (const DrtKey *key,
            guint         local_bits)
{
  DrtEndpoint nowhere = { .port = 1024 };
  DrtEntry *entry = drt_entry_new (key, 6, 101, &nowhere, 1);

  entry->local_bits = (guint8) local_bits;
  return entry;
}

static void
alone_init (Alone        *alone,
            const DrtKey *anchor)
{
  *alone = (Alone) { .levels = { .anchor = *anchor, .last = G_MAXUINT, .n_keys = DRT_LEVEL_KEYS } };
  drt_cache_init (&alone->cache);
}

/* All that the core does with an entry that is proved. */
static void
alone_offer (Alone        *alone,
             const DrtKey *key,
             guint         local_bits)
{
  DrtEntry *entry = make_entry (key, local_bits), *surplus;

  if (!drt_leaf_set_covers (&alone->leaves, &alone->levels.anchor, key) &&
      !drt_levels_holds (&alone->levels, &alone->cache, entry))
    {
      drt_entry_free (entry);
      return;
    }
  drt_cache_insert (&alone->cache, entry);
  drt_leaf_set_update (&alone->leaves, &alone->cache, &alone->levels.anchor);
  for (guint level = 0; level < 10; level++)
    while ((surplus = drt_levels_find_surplus (&alone->levels, &alone->cache, level, NULL, may_go, alone)) != NULL)
      drt_entry_free (drt_cache_steal (&alone->cache, &surplus->key));
}

static void
random_key (DrtKey *key)
{
  for (guint i = 0; i < DRT_KEY_SIZE; i += 4)
    {
      guint32 word = (guint32) g_test_rand_int ();

      memcpy (key->b + i, &word, 4);
    }
}

/* How many of the cache are in @level, and no leaves. */
static guint
count_in_level (const DrtCache   *cache,
                const DrtLeafSet *leaves,
                const DrtKey     *anchor,
                guint             level)
{
  guint n = 0;

  for (guint i = 0; i < drt_cache_get_size (cache); i++)
    {
      const DrtKey *key = &drt_cache_get (cache, i)->key;

      n += drt_levels_get_level (anchor, key) == level && drt_leaf_set_position (leaves, key) == 0;
    }
  return n;
}

static void
test_level_of_a_key (void)
{
  static const struct { double turn; guint level; } cases[] = {
    { 0.5, 0 }, { 0.3, 0 }, { 0.051, 0 }, { 0.049, 1 }, { 0.0051, 1 }, { 0.0049, 2 }, { 0.951, 1 }, { 0.949, 0 },
    { 4.9e-9, 8 }, { 5.1e-9, 7 }, { 0x1p-256, 76 },
  };
  DrtKey anchor;

  random_key (&anchor);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DrtKey key;

      drt_key_from_turn (&key, cases[i].turn);
      drt_key_add (&key, &key, &anchor);
      g_assert_cmpuint (drt_levels_get_level (&anchor, &key), ==, cases[i].level);
    }
  g_assert_cmpuint (drt_levels_get_level (&anchor, &anchor), <, 80);
}

/* Of the many one hears of, each level keeps 20 and in each slot the one in its
 * middle; no leaf is given up for it. */
static void
test_levels_are_bounded_and_even (void)
{
  const guint n = 20000;
  g_autofree DrtKey *keys = g_new (DrtKey, n);
  DrtCache everybody;
  DrtLeafSet leaves = { 0 };
  DrtKey anchor;
  Alone alone;

  random_key (&anchor);
  alone_init (&alone, &anchor);
  drt_cache_init (&everybody);
  for (guint i = 0; i < n; i++)
    {
      random_key (&keys[i]);
      alone_offer (&alone, &keys[i], 0);
      drt_cache_insert (&everybody, make_entry (&keys[i], 0));
    }

  drt_leaf_set_update (&leaves, &everybody, &anchor);
  g_assert_cmpmem (&leaves, sizeof leaves, &alone.leaves, sizeof leaves);
  for (guint level = 0; level < 3; level++)
    {
      g_assert_cmpuint (count_in_level (&alone.cache, &alone.leaves, &anchor, level), <=, DRT_LEVEL_KEYS);
      g_assert_cmpuint (count_in_level (&alone.cache, &alone.leaves, &anchor, level), >=, DRT_LEVEL_KEYS - 3);
    }
  /* Level 0: 1000 for each slot, so the best is next to its middle; levels 1 likewise. */
  for (guint level = 0; level < 2; level++)
    for (guint slot = 1; slot < 10; slot++)
      for (int side = -1; side <= 1; side += 2)
        {
          double width = pow (10, -(double) level) / DRT_LEVEL_KEYS, middle = (slot + 0.5) * width;
          DrtKey target, distance;
          DrtEntry *near, *best;

          drt_key_from_turn (&target, side > 0 ? middle : 1 - middle);
          drt_key_add (&target, &target, &anchor);
          drt_cache_nearest (&alone.cache, &target, NULL, NULL, &near, 1);
          drt_cache_nearest (&everybody, &target, NULL, NULL, &best, 1);
          g_assert_true (drt_key_equal (&near->key, &best->key));
          drt_key_distance (&distance, &near->key, &target);
          g_assert_cmpfloat (drt_key_to_turn (&distance), <, width / 4);
        }
  drt_cache_clear (&everybody);
  drt_cache_clear (&alone.cache);
}

/* Each gap is named once in a round, is one, and is filled by what shares so many
 * bits with its middle. */
static void
test_gaps (void)
{
  DrtLevelsCursor cursor = { 0 };
  guint n_gaps = 0, n_filled = 0;
  DrtKey anchor, key;
  Alone alone;
  DrtGap gap;

  random_key (&anchor);
  alone_init (&alone, &anchor);
  /* A leaf set that reaches 10^-5 far, and nobody beyond. */
  for (guint i = 1; i <= DRT_LEAF_SET_SIDE; i++)
    for (int side = -1; side <= 1; side += 2)
      {
        drt_key_from_turn (&key, side > 0 ? i * 2e-6 : 1 - i * 2e-6);
        drt_key_add (&key, &key, &anchor);
        alone_offer (&alone, &key, 0);
      }

  while (drt_levels_find_gap (&alone.levels, &alone.cache, &alone.leaves, &cursor, &gap))
    {
      DrtCache before;
      DrtEntry *entry;

      g_assert_cmpuint (n_gaps++, <, 100);
      drt_cache_init (&before);
      /* Any key of that precision: all the other bits are changed. */
      key = gap.middle;
      for (guint bit = gap.precision; bit < DRT_KEY_BITS; bit++)
        key.b[DRT_KEY_SIZE - 1 - bit / 8] ^= g_test_rand_bit () ? 0x80 >> bit % 8 : 0;
      entry = make_entry (&key, 0);
      g_assert_true (drt_levels_is_alone (&alone.levels, &alone.cache, entry));
      drt_cache_insert (&before, entry);
      alone_offer (&alone, &key, 0);
      drt_cache_clear (&before);
    }
  /* Levels 0 to 3 wholly, of level 4 (radius 5 · 10^-5) what the leaves leave. */
  g_assert_cmpuint (n_gaps, >=, 4 * 18 + 16);
  g_assert_cmpuint (n_gaps, <=, 5 * 18);

  cursor = (DrtLevelsCursor) { 0 };
  while (drt_levels_find_gap (&alone.levels, &alone.cache, &alone.leaves, &cursor, &gap))
    n_filled++;
  g_assert_cmpuint (n_filled, <=, n_gaps / 20);
  drt_cache_clear (&alone.cache);
}

/* Between two that serve a slot alike the near one is kept, as the threshold says:
 * a subnet in common outweighs so many thousandths of the slot. */
static void
test_locality_of_a_slot (void)
{
  static const struct { guint locality, bits; double off; gboolean wins; } cases[] = {
    { 0, 128, 0.01, FALSE },
    { 300, 0, 0.01, FALSE },
    { 300, 64, 0.29, TRUE },
    { 300, 64, 0.31, FALSE },
    { 300, 128, 0.31, FALSE },
    { 300, 32, 0.14, TRUE },
    { 300, 32, 0.16, FALSE },
    { 500, 64, 0.49, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double middle = 0.05 * 4.5;
      DrtKey anchor, far_key, near_key;
      Alone alone;

      random_key (&anchor);
      alone_init (&alone, &anchor);
      alone.levels.locality = cases[i].locality;
      drt_key_from_turn (&far_key, middle);
      drt_key_add (&far_key, &far_key, &anchor);
      drt_key_from_turn (&near_key, middle + cases[i].off * 0.05);
      drt_key_add (&near_key, &near_key, &anchor);

      /* The level is full but for one. */
      for (guint j = 0; j < DRT_LEVEL_KEYS - 1; j++)
        {
          DrtKey other;

          drt_key_from_turn (&other, 0.6 + j * 0.01);
          drt_key_add (&other, &other, &anchor);
          drt_cache_insert (&alone.cache, make_entry (&other, 0));
        }
      drt_cache_insert (&alone.cache, make_entry (&far_key, 0));
      drt_cache_insert (&alone.cache, make_entry (&near_key, cases[i].bits));
      g_assert_true (drt_levels_holds (&alone.levels, &alone.cache, drt_cache_find (&alone.cache, &near_key)) == cases[i].wins);
      g_assert_true (drt_levels_holds (&alone.levels, &alone.cache, drt_cache_find (&alone.cache, &far_key)) != cases[i].wins);
      drt_cache_clear (&alone.cache);
    }
}

/* --- How many there are --- */

/* The error of the estimate over all nodes of meshes of @n keys, and that of the one
 * from the nearest leaves, which it replaces. */
static void
test_mesh_size (gconstpointer data)
{
  guint n = GPOINTER_TO_UINT (data), meshes = 4000 / n + 1;
  double sum = 0, squares = 0, inverse = 0, near_squares = 0;

  for (guint m = 0; m < meshes; m++)
    {
      g_autofree DrtKey *keys = g_new (DrtKey, n);
      DrtCache everybody;

      drt_cache_init (&everybody);
      for (guint i = 0; i < n; i++)
        {
          random_key (&keys[i]);
          drt_cache_insert (&everybody, make_entry (&keys[i], 0));
        }
      for (guint i = 0; i < n; i++)
        {
          DrtEntry *own = drt_cache_steal (&everybody, &keys[i]);
          DrtLeafSet leaves = { 0 };
          double ratio, near_ratio;
          DrtKey arc;

          drt_leaf_set_update (&leaves, &everybody, &keys[i]);
          ratio = drt_leaf_set_density (&leaves) / n;
          sum += ratio;
          squares += (ratio - 1) * (ratio - 1);
          inverse += 1 / ratio / n;
          drt_key_subtract (&arc, &leaves.above[0], &leaves.below[0]);
          near_ratio = 2 / drt_key_to_turn (&arc) / n;
          near_squares += (near_ratio - 1) * (near_ratio - 1);
          drt_cache_insert (&everybody, own);
        }
      drt_cache_clear (&everybody);
    }
  g_test_message ("%u keys: mean %.2f of the truth, error %.2f (by the nearest leaves %.2f)", n,
                  sum / (n * meshes), sqrt (squares / (n * meshes)), sqrt (near_squares / (n * meshes)));
  g_assert_cmpfloat (fabs (sum / (n * meshes) - 1), <, 0.2);
  g_assert_cmpfloat (sqrt (squares / (n * meshes)), <, 0.5);
  if (n > 10)
    g_assert_cmpfloat_with_epsilon (inverse / meshes, 1, 1e-9);
}

/* --- In a mesh --- */

static gboolean
leaves_right (VirtualMesh *mesh,
              gpointer     data)
{
  gint64 *next = data;

  if (mesh->now < *next)
    return FALSE;
  *next = mesh->now + SECOND;
  return virtual_mesh_leaves_right (mesh);
}

/* A node of one of two sites, far from one another. */
static VirtualNode *
join_site (VirtualMesh *mesh,
           guint        n_keys,
           guint        site,
           guint        locality)
{
  VirtualNode *node = virtual_mesh_add (mesh);

  node->lab->endpoint.address.s6_addr[0] = site == 0 ? 0x20 : 0x24;
  node->endpoint = node->lab->endpoint;
  node->node->settings.locality = locality;
  if (node->index > 0)
    virtual_node_knows (node, virtual_mesh_get (mesh, (guint) g_rand_int_range (mesh->rand, 0, (gint32) node->index)));
  virtual_node_open (node);
  for (guint i = 0; i < n_keys; i++)
    {
      DrtKey key;

      virtual_mesh_random_key (mesh, &key);
      virtual_node_register (node, &key, "payload");
    }
  core_run (mesh, SECOND / 4);
  return node;
}

static VirtualNode *
join (VirtualMesh *mesh,
      guint        n_keys)
{
  return join_site (mesh, n_keys, 0, 0);
}

static void
settle (VirtualMesh *mesh)
{
  gint64 next = 0;

  g_assert_true (virtual_mesh_run (mesh, 600 * SECOND, leaves_right, &next));
  core_run (mesh, 60 * SECOND);
}

/* How many tenths of the ring, seen from key 0, an entry lies in. */
static guint
count_tenths (VirtualNode *node)
{
  gboolean has[10] = { FALSE };
  guint n = 0;

  for (guint i = 0; i < drt_cache_get_size (&node->node->cache); i++)
    has[(guint) (10 * drt_key_to_turn (&drt_cache_get (&node->node->cache, i)->key))] = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (has); i++)
    n += has[i];
  return n;
}

static guint
search_all (VirtualMesh *mesh,
            guint        step,
            guint       *n_hops)
{
  guint n = 0;

  *n_hops = 0;
  for (guint i = 0; i < mesh->nodes->len; i++)
    for (guint j = i % step; j < mesh->nodes->len; j += step)
      {
        VirtualNode *from = virtual_mesh_get (mesh, i), *to = virtual_mesh_get (mesh, j);
        VirtualSearch search;

        if (i == j || to->node->keys->len == 0)
          continue;
        virtual_search_exact (from, &drt_keys_get (to->node, i % to->node->keys->len)->key, &search);
        g_assert_cmpuint (search.n_found, ==, 1);
        *n_hops += search.n_hops;
        n++;
        virtual_search_clear (&search);
      }
  return n;
}

static void
test_caches_of_a_mesh (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (5);
  guint n_hops, n;

  for (guint i = 0; i < 150; i++)
    join (mesh, 1);
  settle (mesh);
  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      VirtualNode *node = virtual_mesh_get (mesh, i);
      const DrtLocalKey *local = drt_keys_get (node->node, 0);

      g_assert_cmpuint (count_tenths (node), ==, 10);
      for (guint level = 0; level < 3; level++)
        g_assert_cmpuint (count_in_level (&node->node->cache, &local->leaves, &local->key, level), <=, DRT_LEVEL_KEYS);
      g_assert_cmpuint (drt_cache_get_size (&node->node->cache), <=, 2 * DRT_LEVEL_KEYS + 2 * DRT_LEAF_SET_SIDE);
    }
  n = search_all (mesh, 11, &n_hops);
  g_test_message ("%.2f hops for each of %u searches", (double) n_hops / n, n);
  g_assert_cmpfloat ((double) n_hops / n, <, 2.1);
}

/* Who has no key is asked nothing, and needs but a start everywhere. */
static void
test_without_keys (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (6);
  VirtualNode *node;
  DrtKey key;

  for (guint i = 0; i < 80; i++)
    join (mesh, 1);
  node = join (mesh, 0);
  settle (mesh);
  g_assert_cmpuint (drt_cache_get_size (&node->node->cache), <=, DRT_LEVEL_KEYS);
  g_assert_cmpuint (count_tenths (node), ==, 10);

  /* With a key it is another node, and without it again what it was. */
  virtual_mesh_random_key (mesh, &key);
  virtual_node_register (node, &key, "payload");
  settle (mesh);
  g_assert_cmpuint (drt_cache_get_size (&node->node->cache), >, DRT_LEVEL_KEYS + DRT_LEAF_SET_SIDE);
  g_assert_true (drt_node_unregister (node->node, mesh->now, &key));
  core_run (mesh, 20 * SECOND);
  g_assert_cmpuint (drt_cache_get_size (&node->node->cache), <=, DRT_LEVEL_KEYS);
}

typedef struct
{
  double in_caches;              /* share of the entries that are no leaves and of the same site */
  double in_hops;                /* of the hops but the last, which is the target */
} Local;

static guint
get_site (const DrtEndpoint *endpoint)
{
  return endpoint->address.s6_addr[0] != 0x20;
}

static Local
measure_locality (guint locality)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (12);
  guint n_entries = 0, n_same = 0, n_hops = 0, n_same_hops = 0;

  for (guint i = 0; i < 200; i++)
    join_site (mesh, 1, i % 2, locality);
  settle (mesh);
  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      VirtualNode *node = virtual_mesh_get (mesh, i);

      for (guint j = 0; j < drt_cache_get_size (&node->node->cache); j++)
        {
          const DrtEntry *entry = drt_cache_get (&node->node->cache, j);

          if (drt_routes_is_leaf (node->node, &entry->key))
            continue;
          n_entries++;
          n_same += get_site (&entry->addresses[0]) == i % 2;
        }
      for (guint j = 0; j < 5; j++)
        {
          VirtualNode *to = virtual_mesh_get (mesh, (i * 7 + j * 41 + 1) % mesh->nodes->len);
          VirtualSearch search;

          if (to == node)
            continue;
          virtual_search_exact (node, &drt_keys_get (to->node, 0)->key, &search);
          g_assert_cmpuint (search.n_found, ==, 1);
          for (guint k = 0; k + 1 < search.n_hops; k++)
            {
              n_hops++;
              n_same_hops += get_site (&search.hops[k].endpoint) == i % 2;
            }
          virtual_search_clear (&search);
        }
    }
  return (Local) { (double) n_same / n_entries, (double) n_same_hops / n_hops };
}

/* Two sites, half of the nodes each: the more it counts, the more stay at home;
 * leaf sets are right and all is found all the same. */
static void
test_two_sites (void)
{
  Local none = measure_locality (0), some = measure_locality (300), much = measure_locality (1000);

  g_test_message ("of the same site: %.2f, %.2f, %.2f of the caches; %.2f, %.2f, %.2f of the hops",
                  none.in_caches, some.in_caches, much.in_caches, none.in_hops, some.in_hops, much.in_hops);
  g_assert_cmpfloat (none.in_caches, >, 0.42);
  g_assert_cmpfloat (none.in_caches, <, 0.58);
  g_assert_cmpfloat (some.in_caches, >, none.in_caches + 0.05);
  g_assert_cmpfloat (much.in_caches, >, some.in_caches + 0.03);
  g_assert_cmpfloat (much.in_hops, >, none.in_hops + 0.1);
}

/* However many keys there are, the cache is bounded, and each is found. */
static void
test_many_keys (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (7);
  VirtualNode *node;
  guint n_hops;

  for (guint i = 0; i < 60; i++)
    join (mesh, i == 20 ? 64 : 1);
  core_run (mesh, 120 * SECOND);
  node = virtual_mesh_get (mesh, 20);
  g_assert_cmpuint (node->node->keys->len, ==, 64);
  g_assert_cmpuint (drt_cache_get_size (&node->node->cache), <=, DRT_CACHE_SIZE + 64 * 2 * DRT_LEAF_SET_SIDE);
  search_all (mesh, 1, &n_hops);
}

/* Nor does it grow beyond its bound where there is more to know than it may hold. */
static void
test_many_keys_are_bounded (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (9);
  VirtualNode *node;
  DrtKey key;

  node = join (mesh, 64);
  for (guint i = 0; i < 1600; i++)
    {
      DrtEndpoint endpoint = node->endpoint;

      endpoint.address.s6_addr[8] = 1;
      virtual_mesh_random_key (mesh, &key);
      drt_routes_add (node->node, mesh->now, drt_entry_new (&key, 6, 101, &endpoint, 1),
                      &(DrtValidation) { .from = endpoint });
    }
  g_assert_cmpuint (drt_cache_get_size (&node->node->cache), <=, DRT_CACHE_SIZE + 64 * 2 * DRT_LEAF_SET_SIDE);
  g_assert_cmpuint (drt_cache_get_size (&node->node->cache), >, DRT_CACHE_SIZE / 2);
}

/* Keys that differ in their last bits only make levels all the same. */
static void
test_clustered_keys (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (8);
  guint n_hops, n;

  for (guint i = 0; i < 100; i++)
    {
      VirtualNode *node = join (mesh, 0);
      DrtKey key;

      virtual_mesh_random_key (mesh, &key);
      memset (key.b + 8, 0x42, DRT_KEY_SIZE - 8);
      virtual_node_register (node, &key, "payload");
    }
  settle (mesh);
  n = search_all (mesh, 7, &n_hops);
  g_test_message ("%.2f hops for each of %u searches", (double) n_hops / n, n);
  g_assert_cmpfloat ((double) n_hops / n, <, 3);
}

/* --- A small mesh is known whole --- */

static gboolean
knows_all (VirtualMesh *mesh,
           gpointer     data)
{
  return drt_cache_get_size (&((VirtualNode *) data)->node->cache) == mesh->nodes->len - 1;
}

/* Sixteen others have room in any cache: who comes to them meets them all, soon. */
static void
test_small_mesh (void)
{
  guint n_late = 0;

  for (guint32 seed = 1; seed <= 30; seed++)
    {
      g_autoptr (VirtualMesh) mesh = virtual_mesh_new (seed);
      VirtualNode *newcomer;
      gint64 opened;

      for (guint i = 0; i < 16; i++)
        {
          VirtualNode *node = virtual_mesh_add (mesh);
          DrtKey key;

          if (i > 0)
            virtual_node_knows (node, virtual_mesh_get (mesh, 0));
          virtual_node_open (node);
          virtual_mesh_random_key (mesh, &key);
          virtual_node_register (node, &key, "publisher");
        }
      core_run (mesh, 20 * SECOND);

      newcomer = virtual_mesh_add (mesh);
      for (guint i = 0; i < 4; i++)
        virtual_node_knows (newcomer, virtual_mesh_get (mesh, i));
      virtual_node_open (newcomer);
      opened = mesh->now;
      g_assert_true (virtual_mesh_run (mesh, 60 * SECOND, knows_all, newcomer));
      g_test_message ("seed %u: after %.2f s", seed, (mesh->now - opened) / (double) SECOND);
      n_late += mesh->now - opened > 5 * SECOND;
    }
  g_assert_cmpuint (n_late, <=, 3);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cache/levels/of-a-key", test_level_of_a_key);
  g_test_add_func ("/cache/levels/bounded-and-even", test_levels_are_bounded_and_even);
  g_test_add_func ("/cache/levels/gaps", test_gaps);
  g_test_add_func ("/cache/levels/locality", test_locality_of_a_slot);
  g_test_add_data_func ("/cache/mesh-size/5", GUINT_TO_POINTER (5), test_mesh_size);
  g_test_add_data_func ("/cache/mesh-size/17", GUINT_TO_POINTER (17), test_mesh_size);
  g_test_add_data_func ("/cache/mesh-size/200", GUINT_TO_POINTER (200), test_mesh_size);
  g_test_add_data_func ("/cache/mesh-size/2000", GUINT_TO_POINTER (2000), test_mesh_size);
  g_test_add_func ("/cache/mesh/levels", test_caches_of_a_mesh);
  g_test_add_func ("/cache/mesh/without-keys", test_without_keys);
  g_test_add_func ("/cache/mesh/two-sites", test_two_sites);
  g_test_add_func ("/cache/mesh/many-keys", test_many_keys);
  g_test_add_func ("/cache/mesh/many-keys-bounded", test_many_keys_are_bounded);
  g_test_add_func ("/cache/mesh/clustered-keys", test_clustered_keys);
  g_test_add_func ("/cache/small-mesh", test_small_mesh);
  return g_test_run ();
}
