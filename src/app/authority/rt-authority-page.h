/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-authority.h"
#include "rt-node.h"

G_BEGIN_DECLS

/* One authority: its members, and what it can do. */
#define RT_TYPE_AUTHORITY_PAGE (rt_authority_page_get_type ())
G_DECLARE_FINAL_TYPE (RtAuthorityPage, rt_authority_page, RT, AUTHORITY_PAGE, AdwNavigationPage)

AdwNavigationPage *rt_authority_page_new (RtAuthority *authority, RtNode *node);

G_END_DECLS
