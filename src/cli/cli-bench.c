/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>
#include <string.h>
#include <sys/resource.h>

#include "cli-bench-mesh.h"
#include "cli-bench-units.h"
#include "cli-options.h"
#include "cli-output.h"

/*
 * What security costs: the CPU time and the bytes of one warm search, in each mode
 * with each provider.
 *
 * The nodes are real ones on [::1], since a search of a user goes through sockets
 * and main loops too; the laboratory has neither, so its ratios would be of a search
 * nobody makes.  All is counted: whoever asks, whoever answers, and the kernel's part.
 * The three modes of a provider are measured in turn, a short round each, so that
 * what disturbs the machine disturbs them alike, and the median of the rounds is
 * told.  That leaves out what the meshes do by themselves: it comes in bursts, when
 * a node's maintenance is due, so most rounds have nothing of it, and an average of
 * it taken off each would be too much.
 */

#define N_MODES      3
#define N_ROUNDS     100
#define MIN_NODES    2
#define MAX_NODES    100
#define MAX_SEARCHES 1000000
#define JOIN_TIME    (60 * G_USEC_PER_SEC)   /* at most, until the nodes of a mesh know one another */
#define WARM_TIME    (30 * G_USEC_PER_SEC)   /* at most, until each has met each other */
#define ROUNDS_TIME  (30 * G_USEC_PER_SEC)   /* at most, for the searches with one provider */
#define SETTLE_TIME  (2 * G_USEC_PER_SEC)    /* until they have done with joining */
#define POLL_TIME    (G_USEC_PER_SEC / 50)

static const CliBenchProvider providers[] = {
  { "null provider", "null", DRT_PROFILE_NONE, DRT_KEY_ALGORITHM_OTHER },
  { "profile 2.0, Ed25519", "2.0-ed25519", DRT_PROFILE_2_0, DRT_KEY_ALGORITHM_ED25519 },
  { "profile 2.0, P-256", "2.0-p256", DRT_PROFILE_2_0, DRT_KEY_ALGORITHM_P256 },
  { "profile 1.0, RSA-1024", "1.0", DRT_PROFILE_1_0, DRT_KEY_ALGORITHM_RSA1024 },
};

static const char *const mode_names[N_MODES] = { "resolve", "membership", "confidential" };

/* At most as many times the CPU time of a search in resolve mode; with profile 2.0. */
static const double goals[N_MODES] = { 0, 4, 6 };

/* Of one search. */
typedef struct
{
  double cpu;               /* microseconds */
  double datagrams;
  double bytes;
  double signatures_made;
  double signatures_checked;
  double chains_checked;
  double agreements;
  double buffers_sealed;
  double buffers_opened;
} Cost;

typedef struct
{
  CliBenchMesh *mesh;
  GArray *rounds;           /* of Cost */
  guint n_searches;
  guint n_found;
} ModeRun;

typedef struct
{
  const CliBenchProvider *provider;
  guint n_nodes;
  guint n_searches;
  gboolean json;
  ModeRun modes[N_MODES];
  CliBenchUnits *units;      /* NULL: there is nothing to measure */
  GArray *unit_rounds;       /* of CliBenchUnitCosts */
} Bench;

/* --- Rounds --- */

static gboolean
is_complete (Bench *bench)
{
  for (guint i = 0; i < N_MODES; i++)
    if (!cli_bench_mesh_is_complete (bench->modes[i].mesh))
      return FALSE;
  return TRUE;
}

static void
run_round (ModeRun *run,
           guint    n)
{
  CliBenchCounters before, after;
  double cpu;

  cli_bench_mesh_get_counters (run->mesh, &before);
  cpu = cli_bench_cpu_time ();
  run->n_found += cli_bench_mesh_search (run->mesh, n);
  cpu = cli_bench_cpu_time () - cpu;
  cli_bench_mesh_get_counters (run->mesh, &after);
  run->n_searches += n;

#define EACH(member) ((after.member - before.member) / (double) n)
  g_array_append_val (run->rounds, ((Cost) {
    .cpu = cpu / n,
    .datagrams = EACH (datagrams),
    .bytes = EACH (bytes),
    .signatures_made = EACH (security.signatures_made),
    .signatures_checked = EACH (security.signatures_checked),
    .chains_checked = EACH (security.chains_checked),
    .agreements = EACH (security.agreements),
    .buffers_sealed = EACH (security.buffers_sealed),
    .buffers_opened = EACH (security.buffers_opened),
  }));
#undef EACH
}

