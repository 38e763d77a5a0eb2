/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-neighbour-private.h"

#include <glib/gi18n.h>

/* A route entry of the cache.  Made and changed by RtNode alone. */
struct _RtNeighbour
{
  GObject parent_instance;

  DrtKey key;
  char *key_text;
  char *key_short;
  char *address;
  char *addresses_text;
  char *role;
  int leaf_position;
  char *leaf_of;
  guint level;
  RtNeighbourState state;
  gint64 round_trip;
  gint64 last_heard;
  gint64 added;
  const char *learned_from;
  char *learned_from_endpoint;
  guint nearness;
  char *protocol_version;
};

G_DEFINE_FINAL_TYPE (RtNeighbour, rt_neighbour, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_KEY_TEXT,
  PROP_KEY_SHORT,
  PROP_ADDRESS,
  PROP_ADDRESSES_TEXT,
  PROP_ROLE,
  PROP_LEAF_POSITION,
  PROP_LEAF_OF,
  PROP_LEVEL,
  PROP_STATE,
  PROP_ROUND_TRIP,
  PROP_LAST_HEARD,
  PROP_ADDED,
  PROP_LEARNED_FROM,
  PROP_LEARNED_FROM_ENDPOINT,
  PROP_NEARNESS,
  PROP_PROTOCOL_VERSION,
  PROP_TURN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Requests in a row that nobody answered, after which an entry counts as stale:
 * the protocol sends each message twice and gives up (§3.1.6.2). */
#define STALE_AFTER 2

static RtNeighbourState
state_of (const DrtObservedEntry *entry)
{
  if (entry->n_unanswered >= STALE_AFTER || FAILED (entry->last_error))
    return RT_NEIGHBOUR_STALE;
  if (entry->n_unanswered > 0)
    return RT_NEIGHBOUR_QUIET;
  return RT_NEIGHBOUR_FRESH;
}

static const char *
learned_from_to_string (DrtLearnedFrom from)
{
  switch (from)
    {
    case DRT_LEARNED_FROM_SOLICIT:   return C_("learned from", "Solicit");
    case DRT_LEARNED_FROM_FLOOD:     return C_("learned from", "Flood");
    case DRT_LEARNED_FROM_LOOKUP:    return C_("learned from", "Lookup");
    case DRT_LEARNED_FROM_AUTHORITY: return C_("learned from", "Authority");
    default:                         return "–";
    }
}

/* The minus of a leaf below is U+2212, as wide as the plus. */
static char *
role_of (int leaf_position)
{
  if (leaf_position < 0)
    return g_strdup_printf (_("Leaf −%d"), -leaf_position);
  if (leaf_position > 0)
    return g_strdup_printf (_("Leaf +%d"), leaf_position);
  return g_strdup (_("Cache"));
}

static char *
format_addresses (const DrtObservedEntry *entry)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < entry->n_addresses; i++)
    {
      char endpoint[DRT_ENDPOINT_TEXT_SIZE];

      drt_endpoint_format (&entry->addresses[i], endpoint);
      if (i > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, endpoint);
    }
  return g_string_free (text, FALSE);
}

