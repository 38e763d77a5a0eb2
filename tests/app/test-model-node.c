/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model-testing.h"
#include "rt-checklist.h"
#include "rt-node-private.h"

static void
feed_status (RtNode *node, DRT_STATUS status, gint64 since)
{
  DrtObservedStatus observed = { .status = status, .since = since, .port = 5353, .n_addresses = 1 };

  g_assert_true (drt_endpoint_parse ("[2001:db8::1]:5353", &observed.addresses[0]));
  if (status == DRT_FAULTED)
    observed.fault = DRT_E_TRANSPORT_UNEXPECTED;
  rt_node_feed_status (node, &observed);
}

static void
test_states (void)
{
  static const struct { DRT_STATUS status; RtNodeState state; } cases[] = {
    { DRT_ALONE, RT_NODE_ALONE },
    { DRT_ACTIVE, RT_NODE_ACTIVE },
    { DRT_NO_NETWORK, RT_NODE_NO_NETWORK },
    { DRT_ACTIVE, RT_NODE_ACTIVE },
    { DRT_FAULTED, RT_NODE_FAULTED },
  };
  RtNode *node = rt_node_new ();
  NotifyWatch watch;

  notify_watch_init (&watch, node, "state");
  g_assert_cmpint (rt_node_get_state (node), ==, RT_NODE_CLOSED);
  rt_node_begin (node);
  notify_watch_expect (&watch, 1);
  g_assert_cmpint (rt_node_get_state (node), ==, RT_NODE_OPENING);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      feed_status (node, cases[i].status, 100 + i);
      notify_watch_expect (&watch, 1);
      g_assert_cmpint (rt_node_get_state (node), ==, cases[i].state);
      g_assert_cmpint (rt_node_get_state_since (node), ==, 100 + i);
      feed_status (node, cases[i].status, 100 + i);
      notify_watch_expect (&watch, 0);
    }
  g_assert_cmpint (rt_node_get_fault (node), ==, DRT_E_TRANSPORT_UNEXPECTED);

  /* Only closing leads out of it. */
  feed_status (node, DRT_ACTIVE, 200);
  notify_watch_expect (&watch, 0);
  g_assert_cmpint (rt_node_get_state (node), ==, RT_NODE_FAULTED);
  rt_node_end (node);
  notify_watch_expect (&watch, 1);

  /* What comes late has no say. */
  feed_status (node, DRT_ACTIVE, 300);
  notify_watch_expect (&watch, 0);
  g_assert_cmpint (rt_node_get_state (node), ==, RT_NODE_CLOSED);

  notify_watch_clear (&watch);
  g_assert_finalize_object (node);
}

