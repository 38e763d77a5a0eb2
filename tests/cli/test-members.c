/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "cli-process.h"
#include "cli-scratch.h"

/* A mesh of one's own members, from the authority to the search, and what
 * somebody hears who does not belong to it. */

typedef struct
{
  char *directory;
  char *authority, *root;
  char *alice, *bob;        /* members; alice took an invitation */
  char *mallory;            /* says he is alice, of a root with the same name */
  char *mallory_root;
} Members;

static void
run_well (CliResult *result)
{
  if (result->status != 0)
    g_error ("exit code %d: %s", result->status, result->err);
  g_assert_cmpstr (result->err, ==, "");
  cli_result_free (result);
}

static char *
in (const Members *members,
    const char    *name)
{
  return g_build_filename (members->directory, name, NULL);
}

/* As a person would: a link, the fingerprint by another way, a request, an answer. */
static void
take_invitation (Members    *members,
                 const char *mode)
{
  g_autoptr (CliResult) invited = cli_run ("cert", "invite", "--root", members->root, "--mode", mode, "--json", NULL);
  g_autoptr (JsonObject) invitation = cli_result_find (invited, "invitation");
  g_autofree char *directory = in (members, "alice");
  g_autofree char *request = in (members, "alice/request.pem"), *key = in (members, "alice/key.pem"), *answer = in (members, "answer.pem");

  run_well (cli_run ("cert", "accept", json_object_get_string_member (invitation, "link"), "--dir", directory, "--name", "alice",
                     "--fingerprint", json_object_get_string_member (invitation, "fingerprint"), "--json", NULL));
  run_well (cli_run ("cert", "issue", "alice", "--request", request, "--authority", members->authority, "--out", answer, NULL));
  run_well (cli_run ("cert", "join", answer, "--key", key, "--out", members->alice, NULL));
}

static void
members_init (Members    *members,
              const char *mode,
              const char *algorithm)
{
  g_autofree char *mallory_authority = NULL;

  members->directory = cli_scratch_new ();
  members->authority = in (members, "authority.pem");
  members->root = in (members, "root.pem");
  members->alice = in (members, "alice.pem");
  members->bob = in (members, "bob.pem");
  members->mallory = in (members, "mallory.pem");
  members->mallory_root = in (members, "mallory-root.pem");
  mallory_authority = in (members, "mallory-authority.pem");

  run_well (cli_run ("cert", "authority", "Reading room", "--algorithm", algorithm, "--out", members->authority, "--root", members->root, NULL));
  take_invitation (members, mode);
  run_well (cli_run ("cert", "issue", "bob", "--authority", members->authority, "--out", members->bob, NULL));
  run_well (cli_run ("cert", "authority", "Reading room", "--algorithm", algorithm, "--out", mallory_authority, "--root", members->mallory_root, NULL));
  run_well (cli_run ("cert", "issue", "alice", "--authority", mallory_authority, "--out", members->mallory, NULL));
}

static void
members_clear (Members *members)
{
  cli_scratch_free (members->directory);
  g_free (members->authority);
  g_free (members->root);
  g_free (members->alice);
  g_free (members->bob);
  g_free (members->mallory);
  g_free (members->mallory_root);
}

static char *
node_endpoint (CliProcess *node)
{
  g_autoptr (JsonObject) opened = cli_process_wait (node, "open");

  return g_strdup (json_array_get_string_element (json_object_get_array_member (opened, "endpoints"), 0));
}

static char *
derived_key (const char *path)
{
  g_autofree char *argument = g_strconcat ("cert:", path, NULL);
  g_autoptr (CliResult) result = cli_run ("key", argument, NULL);

  g_assert_cmpint (result->status, ==, 0);
  return g_strdup (g_strchomp (result->out));
}

/* ---- Those who belong --------------------------------------------------- */

typedef struct
{
  const char *mode, *algorithm;
} Mesh;

static void
check_found (const CliResult *result,
             const char      *key,
             const char      *payload)
{
  g_autoptr (JsonObject) found = NULL;

  if (result->status != 0)
    g_error ("exit code %d: %s", result->status, result->err);
  found = cli_result_find (result, "result");
  g_assert_cmpstr (json_object_get_string_member (found, "key"), ==, key);
  g_assert_cmpstr (json_object_get_string_member (found, "payload"), ==, payload);
}

