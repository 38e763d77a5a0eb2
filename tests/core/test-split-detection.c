/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a node looks for splits of the cloud: how often, from where, with which
 * LOOKUPs, and what it tells of them. */

#include "core-testing.h"

#include <string.h>

static VirtualNode *
add_node (VirtualMesh *mesh,
          VirtualNode *knows,
          guint        n_keys)
{
  VirtualNode *node = virtual_mesh_add (mesh);

  if (knows != NULL)
    virtual_node_knows (node, knows);
  virtual_node_open (node);
  for (guint i = 0; i < n_keys; i++)
    {
      DrtKey key;

      virtual_mesh_random_key (mesh, &key);
      virtual_node_register (node, &key, "x");
    }
  virtual_mesh_run (mesh, SECOND / 4, NULL, NULL);
  return node;
}

static guint
count_split_bootstraps (VirtualMesh *mesh)
{
  guint n = 0;

  for (guint i = 0; i < mesh->nodes->len; i++)
    n += virtual_mesh_get (mesh, i)->n_split_bootstraps;
  return n;
}

/* --- How often --- */

/* Once in a period in the whole cloud, however many they are; two do not ask
 * twice as often as one that is alone. */
static void
test_rate (void)
{
  static const struct { guint n, least, most; } rates[] = { { 2, 10, 60 }, { 10, 20, 70 }, { 80, 20, 70 } };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      g_autoptr (VirtualMesh) mesh = virtual_mesh_new (21 + i);
      VirtualNode *first = add_node (mesh, NULL, 1);
      guint before;

      virtual_node_knows (first, first);
      for (guint j = 1; j < rates[i].n; j++)
        add_node (mesh, first, 1);
      virtual_mesh_run (mesh, 60 * SECOND, NULL, NULL);
      before = count_split_bootstraps (mesh);
      virtual_mesh_run (mesh, 40 * DRT_MAINTENANCE_TIME, NULL, NULL);
      g_test_message ("%u nodes: %u in 40 periods", rates[i].n, count_split_bootstraps (mesh) - before);
      g_assert_cmpuint (count_split_bootstraps (mesh) - before, >=, rates[i].least);
      g_assert_cmpuint (count_split_bootstraps (mesh) - before, <=, rates[i].most);
    }
}

/* §3.1.6.1 knows no detection of splits: that is for publishers. */
static void
test_resolve_only (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (31);
  VirtualNode *publisher = add_node (mesh, NULL, 1);
  VirtualNode *resolver = add_node (mesh, publisher, 0);

  virtual_mesh_run (mesh, 40 * DRT_MAINTENANCE_TIME, NULL, NULL);
  g_assert_cmpint (resolver->status, ==, DRT_ACTIVE);
  g_assert_cmpuint (resolver->n_split_bootstraps, ==, 0);
}

/* --- From where --- */

static void
test_own_address (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (32);
  VirtualNode *a = add_node (mesh, NULL, 1);
  VirtualNode *b = add_node (mesh, a, 1);

  virtual_node_knows (a, a);
  g_array_set_size (b->bootstrap, 0);
  virtual_mesh_run (mesh, 40 * DRT_MAINTENANCE_TIME, NULL, NULL);
  g_assert_cmpint (a->status, ==, DRT_ACTIVE);
  g_assert_cmpuint (a->n_split_bootstraps, >, 0);
  g_assert_cmpuint (a->node->counters.split_detections, ==, 0);
  g_assert_cmpuint (b->n_split_bootstraps, >, 0);
  g_assert_cmpuint (b->node->counters.split_detections, ==, 0);
}

static guint n_asked;

static void
ask_cb (gpointer host,
        gboolean split_detection)
{
  n_asked++;
}

/* The host is asked for one thing at a time: a node that has lost everybody while
 * it looks for a split is content with what that brings. */
