/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-security.h"

/* What a node proves itself with: the security provider, the root of the mesh and
 * its own certificate. */

typedef struct
{
  gboolean derived;           /* else the null provider, and nothing below */
  PCCERT_CONTEXT root;
  PCCERT_CONTEXT local;       /* NULL: no key is published, and the mode is resolve */
  DrtRevokeList *revoked;     /* NULL: none */
  char *revoked_path;         /* its file */
} CliCredentials;

/* As GOption leaves them. */
typedef struct
{
  char *provider;
  char *root;
  char *cert;
  char *crl;
  char *passphrase_file;
} CliCredentialsOptions;

#define CLI_CREDENTIALS_ENTRIES(options) \
  { "root", 0, 0, G_OPTION_ARG_FILENAME, &(options)->root, "The root certificate of the mesh", "FILE" }, \
  { "cert", 0, 0, G_OPTION_ARG_FILENAME, &(options)->cert, "The certificate of this node, with its private key", "FILE" }, \
  { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &(options)->passphrase_file, "Its first line opens the certificates; without it you are asked", "FILE" }, \
  { "crl", 0, 0, G_OPTION_ARG_FILENAME, &(options)->crl, "The revoke list of the mesh", "FILE" }, \
  { "provider", 0, 0, G_OPTION_ARG_STRING, &(options)->provider, "derived (with --root) or null, which proves and encrypts nothing", "PROVIDER" }

int  cli_credentials_load          (CliCredentials *credentials, const CliCredentialsOptions *options, DRT_SECURITY_MODE mode);
int  cli_credentials_choose        (const CliCredentialsOptions *options, DRT_SECURITY_MODE mode, gboolean *derived);
int  cli_credentials_check         (const CliCredentials *credentials, PCCERT_CONTEXT certificate, const char *path);
void cli_credentials_check_own     (const CliCredentials *credentials);
void cli_credentials_clear         (CliCredentials *credentials);
void cli_credentials_options_clear (CliCredentialsOptions *options);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliCredentials, cli_credentials_clear)
