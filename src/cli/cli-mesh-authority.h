/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli-credentials.h"

/* Who issues the certificates of a mesh that is all in one process: an authority
 * that was given, or one made for as long as the mesh runs. */

int            cli_mesh_authority_load  (CliCredentials *credentials, const CliCredentialsOptions *options,
                                         DRT_SECURITY_MODE mode, PCCERT_CONTEXT *authority);
/* NULL after telling why. */
PCCERT_CONTEXT cli_mesh_authority_issue (PCCERT_CONTEXT authority, const char *name);
int            cli_mesh_authority_write (PCCERT_CONTEXT authority, PCCERT_CONTEXT root, DRT_SECURITY_MODE mode, const char *directory, gboolean json);
