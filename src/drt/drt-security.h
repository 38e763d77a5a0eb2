/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-chain.h"

/*
 * The derived key security provider beyond what drt.h has: the profile by name,
 * revoke lists, and what a program wants to know of a provider.
 */

G_BEGIN_DECLS

/* DrtCreateDerivedKeySecurityProvider() is this with the root's profile and without a revoke list.
 * @revoked: (nullable).  DRT_E_CAPABILITY_MISMATCH: the root or the local certificate is not fit for @profile.
 * To be freed with DrtDeleteDerivedKeySecurityProvider(). */
HRESULT    drt_derived_key_provider_new         (PCCERT_CONTEXT root, PCCERT_CONTEXT local, DrtProfile profile,
                                                 DrtRevokeList *revoked, DRT_SECURITY_PROVIDER **provider) DRT_API;
/* DRT_PROFILE_NONE: another provider. */
DrtProfile drt_security_provider_get_profile    (const DRT_SECURITY_PROVIDER *provider) DRT_API;
/* Another revoke list, from now on; credentials remembered as good are checked again. */
void       drt_derived_key_provider_set_revoked (DRT_SECURITY_PROVIDER *provider, DrtRevokeList *revoked) DRT_API;

/* What checking cost so far. */
typedef struct
{
  guint64 signatures_made;
  guint64 signatures_checked;
  guint64 chains_checked;
  guint64 chains_remembered;     /* found among the verified ones */
  guint64 agreements;            /* X25519 */
  guint64 buffers_sealed;
  guint64 buffers_opened;
  guint64 refusals;
} DrtSecurityCounters;

void       drt_derived_key_provider_get_counters (const DRT_SECURITY_PROVIDER *provider, DrtSecurityCounters *counters) DRT_API;

G_END_DECLS
