/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "drt.h"

/*
 * A security provider that keeps the contract of the derived key provider at next
 * to no cost, and counts: what it calls a signature is a hash with a word that all
 * members know.  It binds; EncryptData() wants a credential, and seals for the
 * agreement key in it, so that who begins anew cannot open what was sealed before.
 * Its CPAs are the null provider's.
 */

G_BEGIN_DECLS

typedef struct
{
  DRT_SECURITY_PROVIDER table;
  DRT_SECURITY_PROVIDER *null;
  char name[16];                 /* in the credential, and the key identifier */
  gboolean outsider;             /* does not know the word */
  guint32 agreement;
  gsize credential_size;         /* at least so long */

  guint n_signed;
  guint n_verified;              /* signatures looked at, good or not */
  guint n_credentials;           /* looked at */
  guint n_packed;
  guint n_validated;             /* CPAs */
  guint n_sealed;                /* keytokens made */
  guint n_opened;                /* looked at */
  gsize last_n_buffers;          /* of the last SignData() … */
  guint8 last_mode;              /* … and the first byte of its binding */
} MemberProvider;

/* Attached. */
MemberProvider *member_provider_new  (const char *name);
void            member_provider_free (MemberProvider *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MemberProvider, member_provider_free)
/* Another agreement key, as after a restart. */
void            member_provider_renew (MemberProvider *self);
/* All the work that checking what others sent has cost. */
guint           member_provider_get_work (const MemberProvider *self);

G_END_DECLS
