/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-credentials.h"

#include "cli-chain.h"
#include "cli-options.h"
#include "cli-output.h"
#include "cli-secret.h"

/**
 * cli_credentials_choose:
 * @derived: (out): whether the provider is that of derived keys
 *
 * Nothing is ever less secure than it was asked for: without a word on the
 * provider a mode that needs proofs has the one that gives them.
 *
 * Returns: %CLI_EXIT_SUCCESS, or an exit code after telling what is wrong
 */
int
cli_credentials_choose (const CliCredentialsOptions *options,
                        DRT_SECURITY_MODE            mode,
                        gboolean                    *derived)
{
  gboolean has_files = options->root != NULL || options->cert != NULL || options->crl != NULL;

  if (options->provider == NULL)
    *derived = has_files || mode != DRT_SECURE_RESOLVE;
  else if (g_str_equal (options->provider, "derived") || g_str_equal (options->provider, "null"))
    *derived = options->provider[0] == 'd';
  else
    return cli_usage_error ("the provider is derived or null, not “%.40s”", options->provider);
  if (!*derived && has_files)
    return cli_usage_error ("the null provider knows no certificates: leave out --provider null, or --root, --cert and --crl");
  return CLI_EXIT_SUCCESS;
}

static int
check_complete (const CliCredentialsOptions *options,
                DRT_SECURITY_MODE            mode)
{
  if (options->root == NULL)
    return cli_usage_error ("%s needs the root certificate of the mesh: --root FILE (or --provider null, which proves nothing and is for laboratories)",
                            mode != DRT_SECURE_RESOLVE ? "this mode" : "the derived key provider");
  if (options->cert == NULL && mode != DRT_SECURE_RESOLVE)
    return cli_usage_error ("in the mode %s every node proves that it is a member: give its certificate with --cert FILE (DRT_E_CAPABILITY_MISMATCH)",
                            cli_mode_to_name (mode));
  return CLI_EXIT_SUCCESS;
}

/**
 * cli_credentials_check:
 * @credentials: the root and the revoke list
 * @certificate: with which a node wants to prove itself
 * @path: where it comes from
 *
 * Returns: %CLI_EXIT_SUCCESS, after a word on what expires soon; or an exit code
 *   after telling every reason against it
 */
int
cli_credentials_check (const CliCredentials *credentials,
                       PCCERT_CONTEXT        certificate,
                       const char           *path)
{
  DrtChainQuery query = { .root = credentials->root, .revoked = credentials->revoked };
  g_autoptr (DrtChainReport) report = drt_chain_check (certificate, &query);
  g_autofree char *text = g_strchomp (cli_chain_to_text (report, "  "));

  if (report->hr != S_OK)
    {
      g_autofree char *what = g_strdup_printf ("the certificate in “%s” is not good", path);

      cli_report_code (what, report->hr, NULL);
      cli_explain ("%s", text);
      return CLI_EXIT_NOT_OPEN;
    }
  if (report->verdicts->len > 0)
    {
      cli_warn ("of the certificate in “%s”:", path);
      cli_explain ("%s", text);
    }
  if (drt_certificate_has_private_key (certificate))
    return CLI_EXIT_SUCCESS;
  cli_warn ("“%s” has no private key in it: “drt cert join” puts both into one file", path);
  return CLI_EXIT_FILE;
}

/**
 * cli_credentials_check_own:
 *
 * Says so where a node's own certificate is not good any more: the others refuse it.
 */
void
cli_credentials_check_own (const CliCredentials *credentials)
{
  DrtChainQuery query = { .root = credentials->root, .revoked = credentials->revoked };
  g_autoptr (DrtChainReport) report = NULL;
  g_autofree char *text = NULL;

  if (credentials->local == NULL)
    return;
  report = drt_chain_check (credentials->local, &query);
  if (report->hr == S_OK)
    return;
  text = g_strchomp (cli_chain_to_text (report, "  "));
  cli_report_code ("the certificate of this node is not good any more, nobody accepts it", report->hr, NULL);
  cli_explain ("%s", text);
}

/**
 * cli_credentials_load:
 * @credentials: (out): cleared with cli_credentials_clear() in any case
 *
 * Reads what the options name, asking for passphrases where that is possible.
 *
 * Returns: %CLI_EXIT_SUCCESS, or an exit code after telling why not
 */
int
cli_credentials_load (CliCredentials              *credentials,
                      const CliCredentialsOptions *options,
                      DRT_SECURITY_MODE            mode)
{
  int result = cli_credentials_choose (options, mode, &credentials->derived);

  if (result != CLI_EXIT_SUCCESS || !credentials->derived)
    return result;
  result = check_complete (options, mode);
  if (result != CLI_EXIT_SUCCESS)
    return result;

  credentials->revoked_path = g_strdup (options->crl);
  if ((credentials->root = cli_root_load (options->root)) == NULL
      || (options->crl != NULL && (credentials->revoked = cli_revoke_list_load (options->crl)) == NULL)
      || (options->cert != NULL && (credentials->local = cli_certificate_load (options->cert, options->passphrase_file)) == NULL))
    return CLI_EXIT_FILE;
  return credentials->local != NULL ? cli_credentials_check (credentials, credentials->local, options->cert) : CLI_EXIT_SUCCESS;
}

void
cli_credentials_clear (CliCredentials *credentials)
{
  if (credentials->root != NULL)
    drt_certificate_unref (credentials->root);
  if (credentials->local != NULL)
    drt_certificate_unref (credentials->local);
  g_clear_pointer (&credentials->revoked, drt_revoke_list_unref);
  g_free (credentials->revoked_path);
  *credentials = (CliCredentials) { 0 };
}

void
cli_credentials_options_clear (CliCredentialsOptions *options)
{
  g_clear_pointer (&options->provider, g_free);
  g_clear_pointer (&options->root, g_free);
  g_clear_pointer (&options->cert, g_free);
  g_clear_pointer (&options->crl, g_free);
  g_clear_pointer (&options->passphrase_file, g_free);
}