static void
test_place (void)
{
  RtNode *node = rt_node_new ();
  NotifyWatch endpoint, port;

  notify_watch_init (&endpoint, node, "endpoint");
  notify_watch_init (&port, node, "port");
  rt_node_begin (node);
  g_assert_null (rt_node_get_endpoint (node));
  feed_status (node, DRT_ALONE, 1);
  feed_status (node, DRT_ACTIVE, 2);
  notify_watch_expect (&endpoint, 1);
  notify_watch_expect (&port, 1);
  g_assert_cmpstr (rt_node_get_endpoint (node), ==, "[2001:db8::1]:5353");
  g_assert_cmpuint (rt_node_get_port (node), ==, 5353);
  rt_node_end (node);
  notify_watch_expect (&endpoint, 1);
  notify_watch_expect (&port, 1);
  g_assert_null (rt_node_get_endpoint (node));

  notify_watch_clear (&endpoint);
  notify_watch_clear (&port);
  g_assert_finalize_object (node);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_counters (void)
{
  RtNode *node = rt_node_new ();
  RtTraffic *traffic = rt_node_get_traffic (node);
  DrtCounters counters = { .messages_in = 10, .messages_out = 7, .bytes_in = 1000, .bytes_out = 700 };
  guint n_changed = 0;
  NotifyWatch watch;

  g_signal_connect_swapped (traffic, "changed", G_CALLBACK (count_cb), &n_changed);
  rt_node_begin (node);
  n_changed = 0;
  notify_watch_init (&watch, node, NULL);
  rt_node_feed_counters (node, &counters, 1000000);
  notify_watch_expect (&watch, 4);
  rt_node_feed_counters (node, &counters, 2000000);
  notify_watch_expect (&watch, 0);
  counters.messages_in = 15;
  counters.dropped[DRT_DROP_MALFORMED] = 2;
  counters.dropped[DRT_DROP_UNEXPECTED] = 100;
  counters.send_errors = 1;
  counters.requests_failed = 4;
  rt_node_feed_counters (node, &counters, 3000000);
  notify_watch_expect (&watch, 2);
  g_assert_cmpuint (rt_node_get_errors (node), ==, 7);

  /* The graph moves every second, also where nothing happens. */
  g_assert_cmpuint (n_changed, ==, 3);
  g_assert_cmpuint (rt_traffic_get_n_samples (traffic), ==, 3);
  g_assert_cmpuint (rt_traffic_get_sample (traffic, 0)->messages_in, ==, 5);
  g_assert_cmpuint (rt_traffic_get_sample (traffic, 0)->errors, ==, 7);
  g_assert_cmpuint (rt_traffic_get_sample (traffic, 1)->messages_in, ==, 0);
  g_assert_cmpuint (rt_traffic_get_sample (traffic, 2)->messages_in, ==, 10);
  g_assert_cmpuint (rt_traffic_get_sample (traffic, 2)->bytes_out, ==, 700);
  g_assert_null (rt_traffic_get_sample (traffic, 3));
  g_assert_cmpuint (rt_traffic_get_maximum (traffic), ==, 10);

  /* The next run counts from zero, and what was counted stays until then. */
  rt_node_end (node);
  g_assert_cmpuint (rt_node_get_messages_in (node), ==, 15);
  rt_node_begin (node);
  g_assert_cmpuint (rt_node_get_messages_in (node), ==, 0);
  g_assert_cmpuint (rt_traffic_get_n_samples (traffic), ==, 0);

  notify_watch_clear (&watch);
  g_assert_finalize_object (node);
}

static void
test_traffic_bound (void)
{
  RtTraffic *traffic = rt_traffic_new ();

  for (guint i = 0; i < 3 * RT_TRAFFIC_SAMPLES; i++)
    {
      RtTrafficSample sample = { .time = i, .messages_out = i };

      rt_traffic_add (traffic, &sample);
    }
  g_assert_cmpuint (rt_traffic_get_n_samples (traffic), ==, RT_TRAFFIC_SAMPLES);
  for (guint age = 0; age < RT_TRAFFIC_SAMPLES; age++)
    g_assert_cmpuint (rt_traffic_get_sample (traffic, age)->messages_out, ==, 3 * RT_TRAFFIC_SAMPLES - 1 - age);
  g_assert_null (rt_traffic_get_sample (traffic, RT_TRAFFIC_SAMPLES));
  g_assert_finalize_object (traffic);
}

/* Each part of a split has words of its own; that it is one again is no warning. */
static void
test_split_events (void)
{
  static const DrtObservedSplit parts[] = {
    DRT_OBSERVED_SPLIT_SMALLER_PART, DRT_OBSERVED_SPLIT_LARGER_PART, DRT_OBSERVED_SPLIT_MERGED,
  };
  g_autoptr(GHashTable) texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      DrtObservedEvent observed = {
        .kind = DRT_OBSERVED_EVENT_SPLIT, .code = parts[i], .has_key = TRUE, .has_remote_key = TRUE,
      };
      g_autoptr(RtEvent) event = rt_event_new_observed (&observed, NULL, 0);

      g_assert_true (g_hash_table_add (texts, g_strdup (rt_event_get_text (event))));
      g_assert_cmpint (rt_event_get_severity (event), ==,
                       parts[i] == DRT_OBSERVED_SPLIT_MERGED ? RT_SEVERITY_INFO : RT_SEVERITY_WARNING);
    }
}

static void
test_events (void)
{
  static const DrtObservedEventKind kinds[] = {
    DRT_OBSERVED_EVENT_STATUS, DRT_OBSERVED_EVENT_LEAF_ADDED, DRT_OBSERVED_EVENT_LEAF_REMOVED,
    DRT_OBSERVED_EVENT_KEY_REGISTERED, DRT_OBSERVED_EVENT_KEY_ANNOUNCED, DRT_OBSERVED_EVENT_KEY_UNREGISTERED,
    DRT_OBSERVED_EVENT_KEY_REVOKED, DRT_OBSERVED_EVENT_ENTRY_DROPPED, DRT_OBSERVED_EVENT_ENTRY_REFUSED,
    DRT_OBSERVED_EVENT_BOOTSTRAP, DRT_OBSERVED_EVENT_SYNCHRONISED, DRT_OBSERVED_EVENT_ADDRESSES,
    DRT_OBSERVED_EVENT_SPLIT, DRT_OBSERVED_EVENT_MEMBER_REFUSED, DRT_OBSERVED_EVENT_KEY_EXPIRES, DRT_OBSERVED_EVENT_KEY_EXPIRED,
  };
  RtNode *node = rt_node_new ();
  GListModel *events = rt_node_get_events (node);
  ListWatch watch;

  list_watch_init (&watch, events);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      DrtObservedEvent observed = { .kind = kinds[i], .time = g_get_monotonic_time (), .hr = DRT_E_TIMEOUT };
      g_autoptr(RtEvent) event = NULL;

      rt_node_feed_event (node, &observed);
      event = g_list_model_get_item (events, i);
      g_assert_cmpstr (rt_event_get_text (event), !=, "");
      g_assert_cmpstr (rt_event_get_kind (event), !=, "other");
      g_assert_cmpint (ABS (rt_event_get_time (event) - g_get_real_time ()), <, 10 * G_USEC_PER_SEC);
    }
  list_watch_expect (&watch, G_N_ELEMENTS (kinds), 0, G_N_ELEMENTS (kinds));

  for (guint i = 0; i < 2 * RT_NODE_MAX_EVENTS; i++)
    {
      DrtObservedEvent observed = { .kind = DRT_OBSERVED_EVENT_ADDRESSES, .code = (int) i };

      rt_node_feed_event (node, &observed);
    }
  g_assert_cmpuint (g_list_model_get_n_items (events), ==, RT_NODE_MAX_EVENTS);
  list_watch_clear (&watch);
  g_assert_finalize_object (node);
}

