/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The application's GSettings, and what can be wrong with the file behind them. */
gboolean rt_settings_prepare    (gboolean in_memory);
char    *rt_settings_file_check (void);

G_END_DECLS
