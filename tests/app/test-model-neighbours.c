/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model-testing.h"
#include "rt-node-private.h"

static RtNeighbour *
feed (RtNode *node, DrtObservedChange change, guint8 first, guint8 second)
{
  DrtKey key = test_key (first, second);
  TestEntry entry;

  test_entry_init (&entry, &key);
  rt_node_feed_entry (node, change, &entry.entry);
  return rt_node_find_neighbour (node, &key);
}

static guint
position_of (RtNode *node, RtNeighbour *neighbour)
{
  GListModel *model = rt_node_get_neighbours (node);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(RtNeighbour) item = g_list_model_get_item (model, i);

      if (item == neighbour)
        return i;
    }
  return G_MAXUINT;
}

static void
test_order (void)
{
  RtNode *node = rt_node_new ();
  ListWatch watch;

  list_watch_init (&watch, rt_node_get_neighbours (node));
  g_assert_true (g_list_model_get_item_type (rt_node_get_neighbours (node)) == RT_TYPE_NEIGHBOUR);

  feed (node, DRT_OBSERVED_ADDED, 0x80, 0);
  list_watch_expect (&watch, 1, 0, 1);
  feed (node, DRT_OBSERVED_ADDED, 0x10, 0);
  feed (node, DRT_OBSERVED_ADDED, 0xf0, 0);
  list_watch_expect (&watch, 2, 0, 2);
  g_assert_cmpuint (position_of (node, feed (node, DRT_OBSERVED_ADDED, 0x20, 0)), ==, 1);
  list_watch_expect (&watch, 1, 0, 1);

  /* Told twice, or changed: it is the same neighbour. */
  feed (node, DRT_OBSERVED_ADDED, 0x20, 0);
  feed (node, DRT_OBSERVED_CHANGED, 0x20, 0);
  list_watch_expect (&watch, 0, 0, 0);

  /* A change of what is not there yet adds it. */
  feed (node, DRT_OBSERVED_CHANGED, 0x30, 0);
  list_watch_expect (&watch, 1, 0, 1);

  g_assert_null (feed (node, DRT_OBSERVED_REMOVED, 0x80, 0));
  list_watch_expect (&watch, 1, 1, 0);
  feed (node, DRT_OBSERVED_REMOVED, 0x80, 0);
  list_watch_expect (&watch, 0, 0, 0);

  list_watch_clear (&watch);
  g_assert_finalize_object (node);
}

static void
test_notifies (void)
{
  RtNode *node = rt_node_new ();
  DrtKey key = test_key (0x42, 0);
  DrtKey local = test_key (0x40, 0);
  TestEntry entry;
  NotifyWatch watch;
  RtNeighbour *neighbour;

  test_entry_init (&entry, &key);
  rt_node_feed_entry (node, DRT_OBSERVED_ADDED, &entry.entry);
  neighbour = rt_node_find_neighbour (node, &key);
  notify_watch_init (&watch, neighbour, NULL);

  /* Nothing new, nothing said. */
  rt_node_feed_entry (node, DRT_OBSERVED_CHANGED, &entry.entry);
  notify_watch_expect (&watch, 0);

  entry.entry.last_heard = 3000;
  rt_node_feed_entry (node, DRT_OBSERVED_CHANGED, &entry.entry);
  notify_watch_expect (&watch, 1);

  /* Its role, place and whose leaf it is. */
  entry.entry.leaf_position = -2;
  entry.entry.leaf_of = local;
  rt_node_feed_entry (node, DRT_OBSERVED_CHANGED, &entry.entry);
  notify_watch_expect (&watch, 3);
  g_assert_cmpstr (rt_neighbour_get_role (neighbour), ==, "Leaf −2");
  g_assert_cmpint (rt_neighbour_get_leaf_position (neighbour), ==, -2);
  g_assert_true (g_str_has_prefix (rt_neighbour_get_leaf_of (neighbour), "4000"));

  entry.entry.round_trip = 1500;
  entry.entry.level = 2;
  rt_node_feed_entry (node, DRT_OBSERVED_CHANGED, &entry.entry);
  notify_watch_expect (&watch, 2);

  notify_watch_clear (&watch);
  g_assert_finalize_object (node);
}

static void
test_states (void)
{
  static const struct { guint n_unanswered; HRESULT last_error; RtNeighbourState state; } cases[] = {
    { 0, S_OK, RT_NEIGHBOUR_FRESH },
    { 1, S_OK, RT_NEIGHBOUR_QUIET },
    { 2, S_OK, RT_NEIGHBOUR_STALE },
    { 0, DRT_E_INVALID_KEY, RT_NEIGHBOUR_STALE },
  };
  RtNode *node = rt_node_new ();
  DrtKey key = test_key (1, 2);
  TestEntry entry;

  test_entry_init (&entry, &key);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      entry.entry.n_unanswered = cases[i].n_unanswered;
      entry.entry.last_error = cases[i].last_error;
      rt_node_feed_entry (node, DRT_OBSERVED_CHANGED, &entry.entry);
      g_assert_cmpint (rt_neighbour_get_state (rt_node_find_neighbour (node, &key)), ==, cases[i].state);
    }
  g_assert_finalize_object (node);
}

