/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli-chain.h"
#include "cli-command.h"
#include "cli-options.h"
#include "cli-secret.h"

/* The commands beneath drt cert, and what they have in common. */

extern const CliCommand cli_cert_authority;
extern const CliCommand cli_cert_issue;
extern const CliCommand cli_cert_request;
extern const CliCommand cli_cert_join;
extern const CliCommand cli_cert_show;
extern const CliCommand cli_cert_check;
extern const CliCommand cli_cert_revoke;
extern const CliCommand cli_cert_invite;
extern const CliCommand cli_cert_accept;

/* A file to be written, as the command line names it. */
typedef struct
{
  char *path;
  char *format;            /* "pem", "pkcs12"; NULL: by the ending of @path */
  char *passphrase_file;
  gboolean ask;            /* for a passphrase */
  gboolean force;
} CliCertOutput;

#define CLI_CERT_FORCE_ENTRY(output) \
  { "force", 'f', 0, G_OPTION_ARG_NONE, &(output)->force, "Replace files that are there", NULL }
#define CLI_CERT_OUT_ENTRIES(output, passphrase_name) \
  { "out", 'o', 0, G_OPTION_ARG_FILENAME, &(output)->path, "The file to write", "FILE" }, \
  { "format", 0, 0, G_OPTION_ARG_STRING, &(output)->format, "pem or pkcs12; without it by the ending of FILE: .p12 and .pfx are PKCS#12", "FORMAT" }, \
  { passphrase_name, 0, 0, G_OPTION_ARG_FILENAME, &(output)->passphrase_file, "Protect the private key with the first line of this file", "FILE" }, \
  { "ask", 0, 0, G_OPTION_ARG_NONE, &(output)->ask, "Protect the private key with a passphrase asked for at the terminal", NULL }, \
  CLI_CERT_FORCE_ENTRY (output)

void     cli_cert_output_clear     (CliCertOutput *output);
gboolean cli_cert_output_check     (const CliCertOutput *output, char **problem);
gboolean cli_cert_output_is_free   (const CliCertOutput *output, const char *path);
gboolean cli_cert_output_write     (const CliCertOutput *output, PCCERT_CONTEXT certificate, DrtCertificateParts parts);
gboolean cli_cert_write_public     (const char *path, const char *text);
gboolean cli_cert_write_secret     (const char *path, const char *text);
char    *cli_cert_read_text        (const char *path);
gboolean cli_cert_make_directory   (const char *path);
int      cli_cert_make_request     (const DrtCertificateRequest *request, const char *key_path, const char *request_path, gboolean json);
void     cli_cert_report           (const char *what, const GError *error);

gboolean cli_cert_parse_algorithm  (const char *text, DrtKeyAlgorithm *algorithm, char **problem);
gboolean cli_cert_parse_days       (int days, char **problem);
gboolean cli_cert_parse_name       (const char *name, char **problem);

/* What was made: "Wrote …", or the object @event with the certificate and @path. */
void     cli_cert_tell             (const char *event, const char *sentence, PCCERT_CONTEXT certificate,
                                    const char *path, gboolean json);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliCertOutput, cli_cert_output_clear)
