/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <openssl/bio.h>

#include "drt-certificate-private.h"

G_BEGIN_DECLS

/* PKCS#8, encrypted where there is a passphrase. */
gboolean drt_certificate_write_key (BIO *bio, EVP_PKEY *key, const char *passphrase);
char    *drt_certificate_take_text (BIO *bio);

G_END_DECLS
