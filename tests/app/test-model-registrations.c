/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model-testing.h"
#include "rt-node-private.h"
#include "rt-registration-private.h"

#include <drt-glib.h>

static RtRegistration *
add (RtNode *node, guint8 first, const char *name)
{
  g_autoptr(GBytes) payload = g_bytes_new_static ("payload", 7);
  g_autoptr(GError) error = NULL;
  DrtKey key = test_key (first, 0);
  RtRegistration *registration = rt_node_register (node, &key, payload, name, &error);

  g_assert_no_error (error);
  return registration;
}

static void
assert_refused (RtNode *node, guint8 first, gsize size, HRESULT hr)
{
  g_autofree guint8 *data = g_malloc0 (MAX (size, 1));
  g_autoptr(GBytes) payload = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  DrtKey key = test_key (first, 0);

  g_assert_null (rt_node_register (node, &key, payload, NULL, &error));
  g_assert_error (error, DRT_ERROR, hr);
}

static void
test_list (void)
{
  RtNode *node = rt_node_new ();
  RtRegistration *registration;
  DrtKey key = test_key (1, 0);
  ListWatch watch;

  list_watch_init (&watch, rt_node_get_registrations (node));
  registration = add (node, 1, "One");
  list_watch_expect (&watch, 1, 0, 1);
  g_assert_true (rt_node_find_registration (node, &key) == registration);
  g_assert_cmpstr (rt_registration_get_name (registration), ==, "One");
  g_assert_cmpint (rt_registration_get_state (registration), ==, RT_REGISTRATION_OFFLINE);
  g_assert_cmpuint (rt_registration_get_payload_size (registration), ==, 7);

  assert_refused (node, 1, 10, DRT_E_DUPLICATE_KEY);
  assert_refused (node, 2, 0, E_INVALIDARG);
  assert_refused (node, 2, DRT_MAX_PAYLOAD_SIZE + 1, E_INVALIDARG);
  list_watch_expect (&watch, 0, 0, 0);

  rt_node_unregister (node, registration);
  list_watch_expect (&watch, 1, 1, 0);
  g_assert_null (rt_node_find_registration (node, &key));
  list_watch_clear (&watch);
  g_assert_finalize_object (node);
}

