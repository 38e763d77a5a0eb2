/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-command.h"

#include <string.h>

#include "cli-options.h"
#include "cli-output.h"

const CliCommand *
cli_command_find (const CliCommand *const *commands,
                  guint                    n,
                  const char              *name)
{
  for (guint i = 0; i < n; i++)
    if (g_str_equal (commands[i]->name, name))
      return commands[i];
  return NULL;
}

/**
 * cli_command_refuse:
 * @commands: the @n there are
 * @options: what else may stand in a command's place; ends with %NULL
 * @name: what stands there
 *
 * Says that there is no such command, and which may be meant.
 *
 * Returns: %CLI_EXIT_USAGE
 */
int
cli_command_refuse (const CliCommand *const *commands,
                    guint                    n,
                    const char *const       *options,
                    const char              *name)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *near_name;

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (names, (gpointer) commands[i]->name);
  for (; *options != NULL; options++)
    g_ptr_array_add (names, (gpointer) *options);
  g_ptr_array_add (names, NULL);

  near_name = cli_suggest (name, (const char *const *) names->pdata);
  if (near_name != NULL)
    return cli_usage_error ("there is no command “%s”; did you mean “%s”?", name, near_name);
  return cli_usage_error ("there is no command “%.80s”", name);
}
