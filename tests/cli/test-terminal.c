/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "cli-scratch.h"

/* Passphrases at a terminal: what is typed is not shown, and however the asking
 * ends, the terminal is as it was. */

#define PATIENCE 30000   /* ms */

typedef struct
{
  char *directory;
  char *path;               /* what drt is to write */
  int master, slave;
  struct termios before;
  pid_t pid;
  GString *shown;           /* on the terminal */
} Terminal;

static void
terminal_open (Terminal *terminal)
{
  const char *tool = g_getenv ("DRT_TOOL");

  *terminal = (Terminal) { .directory = cli_scratch_new (), .shown = g_string_new (NULL) };
  terminal->path = g_build_filename (terminal->directory, "authority.pem", NULL);
  g_assert_cmpint (openpty (&terminal->master, &terminal->slave, NULL, NULL, NULL), ==, 0);
  g_assert_cmpint (tcgetattr (terminal->slave, &terminal->before), ==, 0);
  g_assert_true ((terminal->before.c_lflag & ECHO) != 0);
  terminal->pid = fork ();
  g_assert_cmpint (terminal->pid, >=, 0);
  if (terminal->pid == 0)
    {
      close (terminal->master);
      login_tty (terminal->slave);
      execl (tool, tool, "cert", "authority", "Reading room", "--out", terminal->path, "--ask", NULL);
      _exit (127);
    }
}

static void
terminal_wait_for (Terminal   *terminal,
                   const char *text)
{
  while (strstr (terminal->shown->str, text) == NULL)
    {
      struct pollfd waiting = { .fd = terminal->master, .events = POLLIN };
      char bytes[256];
      gssize n;

      if (poll (&waiting, 1, PATIENCE) != 1)
        g_error ("“%s” was not shown, but “%s”", text, terminal->shown->str);
      n = read (terminal->master, bytes, sizeof bytes);
      g_assert_cmpint (n, >, 0);
      g_string_append_len (terminal->shown, bytes, n);
    }
}

static void
terminal_type (Terminal   *terminal,
               const char *text)
{
  g_assert_cmpint (write (terminal->master, text, strlen (text)), ==, strlen (text));
}

/* Returns: its exit code; -N: ended by signal N */
static int
terminal_close (Terminal *terminal)
{
  struct termios after;
  int status;

  g_assert_cmpint (waitpid (terminal->pid, &status, 0), ==, terminal->pid);
  g_assert_cmpint (tcgetattr (terminal->slave, &after), ==, 0);
  g_assert_cmphex (after.c_lflag, ==, terminal->before.c_lflag);
  g_assert_cmpmem (after.c_cc, sizeof after.c_cc, terminal->before.c_cc, sizeof terminal->before.c_cc);
  g_assert_null (strstr (terminal->shown->str, "geheim"));
  close (terminal->master);
  close (terminal->slave);
  g_string_free (terminal->shown, TRUE);
  g_free (terminal->path);
  cli_scratch_free (terminal->directory);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -WTERMSIG (status);
}

static void
test_typed (void)
{
  g_autofree char *pem = NULL;
  Terminal terminal;
  gsize length;

  terminal_open (&terminal);
  terminal_wait_for (&terminal, "New passphrase: ");
  terminal_type (&terminal, "geheim\n");
  terminal_wait_for (&terminal, "The same again: ");
  terminal_type (&terminal, "geheim\n");
  terminal_wait_for (&terminal, "keep a copy elsewhere");
  pem = cli_scratch_read (terminal.path, &length);
  g_assert_nonnull (strstr (pem, "ENCRYPTED PRIVATE KEY"));
  g_assert_cmpint (terminal_close (&terminal), ==, 0);
}

static void
test_ctrl_c (void)
{
  Terminal terminal;

  terminal_open (&terminal);
  terminal_wait_for (&terminal, "New passphrase: ");
  terminal_type (&terminal, "geh\003");
  terminal_wait_for (&terminal, "a passphrase is needed");
  g_assert_false (g_file_test (terminal.path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (terminal_close (&terminal), ==, 6);
}

/* From elsewhere, or as the connection breaks. */
static void
test_signal (gconstpointer data)
{
  int number = GPOINTER_TO_INT (data);
  Terminal terminal;

  /* Whoever runs the tests may ignore it, as nohup does, and children with him. */
  signal (number, SIG_DFL);
  terminal_open (&terminal);
  terminal_wait_for (&terminal, "New passphrase: ");
  terminal_type (&terminal, "geh");
  g_assert_cmpint (kill (terminal.pid, number), ==, 0);
  g_assert_cmpint (terminal_close (&terminal), ==, -number);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (60);

  g_test_add_func ("/terminal/typed", test_typed);
  g_test_add_func ("/terminal/ctrl-c", test_ctrl_c);
  g_test_add_data_func ("/terminal/sigterm", GINT_TO_POINTER (SIGTERM), test_signal);
  g_test_add_data_func ("/terminal/sighup", GINT_TO_POINTER (SIGHUP), test_signal);

  return g_test_run ();
}
