/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli-process.h"
#include "cli-scratch.h"

/* What must not be found: a passphrase and private keys, in whatever form, in
 * anything a node in confidential mode writes, with every message of every log
 * switched on, with a capture, and when it is aborted. */

#define PASSPHRASE "Zwölf Boxkämpfer jagen Viktor"
#define SEED_SIZE  32   /* an Ed25519 private key; the end of its PKCS#8 structure */
#define PATIENCE   60   /* seconds */

typedef struct
{
  char *directory;
  char *authority, *root, *alice, *bob, *passphrase;
  GPtrArray *needles;     /* of GBytes */
} Fixture;

static char *
in (const Fixture *fixture,
    const char    *name)
{
  return g_build_filename (fixture->directory, name, NULL);
}

static void
run_well (CliResult *result)
{
  if (result->status != 0)
    g_error ("exit code %d: %s", result->status, result->err);
  cli_result_free (result);
}

/* ---- Looking for it ----------------------------------------------------- */

static void
add_needle (Fixture      *fixture,
            gconstpointer bytes,
            gsize         length)
{
  g_ptr_array_add (fixture->needles, g_bytes_new (bytes, length));
}

static void
add_hex (Fixture      *fixture,
         const guint8 *bytes,
         gsize         length,
         const char   *format)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, format, bytes[i]);
  add_needle (fixture, text->str, text->len - 1);
}

/* Base64 of a text in which it begins at any place. */
static void
add_base64 (Fixture      *fixture,
            const guint8 *bytes,
            gsize         length)
{
  for (gsize skip = 0; skip < 3; skip++)
    {
      g_autofree char *text = g_base64_encode (bytes + skip, (length - skip) / 3 * 3);

      add_needle (fixture, text, strlen (text));
    }
}

static void
add_secret (Fixture      *fixture,
            const guint8 *bytes,
            gsize         length)
{
  add_needle (fixture, bytes, length);
  add_hex (fixture, bytes, length, "%02x");
  add_hex (fixture, bytes, length, "%02X");
  add_hex (fixture, bytes, length, "%02x:");
  add_hex (fixture, bytes, length, "%02X:");
  add_base64 (fixture, bytes, length);
}

/* The private key of a PEM file without a passphrase. */
static void
add_key_of (Fixture    *fixture,
            const char *path)
{
  g_autofree char *text = cli_scratch_read (path, NULL);
  char *begin = strstr (text, "-----BEGIN PRIVATE KEY-----\n");
  char *end = strstr (text, "-----END PRIVATE KEY-----");
  g_autofree guint8 *der = NULL;
  gsize length;

  g_assert_nonnull (begin);
  begin += strlen ("-----BEGIN PRIVATE KEY-----\n");
  *end = '\0';
  der = g_base64_decode (begin, &length);
  g_assert_cmpuint (length, ==, 16 + SEED_SIZE);
  add_secret (fixture, der + length - SEED_SIZE, SEED_SIZE);
}

static gboolean
has_secret (const Fixture *fixture,
            const char    *bytes,
            gsize          length)
{
  for (guint i = 0; i < fixture->needles->len; i++)
    {
      gsize size;
      gconstpointer needle = g_bytes_get_data (fixture->needles->pdata[i], &size);

      if (memmem (bytes, length, needle, size) != NULL)
        return TRUE;
    }
  return memmem (bytes, length, "PRIVATE KEY", strlen ("PRIVATE KEY")) != NULL;
}

static void
assert_clean (const Fixture *fixture,
              const char    *path)
{
  gsize length;
  g_autofree char *content = cli_scratch_read (path, &length);

  g_test_message ("%s: %" G_GSIZE_FORMAT " bytes", path, length);
  if (has_secret (fixture, content, length))
    g_error ("there is a secret in %s", path);
}

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *plain = NULL;

  fixture->directory = cli_scratch_new ();
  fixture->needles = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  fixture->passphrase = cli_scratch_write (fixture->directory, "passphrase", PASSPHRASE "\n", 0600);
  fixture->authority = in (fixture, "authority.pem");
  fixture->root = in (fixture, "root.pem");
  fixture->alice = in (fixture, "alice.pem");
  fixture->bob = in (fixture, "bob.p12");
  plain = in (fixture, "bob-plain.pem");
  run_well (cli_run ("cert", "authority", "Reading room", "--out", fixture->authority, "--root", fixture->root, NULL));
  run_well (cli_run ("cert", "issue", "alice", "--authority", fixture->authority, "--out", fixture->alice, NULL));
  run_well (cli_run ("cert", "issue", "bob", "--authority", fixture->authority, "--out", plain, NULL));
  run_well (cli_run ("cert", "issue", "--renew", plain, "--authority", fixture->authority, "--out", fixture->bob,
                     "--out-passphrase-file", fixture->passphrase, NULL));
  add_key_of (fixture, fixture->authority);
  add_key_of (fixture, fixture->alice);
  add_key_of (fixture, plain);
  add_secret (fixture, (const guint8 *) PASSPHRASE, strlen (PASSPHRASE));
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  cli_scratch_free (fixture->directory);
  g_ptr_array_unref (fixture->needles);
  g_free (fixture->authority);
  g_free (fixture->root);
  g_free (fixture->alice);
  g_free (fixture->bob);
  g_free (fixture->passphrase);
}

