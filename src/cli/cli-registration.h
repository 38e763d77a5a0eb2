/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-key.h"

#include "cli-credentials.h"

/* A key to be published. */
typedef struct
{
  DrtKey key;
  PCCERT_CONTEXT certificate;   /* it derives from; NULL with the null provider */
  GBytes *payload;
} CliRegistration;

int      cli_registrations_parse       (char **texts, const CliCredentials *credentials, const char *passphrase_file, GArray *registrations);
gboolean cli_registration_set_derived  (CliRegistration *registration, PCCERT_CONTEXT certificate);
void     cli_registration_clear        (CliRegistration *registration);
