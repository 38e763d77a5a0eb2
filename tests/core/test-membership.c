/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Members and others, in the modes in which that matters: what a proof covers, who
 * gets an answer, and what becomes of a message that comes a second time.  The
 * provider is a cheap one that binds (PROFILE-2.0.md 5, 7). */

#include "core-testing.h"
#include "member-provider.h"

#include <string.h>

#define N_MEMBERS 6

typedef struct
{
  VirtualMesh *mesh;
  MemberProvider *providers[N_MEMBERS];
  VirtualNode *nodes[N_MEMBERS];
  DrtKey keys[N_MEMBERS];
  GPtrArray *kept;               /* of GBytes: one message of each kind sent to the first node */
  GArray *senders;               /* of DrtEndpoint: of these */
  guint n_out;                   /* datagrams sent by the first node to @watched */
  DrtEndpoint watched;
  gboolean anybody;              /* … or to anybody */
} World;

static gboolean
keep_cb (VirtualMesh       *mesh,
         VirtualNode       *from,
         const DrtEndpoint *to,
         const guint8      *bytes,
         gsize              length,
         gpointer           data)
{
  World *world = data;

  if (from == world->nodes[0])
    world->n_out += world->anybody || drt_endpoint_equal (to, &world->watched);
  if (drt_endpoint_equal (to, &world->nodes[0]->endpoint) && !(bytes[7] == DRT_MESSAGE_REQUEST && length < 60))
    {
      g_ptr_array_add (world->kept, g_bytes_new (bytes, length));
      g_array_append_val (world->senders, from->endpoint);
    }
  return TRUE;
}

static void
world_init (World             *world,
            DRT_SECURITY_MODE  mode,
            gboolean           binds)
{
  *world = (World) { .mesh = virtual_mesh_new (5) };
  world->kept = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  world->senders = g_array_new (FALSE, FALSE, sizeof (DrtEndpoint));
  world->mesh->mode = mode;
  world->mesh->binds = binds;
  world->mesh->filter = keep_cb;
  world->mesh->filter_data = world;
  for (guint i = 0; i < N_MEMBERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("member %u", i);

      world->providers[i] = member_provider_new (name);
      world->nodes[i] = virtual_mesh_add_with (world->mesh, &world->providers[i]->table);
      world->keys[i] = core_small_key ((guint8) (0x10 + 0x28 * i));
    }
}

static void
world_open (World *world,
            guint  n)
{
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        virtual_node_knows (world->nodes[i], world->nodes[0]);
      virtual_node_open (world->nodes[i]);
      virtual_node_register (world->nodes[i], &world->keys[i], "a member's");
    }
  core_run (world->mesh, 30 * SECOND);
}

static void
world_clear (World *world)
{
  virtual_mesh_free (world->mesh);
  for (guint i = 0; i < N_MEMBERS; i++)
    member_provider_free (world->providers[i]);
  g_ptr_array_unref (world->kept);
  g_array_unref (world->senders);
}

/* A kept message of @type. */
static GBytes *
find_kept (World          *world,
           DrtMessageType  type,
           DrtEndpoint    *from)
{
  for (guint i = world->kept->len; i > 0; i--)
    {
      GBytes *bytes = g_ptr_array_index (world->kept, i - 1);

      if (((const guint8 *) g_bytes_get_data (bytes, NULL))[7] != type)
        continue;
      *from = g_array_index (world->senders, DrtEndpoint, i - 1);
      return g_bytes_ref (bytes);
    }
  return NULL;
}

/* The SOLICIT behind the REQUEST: sent again, it begins a conversation again. */
static const DrtMessageType proven[] = {
  DRT_MESSAGE_REQUEST, DRT_MESSAGE_SOLICIT, DRT_MESSAGE_FLOOD, DRT_MESSAGE_INQUIRE, DRT_MESSAGE_LOOKUP,
};

/* --- Members --- */

