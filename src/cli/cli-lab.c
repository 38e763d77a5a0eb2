/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>
#include <signal.h>
#include <string.h>

#include "cli-options.h"
#include "cli-output.h"
#include "lab-scenario.h"

#define MAX_NODES    2000000
#define MAX_SEARCHES 100000000
#define MAX_MINUTES  100000.0
#define USUAL_SEED   1

typedef struct
{
  LabSettings settings;
  double loss;               /* per cent; below 0: the scenario's own */
  int nodes;
  int searches;
  gint64 seed;
  gboolean json;
} LabOptions;

/* Set by a signal, looked at by the laboratory between two events. */
static int stop_requested;

static void
stop_cb (int number)
{
  g_atomic_int_set (&stop_requested, 1);
}

static void
watch_signals (void)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
  struct sigaction action = { .sa_handler = stop_cb, .sa_flags = SA_RESTART };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &action, NULL);
}

/* No more digits than say something: 3.65, 99.9983, 1234567. */
static char *
number_to_text (double value)
{
  if (value == floor (value) && fabs (value) < 1e15)
    return g_strdup_printf ("%.0f", value);
  return g_strdup_printf ("%.*f", fabs (value) >= 1000 ? 0 : 4, value);
}

static void
report_json (const LabFigure *figure)
{
  JsonBuilder *builder = cli_json_begin ("figure");

  cli_json_add_string (builder, "bench", figure->bench);
  cli_json_add_double (builder, "value", figure->value);
  cli_json_add_string (builder, "unit", figure->unit);
  cli_json_add_int (builder, "nodes", figure->nodes);
  cli_json_add_int (builder, "seed", figure->seed);
  if (figure->goal != LAB_GOAL_NONE)
    {
      cli_json_add_double (builder, figure->goal == LAB_GOAL_AT_MOST ? "at_most" : "at_least", figure->to_reach);
      cli_json_add_bool (builder, "reached", lab_figure_is_met (figure));
    }
  cli_json_end (builder);
}

static void
report_cb (const LabFigure *figure,
           gpointer         data)
{
  const LabOptions *options = data;
  g_autofree char *value = number_to_text (figure->value);
  g_autofree char *goal = number_to_text (figure->to_reach);

  if (options->json)
    report_json (figure);
  else if (figure->goal == LAB_GOAL_NONE)
    cli_print ("%-28s %12s  %s\n", figure->bench, value, figure->unit);
  else
    cli_print ("%-28s %12s  %-22s %s %s%s\n", figure->bench, value, figure->unit,
               figure->goal == LAB_GOAL_AT_MOST ? "≤" : "≥", goal, lab_figure_is_met (figure) ? "" : "  missed");
}

static int
run_scenario (const LabScenario *scenario,
              LabOptions        *options)
{
  if (!options->json)
    cli_print ("\n%s: %s\n", scenario->name, scenario->summary);
  if (lab_scenario_run (scenario, &options->settings, report_cb, options))
    return CLI_EXIT_SUCCESS;
  cli_warn ("%s was interrupted", scenario->name);
  return CLI_EXIT_INTERRUPTED;
}

static int
refuse_scenario (const char *name)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const LabScenario *scenario;
  const char *meant;

  for (guint i = 0; (scenario = lab_scenario_get (i)) != NULL; i++)
    g_ptr_array_add (names, (gpointer) scenario->name);
  g_ptr_array_add (names, (gpointer) "all");
  g_ptr_array_add (names, NULL);

  meant = cli_suggest (name, (const char *const *) names->pdata);
  if (meant != NULL)
    return cli_usage_error ("there is no scenario “%s”; did you mean “%s”?", name, meant);
  return cli_usage_error ("there is no scenario “%.80s”", name);
}

