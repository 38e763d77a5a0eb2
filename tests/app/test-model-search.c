/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model-testing.h"
#include "rt-node-private.h"
#include "rt-search-private.h"

#include <drt-glib.h>

static RtSearch *
add (RtNode *node, guint8 first)
{
  DrtKey key = test_key (first, 0);
  g_autoptr(RtSearch) search = rt_search_new (&key, RT_SEARCH_EXACT);

  rt_node_add_search (node, search);
  return search;
}

static void
add_result (RtSearch *search, guint8 first)
{
  DrtKey key = test_key (first, 0);
  DRT_SEARCH_RESULT result = {
    .dwSize = sizeof result,
    .registration = { .key = { DRT_KEY_SIZE, key.b }, .appData = { 3, (BYTE *) "abc" } },
  };

  rt_search_add_result (search, &result);
}

static void
test_ends (void)
{
  static const struct { guint n_results; HRESULT hr; RtSearchState state; } cases[] = {
    { 1, DRT_E_NO_MORE, RT_SEARCH_FOUND },
    { 1, DRT_E_TIMEOUT, RT_SEARCH_FOUND },
    { 0, DRT_E_NO_MORE, RT_SEARCH_NOT_FOUND },
    { 0, DRT_E_TIMEOUT, RT_SEARCH_TIMED_OUT },
    { 0, DRT_E_FAULTED, RT_SEARCH_FAILED },
    { 1, DRT_E_FAULTED, RT_SEARCH_FAILED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DrtKey key = test_key (1, 0);
      RtSearch *search = rt_search_new (&key, RT_SEARCH_EXACT);
      NotifyWatch state;
      gint64 duration;

      notify_watch_init (&state, search, "state");
      g_assert_cmpint (rt_search_get_state (search), ==, RT_SEARCH_RUNNING);
      for (guint j = 0; j < cases[i].n_results; j++)
        add_result (search, 1);
      rt_search_finish (search, cases[i].hr);
      g_assert_cmpint (rt_search_get_state (search), ==, cases[i].state);
      notify_watch_expect (&state, 1);
      g_assert_true ((rt_search_get_error (search) != NULL) == (cases[i].state == RT_SEARCH_FAILED));

      /* It ends once, and its time stands still. */
      duration = rt_search_get_duration (search);
      rt_search_cancel (search);
      notify_watch_expect (&state, 0);
      g_assert_cmpint (rt_search_get_duration (search), ==, duration);
      notify_watch_clear (&state);
      g_assert_finalize_object (search);
    }
}

static void
test_results (void)
{
  DrtKey key = test_key (1, 0);
  RtSearch *search = rt_search_new (&key, RT_SEARCH_NEAREST);
  DRT_SEARCH_RESULT no_key = { .dwSize = sizeof no_key };
  g_autoptr(RtSearchResult) exact = NULL;
  g_autoptr(RtSearchResult) near = NULL;
  ListWatch watch;

  list_watch_init (&watch, rt_search_get_results (search));
  add_result (search, 1);
  add_result (search, 2);
  rt_search_add_result (search, &no_key);
  list_watch_expect (&watch, 2, 0, 2);
  exact = g_list_model_get_item (rt_search_get_results (search), 0);
  near = g_list_model_get_item (rt_search_get_results (search), 1);
  g_assert_true (rt_search_result_get_exact (exact));
  g_assert_false (rt_search_result_get_exact (near));
  g_assert_cmpmem (g_bytes_get_data (rt_search_result_get_payload (near), NULL), 3, "abc", 3);
  list_watch_clear (&watch);
  g_assert_finalize_object (search);
}

/* Only what differs is replaced, while the lookup goes on. */
static void
test_hops (void)
{
  RtNode *node = rt_node_new ();
  RtSearch *other = add (node, 0x11);
  RtSearch *search = add (node, 0x10);
  DrtObservedHop hops[3] = {
    { .key = test_key (0x40, 0), .flags = DRT_ADDRESS_FLAG_ACCEPTED, .nearness = 1, .latency = 4400 },
    { .key = test_key (0x12, 0), .flags = 0, .nearness = 6, .latency = -1 },
    { .key = test_key (0x10, 0), .flags = DRT_ADDRESS_FLAG_ACCEPTED | DRT_ADDRESS_FLAG_INQUIRE, .nearness = 256, .latency = 9600 },
  };
  DrtObservedLookup lookup = { .id = 7, .target = test_key (0x10, 0), .hops = hops };
  g_autoptr(RtHop) last = NULL;
  ListWatch watch;

  for (guint i = 0; i < G_N_ELEMENTS (hops); i++)
    g_assert_true (drt_endpoint_parse ("[::1]:4000", &hops[i].endpoint));
  list_watch_init (&watch, rt_search_get_hops (search));
  rt_node_feed_lookup (node, &lookup);
  list_watch_expect (&watch, 0, 0, 0);
  lookup.n_hops = 2;
  rt_node_feed_lookup (node, &lookup);
  list_watch_expect (&watch, 2, 0, 2);
  hops[1].flags = DRT_ADDRESS_FLAG_ACCEPTED;
  hops[1].latency = 5000;
  lookup.n_hops = 3;
  rt_node_feed_lookup (node, &lookup);
  list_watch_expect (&watch, 2, 1, 2);
  rt_node_feed_lookup (node, &lookup);
  list_watch_expect (&watch, 0, 0, 0);

  last = g_list_model_get_item (rt_search_get_hops (search), 2);
  g_assert_cmpstr (rt_hop_get_verdict (last), ==, "Accepted, Asked to prove its key");
  g_assert_cmpuint (rt_hop_get_latency_ms (last), ==, 10);
  g_assert_cmpstr (rt_hop_get_address (last), ==, "[::1]:4000");
  g_assert_cmpstr (rt_hop_get_key_short (last), ==, "100000…0000");
  g_assert_true (rt_hop_get_accepted (last));

  /* Another lookup for the same key, of the node's own, changes nothing. */
  lookup.id = 8;
  lookup.n_hops = 1;
  rt_node_feed_lookup (node, &lookup);
  list_watch_expect (&watch, 0, 0, 0);
  g_assert_cmpuint (g_list_model_get_n_items (rt_search_get_hops (other)), ==, 0);
  list_watch_clear (&watch);
  g_assert_finalize_object (node);
}

static void
test_verdicts (void)
{
  static const struct { guint flags; const char *words; } cases[] = {
    { 0, "Asked" },
    { DRT_ADDRESS_FLAG_ACCEPTED, "Accepted" },
    { DRT_ADDRESS_FLAG_REJECTED, "Rejected" },
    { DRT_ADDRESS_FLAG_UNREACHABLE, "Unreachable" },
    { DRT_ADDRESS_FLAG_LOOP, "Loop" },
    { DRT_ADDRESS_FLAG_TOO_BUSY, "Too busy" },
    { DRT_ADDRESS_FLAG_BAD_VALIDATE_ID, "Wrong key" },
    { DRT_ADDRESS_FLAG_SUSPECT_UNREGISTERED_ID, "Suspects it was unregistered" },
    { DRT_ADDRESS_FLAG_INQUIRE, "Asked to prove its key" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DRT_ADDRESS address = { .flags = cases[i].flags, .nearness = 12, .latency = 34 };
      RtHop *hop = rt_hop_new (&address);

      g_assert_cmpstr (rt_hop_get_verdict (hop), ==, cases[i].words);
      g_assert_cmpint (rt_hop_get_nearness (hop), ==, 12);
      g_assert_cmpuint (rt_hop_get_latency_ms (hop), ==, 34);
      g_assert_finalize_object (hop);
    }
}

static void
test_history (void)
{
  RtNode *node = rt_node_new ();
  GListModel *searches = rt_node_get_searches (node);
  RtSearch *oldest = g_object_ref (add (node, 1));
  g_autoptr(GError) error = NULL;
  DrtKey key = test_key (1, 0);

  for (guint i = 1; i < RT_NODE_MAX_SEARCHES; i++)
    add (node, 2);
  g_assert_cmpint (rt_search_get_state (oldest), ==, RT_SEARCH_RUNNING);
  g_assert_true (add (node, 3) != NULL);
  g_assert_cmpuint (g_list_model_get_n_items (searches), ==, RT_NODE_MAX_SEARCHES);
  g_assert_cmpint (rt_search_get_state (oldest), ==, RT_SEARCH_CANCELLED);
  g_assert_finalize_object (oldest);

  /* A closed node searches nothing, and says so. */
  g_assert_null (rt_node_search (node, &key, RT_SEARCH_EXACT, NULL, 1000, &error));
  g_assert_error (error, DRT_ERROR, E_HANDLE);
  g_assert_cmpuint (g_list_model_get_n_items (searches), ==, RT_NODE_MAX_SEARCHES);
  g_assert_finalize_object (node);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/search/ends", test_ends);
  g_test_add_func ("/model/search/results", test_results);
  g_test_add_func ("/model/search/hops", test_hops);
  g_test_add_func ("/model/search/verdicts", test_verdicts);
  g_test_add_func ("/model/search/history", test_history);
  return g_test_run ();
}
