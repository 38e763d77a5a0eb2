/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <drt-certificate.h>
#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  RT_MEMBER_VALID,
  RT_MEMBER_EXPIRES_SOON,    /* within 30 days */
  RT_MEMBER_EXPIRED,
  RT_MEMBER_REVOKED,
} RtMemberState;
#define RT_TYPE_MEMBER_STATE (rt_member_state_get_type ())
GType       rt_member_state_get_type  (void);
const char *rt_member_state_to_string (RtMemberState state);

/*
 * Somebody a mesh authority issued a certificate to.  Properties, all read-only:
 * name, key-text, key-short, serial (string), not-after, revoked-at (int64,
 * seconds since 1970; revoked-at 0: it is not), n-certificates (uint).
 */
#define RT_TYPE_MEMBER (rt_member_get_type ())
G_DECLARE_FINAL_TYPE (RtMember, rt_member, RT, MEMBER, GObject)

RtMember      *rt_member_new              (PCCERT_CONTEXT certificate);
void           rt_member_add_certificate  (RtMember *self, PCCERT_CONTEXT certificate);
void           rt_member_drop_certificate (RtMember *self);
void           rt_member_set_revoked_at   (RtMember *self, gint64 time);

const char    *rt_member_get_name         (RtMember *self);
const char    *rt_member_get_key_text     (RtMember *self);
const char    *rt_member_get_key_short    (RtMember *self);
const char    *rt_member_get_serial       (RtMember *self);
gint64         rt_member_get_not_after    (RtMember *self);
gint64         rt_member_get_revoked_at   (RtMember *self);
guint          rt_member_get_n_certificates (RtMember *self);
/* 0 is the last one issued */
PCCERT_CONTEXT rt_member_get_certificate  (RtMember *self, guint index);
/* now: seconds since 1970 */
RtMemberState  rt_member_get_state        (RtMember *self, gint64 now);

G_END_DECLS
