/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <wchar.h>

#include "drt-hresult.h"

/*
 * The types of drt.h, and those of Windows that they are made of.  All sizes and
 * offsets are the ones of 64-bit Windows, except that WCHAR is wchar_t, so that
 * L"…" literals can be handed over as they are.
 */

#ifdef __cplusplus
extern "C" {
#endif

/* Scalars.  Fixed width: `unsigned long` has 64 bits here. */
typedef uint8_t  BYTE;
typedef uint16_t USHORT;
typedef uint32_t ULONG;
typedef uint32_t DWORD;
typedef uint32_t UINT;
typedef int32_t  LONG;
typedef int32_t  INT;
typedef int32_t  BOOL;
typedef void    *PVOID;
typedef void    *HANDLE;
typedef char    *LPSTR;
typedef wchar_t  WCHAR;
typedef WCHAR   *PWSTR;
typedef const WCHAR *PCWSTR;

#ifndef VOID
#define VOID void
#endif
#ifndef FALSE
#define FALSE 0
#endif
#ifndef TRUE
#define TRUE 1
#endif
#ifndef WINAPI
#define WINAPI
#endif
#ifndef CALLBACK
#define CALLBACK
#endif

/* Addresses. */
typedef struct sockaddr          SOCKADDR, *PSOCKADDR, *LPSOCKADDR;
typedef struct sockaddr_in6      SOCKADDR_IN6, *PSOCKADDR_IN6;
typedef struct sockaddr_storage  SOCKADDR_STORAGE, *PSOCKADDR_STORAGE;

typedef struct _SOCKET_ADDRESS
{
  LPSOCKADDR lpSockaddr;
  INT iSockaddrLength;             /* bytes */
} SOCKET_ADDRESS, *PSOCKET_ADDRESS;

typedef struct _SOCKET_ADDRESS_LIST
{
  INT iAddressCount;
  SOCKET_ADDRESS Address[1];       /* iAddressCount of them */
} SOCKET_ADDRESS_LIST, *PSOCKET_ADDRESS_LIST;

#define SIZEOF_SOCKET_ADDRESS_LIST(n) \
  (offsetof (SOCKET_ADDRESS_LIST, Address) + (size_t) (n) * sizeof (SOCKET_ADDRESS))

/* Certificates. */
typedef struct _CRYPTOAPI_BLOB
{
  DWORD cbData;
  BYTE *pbData;
} CRYPT_OBJID_BLOB, *PCRYPT_OBJID_BLOB;

typedef struct _CRYPT_BIT_BLOB
{
  DWORD cbData;
  BYTE *pbData;
  DWORD cUnusedBits;
} CRYPT_BIT_BLOB, *PCRYPT_BIT_BLOB;

typedef struct _CRYPT_ALGORITHM_IDENTIFIER
{
  LPSTR pszObjId;                  /* dotted text */
  CRYPT_OBJID_BLOB Parameters;
} CRYPT_ALGORITHM_IDENTIFIER, *PCRYPT_ALGORITHM_IDENTIFIER;

typedef struct _CERT_PUBLIC_KEY_INFO
{
  CRYPT_ALGORITHM_IDENTIFIER Algorithm;
  CRYPT_BIT_BLOB PublicKey;
} CERT_PUBLIC_KEY_INFO, *PCERT_PUBLIC_KEY_INFO;

typedef struct _CERT_INFO CERT_INFO, *PCERT_INFO;
typedef PVOID HCERTSTORE;

#define X509_ASN_ENCODING  0x00000001
#define PKCS_7_ASN_ENCODING 0x00010000

/* A certificate: its encoding, and what libdrt keeps with it (the decoded
 * certificate; its chain and private key), which only libdrt looks into. */
typedef struct _CERT_CONTEXT
{
  DWORD dwCertEncodingType;        /* X509_ASN_ENCODING */
  BYTE *pbCertEncoded;             /* DER */
  DWORD cbCertEncoded;
  PCERT_INFO pCertInfo;
  HCERTSTORE hCertStore;
} CERT_CONTEXT, *PCERT_CONTEXT;
typedef const CERT_CONTEXT *PCCERT_CONTEXT;

/* Handles.  Numbers into a table of the library: a stale, foreign or made-up
 * one is answered with E_HANDLE. */
typedef PVOID HDRT;
typedef PVOID HDRT_SEARCH_CONTEXT;
typedef PVOID HDRT_TRANSPORT;
typedef PVOID HDRT_REGISTRATION_CONTEXT;
typedef PVOID DRT_BOOTSTRAP_RESOLVE_CONTEXT;   /* belongs to the bootstrap provider */

#define DRT_PAYLOAD_REVOKED            1    /* the key of this CPA is no more */
#define DRT_MIN_ROUTING_ADDRESSES      1
#define DRT_MAX_ROUTING_ADDRESSES      20
#define DRT_MAX_PAYLOAD_SIZE           5120 /* bytes */
#define DRT_MAX_INSTANCE_PREFIX_LEN    128  /* characters, without the terminating NUL */
#define DRT_LINK_LOCAL_ISATAP_SCOPEID  0xFFFFFFFFu

typedef enum drt_scope_tag
{
  DRT_GLOBAL_SCOPE     = 1,
  DRT_SITE_LOCAL_SCOPE = 2,        /* deprecated by IPv6 itself, fec0::/10 */
  DRT_LINK_LOCAL_SCOPE = 3,
} DRT_SCOPE;

typedef enum drt_status_tag
{
  DRT_ACTIVE     = 0,              /* other nodes are known */
  DRT_ALONE      = 1,              /* no other node is known */
  DRT_NO_NETWORK = 10,             /* no usable address */
  DRT_FAULTED    = 20,             /* a critical local error: only DrtClose() helps */
} DRT_STATUS;

typedef enum drt_match_type_tag
{
  DRT_MATCH_EXACT        = 0,      /* the key sought; with fAnyMatchInRange any key in the range */
  DRT_MATCH_NEAR         = 1,      /* the key nearest to the one sought */
  DRT_MATCH_INTERMEDIATE = 2,      /* the next hop of an iterative search */
} DRT_MATCH_TYPE;

typedef enum drt_leafset_key_change_type_tag
{
  DRT_LEAFSET_KEY_ADDED   = 0,
  DRT_LEAFSET_KEY_DELETED = 1,
} DRT_LEAFSET_KEY_CHANGE_TYPE;

typedef enum drt_event_type_tag
{
  DRT_EVENT_STATUS_CHANGED             = 0,
  DRT_EVENT_LEAFSET_KEY_CHANGED        = 1,
  DRT_EVENT_REGISTRATION_STATE_CHANGED = 2,
} DRT_EVENT_TYPE;

typedef enum drt_security_mode_tag
{
  DRT_SECURE_RESOLVE             = 0, /* publishers prove that they own their keys */
  DRT_SECURE_MEMBERSHIP          = 1, /* and searchers that they belong to the mesh */
  DRT_SECURE_CONFIDENTIALPAYLOAD = 2, /* and what they say is encrypted */
} DRT_SECURITY_MODE;

typedef enum _DRT_REGISTRATION_STATE
{
  DRT_REGISTRATION_STATE_UNRESOLVEABLE = 1, /* the provider can no longer vouch for the key */
} DRT_REGISTRATION_STATE, *PDRT_REGISTRATION_STATE;

typedef enum _DRT_ADDRESS_FLAGS
{
  DRT_ADDRESS_FLAG_ACCEPTED                = 0x01, /* its answer moved the search forward */
  DRT_ADDRESS_FLAG_REJECTED                = 0x02, /* its answer was no nearer than what was known */
  DRT_ADDRESS_FLAG_UNREACHABLE             = 0x04, /* no answer */
  DRT_ADDRESS_FLAG_LOOP                    = 0x08, /* it named a node that had been asked before */
  DRT_ADDRESS_FLAG_TOO_BUSY                = 0x10, /* it said it was too busy */
  DRT_ADDRESS_FLAG_BAD_VALIDATE_ID         = 0x20, /* it does not publish the key it was asked as */
  DRT_ADDRESS_FLAG_SUSPECT_UNREGISTERED_ID = 0x40, /* it believes that the key sought is not registered */
  DRT_ADDRESS_FLAG_INQUIRE                 = 0x80, /* it was asked to prove that it owns its key */
} DRT_ADDRESS_FLAGS, *PDRT_ADDRESS_FLAGS;

typedef struct drt_data_tag
{
  ULONG cb;                        /* bytes */
  BYTE *pb;
} DRT_DATA, *PDRT_DATA;
typedef const DRT_DATA *PCDRT_DATA;

typedef struct drt_registration_tag
{
  DRT_DATA key;                    /* 32 bytes, the least significant first */
  DRT_DATA appData;                /* 1 .. DRT_MAX_PAYLOAD_SIZE bytes */
} DRT_REGISTRATION, *PDRT_REGISTRATION;
typedef const DRT_REGISTRATION *PCDRT_REGISTRATION;

/* How members of a mesh prove who they are.  DrtCreateNullSecurityProvider()
 * gives one; a program may supply its own.  Whatever a function puts into a
 * DRT_DATA or behind a pointer to a pointer, the library gives back to
 * FreeData: one call for each, so each must be one block.  RegisterKey is called
 * in the thread that registers, all else in the one that runs the node; no lock
 * of the library is held. */
typedef struct drt_security_provider_tag
{
  PVOID pvContext;
  HRESULT (*Attach)        (const PVOID pvContext);
  VOID    (*Detach)        (const PVOID pvContext);
  HRESULT (*RegisterKey)   (const PVOID pvContext, const DRT_REGISTRATION *pRegistration, PVOID pvKeyContext);
  HRESULT (*UnregisterKey) (const PVOID pvContext, const DRT_DATA *pKey, PVOID pvKeyContext);
  HRESULT (*ValidateAndUnpackPayload) (const PVOID pvContext,
                                       DRT_DATA *pSecuredAddressPayload,
                                       DRT_DATA *pCertChain,
                                       DRT_DATA *pClassifier,
                                       DRT_DATA *pNonce,
                                       DRT_DATA *pSecuredPayload,
                                       BYTE *pbProtocolMajor,
                                       BYTE *pbProtocolMinor,
                                       DRT_DATA *pKey,
                                       DRT_DATA *pPayload,
                                       CERT_PUBLIC_KEY_INFO **ppPublicKey,
                                       SOCKET_ADDRESS_LIST **ppAddressList,
                                       DWORD *pdwFlags);
  HRESULT (*SecureAndPackPayload) (const PVOID pvContext,
                                   PVOID pvKeyContext,
                                   BYTE bProtocolMajor,
                                   BYTE bProtocolMinor,
                                   DWORD dwFlags,
                                   const DRT_DATA *pKey,
                                   const DRT_DATA *pPayload,
                                   const SOCKET_ADDRESS_LIST *pAddressList,
                                   const DRT_DATA *pNonce,
                                   DRT_DATA *pSecuredAddressPayload,
                                   DRT_DATA *pClassifier,
                                   DRT_DATA *pSecuredPayload,
                                   DRT_DATA *pCertChain);
  void    (*FreeData)      (const PVOID pvContext, PVOID pv);
  HRESULT (*EncryptData)   (const PVOID pvContext,
                            const DRT_DATA *pRemoteCredential,
                            DWORD dwBuffers,
                            DRT_DATA *pDataBuffers,
                            DRT_DATA *pEncryptedBuffers,
                            DRT_DATA *pKeyToken);
  HRESULT (*DecryptData)   (const PVOID pvContext,
                            DRT_DATA *pKeyToken,
                            const PVOID pvKeyContext,
                            DWORD dwBuffers,
                            DRT_DATA *pData);
  HRESULT (*GetSerializedCredential)  (const PVOID pvContext, DRT_DATA *pSelfCredential);
  HRESULT (*ValidateRemoteCredential) (const PVOID pvContext, DRT_DATA *pRemoteCredential);
  HRESULT (*SignData)      (const PVOID pvContext,
                            DWORD dwBuffers,
                            DRT_DATA *pDataBuffers,
                            DRT_DATA *pKeyIdentifier,
                            DRT_DATA *pSignature);
  HRESULT (*VerifyData)    (const PVOID pvContext,
                            DWORD dwBuffers,
                            DRT_DATA *pDataBuffers,
                            DRT_DATA *pRemoteCredentials,
                            DRT_DATA *pKeyIdentifier,
                            DRT_DATA *pSignature);
} DRT_SECURITY_PROVIDER, *PDRT_SECURITY_PROVIDER;
typedef const DRT_SECURITY_PROVIDER *PCDRT_SECURITY_PROVIDER;

/* Told by a bootstrap provider: S_OK with addresses, any number of times, and
 * DRT_E_NO_MORE at the end.  The list is valid during the call only. */
typedef void (CALLBACK *DRT_BOOTSTRAP_RESOLVE_CALLBACK) (HRESULT hr,
                                                         PVOID pvContext,
                                                         SOCKET_ADDRESS_LIST *pAddresses,
                                                         BOOL fFatalError);

/* How the first other nodes are found.  The functions of one provider are never
 * called at the same time. */
typedef struct drt_bootstrap_provider_tag
{
  PVOID pvContext;
  HRESULT (*Attach)       (const PVOID pvContext);
  VOID    (*Detach)       (const PVOID pvContext);
  HRESULT (*InitResolve)  (const PVOID pvContext,
                           BOOL fSplitDetect,
                           ULONG timeout,
                           ULONG cMaxResults,
                           DRT_BOOTSTRAP_RESOLVE_CONTEXT *ResolveContext,
                           BOOL *fFatalError);
  HRESULT (*IssueResolve) (const PVOID pvContext,
                           const PVOID pvCallbackContext,
                           DRT_BOOTSTRAP_RESOLVE_CALLBACK callback,
                           DRT_BOOTSTRAP_RESOLVE_CONTEXT ResolveContext,
                           BOOL *fFatalError);
  VOID    (*EndResolve)   (const PVOID pvContext, DRT_BOOTSTRAP_RESOLVE_CONTEXT ResolveContext);
  HRESULT (*Register)     (const PVOID pvContext, const SOCKET_ADDRESS_LIST *pAddressList);
  VOID    (*Unregister)   (const PVOID pvContext);
} DRT_BOOTSTRAP_PROVIDER, *PDRT_BOOTSTRAP_PROVIDER;
typedef const DRT_BOOTSTRAP_PROVIDER *PCDRT_BOOTSTRAP_PROVIDER;

typedef struct drt_settings_tag
{
  DWORD dwSize;                    /* sizeof (DRT_SETTINGS) */
  ULONG cbKey;                     /* 32 */
  BYTE bProtocolMajorVersion;      /* chosen by the application, in every message */
  BYTE bProtocolMinorVersion;
  ULONG ulMaxRoutingAddresses;     /* published with a key, 1 .. 20 */
  PWSTR pwzDrtInstancePrefix;      /* of the instance name; NULL for a default one */
  HDRT_TRANSPORT hTransport;
  DRT_SECURITY_PROVIDER *pSecurityProvider;
  DRT_BOOTSTRAP_PROVIDER *pBootstrapProvider;
  DRT_SECURITY_MODE eSecurityMode; /* the same for all nodes of a mesh */
} DRT_SETTINGS, *PDRT_SETTINGS;
typedef const DRT_SETTINGS *PCDRT_SETTINGS;

typedef struct drt_search_info_tag
{
  DWORD dwSize;                    /* sizeof (DRT_SEARCH_INFO) */
  BOOL fIterative;                 /* stop at each hop until DrtContinueSearch() */
  BOOL fAllowCurrentInstanceMatch; /* keys registered here count */
  BOOL fAnyMatchInRange;           /* the first key in the range will do */
  ULONG cMaxEndpoints;             /* results at most, >= 1 */
  DRT_DATA *pMaximumKey;
  DRT_DATA *pMinimumKey;
} DRT_SEARCH_INFO, *PDRT_SEARCH_INFO;
typedef const DRT_SEARCH_INFO *PCDRT_SEARCH_INFO;

typedef struct _DRT_ADDRESS
{
  SOCKADDR_STORAGE socketAddress;  /* a sockaddr_in6 */
  ULONG flags;                     /* DRT_ADDRESS_FLAGS */
  LONG nearness;                   /* leading bits its key shares with the one sought, 0 .. 256 */
  ULONG latency;                   /* milliseconds */
} DRT_ADDRESS, *PDRT_ADDRESS;

typedef struct _DRT_ADDRESS_LIST
{
  ULONG AddressCount;
  DRT_ADDRESS AddressList[1];      /* AddressCount of them */
} DRT_ADDRESS_LIST, *PDRT_ADDRESS_LIST;
typedef const DRT_ADDRESS_LIST *PCDRT_ADDRESS_LIST;

typedef struct drt_search_result_tag
{
  DWORD dwSize;                    /* sizeof (DRT_SEARCH_RESULT) */
  DRT_MATCH_TYPE type;
  PVOID pvContext;                 /* as given to DrtStartSearch() */
  DRT_REGISTRATION registration;   /* its pointers point into the same block */
} DRT_SEARCH_RESULT, *PDRT_SEARCH_RESULT;
typedef const DRT_SEARCH_RESULT *PCDRT_SEARCH_RESULT;

/* The arms of an event; named here because C++ wants them so. */
struct drt_leafset_key_change_event_tag
{
  DRT_LEAFSET_KEY_CHANGE_TYPE change;
  DRT_DATA localKey;
  DRT_DATA remoteKey;
};

struct drt_registration_state_change_event_tag
{
  DRT_REGISTRATION_STATE state;
  DRT_DATA localKey;
};

struct drt_bootstrap_addresses_tag
{
  ULONG cntAddress;
  PSOCKADDR_STORAGE pAddresses;
};

struct drt_status_change_event_tag
{
  DRT_STATUS status;
  struct drt_bootstrap_addresses_tag bootstrapAddresses; /* with DRT_ALONE: whom the bootstrap named */
};

typedef struct drt_event_data_tag
{
  DRT_EVENT_TYPE type;
  HRESULT hr;
  PVOID pvContext;                 /* as given to DrtOpen() */
#ifdef __cplusplus
  union
#else
  __extension__ union
#endif
  {
    struct drt_leafset_key_change_event_tag leafsetKeyChange;
    struct drt_registration_state_change_event_tag registrationStateChange;
    struct drt_status_change_event_tag statusChange;
  };
} DRT_EVENT_DATA, *PDRT_EVENT_DATA;
typedef const DRT_EVENT_DATA *PCDRT_EVENT_DATA;

#ifdef __cplusplus
}
#endif
