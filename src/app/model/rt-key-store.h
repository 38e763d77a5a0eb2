/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-registration.h"

G_BEGIN_DECLS

/* The keys a person registered, kept in a file over restarts. */
#define RT_TYPE_KEY_STORE (rt_key_store_get_type ())
G_DECLARE_FINAL_TYPE (RtKeyStore, rt_key_store, RT, KEY_STORE, GObject)

RtKeyStore *rt_key_store_new      (const char *path);
const char *rt_key_store_get_path (RtKeyStore *self);
GPtrArray  *rt_key_store_load     (RtKeyStore *self, GError **error);
gboolean    rt_key_store_save     (RtKeyStore *self, GListModel *registrations, GError **error);

G_END_DECLS