static void
test_one_at_a_time (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (33);
  VirtualNode *a = add_node (mesh, NULL, 1);
  VirtualNode *b = add_node (mesh, a, 1);
  guint n_found, n_syncs;

  b->node->host.bootstrap = ask_cb;
  n_asked = 0;
  while (n_asked == 0)
    virtual_mesh_run (mesh, SECOND, NULL, NULL);
  g_assert_true (b->node->split.asking_host);
  n_found = b->node->bootstrap_found->len;
  n_syncs = b->node->syncs->len;
  drt_node_bootstrap_found (b->node, mesh->now, &a->endpoint, 1);
  g_assert_cmpuint (b->node->bootstrap_found->len, ==, n_found);
  g_assert_cmpuint (b->node->syncs->len, ==, n_syncs);

  g_assert_true (drt_node_drop_entry (b->node, mesh->now, &drt_keys_get (a->node, 0)->key));
  g_assert_cmpint (b->status, ==, DRT_ALONE);
  drt_node_bootstrap_now (b->node, mesh->now);
  g_assert_cmpuint (n_asked, ==, 1);
  g_assert_false (b->node->split.asking_host);
  g_assert_cmpuint (b->node->syncs->len, ==, 1);
  drt_node_bootstrap_done (b->node, mesh->now, DRT_E_NO_MORE);
  g_assert_false (b->node->discovering);
  virtual_mesh_run (mesh, SECOND, NULL, NULL);
  g_assert_cmpint (b->status, ==, DRT_ACTIVE);
}

/* --- With what --- */

typedef struct
{
  VirtualNode *of;
  GArray *targets;               /* of DrtKey: of what its LOOKUPs to detect splits begin with */
} Lookups;

static gboolean
listen_cb (VirtualMesh       *mesh,
           VirtualNode       *from,
           const DrtEndpoint *to,
           const guint8      *bytes,
           gsize              length,
           gpointer           data)
{
  Lookups *lookups = data;
  const DrtLookup *lookup;
  DrtMessage message;
  DrtEndpoint first;

  g_assert_cmpint (drt_message_decode (bytes, length, &message), ==, DRT_DECODE_OK);
  lookup = &message.lookup;
  if (message.type != DRT_MESSAGE_LOOKUP || lookup->reason != DRT_REASON_SPLIT_DETECTION || from != lookups->of)
    return TRUE;
  g_assert_cmpint (lookup->criteria, ==, DRT_CRITERIA_NONE);
  drt_wire_endpoints_get (&lookup->path, 0, &first);
  g_assert_true (drt_endpoint_equal (&first, &from->endpoint));
  if (lookup->path.n_endpoints == 1)
    {
      g_assert_true (drt_key_is_zero (&lookup->validate_key));
      g_assert_false (lookup->has_entry);
      g_array_append_val (lookups->targets, lookup->target);
    }
  return TRUE;
}

/* §3.2.5.8.1: the smaller part tests each of its keys. */
static void
test_every_key (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (34);
  Lookups lookups = { .targets = g_array_new (FALSE, FALSE, sizeof (DrtKey)) };
  VirtualNode *first = add_node (mesh, NULL, 1), *a, *b;

  for (guint i = 0; i < 30; i++)
    add_node (mesh, first, 1);
  a = add_node (mesh, NULL, 4);
  b = add_node (mesh, a, 1);
  virtual_mesh_run (mesh, 30 * SECOND, NULL, NULL);
  g_assert_cmpuint (drt_cache_get_size (&b->node->cache), ==, 4);

  lookups.of = a;
  mesh->filter = listen_cb;
  mesh->filter_data = &lookups;
  virtual_node_knows (a, first);
  virtual_mesh_run (mesh, 300 * SECOND, NULL, NULL);
  for (guint i = 0; i < 4; i++)
    {
      DrtKey target = drt_keys_get (a->node, i)->key;
      gboolean tested = FALSE;

      drt_key_increment (&target);
      for (guint j = 0; j < lookups.targets->len; j++)
        tested |= drt_key_equal (&g_array_index (lookups.targets, DrtKey, j), &target);
      g_assert_true (tested);
    }
  g_assert_true (virtual_mesh_leaves_right (mesh));
  mesh->filter = NULL;
  g_array_unref (lookups.targets);
}

/* --- What is told --- */

static GArray *told;             /* of DrtObservedEvent */

static void
event_cb (gpointer                host,
          const DrtObservedEvent *event)
{
  if (event->kind == DRT_OBSERVED_EVENT_SPLIT)
    g_array_append_val (told, *event);
}

