/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Called with the file that was chosen; not at all where none was. */
typedef void (*RtFileFunc) (GtkWidget *origin, const char *path, gpointer data);

void     rt_choose_file_to_open (GtkWidget *origin, const char *title, RtFileFunc func, gpointer data, GDestroyNotify destroy);
void     rt_choose_file_to_save (GtkWidget *origin, const char *title, const char *name, RtFileFunc func, gpointer data, GDestroyNotify destroy);
/* What anybody may read; says in a toast what came of it. */
void     rt_save_text_as        (GtkWidget *origin, const char *title, const char *name, const char *text);
void     rt_tell_problem        (GtkWidget *origin, const char *heading, const char *body);
char    *rt_file_name           (const char *text, const char *suffix);

G_END_DECLS
