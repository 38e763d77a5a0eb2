/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-cert.h"

static int
make_authority (const CliCertOutput         *output,
                const char                  *root_path,
                const DrtCertificateRequest *request,
                gboolean                     json)
{
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT authority;
  char *pem = NULL;
  int result = CLI_EXIT_FILE;

  if (!cli_cert_output_is_free (output, output->path) || (root_path != NULL && !cli_cert_output_is_free (output, root_path)))
    return CLI_EXIT_FILE;
  authority = drt_certificate_new_authority (request, &error);
  if (authority == NULL)
    {
      cli_cert_report (request->name, error);
      return CLI_EXIT_FILE;
    }
  if (root_path != NULL)
    pem = drt_certificate_to_pem (authority, DRT_CERTIFICATE_ALONE, NULL, NULL);
  if (cli_cert_output_write (output, authority, DRT_CERTIFICATE_WITH_KEY)
      && (root_path == NULL || cli_cert_write_public (root_path, pem)))
    {
      cli_cert_tell ("authority", "Made the mesh authority", authority, output->path, json);
      if (!json)
        cli_print ("%s holds the private key: whoever has it can admit members. Keep it, and keep a copy elsewhere.\n", output->path);
      result = CLI_EXIT_SUCCESS;
    }
  g_clear_pointer (&pem, drt_secret_free);
  drt_certificate_unref (authority);
  return result;
}

static int
cli_cert_authority_run (char **argv)
{
  g_auto (CliCertOutput) output = { 0 };
  g_autofree char *algorithm = NULL;
  g_autofree char *root_path = NULL;
  int days = 0;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    CLI_CERT_OUT_ENTRIES (&output, "passphrase-file"),
    { "root", 'r', 0, G_OPTION_ARG_FILENAME, &root_path, "Write the certificate without its key here: what every node needs", "FILE" },
    { "days", 'd', 0, G_OPTION_ARG_INT, &days, "How long it is good; without it 10 years", "N" },
    { "algorithm", 'a', 0, G_OPTION_ARG_STRING, &algorithm, "ed25519 (without it), p256, or rsa1024 for a mesh with Windows", "ALGORITHM" },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);
  DrtCertificateRequest request = { .algorithm = DRT_KEY_ALGORITHM_ED25519, .authority = TRUE };
  g_autofree char *problem = NULL;

  if (!cli_options_parse (&cli_cert_authority, entries,
                          "NAME is that of the mesh, 1 to 64 characters. FILE gets the certificate and its private\n"
                          "key and can be read by nobody else. rsa1024 (security profile 1.0) is weak.\n", &words))
    return CLI_EXIT_USAGE;
  if (words[1] == NULL || words[2] != NULL)
    return cli_usage_error ("give one NAME (in quotes if it has spaces)");
  if (!cli_cert_parse_name (words[1], &problem) || !cli_cert_output_check (&output, &problem)
      || !cli_cert_parse_algorithm (algorithm, &request.algorithm, &problem) || !cli_cert_parse_days (days, &problem))
    return cli_usage_error ("%s", problem);
  if (root_path != NULL && g_str_equal (root_path, output.path))
    return cli_usage_error ("--root and --out are two files");

  cli_secret_guard ();
  request.name = words[1];
  request.days = days;
  return make_authority (&output, root_path, &request, json);
}

const CliCommand cli_cert_authority = {
  "authority", "NAME", "Make a mesh authority: the root certificate of a mesh", cli_cert_authority_run,
};
