/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Status, synchronisation, and what is not acted upon: one to three cores in virtual
 * time, through [MC-DRT] §3.1 and what is lost on the way. */

#include "core-testing.h"
#include "drt-resolve-private.h"

#include <openssl/evp.h>
#include <string.h>

/* --- Status --- */

static void
test_alone (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (1);
  VirtualNode *node = virtual_mesh_add (mesh);

  virtual_node_open (node);
  g_assert_true (node->has_status);
  g_assert_cmpint (node->status, ==, DRT_ALONE);
  core_run (mesh, 60 * SECOND);
  g_assert_cmpuint (node->n_status_events, ==, 1);
}

static void
test_alone_names_whom_it_asked (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (1);
  VirtualNode *dead = virtual_mesh_add (mesh);
  VirtualNode *node = virtual_mesh_add (mesh);

  virtual_node_kill (dead);
  virtual_node_knows (node, dead);
  virtual_node_open (node);
  g_assert_false (node->has_status);
  core_run (mesh, 1900 * 1000);
  g_assert_false (node->has_status);
  core_run (mesh, SECOND);   /* both SOLICITs have gone unanswered after two seconds */
  g_assert_cmpint (node->status, ==, DRT_ALONE);
  g_assert_cmpuint (node->n_status_bootstrap, ==, 1);
  g_assert_cmpuint (node->node->counters.requests_failed, ==, 1);
  g_assert_cmpuint (node->node->counters.retransmissions, ==, 1);
}

static void
test_alone_until_somebody_comes (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);

  g_assert_cmpint (a->status, ==, DRT_ALONE);
  core_run (mesh, SECOND);
  g_assert_cmpint (a->status, ==, DRT_ACTIVE);
  g_assert_cmpint (b->status, ==, DRT_ACTIVE);
  g_assert_cmpuint (b->n_status_events, ==, 1);

  /* And alone again once the other is gone. */
  virtual_node_kill (b);
  core_run (mesh, 20 * SECOND);
  g_assert_cmpint (a->status, ==, DRT_ALONE);
}

static void
test_no_network (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  VirtualNode *node = virtual_mesh_add (mesh);

  virtual_node_knows (node, a);
  drt_node_open (node->node, mesh->now, NULL, 0);
  g_assert_cmpint (node->status, ==, DRT_NO_NETWORK);
  core_run (mesh, 30 * SECOND);
  g_assert_cmpint (node->status, ==, DRT_NO_NETWORK);

  /* Registering is allowed, and seen by others once there is a network. */
  DrtKey key = core_small_key (0x55);
  VirtualSearch search;

  virtual_node_register (node, &key, "late");
  drt_node_set_addresses (node->node, mesh->now, &node->endpoint, 1);
  virtual_node_open (node);
  core_run (mesh, 5 * SECOND);
  g_assert_cmpint (node->status, ==, DRT_ACTIVE);
  virtual_search_exact (a, &key, &search);
  g_assert_cmpuint (search.n_found, ==, 1);
  virtual_search_clear (&search);

  drt_node_set_addresses (node->node, mesh->now, NULL, 0);
  g_assert_cmpint (node->status, ==, DRT_NO_NETWORK);
}

static void
test_faulted (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey key = core_small_key (0x20);
  VirtualSearch search;

  core_run (mesh, SECOND);
  drt_node_fault (b->node, mesh->now, DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED);
  g_assert_cmpint (b->status, ==, DRT_FAULTED);
  g_assert_cmpint (b->status_hr, ==, DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED);
  virtual_search_exact (b, &key, &search);
  g_assert_cmpint (search.hr, ==, DRT_E_FAULTED);
  virtual_search_clear (&search);
  core_run (mesh, 60 * SECOND);
  g_assert_cmpint (b->status, ==, DRT_FAULTED);
  g_assert_cmpint (drt_node_next_deadline (b->node), ==, G_MAXINT64);
}

