/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

/* The drt tool as a real process; each wait has a deadline, at which the test fails. */

/* What a process that has ended left. */
typedef struct
{
  int status;     /* exit code; -N: ended by signal N */
  char *out;
  char *err;
} CliResult;

/* A process that goes on. */
typedef struct
{
  GSubprocess *subprocess;
  GDataInputStream *out;
} CliProcess;

CliResult  *cli_run              (const char *arguments, ...) G_GNUC_NULL_TERMINATED;
CliResult  *cli_runv             (const char *const *arguments);
void        cli_assert_contains  (const char *text, const char *part);
void        cli_assert_refused   (const CliResult *result, int status, const char *message);
void        cli_result_free      (CliResult *result);
GPtrArray  *cli_result_objects   (const CliResult *result);
JsonObject *cli_result_find      (const CliResult *result, const char *event);

CliProcess *cli_process_new      (const char *arguments, ...) G_GNUC_NULL_TERMINATED;
JsonObject *cli_process_wait     (CliProcess *process, const char *event);
void        cli_process_close_stdin (CliProcess *process);
int         cli_process_end      (CliProcess *process, int signal_number);
void        cli_process_free     (CliProcess *process);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliResult, cli_result_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliProcess, cli_process_free)
