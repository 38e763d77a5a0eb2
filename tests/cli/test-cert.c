/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <pty.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli-process.h"
#include "cli-scratch.h"

/* drt cert, command by command: what is made, what is refused, who may read it. */

#define PASSPHRASE "correct horse battery staple"

/* A directory with an authority under a passphrase and its root. */
typedef struct
{
  char *directory;
  char *passphrase;       /* paths */
  char *authority;
  char *root;
} Fixture;

static char *
in (const Fixture *fixture,
    const char    *name)
{
  return g_build_filename (fixture->directory, name, NULL);
}

/* Told in JSON, in one line of the kind @event. */
static JsonObject *
take_event (CliResult  *result,
            const char *event)
{
  g_autoptr (CliResult) taken = result;
  JsonObject *object;

  if (taken->status != 0)
    g_error ("exit code %d: %s", taken->status, taken->err);
  g_assert_cmpstr (taken->err, ==, "");
  object = cli_result_find (taken, event);
  g_assert_nonnull (object);
  return object;
}

static void
run_well (CliResult  *result,
          const char *event)
{
  json_object_unref (take_event (result, event));
}

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  fixture->directory = cli_scratch_new ();
  fixture->passphrase = cli_scratch_write (fixture->directory, "passphrase", PASSPHRASE "\nsecond line\n", 0600);
  fixture->authority = in (fixture, "authority.pem");
  fixture->root = in (fixture, "root.pem");
  run_well (cli_run ("cert", "authority", "Reading room", "--out", fixture->authority, "--root", fixture->root,
                     "--passphrase-file", fixture->passphrase, "--json", NULL), "authority");
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  cli_scratch_free (fixture->directory);
  g_free (fixture->passphrase);
  g_free (fixture->authority);
  g_free (fixture->root);
}

/* A member's certificate, NAME.pem. */
static char *
issue (const Fixture *fixture,
       const char    *name)
{
  g_autofree char *file = g_strconcat (name, ".pem", NULL);
  char *path = in (fixture, file);

  run_well (cli_run ("cert", "issue", name, "--authority", fixture->authority, "--passphrase-file", fixture->passphrase,
                     "--out", path, "--json", NULL), "issued");
  return path;
}

static void
assert_file_has (const char *path,
                 const char *part,
                 gboolean    expected)
{
  g_autofree char *content = cli_scratch_read (path, NULL);

  if ((strstr (content, part) != NULL) != expected)
    g_error ("“%s” is %sin %s", part, expected ? "not " : "", path);
}

/* ---- Making ------------------------------------------------------------- */

static void
test_authority (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (CliResult) again = cli_run ("cert", "authority", "Other", "--out", fixture->authority, NULL);
  g_autoptr (CliResult) root_there = NULL;
  g_autofree char *before = cli_scratch_read (fixture->authority, NULL);
  g_autofree char *other = in (fixture, "other.pem");
  g_autofree char *after = NULL;

  g_assert_cmpuint (cli_scratch_mode (fixture->authority), ==, 0600);
  assert_file_has (fixture->authority, "BEGIN ENCRYPTED PRIVATE KEY", TRUE);
  assert_file_has (fixture->root, "PRIVATE KEY", FALSE);

  cli_assert_refused (again, 6, "is there already; --force replaces it");
  root_there = cli_run ("cert", "authority", "Other", "--out", other, "--root", fixture->root, NULL);
  cli_assert_refused (root_there, 6, "is there already");
  g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS));
  after = cli_scratch_read (fixture->authority, NULL);
  g_assert_cmpstr (after, ==, before);

  /* What is replaced could be read by everybody. */
  g_assert_cmpint (g_chmod (fixture->authority, 0644), ==, 0);
  run_well (cli_run ("cert", "authority", "Other", "--out", fixture->authority, "--force", "--json", NULL), "authority");
  g_assert_cmpuint (cli_scratch_mode (fixture->authority), ==, 0600);
  assert_file_has (fixture->authority, "BEGIN PRIVATE KEY", TRUE);
}

