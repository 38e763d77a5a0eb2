/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-quit.h"

#include <glib-unix.h>
#include <signal.h>

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

static gboolean
signal_cb (gpointer data)
{
  CliQuit *quit = data;

  quit->requested = TRUE;
  g_main_loop_quit (quit->loop);
  return G_SOURCE_CONTINUE;
}

/**
 * cli_quit_init:
 * @quit: stays where it is until cli_quit_clear()
 * @loop: the loop to be ended
 */
void
cli_quit_init (CliQuit   *quit,
               GMainLoop *loop)
{
  G_STATIC_ASSERT (G_N_ELEMENTS (signals) == G_N_ELEMENTS (quit->sources));

  quit->loop = loop;
  quit->requested = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    quit->sources[i] = g_unix_signal_add (signals[i], signal_cb, quit);
}

void
cli_quit_clear (CliQuit *quit)
{
  for (guint i = 0; i < G_N_ELEMENTS (quit->sources); i++)
    g_clear_handle_id (&quit->sources[i], g_source_remove);
}
