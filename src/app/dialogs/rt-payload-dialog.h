/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-node.h"

G_BEGIN_DECLS

/* Changes what is published with a key. */
#define RT_TYPE_PAYLOAD_DIALOG (rt_payload_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RtPayloadDialog, rt_payload_dialog, RT, PAYLOAD_DIALOG, AdwDialog)

AdwDialog *rt_payload_dialog_new (RtNode *node, RtRegistration *registration);

G_END_DECLS