static void
test_event_words (void)
{
  DrtObservedEvent observed = {
    .kind = DRT_OBSERVED_EVENT_LEAF_ADDED,
    .has_key = TRUE, .key = test_key (0xaa, 0), .has_remote_key = TRUE, .remote_key = test_key (0xbb, 0),
  };
  g_autoptr(RtEvent) event = rt_event_new_observed (&observed, NULL, 1);
  g_autoptr(RtEvent) fault = NULL;

  g_assert_cmpstr (rt_event_get_text (event), ==, "bb0000…0000 joined the leaf set of aa0000…0000");
  g_assert_true (g_str_has_prefix (rt_event_get_key_text (event), "bb00"));
  g_assert_cmpint (rt_event_get_severity (event), ==, RT_SEVERITY_INFO);

  observed = (DrtObservedEvent) { .kind = DRT_OBSERVED_EVENT_STATUS, .code = DRT_FAULTED, .hr = E_FAIL };
  fault = rt_event_new_observed (&observed, NULL, 1);
  g_assert_cmpint (rt_event_get_severity (fault), ==, RT_SEVERITY_ERROR);
  g_assert_null (rt_event_get_key_text (fault));
}

static void
assert_check (RtNode *node, RtCheckKind kind, RtCheckResult result, HRESULT code)
{
  RtCheck check;

  rt_check_init (&check, kind, node);
  g_assert_cmpint (check.result, ==, result);
  g_assert_cmphex ((guint32) check.code, ==, (guint32) code);
  g_assert_cmpstr (check.words, !=, "");
  if (result == RT_CHECK_BAD)
    g_assert_nonnull (check.next_step);
  rt_check_clear (&check);
}

static void
test_checklist (void)
{
  static const char *const list[] = { "[::1]:4000", NULL };
  RtNode *node = rt_node_new ();
  g_autoptr(RtMeshSettings) settings = rt_mesh_settings_new ();
  DrtObservedStatus status = { .status = DRT_NO_NETWORK, .port = 4321 };

  assert_check (node, RT_CHECK_ADDRESS, RT_CHECK_UNKNOWN, S_OK);
  assert_check (node, RT_CHECK_PORT, RT_CHECK_UNKNOWN, S_OK);
  assert_check (node, RT_CHECK_BOOTSTRAP, RT_CHECK_UNKNOWN, S_OK);
  assert_check (node, RT_CHECK_ERROR, RT_CHECK_GOOD, S_OK);

  g_object_set (settings, "bootstrap-kind", RT_BOOTSTRAP_LIST, "bootstrap-list", list, NULL);
  rt_node_set_settings (node, settings);
  rt_node_begin (node);
  rt_node_feed_status (node, &status);
  assert_check (node, RT_CHECK_ADDRESS, RT_CHECK_BAD, S_OK);
  assert_check (node, RT_CHECK_PORT, RT_CHECK_GOOD, S_OK);
  assert_check (node, RT_CHECK_BOOTSTRAP, RT_CHECK_WAITING, S_OK);

  status.status = DRT_ALONE;
  status.n_addresses = 1;
  status.bootstrap_result = DRT_E_NO_MORE;
  rt_node_feed_status (node, &status);
  assert_check (node, RT_CHECK_ADDRESS, RT_CHECK_GOOD, S_OK);
  assert_check (node, RT_CHECK_BOOTSTRAP, RT_CHECK_BAD, DRT_E_NO_MORE);
  status.bootstrap_result = S_OK;
  status.n_bootstrap_addresses = 3;
  rt_node_feed_status (node, &status);
  assert_check (node, RT_CHECK_BOOTSTRAP, RT_CHECK_BAD, S_OK);
  status.status = DRT_ACTIVE;
  rt_node_feed_status (node, &status);
  assert_check (node, RT_CHECK_BOOTSTRAP, RT_CHECK_GOOD, S_OK);
  status.status = DRT_FAULTED;
  status.fault = E_FAIL;
  rt_node_feed_status (node, &status);
  assert_check (node, RT_CHECK_ERROR, RT_CHECK_BAD, E_FAIL);
  assert_check (node, RT_CHECK_BOOTSTRAP, RT_CHECK_UNKNOWN, S_OK);
  g_assert_finalize_object (node);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/node/states", test_states);
  g_test_add_func ("/model/node/place", test_place);
  g_test_add_func ("/model/node/counters", test_counters);
  g_test_add_func ("/model/node/traffic-bound", test_traffic_bound);
  g_test_add_func ("/model/node/events", test_events);
  g_test_add_func ("/model/node/split-events", test_split_events);
  g_test_add_func ("/model/node/event-words", test_event_words);
  g_test_add_func ("/model/node/checklist", test_checklist);
  return g_test_run ();
}
