/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two or three cores in virtual time, through the conversations of [MC-DRT] §3
 * one after another: what is said, what is lost, what is not believed. */

#include "virtual-mesh.h"

#include <openssl/evp.h>
#include <string.h>

#define SECOND G_USEC_PER_SEC

/* --- What was said --- */

typedef struct
{
  guint from;
  DrtMessageType type;
} Said;

typedef struct
{
  GArray *said;                  /* of Said */
  DrtMessageType lose;           /* type of which … */
  guint n_lose;                  /* … so many are lost */
  gboolean only_fragments;       /* and of AUTHORITYs only later fragments */
} Wire;

static gboolean
listen_cb (VirtualMesh       *mesh,
           VirtualNode       *from,
           const DrtEndpoint *to,
           const guint8      *bytes,
           gsize              length,
           gpointer           data)
{
  Wire *wire = data;
  DrtMessage message;
  Said said = { .from = from->index };

  g_assert_cmpint (drt_message_decode (bytes, length, &message), ==, DRT_DECODE_OK);
  said.type = message.type;
  g_array_append_val (wire->said, said);
  if (wire->only_fragments && message.type == DRT_MESSAGE_AUTHORITY && message.authority.offset == 0)
    return TRUE;
  if (message.type == wire->lose && wire->n_lose > 0)
    {
      wire->n_lose--;
      return FALSE;
    }
  return TRUE;
}

static Wire *
wire_listen (VirtualMesh *mesh)
{
  Wire *wire = g_new0 (Wire, 1);

  wire->said = g_array_new (FALSE, FALSE, sizeof (Said));
  mesh->filter = listen_cb;
  mesh->filter_data = wire;
  return wire;
}

static void
wire_free (Wire *wire)
{
  g_array_unref (wire->said);
  g_free (wire);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wire, wire_free)

static guint
wire_count (Wire           *wire,
            guint           from,
            DrtMessageType  type)
{
  guint n = 0;

  for (guint i = 0; i < wire->said->len; i++)
    {
      const Said *said = &g_array_index (wire->said, Said, i);

      n += said->from == from && said->type == type;
    }
  return n;
}

static void
run (VirtualMesh *mesh,
     gint64       time)
{
  virtual_mesh_run (mesh, time, NULL, NULL);
}

static DrtKey
small_key (guint8 high)
{
  DrtKey key = { { 0 } };

  key.b[DRT_KEY_SIZE - 1] = high;
  return key;
}

/* Two nodes with a key each; the second knows the first and joins. */
static VirtualMesh *
pair (VirtualNode **a,
      VirtualNode **b)
{
  VirtualMesh *mesh = virtual_mesh_new (11);
  DrtKey ka = small_key (0x20), kb = small_key (0x90);

  *a = virtual_mesh_add (mesh);
  *b = virtual_mesh_add (mesh);
  virtual_node_knows (*b, *a);
  virtual_node_open (*a);
  virtual_node_register (*a, &ka, "alpha");
  virtual_node_open (*b);
  virtual_node_register (*b, &kb, "beta");
  return mesh;
}

/* --- Status --- */

static void
test_alone (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (1);
  VirtualNode *node = virtual_mesh_add (mesh);

  virtual_node_open (node);
  g_assert_true (node->has_status);
  g_assert_cmpint (node->status, ==, DRT_ALONE);
  run (mesh, 60 * SECOND);
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
  run (mesh, 1900 * 1000);
  g_assert_false (node->has_status);
  run (mesh, SECOND);   /* both SOLICITs have gone unanswered after two seconds */
  g_assert_cmpint (node->status, ==, DRT_ALONE);
  g_assert_cmpuint (node->n_status_bootstrap, ==, 1);
  g_assert_cmpuint (node->node->counters.requests_failed, ==, 1);
  g_assert_cmpuint (node->node->counters.retransmissions, ==, 1);
}

static void
test_alone_until_somebody_comes (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);

  g_assert_cmpint (a->status, ==, DRT_ALONE);
  run (mesh, SECOND);
  g_assert_cmpint (a->status, ==, DRT_ACTIVE);
  g_assert_cmpint (b->status, ==, DRT_ACTIVE);
  g_assert_cmpuint (b->n_status_events, ==, 1);

  /* And alone again once the other is gone. */
  virtual_node_kill (b);
  run (mesh, 20 * SECOND);
  g_assert_cmpint (a->status, ==, DRT_ALONE);
}