/* The search itself finds what is there. */
static void
test_finder (Fixture      *fixture,
             gconstpointer data)
{
  gsize length;
  g_autofree char *authority = cli_scratch_read (fixture->authority, &length);
  const char *others[] = { "x " PASSPHRASE " x", "PRIVATE KEY" };

  g_assert_true (has_secret (fixture, authority, length));
  for (guint i = 0; i < fixture->needles->len; i++)
    {
      gsize size;
      const char *needle = g_bytes_get_data (fixture->needles->pdata[i], &size);

      g_assert_true (has_secret (fixture, needle, size));
      g_assert_false (has_secret (fixture, needle, size - 1));
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_true (has_secret (fixture, others[i], strlen (others[i])));
}

/* ---- Processes with all logs on ----------------------------------------- */

typedef struct
{
  GSubprocess *subprocess;
  char *out, *err, *capture;
} Loud;

static void
child_setup_cb (gpointer data)
{
  const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

  setsid ();
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  setrlimit (RLIMIT_CORE, &unlimited);
  if (chdir (data) != 0)
    _exit (127);
}

static Loud *
loud_new (const Fixture     *fixture,
          const char        *name,
          const char *const *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE);
  g_autoptr (GPtrArray) command = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  Loud *loud = g_new0 (Loud, 1);

  loud->out = g_strconcat (fixture->directory, "/", name, ".out", NULL);
  loud->err = g_strconcat (fixture->directory, "/", name, ".err", NULL);
  loud->capture = g_strconcat (fixture->directory, "/", name, ".pcapng", NULL);
  g_ptr_array_add (command, (char *) g_getenv ("DRT_TOOL"));
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (command, (char *) arguments[i]);
  g_ptr_array_add (command, (char *) "--capture");
  g_ptr_array_add (command, loud->capture);
  g_ptr_array_add (command, NULL);

  g_subprocess_launcher_setenv (launcher, "G_MESSAGES_DEBUG", "all", TRUE);
  g_subprocess_launcher_set_stdout_file_path (launcher, loud->out);
  g_subprocess_launcher_set_stderr_file_path (launcher, loud->err);
  g_subprocess_launcher_set_child_setup (launcher, child_setup_cb, fixture->directory, NULL);
  loud->subprocess = g_subprocess_launcher_spawnv (launcher, (const char *const *) command->pdata, &error);
  g_assert_no_error (error);
  return loud;
}

/* Until there is a line with @part: a file tells nobody that it grew. */
static char *
loud_wait (const Loud *loud,
           const char *part)
{
  for (gint64 deadline = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC; g_get_monotonic_time () < deadline; g_usleep (20000))
    {
      g_autofree char *content = cli_scratch_read (loud->out, NULL);
      g_auto (GStrv) lines = g_strsplit (content, "\n", -1);

      for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
        if (strstr (lines[i], part) != NULL)
          return g_strdup (lines[i]);
    }
  g_error ("%s does not say “%s”", loud->out, part);
}

static char *
first_endpoint (const Loud *loud,
                const char *event)
{
  g_autofree char *line = loud_wait (loud, event);
  const char *begin = strstr (line, "[::1]:");

  g_assert_nonnull (begin);
  return g_strndup (begin, strcspn (begin, "\""));
}

/* Returns: as waitpid() has it. */
static int
loud_end (const Fixture *fixture,
          Loud          *loud,
          int            signal_number)
{
  g_autoptr (GError) error = NULL;
  int status;

  if (signal_number != 0)
    g_subprocess_send_signal (loud->subprocess, signal_number);
  g_subprocess_wait (loud->subprocess, NULL, &error);
  g_assert_no_error (error);
  status = g_subprocess_get_status (loud->subprocess);
  assert_clean (fixture, loud->out);
  assert_clean (fixture, loud->err);
  assert_clean (fixture, loud->capture);
  g_object_unref (loud->subprocess);
  g_free (loud->out);
  g_free (loud->err);
  g_free (loud->capture);
  g_free (loud);
  return status;
}

