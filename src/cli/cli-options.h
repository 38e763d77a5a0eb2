/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-glib.h"
#include "drt-key.h"

#include "cli-command.h"

/* Reading a command line: what several commands have in common. */

#define CLI_CERTIFICATE_PREFIX "cert:"   /* of a key that derives from a certificate */

/* Which addresses a mesh is made of. */
typedef struct
{
  DRT_SCOPE scope;
  guint32 interface;   /* index, 0: all */
} CliScope;

gboolean    cli_options_parse      (const CliCommand *command, const GOptionEntry *entries, const char *details, char ***argv);
const char *cli_suggest            (const char *word, const char *const *candidates);

gboolean    cli_parse_key          (const char *text, DrtKey *key, char **problem);
void        cli_random_key         (DrtKey *key);
gboolean    cli_parse_port         (int number, guint16 *port, char **problem);
gboolean    cli_parse_endpoint     (const char *text, char **host, char **zone, guint16 *port, char **problem);
gboolean    cli_parse_scope        (const char *scope, const char *link, CliScope *result, char **problem);
gboolean    cli_parse_mode         (const char *text, DRT_SECURITY_MODE *mode, char **problem);
const char *cli_mode_to_name       (DRT_SECURITY_MODE mode);
gboolean    cli_parse_version      (const char *text, guint8 *major, guint8 *minor, char **problem);
