/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Too much: of one source, of many, of what a node has to do; what it says then,
 * what it makes of being told so, and what it lets itself be made to send. */

#include "core-testing.h"

#include <string.h>

/* What a node has sent to one endpoint. */
typedef struct
{
  DrtEndpoint to;
  guint n;
  gsize n_bytes;
  guint n_busy;                  /* AUTHORITYs with B */
  guint n_empty;                 /* ADVERTISEs without keys */
  DrtMessageType lose;           /* of anybody's messages those of this type are lost */
} Spy;

static gboolean
spy_cb (VirtualMesh       *mesh,
        VirtualNode       *from,
        const DrtEndpoint *to,
        const guint8      *bytes,
        gsize              length,
        gpointer           data)
{
  Spy *spy = data;
  DrtMessage message;

  g_assert_cmpint (drt_message_decode (bytes, length, &message), ==, DRT_DECODE_OK);
  if (message.type == spy->lose)
    return FALSE;
  if (!IN6_ARE_ADDR_EQUAL (&to->address, &spy->to.address))
    return TRUE;
  spy->n++;
  spy->n_bytes += length;
  if (message.type == DRT_MESSAGE_AUTHORITY && message.authority.fragment.length == message.authority.size)
    {
      DrtAuthorityBuffer buffer;

      g_assert_cmpint (drt_authority_buffer_decode (message.authority.fragment.data, message.authority.fragment.length,
                                                    &buffer), ==, DRT_DECODE_OK);
      spy->n_busy += (buffer.flags & DRT_AUTHORITY_FLAG_B) != 0;
    }
  spy->n_empty += message.type == DRT_MESSAGE_ADVERTISE && message.advertise.keys.n_keys == 0;
  return TRUE;
}

static void
spy_on (VirtualMesh *mesh,
        Spy         *spy,
        const char  *to)
{
  memset (spy, 0, sizeof *spy);
  g_assert_true (drt_endpoint_parse (to, &spy->to));
  mesh->filter = spy_cb;
  mesh->filter_data = spy;
}

static gsize
make_solicit (guint32 id,
              guint8 *bytes,
              gsize   size)
{
  DrtMessage message = { .type = DRT_MESSAGE_SOLICIT };

  memcpy (message.solicit.hashed_nonce, &id, sizeof id);
  return core_encode (&message, id, bytes, size);
}

static gsize
make_lookup (const DrtEndpoint *from,
             guint32            id,
             guint8            *bytes,
             gsize              size)
{
  DrtMessage message = { .type = DRT_MESSAGE_LOOKUP };
  guint8 path[DRT_WIRE_ENDPOINT_SIZE];

  drt_wire_endpoint_put (path, from);
  message.lookup.target = core_small_key (0x33);
  message.lookup.path = (DrtWireEndpoints) { .n_endpoints = 1, .endpoints = path };
  return core_encode (&message, id, bytes, size);
}

static gsize
make_inquire (const DrtKey *key,
              guint32       id,
              guint8       *bytes,
              gsize         size)
{
  DrtMessage message = { .type = DRT_MESSAGE_INQUIRE };

  message.inquire.flags = DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_X | DRT_INQUIRE_FLAG_C;
  message.inquire.validate_key = *key;
  message.inquire.has_nonce = TRUE;
  return core_encode (&message, id, bytes, size);
}

/* --- Conversations --- */

/* Somebody joins through @a, and is found. */
static void
assert_joins (VirtualMesh *mesh,
              VirtualNode *a)
{
  VirtualNode *c = virtual_mesh_add (mesh);
  DrtKey kc = core_small_key (0x60);
  VirtualSearch search;

  virtual_node_knows (c, a);
  virtual_node_open (c);
  virtual_node_register (c, &kc, "gamma");
  for (guint i = 0; i < 40; i++)
    core_run (mesh, SECOND / 10);
  g_assert_cmpint (c->status, ==, DRT_ACTIVE);
  virtual_search_exact (a, &kc, &search);
  g_assert_cmpuint (search.n_found, ==, 1);
  virtual_search_clear (&search);
}