static void
check_mesh_works (DRT_SECURITY_MODE mode,
                  gboolean          binds)
{
  World world;

  world_init (&world, mode, binds);
  world_open (&world, N_MEMBERS);
  g_assert_true (virtual_mesh_leaves_right (world.mesh));
  for (guint i = 0; i < N_MEMBERS; i++)
    {
      VirtualSearch search;

      virtual_search_exact (world.nodes[i], &world.keys[(i + 3) % N_MEMBERS], &search);
      g_assert_cmpuint (search.n_found, ==, 1);
      g_assert_cmpstr (search.payload, ==, "a member's");
      virtual_search_clear (&search);
      g_assert_cmpuint (world.nodes[i]->node->counters.dropped[DRT_DROP_NO_MEMBER], ==, 0);
      g_assert_cmpuint (world.nodes[i]->node->counters.dropped[DRT_DROP_REPLAYED], ==, 0);
      g_assert_cmpuint (world.providers[i]->last_n_buffers, ==, binds ? 2 : 1);
      g_assert_cmpuint (world.providers[i]->last_mode, ==, binds ? mode : 0);
      g_assert_true ((drt_replay_get_size (&world.nodes[i]->node->replay) > 0) == binds);
    }
  world_clear (&world);
}

static void
test_members (void)
{
  check_mesh_works (DRT_SECURE_MEMBERSHIP, TRUE);
  check_mesh_works (DRT_SECURE_MEMBERSHIP, FALSE);
}

static void
test_confidential (void)
{
  check_mesh_works (DRT_SECURE_CONFIDENTIALPAYLOAD, TRUE);
  check_mesh_works (DRT_SECURE_CONFIDENTIALPAYLOAD, FALSE);
}

/* Each message with a proof is signed once and checked once, however often it is sent. */
static void
test_one_signature (void)
{
  World world;
  guint n_signed = 0, n_verified = 0, n_sent = 0;

  world_init (&world, DRT_SECURE_MEMBERSHIP, TRUE);
  world_open (&world, N_MEMBERS);
  for (guint i = 0; i < N_MEMBERS; i++)
    {
      const DrtCounters *counters = &world.nodes[i]->node->counters;

      for (guint j = 0; j < G_N_ELEMENTS (proven); j++)
        n_sent += (guint) counters->out_by_type[proven[j]];
      n_sent -= (guint) counters->retransmissions;
      n_signed += world.providers[i]->n_signed;
      n_verified += world.providers[i]->n_verified;
      /* The provider looks at the credential when it verifies, behind what is cheaper. */
      g_assert_cmpuint (world.providers[i]->n_credentials, ==, 0);
    }
  g_test_message ("%u messages with a proof: %u signatures, %u checks", n_sent, n_signed, n_verified);
  g_assert_cmpuint (n_signed, ==, n_sent);
  g_assert_cmpuint (n_verified, <=, n_sent);
  world_clear (&world);
}

/* --- What a proof covers --- */

/* Delivers @bytes to the first node; whether it acted upon them. */
static gboolean
acts_on (World             *world,
         const DrtEndpoint *from,
         const guint8      *bytes,
         gsize              length)
{
  DrtNode *node = world->nodes[0]->node;
  DrtDropReason dropped;

  world->n_out = 0;
  virtual_mesh_inject (world->mesh, from, world->nodes[0], bytes, length);
  dropped = node->dropped;
  if (dropped == DRT_DROP_NONE)
    return TRUE;
  g_assert_cmpuint (world->n_out, ==, 0);
  return FALSE;
}

