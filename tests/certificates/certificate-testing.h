/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-certificate.h"

G_BEGIN_DECLS

/* A new directory. */
char *certificate_testing_directory (void);
/* One with the files of cases.json in it. @script: generate.py */
char *certificate_testing_generate  (const char *script);
/* With all files in it. */
void  certificate_testing_remove    (char *directory);

PCCERT_CONTEXT certificate_testing_authority (DrtKeyAlgorithm algorithm);
PCCERT_CONTEXT certificate_testing_issue     (PCCERT_CONTEXT authority, const char *name, DrtKeyAlgorithm algorithm, gboolean is_authority);

G_END_DECLS