static void
test_no_network (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  VirtualNode *node = virtual_mesh_add (mesh);

  virtual_node_knows (node, a);
  drt_node_open (node->node, mesh->now, NULL, 0);
  g_assert_cmpint (node->status, ==, DRT_NO_NETWORK);
  run (mesh, 30 * SECOND);
  g_assert_cmpint (node->status, ==, DRT_NO_NETWORK);

  /* Registering is allowed, and seen by others once there is a network. */
  DrtKey key = small_key (0x55);
  VirtualSearch search;

  virtual_node_register (node, &key, "late");
  drt_node_set_addresses (node->node, mesh->now, &node->endpoint, 1);
  virtual_node_open (node);
  run (mesh, 5 * SECOND);
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
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtKey key = small_key (0x20);
  VirtualSearch search;

  run (mesh, SECOND);
  drt_node_fault (b->node, mesh->now, DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED);
  g_assert_cmpint (b->status, ==, DRT_FAULTED);
  g_assert_cmpint (b->status_hr, ==, DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED);
  virtual_search_exact (b, &key, &search);
  g_assert_cmpint (search.hr, ==, DRT_E_FAULTED);
  virtual_search_clear (&search);
  run (mesh, 60 * SECOND);
  g_assert_cmpint (b->status, ==, DRT_FAULTED);
  g_assert_cmpint (drt_node_next_deadline (b->node), ==, G_MAXINT64);
}

/* --- Synchronisation --- */

static void
test_synchronisation (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  g_autoptr (Wire) wire = wire_listen (mesh);

  run (mesh, SECOND);
  g_assert_cmpuint (wire_count (wire, 0, DRT_MESSAGE_ADVERTISE), >=, 1);
  g_assert_cmpuint (wire_count (wire, 1, DRT_MESSAGE_REQUEST), >=, 1);
  g_assert_cmpuint (wire_count (wire, 0, DRT_MESSAGE_ACK), >=, 1);
  g_assert_cmpuint (wire_count (wire, 0, DRT_MESSAGE_FLOOD), >=, 1);
  g_assert_cmpuint (wire_count (wire, 1, DRT_MESSAGE_INQUIRE), >=, 1);
  g_assert_cmpuint (wire_count (wire, 0, DRT_MESSAGE_AUTHORITY), >=, 1);
  g_assert_nonnull (drt_cache_find (&a->node->cache, &(DrtKey) { .b = { [31] = 0x90 } }));
  g_assert_nonnull (drt_cache_find (&b->node->cache, &(DrtKey) { .b = { [31] = 0x20 } }));
}

/* Each message of the join is lost once: everything comes, a second later. */
static void
test_join_survives_loss (gconstpointer data)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (5);
  g_autoptr (Wire) wire = wire_listen (mesh);
  DrtKey ka = small_key (0x20), kb = small_key (0x90);

  wire->lose = (DrtMessageType) GPOINTER_TO_INT (data);
  wire->n_lose = 1;
  a = virtual_mesh_add (mesh);
  b = virtual_mesh_add (mesh);
  virtual_node_knows (b, a);
  virtual_node_open (a);
  virtual_node_register (a, &ka, "alpha");
  virtual_node_open (b);
  virtual_node_register (b, &kb, "beta");
  run (mesh, 16 * SECOND);
  g_assert_cmpuint (wire->n_lose, ==, 0);
  g_assert_cmpint (a->status, ==, DRT_ACTIVE);
  g_assert_cmpint (b->status, ==, DRT_ACTIVE);
  g_assert_true (virtual_mesh_leaves_right (mesh));
}

