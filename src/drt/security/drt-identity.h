/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-public-key.h"

/*
 * A certificate of ours with its private key: the local one, and that of each
 * registered key.  Belongs to one provider, under its lock.
 */

G_BEGIN_DECLS

typedef struct
{
  PCCERT_CONTEXT certificate;
  gpointer key_context;       /* as RegisterKey got it: compared, never followed */
  guint n_registrations;
  DrtPublicKey *public_key;
  EVP_PKEY *private_key;
  DrtKey key;
  GPtrArray *chain;           /* of X509: itself, then each next one's issuer; without the root */
  gint64 not_after;           /* seconds: when the first of the chain expires */
  DrtRevokeList *looked_at;   /* (nullable): against which it was checked last */
  gboolean revoked;           /* by that */
  GBytes *credential;         /* (nullable): made and kept by the profile */
  gint64 credential_made;     /* by the profile's own measure */
} DrtIdentity;

void drt_identity_free (DrtIdentity *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DrtIdentity, drt_identity_free)

G_END_DECLS
