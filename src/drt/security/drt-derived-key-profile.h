/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-chain.h"
#include "drt-identity.h"
#include "drt-member.h"
#include "drt-security.h"

/*
 * What tells one derived key profile from another: the content of the slots of
 * [MC-DRT] §2.2.3.1.  The provider does what is common: it checks the arguments,
 * holds its lock during each call, finds the identity, keeps verified credentials,
 * counts refusals, and packs payloads, which travel as they are.
 *
 * Blobs put into a DRT_DATA are allocated with drt_try_alloc(), outputs are empty on
 * entry, and on failure the provider frees and clears them.  What came from the network and is not
 * good is DRT_E_INVALID_MESSAGE.  Nothing is logged.
 */

G_BEGIN_DECLS

typedef struct _DrtDerivedKeyProvider DrtDerivedKeyProvider;

/* What a CPA says.  The pointers are borrowed, when unpacked from the CPA's bytes. */
typedef struct
{
  guint8 flags;               /* 0 or DRT_PAYLOAD_REVOKED */
  guint8 major;               /* of the application's protocol */
  guint8 minor;
  DrtKey key;
  DrtSpan nonce;              /* absent: none */
  DrtSpan payload;            /* the secured payload that goes or came with it; absent: none */
  DrtWireEndpoints addresses; /* 0 .. 20, none below port 1024 when packed */
  DrtPublicKey *public_key;   /* unpacked: a reference, which the provider drops */
} DrtCpaContent;

typedef struct
{
  DrtProfile profile;

  /* Fetches the algorithms, once.  DRT_E_CAPABILITY_MISMATCH: OpenSSL has not all of them. */
  HRESULT (*init)    (DrtDerivedKeyProvider *self);
  void    (*clear)   (DrtDerivedKeyProvider *self);

  /* GetSerializedCredential, and the chain that goes with a CPA.  A new reference; may be kept in @identity. */
  HRESULT (*make_credential)  (DrtDerivedKeyProvider *self, DrtIdentity *identity, GBytes **credential);
  /* Of a credential that is not among the verified ones: everything (drt_derived_key_provider_check_chain()). */
  HRESULT (*check_credential) (DrtDerivedKeyProvider *self, DrtSpan credential, DrtMember **member);

  /* @key_identifier, @signature: over the buffers in their order. */
  HRESULT (*sign)    (DrtDerivedKeyProvider *self, DrtIdentity *identity, guint n_buffers, const DRT_DATA *buffers,
                      DRT_DATA *key_identifier, DRT_DATA *signature);
  /* Cheap checks first, then drt_derived_key_provider_find_member(), then the signature. */
  HRESULT (*verify)  (DrtDerivedKeyProvider *self, guint n_buffers, const DRT_DATA *buffers,
                      DrtSpan credential, DrtSpan key_identifier, DrtSpan signature);

  HRESULT (*pack_cpa)   (DrtDerivedKeyProvider *self, DrtIdentity *identity, const DrtCpaContent *content, DRT_DATA *cpa);
  /* @credential: absent or empty where none came.  @nonce: to be compared unless absent.
   * content->payload: (in) what came with it.  All else is output. */
  HRESULT (*unpack_cpa) (DrtDerivedKeyProvider *self, DrtSpan cpa, DrtSpan credential, DrtSpan nonce, DrtCpaContent *content);

  /* @sealed: room for @n_buffers. */
  HRESULT (*seal)    (DrtDerivedKeyProvider *self, DrtSpan credential, guint n_buffers, const DRT_DATA *buffers,
                      DRT_DATA *sealed, DRT_DATA *keytoken);
  /* In place; cb becomes the length of what was sealed.  Nothing is changed unless all of them open.
   * @identity: (nullable): whose key the sender addressed; NULL: the local one is not there either. */
  HRESULT (*unseal)  (DrtDerivedKeyProvider *self, DrtIdentity *identity, DrtSpan keytoken, guint n_buffers, DRT_DATA *buffers);
} DrtDerivedKeyProfile;

extern const DrtDerivedKeyProfile drt_derived_key_profile_1;   /* drt-profile-1.c */
extern const DrtDerivedKeyProfile drt_derived_key_profile_2;   /* drt-profile-2.c */

typedef struct _DrtMemberCache DrtMemberCache;

struct _DrtDerivedKeyProvider
{
  DRT_SECURITY_PROVIDER table;
  const DrtDerivedKeyProfile *profile;
  gpointer profile_data;      /* the profile's own */
  EVP_MD *sha256;
  PCCERT_CONTEXT root;
  DrtIdentity *local;         /* (nullable) */

  GMutex lock;                /* of all that follows; held in every call of the profile but init and clear */
  gboolean attached;
  DRT_SECURITY_MODE mode;
  DrtRevokeList *revoked;     /* (nullable) */
  GHashTable *keys;           /* DrtKey -> DrtIdentity: registered */
  DrtMemberCache *members;
  DrtSecurityCounters counters;
};

/* The member a credential proves, checked before or now.  A new reference.
 * DRT_E_INVALID_CERT_CHAIN or DRT_E_INVALID_MESSAGE: it proves none. */
HRESULT drt_derived_key_provider_find_member (DrtDerivedKeyProvider *self, DrtSpan credential, DrtMember **member);
/* For check_credential: the chain (DrtChainQuery of this provider), which gives @member its key,
 * and the earliest end of its certificates as @member->expires. */
HRESULT drt_derived_key_provider_check_chain (DrtDerivedKeyProvider *self, DrtSpan credential, DrtMember *member);

G_END_DECLS
