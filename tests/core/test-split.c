/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Meshes that do not know of one another until their bootstraps name a node in
 * common: each sees that the cloud is split and they become one ring. */

#include "core-testing.h"

#include "lab-ring.h"

#include <string.h>

#define MERGE_LIMIT (300 * SECOND)

/* --- Meshes --- */

typedef struct
{
  double from, to;               /* where on the circle its keys lie */
} Arc;

static const Arc whole = { 0, 1 };

static void
random_key (VirtualMesh *mesh,
            const Arc   *arc,
            DrtKey      *key)
{
  guint turn = (guint) ((arc->from + (arc->to - arc->from) * g_rand_double (mesh->rand)) * 65535);

  virtual_mesh_random_key (mesh, key);
  key->b[DRT_KEY_SIZE - 1] = (guint8) (turn >> 8);
  key->b[DRT_KEY_SIZE - 2] = (guint8) turn;
}

static void
register_random (VirtualNode *node,
                 const Arc   *arc)
{
  g_autofree char *payload = g_strdup_printf ("payload %u", node->index);
  DrtKey key;

  random_key (node->mesh, arc, &key);
  virtual_node_register (node, &key, payload);
}

/* @n nodes that join by one of themselves; returns the first's index. */
static guint
add_part_in (VirtualMesh *mesh,
             guint        n,
             const Arc   *arc)
{
  guint first = mesh->nodes->len;

  for (guint i = 0; i < n; i++)
    {
      VirtualNode *node = virtual_mesh_add (mesh);
      guint other = i > 0 ? (guint) g_rand_int_range (mesh->rand, (gint32) first, (gint32) node->index) : 0;

      if (i > 0)
        virtual_node_knows (node, virtual_mesh_get (mesh, other));
      virtual_node_open (node);
      register_random (node, arc);
      virtual_mesh_run (mesh, SECOND / 4, NULL, NULL);
    }
  return first;
}

static guint
add_part (VirtualMesh *mesh,
          guint        n)
{
  return add_part_in (mesh, n, &whole);
}

static void
forget_bootstraps (VirtualMesh *mesh)
{
  for (guint i = 0; i < mesh->nodes->len; i++)
    g_array_set_size (virtual_mesh_get (mesh, i)->bootstrap, 0);
}

/* Every bootstrap names @index from now on, also to that node itself. */
static void
share (VirtualMesh *mesh,
       guint        index)
{
  for (guint i = 0; i < mesh->nodes->len; i++)
    virtual_node_knows (virtual_mesh_get (mesh, i), virtual_mesh_get (mesh, index));
}

/* Who is of one part knows nobody of another. */
static void
assert_apart (VirtualMesh *mesh,
              guint        second)
{
  for (guint i = 0; i < second; i++)
    {
      const DrtNode *node = virtual_mesh_get (mesh, i)->node;

      for (guint j = second; j < mesh->nodes->len; j++)
        if (virtual_mesh_get (mesh, j)->node->keys->len > 0)
          g_assert_null (drt_cache_find (&node->cache, &drt_keys_get (virtual_mesh_get (mesh, j)->node, 0)->key));
    }
}

static guint64
sum_found (VirtualMesh *mesh)
{
  guint64 sum = 0;

  for (guint i = 0; i < mesh->nodes->len; i++)
    sum += virtual_mesh_get (mesh, i)->node->counters.splits_found;
  return sum;
}

/* --- What a merge costs --- */

typedef struct
{
  gint64 second;                 /* when the one being counted began */
  GArray *sent;                  /* of guint: by node, in that second */
  guint busiest;                 /* the most a node sent in a second */
  double busiest_mean;           /* the most all sent in a second, by node */
} Traffic;

static void
end_second (VirtualMesh *mesh,
            Traffic     *traffic)
{
  guint sum = 0;

  for (guint i = 0; i < traffic->sent->len; i++)
    {
      traffic->busiest = MAX (traffic->busiest, g_array_index (traffic->sent, guint, i));
      sum += g_array_index (traffic->sent, guint, i);
    }
  traffic->busiest_mean = MAX (traffic->busiest_mean, (double) sum / mesh->nodes->len);
  memset (traffic->sent->data, 0, traffic->sent->len * sizeof (guint));
  traffic->second = mesh->now;
}

static gboolean
count_cb (VirtualMesh       *mesh,
          VirtualNode       *from,
          const DrtEndpoint *to,
          const guint8      *bytes,
          gsize              length,
          gpointer           data)
{
  Traffic *traffic = data;

  if (mesh->now - traffic->second >= SECOND)
    end_second (mesh, traffic);
  g_array_index (traffic->sent, guint, from->index)++;
  return TRUE;
}

/* Until all leaf sets are right; nobody may be drowned meanwhile: a node that
 * joins sends as much. */