static void
set_text (RtNeighbour *self, char **member, char *value, guint property)
{
  g_autofree char *taken = value;

  if (g_set_str (member, taken))
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_time (RtNeighbour *self, gint64 *member, gint64 value, guint property)
{
  if (*member == value)
    return;
  *member = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
rt_neighbour_finalize (GObject *object)
{
  RtNeighbour *self = RT_NEIGHBOUR (object);

  g_free (self->key_text);
  g_free (self->key_short);
  g_free (self->address);
  g_free (self->addresses_text);
  g_free (self->role);
  g_free (self->leaf_of);
  g_free (self->learned_from_endpoint);
  g_free (self->protocol_version);
  G_OBJECT_CLASS (rt_neighbour_parent_class)->finalize (object);
}

static void
rt_neighbour_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtNeighbour *self = RT_NEIGHBOUR (object);

  switch (id)
    {
    case PROP_KEY_TEXT:              g_value_set_string (value, self->key_text); break;
    case PROP_KEY_SHORT:             g_value_set_string (value, self->key_short); break;
    case PROP_ADDRESS:               g_value_set_string (value, self->address); break;
    case PROP_ADDRESSES_TEXT:        g_value_set_string (value, self->addresses_text); break;
    case PROP_ROLE:                  g_value_set_string (value, self->role); break;
    case PROP_LEAF_POSITION:         g_value_set_int (value, self->leaf_position); break;
    case PROP_LEAF_OF:               g_value_set_string (value, self->leaf_of); break;
    case PROP_LEVEL:                 g_value_set_uint (value, self->level); break;
    case PROP_STATE:                 g_value_set_enum (value, (int) self->state); break;
    case PROP_ROUND_TRIP:            g_value_set_int64 (value, self->round_trip); break;
    case PROP_LAST_HEARD:            g_value_set_int64 (value, self->last_heard); break;
    case PROP_ADDED:                 g_value_set_int64 (value, self->added); break;
    case PROP_LEARNED_FROM:          g_value_set_string (value, self->learned_from); break;
    case PROP_LEARNED_FROM_ENDPOINT: g_value_set_string (value, self->learned_from_endpoint); break;
    case PROP_NEARNESS:              g_value_set_uint (value, self->nearness); break;
    case PROP_PROTOCOL_VERSION:      g_value_set_string (value, self->protocol_version); break;
    case PROP_TURN:                  g_value_set_double (value, drt_key_to_turn (&self->key)); break;
    default:                         G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

#define READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define STRING(name) g_param_spec_string (name, NULL, NULL, NULL, READ)
#define TIME(name)   g_param_spec_int64 (name, NULL, NULL, -1, G_MAXINT64, 0, READ)

static void
rt_neighbour_class_init (RtNeighbourClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = rt_neighbour_finalize;
  object_class->get_property = rt_neighbour_get_property;

  properties[PROP_KEY_TEXT] = STRING ("key-text");
  properties[PROP_KEY_SHORT] = STRING ("key-short");
  properties[PROP_ADDRESS] = STRING ("address");
  properties[PROP_ADDRESSES_TEXT] = STRING ("addresses-text");
  properties[PROP_ROLE] = STRING ("role");
  properties[PROP_LEAF_POSITION] = g_param_spec_int ("leaf-position", NULL, NULL, -DRT_LEAF_SET_SIDE, DRT_LEAF_SET_SIDE, 0, READ);
  properties[PROP_LEAF_OF] = STRING ("leaf-of");
  properties[PROP_LEVEL] = g_param_spec_uint ("level", NULL, NULL, 0, G_MAXUINT, 0, READ);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, RT_TYPE_NEIGHBOUR_STATE, RT_NEIGHBOUR_FRESH, READ);
  properties[PROP_ROUND_TRIP] = TIME ("round-trip");
  properties[PROP_LAST_HEARD] = TIME ("last-heard");
  properties[PROP_ADDED] = TIME ("added");
  properties[PROP_LEARNED_FROM] = STRING ("learned-from");
  properties[PROP_LEARNED_FROM_ENDPOINT] = STRING ("learned-from-endpoint");
  properties[PROP_NEARNESS] = g_param_spec_uint ("nearness", NULL, NULL, 0, DRT_KEY_BITS, 0, READ);
  properties[PROP_PROTOCOL_VERSION] = STRING ("protocol-version");
  properties[PROP_TURN] = g_param_spec_double ("turn", NULL, NULL, 0, 1, 0, READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rt_neighbour_init (RtNeighbour *self)
{
  self->round_trip = -1;
}

/**
 * rt_neighbour_new:
 * @entry: a route entry as the observer told it
 *
 * Returns: (transfer full): the neighbour it describes
 */
RtNeighbour *
rt_neighbour_new (const DrtObservedEntry *entry)
{
  RtNeighbour *self = g_object_new (RT_TYPE_NEIGHBOUR, NULL);

  self->key = entry->key;
  self->key_text = drt_key_to_string (&entry->key);
  self->key_short = rt_key_shorten (&entry->key);
  rt_neighbour_update (self, entry);
  return self;
}

static void
update_role (RtNeighbour *self, const DrtObservedEntry *entry)
{
  char *leaf_of = entry->leaf_position != 0 ? drt_key_to_string (&entry->leaf_of) : NULL;

  set_text (self, &self->leaf_of, leaf_of, PROP_LEAF_OF);
  set_text (self, &self->role, role_of (entry->leaf_position), PROP_ROLE);
  if (self->leaf_position != entry->leaf_position)
    {
      self->leaf_position = entry->leaf_position;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LEAF_POSITION]);
    }
  if (self->level != entry->level)
    {
      self->level = entry->level;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LEVEL]);
    }
}

