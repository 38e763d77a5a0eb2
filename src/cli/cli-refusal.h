/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-observe.h"

#include "cli-credentials.h"

/* What a node is told of proofs: who was refused and why, and which of its own
 * certificates end. */

/* Whether it is of this kind. */
gboolean cli_refusal_is    (const DrtObservedEvent *event);
void     cli_refusal_tell  (const DrtObservedEvent *event, const CliCredentials *credentials);
char    *cli_refusal_to_text (const DrtObservedEvent *event, const CliCredentials *credentials);
