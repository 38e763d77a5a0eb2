/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-node.h"

G_BEGIN_DECLS

/* Who was refused since the node was opened: how often, why, when last. */
#define RT_TYPE_REFUSALS_DIALOG (rt_refusals_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RtRefusalsDialog, rt_refusals_dialog, RT, REFUSALS_DIALOG, AdwDialog)

AdwDialog *rt_refusals_dialog_new (RtNode *node);

G_END_DECLS
