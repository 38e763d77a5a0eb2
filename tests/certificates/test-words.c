/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <openssl/x509_vfy.h>
#include <string.h>

#include "certificate-testing.h"
#include "drt-certificate-make.h"
#include "drt-certificate-text.h"
#include "drt-chain.h"
#include "drt-clock.h"

/* What people read. */

#define MADE G_GINT64_CONSTANT (1772539200)     /* 3 March 2026, 12:00 UTC */
#define DAY  (24 * 60 * 60)

static gint64
stand_still (gpointer data)
{
  return MADE * G_USEC_PER_SEC;
}

static char *
describe (PCCERT_CONTEXT       certificate,
          const DrtChainQuery *query)
{
  g_autoptr (DrtChainReport) report = drt_chain_check (certificate, query);

  g_assert_cmpuint (report->verdicts->len, ==, 1);
  return drt_chain_verdict_describe (report, &g_array_index (report->verdicts, DrtChainVerdict, 0));
}

static void
assert_said (PCCERT_CONTEXT certificate,
             gint64         time,
             const char    *wanted)
{
  g_autofree char *sentence = describe (certificate, &(DrtChainQuery) { .time = time });

  g_assert_cmpstr (sentence, ==, wanted);
}

static void
test_times (void)
{
  PCCERT_CONTEXT root, alice;
  const gint64 end = MADE + 100 * DAY;     /* 11 June 2026 */

  drt_clock_set (stand_still, NULL);
  root = drt_certificate_new_authority (&(DrtCertificateRequest) { .name = "Our mesh", .days = 4000 }, NULL);
  alice = drt_certificate_issue (root, &(DrtCertificateRequest) { .name = "alice", .days = 100 }, NULL);
  assert_said (alice, end + 1, "The certificate of “alice” expired on 11 June 2026, less than a minute ago.");
  assert_said (alice, end + 60, "The certificate of “alice” expired on 11 June 2026, 1 minute ago.");
  assert_said (alice, end + 2 * 3600, "The certificate of “alice” expired on 11 June 2026, 2 hours ago.");
  assert_said (alice, end + DAY + 5, "The certificate of “alice” expired on 11 June 2026, 1 day ago.");
  assert_said (alice, end + 59 * DAY, "The certificate of “alice” expired on 11 June 2026, 59 days ago.");
  assert_said (alice, end + 245 * DAY, "The certificate of “alice” expired on 11 June 2026, 8 months ago.");
  assert_said (alice, end + 731 * DAY, "The certificate of “alice” expired on 11 June 2026, 2 years ago.");
  assert_said (alice, end - 30 * DAY + 1, "The certificate of “alice” expires on 11 June 2026, in 29 days.");
  assert_said (alice, end, "The certificate of “alice” expires on 11 June 2026, in less than a minute.");
  drt_clock_set (NULL, NULL);
  drt_certificate_unref (alice);
  drt_certificate_unref (root);
}

/* The authority, too, is not valid before it was made. */
static void
test_not_yet (void)
{
  PCCERT_CONTEXT root;
  g_autofree char *sentence = NULL;

  drt_clock_set (stand_still, NULL);
  root = certificate_testing_authority (DRT_KEY_ALGORITHM_ED25519);
  sentence = describe (root, &(DrtChainQuery) { .time = MADE - 3 * DAY });
  g_assert_cmpstr (sentence, ==, "The certificate of the authority “Our mesh” is valid only from 3 March 2026, in 2 days.");
  drt_clock_set (NULL, NULL);
  drt_certificate_unref (root);
}

/* The thirty days of the warning. */
static void
test_expires_soon (void)
{
  PCCERT_CONTEXT root, alice;
  const gint64 end = MADE + 100 * DAY;
  const struct { gint64 time; DrtChainReason reason; } times[] = {
    { end - 30 * DAY, DRT_REASON_N }, { end - 30 * DAY + 1, DRT_REASON_EXPIRES_SOON },
    { end, DRT_REASON_EXPIRES_SOON }, { end + 1, DRT_REASON_EXPIRED },
  };

  drt_clock_set (stand_still, NULL);
  root = drt_certificate_new_authority (&(DrtCertificateRequest) { .name = "Our mesh", .days = 4000 }, NULL);
  alice = drt_certificate_issue (root, &(DrtCertificateRequest) { .name = "alice", .days = 100 }, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autoptr (DrtChainReport) report = drt_chain_check (alice, &(DrtChainQuery) { .root = root, .time = times[i].time });

      g_assert_cmpint (report->hr, ==, times[i].reason == DRT_REASON_EXPIRED ? DRT_E_INVALID_CERT_CHAIN : S_OK);
      g_assert_cmpuint (report->verdicts->len, ==, times[i].reason == DRT_REASON_N ? 0 : 1);
      g_assert_true (times[i].reason == DRT_REASON_N || drt_chain_report_has (report, 0, times[i].reason));
    }
  drt_clock_set (NULL, NULL);
  drt_certificate_unref (alice);
  drt_certificate_unref (root);
}

/* A certificate of anybody's making, with this for a name. */
static PCCERT_CONTEXT
with_name (const char *name,
           int         length)
{
  X509_NAME *subject = X509_NAME_new ();
  EVP_PKEY *pair = drt_certificate_new_key (DRT_KEY_ALGORITHM_ED25519, NULL);
  PCCERT_CONTEXT certificate;

  X509_NAME_add_entry_by_NID (subject, NID_commonName, V_ASN1_UTF8STRING, (const guint8 *) name, length, -1, 0);
  certificate = drt_certificate_make (&(DrtCertificatePlan) {
    .subject = subject, .key = pair, .has_private = TRUE, .path_length = -1, .days = 100,
  }, NULL);
  g_test_message ("%d bytes", length);
  g_assert_nonnull (certificate);
  X509_NAME_free (subject);
  EVP_PKEY_free (pair);
  return certificate;
}

