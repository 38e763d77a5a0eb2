/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-authority-store.h"

#include <drt-chain.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model-testing.h"

#define PASSPHRASE "correct horse battery"
#define YEAR       365

/* Authorities in a directory of the test's own. */
typedef struct
{
  char *directory;
  RtAuthorityStore *store;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("roundtable-authority.XXXXXX", NULL);
  fixture->store = rt_authority_store_new (fixture->directory);
  g_assert_null (rt_authority_store_load (fixture->store));
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->store);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
}

typedef struct
{
  GAsyncResult *result;
} Done;

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  ((Done *) data)->result = g_object_ref (result);
}

static RtAuthority *
finish (Fixture *fixture, Done *done, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  while (done->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  result = done->result;
  return rt_authority_store_finish (fixture->store, result, error);
}

static RtAuthority *
create (Fixture *fixture, const char *name)
{
  g_autoptr(GError) error = NULL;
  Done done = { NULL };
  RtAuthority *authority;

  rt_authority_store_create_async (fixture->store, name, 0, DRT_KEY_ALGORITHM_ED25519, PASSPHRASE, done_cb, &done);
  authority = finish (fixture, &done, &error);
  g_assert_no_error (error);
  return authority;
}

static RtAuthority *
import (Fixture *fixture, const char *path, const char *file_passphrase, const char *passphrase, GError **error)
{
  Done done = { NULL };

  rt_authority_store_import_async (fixture->store, path, file_passphrase, passphrase, done_cb, &done);
  return finish (fixture, &done, error);
}

static RtMember *
issue (RtAuthority *authority, const char *name)
{
  g_autoptr(GError) error = NULL;
  PCCERT_CONTEXT certificate = rt_authority_issue (authority, name, YEAR, &error);

  g_assert_no_error (error);
  g_assert_true (drt_certificate_has_private_key (certificate));
  drt_certificate_unref (certificate);
  return rt_authority_find_member (authority, name);
}

/* The one authority there is, read again from its files. */
static RtAuthority *
reload (Fixture *fixture)
{
  g_autoptr(RtAuthority) authority = NULL;

  g_assert_null (rt_authority_store_load (fixture->store));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 1);
  authority = g_list_model_get_item (G_LIST_MODEL (fixture->store), 0);
  return authority;  /* the store keeps it alive */
}

static gboolean
unlock (RtAuthority *authority, const char *passphrase, GError **error)
{
  g_autofree char *path = rt_authority_dup_key_path (authority);
  PCCERT_CONTEXT certificate = drt_certificate_load (path, passphrase, error);
  gboolean unlocked = certificate != NULL && rt_authority_unlock (authority, certificate, error);

  if (certificate != NULL)
    drt_certificate_unref (certificate);
  return unlocked;
}

static void
test_create (Fixture *fixture, gconstpointer data)
{
  RtAuthority *authority = create (fixture, "Chess club");
  g_autofree char *fingerprint = g_strdup (rt_authority_get_fingerprint (authority));

  g_assert_cmpstr (rt_authority_get_name (authority), ==, "Chess club");
  g_assert_false (rt_authority_get_locked (authority));
  g_assert_cmpint (rt_authority_get_profile (authority), ==, DRT_PROFILE_2_0);
  g_assert_true (rt_authority_store_find (fixture->store, fingerprint) == authority);

  authority = reload (fixture);
  g_assert_cmpstr (rt_authority_get_name (authority), ==, "Chess club");
  g_assert_cmpstr (rt_authority_get_fingerprint (authority), ==, fingerprint);
  g_assert_true (rt_authority_get_locked (authority));
  g_assert_false (drt_certificate_has_private_key (rt_authority_get_certificate (authority)));
}

/* By name; the list says of itself what it does. */
static void
test_several (Fixture *fixture, gconstpointer data)
{
  ListWatch watch;
  g_autoptr(RtAuthority) first = NULL;

  list_watch_init (&watch, G_LIST_MODEL (fixture->store));
  create (fixture, "Weather");
  create (fixture, "Chess");
  create (fixture, "Library");
  list_watch_expect (&watch, 3, 0, 3);
  list_watch_clear (&watch);
  first = g_list_model_get_item (G_LIST_MODEL (fixture->store), 0);
  g_assert_cmpstr (rt_authority_get_name (first), ==, "Chess");
}

