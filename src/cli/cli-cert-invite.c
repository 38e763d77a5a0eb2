/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-cert.h"

#include <unistd.h>

#include "cli-output.h"
#include "cli-qr.h"
#include "cli-settings.h"

#define SECONDS_PER_DAY ((gint64) 24 * 60 * 60)

static void
tell_link (const DrtInvitation *invitation,
           const char          *link,
           gboolean             qr,
           gboolean             json)
{
  g_autofree char *groups = NULL;
  g_autofree char *drawing = NULL;
  g_autoptr (GError) error = NULL;

  if (json)
    {
      JsonBuilder *builder = cli_json_begin ("invitation");

      cli_json_add_string (builder, "link", link);
      cli_json_add_invitation (builder, invitation);
      cli_json_end (builder);
      return;
    }
  groups = drt_fingerprint_to_groups (invitation->fingerprint, TRUE);
  cli_print ("%s\n", link);
  if (qr && (drawing = cli_qr_to_text (link, isatty (STDOUT_FILENO), &error)) == NULL)
    cli_warn ("%s", error->message);
  else if (qr)
    cli_print ("\n%s", drawing);
  cli_print ("\nFingerprint of the root, to be told by another way than the link:\n%s\n", groups);
  cli_print ("There is no secret in the link. Who takes it sends a request: “drt cert issue --request FILE” answers it.\n");
}

static int
run_invite (const char               *root_path,
            const char               *name,
            const CliSettingsOptions *options,
            const CliSettings        *settings,
            int                       days,
            gboolean                  qr,
            gboolean                  json)
{
  PCCERT_CONTEXT root = cli_root_load (root_path);
  g_autoptr (DrtCertificateInfo) info = NULL;
  g_autoptr (DrtInvitation) invitation = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *link = NULL;
  gint64 expires = days > 0 ? g_get_real_time () / G_USEC_PER_SEC + days * SECONDS_PER_DAY : 0;

  if (root == NULL)
    return CLI_EXIT_FILE;
  info = drt_certificate_get_info (root);
  invitation = drt_invitation_new (name != NULL ? name : info->subject, root, settings->mode, settings->protocol_major,
                                   settings->protocol_minor, (const char *const *) options->bootstrap, expires, &error);
  drt_certificate_unref (root);
  if (invitation != NULL)
    link = drt_invitation_to_link (invitation, &error);
  if (link == NULL)
    {
      cli_warn ("%s", error->message);
      return error->domain == DRT_INVITATION_ERROR ? CLI_EXIT_USAGE : CLI_EXIT_FILE;
    }
  tell_link (invitation, link, qr, json);
  return CLI_EXIT_SUCCESS;
}

static int
cli_cert_invite_run (char **argv)
{
  g_auto (CliSettingsOptions) options = { 0 };
  g_auto (CliSettings) settings = { 0 };
  g_autofree char *root = NULL, *name = NULL;
  int days = 0;
  gboolean qr = FALSE, json = FALSE;
  const GOptionEntry entries[] = {
    { "root", 'r', 0, G_OPTION_ARG_FILENAME, &root, "The root certificate of the mesh", "FILE" },
    { "name", 'n', 0, G_OPTION_ARG_STRING, &name, "The name of the mesh; without it that of the root", "NAME" },
    CLI_BOOTSTRAP_ENTRY (&options),
    { "mode", 0, 0, G_OPTION_ARG_STRING, &options.mode, "Security mode: membership (without it), confidential or resolve", "MODE" },
    { "protocol", 0, 0, G_OPTION_ARG_STRING, &options.version, "Version in every message; without it 6.101", "MAJOR.MINOR" },
    { "days", 'd', 0, G_OPTION_ARG_INT, &days, "How long it can be taken; without it as long as the mesh lives", "N" },
    { "qr", 'q', 0, G_OPTION_ARG_NONE, &qr, "Draw the link as a QR code", NULL },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);
  g_autofree char *problem = NULL;

  if (!cli_options_parse (&cli_cert_invite, entries,
                          "The link holds the root certificate, how the mesh is run and up to 8 nodes to join through, and\n"
                          "no secret. “drt cert accept LINK” and Roundtable take it.\n", &words))
    return CLI_EXIT_USAGE;
  if (words[1] != NULL)
    return cli_usage_error ("“%.80s” is one word too many", words[1]);
  if (root == NULL)
    return cli_usage_error ("name the root certificate of the mesh with --root FILE");

  cli_settings_init (&settings);
  settings.mode = DRT_SECURE_MEMBERSHIP;
  if (!cli_parse_mode (options.mode, &settings.mode, &problem) || !cli_cert_parse_days (days, &problem)
      || !cli_parse_version (options.version, &settings.protocol_major, &settings.protocol_minor, &problem))
    return cli_usage_error ("%s", problem);
  return run_invite (root, name, &options, &settings, days, qr, json);
}

const CliCommand cli_cert_invite = {
  "invite", NULL, "Make a link that invites to a mesh", cli_cert_invite_run,
};
