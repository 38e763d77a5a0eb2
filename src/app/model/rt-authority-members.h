/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-member.h"

G_BEGIN_DECLS

/* The file members.json of an authority, see rt-authority.h. */
GPtrArray *rt_authority_members_read  (const char *path, GError **error);
gboolean   rt_authority_members_write (const char *path, GListModel *members, GError **error);

G_END_DECLS