static void
test_algorithms (Fixture      *fixture,
                 gconstpointer data)
{
  static const struct
  {
    const char *algorithm, *profile;
  } table[] = { { "ed25519", "2.0" }, { "p256", "2.0" }, { "rsa1024", "1.0" } };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *file = g_strconcat (table[i].algorithm, ".p12", NULL);
      g_autofree char *authority = in (fixture, table[i].algorithm);
      g_autofree char *member = in (fixture, file);
      g_autoptr (JsonObject) made = take_event (cli_run ("cert", "authority", "A", "--algorithm", table[i].algorithm, "--days", "40",
                                                         "--out", authority, "--json", NULL), "authority");
      g_autoptr (JsonObject) issued = take_event (cli_run ("cert", "issue", "m", "--authority", authority, "--out", member,
                                                           "--out-passphrase-file", fixture->passphrase, "--json", NULL), "issued");
      g_autoptr (JsonObject) chain = take_event (cli_run ("cert", "check", member, "--root", authority,
                                                          "--passphrase-file", fixture->passphrase, "--json", NULL), "chain");

      g_assert_cmpstr (json_object_get_string_member (made, "algorithm"), ==, table[i].algorithm);
      g_assert_cmpstr (json_object_get_string_member (issued, "algorithm"), ==, table[i].algorithm);
      g_assert_cmpstr (json_object_get_string_member (issued, "profile"), ==, table[i].profile);
      g_assert_cmpuint (cli_scratch_mode (member), ==, 0600);
      g_assert_true (json_object_get_boolean_member (chain, "good"));
    }
}

static void
test_show (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *alice = issue (fixture, "alice");
  g_autofree char *of_key = g_strconcat ("cert:", alice, NULL);
  g_autoptr (CliResult) json = cli_run ("cert", "show", alice, "--json", NULL);
  g_autoptr (CliResult) text = cli_run ("cert", "show", alice, NULL);
  g_autoptr (CliResult) key = cli_run ("key", of_key, NULL);
  g_autoptr (GPtrArray) objects = cli_result_objects (json);
  JsonObject *member, *root;

  g_assert_cmpuint (cli_scratch_mode (alice), ==, 0600);
  g_assert_cmpuint (objects->len, ==, 2);
  member = objects->pdata[0];
  root = objects->pdata[1];
  g_assert_cmpstr (json_object_get_string_member (member, "subject"), ==, "alice");
  g_assert_cmpstr (json_object_get_string_member (member, "issuer"), ==, "Reading room");
  g_assert_cmpstr (json_object_get_string_member (member, "issuer_full"), ==, "CN=Reading room");
  g_assert_true (json_object_get_boolean_member (member, "has_private_key"));
  g_assert_false (json_object_get_boolean_member (member, "is_authority"));
  g_assert_cmpint (strlen (json_object_get_string_member (member, "fingerprint")), ==, 32 * 3 - 1);
  g_assert_true (g_str_has_suffix (json_object_get_string_member (member, "not_after"), "Z"));
  g_assert_true (json_object_get_boolean_member (root, "is_authority"));
  g_assert_true (json_object_get_boolean_member (root, "is_self_signed"));

  cli_assert_contains (text->out, "alice");
  cli_assert_contains (text->out, "in this file");
  cli_assert_contains (text->out, json_object_get_string_member (member, "key"));
  g_assert_cmpint (key->status, ==, 0);
  g_assert_cmpstr (g_strchomp (key->out), ==, json_object_get_string_member (member, "key"));
}

