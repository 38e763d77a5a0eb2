/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-types.h"

#include <string.h>

#include <glib/gi18n.h>

G_DEFINE_ENUM_TYPE (RtNodeState, rt_node_state,
                    G_DEFINE_ENUM_VALUE (RT_NODE_CLOSED, "closed"),
                    G_DEFINE_ENUM_VALUE (RT_NODE_OPENING, "opening"),
                    G_DEFINE_ENUM_VALUE (RT_NODE_ACTIVE, "active"),
                    G_DEFINE_ENUM_VALUE (RT_NODE_ALONE, "alone"),
                    G_DEFINE_ENUM_VALUE (RT_NODE_NO_NETWORK, "no-network"),
                    G_DEFINE_ENUM_VALUE (RT_NODE_FAULTED, "faulted"))

G_DEFINE_ENUM_TYPE (RtNeighbourState, rt_neighbour_state,
                    G_DEFINE_ENUM_VALUE (RT_NEIGHBOUR_FRESH, "fresh"),
                    G_DEFINE_ENUM_VALUE (RT_NEIGHBOUR_QUIET, "quiet"),
                    G_DEFINE_ENUM_VALUE (RT_NEIGHBOUR_STALE, "stale"))

G_DEFINE_ENUM_TYPE (RtRegistrationState, rt_registration_state,
                    G_DEFINE_ENUM_VALUE (RT_REGISTRATION_OFFLINE, "offline"),
                    G_DEFINE_ENUM_VALUE (RT_REGISTRATION_REGISTERING, "registering"),
                    G_DEFINE_ENUM_VALUE (RT_REGISTRATION_FILLING, "filling"),
                    G_DEFINE_ENUM_VALUE (RT_REGISTRATION_REGISTERED, "registered"),
                    G_DEFINE_ENUM_VALUE (RT_REGISTRATION_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (RT_REGISTRATION_UNRESOLVABLE, "unresolvable"),
                    G_DEFINE_ENUM_VALUE (RT_REGISTRATION_REVOKING, "revoking"))

G_DEFINE_ENUM_TYPE (RtSearchKind, rt_search_kind,
                    G_DEFINE_ENUM_VALUE (RT_SEARCH_EXACT, "exact"),
                    G_DEFINE_ENUM_VALUE (RT_SEARCH_NEAREST, "nearest"))

G_DEFINE_ENUM_TYPE (RtSearchState, rt_search_state,
                    G_DEFINE_ENUM_VALUE (RT_SEARCH_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (RT_SEARCH_FOUND, "found"),
                    G_DEFINE_ENUM_VALUE (RT_SEARCH_NOT_FOUND, "not-found"),
                    G_DEFINE_ENUM_VALUE (RT_SEARCH_TIMED_OUT, "timed-out"),
                    G_DEFINE_ENUM_VALUE (RT_SEARCH_CANCELLED, "cancelled"),
                    G_DEFINE_ENUM_VALUE (RT_SEARCH_FAILED, "failed"))

G_DEFINE_ENUM_TYPE (RtSeverity, rt_severity,
                    G_DEFINE_ENUM_VALUE (RT_SEVERITY_INFO, "info"),
                    G_DEFINE_ENUM_VALUE (RT_SEVERITY_WARNING, "warning"),
                    G_DEFINE_ENUM_VALUE (RT_SEVERITY_ERROR, "error"))

/**
 * rt_node_state_to_string:
 *
 * Returns: the state as the person reads it, translated
 */
const char *
rt_node_state_to_string (RtNodeState state)
{
  switch (state)
    {
    case RT_NODE_CLOSED:     return C_("node state", "Closed");
    case RT_NODE_OPENING:    return C_("node state", "Opening");
    case RT_NODE_ACTIVE:     return C_("node state", "Active");
    case RT_NODE_ALONE:      return C_("node state", "Alone");
    case RT_NODE_NO_NETWORK: return C_("node state", "No network");
    case RT_NODE_FAULTED:    return C_("node state", "Faulted");
    default:                 return "–";
    }
}

/**
 * rt_node_state_to_name:
 *
 * Returns: the state as programs read it, such as "no-network"
 */
const char *
rt_node_state_to_name (RtNodeState state)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (RT_TYPE_NODE_STATE);
  const GEnumValue *value = g_enum_get_value (klass, (int) state);

  return value != NULL ? value->value_nick : "unknown";
}

/** rt_neighbour_state_to_string: translated */
const char *
rt_neighbour_state_to_string (RtNeighbourState state)
{
  switch (state)
    {
    case RT_NEIGHBOUR_FRESH: return C_("neighbour state", "Reachable");
    case RT_NEIGHBOUR_QUIET: return C_("neighbour state", "Quiet");
    case RT_NEIGHBOUR_STALE: return C_("neighbour state", "Stale");
    default:                 return "–";
    }
}

/** rt_registration_state_to_string: translated */
const char *
rt_registration_state_to_string (RtRegistrationState state)
{
  switch (state)
    {
    case RT_REGISTRATION_OFFLINE:      return C_("key state", "Offline");
    case RT_REGISTRATION_REGISTERING:  return C_("key state", "Registering");
    case RT_REGISTRATION_FILLING:      return C_("key state", "Leaf set filling");
    case RT_REGISTRATION_REGISTERED:   return C_("key state", "Registered");
    case RT_REGISTRATION_FAILED:       return C_("key state", "Failed");
    case RT_REGISTRATION_UNRESOLVABLE: return C_("key state", "Cannot be resolved");
    case RT_REGISTRATION_REVOKING:     return C_("key state", "Revoking");
    default:                           return "–";
    }
}

/* One key of the whole ring, whoever publishes it. */
void
rt_search_scope_init (RtSearchScope *scope)
{
  *scope = (RtSearchScope) { .count = 1, .own = TRUE };
  memset (&scope->highest, 0xff, sizeof scope->highest);
}

/** rt_search_kind_to_string: translated */
const char *
rt_search_kind_to_string (RtSearchKind kind)
{
  switch (kind)
    {
    case RT_SEARCH_EXACT:   return C_("kind of search", "Exact");
    case RT_SEARCH_NEAREST: return C_("kind of search", "Nearest");
    default:                return "–";
    }
}

/** rt_search_state_to_string: translated */
const char *
rt_search_state_to_string (RtSearchState state)
{
  switch (state)
    {
    case RT_SEARCH_RUNNING:   return C_("search state", "Searching");
    case RT_SEARCH_FOUND:     return C_("search state", "Found");
    case RT_SEARCH_NOT_FOUND: return C_("search state", "Not found");
    case RT_SEARCH_TIMED_OUT: return C_("search state", "Timed out");
    case RT_SEARCH_CANCELLED: return C_("search state", "Cancelled");
    case RT_SEARCH_FAILED:    return C_("search state", "Failed");
    default:                  return "–";
    }
}

/** rt_severity_to_string: translated */
const char *
rt_severity_to_string (RtSeverity severity)
{
  switch (severity)
    {
    case RT_SEVERITY_INFO:    return C_("severity", "Information");
    case RT_SEVERITY_WARNING: return C_("severity", "Warning");
    case RT_SEVERITY_ERROR:   return C_("severity", "Error");
    default:                  return "–";
    }
}

/**
 * rt_key_shorten:
 * @key: a key
 *
 * Returns: (transfer full): its first six and last four digits, "3fa91c…07be"
 */
char *
rt_key_shorten (const DrtKey *key)
{
  char text[DRT_KEY_HEX_LENGTH + 1];

  drt_key_format (key, text);
  return g_strdup_printf ("%.6s…%s", text, text + DRT_KEY_HEX_LENGTH - 4);
}