static gsize
encode (DrtMessage *message,
        guint32     id,
        guint8     *bytes,
        gsize       size)
{
  gsize length;

  message->major = 6;
  message->minor = 101;
  message->id = id;
  length = drt_message_encode (message, bytes, size);
  g_assert_cmpuint (length, >, 0);
  return length;
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
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  g_autoptr (Wire) wire = NULL;
  DrtEndpoint stranger, other;
  DrtKey key = small_key (0x20);
  guint8 nonce[DRT_NONCE_SIZE] = "a nonce of mine", bytes[512];
  DrtMessage solicit = { .type = DRT_MESSAGE_SOLICIT };
  DrtMessage request = { .type = DRT_MESSAGE_REQUEST };
  guint64 unexpected;
  gsize length;

  run (mesh, SECOND);
  wire = wire_listen (mesh);
  g_assert_true (drt_endpoint_parse ("[2001:db8::77]:4000", &stranger));
  g_assert_true (drt_endpoint_parse ("[2001:db8::78]:4000", &other));
  sha1 (nonce, solicit.solicit.hashed_nonce);
  length = encode (&solicit, 1, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &stranger, a, bytes, length);
  g_assert_cmpuint (wire_count (wire, 0, DRT_MESSAGE_ADVERTISE), ==, 1);

  request.request.has_body = TRUE;
  request.request.body.keys = (DrtWireKeys) { 1, key.b };
  memcpy (request.request.body.nonce, nonce, sizeof nonce);
  unexpected = a->node->counters.dropped[DRT_DROP_UNEXPECTED];

  /* From elsewhere, and with another nonce: nothing. */
  length = encode (&request, 2, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &other, a, bytes, length);
  request.request.body.nonce[0] ^= 1;
  length = encode (&request, 3, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &stranger, a, bytes, length);
  g_assert_cmpuint (wire_count (wire, 0, DRT_MESSAGE_FLOOD), ==, 0);
  g_assert_cmpuint (a->node->counters.dropped[DRT_DROP_UNEXPECTED], ==, unexpected + 2);

  /* As it should be: ACK and FLOOD, once. */
  request.request.body.nonce[0] ^= 1;
  length = encode (&request, 4, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &stranger, a, bytes, length);
  virtual_mesh_inject (mesh, &stranger, a, bytes, length);
  g_assert_cmpuint (wire_count (wire, 0, DRT_MESSAGE_ACK), ==, 1);
  g_assert_cmpuint (wire_count (wire, 0, DRT_MESSAGE_FLOOD), ==, 1);
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
  length = encode (&solicit, 1, bytes, sizeof bytes);
  g_assert_true (drt_endpoint_parse ("[2001:db8::77]:4000", &from));
  for (guint i = 0; i < 5000; i++)
    {
      from.port = (guint16) (2000 + i);
      from.address.s6_addr[8] = (guint8) (i / 10);
      virtual_mesh_inject (mesh, &from, node, bytes, length);
    }
  g_assert_cmpuint (node->node->conversations->len, <=, 512);
  run (mesh, 16 * SECOND);
  g_assert_cmpuint (node->node->conversations->len, ==, 0);
}

/* --- Route entries --- */

/* A FLOOD of an entry whose node does not publish the key, or does not exist. */
static void
flood_entry (VirtualMesh       *mesh,
             VirtualNode       *to,
             const DrtKey      *key,
             const DrtEndpoint *at,
             guint32            id)
{
  DrtMessage flood = { .type = DRT_MESSAGE_FLOOD };
  DrtEndpoint liar;
  guint8 bytes[512];
  gsize length;

  g_assert_true (drt_endpoint_parse ("[2001:db8::99]:4000", &liar));
  flood.flood.flags = DRT_FLOOD_FLAG_D;
  flood.flood.has_entry = TRUE;
  flood.flood.entry = (DrtWireEntry) {
    .key = *key, .major = 6, .minor = 101, .port = at->port,
    .n_addresses = 1, .addresses = at->address.s6_addr,
  };
  length = encode (&flood, id, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &liar, to, bytes, length);
}

static void
test_liars_stay_out (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtKey false_key = small_key (0x21), true_key = small_key (0x90);
  DrtEndpoint nowhere, multicast, loopback;
  guint64 sent;

  run (mesh, SECOND);
  g_assert_true (drt_endpoint_parse ("[2001:db8::dead]:4000", &nowhere));
  g_assert_true (drt_endpoint_parse ("[ff02::1]:4000", &multicast));
  g_assert_true (drt_endpoint_parse ("[::1]:4000", &loopback));

  flood_entry (mesh, a, &false_key, &b->endpoint, 1);    /* b does not publish it: N */
  flood_entry (mesh, a, &false_key, &nowhere, 2);        /* nobody answers */
  flood_entry (mesh, a, &true_key, &nowhere, 3);         /* b's key at another address */
  run (mesh, 5 * SECOND);
  g_assert_null (drt_cache_find (&a->node->cache, &false_key));
  g_assert_true (drt_entry_has_endpoint (drt_cache_find (&a->node->cache, &true_key), &b->endpoint));

  /* Where nothing may be sent, nothing is. */
  sent = mesh->n_sent;
  flood_entry (mesh, a, &false_key, &multicast, 4);
  flood_entry (mesh, a, &false_key, &loopback, 5);
  flood_entry (mesh, a, &false_key, &a->endpoint, 6);
  g_assert_cmpuint (mesh->n_sent, ==, sent);
}

