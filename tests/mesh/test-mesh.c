/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "mesh-node.h"
#include "mesh-search.h"

/*
 * Real nodes on [::1], through the public headers alone: their sockets, their
 * clock, one main context.  Every wait is for a condition that an event brings
 * about, and ends in failure at a deadline far beyond what it takes.
 */

#define N_NODES            32
#define N_BOOTSTRAP        3
#define JOIN_DEADLINE      60                 /* seconds */
#define MAINTENANCE_PERIOD 15                 /* seconds, [MC-DRT] §3.1.2 */
/* A leaf's death is noticed within two periods by each of the leaf sets it is in. */
#define DEATH_DEADLINE     (2 * MAINTENANCE_PERIOD * 2 * DRT_LEAF_SET_SIDE)

typedef struct
{
  DRT_SECURITY_MODE mode;
  GPtrArray *nodes;          /* MeshNode */
  GArray *keys;              /* DrtKey: all there are, also those of other processes; sorted */
} Mesh;

/* The one of N_NODES, made by the first test and kept for the others. */
static Mesh *big_mesh;

/* Of the seed of the run.  g_test_rand_int() itself begins anew with each test
 * and would give the keys of one test again in the next. */
static GRand *chance;

/* ---- Waiting ------------------------------------------------------------ */

typedef gboolean (*Condition) (gpointer data);

static gboolean
deadline_cb (gpointer data)
{
  gboolean *passed = data;

  *passed = TRUE;
  return G_SOURCE_REMOVE;
}

/* Runs the main context until @condition holds; FALSE at the deadline. */
static gboolean
wait_for (Condition condition,
          gpointer  data,
          guint     seconds)
{
  gboolean passed = FALSE;
  guint source = g_timeout_add_seconds (seconds, deadline_cb, &passed);

  while (!passed && !condition (data))
    g_main_context_iteration (NULL, TRUE);
  if (!passed)
    g_source_remove (source);
  return condition (data);
}

/* ---- Keys --------------------------------------------------------------- */

static void
random_key (DrtKey *key)
{
  for (guint i = 0; i < DRT_KEY_SIZE; i += 4)
    {
      guint32 word = g_rand_int (chance);

      memcpy (key->b + i, &word, sizeof word);
    }
}

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  return drt_key_compare (a, b);
}

static void
mesh_add_key (Mesh         *mesh,
              const DrtKey *key)
{
  g_array_append_val (mesh->keys, *key);
  g_array_sort (mesh->keys, compare_keys);
}

static guint
mesh_find_key (const Mesh   *mesh,
               const DrtKey *key)
{
  for (guint i = 0; i < mesh->keys->len; i++)
    if (drt_key_equal (&g_array_index (mesh->keys, DrtKey, i), key))
      return i;
  g_assert_not_reached ();
}

static void
mesh_remove_key (Mesh         *mesh,
                 const DrtKey *key)
{
  g_array_remove_index (mesh->keys, mesh_find_key (mesh, key));
}

/* ---- The leaf rule ------------------------------------------------------ */

/* What the sorted list says of the leaf set of its @index-th key.  With fewer than
 * ten others the ring is cut opposite the key: the first half of the way round,
 * rounded up, is above. */
static void
expect_leaves (const Mesh     *mesh,
               guint           index,
               DrtObservedKey *leaves)
{
  const guint n = mesh->keys->len;
  const guint n_others = n - 1;

  leaves->n_above = MIN (DRT_LEAF_SET_SIDE, (n_others + 1) / 2);
  leaves->n_below = MIN (DRT_LEAF_SET_SIDE, n_others / 2);
  for (guint i = 0; i < leaves->n_above; i++)
    leaves->above[i] = g_array_index (mesh->keys, DrtKey, (index + 1 + i) % n);
  for (guint i = 0; i < leaves->n_below; i++)
    leaves->below[i] = g_array_index (mesh->keys, DrtKey, (index + n - 1 - i) % n);
}

static gboolean
sides_equal (const DrtKey *a,
             guint         n_a,
             const DrtKey *b,
             guint         n_b)
{
  if (n_a != n_b)
    return FALSE;
  for (guint i = 0; i < n_a; i++)
    if (!drt_key_equal (&a[i], &b[i]))
      return FALSE;
  return TRUE;
}

