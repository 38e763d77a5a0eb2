/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-certificate-private.h"
#include "drt-derived-key-profile.h"
#include "drt-derived-key.h"

/* The parts of the derived key provider among themselves. */

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)

static inline DrtSpan
drt_span_of (const DRT_DATA *data)
{
  return data != NULL ? (DrtSpan) { data->pb, data->pb != NULL ? data->cb : 0 } : (DrtSpan) { 0 };
}

/* drt-derived-key-chain.c */
HRESULT drt_derived_key_provider_check_root     (DrtDerivedKeyProvider *self);
HRESULT drt_derived_key_provider_make_identity  (DrtDerivedKeyProvider *self, PCCERT_CONTEXT certificate, const DrtKey *key,
                                                 DrtIdentity **identity);
HRESULT drt_derived_key_provider_check_identity (DrtDerivedKeyProvider *self, DrtIdentity *identity);

/* drt-derived-key-payload.c */
HRESULT drt_derived_key_provider_pack           (const PVOID context, PVOID key_context, BYTE major, BYTE minor, DWORD flags,
                                                 const DRT_DATA *key, const DRT_DATA *payload,
                                                 const SOCKET_ADDRESS_LIST *addresses, const DRT_DATA *nonce,
                                                 DRT_DATA *secured_address_payload, DRT_DATA *classifier,
                                                 DRT_DATA *secured_payload, DRT_DATA *certificate_chain);
HRESULT drt_derived_key_provider_unpack         (const PVOID context, DRT_DATA *secured_address_payload,
                                                 DRT_DATA *certificate_chain, DRT_DATA *classifier, DRT_DATA *nonce,
                                                 DRT_DATA *secured_payload, BYTE *major, BYTE *minor, DRT_DATA *key,
                                                 DRT_DATA *payload, CERT_PUBLIC_KEY_INFO **public_key,
                                                 SOCKET_ADDRESS_LIST **addresses, DWORD *flags);

/* drt-derived-key-provider.c */
void    drt_derived_key_provider_judge          (DrtDerivedKeyProvider *self, HRESULT hr);
HRESULT drt_derived_key_provider_get_credential (DrtDerivedKeyProvider *self, DrtIdentity *identity, DRT_DATA *credential);

G_END_DECLS
