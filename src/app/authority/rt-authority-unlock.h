/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-authority.h"

G_BEGIN_DECLS

typedef void (*RtUnlockedFunc) (GtkWidget *origin, RtAuthority *authority, gpointer data);

/* Calls func once the authority is unlocked: at once, with the passphrase the keyring
 * has, or after it was asked for; not at all where that is cancelled. */
void rt_authority_unlock_then          (GtkWidget *origin, RtAuthority *authority, RtUnlockedFunc func, gpointer data);
void rt_authority_remember_passphrase  (GtkWidget *origin, RtAuthority *authority, const char *passphrase);

G_END_DECLS
