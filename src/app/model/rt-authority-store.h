/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-authority.h"

G_BEGIN_DECLS

/* The mesh authorities of the person, a GListModel of RtAuthority by name. */
#define RT_TYPE_AUTHORITY_STORE (rt_authority_store_get_type ())
G_DECLARE_FINAL_TYPE (RtAuthorityStore, rt_authority_store, RT, AUTHORITY_STORE, GObject)

RtAuthorityStore *rt_authority_store_new    (const char *path);
char             *rt_authority_store_load   (RtAuthorityStore *self);
void              rt_authority_store_create_async (RtAuthorityStore *self, const char *name, guint days, DrtKeyAlgorithm algorithm,
                                                   const char *passphrase, GAsyncReadyCallback callback, gpointer data);
void              rt_authority_store_import_async (RtAuthorityStore *self, const char *path, const char *file_passphrase,
                                                   const char *passphrase, GAsyncReadyCallback callback, gpointer data);
RtAuthority      *rt_authority_store_finish (RtAuthorityStore *self, GAsyncResult *result, GError **error);
RtAuthority      *rt_authority_store_find   (RtAuthorityStore *self, const char *fingerprint);

G_END_DECLS