static void
test_payload (void)
{
  RtNode *node = rt_node_new ();
  RtRegistration *registration = add (node, 1, NULL);
  g_autoptr(GBytes) same = g_bytes_new_static ("payload", 7);
  g_autoptr(GBytes) as_long = g_bytes_new_static ("PAYLOAD", 7);
  g_autoptr(GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr(GError) error = NULL;
  NotifyWatch payload, size;

  notify_watch_init (&payload, registration, "payload");
  notify_watch_init (&size, registration, "payload-size");
  g_assert_true (rt_node_update_payload (node, registration, same, NULL));
  notify_watch_expect (&payload, 0);
  g_assert_true (rt_node_update_payload (node, registration, as_long, NULL));
  notify_watch_expect (&payload, 1);
  notify_watch_expect (&size, 0);
  g_assert_false (rt_node_update_payload (node, registration, empty, &error));
  g_assert_error (error, DRT_ERROR, E_INVALIDARG);
  notify_watch_expect (&payload, 0);
  notify_watch_clear (&payload);
  notify_watch_clear (&size);
  g_assert_finalize_object (node);
}

static RtNeighbour *
no_neighbour (gpointer data, const DrtKey *key)
{
  return NULL;
}

/* below and above: of the keys from 0x80 down, and from 0x81 up */
static void
observe (RtRegistration *registration, guint n_below, guint n_above, gboolean announced, guint n_neighbours)
{
  DrtObservedKey observed = {
    .key = *rt_registration_get_key (registration),
    .announced = announced,
    .n_below = n_below,
    .n_above = n_above,
  };

  for (guint i = 0; i < n_below; i++)
    observed.below[i] = test_key ((guint8) (0x80 - i), 0);
  for (guint i = 0; i < n_above; i++)
    observed.above[i] = test_key ((guint8) (0x81 + i), 0);
  rt_registration_observe (registration, &observed, n_neighbours, no_neighbour, NULL);
}

static void
test_states (void)
{
  static const struct { guint n_below, n_above; gboolean announced; guint n_neighbours; RtRegistrationState state; } cases[] = {
    { 0, 0, FALSE, 0, RT_REGISTRATION_REGISTERING },
    { 5, 5, FALSE, 16, RT_REGISTRATION_REGISTERING },
    { 0, 0, TRUE, 0, RT_REGISTRATION_FILLING },
    { 3, 2, TRUE, 16, RT_REGISTRATION_FILLING },
    { 5, 5, TRUE, 16, RT_REGISTRATION_REGISTERED },
    { 2, 1, TRUE, 3, RT_REGISTRATION_REGISTERED },
    { 2, 1, TRUE, 4, RT_REGISTRATION_FILLING },
  };
  g_autoptr(GBytes) payload = g_bytes_new_static ("x", 1);
  DrtKey key = test_key (0x80, 0x80);
  RtRegistration *registration = rt_registration_new (&key, payload, NULL);

  rt_registration_set_state (registration, RT_REGISTRATION_REGISTERING);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      observe (registration, cases[i].n_below, cases[i].n_above, cases[i].announced, cases[i].n_neighbours);
      g_assert_cmpint (rt_registration_get_state (registration), ==, cases[i].state);
    }
  /* The last one, told of a neighbour that has gone. */
  rt_registration_set_n_neighbours (registration, 3);
  g_assert_cmpint (rt_registration_get_state (registration), ==, RT_REGISTRATION_REGISTERED);

  /* What is being revoked does not come back. */
  rt_registration_set_state (registration, RT_REGISTRATION_REVOKING);
  observe (registration, 5, 5, TRUE, 16);
  g_assert_cmpint (rt_registration_get_state (registration), ==, RT_REGISTRATION_REVOKING);
  g_assert_finalize_object (registration);
}

static void
test_leaves (void)
{
  g_autoptr(GBytes) payload = g_bytes_new_static ("x", 1);
  DrtKey key = test_key (0x80, 0x80);
  RtRegistration *registration = rt_registration_new (&key, payload, NULL);
  ListWatch watch;
  NotifyWatch below;

  list_watch_init (&watch, rt_registration_get_leaves (registration));
  notify_watch_init (&below, registration, "n-below");
  observe (registration, 2, 3, TRUE, 5);
  list_watch_expect (&watch, 1, 0, 5);
  notify_watch_expect (&below, 1);
  for (guint i = 0; i < 5; i++)
    {
      static const int positions[] = { -2, -1, 1, 2, 3 };
      static const guint8 firsts[] = { 0x7f, 0x80, 0x81, 0x82, 0x83 };
      g_autoptr(RtLeaf) leaf = g_list_model_get_item (rt_registration_get_leaves (registration), i);

      g_assert_cmpint (rt_leaf_get_position (leaf), ==, positions[i]);
      g_assert_cmpuint (rt_leaf_get_key (leaf)->b[DRT_KEY_SIZE - 1], ==, firsts[i]);
    }

  /* The same again, then one more at the end, then one less at the beginning. */
  observe (registration, 2, 3, TRUE, 5);
  list_watch_expect (&watch, 0, 0, 0);
  observe (registration, 2, 4, TRUE, 5);
  list_watch_expect (&watch, 1, 0, 1);
  observe (registration, 1, 4, TRUE, 5);
  list_watch_expect (&watch, 1, 1, 0);
  notify_watch_expect (&below, 1);
  rt_registration_clear_leaves (registration);
  list_watch_expect (&watch, 1, 5, 0);
  g_assert_cmpuint (rt_registration_get_n_above (registration), ==, 0);

  notify_watch_clear (&below);
  list_watch_clear (&watch);
  g_assert_finalize_object (registration);
}

