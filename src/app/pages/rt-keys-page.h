/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-node.h"

G_BEGIN_DECLS

/* The keys that are registered here.  Properties: node (RtNode), narrow (boolean). */
#define RT_TYPE_KEYS_PAGE (rt_keys_page_get_type ())
G_DECLARE_FINAL_TYPE (RtKeysPage, rt_keys_page, RT, KEYS_PAGE, AdwBin)

G_END_DECLS
