/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-options.h"
#include "cli-output.h"

static void
print_key (const DrtKey *key,
           gboolean      json)
{
  char text[DRT_KEY_HEX_LENGTH + 1];

  if (json)
    {
      JsonBuilder *builder = cli_json_begin ("key");

      cli_json_add_key (builder, "key", key);
      cli_json_end (builder);
      return;
    }
  drt_key_format (key, text);
  cli_print ("%s\n", text);
}

static int
cli_key_run (char **argv)
{
  gboolean json = FALSE;
  gboolean random = FALSE;
  const GOptionEntry entries[] = {
    { "random", 'r', 0, G_OPTION_ARG_NONE, &random, "Make a random key", NULL },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);
  g_autofree char *problem = NULL;
  DrtKey key;

  if (!cli_options_parse (&cli_command_key, entries,
                          "The key of a text is its SHA-256, as “text:WORDS” is in the other commands.\n"
                          "Of “cert:FILE” it is the key that derives from the certificate in the file.\n"
                          "Keys are written with the most significant digit first.\n", &words))
    return CLI_EXIT_USAGE;
  if (random ? words[1] != NULL : words[1] == NULL || words[2] != NULL)
    return cli_usage_error ("give one TEXT (in quotes if it has spaces), or --random");
  if (!random && words[1][0] == '\0')
    return cli_usage_error ("the text is empty");

  if (random)
    cli_random_key (&key);
  else if (!g_str_has_prefix (words[1], CLI_CERTIFICATE_PREFIX))
    drt_key_from_text (&key, words[1]);
  else if (!cli_parse_key (words[1], &key, &problem))
    return cli_usage_error ("%s", problem);
  print_key (&key, json);
  return CLI_EXIT_SUCCESS;
}

const CliCommand cli_command_key = {
  "key", "TEXT", "Make the key of a text or a certificate, or a random key", cli_key_run,
};