static void
test_validations_are_bounded (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtEndpoint nowhere;

  run (mesh, SECOND);
  g_assert_true (drt_endpoint_parse ("[2001:db8::dead]:4000", &nowhere));
  for (guint i = 0; i < 5000; i++)
    {
      DrtKey key;

      virtual_mesh_random_key (mesh, &key);
      flood_entry (mesh, a, &key, &nowhere, i);
    }
  g_assert_cmpuint (a->node->validations->len, <=, 64);
  g_assert_cmpuint (a->node->counters.dropped[DRT_DROP_TOO_MANY], >, 0);
  run (mesh, 5 * SECOND);
  g_assert_cmpuint (a->node->validations->len, ==, 0);
}

/* An answer that did not come from whom was asked, or is no answer to anything. */
static void
test_forged_authority (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtKey key = small_key (0x30);
  DrtEndpoint nowhere, liar;
  DrtAuthorityBuffer answer = { 0 };
  DrtMessage authority = { .type = DRT_MESSAGE_AUTHORITY };
  guint8 buffer[64], bytes[512];
  guint64 unexpected;
  gsize length;

  run (mesh, SECOND);
  g_assert_true (drt_endpoint_parse ("[2001:db8::dead]:4000", &nowhere));
  g_assert_true (drt_endpoint_parse ("[2001:db8::99]:4000", &liar));
  flood_entry (mesh, a, &key, &nowhere, 1);
  g_assert_cmpuint (a->node->validations->len, ==, 1);

  length = drt_authority_buffer_encode (&answer, buffer, sizeof buffer);
  authority.authority.acked = ((DrtValidation *) g_ptr_array_index (a->node->validations, 0))->inquire_id;
  authority.authority.size = (guint16) length;
  authority.authority.fragment = (DrtSpan) { buffer, length };
  length = encode (&authority, 9, bytes, sizeof bytes);
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
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtKey key = small_key (0x40), kb = small_key (0x90);

  run (mesh, SECOND);
  virtual_node_kill (b);
  c = virtual_mesh_add (mesh);
  virtual_node_knows (c, a);
  virtual_node_open (c);
  virtual_node_register (c, &key, "gamma");
  run (mesh, 4 * SECOND);
  /* a flooded c to b, twice, and then forgot b: long before its maintenance. */
  g_assert_nonnull (drt_cache_find (&a->node->cache, &key));
  g_assert_null (drt_cache_find (&a->node->cache, &kb));
}

static void
test_flood_to_a_key_that_is_gone (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  g_autoptr (Wire) wire = NULL;
  DrtMessage flood = { .type = DRT_MESSAGE_FLOOD };
  guint8 bytes[256];
  gsize length;

  run (mesh, SECOND);
  wire = wire_listen (mesh);
  flood.flood.validate_key = small_key (0x99);
  length = encode (&flood, 1, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &b->endpoint, a, bytes, length);
  g_assert_cmpuint (wire_count (wire, 0, DRT_MESSAGE_ACK), ==, 1);

  /* b asked a as 0x99; told so, it forgets what it held under that key. */
  DrtMessage ack = { .type = DRT_MESSAGE_ACK };
  DrtFloodContent content = { 0 };
  DrtKey ka = small_key (0x20);
  const DrtPending *pending;

  drt_flood_send_to (b->node, mesh->now, drt_cache_find (&b->node->cache, &ka), &content);
  pending = g_ptr_array_index (b->node->pending.requests, b->node->pending.requests->len - 1);
  ack.ack.acked = pending->id;
  ack.ack.flags = DRT_ACK_FLAG_N;
  length = encode (&ack, 2, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &a->endpoint, b, bytes, length);
  g_assert_null (drt_cache_find (&b->node->cache, &ka));
}

/* --- Unregistering --- */

static void
test_unregister (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtKey kb = small_key (0x90);
  guint removed;

  run (mesh, SECOND);
  removed = b->n_leaves_removed;
  g_assert_true (drt_node_unregister (b->node, mesh->now, &kb));
  g_assert_false (drt_node_unregister (b->node, mesh->now, &kb));
  g_assert_cmpuint (b->n_leaves_removed, ==, removed + 1);
  run (mesh, SECOND / 10);
  g_assert_null (drt_cache_find (&a->node->cache, &kb));
  g_assert_cmpuint (a->n_leaves_removed, ==, 1);
}