static void
test_members (gconstpointer data)
{
  const Mesh *mesh = data;
  g_autoptr (CliProcess) first = NULL, second = NULL;
  g_autofree char *one = NULL, *two = NULL, *key = NULL;
  g_autoptr (JsonObject) registered = NULL, announced = NULL;
  g_autoptr (CliResult) by_key = NULL, by_file = NULL;
  g_autofree char *of_bob = NULL;
  Members members;

  members_init (&members, mesh->mode, mesh->algorithm);
  key = derived_key (members.bob);
  of_bob = g_strconcat ("cert:", members.bob, NULL);
  first = cli_process_new ("node", "--mode", mesh->mode, "--scope", "loopback", "--root", members.root, "--cert", members.alice,
                           "--register", "certificate=from alice", "--json", NULL);
  one = node_endpoint (first);
  second = cli_process_new ("node", "--mode", mesh->mode, "--bootstrap", one, "--root", members.root, "--cert", members.bob,
                            "--register", "certificate=from bob", "--json", NULL);
  two = node_endpoint (second);
  registered = cli_process_wait (second, "registered");
  g_assert_cmpstr (json_object_get_string_member (registered, "key"), ==, key);
  announced = cli_process_wait (second, "announced");

  by_key = cli_run ("search", key, "--mode", mesh->mode, "--bootstrap", one, "--root", members.root, "--cert", members.alice, "--json", NULL);
  check_found (by_key, key, "from bob");
  by_file = cli_run ("search", of_bob, "--mode", mesh->mode, "--bootstrap", two, "--root", members.root, "--cert", members.alice, "--json", NULL);
  check_found (by_file, key, "from bob");

  g_assert_cmpint (cli_process_end (first, SIGTERM), ==, 0);
  g_assert_cmpint (cli_process_end (second, SIGTERM), ==, 0);
  members_clear (&members);
}

/* In resolve mode who only searches needs the root alone; a wrong one tells him so. */
static void
test_resolve (void)
{
  g_autoptr (CliProcess) node = NULL;
  g_autofree char *endpoint = NULL, *key = NULL;
  g_autoptr (CliResult) found = NULL, other_root = NULL, null = NULL;
  g_autoptr (JsonObject) registered = NULL;
  Members members;

  members_init (&members, "resolve", "ed25519");
  key = derived_key (members.bob);
  node = cli_process_new ("node", "--scope", "loopback", "--root", members.root, "--cert", members.bob,
                          "--register", "certificate=from bob", "--json", NULL);
  endpoint = node_endpoint (node);
  registered = cli_process_wait (node, "registered");

  found = cli_run ("search", key, "--bootstrap", endpoint, "--root", members.root, "--json", NULL);
  check_found (found, key, "from bob");
  other_root = cli_run ("search", key, "--bootstrap", endpoint, "--root", members.mallory_root, "--timeout", "3000", "--json", NULL);
  g_assert_cmpint (other_root->status, !=, 0);
  g_assert_null (strstr (other_root->out, "from bob"));
  cli_assert_contains (other_root->err, "--root");
  null = cli_run ("search", key, "--bootstrap", endpoint, "--timeout", "3000", "--json", NULL);
  g_assert_cmpint (null->status, !=, 0);
  g_assert_null (strstr (null->out, "from bob"));
  cli_assert_contains (null->err, "--root");

  g_assert_cmpint (cli_process_end (node, SIGTERM), ==, 0);
  members_clear (&members);
}

/* ---- Those who do not --------------------------------------------------- */

static void
assert_hears_nothing (const CliResult *result,
                      const char      *advice)
{
  g_assert_cmpint (result->status, ==, 4);
  g_assert_cmpstr (result->out, ==, "");
  cli_assert_contains (result->err, "nobody answered at");
  cli_assert_contains (result->err, advice);
}

