/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

#include "drt.h"
#include "drt-endpoint.h"
#include "drt-key.h"

/*
 * What a monitor may see of a node: its status, the route-entry cache, the
 * leaf sets, counters, lookups, every message.  None of it is in Windows'
 * drt.h, and nothing a program must do needs it.
 *
 * Observer callbacks run in the thread of the node's main context, with no lock
 * held.  They may call any function of libdrt; what they ask for happens after
 * they have returned.  Times called "monotonic" are g_get_monotonic_time()
 * microseconds.  Pointers handed to a callback are valid during the call only.
 */

G_BEGIN_DECLS

#define DRT_LEAF_SET_SIDE 5   /* leaves on each side of a local key, §1.3.4 */

/* How far the opening of a node has come, and what hinders it. */
typedef struct
{
  gboolean bootstrapping;   /* no status event yet: DrtOpen has just begun, or the network has come back */
  DRT_STATUS status;        /* meaningless while bootstrapping */
  gint64 since;             /* monotonic: when this status began */
  HRESULT fault;            /* why it is DRT_FAULTED, else S_OK */
  guint n_addresses;        /* local addresses, 0 .. 4 */
  DrtEndpoint addresses[4]; /* the Local Endpoint List, §3.1.1 */
  guint16 port;             /* the bound UDP port */
  gint64 bootstrap_time;    /* monotonic: last bootstrap begun, 0 never */
  HRESULT bootstrap_result; /* of the last bootstrap: S_OK addresses came, DRT_E_NO_MORE none, else the error */
  guint n_bootstrap_addresses; /* addresses it gave */
} DrtObservedStatus;

typedef enum
{
  DRT_OBSERVED_ADDED,
  DRT_OBSERVED_CHANGED,
  DRT_OBSERVED_REMOVED,
} DrtObservedChange;

/* The message that brought a route entry, §3.2.5.1. */
typedef enum
{
  DRT_LEARNED_FROM_SOLICIT,
  DRT_LEARNED_FROM_FLOOD,
  DRT_LEARNED_FROM_LOOKUP,
  DRT_LEARNED_FROM_AUTHORITY,
} DrtLearnedFrom;

/* A route entry of the cache. */
typedef struct
{
  DrtKey key;
  guint8 protocol_major;
  guint8 protocol_minor;
  guint n_addresses;               /* 1 .. 20 */
  const DrtEndpoint *addresses;
  int leaf_position;               /* -5 .. -1 below, 1 .. 5 above the nearest local key; 0: no leaf */
  DrtKey leaf_of;                  /* that local key; meaningless at 0 */
  guint level;                     /* cache level, 0 is the whole ring */
  DrtLearnedFrom learned_from;
  DrtEndpoint learned_from_endpoint;
  gint64 added;                    /* monotonic */
  gint64 last_heard;               /* monotonic: last message from one of its addresses about it */
  gint64 round_trip;               /* microseconds, smoothed; -1 unknown */
  guint n_unanswered;              /* requests without an answer since the last answer */
  HRESULT last_error;              /* of its last validation, else S_OK */
} DrtObservedEntry;

/* A key registered here. */
typedef struct
{
  DrtKey key;
  gsize payload_size;                      /* bytes */
  gboolean announced;                      /* the LOOKUP for key + 1 has ended since it was registered, §3.2.4.1 */
  gboolean unresolvable;                   /* DRT_REGISTRATION_STATE_UNRESOLVEABLE was reported */
  guint n_below;                           /* leaves below, 0 .. 5 */
  guint n_above;
  DrtKey below[DRT_LEAF_SET_SIDE];         /* nearest first */
  DrtKey above[DRT_LEAF_SET_SIDE];         /* nearest first */
} DrtObservedKey;