/* A thousand half-open conversations a second from one source. */
static void
test_half_open (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  gsize came = 0;
  guint8 bytes[256];
  Spy spy;

  core_run (mesh, 5 * SECOND);
  spy_on (mesh, &spy, "[2001:db8:bad::1]:2000");
  for (guint32 i = 1; i <= 3000; i++)
    {
      DrtEndpoint from = spy.to;
      gsize length = make_solicit (i, bytes, sizeof bytes);

      came += length;
      from.port = (guint16) (2000 + i);
      virtual_mesh_inject (mesh, &from, a, bytes, length);
      core_run (mesh, SECOND / 1000);
    }
  g_assert_cmpuint (a->node->conversations->len, <=, 16 + 1);   /* that of @b may last */
  g_assert_cmpuint (spy.n, ==, 3000);
  g_assert_cmpuint (spy.n_empty, ==, 3000 - 16);
  g_assert_cmpuint (spy.n_bytes, <=, 2 * came);   /* in whosever name it was */
  assert_joins (mesh, a);
  core_run (mesh, 16 * SECOND);
  g_assert_cmpuint (a->node->conversations->len, <, 16);
}

/* From a thousand networks at once the table is full; whoever comes from one
 * that has less of it than another still gets in. */
static void
test_full_table (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  guint8 bytes[256];
  DrtEndpoint from;

  core_run (mesh, 5 * SECOND);
  g_assert_true (drt_endpoint_parse ("[2001:db8:bad::1]:2000", &from));
  for (guint32 i = 1; i <= 2000; i++)
    {
      gsize length = make_solicit (i, bytes, sizeof bytes);

      from.address.s6_addr[7] = (guint8) (i % 8);   /* eight /64 … */
      from.address.s6_addr[12] = (guint8) (i / 64); /* … of many addresses each */
      virtual_mesh_inject (mesh, &from, a, bytes, length);
    }
  g_assert_cmpuint (a->node->conversations->len, ==, 512);
  assert_joins (mesh, a);
  g_assert_cmpuint (a->node->conversations->len, <=, 512);
}

/* --- Validations --- */

/* One source tells of a thousand nodes that do not exist. */
static void
test_lies (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);

  core_run (mesh, 5 * SECOND);
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *text = g_strdup_printf ("[2001:db8:dead::%x]:3000", i + 1);
      DrtEndpoint at;
      DrtKey key;

      g_assert_true (drt_endpoint_parse (text, &at));
      virtual_mesh_random_key (mesh, &key);
      core_flood_entry (mesh, a, &key, &at, i + 1);
      g_assert_cmpuint (a->node->validations->len, <=, 64);
    }
  assert_joins (mesh, a);
  core_run (mesh, 5 * SECOND);
  g_assert_cmpuint (a->node->validations->len, ==, 0);
  g_assert_cmpuint (drt_cache_get_size (&a->node->cache), ==, 2);
}

/* --- The Pending List --- */

/* With no room for another request a search ends, and what others ask for is
 * answered as ever. */
static void
test_full_pending_list (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey ka = core_small_key (0x20), kb = core_small_key (0x90);
  VirtualSearch search;

  core_run (mesh, 5 * SECOND);
  while (!drt_pending_list_is_full (&b->node->pending))
    {
      DrtPending *request = g_new0 (DrtPending, 1);

      request->id = drt_node_random_id (b->node);
      request->kind = DRT_PENDING_REQUEST;
      request->retry_count = 1;
      request->to = a->endpoint;
      request->late = request->lost = request->resend = G_MAXINT64;
      request->failure = mesh->now + SECOND;
      drt_pending_list_add (&b->node->pending, request);
    }
  virtual_search_exact (b, &ka, &search);
  g_assert_cmpuint (search.n_found, ==, 0);
  virtual_search_clear (&search);
  virtual_search_exact (a, &kb, &search);
  g_assert_cmpuint (search.n_found, ==, 1);
  virtual_search_clear (&search);

  core_run (mesh, 2 * SECOND);
  g_assert_cmpuint (drt_pending_list_count (&b->node->pending, DRT_PENDING_REQUEST), ==, 0);
  virtual_search_exact (b, &ka, &search);
  g_assert_cmpuint (search.n_found, ==, 1);
  virtual_search_clear (&search);
}

