/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Resolving: hops, ends, lies, and answers in fragments ([MC-DRT] §3.1.4.4,
 * §3.1.5.5). */

#include "core-testing.h"

#include <string.h>

/* --- Lookups --- */

static void
test_search (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey ka = core_small_key (0x20), kb = core_small_key (0x90), none = core_small_key (0x91);
  VirtualSearch search;

  core_run (mesh, SECOND);
  virtual_search_exact (b, &ka, &search);
  g_assert_cmpuint (search.n_found, ==, 1);
  g_assert_cmpstr (search.payload, ==, "alpha");
  g_assert_false (search.local);
  g_assert_cmpuint (search.n_hops, ==, 1);
  g_assert_cmpuint (search.hops[0].flags & DRT_ADDRESS_FLAG_INQUIRE, !=, 0);
  g_assert_cmpuint (search.hops[0].nearness, ==, 256);
  virtual_search_clear (&search);

  /* Our own key is found only by who asks for it. */
  virtual_search_exact (b, &kb, &search);
  g_assert_cmpuint (search.n_found, ==, 0);
  g_assert_cmpint (search.hr, ==, S_OK);
  virtual_search_clear (&search);
  DrtResolveQuery own = { .target = kb, .minimum = kb, .maximum = kb, .allow_local = TRUE, .max_matches = 1, .timeout = SECOND };
  virtual_search_run (b, &own, &search);
  g_assert_cmpuint (search.n_found, ==, 1);
  g_assert_true (search.local);
  g_assert_cmpstr (search.payload, ==, "beta");
  virtual_search_clear (&search);

  /* A key that does not exist, in a neighbourhood that would know it. */
  virtual_search_exact (b, &none, &search);
  g_assert_cmpuint (search.n_found, ==, 0);
  g_assert_cmpuint (search.hops[0].flags & DRT_ADDRESS_FLAG_SUSPECT_UNREGISTERED_ID, !=, 0);
  virtual_search_clear (&search);
}

static void
test_search_of_the_dead (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey ka = core_small_key (0x20);
  VirtualSearch search;
  gint64 started;

  core_run (mesh, SECOND);
  virtual_node_kill (a);
  started = mesh->now;
  virtual_search_exact (b, &ka, &search);
  g_assert_cmpuint (search.n_found, ==, 0);
  g_assert_cmpint (search.hr, ==, S_OK);
  g_assert_cmpuint (search.hops[0].flags & DRT_ADDRESS_FLAG_UNREACHABLE, !=, 0);
  /* Each request has its two seconds; it is made anew before they are over. */
  g_assert_cmpint (mesh->now - started, >=, 2 * SECOND);
  g_assert_cmpint (mesh->now - started, <, 3 * SECOND);
  virtual_search_clear (&search);
}

/* A timeout shorter than the retransmissions ends it before they do. */
static void
test_search_timeout (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtResolveQuery query = { .target = core_small_key (0x20), .max_matches = 1, .timeout = SECOND / 2 };
  VirtualSearch search;

  query.minimum = query.maximum = query.target;
  core_run (mesh, SECOND);
  virtual_node_kill (a);
  virtual_search_run (b, &query, &search);
  g_assert_cmpint (search.hr, ==, DRT_E_TIMEOUT);
  virtual_search_clear (&search);
}

/* --- A node that has only just come --- */

static gboolean
knows_somebody (VirtualMesh *mesh,
                gpointer     data)
{
  return drt_cache_get_size (&((VirtualNode *) data)->node->cache) > 0;
}

/* It knows one or two, and asks with A set: they name whom they like of several
 * near ones.  The nearest must be found all the same. */
static void
test_newcomer (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (7);
  VirtualSearch search;
  DrtKey keys[8];

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      VirtualNode *node = virtual_mesh_add (mesh);

      if (i > 0)
        virtual_node_knows (node, virtual_mesh_get (mesh, 0));
      virtual_node_open (node);
      virtual_mesh_random_key (mesh, &keys[i]);
      virtual_node_register (node, &keys[i], "publisher");
    }
  core_run (mesh, 30 * SECOND);
  g_assert_true (virtual_mesh_leaves_right (mesh));

  for (guint i = 0; i < 300; i++)
    {
      VirtualNode *newcomer = virtual_mesh_add (mesh);
      const DrtKey *nearest = &keys[g_rand_int_range (mesh->rand, 0, G_N_ELEMENTS (keys))];
      DrtKey beside = *nearest;

      virtual_node_knows (newcomer, virtual_mesh_get (mesh, g_rand_int_range (mesh->rand, 0, G_N_ELEMENTS (keys))));
      virtual_node_open (newcomer);
      g_assert_true (virtual_mesh_run (mesh, 5 * SECOND, knows_somebody, newcomer));
      beside.b[0] ^= 1;
      virtual_search_nearest (newcomer, &beside, &search);
      g_assert_cmpuint (search.n_found, ==, 1);
      g_assert_true (drt_key_equal (&search.key, nearest));
      g_assert_cmpuint (search.n_hops, <=, 22);
      for (guint j = 0; j < search.n_hops; j++)
        g_assert_cmpuint (search.hops[j].flags, !=, 0);
      virtual_search_clear (&search);
      virtual_node_kill (newcomer);
    }
}

