/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-hresult.h"
#include "drt-macros.h"
#include "drt-types.h"

/*
 * The Distributed Routing Table: a mesh of nodes that finds 256-bit keys and
 * what was published with them.  Names, types and values are Windows', so that
 * a program written for its drt.h compiles; see [MC-DRT] for the protocol.
 *
 * - Keys are 32 bytes, pb[0] the least significant.
 * - An event HANDLE is an eventfd: `(HANDLE) (intptr_t) eventfd (0, EFD_CLOEXEC |
 *   EFD_NONBLOCK)`.  It is readable while something waits to be fetched; the
 *   library writes it and clears it, the program only polls it.  NULL is no
 *   event, so descriptor 0 cannot be one.  Close it after DrtClose() or
 *   DrtEndSearch().
 * - All functions may be called from any thread, and from callbacks.
 * - What the program creates it deletes, after DrtClose(), in any order.
 */

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Transport ---------------------------------------------------------- */

/**
 * DrtCreateIpv6UdpTransport:
 * @scope: which of the host's addresses the mesh is made of
 * @dwScopeId: an interface index, or 0.  DRT_LINK_LOCAL_SCOPE needs one, unless
 *   only one interface has a link-local address.  With DRT_GLOBAL_SCOPE, 0 means all
 *   interfaces (and ::1 where the host has no other address), an index only the
 *   addresses of that interface: with the loopback interface, ::1
 * @dwLocalityThreshold: how much it counts that a node is near on the network when
 *   one of those that would serve the route cache alike is chosen.  The cache keeps
 *   one entry for each stretch of the key space, best the one in its middle.  An
 *   address that shares its first 64 bits with one of this host outweighs being this
 *   many thousandths of the stretch farther from the middle, fewer common bits less in
 *   proportion.  0: where a node is does not matter; 300, which the sample of the
 *   Windows SDK gives, is a moderate preference; from 500 on a node of the same subnet
 *   is preferred to one with no bit in common wherever it lies in the stretch.  Leaf sets
 *   are not affected, nor what is found
 * @pwPort: (inout): the wanted UDP port, host byte order, from 1024 on, or 0 for
 *   any; the bound one on return
 * @phTransport: (out): the transport, for one node
 *
 * Binds a UDP port.  Whether the host has an address of the scope is no matter
 * here: a node without one is DRT_NO_NETWORK until there is.
 *
 * Returns: S_OK; DRT_E_INVALID_PORT (@pwPort NULL, or below 1024);
 *   DRT_E_INVALID_TRANSPORT_PROVIDER (@phTransport NULL); DRT_E_INVALID_SCOPE (none
 *   of the enumeration); E_OUTOFMEMORY; HRESULT_FROM_WIN32 (10048, WSAEADDRINUSE)
 *   for an occupied port and similar codes of the system;
 *   DRT_E_TRANSPORT_UNEXPECTED for those that have no such number.  An index that
 *   names no interface is told by DrtOpen()
 */
HRESULT WINAPI DrtCreateIpv6UdpTransport (DRT_SCOPE       scope,
                                          ULONG           dwScopeId,
                                          ULONG           dwLocalityThreshold,
                                          USHORT         *pwPort,
                                          HDRT_TRANSPORT *phTransport) DRT_API;

/**
 * DrtDeleteIpv6UdpTransport:
 *
 * Returns: S_OK; DRT_E_INVALID_TRANSPORT_PROVIDER (not one);
 *   DRT_E_TRANSPORT_STILL_BOUND (a node is open on it: DrtClose() first);
 *   DRT_E_TRANSPORTPROVIDER_IN_USE (a node is being opened or closed on it);
 *   DRT_E_TRANSPORT_EXECUTING_CALLBACK (called from inside a callback of its node:
 *   delete it later)
 */
HRESULT WINAPI DrtDeleteIpv6UdpTransport (HDRT_TRANSPORT hTransport) DRT_API;

/* ---- Bootstrap resolvers: for one node each ----------------------------- */