/* A leaf knows its route entry while it is cached. */
static void
test_leaf_neighbours (void)
{
  RtNode *node = rt_node_new ();
  RtRegistration *registration;
  DrtObservedKey observed = { .announced = TRUE, .n_above = 1 };
  TestEntry entry;
  g_autoptr(RtLeaf) leaf = NULL;
  NotifyWatch watch;

  rt_node_begin (node);
  registration = add (node, 0x10, NULL);
  rt_registration_set_state (registration, RT_REGISTRATION_REGISTERING);
  observed.key = *rt_registration_get_key (registration);
  observed.above[0] = test_key (0x20, 0);
  rt_node_feed_key (node, DRT_OBSERVED_CHANGED, &observed);
  leaf = g_list_model_get_item (rt_registration_get_leaves (registration), 0);
  g_assert_null (rt_leaf_get_neighbour (leaf));
  g_assert_cmpint (rt_registration_get_state (registration), ==, RT_REGISTRATION_REGISTERED);

  notify_watch_init (&watch, leaf, "neighbour");
  test_entry_init (&entry, &observed.above[0]);
  rt_node_feed_entry (node, DRT_OBSERVED_ADDED, &entry.entry);
  notify_watch_expect (&watch, 1);
  g_assert_true (rt_leaf_get_neighbour (leaf) == rt_node_find_neighbour (node, &observed.above[0]));
  rt_node_feed_entry (node, DRT_OBSERVED_REMOVED, &entry.entry);
  notify_watch_expect (&watch, 1);
  g_assert_null (rt_leaf_get_neighbour (leaf));
  notify_watch_clear (&watch);

  /* Closing keeps the key and forgets the rest. */
  rt_node_end (node);
  g_assert_cmpint (rt_registration_get_state (registration), ==, RT_REGISTRATION_OFFLINE);
  g_assert_cmpuint (g_list_model_get_n_items (rt_registration_get_leaves (registration)), ==, 0);
  g_assert_finalize_object (node);
}

static void
test_revoking (void)
{
  RtNode *node = rt_node_new ();
  RtRegistration *registration = add (node, 0x10, NULL);
  DrtObservedKey observed = { .key = *rt_registration_get_key (registration) };
  ListWatch watch;

  list_watch_init (&watch, rt_node_get_registrations (node));
  /* A key that goes without our asking stays in the list. */
  rt_node_feed_key (node, DRT_OBSERVED_REMOVED, &observed);
  list_watch_expect (&watch, 0, 0, 0);
  rt_registration_set_state (registration, RT_REGISTRATION_REVOKING);
  rt_node_feed_key (node, DRT_OBSERVED_REMOVED, &observed);
  list_watch_expect (&watch, 1, 1, 0);

  /* Undo while the mesh is still being told: the successor takes its place. */
  registration = add (node, 0x10, "first");
  rt_registration_set_state (registration, RT_REGISTRATION_REVOKING);
  registration = add (node, 0x10, "second");
  list_watch_expect (&watch, 3, 1, 2);
  rt_node_feed_key (node, DRT_OBSERVED_REMOVED, &observed);
  list_watch_expect (&watch, 0, 0, 0);
  g_assert_cmpstr (rt_registration_get_name (registration), ==, "second");
  list_watch_clear (&watch);
  g_assert_finalize_object (node);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/registrations/list", test_list);
  g_test_add_func ("/model/registrations/payload", test_payload);
  g_test_add_func ("/model/registrations/states", test_states);
  g_test_add_func ("/model/registrations/leaves", test_leaves);
  g_test_add_func ("/model/registrations/leaf-neighbours", test_leaf_neighbours);
  g_test_add_func ("/model/registrations/revoking", test_revoking);
  return g_test_run ();
}
