/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-application.h"
#include "rt-node-private.h"
#include "rt-window.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

/* The window on the demo mesh, from start to end.  Needs a display; what it does is
 * asked for through actions, as a menu or a shortcut would. */

#define PATIENCE (60 * G_USEC_PER_SEC)

typedef struct
{
  RtApplication *application;
  RtWindow *window;
  RtNode *node;
} Fixture;

typedef gboolean (*Condition) (Fixture *fixture);

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_for (Fixture *fixture, Condition condition)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  guint wake = g_timeout_add (20, wake_cb, NULL);

  while (!condition (fixture) && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (wake);
  g_assert_true (condition (fixture));
}

static gboolean
is_joined (Fixture *fixture)
{
  return rt_node_get_state (fixture->node) == RT_NODE_ACTIVE
         && g_list_model_get_n_items (rt_node_get_neighbours (fixture->node)) == RT_DEMO_NODES;
}

static gboolean
is_alone (Fixture *fixture)
{
  return rt_node_get_state (fixture->node) == RT_NODE_ALONE;
}

static gboolean
demo_has_ended (Fixture *fixture)
{
  return rt_demo_get_state (rt_application_get_demo (fixture->application)) == RT_DEMO_ENDED;
}

static gboolean
is_node_open (Fixture *fixture)
{
  g_autoptr(GVariant) state = g_action_group_get_action_state (G_ACTION_GROUP (fixture->window), "node-open");

  return g_variant_get_boolean (state);
}

/* The first visible label that says so, in the whole window. */
static gboolean
says (GtkWidget *widget, const char *text)
{
  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_visible (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) && g_strcmp0 (gtk_label_get_label (GTK_LABEL (widget)), text) == 0)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (says (child, text))
      return TRUE;
  return FALSE;
}

static gboolean
says_active (Fixture *fixture)
{
  return says (GTK_WIDGET (fixture->window), "Active");
}

static gboolean
says_alone (Fixture *fixture)
{
  return says (GTK_WIDGET (fixture->window), "Alone");
}

static gboolean
says_ended (Fixture *fixture)
{
  return says (GTK_WIDGET (fixture->window), "The demo mesh has ended");
}

static gboolean
says_faulted (Fixture *fixture)
{
  return says (GTK_WIDGET (fixture->window), "Faulted") && says (GTK_WIDGET (fixture->window), "DRT_E_TIMEOUT, 0x80621001");
}

static gboolean
says_no_network (Fixture *fixture)
{
  return says (GTK_WIDGET (fixture->window), "No network")
         && says (GTK_WIDGET (fixture->window), "Connect to a network with IPv6, or choose another scope in the mesh settings");
}

static void
activate (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
}

/* The child, by who its parent is. */
static GPid
find_child (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", (int) getpid ());
  g_autofree char *children = NULL;

  g_assert_true (g_file_get_contents (path, &children, NULL, NULL));
  return (GPid) g_ascii_strtoll (children, NULL, 10);
}

static void
test_first_start (Fixture *fixture)
{
  g_assert_cmpint (rt_node_get_state (fixture->node), ==, RT_NODE_CLOSED);
  g_assert_true (says (GTK_WIDGET (fixture->window), "_Try the Demo Mesh"));
  g_assert_false (is_node_open (fixture));
}

static void
test_demo (Fixture *fixture)
{
  activate (fixture, "win.start-demo");
  wait_for (fixture, is_joined);
  wait_for (fixture, says_active);
  g_assert_false (says (GTK_WIDGET (fixture->window), "_Try the Demo Mesh"));
  g_assert_true (is_node_open (fixture));
  g_assert_cmpuint (g_list_model_get_n_items (rt_node_get_registrations (fixture->node)), ==, 1);
}

static void
test_pages (Fixture *fixture)
{
  static const struct { const char *name, *title; } pages[] = {
    { "ring", "Ring" }, { "neighbours", "Neighbours" }, { "keys", "Keys" }, { "search", "Search" }, { "overview", "Overview" },
  };
  g_autoptr(GSettings) settings = g_object_ref (rt_application_get_settings (fixture->application));

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *last = NULL;

      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", pages[i].name));
      g_assert_true (says (GTK_WIDGET (fixture->window), pages[i].title));
      last = g_settings_get_string (settings, "last-page");
      g_assert_cmpstr (last, ==, pages[i].name);
    }
}