/**
 * DrtCreateDnsBootstrapResolver:
 * @port: where the well-known nodes listen, host byte order
 * @pwszAddress: their host names or addresses, separated by spaces or semicolons
 * @ppModule: (out)
 *
 * Looks the names up anew in each bootstrap.  IPv4 addresses are of no use and
 * left out.  A name that does not resolve is no fatal error: the node is alone
 * and tries again.
 *
 * Returns: S_OK; E_INVALIDARG (@pwszAddress or @ppModule NULL, @pwszAddress not
 *   valid wide text, @port below 1024, where no node can listen); E_OUTOFMEMORY
 */
HRESULT WINAPI DrtCreateDnsBootstrapResolver (USHORT                   port,
                                              PCWSTR                   pwszAddress,
                                              DRT_BOOTSTRAP_PROVIDER **ppModule) DRT_API;
VOID    WINAPI DrtDeleteDnsBootstrapResolver (DRT_BOOTSTRAP_PROVIDER *pResolver) DRT_API;

/**
 * DrtCreateListBootstrapResolver:
 * @cEndpoints: number of @ppwszEndpoints; 0 names nobody: the first node of a
 *   new mesh
 * @ppwszEndpoints: each "host:port" or "[address]:port"
 * @ppModule: (out)
 *
 * libdrt's own: well-known nodes with a port each.  Otherwise as
 * DrtCreateDnsBootstrapResolver().
 *
 * Returns: S_OK; E_INVALIDARG (@ppModule NULL, a NULL endpoint, or one without
 *   host or with a port outside 1024 .. 65535); E_OUTOFMEMORY
 */
HRESULT WINAPI DrtCreateListBootstrapResolver (ULONG                    cEndpoints,
                                               const PCWSTR            *ppwszEndpoints,
                                               DRT_BOOTSTRAP_PROVIDER **ppModule) DRT_API;
VOID    WINAPI DrtDeleteListBootstrapResolver (DRT_BOOTSTRAP_PROVIDER *pResolver) DRT_API;

/**
 * DrtCreatePnrpBootstrapResolver:
 * @fPublish: whether to be found by the name as well
 * @pwzPeerName: at most 137 characters, "0.Example"; capitals count
 * @pwzCloudName: (nullable): where to look, at most 256 characters: "Global_",
 *   "SiteLocal_", "AllLinkLocal_", NULL or "" for every network of this host,
 *   "LinkLocal_ff00::%eth0/8" for that of one interface, by name or number
 * @pwzPublishingIdentity: (nullable): at most 137 characters.  Without effect: no
 *   one in the local network could check it
 * @ppResolver: (out): set also when DRT_S_RETRY is returned
 *
 * Finding nodes by a peer name in the local network.  PNRP is gone; the name is
 * published and looked for over multicast DNS (DNS-SD, RFC 6763) by Avahi: each
 * node as an instance of `_drt._udp` with a host name and the addresses that the
 * DRT hands to Register(), and with a subtype made of the SHA-256 of the name, by
 * which it is found.  Any number of nodes may publish the same name.
 *
 * Addresses are told as they come.  A resolve ends with DRT_E_NO_MORE when Avahi
 * has heard of no others for about a second, when there are as many as were wanted,
 * or when its time is up.  While Avahi is not there, it ends at once without any;
 * when it comes, or comes again, what is registered is published.
 *
 * The resolver has a thread of its own, in which the callback is called.  Deleting
 * it, which takes back what it published, waits for that thread.
 *
 * Returns: S_OK; DRT_S_RETRY (there is no Avahi, or it did not answer within a
 *   second: the resolver can be used and will notice when that changes, so there is
 *   no need to create another); E_INVALIDARG (@pwzPeerName NULL or empty, a text too
 *   long or not valid wide text, no such cloud, @ppResolver NULL); E_OUTOFMEMORY
 */