/* A stranger, somebody without certificate, and a member whose was revoked. */
static void
test_strangers (gconstpointer data)
{
  const Mesh *mesh = data;
  g_autoptr (CliProcess) node = NULL;
  g_autofree char *endpoint = NULL, *key = NULL, *crl = NULL;
  g_autoptr (CliResult) stranger = NULL, null = NULL, revoked = NULL, good = NULL;
  g_autoptr (JsonObject) registered = NULL, refused = NULL, of_revoked = NULL;
  g_autofree char *carol = NULL;
  Members members;

  members_init (&members, mesh->mode, mesh->algorithm);
  crl = in (&members, "list.crl");
  carol = in (&members, "carol.pem");
  run_well (cli_run ("cert", "issue", "carol", "--authority", members.authority, "--out", carol, NULL));
  run_well (cli_run ("cert", "revoke", carol, "--authority", members.authority, "--crl", crl, NULL));
  key = derived_key (members.bob);
  node = cli_process_new ("node", "--mode", mesh->mode, "--scope", "loopback", "--root", members.root, "--cert", members.bob,
                          "--crl", crl, "--register", "certificate=from bob", "--json", NULL);
  endpoint = node_endpoint (node);
  registered = cli_process_wait (node, "registered");

  stranger = cli_run ("search", key, "--mode", mesh->mode, "--bootstrap", endpoint, "--root", members.mallory_root,
                      "--cert", members.mallory, "--timeout", "1500", "--json", NULL);
  assert_hears_nothing (stranger, "drt cert check");
  refused = cli_process_wait (node, "member-refused");
  g_assert_true (g_str_has_prefix (json_object_get_string_member (refused, "endpoint"), "[::1]:"));
  g_assert_cmpstr (json_object_get_string_member (refused, "code"), ==, "DRT_E_INVALID_CERT_CHAIN");
  g_assert_true (json_object_get_boolean_member (refused, "has_credential"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (refused, "reasons")), >=, 1);

  null = cli_run ("search", key, "--mode", mesh->mode, "--provider", "null", "--bootstrap", endpoint, "--timeout", "1500", "--json", NULL);
  assert_hears_nothing (null, "answers members only");

  revoked = cli_run ("search", key, "--mode", mesh->mode, "--bootstrap", endpoint, "--root", members.root,
                     "--cert", carol, "--timeout", "1500", "--json", NULL);
  assert_hears_nothing (revoked, "drt cert check");

  good = cli_run ("search", key, "--mode", mesh->mode, "--bootstrap", endpoint, "--root", members.root, "--cert", members.alice, "--json", NULL);
  check_found (good, key, "from bob");
  g_assert_cmpint (cli_process_end (node, SIGTERM), ==, 0);
  members_clear (&members);
}

/* Revoked while the node runs: it need not be started again, and no bad file lets anybody in again. */
static void
test_revoked_meanwhile (void)
{
  g_autoptr (CliProcess) node = NULL;
  g_autofree char *endpoint = NULL, *crl = NULL, *carol = NULL, *dave = NULL, *key = NULL;
  g_autoptr (CliResult) before = NULL, after = NULL, spoilt = NULL;
  g_autoptr (JsonObject) registered = NULL, list = NULL, refused = NULL, again = NULL;
  Members members;

  members_init (&members, "confidential", "ed25519");
  crl = in (&members, "list.crl");
  carol = in (&members, "carol.pem");
  dave = in (&members, "dave.pem");
  run_well (cli_run ("cert", "issue", "carol", "--authority", members.authority, "--out", carol, NULL));
  run_well (cli_run ("cert", "issue", "dave", "--authority", members.authority, "--out", dave, NULL));
  run_well (cli_run ("cert", "revoke", dave, "--authority", members.authority, "--crl", crl, NULL));
  key = derived_key (members.bob);
  node = cli_process_new ("node", "--mode", "confidential", "--scope", "loopback", "--root", members.root, "--cert", members.bob,
                          "--crl", crl, "--register", "certificate=from bob", "--json", NULL);
  endpoint = node_endpoint (node);
  registered = cli_process_wait (node, "registered");
  before = cli_run ("search", key, "--mode", "confidential", "--bootstrap", endpoint, "--root", members.root, "--cert", carol, "--json", NULL);
  check_found (before, key, "from bob");

  run_well (cli_run ("cert", "revoke", carol, "--authority", members.authority, "--crl", crl, NULL));
  list = cli_process_wait (node, "revoke-list");
  g_assert_cmpint (json_object_get_int_member (list, "size"), ==, 2);
  after = cli_run ("search", key, "--mode", "confidential", "--bootstrap", endpoint, "--root", members.root, "--cert", carol,
                   "--timeout", "1500", "--json", NULL);
  assert_hears_nothing (after, "drt cert check");
  refused = cli_process_wait (node, "member-refused");

  g_free (cli_scratch_write (members.directory, "list.crl", "no list", 0600));
  spoilt = cli_run ("search", key, "--mode", "confidential", "--bootstrap", endpoint, "--root", members.root, "--cert", carol,
                    "--timeout", "1500", "--json", NULL);
  assert_hears_nothing (spoilt, "drt cert check");
  again = cli_process_wait (node, "member-refused");
  g_assert_cmpint (cli_process_end (node, SIGTERM), ==, 0);
  members_clear (&members);
}

