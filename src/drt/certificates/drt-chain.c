/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-chain-private.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include "drt-clock.h"

/*
 * The check of a chain: the way from the member's certificate to the root is
 * found first, then each certificate on it is held against each reason.
 */

void
drt_chain_verdict (GArray        *verdicts,
                   guint          depth,
                   DrtChainReason reason,
                   int            openssl_code)
{
  g_array_append_vals (verdicts, &(DrtChainVerdict) { depth, reason, openssl_code }, 1);
}

static void
say (DrtChainCheck *check,
     guint          depth,
     DrtChainReason reason,
     int            openssl_code)
{
  drt_chain_verdict (check->verdicts, depth, reason, openssl_code);
}

/* --- The way up --- */

static gboolean
is_on_path (const DrtChainCheck *check,
            X509                *x509)
{
  for (guint i = 0; i < check->n; i++)
    if (X509_cmp (check->path[i], x509) == 0)
      return TRUE;
  return FALSE;
}

/* The issuer of @x509, to which the first @n of those that came along lead: the next
 * of them, or the root, if the signature is its.  Others may have its name. */
static X509 *
find_issuer (const DrtChainCheck *check,
             X509                *x509,
             guint                n,
             X509                *root)
{
  STACK_OF (X509) *issuers = drt_certificate_get_issuers (check->member);
  X509 *issuer = (int) n < sk_X509_num (issuers) ? sk_X509_value (issuers, n) : NULL;

  if (root == NULL || !drt_certificate_names_issuer (x509, root))
    return issuer;
  if (issuer == NULL || X509_cmp (issuer, root) == 0 || drt_certificate_verify (x509, root))
    return root;
  return issuer;
}

static void
find_path (DrtChainCheck *check)
{
  X509 *root = drt_certificate_get_x509 (check->query->root);
  X509 *at = drt_certificate_get_x509 (check->member);

  while (at != NULL && !is_on_path (check, at))
    {
      check->path[check->n++] = at;
      check->reaches_root = root != NULL && X509_cmp (at, root) == 0;
      if (check->reaches_root || check->n == DRT_CHAIN_PATH_MAX || drt_certificate_names_issuer (at, at))
        break;
      at = find_issuer (check, at, check->n - 1, root);
    }
}

/* --- Where the way ends --- */

/* The issuer has the root's name, but another key. */
static gboolean
is_named_like_root (const DrtChainCheck *check,
                    X509                *x509)
{
  X509 *root = drt_certificate_get_x509 (check->query->root);

  return root != NULL && X509_NAME_cmp (X509_get_issuer_name (x509), X509_get_subject_name (root)) == 0;
}

