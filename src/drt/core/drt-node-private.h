/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-budget.h"
#include "drt-cache.h"
#include "drt-credentials.h"
#include "drt-leaf-set.h"
#include "drt-letter.h"
#include "drt-levels.h"
#include "drt-load.h"
#include "drt-message.h"
#include "drt-node.h"
#include "drt-pending.h"
#include "drt-reassembly.h"
#include "drt-replay.h"

/*
 * The cloud state of [MC-DRT] §3.1.1 and §3.2.1, and what the files of the core
 * do for one another.  Each block below names the file it belongs to.
 */

G_BEGIN_DECLS

#define DRT_MAINTENANCE_TIME       (15 * G_USEC_PER_SEC)  /* §3.1.2 */
#define DRT_MAINTENANCE_TIME_SMALL (10 * G_USEC_PER_SEC)  /* Appendix <1>: 2 entries or fewer */
#define DRT_SYNC_MAX               10                     /* Appendix <2> */
#define DRT_FEW_ENTRIES            8                      /* §3.1.4.4, §3.1.5.5.1 */
#define DRT_SPREAD_ENTRIES         20                     /* below this many the cache takes all there are */

/* A key of the Locally Registered Key List. */
typedef struct
{
  DrtKey key;
  GBytes *payload;
  gpointer key_context;
  DrtLeafSet leaves;
  gboolean announced;
  gboolean announcing;
  gboolean announce_again;       /* the addresses changed meanwhile */
  gboolean unresolvable;
  gboolean unsettled;            /* a leaf was lost since the last maintenance */
  guint n_gained;                /* leaves that came since then */
} DrtLocalKey;

/* A synchronisation conversation we began, until its REQUEST is sent. */
typedef struct
{
  DrtEndpoint peer;
  guint32 solicit_id;
  guint8 nonce[DRT_NONCE_SIZE];
} DrtSync;

/* A conversation somebody began with us. */
typedef struct
{
  DrtEndpoint peer;
  DrtKey peer_key;               /* of the route entry it sent, or zero */
  guint8 hashed_nonce[DRT_HASHED_NONCE_SIZE];
  gint64 deadline;
} DrtConversation;

/* An entry of the Pending Route Entry Add List. */
typedef struct
{
  DrtEntry *entry;
  guint32 inquire_id;
  gboolean need_cpa;
  guint8 nonce[DRT_NONCE_SIZE];
  DrtEndpoint from;              /* who told us */
  gboolean counts_us;            /* the entry's own node, which takes us for its leaf */
  guint n_flooded;               /* the Already Flooded List it came with */
  DrtEndpoint flooded[DRT_MAX_PATH];
} DrtValidation;

/* Somebody whose credential is asked for, because something is to be sealed for him. */
typedef struct
{
  DrtEntry *with;
  guint32 inquire_id;
  guint8 nonce[DRT_NONCE_SIZE];
  GPtrArray *letters;            /* of DrtLetter: what waits for it */
} DrtIntroduction;

/* The search for splits of the cloud ([MC-DRT] §3.2.6.2.1), one at a time. */
typedef struct
{
  gboolean outsider;             /* no node that the bootstrap named has answered yet */
  gboolean asking_host;          /* for endpoints to start from */
  gboolean resolving;
  GArray *endpoints;             /* of DrtEndpoint: those it gave; the last is the one in use */
  gint64 met;                    /* when that one was turned to */
  GArray *keys;                  /* of DrtKey: ours to be tested; the last is being tested */
  gint64 since;                  /* what was learned since then was learned by testing */
  gboolean is_split;             /* as was found out at @key … */
  DrtKey key;
  guint n_checks;                /* … which is looked at again so often at the most */
} DrtSplitDetection;

struct _DrtNode
{
  DrtNodeSettings settings;
  DrtNodeHost host;
  gpointer host_data;
  gboolean observed;
  gboolean closed;

  gboolean bootstrapping;        /* no status yet */
  DRT_STATUS status;
  HRESULT fault;
  gint64 status_since;

  guint n_locals;
  DrtEndpoint locals[DRT_MAX_LOCAL_ADDRESSES];

