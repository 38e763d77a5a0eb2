/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include <drt-chain.h>

G_BEGIN_DECLS

/* One reason for or against a certificate, in words; it never changes. */
#define RT_TYPE_VERDICT (rt_verdict_get_type ())
G_DECLARE_FINAL_TYPE (RtVerdict, rt_verdict, RT, VERDICT, GObject)

RtVerdict      *rt_verdict_new           (const DrtChainReport *report, const DrtChainVerdict *verdict);
DrtChainReason  rt_verdict_get_reason    (RtVerdict *self);
/* FALSE: a warning; the certificate is accepted all the same. */
gboolean        rt_verdict_is_fault      (RtVerdict *self);
/* "Expired" */
const char     *rt_verdict_get_title     (RtVerdict *self);
/* What it means. */
const char     *rt_verdict_get_sentence  (RtVerdict *self);
/* What to do. */
const char     *rt_verdict_get_remedy    (RtVerdict *self);
/* "expired, X509_V_ERR_CERT_HAS_EXPIRED (10)" */
const char     *rt_verdict_get_technical (RtVerdict *self);

G_END_DECLS
