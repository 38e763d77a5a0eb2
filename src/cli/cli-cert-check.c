/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-cert.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "cli-output.h"

static void
tell_chain (const char           *path,
            const DrtChainReport *report,
            gboolean              has_root,
            gboolean              json)
{
  g_autofree char *text = NULL;

  if (json)
    {
      JsonBuilder *builder = cli_json_begin ("chain");

      cli_json_add_string (builder, "file", path);
      cli_json_add_bool (builder, "root_given", has_root);
      cli_json_add_chain (builder, report);
      cli_json_end (builder);
      return;
    }
  text = cli_chain_to_text (report, "");
  cli_print ("%s", text);
  if (report->hr == S_OK)
    cli_print (has_root ? "Good\n" : "Good, for whoever trusts the last one: no --root was given\n");
  else
    cli_print ("Not good: %s (0x%08X)\n  %s\n", cli_code_to_name (report->hr), (guint32) report->hr,
               drt_hresult_to_sentence (report->hr));
}

static gboolean
parse_profile (const char *text,
               DrtProfile *profile,
               char      **problem)
{
  if (text == NULL)
    return TRUE;
  if (g_str_equal (text, "1.0"))
    *profile = DRT_PROFILE_1_0;
  else if (g_str_equal (text, "2.0"))
    *profile = DRT_PROFILE_2_0;
  else
    *problem = g_strdup_printf ("the profile is 1.0 or 2.0, not “%.40s”", text);
  return *problem == NULL;
}

/* ISO 8601, or seconds since 1970; without a zone it is UTC. */
static gboolean
parse_time (const char *text,
            gint64     *time,
            char      **problem)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) date = NULL;
  g_autofree char *midnight = NULL;

  if (text == NULL || g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, time, NULL))
    return TRUE;
  midnight = g_strconcat (text, "T00:00:00", NULL);
  date = g_date_time_new_from_iso8601 (text, utc);
  if (date == NULL)
    date = g_date_time_new_from_iso8601 (midnight, utc);
  if (date == NULL)
    {
      *problem = g_strdup_printf ("“%.40s” is no time: write 2026-11-21, 2026-11-21T12:00:00Z, or seconds since 1970", text);
      return FALSE;
    }
  *time = g_date_time_to_unix (date);
  return TRUE;
}

/* A file that is not there says nothing about certificates.  The passphrase is
 * asked for only where there is somebody to ask. */
static DrtChainReport *
check_file (const char          *path,
            const char          *passphrase_file,
            const DrtChainQuery *query)
{
  char *passphrase = NULL;
  DrtChainReport *report;

  if (g_access (path, R_OK) != 0)
    {
      cli_warn ("“%s” cannot be read: %s", path, g_strerror (errno));
      return NULL;
    }
  if (passphrase_file != NULL && (passphrase = cli_passphrase_read (passphrase_file)) == NULL)
    return NULL;
  if (passphrase == NULL && cli_terminal_exists ())
    {
      g_autoptr (GError) error = NULL;
      PCCERT_CONTEXT certificate = drt_certificate_load (path, NULL, &error);

      if (certificate != NULL)
        drt_certificate_unref (certificate);
      else if (g_error_matches (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED))
        passphrase = cli_passphrase_ask ("Passphrase");
    }
  report = drt_chain_check_file (path, passphrase, query);
  g_clear_pointer (&passphrase, drt_secret_free);
  return report;
}

static int
cli_cert_check_run (char **argv)
{
  g_autofree char *root = NULL, *crl = NULL, *profile = NULL, *key_text = NULL, *time = NULL, *passphrase_file = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "root", 'r', 0, G_OPTION_ARG_FILENAME, &root, "The root certificate of the mesh; without it any root is taken", "FILE" },
    { "crl", 0, 0, G_OPTION_ARG_FILENAME, &crl, "A revoke list", "FILE" },
    { "profile", 0, 0, G_OPTION_ARG_STRING, &profile, "The security profile, 1.0 or 2.0; without it the root's", "PROFILE" },
    { "key", 'k', 0, G_OPTION_ARG_STRING, &key_text, "A key that must derive from the certificate", "KEY" },
    { "time", 't', 0, G_OPTION_ARG_STRING, &time, "Check as of this time (ISO 8601, UTC), not now", "TIME" },
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &passphrase_file, "Its first line opens FILE", "FILE" },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);
  g_autoptr (DrtChainReport) report = NULL;
  g_autoptr (DrtRevokeList) revoked = NULL;
  g_autofree char *problem = NULL;
  DrtChainQuery query = { 0 };
  PCCERT_CONTEXT root_certificate = NULL;
  DrtKey key;

  if (!cli_options_parse (&cli_cert_check, entries,
                          "FILE is PEM, PKCS#12, PKCS#7 or DER. Every certificate of its chain is shown with every reason\n"
                          "against it: what it means, what to do, and its id beside OpenSSL's name. The exit code is 0\n"
                          "only for a good chain; a warning alone is good.\n", &words))
    return CLI_EXIT_USAGE;
  if (words[1] == NULL || words[2] != NULL)
    return cli_usage_error ("give one FILE");
  if (!parse_profile (profile, &query.profile, &problem) || !parse_time (time, &query.time, &problem)
      || (key_text != NULL && !cli_parse_key (key_text, &key, &problem)))
    return cli_usage_error ("%s", problem);

  cli_secret_guard ();
  if (crl != NULL && (revoked = cli_revoke_list_load (crl)) == NULL)
    return CLI_EXIT_FILE;
  if (root != NULL && (root_certificate = cli_certificate_load_public (root)) == NULL)
    return CLI_EXIT_FILE;
  query.root = root_certificate;
  query.revoked = revoked;
  query.key = key_text != NULL ? &key : NULL;

  report = check_file (words[1], passphrase_file, &query);
  if (root_certificate != NULL)
    drt_certificate_unref (root_certificate);
  if (report == NULL)
    return CLI_EXIT_FILE;
  tell_chain (words[1], report, root != NULL, json);
  return report->hr == S_OK ? CLI_EXIT_SUCCESS : CLI_EXIT_NOT_GOOD;
}

const CliCommand cli_cert_check = {
  "check", "FILE", "Check the whole chain of a certificate", cli_cert_check_run,
};
