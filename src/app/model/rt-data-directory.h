/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the models of certificates keep under the data directory: directories of
 * the owner alone, and files that are 0600. */

char    *rt_data_directory_get        (const char *path, const char *name);
gboolean rt_data_directory_make       (const char *path, GError **error);
gboolean rt_data_directory_write_text (const char *path, const char *name, const char *text, GError **error);
void     rt_data_directory_remove     (const char *path, const char *const *names);
char    *rt_data_directory_short_name (const char *fingerprint);

G_END_DECLS
