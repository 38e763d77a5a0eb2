/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-join.h"
#include "rt-node.h"

G_BEGIN_DECLS

/* An invitation to a mesh, from the link to membership. */
#define RT_TYPE_JOIN_DIALOG (rt_join_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RtJoinDialog, rt_join_dialog, RT, JOIN_DIALOG, AdwDialog)

AdwDialog *rt_join_dialog_new (RtNode *node, const char *link);

G_END_DECLS