static gboolean
leaves_are_right (const Mesh     *mesh,
                  const MeshNode *node)
{
  DrtObservedKey expected;

  if (node->registration == NULL)
    return TRUE;
  expect_leaves (mesh, mesh_find_key (mesh, &node->key), &expected);
  return sides_equal (node->leaves.above, node->leaves.n_above, expected.above, expected.n_above)
         && sides_equal (node->leaves.below, node->leaves.n_below, expected.below, expected.n_below);
}

static void
print_side (const char   *name,
            const DrtKey *keys,
            guint         n_keys)
{
  g_autoptr (GString) line = g_string_new (name);

  for (guint i = 0; i < n_keys; i++)
    {
      char text[DRT_KEY_HEX_LENGTH + 1];

      drt_key_format (&keys[i], text);
      g_string_append_printf (line, " %.6s", text);
    }
  g_test_message ("%s", line->str);
}

/* What a failed wait for leaf sets leaves to be read. */
static void
print_wrong_leaves (const Mesh *mesh)
{
  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      const MeshNode *node = mesh->nodes->pdata[i];
      DrtObservedKey expected;
      char text[DRT_KEY_HEX_LENGTH + 1];

      if (leaves_are_right (mesh, node))
        continue;
      drt_key_format (&node->key, text);
      expect_leaves (mesh, mesh_find_key (mesh, &node->key), &expected);
      g_test_message ("node %u, key %.6s, %u cached:", i, text, g_hash_table_size (node->cache));
      print_side ("  below   ", node->leaves.below, node->leaves.n_below);
      print_side ("  expected", expected.below, expected.n_below);
      print_side ("  above   ", node->leaves.above, node->leaves.n_above);
      print_side ("  expected", expected.above, expected.n_above);
    }
}

/* ---- Conditions --------------------------------------------------------- */

static gboolean
all_active (gpointer data)
{
  const Mesh *mesh = data;

  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      const MeshNode *node = mesh->nodes->pdata[i];

      if (!node->has_status || node->status != DRT_ACTIVE)
        return FALSE;
    }
  return TRUE;
}

static gboolean
all_leaves_right (gpointer data)
{
  const Mesh *mesh = data;

  for (guint i = 0; i < mesh->nodes->len; i++)
    if (!leaves_are_right (mesh, mesh->nodes->pdata[i]))
      return FALSE;
  return TRUE;
}

typedef struct
{
  const Mesh *mesh;
  DrtKey key;
} Absence;

static gboolean
nowhere_cached (gpointer data)
{
  const Absence *absence = data;

  for (guint i = 0; i < absence->mesh->nodes->len; i++)
    {
      const MeshNode *node = absence->mesh->nodes->pdata[i];

      if (g_hash_table_contains (node->cache, &absence->key))
        return FALSE;
    }
  return TRUE;
}

static gboolean
search_ended (gpointer data)
{
  const MeshSearch *search = data;

  return search->ended;
}

static void
assert_leaves_right (Mesh  *mesh,
                     guint  seconds)
{
  gint64 begin = g_get_monotonic_time ();

  if (!wait_for (all_leaves_right, mesh, seconds))
    {
      print_wrong_leaves (mesh);
      g_test_fail_printf ("leaf sets are wrong after %u s", seconds);
      return;
    }
  g_test_message ("leaf sets are right after %.3f ms", (g_get_monotonic_time () - begin) / 1e3);
}

/* ---- Meshes ------------------------------------------------------------- */

static void
mesh_add_node (Mesh *mesh)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) bootstrap = NULL;
  g_autofree char *text = g_strdup_printf ("payload of node %u ✓", mesh->nodes->len);
  g_autoptr (GBytes) payload = g_bytes_new (text, strlen (text) + 1);   /* with its NUL: any byte must pass */
  DrtKey key;

  for (guint i = 0; i < N_BOOTSTRAP && mesh->nodes->len > 0; i++)
    {
      const MeshNode *other = mesh->nodes->pdata[g_rand_int_range (chance, 0, mesh->nodes->len)];

      g_strv_builder_take (builder, g_strdup_printf ("[::1]:%u", other->port));
    }
  bootstrap = g_strv_builder_end (builder);

  random_key (&key);
  mesh_add_key (mesh, &key);
  g_ptr_array_add (mesh->nodes, mesh_node_new (mesh->mode, &key, payload, (const char *const *) bootstrap));
}

