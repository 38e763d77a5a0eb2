/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-message.h"

G_BEGIN_DECLS

#define DRT_REASSEMBLY_TIME  (1 * G_USEC_PER_SEC)  /* §3.1.6.2 */
#define DRT_REASSEMBLY_MAX   32                    /* states: at most 1.2 MB */
#define DRT_REASSEMBLY_PER_SOURCE_MAX 2            /* of one endpoint: the oldest goes */
#define DRT_REASSEMBLY_PER_ADDRESS_MAX 8           /* the same; see drt_is_same_source() */

/* A fragmented message on its way to being whole ([MC-DRT] §3.1.5.5). */
typedef struct
{
  guint32 id;                    /* MessageID of its header */
  guint32 acked;                 /* the request it answers; 0: it is one */
  DrtEndpoint from;
  gint64 deadline;
  guint16 size;
  guint32 received;              /* a bit per fragment: 37348 bytes are 32 of them */
  guint8 *bytes;
} DrtReassembly;

typedef struct
{
  GArray *states;                /* of DrtReassembly */
} DrtReassemblyList;

typedef enum
{
  DRT_REASSEMBLY_INCOMPLETE,
  DRT_REASSEMBLY_COMPLETE,
  DRT_REASSEMBLY_BAD,            /* does not fit: fragment and state are dropped */
  DRT_REASSEMBLY_FULL,           /* no room for another state */
} DrtReassemblyResult;

void   drt_reassembly_list_init     (DrtReassemblyList *list);
void   drt_reassembly_list_clear    (DrtReassemblyList *list);
DrtReassemblyResult
       drt_reassembly_list_add      (DrtReassemblyList *list, gint64 now,
                                     guint32 id, guint32 acked, const DrtEndpoint *from,
                                     guint16 size, guint16 offset, DrtSpan fragment,
                                     guint8 **whole);
void   drt_reassembly_list_forget   (DrtReassemblyList *list, guint32 acked);
void   drt_reassembly_list_expire   (DrtReassemblyList *list, gint64 now);
gint64 drt_reassembly_list_deadline (const DrtReassemblyList *list);

G_END_DECLS
