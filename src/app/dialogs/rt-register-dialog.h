/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-node.h"

G_BEGIN_DECLS

/* Registers a key: which one, with what payload, called what. */
#define RT_TYPE_REGISTER_DIALOG (rt_register_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RtRegisterDialog, rt_register_dialog, RT, REGISTER_DIALOG, AdwDialog)

AdwDialog *rt_register_dialog_new (RtNode *node);

G_END_DECLS
