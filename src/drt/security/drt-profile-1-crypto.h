/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <openssl/evp.h>

#include "drt-profile-1-format.h"

/*
 * The algorithms of profile 1.0 (PROFILE-1.0.md 1): RSA-1024 with SHA-1,
 * AES-256-CBC.
 */

G_BEGIN_DECLS

/* How much longer AES-CBC makes a buffer, at most: a block of PKCS#7 padding. */
#define DRT_PROFILE_1_PADDING_MAX 16

gboolean drt_profile_1_sign           (EVP_PKEY *own, const DRT_DATA *buffers, guint n_buffers,
                                       guint8 signature[DRT_PROFILE_1_RSA_SIZE]);
gboolean drt_profile_1_verify         (EVP_PKEY *theirs, const DRT_DATA *buffers, guint n_buffers,
                                       const guint8 signature[DRT_PROFILE_1_RSA_SIZE]);

/* What a keytoken carries; clear it when done. */
typedef struct
{
  guint8 iv[DRT_PROFILE_1_IV_SIZE];
  guint8 key[DRT_PROFILE_1_SESSION_KEY_SIZE];
} DrtProfile1Session;

gboolean drt_profile_1_session_new    (DrtProfile1Session *session);
void     drt_profile_1_session_clear  (DrtProfile1Session *session);
gboolean drt_profile_1_session_wrap   (const DrtProfile1Session *session, EVP_PKEY *theirs,
                                       guint8 token[DRT_PROFILE_1_RSA_SIZE]);
gboolean drt_profile_1_session_unwrap (DrtProfile1Session *session, EVP_PKEY *own, const guint8 *token, gsize length);

gboolean drt_profile_1_encrypt        (const DrtProfile1Session *session, const guint8 *clear, gsize length,
                                       guint8 *encrypted, gsize *n_encrypted);
gboolean drt_profile_1_decrypt        (const DrtProfile1Session *session, const guint8 *encrypted, gsize length,
                                       guint8 *clear, gsize *n_clear);

G_END_DECLS
