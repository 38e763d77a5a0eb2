/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-certificate-private.h"

G_BEGIN_DECLS

/* Whether a list that @issuer signed has @x509 on it. */
gboolean drt_revoke_list_revokes (DrtRevokeList *list, X509 *x509, X509 *issuer);

G_END_DECLS