static void
test_close_revokes (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtKey kb = small_key (0x90);

  run (mesh, SECOND);
  drt_node_close (b->node, mesh->now);
  run (mesh, SECOND / 10);
  g_assert_null (drt_cache_find (&a->node->cache, &kb));
  g_assert_cmpint (a->status, ==, DRT_ALONE);
}

/* A CPA that is no revoke, one for nobody's key, and no CPA at all. */
static void
test_forged_revoke (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtKey kb = small_key (0x90);
  DrtMessage flood = { .type = DRT_MESSAGE_FLOOD };
  DRT_DATA cpa, classifier, payload, chain;
  guint8 nonce[DRT_NONCE_SIZE] = { 0 }, bytes[1024];
  gsize length;

  run (mesh, SECOND);
  flood.flood.flags = DRT_FLOOD_FLAG_D;
  flood.flood.revoke_cpa = (DrtSpan) { (const guint8 *) "no CPA", 6 };
  length = encode (&flood, 1, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &b->endpoint, a, bytes, length);

  g_assert_cmpint (drt_cpa_make (b->node, drt_keys_find (b->node, &kb), 0, FALSE, nonce, &cpa, &classifier, &payload, &chain), ==, S_OK);
  flood.flood.revoke_cpa = drt_security_span (&cpa);
  length = encode (&flood, 2, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &b->endpoint, a, bytes, length);
  drt_security_free (b->node, &cpa);

  g_assert_cmpuint (a->node->counters.dropped[DRT_DROP_INVALID_CPA], ==, 2);
  g_assert_nonnull (drt_cache_find (&a->node->cache, &kb));
}

/* --- Lookups --- */

static void
test_search (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtKey ka = small_key (0x20), kb = small_key (0x90), none = small_key (0x91);
  VirtualSearch search;

  run (mesh, SECOND);
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
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtKey ka = small_key (0x20);
  VirtualSearch search;
  gint64 started;

  run (mesh, SECOND);
  virtual_node_kill (a);
  started = mesh->now;
  virtual_search_exact (b, &ka, &search);
  g_assert_cmpuint (search.n_found, ==, 0);
  g_assert_cmpint (search.hr, ==, S_OK);
  g_assert_cmpuint (search.hops[0].flags & DRT_ADDRESS_FLAG_UNREACHABLE, !=, 0);
  g_assert_cmpint (mesh->now - started, ==, 2 * SECOND);
  virtual_search_clear (&search);

}

/* A timeout shorter than the retransmissions ends it before they do. */
static void
test_search_timeout (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtResolveQuery query = { .target = small_key (0x20), .max_matches = 1, .timeout = SECOND / 2 };
  VirtualSearch search;

  query.minimum = query.maximum = query.target;
  run (mesh, SECOND);
  virtual_node_kill (a);
  virtual_search_run (b, &query, &search);
  g_assert_cmpint (search.hr, ==, DRT_E_TIMEOUT);
  virtual_search_clear (&search);
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
      run (mesh, SECOND);
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
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtResolveQuery query = { .target = small_key (0x20), .max_matches = 1, .timeout = SECOND };
  DrtResolve *resolve;

  run (mesh, SECOND);
  query.minimum = query.maximum = query.target;
  resolve = drt_node_resolve_start (b->node, mesh->now, &query, NULL, NULL);
  drt_node_advance (b->node, mesh->now);
  g_assert_cmpuint (drt_pending_list_count (&b->node->pending, DRT_PENDING_LOOKUP), ==, 1);
  drt_node_resolve_end (b->node, mesh->now, resolve);
  g_assert_cmpuint (drt_pending_list_count (&b->node->pending, DRT_PENDING_LOOKUP), ==, 0);
  run (mesh, 5 * SECOND);
}

/* --- Liars in a search --- */

