/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "rt-verdict.h"

G_BEGIN_DECLS

/* What a certificate is in its chain. */
typedef enum
{
  RT_CERTIFICATE_ROOT,      /* the mesh authority: it signed itself */
  RT_CERTIFICATE_BETWEEN,   /* an authority beneath it */
  RT_CERTIFICATE_MEMBER,
} RtCertificatePlace;

typedef enum
{
  RT_TRUST_GOOD,
  RT_TRUST_WARNING,         /* good, with something to be done soon */
  RT_TRUST_BAD,
} RtTrust;

/* A certificate as a person reads it, with the verdicts on it where it is one of
 * a chain; it never changes. */
#define RT_TYPE_CERTIFICATE (rt_certificate_get_type ())
G_DECLARE_FINAL_TYPE (RtCertificate, rt_certificate, RT, CERTIFICATE, GObject)

RtCertificate            *rt_certificate_new           (PCCERT_CONTEXT context);
RtCertificate            *rt_certificate_new_in_chain  (const DrtChainReport *report, guint depth);
PCCERT_CONTEXT            rt_certificate_get_context   (RtCertificate *self);
const DrtCertificateInfo *rt_certificate_get_info      (RtCertificate *self);
RtCertificatePlace        rt_certificate_get_place     (RtCertificate *self);
/* Of RtVerdict; empty when there is nothing to say. */
GListModel               *rt_certificate_get_verdicts  (RtCertificate *self);
RtTrust                   rt_certificate_get_trust     (RtCertificate *self);

/* In words, for people. */
const char               *rt_certificate_place_to_string (RtCertificatePlace place);
const char               *rt_trust_to_string           (RtTrust trust);
/* "Valid until 3 March 2027, in 3 months"; now: seconds since 1970, UTC; free with g_free(). */
char                     *rt_certificate_dup_validity  (RtCertificate *self, gint64 now);
/* "3 March 2027, in 3 months" */
/* "2.0" and so on, and what to think of it. */
const char               *rt_profile_to_string         (DrtProfile profile);
/* The fingerprint in lines of eight bytes. */
char                     *rt_certificate_dup_fingerprint (RtCertificate *self);
/* The certificate alone, without any key. */
char                     *rt_certificate_dup_pem       (RtCertificate *self, GError **error);

G_END_DECLS
