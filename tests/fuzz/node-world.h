/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-node-private.h"
#include "fuzz.h"
#include "odd-provider.h"

/*
 * A node and the world around it, all made of the input: its host, what it has
 * sent, what it has told, and what must be true of it at any time.
 */

G_BEGIN_DECLS

#define WORLD_PEERS    48      /* nodes with addresses of their own, in 6 networks */
#define WORLD_REMEMBER 128     /* datagrams the node sent last */

typedef struct
{
  DrtEndpoint to;
  GBytes *bytes;
} WorldDatagram;

typedef struct _World World;

/* A resolve the world asked for, alive until it is reported finished. */
typedef struct
{
  World *world;
  DrtResolve *resolve;
  DrtResolveQuery query;
  guint n_found;
  GArray *found;               /* of DrtKey */
  gboolean intermediate;
} WorldResolve;

struct _World
{
  FuzzInput *input;
  DrtNode *node;
  DRT_SECURITY_MODE mode;
  OddProvider provider;
  gint64 now;
  guint64 random;

  gboolean inside;             /* the node is at work: only then it may call back */
  gboolean closed;
  gboolean faulted;
  gboolean bootstrap_wanted;
  guint n_statuses;
  DRT_STATUS status;
  guint n_sent;                /* in this step */
  GQueue sent;                 /* of WorldDatagram, the newest first */
  GHashTable *leaves;          /* LeafPair: those reported, minus those gone */
  GPtrArray *resolves;         /* of WorldResolve */

  /* Which of the provider's next calls fail: after so many, so many. */
  guint fail_after;
  guint fail_count;
  HRESULT fail_with;
};

World *world_new           (FuzzInput *input);
void   world_free          (World *world);
void   world_enter         (World *world);
void   world_leave         (World *world);
void   world_settle        (World *world);
void   world_close         (World *world);

void   world_endpoint      (World *world, DrtEndpoint *endpoint);
void   world_peer          (guint i, DrtEndpoint *endpoint);
void   world_key           (World *world, DrtKey *key);
void   world_number_key    (guint number, DrtKey *key);

/* node-mail.c: datagrams from peers */
void   world_mail_raw      (World *world);
void   world_mail_built    (World *world);
void   world_mail_answer   (World *world, guint which, gboolean honest);
void   world_mail_crowd    (World *world);

G_END_DECLS