static void
test_iterative (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (8);
  DrtKey key;
  guint n_intermediate = 0;
  VirtualSearch search;

  for (guint i = 0; i < 40; i++)
    {
      VirtualNode *node = virtual_mesh_add (mesh);

      if (i > 0)
        virtual_node_knows (node, virtual_mesh_get (mesh, 0));
      virtual_mesh_random_key (mesh, &key);
      virtual_node_open (node);
      virtual_node_register (node, &key, "x");
      core_run (mesh, SECOND);
    }
  for (guint i = 0; i < 20; i++)
    {
      DrtResolveQuery query = { .max_matches = 1, .iterative = TRUE, .timeout = 60 * SECOND };

      query.target = query.minimum = query.maximum = drt_keys_get (virtual_mesh_get (mesh, 20 + i)->node, 0)->key;
      virtual_search_run (virtual_mesh_get (mesh, i), &query, &search);
      g_assert_cmpuint (search.n_found, ==, 1);
      n_intermediate += search.n_intermediate;
      virtual_search_clear (&search);
    }
  g_assert_cmpuint (n_intermediate, >, 0);
}

static void
test_ending_a_search (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtResolveQuery query = { .target = core_small_key (0x21), .max_matches = 1, .timeout = SECOND };
  DrtResolve *resolve;

  core_run (mesh, SECOND);
  query.minimum = query.maximum = query.target;
  resolve = drt_node_resolve_start (b->node, mesh->now, &query, NULL, NULL);
  drt_node_advance (b->node, mesh->now);
  g_assert_cmpuint (drt_pending_list_count (&b->node->pending, DRT_PENDING_LOOKUP), ==, 1);
  drt_node_resolve_end (b->node, mesh->now, resolve);
  g_assert_null (drt_pending_list_get_newest (&b->node->pending)->owner);
  core_run (mesh, 5 * SECOND);
}

/* --- Liars in a search --- */

typedef struct
{
  VirtualMesh *mesh;
  VirtualNode *a, *b;
  DrtKey key;                    /* b's */
  DrtEndpoint liar, evil;
  VirtualSearch search;
} Lie;

static void
lie_event_cb (gpointer               data,
              DrtResolveEvent        event,
              const DrtResolveMatch *match,
              HRESULT                hr)
{
  Lie *lie = data;

  if (event == DRT_RESOLVE_FOUND)
    {
      lie->search.n_found++;
      g_assert_true (drt_endpoint_equal (&match->addresses[0], &lie->b->endpoint));
    }
  else if (event == DRT_RESOLVE_FINISHED)
    {
      lie->search.finished = TRUE;
    }
}

/* a looks for b's key and asks a liar first, who names it at another address. */
static void
lie_begin (Lie      *lie,
           gboolean  b_is_cached)
{
  DrtKey near = core_small_key (0x91);
  DrtResolveQuery query = { .max_matches = 1, .timeout = 20 * SECOND };
  DrtAuthorityBuffer answer = { 0 };

  lie->mesh = core_pair (&lie->a, &lie->b);
  lie->key = core_small_key (0x90);
  g_assert_true (drt_endpoint_parse ("[2001:db8::99]:4000", &lie->liar));
  g_assert_true (drt_endpoint_parse ("[2001:db8::66]:4000", &lie->evil));
  core_run (lie->mesh, SECOND);
  /* Whom a asks first is settled by what it holds. */
  drt_entry_free (drt_cache_steal (&lie->a->node->cache, &lie->key));
  drt_cache_insert (&lie->a->node->cache, drt_entry_new (&near, 6, 101, &lie->liar, 1));
  query.target = query.minimum = query.maximum = lie->key;
  drt_node_resolve_start (lie->a->node, lie->mesh->now, &query, lie_event_cb, lie);
  drt_node_advance (lie->a->node, lie->mesh->now);
  core_name (&answer, &lie->key, &lie->evil);
  core_answer_last (lie->mesh, lie->a, &lie->liar, &answer);
  if (b_is_cached)
    drt_cache_insert (&lie->a->node->cache, drt_entry_new (&lie->key, 6, 101, &lie->b->endpoint, 1));
}

