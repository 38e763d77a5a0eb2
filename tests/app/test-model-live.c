/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model-testing.h"
#include "rt-node.h"

#include <drt-glib.h>

/* Two real nodes on ::1, seen through the models alone. */

#define PATIENCE (30 * G_USEC_PER_SEC)

typedef gboolean (*Condition) (gpointer data);

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_for (Condition condition, gpointer data)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  guint wake = g_timeout_add (20, wake_cb, NULL);

  while (!condition (data) && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (wake);
  g_assert_true (condition (data));
}

static gboolean
is_alone (gpointer data)
{
  return rt_node_get_state (data) == RT_NODE_ALONE;
}

static gboolean
is_active (gpointer data)
{
  return rt_node_get_state (data) == RT_NODE_ACTIVE;
}

static gboolean
has_counted (gpointer data)
{
  return rt_node_get_messages_in (data) > 0;
}

static gboolean
is_registered (gpointer data)
{
  return rt_registration_get_state (data) == RT_REGISTRATION_REGISTERED;
}

static gboolean
has_ended (gpointer data)
{
  return rt_search_get_state (data) != RT_SEARCH_RUNNING;
}

static gboolean
has_no_neighbour (gpointer data)
{
  return g_list_model_get_n_items (rt_node_get_neighbours (data)) == 0;
}

static gboolean
has_no_key (gpointer data)
{
  return g_list_model_get_n_items (rt_node_get_registrations (data)) == 0;
}

static RtNode *
open_node (const char *bootstrap)
{
  const char *const list[] = { bootstrap, NULL };
  g_autoptr(RtMeshSettings) settings = rt_mesh_settings_new ();
  g_autoptr(GError) error = NULL;
  RtNode *node = rt_node_new ();

  g_object_set (settings,
                "loopback-only", TRUE,
                "bootstrap-kind", bootstrap != NULL ? RT_BOOTSTRAP_LIST : RT_BOOTSTRAP_NONE,
                "bootstrap-list", list,
                NULL);
  g_assert_true (rt_node_open (node, settings, &error));
  g_assert_no_error (error);
  return node;
}

static RtRegistration *
register_key (RtNode *node, const char *text)
{
  g_autoptr(GBytes) payload = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;
  RtRegistration *registration;
  DrtKey key;

  drt_key_from_text (&key, text);
  registration = rt_node_register (node, &key, payload, text, &error);
  g_assert_no_error (error);
  return registration;
}

static void
assert_found (RtNode *node, RtRegistration *registration)
{
  g_autoptr(GError) error = NULL;
  RtSearch *search = rt_node_search (node, rt_registration_get_key (registration), RT_SEARCH_EXACT, NULL, 10000, &error);
  g_autoptr(RtSearchResult) result = NULL;

  g_assert_no_error (error);
  wait_for (has_ended, search);
  g_assert_cmpint (rt_search_get_state (search), ==, RT_SEARCH_FOUND);
  result = g_list_model_get_item (rt_search_get_results (search), 0);
  g_assert_true (rt_search_result_get_exact (result));
  g_assert_true (g_bytes_equal (rt_search_result_get_payload (result), rt_registration_get_payload (registration)));
}

/* How many keys of the scope @node finds, the nearest to @registration first. */
static guint
count_found (RtNode *node, RtRegistration *registration, const RtSearchScope *scope)
{
  g_autoptr(GError) error = NULL;
  RtSearch *search = rt_node_search (node, rt_registration_get_key (registration), RT_SEARCH_NEAREST, scope, 10000, &error);

  g_assert_no_error (error);
  wait_for (has_ended, search);
  return g_list_model_get_n_items (rt_search_get_results (search));
}

/* @own is published by @node, @other by somebody else. */
static void
assert_scopes (RtNode *node, RtRegistration *own, RtRegistration *other)
{
  RtSearchScope scope;

  rt_search_scope_init (&scope);
  g_assert_cmpuint (count_found (node, other, &scope), ==, 1);
  scope.count = 10;
  g_assert_cmpuint (count_found (node, other, &scope), ==, 2);
  scope.own = FALSE;
  g_assert_cmpuint (count_found (node, other, &scope), ==, 1);
  scope.lowest = scope.highest = *rt_registration_get_key (own);
  g_assert_cmpuint (count_found (node, own, &scope), ==, 0);
  scope.count = 1;
  scope.own = scope.any = TRUE;
  g_assert_cmpuint (count_found (node, own, &scope), ==, 1);
}

static void
assert_finalize_node (RtNode *node)
{
  g_assert_finalize_object (node);
}

