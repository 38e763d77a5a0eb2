/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a search tells of its way: hops and their flags, step by step, its end. */

#include "core-testing.h"

#include <string.h>

/* One core among nodes that say what the test has them say. */
typedef struct
{
  VirtualMesh *mesh;
  VirtualNode *node;
  DrtEndpoint endpoints[16];     /* of the others: key 16 i + 1 in the highest byte */
  DrtResolve *resolve;
  guint n_found;
  guint n_intermediate;
  DrtKey key;                    /* of the last intermediate or match */
  gboolean finished;
  HRESULT hr;
  guint n_hops;
  DrtObservedHop hops[64];
} Stage;

static DrtKey
key_of (guint i)
{
  return core_small_key ((guint8) (16 * i + 1));
}

static void
stage_cb (gpointer               data,
          DrtResolveEvent        event,
          const DrtResolveMatch *match,
          HRESULT                hr)
{
  Stage *stage = data;
  const DrtObservedHop *hops = drt_node_resolve_get_path (stage->resolve, &stage->n_hops);

  g_assert_false (stage->finished);
  g_assert_cmpuint (stage->n_hops, <=, G_N_ELEMENTS (stage->hops));
  if (stage->n_hops > 0)
    memcpy (stage->hops, hops, stage->n_hops * sizeof *hops);
  stage->finished = event == DRT_RESOLVE_FINISHED;
  stage->n_found += event == DRT_RESOLVE_FOUND;
  stage->n_intermediate += event == DRT_RESOLVE_INTERMEDIATE;
  if (match != NULL)
    stage->key = match->key;
  stage->hr = hr;
}

static void
look (Stage *stage)
{
  const DrtObservedHop *hops;

  drt_node_advance (stage->node->node, stage->mesh->now);
  if (stage->finished)
    return;
  hops = drt_node_resolve_get_path (stage->resolve, &stage->n_hops);
  memcpy (stage->hops, hops, stage->n_hops * sizeof *hops);
}

/* @n others are known to it. */
static void
stage_set (Stage *stage,
           guint  n)
{
  *stage = (Stage) { .mesh = virtual_mesh_new (3) };
  stage->node = virtual_mesh_add (stage->mesh);
  virtual_node_open (stage->node);
  core_run (stage->mesh, SECOND);
  for (guint i = 0; i < G_N_ELEMENTS (stage->endpoints); i++)
    {
      g_autofree char *text = g_strdup_printf ("[2001:db8:1::%x]:4000", i + 1);
      DrtKey key = key_of (i);

      g_assert_true (drt_endpoint_parse (text, &stage->endpoints[i]));
      if (i < n)
        drt_cache_insert (&stage->node->node->cache, drt_entry_new (&key, 6, 101, &stage->endpoints[i], 1));
    }
}

static void
stage_search (Stage   *stage,
              DrtKey   target,
              gboolean nearest,
              gboolean iterative,
              gint64   timeout)
{
  DrtResolveQuery query = { .target = target, .minimum = target, .maximum = target, .max_matches = 1, .iterative = iterative, .timeout = timeout };

  if (nearest)
    {
      memset (&query.minimum, 0, sizeof query.minimum);
      memset (&query.maximum, 0xff, sizeof query.maximum);
    }
  stage->resolve = drt_node_resolve_start (stage->node->node, stage->mesh->now, &query, stage_cb, stage);
  look (stage);
}

/* The other @i answers the last request, leading on to @next, or to nobody. */
static void
answer (Stage   *stage,
        guint    i,
        guint16  flags,
        int      next)
{
  DrtAuthorityBuffer buffer = { .flags = flags };
  DrtKey key = key_of ((guint) MAX (next, 0));

  if (next >= 0)
    core_name (&buffer, &key, &stage->endpoints[next]);
  stage->mesh->now += 3000;
  core_answer_last (stage->mesh, stage->node, &stage->endpoints[i], &buffer);
  look (stage);
}

static void
assert_hop (Stage  *stage,
            guint   place,
            guint   i,
            guint32 flags)
{
  DrtKey key = key_of (i);

  g_assert_cmpuint (place, <, stage->n_hops);
  g_assert_cmpmem (&stage->hops[place].key, DRT_KEY_SIZE, &key, DRT_KEY_SIZE);
  g_assert_true (drt_endpoint_equal (&stage->hops[place].endpoint, &stage->endpoints[i]));
  g_assert_cmphex (stage->hops[place].flags, ==, flags);
}

/* --- Flags --- */

