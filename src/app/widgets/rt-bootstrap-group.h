/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-mesh-settings.h"

G_BEGIN_DECLS

/* How the first other nodes are found: nobody, a host name, or a list of
 * endpoints that can be added to and removed from, or a name in the local network.  Property: settings
 * (RtMeshSettings), which it edits. */
#define RT_TYPE_BOOTSTRAP_GROUP (rt_bootstrap_group_get_type ())
G_DECLARE_FINAL_TYPE (RtBootstrapGroup, rt_bootstrap_group, RT, BOOTSTRAP_GROUP, AdwPreferencesGroup)

void rt_bootstrap_group_set_settings (RtBootstrapGroup *self, RtMeshSettings *settings);

G_END_DECLS
