/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every scenario of the laboratory, small: what must come out of it whatever the
 * size.  The figures at their real size are those of drt lab. */

#include "lab-scenario.h"

#define NODES 150

typedef GHashTable Figures;   /* of double, by bench */

static void
figures_free (Figures *figures)
{
  g_hash_table_unref (figures);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Figures, figures_free)

static void
report_cb (const LabFigure *figure,
           gpointer         data)
{
  double *value = g_new (double, 1);

  g_test_message ("%s: %g %s", figure->bench, figure->value, figure->unit);
  *value = figure->value;
  g_assert_true (g_hash_table_insert (data, g_strdup (figure->bench), value));
}

static Figures *
run (const char        *name,
     const LabSettings *settings)
{
  const LabScenario *scenario = lab_scenario_find (name);
  Figures *figures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_assert_nonnull (scenario);
  g_assert_true (lab_scenario_run (scenario, settings, report_cb, figures));
  return figures;
}

static double
get (Figures    *figures,
     const char *bench)
{
  const double *value = g_hash_table_lookup (figures, bench);

  if (value == NULL)
    g_error ("There is no figure “%s”", bench);
  return *value;
}

static void
test_join (void)
{
  LabSettings settings = { .nodes = NODES, .seed = 1 };
  g_autoptr (Figures) figures = run ("join", &settings);

  g_assert_cmpfloat (get (figures, "join/active-max"), <=, 3);
  g_assert_cmpfloat (get (figures, "join/active-within-3"), ==, 100);
  g_assert_cmpfloat (get (figures, "join/found-after-2-s"), ==, 100);
  g_assert_cmpfloat (get (figures, "join/leaf-sets-right"), ==, 100);
}

static void
test_flash (void)
{
  LabSettings settings = { .nodes = NODES, .seed = 1, .searches = 1000 };
  g_autoptr (Figures) figures = run ("flash", &settings);

  g_assert_cmpfloat (get (figures, "flash/active"), ==, 100);
  g_assert_cmpfloat (get (figures, "flash/leaf-sets-right"), ==, 100);
  g_assert_cmpfloat (get (figures, "flash/found"), ==, 100);
  g_assert_cmpfloat (get (figures, "flash/wrong"), ==, 0);
}

static void
test_stable (void)
{
  LabSettings settings = { .nodes = NODES, .seed = 1, .settle = 5, .searches = 3000 };
  g_autoptr (Figures) figures = run ("stable", &settings);

  g_assert_cmpfloat (get (figures, "stable/searches"), ==, 3000);
  g_assert_cmpfloat (get (figures, "stable/found"), ==, 100);
  g_assert_cmpfloat (get (figures, "stable/wrong"), ==, 0);
  g_assert_cmpfloat (get (figures, "stable/lookups-mean"), >, 0.1);
  g_assert_cmpfloat (get (figures, "stable/lookups-mean"), <=, 2.1);
  g_assert_cmpfloat (get (figures, "stable/datagrams"), >=, 2);
  g_assert_cmpfloat (get (figures, "stable/datagrams"), <=, 10);
  g_assert_cmpfloat (get (figures, "stable/idle-datagrams"), <, 3);
}

static void
test_vanish (void)
{
  LabSettings settings = { .nodes = NODES, .seed = 1, .settle = 5, .searches = 2000 };
  g_autoptr (Figures) figures = run ("vanish", &settings);

  g_assert_cmpfloat (get (figures, "vanish/found"), >=, 99.9);
  g_assert_cmpfloat (get (figures, "vanish/wrong"), ==, 0);
  g_assert_cmpfloat (get (figures, "vanish/whole-after"), <, 600);
}

static void
test_churn (void)
{
  LabSettings settings = { .nodes = NODES, .seed = 1, .settle = 2, .minutes = 15, .searches = 2000, .loss = -1 };
  g_autoptr (Figures) figures = run ("churn", &settings);

  g_assert_cmpfloat (get (figures, "churn/deaths"), >, 4);
  g_assert_cmpfloat (get (figures, "churn/found"), >=, 99.9);
  g_assert_cmpfloat (get (figures, "churn/wrong"), ==, 0);
}