static gboolean
run_rounds (Bench *bench)
{
  guint n = MAX (bench->n_searches / N_ROUNDS, 1);
  gint64 deadline;

  for (guint i = 0; i < N_MODES; i++)
    if (!cli_bench_mesh_warm (bench->modes[i].mesh, g_get_monotonic_time () + WARM_TIME))
      return FALSE;

  deadline = g_get_monotonic_time () + ROUNDS_TIME;
  for (guint round = 0; round < N_ROUNDS && g_get_monotonic_time () < deadline; round++)
    {
      for (guint i = 0; i < N_MODES; i++)
        run_round (&bench->modes[i], n);
      if (bench->units != NULL && !cli_bench_units_measure (bench->units, bench->unit_rounds))
        return FALSE;
    }
  return TRUE;
}

/* --- Report --- */

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double difference = *(const double *) a - *(const double *) b;

  return (difference > 0) - (difference < 0);
}

/* Of the rounds, sorted by the double at @offset. */
static double
quantile (const GArray *rounds,
          gsize         offset,
          double        share)
{
  g_autofree double *values = g_new (double, rounds->len);

  for (guint i = 0; i < rounds->len; i++)
    values[i] = *(const double *) (rounds->data + i * g_array_get_element_size ((GArray *) rounds) + offset);
  qsort (values, rounds->len, sizeof *values, compare_doubles);
  return values[(guint) (share * (rounds->len - 1) + 0.5)];
}

#define QUANTILE(run, member, share) quantile ((run)->rounds, G_STRUCT_OFFSET (Cost, member), share)
#define MEDIAN(run, member)          QUANTILE (run, member, 0.5)
#define UNIT(bench, member)          quantile ((bench)->unit_rounds, G_STRUCT_OFFSET (CliBenchUnitCosts, member), 0.5)

/* The mode's CPU time over that of resolve mode, round by round. */
static double
get_ratio (const Bench *bench,
           guint        mode,
           double       share)
{
  const GArray *rounds = bench->modes[mode].rounds, *base = bench->modes[0].rounds;
  g_autofree double *ratios = g_new (double, rounds->len);

  for (guint i = 0; i < rounds->len; i++)
    ratios[i] = g_array_index (rounds, Cost, i).cpu / g_array_index (base, Cost, i).cpu;
  qsort (ratios, rounds->len, sizeof *ratios, compare_doubles);
  return ratios[(guint) (share * (rounds->len - 1) + 0.5)];
}

static double
get_goal (const Bench *bench,
          guint        mode)
{
  return bench->provider->profile == DRT_PROFILE_2_0 ? goals[mode] : 0;
}

static void
tell_figure (const Bench *bench,
             guint        mode,
             const char  *what,
             double       value,
             const char  *unit,
             double       goal)
{
  g_autofree char *name = g_strdup_printf ("security/%s/%s/%s", bench->provider->id, mode_names[mode], what);
  JsonBuilder *builder = cli_json_begin ("figure");

  cli_json_add_string (builder, "bench", name);
  cli_json_add_double (builder, "value", value);
  cli_json_add_string (builder, "unit", unit);
  cli_json_add_int (builder, "nodes", bench->n_nodes);
  if (goal > 0)
    {
      cli_json_add_double (builder, "at_most", goal);
      cli_json_add_bool (builder, "reached", value <= goal);
    }
  cli_json_end (builder);
}

/* Microseconds of a search, by what they are for. */
typedef struct
{
  double sign;
  double check;
  double seal;
  double rest;              /* messages, sockets, main loops */
} Parts;

static Parts
get_parts (const Bench *bench,
           guint        mode)
{
  const ModeRun *run = &bench->modes[mode];
  Parts parts = {
    .sign = MEDIAN (run, signatures_made) * UNIT (bench, sign),
    .check = MEDIAN (run, signatures_checked) * UNIT (bench, check),
    .seal = MEDIAN (run, buffers_sealed) * UNIT (bench, seal) + MEDIAN (run, buffers_opened) * UNIT (bench, open),
  };

  parts.rest = MEDIAN (run, cpu) - parts.sign - parts.check - parts.seal;
  return parts;
}

