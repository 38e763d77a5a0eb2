/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "cli-output.h"

#define MAX_PASSPHRASE 1024   /* bytes */
#define TRIES          3
#define CANCEL         3      /* Ctrl+C */

/**
 * cli_secret_guard:
 *
 * To be called before the first secret comes into memory: from now on the
 * process leaves no core dump, and other processes of the same user cannot look
 * into it.  libdrt leaves this to the program: it is the whole process's.
 */
void
cli_secret_guard (void)
{
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
}

gboolean
cli_terminal_exists (void)
{
  int fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

  if (fd < 0)
    return FALSE;
  close (fd);
  return TRUE;
}

/* A line without its end.  The buffer is cleared; -1: an error, or too long. */
static char *
read_secret_line (int   fd,
                  char *end)
{
  char buffer[MAX_PASSPHRASE + 2];
  gsize length = 0;
  char *line = NULL;
  gssize n = 1;

  *end = '\0';
  while (length < sizeof buffer && n == 1 && *end == '\0')
    {
      n = read (fd, buffer + length, 1);
      if (n < 0 && errno == EINTR)
        n = 1;
      else if (n == 1 && (buffer[length] == '\n' || buffer[length] == CANCEL))
        *end = buffer[length];
      else if (n == 1)
        length++;
    }
  if (length > 0 && buffer[length - 1] == '\r')
    length--;
  if (n < 0)
    ;
  else if (length > MAX_PASSPHRASE)
    errno = EMSGSIZE;
  else if (memchr (buffer, '\0', length) != NULL)
    errno = EILSEQ;
  else
    line = g_strndup (buffer, length);
  explicit_bzero (buffer, sizeof buffer);
  return line;
}

/**
 * cli_passphrase_read:
 * @path: a file whose first line is a passphrase
 *
 * Returns: (nullable) (transfer full): for drt_secret_free(); %NULL after telling
 *   why there is none
 */
char *
cli_passphrase_read (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  char *passphrase = NULL;
  struct stat info;
  char end;

  cli_secret_guard ();
  if (fd >= 0 && fstat (fd, &info) == 0 && S_ISREG (info.st_mode) && (info.st_mode & 0077) != 0)
    cli_warn ("“%s” can be read by others; “chmod 600” helps", path);
  if (fd >= 0)
    passphrase = read_secret_line (fd, &end);
  if (passphrase == NULL && fd >= 0 && errno == EMSGSIZE)
    cli_warn ("the passphrase in “%s” is longer than %d bytes", path, MAX_PASSPHRASE);
  else if (passphrase == NULL)
    cli_warn ("the passphrase in “%s” cannot be read: %s", path, g_strerror (errno));
  else if (*passphrase == '\0')
    {
      cli_warn ("the first line of “%s” is empty: no passphrase", path);
      g_clear_pointer (&passphrase, drt_secret_free);
    }
  if (fd >= 0)
    close (fd);
  return passphrase;
}

/* What ends the process while it asks has to wait until the terminal is as it was. */
static const int ending_signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
static volatile sig_atomic_t ending_signal;

typedef struct
{
  struct sigaction actions[G_N_ELEMENTS (ending_signals)];
  sigset_t mask;
} Before;

static void
ending_cb (int number)
{
  ending_signal = number;
}

/* Blocked but for await_line(): a signal just before it is not missed. */
static void
hold_ending (Before *before)
{
  const struct sigaction caught = { .sa_handler = ending_cb };
  sigset_t blocked;

  sigemptyset (&blocked);
  for (guint i = 0; i < G_N_ELEMENTS (ending_signals); i++)
    sigaddset (&blocked, ending_signals[i]);
  sigprocmask (SIG_BLOCK, &blocked, &before->mask);
  for (guint i = 0; i < G_N_ELEMENTS (ending_signals); i++)
    sigaction (ending_signals[i], &caught, &before->actions[i]);
}

static void
release_ending (const Before *before)
{
  for (guint i = 0; i < G_N_ELEMENTS (ending_signals); i++)
    sigaction (ending_signals[i], &before->actions[i], NULL);
  sigprocmask (SIG_SETMASK, &before->mask, NULL);
  if (ending_signal != 0)
    raise (ending_signal);
}