static Mesh *
mesh_new (guint             n_nodes,
          DRT_SECURITY_MODE mode)
{
  Mesh *mesh = g_new0 (Mesh, 1);

  mesh->mode = mode;
  mesh->nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) mesh_node_free);
  mesh->keys = g_array_new (FALSE, FALSE, sizeof (DrtKey));
  for (guint i = 0; i < n_nodes; i++)
    mesh_add_node (mesh);
  return mesh;
}

static void
mesh_free (Mesh *mesh)
{
  g_ptr_array_unref (mesh->nodes);
  g_array_unref (mesh->keys);
  g_free (mesh);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mesh, mesh_free)

static Mesh *
get_big_mesh (void)
{
  if (big_mesh == NULL)
    big_mesh = mesh_new (N_NODES, DRT_SECURE_RESOLVE);
  g_assert_true (wait_for (all_active, big_mesh, JOIN_DEADLINE));
  return big_mesh;
}

/* ---- Searches ----------------------------------------------------------- */

static void
assert_found (MeshSearch     *search,
              const MeshNode *publisher)
{
  g_assert_true (wait_for (search_ended, search, JOIN_DEADLINE));
  g_assert_cmpuint (search->n_results, ==, 1);
  g_assert_cmphex ((guint32) search->end, ==, (guint32) DRT_E_NO_MORE);
  g_assert_true (drt_key_equal (&search->key, &publisher->key));
  g_assert_true (g_bytes_equal (search->payload, publisher->payload));
  g_assert_cmpuint (search->n_asked, >=, 1);
}

/* Every key but its own, all at once. */
static void
search_all_from (const Mesh *mesh,
                 MeshNode   *node)
{
  g_autoptr (GPtrArray) searches = g_ptr_array_new_with_free_func ((GDestroyNotify) mesh_search_free);

  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      const MeshNode *publisher = mesh->nodes->pdata[i];

      if (publisher != node)
        g_ptr_array_add (searches, mesh_search_new (node, &publisher->key, FALSE));
    }
  for (guint i = 0, j = 0; i < mesh->nodes->len; i++)
    {
      const MeshNode *publisher = mesh->nodes->pdata[i];
      MeshSearch *search;

      if (publisher == node)
        continue;
      search = searches->pdata[j++];
      assert_found (search, publisher);
      g_assert_cmpint (search->type, ==, DRT_MATCH_EXACT);
    }
}

/* The published key nearest to @target that is not @node's. */
static const MeshNode *
nearest_publisher (const Mesh     *mesh,
                   const MeshNode *node,
                   const DrtKey   *target)
{
  const MeshNode *best = NULL;

  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      const MeshNode *other = mesh->nodes->pdata[i];

      if (other != node && (best == NULL || drt_key_compare_distance (target, &other->key, &best->key) < 0))
        best = other;
    }
  return best;
}

/* ---- Tests -------------------------------------------------------------- */

static void
test_active (void)
{
  gint64 begin = g_get_monotonic_time ();

  get_big_mesh ();
  g_test_message ("%d nodes are active after %.3f s", N_NODES, (g_get_monotonic_time () - begin) / 1e6);
}

static void
test_leaves (void)
{
  assert_leaves_right (get_big_mesh (), JOIN_DEADLINE);
}

static void
test_exact (void)
{
  Mesh *mesh = get_big_mesh ();

  for (guint i = 0; i < mesh->nodes->len; i++)
    search_all_from (mesh, mesh->nodes->pdata[i]);
}

static void
test_nearest (void)
{
  Mesh *mesh = get_big_mesh ();

  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      MeshNode *node = mesh->nodes->pdata[i];
      g_autoptr (MeshSearch) search = NULL;
      DrtKey target;

      random_key (&target);
      search = mesh_search_new (node, &target, TRUE);
      assert_found (search, nearest_publisher (mesh, node, &target));
      g_assert_cmpint (search->type, ==, DRT_MATCH_NEAR);
    }
}

static void
test_unknown_key (void)
{
  Mesh *mesh = get_big_mesh ();

  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      g_autoptr (MeshSearch) search = NULL;
      DrtKey target;

      random_key (&target);
      search = mesh_search_new (mesh->nodes->pdata[i], &target, FALSE);
      g_assert_true (wait_for (search_ended, search, JOIN_DEADLINE));
      g_assert_cmpuint (search->n_results, ==, 0);
      g_assert_cmphex ((guint32) search->end, ==, (guint32) DRT_E_NO_MORE);
    }
}