static void
test_passphrase (Fixture *fixture, gconstpointer data)
{
  RtAuthority *authority;
  g_autoptr(GError) error = NULL;
  NotifyWatch watch;

  create (fixture, "Chess club");
  authority = reload (fixture);
  g_assert_null (rt_authority_issue (authority, "alice", 0, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED);
  g_clear_error (&error);

  g_assert_false (unlock (authority, "wrong", &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE);
  g_assert_true (rt_authority_get_locked (authority));
  g_clear_error (&error);

  notify_watch_init (&watch, authority, "locked");
  g_assert_true (unlock (authority, PASSPHRASE, &error));
  g_assert_no_error (error);
  notify_watch_expect (&watch, 1);
  rt_authority_lock (authority);
  notify_watch_expect (&watch, 1);
  notify_watch_clear (&watch);
  g_assert_true (rt_authority_get_locked (authority));
}

static void
check_tree (const char *path)
{
  g_autoptr(GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0077, ==, 0);
  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      check_tree (child);
    }
}

/* Nothing of it is for others, and the private key is nowhere in clear. */
static void
test_files (Fixture *fixture, gconstpointer data)
{
  RtAuthority *authority = create (fixture, "Chess club");
  g_autofree char *path = g_build_filename (rt_authority_get_directory (authority), "authority.pem", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  rt_authority_revoke (authority, issue (authority, "alice"), &error);
  g_assert_no_error (error);
  check_tree (fixture->directory);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "ENCRYPTED PRIVATE KEY"));
  g_assert_null (strstr (text, "BEGIN PRIVATE KEY"));
  g_assert_null (strstr (text, PASSPHRASE));
}

static void
test_issue (Fixture *fixture, gconstpointer data)
{
  RtAuthority *authority = create (fixture, "Chess club");
  g_autoptr(GError) error = NULL;
  PCCERT_CONTEXT certificate = rt_authority_issue (authority, "alice", YEAR, &error);
  g_autoptr(DrtCertificateInfo) info = NULL;
  g_autofree char *key_text = NULL;
  DrtChainQuery query = { .root = rt_authority_get_certificate (authority) };
  g_autoptr(DrtChainReport) report = NULL;
  RtMember *member;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_no_error (error);
  report = drt_chain_check (certificate, &query);
  g_assert_cmpint (report->hr, ==, S_OK);
  info = drt_certificate_get_info (certificate);
  key_text = drt_key_to_string (&info->key);
  drt_certificate_unref (certificate);

  authority = reload (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (rt_authority_get_members (authority)), ==, 1);
  member = rt_authority_find_member (authority, "alice");
  g_assert_cmpstr (rt_member_get_key_text (member), ==, key_text);
  g_assert_cmpstr (rt_member_get_serial (member), ==, info->serial);
  g_assert_cmpint (rt_member_get_not_after (member), ==, info->not_after);
  g_assert_cmpint (rt_member_get_state (member, now), ==, RT_MEMBER_VALID);
  g_assert_cmpint (rt_member_get_state (member, info->not_after - 29 * 86400), ==, RT_MEMBER_EXPIRES_SOON);
  g_assert_cmpint (rt_member_get_state (member, info->not_after - 31 * 86400), ==, RT_MEMBER_VALID);
  g_assert_cmpint (rt_member_get_state (member, info->not_after + 1), ==, RT_MEMBER_EXPIRED);
}