static void
tell_mode_json (const Bench *bench,
                guint        mode)
{
  const ModeRun *run = &bench->modes[mode];
  Parts parts;

  tell_figure (bench, mode, "cpu", MEDIAN (run, cpu), "us per search", 0);
  tell_figure (bench, mode, "cpu-lower", QUANTILE (run, cpu, 0.1), "us per search", 0);
  tell_figure (bench, mode, "cpu-upper", QUANTILE (run, cpu, 0.9), "us per search", 0);
  if (mode > 0)
    tell_figure (bench, mode, "ratio", get_ratio (bench, mode, 0.5), "times resolve", get_goal (bench, mode));
  tell_figure (bench, mode, "datagrams", MEDIAN (run, datagrams), "per search", 0);
  tell_figure (bench, mode, "bytes", MEDIAN (run, bytes), "per search", 0);
  tell_figure (bench, mode, "found", 100.0 * run->n_found / run->n_searches, "per cent", 0);
  if (bench->provider->profile == DRT_PROFILE_NONE)
    return;

  parts = get_parts (bench, mode);
  tell_figure (bench, mode, "signatures-made", MEDIAN (run, signatures_made), "per search", 0);
  tell_figure (bench, mode, "signatures-checked", MEDIAN (run, signatures_checked), "per search", 0);
  tell_figure (bench, mode, "chains-checked", MEDIAN (run, chains_checked), "per search", 0);
  tell_figure (bench, mode, "agreements", MEDIAN (run, agreements), "per search", 0);
  tell_figure (bench, mode, "buffers-sealed", MEDIAN (run, buffers_sealed), "per search", 0);
  tell_figure (bench, mode, "buffers-opened", MEDIAN (run, buffers_opened), "per search", 0);
  tell_figure (bench, mode, "cpu-signing", parts.sign, "us per search", 0);
  tell_figure (bench, mode, "cpu-checking", parts.check, "us per search", 0);
  tell_figure (bench, mode, "cpu-sealing", parts.seal, "us per search", 0);
}

static void
tell_mode_text (const Bench *bench,
                guint        mode)
{
  const ModeRun *run = &bench->modes[mode];
  double goal = get_goal (bench, mode), ratio = get_ratio (bench, mode, 0.5);
  g_autofree char *against = goal > 0
    ? g_strdup_printf ("%.2f (≤ %.0f%s)", ratio, goal, ratio <= goal ? "" : ", missed") : g_strdup_printf ("%.2f", ratio);

  cli_print ("  %-12s %6.0f µs (%.0f to %.0f)  × %s  %.1f datagrams, %.0f bytes\n", mode_names[mode],
             MEDIAN (run, cpu), QUANTILE (run, cpu, 0.1), QUANTILE (run, cpu, 0.9), against,
             MEDIAN (run, datagrams), MEDIAN (run, bytes));
  if (run->n_found < run->n_searches)
    cli_print ("               %u of %u searches did not find their key\n", run->n_searches - run->n_found, run->n_searches);
}

static void
tell_parts_text (const Bench *bench,
                 guint        mode)
{
  const ModeRun *run = &bench->modes[mode];
  double total = MEDIAN (run, cpu);
  Parts parts = get_parts (bench, mode);

  cli_print ("  %-12s %.1f signatures made %2.0f %%, %.1f checked %2.0f %%", mode_names[mode],
             MEDIAN (run, signatures_made), 100 * parts.sign / total, MEDIAN (run, signatures_checked),
             100 * parts.check / total);
  if (MEDIAN (run, buffers_sealed) > 0)
    cli_print (", %.1f buffers sealed and opened %2.0f %%", MEDIAN (run, buffers_sealed), 100 * parts.seal / total);
  if (MEDIAN (run, chains_checked) > 0)
    cli_print (", %.2f chains", MEDIAN (run, chains_checked));
  cli_print (", messages and sockets %2.0f %%\n", 100 * parts.rest / total);
}

static void
tell (const Bench *bench)
{
  if (bench->json)
    {
      for (guint i = 0; i < N_MODES; i++)
        tell_mode_json (bench, i);
      return;
    }
  cli_print ("\n%s: %u nodes, %u searches in each mode\n", bench->provider->name, bench->n_nodes,
             bench->modes[0].n_searches);
  for (guint i = 0; i < N_MODES; i++)
    tell_mode_text (bench, i);
  if (bench->provider->profile == DRT_PROFILE_NONE)
    return;
  cli_print ("  A signature takes %.0f µs to make and %.0f µs to check, a buffer %.0f µs to seal and %.0f µs to open:\n",
             UNIT (bench, sign), UNIT (bench, check), UNIT (bench, seal), UNIT (bench, open));
  for (guint i = 0; i < N_MODES; i++)
    tell_parts_text (bench, i);
}

/* --- The command --- */

static int
bench_meshes (Bench                      *bench,
              const CliBenchCertificates *certificates)
{
  gint64 deadline = g_get_monotonic_time () + JOIN_TIME;
  HRESULT hr = S_OK;

  for (guint i = 0; i < N_MODES && SUCCEEDED (hr); i++)
    {
      bench->modes[i].rounds = g_array_new (FALSE, FALSE, sizeof (Cost));
      bench->modes[i].mesh = cli_bench_mesh_new (certificates, (DRT_SECURITY_MODE) i, bench->n_nodes, &hr);
    }
  if (FAILED (hr))
    {
      cli_report_code ("the mesh could not be opened", hr, NULL);
      return CLI_EXIT_NOT_OPEN;
    }
  while (!is_complete (bench) && g_get_monotonic_time () < deadline)
    g_usleep (POLL_TIME);
  g_usleep (SETTLE_TIME);
  if (!is_complete (bench) || !run_rounds (bench))
    {
      cli_warn ("%s: the nodes did not find one another in time", bench->provider->name);
      return CLI_EXIT_TIMEOUT;
    }
  return CLI_EXIT_SUCCESS;
}

