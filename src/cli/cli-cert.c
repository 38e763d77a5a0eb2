/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-cert.h"

#include "cli-output.h"

static const CliCommand *const commands[] = {
  &cli_cert_authority,
  &cli_cert_issue,
  &cli_cert_request,
  &cli_cert_join,
  &cli_cert_show,
  &cli_cert_check,
  &cli_cert_revoke,
  &cli_cert_invite,
  &cli_cert_accept,
};

static const char *const options[] = { "--help", NULL };

static void
print_help (void)
{
  cli_print ("Usage:\n  drt cert COMMAND [OPTION…] [ARGUMENT…]\n");
  cli_print ("\nMake, check and hand on the certificates of a mesh.\n");
  cli_print ("\nCommands:\n");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    cli_print ("  %-9s  %s\n", commands[i]->name, commands[i]->summary);
  cli_print ("\nOptions:\n");
  cli_print ("  --help     Show this help; “drt cert COMMAND --help” shows that of a command\n");
  cli_print ("\nEvery command has --json: one JSON object per line, with the same facts.\n");
  cli_print ("A passphrase is the first line of a file, or asked for; it never stands on the command line.\n");
  cli_print ("\n%s", cli_exit_codes ());
}

static int
cli_cert_run (char **argv)
{
  g_autofree char *program = NULL;
  const CliCommand *command;

  if (argv[1] == NULL)
    return cli_usage_error ("which command? One of authority, issue, request, join, show, check, revoke, invite, accept");
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") || g_str_equal (argv[1], "help"))
    {
      print_help ();
      return CLI_EXIT_SUCCESS;
    }
  command = cli_command_find (commands, G_N_ELEMENTS (commands), argv[1]);
  if (command == NULL)
    return cli_command_refuse (commands, G_N_ELEMENTS (commands), options, argv[1]);

  program = g_strconcat (g_get_prgname (), " ", command->name, NULL);
  g_set_prgname (program);
  return command->run (argv + 1);
}

const CliCommand cli_command_cert = {
  "cert", "COMMAND", "Make, check and hand on the certificates of a mesh", cli_cert_run,
};