static void
test_request (Fixture *fixture, gconstpointer data)
{
  RtAuthority *authority = create (fixture, "Chess club");
  DrtCertificateRequest request = { .name = "bob", .algorithm = DRT_KEY_ALGORITHM_ED25519 };
  g_autoptr(GError) error = NULL;
  char *key_pem = NULL;
  g_autofree char *pem = drt_certificate_request_new (&request, &key_pem, &error);
  PCCERT_CONTEXT certificate, joined;

  g_assert_no_error (error);
  certificate = rt_authority_issue_request (authority, pem, 30, &error);
  g_assert_no_error (error);
  g_assert_false (drt_certificate_has_private_key (certificate));
  joined = drt_certificate_join (certificate, key_pem, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rt_member_get_name (rt_authority_find_member (authority, "bob")), ==, "bob");
  drt_certificate_unref (joined);
  drt_certificate_unref (certificate);
  drt_secret_free (key_pem);

  g_assert_null (rt_authority_issue_request (authority, "no request", 30, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (g_list_model_get_n_items (rt_authority_get_members (authority)), ==, 1);
}

static void
test_renew (Fixture *fixture, gconstpointer data)
{
  RtAuthority *authority = create (fixture, "Chess club");
  RtMember *member = issue (authority, "alice");
  g_autofree char *key_text = g_strdup (rt_member_get_key_text (member));
  g_autofree char *serial = g_strdup (rt_member_get_serial (member));
  g_autoptr(GError) error = NULL;
  PCCERT_CONTEXT renewed = rt_authority_renew (authority, member, 2 * YEAR, &error);

  g_assert_no_error (error);
  drt_certificate_unref (renewed);
  g_assert_cmpuint (g_list_model_get_n_items (rt_authority_get_members (authority)), ==, 1);
  g_assert_cmpuint (rt_member_get_n_certificates (member), ==, 2);
  g_assert_cmpstr (rt_member_get_key_text (member), ==, key_text);
  g_assert_cmpstr (rt_member_get_serial (member), !=, serial);

  member = rt_authority_find_member (reload (fixture), "alice");
  g_assert_cmpuint (rt_member_get_n_certificates (member), ==, 2);
  g_assert_cmpstr (rt_member_get_serial (member), !=, serial);
}

/* Each certificate of the key, since the older one would be good as well. */
static void
test_revoke (Fixture *fixture, gconstpointer data)
{
  RtAuthority *authority = create (fixture, "Chess club");
  RtMember *alice = issue (authority, "alice");
  RtMember *bob = issue (authority, "bob");
  g_autoptr(GError) error = NULL;
  PCCERT_CONTEXT renewed = rt_authority_renew (authority, alice, 0, &error);
  NotifyWatch watch;

  drt_certificate_unref (renewed);
  notify_watch_init (&watch, authority, "revoke-list");
  g_assert_true (rt_authority_revoke (authority, alice, &error));
  g_assert_no_error (error);
  notify_watch_expect (&watch, 1);
  notify_watch_clear (&watch);
  g_assert_null (rt_authority_renew (authority, alice, 0, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_UNSUITABLE);

  authority = reload (fixture);
  alice = rt_authority_find_member (authority, "alice");
  bob = rt_authority_find_member (authority, "bob");
  g_assert_cmpint (rt_member_get_state (alice, 0), ==, RT_MEMBER_REVOKED);
  g_assert_cmpint (rt_member_get_revoked_at (bob), ==, 0);
  g_assert_cmpuint (drt_revoke_list_get_size (rt_authority_get_revoke_list (authority)), ==, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_true (drt_revoke_list_contains (rt_authority_get_revoke_list (authority), rt_member_get_certificate (alice, i)));
  g_assert_false (drt_revoke_list_contains (rt_authority_get_revoke_list (authority), rt_member_get_certificate (bob, 0)));
}

static void
test_take_back (Fixture *fixture, gconstpointer data)
{
  RtAuthority *authority = create (fixture, "Chess club");
  g_autoptr(GError) error = NULL;
  PCCERT_CONTEXT certificate = rt_authority_issue (authority, "alice", 0, &error);

  rt_authority_take_back (authority, certificate);
  drt_certificate_unref (certificate);
  g_assert_cmpuint (g_list_model_get_n_items (rt_authority_get_members (authority)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (rt_authority_get_members (reload (fixture))), ==, 0);
}

static void
test_backup (Fixture *fixture, gconstpointer data)
{
  RtAuthority *authority = create (fixture, "Chess club");
  g_autofree char *path = g_build_filename (fixture->directory, "backup.p12", NULL);
  g_autofree char *directory = g_strdup (rt_authority_get_directory (authority));
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = drt_certificate_to_pkcs12 (rt_authority_get_unlocked (authority), "another one", &error);

  g_assert_no_error (error);
  g_assert_true (drt_secret_file_write (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL));
  g_assert_null (import (fixture, path, "another one", PASSPHRASE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);

  remove_tree (directory);
  rt_authority_store_load (fixture->store);
  g_assert_null (import (fixture, path, "wrong", PASSPHRASE, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE);
  g_clear_error (&error);
  authority = import (fixture, path, "another one", "third", &error);
  g_assert_no_error (error);
  issue (authority, "alice");
  g_assert_true (unlock (reload (fixture), "third", &error));
}

/* A member's certificate decides nothing. */
static void
test_import_member (Fixture *fixture, gconstpointer data)
{
  RtAuthority *authority = create (fixture, "Chess club");
  g_autofree char *path = g_build_filename (fixture->directory, "alice.p12", NULL);
  g_autoptr(GError) error = NULL;
  PCCERT_CONTEXT certificate = rt_authority_issue (authority, "alice", 0, &error);
  g_autoptr(GBytes) bytes = drt_certificate_to_pkcs12 (certificate, "x", &error);

  drt_certificate_unref (certificate);
  drt_secret_file_write (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
  g_assert_null (import (fixture, path, "x", PASSPHRASE, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_NOT_AN_AUTHORITY);
}

/* One that cannot be read does not hide the others, and is left as it is. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  RtAuthority *authority = create (fixture, "Chess club");
  g_autofree char *members = g_build_filename (rt_authority_get_directory (authority), "members.json", NULL);
  g_autofree char *problem = NULL;
  g_autofree char *text = NULL;

  create (fixture, "Library");
  g_assert_true (g_file_set_contents (members, "{\"version\":1,\"members\":[{\"certificates\":[\"x\"]}]}", -1, NULL));
  problem = rt_authority_store_load (fixture->store);
  g_assert_nonnull (strstr (problem, members));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 1);
  g_assert_true (g_file_get_contents (members, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "{\"version\":1,\"members\":[{\"certificates\":[\"x\"]}]}");
}

/* Where nothing can be written nothing is issued, and what was there stays. */
static void
test_unwritable (Fixture *fixture, gconstpointer data)
{
  RtAuthority *authority = create (fixture, "Chess club");
  RtMember *alice = issue (authority, "alice");
  const char *directory = rt_authority_get_directory (authority);
  g_autoptr(GError) error = NULL;

  if (geteuid () == 0)
    {
      /* Nobody forbids root anything: a file in the way of the directory does. */
      g_autofree char *moved = g_strconcat (directory, ".moved", NULL);

      g_assert_cmpint (g_rename (directory, moved), ==, 0);
      g_assert_true (g_file_set_contents (directory, "", 0, NULL));
    }
  else
    g_assert_cmpint (g_chmod (directory, 0500), ==, 0);

  g_assert_null (rt_authority_issue (authority, "bob", 0, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpuint (g_list_model_get_n_items (rt_authority_get_members (authority)), ==, 1);
  g_assert_null (rt_authority_renew (authority, alice, 0, &error));
  g_clear_error (&error);
  g_assert_cmpuint (rt_member_get_n_certificates (alice), ==, 1);
  g_assert_false (rt_authority_revoke (authority, alice, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (rt_member_get_revoked_at (alice), ==, 0);
  g_assert_null (rt_authority_get_revoke_list (authority));
  g_chmod (directory, 0700);
}

static void
test_unwritable_store (void)
{
  g_autoptr(RtAuthorityStore) store = rt_authority_store_new ("/proc/nowhere/authorities");
  g_autoptr(GError) error = NULL;
  Fixture fixture = { .store = store };
  Done done = { NULL };

  g_assert_null (rt_authority_store_load (store));
  rt_authority_store_create_async (store, "Chess club", 0, DRT_KEY_ALGORITHM_ED25519, PASSPHRASE, done_cb, &done);
  g_assert_null (finish (&fixture, &done, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, 0);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/authority/create", test_create);
  ADD ("/authority/several", test_several);
  ADD ("/authority/passphrase", test_passphrase);
  ADD ("/authority/files", test_files);
  ADD ("/authority/issue", test_issue);
  ADD ("/authority/request", test_request);
  ADD ("/authority/renew", test_renew);
  ADD ("/authority/revoke", test_revoke);
  ADD ("/authority/take-back", test_take_back);
  ADD ("/authority/backup", test_backup);
  ADD ("/authority/import-member", test_import_member);
  ADD ("/authority/damaged", test_damaged);
  ADD ("/authority/unwritable", test_unwritable);
  g_test_add_func ("/authority/unwritable-store", test_unwritable_store);
  return g_test_run ();
}
