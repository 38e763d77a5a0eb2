/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-derived-key-private.h"
#include "drt-lru.h"

/* Profile 2.0 (PROFILE-2.0.md): its sizes, its algorithms, and its parts among themselves. */

G_BEGIN_DECLS

#define DRT_PROFILE_2_MAJOR           2
#define DRT_PROFILE_2_MINOR           0
#define DRT_PROFILE_2_HASH_SIZE       32
#define DRT_PROFILE_2_LABEL_SIZE      16
#define DRT_PROFILE_2_SIGNATURE_SIZE  64                  /* of the algorithm */
#define DRT_PROFILE_2_SIGNED_SIZE     (2 + 1 + 1 + 8 + DRT_PROFILE_2_SIGNATURE_SIZE)   /* 5 */
#define DRT_PROFILE_2_SALT_SIZE       32
#define DRT_PROFILE_2_KEYTOKEN_SIZE   (2 + 1 + 1 + 2 * DRT_AGREEMENT_KEY_SIZE + DRT_PROFILE_2_SALT_SIZE)
#define DRT_PROFILE_2_TAG_SIZE        16
#define DRT_PROFILE_2_CREDENTIAL_HEAD (2 + 1 + 1 + DRT_AGREEMENT_KEY_SIZE + 8 + DRT_PROFILE_2_SIGNATURE_SIZE)
#define DRT_PROFILE_2_CREDENTIAL_MAX  DRT_REASSEMBLED_MAX

#define DRT_PROFILE_2_MILLISECONDS    ((gint64) 1000)
#define DRT_PROFILE_2_TOLERANCE       (300 * DRT_PROFILE_2_MILLISECONDS)
#define DRT_PROFILE_2_AGREEMENT_RENEW (24 * 3600 * DRT_PROFILE_2_MILLISECONDS)
#define DRT_PROFILE_2_AGREEMENT_LIFE  (48 * 3600 * DRT_PROFILE_2_MILLISECONDS)
#define DRT_PROFILE_2_SECRETS         1024                /* pairs remembered */

typedef enum
{
  DRT_SUITE_ED25519 = 0x01,
  DRT_SUITE_P256 = 0x02,
} DrtSuite;

/* An agreement key of ours. */
typedef struct
{
  EVP_PKEY *key;              /* NULL: none */
  guint8 public_key[DRT_AGREEMENT_KEY_SIZE];
  gint64 made;                /* milliseconds */
} DrtAgreement;

typedef struct
{
  EVP_CIPHER *aes;            /* AES-256-GCM */
  EVP_CIPHER_CTX *cipher;
  EVP_KDF_CTX *hkdf;
  DrtAgreement agreements[2]; /* the newest first */
  DrtLru *secrets;            /* other's | own public key -> what X25519 gave */
} DrtProfile2;

/* --- drt-profile-2.c --- */
gint64       drt_profile_2_now          (void);           /* milliseconds */
gboolean     drt_profile_2_is_timely    (guint64 made);
DrtSuite     drt_profile_2_suite_of     (const DrtPublicKey *key);   /* 0: of none */

/* What is signed: a label, then whatever is put after it. */
typedef struct
{
  guint8 *bytes;
  gsize size;
  gsize length;
} DrtSigned;

gboolean     drt_signed_init            (DrtSigned *self, const char *label, gsize size);
void         drt_signed_put             (DrtSigned *self, gconstpointer bytes, gsize length);
void         drt_signed_clear           (DrtSigned *self);

/* --- drt-profile-2-signature.c --- */
HRESULT      drt_profile_2_make_signature  (DrtDerivedKeyProvider *self, DrtIdentity *identity, const DrtSigned *what,
                                            guint8 signature[DRT_PROFILE_2_SIGNATURE_SIZE]);
gboolean     drt_profile_2_check_signature (DrtDerivedKeyProvider *self, const DrtPublicKey *key, const DrtSigned *what,
                                            const guint8 signature[DRT_PROFILE_2_SIGNATURE_SIZE]);
HRESULT      drt_profile_2_sign            (DrtDerivedKeyProvider *self, DrtIdentity *identity, guint n_buffers,
                                            const DRT_DATA *buffers, DRT_DATA *key_identifier, DRT_DATA *signature);
HRESULT      drt_profile_2_verify          (DrtDerivedKeyProvider *self, guint n_buffers, const DRT_DATA *buffers,
                                            DrtSpan credential, DrtSpan key_identifier, DrtSpan signature);

/* --- drt-profile-2-credential.c --- */
HRESULT      drt_profile_2_make_credential  (DrtDerivedKeyProvider *self, DrtIdentity *identity, GBytes **credential);
HRESULT      drt_profile_2_check_credential (DrtDerivedKeyProvider *self, DrtSpan credential, DrtMember **member);

/* --- drt-profile-2-cpa.c --- */
HRESULT      drt_profile_2_pack_cpa        (DrtDerivedKeyProvider *self, DrtIdentity *identity, const DrtCpaContent *content,
                                            DRT_DATA *cpa);
HRESULT      drt_profile_2_unpack_cpa      (DrtDerivedKeyProvider *self, DrtSpan cpa, DrtSpan credential, DrtSpan nonce,
                                            DrtCpaContent *content);

/* --- drt-profile-2-agreement.c --- */
const DrtAgreement *drt_profile_2_get_agreement  (DrtDerivedKeyProvider *self);   /* to be told to others; NULL: none can be made */
const DrtAgreement *drt_profile_2_find_agreement (DrtDerivedKeyProvider *self, const guint8 *public_key);
const guint8       *drt_profile_2_get_secret     (DrtDerivedKeyProvider *self, const DrtAgreement *own, const guint8 *others);
void                drt_profile_2_set_agreement  (DrtDerivedKeyProvider *self, const guint8 private_key[DRT_AGREEMENT_KEY_SIZE], gint64 made);
void                drt_profile_2_clear_agreements (DrtProfile2 *data);

/* --- drt-profile-2-seal.c --- */
HRESULT      drt_profile_2_seal            (DrtDerivedKeyProvider *self, DrtSpan credential, guint n_buffers,
                                            const DRT_DATA *buffers, DRT_DATA *sealed, DRT_DATA *keytoken);
HRESULT      drt_profile_2_unseal          (DrtDerivedKeyProvider *self, DrtIdentity *identity, DrtSpan keytoken,
                                            guint n_buffers, DRT_DATA *buffers);

/* Times lie in messages as 64-bit integers, most significant byte first. */
static inline void
drt_profile_2_put_time (guint8  bytes[8],
                        guint64 time)
{
  for (int i = 0; i < 8; i++)
    bytes[i] = time >> (56 - 8 * i);
}

static inline guint64
drt_profile_2_get_time (const guint8 bytes[8])
{
  guint64 time = 0;

  for (int i = 0; i < 8; i++)
    time = time << 8 | bytes[i];
  return time;
}

G_END_DECLS
