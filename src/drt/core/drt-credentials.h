/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-message.h"

G_BEGIN_DECLS

#define DRT_CREDENTIALS_MAX_SIZE (1024 * 1024)   /* bytes of all together */

/**
 * DrtCredentials:
 *
 * The credentials of publishers, by their key and the endpoint at which they
 * proved it: what sealing for them needs.  Bounded: who has not been needed for
 * longest is forgotten first.
 */
typedef struct
{
  GHashTable *by_key;   /* NULL while there is none */
  GQueue by_use;        /* the last used first */
  gsize size;
} DrtCredentials;

void    drt_credentials_init   (DrtCredentials *self);
void    drt_credentials_clear  (DrtCredentials *self);
void    drt_credentials_keep   (DrtCredentials *self, const DrtKey *key, const DrtEndpoint *at, DrtSpan credential);
/* Absent: none is known.  Borrowed until the next call. */
DrtSpan drt_credentials_find   (DrtCredentials *self, const DrtKey *key, const DrtEndpoint *at);
void    drt_credentials_forget (DrtCredentials *self, const DrtKey *key, const DrtEndpoint *at);
guint   drt_credentials_count  (const DrtCredentials *self);

G_END_DECLS