/* Somebody has answered the LOOKUP of a registration, somebody else is still asked. */
static gboolean
is_half_registered (VirtualMesh *mesh,
                    gpointer     data)
{
  const VirtualNode *node = data;

  for (guint i = 0; i < node->node->resolves->len; i++)
    {
      const DrtResolve *resolve = g_ptr_array_index (node->node->resolves, i);

      if (resolve->reason == DRT_REASON_REGISTRATION && resolve->useful_hops > 0 && resolve->phase == DRT_PHASE_ASKING)
        return TRUE;
    }
  return FALSE;
}

/* What was going on begins nothing new: neither the announcement, which is to be made
 * again, nor what follows it. */
static void
test_faulted_while_registering (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  g_autoptr (CoreWire) wire = NULL;
  DrtKey key = core_small_key (0x58);

  for (guint i = 2; i < 6; i++)
    {
      DrtKey other = core_small_key ((guint8) (i * 0x18));
      VirtualNode *node = virtual_mesh_add (mesh);

      virtual_node_knows (node, a);
      virtual_node_open (node);
      virtual_node_register (node, &other, "other");
    }
  core_run (mesh, 20 * SECOND);
  wire = core_wire_listen (mesh);
  virtual_node_register (b, &key, "gamma");
  g_assert_true (virtual_mesh_run (mesh, SECOND, is_half_registered, b));
  drt_node_fault (b->node, mesh->now, E_FAIL);
  g_array_set_size (wire->said, 0);
  core_run (mesh, 120 * SECOND);
  g_assert_cmpuint (core_wire_count (wire, 1, DRT_MESSAGE_LOOKUP), ==, 0);
  g_assert_cmpuint (b->node->resolves->len, ==, 0);
  g_assert_cmpint (drt_node_next_deadline (b->node), ==, G_MAXINT64);
}

/* --- Synchronisation --- */

static void
test_synchronisation (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  g_autoptr (CoreWire) wire = core_wire_listen (mesh);

  core_run (mesh, SECOND);
  g_assert_cmpuint (core_wire_count (wire, 0, DRT_MESSAGE_ADVERTISE), >=, 1);
  g_assert_cmpuint (core_wire_count (wire, 1, DRT_MESSAGE_REQUEST), >=, 1);
  g_assert_cmpuint (core_wire_count (wire, 0, DRT_MESSAGE_ACK), >=, 1);
  g_assert_cmpuint (core_wire_count (wire, 0, DRT_MESSAGE_FLOOD), >=, 1);
  g_assert_cmpuint (core_wire_count (wire, 1, DRT_MESSAGE_INQUIRE), >=, 1);
  g_assert_cmpuint (core_wire_count (wire, 0, DRT_MESSAGE_AUTHORITY), >=, 1);
  g_assert_nonnull (drt_cache_find (&a->node->cache, &(DrtKey) { .b = { [31] = 0x90 } }));
  g_assert_nonnull (drt_cache_find (&b->node->cache, &(DrtKey) { .b = { [31] = 0x20 } }));
}

/* Each message of the join is lost once: everything comes, a second later. */
static void
test_join_survives_loss (gconstpointer data)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (5);
  g_autoptr (CoreWire) wire = core_wire_listen (mesh);
  DrtKey ka = core_small_key (0x20), kb = core_small_key (0x90);

  wire->lose = (DrtMessageType) GPOINTER_TO_INT (data);
  wire->n_lose = 1;
  a = virtual_mesh_add (mesh);
  b = virtual_mesh_add (mesh);
  virtual_node_knows (b, a);
  virtual_node_open (a);
  virtual_node_register (a, &ka, "alpha");
  virtual_node_open (b);
  virtual_node_register (b, &kb, "beta");
  core_run (mesh, 16 * SECOND);
  g_assert_cmpuint (wire->n_lose, ==, 0);
  g_assert_cmpint (a->status, ==, DRT_ACTIVE);
  g_assert_cmpint (b->status, ==, DRT_ACTIVE);
  g_assert_true (virtual_mesh_leaves_right (mesh));
}

static void
sha1 (const guint8 *nonce,
      guint8       *hash)
{
  unsigned int length;

  EVP_Digest (nonce, DRT_NONCE_SIZE, hash, &length, EVP_sha1 (), NULL);
}