static void
test_stolen_cpa (void)
{
  Lie lie = { 0 };
  DrtAuthorityBuffer stolen = { 0 }, honest = { 0 };
  DRT_DATA cpa, classifier, payload, chain;
  const DrtPending *request;
  DrtMessage inquire;
  gsize length;

  lie_begin (&lie, FALSE);

  /* Who was named passes on what b itself would have answered. */
  request = drt_pending_list_get_newest (&lie.a->node->pending);
  g_assert_cmpint (request->kind, ==, DRT_PENDING_INQUIRE_MATCH);
  length = g_bytes_get_size (g_ptr_array_index (request->datagrams, 0));
  g_assert_cmpint (drt_message_decode (g_bytes_get_data (g_ptr_array_index (request->datagrams, 0), NULL), length, &inquire), ==, DRT_DECODE_OK);
  g_assert_cmpint (drt_cpa_make (lie.b->node, drt_keys_find (lie.b->node, &lie.key), 0, TRUE, inquire.inquire.nonce,
                                 &cpa, &classifier, &payload, &chain), ==, S_OK);
  stolen.cpa = drt_security_span (&cpa);
  stolen.payload = drt_security_span (&payload);
  core_answer_last (lie.mesh, lie.a, &lie.evil, &stolen);
  drt_security_free (lie.b->node, &cpa);
  drt_security_free (lie.b->node, &payload);
  drt_security_free (lie.b->node, &classifier);
  drt_security_free (lie.b->node, &chain);
  g_assert_cmpuint (lie.search.n_found, ==, 0);
  g_assert_cmpuint (lie.a->node->counters.dropped[DRT_DROP_INVALID_CPA], >, 0);

  /* The key is not lost for this search: who names the true place is believed. */
  core_name (&honest, &lie.key, &lie.b->endpoint);
  while (lie.search.n_found == 0 && !lie.search.finished)
    {
      request = drt_pending_list_get_newest (&lie.a->node->pending);
      if (request->kind == DRT_PENDING_LOOKUP && drt_endpoint_equal (&request->to, &lie.liar))
        core_answer_last (lie.mesh, lie.a, &lie.liar, &honest);
      core_run (lie.mesh, SECOND / 10);
    }
  g_assert_cmpuint (lie.search.n_found, ==, 1);
  virtual_mesh_free (lie.mesh);
}

static void
test_not_found_elsewhere (void)
{
  Lie lie = { 0 };
  DrtAuthorityBuffer not_mine = { .flags = DRT_AUTHORITY_FLAG_N };

  lie_begin (&lie, TRUE);
  core_answer_last (lie.mesh, lie.a, &lie.evil, &not_mine);
  g_assert_nonnull (drt_cache_find (&lie.a->node->cache, &lie.key));
  virtual_mesh_free (lie.mesh);
}

static void
test_own_key_is_no_neighbour (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey key = core_small_key (0x70);
  DrtEndpoint at;
  DrtAuthorityBuffer answer = { 0 };
  DRT_DATA cpa, classifier, payload, chain;
  DrtEndpoint local;
  DrtValidation *validation;

  core_run (mesh, SECOND);
  g_assert_true (drt_endpoint_parse ("[2001:db8::dead]:4000", &at));
  core_flood_entry (mesh, a, &key, &at, 1);
  validation = g_ptr_array_index (a->node->validations, 0);
  virtual_node_register (b, &key, "elsewhere");
  local = b->node->locals[0];
  b->node->locals[0] = at;
  g_assert_cmpint (drt_cpa_make (b->node, drt_keys_find (b->node, &key), 0, FALSE, validation->nonce, &cpa, &classifier, &payload, &chain), ==, S_OK);
  b->node->locals[0] = local;
  answer.cpa = drt_security_span (&cpa);
  core_answer_last (mesh, a, &at, &answer);
  g_assert_nonnull (drt_cache_find (&a->node->cache, &key));

  /* The same again, but a registers the key while the answer is on its way. */
  drt_entry_free (drt_cache_steal (&a->node->cache, &key));
  core_flood_entry (mesh, a, &key, &at, 2);
  validation = g_ptr_array_index (a->node->validations, a->node->validations->len - 1);
  drt_security_free (b->node, &cpa);
  b->node->locals[0] = at;
  g_assert_cmpint (drt_cpa_make (b->node, drt_keys_find (b->node, &key), 0, FALSE, validation->nonce, &cpa, &classifier, &payload, &chain), ==, S_OK);
  b->node->locals[0] = local;
  answer.cpa = drt_security_span (&cpa);
  {
    const DrtPending *request = drt_pending_list_find (&a->node->pending, validation->inquire_id);
    DrtMessage authority = { .type = DRT_MESSAGE_AUTHORITY };
    guint8 buffer[1024], bytes[2048];
    gsize length = drt_authority_buffer_encode (&answer, buffer, sizeof buffer);

    authority.authority.acked = request->id;
    authority.authority.size = (guint16) length;
    authority.authority.fragment = (DrtSpan) { buffer, length };
    length = core_encode (&authority, 77, bytes, sizeof bytes);
    virtual_node_register (a, &key, "mine now");
    virtual_mesh_inject (mesh, &at, a, bytes, length);
  }
  drt_security_free (b->node, &cpa);
  g_assert_null (drt_cache_find (&a->node->cache, &key));
}

