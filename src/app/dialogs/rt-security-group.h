/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-mesh-settings.h"

G_BEGIN_DECLS

/* What members of a mesh prove to one another, and with which certificates. */
#define RT_TYPE_SECURITY_GROUP (rt_security_group_get_type ())
G_DECLARE_FINAL_TYPE (RtSecurityGroup, rt_security_group, RT, SECURITY_GROUP, AdwPreferencesGroup)

/* May be set once. */
void     rt_security_group_set_settings (RtSecurityGroup *self, RtMeshSettings *settings);
/* The library's answer, at the field that caused it; FALSE: none of these did. */
gboolean rt_security_group_show_refusal (RtSecurityGroup *self, HRESULT code, const char *sentence);

G_END_DECLS