static void
test_facts (void)
{
  RtNode *node = rt_node_new ();
  DrtKey key = test_key (0x40, 0);
  TestEntry entry;
  DrtEndpoint addresses[2];
  RtNeighbour *neighbour;

  test_entry_init (&entry, &key);
  addresses[0] = entry.address;
  g_assert_true (drt_endpoint_parse ("[2001:db8::7]:6000", &addresses[1]));
  entry.entry.addresses = addresses;
  entry.entry.n_addresses = 2;
  rt_node_feed_entry (node, DRT_OBSERVED_ADDED, &entry.entry);
  neighbour = rt_node_find_neighbour (node, &key);

  g_assert_cmpstr (rt_neighbour_get_address (neighbour), ==, "[::1]:5000");
  g_assert_cmpstr (rt_neighbour_get_addresses_text (neighbour), ==, "[::1]:5000\n[2001:db8::7]:6000");
  g_assert_cmpstr (rt_neighbour_get_key_short (neighbour), ==, "400000…0000");
  g_assert_cmpuint (strlen (rt_neighbour_get_key_text (neighbour)), ==, 64);
  g_assert_cmpstr (rt_neighbour_get_protocol_version (neighbour), ==, "6.101");
  g_assert_cmpstr (rt_neighbour_get_role (neighbour), ==, "Cache");
  g_assert_cmpfloat (rt_neighbour_get_turn (neighbour), ==, 0.25);
  g_assert_cmpint (rt_neighbour_get_round_trip (neighbour), ==, -1);
  g_assert_finalize_object (node);
}

/* The nearest of our keys counts, and it follows our keys. */
static void
test_nearness (void)
{
  RtNode *node = rt_node_new ();
  g_autoptr(GBytes) payload = g_bytes_new_static ("x", 1);
  DrtKey near = test_key (0x40, 0x01);
  DrtKey far = test_key (0xc0, 0);
  RtNeighbour *neighbour = feed (node, DRT_OBSERVED_ADDED, 0x40, 0x00);
  NotifyWatch watch;

  notify_watch_init (&watch, neighbour, "nearness");
  g_assert_cmpuint (rt_neighbour_get_nearness (neighbour), ==, 0);
  g_assert_nonnull (rt_node_register (node, &far, payload, NULL, NULL));
  notify_watch_expect (&watch, 0);
  g_assert_nonnull (rt_node_register (node, &near, payload, NULL, NULL));
  notify_watch_expect (&watch, 1);
  g_assert_cmpuint (rt_neighbour_get_nearness (neighbour), ==, 15);
  rt_node_unregister (node, rt_node_find_registration (node, &near));
  notify_watch_expect (&watch, 1);
  g_assert_cmpuint (rt_neighbour_get_nearness (neighbour), ==, 0);

  notify_watch_clear (&watch);
  g_assert_finalize_object (node);
}

/* Ten thousand in random order: sorted, each found, and fast enough to be no
 * matter of squares. */
static void
test_many (void)
{
  const guint n_neighbours = 10000;
  RtNode *node = rt_node_new ();
  GListModel *model = rt_node_get_neighbours (node);
  g_autofree DrtKey *keys = g_new0 (DrtKey, n_neighbours);
  gint64 begun = g_get_monotonic_time ();

  for (guint i = 0; i < n_neighbours; i++)
    {
      TestEntry entry;

      for (guint j = 0; j < DRT_KEY_SIZE; j++)
        keys[i].b[j] = (guint8) g_test_rand_int_range (0, 256);
      test_entry_init (&entry, &keys[i]);
      rt_node_feed_entry (node, DRT_OBSERVED_ADDED, &entry.entry);
    }
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, n_neighbours);
  for (guint i = 1; i < n_neighbours; i++)
    {
      g_autoptr(RtNeighbour) before = g_list_model_get_item (model, i - 1);
      g_autoptr(RtNeighbour) after = g_list_model_get_item (model, i);

      g_assert_cmpint (drt_key_compare (rt_neighbour_get_key (before), rt_neighbour_get_key (after)), <, 0);
    }
  for (guint i = 0; i < n_neighbours; i++)
    {
      TestEntry entry;

      g_assert_nonnull (rt_node_find_neighbour (node, &keys[i]));
      test_entry_init (&entry, &keys[i]);
      rt_node_feed_entry (node, DRT_OBSERVED_REMOVED, &entry.entry);
    }
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 20 * G_USEC_PER_SEC);
  g_assert_finalize_object (node);
}

static void
test_cleared (void)
{
  RtNode *node = rt_node_new ();
  RtNeighbour *neighbour;
  ListWatch watch;

  rt_node_begin (node);
  feed (node, DRT_OBSERVED_ADDED, 1, 0);
  neighbour = g_object_ref (feed (node, DRT_OBSERVED_ADDED, 2, 0));
  list_watch_init (&watch, rt_node_get_neighbours (node));
  rt_node_end (node);
  list_watch_expect (&watch, 1, 2, 0);
  list_watch_clear (&watch);
  g_assert_finalize_object (neighbour);
  g_assert_finalize_object (node);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/neighbours/order", test_order);
  g_test_add_func ("/model/neighbours/notifies", test_notifies);
  g_test_add_func ("/model/neighbours/states", test_states);
  g_test_add_func ("/model/neighbours/facts", test_facts);
  g_test_add_func ("/model/neighbours/nearness", test_nearness);
  g_test_add_func ("/model/neighbours/many", test_many);
  g_test_add_func ("/model/neighbours/cleared", test_cleared);
  return g_test_run ();
}
