/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-certificate-private.h"

/*
 * Everything there is in a file, before it is asked what belongs together.
 */

G_BEGIN_DECLS

/* How often a file may have its passphrase hashed, in all: a few seconds. */
#define DRT_PASSPHRASE_ITERATIONS_MAX 5000000

typedef struct
{
  const char *passphrase;       /* (nullable) */
  gboolean public_only;         /* private keys of PEM are passed over, whatever they are under */
  STACK_OF (X509) *x509s;       /* as they come; at most DRT_CHAIN_MAX */
  GPtrArray *keys;              /* of EVP_PKEY, private */
  gint64 iterations;            /* of hashing passphrases, so far */
} DrtCertificateParser;

gboolean        drt_certificate_parser_init      (DrtCertificateParser *parser, const char *passphrase, GError **error);
void            drt_certificate_parser_clear     (DrtCertificateParser *parser);

/* What the bytes are is found out.  FALSE: @error is set. */
gboolean        drt_certificate_parser_read      (DrtCertificateParser *parser, const guint8 *bytes, gsize length, GError **error);
gboolean        drt_certificate_parser_read_pkcs7  (DrtCertificateParser *parser, const guint8 *bytes, gsize length, GError **error);
gboolean        drt_certificate_parser_read_pkcs12 (DrtCertificateParser *parser, const guint8 *bytes, gsize length, GError **error);

/* For what reads the parts of a file. */
gboolean        drt_certificate_parser_add       (DrtCertificateParser *parser, X509 *x509, GError **error);
gboolean        drt_certificate_parser_add_key   (DrtCertificateParser *parser, EVP_PKEY *key, GError **error);   /* (transfer full) (nullable) */
/* The key of a PKCS#8 structure under a passphrase.  NULL: @error is set. */
EVP_PKEY       *drt_certificate_parser_decrypt   (DrtCertificateParser *parser, const X509_SIG *encrypted, GError **error);
/* What it means that something could not be decrypted; @what: "private key", "file". */
gboolean        drt_certificate_parser_not_decrypted (DrtCertificateParser *parser, const char *what, GError **error);
/* Whether the work an algorithm of a passphrase asks for is bearable, with all there was before. */
gboolean        drt_certificate_parser_bears_algorithm (DrtCertificateParser *parser, const X509_ALGOR *algorithm);
gboolean        drt_certificate_parser_bears     (DrtCertificateParser *parser, const ASN1_INTEGER *iterations);

/* The member's certificate with key and chain.  @mismatch: (out) (nullable): set where the keys are none of the certificates';
 * the certificate comes without one then.  With NULL that is an error. */
PCCERT_CONTEXT  drt_certificate_parser_finish    (DrtCertificateParser *parser, gboolean *mismatch, GError **error);

G_END_DECLS