/* Not one bit of the covered part can be changed, of any message; nor of the proof. */
static void
test_every_byte_is_covered (void)
{
  World world;

  world_init (&world, DRT_SECURE_MEMBERSHIP, TRUE);
  world.anybody = TRUE;
  world_open (&world, N_MEMBERS);
  for (guint i = 0; i < G_N_ELEMENTS (proven); i++)
    {
      DrtEndpoint from;
      g_autoptr (GBytes) bytes = find_kept (&world, proven[i], &from);
      gsize length;
      const guint8 *original = g_bytes_get_data (bytes, &length);
      g_autofree guint8 *changed = g_memdup2 (original, length);
      guint n_refused = 0;

      for (gsize at = 0; at < length; at++)
        {
          changed[at] = original[at] ^ 0x01;
          n_refused += !acts_on (&world, &from, changed, length);
          changed[at] = original[at];
        }
      g_test_message ("%s: %u of %" G_GSIZE_FORMAT " changed bytes refused", drt_message_type_to_string (proven[i]), n_refused, length);
      g_assert_cmpuint (n_refused, ==, length);
    }
  world_clear (&world);
}

/* --- Coming again --- */

static void
test_replay (void)
{
  World world;
  DrtEndpoint elsewhere;

  world_init (&world, DRT_SECURE_MEMBERSHIP, TRUE);
  g_assert_true (drt_endpoint_parse ("[2001:db8::66]:4000", &elsewhere));
  world.watched = elsewhere;
  world_open (&world, N_MEMBERS);
  for (guint i = 0; i < G_N_ELEMENTS (proven); i++)
    {
      DrtEndpoint from;
      g_autoptr (GBytes) bytes = find_kept (&world, proven[i], &from);
      guint64 n_replayed = world.nodes[0]->node->counters.dropped[DRT_DROP_REPLAYED];
      guint n_verified = world.providers[0]->n_verified;
      gsize length;
      const guint8 *data = g_bytes_get_data (bytes, &length);

      /* From where it came it is a retransmission; a REQUEST has had its ACK. */
      g_assert_true (acts_on (&world, &from, data, length) == (proven[i] != DRT_MESSAGE_REQUEST));
      g_assert_cmpuint (world.providers[0]->n_verified, ==, n_verified + (proven[i] != DRT_MESSAGE_REQUEST));
      if (proven[i] == DRT_MESSAGE_REQUEST)
        continue;
      /* From elsewhere it is none, and not even looked at. */
      n_verified = world.providers[0]->n_verified;
      for (guint times = 0; times < 3; times++)
        g_assert_false (acts_on (&world, &elsewhere, data, length));
      g_assert_cmpuint (world.nodes[0]->node->counters.dropped[DRT_DROP_REPLAYED], ==, n_replayed + 3);
      g_assert_cmpuint (world.providers[0]->n_verified, ==, n_verified);
    }
  g_assert_cmpuint (world.n_out, ==, 0);
  world_clear (&world);
}

/* What outsiders send does not push out what members sent. */
static void
test_memory_is_for_members (void)
{
  World world;
  DrtMessage message = { .type = DRT_MESSAGE_INQUIRE };
  DrtEndpoint elsewhere;
  guint8 bytes[512];
  guint size;

  world_init (&world, DRT_SECURE_MEMBERSHIP, TRUE);
  world_open (&world, 2);
  size = drt_replay_get_size (&world.nodes[0]->node->replay);
  g_assert_true (drt_endpoint_parse ("[2001:db8::66]:4000", &elsewhere));
  message.inquire.proof = (DrtWireProof) {
    .credential = { bytes, 24 }, .signature = { bytes, 32 }, .key_identifier = { bytes, 16 },
  };
  memset (bytes, 'm', sizeof bytes);
  for (guint i = 1; i <= 2000; i++)
    {
      guint8 out[512];
      gsize length = core_encode (&message, i, out, sizeof out);

      g_assert_false (acts_on (&world, &elsewhere, out, length));
    }
  g_assert_cmpuint (drt_replay_get_size (&world.nodes[0]->node->replay), ==, size);
  g_assert_cmpuint (world.nodes[0]->node->counters.dropped[DRT_DROP_NO_MEMBER], ==, 2000);
  world_clear (&world);
}