static void
judge_end (DrtChainCheck *check)
{
  guint depth = check->n - 1;
  X509 *last = check->path[depth];

  if (check->reaches_root)
    return;
  if (!drt_certificate_names_issuer (last, last))
    say (check, depth, DRT_REASON_ISSUER_MISSING,
         is_named_like_root (check, last) ? X509_V_ERR_AKID_SKID_MISMATCH : X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  else if (depth == 0 && !drt_certificate_is_authority (last))
    say (check, depth, DRT_REASON_SELF_SIGNED, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
  else if (check->query->root != NULL)
    say (check, depth, DRT_REASON_UNKNOWN_ROOT,
         depth == 0 ? X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT : X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN);
}

static void
judge_key (DrtChainCheck *check)
{
  DrtKey key;

  if (check->query->key != NULL &&
      !(drt_certificate_get_key (check->member, &key) && drt_key_equal (&key, check->query->key)))
    say (check, 0, DRT_REASON_KEY_NOT_DERIVED, 0);
}

/* --- The report --- */

static int
compare_verdicts (gconstpointer a,
                  gconstpointer b)
{
  const DrtChainVerdict *left = a, *right = b;

  return left->depth != right->depth ? (left->depth < right->depth ? -1 : 1) : (int) left->reason - (int) right->reason;
}

/* A weakness of a certificate of the other profile is that profile's. */
static gboolean
is_excused (const DrtChainReport  *report,
            const DrtChainVerdict *verdict)
{
  return (verdict->reason == DRT_REASON_WEAK_KEY || verdict->reason == DRT_REASON_WEAK_SIGNATURE) &&
         drt_chain_report_has (report, verdict->depth, DRT_REASON_WRONG_PROFILE);
}

static HRESULT
decide (const DrtChainReport *report)
{
  guint n_faults = 0, n_profile = 0, n_key = 0;

  for (guint i = 0; i < report->verdicts->len; i++)
    {
      const DrtChainVerdict *verdict = &g_array_index (report->verdicts, DrtChainVerdict, i);

      if (!drt_chain_reason_is_fault (verdict->reason) || is_excused (report, verdict))
        continue;
      n_faults++;
      n_profile += verdict->reason == DRT_REASON_WRONG_PROFILE;
      n_key += verdict->reason == DRT_REASON_KEY_NOT_DERIVED;
    }
  if (n_faults == 0)
    return S_OK;
  if (n_profile == n_faults)
    return DRT_E_CAPABILITY_MISMATCH;
  if (n_key == n_faults)
    return DRT_E_INVALID_KEY;
  return DRT_E_INVALID_CERT_CHAIN;
}

/* Sorts what was found and says what follows from it. */
void
drt_chain_report_close (DrtChainReport *report)
{
  g_array_sort (report->verdicts, compare_verdicts);
  report->hr = decide (report);
}

static void
unref_element (gpointer certificate)
{
  drt_certificate_unref (certificate);
}

static DrtChainReport *
report_new (void)
{
  DrtChainReport *report = g_new0 (DrtChainReport, 1);

  report->certificates = g_ptr_array_new_with_free_func (unref_element);
  report->verdicts = g_array_new (FALSE, FALSE, sizeof (DrtChainVerdict));
  return report;
}

DrtChainReport *
drt_chain_report_unreadable (DrtChainReason reason,
                             int            openssl_code,
                             const char    *trouble)
{
  DrtChainReport *report = report_new ();

  drt_chain_verdict (report->verdicts, 0, reason, openssl_code);
  report->trouble = g_strdup (trouble);
  drt_chain_report_close (report);
  return report;
}

DrtChainReport *
drt_chain_report_no_memory (void)
{
  DrtChainReport *report = report_new ();

  report->hr = E_OUTOFMEMORY;
  return report;
}

/**
 * drt_chain_report_free:
 * @report: (nullable)
 */
void
drt_chain_report_free (DrtChainReport *report)
{
  if (report == NULL)
    return;
  g_ptr_array_unref (report->certificates);
  g_array_unref (report->verdicts);
  g_free (report->trouble);
  g_free (report);
}

/**
 * drt_chain_report_has:
 * @report: a report
 * @depth: of a certificate
 * @reason: what may be said of it
 *
 * Returns: whether it is said
 */
gboolean
drt_chain_report_has (const DrtChainReport *report,
                      guint                 depth,
                      DrtChainReason        reason)
{
  for (guint i = 0; i < report->verdicts->len; i++)
    {
      const DrtChainVerdict *verdict = &g_array_index (report->verdicts, DrtChainVerdict, i);

      if (verdict->depth == depth && verdict->reason == reason)
        return TRUE;
    }
  return FALSE;
}

/* The certificates of the way, those that are held already once more. */
static gboolean
collect (const DrtChainCheck *check,
         DrtChainReport      *report)
{
  for (guint i = 0; i < check->n; i++)
    {
      PCCERT_CONTEXT certificate;

      if (i == 0)
        certificate = drt_certificate_ref (check->member);
      else if (check->reaches_root && i == check->n - 1)
        certificate = drt_certificate_ref (check->query->root);
      else
        certificate = drt_certificate_new (check->path[i], NULL, drt_certificate_get_issuers (check->member));
      if (certificate == NULL)
        return FALSE;
      g_ptr_array_add (report->certificates, (gpointer) certificate);
    }
  return TRUE;
}

static DrtProfile
choose_profile (PCCERT_CONTEXT       member,
                const DrtChainQuery *query)
{
  DrtProfile profile = query->profile;

  if (profile == DRT_PROFILE_NONE)
    profile = drt_certificate_get_profile (query->root != NULL ? query->root : member);
  /* A key that is fit for none is held against ours */
  return profile != DRT_PROFILE_NONE ? profile : DRT_PROFILE_2_0;
}

static gboolean
has_fault (const DrtChainCheck *check)
{
  for (guint i = 0; i < check->verdicts->len; i++)
    if (drt_chain_reason_is_fault (g_array_index (check->verdicts, DrtChainVerdict, i).reason))
      return TRUE;
  return FALSE;
}

/* What costs little comes first, then the signatures from the root downwards: to
 * be brief means that a stranger costs us hardly more than one of the root's. */
static void
judge (DrtChainCheck *check)
{
  for (guint depth = 0; depth < check->n; depth++)
    drt_chain_judge (check, depth);
  judge_end (check);
  judge_key (check);
  for (guint depth = check->n; depth > 0; depth--)
    {
      if (check->query->brief && has_fault (check))
        return;
      drt_chain_judge_signature (check, depth - 1);
    }
}

static DrtChainReport *
check_chain (PCCERT_CONTEXT       member,
             const DrtChainQuery *query,
             gboolean             sends)
{
  DrtChainReport *report = report_new ();
  DrtChainCheck check = {
    .query = query,
    .now = query->time != 0 ? query->time : drt_clock_now () / G_USEC_PER_SEC,
    .profile = choose_profile (member, query),
    .sends = sends,
    .member = member,
    .verdicts = report->verdicts,
  };

  ERR_set_mark ();
  find_path (&check);
  judge (&check);
  report->time = check.now;
  report->profile = check.profile;
  drt_chain_report_close (report);
  if (!collect (&check, report))
    {
      drt_chain_report_free (report);
      report = drt_chain_report_no_memory ();
    }
  ERR_pop_to_mark ();
  return report;
}

/* What the program filled in by itself is read first. */
static DrtChainReport *
check_any (PCCERT_CONTEXT       certificate,
           const DrtChainQuery *query,
           gboolean             sends)
{
  static const DrtChainQuery no_query = { 0 };
  PCCERT_CONTEXT member = drt_certificate_ref (certificate);
  DrtChainQuery asked = query != NULL ? *query : no_query;
  DrtChainReport *report;

  if (member == NULL)
    return drt_chain_report_unreadable (DRT_REASON_NOT_A_CERTIFICATE, 0, NULL);
  asked.root = drt_certificate_ref (asked.root);
  if (asked.root == NULL && query != NULL && query->root != NULL)
    report = drt_chain_report_unreadable (DRT_REASON_NOT_A_CERTIFICATE, 0, "What is given as the root is no certificate");
  else
    report = check_chain (member, &asked, sends);
  drt_certificate_unref (asked.root);
  drt_certificate_unref (member);
  return report;
}

/**
 * drt_chain_check:
 * @certificate: what is to be checked, and what came with it
 * @query: (nullable): what is asked
 *
 * Returns: everything that is to be said
 */
DrtChainReport *
drt_chain_check (PCCERT_CONTEXT       certificate,
                 const DrtChainQuery *query)
{
  return check_any (certificate, query, FALSE);
}

DrtChainReport *
drt_chain_check_sender (PCCERT_CONTEXT       certificate,
                        const DrtChainQuery *query)
{
  return check_any (certificate, query, TRUE);
}
