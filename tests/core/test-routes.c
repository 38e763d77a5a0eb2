/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Route entries, floods and revokes ([MC-DRT] §3.2.4, §3.2.5): what is passed on,
 * what is not believed. */

#include "core-testing.h"

/* --- Route entries --- */

static void
test_liars_stay_out (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey false_key = core_small_key (0x21), true_key = core_small_key (0x90);
  DrtEndpoint nowhere, multicast, loopback;
  guint64 sent;

  core_run (mesh, SECOND);
  g_assert_true (drt_endpoint_parse ("[2001:db8::dead]:4000", &nowhere));
  g_assert_true (drt_endpoint_parse ("[ff02::1]:4000", &multicast));
  g_assert_true (drt_endpoint_parse ("[::1]:4000", &loopback));

  core_flood_entry (mesh, a, &false_key, &b->endpoint, 1);    /* b does not publish it: N */
  core_flood_entry (mesh, a, &false_key, &nowhere, 2);        /* nobody answers */
  core_flood_entry (mesh, a, &true_key, &nowhere, 3);         /* b's key at another address */
  core_run (mesh, 5 * SECOND);
  g_assert_null (drt_cache_find (&a->node->cache, &false_key));
  g_assert_true (drt_entry_has_endpoint (drt_cache_find (&a->node->cache, &true_key), &b->endpoint));

  /* Where nothing may be sent, nothing is. */
  sent = mesh->n_sent;
  core_flood_entry (mesh, a, &false_key, &multicast, 4);
  core_flood_entry (mesh, a, &false_key, &loopback, 5);
  core_flood_entry (mesh, a, &false_key, &a->endpoint, 6);
  g_assert_cmpuint (mesh->n_sent, ==, sent);
}

static void
test_validations_are_bounded (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtEndpoint nowhere;

  core_run (mesh, SECOND);
  g_assert_true (drt_endpoint_parse ("[2001:db8::dead]:4000", &nowhere));
  for (guint i = 0; i < 5000; i++)
    {
      DrtKey key;

      virtual_mesh_random_key (mesh, &key);
      core_flood_entry (mesh, a, &key, &nowhere, i);
    }
  g_assert_cmpuint (a->node->validations->len, <=, 64);
  g_assert_cmpuint (a->node->counters.dropped[DRT_DROP_TOO_MANY], >, 0);
  core_run (mesh, 5 * SECOND);
  g_assert_cmpuint (a->node->validations->len, ==, 0);
}

/* The entries of @node's level @level that are published at @host, and how many it has in all. */
static guint
count_of_level (VirtualNode       *node,
                const DrtKey      *anchor,
                guint              level,
                const DrtEndpoint *host,
                guint             *n_all)
{
  guint n = 0;

  *n_all = 0;
  for (guint i = 0; i < drt_cache_get_size (&node->node->cache); i++)
    {
      const DrtEntry *entry = drt_cache_get (&node->node->cache, i);

      if (drt_levels_get_level (anchor, &entry->key) != level || drt_routes_is_leaf (node->node, &entry->key))
        continue;
      *n_all += 1;
      n += drt_entry_has_endpoint (entry, host);
    }
  return n;
}

/* A host that chooses its keys: one in the middle of each slot of the levels 0 and 1 of a
 * victim, before or after the others are there. */
static void
check_one_host (gboolean first)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (23);
  VirtualNode *victim = virtual_mesh_add (mesh), *host = virtual_mesh_add (mesh);
  DrtKey anchor = core_small_key (0x40), key, way;
  guint n, n_all;

  virtual_node_open (victim);
  virtual_node_register (victim, &anchor, "the victim's");
  for (guint i = 0; i < 61; i++)
    {
      VirtualNode *node = virtual_mesh_add (mesh);

      virtual_node_knows (node, victim);
      if (i == (first ? 0 : 60))
        {
          virtual_node_knows (host, victim);
          virtual_node_open (host);
          for (guint slot = 0; slot < 2 * DRT_LEVEL_KEYS; slot++)
            {
              double radius = slot < DRT_LEVEL_KEYS ? 0.5 : 0.05;

              drt_key_from_turn (&way, (slot % DRT_LEVEL_KEYS / 2 + 0.5) / (DRT_LEVEL_KEYS / 2) * radius);
              if (slot % 2)
                drt_key_add (&key, &anchor, &way);
              else
                drt_key_subtract (&key, &anchor, &way);
              virtual_node_register (host, &key, "the host's");
              core_flood_entry (mesh, victim, &key, &host->endpoint, slot + 1);
              core_run (mesh, SECOND / 10);
            }
        }
      virtual_node_open (node);
      virtual_mesh_random_key (mesh, &key);
      virtual_node_register (node, &key, "another's");
      core_run (mesh, SECOND);
    }
  core_run (mesh, 60 * SECOND);
  n = count_of_level (victim, &anchor, 0, &host->endpoint, &n_all);
  g_test_message ("a host with a key in every slot, come %s the others: %u of %u entries of level 0", first ? "before" : "after", n, n_all);
  g_assert_cmpuint (n_all, >=, DRT_LEVEL_KEYS - 4);
  g_assert_cmpuint (n, <=, DRT_LEVEL_KEYS / 4);
}

