/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt.h"
#include "drt-endpoint.h"
#include "drt-key.h"
#include "drt-observe.h"

/*
 * A node of the Distributed Routing Table without any input or output of its
 * own.  The host hands in bytes, the time and the verbs; the node hands out
 * datagrams, events and its next deadline through DrtNodeHost.  No function
 * here may be called from a host callback: what a callback wants is to be
 * queued by the host.
 *
 * Times are g_get_monotonic_time() microseconds or any other clock that does
 * not go back.
 */

G_BEGIN_DECLS

#define DRT_MAX_LOCAL_ADDRESSES 4   /* §3.1.4.1 */

typedef struct _DrtNode DrtNode;
typedef struct _DrtResolve DrtResolve;

typedef struct
{
  /* A datagram to @to; @bytes are borrowed. */
  void (*send)      (gpointer host, const DrtEndpoint *to, const guint8 *bytes, gsize length);
  /* @length bytes from a cryptographic generator. */
  void (*random)    (gpointer host, guint8 *bytes, gsize length);
  /* Endpoints of other nodes are wanted: the answer comes through
   * drt_node_bootstrap_found() and drt_node_bootstrap_done(). */
  void (*bootstrap) (gpointer host, gboolean split_detection);

  /* The events of drt.h. */
  void (*status_changed)       (gpointer host, DRT_STATUS status, HRESULT hr, const DrtEndpoint *bootstrap, guint n_bootstrap);
  void (*leaf_changed)         (gpointer host, const DrtKey *local, const DrtKey *remote, gboolean added);
  void (*key_unresolvable)     (gpointer host, const DrtKey *local);

  /* What a monitor sees; called only while drt_node_set_observed() is on. */
  void (*observe_status)  (gpointer host, const DrtObservedStatus *status);
  void (*observe_entry)   (gpointer host, DrtObservedChange change, const DrtObservedEntry *entry);
  void (*observe_key)     (gpointer host, DrtObservedChange change, const DrtObservedKey *key);
  void (*observe_event)   (gpointer host, const DrtObservedEvent *event);
  void (*observe_lookup)  (gpointer host, const DrtObservedLookup *lookup);
  void (*observe_message) (gpointer host, const DrtObservedMessage *message);
} DrtNodeHost;

typedef struct
{
  guint8 protocol_major;
  guint8 protocol_minor;
  guint max_addresses;                   /* published with a key, 1 .. 20 */
  DRT_SECURITY_MODE mode;
  const DRT_SECURITY_PROVIDER *security; /* attached; outlives the node */
  gboolean binds;                        /* the provider takes the binding too, see drt_security_provider_binds() */
  guint locality;                        /* dwLocalityThreshold: thousandths of a slot, see DrtLevels */
} DrtNodeSettings;

DrtNode *drt_node_new            (const DrtNodeSettings *settings, const DrtNodeHost *host, gpointer host_data);
void     drt_node_free           (DrtNode *node);

/* §3.1.4.1: begins with these local endpoints, all of one port.  None: DRT_NO_NETWORK. */
void     drt_node_open           (DrtNode *node, gint64 now, const DrtEndpoint *addresses, guint n_addresses);
/* §3.1.7.1, §3.2.7.2: another set of addresses. */
void     drt_node_set_addresses  (DrtNode *node, gint64 now, const DrtEndpoint *addresses, guint n_addresses);
/* Leaves: sends the revokes of every key, and again until they are acknowledged; with
 * dead neighbours it takes a few round trips, two seconds at the most.  Without the
 * time for that, drt_node_hurry().  drt_node_advance() reports the end of every
 * resolve. */
void     drt_node_close          (DrtNode *node, gint64 now);
gboolean drt_node_is_closed      (const DrtNode *node);
void     drt_node_hurry          (DrtNode *node, gint64 now);
/* A critical local error: DRT_FAULTED, all activity ends. */
void     drt_node_fault          (DrtNode *node, gint64 now, HRESULT hr);

/* @arrived: when the datagram reached this host, at most @now; what round trips are measured by. */
void     drt_node_receive        (DrtNode *node, gint64 now, gint64 arrived, const DrtEndpoint *from,
                                  const guint8 *bytes, gsize length);
