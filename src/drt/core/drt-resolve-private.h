/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-key-set.h"
#include "drt-node-private.h"

/*
 * A resolve under way ([MC-DRT] §3.1.4.4): its state, and what the files that
 * take it through do for one another.
 */

G_BEGIN_DECLS

typedef struct
{
  DrtEntry *entry;
  guint use_count;
} DrtNextHop;

/* A LOOKUP or INQUIRE of a resolve that is out.  [MC-DRT] knows of one at a time,
 * LastSentMessageId; here the resolve goes on when an answer is late, and takes
 * it when it comes after all. */
typedef struct
{
  guint32 id;                /* MessageID */
  gboolean late;             /* the resolve has gone on without it */
  DrtNextHop *hop;           /* of a LOOKUP: who was asked */
  gboolean introducing;      /* the INQUIRE before it: for the credential it is to be sealed with */
  gboolean any;              /* with A set: what he names need not be nearer, though
                              * the cache may have filled up since */
  DrtEntry *match;           /* of an INQUIRE: what is to be proved */
  guint attempt;             /* the first, the second, … for that */
  guint8 nonce[DRT_NONCE_SIZE];
  DrtEndpoint to;
  gint64 sent;
  guint place;               /* in the list of hops */
} DrtAsked;

typedef enum
{
  DRT_PHASE_READY,      /* the next step is to be taken */
  DRT_PHASE_ASKING,     /* a LOOKUP or INQUIRE is out */
  DRT_PHASE_WAITING,    /* iterative: until drt_node_resolve_continue() */
  DRT_PHASE_FINISHED,   /* to be reported and freed */
} DrtResolvePhase;

#define DRT_SEARCH_SHUNNED_MAX 8   /* leaves room for the hops on the path */

/* What a search knows beyond the round it is in; see drt-resolve-search.c. */
typedef struct
{
  guint n_rounds;
  gboolean in_round;
  gboolean exploring;        /* the round looks into a gap, not for the target */
  gboolean news;             /* it has named a key not met before: time to think again */
  DrtKeySpan gap;            /* which it is to clear */
  guint n_confirmed;         /* answers in a row that know of nobody nearer than the best */
  guint n_vain;              /* rounds in a row that cleared nothing */
  guint growth;              /* rounds in a row that found nobody in an open gap */
  guint n_measured;          /* distances from aims to the nearest key, … */
  guint measured_bits;       /* … the bits of them all together */
  DrtEntry *own;             /* InitialBestMatchRouteEntry, where our keys count */
  GHashTable *matched;       /* of DrtKey: already returned; NULL: none */
  DrtCache met;              /* everybody named or asked; no entries before the first */
  DrtKeySet clear;           /* where no key of others is but those met */
  guint n_shunned;           /* who did not answer, or lied: nobody is to name them again */
  DrtEndpoint shunned[DRT_SEARCH_SHUNNED_MAX];
} DrtSearchState;

struct _DrtResolve
{
  guint64 id;
  DrtKey target;
  DrtResolveReason reason;
  DrtResolveCriteria criteria;
  guint precision;
  DrtResolvePhase phase;
  DrtKey aim;                /* the Target Key of its LOOKUPs: @target, but for the later
                              * rounds of a search */
  gint64 started;
  gint64 deadline;
  gboolean went_on;          /* iterative: the next hop may be asked */

  gboolean is_query;         /* asked for by the application: */
  DrtResolveQuery query;
  DrtResolveFunc func;
  gpointer data;
  DrtSearchState search;
  GPtrArray *failed;         /* of DrtEntry: those that did not prove their key; others
                              * may claim it with better right */
  guint n_matches;
  DrtKey found;              /* the last match */
  HRESULT result;

  guint n_path;
  DrtEndpoint path[DRT_MAX_PATH];
  GPtrArray *next_hops;      /* of DrtNextHop: a stack */
  GPtrArray *best_matches;   /* of DrtEntry: a stack */
  DrtEntry *best;            /* CurrentBestMatch */
  gboolean has_own;          /* it began with a key of ours as best match: */
  DrtKey own;
  DrtNextHop *current;       /* CurrentNextHop */
  guint suspicious;
  guint useful_hops;
  guint n_first_hops;
  guint first_hop;           /* of @hops, in this round */
  GArray *asked;             /* of DrtAsked: who has not answered yet */
  GArray *hops;              /* of DrtObservedHop */
  guint changed_hop;         /* those from here on have changed since they were last looked at */
};

