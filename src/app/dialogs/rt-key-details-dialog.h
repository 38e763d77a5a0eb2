/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-node.h"

G_BEGIN_DECLS

/* Everything about one key of ours, its two leaf sets among it. */
#define RT_TYPE_KEY_DETAILS_DIALOG (rt_key_details_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RtKeyDetailsDialog, rt_key_details_dialog, RT, KEY_DETAILS_DIALOG, AdwDialog)

AdwDialog *rt_key_details_dialog_new (RtNode *node, RtRegistration *registration);

G_END_DECLS