static int
bench_run (Bench *bench)
{
  CliBenchCertificates certificates;
  g_autoptr (GError) error = NULL;
  int status = CLI_EXIT_NOT_OPEN;

  memset (bench->modes, 0, sizeof bench->modes);
  if (cli_bench_certificates_make (&certificates, bench->provider, bench->n_nodes, &error))
    {
      if (bench->provider->profile != DRT_PROFILE_NONE)
        bench->units = cli_bench_units_new (&certificates);
      bench->unit_rounds = g_array_new (FALSE, FALSE, sizeof (CliBenchUnitCosts));
      status = bench_meshes (bench, &certificates);
    }
  else
    cli_warn ("%s: no certificates: %s", bench->provider->name, error->message);
  if (status == CLI_EXIT_SUCCESS)
    tell (bench);

  for (guint i = 0; i < N_MODES; i++)
    {
      g_clear_pointer (&bench->modes[i].mesh, cli_bench_mesh_free);
      g_clear_pointer (&bench->modes[i].rounds, g_array_unref);
    }
  g_clear_pointer (&bench->units, cli_bench_units_free);
  g_clear_pointer (&bench->unit_rounds, g_array_unref);
  cli_bench_certificates_clear (&certificates);
  return status;
}

static void
raise_file_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0)
    {
      limit.rlim_cur = limit.rlim_max;
      setrlimit (RLIMIT_NOFILE, &limit);
    }
}

static gboolean
is_wanted (const CliBenchProvider *provider,
           char                  **wanted)
{
  return wanted == NULL || g_strv_contains ((const char *const *) wanted, provider->id);
}

static gboolean
check_providers (char **wanted,
                 char **problem)
{
  for (guint i = 0; wanted != NULL && wanted[i] != NULL; i++)
    {
      gboolean known = FALSE;

      for (guint j = 0; j < G_N_ELEMENTS (providers); j++)
        known |= g_str_equal (wanted[i], providers[j].id);
      if (!known)
        {
          *problem = g_strdup_printf ("--provider is null, 2.0-ed25519, 2.0-p256 or 1.0, not “%.64s”", wanted[i]);
          return FALSE;
        }
    }
  return TRUE;
}

static int
cli_bench_run (char **argv)
{
  int n_nodes = 32, n_searches = 2000;
  g_auto (GStrv) wanted = NULL;
  Bench bench = { 0 };
  const GOptionEntry entries[] = {
    { "nodes", 'n', 0, G_OPTION_ARG_INT, &n_nodes, "Nodes of each mesh, 2 to 100; without it 32", "N" },
    { "searches", 0, 0, G_OPTION_ARG_INT, &n_searches, "Searches in each mode; without it 2000", "N" },
    { "provider", 0, 0, G_OPTION_ARG_STRING_ARRAY, &wanted, "Only this one: null, 2.0-ed25519, 2.0-p256 or 1.0; may be repeated", "NAME" },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &bench.json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);
  g_autofree char *problem = NULL;
  int status = CLI_EXIT_SUCCESS;

  if (!cli_options_parse (&cli_command_bench, entries,
                          "What security costs: CPU time and bytes of one search when all nodes have met, both sides\n"
                          "and the kernel's part included, in each security mode with each provider.\n", &words))
    return CLI_EXIT_USAGE;
  if (words[1] != NULL)
    return cli_usage_error ("“%.80s” is one word too many", words[1]);
  if (n_nodes < MIN_NODES || n_nodes > MAX_NODES)
    return cli_usage_error ("--nodes is %d; it must be %d to %d", n_nodes, MIN_NODES, MAX_NODES);
  if (n_searches < 1 || n_searches > MAX_SEARCHES)
    return cli_usage_error ("--searches is %d; it must be 1 to %d", n_searches, MAX_SEARCHES);
  if (!check_providers (wanted, &problem))
    return cli_usage_error ("%s", problem);

  raise_file_limit ();
  bench.n_nodes = n_nodes;
  bench.n_searches = n_searches;
  for (guint i = 0; status == CLI_EXIT_SUCCESS && i < G_N_ELEMENTS (providers); i++)
    if (is_wanted (&providers[i], wanted))
      {
        bench.provider = &providers[i];
        status = bench_run (&bench);
      }
  return status;
}

const CliCommand cli_command_bench = {
  "bench", NULL, "Measure what security costs", cli_bench_run,
};
