/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <gtk/gtk.h>

#include "fake-neighbours.h"
#include "model/rt-neighbour-private.h"
#include "widgets/rt-item-watcher.h"
#include "widgets/rt-neighbour-cells.h"
#include "widgets/rt-neighbour-menu.h"
#include "widgets/rt-neighbour-text.h"
#include "widgets/rt-ring-items.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

static void
count_cb (guint *count)
{
  (*count)++;
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_timeout_add (ms, quit_cb, loop);
  g_main_loop_run (loop);
}

static void
test_times (void)
{
  static const struct { gint64 span; const char *text; const char *ago; } cases[] = {
    { -1, "–", "–" },
    { 0, "0 s", "now" },
    { SECOND - 1, "0 s", "now" },
    { SECOND, "1 s", "1 s ago" },
    { 60 * SECOND - 1, "59 s", "59 s ago" },
    { 60 * SECOND, "1 min", "1 min ago" },
    { 3600 * SECOND - 1, "59 min", "59 min ago" },
    { 3600 * SECOND, "1 h", "1 h ago" },
    { 24 * 3600 * SECOND - 1, "23 h", "23 h ago" },
    { 24 * 3600 * SECOND, "1 day", "1 day ago" },
    { 400 * 24 * 3600 * SECOND, "400 days", "400 days ago" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = rt_text_span (cases[i].span);
      g_autofree char *ago = rt_text_ago (cases[i].span);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpstr (ago, ==, cases[i].ago);
    }
}

static void
test_round_trip (void)
{
  static const struct { gint64 round_trip; const char *text; } cases[] = {
    { -1, "–" }, { 0, "0.0 ms" }, { 49, "0.0 ms" }, { 150, "0.1 ms" }, { 1260, "1.3 ms" }, { 2500000, "2500.0 ms" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = rt_text_round_trip (cases[i].round_trip);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_short_key (void)
{
  g_autofree char *key = rt_text_shorten_key ("3fa91c00000000000000000000000000000000000000000000000000000007be");
  g_autofree char *other = rt_text_shorten_key ("3fa91c");
  g_autofree char *empty = rt_text_shorten_key ("");
  g_autofree char *none = rt_text_shorten_key (NULL);

  g_assert_cmpstr (key, ==, "3fa91c…07be");
  g_assert_cmpstr (other, ==, "3fa91c");
  g_assert_cmpstr (empty, ==, "–");
  g_assert_cmpstr (none, ==, "–");
}

static RtNeighbour *
neighbour_at (const char *endpoint,
              guint8      major,
              guint8      minor)
{
  DrtObservedEntry entry;
  DrtEndpoint address;

  g_assert_true (drt_endpoint_parse (endpoint, &address));
  fake_entry_init (&entry, 1);
  entry.addresses = &address;
  entry.protocol_major = major;
  entry.protocol_minor = minor;
  return rt_neighbour_new (&entry);
}

/* As numbers, not as texts. */
static void
test_orders (void)
{
  g_autoptr (RtNeighbour) a = neighbour_at ("[::1]:900", 6, 9);
  g_autoptr (RtNeighbour) b = neighbour_at ("[::1]:10000", 6, 10);
  g_autoptr (RtNeighbour) c = neighbour_at ("[2001:db8::1]:5", 7, 0);

  g_assert_cmpint (rt_neighbour_compare_addresses (a, b, NULL), ==, GTK_ORDERING_SMALLER);
  g_assert_cmpint (rt_neighbour_compare_addresses (b, a, NULL), ==, GTK_ORDERING_LARGER);
  g_assert_cmpint (rt_neighbour_compare_addresses (b, c, NULL), ==, GTK_ORDERING_SMALLER);
  g_assert_cmpint (rt_neighbour_compare_addresses (c, c, NULL), ==, GTK_ORDERING_EQUAL);
  g_assert_cmpint (rt_neighbour_compare_versions (a, b, NULL), ==, GTK_ORDERING_SMALLER);
  g_assert_cmpint (rt_neighbour_compare_versions (c, b, NULL), ==, GTK_ORDERING_LARGER);
  g_assert_cmpint (rt_neighbour_compare_versions (b, b, NULL), ==, GTK_ORDERING_EQUAL);
}

/* Every item acts on the key it was made for. */
static void
test_menu (void)
{
  g_autoptr (RtNeighbour) neighbour = neighbour_at ("[::1]:900", 6, 9);
  g_autoptr (GMenuModel) menu = rt_neighbour_menu_new (neighbour);
  g_autofree char *row = rt_neighbour_to_row (neighbour);
  const char *key = rt_neighbour_get_key_text (neighbour);
  const char *expected[][2] = {
    { "win.copy-text", key }, { "win.copy-text", "[::1]:900" }, { "win.copy-text", row },
    { "win.inquire", key }, { "win.search-key", key }, { "win.drop", key },
  };
  guint n = 0;

  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);

      g_assert_nonnull (section);
      for (int j = 0; j < g_menu_model_get_n_items (section); j++, n++)
        {
          g_autofree char *action = NULL;
          g_autofree char *target = NULL;

          g_assert_cmpuint (n, <, G_N_ELEMENTS (expected));
          g_assert_true (g_menu_model_get_item_attribute (section, j, G_MENU_ATTRIBUTE_ACTION, "s", &action));
          g_assert_true (g_menu_model_get_item_attribute (section, j, G_MENU_ATTRIBUTE_TARGET, "s", &target));
          g_assert_cmpstr (action, ==, expected[n][0]);
          g_assert_cmpstr (target, ==, expected[n][1]);
        }
    }
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (expected));
}

static void
test_watcher (void)
{
  static const char * const round_trip[] = { "round-trip", NULL };
  static const char * const state[] = { "state", NULL };
  GListStore *store = g_list_store_new (RT_TYPE_NEIGHBOUR);
  RtItemWatcher *watcher = rt_item_watcher_new (10);
  DrtObservedEntry entry;
  RtNeighbour *first, *second;
  guint count = 0;

  fake_entry_init (&entry, 1);
  first = rt_neighbour_new (&entry);
  second = rt_neighbour_new (&entry);
  g_signal_connect_swapped (watcher, "changed", G_CALLBACK (count_cb), &count);
  rt_item_watcher_set_properties (watcher, round_trip);
  rt_item_watcher_set_model (watcher, G_LIST_MODEL (store));
  g_list_store_append (store, first);
  g_list_store_append (store, second);
  run_for (50);
  g_assert_cmpuint (count, ==, 0);

  /* Many changes are one. */
  entry.round_trip = 1000;
  rt_neighbour_update (first, &entry);
  rt_neighbour_update (second, &entry);
  g_assert_cmpuint (count, ==, 0);
  run_for (50);
  g_assert_cmpuint (count, ==, 1);

  /* What is not watched is not told. */
  entry.n_unanswered = 1;
  rt_neighbour_update (first, &entry);
  run_for (50);
  g_assert_cmpuint (count, ==, 1);
  rt_item_watcher_set_properties (watcher, state);
  entry.n_unanswered = 0;
  rt_neighbour_update (first, &entry);
  run_for (50);
  g_assert_cmpuint (count, ==, 2);

  /* Neither is what has left the list; the others still are. */
  g_list_store_remove (store, 0);
  entry.n_unanswered = 5;
  rt_neighbour_update (first, &entry);
  run_for (50);
  g_assert_cmpuint (count, ==, 2);
  rt_neighbour_update (second, &entry);
  run_for (50);
  g_assert_cmpuint (count, ==, 3);

  /* Nor anything after its end, even if it was pending. */
  entry.n_unanswered = 0;
  rt_neighbour_update (second, &entry);
  g_assert_finalize_object (watcher);
  run_for (50);
  g_assert_cmpuint (count, ==, 3);

  g_assert_finalize_object (store);
  g_assert_finalize_object (first);
  g_assert_finalize_object (second);
}

static void
assert_item (RtRingItems *items,
             guint        index,
             guint8       first_byte,
             RtRingKind   kind,
             gboolean     quiet)
{
  const RtRingItem *item = rt_ring_items_get (items, index);

  g_assert_cmpuint (item->key.b[DRT_KEY_SIZE - 1], ==, first_byte);
  g_assert_cmpint (item->kind, ==, kind);
  g_assert_cmpint (item->quiet, ==, quiet);
  g_assert_cmpint (rt_ring_items_find (items, &item->key), ==, (int) index);
}

static void
test_ring_items (void)
{
  RtNode *node = rt_node_new ();
  RtRingItems *items = rt_ring_items_new ();
  DrtObservedEntry entry;
  RtRegistration *own;
  guint count = 0;

  own = fake_registration_add (node, 0x80);
  g_signal_connect_swapped (items, "changed", G_CALLBACK (count_cb), &count);
  rt_ring_items_set_node (items, node);
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpuint (rt_ring_items_get_size (items), ==, 1);
  assert_item (items, 0, 0x80, RT_RING_OWN, TRUE);

  /* What comes together is told once; until then nothing has changed. */
  fake_entry_init (&entry, 0xf0);
  fake_neighbour_add (node, &entry);
  fake_entry_init (&entry, 0x10);
  entry.n_unanswered = 1;
  fake_neighbour_add (node, &entry);
  g_assert_cmpuint (rt_ring_items_get_size (items), ==, 1);
  run_for (300);
  g_assert_cmpuint (count, ==, 2);
  g_assert_cmpuint (rt_ring_items_get_size (items), ==, 3);
  assert_item (items, 0, 0x10, RT_RING_CACHE, TRUE);
  assert_item (items, 1, 0x80, RT_RING_OWN, TRUE);
  assert_item (items, 2, 0xf0, RT_RING_CACHE, FALSE);
  g_assert_cmpint (rt_ring_items_find (items, &(DrtKey) { .b = { 1 } }), ==, -1);

  /* A role that changes is told; a round trip is not. */
  count = 0;
  entry.n_unanswered = 0;
  entry.leaf_position = -2;
  entry.leaf_of = *rt_registration_get_key (own);
  rt_node_feed_entry (node, DRT_OBSERVED_CHANGED, &entry);
  run_for (300);
  g_assert_cmpuint (count, ==, 1);
  assert_item (items, 0, 0x10, RT_RING_LEAF, FALSE);
  entry.round_trip = 99;
  rt_node_feed_entry (node, DRT_OBSERVED_CHANGED, &entry);
  run_for (300);
  g_assert_cmpuint (count, ==, 1);

  rt_node_feed_entry (node, DRT_OBSERVED_REMOVED, &entry);
  run_for (300);
  g_assert_cmpuint (count, ==, 2);
  g_assert_cmpuint (rt_ring_items_get_size (items), ==, 2);
  assert_item (items, 0, 0x80, RT_RING_OWN, TRUE);

  rt_ring_items_set_node (items, NULL);
  g_assert_cmpuint (rt_ring_items_get_size (items), ==, 0);
  g_assert_finalize_object (items);
  g_assert_finalize_object (node);
}

/* Whose leaf set the ring shows. */
static void
test_ring_center (void)
{
  g_autoptr (RtNode) node = rt_node_new ();
  g_autoptr (RtRingItems) items = rt_ring_items_new ();
  RtRegistration *first, *second;
  RtNeighbour *leaf, *other;
  DrtObservedEntry entry;

  rt_ring_items_set_node (items, node);
  g_assert_null (rt_ring_items_get_center (items, NULL));
  first = fake_registration_add (node, 0x80);
  g_assert_true (rt_ring_items_get_center (items, NULL) == first);
  second = fake_registration_add (node, 0x40);
  g_assert_null (rt_ring_items_get_center (items, NULL));
  g_assert_true (rt_ring_items_get_center (items, G_OBJECT (second)) == second);

  fake_entry_init (&entry, 0x10);
  entry.leaf_position = 1;
  entry.leaf_of = *rt_registration_get_key (first);
  leaf = fake_neighbour_add (node, &entry);
  fake_entry_init (&entry, 0x11);
  other = fake_neighbour_add (node, &entry);
  g_assert_true (rt_ring_items_get_center (items, G_OBJECT (leaf)) == first);
  g_assert_null (rt_ring_items_get_center (items, G_OBJECT (other)));
}

static void
test_sentences (void)
{
  g_autoptr (RtNode) node = rt_node_new ();
  g_autoptr (RtRingItems) items = rt_ring_items_new ();
  g_autofree char *own_text = NULL;
  g_autofree char *leaf_text = NULL;
  g_autofree char *cache_text = NULL;
  RtRegistration *own = fake_registration_add (node, 0x80);
  DrtObservedEntry entry;

  fake_entry_init (&entry, 0x10);
  entry.leaf_position = 2;
  entry.leaf_of = *rt_registration_get_key (own);
  fake_neighbour_add (node, &entry);
  fake_entry_init (&entry, 0xf0);
  entry.n_unanswered = 1;
  fake_neighbour_add (node, &entry);
  rt_ring_items_set_node (items, node);

  leaf_text = rt_ring_items_to_sentence (items, 0);
  own_text = rt_ring_items_to_sentence (items, 1);
  cache_text = rt_ring_items_to_sentence (items, 2);
  g_assert_cmpstr (leaf_text, ==, "Key 100000…0000, leaf +2 of 800000…0000, Reachable, position 1 of 3");
  g_assert_cmpstr (own_text, ==, "Your key 800000…0000, Offline, position 2 of 3");
  g_assert_cmpstr (cache_text, ==, "Key f00000…0000, cache entry, Quiet, position 3 of 3");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/neighbours/times", test_times);
  g_test_add_func ("/neighbours/round-trip", test_round_trip);
  g_test_add_func ("/neighbours/short-key", test_short_key);
  g_test_add_func ("/neighbours/orders", test_orders);
  g_test_add_func ("/neighbours/menu", test_menu);
  g_test_add_func ("/neighbours/watcher", test_watcher);
  g_test_add_func ("/neighbours/ring-items", test_ring_items);
  g_test_add_func ("/neighbours/ring-center", test_ring_center);
  g_test_add_func ("/neighbours/sentences", test_sentences);

  return g_test_run ();
}