typedef enum
{
  DRT_OBSERVED_EVENT_STATUS,               /* code: DRT_STATUS, hr */
  DRT_OBSERVED_EVENT_LEAF_ADDED,           /* key: ours, remote_key */
  DRT_OBSERVED_EVENT_LEAF_REMOVED,         /* key: ours, remote_key */
  DRT_OBSERVED_EVENT_KEY_REGISTERED,       /* key */
  DRT_OBSERVED_EVENT_KEY_ANNOUNCED,        /* key */
  DRT_OBSERVED_EVENT_KEY_UNREGISTERED,     /* key */
  DRT_OBSERVED_EVENT_KEY_REVOKED,          /* remote_key: its publisher revoked it, endpoint: who told us */
  DRT_OBSERVED_EVENT_ENTRY_DROPPED,        /* remote_key, endpoint, hr: DRT_E_TIMEOUT no answer, DRT_E_INVALID_KEY not its key any more, else the provider's code */
  DRT_OBSERVED_EVENT_ENTRY_REFUSED,        /* remote_key, endpoint, hr: a new entry that did not validate */
  DRT_OBSERVED_EVENT_BOOTSTRAP,            /* code: addresses found, hr as bootstrap_result */
  DRT_OBSERVED_EVENT_SYNCHRONISED,         /* endpoint, code: keys it advertised */
  DRT_OBSERVED_EVENT_ADDRESSES,            /* code: number of local addresses now */
  DRT_OBSERVED_EVENT_SPLIT,                /* code: DrtObservedSplit, key: the target of the detection, remote_key: the best match */
  DRT_OBSERVED_EVENT_MEMBER_REFUSED,       /* endpoint, hr, credential: what it sent is no proof of membership; at most 8 in a second */
  DRT_OBSERVED_EVENT_KEY_EXPIRES,          /* key, code: days until its certificate expires, at most 30; once a day */
  DRT_OBSERVED_EVENT_KEY_EXPIRED,          /* key: nobody accepts it any more */
} DrtObservedEventKind;

/* What split detection found, §3.2.5.8.1. */
typedef enum
{
  DRT_OBSERVED_SPLIT_SMALLER_PART = 1,     /* others are nearer to our key than all we knew */
  DRT_OBSERVED_SPLIT_LARGER_PART,          /* there are others, none of them nearer */
  DRT_OBSERVED_SPLIT_MERGED,               /* what was found split is one again */
} DrtObservedSplit;

typedef struct
{
  DrtObservedEventKind kind;
  gint64 time;                             /* monotonic */
  int code;
  HRESULT hr;
  gboolean has_key;
  DrtKey key;
  gboolean has_remote_key;
  DrtKey remote_key;
  gboolean has_endpoint;
  DrtEndpoint endpoint;
  const guint8 *credential;                /* NULL: none came; of ENTRY_REFUSED and MEMBER_REFUSED, for drt_chain_check_credential() */
  gsize credential_size;
} DrtObservedEvent;

/* One asked node of a lookup. */
typedef struct
{
  DrtEndpoint endpoint;
  DrtKey key;                              /* the key it was asked as */
  guint32 flags;                           /* DRT_ADDRESS_FLAGS */
  guint nearness;                          /* leading bits its key shares with the target, 0 .. 256 */
  gint64 latency;                          /* microseconds; -1 no answer yet */
} DrtObservedHop;

/* A resolve of any reason (§2.2.2.8), told at its start, after each hop and at its end. */
typedef struct
{
  guint64 id;                              /* of this lookup, unique for the node */
  DrtKey target;
  guint8 criteria;                         /* ResolveCriteria on the wire */
  guint8 reason;                           /* ResolveReasonCode on the wire */
  gint64 started;                          /* monotonic */
  gboolean finished;
  gboolean found;
  DrtKey result;                           /* the best match, when found */
  guint n_hops;
  const DrtObservedHop *hops;
} DrtObservedLookup;

typedef enum
{
  DRT_OBSERVED_IN,
  DRT_OBSERVED_OUT,
} DrtObservedDirection;

