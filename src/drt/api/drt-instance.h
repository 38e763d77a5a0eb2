/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

#include "drt-handle.h"
#include "drt-node.h"
#include "drt-observe.h"
#include "drt-signal.h"
#include "drt-udp-transport.h"

/*
 * An open node as drt.h knows it: the core, and what carries it.
 *
 * The core runs in the thread of its main context and nowhere else.  A verb
 * checks its arguments in the caller's thread and leaves a command; commands run
 * in the order they came, between two turns of the core, so a callback may call
 * any verb.  What a program asks for without waiting is kept under a small lock,
 * which is never held while a provider or an observer is called.
 */

G_BEGIN_DECLS

typedef struct _DrtInstance DrtInstance;
typedef struct _DrtRegistration DrtRegistration;
typedef struct _DrtSearch DrtSearch;

typedef void (*DrtCommandFunc) (DrtInstance *self, gpointer data);

/* The state of the one bootstrap resolve under way.  Of the thread of the context. */
typedef struct
{
  gboolean wanted;
  gboolean split_detection;   /* that is what it is wanted for */
  PVOID ticket;               /* handle of the resolve; NULL: none under way */
  DRT_BOOTSTRAP_RESOLVE_CONTEXT context;
  gint64 deadline;
  guint n_found;
  HRESULT result;
  gboolean registered;        /* the provider publishes our addresses */
} DrtBootstrapRun;

struct _DrtInstance
{
  DrtObject parent;

  /* Set by opening, the same until closed. */
  HDRT handle;
  gpointer user_context;
  DRT_SECURITY_PROVIDER *security;
  DRT_BOOTSTRAP_PROVIDER *bootstrap;
  DrtUdpTransport *transport;
  GMainContext *context;
  gboolean library_thread;
  GSource *source;
  WCHAR *name;
  gsize name_size;            /* bytes, with NUL */

  GMutex lock;                /* guards what follows */
  GCond changed;
  HRESULT refusal;            /* S_OK while open: what verbs answer while closing */
  gboolean close_wanted;
  gboolean close_deferred;    /* from inside a callback: nobody waits for it */
  gboolean closed;
  gboolean faulted;
  GThread *core_thread;       /* the core is at work, in this thread */
  GQueue commands;            /* of DrtCommand */
  GQueue events;              /* of DrtQueuedEvent, to be fetched */
  int signal;
  GHashTable *registrations;  /* DrtKey -> DrtRegistration, owned */
  GPtrArray *searches;        /* of DrtSearch, owned */
  DrtObservedStatus status;
  DrtCounters counters;

  /* Of the thread of the context. */
  DrtNode *node;
  gboolean opened;            /* drt_node_open() has been called */
  guint n_lost;               /* datagrams there was no room to queue */
  gboolean blocked;           /* the socket takes no more for now */
  gboolean leaving;           /* closing has begun */
  gint64 leave_until;         /* then it is closed, whoever has not heard of it */
  gint64 receive_again;       /* monotonic: until then a flood of datagrams waits; 0: it need not; G_MAXINT64: the socket failed */
  gboolean addresses_watched; /* the system tells of changes of the host's addresses */
  gint64 address_check;       /* monotonic: next look at them; G_MAXINT64: when told */
  GArray *expiries;           /* of DrtExpiry: the keys whose certificates end */
  DrtBootstrapRun bootstrap_run;
  GQueue new_events;          /* of DrtQueuedEvent: of this turn */
  gboolean observing;
  DrtObserver observer;
  gpointer observer_data;
};

/* drt-instance.c */
DrtInstance *drt_instance_new          (void);
DrtInstance *drt_instance_get          (HDRT handle);
HRESULT      drt_instance_check        (DrtInstance *self);
void         drt_instance_refuse       (DrtInstance *self, HRESULT hr);

/* drt-command.c */
void         drt_instance_post         (DrtInstance *self, DrtCommandFunc func, gpointer data, GDestroyNotify destroy);
void         drt_instance_post_locked  (DrtInstance *self, DrtCommandFunc func, gpointer data, GDestroyNotify destroy);
gboolean     drt_instance_call         (DrtInstance *self, DrtCommandFunc func, gpointer data, GDestroyNotify destroy, gint64 patience);
gboolean     drt_instance_has_commands (DrtInstance *self);
void         drt_instance_run_commands (DrtInstance *self);
void         drt_instance_drop_commands (DrtInstance *self);

/* drt-turn.c: one turn of the core */
void         drt_instance_enter        (DrtInstance *self);
void         drt_instance_leave        (DrtInstance *self);
void         drt_instance_flush        (DrtInstance *self);
gboolean     drt_instance_look_at_addresses (DrtInstance *self, DrtEndpoint endpoints[DRT_UDP_MAX_ADDRESSES], guint *n_endpoints);
void         drt_instance_check_addresses (DrtInstance *self, gint64 now);
void         drt_instance_addresses_changed (DrtInstance *self, gpointer data);
void         drt_instance_addresses_unwatched (DrtInstance *self, gpointer data);

/* drt-address-watch.c */
gboolean     drt_address_watch_join    (DrtInstance *self);
void         drt_address_watch_leave   (DrtInstance *self);

/* drt-source.c */
GSource     *drt_source_new            (DrtInstance *self);
void         drt_source_update         (DrtInstance *self, gint64 deadline);

/* drt-host.c */
extern const DrtNodeHost drt_instance_host;

/* drt-close.c */
gboolean     drt_instance_say_good_bye (DrtInstance *self);
void         drt_instance_shut         (DrtInstance *self);

/* drt-bootstrap-run.c */
void         drt_bootstrap_run_begin   (DrtInstance *self, gint64 now);
void         drt_bootstrap_run_expire  (DrtInstance *self, gint64 now);
void         drt_bootstrap_run_end     (DrtInstance *self);
void         drt_bootstrap_run_publish (DrtInstance *self, const DrtEndpoint *endpoints, guint n_endpoints);

/* drt-events.c */
void         drt_events_push_status    (DrtInstance *self, DRT_STATUS status, HRESULT hr, const DrtEndpoint *bootstrap, guint n_bootstrap);
void         drt_events_push_leaf      (DrtInstance *self, const DrtKey *local, const DrtKey *remote, gboolean added);
void         drt_events_push_unresolvable (DrtInstance *self, const DrtKey *local);
void         drt_events_tell_locked    (DrtInstance *self);
void         drt_events_clear          (DrtInstance *self);

/* drt-registration.c */
void         drt_registrations_withdraw (DrtInstance *self);

/* drt-expiry.c: certificates that end while a key is registered */
GArray      *drt_expiry_list_new       (void);
void         drt_expiry_watch          (DrtInstance *self, const DrtKey *key, gpointer key_context);
void         drt_expiry_forget         (DrtInstance *self, const DrtKey *key);
void         drt_expiry_check          (DrtInstance *self);
gint64       drt_expiry_deadline       (DrtInstance *self);

/* drt-search.c */
void         drt_searches_publish_paths (DrtInstance *self);
void         drt_searches_end          (DrtInstance *self);

G_END_DECLS