static char *
describe_scenarios (void)
{
  GString *text = g_string_new ("SCENARIO is one of these, or all:\n");
  const LabScenario *scenario;

  for (guint i = 0; (scenario = lab_scenario_get (i)) != NULL; i++)
    g_string_append_printf (text, "  %-10s  %s\n", scenario->name, scenario->summary);
  g_string_append (text,
                   "\nNodes, network and clock are simulated; the same seed gives the same figures, but for\n"
                   "those of memory and speed. Beside a figure stands the number to reach, where there is one.\n");
  return g_string_free_and_steal (text);
}

static gboolean
check_options (LabOptions *options,
               char      **problem)
{
  if (options->nodes < 0 || options->nodes == 1 || options->nodes > MAX_NODES)
    *problem = g_strdup_printf ("a mesh of the laboratory has 2 to %d nodes", MAX_NODES);
  else if (options->searches < 0 || options->searches > MAX_SEARCHES)
    *problem = g_strdup_printf ("the number of searches is 1 to %d", MAX_SEARCHES);
  else if (options->loss > 90)
    *problem = g_strdup ("of all datagrams 0 to 90 per cent can be lost");
  else if (!(options->settings.minutes >= 0 && options->settings.minutes <= MAX_MINUTES) ||
           !(options->settings.settle >= 0 && options->settings.settle <= MAX_MINUTES))
    *problem = g_strdup_printf ("minutes are 0 to %.0f", MAX_MINUTES);
  else if (options->seed < 0 || options->seed > G_MAXUINT32)
    *problem = g_strdup_printf ("the seed is 0 to %u", G_MAXUINT32);
  else
    return TRUE;
  return FALSE;
}

static int
run_named (const char *name,
           LabOptions *options)
{
  const LabScenario *scenario;
  int status = CLI_EXIT_SUCCESS;

  if (!g_str_equal (name, "all"))
    {
      scenario = lab_scenario_find (name);
      return scenario != NULL ? run_scenario (scenario, options) : refuse_scenario (name);
    }
  for (guint i = 0; status == CLI_EXIT_SUCCESS && (scenario = lab_scenario_get (i)) != NULL; i++)
    status = run_scenario (scenario, options);
  return status;
}

static int
cli_lab_run (char **argv)
{
  LabOptions options = { .loss = -1, .seed = USUAL_SEED };
  const GOptionEntry entries[] = {
    { "nodes", 'n', 0, G_OPTION_ARG_INT, &options.nodes, "Nodes of the mesh; without it what the scenario has", "N" },
    { "seed", 's', 0, G_OPTION_ARG_INT64, &options.seed, "What everything follows from; without it 1", "N" },
    { "minutes", 'm', 0, G_OPTION_ARG_DOUBLE, &options.settings.minutes, "Virtual minutes that are measured", "M" },
    { "settle", 0, 0, G_OPTION_ARG_DOUBLE, &options.settings.settle, "Virtual minutes a mesh is left alone before", "M" },
    { "loss", 'l', 0, G_OPTION_ARG_DOUBLE, &options.loss, "Per cent of the datagrams that are lost", "P" },
    { "searches", 0, 0, G_OPTION_ARG_INT, &options.searches, "Searches to be made", "N" },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);
  g_autofree char *details = describe_scenarios ();
  g_autofree char *problem = NULL;

  if (!cli_options_parse (&cli_command_lab, entries, details, &words))
    return CLI_EXIT_USAGE;
  if (words[1] == NULL || words[2] != NULL)
    return cli_usage_error ("give one SCENARIO, or all");
  if (!check_options (&options, &problem))
    return cli_usage_error ("%s", problem);

  options.settings.nodes = (guint) options.nodes;
  options.settings.searches = (guint) options.searches;
  options.settings.seed = (guint32) options.seed;
  options.settings.loss = options.loss < 0 ? -1 : options.loss / 100;
  options.settings.stop = &stop_requested;
  watch_signals ();
  return run_named (words[1], &options);
}

const CliCommand cli_command_lab = {
  "lab", "SCENARIO|all", "Run a mesh in virtual time and measure it", cli_lab_run,
};