/* Why a datagram was not acted upon. */
typedef enum
{
  DRT_DROP_NONE = 0,
  DRT_DROP_MALFORMED,         /* does not decode: wire/ counts the reason */
  DRT_DROP_LOW_PORT,          /* source port below 1024, §3.1.5.1 */
  DRT_DROP_WRONG_VERSION,     /* header version is not ours */
  DRT_DROP_UNEXPECTED,        /* answers nothing we asked */
  DRT_DROP_NO_MEMBER,         /* its proof of membership failed */
  DRT_DROP_UNDECIPHERABLE,    /* sealed fields do not open */
  DRT_DROP_TOO_MANY,          /* a bounded table is full */
  DRT_DROP_BAD_FRAGMENT,      /* does not fit its reassembly */
  DRT_DROP_INVALID_CPA,       /* a CPA that did not validate */
  DRT_DROP_REPLAYED,          /* a signed message that came before, from elsewhere */
  DRT_DROP_N_REASONS
} DrtDropReason;

const char *drt_drop_reason_to_string (DrtDropReason reason) DRT_API;

typedef struct
{
  DrtObservedDirection direction;
  gint64 time;                             /* monotonic */
  DrtEndpoint peer;
  guint8 type;                             /* MessageType, 0 when it does not decode */
  guint32 id;                              /* MessageID */
  const guint8 *bytes;
  gsize length;
  DrtDropReason dropped;
} DrtObservedMessage;

#define DRT_N_MESSAGE_TYPES 12             /* index: MessageType, 0x01 .. 0x0B */

typedef struct
{
  guint64 messages_in;
  guint64 messages_out;
  guint64 bytes_in;                        /* UDP payload */
  guint64 bytes_out;
  guint64 in_by_type[DRT_N_MESSAGE_TYPES];
  guint64 out_by_type[DRT_N_MESSAGE_TYPES];
  guint64 dropped[DRT_DROP_N_REASONS];
  guint64 send_errors;                     /* datagrams the system refused to send */
  guint64 retransmissions;
  guint64 requests_failed;                 /* no answer after both sends */
  guint64 lookups_started;
  guint64 lookups_found;
  guint64 lookups_failed;
  guint64 split_detections;                /* tests begun, §3.2.6.2.1 */
  guint64 splits_found;
  guint64 splits_merged;                   /* of those found: seen to be one again */
  guint n_entries;                         /* route-entry cache now */
  guint n_leaves;                          /* of all leaf sets together now */
  guint n_keys;                            /* registered here now */
  double mesh_size;                        /* estimated keys in the cloud, §3.2.6.2.1.1, by all leaves; 0 unknown */
} DrtCounters;

/**
 * DrtObserver:
 *
 * What to be told; any member may be %NULL.  Whoever sets @message sees each
 * datagram as it leaves, or when it has been acted upon, with its verdict.
 */
typedef struct
{
  void (*status)  (gpointer data, const DrtObservedStatus *status);
  void (*entry)   (gpointer data, DrtObservedChange change, const DrtObservedEntry *entry);
  void (*key)     (gpointer data, DrtObservedChange change, const DrtObservedKey *key);
  void (*event)   (gpointer data, const DrtObservedEvent *event);
  void (*lookup)  (gpointer data, const DrtObservedLookup *lookup);
  void (*message) (gpointer data, const DrtObservedMessage *message);
} DrtObserver;

/* At most one observer per node; NULL ends it.  A new one is first told the
 * status, every entry and every key there is.  When called in the thread of the
 * node's context, no callback comes after drt_observe (drt, NULL, …) returned. */
HRESULT drt_observe       (HDRT drt, const DrtObserver *observer, gpointer data) DRT_API;

HRESULT drt_get_status    (HDRT drt, DrtObservedStatus *status) DRT_API;
HRESULT drt_get_counters  (HDRT drt, DrtCounters *counters) DRT_API;

/* What a person may ask of one entry of the cache: an INQUIRE now, or to
 * forget it.  DRT_E_NO_MORE where it is not cached is told as no change. */
HRESULT drt_inquire_entry (HDRT drt, const DrtKey *key) DRT_API;
HRESULT drt_drop_entry    (HDRT drt, const DrtKey *key) DRT_API;

/* Begins the bootstrap now instead of with the next maintenance. */
HRESULT drt_bootstrap_now (HDRT drt) DRT_API;

G_END_DECLS