/* To be looked at an authority needs no passphrase, to sign it does. */
static void
test_passphrase (Fixture      *fixture,
                 gconstpointer data)
{
  g_autofree char *wrong = cli_scratch_write (fixture->directory, "wrong", "wrong\n", 0600);
  g_autofree char *empty = cli_scratch_write (fixture->directory, "empty", "\n" PASSPHRASE "\n", 0600);
  g_autofree char *open = cli_scratch_write (fixture->directory, "open", PASSPHRASE, 0644);
  g_autofree char *endless = g_strnfill (1025, 'x');
  g_autofree char *long_one = cli_scratch_write (fixture->directory, "long", endless, 0600);
  g_autofree char *out = in (fixture, "m.pem");
  const struct
  {
    const char *file, *message;
  } table[] = {
    { wrong, "passphrase" },
    { empty, "is empty: no passphrase" },
    { long_one, "longer than 1024 bytes" },
    { "/nonexistent/passphrase", "cannot be read: No such file" },
    { fixture->directory, "cannot be read" },
  };
  g_autoptr (CliResult) none = cli_run ("cert", "issue", "m", "--authority", fixture->authority, "--out", out, NULL);
  g_autoptr (CliResult) invite = cli_run ("cert", "invite", "--root", fixture->authority, NULL);
  g_autoptr (CliResult) warned = NULL;

  cli_assert_refused (none, 6, "--passphrase-file FILE");
  g_assert_cmpint (invite->status, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (CliResult) result = cli_run ("cert", "issue", "m", "--authority", fixture->authority,
                                              "--passphrase-file", table[i].file, "--out", out, NULL);

      cli_assert_refused (result, 6, table[i].message);
      g_assert_false (g_file_test (out, G_FILE_TEST_EXISTS));
    }
  warned = cli_run ("cert", "issue", "m", "--authority", fixture->authority, "--passphrase-file", open, "--out", out, NULL);
  g_assert_cmpint (warned->status, ==, 0);
  cli_assert_contains (warned->err, "can be read by others");
}

/* ---- Asking at a terminal ----------------------------------------------- */

/* What a person sees who answers @n questions with @answers. */
static char *
at_a_terminal (const char *const *command,
               const char *const *answers,
               int               *status)
{
  GString *seen = g_string_new (NULL);
  int master;
  pid_t child = forkpty (&master, NULL, NULL, NULL);
  gsize answered = 0;
  char buffer[1024];
  gssize n;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      alarm (60);
      execv (command[0], (char **) command);
      _exit (127);
    }
  while ((n = read (master, buffer, sizeof buffer)) > 0)
    {
      g_string_append_len (seen, buffer, n);
      /* Each question ends with a colon, and the answer is typed after it. */
      if (*answers != NULL && g_str_has_suffix (seen->str, ": ") && seen->len > answered)
        {
          answered = seen->len;
          g_assert_cmpint (write (master, *answers, strlen (*answers)), ==, strlen (*answers));
          answers++;
        }
    }
  close (master);
  g_assert_cmpint (waitpid (child, status, 0), ==, child);
  return g_string_free_and_steal (seen);
}

static void
test_asked (Fixture      *fixture,
            gconstpointer data)
{
  static const char *const both[] = { PASSPHRASE "\n", PASSPHRASE "\n", NULL };
  static const char *const different[] = { PASSPHRASE "\n", "another\n", NULL };
  static const char *const interrupted[] = { "half a pass\x03", NULL };
  static const char *const thrice[] = { "wrong one\n", "wrong two\n", PASSPHRASE "\n", NULL };
  g_autofree char *path = in (fixture, "asked.pem");
  g_autofree char *member = in (fixture, "asked-member.pem");
  const char *const make[] = { g_getenv ("DRT_TOOL"), "cert", "authority", "Asked", "--out", path, "--ask", NULL };
  const char *const use[] = { g_getenv ("DRT_TOOL"), "cert", "issue", "m", "--authority", path, "--out", member, NULL };
  g_autofree char *cancelled = NULL, *failed = NULL, *seen = NULL, *used = NULL;
  int status;

  cancelled = at_a_terminal (make, interrupted, &status);
  g_assert_cmpint (WEXITSTATUS (status), ==, 6);
  g_assert_null (strstr (cancelled, "half a pass"));
  failed = at_a_terminal (make, different, &status);
  g_assert_cmpint (WEXITSTATUS (status), ==, 6);
  cli_assert_contains (failed, "two different passphrases");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  seen = at_a_terminal (make, both, &status);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  cli_assert_contains (seen, "New passphrase: ");
  g_assert_null (strstr (seen, "horse"));
  assert_file_has (path, "BEGIN ENCRYPTED PRIVATE KEY", TRUE);

  used = at_a_terminal (use, thrice, &status);
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  cli_assert_contains (used, "Passphrase of ");
  g_assert_null (strstr (used, "horse"));
  g_assert_null (strstr (used, "wrong"));
}