/* An answer to the request @node sent last, from @from. */
static void
answer_last (VirtualMesh              *mesh,
             VirtualNode              *node,
             const DrtEndpoint        *from,
             const DrtAuthorityBuffer *answer)
{
  const DrtPending *request = g_ptr_array_index (node->node->pending.requests, node->node->pending.requests->len - 1);
  DrtMessage authority = { .type = DRT_MESSAGE_AUTHORITY };
  guint8 buffer[1024], bytes[2048];
  gsize length = drt_authority_buffer_encode (answer, buffer, sizeof buffer);

  g_assert_true (drt_endpoint_equal (&request->to, from));
  authority.authority.acked = request->id;
  authority.authority.size = (guint16) length;
  authority.authority.fragment = (DrtSpan) { buffer, length };
  length = encode (&authority, g_rand_int (mesh->rand), bytes, sizeof bytes);
  virtual_mesh_inject (mesh, from, node, bytes, length);
}

static void
name_next (DrtAuthorityBuffer *answer,
           const DrtKey       *key,
           const DrtEndpoint  *at)
{
  answer->has_entry = TRUE;
  answer->entry = (DrtWireEntry) {
    .key = *key, .major = 6, .minor = 101, .port = at->port,
    .n_addresses = 1, .addresses = at->address.s6_addr,
  };
}

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
  DrtKey near = small_key (0x91);
  DrtResolveQuery query = { .max_matches = 1, .timeout = 20 * SECOND };
  DrtAuthorityBuffer answer = { 0 };

  lie->mesh = pair (&lie->a, &lie->b);
  lie->key = small_key (0x90);
  g_assert_true (drt_endpoint_parse ("[2001:db8::99]:4000", &lie->liar));
  g_assert_true (drt_endpoint_parse ("[2001:db8::66]:4000", &lie->evil));
  run (lie->mesh, SECOND);
  /* Whom a asks first is settled by what it holds. */
  drt_entry_free (drt_cache_steal (&lie->a->node->cache, &lie->key));
  drt_cache_insert (&lie->a->node->cache, drt_entry_new (&near, 6, 101, &lie->liar, 1));
  query.target = query.minimum = query.maximum = lie->key;
  drt_node_resolve_start (lie->a->node, lie->mesh->now, &query, lie_event_cb, lie);
  drt_node_advance (lie->a->node, lie->mesh->now);
  if (b_is_cached)
    drt_cache_insert (&lie->a->node->cache, drt_entry_new (&lie->key, 6, 101, &lie->b->endpoint, 1));
  name_next (&answer, &lie->key, &lie->evil);
  answer_last (lie->mesh, lie->a, &lie->liar, &answer);
}

