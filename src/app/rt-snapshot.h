/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*RtSettledFunc) (GtkWindow *window, gpointer data);

/* Pictures of a window that is on a screen. */
gboolean rt_snapshot_save    (GtkWindow *window, const char *path, GError **error);
void     rt_snapshot_settled (GtkWindow *window, RtSettledFunc func, gpointer data);

G_END_DECLS
