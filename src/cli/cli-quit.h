/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

/* Ends a main loop when the process is asked to end: SIGINT, SIGTERM, SIGHUP.
 * One at a time in a process. */

typedef struct
{
  GMainLoop *loop;
  guint sources[3];
  gboolean requested;   /* by a signal */
} CliQuit;

void cli_quit_init  (CliQuit *quit, GMainLoop *loop);
void cli_quit_clear (CliQuit *quit);
