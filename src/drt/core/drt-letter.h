/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-entry.h"

G_BEGIN_DECLS

/* What a FLOOD says; borrowed. */
typedef struct
{
  const DrtEntry *entry;         /* to flood, or NULL */
  DrtSpan revoke_cpa;            /* or absent */
  const DrtEndpoint *flooded;
  guint n_flooded;
  gboolean no_ack;               /* the D flag */
} DrtFloodContent;

/**
 * DrtLetter:
 *
 * A FLOOD kept until it can be sealed for whom it is for, and for as long as it
 * may have to be sealed anew ([MC-DRT] §1.3.2.3).
 */
typedef struct
{
  DrtEntry *to;
  DrtEndpoint at;                /* one of its addresses */
  gboolean introduced;           /* its credential has been asked for because of this */
  DrtEntry *entry;
  GBytes *revoke_cpa;
  gboolean no_ack;
  guint n_flooded;
  DrtEndpoint flooded[DRT_MAX_PATH];
} DrtLetter;

/* NULL: there is no memory. */
DrtLetter *drt_letter_new         (const DrtEntry *to, const DrtEndpoint *at, const DrtFloodContent *content);
void       drt_letter_free        (DrtLetter *letter);
void       drt_letter_get_content (const DrtLetter *letter, DrtFloodContent *content);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DrtLetter, drt_letter_free)

G_END_DECLS