/* ---- What a node refuses to open with ------------------------------------ */

static void
test_unfit (void)
{
  g_autofree char *crl = NULL, *answer = NULL, *of_mallory = NULL;
  g_autoptr (CliResult) revoked = NULL, foreign = NULL, keyless = NULL;
  Members members;

  members_init (&members, "membership", "ed25519");
  crl = in (&members, "list.crl");
  answer = in (&members, "answer.pem");
  of_mallory = g_strconcat ("cert:", members.mallory, "=x", NULL);
  run_well (cli_run ("cert", "revoke", members.alice, "--authority", members.authority, "--crl", crl, NULL));

  revoked = cli_run ("node", "--mode", "membership", "--scope", "loopback", "--root", members.root, "--cert", members.alice, "--crl", crl, NULL);
  cli_assert_refused (revoked, 3, "DRT_E_INVALID_CERT_CHAIN (0x80621004)");
  cli_assert_contains (revoked->err, "(revoked, X509_V_ERR_CERT_REVOKED)");
  foreign = cli_run ("search", "text:x", "--mode", "membership", "--bootstrap", "[::1]:4000", "--root", members.root, "--cert", members.mallory, NULL);
  cli_assert_refused (foreign, 3, "DRT_E_INVALID_CERT_CHAIN");
  cli_assert_contains (foreign->err, "(unknown-root");
  keyless = cli_run ("node", "--scope", "loopback", "--root", members.root, "--cert", answer, NULL);
  cli_assert_refused (keyless, 6, "drt cert join");
  {
    g_autoptr (CliResult) key = cli_run ("node", "--scope", "loopback", "--root", members.root, "--cert", members.alice, "--register", of_mallory, NULL);

    cli_assert_refused (key, 3, "DRT_E_INVALID_CERT_CHAIN");
  }
  members_clear (&members);
}

static void
test_usage (void)
{
  static const struct
  {
    const char *arguments[12];
    int status;
    const char *message;
  } table[] = {
    { { "node", "--mode", "membership" }, 2, "--root FILE (or --provider null" },
    { { "node", "--provider", "derived" }, 2, "--root FILE" },
    { { "node", "--provider", "nil" }, 2, "derived or null" },
    { { "node", "--provider", "null", "--root", "x" }, 2, "knows no certificates" },
    { { "node", "--mode", "membership", "--root", "x" }, 2, "DRT_E_CAPABILITY_MISMATCH" },
    { { "node", "--root", "/nonexistent" }, 6, "No such file" },
    { { "node", "--root", "/dev/null" }, 6, "/dev/null" },
    { { "search", "text:x", "--bootstrap", "[::1]:4000", "--mode", "confidential", "--root", "x" }, 2, "DRT_E_CAPABILITY_MISMATCH" },
    { { "search", "cert:/nonexistent", "--bootstrap", "[::1]:4000" }, 2, "no certificate to derive a key from" },
    { { "mesh", "--root", "x" }, 2, "have to be issued" },
    { { "mesh", "--credentials", "x" }, 2, "no certificates to write" },
    { { "mesh", "--mode", "membership", "--seed", "x" }, 2, "--seed" },
    { { "mesh", "--provider", "derived", "--credentials", "/dev/null/x" }, 6, "/dev/null/x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (CliResult) result = cli_runv (table[i].arguments);

      cli_assert_refused (result, table[i].status, table[i].message);
    }
}

/* A key that nobody can prove. */
static void
test_registration (void)
{
  static const char *const keys[] = { "random=x", "text:words=x", "00000000000000000000000000000000000000000000000000000000000000aa" };
  Members members;

  members_init (&members, "resolve", "ed25519");
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (CliResult) result = cli_run ("node", "--root", members.root, "--cert", members.alice, "--register", keys[i], NULL);

      cli_assert_refused (result, 2, "DRT_E_INVALID_KEY");
      cli_assert_contains (result->err, "derives from a certificate");
    }
  {
    g_autoptr (CliResult) none = cli_run ("node", "--root", members.root, "--register", "certificate=x", NULL);

    cli_assert_refused (none, 2, "--cert FILE");
  }
  members_clear (&members);
}

