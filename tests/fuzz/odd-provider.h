/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "drt.h"

/*
 * A security provider over the null provider, which fails when it is told to and,
 * dressed, returns something where the null provider returns nothing.  It counts
 * the blocks it has handed out.
 */

G_BEGIN_DECLS

/* Asked before each call that can fail: what it is to return instead of working. */
typedef HRESULT (*OddProviderFail) (gpointer data, const char *function);

typedef struct
{
  DRT_SECURITY_PROVIDER table;       /* what a node is given */
  DRT_SECURITY_PROVIDER *null;
  OddProviderFail fail;
  gpointer data;
  gsize dress;                       /* bytes of each blob; 0: as the null provider */
  gboolean odd;                      /* unpacks keys of no key's size, IPv4 addresses, long payloads */
  int n_blocks;                      /* handed out and not given back */
} OddProvider;

HRESULT odd_provider_init  (OddProvider *self, OddProviderFail fail, gpointer data);
void    odd_provider_clear (OddProvider *self);

G_END_DECLS
