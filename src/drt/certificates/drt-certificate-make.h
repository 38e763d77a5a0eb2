/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-certificate-private.h"

/* What certificates, requests and revoke lists are made with. */

G_BEGIN_DECLS

/* What a signature of @key is made with; NULL: the key brings its own. */
const EVP_MD   *drt_certificate_digest      (EVP_PKEY *key);
EVP_PKEY       *drt_certificate_new_key     (DrtKeyAlgorithm algorithm, GError **error);
gboolean        drt_certificate_name_is_fit (const char *name, GError **error);
gboolean        drt_certificate_days_are_fit (guint days, GError **error);
/* 0: the usual number. */
guint           drt_certificate_days        (guint days, gboolean is_authority);
/* A common name of @profile's form. */
gboolean        drt_certificate_set_name    (X509_NAME *to, const char *name, DrtProfile profile);
/* Whether @authority can sign certificates and lists; it has a private key then. */
gboolean        drt_certificate_can_issue   (PCCERT_CONTEXT authority, GError **error);

/* What a certificate is made of. */
typedef struct
{
  PCCERT_CONTEXT authority;        /* NULL: itself */
  const X509_NAME *subject;
  EVP_PKEY *key;                   /* its own, public at least */
  gboolean has_private;            /* @key is also the private one, to be kept with it */
  gboolean is_authority;
  long path_length;                /* -1: not limited */
  guint days;
} DrtCertificatePlan;

PCCERT_CONTEXT  drt_certificate_make        (const DrtCertificatePlan *plan, GError **error);

G_END_DECLS
