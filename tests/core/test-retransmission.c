/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is sent again and when, and what an answer is good for that comes late
 * ([MC-DRT] §3.1.6.2, §3.2.6.3). */

#include "core-testing.h"

#include <string.h>

/* --- The Pending List --- */

static DrtPending *
new_pending (guint32 id,
             gint64  failure)
{
  DrtPending *pending = g_new0 (DrtPending, 1);

  pending->id = id;
  pending->late = pending->lost = pending->resend = G_MAXINT64;
  pending->failure = failure;
  return pending;
}

/* Against a list that is searched from end to end. */
static void
test_pending_list (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autoptr (GPtrArray) plain = g_ptr_array_new ();
  DrtPendingList list = { 0 };

  drt_pending_list_init (&list);
  for (guint i = 0; i < 20000; i++)
    {
      guint32 id = g_rand_int (rand) | 1;
      gint64 deadline = G_MAXINT64;

      if (g_rand_int_range (rand, 0, 1000) > (gint32) plain->len && drt_pending_list_find (&list, id) == NULL)
        {
          DrtPending *pending = new_pending (id, g_rand_int_range (rand, 0, 5000));

          drt_pending_list_add (&list, pending);
          g_ptr_array_add (plain, pending);
          g_assert_true (drt_pending_list_get_newest (&list) == pending || i % 64 != 0);
        }
      else if (plain->len > 0)
        {
          guint at = (guint) g_rand_int_range (rand, 0, (gint32) plain->len);
          DrtPending *pending = g_ptr_array_index (plain, at);

          if (i % 3 == 0)
            {
              pending->late = g_rand_int_range (rand, 0, 5000);
              drt_pending_list_schedule (&list, pending);
            }
          else
            {
              g_assert_true (drt_pending_list_steal (&list, pending->id) == pending);
              g_ptr_array_remove_index_fast (plain, at);
              drt_pending_free (pending);
            }
        }
      for (guint j = 0; j < plain->len; j++)
        {
          const DrtPending *pending = g_ptr_array_index (plain, j);

          deadline = MIN (deadline, MIN (pending->late, pending->failure));
        }
      g_assert_cmpint (drt_pending_list_deadline (&list), ==, deadline);
      g_assert_cmpuint (drt_pending_list_count (&list, DRT_PENDING_SOLICIT), ==, plain->len);
    }
  for (guint j = 0; j < plain->len; j++)
    {
      DrtPending *pending = g_ptr_array_index (plain, j);

      g_assert_true (drt_pending_list_find (&list, pending->id) == pending);
    }
  drt_pending_list_empty (&list);
  g_assert_cmpint (drt_pending_list_deadline (&list), ==, G_MAXINT64);
  g_assert_cmpuint (drt_pending_list_count (&list, DRT_PENDING_SOLICIT), ==, 0);
  drt_pending_list_clear (&list);
}

/* --- The estimate --- */

static void
test_round_trip (void)
{
  DrtRoundTrip round_trip = DRT_ROUND_TRIP_UNKNOWN;
  gint64 before;

  g_assert_cmpint (drt_round_trip_timeout (&round_trip, 50, 1000), ==, 1000);
  drt_round_trip_measure (&round_trip, 100, DRT_ROUND_TRIP_OF_PEER);
  g_assert_cmpint (drt_round_trip_timeout (&round_trip, 50, 1000), ==, 300);   /* RFC 6298, 2.2 */
  for (guint i = 0; i < 60; i++)
    drt_round_trip_measure (&round_trip, 100, DRT_ROUND_TRIP_OF_PEER);
  g_assert_cmpint (drt_round_trip_timeout (&round_trip, 50, 1000), <=, 112);
  g_assert_cmpint (drt_round_trip_timeout (&round_trip, 500, 1000), ==, 500);
  for (guint i = 0; i < 60; i++)
    drt_round_trip_measure (&round_trip, i % 2 == 0 ? 100 : 300, DRT_ROUND_TRIP_OF_PEER);
  g_assert_cmpint (drt_round_trip_timeout (&round_trip, 50, 10000), >=, 400);

  /* Nothing takes it beyond its bound, nor below zero. */
  for (guint i = 0; i < 60; i++)
    {
      before = drt_round_trip_timeout (&round_trip, 50, 1000);
      drt_round_trip_back_off (&round_trip, 50, 1000);
      g_assert_cmpint (drt_round_trip_timeout (&round_trip, 50, 1000), >=, before);
    }
  g_assert_cmpint (drt_round_trip_timeout (&round_trip, 50, 1000), >=, 996);
  drt_round_trip_measure (&round_trip, G_MAXINT64, DRT_ROUND_TRIP_OF_PEER);
  g_assert_cmpint (drt_round_trip_timeout (&round_trip, 50, 1000), ==, 1000);
  drt_round_trip_measure (&round_trip, -5, DRT_ROUND_TRIP_OF_MANY);
  g_assert_cmpint (drt_round_trip_timeout (&round_trip, 50, 1000), ==, 1000);
}