static void
test_request_must_know_the_nonce (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  g_autoptr (CoreWire) wire = NULL;
  DrtEndpoint stranger, other;
  DrtKey key = core_small_key (0x20);
  guint8 nonce[DRT_NONCE_SIZE] = "a nonce of mine", bytes[512];
  DrtMessage solicit = { .type = DRT_MESSAGE_SOLICIT };
  DrtMessage request = { .type = DRT_MESSAGE_REQUEST };
  guint64 unexpected;
  gsize length;

  core_run (mesh, SECOND);
  wire = core_wire_listen (mesh);
  g_assert_true (drt_endpoint_parse ("[2001:db8::77]:4000", &stranger));
  g_assert_true (drt_endpoint_parse ("[2001:db8::78]:4000", &other));
  sha1 (nonce, solicit.solicit.hashed_nonce);
  length = core_encode (&solicit, 1, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &stranger, a, bytes, length);
  g_assert_cmpuint (core_wire_count (wire, 0, DRT_MESSAGE_ADVERTISE), ==, 1);

  request.request.has_body = TRUE;
  request.request.body.keys = (DrtWireKeys) { 1, key.b };
  memcpy (request.request.body.nonce, nonce, sizeof nonce);
  unexpected = a->node->counters.dropped[DRT_DROP_UNEXPECTED];

  /* From elsewhere, and with another nonce: nothing. */
  length = core_encode (&request, 2, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &other, a, bytes, length);
  request.request.body.nonce[0] ^= 1;
  length = core_encode (&request, 3, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &stranger, a, bytes, length);
  g_assert_cmpuint (core_wire_count (wire, 0, DRT_MESSAGE_FLOOD), ==, 0);
  g_assert_cmpuint (a->node->counters.dropped[DRT_DROP_UNEXPECTED], ==, unexpected + 2);

  /* As it should be: ACK and FLOOD, once. */
  request.request.body.nonce[0] ^= 1;
  length = core_encode (&request, 4, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &stranger, a, bytes, length);
  virtual_mesh_inject (mesh, &stranger, a, bytes, length);
  g_assert_cmpuint (core_wire_count (wire, 0, DRT_MESSAGE_ACK), ==, 1);
  g_assert_cmpuint (core_wire_count (wire, 0, DRT_MESSAGE_FLOOD), ==, 1);
}

static void
test_conversations_are_bounded (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (3);
  VirtualNode *node = virtual_mesh_add (mesh);
  DrtMessage solicit = { .type = DRT_MESSAGE_SOLICIT };
  DrtEndpoint from;
  guint8 bytes[512];
  gsize length;

  virtual_node_open (node);
  length = core_encode (&solicit, 1, bytes, sizeof bytes);
  g_assert_true (drt_endpoint_parse ("[2001:db8::77]:4000", &from));
  for (guint i = 0; i < 5000; i++)
    {
      from.port = (guint16) (2000 + i);
      from.address.s6_addr[8] = (guint8) (i / 10);
      virtual_mesh_inject (mesh, &from, node, bytes, length);
    }
  g_assert_cmpuint (node->node->conversations->len, <=, 512);
  core_run (mesh, 16 * SECOND);
  g_assert_cmpuint (node->node->conversations->len, ==, 0);
}

/* --- What is not acted upon --- */

static void
test_dropped (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtMessage inquire = { .type = DRT_MESSAGE_INQUIRE };
  DrtEndpoint low = { .port = 1023 };
  guint8 bytes[256];
  guint64 sent;
  gsize length;

  core_run (mesh, SECOND);
  low.address = b->endpoint.address;
  inquire.inquire.validate_key = core_small_key (0x20);
  length = core_encode (&inquire, 1, bytes, sizeof bytes);
  sent = mesh->n_sent;
  virtual_mesh_inject (mesh, &low, a, bytes, length);
  g_assert_cmpuint (a->node->counters.dropped[DRT_DROP_LOW_PORT], ==, 1);
  bytes[5] = 7;   /* VersionMajor */
  virtual_mesh_inject (mesh, &b->endpoint, a, bytes, length);
  g_assert_cmpuint (a->node->counters.dropped[DRT_DROP_WRONG_VERSION], ==, 1);
  for (gsize cut = 0; cut < length; cut++)
    virtual_mesh_inject (mesh, &b->endpoint, a, bytes, cut);
  g_assert_cmpuint (a->node->counters.dropped[DRT_DROP_MALFORMED], ==, length);
  g_assert_cmpuint (mesh->n_sent, ==, sent);
  bytes[5] = 6;
  virtual_mesh_inject (mesh, &b->endpoint, a, bytes, length);
  g_assert_cmpuint (mesh->n_sent, ==, sent + 1);
}