/* --- Sealing --- */

static guint64
count_inquires (World *world)
{
  guint64 n = 0;

  for (guint i = 0; i < N_MEMBERS; i++)
    n += world->nodes[i]->node->counters.out_by_type[DRT_MESSAGE_INQUIRE];
  return n;
}

static guint
search (World *world,
        guint  who,
        guint  whom)
{
  VirtualSearch search;
  guint n_found;

  virtual_search_exact (world->nodes[who], &world->keys[whom], &search);
  n_found = search.n_found;
  virtual_search_clear (&search);
  return n_found;
}

/* Once a credential is known nobody is asked for it: a search costs the one INQUIRE that
 * proves its match. */
static void
test_known_credential (void)
{
  World world;
  guint64 before;

  world_init (&world, DRT_SECURE_CONFIDENTIALPAYLOAD, TRUE);
  world_open (&world, N_MEMBERS);
  before = count_inquires (&world);
  for (guint i = 1; i < N_MEMBERS; i++)
    g_assert_cmpuint (search (&world, 0, i), ==, 1);
  g_assert_cmpuint (count_inquires (&world) - before, <=, N_MEMBERS - 1);

  /* Unknown, it is asked for once; then known again. */
  drt_credentials_clear (&world.nodes[0]->node->credentials);
  before = count_inquires (&world);
  g_assert_cmpuint (search (&world, 0, 1), ==, 1);
  g_assert_cmpuint (count_inquires (&world) - before, >=, 1);
  g_assert_cmpuint (drt_credentials_count (&world.nodes[0]->node->credentials), >, 0);
  world_clear (&world);
}

/* A hop that was only named: asked for its credential, then with a sealed LOOKUP.  The
 * last node knows nobody but the first, and searches step by step. */
static void
test_named_hop (void)
{
  World world;
  VirtualSearch search;
  DrtResolveQuery query = { .max_matches = 1, .timeout = 20 * SECOND, .iterative = TRUE };
  guint n_named = 0;

  world_init (&world, DRT_SECURE_CONFIDENTIALPAYLOAD, TRUE);
  world_open (&world, N_MEMBERS);
  for (guint i = 1; i < N_MEMBERS - 1; i++)
    drt_node_drop_entry (world.nodes[5]->node, world.mesh->now, &world.keys[i]);
  drt_credentials_clear (&world.nodes[5]->node->credentials);
  query.target = query.minimum = query.maximum = world.keys[2];
  virtual_search_run (world.nodes[5], &query, &search);
  g_assert_cmpuint (search.n_found, ==, 1);
  g_assert_cmpuint (search.n_intermediate, <=, search.n_hops);
  for (guint i = 0; i < search.n_hops; i++)
    {
      g_assert_cmpuint (search.hops[i].flags & DRT_ADDRESS_FLAG_UNREACHABLE, ==, 0);
      g_assert_cmpint (search.hops[i].latency, >=, 0);
      n_named += (search.hops[i].flags & DRT_ADDRESS_FLAG_INQUIRE) != 0;
    }
  g_assert_cmpuint (n_named, >=, 1);
  virtual_search_clear (&search);
  world_clear (&world);
}

/* One that has begun anew with another agreement key is found again, by resolves and by
 * FLOODs, and leaves no cache. */