static void
test_two_nodes (void)
{
  RtNode *first = open_node (NULL);
  RtNode *second;
  RtRegistration *one, *two;
  ListWatch watch;

  g_assert_cmpint (rt_node_get_state (first), ==, RT_NODE_OPENING);
  wait_for (is_alone, first);
  one = register_key (first, "One");
  list_watch_init (&watch, rt_node_get_neighbours (first));

  second = open_node (rt_node_get_endpoint (first));
  two = register_key (second, "Two");
  wait_for (is_active, first);
  wait_for (is_active, second);
  wait_for (is_registered, one);
  wait_for (is_registered, two);
  g_assert_nonnull (rt_node_find_neighbour (first, rt_registration_get_key (two)));
  g_assert_cmpuint (g_list_model_get_n_items (rt_registration_get_leaves (one)), >, 0);
  wait_for (has_counted, first);

  assert_found (first, two);
  assert_found (second, one);
  assert_scopes (first, one, two);

  /* Closed: the key stays here, offline, and leaves the mesh. */
  rt_node_close (second);
  g_assert_cmpint (rt_registration_get_state (two), ==, RT_REGISTRATION_OFFLINE);
  wait_for (has_no_neighbour, first);

  list_watch_clear (&watch);
  assert_finalize_node (second);
  assert_finalize_node (first);
}

static void
test_reopen_and_unregister (void)
{
  RtNode *node = open_node (NULL);
  RtRegistration *registration;
  g_autoptr(GError) error = NULL;

  wait_for (is_alone, node);
  registration = register_key (node, "Kept");
  rt_node_close (node);
  g_assert_cmpint (rt_node_get_state (node), ==, RT_NODE_CLOSED);
  g_assert_true (rt_node_open (node, NULL, &error));
  g_assert_no_error (error);
  wait_for (is_alone, node);
  g_assert_cmpint (rt_registration_get_state (registration), !=, RT_REGISTRATION_OFFLINE);
  g_assert_cmpint (rt_registration_get_state (registration), !=, RT_REGISTRATION_FAILED);

  rt_node_unregister (node, registration);
  wait_for (has_no_key, node);
  assert_finalize_node (node);
}

static void
test_refused (void)
{
  static const struct { const char *property; guint value; HRESULT hr; } cases[] = {
    { "port", 80, DRT_E_INVALID_PORT },
    { "max-addresses", 21, DRT_E_INVALID_MAX_ADDRESSES },
    { "max-addresses", 0, DRT_E_INVALID_MAX_ADDRESSES },
    { "protocol-major", 256, E_INVALIDARG },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(RtMeshSettings) settings = rt_mesh_settings_new ();
      g_autoptr(GError) error = NULL;
      RtNode *node = rt_node_new ();

      g_object_set (settings, "loopback-only", TRUE, cases[i].property, cases[i].value, NULL);
      g_assert_false (rt_node_open (node, settings, &error));
      g_assert_error (error, DRT_ERROR, cases[i].hr);
      g_assert_error (rt_node_get_open_error (node), DRT_ERROR, cases[i].hr);
      g_assert_cmpint (rt_node_get_state (node), ==, RT_NODE_CLOSED);
      g_assert_cmpuint (g_list_model_get_n_items (rt_node_get_events (node)), ==, 1);
      assert_finalize_node (node);
    }
}

static void
test_occupied_port (void)
{
  RtNode *first = open_node (NULL);
  RtNode *second = rt_node_new ();
  g_autoptr(RtMeshSettings) settings = rt_mesh_settings_new ();
  g_autoptr(GError) error = NULL;

  wait_for (is_alone, first);
  g_object_set (settings, "loopback-only", TRUE, "port", rt_node_get_port (first), NULL);
  g_assert_false (rt_node_open (second, settings, &error));
  g_assert_error (error, DRT_ERROR, DRT_HR_ADDRESS_IN_USE);

  /* It can be opened with another one, and the fault is forgotten. */
  g_object_set (settings, "port", 0, NULL);
  g_clear_error (&error);
  g_assert_true (rt_node_open (second, settings, &error));
  g_assert_null (rt_node_get_open_error (second));
  assert_finalize_node (second);
  assert_finalize_node (first);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/live/two-nodes", test_two_nodes);
  g_test_add_func ("/model/live/reopen-and-unregister", test_reopen_and_unregister);
  g_test_add_func ("/model/live/refused", test_refused);
  g_test_add_func ("/model/live/occupied-port", test_occupied_port);
  return g_test_run ();
}
