/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli-credentials.h"

/* Reads the revoke list again when its file changes: who is revoked while a node
 * runs is refused from then on. */

typedef struct _CliRevokeWatch CliRevokeWatch;

typedef void (*CliRevokeFunc) (gpointer data, DrtRevokeList *revoked);

CliRevokeWatch *cli_revoke_watch_new  (CliCredentials *credentials, gboolean json, CliRevokeFunc changed, gpointer data);
void            cli_revoke_watch_free (CliRevokeWatch *watch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliRevokeWatch, cli_revoke_watch_free)
