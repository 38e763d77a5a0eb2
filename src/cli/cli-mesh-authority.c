/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-mesh-authority.h"

#include "cli-cert.h"
#include "cli-options.h"
#include "cli-output.h"
#include "cli-secret.h"

static int
load_given (CliCredentials              *credentials,
            const CliCredentialsOptions *options,
            PCCERT_CONTEXT              *authority)
{
  g_autoptr (DrtCertificateInfo) info = NULL;

  *authority = cli_authority_load (options->cert, options->passphrase_file);
  if (*authority == NULL)
    return CLI_EXIT_FILE;
  info = drt_certificate_get_info (*authority);
  if (options->root == NULL && !info->is_self_signed)
    return cli_usage_error ("“%s” is an authority beneath a root: give that with --root FILE", options->cert);
  credentials->revoked_path = g_strdup (options->crl);
  credentials->root = cli_root_load (options->root != NULL ? options->root : options->cert);
  if (credentials->root == NULL || (options->crl != NULL && (credentials->revoked = cli_revoke_list_load (options->crl)) == NULL))
    return CLI_EXIT_FILE;
  return cli_credentials_check (credentials, *authority, options->cert);
}

static int
make_one (CliCredentials *credentials,
          PCCERT_CONTEXT *authority)
{
  const DrtCertificateRequest request = { .name = "drt mesh", .days = 365, .algorithm = DRT_KEY_ALGORITHM_ED25519, .authority = TRUE };
  g_autoptr (GError) error = NULL;

  cli_secret_guard ();
  *authority = drt_certificate_new_authority (&request, &error);
  if (*authority == NULL)
    {
      cli_warn ("no authority could be made for the mesh: %s", error->message);
      return CLI_EXIT_NOT_OPEN;
    }
  /* Nodes need no more of it than the certificate, but it never leaves the process. */
  credentials->root = drt_certificate_ref (*authority);
  return CLI_EXIT_SUCCESS;
}

/**
 * cli_mesh_authority_load:
 * @credentials: (out): root and revoke list
 * @authority: (out): with its private key; %NULL with the null provider
 *
 * Returns: %CLI_EXIT_SUCCESS, or an exit code after telling why not
 */
int
cli_mesh_authority_load (CliCredentials              *credentials,
                         const CliCredentialsOptions *options,
                         DRT_SECURITY_MODE            mode,
                         PCCERT_CONTEXT              *authority)
{
  int result = cli_credentials_choose (options, mode, &credentials->derived);

  *authority = NULL;
  if (result != CLI_EXIT_SUCCESS || !credentials->derived)
    return result;
  if (options->cert != NULL)
    return load_given (credentials, options, authority);
  if (options->root != NULL || options->crl != NULL)
    return cli_usage_error ("the certificates of the nodes have to be issued: give the authority with its private key with --cert FILE");
  return make_one (credentials, authority);
}

PCCERT_CONTEXT
cli_mesh_authority_issue (PCCERT_CONTEXT authority,
                          const char    *name)
{
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (authority);
  const DrtCertificateRequest request = { .name = name, .algorithm = info->algorithm };
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT certificate = drt_certificate_issue (authority, &request, &error);

  if (certificate == NULL)
    cli_warn ("no certificate could be issued for “%s”: %s", name, error->message);
  return certificate;
}

/* Somebody's private key is never replaced by that of a mesh for a while. */
static gboolean
is_free (const char *path)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
    return TRUE;
  cli_warn ("“%s” is there already: choose another directory for --credentials", path);
  return FALSE;
}

static void
tell_how_to_join (DRT_SECURITY_MODE mode,
                  const char       *root_path,
                  const char       *cert_path)
{
  g_autofree char *root = g_shell_quote (root_path);
  g_autofree char *cert = g_shell_quote (cert_path);

  cli_print ("To join: --mode %s --root %s --cert %s\n", cli_mode_to_name (mode), root, cert);
}

/**
 * cli_mesh_authority_write:
 *
 * What somebody else needs to join: root.pem, and member.pem with its private key.
 *
 * Returns: %CLI_EXIT_SUCCESS, or an exit code after telling why not
 */
int
cli_mesh_authority_write (PCCERT_CONTEXT    authority,
                          PCCERT_CONTEXT    root,
                          DRT_SECURITY_MODE mode,
                          const char       *directory,
                          gboolean          json)
{
  g_autofree char *root_path = g_build_filename (directory, "root.pem", NULL);
  CliCertOutput member = { .path = g_build_filename (directory, "member.pem", NULL) };
  PCCERT_CONTEXT certificate = NULL;
  char *pem = drt_certificate_to_pem (root, DRT_CERTIFICATE_ALONE, NULL, NULL);
  gboolean written = is_free (root_path) && is_free (member.path)
                     && (certificate = cli_mesh_authority_issue (authority, "member")) != NULL
                     && cli_cert_make_directory (directory)
                     && cli_cert_write_secret (root_path, pem)
                     && cli_cert_output_write (&member, certificate, DRT_CERTIFICATE_WITH_KEY | DRT_CERTIFICATE_WITH_CHAIN);

  if (written && json)
    {
      JsonBuilder *builder = cli_json_begin ("credentials");

      cli_json_add_string (builder, "root_file", root_path);
      cli_json_add_string (builder, "cert_file", member.path);
      cli_json_end (builder);
    }
  else if (written)
    tell_how_to_join (mode, root_path, member.path);
  if (certificate != NULL)
    drt_certificate_unref (certificate);
  drt_secret_free (pem);
  cli_cert_output_clear (&member);
  return written ? CLI_EXIT_SUCCESS : CLI_EXIT_FILE;
}