static void
test_one_host (void)
{
  check_one_host (FALSE);
  check_one_host (TRUE);
}

/* An answer that did not come from whom was asked, or is no answer to anything. */
static void
test_forged_authority (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey key = core_small_key (0x30);
  DrtEndpoint nowhere, liar;
  DrtAuthorityBuffer answer = { 0 };
  DrtMessage authority = { .type = DRT_MESSAGE_AUTHORITY };
  guint8 buffer[64], bytes[512];
  guint64 unexpected;
  gsize length;

  core_run (mesh, SECOND);
  g_assert_true (drt_endpoint_parse ("[2001:db8::dead]:4000", &nowhere));
  g_assert_true (drt_endpoint_parse ("[2001:db8::99]:4000", &liar));
  core_flood_entry (mesh, a, &key, &nowhere, 1);
  g_assert_cmpuint (a->node->validations->len, ==, 1);

  length = drt_authority_buffer_encode (&answer, buffer, sizeof buffer);
  authority.authority.acked = ((DrtValidation *) g_ptr_array_index (a->node->validations, 0))->inquire_id;
  authority.authority.size = (guint16) length;
  authority.authority.fragment = (DrtSpan) { buffer, length };
  length = core_encode (&authority, 9, bytes, sizeof bytes);
  unexpected = a->node->counters.dropped[DRT_DROP_UNEXPECTED];
  virtual_mesh_inject (mesh, &liar, a, bytes, length);
  g_assert_cmpuint (a->node->counters.dropped[DRT_DROP_UNEXPECTED], ==, unexpected + 1);
  g_assert_cmpuint (a->node->validations->len, ==, 1);

  /* From the right address, but without the CPA a leaf has to show. */
  virtual_mesh_inject (mesh, &nowhere, a, bytes, length);
  g_assert_cmpuint (a->node->counters.dropped[DRT_DROP_INVALID_CPA], ==, 1);
  g_assert_cmpuint (a->node->validations->len, ==, 0);
  g_assert_null (drt_cache_find (&a->node->cache, &key));
}

/* --- Floods --- */

static void
test_unacknowledged_flood (void)
{
  VirtualNode *a, *b, *c;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey key = core_small_key (0x40), kb = core_small_key (0x90);

  core_run (mesh, SECOND);
  virtual_node_kill (b);
  c = virtual_mesh_add (mesh);
  virtual_node_knows (c, a);
  virtual_node_open (c);
  virtual_node_register (c, &key, "gamma");
  core_run (mesh, 4 * SECOND);
  /* a flooded c to b, twice, and then forgot b: long before its maintenance. */
  g_assert_nonnull (drt_cache_find (&a->node->cache, &key));
  g_assert_null (drt_cache_find (&a->node->cache, &kb));
}

static void
test_flood_to_a_key_that_is_gone (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  g_autoptr (CoreWire) wire = NULL;
  DrtMessage flood = { .type = DRT_MESSAGE_FLOOD };
  guint8 bytes[256];
  gsize length;

  core_run (mesh, SECOND);
  wire = core_wire_listen (mesh);
  flood.flood.validate_key = core_small_key (0x99);
  length = core_encode (&flood, 1, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &b->endpoint, a, bytes, length);
  g_assert_cmpuint (core_wire_count (wire, 0, DRT_MESSAGE_ACK), ==, 1);

  /* b asked a as 0x99; told so, it forgets what it held under that key. */
  DrtMessage ack = { .type = DRT_MESSAGE_ACK };
  DrtFloodContent content = { 0 };
  DrtKey ka = core_small_key (0x20);
  const DrtPending *pending;

  drt_flood_send_to (b->node, mesh->now, drt_cache_find (&b->node->cache, &ka), &content);
  pending = drt_pending_list_get_newest (&b->node->pending);
  ack.ack.acked = pending->id;
  ack.ack.flags = DRT_ACK_FLAG_N;
  length = core_encode (&ack, 2, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &a->endpoint, b, bytes, length);
  g_assert_null (drt_cache_find (&b->node->cache, &ka));
}

/* --- Unregistering --- */

