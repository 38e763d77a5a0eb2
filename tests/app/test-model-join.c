/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-join.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* An authority somewhere else, and a home of our own. */
typedef struct
{
  char *joins;
  char *certificates;
  PCCERT_CONTEXT authority;
  DrtInvitation *invitation;
} Fixture;

static PCCERT_CONTEXT
new_authority (const char *name, DrtKeyAlgorithm algorithm)
{
  DrtCertificateRequest request = { .name = name, .algorithm = algorithm, .authority = TRUE };
  g_autoptr(GError) error = NULL;
  PCCERT_CONTEXT authority = drt_certificate_new_authority (&request, &error);

  g_assert_no_error (error);
  return authority;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const char *const bootstrap[] = { "[2001:db8::1]:5000", NULL };
  g_autoptr(GError) error = NULL;

  fixture->joins = g_dir_make_tmp ("roundtable-joins.XXXXXX", NULL);
  fixture->certificates = g_dir_make_tmp ("roundtable-certificates.XXXXXX", NULL);
  fixture->authority = new_authority ("Chess club", (DrtKeyAlgorithm) GPOINTER_TO_INT (data));
  fixture->invitation = drt_invitation_new ("Chess", fixture->authority, DRT_SECURE_CONFIDENTIALPAYLOAD, 6, 101, bootstrap, 0, &error);
  g_assert_no_error (error);
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
  drt_invitation_free (fixture->invitation);
  drt_certificate_unref (fixture->authority);
  remove_tree (fixture->joins);
  remove_tree (fixture->certificates);
  g_free (fixture->joins);
  g_free (fixture->certificates);
}

static RtJoin *
accept_invitation (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  RtJoin *join = rt_join_new (fixture->joins, fixture->invitation, "alice", &error);

  g_assert_no_error (error);
  return join;
}

static guint
count_waiting (Fixture *fixture)
{
  g_autoptr(GListStore) list = rt_join_list (fixture->joins);

  return g_list_model_get_n_items (G_LIST_MODEL (list));
}

static PCCERT_CONTEXT
issue (PCCERT_CONTEXT authority, RtJoin *join)
{
  g_autoptr(GError) error = NULL;
  PCCERT_CONTEXT certificate = drt_certificate_issue_request (authority, rt_join_get_request (join), 30, &error);

  g_assert_no_error (error);
  return certificate;
}

static void
assert_private (const char *path)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
}

/* From the link to the settings, over a restart in between. */
static void
test_complete (Fixture *fixture, gconstpointer data)
{
  g_autoptr(RtJoin) first = accept_invitation (fixture);
  g_autoptr(GListStore) list = rt_join_list (fixture->joins);
  g_autoptr(RtJoin) join = g_list_model_get_item (G_LIST_MODEL (list), 0);
  PCCERT_CONTEXT certificate = issue (fixture->authority, join), own;
  g_autoptr(GError) error = NULL;
  g_autoptr(RtJoined) joined = NULL;
  g_autoptr(RtMeshSettings) settings = rt_mesh_settings_new ();

  g_assert_cmpstr (rt_join_get_invitation (join)->fingerprint, ==, fixture->invitation->fingerprint);
  g_assert_cmpstr (rt_join_get_request (join), ==, rt_join_get_request (first));
  joined = rt_join_complete (join, certificate, fixture->certificates, &error);
  g_assert_no_error (error);
  drt_certificate_unref (certificate);
  assert_private (joined->certificate);
  /* The settings show what stands behind the digits (rt-certificate-file). */
  g_assert_true (g_str_has_suffix (joined->certificate, "-member.pem"));
  g_assert_true (g_str_has_suffix (joined->root, "-root.pem"));
  own = drt_certificate_load (joined->certificate, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (drt_certificate_has_private_key (own));
  drt_certificate_unref (own);

  rt_join_apply (join, joined, settings);
  g_assert_cmpint (rt_mesh_settings_get_security_provider (settings), ==, RT_SECURITY_PROVIDER_DERIVED_KEY);
  g_assert_cmpint (rt_mesh_settings_get_security_mode (settings), ==, RT_SECURITY_CONFIDENTIAL_PAYLOAD);
  g_assert_cmpint (rt_mesh_settings_get_bootstrap_kind (settings), ==, RT_BOOTSTRAP_LIST);
  g_assert_cmpstr (rt_mesh_settings_get_bootstrap_list (settings)[0], ==, "[2001:db8::1]:5000");
  g_assert_cmphex ((guint) rt_mesh_settings_check_all (settings, NULL, NULL), ==, (guint) S_OK);

  rt_join_forget (join);
  g_assert_cmpuint (count_waiting (fixture), ==, 0);
}

/* One that came with a key of its own is taken as it is. */
static void
test_own_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr(RtJoin) join = accept_invitation (fixture);
  DrtCertificateRequest request = { .name = "alice", .algorithm = (DrtKeyAlgorithm) GPOINTER_TO_INT (data) };
  g_autoptr(GError) error = NULL;
  PCCERT_CONTEXT certificate = drt_certificate_issue (fixture->authority, &request, &error);
  g_autoptr(RtJoined) joined = rt_join_complete (join, certificate, fixture->certificates, &error);

  g_assert_no_error (error);
  g_assert_nonnull (joined);
  drt_certificate_unref (certificate);
}

