/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-certificate-private.h"

/*
 * Credentials as they travel: a PKCS#7 SignedData in profile 1.0 ([MC-DRT]
 * §2.2.3.1.4.1), and the structure of PROFILE-2.0.md 3.  Decoding only; what is
 * signed in them the provider checks.
 */

G_BEGIN_DECLS

#define DRT_CREDENTIAL_AGREEMENT_KEY_SIZE 32
#define DRT_CREDENTIAL_SIGNATURE_SIZE     64
#define DRT_CREDENTIAL_HEAD_SIZE          (2 + 1 + 1 + DRT_CREDENTIAL_AGREEMENT_KEY_SIZE + 8 + DRT_CREDENTIAL_SIGNATURE_SIZE)

/* Of profile 2.0; the pointers point into the bytes. */
typedef struct
{
  guint8 suite;
  guint n_certificates;                /* 1 to DRT_CHAIN_MAX */
  const guint8 *agreement_key;         /* DRT_CREDENTIAL_AGREEMENT_KEY_SIZE */
  guint64 made;                        /* milliseconds since 1970-01-01 UTC */
  const guint8 *agreement_signature;   /* DRT_CREDENTIAL_SIGNATURE_SIZE */
  struct
  {
    const guint8 *der;
    gsize length;
  } certificates[DRT_CHAIN_MAX];
} DrtCredential;

typedef enum
{
  DRT_CREDENTIAL_GOOD,
  DRT_CREDENTIAL_OTHER_PROFILE,        /* does not begin with 02 00, or has an unknown suite */
  DRT_CREDENTIAL_TRUNCATED,
  DRT_CREDENTIAL_MALFORMED,            /* no certificates, or bytes left over */
  DRT_CREDENTIAL_TOO_MANY,
} DrtCredentialFault;

/* Lengths and constants only: allocates nothing, decodes no certificate. */
DrtCredentialFault drt_credential_decode (const guint8 *bytes, gsize length, DrtCredential *credential);
/* The certificates of a decoded one: its first, with the others as its chain. */
PCCERT_CONTEXT     drt_credential_get_certificate (const DrtCredential *credential, GError **error);
/* The same from the bytes, of either profile. */
PCCERT_CONTEXT     drt_credential_read   (const guint8 *bytes, gsize length, GError **error);

G_END_DECLS
