/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <drt-key.h>
#include <gio/gio.h>

#include "rt-mesh-settings.h"

G_BEGIN_DECLS

/*
 * What a search costs the node that searches, measured: a node of its own, in a
 * thread of its own that does nothing else, joins the mesh and searches for known
 * keys one after the other.  CPU time is that thread's, bytes are what the node
 * sent and received, both less what the node does in the same time without a
 * search.  Each key is searched for once before, so that what the node remembers
 * of its peers is there in every mode.
 */
typedef struct
{
  guint n_searches;        /* that found their key */
  double cpu;              /* microseconds of a search */
  double bytes;            /* of a search, UDP payload */
  double latency;          /* microseconds of a search, until its key is found */
} RtCost;

void     rt_cost_measure_async  (RtMeshSettings *settings, const char *const *bootstrap, const DrtKey *keys, guint n_keys,
                                 guint n_searches, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean rt_cost_measure_finish (GAsyncResult *result, RtCost *cost, GError **error);

G_END_DECLS
