/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-endpoint.h"

G_BEGIN_DECLS

/* Datagrams that have waited longer than this in the host's socket … */
#define DRT_BACKLOG_WAIT         (100 * 1000)
/* … every one of them, for this long, are a backlog.  A program that has slept
 * finds old datagrams too, but not for long. */
#define DRT_BACKLOG_TIME         (500 * 1000)
/* Where nothing comes for so long nothing can be waiting. */
#define DRT_BACKLOG_PAUSE        (1 * G_USEC_PER_SEC)
/* LOOKUPs, INQUIREs and SOLICITs of one address in a second: about a tenth of a
 * core, where each has a proof to be checked. */
#define DRT_LOAD_PER_SOURCE_MAX  4000
/* Below this many of all in a second nobody has had too many. */
#define DRT_LOAD_FEW             (DRT_LOAD_PER_SOURCE_MAX / 4)

/* What tells whether a node is too busy to answer ([MC-DRT] §2.2.2.6.1, B). */
typedef struct
{
  gint64 backlog_since;          /* 0: there is none */
  gint64 waited_last;            /* when one came that had waited too long */
  gint64 second;                 /* when counting began anew */
  guint n_requests;              /* since */
  guint16 *by_source;            /* of these by a hash of the address; NULL while they are few */
  guint32 salt;                  /* of that hash: nobody is to count for another */
} DrtLoad;

void     drt_load_clear      (DrtLoad *load);
void     drt_load_waited     (DrtLoad *load, gint64 now, gint64 waited);
gboolean drt_load_is_too_much (DrtLoad *load, gint64 now, const DrtEndpoint *from);

/* Who counts as one: an address, or the /64 of which one host may have all.  On
 * loopback, where a whole mesh may live, each port. */
gboolean drt_is_same_source  (const DrtEndpoint *a, const DrtEndpoint *b);
gboolean drt_is_same_net     (const DrtEndpoint *a, const DrtEndpoint *b);

G_END_DECLS
