/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-chain.h"
#include "fuzz.h"

#include <string.h>

/* Files of certificates, of private keys, of revoke lists and of requests, as
 * people get them from anywhere.  The first byte says which; the passphrase of
 * those in the corpus is "x". */

#define PASSPHRASE "x"

static PCCERT_CONTEXT authority;

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  authority = drt_certificate_new_authority (&(DrtCertificateRequest) { .name = "Our mesh" }, NULL);
  fuzz_check (authority != NULL);
  return 0;
}

/* Every verdict can be put into words. */
static void
look_at_report (DrtChainReport *report)
{
  gboolean is_bad = FALSE;

  for (guint i = 0; i < report->verdicts->len; i++)
    {
      const DrtChainVerdict *verdict = &g_array_index (report->verdicts, DrtChainVerdict, i);
      g_autofree char *sentence = drt_chain_verdict_describe (report, verdict);

      fuzz_check (g_utf8_validate (sentence, -1, NULL) && g_str_has_suffix (sentence, "."));
      fuzz_check (verdict->openssl_code == 0 || drt_chain_openssl_name (verdict->openssl_code) != NULL);
      fuzz_check (verdict->depth == 0 || verdict->depth < report->certificates->len);
      is_bad |= drt_chain_reason_is_fault (verdict->reason);
    }
  fuzz_check (is_bad == FAILED (report->hr));
  drt_chain_report_free (report);
}

/* What was read can be written and is the same when it is read again. */
static void
look_at_certificate (PCCERT_CONTEXT certificate)
{
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (certificate);
  g_autoptr (GPtrArray) chain = drt_certificate_get_chain (certificate);
  g_autofree char *text = drt_certificate_to_pem (certificate, DRT_CERTIFICATE_WITH_CHAIN, NULL, NULL);
  PCCERT_CONTEXT again = drt_certificate_parse ((const guint8 *) text, strlen (text), NULL, NULL);

  fuzz_check (g_utf8_validate (info->subject, -1, NULL) && g_utf8_validate (info->issuer_full, -1, NULL));
  fuzz_check (chain->len >= 1 && chain->len <= DRT_CHAIN_MAX);
  fuzz_check (again != NULL);
  fuzz_check (drt_certificate_has_private_key (certificate) || chain->len > 1 || drt_certificate_equal (certificate, again));
  drt_certificate_unref (again);
  look_at_report (drt_chain_check (certificate, &(DrtChainQuery) { .root = authority }));
}

static void
fuzz_file (const guint8 *bytes,
           gsize         length,
           const char   *passphrase)
{
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT certificate = drt_certificate_parse (bytes, length, passphrase, &error);

  fuzz_check ((certificate == NULL) == (error != NULL));
  if (certificate != NULL)
    look_at_certificate (certificate);
  drt_certificate_unref (certificate);
  look_at_report (drt_chain_check_bytes (bytes, length, passphrase, &(DrtChainQuery) { .root = authority }));
}

static void
fuzz_list (const guint8 *bytes,
           gsize         length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DrtRevokeList) list = drt_revoke_list_parse (bytes, length, &error);
  g_autoptr (DrtRevokeList) more = NULL;

  fuzz_check ((list == NULL) == (error != NULL));
  if (list == NULL)
    return;
  drt_revoke_list_get_size (list);
  drt_revoke_list_contains (list, authority);
  more = drt_revoke_list_add (list, authority, authority, NULL);
  look_at_report (drt_chain_check (authority, &(DrtChainQuery) { .root = authority, .revoked = list }));
}

static void
fuzz_request (const guint8 *bytes,
              gsize         length)
{
  g_autofree char *text = g_strndup ((const char *) bytes, length);
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT certificate = drt_certificate_issue_request (authority, text, 0, &error);

  fuzz_check ((certificate == NULL) == (error != NULL));
  if (certificate != NULL)
    look_at_certificate (certificate);
  drt_certificate_unref (certificate);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes,
                        gsize         length)
{
  FuzzInput input = { bytes, length };
  guint which = fuzz_below (&input, 4);
  gsize size;
  g_autofree guint8 *rest = fuzz_dup (&input, length, &size);

  switch (which)
    {
    case 0:
      fuzz_file (rest, size, NULL);
      break;
    case 1:
      fuzz_file (rest, size, PASSPHRASE);
      break;
    case 2:
      fuzz_list (rest, size);
      break;
    default:
      fuzz_request (rest, size);
      break;
    }
  return 0;
}
