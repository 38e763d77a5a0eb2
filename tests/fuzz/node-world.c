/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "node-world.h"

#include <string.h>

#define MAX_PACKETS_PER_STEP 4096
#define MAX_IDLE_TURNS       256
#define LEAVING_TIME         (2 * G_USEC_PER_SEC)

/* A leaf as it was reported. */
typedef struct
{
  DrtKey local;
  DrtKey remote;
} LeafPair;

static guint
leaf_pair_hash (gconstpointer pair)
{
  const LeafPair *self = pair;

  return drt_key_hash (&self->local) * 31 + drt_key_hash (&self->remote);
}

static gboolean
leaf_pair_equal (gconstpointer a,
                 gconstpointer b)
{
  return memcmp (a, b, sizeof (LeafPair)) == 0;
}

/* --- What there is in the world --- */

/* Eight peers to a network. */
void
world_peer (guint        i,
            DrtEndpoint *endpoint)
{
  *endpoint = (DrtEndpoint) {
    .address.s6_addr = { 0x20, 0x01, 0x0d, 0xb8, [7] = (guint8) (i / 8), [15] = (guint8) (i + 1) },
    .port = 3540,
  };
}

void
world_endpoint (World       *world,
                DrtEndpoint *endpoint)
{
  static const guint8 odd[][16] = {
    { [15] = 1 },                                  /* loopback */
    { 0xfe, 0x80, [15] = 9 },
    { 0xff, 0x02, [15] = 1 },
    { [10] = 0xff, [11] = 0xff, [12] = 192 },      /* mapped IPv4 */
    { 0 },
  };
  guint choice = fuzz_u8 (world->input);

  if (choice < 200)
    {
      world_peer (choice % WORLD_PEERS, endpoint);
    }
  else if (choice < 220)
    {
      world_peer (choice % 8, endpoint);
      endpoint->port = (guint16) (choice * 300);
    }
  else if (choice < 235 && world->node->n_locals > 0)
    {
      *endpoint = world->node->locals[choice % world->node->n_locals];
    }
  else
    {
      memcpy (&endpoint->address, odd[choice % G_N_ELEMENTS (odd)], 16);
      endpoint->port = choice % 2 == 0 ? 3540 : (guint16) (choice * 10);
    }
}

/* The number is the most significant bits: 65536 keys around the ring. */
void
world_number_key (guint   number,
                  DrtKey *key)
{
  *key = (DrtKey) { .b[31] = (guint8) (number >> 8), .b[30] = (guint8) number };
}

void
world_key (World  *world,
           DrtKey *key)
{
  guint choice = fuzz_u8 (world->input);

  world_number_key (choice * 257, key);
  if (choice < 160)
    return;
  if (choice < 200)
    world_number_key (fuzz_u16 (world->input), key);
  else if (choice < 230 && world->node->keys->len > 0)
    *key = drt_keys_get (world->node, choice % world->node->keys->len)->key;
  else if (choice < 250 && drt_cache_get_size (&world->node->cache) > 0)
    *key = drt_cache_get (&world->node->cache, choice % drt_cache_get_size (&world->node->cache))->key;
  if (choice % 5 == 0)
    drt_key_increment (key);
  if (choice == 255)
    *key = (DrtKey) { 0 };
}

/* --- The host --- */

static void
host_send (gpointer           host,
           const DrtEndpoint *to,
           const guint8      *bytes,
           gsize              length)
{
  World *world = host;
  WorldDatagram *datagram = g_new (WorldDatagram, 1);
  DrtMessage message;

  fuzz_check (world->inside && !world->faulted && (!world->closed || !drt_node_is_closed (world->node)));
  fuzz_check (length > 0 && length <= DRT_MESSAGE_MAX);
  fuzz_check (++world->n_sent < MAX_PACKETS_PER_STEP);
  fuzz_check (drt_message_decode (bytes, length, &message) == DRT_DECODE_OK);
  fuzz_check (to->port >= DRT_MIN_PORT);
  datagram->to = *to;
  datagram->bytes = g_bytes_new (bytes, length);
  g_queue_push_head (&world->sent, datagram);
}

static void
host_random (gpointer  host,
             guint8   *bytes,
             gsize     length)
{
  World *world = host;

  for (gsize i = 0; i < length; i++)
    {
      world->random = world->random * G_GUINT64_CONSTANT (6364136223846793005) + G_GUINT64_CONSTANT (1442695040888963407);
      bytes[i] = (guint8) (world->random >> 56);
    }
}

static void
host_bootstrap (gpointer host,
                gboolean split_detection)
{
  World *world = host;

  fuzz_check (world->inside && !world->closed && !world->faulted);
  world->bootstrap_wanted = TRUE;
}

static void
host_status_changed (gpointer           host,
                     DRT_STATUS         status,
                     HRESULT            hr,
                     const DrtEndpoint *bootstrap,
                     guint              n_bootstrap)
{
  World *world = host;

  fuzz_check (world->inside && !world->closed && !world->faulted);
  /* A network may go again before anything is known in it. */
  fuzz_check (world->n_statuses == 0 || status != world->status || status == DRT_NO_NETWORK);
  fuzz_check ((status == DRT_FAULTED) == FAILED (hr));
  fuzz_check (n_bootstrap == 0 || (status == DRT_ALONE && bootstrap != NULL));
  world->n_statuses++;
  world->status = status;
  if (status == DRT_FAULTED)
    world->faulted = TRUE;
}

