/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt.h"

/*
 * Sizes and offsets of drt.h are part of the interface: those of 64-bit Windows.
 * A member that moves must not compile.
 */

#define SIZE(type, bytes)           _Static_assert (sizeof (type) == (bytes), #type)
#define OFFSET(type, member, bytes) _Static_assert (offsetof (type, member) == (bytes), #type "." #member)

SIZE (ULONG, 4);
SIZE (DWORD, 4);
SIZE (LONG, 4);
SIZE (BOOL, 4);
SIZE (HRESULT, 4);
SIZE (USHORT, 2);
SIZE (HANDLE, 8);
SIZE (DRT_SCOPE, 4);
SIZE (DRT_STATUS, 4);
SIZE (DRT_EVENT_TYPE, 4);
SIZE (DRT_SECURITY_MODE, 4);
SIZE (SOCKADDR_STORAGE, 128);
SIZE (SOCKET_ADDRESS, 16);
OFFSET (SOCKET_ADDRESS_LIST, Address, 8);
SIZE (CRYPT_OBJID_BLOB, 16);
SIZE (CRYPT_BIT_BLOB, 24);
SIZE (CRYPT_ALGORITHM_IDENTIFIER, 24);
SIZE (CERT_PUBLIC_KEY_INFO, 48);
SIZE (CERT_CONTEXT, 40);

SIZE (DRT_DATA, 16);
OFFSET (DRT_DATA, pb, 8);

SIZE (DRT_REGISTRATION, 32);
OFFSET (DRT_REGISTRATION, appData, 16);

SIZE (DRT_SETTINGS, 56);
OFFSET (DRT_SETTINGS, cbKey, 4);
OFFSET (DRT_SETTINGS, bProtocolMajorVersion, 8);
OFFSET (DRT_SETTINGS, bProtocolMinorVersion, 9);
OFFSET (DRT_SETTINGS, ulMaxRoutingAddresses, 12);
OFFSET (DRT_SETTINGS, pwzDrtInstancePrefix, 16);
OFFSET (DRT_SETTINGS, hTransport, 24);
OFFSET (DRT_SETTINGS, pSecurityProvider, 32);
OFFSET (DRT_SETTINGS, pBootstrapProvider, 40);
OFFSET (DRT_SETTINGS, eSecurityMode, 48);

SIZE (DRT_SEARCH_INFO, 40);
OFFSET (DRT_SEARCH_INFO, fIterative, 4);
OFFSET (DRT_SEARCH_INFO, fAllowCurrentInstanceMatch, 8);
OFFSET (DRT_SEARCH_INFO, fAnyMatchInRange, 12);
OFFSET (DRT_SEARCH_INFO, cMaxEndpoints, 16);
OFFSET (DRT_SEARCH_INFO, pMaximumKey, 24);
OFFSET (DRT_SEARCH_INFO, pMinimumKey, 32);

SIZE (DRT_SEARCH_RESULT, 48);
OFFSET (DRT_SEARCH_RESULT, type, 4);
OFFSET (DRT_SEARCH_RESULT, pvContext, 8);
OFFSET (DRT_SEARCH_RESULT, registration, 16);

SIZE (DRT_ADDRESS, 144);
OFFSET (DRT_ADDRESS, flags, 128);
OFFSET (DRT_ADDRESS, nearness, 132);
OFFSET (DRT_ADDRESS, latency, 136);

SIZE (DRT_ADDRESS_LIST, 152);
OFFSET (DRT_ADDRESS_LIST, AddressList, 8);

SIZE (DRT_EVENT_DATA, 56);
OFFSET (DRT_EVENT_DATA, hr, 4);
OFFSET (DRT_EVENT_DATA, pvContext, 8);
OFFSET (DRT_EVENT_DATA, leafsetKeyChange.change, 16);
OFFSET (DRT_EVENT_DATA, leafsetKeyChange.localKey, 24);
OFFSET (DRT_EVENT_DATA, leafsetKeyChange.remoteKey, 40);
OFFSET (DRT_EVENT_DATA, registrationStateChange.state, 16);
OFFSET (DRT_EVENT_DATA, registrationStateChange.localKey, 24);
OFFSET (DRT_EVENT_DATA, statusChange.status, 16);
OFFSET (DRT_EVENT_DATA, statusChange.bootstrapAddresses.cntAddress, 24);
OFFSET (DRT_EVENT_DATA, statusChange.bootstrapAddresses.pAddresses, 32);

SIZE (DRT_SECURITY_PROVIDER, 112);
OFFSET (DRT_SECURITY_PROVIDER, Attach, 8);
OFFSET (DRT_SECURITY_PROVIDER, Detach, 16);
OFFSET (DRT_SECURITY_PROVIDER, RegisterKey, 24);
OFFSET (DRT_SECURITY_PROVIDER, UnregisterKey, 32);
OFFSET (DRT_SECURITY_PROVIDER, ValidateAndUnpackPayload, 40);
OFFSET (DRT_SECURITY_PROVIDER, SecureAndPackPayload, 48);
OFFSET (DRT_SECURITY_PROVIDER, FreeData, 56);
OFFSET (DRT_SECURITY_PROVIDER, EncryptData, 64);
OFFSET (DRT_SECURITY_PROVIDER, DecryptData, 72);
OFFSET (DRT_SECURITY_PROVIDER, GetSerializedCredential, 80);
OFFSET (DRT_SECURITY_PROVIDER, ValidateRemoteCredential, 88);
OFFSET (DRT_SECURITY_PROVIDER, SignData, 96);
OFFSET (DRT_SECURITY_PROVIDER, VerifyData, 104);

SIZE (DRT_BOOTSTRAP_PROVIDER, 64);
OFFSET (DRT_BOOTSTRAP_PROVIDER, Attach, 8);
OFFSET (DRT_BOOTSTRAP_PROVIDER, Detach, 16);
OFFSET (DRT_BOOTSTRAP_PROVIDER, InitResolve, 24);
OFFSET (DRT_BOOTSTRAP_PROVIDER, IssueResolve, 32);
OFFSET (DRT_BOOTSTRAP_PROVIDER, EndResolve, 40);
OFFSET (DRT_BOOTSTRAP_PROVIDER, Register, 48);
OFFSET (DRT_BOOTSTRAP_PROVIDER, Unregister, 56);

_Static_assert (DRT_E_TIMEOUT == (HRESULT) 0x80621001u, "facility");
_Static_assert (DRT_E_CAPABILITY_MISMATCH == (HRESULT) 0x8062210Fu, "facility");
_Static_assert (DRT_S_RETRY == (HRESULT) 0x00621010, "facility");
_Static_assert (DRT_HR_ADDRESS_IN_USE == HRESULT_FROM_WIN32 (10048), "number");
_Static_assert (DRT_HR_HOST_NOT_FOUND == HRESULT_FROM_WIN32 (11001), "number");
_Static_assert (DRT_HR_ADDRESS_FAMILY == HRESULT_FROM_WIN32 (10047), "number");
