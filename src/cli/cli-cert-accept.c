/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-cert.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli-output.h"
#include "cli-settings.h"

/* What is to be done with an invitation. */
typedef struct
{
  CliCertOutput output;       /* only whether files may be replaced */
  char *directory;
  char *name;                 /* NULL: no request */
  char *fingerprint;          /* NULL: ask */
  gboolean json;
} Accept;

static void
accept_clear (Accept *accept)
{
  g_free (accept->directory);
  g_free (accept->name);
  g_free (accept->fingerprint);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Accept, accept_clear)

static void
show_invitation (const DrtInvitation *invitation)
{
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (invitation->root);
  g_autofree char *groups = drt_fingerprint_to_groups (invitation->fingerprint, FALSE);
  g_autofree char *nodes = g_strjoinv (" ", invitation->bootstrap);
  g_autofree char *until = cli_date_to_text (info->not_after);

  cli_print ("Invitation   to the mesh “%s”\n", invitation->name);
  cli_print ("Mode         %s, security profile %s, protocol %u.%u\n", cli_mode_to_name (invitation->mode),
             cli_profile_to_text (invitation->profile), invitation->protocol_major, invitation->protocol_minor);
  cli_print ("Join through %s\n", *nodes != '\0' ? nodes : "whom you know: it names no node");
  if (invitation->expires != 0)
    {
      g_autofree char *expires = cli_time_to_text (invitation->expires);

      cli_print ("Good until   %s\n", expires);
    }
  cli_print ("Root         “%s”, %s, good until %s\n", info->subject, info->key_name, until);
  cli_print ("Fingerprint  %s\n", groups);
}

/* However it is written: with colons, spaces, in small letters. */
static gboolean
same_fingerprint (const char *a,
                  const char *b)
{
  g_autofree char *one = drt_fingerprint_to_groups (a, FALSE);
  g_autofree char *other = drt_fingerprint_to_groups (b, FALSE);

  return g_str_equal (one, other);
}

/* Anybody can write a link: only the fingerprint, told by another way, says whose root it is. */
static int
compare_fingerprint (const Accept        *accept,
                     const DrtInvitation *invitation)
{
  char answer[16];

  if (accept->fingerprint != NULL)
    {
      if (same_fingerprint (accept->fingerprint, invitation->fingerprint))
        return CLI_EXIT_SUCCESS;
      cli_warn ("the fingerprint is another one: this invitation is not from whom you think, or was changed on its way");
      return CLI_EXIT_NOT_GOOD;
    }
  if (accept->json || !isatty (STDIN_FILENO))
    return cli_usage_error ("ask who invited you for the fingerprint of the root, by another way than the link came, "
                            "and give it with --fingerprint");
  cli_print ("\nAsk who invited you to read the fingerprint to you, by another way than the link came.\nIs it the same? (yes or no) ");
  if (fgets (answer, sizeof answer, stdin) != NULL && g_ascii_strcasecmp (g_strchomp (answer), "yes") == 0)
    return CLI_EXIT_SUCCESS;
  cli_warn ("nothing was written");
  return CLI_EXIT_NOT_GOOD;
}

/* Of a root that has expired nobody can become a member. */
static gboolean
check_invitation (const DrtInvitation *invitation)
{
  DrtChainQuery query = { .root = invitation->root };
  g_autoptr (DrtChainReport) report = NULL;
  g_autofree char *text = NULL;

  if (drt_invitation_has_expired (invitation, 0))
    {
      g_autofree char *expires = cli_time_to_text (invitation->expires);

      cli_warn ("the invitation was good until %s: ask for a new one", expires);
      return FALSE;
    }
  report = drt_chain_check (invitation->root, &query);
  if (report->hr == S_OK)
    return TRUE;
  text = cli_chain_to_text (report, "  ");
  cli_warn ("the root of the mesh is not good: %s\n%s", cli_code_to_name (report->hr), g_strchomp (text));
  return FALSE;
}

/* With what a node joins, once the certificate is there. */
static char *
node_command (const DrtInvitation *invitation,
              const char          *root_path,
              const char          *member_path)
{
  g_autofree char *root = g_shell_quote (root_path);
  g_autofree char *member = g_shell_quote (member_path);
  GString *command = g_string_new ("drt node");

  g_string_append_printf (command, " --mode %s --root %s --cert %s", cli_mode_to_name (invitation->mode), root, member);
  if (!cli_settings_is_usual_protocol (invitation->protocol_major, invitation->protocol_minor))
    g_string_append_printf (command, " --protocol %u.%u", invitation->protocol_major, invitation->protocol_minor);
  for (guint i = 0; invitation->bootstrap[i] != NULL; i++)
    {
      g_autofree char *node = g_shell_quote (invitation->bootstrap[i]);

      g_string_append_printf (command, " --bootstrap %s", node);
    }
  return g_string_free_and_steal (command);
}