static gboolean
await_line (int           fd,
            const Before *before)
{
  struct pollfd line = { .fd = fd, .events = POLLIN };
  int n;

  do
    n = ppoll (&line, 1, NULL, &before->mask);
  while (n < 0 && errno == EINTR && ending_signal == 0);
  return n == 1;
}

/* Nothing typed is shown, and Ctrl+C ends the line instead of the process: the
 * terminal is given back as it was in any case. */
static char *
ask_terminal (int         fd,
              const char *what)
{
  g_autofree char *question = g_strdup_printf ("%s: ", what);
  struct termios before, silent;
  char *line = NULL;
  char end = '\0';
  Before held;

  if (tcgetattr (fd, &before) != 0)
    return NULL;
  silent = before;
  silent.c_lflag &= ~(ECHO | ECHONL | ISIG);
  silent.c_lflag |= ICANON;
  silent.c_cc[VEOL] = CANCEL;
  hold_ending (&held);
  if (tcsetattr (fd, TCSAFLUSH, &silent) == 0 && write (fd, question, strlen (question)) > 0 && await_line (fd, &held))
    line = read_secret_line (fd, &end);
  tcsetattr (fd, TCSAFLUSH, &before);
  release_ending (&held);
  if (write (fd, "\n", 1) < 0 || end == CANCEL)
    g_clear_pointer (&line, drt_secret_free);
  return line;
}

/**
 * cli_passphrase_ask:
 * @what: whose it is
 *
 * Asks at the terminal, without showing what is typed.
 *
 * Returns: (nullable) (transfer full): for drt_secret_free(); %NULL: there is no
 *   terminal, or nobody wants to answer
 */
char *
cli_passphrase_ask (const char *what)
{
  int fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  char *passphrase;

  if (fd < 0)
    return NULL;
  cli_secret_guard ();
  passphrase = ask_terminal (fd, what);
  close (fd);
  if (passphrase != NULL && *passphrase == '\0')
    g_clear_pointer (&passphrase, drt_secret_free);
  return passphrase;
}

/**
 * cli_passphrase_choose:
 * @path: (nullable): a file to take it from
 * @ask: without one, ask for it, twice
 *
 * For a file that is going to be written.
 *
 * Returns: (nullable) (transfer full): %NULL after telling why there is none
 */
char *
cli_passphrase_choose (const char *path,
                       gboolean    ask)
{
  char *first, *second;
  gboolean same;

  if (path != NULL)
    return cli_passphrase_read (path);
  first = ask ? cli_passphrase_ask ("New passphrase") : NULL;
  if (first == NULL)
    {
      cli_warn ("a passphrase is needed: give a file that has it with --passphrase-file or --out-passphrase-file, see --help");
      return NULL;
    }
  second = cli_passphrase_ask ("The same again");
  same = second != NULL && g_str_equal (first, second);
  g_clear_pointer (&second, drt_secret_free);
  if (same)
    return first;
  cli_warn ("these were two different passphrases");
  drt_secret_free (first);
  return NULL;
}

typedef PCCERT_CONTEXT (*LoadFunc) (const char *path, const char *passphrase, GError **error);

static PCCERT_CONTEXT
load_asking (LoadFunc    load,
             const char *path,
             GError    **error)
{
  g_autofree char *what = g_strdup_printf ("Passphrase of %s", path);
  PCCERT_CONTEXT certificate = NULL;

  for (guint i = 0; certificate == NULL && i < TRIES; i++)
    {
      char *passphrase = cli_passphrase_ask (what);

      if (passphrase == NULL)
        break;
      g_clear_error (error);
      certificate = load (path, passphrase, error);
      drt_secret_free (passphrase);
      if (!g_error_matches (*error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE))
        break;
    }
  return certificate;
}