static void
test_garbage (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  guint8 bytes[1500];

  core_run (mesh, SECOND);
  for (guint i = 0; i < 20000; i++)
    {
      gsize length = (gsize) g_rand_int_range (mesh->rand, 0, sizeof bytes);

      for (gsize j = 0; j < MIN (length, 200); j++)
        bytes[j] = (guint8) g_rand_int (mesh->rand);
      if (i % 2 == 0 && length >= DRT_HEADER_SIZE)
        memcpy (bytes, (guint8[]) { 0, 0x10, 0, 0x0c, 0x51, 6, 101, (guint8) (i / 2 % 12) }, 8);
      virtual_mesh_inject (mesh, &b->endpoint, a, bytes, length);
    }
  g_assert_cmpint (a->status, ==, DRT_ACTIVE);
  core_run (mesh, 5 * SECOND);
  g_assert_cmpint (a->status, ==, DRT_ACTIVE);
}

/* --- The size of the cloud --- */

static void
test_size_estimate (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (4);
  DrtCounters counters;

  for (guint i = 0; i < 64; i++)
    {
      VirtualNode *node = virtual_mesh_add (mesh);
      DrtKey key = core_small_key ((guint8) (i * 4));

      if (i > 0)
        virtual_node_knows (node, virtual_mesh_get (mesh, i - 1));
      virtual_node_open (node);
      virtual_node_register (node, &key, "x");
      core_run (mesh, SECOND);
    }
  core_run (mesh, 60 * SECOND);
  drt_node_get_counters (virtual_mesh_get (mesh, 30)->node, &counters);
  /* Evenly spaced, so exact: 2 * 2^256 over two of 64 arcs. */
  g_assert_cmpfloat_with_epsilon (counters.mesh_size, 64, 0.001);
  g_assert_cmpuint (counters.n_keys, ==, 1);
  g_assert_cmpuint (counters.n_leaves, ==, 10);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/conversations/status/alone", test_alone);
  g_test_add_func ("/conversations/status/alone-names-whom-it-asked", test_alone_names_whom_it_asked);
  g_test_add_func ("/conversations/status/alone-until-somebody-comes", test_alone_until_somebody_comes);
  g_test_add_func ("/conversations/status/no-network", test_no_network);
  g_test_add_func ("/conversations/status/faulted", test_faulted);
  g_test_add_func ("/conversations/status/faulted-while-registering", test_faulted_while_registering);
  g_test_add_func ("/conversations/synchronisation/messages", test_synchronisation);
  g_test_add_func ("/conversations/synchronisation/nonce", test_request_must_know_the_nonce);
  g_test_add_func ("/conversations/synchronisation/bounded", test_conversations_are_bounded);
  for (int type = DRT_MESSAGE_SOLICIT; type <= DRT_MESSAGE_LOOKUP; type++)
    if (!g_str_equal (drt_message_type_to_string ((DrtMessageType) type), "unknown"))
      {
        g_autofree char *path = g_strdup_printf ("/conversations/join-without-one/%s", drt_message_type_to_string ((DrtMessageType) type));

        g_test_add_data_func (path, GINT_TO_POINTER (type), test_join_survives_loss);
      }
  g_test_add_func ("/conversations/dropped/reasons", test_dropped);
  g_test_add_func ("/conversations/dropped/garbage", test_garbage);
  g_test_add_func ("/conversations/size-estimate", test_size_estimate);
  return g_test_run ();
}
