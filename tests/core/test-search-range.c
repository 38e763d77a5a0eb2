/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Ranges and several end points, held against the sorted list of all keys. */

#include "core-testing.h"
#include "drt-key-set.h"

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

/* --- A node that says of itself that it is what is looked for --- */

typedef struct
{
  VirtualNode *to;
  DrtMessage question;
} Asked;

typedef struct
{
  VirtualNode *node;
  GArray *asked;                 /* of Asked: what it has not answered yet */
  guint n_lies;
} Liar;

static gboolean
hear_liar (VirtualMesh       *mesh,
           VirtualNode       *from,
           const DrtEndpoint *to,
           const guint8      *bytes,
           gsize              length,
           gpointer           data)
{
  Liar *liar = data;
  Asked asked = { .to = from };

  if (!drt_endpoint_equal (to, &liar->node->endpoint))
    return TRUE;
  g_assert_cmpint (drt_message_decode (bytes, length, &asked.question), ==, DRT_DECODE_OK);
  if (asked.question.type != DRT_MESSAGE_LOOKUP &&
      (asked.question.type != DRT_MESSAGE_INQUIRE ||
       drt_keys_find (liar->node->node, &asked.question.inquire.validate_key) != NULL))
    return TRUE;   /* the truth */
  g_array_append_val (liar->asked, asked);
  return FALSE;
}

/* Between two steps of the mesh: nobody is inside a core. */
static void
lie (VirtualMesh *mesh)
{
  Liar *liar = mesh->filter == hear_liar ? mesh->filter_data : NULL;

  for (guint i = 0; liar != NULL && i < liar->asked->len; i++)
    {
      const Asked *asked = &g_array_index (liar->asked, Asked, i);
      DrtMessage authority = { .type = DRT_MESSAGE_AUTHORITY };
      DrtAuthorityBuffer answer = { 0 };
      guint8 buffer[1024], bytes[2048];
      gsize length;

      if (asked->question.type == DRT_MESSAGE_LOOKUP)
        core_name (&answer, &asked->question.lookup.target, &liar->node->endpoint);
      length = drt_authority_buffer_encode (&answer, buffer, sizeof buffer);
      authority.authority.acked = asked->question.id;
      authority.authority.size = (guint16) length;
      authority.authority.fragment = (DrtSpan) { buffer, length };
      length = core_encode (&authority, g_rand_int (mesh->rand), bytes, sizeof bytes);
      virtual_mesh_inject (mesh, &liar->node->endpoint, asked->to, bytes, length);
      liar->n_lies++;
    }
  if (liar != NULL)
    g_array_set_size (liar->asked, 0);
}

/* --- Searching --- */

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
  lie (mesh);
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