/* ---- Requests ----------------------------------------------------------- */

static void
test_request (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *key = in (fixture, "key.pem"), *request = in (fixture, "request.pem"), *answer = in (fixture, "answer.pem");
  g_autofree char *member = in (fixture, "member.p12"), *other_key = in (fixture, "other-key.pem"), *other_request = in (fixture, "other-request.pem");
  g_autofree char *mixed = in (fixture, "mixed.pem"), *as_p12 = in (fixture, "answer.p12");
  g_autoptr (CliResult) mismatch = NULL, other_name = NULL, no_request = NULL, keyless = NULL, good = NULL;

  run_well (cli_run ("cert", "request", "dave", "--key", key, "--out", request, "--json", NULL), "request");
  run_well (cli_run ("cert", "request", "eve", "--key", other_key, "--out", other_request, "--json", NULL), "request");
  g_assert_cmpuint (cli_scratch_mode (key), ==, 0600);
  assert_file_has (request, "BEGIN CERTIFICATE REQUEST", TRUE);
  assert_file_has (request, "PRIVATE", FALSE);

  other_name = cli_run ("cert", "issue", "mallory", "--request", request, "--authority", fixture->authority,
                        "--passphrase-file", fixture->passphrase, "--out", answer, NULL);
  cli_assert_refused (other_name, 6, "of “dave”, not of “mallory”");
  no_request = cli_run ("cert", "issue", "--request", fixture->root, "--authority", fixture->authority,
                        "--passphrase-file", fixture->passphrase, "--out", answer, NULL);
  g_assert_cmpint (no_request->status, ==, 6);
  keyless = cli_run ("cert", "issue", "--request", request, "--authority", fixture->authority,
                     "--passphrase-file", fixture->passphrase, "--out", as_p12, NULL);
  cli_assert_refused (keyless, 6, "PKCS#12 is for a certificate with its private key");
  g_assert_false (g_file_test (answer, G_FILE_TEST_EXISTS));

  run_well (cli_run ("cert", "issue", "dave", "--request", request, "--authority", fixture->authority,
                     "--passphrase-file", fixture->passphrase, "--out", answer, "--json", NULL), "issued");
  assert_file_has (answer, "PRIVATE", FALSE);

  mismatch = cli_run ("cert", "join", answer, "--key", other_key, "--out", mixed, NULL);
  g_assert_cmpint (mismatch->status, ==, 6);
  g_assert_false (g_file_test (mixed, G_FILE_TEST_EXISTS));
  run_well (cli_run ("cert", "join", answer, "--key", key, "--out", member, "--out-passphrase-file", fixture->passphrase, "--json", NULL), "joined");
  g_assert_cmpuint (cli_scratch_mode (member), ==, 0600);
  good = cli_run ("cert", "check", member, "--passphrase-file", fixture->passphrase, "--root", fixture->root, NULL);
  g_assert_cmpint (good->status, ==, 0);
}

static void
test_renew (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *alice = issue (fixture, "alice");
  g_autofree char *renewed = in (fixture, "renewed.pem");
  g_autofree char *of_old = g_strconcat ("cert:", alice, NULL), *of_new = NULL;
  g_autoptr (JsonObject) issued = take_event (cli_run ("cert", "issue", "--renew", alice, "--days", "29", "--authority", fixture->authority,
                                                       "--passphrase-file", fixture->passphrase, "--out", renewed, "--json", NULL), "issued");
  g_autoptr (CliResult) old_key = cli_run ("key", of_old, NULL);
  g_autoptr (CliResult) check = cli_run ("cert", "check", renewed, "--root", fixture->root, "--json", NULL);
  g_autoptr (CliResult) new_key = NULL;
  g_autoptr (JsonObject) chain = cli_result_find (check, "chain");
  JsonArray *reasons = json_object_get_array_member (chain, "reasons");

  of_new = g_strconcat ("cert:", renewed, NULL);
  new_key = cli_run ("key", of_new, NULL);
  g_assert_cmpstr (new_key->out, ==, old_key->out);
  g_assert_cmpstr (json_object_get_string_member (issued, "subject"), ==, "alice");
  assert_file_has (renewed, "PRIVATE KEY", TRUE);
  /* A warning alone is good. */
  g_assert_cmpint (check->status, ==, 0);
  g_assert_cmpuint (json_array_get_length (reasons), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (reasons, 0), "id"), ==, "expires-soon");
}

