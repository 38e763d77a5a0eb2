/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "drt.h"

/* The derived key providers of the known-answer vectors, one of each profile, at the
 * time of the vectors: with the same keys in every run. */

G_BEGIN_DECLS

typedef struct
{
  DRT_SECURITY_PROVIDER *provider;
  BYTE key[32];                  /* registered; derives from its certificate */
  DRT_DATA credential;           /* what it is known by */
} ProviderWorld;

void provider_world_open_1 (ProviderWorld *world);
void provider_world_open_2 (ProviderWorld *world);

G_END_DECLS
