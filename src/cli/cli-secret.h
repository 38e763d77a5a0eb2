/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-certificate.h"

/* Passphrases, and the files they open.  None of them is ever a word of the
 * command line, which every user of the system can read. */

void           cli_secret_guard        (void);

/* Both: NULL after telling why. */
char          *cli_passphrase_read     (const char *path);
char          *cli_passphrase_ask      (const char *what);
char          *cli_passphrase_choose   (const char *path, gboolean ask);
gboolean       cli_terminal_exists     (void);

PCCERT_CONTEXT cli_certificate_load    (const char *path, const char *passphrase_file);
PCCERT_CONTEXT cli_certificate_load_public (const char *path);
PCCERT_CONTEXT cli_root_load           (const char *path);
DrtRevokeList *cli_revoke_list_load    (const char *path);
PCCERT_CONTEXT cli_authority_load      (const char *path, const char *passphrase_file);