/* drt-resolve.c */
void            drt_next_hop_free          (DrtNextHop *hop);
void            drt_resolve_observe        (DrtNode *node, DrtResolve *resolve);
void            drt_resolve_add_hop        (DrtResolve *resolve, const DrtEndpoint *endpoint, const DrtKey *key, guint32 flags);
DrtObservedHop *drt_resolve_get_hop        (DrtResolve *resolve, guint place);
void            drt_resolve_finish         (DrtNode *node, DrtResolve *resolve, HRESULT hr);
void            drt_resolve_report_match   (DrtNode *node, DrtResolve *resolve, const DrtEntry *entry, GBytes *payload, gboolean local);

/* drt-resolve-asked.c: who has been asked and has not answered */
void            drt_asked_clear            (DrtAsked *asked);
gboolean        drt_resolve_take_asked     (DrtResolve *resolve, guint32 id, DrtAsked *asked);
DrtAsked       *drt_resolve_find_asked     (DrtResolve *resolve, guint32 id);
void            drt_resolve_hurry          (DrtNode *node, guint32 id, guint attempt);
void            drt_resolve_abandon_asked  (DrtNode *node, DrtResolve *resolve);
void            drt_resolve_abandon_hops   (DrtNode *node, DrtResolve *resolve);
gboolean        drt_resolve_has_asked_hop  (const DrtResolve *resolve, const DrtEntry *entry);
gboolean        drt_resolve_has_asked_match (const DrtResolve *resolve, const DrtEntry *entry);
gboolean        drt_resolve_has_asked_lately (const DrtResolve *resolve);
gboolean        drt_resolve_hopes          (const DrtResolve *resolve);
gboolean        drt_resolve_hopes_for      (const DrtResolve *resolve, const DrtAsked *asked);

/* drt-resolve-match.c: what counts as a match */
gboolean        drt_resolve_is_sufficient  (const DrtResolve *resolve, const DrtKey *key);
gboolean        drt_resolve_is_acceptable  (const DrtResolve *resolve, const DrtKey *key);
gboolean        drt_resolve_has_failed     (const DrtResolve *resolve, const DrtEntry *entry);
void            drt_resolve_fail           (DrtResolve *resolve, const DrtEntry *entry);
void            drt_resolve_consider_best  (DrtResolve *resolve, const DrtEntry *entry);

/* drt-resolve-answer.c */
void            drt_resolve_add_to_path    (DrtResolve *resolve, const DrtEndpoint *endpoint);
void            drt_resolve_leave_path     (DrtResolve *resolve, const DrtEndpoint *endpoint);
void            drt_resolve_keep_proved    (DrtNode *node, gint64 now, const DrtEntry *proved, const DrtEndpoint *at,
                                            const DrtAuthorityBuffer *answer);
void            drt_resolve_refute         (DrtResolve *resolve, const DrtEntry *entry, const DrtEndpoint *liar);

/* drt-resolve-step.c: whom to ask next */
gboolean        drt_resolve_inquire        (DrtNode *node, gint64 now, DrtResolve *resolve, const DrtEntry *match, guint attempt);
void            drt_resolve_push_hop       (DrtResolve *resolve, const DrtEntry *entry, guint use_count);
gboolean        drt_resolve_was_asked      (const DrtResolve *resolve, const DrtEntry *entry);
gboolean        drt_resolve_take_hop       (DrtNode *node, gint64 now, DrtResolve *resolve);
void            drt_resolve_prove          (DrtNode *node, gint64 now, DrtResolve *resolve, const DrtEntry *match);
void            drt_resolve_take_step      (DrtNode *node, gint64 now, DrtResolve *resolve);

/* drt-resolve-lookup.c: asking a hop */
void            drt_resolve_ask_hop        (DrtNode *node, gint64 now, DrtResolve *resolve, DrtNextHop *hop);
void            drt_resolve_introduced     (DrtNode *node, gint64 now, DrtResolve *resolve, DrtAsked *asked,
                                            const DrtAuthorityBuffer *answer);
void            drt_resolve_mistrust       (DrtNode *node, const DrtAsked *asked);

/* drt-resolve-search.c: what the application searches for */
void            drt_search_clear           (DrtResolve *resolve);
DrtEntry       *drt_search_nearest_hop     (DrtNode *node, const DrtResolve *resolve);
void            drt_search_was_named       (DrtResolve *resolve, const DrtEntry *named);
void            drt_search_was_answered    (DrtResolve *resolve, const DrtEntry *hop, gboolean any, const DrtEntry *named);
gboolean        drt_search_has_matched     (const DrtResolve *resolve, const DrtKey *key);
void            drt_search_matched         (DrtNode *node, DrtResolve *resolve, const DrtEntry *entry, GBytes *payload, gboolean local);
void            drt_search_shun            (DrtResolve *resolve, const DrtEndpoint *endpoint);
void            drt_search_refuted         (DrtResolve *resolve, const DrtEntry *entry, const DrtEndpoint *liar);
void            drt_search_take_step       (DrtNode *node, gint64 now, DrtResolve *resolve);

G_END_DECLS
