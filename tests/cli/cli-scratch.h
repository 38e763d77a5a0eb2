/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

/* A directory of a test, with all that is put into it. */

char    *cli_scratch_new    (void);
void     cli_scratch_free   (char *directory);

char    *cli_scratch_write  (const char *directory, const char *name, const char *text, guint mode);
char    *cli_scratch_read   (const char *path, gsize *length);
guint    cli_scratch_mode   (const char *path);