static void
test_churn_loss (void)
{
  LabSettings settings = { .nodes = NODES, .seed = 1, .settle = 2, .minutes = 15, .searches = 2000, .loss = -1 };
  g_autoptr (Figures) figures = run ("churn-loss", &settings);

  g_assert_cmpfloat (get (figures, "churn-loss/found"), >=, 97);
  g_assert_cmpfloat (get (figures, "churn-loss/wrong"), ==, 0);
}

static void
test_violent (void)
{
  LabSettings settings = { .nodes = NODES, .seed = 1, .settle = 1, .minutes = 4, .searches = 1500 };
  g_autoptr (Figures) figures = run ("violent", &settings);

  g_assert_cmpfloat (get (figures, "violent/deaths"), >, NODES);
  g_assert_cmpfloat (get (figures, "violent/found"), >=, 99);
  g_assert_cmpfloat (get (figures, "violent/wrong"), ==, 0);
  g_assert_cmpfloat (get (figures, "violent/traffic"), <, 2);
}

static void
test_cut (void)
{
  LabSettings settings = { .nodes = NODES, .seed = 1, .settle = 2, .minutes = 5, .searches = 1000 };
  g_autoptr (Figures) figures = run ("cut", &settings);

  g_assert_cmpfloat (get (figures, "cut/found-in-halves"), ==, 100);
  g_assert_cmpfloat (get (figures, "cut/wrong"), ==, 0);
}

/* What the machine says of itself is a figure and no test; that there is one is. */
static void
test_machine (void)
{
  LabSettings settings = { .nodes = 50, .seed = 1, .settle = 1, .minutes = 1 };
  g_autoptr (Figures) memory = run ("memory", &settings);
  g_autoptr (Figures) speed = run ("speed", &settings);

  if (g_hash_table_size (memory) > 0)
    {
      g_assert_cmpfloat (get (memory, "memory/core-node"), >, 1);
      g_assert_cmpfloat (get (memory, "memory/laboratory-node"), >, get (memory, "memory/core-node"));
    }
  g_assert_cmpfloat (get (speed, "speed/delivered"), >, 0);
}

/* --- The same again --- */

static void
write_cb (const LabFigure *figure,
          gpointer         data)
{
  g_string_append_printf (data, "%s %.17g\n", figure->bench, figure->value);
}

static char *
write_figures (guint32 seed)
{
  static const char *const names[] = { "stable", "violent", "cut" };
  LabSettings settings = { .nodes = 60, .seed = seed, .settle = 1, .minutes = 1, .loss = 0.02, .searches = 300 };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (lab_scenario_run (lab_scenario_find (names[i]), &settings, write_cb, text));
  return g_string_free_and_steal (text);
}

static void
test_same_seed (void)
{
  g_autofree char *first = write_figures (7);
  g_autofree char *again = write_figures (7);
  g_autofree char *other = write_figures (8);

  g_assert_cmpstr (first, ==, again);
  g_assert_cmpstr (first, !=, other);
}

static void
count_cb (const LabFigure *figure,
          gpointer         data)
{
  ++*(guint *) data;
}

static void
test_stopped (void)
{
  gint stop = 1;
  LabSettings settings = { .nodes = 20, .seed = 1, .stop = &stop };
  const LabScenario *scenario;

  for (guint i = 0; (scenario = lab_scenario_get (i)) != NULL; i++)
    {
      guint n = 0;

      g_assert_false (lab_scenario_run (scenario, &settings, count_cb, &n));
      g_assert_cmpuint (n, ==, 0);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/scenarios/join", test_join);
  g_test_add_func ("/lab/scenarios/flash", test_flash);
  g_test_add_func ("/lab/scenarios/stable", test_stable);
  g_test_add_func ("/lab/scenarios/vanish", test_vanish);
  g_test_add_func ("/lab/scenarios/churn", test_churn);
  g_test_add_func ("/lab/scenarios/churn-loss", test_churn_loss);
  g_test_add_func ("/lab/scenarios/violent", test_violent);
  g_test_add_func ("/lab/scenarios/cut", test_cut);
  g_test_add_func ("/lab/scenarios/machine", test_machine);
  g_test_add_func ("/lab/scenarios/same-seed", test_same_seed);
  g_test_add_func ("/lab/scenarios/stopped", test_stopped);
  return g_test_run ();
}