static void
test_sub_authority (Fixture      *fixture,
                    gconstpointer data)
{
  g_autofree char *branch = in (fixture, "branch.pem"), *member = in (fixture, "member.pem");
  g_autoptr (CliResult) by_member = NULL, by_root = NULL, checked = NULL;
  g_autofree char *out = in (fixture, "out.pem");

  run_well (cli_run ("cert", "issue", "Branch", "--sub-authority", "--authority", fixture->authority,
                     "--passphrase-file", fixture->passphrase, "--out", branch, "--json", NULL), "issued");
  run_well (cli_run ("cert", "issue", "m", "--authority", branch, "--out", member, "--json", NULL), "issued");
  checked = cli_run ("cert", "check", member, "--root", fixture->root, "--json", NULL);
  g_assert_cmpint (checked->status, ==, 0);

  by_member = cli_run ("cert", "issue", "x", "--authority", member, "--out", out, NULL);
  cli_assert_refused (by_member, 6, "is no authority's");
  by_root = cli_run ("cert", "issue", "x", "--authority", fixture->root, "--out", out, NULL);
  cli_assert_refused (by_root, 6, "private key");
}

/* ---- Revoking ----------------------------------------------------------- */

static JsonObject *
revoke_one (const Fixture *fixture,
            const char    *path,
            const char    *crl)
{
  return take_event (cli_run ("cert", "revoke", path, "--authority", fixture->authority, "--passphrase-file", fixture->passphrase,
                              "--crl", crl, "--json", NULL), "revoked");
}

static void
test_revoke (Fixture      *fixture,
             gconstpointer data)
{
  g_autofree char *alice = issue (fixture, "alice"), *bob = issue (fixture, "bob"), *crl = in (fixture, "list.crl");
  g_autofree char *other = in (fixture, "other.pem");
  g_autoptr (JsonObject) first = revoke_one (fixture, alice, crl);
  g_autofree char *one = cli_scratch_read (crl, NULL);
  g_autoptr (JsonObject) again = revoke_one (fixture, alice, crl);
  g_autoptr (JsonObject) second = revoke_one (fixture, bob, crl);
  g_autoptr (CliResult) checked = cli_run ("cert", "check", alice, "--root", fixture->root, "--crl", crl, "--json", NULL);
  g_autoptr (CliResult) without = cli_run ("cert", "check", alice, "--root", fixture->root, "--json", NULL);
  g_autoptr (CliResult) foreign = NULL, itself = NULL, no_list = NULL;
  g_autofree char *two = cli_scratch_read (crl, NULL), *after = NULL;

  g_assert_true (json_object_get_boolean_member (first, "new"));
  g_assert_false (json_object_get_boolean_member (again, "new"));
  g_assert_cmpint (json_object_get_int_member (again, "size"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (second, "size"), ==, 2);
  g_assert_cmpstr (one, !=, two);
  g_assert_cmpint (checked->status, ==, 1);
  cli_assert_contains (checked->out, "\"revoked\"");
  g_assert_cmpint (without->status, ==, 0);

  run_well (cli_run ("cert", "authority", "Other", "--out", other, "--json", NULL), "authority");
  foreign = cli_run ("cert", "revoke", alice, "--authority", other, "--crl", crl, NULL);
  cli_assert_refused (foreign, 6, "only that authority can revoke it");
  itself = cli_run ("cert", "revoke", fixture->root, "--authority", fixture->authority, "--passphrase-file", fixture->passphrase, "--crl", crl, NULL);
  cli_assert_refused (itself, 6, "signed itself");
  no_list = cli_run ("cert", "revoke", alice, "--authority", fixture->authority, "--passphrase-file", fixture->passphrase, "--crl", fixture->root, NULL);
  g_assert_cmpint (no_list->status, ==, 6);
  after = cli_scratch_read (crl, NULL);
  g_assert_cmpstr (after, ==, two);
}

/* Several at once: none is forgotten. */
static void
test_revoke_together (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr (GPtrArray) processes = g_ptr_array_new_with_free_func ((GDestroyNotify) cli_process_free);
  g_autofree char *crl = in (fixture, "list.crl");
  g_autofree char *last = NULL;
  g_autoptr (JsonObject) told = NULL;

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("member-%u", i);
      g_autofree char *path = issue (fixture, name);

      g_ptr_array_add (processes, cli_process_new ("cert", "revoke", path, "--authority", fixture->authority, "--passphrase-file",
                                                   fixture->passphrase, "--crl", crl, "--json", NULL));
    }
  for (guint i = 0; i < processes->len; i++)
    g_assert_cmpint (cli_process_end (processes->pdata[i], 0), ==, 0);
  last = issue (fixture, "last");
  told = revoke_one (fixture, last, crl);
  g_assert_cmpint (json_object_get_int_member (told, "size"), ==, 5);
}