/* A key that is revoked leaves the leaf sets at once, and comes back with its
 * registration. */
static void
test_revoke (void)
{
  Mesh *mesh = get_big_mesh ();
  MeshNode *node = mesh->nodes->pdata[N_NODES / 2];

  assert_leaves_right (mesh, JOIN_DEADLINE);
  mesh_node_unregister (node);
  mesh_remove_key (mesh, &node->key);
  assert_leaves_right (mesh, JOIN_DEADLINE);

  mesh_node_register (node);
  mesh_add_key (mesh, &node->key);
  assert_leaves_right (mesh, JOIN_DEADLINE);
}

static GSubprocess *
spawn_node (const MeshNode *bootstrap,
            const DrtKey   *key)
{
  char text[DRT_KEY_HEX_LENGTH + 1];
  g_autofree char *registration = NULL;
  g_autofree char *endpoint = g_strdup_printf ("[::1]:%u", bootstrap->port);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  drt_key_format (key, text);
  registration = g_strconcat (text, "=victim", NULL);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error,
                              g_getenv ("DRT_TOOL"), "node", "--bootstrap", endpoint, "--register", registration, NULL);
  g_assert_no_error (error);
  return process;
}

/* A process that dies without a word. */
static void
test_kill (void)
{
  Mesh *mesh = get_big_mesh ();
  Absence absence = { .mesh = mesh };
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  gint64 begin;

  if (g_getenv ("DRT_TOOL") == NULL)
    {
      g_test_skip ("DRT_TOOL does not name the drt tool");
      return;
    }

  random_key (&absence.key);
  process = spawn_node (mesh->nodes->pdata[0], &absence.key);
  mesh_add_key (mesh, &absence.key);
  assert_leaves_right (mesh, JOIN_DEADLINE);

  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  begin = g_get_monotonic_time ();
  mesh_remove_key (mesh, &absence.key);

  g_assert_false (nowhere_cached (&absence));
  g_assert_true (wait_for (nowhere_cached, &absence, DEATH_DEADLINE));
  g_test_message ("forgotten everywhere after %.1f s", (g_get_monotonic_time () - begin) / 1e6);
  assert_leaves_right (mesh, JOIN_DEADLINE);
}

/* ---- Garbage ------------------------------------------------------------ */

#define GARBAGE_RATE 10000   /* datagrams a second */

typedef struct
{
  guint16 port;
  guint seconds;
  guint32 seed;
  int done;             /* atomic */
} Garbage;

/* Noise; every second datagram begins as a message does, so that it gets further. */
static gsize
make_garbage (GRand  *random,
              guint8 *bytes,
              gsize   size)
{
  const guint8 header[] = { 0x00, 0x10, 0x00, 0x0C, 0x51, 0x06, 0x65, g_rand_int_range (random, 0, 13) };
  gsize length = g_rand_int_range (random, 0, size);

  for (gsize i = 0; i < length; i++)
    bytes[i] = g_rand_int_range (random, 0, 256);
  if (length >= sizeof header && g_rand_boolean (random))
    memcpy (bytes, header, sizeof header);
  return length;
}

