/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-demo.h"
#include "rt-node.h"

G_BEGIN_DECLS

/* Owns what outlives a window: the node, the demo mesh, the settings, the stored keys. */
#define RT_TYPE_APPLICATION (rt_application_get_type ())
G_DECLARE_FINAL_TYPE (RtApplication, rt_application, RT, APPLICATION, AdwApplication)

RtApplication *rt_application_new             (void);
RtNode        *rt_application_get_node        (RtApplication *self);
RtDemo        *rt_application_get_demo        (RtApplication *self);
GSettings     *rt_application_get_settings    (RtApplication *self);

/* Ends the application with this exit status. */
void           rt_application_end             (RtApplication *self, int exit_status);
int            rt_application_get_exit_status (RtApplication *self);

G_END_DECLS
