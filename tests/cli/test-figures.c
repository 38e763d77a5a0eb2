/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <signal.h>

#include "cli-process.h"

/* The commands that measure: drt lab in virtual time, drt bench with real nodes. */

/* ---- The laboratory ------------------------------------------------------ */

static void
test_lab (void)
{
  g_autoptr (CliResult) json = cli_run ("lab", "stable", "--nodes=30", "--settle=1", "--searches=100", "--json", NULL);
  g_autoptr (CliResult) again = cli_run ("lab", "stable", "--nodes=30", "--settle=1", "--searches=100", "--json", NULL);
  g_autoptr (CliResult) text = cli_run ("lab", "stable", "--nodes=30", "--settle=1", "--searches=100", NULL);
  g_autoptr (GPtrArray) figures = cli_result_objects (json);
  gboolean found = FALSE;

  g_assert_cmpint (json->status, ==, 0);
  g_assert_cmpstr (json->out, ==, again->out);
  for (guint i = 0; i < figures->len; i++)
    {
      JsonObject *figure = g_ptr_array_index (figures, i);

      g_assert_cmpstr (json_object_get_string_member (figure, "event"), ==, "figure");
      g_assert_cmpint (json_object_get_int_member (figure, "nodes"), ==, 30);
      g_assert_cmpint (json_object_get_int_member (figure, "seed"), ==, 1);
      g_assert_true (json_object_has_member (figure, "unit"));
      if (!g_str_equal (json_object_get_string_member (figure, "bench"), "stable/found"))
        continue;
      found = TRUE;
      g_assert_cmpfloat (json_object_get_double_member (figure, "value"), ==, 100);
      g_assert_cmpfloat (json_object_get_double_member (figure, "at_least"), ==, 100);
      g_assert_true (json_object_get_boolean_member (figure, "reached"));
    }
  g_assert_true (found);
  cli_assert_contains (text->out, "stable/found");
  cli_assert_contains (text->out, "≥ 100");
}

static void
test_interrupted_lab (void)
{
  g_autoptr (CliProcess) lab = cli_process_new ("lab", "flash", "--nodes=20", "--searches=100000000", "--json", NULL);
  g_autoptr (JsonObject) figure = cli_process_wait (lab, "figure");

  g_assert_cmpstr (json_object_get_string_member (figure, "bench"), ==, "flash/all-active-after");
  g_assert_cmpint (cli_process_end (lab, SIGINT), ==, 130);
}

/* ---- The benchmark ------------------------------------------------------- */

/* The value of a figure of mode and provider; FALSE: it is not among them. */
static gboolean
find_figure (GPtrArray  *figures,
             const char *bench,
             double     *value)
{
  for (guint i = 0; i < figures->len; i++)
    {
      JsonObject *figure = g_ptr_array_index (figures, i);

      if (!g_str_equal (json_object_get_string_member (figure, "bench"), bench))
        continue;
      *value = json_object_get_double_member (figure, "value");
      g_assert_cmpint (json_object_get_int_member (figure, "nodes"), ==, 4);
      g_assert_cmpint (json_object_has_member (figure, "at_most"), ==,
                       g_str_has_prefix (bench, "security/2.0") && g_str_has_suffix (bench, "/ratio"));
      return TRUE;
    }
  return FALSE;
}

static double
get_figure (GPtrArray  *figures,
            const char *provider,
            const char *mode,
            const char *what)
{
  g_autofree char *bench = g_strdup_printf ("security/%s/%s/%s", provider, mode, what);
  double value = 0;

  if (!find_figure (figures, bench, &value))
    g_error ("there is no figure %s", bench);
  return value;
}

/* What is counted; of the times only that they are there. */
static void
test_bench (gconstpointer data)
{
  const char *provider = data;
  g_autofree char *option = g_strconcat ("--provider=", provider, NULL);
  g_autoptr (CliResult) result = cli_run ("bench", "--nodes=4", "--searches=200", option, "--json", NULL);
  g_autoptr (GPtrArray) figures = cli_result_objects (result);
  static const char *const modes[] = { "resolve", "membership", "confidential" };

  g_assert_cmpint (result->status, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      double value;

      g_assert_cmpfloat (get_figure (figures, provider, modes[i], "cpu"), >, 0);
      g_assert_cmpfloat (get_figure (figures, provider, modes[i], "found"), ==, 100);
      g_assert_cmpfloat (get_figure (figures, provider, modes[i], "datagrams"), ==, 2);
      g_assert_cmpfloat (get_figure (figures, provider, modes[i], "bytes"), >, 100);
      if (i > 0)
        g_assert_cmpfloat (get_figure (figures, provider, modes[i], "ratio"), >, 0);
      if (g_str_equal (provider, "null"))
        {
          g_assert_false (find_figure (figures, "security/null/resolve/signatures-made", &value));
          continue;
        }
      /* A CPA; and a proof of membership. */
      g_assert_cmpfloat (get_figure (figures, provider, modes[i], "signatures-made"), ==, i == 0 ? 1 : 2);
      g_assert_cmpfloat (get_figure (figures, provider, modes[i], "signatures-checked"), ==, i == 0 ? 1 : 2);
      g_assert_cmpfloat (get_figure (figures, provider, modes[i], "chains-checked"), ==, 0);
      g_assert_cmpfloat (get_figure (figures, provider, modes[i], "buffers-sealed"), ==, i == 2 ? 2 : 0);
      g_assert_cmpfloat (get_figure (figures, provider, modes[i], "buffers-opened"), ==, i == 2 ? 2 : 0);
    }
}

static void
test_bench_text (void)
{
  g_autoptr (CliResult) result = cli_run ("bench", "--nodes=2", "--searches=100", "--provider=2.0-ed25519", NULL);

  g_assert_cmpint (result->status, ==, 0);
  cli_assert_contains (result->out, "profile 2.0, Ed25519: 2 nodes");
  cli_assert_contains (result->out, "(≤ 4");
  cli_assert_contains (result->out, "signatures made");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/lab", test_lab);
  g_test_add_func ("/cli/interrupted-lab", test_interrupted_lab);
  g_test_add_data_func ("/cli/bench/null", "null", test_bench);
  g_test_add_data_func ("/cli/bench/2.0", "2.0-p256", test_bench);
  g_test_add_data_func ("/cli/bench/1.0", "1.0", test_bench);
  g_test_add_func ("/cli/bench/text", test_bench_text);

  return g_test_run ();
}
