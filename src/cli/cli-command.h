/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

/*
 * The commands of drt and what they end with.  The numbers are a promise: they
 * stand in --help and in drt(1), and scripts rely on them.
 */

typedef enum
{
  CLI_EXIT_SUCCESS     = 0,   /* done, found, or ended as asked */
  CLI_EXIT_NOT_FOUND   = 1,   /* the key, or the code, is not there */
  CLI_EXIT_NOT_GOOD    = 1,   /* the chain of a certificate, or an invitation, is not good */
  CLI_EXIT_USAGE       = 2,   /* the command line is wrong */
  CLI_EXIT_NOT_OPEN    = 3,   /* no node could be opened, or a key not registered */
  CLI_EXIT_TIMEOUT     = 4,   /* no mesh reached, or no end of the search, in time */
  CLI_EXIT_FAULTED     = 5,   /* the node met a critical error while it ran */
  CLI_EXIT_FILE        = 6,   /* a file of certificates, keys or a passphrase could not be read, used or written */
  CLI_EXIT_INTERRUPTED = 130, /* a search or a scenario was interrupted, as shells count SIGINT */
} CliExit;

typedef struct
{
  const char *name;
  const char *arguments;      /* for the usage line */
  const char *summary;        /* one line, no full stop */
  /* @argv[0] is the name of the command. */
  int (*run) (char **argv);
} CliCommand;

/* The one of this name among @n; NULL: cli_command_refuse() says so. */
const CliCommand *cli_command_find   (const CliCommand *const *commands, guint n, const char *name);
int               cli_command_refuse (const CliCommand *const *commands, guint n, const char *const *options, const char *name);

extern const CliCommand cli_command_node;
extern const CliCommand cli_command_mesh;
extern const CliCommand cli_command_search;
extern const CliCommand cli_command_lab;
extern const CliCommand cli_command_bench;
extern const CliCommand cli_command_explain;
extern const CliCommand cli_command_key;
extern const CliCommand cli_command_cert;
