/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-node.h"

G_BEGIN_DECLS

/* Everything a node is opened with, checked as one types. */
#define RT_TYPE_MESH_SETTINGS_DIALOG (rt_mesh_settings_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RtMeshSettingsDialog, rt_mesh_settings_dialog, RT, MESH_SETTINGS_DIALOG, AdwDialog)

AdwDialog *rt_mesh_settings_dialog_new (RtNode *node, RtMeshSettings *settings);
/* Applied, the key of the node's certificate is registered too: the first node of a mesh needs one to answer others. */
void       rt_mesh_settings_dialog_register_own_key (RtMeshSettingsDialog *self);

G_END_DECLS
