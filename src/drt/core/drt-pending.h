/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-message.h"

G_BEGIN_DECLS

#define DRT_RETRY_COUNT      2                     /* §3.1.4.3: sends in all */
#define DRT_RETRANSMIT_TIME  (1 * G_USEC_PER_SEC)  /* §3.1.2 */
#define DRT_PENDING_MAX      4096

/* What waits for the acknowledgement, and so what its loss means. */
typedef enum
{
  DRT_PENDING_SOLICIT,
  DRT_PENDING_REQUEST,
  DRT_PENDING_FLOOD,             /* key: the validate key */
  DRT_PENDING_INQUIRE_NEW,       /* key: of the entry being validated */
  DRT_PENDING_INQUIRE_CACHED,    /* key: of the cached entry */
  DRT_PENDING_INQUIRE_MATCH,     /* owner: the resolve */
  DRT_PENDING_LOOKUP,            /* owner: the resolve */
} DrtPendingKind;

/* A request on the Pending List ([MC-DRT] §3.1.1). */
typedef struct
{
  guint32 id;                    /* MessageID */
  DrtPendingKind kind;
  guint8 retry_count;
  DrtEndpoint to;
  DrtKey key;
  gpointer owner;
  gint64 sent;                   /* first send */
  gint64 deadline;
  GPtrArray *datagrams;          /* of GBytes: one, or the fragments of a long REQUEST */
} DrtPending;

typedef struct
{
  GPtrArray *requests;           /* of DrtPending */
} DrtPendingList;

void        drt_pending_list_init     (DrtPendingList *list);
void        drt_pending_list_clear    (DrtPendingList *list);
gboolean    drt_pending_list_is_full  (const DrtPendingList *list);
guint       drt_pending_list_count    (const DrtPendingList *list, DrtPendingKind kind);
void        drt_pending_list_add      (DrtPendingList *list, DrtPending *pending);
DrtPending *drt_pending_list_find     (const DrtPendingList *list, guint32 id);
DrtPending *drt_pending_list_steal    (DrtPendingList *list, guint32 id);
DrtPending *drt_pending_list_get_due  (const DrtPendingList *list, gint64 now);
void        drt_pending_list_forget_owner (DrtPendingList *list, gpointer owner);
gint64      drt_pending_list_deadline (const DrtPendingList *list);
void        drt_pending_free          (DrtPending *pending);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DrtPending, drt_pending_free)

G_END_DECLS