/* --- Reassembly --- */

static DrtReassemblyResult
add_fragment (DrtReassemblyList *list,
              gint64             now,
              guint32            id,
              const DrtEndpoint *from)
{
  static const guint8 bytes[DRT_FRAGMENT_SIZE];
  g_autofree guint8 *whole = NULL;

  return drt_reassembly_list_add (list, now, id, 7, from, 3 * DRT_FRAGMENT_SIZE, 0,
                                  (DrtSpan) { bytes, sizeof bytes }, &whole);
}

static void
test_reassembly (void)
{
  DrtReassemblyList list = { 0 };
  DrtEndpoint from;

  drt_reassembly_list_init (&list);
  g_assert_true (drt_endpoint_parse ("[2001:db8:bad::1]:2000", &from));
  for (guint32 i = 1; i <= 100; i++)
    g_assert_cmpint (add_fragment (&list, i, i, &from), ==, DRT_REASSEMBLY_INCOMPLETE);
  g_assert_cmpuint (list.states->len, ==, 2);   /* of an endpoint */
  for (guint32 i = 1; i <= 100; i++)
    {
      from.port++;
      g_assert_cmpint (add_fragment (&list, 200 + i, i, &from), ==, DRT_REASSEMBLY_INCOMPLETE);
    }
  g_assert_cmpuint (list.states->len, ==, 8);   /* of an address */
  for (guint32 i = 1; i <= 100; i++)
    {
      from.address.s6_addr[15]++;
      add_fragment (&list, 400 + i, i, &from);
    }
  g_assert_cmpuint (list.states->len, ==, DRT_REASSEMBLY_MAX);
  g_assert_cmpint (add_fragment (&list, 600, 1000, &from), ==, DRT_REASSEMBLY_FULL);
  drt_reassembly_list_expire (&list, SECOND + 600);
  g_assert_cmpuint (list.states->len, ==, 0);
  g_assert_cmpint (add_fragment (&list, 2 * SECOND, 1001, &from), ==, DRT_REASSEMBLY_INCOMPLETE);
  drt_reassembly_list_forget (&list, 7);   /* §3.1.6.2 */
  g_assert_cmpuint (list.states->len, ==, 0);
  drt_reassembly_list_clear (&list);
}

/* --- Too busy --- */

static void
inject_waited (VirtualNode  *to,
               const Spy    *spy,
               const guint8 *bytes,
               gsize         length,
               gint64        waited)
{
  gint64 now = to->mesh->now;

  drt_node_receive (to->node, now, now - waited, &spy->to, bytes, length);
}