/* A name may not run over the screen, speak to the terminal, or hide a part of itself. */
static void
test_hostile_names (void)
{
  g_autofree char *longest = g_strnfill (5000, 'n');
  static const struct { const char *name; int length; const char *shown; } names[] = {
    { "alice\033[2J", 9, "CN=alice\\1B[2J" },
    { "alice\0bob", 9, "CN=alice\\00bob" },
    { "alice\0", 6, "alice" },
    { "ecila\xe2\x80\xae" "bob", 11, "CN=ecila\\E2\\80\\AEbob" },
    { "", 0, "CN=" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      PCCERT_CONTEXT certificate = with_name (names[i].name, names[i].length);
      g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (certificate);
      g_autofree char *sentence = describe (certificate, NULL);

      g_assert_cmpstr (info->subject, ==, names[i].shown);
      g_assert_true (drt_certificate_text_is_plain (info->subject_full));
      g_assert_true (drt_certificate_text_is_plain (sentence));
      drt_certificate_unref (certificate);
    }
  {
    PCCERT_CONTEXT certificate = with_name (longest, 5000);
    g_autofree char *sentence = describe (certificate, NULL);

    g_assert_cmpuint (strlen (sentence), <, 300);
    g_assert_nonnull (strstr (sentence, "nnn…”"));
    drt_certificate_unref (certificate);
  }
}

/* A credential leaves the root out: that of a stranger is not one that lacks
 * something, whose owner would have to look for it. */
static void
test_stranger (void)
{
  PCCERT_CONTEXT ours = certificate_testing_authority (DRT_KEY_ALGORITHM_ED25519);
  PCCERT_CONTEXT theirs = drt_certificate_new_authority (&(DrtCertificateRequest) { .name = "Their mesh" }, NULL);
  PCCERT_CONTEXT bob = drt_certificate_issue (theirs, &(DrtCertificateRequest) { .name = "bob" }, NULL);
  g_autoptr (DrtChainReport) report = drt_chain_check (bob, &(DrtChainQuery) { .root = ours });
  DrtChainReport sent = { .certificates = g_ptr_array_new (), .time = report->time, .profile = report->profile, .from_stranger = TRUE };
  const DrtChainVerdict missing = { 0, DRT_REASON_ISSUER_MISSING, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY };
  g_autofree char *of_sent = NULL, *of_file = NULL;

  g_ptr_array_add (sent.certificates, (gpointer) bob);
  of_sent = drt_chain_verdict_describe (&sent, &missing);
  g_assert_cmpstr (of_sent, ==, "The certificate of “bob” was issued by “Their mesh”, which is not the authority of this mesh.");
  g_assert_cmpstr (drt_chain_verdict_title (&sent, &missing), ==, drt_chain_reason_title (DRT_REASON_UNKNOWN_ROOT));
  g_assert_cmpstr (drt_chain_verdict_remedy (&sent, &missing), ==, drt_chain_reason_remedy (DRT_REASON_UNKNOWN_ROOT));

  sent.from_stranger = FALSE;
  of_file = drt_chain_verdict_describe (&sent, &missing);
  g_assert_cmpstr (of_file, ==, "The certificate of “bob” was issued by “Their mesh”, whose certificate is missing.");
  g_assert_cmpstr (drt_chain_verdict_title (&sent, &missing), ==, "Issuer missing");
  g_ptr_array_unref (sent.certificates);
  drt_certificate_unref (bob);
  drt_certificate_unref (theirs);
  drt_certificate_unref (ours);
}

/* Every reason has its words, no two the same; and its id is for programs. */
static void
test_complete (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint reason = 0; reason < DRT_REASON_N; reason++)
    {
      const char *id = drt_chain_reason_id (reason), *title = drt_chain_reason_title (reason), *remedy = drt_chain_reason_remedy (reason);

      g_assert_true (g_regex_match_simple ("^[a-z]+(-[a-z]+)*$", id, 0, 0));
      g_assert_true (g_ascii_isupper (title[0]) && !g_str_has_suffix (title, "."));
      g_assert_true (g_ascii_isupper (remedy[0]) && g_str_has_suffix (remedy, "."));
      g_assert_true (g_hash_table_add (seen, (char *) id));
      g_assert_true (g_hash_table_add (seen, (char *) title));
      g_assert_true (g_hash_table_add (seen, (char *) remedy));
      g_assert_true (drt_chain_reason_is_fault (reason) == (reason != DRT_REASON_EXPIRES_SOON));
    }
  g_assert_cmpstr (drt_chain_reason_id (DRT_REASON_N), ==, "unknown");
  g_assert_cmpstr (drt_chain_openssl_name (X509_V_ERR_CERT_HAS_EXPIRED), ==, "X509_V_ERR_CERT_HAS_EXPIRED");
  g_assert_null (drt_chain_openssl_name (0));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/times", test_times);
  g_test_add_func ("/words/not-yet", test_not_yet);
  g_test_add_func ("/words/expires-soon", test_expires_soon);
  g_test_add_func ("/words/hostile-names", test_hostile_names);
  g_test_add_func ("/words/stranger", test_stranger);
  g_test_add_func ("/words/complete", test_complete);
  return g_test_run ();
}
