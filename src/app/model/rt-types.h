/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include <drt.h>
#include <drt-key.h>

/* Types that more than one model needs. */

G_BEGIN_DECLS

/* The state of the node as a person sees it. */
typedef enum
{
  RT_NODE_CLOSED,
  RT_NODE_OPENING,
  RT_NODE_ACTIVE,
  RT_NODE_ALONE,
  RT_NODE_NO_NETWORK,
  RT_NODE_FAULTED,
} RtNodeState;
#define RT_TYPE_NODE_STATE (rt_node_state_get_type ())
GType       rt_node_state_get_type  (void);
const char *rt_node_state_to_string (RtNodeState state);
const char *rt_node_state_to_name   (RtNodeState state);

typedef enum
{
  RT_NEIGHBOUR_FRESH,
  RT_NEIGHBOUR_QUIET,
  RT_NEIGHBOUR_STALE,
} RtNeighbourState;
#define RT_TYPE_NEIGHBOUR_STATE (rt_neighbour_state_get_type ())
GType       rt_neighbour_state_get_type  (void);
const char *rt_neighbour_state_to_string (RtNeighbourState state);

typedef enum
{
  RT_REGISTRATION_OFFLINE,
  RT_REGISTRATION_REGISTERING,
  RT_REGISTRATION_FILLING,
  RT_REGISTRATION_REGISTERED,
  RT_REGISTRATION_FAILED,
  RT_REGISTRATION_UNRESOLVABLE,
  RT_REGISTRATION_REVOKING,
} RtRegistrationState;
#define RT_TYPE_REGISTRATION_STATE (rt_registration_state_get_type ())
GType       rt_registration_state_get_type  (void);
const char *rt_registration_state_to_string (RtRegistrationState state);

typedef enum
{
  RT_SEARCH_EXACT,
  RT_SEARCH_NEAREST,
} RtSearchKind;
#define RT_TYPE_SEARCH_KIND (rt_search_kind_get_type ())
GType       rt_search_kind_get_type  (void);
const char *rt_search_kind_to_string (RtSearchKind kind);

/* Where and how much a search for the nearest key searches.  A plain value. */
typedef struct
{
  guint count;               /* so many keys at most, the nearest first */
  gboolean any;              /* the first of the range will do */
  gboolean own;              /* keys of this node count */
  DrtKey lowest;             /* the range, its ends among it */
  DrtKey highest;
} RtSearchScope;
void        rt_search_scope_init     (RtSearchScope *scope);

typedef enum
{
  RT_SEARCH_RUNNING,
  RT_SEARCH_FOUND,
  RT_SEARCH_NOT_FOUND,
  RT_SEARCH_TIMED_OUT,
  RT_SEARCH_CANCELLED,
  RT_SEARCH_FAILED,
} RtSearchState;
#define RT_TYPE_SEARCH_STATE (rt_search_state_get_type ())
GType       rt_search_state_get_type  (void);
const char *rt_search_state_to_string (RtSearchState state);

typedef enum
{
  RT_SEVERITY_INFO,
  RT_SEVERITY_WARNING,
  RT_SEVERITY_ERROR,
} RtSeverity;
#define RT_TYPE_SEVERITY (rt_severity_get_type ())
GType       rt_severity_get_type  (void);
const char *rt_severity_to_string (RtSeverity severity);

/* "3fa91c…07be" for a key; free with g_free(). */
char       *rt_key_shorten        (const DrtKey *key);

G_END_DECLS