/* What has waited long in the socket is answered with B once all has for long. */
static void
test_backlog (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey ka = core_small_key (0x20);
  guint n_conversations;
  guint8 bytes[512];
  gsize length;
  Spy spy;

  core_run (mesh, 5 * SECOND);
  n_conversations = a->node->conversations->len;
  spy_on (mesh, &spy, "[2001:db8:fee::1]:2000");
  length = make_lookup (&spy.to, 1, bytes, sizeof bytes);
  inject_waited (a, &spy, bytes, length, 300 * 1000);   /* as after a slow frame */
  inject_waited (a, &spy, bytes, length, 200 * 1000);
  g_assert_cmpuint (spy.n, ==, 2);
  g_assert_cmpuint (spy.n_busy, ==, 0);

  mesh->now += 60 * SECOND;                             /* and after another */
  inject_waited (a, &spy, bytes, length, 300 * 1000);
  g_assert_cmpuint (spy.n, ==, 3);
  g_assert_cmpuint (spy.n_busy, ==, 0);

  mesh->now += DRT_BACKLOG_TIME;
  inject_waited (a, &spy, bytes, length, 300 * 1000);
  g_assert_cmpuint (spy.n_busy, ==, 1);
  length = make_inquire (&ka, 2, bytes, sizeof bytes);
  inject_waited (a, &spy, bytes, length, 300 * 1000);
  g_assert_cmpuint (spy.n_busy, ==, 2);
  length = make_solicit (3, bytes, sizeof bytes);
  inject_waited (a, &spy, bytes, length, 300 * 1000);
  g_assert_cmpuint (spy.n_empty, ==, 1);
  g_assert_cmpuint (a->node->conversations->len, ==, n_conversations);
  g_assert_cmpuint (a->node->counters.dropped[DRT_DROP_TOO_MANY], ==, 3);

  length = make_lookup (&spy.to, 4, bytes, sizeof bytes);
  inject_waited (a, &spy, bytes, length, 1000);
  g_assert_cmpuint (spy.n_busy, ==, 2);
  g_assert_cmpuint (spy.n, ==, 7);
}

static void
test_one_asks_too_much (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  guint8 bytes[512];
  Spy spy;
  DrtEndpoint greedy;

  core_run (mesh, 5 * SECOND);
  spy_on (mesh, &spy, "[2001:db8:bad::1]:2000");
  greedy = spy.to;
  for (guint32 i = 1; i <= DRT_LOAD_PER_SOURCE_MAX + 500; i++)
    {
      gsize length = make_lookup (&greedy, i, bytes, sizeof bytes);

      greedy.port = (guint16) (2000 + i);
      virtual_mesh_inject (mesh, &greedy, a, bytes, length);
    }
  g_assert_cmpuint (spy.n, ==, DRT_LOAD_PER_SOURCE_MAX + 500);
  g_assert_cmpuint (spy.n_busy, ==, 500);
  spy_on (mesh, &spy, "[2001:db8:fee::1]:2000");
  virtual_mesh_inject (mesh, &spy.to, a, bytes, make_lookup (&spy.to, 9000, bytes, sizeof bytes));
  g_assert_cmpuint (spy.n, ==, 1);
  g_assert_cmpuint (spy.n_busy, ==, 0);

  mesh->now += SECOND;
  virtual_mesh_inject (mesh, &greedy, a, bytes, make_lookup (&greedy, 9001, bytes, sizeof bytes));
  g_assert_cmpuint (spy.n_busy, ==, 0);
  drt_node_receive (a->node, mesh->now, mesh->now, &spy.to, bytes, make_solicit (9, bytes, sizeof bytes));
  g_assert_cmpuint (spy.n_empty, ==, 0);
}

static void
say_busy (VirtualMesh *mesh,
          VirtualNode *from,
          VirtualNode *to)
{
  const DrtPending *request = drt_pending_list_get_newest (&to->node->pending);
  DrtAuthorityBuffer busy = { .flags = DRT_AUTHORITY_FLAG_B };
  DrtMessage message = { .type = DRT_MESSAGE_AUTHORITY };
  guint8 buffer[64], bytes[256];

  message.authority.acked = request->id;
  message.authority.size = (guint16) drt_authority_buffer_encode (&busy, buffer, sizeof buffer);
  message.authority.fragment = (DrtSpan) { buffer, message.authority.size };
  virtual_mesh_inject (mesh, &from->endpoint, to, bytes, core_encode (&message, 77, bytes, sizeof bytes));
}

typedef struct
{
  guint n_found;
  gboolean finished;
} Outcome;

