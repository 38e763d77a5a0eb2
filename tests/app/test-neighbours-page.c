/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <adwaita.h>

#include "fake-neighbours.h"
#include "pages/rt-neighbours-page.h"
#include "pages/rt-ring-page.h"
#include "widgets/rt-ring.h"

/* No step takes longer than this, however slow the machine. */
#define PATIENCE 20

/* A page in a window, with a node that tells what we want. */
typedef struct
{
  RtNode *node;
  GtkWidget *window;
  GtkWidget *page;
  GSettings *settings;
} Fixture;

typedef gboolean (* Condition) (Fixture *fixture);

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_until (Fixture   *fixture,
            Condition  condition)
{
  gint64 end = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;
  guint waker = g_timeout_add (10, wake_cb, NULL);

  while (!condition (fixture) && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (waker);
  g_assert_true (condition (fixture));
}

static GtkWidget *
find_widget (GtkWidget  *widget,
             const char *type)
{
  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
has_mapped_label (GtkWidget  *widget,
                  const char *text)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_mapped_label (child, text))
      return TRUE;
  return FALSE;
}

static GtkColumnView *
get_table (Fixture *fixture)
{
  return GTK_COLUMN_VIEW (find_widget (fixture->page, "GtkColumnView"));
}

static gboolean
is_mapped (Fixture *fixture)
{
  return gtk_widget_get_mapped (fixture->page);
}

static void
setup (Fixture       *fixture,
       gconstpointer  page_type)
{
  GType (* get_type) (void) = page_type;

  fixture->settings = g_settings_new (APP_ID);
  g_settings_reset (fixture->settings, "neighbour-columns");
  g_settings_reset (fixture->settings, "neighbour-sort");
  g_settings_reset (fixture->settings, "neighbour-sort-descending");
  fixture->node = rt_node_new ();
  fixture->page = g_object_new (get_type (), "node", fixture->node, NULL);
  fixture->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1200, 600);
  adw_window_set_content (ADW_WINDOW (fixture->window), fixture->page);
  gtk_window_present (GTK_WINDOW (fixture->window));
  wait_until (fixture, is_mapped);
}

static void
teardown (Fixture       *fixture,
          gconstpointer  page_type)
{
  GtkWidget *page = fixture->page;

  g_object_add_weak_pointer (G_OBJECT (page), (gpointer *) &page);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (page);
  g_assert_finalize_object (fixture->node);
  g_object_unref (fixture->settings);
}

/* Four neighbours: the leaves -1 and +1 and two others, with falling round trips. */
static void
feed_four (Fixture *fixture)
{
  static const int positions[] = { -1, 1, 0, 0 };

  for (guint i = 0; i < 4; i++)
    {
      DrtObservedEntry entry;

      fake_entry_init (&entry, (guint8) (0x10 * (i + 1)));
      entry.leaf_position = positions[i];
      entry.round_trip = 4000 - 1000 * (int) i;
      fake_neighbour_add (fixture->node, &entry);
    }
}

static RtNeighbour *
get_neighbour (Fixture *fixture,
               guint8   first_byte)
{
  const DrtKey key = { .b[DRT_KEY_SIZE - 1] = first_byte };

  return rt_node_find_neighbour (fixture->node, &key);
}

/* The rows, each as the first byte of its key. */
static char *
list_rows (Fixture *fixture)
{
  GListModel *model = G_LIST_MODEL (gtk_column_view_get_model (get_table (fixture)));
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (RtNeighbour) neighbour = g_list_model_get_item (model, i);

      g_string_append_printf (text, "%s%.2s", i > 0 ? " " : "", rt_neighbour_get_key_text (neighbour));
    }
  return g_string_free (text, FALSE);
}

static void
assert_rows (Fixture    *fixture,
             const char *expected)
{
  g_autofree char *rows = list_rows (fixture);

  g_assert_cmpstr (rows, ==, expected);
}