static void
test_nodes (Fixture      *fixture,
            gconstpointer data)
{
  const char *const first[] = {
    "node", "--mode", "confidential", "--scope", "loopback", "--root", fixture->root, "--cert", fixture->alice,
    "--register", "certificate=hello", "--json", NULL
  };
  Loud *one = loud_new (fixture, "one", first), *two, *search;
  g_autofree char *endpoint = first_endpoint (one, "\"open\"");
  const char *const second[] = {
    "node", "--mode", "confidential", "--bootstrap", endpoint, "--root", fixture->root, "--cert", fixture->bob,
    "--passphrase-file", fixture->passphrase, "--register", "certificate=hello", "--json", NULL
  };
  g_autofree char *of_alice = g_strconcat ("cert:", fixture->alice, NULL);
  const char *const third[] = {
    "search", of_alice, "--mode", "confidential", "--bootstrap", endpoint, "--root", fixture->root, "--cert", fixture->bob,
    "--passphrase-file", fixture->passphrase, NULL
  };
  int status;

  two = loud_new (fixture, "two", second);
  g_free (loud_wait (two, "\"announced\""));
  search = loud_new (fixture, "search", third);
  status = loud_end (fixture, search, 0);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);

  status = loud_end (fixture, one, SIGTERM);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  /* As after an assertion that failed: nothing is left of what it knew. */
  status = loud_end (fixture, two, SIGABRT);
  g_assert_true (WIFSIGNALED (status));
  g_assert_false (WCOREDUMP (status));
}

static void
test_mesh (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *credentials = in (fixture, "credentials");
  const char *const arguments[] = {
    "mesh", "--nodes", "4", "--mode", "confidential", "--cert", fixture->authority, "--credentials", credentials, "--json", NULL
  };
  g_autofree char *member = in (fixture, "credentials/member.pem");
  Loud *mesh = loud_new (fixture, "mesh", arguments);
  int status;

  g_free (loud_wait (mesh, "\"ready\""));
  add_key_of (fixture, member);
  status = loud_end (fixture, mesh, SIGTERM);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

/* Wrong passphrases and damaged keys are not quoted either. */
static void
test_errors (Fixture      *fixture,
             gconstpointer data)
{
  g_autofree char *broken = NULL;
  g_autofree char *text = cli_scratch_read (fixture->alice, NULL);
  g_autofree char *out = in (fixture, "out.pem");
  CliResult *results[4];

  *strstr (text, "-----END PRIVATE KEY") = '\0';
  broken = cli_scratch_write (fixture->directory, "broken.pem", text, 0600);
  results[0] = cli_run ("cert", "show", broken, NULL);
  results[1] = cli_run ("cert", "join", fixture->root, "--key", broken, "--out", out, NULL);
  results[2] = cli_run ("cert", "show", fixture->bob, "--passphrase-file", fixture->alice, NULL);
  results[3] = cli_run ("cert", "show", fixture->alice, "--json", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_assert_cmpint (results[i]->status, ==, i < 3 ? 6 : 0);
      g_assert_false (has_secret (fixture, results[i]->out, strlen (results[i]->out)));
      g_assert_false (has_secret (fixture, results[i]->err, strlen (results[i]->err)));
      cli_result_free (results[i]);
    }
}

/* A key file that was copied with less care than it was written with. */
static void
test_open_file (Fixture      *fixture,
                gconstpointer data)
{
  CliResult *before, *after, *public;

  before = cli_run ("cert", "show", fixture->alice, "--json", NULL);
  g_assert_cmpstr (before->err, ==, "");
  g_assert_cmpint (g_chmod (fixture->alice, 0640), ==, 0);
  after = cli_run ("cert", "show", fixture->alice, "--json", NULL);
  g_assert_cmpint (after->status, ==, 0);
  cli_assert_contains (after->err, "can be read by others");
  g_assert_cmpint (g_chmod (fixture->alice, 0600), ==, 0);
  g_assert_cmpint (g_chmod (fixture->root, 0644), ==, 0);
  public = cli_run ("cert", "show", fixture->root, "--json", NULL);
  g_assert_cmpstr (public->err, ==, "");
  cli_result_free (before);
  cli_result_free (after);
  cli_result_free (public);
}

#define ADD(path, function) g_test_add ("/secrets/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("finder", test_finder);
  ADD ("nodes", test_nodes);
  ADD ("mesh", test_mesh);
  ADD ("errors", test_errors);
  ADD ("open-file", test_open_file);

  return g_test_run ();
}
