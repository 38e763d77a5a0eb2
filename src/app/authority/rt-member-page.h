/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-authority.h"
#include "rt-node.h"

G_BEGIN_DECLS

/* One member of an authority's mesh. */
#define RT_TYPE_MEMBER_PAGE (rt_member_page_get_type ())
G_DECLARE_FINAL_TYPE (RtMemberPage, rt_member_page, RT, MEMBER_PAGE, AdwNavigationPage)

AdwNavigationPage *rt_member_page_new   (RtAuthority *authority, RtMember *member, RtNode *node);

/* Fills the box with the icon and the word of the state. */
void               rt_member_show_state (GtkBox *box, RtMember *member, gint64 now);

G_END_DECLS