  gboolean discovering;          /* the host looks for endpoints */
  gint64 bootstrap_time;
  HRESULT bootstrap_result;
  GArray *bootstrap_found;       /* of DrtEndpoint: what the last bootstrap gave */

  DrtCache cache;
  DrtKey anchor;                 /* of the levels while there is no key of ours */
  GPtrArray *keys;               /* of DrtLocalKey, ascending by key */
  DrtPendingList pending;
  DrtReassemblyList reassembly;
  DrtReplay replay;
  GArray *syncs;                 /* of DrtSync */
  gint64 floods_until;           /* the FLOODs a REQUEST asked for may come until then */
  guint n_snowball;              /* synchronisations with newly met nodes since the bootstrap */
  GArray *conversations;         /* of DrtConversation */
  GPtrArray *validations;        /* of DrtValidation */
  GPtrArray *resolves;           /* of DrtResolve */
  GPtrArray *introductions;      /* of DrtIntroduction */
  DrtCredentials credentials;    /* confidential mode only */
  guint64 n_resolves;            /* ever begun: the next one's id */

  DrtSplitDetection split;

  gint64 maintenance;            /* next expiry of the Maintenance Timer */
  guint n_maintenances;
  guint n_probes;
  guint gap_credit;              /* gaps that may be looked into now; a filled one is worth another */
  gint64 gap_time;               /* not before */
  guint gap_anchor;              /* where the next is looked for: around this key of ours, … */
  DrtLevelsCursor gap_cursor;    /* … there */

  DrtCounters counters;
  DrtDropReason dropped;         /* verdict on the datagram being received */
  gint64 arrived;                /* when it reached the host */
  gsize received;                /* its length */
  gboolean busy;                 /* too much so to act upon it */
  DrtLoad load;
  DrtBudget budget;
  guint inquire_size;            /* of the last INQUIRE sent */
  gint64 refused_since;          /* this second, … */
  guint n_refused;               /* … in which so many refusals were told */
  DrtRoundTrip round_trip;       /* of all others together, for those of whom nothing is known */
};

/* drt-node.c */
guint32      drt_node_random_id        (DrtNode *node);
guint32      drt_node_random_below     (DrtNode *node, guint32 limit);
void         drt_node_drop             (DrtNode *node, DrtDropReason reason);
gint64       drt_node_round_trip       (const DrtNode *node, gint64 sent);
void         drt_node_keep_credential  (DrtNode *node, const DrtKey *key, const DrtEndpoint *at, DrtSpan credential);
gboolean     drt_node_is_local         (const DrtNode *node, const DrtEndpoint *endpoint);
void         drt_node_update_status    (DrtNode *node, gint64 now);

/* drt-closing.c */
void         drt_closing_received      (DrtNode *node, gint64 now, const DrtEndpoint *from, const guint8 *bytes, gsize length);
void         drt_closing_advance       (DrtNode *node, gint64 now);

/* drt-send.c */
guint32      drt_node_send             (DrtNode *node, gint64 now, const DrtEndpoint *to, DrtMessage *message);
guint32      drt_node_answer           (DrtNode *node, gint64 now, const DrtEndpoint *to, DrtMessage *message, guint32 id);
guint32      drt_node_request          (DrtNode *node, gint64 now, const DrtEndpoint *to, DrtMessage *message,
                                        DrtPendingKind kind, const DrtKey *key, gpointer owner);
guint32      drt_node_request_parts    (DrtNode *node, gint64 now, const DrtEndpoint *to, DrtMessage *parts, guint n_parts,
                                        DrtPendingKind kind, const DrtKey *key, gpointer owner);
void         drt_node_resend           (DrtNode *node, gint64 now, DrtPending *request);
gint64       drt_node_answered         (DrtNode *node, const DrtPending *request);
void         drt_node_hurry_request    (DrtNode *node, DrtPending *request, guint attempt);
void         drt_node_put_off          (DrtNode *node, gint64 now, DrtPending *request);
gboolean     drt_node_knows            (DrtNode *node, const DrtEndpoint *endpoint);
gboolean     drt_node_may_send         (DrtNode *node, gint64 now, const DrtEndpoint *to, gsize length, gsize allowance);