static void
assert_merges (VirtualMesh *mesh)
{
  Traffic traffic = { .second = mesh->now, .sent = g_array_new (FALSE, TRUE, sizeof (guint)) };
  gint64 begin = mesh->now;

  g_array_set_size (traffic.sent, mesh->nodes->len);
  mesh->filter = count_cb;
  mesh->filter_data = &traffic;
  while (!virtual_mesh_leaves_right (mesh) && mesh->now - begin < MERGE_LIMIT)
    virtual_mesh_run (mesh, SECOND, NULL, NULL);
  mesh->filter = NULL;

  g_test_message ("one ring after %d s; datagrams per second at most %u by one node, %.0f by all in the mean",
                  (int) ((mesh->now - begin) / SECOND), traffic.busiest, traffic.busiest_mean);
  g_assert_true (virtual_mesh_leaves_right (mesh));
  /* A small mesh is one before the search for the split has ended. */
  virtual_mesh_run (mesh, 10 * SECOND, NULL, NULL);
  g_assert_cmpuint (sum_found (mesh), >, 0);
  g_assert_cmpuint (traffic.busiest, <, 300);
  g_assert_cmpfloat (traffic.busiest_mean, <, 120);
  g_array_unref (traffic.sent);
}

/* Each finds @step-th keys, and the nodes with nothing to publish find them too. */
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

        if (i == j || from->dead || to->dead || to->node->keys->len == 0)
          continue;
        virtual_search_exact (from, &drt_keys_get (to->node, 0)->key, &search);
        g_assert_cmpuint (search.n_found, ==, 1);
        g_assert_cmpstr (search.payload, ==, payload);
        virtual_search_clear (&search);
      }
}

/* --- Two parts --- */

typedef struct
{
  guint n_first, n_second;
  gboolean halves;               /* each has one half of the circle, instead of both all */
  DRT_SECURITY_MODE mode;
  double loss;
  guint step;                    /* of the searches afterwards */
} Parts;

/* A node of the first part is what the bootstraps of both come to name. */
static void
test_parts (gconstpointer data)
{
  static const Arc lower = { 0, 0.5 }, upper = { 0.5, 1 };
  const Parts *parts = data;
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (parts->n_first * 1000 + parts->n_second);

  mesh->mode = parts->mode;
  mesh->loss = parts->loss;
  add_part_in (mesh, parts->n_first, parts->halves ? &lower : &whole);
  add_part_in (mesh, parts->n_second, parts->halves ? &upper : &whole);
  virtual_mesh_run (mesh, 60 * SECOND, NULL, NULL);
  assert_apart (mesh, parts->n_first);

  forget_bootstraps (mesh);
  share (mesh, (guint) g_rand_int_range (mesh->rand, 0, (gint32) parts->n_first));
  assert_merges (mesh);
  mesh->loss = 0;
  assert_all_found (mesh, parts->step);
}

static void
test_three_parts (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (3);
  guint second, third;

  add_part (mesh, 40);
  second = add_part (mesh, 25);
  third = add_part (mesh, 10);
  virtual_mesh_run (mesh, 60 * SECOND, NULL, NULL);
  assert_apart (mesh, second);

  forget_bootstraps (mesh);
  share (mesh, third);
  assert_merges (mesh);
  assert_all_found (mesh, 5);
}

/* Bootstraps that name dead nodes and nodes of both parts. */
static void
test_several_addresses (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (4);
  guint second;

  add_part (mesh, 30);
  second = add_part (mesh, 30);
  virtual_mesh_run (mesh, 60 * SECOND, NULL, NULL);
  virtual_node_kill (virtual_mesh_get (mesh, 0));
  virtual_node_kill (virtual_mesh_get (mesh, second));
  virtual_mesh_run (mesh, 200 * SECOND, NULL, NULL);
  assert_apart (mesh, second);

  forget_bootstraps (mesh);
  for (guint i = 0; i < 6; i++)
    {
      share (mesh, i);
      share (mesh, second + i);
    }
  assert_merges (mesh);
  assert_all_found (mesh, 3);
}

static gboolean
same_side_cb (VirtualMesh       *mesh,
              VirtualNode       *from,
              const DrtEndpoint *to,
              const guint8      *bytes,
              gsize              length,
              gpointer           data)
{
  return from->index % 2 == lab_mesh_find (mesh->lab, to)->index % 2;
}

/* A network that falls in two and heals: its nodes have dropped one another. */
static void
test_cut (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (5);

  add_part (mesh, 60);
  virtual_mesh_run (mesh, 60 * SECOND, NULL, NULL);
  mesh->filter = same_side_cb;
  virtual_mesh_run (mesh, 600 * SECOND, NULL, NULL);
  for (guint i = 0; i < mesh->nodes->len; i++)
    for (guint j = (i + 1) % 2; j < mesh->nodes->len; j += 2)
      g_assert_null (drt_cache_find (&virtual_mesh_get (mesh, i)->node->cache,
                                     &drt_keys_get (virtual_mesh_get (mesh, j)->node, 0)->key));
  mesh->filter = NULL;
  assert_merges (mesh);
  assert_all_found (mesh, 3);
}