static void
host_leaf_changed (gpointer      host,
                   const DrtKey *local,
                   const DrtKey *remote,
                   gboolean      added)
{
  World *world = host;
  LeafPair pair = { *local, *remote };

  fuzz_check (world->inside && !world->closed);
  if (added)
    fuzz_check (g_hash_table_add (world->leaves, g_memdup2 (&pair, sizeof pair)));
  else
    fuzz_check (g_hash_table_remove (world->leaves, &pair));
}

static void
host_key_unresolvable (gpointer      host,
                       const DrtKey *local)
{
  World *world = host;

  fuzz_check (world->inside && !world->closed && !world->faulted && drt_keys_find (world->node, local) != NULL);
}

static void
host_observe_status (gpointer                 host,
                     const DrtObservedStatus *status)
{
  fuzz_check (((World *) host)->node->observed);
}

static void
host_observe_entry (gpointer                host,
                    DrtObservedChange       change,
                    const DrtObservedEntry *entry)
{
  fuzz_check (((World *) host)->node->observed && entry->n_addresses > 0);
}

static void
host_observe_key (gpointer              host,
                  DrtObservedChange     change,
                  const DrtObservedKey *key)
{
  fuzz_check (((World *) host)->node->observed);
}

static void
host_observe_event (gpointer                host,
                    const DrtObservedEvent *event)
{
  fuzz_check (((World *) host)->node->observed);
}

static void
host_observe_lookup (gpointer                 host,
                     const DrtObservedLookup *lookup)
{
  fuzz_check (((World *) host)->node->observed);
}

static void
host_observe_message (gpointer                  host,
                      const DrtObservedMessage *message)
{
  fuzz_check (((World *) host)->node->observed);
}

static const DrtNodeHost world_host = {
  .send = host_send,
  .random = host_random,
  .bootstrap = host_bootstrap,
  .status_changed = host_status_changed,
  .leaf_changed = host_leaf_changed,
  .key_unresolvable = host_key_unresolvable,
  .observe_status = host_observe_status,
  .observe_entry = host_observe_entry,
  .observe_key = host_observe_key,
  .observe_event = host_observe_event,
  .observe_lookup = host_observe_lookup,
  .observe_message = host_observe_message,
};

static HRESULT
provider_fails (gpointer    data,
                const char *function)
{
  World *world = data;

  if (!world->inside || world->fail_count == 0)
    return S_OK;
  if (world->fail_after > 0)
    {
      world->fail_after--;
      return S_OK;
    }
  world->fail_count--;
  return world->fail_with;
}

/* --- What must be --- */

static void
check_keys (const World *world)
{
  DrtNode *node = world->node;
  guint n_leaves = 0;

  for (guint i = 0; i < node->keys->len; i++)
    {
      const DrtLocalKey *local = drt_keys_get (node, i);
      DrtLeafSet expected = { 0 };

      fuzz_check (i == 0 || drt_key_compare (&drt_keys_get (node, i - 1)->key, &local->key) < 0);
      fuzz_check (drt_cache_find (&node->cache, &local->key) == NULL);
      drt_leaf_set_update (&expected, &node->cache, &local->key);
      fuzz_check (expected.n_above == local->leaves.n_above && expected.n_below == local->leaves.n_below);
      fuzz_check (memcmp (expected.above, local->leaves.above, expected.n_above * sizeof (DrtKey)) == 0);
      fuzz_check (memcmp (expected.below, local->leaves.below, expected.n_below * sizeof (DrtKey)) == 0);
      for (guint j = 0; j < expected.n_above; j++)
        fuzz_check (g_hash_table_contains (world->leaves, &((LeafPair) { local->key, expected.above[j] })));
      for (guint j = 0; j < expected.n_below; j++)
        fuzz_check (g_hash_table_contains (world->leaves, &((LeafPair) { local->key, expected.below[j] })));
      n_leaves += expected.n_above + expected.n_below;
    }
  fuzz_check (g_hash_table_size (world->leaves) == n_leaves);
}

static void
check_cache (const World *world)
{
  const DrtCache *cache = &world->node->cache;
  guint size = drt_cache_get_size (cache);

  fuzz_check (size <= DRT_CACHE_SIZE + 2 * DRT_LEAF_SET_SIDE * world->node->keys->len);
  for (guint i = 0; i < size; i++)
    {
      const DrtEntry *entry = drt_cache_get (cache, i);

      fuzz_check (i == 0 || drt_key_compare (&drt_cache_get (cache, i - 1)->key, &entry->key) < 0);
      fuzz_check (entry->n_addresses >= 1 && entry->n_addresses <= DRT_MAX_ENTRY_ADDRESSES);
      fuzz_check (drt_cache_find (cache, &entry->key) == entry);
    }
}