/* drt-monitor.c */
void         drt_monitor_status        (DrtNode *node);
void         drt_monitor_entry         (DrtNode *node, DrtObservedChange change, DrtEntry *entry);
void         drt_monitor_key           (DrtNode *node, DrtObservedChange change, const DrtLocalKey *local);
void         drt_monitor_event         (DrtNode *node, gint64 now, DrtObservedEventKind kind, int code, HRESULT hr,
                                        const DrtKey *key, const DrtKey *remote, const DrtEndpoint *endpoint);
void         drt_monitor_refused       (DrtNode *node, gint64 now, const DrtEndpoint *endpoint, DrtSpan credential, HRESULT hr);
void         drt_monitor_entry_refused (DrtNode *node, gint64 now, const DrtKey *remote, const DrtEndpoint *endpoint,
                                        DrtSpan credential, HRESULT hr);
void         drt_monitor_message       (DrtNode *node, gint64 now, DrtObservedDirection direction, const DrtEndpoint *peer,
                                        const guint8 *bytes, gsize length, DrtDropReason dropped);

/* drt-routes.c: what enters and leaves the cache, and what follows from it */
void         drt_routes_add            (DrtNode *node, gint64 now, DrtEntry *entry, const DrtValidation *validation);
void         drt_routes_remove         (DrtNode *node, gint64 now, const DrtKey *key, HRESULT why);
void         drt_routes_remove_at      (DrtNode *node, gint64 now, const DrtKey *key, const DrtEndpoint *at, HRESULT why);
void         drt_routes_heard          (DrtNode *node, gint64 now, const DrtKey *key, const DrtEndpoint *from, gint64 round_trip);
void         drt_routes_unanswered     (DrtNode *node, gint64 now, const DrtPending *request);
gboolean     drt_routes_wants          (DrtNode *node, const DrtEntry *entry);
guint        drt_routes_get_n_levels   (const DrtNode *node);
void         drt_routes_get_levels     (const DrtNode *node, guint i, DrtLevels *levels);
void         drt_routes_trim           (DrtNode *node);
gboolean     drt_routes_is_leaf        (DrtNode *node, const DrtKey *key);
gboolean     drt_routes_would_be_leaf  (DrtNode *node, const DrtKey *key);
void         drt_routes_refresh_leaves (DrtNode *node, gint64 now, DrtLocalKey *local);
void         drt_routes_refresh_positions (DrtNode *node);

/* drt-validate.c */
void         drt_validate_submit       (DrtNode *node, gint64 now, const DrtWireEntry *wire, DrtLearnedFrom learned_from,
                                        const DrtEndpoint *from, const DrtWireEndpoints *flooded);
void         drt_validate_answered     (DrtNode *node, gint64 now, const DrtPending *request, const DrtEndpoint *from,
                                        const DrtAuthorityBuffer *answer);
void         drt_validate_unanswered   (DrtNode *node, gint64 now, const DrtPending *request);
gboolean     drt_validate_counts_us    (DrtNode *node, const DrtKey *key, const DrtEndpoint *from);
void         drt_validation_free       (DrtValidation *validation);

/* drt-cpa.c: what the security provider says of a CPA */
typedef struct
{
  DrtKey key;
  DrtEntry *entry;               /* key, version and addresses; NULL without addresses */
  GBytes *payload;               /* NULL when none came */
  guint32 flags;                 /* DRT_PAYLOAD_REVOKED */
} DrtCpa;

HRESULT      drt_cpa_make              (DrtNode *node, const DrtLocalKey *local, guint32 flags, gboolean want_payload,
                                        const guint8 nonce[DRT_NONCE_SIZE], DRT_DATA *cpa, DRT_DATA *classifier,
                                        DRT_DATA *payload, DRT_DATA *chain);
HRESULT      drt_cpa_validate          (DrtNode *node, DrtSpan cpa, DrtSpan chain, DrtSpan classifier, DrtSpan payload,
                                        const guint8 *nonce, DrtCpa *result);
HRESULT      drt_cpa_check             (DrtNode *node, const DrtEntry *claimed, const DrtAuthorityBuffer *answer,
                                        const guint8 *nonce, DrtCpa *result);
void         drt_cpa_clear             (DrtCpa *cpa);

/* drt-security.c: proofs of membership, sealed fields */
typedef struct
{
  DRT_DATA credential;
  DRT_DATA signature;
  DRT_DATA key_identifier;
} DrtProof;