static void
outcome_cb (gpointer               data,
            DrtResolveEvent        event,
            const DrtResolveMatch *match,
            HRESULT                hr)
{
  Outcome *outcome = data;

  outcome->n_found += event == DRT_RESOLVE_FOUND;
  outcome->finished = event == DRT_RESOLVE_FINISHED;
}

/* Told that the only one there is is too busy, a node asks once more after a
 * second, and forgets nobody. */
static void
test_told_busy (gconstpointer data)
{
  DRT_SECURITY_MODE mode = (DRT_SECURITY_MODE) GPOINTER_TO_INT (data);
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (11);
  DrtKey ka = core_small_key (0x20), kb = core_small_key (0x90);
  DrtResolveQuery query = { .target = ka, .minimum = ka, .maximum = ka, .max_matches = 1, .timeout = 60 * SECOND };
  Outcome outcome = { 0 };
  DrtResolve *resolve;
  const DrtObservedHop *hops;
  guint n;
  Spy spy;

  mesh->mode = mode;
  a = virtual_mesh_add (mesh);
  b = virtual_mesh_add (mesh);
  virtual_node_knows (b, a);
  virtual_node_open (a);
  virtual_node_register (a, &ka, "alpha");
  virtual_node_open (b);
  virtual_node_register (b, &kb, "beta");
  core_run (mesh, 5 * SECOND);
  spy_on (mesh, &spy, "[2001:db8:fee::1]:2000");

  resolve = drt_node_resolve_start (b->node, mesh->now, &query, outcome_cb, &outcome);
  spy.lose = DRT_MESSAGE_INQUIRE;
  drt_node_advance (b->node, mesh->now);
  say_busy (mesh, a, b);
  spy.lose = 0;
  hops = drt_node_resolve_get_path (resolve, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (hops[0].flags & (DRT_ADDRESS_FLAG_TOO_BUSY | DRT_ADDRESS_FLAG_UNREACHABLE), ==, DRT_ADDRESS_FLAG_TOO_BUSY);
  g_assert_nonnull (drt_cache_find (&b->node->cache, &ka));
  core_run (mesh, 900 * 1000);
  g_assert_false (outcome.finished);
  core_run (mesh, 500 * 1000);
  g_assert_true (outcome.finished);
  g_assert_cmpuint (outcome.n_found, ==, 1);
  g_assert_nonnull (drt_cache_find (&b->node->cache, &ka));
}

/* Of several the next is asked at once. */
static void
test_next_hop (void)
{
  VirtualNode *a, *b, *c;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey kc = core_small_key (0x28), target = core_small_key (0x2f);
  DrtResolveQuery query = { .target = target, .max_matches = 1, .timeout = 60 * SECOND };
  Outcome outcome = { 0 };
  guint n_lookups;
  Spy spy;

  memset (&query.maximum, 0xff, sizeof query.maximum);
  c = virtual_mesh_add (mesh);
  virtual_node_knows (c, a);
  virtual_node_open (c);
  virtual_node_register (c, &kc, "gamma");
  core_run (mesh, 20 * SECOND);
  spy_on (mesh, &spy, "[2001:db8:fee::1]:2000");
  drt_node_resolve_start (b->node, mesh->now, &query, outcome_cb, &outcome);
  spy.lose = DRT_MESSAGE_LOOKUP;
  drt_node_advance (b->node, mesh->now);
  n_lookups = drt_pending_list_count (&b->node->pending, DRT_PENDING_LOOKUP);
  say_busy (mesh, c, b);
  g_assert_cmpuint (drt_pending_list_count (&b->node->pending, DRT_PENDING_LOOKUP), ==, n_lookups + 1);
  g_assert_true (drt_endpoint_equal (&drt_pending_list_get_newest (&b->node->pending)->to, &a->endpoint));
  spy.lose = 0;
  virtual_node_touch (b);
  core_run (mesh, 5 * SECOND);
  g_assert_true (outcome.finished);
  g_assert_cmpuint (outcome.n_found, ==, 1);
}

/* Who says so again and again is waited for no longer than who does so once. */
static void
test_busy_for_ever (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtAuthorityBuffer busy = { .flags = DRT_AUTHORITY_FLAG_B };
  const DrtPending *request;
  gint64 begin;
  guint32 id;
  Spy spy;

  core_run (mesh, 5 * SECOND);
  spy_on (mesh, &spy, "[2001:db8:fee::1]:2000");
  spy.lose = DRT_MESSAGE_INQUIRE;
  drt_inquire_send (b->node, mesh->now, drt_cache_find (&b->node->cache, &(DrtKey) { .b = { [31] = 0x20 } }),
                    DRT_INQUIRE_FLAG_A, (guint8[DRT_NONCE_SIZE]) { 0 }, DRT_PENDING_INQUIRE_NEW, NULL);
  virtual_node_touch (b);
  request = drt_pending_list_get_newest (&b->node->pending);
  id = request->id;
  for (begin = mesh->now; drt_pending_list_find (&b->node->pending, id) != NULL; )
    {
      g_assert_cmpint (mesh->now - begin, <=, 4 * SECOND);
      if (drt_pending_list_get_newest (&b->node->pending) == request)
        core_answer_last (mesh, b, &a->endpoint, &busy);
      core_run (mesh, 500 * 1000);
    }
}

/* Whoever can forge a source address keeps no dead node in the cache. */
static void
test_forged_sign_of_life (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (5);
  VirtualNode *a, *b;
  DrtKey ka = core_small_key (0x84);
  DrtMessage flood = { .type = DRT_MESSAGE_FLOOD, .flood = { .flags = DRT_FLOOD_FLAG_D, .has_entry = TRUE } };
  guint8 bytes[512];

  for (guint i = 0; i < 30; i++)
    {
      VirtualNode *node = virtual_mesh_add (mesh);
      DrtKey key = core_small_key ((guint8) (4 + i * 8));

      if (i > 0)
        virtual_node_knows (node, virtual_mesh_get (mesh, 0));
      virtual_node_open (node);
      virtual_node_register (node, &key, "one of many");
      core_run (mesh, SECOND);
    }
  core_run (mesh, 60 * SECOND);
  a = virtual_mesh_get (mesh, 16);
  b = virtual_mesh_get (mesh, 15);
  g_assert_nonnull (drt_cache_find (&b->node->cache, &ka));
  virtual_node_kill (a);
  flood.flood.entry = (DrtWireEntry) {
    .key = ka, .major = 6, .minor = 101, .port = a->endpoint.port,
    .n_addresses = 1, .addresses = a->endpoint.address.s6_addr,
  };
  for (guint i = 0; i < 480; i++)
    {
      gsize length = core_encode (&flood, 1000 + i, bytes, sizeof bytes);

      virtual_mesh_inject (mesh, &a->endpoint, b, bytes, length);
      core_run (mesh, SECOND / 4);
    }
  g_assert_null (drt_cache_find (&b->node->cache, &ka));
}

/* --- What is sent for others --- */

/* Somebody asks for a large payload in the name of another. */
static void
test_reflected_payload (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey ka = core_small_key (0x20);
  g_autofree char *large = g_strnfill (5000, 'x');
  g_autoptr (GBytes) payload = g_bytes_new (large, 5000);
  gsize came = 0;
  guint8 bytes[512];
  Spy spy;

  core_run (mesh, 5 * SECOND);
  g_assert_true (drt_node_update (a->node, mesh->now, &ka, payload));
  spy_on (mesh, &spy, "[2001:db8:fee::1]:2000");
  for (guint32 i = 1; i <= 10000; i++)
    {
      gsize length = make_inquire (&ka, i, bytes, sizeof bytes);

      came += length;
      virtual_mesh_inject (mesh, &spy.to, a, bytes, length);
      core_run (mesh, 10 * 1000);
    }
  g_test_message ("%" G_GSIZE_FORMAT " bytes for %" G_GSIZE_FORMAT, spy.n_bytes, came);
  /* 100 seconds touch eight times fifteen; what has no room is told so. */
  g_assert_cmpuint (spy.n_bytes, <=, DRT_BUDGET_FACTOR * came + 8 * DRT_BUDGET_ALLOWANCE + 10000 * 64);
  g_assert_cmpuint (spy.n_busy, >, 5000);

  /* A node that has answered us gets what it wants. */
  for (guint i = 0; i < 100; i++)
    {
      VirtualSearch search;

      virtual_search_exact (b, &ka, &search);
      g_assert_cmpuint (search.n_found, ==, 1);
      g_assert_cmpuint (strlen (search.payload), ==, 5000);
      virtual_search_clear (&search);
    }
}

/* Many say that another publishes this or that: he is asked, but not by more than
 * they have said. */
static void
test_reflected_inquire (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  gsize came = 0;
  Spy spy;

  core_run (mesh, 5 * SECOND);
  spy_on (mesh, &spy, "[2001:db8:fee::1]:2000");
  a->node->inquire_size = 1400;   /* as with a certificate chain */
  for (guint32 i = 1; i <= 10000; i++)
    {
      DrtMessage flood = { .type = DRT_MESSAGE_FLOOD };
      DrtEndpoint liar = { .port = 4000 };
      guint8 bytes[512];
      DrtKey key;
      gsize length;

      virtual_mesh_random_key (mesh, &key);
      liar.address = spy.to.address;
      liar.address.s6_addr[5] = 0xff;
      memcpy (liar.address.s6_addr + 6, &i, sizeof i);
      flood.flood.flags = DRT_FLOOD_FLAG_D;
      flood.flood.has_entry = TRUE;
      flood.flood.entry = (DrtWireEntry) { .key = key, .major = 6, .minor = 101, .port = spy.to.port,
                                           .n_addresses = 1, .addresses = spy.to.address.s6_addr };
      length = core_encode (&flood, i, bytes, sizeof bytes);
      came += length;
      virtual_mesh_inject (mesh, &liar, a, bytes, length);
      a->node->inquire_size = 1400;
      core_run (mesh, 1000);
    }
  g_test_message ("%u INQUIREs, %" G_GSIZE_FORMAT " bytes for %" G_GSIZE_FORMAT, spy.n, spy.n_bytes, came);
  /* At most eight at a time, each for two seconds. */
  g_assert_cmpuint (spy.n, >=, 8);
  g_assert_cmpuint (spy.n * 1400, <=, DRT_BUDGET_FACTOR * came + 8 * 2 * 1400);
  g_assert_cmpuint (spy.n, <=, 2 * 8 * 6);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hostile/half-open", test_half_open);
  g_test_add_func ("/hostile/full-table", test_full_table);
  g_test_add_func ("/hostile/lies", test_lies);
  g_test_add_func ("/hostile/full-pending-list", test_full_pending_list);
  g_test_add_func ("/hostile/reassembly", test_reassembly);
  g_test_add_func ("/busy/backlog", test_backlog);
  g_test_add_func ("/busy/one-asks-too-much", test_one_asks_too_much);
  g_test_add_data_func ("/busy/told", GINT_TO_POINTER (DRT_SECURE_RESOLVE), test_told_busy);
  g_test_add_data_func ("/busy/told-in-confidence", GINT_TO_POINTER (DRT_SECURE_CONFIDENTIALPAYLOAD), test_told_busy);
  g_test_add_func ("/busy/next-hop", test_next_hop);
  g_test_add_func ("/busy/for-ever", test_busy_for_ever);
  g_test_add_func ("/hostile/forged-sign-of-life", test_forged_sign_of_life);
  g_test_add_func ("/reflection/payload", test_reflected_payload);
  g_test_add_func ("/reflection/inquire", test_reflected_inquire);
  return g_test_run ();
}
