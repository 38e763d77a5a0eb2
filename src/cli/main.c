/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <locale.h>
#include <signal.h>

#include "cli-command.h"
#include "cli-output.h"

static const CliCommand *const commands[] = {
  &cli_command_node,
  &cli_command_mesh,
  &cli_command_search,
  &cli_command_lab,
  &cli_command_bench,
  &cli_command_explain,
  &cli_command_key,
  &cli_command_cert,
};

static const char *const options[] = { "--help", "--version", NULL };

static void
print_help (void)
{
  cli_print ("Usage: drt COMMAND [OPTION…] [ARGUMENT…]\n");
  cli_print ("\nWork with a mesh of the Distributed Routing Table.\n");
  cli_print ("\nCommands:\n");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    cli_print ("  %-8s  %s\n", commands[i]->name, commands[i]->summary);
  cli_print ("\nOptions:\n");
  cli_print ("  --help     Show this help; “drt COMMAND --help” shows that of a command\n");
  cli_print ("  --version  Show the version\n");
  cli_print ("\n%s", cli_exit_codes ());
}

static int
run_command (const CliCommand *command,
             char            **argv)
{
  g_autofree char *program = g_strconcat ("drt ", command->name, NULL);

  g_set_prgname (program);
  return command->run (argv);
}

int
main (int    argc,
      char **argv)
{
  const CliCommand *command;
  gboolean wants_help;

  setlocale (LC_ALL, "");
  g_set_prgname ("drt");

  /* A reader that went away is told by the failing write, see cli_print(); a
   * node must still take its leave of the mesh. */
  signal (SIGPIPE, SIG_IGN);

  if (argc < 2)
    return cli_usage_error ("which command? One of node, mesh, search, lab, bench, explain, key, cert");

  if (g_str_equal (argv[1], "--version"))
    {
      cli_print ("drt %s\n", DRT_VERSION);
      return CLI_EXIT_SUCCESS;
    }

  wants_help = g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") || g_str_equal (argv[1], "help");
  if (wants_help && argc == 2)
    {
      print_help ();
      return CLI_EXIT_SUCCESS;
    }

  command = cli_command_find (commands, G_N_ELEMENTS (commands), wants_help ? argv[2] : argv[1]);
  if (command == NULL)
    return cli_command_refuse (commands, G_N_ELEMENTS (commands), options, wants_help ? argv[2] : argv[1]);
  if (wants_help)
    {
      char *help[] = { (char *) command->name, (char *) "--help", NULL };

      return run_command (command, help);
    }
  return run_command (command, argv + 1);
}
