/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-chain.h"

#include <string.h>

/* Making certificates, and what the check says of them. */

static PCCERT_CONTEXT
new_authority (DrtKeyAlgorithm algorithm)
{
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT authority = drt_certificate_new_authority (&(DrtCertificateRequest) { .name = "Our mesh", .algorithm = algorithm }, &error);

  g_assert_no_error (error);
  g_assert_nonnull (authority);
  return authority;
}

static PCCERT_CONTEXT
issue (PCCERT_CONTEXT  authority,
       const char     *name,
       DrtKeyAlgorithm algorithm,
       gboolean        is_authority)
{
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT certificate = drt_certificate_issue (authority, &(DrtCertificateRequest) {
    .name = name, .algorithm = algorithm, .authority = is_authority,
  }, &error);

  g_assert_no_error (error);
  g_assert_nonnull (certificate);
  return certificate;
}

static void
assert_good (PCCERT_CONTEXT certificate,
             PCCERT_CONTEXT root,
             guint          n_certificates)
{
  g_autoptr (DrtChainReport) report = drt_chain_check (certificate, &(DrtChainQuery) { .root = root });

  for (guint i = 0; i < report->verdicts->len; i++)
    g_test_message ("depth %u reason %d", g_array_index (report->verdicts, DrtChainVerdict, i).depth,
                    g_array_index (report->verdicts, DrtChainVerdict, i).reason);
  g_assert_cmpint (report->hr, ==, S_OK);
  g_assert_cmpuint (report->verdicts->len, ==, 0);
  g_assert_cmpuint (report->certificates->len, ==, n_certificates);
}

static void
test_chain (gconstpointer data)
{
  DrtKeyAlgorithm algorithm = GPOINTER_TO_INT (data);
  PCCERT_CONTEXT root = new_authority (algorithm);
  PCCERT_CONTEXT middle = issue (root, "Branch", algorithm, TRUE);
  PCCERT_CONTEXT member = issue (middle, "alice", algorithm, FALSE);
  PCCERT_CONTEXT other = new_authority (algorithm);
  g_autoptr (DrtChainReport) report = NULL;

  g_assert_true (drt_certificate_has_private_key (member));
  assert_good (root, root, 1);
  assert_good (middle, root, 2);
  assert_good (member, root, 3);
  assert_good (member, NULL, 3);
  report = drt_chain_check (member, &(DrtChainQuery) { .root = other });
  g_assert_cmpint (report->hr, ==, DRT_E_INVALID_CERT_CHAIN);
  g_assert_true (drt_chain_report_has (report, 2, DRT_REASON_UNKNOWN_ROOT));
  g_assert_cmpuint (report->verdicts->len, ==, 1);
  drt_certificate_unref (other);
  drt_certificate_unref (member);
  drt_certificate_unref (middle);
  drt_certificate_unref (root);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/certificates/chain/ed25519", GINT_TO_POINTER (DRT_KEY_ALGORITHM_ED25519), test_chain);
  g_test_add_data_func ("/certificates/chain/p256", GINT_TO_POINTER (DRT_KEY_ALGORITHM_P256), test_chain);
  g_test_add_data_func ("/certificates/chain/rsa1024", GINT_TO_POINTER (DRT_KEY_ALGORITHM_RSA1024), test_chain);
  return g_test_run ();
}
