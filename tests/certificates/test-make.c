/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <openssl/x509v3.h>
#include <string.h>

#include "certificate-testing.h"
#include "drt-certificate-private.h"
#include "drt-chain.h"
#include "drt-clock.h"

/* Making certificates, and what the check says of them. */

#define NOW (G_GINT64_CONSTANT (1772539200) * G_USEC_PER_SEC)     /* 3 March 2026, 12:00 UTC */
#define DAY (24 * 60 * 60)

static gint64
stand_still (gpointer data)
{
  return NOW;
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
assert_reason (PCCERT_CONTEXT       certificate,
               const DrtChainQuery *query,
               guint                depth,
               DrtChainReason       reason)
{
  g_autoptr (DrtChainReport) report = drt_chain_check (certificate, query);

  g_assert_cmpint (report->hr, ==, DRT_E_INVALID_CERT_CHAIN);
  g_assert_cmpuint (report->verdicts->len, ==, 1);
  g_assert_true (drt_chain_report_has (report, depth, reason));
}

static void
assert_refused (PCCERT_CONTEXT      made,
                GError            **error,
                DrtCertificateError code)
{
  g_assert_null (made);
  g_assert_error (*error, DRT_CERTIFICATE_ERROR, (int) code);
  g_clear_error (error);
}

static void
test_chain (gconstpointer data)
{
  DrtKeyAlgorithm algorithm = GPOINTER_TO_INT (data);
  PCCERT_CONTEXT root = certificate_testing_authority (algorithm);
  PCCERT_CONTEXT middle = certificate_testing_issue (root, "Branch", algorithm, TRUE);
  PCCERT_CONTEXT member = certificate_testing_issue (middle, "alice", algorithm, FALSE);
  PCCERT_CONTEXT other = certificate_testing_authority (algorithm);
  g_autoptr (GPtrArray) chain = drt_certificate_get_chain (member);

  g_assert_true (drt_certificate_has_private_key (member));
  assert_good (root, root, 1);
  assert_good (middle, root, 2);
  assert_good (member, root, 3);
  assert_good (member, NULL, 3);
  assert_reason (member, &(DrtChainQuery) { .root = other }, 2, DRT_REASON_UNKNOWN_ROOT);
  g_assert_cmpuint (chain->len, ==, 3);
  g_assert_true (drt_certificate_equal (chain->pdata[0], member));
  g_assert_true (drt_certificate_equal (chain->pdata[1], middle));
  g_assert_true (drt_certificate_equal (chain->pdata[2], root));
  g_assert_false (drt_certificate_has_private_key (chain->pdata[1]));
  drt_certificate_unref (other);
  drt_certificate_unref (member);
  drt_certificate_unref (middle);
  drt_certificate_unref (root);
}

/* [MC-DRT] §2.2.3.1.4.1, looked at byte by byte. */
static void
test_profile_1_form (void)
{
  PCCERT_CONTEXT root = certificate_testing_authority (DRT_KEY_ALGORITHM_RSA1024);
  PCCERT_CONTEXT member = certificate_testing_issue (root, "Ælice", DRT_KEY_ALGORITHM_RSA1024, FALSE);
  X509 *x509 = drt_certificate_get_x509 (member);
  const ASN1_BIT_STRING *issuer_id, *subject_id;
  const ASN1_STRING *name = X509_NAME_ENTRY_get_data (X509_NAME_get_entry (X509_get_subject_name (x509), 0));
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (member);
  guint8 *serial = NULL;

  g_assert_cmpint (X509_get_version (x509), ==, 2);
  g_assert_cmpint (X509_get_signature_nid (x509), ==, NID_sha1WithRSAEncryption);
  g_assert_cmpint (i2d_ASN1_INTEGER (X509_get0_serialNumber (x509), &serial), ==, 18);
  g_assert_cmpint (serial[2] & 0x80, ==, 0);
  OPENSSL_free (serial);
  X509_get0_uids (x509, &issuer_id, &subject_id);
  g_assert_null (issuer_id);
  g_assert_null (subject_id);
  g_assert_cmpint (ASN1_STRING_length (X509_get0_pubkey_bitstr (x509)), ==, 140);
  g_assert_cmpmem (ASN1_STRING_get0_data (name), ASN1_STRING_length (name), "Ælice", sizeof "Ælice");     /* its zero byte too */
  g_assert_cmpstr (info->subject, ==, "Ælice");
  g_assert_cmpstr (info->subject_full, ==, "CN=Ælice");
  g_assert_cmpstr (info->issuer, ==, "Our mesh");
  g_assert_cmpint (info->profile, ==, DRT_PROFILE_1_0);
  g_assert_cmpstr (info->key_name, ==, "RSA, 1024 bits");
  g_assert_cmpstr (info->signature_name, ==, "SHA-1 with RSA");
  g_assert_cmpstr (info->key_usage, ==, "digital signature, key encipherment");
  drt_certificate_unref (member);
  drt_certificate_unref (root);
}

static void
assert_critical (X509 *x509,
                 int   nid)
{
  int place = X509_get_ext_by_NID (x509, nid, -1);

  g_assert_cmpint (place, >=, 0);
  g_assert_cmpint (X509_EXTENSION_get_critical (X509_get_ext (x509, place)), ==, 1);
}

static void
test_profile_2_form (void)
{
  PCCERT_CONTEXT root = certificate_testing_authority (DRT_KEY_ALGORITHM_ED25519);
  PCCERT_CONTEXT member = certificate_testing_issue (root, "alice", DRT_KEY_ALGORITHM_P256, FALSE);
  X509 *x509 = drt_certificate_get_x509 (member), *authority = drt_certificate_get_x509 (root);
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (member);
  g_autoptr (DrtCertificateInfo) above = drt_certificate_get_info (root);

  assert_critical (x509, NID_basic_constraints);
  assert_critical (x509, NID_key_usage);
  assert_critical (authority, NID_basic_constraints);
  assert_critical (authority, NID_key_usage);
  g_assert_cmpint (ASN1_OCTET_STRING_cmp (X509_get0_authority_key_id (x509), X509_get0_subject_key_id (authority)), ==, 0);
  g_assert_nonnull (X509_get0_subject_key_id (x509));
  g_assert_cmpuint (strlen (info->serial), ==, 32);
  g_assert_cmpstr (info->key_name, ==, "Elliptic curve, P-256");
  g_assert_cmpstr (info->signature_name, ==, "Ed25519");
  g_assert_cmpstr (info->key_usage, ==, "digital signature");
  g_assert_cmpint (info->profile, ==, DRT_PROFILE_2_0);
  g_assert_false (info->is_authority);
  g_assert_false (info->is_self_signed);
  g_assert_cmpint (info->path_length, ==, -1);
  g_assert_true (above->is_authority);
  g_assert_true (above->is_self_signed);
  g_assert_cmpstr (above->key_usage, ==, "digital signature, certificate signing, revoke list signing");
  drt_certificate_unref (member);
  drt_certificate_unref (root);
}

static void
test_validity (void)
{
  g_autoptr (DrtCertificateInfo) authority = NULL, usual = NULL, given = NULL, limited = NULL;
  PCCERT_CONTEXT root, brief, certificates[3];
  GError *error = NULL;

  drt_clock_set (stand_still, NULL);
  root = certificate_testing_authority (DRT_KEY_ALGORITHM_ED25519);
  brief = drt_certificate_new_authority (&(DrtCertificateRequest) { .name = "Brief", .days = 10 }, NULL);
  certificates[0] = certificate_testing_issue (root, "usual", DRT_KEY_ALGORITHM_ED25519, FALSE);
  certificates[1] = drt_certificate_issue (root, &(DrtCertificateRequest) { .name = "given", .days = 36500 / 20 }, NULL);
  certificates[2] = drt_certificate_issue (brief, &(DrtCertificateRequest) { .name = "limited", .days = 100 }, NULL);
  authority = drt_certificate_get_info (root);
  usual = drt_certificate_get_info (certificates[0]);
  given = drt_certificate_get_info (certificates[1]);
  limited = drt_certificate_get_info (certificates[2]);

  g_assert_cmpint (authority->not_before, ==, NOW / G_USEC_PER_SEC - 3600);
  g_assert_cmpint (authority->not_after, ==, NOW / G_USEC_PER_SEC + 3653 * DAY);
  g_assert_cmpint (usual->not_before, ==, NOW / G_USEC_PER_SEC - 3600);
  g_assert_cmpint (usual->not_after, ==, NOW / G_USEC_PER_SEC + 365 * DAY);
  g_assert_cmpint (given->not_after, ==, NOW / G_USEC_PER_SEC + 1825 * DAY);
  g_assert_cmpint (limited->not_after, ==, NOW / G_USEC_PER_SEC + 10 * DAY);     /* the authority's own end */

  assert_refused (drt_certificate_new_authority (&(DrtCertificateRequest) { .name = "x", .days = 36501 }, &error),
                  &error, DRT_CERTIFICATE_ERROR_UNSUITABLE);
  for (guint i = 0; i < G_N_ELEMENTS (certificates); i++)
    drt_certificate_unref (certificates[i]);
  drt_certificate_unref (root);

  /* Of an authority that has expired nobody is helped by a certificate */
  drt_clock_set (NULL, NULL);
  assert_refused (drt_certificate_issue (brief, &(DrtCertificateRequest) { .name = "late" }, &error),
                  &error, DRT_CERTIFICATE_ERROR_UNSUITABLE);
  drt_certificate_unref (brief);
}

static void
test_names (void)
{
  g_autofree char *longest = g_strnfill (64, 'n'), *longer = g_strnfill (65, 'n');
  const char *const good[] = { "a", "Αλίκη", "x, y + \"z\" = \\ # ; <>", " spaces ", longest };
  const char *const bad[] = { "", "a\nb", "\033[31mred", "\xff\xfe", "left\xe2\x80\xaeright", longer };
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    for (guint algorithm = DRT_KEY_ALGORITHM_ED25519; algorithm <= DRT_KEY_ALGORITHM_RSA1024; algorithm++)
      {
        PCCERT_CONTEXT made = drt_certificate_new_authority (&(DrtCertificateRequest) { .name = good[i], .algorithm = algorithm }, &error);
        g_autoptr (DrtCertificateInfo) info = NULL;

        g_assert_no_error (error);
        info = drt_certificate_get_info (made);
        g_assert_cmpstr (info->subject, ==, good[i]);
        assert_good (made, made, 1);
        drt_certificate_unref (made);
      }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_refused (drt_certificate_new_authority (&(DrtCertificateRequest) { .name = bad[i] }, &error),
                    &error, DRT_CERTIFICATE_ERROR_UNSUITABLE);
  assert_refused (drt_certificate_new_authority (&(DrtCertificateRequest) { .name = NULL }, &error),
                  &error, DRT_CERTIFICATE_ERROR_UNSUITABLE);
}

static void
test_refusals (void)
{
  PCCERT_CONTEXT root = certificate_testing_authority (DRT_KEY_ALGORITHM_ED25519);
  PCCERT_CONTEXT member = certificate_testing_issue (root, "alice", DRT_KEY_ALGORITHM_ED25519, FALSE);
  PCCERT_CONTEXT old = certificate_testing_authority (DRT_KEY_ALGORITHM_RSA1024);
  g_autofree char *pem = drt_certificate_to_pem (root, DRT_CERTIFICATE_ALONE, NULL, NULL);
  PCCERT_CONTEXT keyless = drt_certificate_parse ((const guint8 *) pem, strlen (pem), NULL, NULL);
  const DrtCertificateRequest request = { .name = "bob" };
  GError *error = NULL;

  assert_refused (drt_certificate_issue (member, &request, &error), &error, DRT_CERTIFICATE_ERROR_NOT_AN_AUTHORITY);
  assert_refused (drt_certificate_issue (keyless, &request, &error), &error, DRT_CERTIFICATE_ERROR_NO_PRIVATE_KEY);
  assert_refused (drt_certificate_issue (old, &request, &error), &error, DRT_CERTIFICATE_ERROR_UNSUITABLE);
  assert_refused (drt_certificate_issue (root, &(DrtCertificateRequest) { .name = "bob", .algorithm = DRT_KEY_ALGORITHM_OTHER }, &error),
                  &error, DRT_CERTIFICATE_ERROR_UNSUITABLE);
  assert_refused (drt_certificate_issue (root, &(DrtCertificateRequest) { .name = "bob", .algorithm = DRT_KEY_ALGORITHM_RSA1024 }, &error),
                  &error, DRT_CERTIFICATE_ERROR_UNSUITABLE);
  assert_refused (drt_certificate_issue (NULL, &request, &error), &error, DRT_CERTIFICATE_ERROR_NOT_AN_AUTHORITY);
  assert_refused (drt_certificate_renew (root, old, 0, &error), &error, DRT_CERTIFICATE_ERROR_UNSUITABLE);
  drt_certificate_unref (keyless);
  drt_certificate_unref (old);
  drt_certificate_unref (member);
  drt_certificate_unref (root);
}

static void
test_renew (gconstpointer data)
{
  DrtKeyAlgorithm algorithm = GPOINTER_TO_INT (data);
  PCCERT_CONTEXT root = certificate_testing_authority (algorithm);
  PCCERT_CONTEXT member = certificate_testing_issue (root, "alice", algorithm, FALSE);
  PCCERT_CONTEXT renewed = drt_certificate_renew (root, member, 700, NULL);
  PCCERT_CONTEXT root_renewed = drt_certificate_renew (root, root, 5000, NULL);
  g_autoptr (DrtCertificateInfo) before = drt_certificate_get_info (member), after = drt_certificate_get_info (renewed);
  g_autoptr (DrtCertificateInfo) root_after = drt_certificate_get_info (root_renewed);

  g_assert_cmpstr (before->subject, ==, after->subject);
  g_assert_cmpstr (before->serial, !=, after->serial);
  g_assert_true (drt_key_equal (&before->key, &after->key));
  g_assert_cmpint (after->not_after, >, before->not_after + 300 * (gint64) DAY);
  g_assert_true (drt_certificate_has_private_key (renewed));
  assert_good (renewed, root, 2);
  g_assert_true (root_after->is_authority);
  g_assert_true (root_after->is_self_signed);
  /* Whoever has the old root or the new one trusts the members of both */
  assert_good (member, root_renewed, 2);
  assert_good (renewed, root_renewed, 2);
  drt_certificate_unref (root_renewed);
  drt_certificate_unref (renewed);
  drt_certificate_unref (member);
  drt_certificate_unref (root);
}

static void
test_request (gconstpointer data)
{
  DrtKeyAlgorithm algorithm = GPOINTER_TO_INT (data);
  PCCERT_CONTEXT root = certificate_testing_authority (algorithm);
  PCCERT_CONTEXT issued, joined, other;
  g_autoptr (DrtCertificateInfo) info = NULL;
  g_autofree char *name = NULL;
  DrtKey announced;
  char *key = NULL;
  g_autofree char *request = drt_certificate_request_new (&(DrtCertificateRequest) { .name = "alice", .algorithm = algorithm }, &key, NULL);
  GError *error = NULL;

  g_assert_true (g_str_has_prefix (request, "-----BEGIN CERTIFICATE REQUEST-----"));
  g_assert_null (strstr (request, "PRIVATE"));
  g_assert_true (g_str_has_prefix (key, "-----BEGIN PRIVATE KEY-----"));
  name = drt_certificate_request_get_name (request, &announced, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "alice");
  issued = drt_certificate_issue_request (root, request, 30, &error);
  g_assert_no_error (error);
  info = drt_certificate_get_info (issued);
  g_assert_true (drt_key_equal (&announced, &info->key));
  g_assert_false (drt_certificate_has_private_key (issued));
  assert_reason (issued, &(DrtChainQuery) { .root = root, .time = drt_clock_now () / G_USEC_PER_SEC + 31 * DAY }, 0, DRT_REASON_EXPIRED);
  joined = drt_certificate_join (issued, key, &error);
  g_assert_no_error (error);
  g_assert_true (drt_certificate_has_private_key (joined));
  g_assert_true (drt_certificate_equal (issued, joined));
  assert_good (issued, NULL, 2);

  other = certificate_testing_issue (root, "bob", algorithm, FALSE);
  assert_refused (drt_certificate_join (other, key, &error), &error, DRT_CERTIFICATE_ERROR_KEY_MISMATCH);
  assert_refused (drt_certificate_join (issued, request, &error), &error, DRT_CERTIFICATE_ERROR_NO_PRIVATE_KEY);
  drt_secret_free (key);
  drt_certificate_unref (other);
  drt_certificate_unref (joined);
  drt_certificate_unref (issued);
  drt_certificate_unref (root);
}

static void
test_request_refused (void)
{
  PCCERT_CONTEXT root = certificate_testing_authority (DRT_KEY_ALGORITHM_ED25519);
  char *key = NULL;
  g_autofree char *request = drt_certificate_request_new (&(DrtCertificateRequest) { .name = "alice" }, &key, NULL);
  g_autofree char *old = NULL;
  char *at;
  GError *error = NULL;

  drt_secret_free (key);
  old = drt_certificate_request_new (&(DrtCertificateRequest) { .name = "alice", .algorithm = DRT_KEY_ALGORITHM_RSA1024 }, &key, NULL);
  drt_secret_free (key);
  assert_refused (drt_certificate_issue_request (root, old, 0, &error), &error, DRT_CERTIFICATE_ERROR_UNSUITABLE);
  assert_refused (drt_certificate_issue_request (root, "hello", 0, &error), &error, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE);
  g_assert_null (drt_certificate_request_get_name ("hello", NULL, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE);
  g_clear_error (&error);
  g_assert_null (drt_certificate_request_new (&(DrtCertificateRequest) { .name = "" }, &key, &error));
  g_assert_null (key);
  g_clear_error (&error);

  /* The signature is in the last line but one */
  at = strstr (request, "-----END") - 8;
  *at = *at == 'A' ? 'B' : 'A';
  assert_refused (drt_certificate_issue_request (root, request, 0, &error), &error, DRT_CERTIFICATE_ERROR_UNSUITABLE);
  g_assert_null (drt_certificate_request_get_name (request, NULL, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_UNSUITABLE);
  g_clear_error (&error);
  drt_certificate_unref (root);
}

/* What a program filled in by itself: nothing is attached to it. */
static void
test_foreign (void)
{
  PCCERT_CONTEXT root = certificate_testing_authority (DRT_KEY_ALGORITHM_ED25519);
  PCCERT_CONTEXT member = certificate_testing_issue (root, "alice", DRT_KEY_ALGORITHM_ED25519, FALSE);
  guint8 nothing[] = "nothing";
  CERT_CONTEXT foreign = { .dwCertEncodingType = X509_ASN_ENCODING, .pbCertEncoded = member->pbCertEncoded, .cbCertEncoded = member->cbCertEncoded };
  CERT_CONTEXT garbage = { .pbCertEncoded = nothing, .cbCertEncoded = sizeof nothing };
  CERT_CONTEXT empty = { 0 };
  g_autoptr (GPtrArray) chain = drt_certificate_get_chain (&foreign);
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (&foreign);
  g_autoptr (DrtChainReport) report = drt_chain_check (&garbage, NULL);
  PCCERT_CONTEXT copy = drt_certificate_ref (&foreign);

  g_assert_null (drt_certificate_get_x509 (&foreign));
  g_assert_false (drt_certificate_has_private_key (&foreign));
  g_assert_cmpuint (chain->len, ==, 0);
  g_assert_cmpstr (info->subject, ==, "alice");
  g_assert_true (drt_certificate_equal (&foreign, member));
  g_assert_true (drt_certificate_equal (copy, member));
  assert_good (&foreign, root, 2);
  g_assert_true (drt_chain_report_has (report, 0, DRT_REASON_NOT_A_CERTIFICATE));
  g_assert_null (drt_certificate_get_info (&garbage));
  g_assert_null (drt_certificate_get_info (&empty));
  g_assert_null (drt_certificate_ref (NULL));
  drt_certificate_unref (&foreign);
  drt_certificate_unref (NULL);
  g_assert_null (drt_certificate_to_pem (&foreign, DRT_CERTIFICATE_ALONE, NULL, NULL));
  g_assert_null (drt_certificate_renew (root, &foreign, 0, NULL));
  drt_certificate_unref (copy);
  drt_certificate_unref (member);
  drt_certificate_unref (root);
}

static gpointer
check_often (gpointer data)
{
  PCCERT_CONTEXT *both = data;

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (both[1]);

      assert_good (both[1], both[0], 2);
      g_assert_cmpstr (info->subject, ==, "alice");
    }
  return NULL;
}

static void
test_threads (void)
{
  PCCERT_CONTEXT root = certificate_testing_authority (DRT_KEY_ALGORITHM_P256);
  PCCERT_CONTEXT member = certificate_testing_issue (root, "alice", DRT_KEY_ALGORITHM_P256, FALSE);
  PCCERT_CONTEXT both[] = { root, member };
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("check", check_often, both);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  drt_certificate_unref (member);
  drt_certificate_unref (root);
}

static void
add_for_each (const char    *path,
              GTestDataFunc  func)
{
  static const char *const names[] = { "ed25519", "p256", "rsa1024" };

  for (guint algorithm = DRT_KEY_ALGORITHM_ED25519; algorithm <= DRT_KEY_ALGORITHM_RSA1024; algorithm++)
    {
      g_autofree char *name = g_strconcat (path, names[algorithm], NULL);

      g_test_add_data_func (name, GUINT_TO_POINTER (algorithm), func);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_for_each ("/make/chain/", test_chain);
  add_for_each ("/make/renew/", test_renew);
  add_for_each ("/make/request/", test_request);
  g_test_add_func ("/make/request/refused", test_request_refused);
  g_test_add_func ("/make/profile-1-form", test_profile_1_form);
  g_test_add_func ("/make/profile-2-form", test_profile_2_form);
  g_test_add_func ("/make/validity", test_validity);
  g_test_add_func ("/make/names", test_names);
  g_test_add_func ("/make/refusals", test_refusals);
  g_test_add_func ("/make/foreign", test_foreign);
  g_test_add_func ("/make/threads", test_threads);
  return g_test_run ();
}
