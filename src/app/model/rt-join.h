/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <drt-invitation.h>
#include <gio/gio.h>

#include "rt-mesh-settings.h"

G_BEGIN_DECLS

/*
 * An invitation that was accepted: a key of one's own and a request, which wait
 * for the certificate of the authority.  A directory with
 *   invitation  the link
 *   key.pem     the private key, 0600
 *   request.pem what the authority is sent (PKCS#10)
 */
#define RT_TYPE_JOIN (rt_join_get_type ())
G_DECLARE_FINAL_TYPE (RtJoin, rt_join, RT, JOIN, GObject)

/* Where a member's certificate with its key and its root are. */
typedef struct
{
  char *certificate;
  char *root;
} RtJoined;
void                 rt_joined_free         (RtJoined *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtJoined, rt_joined_free)

/* path: nullable: of all that wait; NULL: $XDG_DATA_HOME/roundtable/joins */
GListStore          *rt_join_list           (const char *path);
RtJoin              *rt_join_new            (const char *path, const DrtInvitation *invitation, const char *name, GError **error);
RtJoin              *rt_join_load           (const char *directory, GError **error);
const DrtInvitation *rt_join_get_invitation (RtJoin *self);
const char          *rt_join_get_request    (RtJoin *self);
void                 rt_join_forget         (RtJoin *self);

RtJoined            *rt_join_complete       (RtJoin *self, PCCERT_CONTEXT certificate, const char *data, GError **error);
void                 rt_join_apply          (RtJoin *self, const RtJoined *joined, RtMeshSettings *settings);

RtJoined            *rt_joined_new          (PCCERT_CONTEXT root, PCCERT_CONTEXT certificate, const char *data, GError **error);
void                 rt_joined_apply        (const RtJoined *self, RtMeshSettings *settings);

G_END_DECLS