/* --- On the wire --- */

typedef struct
{
  gint64 time;
  GBytes *bytes;
} Sent;

typedef struct
{
  guint from;                    /* of this node … */
  DrtMessageType type;           /* … messages of this type are listened to … */
  gboolean lose;                 /* … and lost */
  GArray *sent;                  /* of Sent */
} Ear;

static void
clear_sent (gpointer data)
{
  g_bytes_unref (((Sent *) data)->bytes);
}

static gboolean
listen_cb (VirtualMesh       *mesh,
           VirtualNode       *from,
           const DrtEndpoint *to,
           const guint8      *bytes,
           gsize              length,
           gpointer           data)
{
  Ear *ear = data;
  Sent sent = { mesh->lab->now };

  if (from->index != ear->from || bytes[7] != ear->type)
    return TRUE;
  sent.bytes = g_bytes_new (bytes, length);
  g_array_append_val (ear->sent, sent);
  return !ear->lose;
}

static void
listen_to (VirtualMesh    *mesh,
           Ear            *ear,
           guint           from,
           DrtMessageType  type,
           gboolean        lose)
{
  *ear = (Ear) { from, type, lose, g_array_new (FALSE, FALSE, sizeof (Sent)) };
  g_array_set_clear_func (ear->sent, clear_sent);
  mesh->filter = listen_cb;
  mesh->filter_data = ear;
}

static const Sent *
heard (const Ear *ear,
       guint      i)
{
  g_assert_cmpuint (i, <, ear->sent->len);
  return &g_array_index (ear->sent, Sent, i);
}

/* Of nobody anything is known: a second each, byte for byte the same message. */
static void
test_as_written (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (1);
  VirtualNode *dead = virtual_mesh_add (mesh), *node = virtual_mesh_add (mesh);
  Ear ear;

  virtual_node_kill (dead);
  virtual_node_knows (node, dead);
  listen_to (mesh, &ear, 1, DRT_MESSAGE_SOLICIT, FALSE);
  virtual_node_open (node);
  core_run (mesh, 5 * SECOND);
  g_assert_cmpuint (ear.sent->len, ==, 2);
  g_assert_cmpint (heard (&ear, 1)->time - heard (&ear, 0)->time, ==, SECOND);
  g_assert_true (g_bytes_equal (heard (&ear, 0)->bytes, heard (&ear, 1)->bytes));
  g_assert_cmpuint (node->node->counters.requests_failed, ==, 1);
  g_assert_cmpuint (node->node->syncs->len, ==, 0);
  g_array_unref (ear.sent);
}

/* A peer that answers in milliseconds is asked again after 250 of them; the verdict
 * has its two seconds all the same. */
static void
test_fast_peer (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey ka = core_small_key (0x20);
  DrtFloodContent content = { 0 };
  g_autoptr (DrtEntry) own = NULL;
  Ear ear;

  mesh->delay_min = mesh->delay_max = 500;
  core_run (mesh, 30 * SECOND);
  listen_to (mesh, &ear, b->index, DRT_MESSAGE_FLOOD, TRUE);
  own = drt_keys_make_entry (b->node, drt_keys_get (b->node, 0));
  content.entry = own;
  drt_flood_send_to (b->node, mesh->now, drt_cache_find (&b->node->cache, &ka), &content);
  core_run (mesh, 1900 * 1000);
  g_assert_cmpuint (ear.sent->len, ==, 2);
  g_assert_cmpint (heard (&ear, 1)->time - heard (&ear, 0)->time, ==, DRT_RESEND_TIME_LONG);
  g_assert_true (g_bytes_equal (heard (&ear, 0)->bytes, heard (&ear, 1)->bytes));
  g_assert_nonnull (drt_cache_find (&b->node->cache, &ka));
  core_run (mesh, 200 * 1000);
  g_assert_null (drt_cache_find (&b->node->cache, &ka));   /* §3.2.6.3 */
  g_array_unref (ear.sent);
}

/* A program that does not come to its socket for a second and a half is not dead,
 * and what it says then counts. */
static void
test_hiccup (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey ka = core_small_key (0x20);
  VirtualSearch search;
  gint64 begun;

  mesh->delay_min = mesh->delay_max = 500;
  core_run (mesh, 30 * SECOND);
  mesh->delay_min = mesh->delay_max = 750 * 1000;
  begun = mesh->now;
  virtual_search_exact (b, &ka, &search);
  g_assert_cmpuint (search.n_found, ==, 1);
  g_assert_cmpuint (search.hops[0].flags & DRT_ADDRESS_FLAG_UNREACHABLE, ==, 0);
  g_assert_cmpint (search.hops[0].latency, ==, 1500 * 1000);
  g_assert_cmpint (mesh->now - begun, <=, 3001 * 1000);
  virtual_search_clear (&search);
  core_run (mesh, 60 * SECOND);
  g_assert_nonnull (drt_cache_find (&b->node->cache, &ka));
  g_assert_nonnull (drt_cache_find (&a->node->cache, &(DrtKey) { .b = { [31] = 0x90 } }));
  g_assert_cmpuint (a->n_status_events + b->n_status_events, <=, 3);
}

