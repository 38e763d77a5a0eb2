/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-public-key.h"

/*
 * A credential of another that was checked once.  Made by a profile, kept by the
 * provider until it expires or others need the room.  Counted, under the provider's lock.
 */

G_BEGIN_DECLS

#define DRT_AGREEMENT_KEY_SIZE 32

typedef struct
{
  grefcount refs;
  DrtPublicKey *public_key;   /* of the member's own certificate */
  DrtKey key;                 /* derived from it */
  guint n_certificates;       /* of the chain, without the root */
  gint64 expires;             /* microseconds since 1970: when it is to be checked again */
  guint8 agreement_key[DRT_AGREEMENT_KEY_SIZE];  /* profile 2.0 */
} DrtMember;

DrtMember *drt_member_new   (void);
DrtMember *drt_member_ref   (DrtMember *self);
void       drt_member_unref (DrtMember *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DrtMember, drt_member_unref)

G_END_DECLS