/* --- Fragments --- */

static void
register_large (VirtualNode *node,
                guint8       high,
                gsize        size)
{
  DrtKey key = core_small_key (high);
  g_autofree char *text = g_malloc (size + 1);

  memset (text, 'm', size);
  text[size] = '\0';
  virtual_node_register (node, &key, text);
}

static void
test_large_payload (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  g_autoptr (CoreWire) wire = NULL;
  DrtKey key = core_small_key (0x66);
  VirtualSearch search;

  register_large (a, 0x66, DRT_MAX_PAYLOAD_SIZE);
  core_run (mesh, 2 * SECOND);

  /* Five fragments, in whatever order a network of changing delay brings them. */
  for (guint i = 0; i < 20; i++)
    {
      virtual_search_exact (b, &key, &search);
      g_assert_cmpuint (search.n_found, ==, 1);
      g_assert_cmpuint (strlen (search.payload), ==, DRT_MAX_PAYLOAD_SIZE);
      virtual_search_clear (&search);
    }

  /* One lost: the INQUIRE is sent again, a second later. */
  wire = core_wire_listen (mesh);
  wire->lose = DRT_MESSAGE_AUTHORITY;
  wire->only_fragments = TRUE;
  wire->n_lose = 1;
  virtual_search_exact (b, &key, &search);
  g_assert_cmpuint (search.n_found, ==, 1);
  virtual_search_clear (&search);
  core_run (mesh, 2 * SECOND);
  g_assert_cmpuint (b->node->reassembly.states->len, ==, 0);
}

static void
test_bad_fragments (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtResolveQuery query = { .target = core_small_key (0x20), .max_matches = 1, .timeout = 10 * SECOND };
  DrtMessage authority = { .type = DRT_MESSAGE_AUTHORITY };
  guint8 fragment[DRT_FRAGMENT_SIZE] = { 0 }, bytes[2048];
  gsize length;

  core_run (mesh, SECOND);
  query.minimum = query.maximum = query.target;
  drt_node_resolve_start (b->node, mesh->now, &query, NULL, NULL);
  drt_node_advance (b->node, mesh->now);
  authority.authority.acked = drt_pending_list_get_newest (&b->node->pending)->id;
  authority.authority.fragment = (DrtSpan) { fragment, sizeof fragment };

  authority.authority.size = 5000;
  length = core_encode (&authority, 70, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &a->endpoint, b, bytes, length);
  g_assert_cmpuint (b->node->reassembly.states->len, ==, 1);

  /* Another size under the same id: both are gone. */
  authority.authority.size = 6000;
  authority.authority.offset = DRT_FRAGMENT_SIZE;
  length = core_encode (&authority, 70, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &a->endpoint, b, bytes, length);
  g_assert_cmpuint (b->node->reassembly.states->len, ==, 0);
  g_assert_cmpuint (b->node->counters.dropped[DRT_DROP_BAD_FRAGMENT], ==, 1);

  /* No more states than one source may have, and none for longer than a second. */
  authority.authority.offset = 0;
  for (guint32 id = 100; id < 200; id++)
    {
      length = core_encode (&authority, id, bytes, sizeof bytes);
      virtual_mesh_inject (mesh, &a->endpoint, b, bytes, length);
    }
  g_assert_cmpuint (b->node->reassembly.states->len, ==, DRT_REASSEMBLY_PER_SOURCE_MAX);
  core_run (mesh, SECOND);
  g_assert_cmpuint (b->node->reassembly.states->len, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/search/search/exact", test_search);
  g_test_add_func ("/search/search/of-the-dead", test_search_of_the_dead);
  g_test_add_func ("/search/search/timeout", test_search_timeout);
  g_test_add_func ("/search/search/newcomer", test_newcomer);
  g_test_add_func ("/search/search/iterative", test_iterative);
  g_test_add_func ("/search/search/ended", test_ending_a_search);
  g_test_add_func ("/search/liars/stolen-cpa", test_stolen_cpa);
  g_test_add_func ("/search/liars/not-found-elsewhere", test_not_found_elsewhere);
  g_test_add_func ("/search/liars/own-key-is-no-neighbour", test_own_key_is_no_neighbour);
  g_test_add_func ("/search/fragments/large-payload", test_large_payload);
  g_test_add_func ("/search/fragments/bad", test_bad_fragments);
  return g_test_run ();
}