/* ---- Inviting ----------------------------------------------------------- */

static JsonObject *
invite (const Fixture *fixture)
{
  return take_event (cli_run ("cert", "invite", "--root", fixture->root, "--bootstrap", "[2001:db8::1]:5000", "--bootstrap", "host.example:4000",
                              "--mode", "confidential", "--days", "7", "--json", NULL), "invitation");
}

static void
test_invite (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (JsonObject) invitation = invite (fixture);
  const char *link = json_object_get_string_member (invitation, "link");
  const char *fingerprint = json_object_get_string_member (invitation, "fingerprint");
  g_autofree char *directory = in (fixture, "dave/here");
  g_autofree char *key = in (fixture, "dave/here/key.pem"), *root = in (fixture, "dave/here/root.pem"), *request = in (fixture, "dave/here/request.pem");
  g_autofree char *spoken = g_ascii_strdown (fingerprint, -1);
  g_autoptr (JsonObject) accepted = NULL;
  g_autoptr (CliResult) again = NULL, unasked = NULL, other = NULL, broken = NULL;

  g_assert_cmpstr (json_object_get_string_member (invitation, "mode"), ==, "confidential");
  g_assert_cmpstr (json_object_get_string_member (invitation, "name"), ==, "Reading room");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (invitation, "nodes")), ==, 2);

  unasked = cli_run ("cert", "accept", link, "--dir", directory, NULL);
  g_assert_cmpint (unasked->status, ==, 2);
  cli_assert_contains (unasked->err, "give it with --fingerprint");
  other = cli_run ("cert", "accept", link, "--dir", directory, "--fingerprint", "00:11:22", "--json", NULL);
  cli_assert_refused (other, 1, "the fingerprint is another one");
  broken = cli_run ("cert", "accept", "roundtable://join?v=1", "--dir", directory, NULL);
  cli_assert_refused (broken, 2, "damaged");
  g_assert_false (g_file_test (directory, G_FILE_TEST_EXISTS));

  accepted = take_event (cli_run ("cert", "accept", link, "--dir", directory, "--name", "dave", "--fingerprint", spoken, "--json", NULL), "accepted");
  g_assert_cmpstr (json_object_get_string_member (accepted, "key_file"), ==, key);
  g_assert_cmpstr (json_object_get_string_member (accepted, "request_file"), ==, request);
  cli_assert_contains (json_object_get_string_member (accepted, "node_command"), "--mode confidential");
  cli_assert_contains (json_object_get_string_member (accepted, "node_command"), "--bootstrap '[2001:db8::1]:5000' --bootstrap 'host.example:4000'");
  g_assert_cmpuint (cli_scratch_mode (key), ==, 0600);
  assert_file_has (root, "BEGIN CERTIFICATE", TRUE);

  again = cli_run ("cert", "accept", link, "--dir", directory, "--name", "dave", "--fingerprint", fingerprint, "--json", NULL);
  cli_assert_refused (again, 6, "is there already");
}

