/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-certificate.h"

G_BEGIN_DECLS

/* A certificate in its chain: whose it is, what it is there, until when it is
 * valid, and whether it is good.  Activatable. */
#define RT_TYPE_CERTIFICATE_ROW (rt_certificate_row_get_type ())
G_DECLARE_FINAL_TYPE (RtCertificateRow, rt_certificate_row, RT, CERTIFICATE_ROW, AdwActionRow)

/* level: how many are above it */
GtkWidget     *rt_certificate_row_new             (RtCertificate *certificate, guint level);
RtCertificate *rt_certificate_row_get_certificate (RtCertificateRow *self);

G_END_DECLS
