/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-cert.h"

#include "cli-output.h"

static void
print_optional (const char *name,
                const char *value)
{
  if (value != NULL)
    cli_print ("  %-12s %s\n", name, value);
}

static char *
basic_constraints_to_text (const DrtCertificateInfo *info)
{
  if (!info->is_authority)
    return g_strdup ("no: it may not sign certificates");
  if (info->path_length < 0)
    return g_strdup ("yes");
  return g_strdup_printf ("yes, with at most %d authorit%s between it and a member", info->path_length,
                          info->path_length == 1 ? "y" : "ies");
}

static void
print_certificate (const DrtCertificateInfo *info,
                   guint                     depth,
                   gboolean                  has_key)
{
  g_autofree char *from = cli_time_to_text (info->not_before);
  g_autofree char *to = cli_time_to_text (info->not_after);
  g_autofree char *fingerprint = drt_fingerprint_to_groups (info->fingerprint, FALSE);
  g_autofree char *authority = basic_constraints_to_text (info);
  const char *profile = cli_profile_to_text (info->profile);
  char key[DRT_KEY_HEX_LENGTH + 1];

  cli_print ("%s%u  %s\n", depth > 0 ? "\n" : "", depth, info->subject);
  print_optional ("Name", info->subject_full);
  print_optional ("Issuer", info->is_self_signed ? "itself" : info->issuer_full);
  print_optional ("Serial", info->serial);
  print_optional ("From", from);
  print_optional ("Until", to);
  print_optional ("Key", info->key_name);
  print_optional ("Signature", info->signature_name);
  print_optional ("Usage", info->key_usage != NULL ? info->key_usage : "not limited");
  print_optional ("Authority", authority);
  print_optional ("Fingerprint", fingerprint);
  print_optional ("Profile", profile != NULL ? profile : "none: no mesh works with this key");
  if (profile != NULL)
    {
      drt_key_format (&info->key, key);
      print_optional ("Derived key", key);
    }
  if (depth == 0)
    print_optional ("Private key", has_key ? "in this file" : "not in this file");
}

static void
show_certificate (const char    *path,
                  PCCERT_CONTEXT certificate,
                  guint          depth,
                  gboolean       has_key,
                  gboolean       json)
{
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (certificate);
  JsonBuilder *builder;

  if (!json)
    {
      print_certificate (info, depth, has_key);
      return;
    }
  builder = cli_json_begin ("certificate");
  cli_json_add_string (builder, "file", path);
  cli_json_add_int (builder, "depth", depth);
  cli_json_add_certificate (builder, info);
  if (depth == 0)
    cli_json_add_bool (builder, "has_private_key", has_key);
  cli_json_end (builder);
}

static int
cli_cert_show_run (char **argv)
{
  g_autofree char *passphrase_file = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &passphrase_file, "Its first line opens FILE", "FILE" },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);
  g_autoptr (GPtrArray) chain = NULL;
  PCCERT_CONTEXT certificate;
  gboolean has_key;

  if (!cli_options_parse (&cli_cert_show, entries,
                          "FILE is PEM, PKCS#12, PKCS#7 or DER. All certificates of its chain are shown, the member's\n"
                          "first; nothing is said about whether they are good: see “drt cert check”.\n", &words))
    return CLI_EXIT_USAGE;
  if (words[1] == NULL || words[2] != NULL)
    return cli_usage_error ("give one FILE");

  certificate = cli_certificate_load (words[1], passphrase_file);
  if (certificate == NULL)
    return CLI_EXIT_FILE;
  has_key = drt_certificate_has_private_key (certificate);
  chain = drt_certificate_get_chain (certificate);
  for (guint i = 0; i < chain->len; i++)
    show_certificate (words[1], chain->pdata[i], i, has_key, json);
  drt_certificate_unref (certificate);
  return CLI_EXIT_SUCCESS;
}

const CliCommand cli_cert_show = {
  "show", "FILE", "Show what a certificate says", cli_cert_show_run,
};
