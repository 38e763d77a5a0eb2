/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-certificate.h"

/*
 * The credential of profile 1.0 ([MC-DRT] §2.2.3.1.4.1): a certificate chain as
 * a PKCS#7 SignedData without content and signers.
 */

G_BEGIN_DECLS

/* @chain: of X509.  NULL: a certificate that the profile has no place for, or no memory. */
GBytes  *drt_profile_1_credential_encode   (GPtrArray *chain);
/* Whether @bytes are a credential, each certificate as the profile demands it; nothing is verified. */
gboolean drt_profile_1_credential_is_sound (const guint8 *bytes, gsize length);

G_END_DECLS
