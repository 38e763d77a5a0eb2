/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <openssl/x509.h>

#include "drt-certificate.h"

/*
 * What is behind a CERT_CONTEXT of ours, for this room and for security/.  A
 * program may hand over a CERT_CONTEXT it filled in by itself, with hCertStore
 * NULL: nothing is attached to it, and the functions here say NULL.
 *
 * OpenSSL's objects are borrowed unless said otherwise, and may be used by any
 * thread as long as nobody changes them.
 */

G_BEGIN_DECLS

#define DRT_SECONDS_PER_DAY ((gint64) 24 * 60 * 60)

/* Takes references of its own.  @key: (nullable); @others: (nullable): in any order, of which those above @x509 are kept.
 * NULL: no memory. */
PCCERT_CONTEXT   drt_certificate_new             (X509 *x509, EVP_PKEY *key, STACK_OF (X509) *others);
/* The same with @others in order, each the issuer of the one before: no signature is looked at. */
PCCERT_CONTEXT   drt_certificate_new_in_order    (X509 *x509, STACK_OF (X509) *others);

X509            *drt_certificate_get_x509        (PCCERT_CONTEXT certificate);
EVP_PKEY        *drt_certificate_get_public_key  (PCCERT_CONTEXT certificate);   /* NULL also when it cannot be decoded */
EVP_PKEY        *drt_certificate_get_private_key (PCCERT_CONTEXT certificate);   /* NULL: it has none */
/* The certificates above it, its issuer first; empty where there are none. */
STACK_OF (X509) *drt_certificate_get_issuers     (PCCERT_CONTEXT certificate);

/* Whether its basic constraints say so, whatever its key usage. */
gboolean         drt_certificate_is_authority    (X509 *x509);

DrtKeyAlgorithm  drt_certificate_key_algorithm   (EVP_PKEY *key);   /* public or private; NULL: other */
DrtProfile       drt_certificate_algorithm_profile (DrtKeyAlgorithm algorithm);
DrtProfile       drt_certificate_key_profile     (EVP_PKEY *key);
DrtProfile       drt_certificate_get_profile     (PCCERT_CONTEXT certificate);
/* The key of the ring, by the rule of the certificate's profile.  FALSE: it is fit for none.
 * The one place that knows which bytes are hashed. */
gboolean         drt_certificate_get_key         (PCCERT_CONTEXT certificate, DrtKey *key);
gboolean         drt_certificate_derive_key      (const X509_PUBKEY *public_key, DrtKey *key);

/* Whether it keeps to the constraints of [MC-DRT] §2.2.3.1.4.1; nothing about its signature. */
gboolean         drt_certificate_is_of_profile_1 (X509 *x509);

/* Seconds since 1970-01-01 UTC.  FALSE: no time. */
gboolean         drt_certificate_get_time        (const ASN1_TIME *time, gint64 *seconds);

/* Whether the name and the key identifiers of @x509 say that @issuer issued it; nothing about the signature. */
gboolean         drt_certificate_names_issuer    (X509 *x509, X509 *issuer);
/* Whether the signature of @x509 was made with the key of @issuer. */
gboolean         drt_certificate_verify          (X509 *x509, X509 *issuer);
/* Whether @x509, which names itself as its issuer, signed itself; looked at once. */
gboolean         drt_certificate_self_verify     (PCCERT_CONTEXT certificate);

/* Not an error of what was to be read or made. */
void             drt_certificate_set_no_memory   (GError **error);
gboolean         drt_certificate_is_no_memory    (const GError *error);
/* Sets @error and forgets what OpenSSL has to say about it. */
void             drt_certificate_set_error       (GError **error, DrtCertificateError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_REQ, X509_REQ_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)

static inline void
drt_x509_stack_free (STACK_OF (X509) *stack)
{
  sk_X509_pop_free (stack, X509_free);
}

G_END_DECLS