static void
search (Fixture    *fixture,
        const char *text)
{
  GtkWidget *entry = find_widget (fixture->page, "GtkSearchEntry");

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static gboolean
counts_one_of_four (Fixture *fixture)
{
  return has_mapped_label (fixture->page, "1 of 4");
}

static gboolean
counts_none (Fixture *fixture)
{
  return has_mapped_label (fixture->page, "0 of 4") && has_mapped_label (fixture->page, "No Results");
}

static gboolean
counts_all (Fixture *fixture)
{
  return has_mapped_label (fixture->page, "4 neighbours");
}

static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  static const struct { const char *text; const char *rows; } cases[] = {
    { "2000", "20" },             /* a part of the key */
    { " 300000…0000\n", "30" },   /* a key as we show it, pasted */
    { "leaf -1", "10" },          /* the minus of keyboards */
    { "Leaf −1", "10" },          /* the one we show */
    { "LEAF", "10 20" },
    { "[::1]:4000", "10 20 30 40" },
    { "reachable", "10 20 30 40" },
    { "stale", "" },
    { "", "10 20 30 40" },
  };

  feed_four (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      search (fixture, cases[i].text);
      assert_rows (fixture, cases[i].rows);
    }

  search (fixture, "3000");
  wait_until (fixture, counts_one_of_four);
  search (fixture, "nobody");
  wait_until (fixture, counts_none);
  search (fixture, "");
  wait_until (fixture, counts_all);
}

static gboolean
lost_a_leaf (Fixture *fixture)
{
  g_autofree char *rows = list_rows (fixture);

  return g_str_equal (rows, "20");
}

/* The quick filter follows roles that change. */
static void
test_quick_filter (Fixture       *fixture,
                   gconstpointer  data)
{
  AdwToggleGroup *quick = ADW_TOGGLE_GROUP (find_widget (fixture->page, "AdwToggleGroup"));
  DrtObservedEntry entry;

  feed_four (fixture);
  adw_toggle_group_set_active_name (quick, "cache");
  assert_rows (fixture, "30 40");
  adw_toggle_group_set_active_name (quick, "leaf");
  assert_rows (fixture, "10 20");

  fake_entry_init (&entry, 0x10);
  rt_node_feed_entry (fixture->node, DRT_OBSERVED_CHANGED, &entry);
  wait_until (fixture, lost_a_leaf);
}

static gboolean
is_sorted_again (Fixture *fixture)
{
  g_autofree char *rows = list_rows (fixture);

  return g_str_equal (rows, "30 20 10 40");
}

/* The order follows values that change; what is unknown comes last. */
static void
test_sort (Fixture       *fixture,
           gconstpointer  data)
{
  DrtObservedEntry entry;

  feed_four (fixture);
  assert_rows (fixture, "10 20 30 40");
  g_settings_set_boolean (fixture->settings, "neighbour-sort-descending", TRUE);
  assert_rows (fixture, "40 30 20 10");
  g_settings_set_boolean (fixture->settings, "neighbour-sort-descending", FALSE);
  g_settings_set_string (fixture->settings, "neighbour-sort", "role");
  assert_rows (fixture, "10 20 30 40");
  g_settings_set_string (fixture->settings, "neighbour-sort", "round-trip");
  assert_rows (fixture, "40 30 20 10");

  fake_entry_init (&entry, 0x40);
  rt_node_feed_entry (fixture->node, DRT_OBSERVED_CHANGED, &entry);
  wait_until (fixture, is_sorted_again);
}

static GtkColumnViewColumn *
find_column (GtkColumnView *table,
             const char    *id)
{
  GListModel *columns = gtk_column_view_get_columns (table);

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (g_str_equal (gtk_column_view_column_get_id (column), id))
        return column;
    }
  return NULL;
}