HRESULT WINAPI DrtCreatePnrpBootstrapResolver (BOOL                     fPublish,
                                               PCWSTR                   pwzPeerName,
                                               PCWSTR                   pwzCloudName,
                                               PCWSTR                   pwzPublishingIdentity,
                                               DRT_BOOTSTRAP_PROVIDER **ppResolver) DRT_API;
VOID    WINAPI DrtDeletePnrpBootstrapResolver (DRT_BOOTSTRAP_PROVIDER *pResolver) DRT_API;

/* ---- Security providers: for one node each ------------------------------ */

/**
 * DrtCreateNullSecurityProvider:
 *
 * No proof and no encryption, in any mode: for laboratories and tests.
 *
 * Returns: S_OK; E_INVALIDARG (@ppSecurityProvider NULL); E_OUTOFMEMORY
 */
HRESULT WINAPI DrtCreateNullSecurityProvider (DRT_SECURITY_PROVIDER **ppSecurityProvider) DRT_API;
VOID    WINAPI DrtDeleteNullSecurityProvider (DRT_SECURITY_PROVIDER *pSecurityProvider) DRT_API;

/**
 * DrtCreateDerivedKeySecurityProvider:
 * @pRootCert: what all members' chains end in: an authority that signed itself
 * @pLocalCert: (nullable): this node's certificate with its private key.  Without
 *   one the node can be opened with DRT_SECURE_RESOLVE only
 * @ppSecurityProvider: (out): to be deleted after DrtClose()
 *
 * Keys derived from certificates ([MC-DRT] §2.2.3.1).  The root's key decides the
 * profile: RSA with 1024 bits the 1.0 that Windows speaks, Ed25519 and P-256 the
 * 2.0 of security/PROFILE-2.0.md.  A node of one refuses what the other sends.
 *
 * DrtRegisterKey() takes as pvKeyContext the PCCERT_CONTEXT of the key's certificate,
 * which may be freed afterwards; NULL stands for @pLocalCert.  It answers
 * DRT_E_INVALID_KEY where another key derives from that, or there is none;
 * DRT_E_INVALID_CERT_CHAIN where its chain is not good; DRT_E_CAPABILITY_MISMATCH where
 * it has no private key or is of the other profile.
 *
 * drt-certificate.h reads and makes certificates; the hCertStore of a context made
 * otherwise is NULL.
 *
 * Returns: S_OK; E_INVALIDARG (@pRootCert or @ppSecurityProvider NULL); E_OUTOFMEMORY;
 *   DRT_E_CAPABILITY_MISMATCH (a key that is fit for no profile, or for another than
 *   the root's; no private key; OpenSSL lacks an algorithm); DRT_E_INVALID_CERT_CHAIN
 *   (hCertStore NULL, a root that is none or not valid now, a chain that is not good)
 */
HRESULT WINAPI DrtCreateDerivedKeySecurityProvider (PCCERT_CONTEXT          pRootCert,
                                                    PCCERT_CONTEXT          pLocalCert,
                                                    DRT_SECURITY_PROVIDER **ppSecurityProvider) DRT_API;
VOID    WINAPI DrtDeleteDerivedKeySecurityProvider (DRT_SECURITY_PROVIDER *pSecurityProvider) DRT_API;

/**
 * DrtCreateDerivedKey:
 * @pLocalCert: a certificate
 * @pKey: (inout): a buffer of exactly 32 bytes, which get the key
 *
 * The key that belongs to a certificate: SHA-256 of the content of its
 * subjectPublicKey in profile 1.0, of the whole SubjectPublicKeyInfo in 2.0.
 *
 * Returns: S_OK; E_INVALIDARG (an argument NULL, pb NULL, cb not 32);
 *   DRT_E_CAPABILITY_MISMATCH (its key is fit for no profile, or it is no certificate)
 */
HRESULT WINAPI DrtCreateDerivedKey (PCCERT_CONTEXT pLocalCert,
                                    DRT_DATA      *pKey) DRT_API;

/* ---- A node ------------------------------------------------------------- */