static void
report (const char   *path,
        const GError *error)
{
  /* Where a file cannot be opened its name is in the message. */
  if (g_error_matches (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_FILE))
    cli_warn ("%s", error->message);
  else
    cli_warn ("“%s”: %s", path, error->message);
  if (g_error_matches (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED))
    cli_warn ("give a file whose first line is the passphrase: --passphrase-file FILE");
}

/* A key that no passphrase protects is whoever's reads the file. */
static void
check_mode (const char     *path,
            PCCERT_CONTEXT  certificate)
{
  struct stat info;

  if (drt_certificate_has_private_key (certificate)
      && stat (path, &info) == 0 && S_ISREG (info.st_mode) && (info.st_mode & 0077) != 0)
    cli_warn ("“%s” has a private key without passphrase, and can be read by others; “chmod 600” helps", path);
}

static PCCERT_CONTEXT
load (LoadFunc    func,
      const char *path,
      const char *passphrase_file)
{
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT certificate;
  char *passphrase = NULL;

  cli_secret_guard ();
  if (passphrase_file != NULL && (passphrase = cli_passphrase_read (passphrase_file)) == NULL)
    return NULL;
  certificate = func (path, passphrase, &error);
  if (certificate != NULL && passphrase == NULL)
    check_mode (path, certificate);
  if (certificate == NULL && passphrase == NULL && cli_terminal_exists ()
      && g_error_matches (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED))
    certificate = load_asking (func, path, &error);
  g_clear_pointer (&passphrase, drt_secret_free);
  if (certificate == NULL)
    report (path, error);
  return certificate;
}

/**
 * cli_certificate_load:
 * @passphrase_file: (nullable): without it a passphrase that is needed is asked for
 *
 * Returns: (nullable): %NULL after telling why it could not be read
 */
PCCERT_CONTEXT
cli_certificate_load (const char *path,
                      const char *passphrase_file)
{
  return load (drt_certificate_load, path, passphrase_file);
}

/**
 * cli_certificate_load_public:
 *
 * Without the private key, for which no passphrase is needed then.
 *
 * Returns: (nullable): %NULL after telling why it could not be read
 */
PCCERT_CONTEXT
cli_certificate_load_public (const char *path)
{
  return load (drt_certificate_load_public, path, NULL);
}

/**
 * cli_root_load:
 *
 * Returns: (nullable): %NULL after telling why it is no root
 */
PCCERT_CONTEXT
cli_root_load (const char *path)
{
  PCCERT_CONTEXT certificate = cli_certificate_load_public (path);
  g_autoptr (DrtCertificateInfo) info = NULL;

  if (certificate == NULL)
    return NULL;
  info = drt_certificate_get_info (certificate);
  if (info->is_authority)
    return certificate;
  cli_warn ("“%s”: the certificate of “%s” is no root of a mesh: it may not sign others", path, info->subject);
  drt_certificate_unref (certificate);
  return NULL;
}

/**
 * cli_revoke_list_load:
 *
 * Returns: (nullable): %NULL after telling why it could not be read
 */
DrtRevokeList *
cli_revoke_list_load (const char *path)
{
  g_autoptr (GError) error = NULL;
  DrtRevokeList *list = drt_revoke_list_load (path, &error);

  if (list == NULL)
    report (path, error);
  return list;
}

/**
 * cli_authority_load:
 *
 * What can issue: an authority with its private key.
 *
 * Returns: (nullable): %NULL after telling what it lacks
 */
PCCERT_CONTEXT
cli_authority_load (const char *path,
                    const char *passphrase_file)
{
  PCCERT_CONTEXT certificate = cli_certificate_load (path, passphrase_file);
  g_autoptr (DrtCertificateInfo) info = NULL;

  if (certificate == NULL)
    return NULL;
  info = drt_certificate_get_info (certificate);
  if (!info->is_authority)
    cli_warn ("“%s”: the certificate of “%s” is no authority's: it may not sign others", path, info->subject);
  else if (!drt_certificate_has_private_key (certificate))
    cli_warn ("“%s”: the private key of “%s” is not in it, and without that nothing can be signed", path, info->subject);
  else
    return certificate;
  drt_certificate_unref (certificate);
  return NULL;
}