static void
test_stolen_cpa (void)
{
  Lie lie = { 0 };
  DrtAuthorityBuffer nothing = { 0 }, stolen = { 0 }, honest = { 0 };
  DRT_DATA cpa, classifier, payload, chain;
  const DrtPending *request;
  DrtMessage inquire;
  gsize length;

  lie_begin (&lie, FALSE);
  answer_last (lie.mesh, lie.a, &lie.evil, &nothing);   /* it publishes the key, it says */

  /* … and passes on what b itself would have answered. */
  request = g_ptr_array_index (lie.a->node->pending.requests, lie.a->node->pending.requests->len - 1);
  g_assert_cmpint (request->kind, ==, DRT_PENDING_INQUIRE_MATCH);
  length = g_bytes_get_size (g_ptr_array_index (request->datagrams, 0));
  g_assert_cmpint (drt_message_decode (g_bytes_get_data (g_ptr_array_index (request->datagrams, 0), NULL), length, &inquire), ==, DRT_DECODE_OK);
  g_assert_cmpint (drt_cpa_make (lie.b->node, drt_keys_find (lie.b->node, &lie.key), 0, TRUE, inquire.inquire.nonce,
                                 &cpa, &classifier, &payload, &chain), ==, S_OK);
  stolen.cpa = drt_security_span (&cpa);
  stolen.payload = drt_security_span (&payload);
  answer_last (lie.mesh, lie.a, &lie.evil, &stolen);
  drt_security_free (lie.b->node, &cpa);
  drt_security_free (lie.b->node, &payload);
  drt_security_free (lie.b->node, &classifier);
  drt_security_free (lie.b->node, &chain);
  g_assert_cmpuint (lie.search.n_found, ==, 0);
  g_assert_cmpuint (lie.a->node->counters.dropped[DRT_DROP_INVALID_CPA], >, 0);

  /* The key is not lost for this search: who names the true place is believed. */
  name_next (&honest, &lie.key, &lie.b->endpoint);
  while (lie.search.n_found == 0 && !lie.search.finished)
    {
      request = g_ptr_array_index (lie.a->node->pending.requests, lie.a->node->pending.requests->len - 1);
      if (request->kind == DRT_PENDING_LOOKUP && drt_endpoint_equal (&request->to, &lie.liar))
        answer_last (lie.mesh, lie.a, &lie.liar, &honest);
      run (lie.mesh, SECOND / 10);
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
  answer_last (lie.mesh, lie.a, &lie.evil, &not_mine);
  g_assert_nonnull (drt_cache_find (&lie.a->node->cache, &lie.key));
  virtual_mesh_free (lie.mesh);
}

static void
test_own_key_is_no_neighbour (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtKey key = small_key (0x70);
  DrtEndpoint at;
  DrtAuthorityBuffer answer = { 0 };
  DRT_DATA cpa, classifier, payload, chain;
  DrtEndpoint local;
  DrtValidation *validation;

  run (mesh, SECOND);
  g_assert_true (drt_endpoint_parse ("[2001:db8::dead]:4000", &at));
  flood_entry (mesh, a, &key, &at, 1);
  validation = g_ptr_array_index (a->node->validations, 0);
  virtual_node_register (b, &key, "elsewhere");
  local = b->node->locals[0];
  b->node->locals[0] = at;
  g_assert_cmpint (drt_cpa_make (b->node, drt_keys_find (b->node, &key), 0, FALSE, validation->nonce, &cpa, &classifier, &payload, &chain), ==, S_OK);
  b->node->locals[0] = local;
  answer.cpa = drt_security_span (&cpa);
  answer_last (mesh, a, &at, &answer);
  g_assert_nonnull (drt_cache_find (&a->node->cache, &key));

  /* The same again, but a registers the key while the answer is on its way. */
  drt_entry_free (drt_cache_steal (&a->node->cache, &key));
  flood_entry (mesh, a, &key, &at, 2);
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
    length = encode (&authority, 77, bytes, sizeof bytes);
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
  DrtKey key = small_key (high);
  g_autofree char *text = g_malloc (size + 1);

  memset (text, 'm', size);
  text[size] = '\0';
  virtual_node_register (node, &key, text);
}

static void
test_large_payload (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  g_autoptr (Wire) wire = NULL;
  DrtKey key = small_key (0x66);
  VirtualSearch search;

  register_large (a, 0x66, DRT_MAX_PAYLOAD_SIZE);
  run (mesh, 2 * SECOND);

  /* Five fragments, in whatever order a network of changing delay brings them. */
  for (guint i = 0; i < 20; i++)
    {
      virtual_search_exact (b, &key, &search);
      g_assert_cmpuint (search.n_found, ==, 1);
      g_assert_cmpuint (strlen (search.payload), ==, DRT_MAX_PAYLOAD_SIZE);
      virtual_search_clear (&search);
    }

  /* One lost: the INQUIRE is sent again, a second later. */
  wire = wire_listen (mesh);
  wire->lose = DRT_MESSAGE_AUTHORITY;
  wire->only_fragments = TRUE;
  wire->n_lose = 1;
  virtual_search_exact (b, &key, &search);
  g_assert_cmpuint (search.n_found, ==, 1);
  virtual_search_clear (&search);
  run (mesh, 2 * SECOND);
  g_assert_cmpuint (b->node->reassembly.states->len, ==, 0);
}

static void
test_bad_fragments (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtResolveQuery query = { .target = small_key (0x20), .max_matches = 1, .timeout = 10 * SECOND };
  DrtMessage authority = { .type = DRT_MESSAGE_AUTHORITY };
  guint8 fragment[DRT_FRAGMENT_SIZE] = { 0 }, bytes[2048];
  gsize length;

  run (mesh, SECOND);
  query.minimum = query.maximum = query.target;
  drt_node_resolve_start (b->node, mesh->now, &query, NULL, NULL);
  drt_node_advance (b->node, mesh->now);
  authority.authority.acked = ((DrtPending *) g_ptr_array_index (b->node->pending.requests, b->node->pending.requests->len - 1))->id;
  authority.authority.fragment = (DrtSpan) { fragment, sizeof fragment };

  authority.authority.size = 5000;
  length = encode (&authority, 70, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &a->endpoint, b, bytes, length);
  g_assert_cmpuint (b->node->reassembly.states->len, ==, 1);

  /* Another size under the same id: both are gone. */
  authority.authority.size = 6000;
  authority.authority.offset = DRT_FRAGMENT_SIZE;
  length = encode (&authority, 70, bytes, sizeof bytes);
  virtual_mesh_inject (mesh, &a->endpoint, b, bytes, length);
  g_assert_cmpuint (b->node->reassembly.states->len, ==, 0);
  g_assert_cmpuint (b->node->counters.dropped[DRT_DROP_BAD_FRAGMENT], ==, 1);

  /* No more states than one source may have, and none for longer than a second. */
  authority.authority.offset = 0;
  for (guint32 id = 100; id < 200; id++)
    {
      length = encode (&authority, id, bytes, sizeof bytes);
      virtual_mesh_inject (mesh, &a->endpoint, b, bytes, length);
    }
  g_assert_cmpuint (b->node->reassembly.states->len, ==, DRT_REASSEMBLY_PER_SOURCE_MAX);
  run (mesh, SECOND);
  g_assert_cmpuint (b->node->reassembly.states->len, ==, 0);
}

/* --- What is not acted upon --- */

static void
test_dropped (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  DrtMessage inquire = { .type = DRT_MESSAGE_INQUIRE };
  DrtEndpoint low = { .port = 1023 };
  guint8 bytes[256];
  guint64 sent;
  gsize length;

  run (mesh, SECOND);
  low.address = b->endpoint.address;
  inquire.inquire.validate_key = small_key (0x20);
  length = encode (&inquire, 1, bytes, sizeof bytes);
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
  g_autoptr (VirtualMesh) mesh = pair (&a, &b);
  guint8 bytes[1500];

  run (mesh, SECOND);
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
  run (mesh, 5 * SECOND);
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
      DrtKey key = small_key ((guint8) (i * 4));

      if (i > 0)
        virtual_node_knows (node, virtual_mesh_get (mesh, i - 1));
      virtual_node_open (node);
      virtual_node_register (node, &key, "x");
      run (mesh, SECOND);
    }
  run (mesh, 60 * SECOND);
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
  g_test_add_func ("/conversations/synchronisation/messages", test_synchronisation);
  g_test_add_func ("/conversations/synchronisation/nonce", test_request_must_know_the_nonce);
  g_test_add_func ("/conversations/synchronisation/bounded", test_conversations_are_bounded);
  for (int type = DRT_MESSAGE_SOLICIT; type <= DRT_MESSAGE_LOOKUP; type++)
    if (!g_str_equal (drt_message_type_to_string ((DrtMessageType) type), "unknown"))
      {
        g_autofree char *path = g_strdup_printf ("/conversations/join-without-one/%s", drt_message_type_to_string ((DrtMessageType) type));

        g_test_add_data_func (path, GINT_TO_POINTER (type), test_join_survives_loss);
      }
  g_test_add_func ("/conversations/entries/liars-stay-out", test_liars_stay_out);
  g_test_add_func ("/conversations/entries/bounded", test_validations_are_bounded);
  g_test_add_func ("/conversations/entries/forged-authority", test_forged_authority);
  g_test_add_func ("/conversations/floods/unacknowledged", test_unacknowledged_flood);
  g_test_add_func ("/conversations/floods/key-is-gone", test_flood_to_a_key_that_is_gone);
  g_test_add_func ("/conversations/unregister/revokes", test_unregister);
  g_test_add_func ("/conversations/unregister/close", test_close_revokes);
  g_test_add_func ("/conversations/unregister/forged", test_forged_revoke);
  g_test_add_func ("/conversations/search/exact", test_search);
  g_test_add_func ("/conversations/search/of-the-dead", test_search_of_the_dead);
  g_test_add_func ("/conversations/search/timeout", test_search_timeout);
  g_test_add_func ("/conversations/search/iterative", test_iterative);
  g_test_add_func ("/conversations/search/ended", test_ending_a_search);
  g_test_add_func ("/conversations/liars/stolen-cpa", test_stolen_cpa);
  g_test_add_func ("/conversations/liars/not-found-elsewhere", test_not_found_elsewhere);
  g_test_add_func ("/conversations/liars/own-key-is-no-neighbour", test_own_key_is_no_neighbour);
  g_test_add_func ("/conversations/fragments/large-payload", test_large_payload);
  g_test_add_func ("/conversations/fragments/bad", test_bad_fragments);
  g_test_add_func ("/conversations/dropped/reasons", test_dropped);
  g_test_add_func ("/conversations/dropped/garbage", test_garbage);
  g_test_add_func ("/conversations/size-estimate", test_size_estimate);
  return g_test_run ();
}
