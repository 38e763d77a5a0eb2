/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-authority.h"
#include "rt-node.h"

G_BEGIN_DECLS

/* An invitation to an authority's mesh: link, QR code and fingerprint. */
#define RT_TYPE_INVITE_PAGE (rt_invite_page_get_type ())
G_DECLARE_FINAL_TYPE (RtInvitePage, rt_invite_page, RT, INVITE_PAGE, AdwNavigationPage)

AdwNavigationPage *rt_invite_page_new (RtAuthority *authority, RtNode *node);

G_END_DECLS