static void
check_lists (const World *world)
{
  const DrtNode *node = world->node;
  guint n_pending = node->pending.by_id->len;

  fuzz_check (n_pending <= DRT_PENDING_MAX && node->pending.by_deadline->len == n_pending);
  for (guint i = 0; i < n_pending; i++)
    {
      const DrtPending *request = g_ptr_array_index (node->pending.by_id, i);
      const DrtPending *placed = g_ptr_array_index (node->pending.by_deadline, i);

      fuzz_check (request->id != 0 && drt_pending_list_find (&node->pending, request->id) == request);
      fuzz_check (request->datagrams->len > 0);
      fuzz_check (placed->place == i && drt_pending_list_deadline (&node->pending) <= placed->deadline);
      fuzz_check (request->owner == NULL || g_ptr_array_find (node->resolves, request->owner, NULL));
    }
  fuzz_check (node->conversations->len <= 512 && node->validations->len <= 256);
  fuzz_check (node->reassembly.states->len <= DRT_REASSEMBLY_MAX);
  fuzz_check (node->bootstrap_found->len <= DRT_SYNC_MAX);
  fuzz_check (node->syncs->len <= n_pending);
}

/* Around every call on the node. */
void
world_enter (World *world)
{
  world->inside = TRUE;
  world->n_sent = 0;
}

void
world_leave (World *world)
{
  world->inside = FALSE;
  while (world->sent.length > WORLD_REMEMBER)
    {
      WorldDatagram *datagram = g_queue_pop_tail (&world->sent);

      g_bytes_unref (datagram->bytes);
      g_free (datagram);
    }
  fuzz_check (world->provider.n_blocks == 0);
  if (!world->closed)
    {
      check_keys (world);
      check_cache (world);
    }
  if (!world->closed && !world->faulted)
    check_lists (world);
}

/* What is due is done, and then nothing is: a host would turn for ever. */
void
world_settle (World *world)
{
  guint n_turns = 0;

  do
    {
      fuzz_check (n_turns++ < MAX_IDLE_TURNS);
      world_enter (world);
      drt_node_advance (world->node, world->now);
      world_leave (world);
    }
  while (drt_node_next_deadline (world->node) <= world->now);
}

/* Leaves.  There is time for it, or none. */
void
world_close (World *world)
{
  gint64 end = world->now + LEAVING_TIME;

  if (world->closed)
    return;
  world_enter (world);
  drt_node_close (world->node, world->now);
  world->closed = TRUE;
  world_leave (world);
  world_settle (world);
  fuzz_check (world->resolves->len == 0);
  if (fuzz_flip (world->input))
    {
      world_enter (world);
      drt_node_hurry (world->node, world->now);
      world_leave (world);
      fuzz_check (drt_node_is_closed (world->node));
    }
  while (!drt_node_is_closed (world->node))
    {
      world_mail_answer (world, fuzz_below (world->input, WORLD_REMEMBER), FALSE);
      if (drt_node_is_closed (world->node))
        break;
      world->now = MAX (MIN (drt_node_next_deadline (world->node), end + 1), world->now);
      fuzz_check (world->now <= end);
      world_settle (world);
    }
  fuzz_check (drt_node_next_deadline (world->node) == G_MAXINT64);
}

/* --- Life --- */

World *
world_new (FuzzInput *input)
{
  World *world = g_new0 (World, 1);
  DrtNodeSettings settings = { .protocol_major = 6, .protocol_minor = 1 };
  guint8 dress = fuzz_u8 (input);
  guint mode;

  world->input = input;
  world->now = G_USEC_PER_SEC;
  world->random = fuzz_u8 (input);
  mode = fuzz_below (input, 5);
  world->mode = mode < 3 ? mode : mode - 2;
  settings.binds = mode >= 3;
  fuzz_check (odd_provider_init (&world->provider, provider_fails, world) == S_OK);
  /* Most blobs are small; some fill several datagrams, or too many. */
  world->provider.dress = dress < 128 ? 0 : dress < 240 ? dress - 127u : (dress - 239u) * 4000;
  fuzz_check (world->provider.table.Attach (world->provider.table.pvContext) == S_OK);
  settings.max_addresses = 1 + fuzz_below (input, DRT_MAX_ENTRY_ADDRESSES);
  settings.mode = world->mode;
  settings.security = &world->provider.table;
  g_queue_init (&world->sent);
  world->leaves = g_hash_table_new_full (leaf_pair_hash, leaf_pair_equal, g_free, NULL);
  world->resolves = g_ptr_array_new ();
  world->node = drt_node_new (&settings, &world_host, world);
  return world;
}

void
world_free (World *world)
{
  WorldDatagram *datagram;

  drt_node_free (world->node);
  fuzz_check (world->resolves->len == 0);
  world->provider.table.Detach (world->provider.table.pvContext);
  odd_provider_clear (&world->provider);
  while ((datagram = g_queue_pop_head (&world->sent)) != NULL)
    {
      g_bytes_unref (datagram->bytes);
      g_free (datagram);
    }
  g_hash_table_unref (world->leaves);
  g_ptr_array_unref (world->resolves);
  g_free (world);
}