/* Whether @key is one of the first @n of @keys. */
static gboolean
is_among (GArray       *keys,
          guint         n,
          const DrtKey *key)
{
  for (guint i = 0; i < n; i++)
    if (drt_key_equal (&g_array_index (keys, DrtKey, i), key))
      return TRUE;
  return FALSE;
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

      /* Of two keys equally far either may come first. */
      right = !is_among (found->keys, i, got) && is_among (expected, expected->len, got) &&
              (query->any_in_range ||
               drt_key_compare_distance (&query->target, got, &g_array_index (expected, DrtKey, i)) == 0);
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

/* --- The set of keys that are clear --- */

/* A small number, or as many below the end of the ring. */
static DrtKey
place_key (guint place)
{
  static const DrtKey zero;
  DrtKey key = { { (guint8) (place < 64 ? place : 128 - place) } };

  if (place >= 64)
    drt_key_subtract (&key, &zero, &key);
  return key;
}

/* Held against a row of 128 places, 64 on each side of the end of the ring. */
static void
test_key_set (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (12);
  DrtKeySpan all = { place_key (0), place_key (127) };

  for (guint run = 0; run < 500; run++)
    {
      gboolean has[128] = { FALSE };
      DrtKeySet set = { NULL };

      for (guint i = 0; i < 12; i++)
        {
          guint from = (guint) g_rand_int_range (rand, 0, 128), length = (guint) g_rand_int_range (rand, 0, 9);
          DrtKey low = place_key (from), high = place_key ((from + length) % 128), target = place_key (run % 128);
          guint nearest = G_MAXUINT;
          DrtKey best = target;
          DrtKeySpan gap;

          /* Between 63 and 64 lies most of the ring. */
          if (from < 64 && from + length >= 64)
            continue;
          drt_key_set_add_arc (&set, &low, &high);
          for (guint j = 0; j <= length; j++)
            has[(from + j) % 128] = TRUE;
          for (guint j = 0; j < 128; j++)
            {
              DrtKey key = place_key (j);

              g_assert_cmpint (drt_key_set_contains (&set, &key), ==, has[j]);
              if (!has[j] && (nearest == G_MAXUINT || drt_key_compare_distance (&target, &key, &best) < 0))
                {
                  nearest = j;
                  best = key;
                }
            }
          g_assert_true (drt_key_set_nearest_gap (&set, &all, &target, &gap));
          if (nearest != G_MAXUINT)
            {
              DrtKey there, here;

              drt_key_distance (&there, &target, &best);
              drt_key_span_distance (&gap, &target, &here);
              g_assert_cmpint (drt_key_compare (&here, &there), <=, 0);
              g_assert_false (drt_key_set_contains (&set, &gap.low));
              g_assert_false (drt_key_set_contains (&set, &gap.high));
            }
        }
      drt_key_set_clear (&set);
    }
}

/* --- Many --- */

static void
test_many (void)
{
  static const guint counts[] = { 100, 1000, G_MAXUINT };
  g_autoptr (VirtualMesh) mesh = grow (5, DRT_SECURE_RESOLVE, 160);

  for (guint i = 0; i < 6; i++)
    {
      DrtResolveQuery query = { .max_matches = counts[i % 3], .allow_local = i % 2 == 0, .timeout = 600 * SECOND };
      Found found;

      memset (&query.maximum, 0xff, sizeof query.maximum);
      virtual_mesh_random_key (mesh, &query.target);
      check (mesh, virtual_mesh_get (mesh, i * 20), &query, &found);
      g_test_message ("%u of %u wanted: %.2f LOOKUPs for each", found.n_found, query.max_matches,
                      (double) found.n_lookups / found.n_found);
      g_assert_cmpuint (found.n_lookups, <=, 4 * found.n_found);
      g_assert_cmpuint (found.n_hops, <=, 6 * found.n_found);
    }
}

/* --- The edges of the ring --- */

/* The numbers 0 to 9 and the ten largest, and a few far away: many next to one
 * another, some equally far from what is looked for. */
static VirtualMesh *
grow_at_zero (void)
{
  static const DrtKey zero;
  VirtualMesh *mesh = virtual_mesh_new (6);

  for (guint i = 0; i < 26; i++)
    {
      VirtualNode *node = virtual_mesh_add (mesh);
      DrtKey key = { { (guint8) (i % 10) } };

      if (i >= 20)
        key = core_small_key ((guint8) (i * 9));
      else if (i >= 10)
        {
          key.b[0]++;
          drt_key_subtract (&key, &zero, &key);
        }
      if (i > 0)
        virtual_node_knows (node, virtual_mesh_get (mesh, 0));
      virtual_node_open (node);
      publish (node, &key);
      core_run (mesh, SECOND);
    }
  core_run (mesh, 60 * SECOND);
  g_assert_true (virtual_mesh_leaves_right (mesh));
  return mesh;
}

static void
test_edges (void)
{
  g_autoptr (VirtualMesh) mesh = grow_at_zero ();
  DrtKey last;

  memset (&last, 0xff, sizeof last);
  for (guint i = 0; i < 200; i++)
    {
      DrtResolveQuery query = { .max_matches = i % 7 + 1, .allow_local = i % 2 == 0, .timeout = 600 * SECOND };
      DrtKey span = { { (guint8) g_rand_int_range (mesh->rand, 0, 14) } };
      Found found;

      query.any_in_range = query.max_matches == 1 && i % 3 == 0;
      switch (i % 5)
        {
        case 0:   /* all there is, from one end */
          query.maximum = last;
          query.target = i % 2 == 0 ? last : query.minimum;
          break;
        case 1:   /* the lower end */
          query.maximum = query.target = span;
          break;
        case 2:   /* the upper end */
          query.maximum = last;
          drt_key_subtract (&query.minimum, &last, &span);
          query.target = query.minimum;
          break;
        case 3:   /* from a few on, as far as it goes */
          query.minimum = query.target = span;
          query.maximum = last;
          break;
        default:  /* one number */
          query.minimum = query.maximum = query.target = span;
          break;
        }
      check (mesh, virtual_mesh_get (mesh, (guint) g_rand_int_range (mesh->rand, 0, 26)), &query, &found);
    }
}

/* --- The dead, the lost, the liars --- */

/* A tenth is gone without a word, a moment ago. */
static void
test_dead (void)
{
  g_autoptr (VirtualMesh) mesh = grow (7, DRT_SECURE_RESOLVE, 100);

  for (guint i = 3; i < 100; i += 10)
    virtual_node_kill (virtual_mesh_get (mesh, i));
  for (guint i = 0; i < 40; i++)
    {
      DrtResolveQuery query;
      Found found;

      ask_anything (mesh, &query);
      check (mesh, virtual_mesh_get (mesh, i * 2 % 100), &query, &found);
    }
}

static void
test_loss (void)
{
  g_autoptr (VirtualMesh) mesh = grow (8, DRT_SECURE_RESOLVE, 60);

  mesh->loss = 0.05;
  for (guint i = 0; i < 60; i++)
    {
      DrtResolveQuery query;
      Found found;

      ask_anything (mesh, &query);
      check (mesh, virtual_mesh_get (mesh, i), &query, &found);
    }
}

static void
test_liar (void)
{
  g_autoptr (VirtualMesh) mesh = grow (10, DRT_SECURE_RESOLVE, 40);
  Liar liar = { .node = virtual_mesh_get (mesh, 20), .asked = g_array_new (FALSE, FALSE, sizeof (Asked)) };

  mesh->filter = hear_liar;
  mesh->filter_data = &liar;
  for (guint i = 0; i < 120; i++)
    {
      VirtualNode *node = virtual_mesh_get (mesh, i % 40);
      DrtResolveQuery query;
      Found found;

      if (node == liar.node)
        continue;
      ask_anything (mesh, &query);
      if (i % 2 == 0)
        {
          /* One key, often next to the liar's. */
          DrtLeafSet *leaves = &drt_keys_get (liar.node->node, 0)->leaves;

          query = (DrtResolveQuery) { .max_matches = 1, .timeout = 600 * SECOND };
          query.target = i % 4 == 0 ? leaves->above[i / 4 % 5] : leaves->below[i / 4 % 5];
          query.minimum = query.maximum = query.target;
        }
      check (mesh, node, &query, &found);
    }
  /* Nobody asks him again and again: five times a search at the most, in the mean. */
  g_assert_cmpuint (liar.n_lies, >, 5);
  g_assert_cmpuint (liar.n_lies, <, 5 * 120);
  g_test_message ("%u lies", liar.n_lies);
  mesh->filter = NULL;
  g_array_unref (liar.asked);
}

/* Five hundred at once, from one node. */
static void
test_at_once (void)
{
  g_autoptr (VirtualMesh) mesh = grow (9, DRT_SECURE_RESOLVE, 40);
  VirtualNode *node = virtual_mesh_get (mesh, 11);
  Found found[500];
  DrtResolveQuery queries[500];

  for (guint i = 0; i < G_N_ELEMENTS (found); i++)
    {
      ask_anything (mesh, &queries[i]);
      found[i] = (Found) { .node = node, .keys = g_array_new (FALSE, FALSE, sizeof (DrtKey)) };
      found[i].resolve = drt_node_resolve_start (node->node, mesh->now, &queries[i], found_cb, &found[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (found); i++)
    {
      g_autoptr (GArray) expected = expect (mesh, node, &queries[i]);

      g_assert_true (virtual_mesh_run (mesh, 600 * SECOND, is_finished, &found[i]));
      g_assert_cmpint (found[i].hr, ==, S_OK);
      g_assert_cmpuint (found[i].keys->len, ==, MIN (expected->len, queries[i].max_matches));
      for (guint j = 0; !queries[i].any_in_range && j < found[i].keys->len; j++)
        g_assert_cmpmem (&g_array_index (found[i].keys, DrtKey, j), DRT_KEY_SIZE, &g_array_index (expected, DrtKey, j), DRT_KEY_SIZE);
      g_array_unref (found[i].keys);
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
  g_test_add_func ("/search-range/key-set", test_key_set);
  g_test_add_func ("/search-range/many", test_many);
  g_test_add_func ("/search-range/edges", test_edges);
  g_test_add_func ("/search-range/dead", test_dead);
  g_test_add_func ("/search-range/loss", test_loss);
  g_test_add_func ("/search-range/liar", test_liar);
  g_test_add_func ("/search-range/at-once", test_at_once);
  return g_test_run ();
}