static void
ignore_status_cb (gpointer host, const DrtObservedStatus *status)
{
}

static void
ignore_entry_cb (gpointer host, DrtObservedChange change, const DrtObservedEntry *entry)
{
}

static void
ignore_key_cb (gpointer host, DrtObservedChange change, const DrtObservedKey *key)
{
}

static void
ignore_lookup_cb (gpointer host, const DrtObservedLookup *lookup)
{
}

static void
ignore_message_cb (gpointer host, const DrtObservedMessage *message)
{
}

static void
observe (VirtualNode *node)
{
  DrtNodeHost *host = &node->node->host;

  host->observe_event = event_cb;
  host->observe_status = ignore_status_cb;
  host->observe_entry = ignore_entry_cb;
  host->observe_key = ignore_key_cb;
  host->observe_lookup = ignore_lookup_cb;
  host->observe_message = ignore_message_cb;
  drt_node_set_observed (node->node, TRUE);
}

typedef struct
{
  guint8 keys[2];                /* of the part that looks */
  guint8 other;                  /* the key of who is shown */
  DrtObservedSplit part;
} Told;

/* Two nodes see one more, which knows nobody. */
static void
test_told (gconstpointer data)
{
  const Told *expected = data;
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (35);
  VirtualNode *a = add_node (mesh, NULL, 0), *b = add_node (mesh, a, 0), *other = add_node (mesh, NULL, 0);
  DrtKey keys[] = { core_small_key (expected->keys[0]), core_small_key (expected->keys[1]), core_small_key (expected->other) };
  const DrtObservedEvent *event;
  DrtKey target = keys[0];

  virtual_node_register (a, &keys[0], "a");
  virtual_node_register (b, &keys[1], "b");
  virtual_node_register (other, &keys[2], "other");
  virtual_mesh_run (mesh, 30 * SECOND, NULL, NULL);
  g_assert_cmpint (a->status, ==, DRT_ACTIVE);
  g_assert_cmpint (other->status, ==, DRT_ALONE);

  told = g_array_new (FALSE, FALSE, sizeof (DrtObservedEvent));
  observe (a);
  g_array_set_size (a->bootstrap, 0);
  virtual_node_knows (a, other);
  virtual_mesh_run (mesh, 300 * SECOND, NULL, NULL);
  g_assert_true (virtual_mesh_leaves_right (mesh));
  g_assert_cmpint (other->status, ==, DRT_ACTIVE);

  drt_key_increment (&target);
  g_assert_cmpuint (told->len, ==, 2);
  event = &g_array_index (told, DrtObservedEvent, 0);
  g_assert_cmpint (event->code, ==, expected->part);
  g_assert_true (event->has_key && drt_key_equal (&event->key, &target));
  g_assert_true (event->has_remote_key && drt_key_equal (&event->remote_key, &keys[2]));
  event = &g_array_index (told, DrtObservedEvent, 1);
  g_assert_cmpint (event->code, ==, DRT_OBSERVED_SPLIT_MERGED);
  g_assert_true (event->has_key && drt_key_equal (&event->key, &target));
  g_assert_cmpuint (a->node->counters.splits_found, ==, 1);
  g_assert_cmpuint (a->node->counters.splits_merged, ==, 1);
  g_array_unref (told);
}

int
main (int   argc,
      char *argv[])
{
  static const Told smaller = { { 0x20, 0x90 }, 0x28, DRT_OBSERVED_SPLIT_SMALLER_PART };
  static const Told larger = { { 0x20, 0x28 }, 0x90, DRT_OBSERVED_SPLIT_LARGER_PART };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/split-detection/rate", test_rate);
  g_test_add_func ("/split-detection/resolve-only", test_resolve_only);
  g_test_add_func ("/split-detection/own-address", test_own_address);
  g_test_add_func ("/split-detection/one-at-a-time", test_one_at_a_time);
  g_test_add_func ("/split-detection/every-key", test_every_key);
  g_test_add_data_func ("/split-detection/told/smaller", &smaller, test_told);
  g_test_add_data_func ("/split-detection/told/larger", &larger, test_told);
  return g_test_run ();
}