/* A part with one publisher, and a part with none: those who publish nothing see
 * what the one they know sees. */
static void
test_resolve_only (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (7);
  guint second;

  add_part (mesh, 30);
  second = add_part (mesh, 1);
  for (guint i = 0; i < 8; i++)
    {
      VirtualNode *node = virtual_mesh_add (mesh);

      if (i != 4)
        virtual_node_knows (node, virtual_mesh_get (mesh, i < 4 ? second : second + 5));
      virtual_node_open (node);
    }
  virtual_mesh_run (mesh, 60 * SECOND, NULL, NULL);
  g_assert_cmpint (virtual_mesh_get (mesh, second + 1)->status, ==, DRT_ACTIVE);
  g_assert_cmpint (virtual_mesh_get (mesh, second + 6)->status, ==, DRT_ALONE);
  assert_apart (mesh, second);

  forget_bootstraps (mesh);
  share (mesh, 0);
  virtual_mesh_run (mesh, MERGE_LIMIT, NULL, NULL);
  g_assert_true (virtual_mesh_leaves_right (mesh));
  assert_all_found (mesh, 1);
}

/* Who could not reach a mesh founded another, and nobody else knows the way. */
static gboolean
silent_cb (VirtualMesh       *mesh,
           VirtualNode       *from,
           const DrtEndpoint *to,
           const guint8      *bytes,
           gsize              length,
           gpointer           data)
{
  return from != data;
}

static void
test_second_birth (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (8);
  VirtualNode *founder;

  add_part (mesh, 40);
  founder = virtual_mesh_add (mesh);
  virtual_node_knows (founder, virtual_mesh_get (mesh, 0));
  mesh->filter = silent_cb;
  mesh->filter_data = founder;
  virtual_node_open (founder);
  register_random (founder, &whole);
  virtual_mesh_run (mesh, 5 * SECOND, NULL, NULL);
  g_assert_cmpint (founder->status, ==, DRT_ALONE);
  mesh->filter = NULL;

  for (guint i = 0; i < 39; i++)
    {
      VirtualNode *node = virtual_mesh_add (mesh);

      virtual_node_knows (node, founder);
      virtual_node_open (node);
      register_random (node, &whole);
      virtual_mesh_run (mesh, SECOND / 32, NULL, NULL);
    }
  assert_apart (mesh, founder->index);
  assert_merges (mesh);
  assert_all_found (mesh, 7);
}

/* How many splits are found in one mesh while datagrams are lost and nodes die. */
static guint
find_splits_in_one (guint32 seed)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (seed);

  add_part (mesh, 60);
  share (mesh, 0);
  virtual_mesh_run (mesh, 120 * SECOND, NULL, NULL);
  mesh->loss = 0.05;
  for (guint i = 0; i < 10; i++)
    {
      virtual_node_kill (virtual_mesh_get (mesh, 3 + 5 * i));
      virtual_mesh_run (mesh, 120 * SECOND, NULL, NULL);
    }
  return sum_found (mesh);
}

/* Who is lost may be taken for another part once in some hours; not oftener. */
static void
test_no_split (void)
{
  guint n = 0;

  for (guint32 seed = 6; seed < 10; seed++)
    n += find_splits_in_one (seed);
  g_assert_cmpuint (n, <=, 1);
}

int
main (int   argc,
      char *argv[])
{
  static const struct { const char *name; Parts parts; } pairs[] = {
    { "200-and-200", { 200, 200, .step = 97 } },
    { "2-and-200", { 2, 200, .step = 41 } },
    { "200-and-2", { 200, 2, .step = 41 } },
    { "1-and-200", { 1, 200, .step = 41 } },
    { "2-and-2", { 2, 2, .step = 1 } },
    { "5-and-7", { 5, 7, .step = 1 } },
    { "halves", { 50, 50, .halves = TRUE, .step = 7 } },
    { "membership", { 20, 20, .mode = DRT_SECURE_MEMBERSHIP, .step = 3 } },
    { "confidential", { 20, 20, .mode = DRT_SECURE_CONFIDENTIALPAYLOAD, .step = 3 } },
    { "loss", { 40, 40, .loss = 0.05, .step = 7 } },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/split/parts/%s", pairs[i].name);

      g_test_add_data_func (path, &pairs[i].parts, test_parts);
    }
  g_test_add_func ("/split/three-parts", test_three_parts);
  g_test_add_func ("/split/several-addresses", test_several_addresses);
  g_test_add_func ("/split/cut", test_cut);
  g_test_add_func ("/split/resolve-only", test_resolve_only);
  g_test_add_func ("/split/second-birth", test_second_birth);
  g_test_add_func ("/split/no-split", test_no_split);
  return g_test_run ();
}
