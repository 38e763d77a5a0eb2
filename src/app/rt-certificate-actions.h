/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rt-node.h"

/* From whatever tells of a certificate to its chain; @origin is where it is asked
 * for: the dialogs appear in its window. */

G_BEGIN_DECLS

void rt_certificate_actions_show_refusals (GtkWidget *origin, RtNode *node);
void rt_certificate_actions_show_refusal  (GtkWidget *origin, RtNode *node, RtRefusal *refusal);
void rt_certificate_actions_show_event    (GtkWidget *origin, RtNode *node, RtEvent *event);

G_END_DECLS
