/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-instance.h"

G_BEGIN_DECLS

/* A result that waits to be fetched. */
typedef struct
{
  DRT_MATCH_TYPE type;
  DrtKey key;
  gsize payload_size;
  guint8 payload[];
} DrtFound;

struct _DrtSearch
{
  DrtObject parent;

  /* Set by DrtStartSearch(). */
  DrtInstance *instance;
  HDRT_SEARCH_CONTEXT handle;
  gpointer user_context;
  DrtResolveQuery query;

  HANDLE event;             /* whose signal it is */

  /* Guarded by the instance's lock. */
  int signal;
  gboolean ended;           /* DrtEndSearch(): nothing is told any more */
  HRESULT state;            /* what is answered when no result waits */
  GQueue results;           /* of DrtFound */
  guint n_path;
  guint path_size;          /* for so many there is room */
  DRT_ADDRESS *path;

  /* Of the thread of the context. */
  DrtResolve *resolve;
};

G_END_DECLS
