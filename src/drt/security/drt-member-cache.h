/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-derived-key-profile.h"

/*
 * Credentials that were checked: those that were good until they expire, those that
 * were not for a short while, so that who sends the same again costs a hash only.
 */

G_BEGIN_DECLS

#define DRT_CREDENTIAL_DIGEST_SIZE 32          /* SHA-256 of the whole credential */
#define DRT_MEMBER_CACHE_MAX       1024
#define DRT_MEMBER_CACHE_MAX_SIZE  (4 * 1024 * 1024)
#define DRT_MEMBER_CACHE_PER_KEY   4           /* credentials of one certificate: its renewals */
#define DRT_REFUSAL_CACHE_MAX      1024
#define DRT_REFUSAL_SECONDS        30

DrtMemberCache *drt_member_cache_new    (void);
void            drt_member_cache_free   (DrtMemberCache *self);

DrtMember      *drt_member_cache_find   (DrtMemberCache *self, const guint8 *digest, gint64 now, HRESULT *refusal);
void            drt_member_cache_add    (DrtMemberCache *self, const guint8 *digest, DrtMember *member, gsize size);
void            drt_member_cache_refuse (DrtMemberCache *self, const guint8 *digest, gint64 now, HRESULT hr);
gboolean        drt_member_cache_knows_agreement_key (DrtMemberCache *self, const guint8 *key, gint64 now);
void            drt_member_cache_clear  (DrtMemberCache *self);

G_END_DECLS
