/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "certificate-testing.h"
#include "drt-alloc.h"
#include "drt-chain.h"

/* Memory that is not there: each allocation fails once, and nothing is left of
 * what was begun (which AddressSanitizer sees) nor said that is not true. */

static PCCERT_CONTEXT root, member;
static GBytes *pkcs12;
static char *pem, *request, *key;

typedef gboolean (*Step) (GError **error);

static gboolean
keep (PCCERT_CONTEXT certificate)
{
  drt_certificate_unref (certificate);
  return certificate != NULL;
}

static gboolean
step_issue (GError **error)
{
  return keep (drt_certificate_issue (root, &(DrtCertificateRequest) { .name = "bob" }, error));
}

static gboolean
step_renew (GError **error)
{
  return keep (drt_certificate_renew (root, member, 0, error));
}

static gboolean
step_parse_pem (GError **error)
{
  return keep (drt_certificate_parse ((const guint8 *) pem, strlen (pem), NULL, error));
}

static gboolean
step_parse_pkcs12 (GError **error)
{
  return keep (drt_certificate_parse (g_bytes_get_data (pkcs12, NULL), g_bytes_get_size (pkcs12), "x", error));
}

static gboolean
step_join (GError **error)
{
  return keep (drt_certificate_join (member, key, error));
}

static gboolean
step_issue_request (GError **error)
{
  return keep (drt_certificate_issue_request (root, request, 0, error));
}

static gboolean
step_to_pem (GError **error)
{
  char *text = drt_certificate_to_pem (member, DRT_CERTIFICATE_WITH_CHAIN | DRT_CERTIFICATE_WITH_KEY, NULL, error);

  drt_secret_free (text);
  return text != NULL;
}

static gboolean
step_to_pkcs12 (GError **error)
{
  g_autoptr (GBytes) bytes = drt_certificate_to_pkcs12 (member, "x", error);

  return bytes != NULL;
}

static gboolean
step_request (GError **error)
{
  char *secret = NULL;
  char *text = drt_certificate_request_new (&(DrtCertificateRequest) { .name = "bob" }, &secret, error);

  g_assert_true ((text == NULL) == (secret == NULL));
  drt_secret_free (secret);
  g_free (text);
  return text != NULL;
}

/* A report made without memory says that, and not that the chain is bad. */
static gboolean
step_check (GError **error)
{
  g_autoptr (DrtChainReport) report = drt_chain_check_bytes ((const guint8 *) pem, strlen (pem), NULL, &(DrtChainQuery) { .root = root });

  g_assert_true (report->hr == S_OK || report->hr == E_OUTOFMEMORY);
  g_assert_cmpuint (report->verdicts->len, ==, 0);
  if (report->hr == E_OUTOFMEMORY)
    g_set_error_literal (error, DRT_CERTIFICATE_ERROR, 0, "no memory");
  return report->hr == S_OK;
}

static gboolean
step_check_again (GError **error)
{
  g_autoptr (DrtChainReport) report = drt_chain_check (member, NULL);

  if (report->hr != S_OK)
    g_set_error_literal (error, DRT_CERTIFICATE_ERROR, 0, "no memory");
  g_assert_true (report->hr == S_OK || (report->hr == E_OUTOFMEMORY && report->certificates->len == 0));
  return report->hr == S_OK;
}

static void
test_step (gconstpointer data)
{
  Step step = data;
  guint n_failures = 0;

  for (guint n = 0;; n++)
    {
      g_autoptr (GError) error = NULL;
      guint before = drt_alloc_count ();
      gboolean done;

      drt_alloc_fail (n);
      done = step (&error);
      drt_alloc_fail (-1);
      g_assert_true (done == (error == NULL));
      if (drt_alloc_count () - before <= n)
        {
          g_assert_true (done);
          break;
        }
      n_failures += !done;
    }
  g_test_message ("%u failures", n_failures);
  g_assert_cmpuint (n_failures, >, 0);
}

#define ADD(name, step) g_test_add_data_func (name, step, test_step)

int
main (int    argc,
      char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  root = certificate_testing_authority (DRT_KEY_ALGORITHM_ED25519);
  member = certificate_testing_issue (root, "alice", DRT_KEY_ALGORITHM_ED25519, FALSE);
  pem = drt_certificate_to_pem (member, DRT_CERTIFICATE_WITH_CHAIN, NULL, NULL);
  pkcs12 = drt_certificate_to_pkcs12 (member, "x", NULL);
  request = drt_certificate_request_new (&(DrtCertificateRequest) { .name = "bob" }, &key, NULL);
  drt_secret_free (key);
  key = drt_certificate_to_pem (member, DRT_CERTIFICATE_WITH_KEY, NULL, NULL);

  ADD ("/memory/issue", step_issue);
  ADD ("/memory/renew", step_renew);
  ADD ("/memory/parse/pem", step_parse_pem);
  ADD ("/memory/parse/pkcs12", step_parse_pkcs12);
  ADD ("/memory/join", step_join);
  ADD ("/memory/request", step_request);
  ADD ("/memory/request/issue", step_issue_request);
  ADD ("/memory/write/pem", step_to_pem);
  ADD ("/memory/write/pkcs12", step_to_pkcs12);
  ADD ("/memory/check/bytes", step_check);
  ADD ("/memory/check/chain", step_check_again);
  result = g_test_run ();

  drt_secret_free (pem);
  drt_secret_free (key);
  g_free (request);
  g_bytes_unref (pkcs12);
  drt_certificate_unref (member);
  drt_certificate_unref (root);
  return result;
}
