/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli-capture.h"
#include "cli-credentials.h"
#include "cli-options.h"

/* What a node is opened with: the members of DRT_SETTINGS, the transport and
 * the bootstrap as the command line names them. */

typedef struct
{
  guint16 port;
  CliScope scope;
  DRT_SECURITY_MODE mode;
  guint8 protocol_major;
  guint8 protocol_minor;
  CliCredentials credentials;
  GStrv bootstrap;       /* "host:port", for the list resolver */
  GStrv unknown_hosts;   /* of these the names that have no IPv6 address now */
  char *lan;             /* peer name in the local network, instead of hosts; or NULL */
  gboolean publish;      /* to be found by it as well */
  CliCapture *capture;   /* NULL: none is wanted */
} CliSettings;

/* As GOption leaves them; all options of this kind that a command may have. */
typedef struct
{
  int port;
  char **bootstrap;
  char *lan;
  char *scope;
  char *link;
  char *mode;
  char *version;
  char *capture;
  CliCredentialsOptions credentials;
} CliSettingsOptions;

#define CLI_PORT_ENTRY(options) \
  { "port", 'p', 0, G_OPTION_ARG_INT, &(options)->port, "UDP port, 1024 to 65535; without it any free one", "PORT" }
#define CLI_BOOTSTRAP_ENTRY(options) \
  { "bootstrap", 'b', 0, G_OPTION_ARG_STRING_ARRAY, &(options)->bootstrap, "A node of the mesh to join; may be repeated", "HOST:PORT" }
#define CLI_LAN_ENTRY(options) \
  { "lan", 'l', 0, G_OPTION_ARG_STRING, &(options)->lan, "Join the mesh of this name in the local network", "NAME" }
#define CLI_SCOPE_ENTRIES(options) \
  { "scope", 0, 0, G_OPTION_ARG_STRING, &(options)->scope, "global, site, link or loopback; without it what the bootstrap addresses are, else global", "SCOPE" }, \
  { "link", 0, 0, G_OPTION_ARG_STRING, &(options)->link, "Network interface; alone it means --scope link", "IFACE" }
#define CLI_PROTOCOL_ENTRIES(options) \
  { "mode", 0, 0, G_OPTION_ARG_STRING, &(options)->mode, "Security mode: resolve (without it), membership or confidential", "MODE" }, \
  { "protocol", 0, 0, G_OPTION_ARG_STRING, &(options)->version, "Version in every message; without it 6.101", "MAJOR.MINOR" }
#define CLI_CAPTURE_ENTRY(options) \
  { "capture", 0, 0, G_OPTION_ARG_FILENAME, &(options)->capture, "Write every message to this file (pcapng), for Wireshark", "FILE" }

void     cli_settings_init         (CliSettings *settings);
gboolean cli_settings_set          (CliSettings *settings, const CliSettingsOptions *options, char **problem);
gboolean cli_settings_is_usual_protocol (guint8 major, guint8 minor);
void     cli_settings_clear        (CliSettings *settings);
void     cli_settings_options_clear (CliSettingsOptions *options);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliSettings, cli_settings_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliSettingsOptions, cli_settings_options_clear)