/**
 * DrtOpen:
 * @pSettings: copied; transport and providers must stay until DrtClose()
 * @hEvent: (nullable): readable while an event waits
 * @pvContext: (nullable): comes back in every event
 * @phDrt: (out): the node
 *
 * Opens a node and begins to look for others; the first status event tells
 * whether there are any.  Its work is done in a thread of the library's.
 *
 * Arguments are checked in the order of this list, then security provider,
 * transport and bootstrap provider are attached.
 *
 * Returns: S_OK, or DRT_S_RETRY when the bootstrap provider says so (open all
 *   the same); E_INVALIDARG (@phDrt NULL, @hEvent no descriptor);
 *   DRT_E_INVALID_SETTINGS (NULL or dwSize wrong); DRT_E_INVALID_KEY_SIZE (cbKey not
 *   32); DRT_E_INVALID_MAX_ADDRESSES; DRT_E_INVALID_TRANSPORT_PROVIDER (NULL, or no
 *   transport any more); DRT_E_INVALID_SECURITY_MODE;
 *   DRT_E_INVALID_SECURITY_PROVIDER and DRT_E_INVALID_BOOTSTRAP_PROVIDER (NULL or a
 *   function missing); DRT_E_INVALID_INSTANCE_PREFIX (more than 128 characters);
 *   DRT_E_TRANSPORT_INVALID_ARGUMENT (the transport's interface does not exist);
 *   DRT_E_TRANSPORTPROVIDER_IN_USE (another node is open there);
 *   DRT_E_TRANSPORT_ALREADY_BOUND (another node was open there: a transport
 *   serves one); DRT_E_TRANSPORT_SHUTTING_DOWN (that node is just saying good-bye, or
 *   the transport is being deleted); DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED (that node has
 *   let go of it and is still closing); DRT_E_SECURITYPROVIDER_IN_USE,
 *   DRT_E_BOOTSTRAPPROVIDER_IN_USE, DRT_E_INVALID_CERT_CHAIN, DRT_E_CAPABILITY_MISMATCH,
 *   E_FAIL and whatever else the providers' Attach returns, or in the modes 1 and 2
 *   GetSerializedCredential; E_OUTOFMEMORY
 */
HRESULT WINAPI DrtOpen (const DRT_SETTINGS *pSettings,
                        HANDLE              hEvent,
                        const PVOID         pvContext,
                        HDRT               *phDrt) DRT_API;

/**
 * DrtClose:
 *
 * Withdraws every key, tells the mesh, and lets go of transport and providers.
 * All handles of the node end with it.  It has happened when the function
 * returns; called from inside a callback of the node it happens as soon as the
 * callback has returned.  Anything but an open node is ignored.
 */
VOID    WINAPI DrtClose (HDRT hDrt) DRT_API;

/**
 * DrtGetEventDataSize:
 * @pulEventDataLen: (out): bytes the oldest waiting event takes
 *
 * Returns: S_OK; E_INVALIDARG; E_HANDLE; DRT_E_NO_MORE (none waits); E_UNEXPECTED
 *   (the node is being closed)
 */
HRESULT WINAPI DrtGetEventDataSize (HDRT   hDrt,
                                    ULONG *pulEventDataLen) DRT_API;

/**
 * DrtGetEventData:
 * @ulEventDataLen: bytes at @pEventData
 * @pEventData: (out): the event; its pointers point into the same bytes
 *
 * Fetches the oldest waiting event.
 *
 * Returns: S_OK; E_INVALIDARG; E_HANDLE; DRT_E_INSUFFICIENT_BUFFER (it goes on
 *   waiting); DRT_E_NO_MORE; E_UNEXPECTED (the node is being closed)
 */
HRESULT WINAPI DrtGetEventData (HDRT            hDrt,
                                ULONG           ulEventDataLen,
                                DRT_EVENT_DATA *pEventData) DRT_API;

/* ---- Keys --------------------------------------------------------------- */

