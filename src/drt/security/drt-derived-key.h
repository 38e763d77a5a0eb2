/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-security.h"

/* What the other rooms of the library ask of the derived key provider. */

G_BEGIN_DECLS

/* By whom it is attached to, before anything else: the mode of the node, which profile 2.0 signs.  DRT_E_CAPABILITY_MISMATCH:
 * the modes membership and confidential need a local certificate.  S_OK of any other provider. */
HRESULT  drt_security_provider_set_mode   (DRT_SECURITY_PROVIDER *provider, DRT_SECURITY_MODE mode);

/* Whether SignData and VerifyData want the binding as a second buffer, and SOLICIT and
 * FLOOD carry a proof (PROFILE-2.0.md 5, 7). */
gboolean drt_security_provider_binds      (const DRT_SECURITY_PROVIDER *provider);

/* When the certificate of a key with this context expires, seconds since 1970-01-01 UTC; G_MAXINT64: never. */
gint64   drt_security_provider_get_expiry (const DRT_SECURITY_PROVIDER *provider, gpointer key_context);

G_END_DECLS
