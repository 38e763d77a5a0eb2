/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the laboratory is made of: time, the network, the ring it compares with. */

#include "lab-churn.h"
#include "lab-ring.h"

#include "drt-node-private.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

/* --- The schedule --- */

/* Against a plain table that is searched from end to end. */
static void
test_schedule (void)
{
  g_autoptr (LabSchedule) schedule = lab_schedule_new ();
  gint64 table[200];
  gint64 now = 0;

  g_assert_cmpint (lab_schedule_get_next (schedule, NULL), ==, G_MAXINT64);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    table[i] = G_MAXINT64;
  for (guint turn = 0; turn < 20000; turn++)
    {
      guint id = (guint) g_test_rand_int_range (0, G_N_ELEMENTS (table)), first = 0;
      gboolean never = g_test_rand_int_range (0, 4) == 0;

      table[id] = never ? G_MAXINT64 : now + g_test_rand_int_range (0, 50);
      lab_schedule_set (schedule, id, table[id]);
      for (guint i = 1; i < G_N_ELEMENTS (table); i++)
        if (table[i] < table[first])
          first = i;
      g_assert_cmpint (lab_schedule_get_next (schedule, &id), ==, table[first]);
      if (table[first] == G_MAXINT64)
        continue;
      g_assert_cmpuint (id, ==, first);
      if (turn % 3 == 0)
        {
          now = table[first];
          table[first] = G_MAXINT64;
          lab_schedule_set (schedule, first, G_MAXINT64);
        }
    }
}

/* --- The network --- */

static void
test_arrivals (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  DrtEndpoint from = { .port = 5000 };
  LabNetwork network;
  gint64 last = 0;

  lab_network_init (&network, random);
  g_assert_cmpint (lab_network_get_next (&network), ==, G_MAXINT64);
  for (guint i = 0; i < 3000; i++)
    {
      guint8 bytes[4000];
      gsize length = (gsize) g_rand_int_range (random, 1, sizeof bytes);

      memset (bytes, (int) i, length);
      network.traffic.sent++;
      lab_network_send (&network, g_rand_int_range (random, 0, 1000), &from, i, bytes, length);
      if (i % 3 == 2)
        lab_network_give_back (&network, lab_network_take (&network));
    }
  for (guint i = 0; i < 2000; i++)
    {
      LabPacket *packet;

      g_assert_cmpint (lab_network_get_next (&network), >=, last);
      packet = lab_network_take (&network);
      last = packet->arrival;
      g_assert_cmpuint (packet->bytes[0], ==, packet->to % 256);
      g_assert_cmpuint (packet->bytes[packet->length - 1], ==, packet->to % 256);
      lab_network_give_back (&network, packet);
    }
  g_assert_cmpint (lab_network_get_next (&network), ==, G_MAXINT64);
  lab_network_clear (&network);
}

static void
test_distances (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  LabDelay delay = { .median = 40000, .sigma = 0.5, .minimum = 1000, .maximum = 1000 };
  LabNetwork network;
  guint nearer = 0;

  lab_network_init (&network, random);
  lab_network_set_delay (&network, &delay);
  for (guint i = 1; i <= 2000; i++)
    {
      gint64 there = lab_network_get_delay (&network, 0, i);

      g_assert_cmpint (there, ==, lab_network_get_delay (&network, i, 0));
      g_assert_cmpint (there, >, 1000);
      nearer += there < 41000;
    }
  g_assert_cmpuint (nearer, >, 900);
  g_assert_cmpuint (nearer, <, 1100);
  lab_network_clear (&network);
}

static void
test_loss_and_cut (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  LabNetwork network;
  guint lost = 0;

  lab_network_init (&network, random);
  network.loss = 0.05;
  for (guint i = 0; i < 20000; i++)
    lost += lab_network_loses (&network, TRUE);
  g_assert_cmpuint (lost, >, 900);
  g_assert_cmpuint (lost, <, 1100);
  network.loss = 0;
  network.cut = TRUE;
  g_assert_false (lab_network_loses (&network, TRUE));
  g_assert_true (lab_network_loses (&network, FALSE));
  g_assert_cmpuint (network.traffic.lost, ==, lost + 1);
  lab_network_clear (&network);
}

