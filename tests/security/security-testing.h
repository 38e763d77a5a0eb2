/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "drt-derived-key.h"
#include "drt-glib.h"
#include "drt-message.h"

/*
 * A mesh of certificates for the tests of the security providers: an authority, an
 * authority beneath it, and members, each with a provider and a registered key; and a
 * clock that the test sets.
 */

G_BEGIN_DECLS

#define DAY_SECONDS ((gint64) 24 * 3600)

typedef struct
{
  PCCERT_CONTEXT certificate;
  DRT_SECURITY_PROVIDER *provider;
  DrtKey key;
} Member;

typedef struct
{
  DrtKeyAlgorithm algorithm;
  PCCERT_CONTEXT root;
  Member alice;
  Member bob;
} Mesh;

/* Seconds; the clock stands still at it. */
void   testing_set_time    (double seconds);
double testing_get_time    (void);
void   testing_unset_time  (void);

PCCERT_CONTEXT testing_authority (const char *name, DrtKeyAlgorithm algorithm);
PCCERT_CONTEXT testing_issue     (PCCERT_CONTEXT authority, const char *name, DrtKeyAlgorithm algorithm, guint days);

void   member_open         (Member *member, PCCERT_CONTEXT root, PCCERT_CONTEXT certificate, DRT_SECURITY_MODE mode);
void   member_close        (Member *member);
void   mesh_open           (Mesh *mesh, DrtKeyAlgorithm algorithm, DRT_SECURITY_MODE mode);
void   mesh_close          (Mesh *mesh);
DrtSecurityCounters member_count (Member *member);

/* What one member sends; free with drt_data_clear(). */
typedef struct
{
  DRT_DATA credential;
  DRT_DATA identifier;
  DRT_DATA signature;
} Proof;

typedef struct
{
  DRT_DATA cpa;
  DRT_DATA classifier;
  DRT_DATA payload;
  DRT_DATA chain;
} Certified;

typedef struct
{
  DRT_DATA token;
  DRT_DATA buffers[2];
} Sealed;

extern const BYTE testing_nonce[DRT_NONCE_SIZE];

void    testing_clear        (DRT_DATA *data);

HRESULT member_prove         (Member *member, Proof *proof);
void    proof_clear          (Proof *proof);
HRESULT member_accept_proof  (Member *member, const Proof *proof);

HRESULT member_certify       (Member *member, DWORD flags, const char *payload, Certified *certified);
void    certified_clear      (Certified *certified);
HRESULT member_accept_certified (Member *member, const Certified *certified, const BYTE *nonce);

HRESULT member_seal          (Member *member, const DRT_DATA *credential, Sealed *sealed);
void    sealed_clear         (Sealed *sealed);
/* Of a copy; S_OK only when it is what member_seal() sealed. */
HRESULT member_unseal        (Member *member, const Sealed *sealed);

/* With the certificate, its chain and its key from PEM, and an agreement key that is known; the clock is set before. */
void    member_open_known    (Member *member, PCCERT_CONTEXT root, const DRT_DATA *pem, DRT_SECURITY_MODE mode,
                              const guint8 *agreement_key, gint64 made);

/* Free with testing_clear(). */
DRT_DATA testing_from_hex    (const char *hex);

#define assert_hr(actual, expected) assert_hr_at (G_STRLOC, #actual, (actual), (expected))
void    assert_hr_at         (const char *where, const char *what, HRESULT actual, HRESULT expected);

G_END_DECLS
