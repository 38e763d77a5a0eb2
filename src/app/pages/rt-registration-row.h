/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-node.h"

G_BEGIN_DECLS

/* A key of ours in a boxed list; activating it shows its details. */
#define RT_TYPE_REGISTRATION_ROW (rt_registration_row_get_type ())
G_DECLARE_FINAL_TYPE (RtRegistrationRow, rt_registration_row, RT, REGISTRATION_ROW, AdwActionRow)

GtkWidget *rt_registration_row_new (RtNode *node, RtRegistration *registration);

G_END_DECLS