void         drt_security_free         (DrtNode *node, DRT_DATA *data);
DrtSpan      drt_security_span         (const DRT_DATA *data);
gboolean     drt_security_is_silent    (const DrtNode *node);
gboolean     drt_security_prove        (DrtNode *node, DrtMessage *message, DrtProof *proof);
void         drt_security_proof_clear  (DrtNode *node, DrtProof *proof);
gboolean     drt_security_verify       (DrtNode *node, gint64 now, const DrtEndpoint *from, const DrtMessage *message);
gboolean     drt_security_verify_credential (DrtNode *node, gint64 now, const DrtEndpoint *from, DrtSpan credential);
gboolean     drt_security_seal         (DrtNode *node, DrtSpan credential, guint n, const DrtSpan *clear,
                                        DRT_DATA *sealed, DRT_DATA *keytoken);
guint8      *drt_security_open         (DrtNode *node, const DrtKey *validate_key, DrtSpan keytoken, guint n, DrtSpan *fields);

/* drt-inquire.c: INQUIRE, asked and answered; sending an AUTHORITY_BUFFER */
guint32      drt_inquire_send          (DrtNode *node, gint64 now, const DrtEntry *entry, guint16 flags,
                                        guint8 nonce[DRT_NONCE_SIZE], DrtPendingKind kind, gpointer owner);
void         drt_inquire_received      (DrtNode *node, gint64 now, const DrtEndpoint *from, const DrtMessage *message);
void         drt_inquire_cached        (DrtNode *node, gint64 now, const DrtEntry *entry);
void         drt_authority_send        (DrtNode *node, gint64 now, const DrtEndpoint *to, guint32 acked,
                                        const DrtAuthorityBuffer *buffer);
void         drt_authority_send_busy   (DrtNode *node, gint64 now, const DrtEndpoint *to, guint32 acked);

/* drt-authority.c */
void         drt_authority_received    (DrtNode *node, gint64 now, const DrtEndpoint *from, const DrtMessage *message);

/* drt-sync.c */
void         drt_sync_start            (DrtNode *node, gint64 now, const DrtEndpoint *peer);
void         drt_sync_unanswered       (DrtNode *node, gint64 now, const DrtPending *request);
void         drt_solicit_received      (DrtNode *node, gint64 now, const DrtEndpoint *from, const DrtMessage *message);
void         drt_advertise_received    (DrtNode *node, gint64 now, const DrtEndpoint *from, const DrtMessage *message);
void         drt_request_received      (DrtNode *node, gint64 now, const DrtEndpoint *from, const DrtMessage *message);
void         drt_conversations_expire  (DrtNode *node, gint64 now);
gint64       drt_conversations_deadline (const DrtNode *node);

/* drt-introduction.c: whom something is to be sealed for, but whose credential is not known */
void         drt_introduce             (DrtNode *node, gint64 now, DrtLetter *letter);
void         drt_introduction_answered (DrtNode *node, gint64 now, const DrtPending *request, const DrtAuthorityBuffer *answer);
void         drt_introduction_unanswered (DrtNode *node, gint64 now, const DrtPending *request);
void         drt_introduction_free     (DrtIntroduction *self);

/* drt-flood.c */
gboolean     drt_flood_send            (DrtNode *node, gint64 now, const DrtEndpoint *to, const DrtKey *validate_key,
                                        DrtSpan credential, const DrtFloodContent *content, guint32 *id);
void         drt_flood_send_letter     (DrtNode *node, gint64 now, DrtLetter *letter);
void         drt_flood_send_to         (DrtNode *node, gint64 now, const DrtEntry *target, const DrtFloodContent *content);
void         drt_flood_unanswered      (DrtNode *node, gint64 now, DrtPending *request);
void         drt_flood_new_leaf        (DrtNode *node, gint64 now, const DrtEntry *entry, const DrtValidation *validation);
void         drt_flood_name_nearer     (DrtNode *node, gint64 now, const DrtEntry *entry);
void         drt_flood_received        (DrtNode *node, gint64 now, const DrtEndpoint *from, const DrtMessage *message);
void         drt_ack_send              (DrtNode *node, gint64 now, const DrtEndpoint *to, guint32 acked, gboolean not_found);
void         drt_ack_received          (DrtNode *node, gint64 now, const DrtEndpoint *from, const DrtMessage *message);

