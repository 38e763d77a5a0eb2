/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-node.h"

/*
 * What a person does with a registered key, wherever it is shown.  @origin is
 * the widget it is done from: dialogs and toasts appear in its window.
 */

G_BEGIN_DECLS

void rt_key_actions_show_details   (GtkWidget *origin, RtNode *node, RtRegistration *registration);
void rt_key_actions_change_payload (GtkWidget *origin, RtNode *node, RtRegistration *registration);
void rt_key_actions_rename         (GtkWidget *origin, RtRegistration *registration);
void rt_key_actions_copy_key       (GtkWidget *origin, RtRegistration *registration);
void rt_key_actions_unregister     (GtkWidget *origin, RtNode *node, RtRegistration *registration);

G_END_DECLS