static void
tell_accepted (const Accept        *accept,
               const DrtInvitation *invitation,
               const char          *root_path,
               const char          *key_path,
               const char          *request_path)
{
  g_autofree char *member_path = g_build_filename (accept->directory, "member.pem", NULL);
  g_autofree char *command = node_command (invitation, root_path, member_path);

  if (accept->json)
    {
      JsonBuilder *builder = cli_json_begin ("accepted");

      cli_json_add_string (builder, "root_file", root_path);
      cli_json_add_string (builder, "key_file", accept->name != NULL ? key_path : NULL);
      cli_json_add_string (builder, "request_file", accept->name != NULL ? request_path : NULL);
      cli_json_add_string (builder, "node_command", command);
      cli_json_add_invitation (builder, invitation);
      cli_json_end (builder);
      return;
    }
  cli_print ("Wrote    %s, the root of the mesh\n", root_path);
  if (accept->name != NULL)
    {
      g_autofree char *key = g_shell_quote (key_path);
      g_autofree char *member = g_shell_quote (member_path);

      cli_print ("\nWhen the authority has sent your certificate:\n  drt cert join CERTIFICATE --key %s --out %s\n  %s\n", key, member, command);
    }
  else
    cli_print ("\nWith a certificate of this mesh as %s:\n  %s\n", member_path, command);
}

static int
take (const Accept        *accept,
      const DrtInvitation *invitation)
{
  g_autofree char *root_path = g_build_filename (accept->directory, "root.pem", NULL);
  g_autofree char *key_path = g_build_filename (accept->directory, "key.pem", NULL);
  g_autofree char *request_path = g_build_filename (accept->directory, "request.pem", NULL);
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (invitation->root);
  DrtCertificateRequest request = { .name = accept->name, .algorithm = info->algorithm };
  char *pem = drt_certificate_to_pem (invitation->root, DRT_CERTIFICATE_ALONE, NULL, NULL);
  gboolean written;
  int result;

  written = cli_cert_output_is_free (&accept->output, root_path)
            && (accept->name == NULL
                || (cli_cert_output_is_free (&accept->output, key_path) && cli_cert_output_is_free (&accept->output, request_path)))
            && cli_cert_make_directory (accept->directory)
            && cli_cert_write_public (root_path, pem);
  drt_secret_free (pem);
  result = written ? CLI_EXIT_SUCCESS : CLI_EXIT_FILE;
  if (written && accept->name != NULL)
    result = cli_cert_make_request (&request, key_path, request_path, accept->json);
  if (result == CLI_EXIT_SUCCESS)
    tell_accepted (accept, invitation, root_path, key_path, request_path);
  return result;
}

static int
run_accept (const Accept *accept,
            const char   *link)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DrtInvitation) invitation = drt_invitation_parse (link, &error);
  int result;

  if (invitation == NULL)
    return cli_usage_error ("%s", error->message);
  if (!accept->json)
    show_invitation (invitation);
  if (!check_invitation (invitation))
    return CLI_EXIT_NOT_GOOD;
  result = compare_fingerprint (accept, invitation);
  return result == CLI_EXIT_SUCCESS ? take (accept, invitation) : result;
}

static int
cli_cert_accept_run (char **argv)
{
  g_auto (Accept) accept = { 0 };
  const GOptionEntry entries[] = {
    { "dir", 'D', 0, G_OPTION_ARG_FILENAME, &accept.directory, "Where root.pem goes, and key.pem and request.pem; made if it is not there", "DIR" },
    { "name", 'n', 0, G_OPTION_ARG_STRING, &accept.name, "Your name: make a key, and a request for the mesh authority", "NAME" },
    { "fingerprint", 0, 0, G_OPTION_ARG_STRING, &accept.fingerprint, "The root's, as it was told to you; without it you are asked to compare", "TEXT" },
    CLI_CERT_FORCE_ENTRY (&accept.output),
    { "json", 'j', 0, G_OPTION_ARG_NONE, &accept.json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);
  g_autofree char *problem = NULL;

  if (!cli_options_parse (&cli_cert_accept, entries,
                          "Shows what the invitation says. Anybody can write a link, so the fingerprint of its root has to be\n"
                          "compared by another way before anything is written. With --name the private key is made here,\n"
                          "in a file nobody else can read; request.pem goes back to who invited.\n", &words))
    return CLI_EXIT_USAGE;
  if (words[1] == NULL || words[2] != NULL)
    return cli_usage_error ("give one LINK (in quotes)");
  if (accept.directory == NULL)
    return cli_usage_error ("name the directory for the files with --dir DIR");
  if (accept.name != NULL && !cli_cert_parse_name (accept.name, &problem))
    return cli_usage_error ("%s", problem);
  return run_accept (&accept, words[1]);
}

const CliCommand cli_cert_accept = {
  "accept", "LINK", "Take an invitation to a mesh", cli_cert_accept_run,
};
