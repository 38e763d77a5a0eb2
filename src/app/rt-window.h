/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-application.h"
#include "rt-node.h"

G_BEGIN_DECLS

#define RT_TYPE_WINDOW (rt_window_get_type ())
G_DECLARE_FINAL_TYPE (RtWindow, rt_window, RT, WINDOW, AdwApplicationWindow)

RtWindow *rt_window_new            (RtApplication *application);
RtNode *rt_window_get_node         (RtWindow *self);
void    rt_window_add_toast        (RtWindow *self, AdwToast *toast);
void    rt_window_show_page        (RtWindow *self, const char *name);
void    rt_window_show_first_start (RtWindow *self, gboolean first_start);
void    rt_window_show_problem     (RtWindow *self, const char *heading, const char *body);

G_END_DECLS
