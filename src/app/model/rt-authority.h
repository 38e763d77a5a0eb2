/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-member.h"

G_BEGIN_DECLS

/*
 * A mesh authority of the person: a directory with
 *   certificate.pem  its certificate, public
 *   authority.pem    the same with its private key, encrypted, 0600
 *   members.json     whom it issued certificates to, 0600:
 *                      { "version": 1, "members": [ { "certificates": [ PEM, the newest first ],
 *                        "revoked": seconds since 1970, where it is } ] }
 *   revoked.pem      its revoke list (X.509 CRL), once there is one
 *
 * Properties, all read-only: name, fingerprint (string), locked (boolean: its
 * private key is not in memory), revoke-list (pointer, changes notify).
 */
#define RT_TYPE_AUTHORITY (rt_authority_get_type ())
G_DECLARE_FINAL_TYPE (RtAuthority, rt_authority, RT, AUTHORITY, GObject)

gboolean            rt_authority_is_in           (const char *directory);
RtAuthority        *rt_authority_load            (const char *directory, GError **error);
RtAuthority        *rt_authority_store_in        (const char *parent, PCCERT_CONTEXT authority, const char *passphrase, GError **error);

const char         *rt_authority_get_directory   (RtAuthority *self);
const char         *rt_authority_get_name        (RtAuthority *self);
const char         *rt_authority_get_fingerprint (RtAuthority *self);
gint64              rt_authority_get_not_after   (RtAuthority *self);
DrtProfile          rt_authority_get_profile     (RtAuthority *self);
const char         *rt_authority_get_key_name    (RtAuthority *self);
PCCERT_CONTEXT      rt_authority_get_certificate (RtAuthority *self);
GListModel         *rt_authority_get_members     (RtAuthority *self);
DrtRevokeList      *rt_authority_get_revoke_list (RtAuthority *self);
char               *rt_authority_dup_certificate_path (RtAuthority *self);
char               *rt_authority_dup_key_path    (RtAuthority *self);
char               *rt_authority_dup_revoke_list_path (RtAuthority *self);
RtMember           *rt_authority_find_member     (RtAuthority *self, const char *name);

gboolean            rt_authority_get_locked      (RtAuthority *self);
gboolean            rt_authority_unlock          (RtAuthority *self, PCCERT_CONTEXT unlocked, GError **error);
void                rt_authority_lock            (RtAuthority *self);

/* All of these need it to be unlocked. */
PCCERT_CONTEXT      rt_authority_issue           (RtAuthority *self, const char *name, guint days, GError **error);
PCCERT_CONTEXT      rt_authority_issue_request   (RtAuthority *self, const char *request_pem, guint days, GError **error);
PCCERT_CONTEXT      rt_authority_renew           (RtAuthority *self, RtMember *member, guint days, GError **error);
gboolean            rt_authority_revoke          (RtAuthority *self, RtMember *member, GError **error);
PCCERT_CONTEXT      rt_authority_get_unlocked    (RtAuthority *self);
/* What could not be handed out: as if it had not been issued. */
void                rt_authority_take_back       (RtAuthority *self, PCCERT_CONTEXT certificate);

G_END_DECLS
