/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-cert.h"

/* The way of a member whose key never leaves him: drt cert request, and when the
 * answer of the authority has come drt cert join. */

static void
tell_request (const char *name,
              const char *request_path,
              const char *key_path,
              gboolean    json)
{
  if (json)
    {
      JsonBuilder *builder = cli_json_begin ("request");

      cli_json_add_string (builder, "name", name);
      cli_json_add_string (builder, "file", request_path);
      cli_json_add_string (builder, "key_file", key_path);
      cli_json_end (builder);
      return;
    }
  cli_print ("Made a key and a request for “%s”\n", name);
  cli_print ("Send     %s  to the mesh authority\n", request_path);
  cli_print ("Keep     %s  to yourself: it is the private key\n", key_path);
}

/**
 * cli_cert_make_request:
 *
 * The key is written first: a request without its key would be answered in vain.
 *
 * Returns: an exit code, after telling what was made or why it was not
 */
int
cli_cert_make_request (const DrtCertificateRequest *request,
                       const char                  *key_path,
                       const char                  *request_path,
                       gboolean                     json)
{
  g_autoptr (GError) error = NULL;
  char *key = NULL;
  g_autofree char *pem = NULL;
  gboolean written;

  cli_secret_guard ();
  pem = drt_certificate_request_new (request, &key, &error);
  if (pem == NULL)
    {
      cli_cert_report (request->name, error);
      return CLI_EXIT_FILE;
    }
  written = cli_cert_write_secret (key_path, key) && cli_cert_write_public (request_path, pem);
  drt_secret_free (key);
  if (!written)
    return CLI_EXIT_FILE;
  tell_request (request->name, request_path, key_path, json);
  return CLI_EXIT_SUCCESS;
}

static int
cli_cert_request_run (char **argv)
{
  g_auto (CliCertOutput) output = { 0 };
  g_autofree char *key_path = NULL;
  g_autofree char *algorithm = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "key", 'k', 0, G_OPTION_ARG_FILENAME, &key_path, "The file to write the private key to", "FILE" },
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &output.path, "The file to write the request to", "FILE" },
    { "algorithm", 'a', 0, G_OPTION_ARG_STRING, &algorithm, "ed25519 (without it), p256, or rsa1024 for a mesh with Windows", "ALGORITHM" },
    CLI_CERT_FORCE_ENTRY (&output),
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);
  DrtCertificateRequest request = { .algorithm = DRT_KEY_ALGORITHM_ED25519 };
  g_autofree char *problem = NULL;

  if (!cli_options_parse (&cli_cert_request, entries,
                          "NAME is the member's, 1 to 64 characters. The key is written to a file nobody else can read\n"
                          "and stays there; the request has no secret in it. Its answer goes to “drt cert join”.\n", &words))
    return CLI_EXIT_USAGE;
  if (words[1] == NULL || words[2] != NULL)
    return cli_usage_error ("give one NAME (in quotes if it has spaces)");
  if (key_path == NULL)
    return cli_usage_error ("name the file for the private key with --key FILE");
  if (!cli_cert_parse_name (words[1], &problem) || !cli_cert_output_check (&output, &problem)
      || !cli_cert_parse_algorithm (algorithm, &request.algorithm, &problem))
    return cli_usage_error ("%s", problem);
  if (g_str_equal (key_path, output.path))
    return cli_usage_error ("--key and --out are two files");
  if (!cli_cert_output_is_free (&output, key_path) || !cli_cert_output_is_free (&output, output.path))
    return CLI_EXIT_FILE;

  request.name = words[1];
  return cli_cert_make_request (&request, key_path, output.path, json);
}

const CliCommand cli_cert_request = {
  "request", "NAME", "Make a key, and a request for its certificate", cli_cert_request_run,
};

static int
run_join (const char          *path,
          const char          *key_path,
          const CliCertOutput *output,
          gboolean             json)
{
  PCCERT_CONTEXT certificate, joined = NULL;
  g_autoptr (GError) error = NULL;
  int result = CLI_EXIT_FILE;
  char *key;

  if (!cli_cert_output_is_free (output, output->path))
    return CLI_EXIT_FILE;
  certificate = cli_certificate_load (path, NULL);
  if (certificate == NULL)
    return CLI_EXIT_FILE;
  key = cli_cert_read_text (key_path);
  if (key != NULL)
    {
      joined = drt_certificate_join (certificate, key, &error);
      drt_secret_free (key);
      if (joined == NULL)
        cli_cert_report (key_path, error);
    }
  drt_certificate_unref (certificate);
  if (joined == NULL)
    return CLI_EXIT_FILE;

  if (cli_cert_output_write (output, joined, DRT_CERTIFICATE_WITH_KEY | DRT_CERTIFICATE_WITH_CHAIN))
    {
      cli_cert_tell ("joined", "Joined key and certificate of", joined, output->path, json);
      result = CLI_EXIT_SUCCESS;
    }
  drt_certificate_unref (joined);
  return result;
}

static int
cli_cert_join_run (char **argv)
{
  g_auto (CliCertOutput) output = { 0 };
  g_autofree char *key_path = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "key", 'k', 0, G_OPTION_ARG_FILENAME, &key_path, "The private key, from “drt cert request”", "FILE" },
    CLI_CERT_OUT_ENTRIES (&output, "out-passphrase-file"),
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);
  g_autofree char *problem = NULL;

  if (!cli_options_parse (&cli_cert_join, entries,
                          "CERTIFICATE is the file the mesh authority answered the request with. What is written\n"
                          "has all a node needs for --cert, and can be read by nobody else.\n", &words))
    return CLI_EXIT_USAGE;
  if (words[1] == NULL || words[2] != NULL)
    return cli_usage_error ("give one CERTIFICATE file");
  if (key_path == NULL)
    return cli_usage_error ("name the file of the private key with --key FILE");
  if (!cli_cert_output_check (&output, &problem))
    return cli_usage_error ("%s", problem);
  return run_join (words[1], key_path, &output, json);
}

const CliCommand cli_cert_join = {
  "join", "CERTIFICATE", "Put an issued certificate and its key into one file", cli_cert_join_run,
};
