/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-certificate.h"

G_BEGIN_DECLS

/* All that a certificate says, and its text to copy and to save. */
#define RT_TYPE_CERTIFICATE_PAGE (rt_certificate_page_get_type ())
G_DECLARE_FINAL_TYPE (RtCertificatePage, rt_certificate_page, RT, CERTIFICATE_PAGE, AdwNavigationPage)

AdwNavigationPage *rt_certificate_page_new (RtCertificate *certificate);

G_END_DECLS
