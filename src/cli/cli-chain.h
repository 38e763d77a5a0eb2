/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-chain.h"
#include "drt-invitation.h"

#include "cli-output.h"

/* Certificates and what a check of their chain found, and invitations, in text and JSON. */

char *cli_time_to_text          (gint64 time);
char *cli_date_to_text          (gint64 time);
const char *cli_profile_to_text (DrtProfile profile);

/* The members of the object: what a certificate says. */
void  cli_json_add_certificate  (JsonBuilder *builder, const DrtCertificateInfo *info);
/* "reasons": an array of all reasons, with sentence and remedy. */
void  cli_json_add_reasons      (JsonBuilder *builder, const DrtChainReport *report);
/* Code, certificates and reasons. */
void  cli_json_add_chain        (JsonBuilder *builder, const DrtChainReport *report);
void  cli_json_add_invitation   (JsonBuilder *builder, const DrtInvitation *invitation);

/* Several lines, each beginning with @indent. */
char *cli_chain_to_text         (const DrtChainReport *report, const char *indent);
/* The reasons alone: "expired, unknown-root". */
char *cli_reasons_to_words      (const DrtChainReport *report);
