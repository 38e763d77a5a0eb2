/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <string.h>

#include "certificate-testing.h"
#include "drt-chain.h"
#include "drt-clock.h"

/* Revoke lists: what is on them, who may say so, and for how long. */

#define DAY (24 * 60 * 60)

static gboolean
is_revoked (PCCERT_CONTEXT certificate,
            PCCERT_CONTEXT root,
            DrtRevokeList *list,
            guint          depth)
{
  g_autoptr (DrtChainReport) report = drt_chain_check (certificate, &(DrtChainQuery) { .root = root, .revoked = list });

  g_assert_cmpuint (report->verdicts->len, <=, 1);
  g_assert_cmpint (report->hr, ==, report->verdicts->len == 0 ? S_OK : DRT_E_INVALID_CERT_CHAIN);
  return drt_chain_report_has (report, depth, DRT_REASON_REVOKED);
}

static DrtRevokeList *
add (DrtRevokeList *list,
     PCCERT_CONTEXT authority,
     PCCERT_CONTEXT certificate)
{
  g_autoptr (GError) error = NULL;
  DrtRevokeList *more = drt_revoke_list_add (list, authority, certificate, &error);

  g_assert_no_error (error);
  return more;
}

static void
test_list (gconstpointer data)
{
  DrtKeyAlgorithm algorithm = GPOINTER_TO_INT (data);
  PCCERT_CONTEXT root = certificate_testing_authority (algorithm);
  PCCERT_CONTEXT alice = certificate_testing_issue (root, "alice", algorithm, FALSE);
  PCCERT_CONTEXT bob = certificate_testing_issue (root, "bob", algorithm, FALSE);
  g_autoptr (DrtRevokeList) empty = drt_revoke_list_new (root, NULL), one = add (empty, root, alice), two = add (one, root, bob);
  g_autoptr (DrtRevokeList) first = add (NULL, root, alice), again = add (two, root, alice), read = NULL;
  g_autofree char *text = drt_revoke_list_to_pem (two);

  g_assert_cmpuint (drt_revoke_list_get_size (empty), ==, 0);
  g_assert_cmpuint (drt_revoke_list_get_size (one), ==, 1);
  g_assert_cmpuint (drt_revoke_list_get_size (first), ==, 1);
  g_assert_cmpuint (drt_revoke_list_get_size (two), ==, 2);
  g_assert_true (again == two);
  g_assert_false (is_revoked (alice, root, empty, 0));
  g_assert_true (is_revoked (alice, root, one, 0));
  g_assert_false (is_revoked (bob, root, one, 0));
  g_assert_true (is_revoked (bob, root, two, 0));
  g_assert_true (drt_revoke_list_contains (one, alice));
  g_assert_false (drt_revoke_list_contains (one, bob));
  g_assert_false (drt_revoke_list_contains (NULL, bob));

  read = drt_revoke_list_parse ((const guint8 *) text, strlen (text), NULL);
  g_assert_cmpuint (drt_revoke_list_get_size (read), ==, 2);
  g_assert_true (is_revoked (alice, root, read, 0));
  drt_certificate_unref (alice);
  drt_certificate_unref (bob);
  drt_certificate_unref (root);
}