static void
test_agreement_renewed (void)
{
  World world;
  guint64 n_silent;
  DrtKey fresh = core_small_key (0x15);

  world_init (&world, DRT_SECURE_CONFIDENTIALPAYLOAD, TRUE);
  world_open (&world, N_MEMBERS);
  member_provider_renew (world.providers[1]);
  n_silent = world.nodes[1]->node->counters.dropped[DRT_DROP_UNDECIPHERABLE];
  g_assert_cmpuint (search (&world, 0, 1), ==, 1);
  g_assert_cmpuint (search (&world, 0, 2), ==, 1);

  /* A leaf is flooded to it. */
  virtual_node_register (world.nodes[0], &fresh, "one more");
  core_run (world.mesh, 30 * SECOND);
  g_assert_cmpuint (world.nodes[1]->node->counters.dropped[DRT_DROP_UNDECIPHERABLE], >, n_silent);
  g_assert_nonnull (drt_cache_find (&world.nodes[0]->node->cache, &world.keys[1]));
  g_assert_nonnull (drt_cache_find (&world.nodes[1]->node->cache, &fresh));
  g_assert_true (virtual_mesh_leaves_right (world.mesh));

  /* Nothing more is sealed for the old one then. */
  n_silent = world.nodes[1]->node->counters.dropped[DRT_DROP_UNDECIPHERABLE];
  for (guint i = 0; i < N_MEMBERS; i++)
    if (i != 1)
      g_assert_cmpuint (search (&world, i, 1), ==, 1);
  core_run (world.mesh, 30 * SECOND);
  g_assert_cmpuint (world.nodes[1]->node->counters.dropped[DRT_DROP_UNDECIPHERABLE], <=, n_silent + N_MEMBERS);
  world_clear (&world);
}

/* A FLOOD alone finds out, and the entry stays all the while. */
static void
test_agreement_renewed_before_flood (void)
{
  World world;
  DrtKey fresh = core_small_key (0x15);
  gint64 added;

  world_init (&world, DRT_SECURE_CONFIDENTIALPAYLOAD, TRUE);
  world_open (&world, 2);
  added = drt_cache_find (&world.nodes[0]->node->cache, &world.keys[1])->added;
  member_provider_renew (world.providers[1]);
  virtual_node_register (world.nodes[0], &fresh, "one more");
  drt_node_unregister (world.nodes[0]->node, world.mesh->now, &fresh);   /* a revoke */
  core_run (world.mesh, 8 * SECOND);
  g_assert_nonnull (drt_cache_find (&world.nodes[0]->node->cache, &world.keys[1]));
  g_assert_cmpint (drt_cache_find (&world.nodes[0]->node->cache, &world.keys[1])->added, ==, added);
  world_clear (&world);
}

/* The only one who knows the way has begun anew: asked again before he is given up. */
static void
test_agreement_renewed_on_the_way (void)
{
  World world;
  gint64 begun;

  world_init (&world, DRT_SECURE_CONFIDENTIALPAYLOAD, TRUE);
  world_open (&world, 3);
  drt_node_drop_entry (world.nodes[0]->node, world.mesh->now, &world.keys[2]);
  member_provider_renew (world.providers[1]);
  begun = world.mesh->now;
  g_assert_cmpuint (search (&world, 0, 2), ==, 1);
  g_test_message ("found after %.2f s", (double) (world.mesh->now - begun) / SECOND);
  g_assert_cmpint (world.mesh->now - begun, <, 3 * SECOND / 2);
  world_clear (&world);
}

/* Who leaves asks for the credential it needs to say so. */
static void
test_farewell (void)
{
  World world;
  gint64 begun;

  world_init (&world, DRT_SECURE_CONFIDENTIALPAYLOAD, TRUE);
  world_open (&world, 3);
  drt_credentials_clear (&world.nodes[1]->node->credentials);
  begun = world.mesh->now;
  drt_node_close (world.nodes[1]->node, world.mesh->now);
  g_assert_false (drt_node_is_closed (world.nodes[1]->node));
  core_run (world.mesh, SECOND / 2);
  g_assert_true (drt_node_is_closed (world.nodes[1]->node));
  g_assert_cmpint (world.mesh->now - begun, <=, SECOND);
  g_assert_null (drt_cache_find (&world.nodes[0]->node->cache, &world.keys[1]));
  g_assert_null (drt_cache_find (&world.nodes[2]->node->cache, &world.keys[1]));
  world.nodes[1]->dead = TRUE;
  world_clear (&world);
}

