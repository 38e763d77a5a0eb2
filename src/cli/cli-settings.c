/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-settings.h"

#include <gio/gio.h>
#include <net/if.h>
#include <string.h>

/* What the nodes of a mesh must have in common unless told otherwise: the
 * version of the Windows SDK's sample program. */
#define PROTOCOL_MAJOR 0x06
#define PROTOCOL_MINOR 0x65

#define MAX_PEER_NAME  137   /* as DrtCreatePnrpBootstrapResolver() has it */

/* What is learned from looking at all bootstrap hosts. */
typedef struct
{
  guint n_addresses;
  guint n_loopback;
  char *zone;              /* of the last link-local address that names one */
  GStrvBuilder *unknown;
} Survey;

/**
 * cli_settings_init:
 *
 * Any port, global scope, mode resolve, the usual version, no bootstrap.
 */
void
cli_settings_init (CliSettings *settings)
{
  *settings = (CliSettings) {
    .scope = { .scope = DRT_GLOBAL_SCOPE },
    .mode = DRT_SECURE_RESOLVE,
    .protocol_major = PROTOCOL_MAJOR,
    .protocol_minor = PROTOCOL_MINOR,
  };
}

/* The version that need not be named. */
gboolean
cli_settings_is_usual_protocol (guint8 major,
                                guint8 minor)
{
  return major == PROTOCOL_MAJOR && minor == PROTOCOL_MINOR;
}

static void
survey_address (Survey       *survey,
                GInetAddress *address)
{
  if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
    return;
  survey->n_addresses++;
  if (g_inet_address_get_is_loopback (address))
    survey->n_loopback++;
}

static void
survey_host (Survey     *survey,
             const char *host)
{
  g_autoptr (GInetAddress) literal = g_inet_address_new_from_string (host);
  g_autoptr (GResolver) resolver = NULL;
  g_autolist (GInetAddress) found = NULL;

  if (literal != NULL && g_inet_address_get_family (literal) == G_SOCKET_FAMILY_IPV6)
    {
      survey_address (survey, literal);
      return;
    }

  resolver = g_resolver_get_default ();
  found = g_resolver_lookup_by_name_with_flags (resolver, host, G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY, NULL, NULL);
  for (GList *link = found; link != NULL; link = link->next)
    survey_address (survey, link->data);
  if (found == NULL)
    g_strv_builder_add (survey->unknown, host);
}

static gboolean
survey_endpoint (Survey        *survey,
                 const char    *text,
                 GStrvBuilder  *endpoints,
                 char         **problem)
{
  g_autofree char *host = NULL;
  g_autofree char *zone = NULL;
  guint16 port;

  if (!cli_parse_endpoint (text, &host, &zone, &port, problem))
    return FALSE;

  survey_host (survey, host);
  if (zone != NULL)
    g_set_str (&survey->zone, zone);
  g_strv_builder_take (endpoints,
                       strchr (host, ':') != NULL ? g_strdup_printf ("[%s]:%u", host, port)
                                                  : g_strdup_printf ("%s:%u", host, port));
  return TRUE;
}

/* The scope nobody named: that of the nodes to be reached. */
static gboolean
infer_scope (CliSettings  *settings,
             const Survey *survey,
             char        **problem)
{
  if (survey->zone != NULL)
    return cli_parse_scope (NULL, survey->zone, &settings->scope, problem);
  if (survey->n_addresses > 0 && survey->n_loopback == survey->n_addresses)
    return cli_parse_scope ("loopback", NULL, &settings->scope, problem);
  return TRUE;
}

static gboolean
set_lan (CliSettings              *settings,
         const CliSettingsOptions *options,
         char                    **problem)
{
  if (options->lan == NULL)
    return TRUE;
  if (options->bootstrap != NULL)
    {
      *problem = g_strdup ("--lan and --bootstrap exclude each other");
      return FALSE;
    }
  if (*options->lan == '\0' || g_utf8_strlen (options->lan, -1) > MAX_PEER_NAME)
    {
      *problem = g_strdup_printf ("a name in the local network has 1 to %d characters (E_INVALIDARG)", MAX_PEER_NAME);
      return FALSE;
    }
  settings->lan = g_strdup (options->lan);
  return TRUE;
}

static gboolean
set_bootstrap (CliSettings              *settings,
               const CliSettingsOptions *options,
               char                    **problem)
{
  g_autoptr (GStrvBuilder) endpoints = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) unknown = g_strv_builder_new ();
  Survey survey = { .unknown = unknown };
  gboolean valid = TRUE;

  for (guint i = 0; valid && options->bootstrap != NULL && options->bootstrap[i] != NULL; i++)
    valid = survey_endpoint (&survey, options->bootstrap[i], endpoints, problem);

  if (valid && options->scope == NULL && options->link == NULL)
    valid = infer_scope (settings, &survey, problem);

  settings->bootstrap = g_strv_builder_end (endpoints);
  settings->unknown_hosts = g_strv_builder_end (unknown);
  g_free (survey.zone);
  return valid;
}

static gboolean
open_capture (CliSettings *settings,
              const char  *path,
              char       **problem)
{
  if (path == NULL)
    return TRUE;
  settings->capture = cli_capture_new (path, problem);
  return settings->capture != NULL;
}

/**
 * cli_settings_set:
 * @settings: from cli_settings_init()
 * @options: what the command line says
 * @problem: (out): what is wrong with it
 *
 * Takes over the options, but for the credentials, see cli_credentials_load().  Looks up the names of bootstrap hosts, which may take
 * the time name servers take; one that is not found is listed in
 * @settings->unknown_hosts and still used, as it may be found later.
 *
 * Returns: whether the options are right
 */
gboolean
cli_settings_set (CliSettings              *settings,
                  const CliSettingsOptions *options,
                  char                    **problem)
{
  return cli_parse_port (options->port, &settings->port, problem)
         && cli_parse_mode (options->mode, &settings->mode, problem)
         && cli_parse_version (options->version, &settings->protocol_major, &settings->protocol_minor, problem)
         && cli_parse_scope (options->scope, options->link, &settings->scope, problem)
         && set_lan (settings, options, problem)
         && set_bootstrap (settings, options, problem)
         && open_capture (settings, options->capture, problem);
}

void
cli_settings_clear (CliSettings *settings)
{
  g_clear_pointer (&settings->bootstrap, g_strfreev);
  g_clear_pointer (&settings->unknown_hosts, g_strfreev);
  g_clear_pointer (&settings->lan, g_free);
  g_clear_pointer (&settings->capture, cli_capture_free);
  cli_credentials_clear (&settings->credentials);
}

void
cli_settings_options_clear (CliSettingsOptions *options)
{
  g_clear_pointer (&options->bootstrap, g_strfreev);
  g_clear_pointer (&options->lan, g_free);
  g_clear_pointer (&options->scope, g_free);
  g_clear_pointer (&options->link, g_free);
  g_clear_pointer (&options->mode, g_free);
  g_clear_pointer (&options->version, g_free);
  g_clear_pointer (&options->capture, g_free);
  cli_credentials_options_clear (&options->credentials);
}