/**
 * DrtRegisterKey:
 * @pRegistration: copied
 * @pvKeyContext: (nullable): goes to the security provider with everything about
 *   this key; the provider's UnregisterKey is the last to get it
 * @phKeyRegistration: (out)
 *
 * Publishes a key and its payload.  Alone and without a network as well: others
 * find it as soon as there are any.
 *
 * Returns: S_OK; E_INVALIDARG (an argument or key.pb NULL, payload of 0 or more than
 *   5120 bytes); DRT_E_INVALID_KEY_SIZE (not 32); E_HANDLE; DRT_E_FAULTED;
 *   DRT_E_DUPLICATE_KEY (registered with this node already);
 *   DRT_E_TRANSPORT_NO_DEST_ADDRESSES (the interface the transport is for is gone);
 *   what the security provider's RegisterKey returns (DRT_E_INVALID_KEY,
 *   DRT_E_INVALID_CERT_CHAIN, DRT_E_CAPABILITY_MISMATCH,
 *   DRT_E_SECURITYPROVIDER_NOT_ATTACHED, E_FAIL, …); while the node is being closed,
 *   in this order, E_UNEXPECTED (keys are withdrawn), DRT_E_TRANSPORT_SHUTTING_DOWN (the
 *   mesh is told), DRT_E_TRANSPORT_NOT_BOUND (the port is let go),
 *   DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED and DRT_E_INVALID_TRANSPORT_PROVIDER (the
 *   transport is); E_OUTOFMEMORY
 */
HRESULT WINAPI DrtRegisterKey (HDRT                      hDrt,
                               DRT_REGISTRATION         *pRegistration,
                               PVOID                     pvKeyContext,
                               HDRT_REGISTRATION_CONTEXT *phKeyRegistration) DRT_API;

/**
 * DrtUpdateKey:
 * @pAppData: the new payload, copied; it may be empty, with pb not NULL
 *
 * Returns: S_OK; E_INVALIDARG (@pAppData or pb NULL, more than 5120 bytes);
 *   E_HANDLE; E_OUTOFMEMORY
 */
HRESULT WINAPI DrtUpdateKey (HDRT_REGISTRATION_CONTEXT hKeyRegistration,
                             DRT_DATA                 *pAppData) DRT_API;

/**
 * DrtUnregisterKey:
 *
 * Withdraws a key.  The handle ends; a leaf set event with DRT_LEAFSET_KEY_DELETED
 * and this key on both sides tells that it has happened.
 */
VOID    WINAPI DrtUnregisterKey (HDRT_REGISTRATION_CONTEXT hKeyRegistration) DRT_API;

/* ---- Searches ----------------------------------------------------------- */

/**
 * DrtStartSearch:
 * @pKey: the key sought, copied
 * @pInfo: (nullable): what counts as a match; NULL, or both range keys NULL: that key
 *   only.  With a range, the nearest key in it counts
 * @timeout: milliseconds
 * @hEvent: (nullable): readable while a result waits or the search is over
 * @pvContext: (nullable): comes back in every result
 * @hSearchContext: (out): to be ended with DrtEndSearch()
 *
 * Returns: S_OK; E_INVALIDARG (@hSearchContext, @pKey or a pb NULL, one range key
 *   without the other, @hEvent no descriptor); DRT_E_INVALID_KEY_SIZE;
 *   DRT_E_INVALID_SEARCH_INFO (dwSize wrong); DRT_E_INVALID_MAX_ENDPOINTS (0, or more than
 *   1 with fAnyMatchInRange); DRT_E_INVALID_SEARCH_RANGE (minimum above maximum, or
 *   the key outside); E_HANDLE; DRT_E_FAULTED; E_UNEXPECTED (the node is being closed);
 *   E_OUTOFMEMORY
 */
HRESULT WINAPI DrtStartSearch (HDRT                   hDrt,
                               DRT_DATA              *pKey,
                               const DRT_SEARCH_INFO *pInfo,
                               ULONG                  timeout,
                               HANDLE                 hEvent,
                               const PVOID            pvContext,
                               HDRT_SEARCH_CONTEXT   *hSearchContext) DRT_API;