/* Half blocks back to a picture, four pixels for each module. */
static char *
draw_qr (const Fixture *fixture,
         const char    *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *rows = g_string_new (NULL);
  guint width = 0, height = 0;
  g_autofree char *picture = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (GString) upper = g_string_new (NULL), lower = g_string_new (NULL);

      if (!g_str_has_prefix (lines[i], "█"))
        continue;
      for (const char *p = lines[i]; *p != '\0'; p = g_utf8_next_char (p))
        {
          gunichar c = g_utf8_get_char (p);

          g_string_append (upper, c == 0x2588 || c == 0x2580 ? "0000" : "1111");
          g_string_append (lower, c == 0x2588 || c == 0x2584 ? "0000" : "1111");
        }
      width = upper->len;
      for (guint k = 0; k < 8; k++)
        g_string_append_printf (rows, "%s\n", k < 4 ? upper->str : lower->str);
      height += 8;
    }
  picture = g_strdup_printf ("P1\n%u %u\n%s", width, height, rows->str);
  g_string_free (rows, TRUE);
  return cli_scratch_write (fixture->directory, "qr.pbm", picture, 0600);
}

static void
test_qr (Fixture      *fixture,
         gconstpointer data)
{
  g_autoptr (CliResult) result = cli_run ("cert", "invite", "--root", fixture->root, "--bootstrap", "[2001:db8::1]:5000", "--qr", NULL);
  g_autofree char *reader = g_find_program_in_path ("zbarimg");
  g_autofree char *picture = NULL, *read = NULL;
  g_auto (GStrv) lines = g_strsplit (result->out, "\n", 2);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (result->status, ==, 0);
  g_assert_null (strchr (result->out, '\033'));
  if (reader == NULL)
    {
      g_test_skip ("there is no zbarimg to read it with");
      return;
    }
  picture = draw_qr (fixture, result->out);
  {
    const char *const command[] = { reader, "--raw", "-q", picture, NULL };

    g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &read, NULL, NULL, &error);
  }
  g_assert_no_error (error);
  g_assert_cmpstr (g_strchomp (read), ==, lines[0]);
}

/* ---- Wrong command lines ------------------------------------------------ */