static void
test_unregister (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey kb = core_small_key (0x90);
  guint removed;

  core_run (mesh, SECOND);
  removed = b->n_leaves_removed;
  g_assert_true (drt_node_unregister (b->node, mesh->now, &kb));
  g_assert_false (drt_node_unregister (b->node, mesh->now, &kb));
  g_assert_cmpuint (b->n_leaves_removed, ==, removed + 1);
  core_run (mesh, SECOND / 10);
  g_assert_null (drt_cache_find (&a->node->cache, &kb));
  g_assert_cmpuint (a->n_leaves_removed, ==, 1);
}

static void
test_close_revokes (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey kb = core_small_key (0x90);

  core_run (mesh, SECOND);
  drt_node_close (b->node, mesh->now);
  g_assert_false (drt_node_is_closed (b->node));
  core_run (mesh, SECOND / 10);
  g_assert_true (drt_node_is_closed (b->node));
  g_assert_cmpint (drt_node_next_deadline (b->node), ==, G_MAXINT64);
  g_assert_null (drt_cache_find (&a->node->cache, &kb));
  g_assert_cmpint (a->status, ==, DRT_ALONE);
}

/* What is lost of it is sent again, or at once when there is no time; and the
 * dead do not keep a node for ever. */
static void
test_close_is_heard (void)
{
  for (guint hurry = 0; hurry < 2; hurry++)
    {
      VirtualNode *a, *b;
      g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
      g_autoptr (CoreWire) wire = core_wire_listen (mesh);
      DrtKey kb = core_small_key (0x90);

      core_run (mesh, 5 * SECOND);
      wire->lose = DRT_MESSAGE_FLOOD;
      wire->n_lose = 1;
      drt_node_close (b->node, mesh->now);
      if (hurry)
        drt_node_hurry (b->node, mesh->now);
      g_assert_cmpint (drt_node_is_closed (b->node), ==, hurry);
      core_run (mesh, SECOND / 2);
      g_assert_true (drt_node_is_closed (b->node));
      g_assert_null (drt_cache_find (&a->node->cache, &kb));
    }
}

static void
test_close_among_the_dead (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);

  core_run (mesh, 5 * SECOND);
  virtual_node_kill (a);
  drt_node_close (b->node, mesh->now);
  core_run (mesh, DRT_FAILURE_TIME);
  g_assert_true (drt_node_is_closed (b->node));
  g_assert_cmpint (drt_node_next_deadline (b->node), ==, G_MAXINT64);
}

/* A CPA that is no revoke, one for nobody's key, and no CPA at all. */
static void
test_forged_revoke (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey kb = core_small_key (0x90);
  DrtMessage flood = { .type = DRT_MESSAGE_FLOOD };
  DRT_DATA cpa, classifier, payload, chain;
  guint8 nonce[DRT_NONCE_SIZE] = { 0 }, bytes[1024];
  gsize length;

  core_run (mesh, SECOND);
  flood.flood.flags = DRT_FLOOD_FLAG_D;
  flood.flood.revoke_cpa = (DrtSpan) { (const guint8 *) "no CPA", 6 };
  length = core_encode (&flood, 1, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &b->endpoint, a, bytes, length);

  g_assert_cmpint (drt_cpa_make (b->node, drt_keys_find (b->node, &kb), 0, FALSE, nonce, &cpa, &classifier, &payload, &chain), ==, S_OK);
  flood.flood.revoke_cpa = drt_security_span (&cpa);
  length = core_encode (&flood, 2, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &b->endpoint, a, bytes, length);
  drt_security_free (b->node, &cpa);

  g_assert_cmpuint (a->node->counters.dropped[DRT_DROP_INVALID_CPA], ==, 2);
  g_assert_nonnull (drt_cache_find (&a->node->cache, &kb));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/routes/entries/liars-stay-out", test_liars_stay_out);
  g_test_add_func ("/routes/entries/bounded", test_validations_are_bounded);
  g_test_add_func ("/routes/entries/one-host", test_one_host);
  g_test_add_func ("/routes/entries/forged-authority", test_forged_authority);
  g_test_add_func ("/routes/floods/unacknowledged", test_unacknowledged_flood);
  g_test_add_func ("/routes/floods/key-is-gone", test_flood_to_a_key_that_is_gone);
  g_test_add_func ("/routes/unregister/revokes", test_unregister);
  g_test_add_func ("/routes/unregister/close", test_close_revokes);
  g_test_add_func ("/routes/unregister/close-is-heard", test_close_is_heard);
  g_test_add_func ("/routes/unregister/close-among-the-dead", test_close_among_the_dead);
  g_test_add_func ("/routes/unregister/forged", test_forged_revoke);
  return g_test_run ();
}
