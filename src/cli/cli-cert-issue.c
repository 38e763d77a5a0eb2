/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-cert.h"

/* What is asked of the authority. */
typedef struct
{
  CliCertOutput output;
  char *authority;
  char *authority_passphrase_file;
  char *request;
  char *renew;
  char *algorithm;
  int days;
  gboolean subordinate;
  gboolean json;
  const char *name;          /* NULL: that of the request, or of what is renewed */
} Issue;

static void
issue_clear (Issue *issue)
{
  cli_cert_output_clear (&issue->output);
  g_free (issue->authority);
  g_free (issue->authority_passphrase_file);
  g_free (issue->request);
  g_free (issue->renew);
  g_free (issue->algorithm);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Issue, issue_clear)

/* A request says itself whose it is: whoever issues may say whom he expects. */
static gboolean
check_name (const Issue *issue,
            const char  *file,
            const char  *name)
{
  if (issue->name == NULL || g_str_equal (issue->name, name))
    return TRUE;
  cli_warn ("“%s” is of “%s”, not of “%s”: nothing was issued", file, name, issue->name);
  return FALSE;
}

static PCCERT_CONTEXT
issue_request (const Issue   *issue,
               PCCERT_CONTEXT authority)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  char *request = cli_cert_read_text (issue->request);
  PCCERT_CONTEXT certificate = NULL;

  if (request == NULL)
    return NULL;
  name = drt_certificate_request_get_name (request, NULL, &error);
  if (name != NULL && check_name (issue, issue->request, name))
    certificate = drt_certificate_issue_request (authority, request, issue->days, &error);
  drt_secret_free (request);
  if (error != NULL)
    cli_cert_report (issue->request, error);
  return certificate;
}

static PCCERT_CONTEXT
issue_renewed (const Issue   *issue,
               PCCERT_CONTEXT authority)
{
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT old = cli_certificate_load (issue->renew, issue->output.passphrase_file);
  g_autoptr (DrtCertificateInfo) info = old != NULL ? drt_certificate_get_info (old) : NULL;
  PCCERT_CONTEXT certificate = NULL;

  if (old == NULL)
    return NULL;
  if (check_name (issue, issue->renew, info->subject))
    certificate = drt_certificate_renew (authority, old, issue->days, &error);
  drt_certificate_unref (old);
  if (error != NULL)
    cli_cert_report (issue->renew, error);
  return certificate;
}

static PCCERT_CONTEXT
issue_new (const Issue   *issue,
           PCCERT_CONTEXT authority)
{
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (authority);
  DrtCertificateRequest request = {
    .name = issue->name,
    .days = issue->days,
    .algorithm = info->algorithm,
    .authority = issue->subordinate,
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;
  PCCERT_CONTEXT certificate;

  cli_cert_parse_algorithm (issue->algorithm, &request.algorithm, &problem);
  certificate = drt_certificate_issue (authority, &request, &error);
  if (certificate == NULL)
    cli_cert_report (issue->name, error);
  return certificate;
}

static int
run_issue (const Issue *issue)
{
  PCCERT_CONTEXT authority, certificate = NULL;
  DrtCertificateParts parts = DRT_CERTIFICATE_WITH_CHAIN;
  int result = CLI_EXIT_FILE;

  if (!cli_cert_output_is_free (&issue->output, issue->output.path))
    return CLI_EXIT_FILE;
  authority = cli_authority_load (issue->authority, issue->authority_passphrase_file);
  if (authority == NULL)
    return CLI_EXIT_FILE;

  if (issue->request != NULL)
    certificate = issue_request (issue, authority);
  else if (issue->renew != NULL)
    certificate = issue_renewed (issue, authority);
  else
    certificate = issue_new (issue, authority);
  drt_certificate_unref (authority);
  if (certificate == NULL)
    return CLI_EXIT_FILE;

  if (drt_certificate_has_private_key (certificate))
    parts |= DRT_CERTIFICATE_WITH_KEY;
  if (cli_cert_output_write (&issue->output, certificate, parts))
    {
      cli_cert_tell ("issued", "Issued the certificate of", certificate, issue->output.path, issue->json);
      result = CLI_EXIT_SUCCESS;
    }
  drt_certificate_unref (certificate);
  return result;
}

static int
cli_cert_issue_run (char **argv)
{
  g_auto (Issue) issue = { 0 };
  const GOptionEntry entries[] = {
    { "authority", 'A', 0, G_OPTION_ARG_FILENAME, &issue.authority, "The authority with its private key", "FILE" },
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &issue.authority_passphrase_file, "Its first line opens the authority", "FILE" },
    { "request", 'R', 0, G_OPTION_ARG_FILENAME, &issue.request, "Answer this request (PKCS#10); the private key stays where it is", "FILE" },
    { "renew", 0, 0, G_OPTION_ARG_FILENAME, &issue.renew, "Issue this certificate again: same name, same key", "FILE" },
    CLI_CERT_OUT_ENTRIES (&issue.output, "out-passphrase-file"),
    { "days", 'd', 0, G_OPTION_ARG_INT, &issue.days, "How long it is good; without it 365, of an authority 10 years", "N" },
    { "algorithm", 'a', 0, G_OPTION_ARG_STRING, &issue.algorithm, "ed25519, p256 or rsa1024; without it as the authority", "ALGORITHM" },
    { "sub-authority", 0, 0, G_OPTION_ARG_NONE, &issue.subordinate, "It may issue certificates itself", NULL },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &issue.json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);
  DrtKeyAlgorithm ignored;
  g_autofree char *problem = NULL;

  if (!cli_options_parse (&cli_cert_issue, entries,
                          "With NAME alone a key is made too; FILE then holds it and can be read by nobody else.\n"
                          "With --request or --renew NAME is whose certificate it must be.\n"
                          "--out-passphrase-file also opens the file of --renew.\n", &words))
    return CLI_EXIT_USAGE;
  if (words[1] != NULL && words[2] != NULL)
    return cli_usage_error ("give one NAME (in quotes if it has spaces)");
  if (issue.authority == NULL)
    return cli_usage_error ("name the authority that issues with --authority FILE");
  if (issue.request != NULL && issue.renew != NULL)
    return cli_usage_error ("--request and --renew exclude each other");
  if (words[1] == NULL && issue.request == NULL && issue.renew == NULL)
    return cli_usage_error ("give a NAME, or --request FILE, or --renew FILE");
  if ((issue.request != NULL || issue.renew != NULL) && (issue.algorithm != NULL || issue.subordinate))
    return cli_usage_error ("--algorithm and --sub-authority are for a new key: --request and --renew have theirs");
  if ((words[1] != NULL && !cli_cert_parse_name (words[1], &problem)) || !cli_cert_output_check (&issue.output, &problem)
      || !cli_cert_parse_algorithm (issue.algorithm, &ignored, &problem) || !cli_cert_parse_days (issue.days, &problem))
    return cli_usage_error ("%s", problem);

  issue.name = words[1];
  return run_issue (&issue);
}

const CliCommand cli_cert_issue = {
  "issue", "[NAME]", "Issue the certificate of a member", cli_cert_issue_run,
};
