/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <drt-observe.h>

#include "rt-neighbour-list.h"
#include "rt-node.h"
#include "rt-providers.h"

G_BEGIN_DECLS

/*
 * RtNode in four files: rt-node.c is the object with its properties, rt-node-open.c
 * opens, closes and samples it, rt-node-observe.c takes what the observer tells,
 * rt-node-keys.c has the keys and the searches.
 *
 * The functions named "feed" are what the observer's callbacks call; tests call
 * them in the place of a running node.
 */

#define RT_NODE_MAX_EVENTS   1000
#define RT_NODE_MAX_SEARCHES 100
#define RT_NODE_MAX_REFUSALS 64

struct _RtNode
{
  GObject parent_instance;

  RtNodeState state;
  gint64 state_since;
  HRESULT fault;
  RtMeshSettings *settings;
  gint64 opened;

  RtNeighbourList *neighbours;
  GListStore *registrations;
  GListStore *events;
  GListStore *searches;
  GListStore *refusals;
  RtTraffic *traffic;

  double mesh_size;
  guint n_leaves;
  guint64 messages_in;
  guint64 messages_out;
  guint64 bytes_in;
  guint64 bytes_out;
  guint64 errors;
  guint port;
  char **endpoints;
  char *instance_name;
  HRESULT bootstrap_result;
  guint n_bootstrap_addresses;
  GError *open_error;

  /* While open. */
  HDRT drt;
  RtProviders providers;
  guint tick;
  RtRegistration *registering;  /* borrowed: not in the list yet */
};

typedef enum
{
  RT_NODE_PROP_0,
  RT_NODE_PROP_STATE,
  RT_NODE_PROP_STATE_SINCE,
  RT_NODE_PROP_FAULT,
  RT_NODE_PROP_SETTINGS,
  RT_NODE_PROP_OPENED,
  RT_NODE_PROP_NEIGHBOURS,
  RT_NODE_PROP_REGISTRATIONS,
  RT_NODE_PROP_EVENTS,
  RT_NODE_PROP_SEARCHES,
  RT_NODE_PROP_REFUSALS,
  RT_NODE_PROP_TRAFFIC,
  RT_NODE_PROP_MESH_SIZE,
  RT_NODE_PROP_N_LEAVES,
  RT_NODE_PROP_MESSAGES_IN,
  RT_NODE_PROP_MESSAGES_OUT,
  RT_NODE_PROP_BYTES_IN,
  RT_NODE_PROP_BYTES_OUT,
  RT_NODE_PROP_ERRORS,
  RT_NODE_PROP_PORT,
  RT_NODE_PROP_ENDPOINT,
  RT_NODE_PROP_ENDPOINTS,
  RT_NODE_PROP_INSTANCE_NAME,
  RT_NODE_PROP_BOOTSTRAP_RESULT,
  RT_NODE_PROP_N_BOOTSTRAP_ADDRESSES,
  RT_NODE_PROP_OPEN_ERROR,
  RT_NODE_N_PROPS
} RtNodeProp;

/* rt-node.c */
void rt_node_notify          (RtNode *self, RtNodeProp property);
gboolean rt_node_set_state   (RtNode *self, RtNodeState state, gint64 since);
void rt_node_set_uint        (RtNode *self, guint *member, guint value, RtNodeProp property);
void rt_node_set_uint64      (RtNode *self, guint64 *member, guint64 value, RtNodeProp property);
void rt_node_set_hresult     (RtNode *self, HRESULT *member, HRESULT value, RtNodeProp property);
void rt_node_set_instance_name (RtNode *self, const char *name);
void rt_node_set_open_error  (RtNode *self, const GError *error);
void rt_node_take_endpoints  (RtNode *self, char **endpoints);
void rt_node_append_event    (RtNode *self, RtEvent *event);

/* rt-node-observe.c */
extern const DrtObserver rt_node_observer;

void rt_node_feed_status     (RtNode *self, const DrtObservedStatus *status);
void rt_node_feed_entry      (RtNode *self, DrtObservedChange change, const DrtObservedEntry *entry);
void rt_node_feed_key        (RtNode *self, DrtObservedChange change, const DrtObservedKey *key);
void rt_node_feed_event      (RtNode *self, const DrtObservedEvent *event);
void rt_node_feed_lookup     (RtNode *self, const DrtObservedLookup *lookup);
void rt_node_feed_counters   (RtNode *self, const DrtCounters *counters, gint64 now);
void rt_node_begin           (RtNode *self);
void rt_node_end             (RtNode *self);
void rt_node_update_nearness (RtNode *self);

/* rt-node-keys.c */
void rt_node_register_all    (RtNode *self);
void rt_node_registrations_offline (RtNode *self);
void rt_node_add_search      (RtNode *self, RtSearch *search);

G_END_DECLS
