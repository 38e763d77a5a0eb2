/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-mesh-settings.h"

G_BEGIN_DECLS

/* The security of a mesh in words. */
const char *rt_security_mode_to_name  (RtSecurityMode mode);
const char *rt_security_mode_to_words (RtSecurityMode mode);

G_END_DECLS