/* --- Long ones --- */

/* Chains of several authorities: a REQUEST and an AUTHORITY that take several datagrams. */
static void
check_long_credentials (DRT_SECURITY_MODE mode,
                        double            loss)
{
  World world;
  guint64 n_requests = 0, n_authorities = 0;

  world_init (&world, mode, TRUE);
  world.mesh->loss = loss;
  for (guint i = 0; i < N_MEMBERS; i++)
    world.providers[i]->credential_size = 3000;
  world_open (&world, N_MEMBERS);
  core_run (world.mesh, 60 * SECOND);
  g_assert_true (virtual_mesh_leaves_right (world.mesh));
  for (guint i = 0; i < N_MEMBERS; i++)
    {
      g_assert_cmpuint (search (&world, i, (i + 2) % N_MEMBERS), ==, 1);
      n_requests += world.nodes[i]->node->counters.out_by_type[DRT_MESSAGE_REQUEST];
      n_authorities += world.nodes[i]->node->counters.out_by_type[DRT_MESSAGE_AUTHORITY];
      g_assert_cmpuint (world.nodes[i]->node->counters.dropped[DRT_DROP_BAD_FRAGMENT], ==, 0);
    }
  g_test_message ("%" G_GUINT64_FORMAT " datagrams of REQUESTs, %" G_GUINT64_FORMAT " of AUTHORITYs", n_requests, n_authorities);
  g_assert_cmpuint (n_requests, >=, 3 * (N_MEMBERS - 1));
  world_clear (&world);
}

static void
test_long_credentials (void)
{
  check_long_credentials (DRT_SECURE_MEMBERSHIP, 0);
  check_long_credentials (DRT_SECURE_CONFIDENTIALPAYLOAD, 0);
  check_long_credentials (DRT_SECURE_CONFIDENTIALPAYLOAD, 0.05);
}

/* --- Others --- */

/* A node that does not know the word gets nowhere, and finds out nothing. */
static void
check_outsider (DRT_SECURITY_MODE mode)
{
  World world;

  world_init (&world, mode, TRUE);
  world.watched = world.nodes[5]->endpoint;
  world.providers[5]->outsider = TRUE;
  world_open (&world, 5);
  virtual_node_knows (world.nodes[5], world.nodes[0]);
  virtual_node_open (world.nodes[5]);
  virtual_node_register (world.nodes[5], &world.keys[5], "an outsider's");
  core_run (world.mesh, 60 * SECOND);
  g_assert_cmpint (world.nodes[5]->status, ==, DRT_ALONE);
  g_assert_cmpuint (world.nodes[5]->node->counters.messages_in, ==, 0);
  g_assert_cmpuint (world.nodes[0]->node->counters.dropped[DRT_DROP_NO_MEMBER], >, 0);
  world_clear (&world);
}

/* Who has come by the address of a member that is gone and says he is there, without
 * showing that the key is his, is soon taken for gone as well. */
static void
test_squatter (void)
{
  World world;
  DrtAuthorityBuffer here = { 0 };
  guint n_lies = 0;

  world_init (&world, DRT_SECURE_MEMBERSHIP, TRUE);
  world_open (&world, 2);
  g_assert_nonnull (drt_cache_find (&world.nodes[0]->node->cache, &world.keys[1]));
  virtual_node_kill (world.nodes[1]);
  for (guint i = 0; i < 600 && drt_cache_find (&world.nodes[0]->node->cache, &world.keys[1]) != NULL; i++)
    {
      core_run (world.mesh, SECOND / 5);
      for (guint j = 0; j < world.nodes[0]->node->pending.by_id->len; j++)
        {
          const DrtPending *request = g_ptr_array_index (world.nodes[0]->node->pending.by_id, j);

          if (request->kind != DRT_PENDING_INQUIRE_CACHED)
            continue;
          core_answer_last (world.mesh, world.nodes[0], &world.nodes[1]->endpoint, &here);
          n_lies++;
          break;
        }
    }
  g_assert_cmpuint (n_lies, >, 0);
  g_assert_null (drt_cache_find (&world.nodes[0]->node->cache, &world.keys[1]));
  g_assert_cmpuint (world.nodes[0]->node->counters.dropped[DRT_DROP_INVALID_CPA], >, 0);
  world_clear (&world);
}

