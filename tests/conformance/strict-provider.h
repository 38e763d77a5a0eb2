/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "drt-glib.h"

/*
 * A security provider that holds the library to its side of the contract: every
 * block it hands out must come back through FreeData once, every call must be one
 * the mode allows, every argument what the contract says.
 *
 * Its CPAs are the null provider's.  With @blobs it hands out credentials,
 * signatures, key identifiers, classifiers, chains and tokens of its own, and
 * really changes what it encrypts; without, all of these are empty.
 */

G_BEGIN_DECLS

typedef enum
{
  STRICT_ATTACH,
  STRICT_DETACH,
  STRICT_REGISTER_KEY,
  STRICT_UNREGISTER_KEY,
  STRICT_VALIDATE,
  STRICT_PACK,
  STRICT_FREE,
  STRICT_ENCRYPT,
  STRICT_DECRYPT,
  STRICT_CREDENTIAL,
  STRICT_VALIDATE_CREDENTIAL,
  STRICT_SIGN,
  STRICT_VERIFY,
  N_STRICT,
} StrictCall;

typedef struct
{
  DRT_SECURITY_PROVIDER table;
  DRT_SECURITY_PROVIDER *null;
  DRT_SECURITY_MODE mode;
  gboolean blobs;
  guint n_odd_bytes;             /* more in the classifier than the wire can carry */
  char name[16];                 /* in the credential */

  GMutex lock;
  GHashTable *blocks;            /* out, not freed yet */
  GHashTable *keys;              /* key contexts of the registered keys */
  guint n_calls[N_STRICT];
  guint n_payloads;              /* CPAs packed with a payload */
  guint n_revoked;               /* CPAs packed as revoked */
} StrictProvider;

StrictProvider *strict_provider_new  (DRT_SECURITY_MODE mode, gboolean blobs, const char *name);
/* Checks that nothing is left. */
void            strict_provider_free (StrictProvider *self);
guint           strict_provider_count (StrictProvider *self, StrictCall call);

G_END_DECLS