static void
test_usage (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *long_name = g_strnfill (65, 'n');
  const struct
  {
    const char *arguments[12];
    const char *message;
  } table[] = {
    { { "cert" }, "which command?" },
    { { "cert", "isue" }, "did you mean “issue”?" },
    { { "cert", "frobnicate" }, "there is no command “frobnicate”" },
    { { "cert", "authority" }, "one NAME" },
    { { "cert", "authority", "A" }, "--out FILE" },
    { { "cert", "authority", "", "--out", "x" }, "1 to 64 characters" },
    { { "cert", "authority", long_name, "--out", "x" }, "1 to 64 characters" },
    { { "cert", "authority", "\xff", "--out", "x" }, "UTF-8" },
    { { "cert", "authority", "A", "--out", "x", "--days", "-1" }, "1 to 36500" },
    { { "cert", "authority", "A", "--out", "x", "--days", "36501" }, "1 to 36500" },
    { { "cert", "authority", "A", "--out", "x", "--algorithm", "rsa2048" }, "ed25519, p256 or rsa1024" },
    { { "cert", "authority", "A", "--out", "x", "--format", "der" }, "pem or pkcs12" },
    { { "cert", "authority", "A", "--out", "x", "--root", "x" }, "two files" },
    { { "cert", "authority", "A", "--out", "x", "--ask", "--passphrase-file", "y" }, "exclude each other" },
    { { "cert", "authority", "A", "--out", "x", "--passphrase", "secret" }, "no option “--passphrase”" },
    { { "cert", "issue", "m", "--out", "x" }, "--authority FILE" },
    { { "cert", "issue", "--authority", "a", "--out", "x" }, "give a NAME, or --request FILE, or --renew FILE" },
    { { "cert", "issue", "--authority", "a", "--request", "r", "--renew", "s", "--out", "x" }, "exclude each other" },
    { { "cert", "issue", "--authority", "a", "--request", "r", "--sub-authority", "--out", "x" }, "for a new key" },
    { { "cert", "request", "m", "--out", "x" }, "--key FILE" },
    { { "cert", "request", "m", "--out", "x", "--key", "x" }, "two files" },
    { { "cert", "join", "c", "--out", "x" }, "--key FILE" },
    { { "cert", "show" }, "one FILE" },
    { { "cert", "check" }, "one FILE" },
    { { "cert", "check", "f", "--profile", "3.0" }, "1.0 or 2.0" },
    { { "cert", "check", "f", "--time", "yesterday" }, "is no time" },
    { { "cert", "check", "f", "--key", "zz" }, "is no key" },
    { { "cert", "revoke" }, "FILE of a certificate" },
    { { "cert", "revoke", "f" }, "--authority FILE" },
    { { "cert", "revoke", "f", "--authority", "a" }, "--crl FILE" },
    { { "cert", "invite" }, "--root FILE" },
    { { "cert", "invite", "--root", fixture->root, "--mode", "open" }, "DRT_E_INVALID_SECURITY_MODE" },
    { { "cert", "invite", "--root", fixture->root, "--bootstrap", "[fe80::1%lo]:5000" }, "no node to join through" },
    { { "cert", "accept", "roundtable://join?v=1" }, "--dir DIR" },
    { { "cert", "accept", "hello", "--dir", "x" }, "no invitation" },
    { { "key", "cert:/nonexistent" }, "no certificate to derive a key from" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (CliResult) result = cli_runv (table[i].arguments);

      cli_assert_refused (result, 2, table[i].message);
    }
}

static void
test_unreadable (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (CliResult) missing = cli_run ("cert", "check", "/nonexistent", "--root", fixture->root, NULL);
  g_autoptr (CliResult) no_root = cli_run ("cert", "check", fixture->root, "--root", "/nonexistent", NULL);
  g_autoptr (CliResult) no_crl = cli_run ("cert", "check", fixture->root, "--root", fixture->root, "--crl", "/dev/null", NULL);
  g_autoptr (CliResult) nothing = cli_run ("cert", "check", "/dev/null", "--root", fixture->root, "--json", NULL);
  g_autoptr (CliResult) unwritable = cli_run ("cert", "authority", "A", "--out", "/nonexistent/file", NULL);
  g_autoptr (CliResult) full = NULL;

  cli_assert_refused (missing, 6, "cannot be read: No such file");
  cli_assert_refused (no_root, 6, "No such file");
  g_assert_cmpint (no_crl->status, ==, 6);
  g_assert_cmpint (nothing->status, ==, 1);
  cli_assert_contains (nothing->out, "not-a-certificate");
  cli_assert_refused (unwritable, 6, "/nonexistent/file");
}

static void
test_help (Fixture      *fixture,
           gconstpointer data)
{
  static const char *const commands[] = { "authority", "issue", "request", "join", "show", "check", "revoke", "invite", "accept" };
  g_autoptr (CliResult) help = cli_run ("cert", "--help", NULL);

  g_assert_cmpint (help->status, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (CliResult) of_command = cli_run ("cert", commands[i], "--help", NULL);
      g_autofree char *usage = g_strconcat ("drt cert ", commands[i], NULL);

      cli_assert_contains (help->out, commands[i]);
      g_assert_cmpint (of_command->status, ==, 0);
      g_assert_cmpstr (of_command->err, ==, "");
      cli_assert_contains (of_command->out, usage);
      cli_assert_contains (of_command->out, "--json");
      cli_assert_contains (of_command->out, "Exit codes:");
      cli_assert_contains (of_command->out, "  6    ");
    }
}

#define ADD(path, function) g_test_add ("/cert/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("help", test_help);
  ADD ("usage", test_usage);
  ADD ("unreadable", test_unreadable);
  ADD ("authority", test_authority);
  ADD ("algorithms", test_algorithms);
  ADD ("show", test_show);
  ADD ("passphrase", test_passphrase);
  ADD ("asked", test_asked);
  ADD ("request", test_request);
  ADD ("renew", test_renew);
  ADD ("sub-authority", test_sub_authority);
  ADD ("revoke", test_revoke);
  ADD ("revoke-together", test_revoke_together);
  ADD ("invite", test_invite);
  ADD ("qr", test_qr);

  return g_test_run ();
}
