/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-certificate-private.h"
#include "drt-chain.h"
#include "drt-credential.h"
#include "fuzz.h"

#include <openssl/x509_vfy.h>

/* Credentials as they come from the network, of both profiles.  The first byte
 * says with which root they are checked: none, or the one at the end of the
 * chain itself, which is how an input gets as far as being good.  What we call
 * good X509_verify_cert() must, too. */

#define NOW 1800000000     /* 15 January 2027; those of the corpus are valid until 2099 */

/* What X509_verify_cert() says of it, which knows no profiles. */
static gboolean
is_good_to_openssl (const DrtChainReport *report)
{
  X509_STORE *store = X509_STORE_new ();
  X509_STORE_CTX *context = X509_STORE_CTX_new ();
  STACK_OF (X509) *others = sk_X509_new_null ();
  guint last = report->certificates->len - 1;
  gboolean good;

  X509_STORE_add_cert (store, drt_certificate_get_x509 (report->certificates->pdata[last]));
  for (guint i = 1; i < last; i++)
    sk_X509_push (others, drt_certificate_get_x509 (report->certificates->pdata[i]));
  X509_STORE_CTX_init (context, store, drt_certificate_get_x509 (report->certificates->pdata[0]), others);
  X509_STORE_CTX_set_flags (context, X509_V_FLAG_PARTIAL_CHAIN);
  X509_STORE_CTX_set_time (context, 0, NOW);
  X509_STORE_CTX_set_depth (context, 2 * DRT_CHAIN_MAX);
  good = X509_verify_cert (context) == 1;
  X509_STORE_CTX_free (context);
  X509_STORE_free (store);
  sk_X509_free (others);
  return good;
}

static void
look_at_report (DrtChainReport *report)
{
  for (guint i = 0; i < report->verdicts->len; i++)
    {
      g_autofree char *sentence = drt_chain_verdict_describe (report, &g_array_index (report->verdicts, DrtChainVerdict, i));

      fuzz_check (g_utf8_validate (sentence, -1, NULL));
    }
  fuzz_check (report->certificates->len <= DRT_CHAIN_MAX + 1);
  /* In profile 1.0 the root may do without basic constraints, which OpenSSL does not let it */
  if (report->hr == S_OK && report->profile == DRT_PROFILE_2_0)
    fuzz_check (is_good_to_openssl (report));
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes,
                        gsize         length)
{
  FuzzInput input = { bytes, length };
  gboolean with_root = fuzz_flip (&input);
  DrtChainQuery query = { .time = NOW };
  PCCERT_CONTEXT certificate;
  g_autoptr (GPtrArray) chain = NULL;
  g_autoptr (DrtChainReport) whole = NULL, brief = NULL;
  gsize size;
  g_autofree guint8 *rest = fuzz_dup (&input, length, &size);

  certificate = drt_credential_read (rest, size, NULL);
  chain = drt_certificate_get_chain (certificate);
  if (with_root && chain->len > 0)
    query.root = chain->pdata[chain->len - 1];
  whole = drt_chain_check_credential (rest, size, &query);
  fuzz_check ((certificate == NULL) == (whole->certificates->len == 0));
  look_at_report (whole);
  query.brief = TRUE;
  brief = drt_chain_check_credential (rest, size, &query);
  fuzz_check (FAILED (brief->hr) == FAILED (whole->hr));
  drt_certificate_unref (certificate);
  return 0;
}
