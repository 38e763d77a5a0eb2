/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "drt-certificate.h"
#include "drt-message.h"

/*
 * A public key in all the forms that messages and providers want it in, taken apart
 * once: OpenSSL's decoder costs as much as a signature.  Immutable and counted.
 */

G_BEGIN_DECLS

typedef struct
{
  gatomicrefcount refs;
  DrtKeyAlgorithm algorithm;
  DrtKey derived;             /* the key of the ring */
  EVP_PKEY *key;
  GBytes *spki;               /* DER SubjectPublicKeyInfo */
  /* What it is made of, as CERT_PUBLIC_KEY_INFO and PUBLIC_KEY ([MC-DRT] §2.2.3.1.5.1.1) have it. */
  char *oid;                  /* dotted text */
  GBytes *parameters;         /* DER; empty: there are none */
  GBytes *bits;               /* the content of subjectPublicKey */
} DrtPublicKey;

/* NULL: not a key, or none of the algorithms of a profile. */
DrtPublicKey *drt_public_key_new_for_certificate (X509 *certificate);
DrtPublicKey *drt_public_key_new_for_spki        (const guint8 *der, gsize length);
DrtPublicKey *drt_public_key_ref                 (DrtPublicKey *self);
void          drt_public_key_unref               (DrtPublicKey *self);

/* As one block, to be freed with g_free(); NULL: no memory. */
CERT_PUBLIC_KEY_INFO *drt_public_key_to_info     (const DrtPublicKey *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DrtPublicKey, drt_public_key_unref)

G_END_DECLS
