/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "drt-certificate-private.h"

/* What the tests of profile 1.0 share: the vectors as bytes, keys and certificates. */

G_BEGIN_DECLS

/* Hexadecimal as bytes of their exact size, so that a read behind them is seen. */
DRT_DATA  bytes_from_hex       (const char *hex);
void      bytes_clear          (DRT_DATA *data);
void      assert_bytes         (const void *bytes, gsize length, const char *hex);

X509     *certificate_from_hex (const char *hex);
EVP_PKEY *private_key_from_hex (const char *hex);

/* Each byte of @data changed in one bit and in all, each end cut off, bytes behind it: @refuses is asked of each. */
typedef gboolean (*RefusesFunc) (const guint8 *bytes, gsize length, gpointer user_data);
void      assert_refuses       (const DRT_DATA *data, const gboolean *may_change, RefusesFunc refuses, gpointer user_data);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DRT_DATA, bytes_clear)

G_END_DECLS