/* A list counts for what its signer issued, and for nothing else. */
static void
test_signer (void)
{
  PCCERT_CONTEXT root = certificate_testing_authority (DRT_KEY_ALGORITHM_ED25519);
  PCCERT_CONTEXT branch = certificate_testing_issue (root, "Branch", DRT_KEY_ALGORITHM_ED25519, TRUE);
  PCCERT_CONTEXT alice = certificate_testing_issue (branch, "alice", DRT_KEY_ALGORITHM_ED25519, FALSE);
  PCCERT_CONTEXT impostor = certificate_testing_authority (DRT_KEY_ALGORITHM_ED25519);
  PCCERT_CONTEXT stranger = certificate_testing_issue (impostor, "stranger", DRT_KEY_ALGORITHM_ED25519, FALSE);
  g_autoptr (DrtRevokeList) by_branch = add (NULL, branch, alice), both = add (by_branch, root, branch);
  g_autoptr (DrtRevokeList) forged = drt_revoke_list_new (impostor, NULL);
  GError *error = NULL;

  g_assert_true (is_revoked (alice, root, by_branch, 0));
  {
    g_autoptr (DrtChainReport) report = drt_chain_check (alice, &(DrtChainQuery) { .root = root, .revoked = both });

    g_assert_true (drt_chain_report_has (report, 0, DRT_REASON_REVOKED));
    g_assert_true (drt_chain_report_has (report, 1, DRT_REASON_REVOKED));
  }
  g_assert_cmpuint (drt_revoke_list_get_size (both), ==, 2);

  /* The root did not issue alice's, nor did a list of its name come from it */
  g_assert_null (drt_revoke_list_add (NULL, root, alice, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_UNSUITABLE);
  g_clear_error (&error);
  g_assert_null (drt_revoke_list_add (NULL, root, stranger, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_UNSUITABLE);
  g_clear_error (&error);
  g_assert_null (drt_revoke_list_add (forged, root, branch, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_UNSUITABLE);
  g_clear_error (&error);
  g_assert_null (drt_revoke_list_new (alice, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_NOT_AN_AUTHORITY);
  g_clear_error (&error);
  drt_certificate_unref (stranger);
  drt_certificate_unref (impostor);
  drt_certificate_unref (alice);
  drt_certificate_unref (branch);
  drt_certificate_unref (root);
}

static gint64
in_two_years (gpointer data)
{
  return g_get_real_time () + 2 * 365 * (gint64) DAY * G_USEC_PER_SEC;
}

/* A renewed certificate is another one, and an old list still counts. */
static void
test_time (void)
{
  PCCERT_CONTEXT root = certificate_testing_authority (DRT_KEY_ALGORITHM_P256);
  PCCERT_CONTEXT alice = drt_certificate_issue (root, &(DrtCertificateRequest) { .name = "alice", .algorithm = DRT_KEY_ALGORITHM_P256, .days = 3000 }, NULL);
  PCCERT_CONTEXT renewed = drt_certificate_renew (root, alice, 3000, NULL);
  g_autoptr (DrtRevokeList) list = add (NULL, root, alice);

  g_assert_true (is_revoked (alice, root, list, 0));
  g_assert_false (is_revoked (renewed, root, list, 0));
  drt_clock_set (in_two_years, NULL);
  g_assert_true (is_revoked (alice, root, list, 0));
  drt_clock_set (NULL, NULL);
  drt_certificate_unref (renewed);
  drt_certificate_unref (alice);
  drt_certificate_unref (root);
}

static void
test_unreadable (void)
{
  PCCERT_CONTEXT root = certificate_testing_authority (DRT_KEY_ALGORITHM_ED25519);
  g_autoptr (DrtRevokeList) list = drt_revoke_list_new (root, NULL);
  g_autofree char *text = drt_revoke_list_to_pem (list), *certificate = drt_certificate_to_pem (root, DRT_CERTIFICATE_ALONE, NULL, NULL);
  g_autofree char *half = g_strndup (text, strlen (text) / 2), *one_and_a_half = g_strconcat (text, half, NULL);
  const char *const bad[] = { "", "0", "hello", certificate, half, one_and_a_half };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (drt_revoke_list_parse ((const guint8 *) bad[i], strlen (bad[i]), &error));
      g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE);
    }
  drt_certificate_unref (root);
}

/* The number and the reason, as the openssl command reads them. */
static void
test_openssl (void)
{
  char *directory = certificate_testing_directory ();
  g_autofree char *list_path = g_build_filename (directory, "list.pem", NULL), *root_path = g_build_filename (directory, "root.pem", NULL);
  PCCERT_CONTEXT root = certificate_testing_authority (DRT_KEY_ALGORITHM_ED25519);
  PCCERT_CONTEXT alice = certificate_testing_issue (root, "alice", DRT_KEY_ALGORITHM_ED25519, FALSE);
  PCCERT_CONTEXT bob = certificate_testing_issue (root, "bob", DRT_KEY_ALGORITHM_ED25519, FALSE);
  g_autoptr (DrtRevokeList) one = add (NULL, root, alice), two = add (one, root, bob);
  g_autofree char *text = drt_revoke_list_to_pem (two), *root_text = drt_certificate_to_pem (root, DRT_CERTIFICATE_ALONE, NULL, NULL);
  const char *const command[] = { "openssl", "crl", "-in", list_path, "-CAfile", root_path, "-text", "-noout", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *out = NULL, *said = NULL;
  int status;

  g_assert_true (g_file_set_contents (list_path, text, -1, NULL));
  g_assert_true (g_file_set_contents (root_path, root_text, -1, NULL));
  g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &said, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  g_assert_nonnull (strstr (said, "verify OK"));
  g_assert_nonnull (strstr (out, "Version 2"));
  g_assert_nonnull (g_regex_match_simple ("CRL Number: *\n *2\n", out, 0, 0) ? out : NULL);
  g_assert_nonnull (strstr (out, "Privilege Withdrawn"));
  drt_certificate_unref (bob);
  drt_certificate_unref (alice);
  drt_certificate_unref (root);
  certificate_testing_remove (directory);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/revoke/list/ed25519", GINT_TO_POINTER (DRT_KEY_ALGORITHM_ED25519), test_list);
  g_test_add_data_func ("/revoke/list/p256", GINT_TO_POINTER (DRT_KEY_ALGORITHM_P256), test_list);
  g_test_add_data_func ("/revoke/list/rsa1024", GINT_TO_POINTER (DRT_KEY_ALGORITHM_RSA1024), test_list);
  g_test_add_func ("/revoke/signer", test_signer);
  g_test_add_func ("/revoke/time", test_time);
  g_test_add_func ("/revoke/unreadable", test_unreadable);
  g_test_add_func ("/revoke/openssl", test_openssl);
  return g_test_run ();
}
