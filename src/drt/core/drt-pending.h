/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-letter.h"

G_BEGIN_DECLS

#define DRT_RETRY_COUNT      2                     /* §3.1.4.3: sends in all */
#define DRT_RETRANSMIT_TIME  (1 * G_USEC_PER_SEC)  /* §3.1.2: the longest until the second */
#define DRT_FAILURE_TIME     (DRT_RETRY_COUNT * DRT_RETRANSMIT_TIME)  /* §3.1.6.2: from the first send */
#define DRT_ATTEMPTS_MAX     3                     /* requests of a resolve for the same */
#define DRT_PENDING_MAX      4096

/* The least these times become with a fast peer.  A program with a user interface
 * comes to its socket when a frame is done; asking somebody else meanwhile costs
 * two datagrams. */
#define DRT_RESEND_TIME_MIN  (50 * 1000)
/* Where nobody waits for the answer, and its absence has consequences: a network that
 * is away for a moment must not swallow both sends. */
#define DRT_RESEND_TIME_LONG (250 * 1000)
#define DRT_LATE_TIME_MIN    500

/* What waits for the acknowledgement, and so what its loss means. */
typedef enum
{
  DRT_PENDING_SOLICIT,
  DRT_PENDING_REQUEST,
  DRT_PENDING_FLOOD,             /* key: the validate key */
  DRT_PENDING_INQUIRE_NEW,       /* key: of the entry being validated */
  DRT_PENDING_INQUIRE_CACHED,    /* key: of the cached entry */
  DRT_PENDING_INQUIRE_MATCH,     /* owner: the resolve */
  DRT_PENDING_INQUIRE_HOP,       /* owner: the resolve, which wants to seal a LOOKUP for it */
  DRT_PENDING_INQUIRE_SEAL,      /* key: of whom a FLOOD is to be sealed for */
  DRT_PENDING_LOOKUP,            /* owner: the resolve */
  DRT_PENDING_N_KINDS
} DrtPendingKind;

/* A request on the Pending List ([MC-DRT] §3.1.1). */
typedef struct
{
  guint32 id;                    /* MessageID */
  DrtPendingKind kind;
  guint8 retry_count;            /* sends left, the one under way included */
  DrtEndpoint to;
  DrtKey key;
  gpointer owner;                /* who waits; NULL: nobody any more */
  guint8 nonce[DRT_NONCE_SIZE];  /* INQUIRE_CACHED that asked for a CPA: what it was asked with */
  gint64 sent;                   /* first send */
  gint64 late;                   /* LOOKUP: then the resolve asks others; G_MAXINT64 once it has */
  gint64 lost;                   /* LOOKUP, INQUIRE_MATCH: then both sends are taken for lost */
  gint64 resend;                 /* second send; G_MAXINT64 once it has been */
  gint64 failure;                /* then nothing is waited for any more */
  DrtLetter *letter;             /* of a sealed FLOOD: what it says, or NULL */
  GPtrArray *datagrams;          /* of GBytes: one, or the fragments of a long REQUEST */

  guint64 order;                 /* of the list: among those added … */
  gint64 deadline;               /* … what is due next, … */
  guint place;                   /* … and where in the heap */
} DrtPending;

/* Found by its id, and by what is due next, in logarithmic time; an empty list
 * has next to no memory of its own. */
typedef struct
{
  GPtrArray *by_id;              /* of DrtPending, ascending by id */
  GPtrArray *by_deadline;        /* the same, a binary heap */
  guint64 n_added;
  guint n_most;                  /* since it was empty */
  guint16 n_of_kind[DRT_PENDING_N_KINDS];
} DrtPendingList;

void        drt_pending_list_init     (DrtPendingList *list);
void        drt_pending_list_clear    (DrtPendingList *list);
void        drt_pending_list_empty    (DrtPendingList *list);
gboolean    drt_pending_list_is_full  (const DrtPendingList *list);
guint       drt_pending_list_count    (const DrtPendingList *list, DrtPendingKind kind);
void        drt_pending_list_add      (DrtPendingList *list, DrtPending *pending);
DrtPending *drt_pending_list_find     (const DrtPendingList *list, guint32 id);
DrtPending *drt_pending_list_steal    (DrtPendingList *list, guint32 id);
/* To be called when one of its times has changed. */
void        drt_pending_list_schedule (DrtPendingList *list, DrtPending *pending);
DrtPending *drt_pending_list_get_due  (const DrtPendingList *list, gint64 now);
DrtPending *drt_pending_list_get_newest (const DrtPendingList *list);
gint64      drt_pending_list_deadline (const DrtPendingList *list);
void        drt_pending_free          (DrtPending *pending);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DrtPending, drt_pending_free)

G_END_DECLS