static void
update_origin (RtNeighbour *self, const DrtObservedEntry *entry)
{
  const char *learned_from = learned_from_to_string (entry->learned_from);
  g_autofree char *addresses = format_addresses (entry);
  char *first = entry->n_addresses > 0 ? drt_endpoint_to_string (&entry->addresses[0]) : NULL;

  set_text (self, &self->address, first, PROP_ADDRESS);
  set_text (self, &self->addresses_text, g_steal_pointer (&addresses), PROP_ADDRESSES_TEXT);
  set_text (self, &self->learned_from_endpoint, drt_endpoint_to_string (&entry->learned_from_endpoint),
            PROP_LEARNED_FROM_ENDPOINT);
  set_text (self, &self->protocol_version,
            g_strdup_printf ("%u.%u", entry->protocol_major, entry->protocol_minor), PROP_PROTOCOL_VERSION);
  if (g_strcmp0 (self->learned_from, learned_from) != 0)
    {
      self->learned_from = learned_from;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LEARNED_FROM]);
    }
}

/**
 * rt_neighbour_update:
 * @entry: the same route entry as it is now
 *
 * Notifies each property that differs, and no other.
 */
void
rt_neighbour_update (RtNeighbour *self, const DrtObservedEntry *entry)
{
  RtNeighbourState state = state_of (entry);

  g_assert (drt_key_equal (&self->key, &entry->key));

  g_object_freeze_notify (G_OBJECT (self));
  update_role (self, entry);
  update_origin (self, entry);
  set_time (self, &self->round_trip, entry->round_trip, PROP_ROUND_TRIP);
  set_time (self, &self->last_heard, entry->last_heard, PROP_LAST_HEARD);
  set_time (self, &self->added, entry->added, PROP_ADDED);
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * rt_neighbour_set_nearness:
 * @nearness: leading bits it shares with the nearest of our keys, 0 .. 256
 */
void
rt_neighbour_set_nearness (RtNeighbour *self, guint nearness)
{
  if (self->nearness == nearness)
    return;
  self->nearness = nearness;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NEARNESS]);
}

const DrtKey *
rt_neighbour_get_key (RtNeighbour *self)
{
  g_return_val_if_fail (RT_IS_NEIGHBOUR (self), NULL);
  return &self->key;
}

double
rt_neighbour_get_turn (RtNeighbour *self)
{
  g_return_val_if_fail (RT_IS_NEIGHBOUR (self), 0);
  return drt_key_to_turn (&self->key);
}

#define GETTER(type, name, fallback)                          \
  type rt_neighbour_get_##name (RtNeighbour *self)            \
  {                                                           \
    g_return_val_if_fail (RT_IS_NEIGHBOUR (self), fallback);  \
    return self->name;                                        \
  }

GETTER (const char *, key_text, NULL)
GETTER (const char *, key_short, NULL)
GETTER (const char *, address, NULL)
GETTER (const char *, addresses_text, NULL)
GETTER (const char *, role, NULL)
GETTER (int, leaf_position, 0)
GETTER (const char *, leaf_of, NULL)
GETTER (guint, level, 0)
GETTER (RtNeighbourState, state, RT_NEIGHBOUR_STALE)
GETTER (gint64, round_trip, -1)
GETTER (gint64, last_heard, 0)
GETTER (gint64, added, 0)
GETTER (const char *, learned_from, NULL)
GETTER (const char *, learned_from_endpoint, NULL)
GETTER (guint, nearness, 0)
GETTER (const char *, protocol_version, NULL)