/* A datagram the host could not send at all. */
void     drt_node_send_failed    (DrtNode *node, gint64 now, const DrtEndpoint *to);
void     drt_node_advance        (DrtNode *node, gint64 now);
gint64   drt_node_next_deadline  (const DrtNode *node);   /* G_MAXINT64: none */

void     drt_node_bootstrap_now   (DrtNode *node, gint64 now);
void     drt_node_bootstrap_found (DrtNode *node, gint64 now, const DrtEndpoint *endpoints, guint n_endpoints);
void     drt_node_bootstrap_done  (DrtNode *node, gint64 now, HRESULT hr);

/* §3.2.4.1.  The provider's RegisterKey has been called by the host before, its
 * UnregisterKey is by the host afterwards.  @key_context goes to the provider
 * with every CPA.  FALSE: the key is already registered, or the node is closed or
 * faulted.  Without addresses the key is announced when there are some. */
gboolean drt_node_register        (DrtNode *node, gint64 now, const DrtKey *key, GBytes *payload, gpointer key_context);
gboolean drt_node_update          (DrtNode *node, gint64 now, const DrtKey *key, GBytes *payload);
gboolean drt_node_unregister      (DrtNode *node, gint64 now, const DrtKey *key);
/* The certificate of a registered key ends in so many days: 0, it has ended, and nobody
 * accepts the key any more. */
void     drt_node_key_expires     (DrtNode *node, gint64 now, const DrtKey *key, guint days);

/* A resolve asked for by the application, §3.1.4.4. */
typedef enum
{
  DRT_RESOLVE_INTERMEDIATE,   /* a next hop was chosen; the resolve waits for drt_node_resolve_continue() */
  DRT_RESOLVE_FOUND,          /* a validated match within the range */
  DRT_RESOLVE_FINISHED,       /* over, by itself or by its time; nothing follows */
} DrtResolveEvent;

typedef struct
{
  DrtKey key;
  const guint8 *payload;      /* borrowed */
  gsize payload_size;
  guint n_addresses;
  const DrtEndpoint *addresses; /* where it is published; for INTERMEDIATE the hop's */
  gboolean local;             /* a key of this node */
} DrtResolveMatch;

/* @match is NULL with DRT_RESOLVE_FINISHED; @hr: S_OK, DRT_E_TIMEOUT, DRT_E_FAULTED
 * or E_OUTOFMEMORY. */
typedef void (*DrtResolveFunc) (gpointer data, DrtResolveEvent event, const DrtResolveMatch *match, HRESULT hr);

typedef struct
{
  DrtKey target;
  DrtKey minimum;             /* range in which a match counts; exact: all three equal */
  DrtKey maximum;
  gboolean any_in_range;      /* the first in range will do */
  gboolean allow_local;       /* keys of this node count */
  gboolean iterative;
  guint max_matches;          /* >= 1 */
  gint64 timeout;             /* microseconds from now */
} DrtResolveQuery;

/* The callback may come from within any later call on @node, never from within
 * these.  After FINISHED, or drt_node_resolve_end(), @resolve is gone. */
DrtResolve *drt_node_resolve_start    (DrtNode *node, gint64 now, const DrtResolveQuery *query, DrtResolveFunc func, gpointer data);
void        drt_node_resolve_continue (DrtNode *node, gint64 now, DrtResolve *resolve);
void        drt_node_resolve_end      (DrtNode *node, gint64 now, DrtResolve *resolve);
/* The nodes asked so far, valid until the next call on @node. */
const DrtObservedHop *drt_node_resolve_get_path (const DrtResolve *resolve, guint *n_hops);
/* The first of them that is new or has changed since this was last asked; as many
 * as there are: none. */
guint       drt_node_resolve_take_changes (DrtResolve *resolve);

/* The monitor's side. */
void     drt_node_set_observed    (DrtNode *node, gboolean observed);   /* on: tells all there is */
void     drt_node_get_status      (const DrtNode *node, DrtObservedStatus *status);
void     drt_node_get_counters    (const DrtNode *node, DrtCounters *counters);
gboolean drt_node_inquire_entry   (DrtNode *node, gint64 now, const DrtKey *key);
gboolean drt_node_drop_entry      (DrtNode *node, gint64 now, const DrtKey *key);

G_END_DECLS