static void
test_other_request (Fixture *fixture, gconstpointer data)
{
  g_autoptr(RtJoin) join = accept_invitation (fixture);
  g_autoptr(RtJoin) other = accept_invitation (fixture);
  PCCERT_CONTEXT certificate = issue (fixture->authority, other);
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (count_waiting (fixture), ==, 2);
  g_assert_null (rt_join_complete (join, certificate, fixture->certificates, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_KEY_MISMATCH);
  drt_certificate_unref (certificate);
}

/* Somebody else signed the request: an authority of the same name. */
static void
test_other_authority (Fixture *fixture, gconstpointer data)
{
  g_autoptr(RtJoin) join = accept_invitation (fixture);
  PCCERT_CONTEXT forger = new_authority ("Chess club", (DrtKeyAlgorithm) GPOINTER_TO_INT (data));
  PCCERT_CONTEXT certificate = issue (forger, join);
  g_autoptr(GDir) directory = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (rt_join_complete (join, certificate, fixture->certificates, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_UNSUITABLE);
  directory = g_dir_open (fixture->certificates, 0, NULL);
  g_assert_null (g_dir_read_name (directory));
  drt_certificate_unref (certificate);
  drt_certificate_unref (forger);
}

static void
test_files (Fixture *fixture, gconstpointer data)
{
  g_autoptr(RtJoin) join = accept_invitation (fixture);
  g_autoptr(GDir) directory = g_dir_open (fixture->joins, 0, NULL);
  g_autofree char *path = g_build_filename (fixture->joins, g_dir_read_name (directory), NULL);
  const char *const names[] = { "invitation", "key.pem", "request.pem" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_build_filename (path, names[i], NULL);

      assert_private (file);
    }
  g_assert_null (strstr (rt_join_get_request (join), "PRIVATE"));
}

/* What is damaged is left alone, and hides no other. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr(RtJoin) join = accept_invitation (fixture);
  g_autofree char *path = g_build_filename (fixture->joins, "0123", NULL);
  g_autofree char *file = g_build_filename (path, "invitation", NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_cmpuint (count_waiting (fixture), ==, 1);
  g_assert_true (g_file_set_contents (file, "roundtable://join?v=9", -1, NULL));
  g_assert_cmpuint (count_waiting (fixture), ==, 1);
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
}

static void
test_unwritable (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (rt_join_new ("/proc/nowhere/joins", fixture->invitation, "alice", &error));
  g_assert_nonnull (error);
}

#define ADD(name, algorithm, function) \
  g_test_add ("/join/" name, Fixture, GINT_TO_POINTER (algorithm), set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("complete/ed25519", DRT_KEY_ALGORITHM_ED25519, test_complete);
  ADD ("complete/p256", DRT_KEY_ALGORITHM_P256, test_complete);
  ADD ("complete/rsa1024", DRT_KEY_ALGORITHM_RSA1024, test_complete);
  ADD ("own-key", DRT_KEY_ALGORITHM_ED25519, test_own_key);
  ADD ("other-request", DRT_KEY_ALGORITHM_ED25519, test_other_request);
  ADD ("other-authority", DRT_KEY_ALGORITHM_ED25519, test_other_authority);
  ADD ("files", DRT_KEY_ALGORITHM_ED25519, test_files);
  ADD ("damaged", DRT_KEY_ALGORITHM_ED25519, test_damaged);
  ADD ("unwritable", DRT_KEY_ALGORITHM_ED25519, test_unwritable);
  return g_test_run ();
}