static void
test_columns (Fixture       *fixture,
              gconstpointer  data)
{
  GtkColumnView *table = get_table (fixture);
  GtkColumnViewColumn *age = find_column (table, "age");
  GtkColumnViewColumn *state = find_column (table, "state");
  g_auto (GStrv) hidden = NULL;
  g_autofree char *sort = NULL;
  g_autoptr (GtkWidget) second = NULL;

  g_assert_false (gtk_column_view_column_get_visible (age));
  g_assert_true (gtk_column_view_column_get_visible (state));
  gtk_column_view_column_set_visible (age, TRUE);
  gtk_column_view_column_set_visible (state, FALSE);
  gtk_column_view_sort_by_column (table, age, GTK_SORT_DESCENDING);

  hidden = g_settings_get_strv (fixture->settings, "neighbour-columns");
  sort = g_settings_get_string (fixture->settings, "neighbour-sort");
  g_assert_false (g_strv_contains ((const char * const *) hidden, "age"));
  g_assert_true (g_strv_contains ((const char * const *) hidden, "state"));
  g_assert_cmpstr (sort, ==, "age");
  g_assert_true (g_settings_get_boolean (fixture->settings, "neighbour-sort-descending"));

  /* The next page begins as this one was left. */
  second = g_object_ref_sink (g_object_new (RT_TYPE_NEIGHBOURS_PAGE, NULL));
  table = GTK_COLUMN_VIEW (gtk_widget_get_template_child (second, RT_TYPE_NEIGHBOURS_PAGE, "table"));
  g_assert_true (gtk_column_view_column_get_visible (find_column (table, "age")));
  g_assert_false (gtk_column_view_column_get_visible (find_column (table, "state")));

  gtk_widget_activate_action (fixture->page, "columns.reset", NULL);
  g_assert_false (gtk_column_view_column_get_visible (age));
  g_assert_true (gtk_column_view_column_get_visible (state));

  /* What another version has left behind does no harm. */
  g_settings_set_string (fixture->settings, "neighbour-sort", "weight");
}

static RtNeighbour *
get_selected (Fixture *fixture)
{
  g_autoptr (RtNeighbour) selected = NULL;

  g_object_get (fixture->page, "selected-neighbour", &selected, NULL);
  return selected;
}

/* The selection is a neighbour, not a row. */
static void
test_selection (Fixture       *fixture,
                gconstpointer  data)
{
  GtkSingleSelection *selection;
  RtNeighbour *neighbour;
  DrtObservedEntry entry;

  feed_four (fixture);
  selection = GTK_SINGLE_SELECTION (gtk_column_view_get_model (get_table (fixture)));
  neighbour = get_neighbour (fixture, 0x30);
  g_object_set (fixture->page, "selected-neighbour", neighbour, NULL);
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 2);

  fake_entry_init (&entry, 0x05);
  fake_neighbour_add (fixture->node, &entry);
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 3);
  g_settings_set_boolean (fixture->settings, "neighbour-sort-descending", TRUE);
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 1);

  /* Filtered away it stays selected, and is again when it comes back. */
  search (fixture, "4000000");
  g_assert_true (get_selected (fixture) == neighbour);
  search (fixture, "");
  g_assert_true (gtk_single_selection_get_selected_item (selection) == neighbour);

  gtk_single_selection_set_selected (selection, GTK_INVALID_LIST_POSITION);
  g_assert_null (get_selected (fixture));
  gtk_single_selection_set_selected (selection, 1);
  g_assert_true (get_selected (fixture) == neighbour);
  fake_entry_init (&entry, 0x30);
  rt_node_feed_entry (fixture->node, DRT_OBSERVED_REMOVED, &entry);
  g_assert_null (get_selected (fixture));
}

static gboolean
shows_rows (Fixture *fixture)
{
  GtkWidget *rows = find_widget (fixture->page, "GtkListView");

  return rows != NULL && gtk_widget_get_mapped (rows) &&
         !gtk_widget_get_mapped (find_widget (fixture->page, "GtkColumnView"));
}

