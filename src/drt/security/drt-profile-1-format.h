/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt.h"
#include "drt-message.h"

/*
 * The structures of profile 1.0 ([MC-DRT] §2.2.3.1, PROFILE-1.0.md) as bytes,
 * without cryptography.  Integers are little-endian here, other than in messages.
 */

G_BEGIN_DECLS

#define DRT_PROFILE_1_RSA_SIZE         128      /* RSA-1024: signatures, what is encrypted */
#define DRT_PROFILE_1_RSA_KEY_SIZE     140      /* DER RSAPublicKey with e = 65537 */
#define DRT_PROFILE_1_SIGNATURE_SIZE   (2 + DRT_PROFILE_1_RSA_SIZE)
#define DRT_PROFILE_1_PUBLIC_KEY_SIZE  (6 + 20 + 2 + DRT_PROFILE_1_RSA_KEY_SIZE)
#define DRT_PROFILE_1_IV_SIZE          16       /* AES */
#define DRT_PROFILE_1_SESSION_KEY_SIZE 32
#define DRT_PROFILE_1_KEYTOKEN_SIZE    (8 + DRT_PROFILE_1_IV_SIZE + 12 + DRT_PROFILE_1_SESSION_KEY_SIZE)
#define DRT_PROFILE_1_CPA_BODY_SIZE(n) (2 + 2 + 2 + DRT_KEY_SIZE + 2 + DRT_NONCE_SIZE + \
                                        DRT_PROFILE_1_PUBLIC_KEY_SIZE + 4 + (n) * DRT_WIRE_ENDPOINT_SIZE)
#define DRT_PROFILE_1_CPA_SIZE(n)      (1 + DRT_PROFILE_1_SIGNATURE_SIZE + DRT_PROFILE_1_CPA_BODY_SIZE (n))

/* SIGNATURE.  Decoding gives the 128 bytes in it, or NULL. */
void          drt_profile_1_signature_encode   (guint8 bytes[DRT_PROFILE_1_SIGNATURE_SIZE],
                                                const guint8 data[DRT_PROFILE_1_RSA_SIZE]);
const guint8 *drt_profile_1_signature_decode   (const guint8 *bytes, gsize length);

/* PUBLIC_KEY.  Decoding gives the RSAPublicKey in it, or NULL. */
void          drt_profile_1_public_key_encode  (guint8 bytes[DRT_PROFILE_1_PUBLIC_KEY_SIZE],
                                                const guint8 rsa_key[DRT_PROFILE_1_RSA_KEY_SIZE]);
const guint8 *drt_profile_1_public_key_decode  (const guint8 *bytes, gsize length);

/* Encoded CPA.  Pointers borrow from the bytes read, or from whoever writes. */
typedef struct
{
  guint8 flags;                    /* 0 or DRT_PAYLOAD_REVOKED */
  guint8 protocol_major;           /* the application's */
  guint8 protocol_minor;
  const guint8 *key;
  const guint8 *nonce;
  const guint8 *rsa_key;
  DrtWireEndpoints addresses;
  const guint8 *signature;         /* 128 bytes; encoding leaves them zero */
} DrtProfile1Cpa;

gboolean      drt_profile_1_cpa_takes          (guint n_addresses);
void          drt_profile_1_cpa_encode         (guint8 *bytes, const DrtProfile1Cpa *cpa);
gboolean      drt_profile_1_cpa_decode         (const guint8 *bytes, gsize length, DrtProfile1Cpa *cpa);
guint         drt_profile_1_cpa_get_covered    (guint8 *bytes, gsize length, DRT_DATA covered[2]);
void          drt_profile_1_cpa_set_signature  (guint8 *bytes, const guint8 data[DRT_PROFILE_1_RSA_SIZE]);

/* Keytoken before it is encrypted. */
void          drt_profile_1_keytoken_encode    (guint8 bytes[DRT_PROFILE_1_KEYTOKEN_SIZE],
                                                const guint8 iv[DRT_PROFILE_1_IV_SIZE],
                                                const guint8 key[DRT_PROFILE_1_SESSION_KEY_SIZE]);
gboolean      drt_profile_1_keytoken_decode    (const guint8 *bytes, gsize length,
                                                const guint8 **iv, const guint8 **key);

G_END_DECLS
