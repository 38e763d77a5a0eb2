/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-endpoint.h"

G_BEGIN_DECLS

#define LAB_N_DELAYS        256
#define LAB_N_MESSAGE_TYPES 16

/* How long a datagram takes: so long as the two nodes are apart, which is
 * log-normal over all pairs and the same each time for one pair, and something
 * between @minimum and @maximum besides.  Microseconds. */
typedef struct
{
  gint64 median;        /* of the distances; 0: all are in one place */
  double sigma;         /* of the distances' logarithms */
  gint64 minimum;
  gint64 maximum;
} LabDelay;

typedef struct
{
  guint64 sent;         /* datagrams */
  guint64 delivered;
  guint64 lost;         /* by chance, or at the cut */
  guint64 bytes_sent;   /* UDP payload */
  guint64 by_type[LAB_N_MESSAGE_TYPES];  /* sent, by MessageType */
} LabTraffic;

typedef struct _LabPacket LabPacket;

struct _LabPacket
{
  LabPacket *next_free;
  gint64 arrival;
  guint64 order;        /* of sending: decides between equal arrivals */
  DrtEndpoint from;
  guint to;             /* number of the node */
  guint16 length;
  guint8 size_class;
  guint8 bytes[];
};

/**
 * LabNetwork:
 *
 * Datagrams on their way, by arrival; what the network does to them.
 */
typedef struct
{
  GRand *random;                    /* borrowed */
  double loss;                      /* of each datagram, 0 .. 1 */
  gboolean cut;                     /* nothing passes between sides */
  LabDelay delay;
  gint64 delays[LAB_N_DELAYS];      /* quantiles of the distances */
  guint32 salt;
  LabTraffic traffic;
  GPtrArray *heap;                  /* of LabPacket, the next to arrive first */
  LabPacket *free[4];               /* used up, for the next of their size */
} LabNetwork;

void       lab_network_init        (LabNetwork *network, GRand *random);
void       lab_network_clear       (LabNetwork *network);
void       lab_network_set_delay   (LabNetwork *network, const LabDelay *delay);

/* What a datagram from one node to another meets with; @same_side: they are on
 * the same side of a cut. */
gboolean   lab_network_loses       (LabNetwork *network, gboolean same_side);
gint64     lab_network_get_delay   (LabNetwork *network, guint from, guint to);

void       lab_network_send        (LabNetwork *network, gint64 arrival, const DrtEndpoint *from, guint to,
                                    const guint8 *bytes, gsize length);
gint64     lab_network_get_next    (const LabNetwork *network);   /* G_MAXINT64: none */
LabPacket *lab_network_take        (LabNetwork *network);
void       lab_network_give_back   (LabNetwork *network, LabPacket *packet);

G_END_DECLS