/* Killed: the window says so and stays, the node finds out by itself, and the demo
 * can be started again, with the key that was there. */
static void
test_demo_killed (Fixture *fixture)
{
  GPid child = find_child ();

  g_assert_cmpint (child, >, 0);
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  wait_for (fixture, demo_has_ended);
  wait_for (fixture, says_ended);
  wait_for (fixture, is_alone);
  wait_for (fixture, says_alone);
  g_assert_cmpuint (g_list_model_get_n_items (rt_node_get_registrations (fixture->node)), ==, 1);

  activate (fixture, "win.start-demo");
  wait_for (fixture, is_joined);
  g_assert_cmpuint (g_list_model_get_n_items (rt_node_get_registrations (fixture->node)), ==, 1);
  g_assert_false (demo_has_ended (fixture));
}

static gboolean
is_closed (Fixture *fixture)
{
  return rt_node_get_state (fixture->node) == RT_NODE_CLOSED;
}

static void
test_switch (Fixture *fixture)
{
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "node-open", NULL);
  wait_for (fixture, is_closed);
  g_assert_false (is_node_open (fixture));
  g_assert_cmpuint (g_list_model_get_n_items (rt_node_get_neighbours (fixture->node)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (rt_node_get_registrations (fixture->node)), ==, 1);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "node-open", NULL);
  wait_for (fixture, is_joined);
  g_assert_true (is_node_open (fixture));
}

/* A demo is no mesh to come back to. */
static void
test_demo_not_remembered (Fixture *fixture)
{
  GSettings *settings = rt_application_get_settings (fixture->application);

  g_assert_false (g_settings_get_boolean (settings, "first-run-done"));
  g_assert_false (g_settings_get_boolean (settings, "open-at-start"));
}

/* The states that take a broken computer, told in the place of the library. */
static void
test_other_states (Fixture *fixture)
{
  DrtObservedStatus status = { .status = DRT_NO_NETWORK, .port = 5000, .since = g_get_monotonic_time () };

  rt_node_feed_status (fixture->node, &status);
  wait_for (fixture, says_no_network);
  status.status = DRT_FAULTED;
  status.fault = DRT_E_TIMEOUT;
  rt_node_feed_status (fixture->node, &status);
  wait_for (fixture, says_faulted);
  activate (fixture, "win.close-node");
  wait_for (fixture, is_closed);
}

static const struct { const char *name; void (*func) (Fixture *fixture); } steps[] = {
  { "first start", test_first_start },
  { "demo", test_demo },
  { "pages", test_pages },
  { "demo killed", test_demo_killed },
  { "switch", test_switch },
  { "demo not remembered", test_demo_not_remembered },
  { "other states", test_other_states },
};

static gboolean
run_cb (gpointer data)
{
  Fixture *fixture = data;

  fixture->window = RT_WINDOW (gtk_application_get_active_window (GTK_APPLICATION (fixture->application)));
  fixture->node = rt_window_get_node (fixture->window);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_test_message ("%s", steps[i].name);
      steps[i].func (fixture);
    }
  rt_application_end (fixture->application, EXIT_SUCCESS);
  return G_SOURCE_REMOVE;
}

static void
test_window (void)
{
  char *arguments[] = { (char *) "roundtable", NULL };
  Fixture fixture = { .application = rt_application_new () };

  /* After the first frame. */
  g_timeout_add (500, run_cb, &fixture);
  g_assert_cmpint (g_application_run (G_APPLICATION (fixture.application), 1, arguments), ==, EXIT_SUCCESS);
  g_assert_nonnull (fixture.node);
  g_assert_finalize_object (fixture.application);
}

static void
remove_recursively (const char *path)
{
  g_autoptr(GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_recursively (child);
    }
  g_remove (path);
}

/* The person's own keys and settings are left alone; G_TEST_OPTION_ISOLATE_DIRS
 * would also hide what the icons are loaded with. */
int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("roundtable-window-XXXXXX", NULL);
  int status;

  g_assert_nonnull (home);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("XDG_CONFIG_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/window/demo", test_window);
  status = g_test_run ();
  remove_recursively (home);
  return status;
}