/* Who answers an announcement later than usual knows the key all the same. */
static void
test_late_announcement (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey key = core_small_key (0x55);

  mesh->delay_min = mesh->delay_max = 500;
  core_run (mesh, 31 * SECOND);
  mesh->delay_min = mesh->delay_max = 100 * 1000;
  virtual_node_register (b, &key, "late");
  g_assert_false (drt_keys_find (b->node, &key)->announced);
  core_run (mesh, SECOND);
  g_assert_true (drt_keys_find (b->node, &key)->announced);
}

static gboolean
swallow_cb (VirtualMesh       *mesh,
            VirtualNode       *from,
            const DrtEndpoint *to,
            const guint8      *bytes,
            gsize              length,
            gpointer           data)
{
  return mesh->lab->now >= *(const gint64 *) data;
}

/* A network that is away for a second and comes back costs no search, though the
 * sends of the first attempts are close to one another. */
static void
test_outage (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  DrtKey ka = core_small_key (0x20);
  VirtualSearch search;
  gint64 until;

  mesh->delay_min = mesh->delay_max = 500;
  core_run (mesh, 30 * SECOND);
  until = mesh->now + SECOND + SECOND / 4;
  mesh->filter = swallow_cb;
  mesh->filter_data = &until;
  virtual_search_exact (b, &ka, &search);
  g_assert_cmpuint (search.n_found, ==, 1);
  g_assert_cmpint (mesh->now, <, until + SECOND);
  virtual_search_clear (&search);
}

/* One INQUIRE that goes unanswered is no proof of death; two in a row are. */
static void
test_one_failure_is_none (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  g_autoptr (CoreWire) wire = core_wire_listen (mesh);
  DrtKey ka = core_small_key (0x20);

  core_run (mesh, 5 * SECOND);
  wire->lose = DRT_MESSAGE_INQUIRE;
  wire->n_lose = 2;
  g_assert_true (drt_node_inquire_entry (b->node, mesh->now, &ka));
  core_run (mesh, 2500 * 1000);
  g_assert_cmpuint (b->node->counters.requests_failed, ==, 1);
  g_assert_nonnull (drt_cache_find (&b->node->cache, &ka));
  g_assert_cmpuint (drt_cache_find (&b->node->cache, &ka)->n_unanswered, ==, 0);   /* it has answered the next */

  virtual_node_kill (a);
  g_assert_true (drt_node_inquire_entry (b->node, mesh->now, &ka));
  core_run (mesh, 4500 * 1000);
  g_assert_null (drt_cache_find (&b->node->cache, &ka));
}

/* That nobody waits for the answer any more makes its absence no better sign. */
static void
test_abandoned (void)
{
  VirtualNode *a, *b;
  g_autoptr (VirtualMesh) mesh = core_pair (&a, &b);
  g_autoptr (CoreWire) wire = NULL;
  DrtKey ka = core_small_key (0x20);
  DrtResolveQuery query = { .target = core_small_key (0x2f), .max_matches = 1, .timeout = 60 * SECOND };
  DrtResolve *resolve;

  memset (&query.maximum, 0xff, sizeof query.maximum);
  core_run (mesh, 5 * SECOND);
  virtual_node_kill (a);
  wire = core_wire_listen (mesh);
  resolve = drt_node_resolve_start (b->node, mesh->now, &query, NULL, NULL);
  drt_node_advance (b->node, mesh->now);
  g_assert_cmpuint (core_wire_count (wire, 1, DRT_MESSAGE_LOOKUP), ==, 1);
  drt_node_resolve_end (b->node, mesh->now, resolve);
  virtual_node_touch (b);
  core_run (mesh, 2200 * 1000);
  g_assert_cmpuint (drt_cache_find (&b->node->cache, &ka)->n_unanswered, ==, 1);
  g_assert_cmpuint (core_wire_count (wire, 1, DRT_MESSAGE_INQUIRE), >=, 1);
  core_run (mesh, 2200 * 1000);
  g_assert_null (drt_cache_find (&b->node->cache, &ka));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/retransmission/pending-list", test_pending_list);
  g_test_add_func ("/retransmission/round-trip", test_round_trip);
  g_test_add_func ("/retransmission/as-written", test_as_written);
  g_test_add_func ("/retransmission/fast-peer", test_fast_peer);
  g_test_add_func ("/retransmission/hiccup", test_hiccup);
  g_test_add_func ("/retransmission/late-announcement", test_late_announcement);
  g_test_add_func ("/retransmission/outage", test_outage);
  g_test_add_func ("/retransmission/one-failure-is-none", test_one_failure_is_none);
  g_test_add_func ("/retransmission/abandoned", test_abandoned);
  return g_test_run ();
}