/* --- The mesh --- */

static void
grow (LabMesh *mesh,
      guint    n)
{
  for (guint i = 0; i < n; i++)
    {
      lab_mesh_join (mesh);
      lab_mesh_run_until (mesh, mesh->now + SECOND / 4);
    }
  g_assert_true (lab_ring_await (mesh, SECOND, 120 * SECOND));
}

/* What is measured sees what is wrong: a death, a revoked key, a newcomer. */
static void
test_ring (void)
{
  g_autoptr (LabMesh) mesh = lab_mesh_new (4);
  LabNode *victim;
  LabRing ring;

  grow (mesh, 40);
  lab_ring_measure (mesh, 0, &ring);
  g_assert_cmpuint (ring.n_keys, ==, 40);
  g_assert_cmpuint (ring.n_right, ==, 40);
  g_assert_cmpuint (ring.n_joined, ==, 40);

  victim = lab_mesh_pick (mesh);
  lab_node_kill (victim);
  lab_ring_measure (mesh, 0, &ring);
  g_assert_cmpuint (ring.n_keys, ==, 39);
  g_assert_cmpuint (ring.n_right, ==, 29);
  g_assert_cmpuint (ring.n_joined, ==, 37);
  g_assert_true (lab_ring_await (mesh, SECOND, 300 * SECOND));

  lab_node_restart (victim);
  lab_ring_measure (mesh, 0, &ring);
  g_assert_cmpuint (ring.n_right, ==, 29);
  /* Whoever is too young to be known is not missed. */
  lab_ring_measure (mesh, SECOND, &ring);
  g_assert_cmpuint (ring.n_keys, ==, 39);
  g_assert_cmpuint (ring.n_right, ==, 39);
  g_assert_true (lab_ring_await (mesh, SECOND, 60 * SECOND));

  lab_node_close (victim);
  lab_mesh_run_until (mesh, mesh->now + 10 * SECOND);
  lab_ring_measure (mesh, 0, &ring);
  g_assert_cmpuint (ring.n_right, ==, 39);
}

/* A search counts while its publisher lives, and not else. */
static void
test_tally (void)
{
  g_auto (LabTally) tally = { 0 };
  g_autoptr (LabMesh) mesh = lab_mesh_new (5);
  LabNode *seeker, *publisher;
  DrtKey own;

  lab_tally_init (&tally);
  grow (mesh, 30);
  seeker = lab_mesh_get (mesh, 3);
  publisher = lab_mesh_get (mesh, 17);

  lab_search_start (seeker, publisher, &tally);
  g_assert_true (lab_searches_run (mesh, 0, 1, &tally));
  g_assert_cmpuint (tally.found, ==, 1);

  /* What is found is somebody else's: the key is not the one he publishes. */
  own = publisher->key;
  publisher->key = lab_mesh_get (mesh, 18)->key;
  lab_search_start (seeker, publisher, &tally);
  g_assert_true (lab_searches_run (mesh, 0, 1, &tally));
  publisher->key = own;
  g_assert_cmpuint (tally.wrong, ==, 1);
  g_assert_cmpuint (tally.found, ==, 1);

  lab_node_kill (publisher);
  lab_search_start (seeker, publisher, &tally);
  lab_searches_run (mesh, 0, 1, &tally);
  g_assert_cmpuint (tally.counted, ==, 2);
  g_assert_cmpuint (tally.abandoned, ==, 1);

  lab_search_start (seeker, lab_mesh_get (mesh, 18), &tally);
  lab_node_kill (seeker);
  g_assert_cmpuint (tally.under_way, ==, 0);
  g_assert_cmpuint (tally.abandoned, ==, 2);
  g_assert_cmpuint (tally.missed, ==, 0);
}

/* Nine who are gone, one after the other nearest to what is sought, and the tenth
 * leads there all the same. */