static void
test_outsider (void)
{
  check_outsider (DRT_SECURE_MEMBERSHIP);
  check_outsider (DRT_SECURE_CONFIDENTIALPAYLOAD);
}

/* The specification has no proof in SOLICIT and FLOOD: with its layout an outsider
 * gets an ADVERTISE, which names keys, and an ACK, which says whether one is there. */
static void
test_specification_is_open (void)
{
  World world;
  DrtMessage solicit = { .type = DRT_MESSAGE_SOLICIT };
  guint8 bytes[256];
  gsize length;

  world_init (&world, DRT_SECURE_MEMBERSHIP, FALSE);
  world_open (&world, 3);
  g_assert_true (drt_endpoint_parse ("[2001:db8::66]:4000", &world.watched));
  length = core_encode (&solicit, 7, bytes, sizeof bytes);
  g_assert_true (acts_on (&world, &world.watched, bytes, length));
  g_assert_cmpuint (world.n_out, ==, 1);
  world_clear (&world);
}

/* Under a flood of questions a node says B to strangers, but not where it answers no
 * stranger; to who is in its cache in any case. */
static void
check_busy (gboolean binds)
{
  World world;
  DrtMessage message = { .type = DRT_MESSAGE_INQUIRE };
  guint8 bytes[256];

  world_init (&world, DRT_SECURE_MEMBERSHIP, binds);
  world_open (&world, 3);
  g_assert_true (drt_endpoint_parse ("[2001:db8::66]:4000", &world.watched));
  for (guint who = 0; who < 2; who++)
    {
      DrtEndpoint from = who == 0 ? world.watched : world.nodes[1]->endpoint;

      world.watched = from;
      world.n_out = 0;
      for (guint i = 1; i <= 4500; i++)
        {
          gsize length = core_encode (&message, i, bytes, sizeof bytes);

          virtual_mesh_inject (world.mesh, &from, world.nodes[0], bytes, length);
        }
      g_assert_true (world.nodes[0]->node->busy);
      g_assert_true ((world.n_out > 0) == (!binds || who == 1));
      core_run (world.mesh, 5 * SECOND);
    }
  world_clear (&world);
}

static void
test_busy (void)
{
  check_busy (TRUE);
  check_busy (FALSE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/membership/members", test_members);
  g_test_add_func ("/membership/confidential", test_confidential);
  g_test_add_func ("/membership/known-credential", test_known_credential);
  g_test_add_func ("/membership/named-hop", test_named_hop);
  g_test_add_func ("/membership/agreement-renewed", test_agreement_renewed);
  g_test_add_func ("/membership/agreement-renewed/flood", test_agreement_renewed_before_flood);
  g_test_add_func ("/membership/agreement-renewed/way", test_agreement_renewed_on_the_way);
  g_test_add_func ("/membership/farewell", test_farewell);
  g_test_add_func ("/membership/long-credentials", test_long_credentials);
  g_test_add_func ("/membership/one-signature", test_one_signature);
  g_test_add_func ("/membership/every-byte-is-covered", test_every_byte_is_covered);
  g_test_add_func ("/membership/replay", test_replay);
  g_test_add_func ("/membership/memory-is-for-members", test_memory_is_for_members);
  g_test_add_func ("/membership/outsider", test_outsider);
  g_test_add_func ("/membership/busy", test_busy);
  g_test_add_func ("/membership/squatter", test_squatter);
  g_test_add_func ("/membership/specification-is-open", test_specification_is_open);
  return g_test_run ();
}
