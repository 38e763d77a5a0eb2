/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <drt-glib.h>

#include "rt-node-private.h"

/* Who was refused: counted for each node and reason, and no more than there is room for. */

static void
refuse (RtNode *node, guint8 peer, guint16 port, HRESULT hr, const guint8 *credential, gsize size, gint64 time)
{
  DrtObservedEvent event = {
    .kind = DRT_OBSERVED_EVENT_MEMBER_REFUSED,
    .time = time,
    .hr = hr,
    .has_endpoint = TRUE,
    .credential = credential,
    .credential_size = size,
  };

  event.endpoint.address.s6_addr[0] = 0xfd;
  event.endpoint.address.s6_addr[15] = peer;
  event.endpoint.port = port;
  rt_node_feed_event (node, &event);
}

static RtRefusal *
get (RtNode *node, guint position)
{
  return g_list_model_get_item (rt_node_get_refusals (node), position);
}

static guint
count (RtNode *node)
{
  return g_list_model_get_n_items (rt_node_get_refusals (node));
}

static void
notified_cb (guint *n_notified)
{
  (*n_notified)++;
}

static void
test_counts (void)
{
  g_autoptr(RtNode) node = rt_node_new ();
  static const guint8 garbage[] = { 9, 9, 9, 9 };
  g_autoptr(RtRefusal) first = NULL;
  guint n_notified = 0;

  refuse (node, 1, 4000, DRT_E_INVALID_CERT_CHAIN, NULL, 0, 10);
  g_assert_cmpuint (count (node), ==, 1);
  first = get (node, 0);
  g_signal_connect_swapped (first, "notify::count", G_CALLBACK (notified_cb), &n_notified);

  /* The same node after a restart */
  refuse (node, 1, 4001, DRT_E_INVALID_CERT_CHAIN, NULL, 0, 20);
  g_assert_cmpuint (count (node), ==, 1);
  g_assert_cmpuint (rt_refusal_get_count (first), ==, 2);
  g_assert_cmpint (rt_refusal_get_last (first), ==, 20);
  g_assert_nonnull (strstr (rt_refusal_get_endpoint (first), "4001"));
  g_assert_null (rt_refusal_get_credential (first));
  g_assert_cmpuint (n_notified, ==, 1);

  /* Another reason, and another node */
  refuse (node, 1, 4001, DRT_E_INVALID_CERT_CHAIN, garbage, sizeof garbage, 30);
  refuse (node, 2, 4000, DRT_E_INVALID_CERT_CHAIN, NULL, 0, 40);
  g_assert_cmpuint (count (node), ==, 3);
  g_assert_cmpuint (rt_refusal_get_count (first), ==, 2);
}

/* What somebody sent that is no certificate is said in words as well. */
static void
test_credential (void)
{
  g_autoptr(RtNode) node = rt_node_new ();
  static const guint8 garbage[] = { 9, 9, 9, 9 };
  g_autoptr(RtRefusal) refusal = NULL;
  g_autoptr(RtEvent) event = NULL;

  refuse (node, 1, 4000, DRT_E_INVALID_CERT_CHAIN, garbage, sizeof garbage, 10);
  refusal = get (node, 0);
  g_assert_cmpstr (rt_refusal_get_title (refusal), ==, drt_chain_reason_title (DRT_REASON_NOT_A_CERTIFICATE));
  g_assert_cmpmem (g_bytes_get_data (rt_refusal_get_credential (refusal), NULL), 4, garbage, 4);

  event = g_list_model_get_item (rt_node_get_events (node), 0);
  g_assert_true (rt_event_is_about_certificate (event));
  g_assert_true (rt_event_get_refusal (event) == refusal);
}

/* The one that was silent longest makes room, and what it sent is gone, also for
 * the journal. */
static void
test_bound (void)
{
  g_autoptr(RtNode) node = rt_node_new ();
  static const guint8 garbage[] = { 9 };
  g_autoptr(RtRefusal) oldest = NULL;
  g_autoptr(RtRefusal) kept = NULL;

  for (guint8 i = 0; i < RT_NODE_MAX_REFUSALS; i++)
    refuse (node, i, 4000, DRT_E_INVALID_CERT_CHAIN, garbage, sizeof garbage, 100 + i);
  g_assert_cmpuint (count (node), ==, RT_NODE_MAX_REFUSALS);
  kept = get (node, 0);
  oldest = get (node, 1);
  refuse (node, 0, 4000, DRT_E_INVALID_CERT_CHAIN, garbage, sizeof garbage, 1000);
  refuse (node, 200, 4000, DRT_E_INVALID_CERT_CHAIN, garbage, sizeof garbage, 1001);
  g_assert_cmpuint (count (node), ==, RT_NODE_MAX_REFUSALS);
  g_assert_cmpuint (rt_refusal_get_count (kept), ==, 2);
  g_assert_nonnull (rt_refusal_get_credential (kept));
  g_assert_null (rt_refusal_get_credential (oldest));
}

/* One who tries again and again is counted, and told of once a minute. */
static void
test_journal (void)
{
  g_autoptr(RtNode) node = rt_node_new ();
  g_autoptr(RtEvent) event = NULL;
  g_autoptr(RtRefusal) refusal = NULL;

  for (guint i = 0; i < 100; i++)
    refuse (node, 1, 4000, DRT_E_INVALID_CERT_CHAIN, NULL, 0, (1 + i) * G_USEC_PER_SEC);
  refusal = get (node, 0);
  g_assert_cmpuint (rt_refusal_get_count (refusal), ==, 100);
  g_assert_cmpuint (g_list_model_get_n_items (rt_node_get_events (node)), ==, 2);
  event = g_list_model_get_item (rt_node_get_events (node), 0);
  g_assert_nonnull (strstr (rt_event_get_text (event), rt_refusal_get_title (refusal)));
}

/* The next run begins with nobody refused. */
static void
test_begin (void)
{
  g_autoptr(RtNode) node = rt_node_new ();

  refuse (node, 1, 4000, DRT_E_INVALID_CERT_CHAIN, NULL, 0, 10);
  rt_node_begin (node);
  g_assert_cmpuint (count (node), ==, 0);
  rt_node_end (node);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/refusals/counts", test_counts);
  g_test_add_func ("/refusals/credential", test_credential);
  g_test_add_func ("/refusals/bound", test_bound);
  g_test_add_func ("/refusals/journal", test_journal);
  g_test_add_func ("/refusals/begin", test_begin);
  return g_test_run ();
}