/* drt-lookup.c: answering */
void         drt_lookup_received       (DrtNode *node, gint64 now, const DrtEndpoint *from, const DrtMessage *message);

/* drt-resolve.c: asking */
DrtResolve  *drt_resolve_new           (DrtNode *node, gint64 now, const DrtKey *target, DrtResolveReason reason,
                                        DrtResolveCriteria criteria, guint precision, DrtEntry *best_match);
void         drt_resolve_free          (DrtResolve *resolve);
void         drt_resolve_answered      (DrtNode *node, gint64 now, const DrtPending *request, const DrtEndpoint *from,
                                        const DrtAuthorityBuffer *answer);
void         drt_resolve_late          (DrtNode *node, gint64 now, const DrtPending *request);
void         drt_resolve_busy          (DrtNode *node, gint64 now, const DrtPending *request);
void         drt_resolve_lost          (DrtNode *node, gint64 now, const DrtPending *request);
void         drt_resolve_unanswered    (DrtNode *node, gint64 now, const DrtPending *request);
void         drt_resolves_advance      (DrtNode *node, gint64 now);
gint64       drt_resolves_deadline     (const DrtNode *node);
void         drt_resolves_fail_all     (DrtNode *node, gint64 now, HRESULT hr);
void         drt_resolves_forget_own   (DrtNode *node, const DrtKey *own);
gboolean     drt_resolve_is_asking     (const DrtResolve *resolve, guint32 id, const DrtEndpoint *endpoint);

/* drt-registration.c */
DrtLocalKey *drt_keys_find             (const DrtNode *node, const DrtKey *key);
DrtLocalKey *drt_keys_get              (const DrtNode *node, guint i);
DrtLocalKey *drt_keys_nearest          (const DrtNode *node, const DrtKey *target);
DrtEntry    *drt_keys_make_entry       (const DrtNode *node, const DrtLocalKey *local);
void         drt_keys_announce         (DrtNode *node, gint64 now, DrtLocalKey *local);
void         drt_keys_announce_all     (DrtNode *node, gint64 now);
void         drt_keys_announced        (DrtNode *node, gint64 now, const DrtKey *key, gboolean asked_somebody);
void         drt_keys_unresolvable     (DrtNode *node, gint64 now, DrtLocalKey *local);
void         drt_local_key_free        (DrtLocalKey *local);

/* drt-maintenance.c */
void         drt_maintenance_schedule  (DrtNode *node, gint64 now);
void         drt_maintenance_run       (DrtNode *node, gint64 now);
void         drt_maintenance_discover  (DrtNode *node, gint64 now);
void         drt_maintenance_repair    (DrtNode *node, gint64 now, const DrtLocalKey *local, int position);
void         drt_maintenance_repair_all (DrtNode *node, gint64 now, const DrtLocalKey *local);
void         drt_maintenance_ask_for_more (DrtNode *node, gint64 now, const DrtEntry *entry);
void         drt_maintenance_fill_gaps (DrtNode *node, gint64 now);
void         drt_maintenance_expect_gaps (DrtNode *node, gint64 now, guint n);
gint64       drt_maintenance_deadline  (const DrtNode *node);
double       drt_maintenance_mesh_size (const DrtNode *node);

/* drt-split-detection.c: parts of the cloud that do not know of one another */
void         drt_split_detection_init  (DrtSplitDetection *self);
void         drt_split_detection_clear (DrtSplitDetection *self);
void         drt_split_detection_heard (DrtNode *node, const DrtEndpoint *from);
void         drt_split_detection_run   (DrtNode *node, gint64 now);
void         drt_split_detection_bootstrap_found (DrtNode *node, const DrtEndpoint *endpoints, guint n_endpoints);
void         drt_split_detection_bootstrap_done (DrtNode *node, gint64 now);
void         drt_split_detection_learned (DrtNode *node, gint64 now, const DrtEntry *entry);
void         drt_split_detection_finished (DrtNode *node, gint64 now, const DrtResolve *resolve);

G_END_DECLS