static void
test_many_dead (void)
{
  g_auto (LabTally) tally = { 0 };
  g_autoptr (LabMesh) mesh = lab_mesh_new (9);
  LabNode *seeker, *publisher;
  DrtEntry *near[9];

  lab_tally_init (&tally);
  grow (mesh, 40);
  seeker = lab_mesh_get (mesh, 3);
  publisher = lab_mesh_get (mesh, 17);
  drt_node_drop_entry (seeker->core, mesh->now, &publisher->key);
  g_assert_cmpuint (drt_cache_nearest (&seeker->core->cache, &publisher->key, NULL, NULL, near, 9), ==, 9);
  for (guint i = 0; i < 9; i++)
    lab_node_kill (lab_mesh_find (mesh, &near[i]->addresses[0]));
  lab_search_start (seeker, publisher, &tally);
  lab_searches_run (mesh, 0, 1, &tally);
  g_assert_cmpuint (tally.found, ==, 1);
}

/* Nothing passes a cut, and each half closes its own ring. */
static void
test_halves (void)
{
  g_auto (LabTally) tally = { 0 };
  g_autoptr (LabMesh) mesh = lab_mesh_new (6);

  lab_tally_init (&tally);
  grow (mesh, 24);
  for (guint i = 0; i < 24; i++)
    lab_mesh_get (mesh, i)->side = i % 2;
  mesh->network.cut = TRUE;
  lab_search_start (lab_mesh_get (mesh, 0), lab_mesh_get (mesh, 2), &tally);
  lab_searches_run (mesh, 0, 1, &tally);
  g_assert_cmpuint (tally.found, ==, 1);
  lab_search_start (lab_mesh_get (mesh, 0), lab_mesh_get (mesh, 1), &tally);
  lab_searches_run (mesh, 0, 1, &tally);
  g_assert_cmpuint (tally.missed, ==, 1);
}

static void
test_churn (void)
{
  g_auto (LabTally) tally = { 0 };
  g_autoptr (LabMesh) mesh = lab_mesh_new (8);
  g_auto (LabChurn) churn = { 0 };

  lab_tally_init (&tally);
  grow (mesh, 50);
  lab_churn_init (&churn, mesh, 600 * SECOND);
  g_assert_true (lab_churn_run (&churn, 600 * SECOND, SECOND, &tally));
  /* Fifty deaths are to be expected, give or take three times seven. */
  g_assert_cmpuint (churn.n_deaths, >, 29);
  g_assert_cmpuint (churn.n_deaths, <, 71);
  g_assert_cmpuint (lab_mesh_count (mesh), ==, 50);
  g_assert_cmpuint (mesh->nodes->len, ==, 50 + churn.n_deaths);
  g_assert_cmpuint (tally.started, >, 500);
}

/* Time goes on although a core was called behind the mesh's back. */
static void
test_untold (void)
{
  g_autoptr (LabMesh) mesh = lab_mesh_new (10);
  gint64 end;

  grow (mesh, 5);
  end = mesh->now + 60 * SECOND;
  /* As if what was due now had been done meanwhile. */
  lab_schedule_set (mesh->deadlines, 2, mesh->now);
  g_assert_true (lab_mesh_run_until (mesh, end));
  g_assert_cmpint (mesh->now, ==, end);
}

static void
test_stop (void)
{
  g_autoptr (LabMesh) mesh = lab_mesh_new (8);
  gint stop = 0;
  gint64 now;

  mesh->stop = &stop;
  lab_mesh_join (mesh);
  g_assert_true (lab_mesh_run_until (mesh, mesh->now + 60 * SECOND));
  stop = 1;
  now = mesh->now;
  g_assert_false (lab_mesh_run_until (mesh, mesh->now + 60 * SECOND));
  g_assert_cmpint (mesh->now, ==, now);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/schedule", test_schedule);
  g_test_add_func ("/lab/network/arrivals", test_arrivals);
  g_test_add_func ("/lab/network/distances", test_distances);
  g_test_add_func ("/lab/network/loss-and-cut", test_loss_and_cut);
  g_test_add_func ("/lab/ring", test_ring);
  g_test_add_func ("/lab/tally", test_tally);
  g_test_add_func ("/lab/many-dead", test_many_dead);
  g_test_add_func ("/lab/halves", test_halves);
  g_test_add_func ("/lab/churn", test_churn);
  g_test_add_func ("/lab/untold", test_untold);
  g_test_add_func ("/lab/stop", test_stop);
  return g_test_run ();
}
