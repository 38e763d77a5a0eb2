/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <errno.h>

#include "cli-options.h"
#include "cli-output.h"

#define LAST_CODE 0xFFFF   /* within a facility */

static void
print_code (HRESULT  hr,
            gboolean json)
{
  if (json)
    {
      JsonBuilder *builder = cli_json_begin ("code");

      cli_json_add_code (builder, hr);
      cli_json_add_int (builder, "value", hr);
      cli_json_end (builder);
      return;
    }
  cli_print ("%s\n  0x%08X (%d)\n  %s\n", drt_hresult_to_name (hr), (guint32) hr, hr, drt_hresult_to_sentence (hr));
}

static gboolean
is_known (HRESULT hr)
{
  return drt_hresult_to_name (hr) != NULL;
}

static int
print_all (gboolean json)
{
  static const guint32 bases[] = {
    MAKE_HRESULT (SEVERITY_SUCCESS, 0, 0),
    MAKE_HRESULT (SEVERITY_ERROR, 0, 0),
    MAKE_HRESULT (SEVERITY_ERROR, FACILITY_WIN32, 0),
    MAKE_HRESULT (SEVERITY_SUCCESS, FACILITY_DRT, 0),
    MAKE_HRESULT (SEVERITY_ERROR, FACILITY_DRT, 0),
  };

  for (guint i = 0; i < G_N_ELEMENTS (bases); i++)
    for (guint32 code = 0; code <= LAST_CODE; code++)
      if (is_known ((HRESULT) (bases[i] | code)))
        print_code ((HRESULT) (bases[i] | code), json);
  return CLI_EXIT_SUCCESS;
}

/* 0x80621006, 2153910278, -2141057018 or DRT_E_NO_MORE. */
static gboolean
parse_code (const char *text,
            HRESULT    *hr)
{
  g_autofree char *upper = g_ascii_strup (text, -1);
  gint64 number;
  char *end;

  if (drt_hresult_from_name (upper, hr))
    return TRUE;

  errno = 0;
  number = g_ascii_strtoll (text, &end, 0);
  if (end == text || *end != '\0' || errno != 0 || number < G_MININT32 || number > G_MAXUINT32)
    return FALSE;
  *hr = (HRESULT) (guint32) number;
  return TRUE;
}

static int
explain (const char *text,
         gboolean    json)
{
  HRESULT hr;

  if (!parse_code (text, &hr))
    {
      cli_warn ("there is no code of the name “%.80s”; “drt explain --all” lists them", text);
      return CLI_EXIT_NOT_FOUND;
    }
  if (!is_known (hr))
    {
      cli_warn ("0x%08X (%d) is no code of the DRT; “drt explain --all” lists them", (guint32) hr, hr);
      return CLI_EXIT_NOT_FOUND;
    }
  print_code (hr, json);
  return CLI_EXIT_SUCCESS;
}

static int
cli_explain_run (char **argv)
{
  gboolean json = FALSE;
  gboolean all = FALSE;
  const GOptionEntry entries[] = {
    { "all", 'a', 0, G_OPTION_ARG_NONE, &all, "List all codes of the DRT", NULL },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);

  /* A negative number is no option. */
  for (guint i = 1; words[i] != NULL; i++)
    if (words[i][0] == '-' && g_ascii_isdigit (words[i][1]))
      {
        HRESULT hr;

        if (parse_code (words[i], &hr))
          {
            g_free (words[i]);
            words[i] = g_strdup_printf ("0x%08X", (guint32) hr);
          }
      }

  if (!cli_options_parse (&cli_command_explain, entries,
                          "CODE is a name (DRT_E_NO_MORE) or a number (0x80621006, -2141057018).\n", &words))
    return CLI_EXIT_USAGE;
  if (all && words[1] == NULL)
    return print_all (json);
  if (all || words[1] == NULL || words[2] != NULL)
    return cli_usage_error ("give one CODE, or --all");
  return explain (words[1], json);
}

const CliCommand cli_command_explain = {
  "explain", "CODE", "Say what a result code means", cli_explain_run,
};
