/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "drt.h"
#include "odd-provider.h"

/*
 * A bootstrap provider that names nodes of this host by their ports, at once, and
 * fails when it is told to.  It may also tell more, or nonsense, or when nobody
 * asks any more: odd_bootstrap_tell().
 */

G_BEGIN_DECLS

#define ODD_BOOTSTRAP_MAX 8

typedef struct
{
  DRT_BOOTSTRAP_PROVIDER table;
  OddProviderFail fail;
  gpointer data;
  gboolean fatal;               /* a failure is fatal */
  gboolean attached;
  gboolean resolving;
  guint n_ports;
  guint16 ports[ODD_BOOTSTRAP_MAX];
  PVOID ticket;                 /* of the last resolve */
  DRT_BOOTSTRAP_RESOLVE_CALLBACK callback;
} OddBootstrap;

void odd_bootstrap_init  (OddBootstrap *self, OddProviderFail fail, gpointer data);
void odd_bootstrap_add   (OddBootstrap *self, guint16 port);
void odd_bootstrap_tell  (OddBootstrap *self, guint what);
void odd_bootstrap_clear (OddBootstrap *self);

G_END_DECLS