/**
 * DrtContinueSearch:
 *
 * Lets an iterative search take the hop it told of.
 *
 * Returns: S_OK; E_HANDLE; E_UNEXPECTED (not an iterative search)
 */
HRESULT WINAPI DrtContinueSearch (HDRT_SEARCH_CONTEXT hSearchContext) DRT_API;

/**
 * DrtGetSearchResultSize:
 * @pulSearchResultSize: (out): bytes the next result takes
 *
 * Returns: S_OK; E_INVALIDARG; E_HANDLE; and when no result waits:
 *   DRT_E_SEARCH_IN_PROGRESS (wait for the event again), DRT_E_NO_MORE (it is over),
 *   DRT_E_TIMEOUT (its time is over), DRT_E_FAULTED, E_OUTOFMEMORY (there was no
 *   memory for a result)
 */
HRESULT WINAPI DrtGetSearchResultSize (HDRT_SEARCH_CONTEXT hSearchContext,
                                       ULONG              *pulSearchResultSize) DRT_API;

/**
 * DrtGetSearchResult:
 * @ulSearchResultSize: bytes at @pSearchResult
 * @pSearchResult: (out): the next result; its pointers point into the same bytes
 *
 * Returns: as DrtGetSearchResultSize(), and DRT_E_INSUFFICIENT_BUFFER (it goes on
 *   waiting)
 */
HRESULT WINAPI DrtGetSearchResult (HDRT_SEARCH_CONTEXT hSearchContext,
                                   ULONG               ulSearchResultSize,
                                   DRT_SEARCH_RESULT  *pSearchResult) DRT_API;

/**
 * DrtGetSearchPathSize:
 * @pulSearchPathSize: (out): bytes, not nodes
 *
 * The path: the nodes asked so far, and what came of it.  It may grow between
 * this call and DrtGetSearchPath() while the search runs.
 *
 * Returns: S_OK; E_INVALIDARG; E_HANDLE
 */
HRESULT WINAPI DrtGetSearchPathSize (HDRT_SEARCH_CONTEXT hSearchContext,
                                     ULONG              *pulSearchPathSize) DRT_API;

/**
 * DrtGetSearchPath:
 *
 * Returns: S_OK; E_INVALIDARG; E_HANDLE; DRT_E_INSUFFICIENT_BUFFER
 */
HRESULT WINAPI DrtGetSearchPath (HDRT_SEARCH_CONTEXT hSearchContext,
                                 ULONG               ulSearchPathSize,
                                 DRT_ADDRESS_LIST   *pSearchPath) DRT_API;

/**
 * DrtEndSearch:
 *
 * Ends a search, running or over, with all its results.
 *
 * Returns: S_OK; E_HANDLE
 */
HRESULT WINAPI DrtEndSearch (HDRT_SEARCH_CONTEXT hSearchContext) DRT_API;

/* ---- Instance name ------------------------------------------------------ */

/**
 * DrtGetInstanceNameSize:
 * @pulcbInstanceNameSize: (out): bytes, with the terminating NUL
 *
 * The name: the prefix of the settings, the process id and a number that no
 * other node of the process had: "Local_DRT.4711.1".
 *
 * Returns: S_OK; E_INVALIDARG; E_HANDLE
 */
HRESULT WINAPI DrtGetInstanceNameSize (HDRT   hDrt,
                                       ULONG *pulcbInstanceNameSize) DRT_API;

/**
 * DrtGetInstanceName:
 * @ulcbInstanceNameSize: bytes at @pwzDrtInstanceName
 *
 * Returns: S_OK; E_INVALIDARG; E_HANDLE; DRT_E_INSUFFICIENT_BUFFER
 */
HRESULT WINAPI DrtGetInstanceName (HDRT  hDrt,
                                   ULONG ulcbInstanceNameSize,
                                   PWSTR pwzDrtInstanceName) DRT_API;

#ifdef __cplusplus
}
#endif