/* 8 leads on to 10, which is nearer; 10 back to 9, which is not. */
static void
test_accepted_rejected (void)
{
  Stage stage;

  stage_set (&stage, 9);
  stage_search (&stage, core_small_key (0xb1), FALSE, FALSE, 60 * SECOND);
  answer (&stage, 8, 0, 10);
  assert_hop (&stage, 0, 8, DRT_ADDRESS_FLAG_ACCEPTED);
  g_assert_cmpint (stage.hops[0].latency, ==, 3000);
  g_assert_cmpuint (stage.hops[0].nearness, ==, 2);    /* 0x81 and 0xb1 */
  assert_hop (&stage, 1, 10, 0);
  g_assert_cmpint (stage.hops[1].latency, ==, -1);
  g_assert_cmpuint (stage.hops[1].nearness, ==, 3);    /* 0xa1 */
  answer (&stage, 10, 0, 9);
  assert_hop (&stage, 1, 10, DRT_ADDRESS_FLAG_REJECTED);
  virtual_mesh_free (stage.mesh);
}

/* The key itself: 256 bits, and asked to prove it at once. */
static void
test_inquire (void)
{
  Stage stage;

  stage_set (&stage, 9);
  stage_search (&stage, key_of (11), FALSE, FALSE, 60 * SECOND);
  answer (&stage, 8, 0, 11);
  assert_hop (&stage, 0, 8, DRT_ADDRESS_FLAG_ACCEPTED);
  assert_hop (&stage, 1, 11, DRT_ADDRESS_FLAG_INQUIRE);
  g_assert_cmpuint (stage.hops[1].nearness, ==, 256);
  /* It does not have it. */
  answer (&stage, 11, DRT_AUTHORITY_FLAG_N, -1);
  assert_hop (&stage, 1, 11, DRT_ADDRESS_FLAG_INQUIRE | DRT_ADDRESS_FLAG_BAD_VALIDATE_ID);
  virtual_mesh_free (stage.mesh);
}

static void
test_loop (void)
{
  Stage stage;

  stage_set (&stage, 9);
  stage_search (&stage, core_small_key (0xd2), FALSE, FALSE, 60 * SECOND);
  answer (&stage, 0, 0, 12);      /* 0x01 is nearest to 0xd2 across the end of the ring */
  answer (&stage, 12, 0, 13);
  /* 13 names a key of 0's node. */
  {
    DrtAuthorityBuffer buffer = { 0 };
    DrtKey key = key_of (14);

    core_name (&buffer, &key, &stage.endpoints[0]);
    core_answer_last (stage.mesh, stage.node, &stage.endpoints[13], &buffer);
    look (&stage);
  }
  assert_hop (&stage, 2, 13, DRT_ADDRESS_FLAG_LOOP);
  virtual_mesh_free (stage.mesh);
}

static void
test_flags_of_answers (void)
{
  Stage stage;

  stage_set (&stage, 9);
  stage_search (&stage, core_small_key (0xb1), FALSE, FALSE, 60 * SECOND);
  answer (&stage, 8, DRT_AUTHORITY_FLAG_B, 9);
  assert_hop (&stage, 0, 8, DRT_ADDRESS_FLAG_TOO_BUSY | DRT_ADDRESS_FLAG_ACCEPTED);
  answer (&stage, 9, DRT_AUTHORITY_FLAG_N, 10);
  assert_hop (&stage, 1, 9, DRT_ADDRESS_FLAG_BAD_VALIDATE_ID | DRT_ADDRESS_FLAG_ACCEPTED);
  answer (&stage, 10, DRT_AUTHORITY_FLAG_L, -1);
  assert_hop (&stage, 2, 10, DRT_ADDRESS_FLAG_SUSPECT_UNREGISTERED_ID);
  virtual_mesh_free (stage.mesh);
}

static void
test_unreachable (void)
{
  Stage stage;

  stage_set (&stage, 9);
  stage_search (&stage, core_small_key (0xb1), FALSE, FALSE, 60 * SECOND);
  core_run (stage.mesh, 30 * SECOND);
  g_assert_true (stage.finished);
  g_assert_cmpuint (stage.n_hops, >, 1);
  for (guint i = 0; i < stage.n_hops; i++)
    {
      g_assert_cmphex (stage.hops[i].flags, ==, DRT_ADDRESS_FLAG_UNREACHABLE);
      g_assert_cmpint (stage.hops[i].latency, ==, -1);
    }
  virtual_mesh_free (stage.mesh);
}

/* A node of several addresses is the same node at each of them: who names it at
 * another is going in a circle. */
