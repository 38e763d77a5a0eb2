/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-udp-transport.h"

G_BEGIN_DECLS

struct _DrtUdpTransport
{
  gatomicrefcount ref_count;
  DRT_SCOPE scope;
  guint32 scope_id;       /* as given; 0: any interface */
  guint32 locality;       /* dwLocalityThreshold */
  guint16 port;
  int fd;

  GMutex lock;            /* guards the next two */
  DrtUdpState state;
  GThread *executing;     /* inside a callback of its node */

  /* Of the thread of the node. */
  guint32 zone;           /* interface of link-local addresses; 0 not known yet */
  gboolean had_network;   /* an address that is not ::1 */
  GArray *queue;          /* DrtUdpQueued, from n_sent on still to be sent */
  gsize queued_bytes;
  guint n_sent;
};

/* A datagram to send. */
typedef struct
{
  DrtEndpoint to;
  guint8 *bytes;
  gsize length;
} DrtUdpQueued;

G_END_DECLS
