/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

/* Files that may hold a secret. */

G_BEGIN_DECLS

guint8 *drt_certificate_file_read (const char *path, gsize limit, gsize *length, GError **error);
void    drt_certificate_file_free (guint8 *bytes, gsize length);   /* clears them first */

G_END_DECLS