/* ---- A mesh in one process ---------------------------------------------- */

static void
join_mesh (const Members *members,
           CliProcess    *mesh,
           const char    *mode,
           const char    *root,
           const char    *cert)
{
  g_autoptr (JsonObject) first = cli_process_wait (mesh, "node");
  g_autoptr (JsonObject) last = cli_process_wait (mesh, "node");
  g_autoptr (JsonObject) ready = cli_process_wait (mesh, "ready");
  const char *key = json_object_get_string_member (first, "key");
  g_autoptr (CliResult) found = cli_run ("search", key, "--bootstrap", json_object_get_string_member (last, "endpoint"), "--mode", mode,
                                         "--root", root, "--cert", cert, "--json", NULL);

  check_found (found, key, json_object_get_string_member (first, "payload"));
  cli_process_close_stdin (mesh);
  g_assert_cmpint (cli_process_end (mesh, 0), ==, 0);
}

static void
test_mesh (gconstpointer data)
{
  const Mesh *kind = data;
  g_autoptr (CliProcess) given = NULL, made = NULL;
  g_autoptr (JsonObject) credentials = NULL;
  g_autoptr (CliResult) again = NULL;
  g_autofree char *directory = NULL;
  const char *member;
  Members members;

  members_init (&members, kind->mode, kind->algorithm);
  directory = in (&members, "credentials");
  given = cli_process_new ("mesh", "--nodes", "2", "--mode", kind->mode, "--cert", members.authority, "--exit-on-eof", "--json", NULL);
  join_mesh (&members, given, kind->mode, members.root, members.alice);

  made = cli_process_new ("mesh", "--nodes", "2", "--mode", kind->mode, "--provider", "derived", "--credentials", directory,
                          "--exit-on-eof", "--json", NULL);
  credentials = cli_process_wait (made, "credentials");
  member = json_object_get_string_member (credentials, "cert_file");
  g_assert_cmpuint (cli_scratch_mode (member), ==, 0600);
  join_mesh (&members, made, kind->mode, json_object_get_string_member (credentials, "root_file"), member);

  again = cli_run ("mesh", "--mode", kind->mode, "--provider", "derived", "--credentials", directory, NULL);
  cli_assert_refused (again, 6, "choose another directory");
  members_clear (&members);
}

int
main (int    argc,
      char **argv)
{
  static const Mesh membership = { "membership", "ed25519" };
  static const Mesh confidential = { "confidential", "ed25519" };
  static const Mesh confidential_p256 = { "confidential", "p256" };
  static const Mesh membership_1_0 = { "membership", "rsa1024" };
  static const Mesh resolve = { "resolve", "ed25519" };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/members/usage", test_usage);
  g_test_add_func ("/members/registration", test_registration);
  g_test_add_func ("/members/unfit", test_unfit);
  g_test_add_func ("/members/resolve", test_resolve);
  g_test_add_data_func ("/members/membership", &membership, test_members);
  g_test_add_data_func ("/members/confidential", &confidential, test_members);
  g_test_add_data_func ("/members/confidential-p256", &confidential_p256, test_members);
  g_test_add_data_func ("/members/membership-1.0", &membership_1_0, test_members);
  g_test_add_data_func ("/members/strangers/membership", &membership, test_strangers);
  g_test_add_data_func ("/members/strangers/confidential", &confidential, test_strangers);
  g_test_add_func ("/members/strangers/meanwhile", test_revoked_meanwhile);
  g_test_add_data_func ("/members/mesh/resolve", &resolve, test_mesh);
  g_test_add_data_func ("/members/mesh/membership", &membership, test_mesh);
  g_test_add_data_func ("/members/mesh/confidential", &confidential, test_mesh);

  return g_test_run ();
}
