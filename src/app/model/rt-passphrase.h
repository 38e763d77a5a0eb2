/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Passphrases of files in the keyring of the desktop, by rt_certificate_file_get_id(). */
void     rt_passphrase_lookup_async  (const char *id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/* NULL without an error: there is none.  Free with drt_secret_free(). */
char    *rt_passphrase_lookup_finish (GAsyncResult *result, GError **error);
/* name: of the file, as the keyring shows it */
void     rt_passphrase_store_async   (const char *id, const char *name, const char *passphrase, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer data);
gboolean rt_passphrase_store_finish  (GAsyncResult *result, GError **error);
/* Forgets it, if it is there; nobody waits for that. */
void     rt_passphrase_forget        (const char *id);

G_END_DECLS
