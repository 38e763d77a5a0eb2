/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <openssl/x509.h>

#include "drt-certificate.h"

G_BEGIN_DECLS

/* Whether it can be shown as it is: valid, without control characters and without what turns its direction. */
gboolean drt_certificate_text_is_plain   (const char *text);
/* NULL: there is none that can be shown. */
char    *drt_certificate_dup_common_name (const X509_NAME *name);

G_END_DECLS