static void
test_several_addresses (void)
{
  DrtEndpoint both[2];
  DrtKey key = key_of (9);
  Stage stage;

  stage_set (&stage, 9);
  both[0] = stage.endpoints[9];
  both[1] = stage.endpoints[13];
  drt_cache_insert (&stage.node->node->cache, drt_entry_new (&key, 6, 101, both, 2));
  stage_search (&stage, core_small_key (0xb1), FALSE, FALSE, 60 * SECOND);
  assert_hop (&stage, 0, 9, 0);
  answer (&stage, 9, 0, 10);
  {
    DrtAuthorityBuffer buffer = { 0 };
    guint8 addresses[32];
    DrtKey other = core_small_key (0xb0);

    memcpy (addresses, &stage.endpoints[13].address, 16);
    memcpy (addresses + 16, &stage.endpoints[9].address, 16);
    core_name (&buffer, &other, &stage.endpoints[13]);
    buffer.entry.n_addresses = 2;
    buffer.entry.addresses = addresses;
    core_answer_last (stage.mesh, stage.node, &stage.endpoints[10], &buffer);
    look (&stage);
  }
  assert_hop (&stage, 1, 10, DRT_ADDRESS_FLAG_LOOP);
  virtual_mesh_free (stage.mesh);
}

/* Whoever names ourselves names nobody. */
static void
test_named_ourselves (void)
{
  DrtAuthorityBuffer buffer = { 0 };
  DrtKey key = core_small_key (0xb1);
  Stage stage;

  stage_set (&stage, 9);
  stage_search (&stage, key, FALSE, FALSE, 60 * SECOND);
  core_name (&buffer, &key, &stage.node->endpoint);
  core_answer_last (stage.mesh, stage.node, &stage.endpoints[8], &buffer);
  look (&stage);
  g_assert_cmphex (stage.hops[0].flags, ==, 0);
  for (guint i = 0; i < stage.n_hops; i++)
    g_assert_false (drt_endpoint_equal (&stage.hops[i].endpoint, &stage.node->endpoint));
  virtual_mesh_free (stage.mesh);
}

/* --- Step by step --- */

static void
assert_waits_for (Stage *stage,
                  guint  n_intermediate,
                  guint  next)
{
  DrtKey key = key_of (next);
  guint n_hops = stage->n_hops;

  g_assert_cmpuint (stage->n_intermediate, ==, n_intermediate);
  g_assert_cmpmem (&stage->key, DRT_KEY_SIZE, &key, DRT_KEY_SIZE);
  /* Nobody is asked before it is told to go on. */
  core_run (stage->mesh, 5 * SECOND);
  look (stage);
  g_assert_cmpuint (stage->n_hops, ==, n_hops);
  g_assert_false (stage->finished);
}

static void
go_on (Stage *stage)
{
  drt_node_resolve_continue (stage->node->node, stage->mesh->now, stage->resolve);
  look (stage);
}

static void
test_iterative (void)
{
  Stage stage;

  stage_set (&stage, 9);
  stage_search (&stage, key_of (11), FALSE, TRUE, 60 * SECOND);
  /* The first hop needs no leave, and to go on while nothing waits means nothing. */
  g_assert_cmpuint (stage.n_hops, ==, 1);
  go_on (&stage);
  g_assert_cmpuint (stage.n_hops, ==, 1);
  answer (&stage, 8, 0, 10);
  assert_waits_for (&stage, 1, 10);
  go_on (&stage);
  go_on (&stage);
  assert_hop (&stage, 1, 10, 0);
  g_assert_cmpuint (stage.n_hops, ==, 2);
  answer (&stage, 10, 0, 11);
  assert_waits_for (&stage, 2, 11);
  go_on (&stage);
  /* Asked as a hop first, and then for its proof. */
  assert_hop (&stage, 2, 11, 0);
  answer (&stage, 11, 0, -1);
  assert_hop (&stage, 2, 11, DRT_ADDRESS_FLAG_INQUIRE);
  g_assert_cmpuint (stage.n_intermediate, ==, 2);
  virtual_mesh_free (stage.mesh);
}

static void
test_timeout_while_waiting (void)
{
  Stage stage;

  stage_set (&stage, 9);
  stage_search (&stage, key_of (11), FALSE, TRUE, 4 * SECOND);
  answer (&stage, 8, 0, 10);
  g_assert_cmpuint (stage.n_intermediate, ==, 1);
  core_run (stage.mesh, 5 * SECOND);
  g_assert_true (stage.finished);
  g_assert_cmpint (stage.hr, ==, DRT_E_TIMEOUT);
  virtual_mesh_free (stage.mesh);
}