static gboolean
is_closed_page (Fixture *fixture)
{
  return has_mapped_label (fixture->page, "Node Closed");
}

static void
test_presentation (Fixture       *fixture,
                   gconstpointer  data)
{
  const DrtObservedStatus alone = { .status = DRT_ALONE };

  wait_until (fixture, is_closed_page);
  rt_node_begin (fixture->node);
  rt_node_feed_status (fixture->node, &alone);
  g_assert_true (has_mapped_label (fixture->page, "Nobody Else Here"));
  feed_four (fixture);
  wait_until (fixture, counts_all);
  g_object_set (fixture->page, "narrow", TRUE, NULL);
  g_assert_null (find_widget (fixture->page, "AdwOverlaySplitView"));
}

static gboolean
selects_first (Fixture *fixture)
{
  RtRing *ring = RT_RING (find_widget (fixture->page, "RtRing"));
  GObject *selected = rt_ring_get_selected (ring);

  return RT_IS_REGISTRATION (selected) && has_mapped_label (fixture->page, "1 key of yours");
}

static gboolean
shows_four_neighbours (Fixture *fixture)
{
  return has_mapped_label (fixture->page, "2 leaves") && has_mapped_label (fixture->page, "2 others in the cache");
}

static gboolean
selects_nobody (Fixture *fixture)
{
  RtRing *ring = RT_RING (find_widget (fixture->page, "RtRing"));

  return rt_ring_get_selected (ring) == NULL && get_selected (fixture) == NULL;
}

/* The ring begins at our key, shares its selection and outlives what it shows. */
static void
test_ring (Fixture       *fixture,
           gconstpointer  data)
{
  const DrtObservedStatus active = { .status = DRT_ACTIVE };
  RtRing *ring = RT_RING (find_widget (fixture->page, "RtRing"));
  DrtObservedEntry entry;

  fake_registration_add (fixture->node, 0x80);
  rt_node_begin (fixture->node);
  rt_node_feed_status (fixture->node, &active);
  feed_four (fixture);
  wait_until (fixture, selects_first);
  g_assert_null (get_selected (fixture));

  wait_until (fixture, shows_four_neighbours);
  rt_ring_set_selected (ring, G_OBJECT (get_neighbour (fixture, 0x20)));
  g_assert_true (get_selected (fixture) == get_neighbour (fixture, 0x20));
  g_object_set (fixture->page, "selected-neighbour", get_neighbour (fixture, 0x40), NULL);
  g_assert_true (rt_ring_get_selected (ring) == G_OBJECT (get_neighbour (fixture, 0x40)));

  fake_entry_init (&entry, 0x40);
  rt_node_feed_entry (fixture->node, DRT_OBSERVED_REMOVED, &entry);
  wait_until (fixture, selects_nobody);
  g_object_set (fixture->page, "narrow", TRUE, NULL);
}

/* The narrow page has rows of two lines instead of columns. */
static void
test_narrow (Fixture       *fixture,
             gconstpointer  data)
{
  feed_four (fixture);
  g_object_set (fixture->page, "narrow", TRUE, NULL);
  wait_until (fixture, shows_rows);
}

#define ADD(name, type, func) \
  g_test_add (name, Fixture, type ## _get_type, setup, func, teardown)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  adw_init ();

  ADD ("/neighbours-page/search", rt_neighbours_page, test_search);
  ADD ("/neighbours-page/quick-filter", rt_neighbours_page, test_quick_filter);
  ADD ("/neighbours-page/sort", rt_neighbours_page, test_sort);
  ADD ("/neighbours-page/columns", rt_neighbours_page, test_columns);
  ADD ("/neighbours-page/selection", rt_neighbours_page, test_selection);
  ADD ("/neighbours-page/presentation", rt_neighbours_page, test_presentation);
  ADD ("/neighbours-page/narrow", rt_neighbours_page, test_narrow);
  ADD ("/ring-page/selection", rt_ring_page, test_ring);

  return g_test_run ();
}