static gpointer
garbage_thread (gpointer data)
{
  Garbage *garbage = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (garbage->seed);
  const DrtEndpoint endpoint = { .address = in6addr_loopback, .port = garbage->port };
  const gint64 begin = g_get_monotonic_time ();
  struct sockaddr_in6 address;
  guint n_sent = 0;
  int fd = socket (AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  drt_endpoint_to_sockaddr (&endpoint, &address);
  while (n_sent < garbage->seconds * GARBAGE_RATE)
    {
      guint8 bytes[256];
      gsize length = make_garbage (random, bytes, sizeof bytes);
      gint64 ahead;

      sendto (fd, bytes, length, 0, (struct sockaddr *) &address, sizeof address);
      n_sent++;
      ahead = begin + (gint64) n_sent * G_USEC_PER_SEC / GARBAGE_RATE - g_get_monotonic_time ();
      if (ahead > 10 * 1000)
        g_usleep (ahead);
    }
  close (fd);
  g_atomic_int_set (&garbage->done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static gboolean
garbage_done (gpointer data)
{
  Garbage *garbage = data;

  return g_atomic_int_get (&garbage->done);
}

/* Noise is counted and changes nothing. */
static void
test_garbage (void)
{
  Mesh *mesh = get_big_mesh ();
  MeshNode *node = mesh->nodes->pdata[0];
  Garbage garbage = { .port = node->port, .seconds = g_test_slow () ? 10 : 3, .seed = g_rand_int (chance) };
  DrtCounters before, after;
  guint64 n_dropped = 0;
  GThread *thread;

  assert_leaves_right (mesh, JOIN_DEADLINE);
  g_assert_cmphex ((guint32) drt_get_counters (node->drt, &before), ==, (guint32) S_OK);
  thread = g_thread_new ("garbage", garbage_thread, &garbage);
  g_assert_true (wait_for (garbage_done, &garbage, JOIN_DEADLINE));
  g_thread_join (thread);

  search_all_from (mesh, node);
  g_assert_cmpint (node->status, ==, DRT_ACTIVE);
  assert_leaves_right (mesh, JOIN_DEADLINE);

  g_assert_cmphex ((guint32) drt_get_counters (node->drt, &after), ==, (guint32) S_OK);
  for (guint i = 0; i < DRT_DROP_N_REASONS; i++)
    n_dropped += after.dropped[i] - before.dropped[i];
  g_test_message ("%" G_GUINT64_FORMAT " datagrams dropped", n_dropped);
  g_assert_cmpuint (n_dropped, >=, garbage.seconds * GARBAGE_RATE / 10);
}

/* ---- Small meshes ------------------------------------------------------- */

/* Rings too small for whole leaf sets. */
static void
test_small_ring (gconstpointer data)
{
  g_autoptr (Mesh) mesh = mesh_new (GPOINTER_TO_UINT (data), DRT_SECURE_RESOLVE);

  g_assert_true (wait_for (all_active, mesh, JOIN_DEADLINE));
  assert_leaves_right (mesh, JOIN_DEADLINE);
}

/* The null provider serves every mode. */
static void
test_mode (gconstpointer data)
{
  g_autoptr (Mesh) mesh = mesh_new (6, GPOINTER_TO_UINT (data));

  g_assert_true (wait_for (all_active, mesh, JOIN_DEADLINE));
  assert_leaves_right (mesh, JOIN_DEADLINE);
  for (guint i = 0; i < mesh->nodes->len; i++)
    search_all_from (mesh, mesh->nodes->pdata[i]);
}

/* Nobody there. */
static void
test_alone (void)
{
  g_autoptr (Mesh) mesh = mesh_new (1, DRT_SECURE_RESOLVE);
  MeshNode *node = mesh->nodes->pdata[0];

  while (!node->has_status)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (node->status, ==, DRT_ALONE);
  g_assert_cmpuint (node->leaves.n_above, ==, 0);
  g_assert_cmpuint (node->leaves.n_below, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  static const guint sizes[] = { 2, 3, 4, 7, 10, 11, 12 };
  int result;

  g_test_init (&argc, &argv, NULL);
  chance = g_rand_new_with_seed ((guint32) g_test_rand_int ());

  g_test_add_func ("/mesh/alone", test_alone);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/mesh/ring/%u", sizes[i]);

      g_test_add_data_func (path, GUINT_TO_POINTER (sizes[i]), test_small_ring);
    }
  g_test_add_data_func ("/mesh/mode/membership", GUINT_TO_POINTER (DRT_SECURE_MEMBERSHIP), test_mode);
  g_test_add_data_func ("/mesh/mode/confidential", GUINT_TO_POINTER (DRT_SECURE_CONFIDENTIALPAYLOAD), test_mode);

  g_test_add_func ("/mesh/big/active", test_active);
  g_test_add_func ("/mesh/big/leaves", test_leaves);
  g_test_add_func ("/mesh/big/exact", test_exact);
  g_test_add_func ("/mesh/big/nearest", test_nearest);
  g_test_add_func ("/mesh/big/unknown-key", test_unknown_key);
  g_test_add_func ("/mesh/big/revoke", test_revoke);
  g_test_add_func ("/mesh/big/garbage", test_garbage);
  g_test_add_func ("/mesh/big/kill", test_kill);

  result = g_test_run ();
  g_clear_pointer (&big_mesh, mesh_free);
  g_rand_free (chance);
  return result;
}
