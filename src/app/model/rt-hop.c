/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-hop.h"

#include <glib/gi18n.h>

struct _RtHop
{
  GObject parent_instance;

  char *address;
  char *key_text;
  char *key_short;
  guint flags;
  char *verdict;
  int nearness;
  guint latency_ms;
  gboolean answered;
};

G_DEFINE_FINAL_TYPE (RtHop, rt_hop, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ADDRESS,
  PROP_KEY_TEXT,
  PROP_KEY_SHORT,
  PROP_FLAGS,
  PROP_VERDICT,
  PROP_NEARNESS,
  PROP_LATENCY_MS,
  PROP_ANSWERED,
  PROP_ACCEPTED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
rt_hop_finalize (GObject *object)
{
  RtHop *self = RT_HOP (object);

  g_free (self->address);
  g_free (self->key_text);
  g_free (self->key_short);
  g_free (self->verdict);
  G_OBJECT_CLASS (rt_hop_parent_class)->finalize (object);
}

static void
rt_hop_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtHop *self = RT_HOP (object);

  switch (id)
    {
    case PROP_ADDRESS:    g_value_set_string (value, self->address); break;
    case PROP_KEY_TEXT:   g_value_set_string (value, self->key_text); break;
    case PROP_KEY_SHORT:  g_value_set_string (value, self->key_short); break;
    case PROP_FLAGS:      g_value_set_uint (value, self->flags); break;
    case PROP_VERDICT:    g_value_set_string (value, self->verdict); break;
    case PROP_NEARNESS:   g_value_set_int (value, self->nearness); break;
    case PROP_LATENCY_MS: g_value_set_uint (value, self->latency_ms); break;
    case PROP_ANSWERED:   g_value_set_boolean (value, self->answered); break;
    case PROP_ACCEPTED:   g_value_set_boolean (value, rt_hop_get_accepted (self)); break;
    default:              G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

#define READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

static void
rt_hop_class_init (RtHopClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = rt_hop_finalize;
  object_class->get_property = rt_hop_get_property;

  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, READ);
  properties[PROP_KEY_TEXT] = g_param_spec_string ("key-text", NULL, NULL, NULL, READ);
  properties[PROP_KEY_SHORT] = g_param_spec_string ("key-short", NULL, NULL, NULL, READ);
  properties[PROP_FLAGS] = g_param_spec_uint ("flags", NULL, NULL, 0, G_MAXUINT, 0, READ);
  properties[PROP_VERDICT] = g_param_spec_string ("verdict", NULL, NULL, NULL, READ);
  properties[PROP_NEARNESS] = g_param_spec_int ("nearness", NULL, NULL, G_MININT, G_MAXINT, 0, READ);
  properties[PROP_LATENCY_MS] = g_param_spec_uint ("latency-ms", NULL, NULL, 0, G_MAXUINT, 0, READ);
  properties[PROP_ANSWERED] = g_param_spec_boolean ("answered", NULL, NULL, FALSE, READ);
  properties[PROP_ACCEPTED] = g_param_spec_boolean ("accepted", NULL, NULL, FALSE, READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rt_hop_init (RtHop *self)
{
}

/* Several flags may be set: "Accepted, asked to prove its key" is one verdict per
 * flag, as a list. */
static char *
flags_to_verdict (guint flags)
{
  const struct { guint flag; const char *words; } verdicts[] = {
    { DRT_ADDRESS_FLAG_ACCEPTED, C_("verdict", "Accepted") },
    { DRT_ADDRESS_FLAG_REJECTED, C_("verdict", "Rejected") },
    { DRT_ADDRESS_FLAG_UNREACHABLE, C_("verdict", "Unreachable") },
    { DRT_ADDRESS_FLAG_LOOP, C_("verdict", "Loop") },
    { DRT_ADDRESS_FLAG_TOO_BUSY, C_("verdict", "Too busy") },
    { DRT_ADDRESS_FLAG_BAD_VALIDATE_ID, C_("verdict", "Wrong key") },
    { DRT_ADDRESS_FLAG_SUSPECT_UNREGISTERED_ID, C_("verdict", "Suspects it was unregistered") },
    { DRT_ADDRESS_FLAG_INQUIRE, C_("verdict", "Asked to prove its key") },
  };
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) words = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (flags & verdicts[i].flag)
      g_strv_builder_add (builder, verdicts[i].words);
  words = g_strv_builder_end (builder);
  if (words[0] == NULL)
    return g_strdup (C_("verdict", "Asked"));
  /* Translators: between the verdicts on one node of a search */
  return g_strjoinv (C_("separator of a list", ", "), words);
}

static RtHop *
hop_new (const DrtEndpoint *endpoint, const DrtKey *key, guint flags, int nearness, guint latency_ms, gboolean answered)
{
  RtHop *self = g_object_new (RT_TYPE_HOP, NULL);

  self->address = drt_endpoint_to_string (endpoint);
  self->key_text = key != NULL ? drt_key_to_string (key) : NULL;
  self->key_short = key != NULL ? rt_key_shorten (key) : NULL;
  self->flags = flags;
  self->verdict = flags_to_verdict (flags);
  self->nearness = nearness;
  self->latency_ms = latency_ms;
  self->answered = answered;
  return self;
}

/**
 * rt_hop_new:
 * @address: from DrtGetSearchPath()
 */
RtHop *
rt_hop_new (const DRT_ADDRESS *address)
{
  DrtEndpoint endpoint = { 0 };

  drt_endpoint_from_sockaddr (&endpoint, (const struct sockaddr *) &address->socketAddress,
                              sizeof (struct sockaddr_in6));
  return hop_new (&endpoint, NULL, address->flags, address->nearness, address->latency,
                  !(address->flags & DRT_ADDRESS_FLAG_UNREACHABLE));
}

/**
 * rt_hop_new_observed:
 * @observed: from the observer, which also knows the key
 */
RtHop *
rt_hop_new_observed (const DrtObservedHop *observed)
{
  gint64 milliseconds = (observed->latency + 500) / 1000;

  return hop_new (&observed->endpoint, drt_key_is_zero (&observed->key) ? NULL : &observed->key,
                  observed->flags, (int) observed->nearness,
                  (guint) CLAMP (milliseconds, 0, (gint64) G_MAXUINT), observed->latency >= 0);
}

/** rt_hop_equal: whether the two say the same */
gboolean
rt_hop_equal (RtHop *a, RtHop *b)
{
  return a->flags == b->flags && a->nearness == b->nearness && a->latency_ms == b->latency_ms
         && a->answered == b->answered && g_str_equal (a->address, b->address)
         && g_strcmp0 (a->key_text, b->key_text) == 0;
}

gboolean
rt_hop_get_accepted (RtHop *self)
{
  g_return_val_if_fail (RT_IS_HOP (self), FALSE);
  return (self->flags & DRT_ADDRESS_FLAG_ACCEPTED) != 0;
}

#define GETTER(type, name, fallback)                   \
  type rt_hop_get_##name (RtHop *self)                 \
  {                                                    \
    g_return_val_if_fail (RT_IS_HOP (self), fallback); \
    return self->name;                                 \
  }

GETTER (const char *, address, NULL)
GETTER (const char *, key_text, NULL)
GETTER (const char *, key_short, NULL)
GETTER (guint, flags, 0)
GETTER (const char *, verdict, NULL)
GETTER (int, nearness, 0)
GETTER (guint, latency_ms, 0)
GETTER (gboolean, answered, FALSE)
