/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-authority.h"

G_BEGIN_DECLS

/* A certificate, and the file it goes into: with a new key, for a member's
 * request, or the authority's own with its private key. */
#define RT_TYPE_ISSUE_PAGE (rt_issue_page_get_type ())
G_DECLARE_FINAL_TYPE (RtIssuePage, rt_issue_page, RT, ISSUE_PAGE, AdwNavigationPage)

/* authority: unlocked.  request: nullable: PEM */
AdwNavigationPage *rt_issue_page_new            (RtAuthority *authority, const char *request);
AdwNavigationPage *rt_issue_page_new_for_backup (RtAuthority *authority);

G_END_DECLS
