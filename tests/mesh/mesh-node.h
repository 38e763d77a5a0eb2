/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-glib.h"
#include "drt-observe.h"

/* A real node on [::1] with one key, and what it tells its observer. */

typedef struct
{
  HDRT_TRANSPORT transport;
  DRT_SECURITY_PROVIDER *security;
  DRT_BOOTSTRAP_PROVIDER *list;   /* its own, if it has one */
  HDRT drt;
  HDRT_REGISTRATION_CONTEXT registration;
  guint16 port;
  DrtKey key;
  GBytes *payload;

  gboolean has_status;
  DRT_STATUS status;
  DrtObservedKey leaves;      /* of @key, as told last */
  GHashTable *cache;          /* DrtKey, a set */
  guint n_splits[DRT_OBSERVED_SPLIT_MERGED + 1];   /* so often told of each */
} MeshNode;

MeshNode *mesh_node_new        (DRT_SECURITY_MODE mode, const DrtKey *key, GBytes *payload, const char *const *bootstrap);
MeshNode *mesh_node_new_with   (DRT_SECURITY_MODE mode, const DrtKey *key, GBytes *payload, DRT_BOOTSTRAP_PROVIDER *bootstrap);
void      mesh_node_free       (MeshNode *node);
void      mesh_node_register   (MeshNode *node);
void      mesh_node_unregister (MeshNode *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MeshNode, mesh_node_free)
