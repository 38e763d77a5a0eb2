/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mesh-node.h"

/* Searches through drt.h, many at a time. */

typedef struct
{
  MeshNode *node;
  DrtKey target;
  gboolean nearest;

  HDRT_SEARCH_CONTEXT context;
  HANDLE event;
  GSource *source;
  gboolean ended;
  HRESULT end;               /* what the search ended with */
  guint n_results;
  DRT_MATCH_TYPE type;       /* of the last result */
  DrtKey key;
  GBytes *payload;
  guint n_asked;             /* length of the path */
} MeshSearch;

MeshSearch *mesh_search_new  (MeshNode *node, const DrtKey *target, gboolean nearest);
void        mesh_search_free (MeshSearch *search);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MeshSearch, mesh_search_free)