static void
test_end_while_waiting (void)
{
  Stage stage;

  stage_set (&stage, 9);
  stage_search (&stage, key_of (11), FALSE, TRUE, 4 * SECOND);
  answer (&stage, 8, 0, 10);
  drt_node_resolve_end (stage.node->node, stage.mesh->now, stage.resolve);
  core_run (stage.mesh, 10 * SECOND);
  g_assert_false (stage.finished);
  virtual_mesh_free (stage.mesh);
}

/* --- Without anybody --- */

static void
test_alone (void)
{
  DrtKey own[] = { core_small_key (0x30), core_small_key (0x40), core_small_key (0x60) };
  DrtResolveQuery query = { .target = core_small_key (0x42), .max_matches = 2, .allow_local = TRUE, .timeout = 60 * SECOND };
  Stage stage;

  stage_set (&stage, 0);
  memset (&query.maximum, 0xff, sizeof query.maximum);
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    virtual_node_register (stage.node, &own[i], "own");
  for (guint with_network = 0; with_network < 2; with_network++)
    {
      stage.finished = FALSE;
      stage.n_found = 0;
      drt_node_set_addresses (stage.node->node, stage.mesh->now, &stage.node->endpoint, with_network);
      stage.resolve = drt_node_resolve_start (stage.node->node, stage.mesh->now, &query, stage_cb, &stage);
      drt_node_advance (stage.node->node, stage.mesh->now);
      g_assert_true (stage.finished);
      g_assert_cmpint (stage.hr, ==, S_OK);
      g_assert_cmpuint (stage.n_found, ==, 2);
      g_assert_cmpmem (&stage.key, DRT_KEY_SIZE, &own[0], DRT_KEY_SIZE);   /* the nearer, 0x40, came first */
      g_assert_cmpuint (stage.n_hops, ==, 0);
    }

  stage.finished = FALSE;
  stage.n_found = 0;
  query.allow_local = FALSE;
  stage.resolve = drt_node_resolve_start (stage.node->node, stage.mesh->now, &query, stage_cb, &stage);
  drt_node_advance (stage.node->node, stage.mesh->now);
  g_assert_true (stage.finished);
  g_assert_cmpuint (stage.n_found, ==, 0);

  stage.finished = FALSE;
  drt_node_fault (stage.node->node, stage.mesh->now, E_FAIL);
  stage.resolve = drt_node_resolve_start (stage.node->node, stage.mesh->now, &query, stage_cb, &stage);
  drt_node_advance (stage.node->node, stage.mesh->now);
  g_assert_true (stage.finished);
  g_assert_cmpint (stage.hr, ==, DRT_E_FAULTED);
  virtual_mesh_free (stage.mesh);
}

/* What changed in the path is told once. */
static void
test_changes (void)
{
  Stage stage;

  stage_set (&stage, 9);
  stage_search (&stage, core_small_key (0xb1), FALSE, FALSE, 60 * SECOND);
  g_assert_cmpuint (drt_node_resolve_take_changes (stage.resolve), ==, 0);
  g_assert_cmpuint (drt_node_resolve_take_changes (stage.resolve), ==, 1);
  answer (&stage, 8, 0, 10);
  g_assert_cmpuint (drt_node_resolve_take_changes (stage.resolve), ==, 0);
  g_assert_cmpuint (drt_node_resolve_take_changes (stage.resolve), ==, 2);
  virtual_mesh_free (stage.mesh);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/search-path/flags/accepted-rejected", test_accepted_rejected);
  g_test_add_func ("/search-path/flags/inquire", test_inquire);
  g_test_add_func ("/search-path/flags/loop", test_loop);
  g_test_add_func ("/search-path/flags/answers", test_flags_of_answers);
  g_test_add_func ("/search-path/flags/unreachable", test_unreachable);
  g_test_add_func ("/search-path/flags/several-addresses", test_several_addresses);
  g_test_add_func ("/search-path/flags/ourselves", test_named_ourselves);
  g_test_add_func ("/search-path/iterative/steps", test_iterative);
  g_test_add_func ("/search-path/iterative/timeout", test_timeout_while_waiting);
  g_test_add_func ("/search-path/iterative/end", test_end_while_waiting);
  g_test_add_func ("/search-path/alone", test_alone);
  g_test_add_func ("/search-path/changes", test_changes);
  return g_test_run ();
}
