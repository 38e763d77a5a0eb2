/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-leaf.h"

struct _RtLeaf
{
  GObject parent_instance;

  DrtKey key;
  char *key_text;
  char *key_short;
  int position;
  char *position_text;
  RtNeighbour *neighbour;
};

G_DEFINE_FINAL_TYPE (RtLeaf, rt_leaf, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_KEY_TEXT,
  PROP_KEY_SHORT,
  PROP_POSITION,
  PROP_POSITION_TEXT,
  PROP_NEIGHBOUR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
rt_leaf_finalize (GObject *object)
{
  RtLeaf *self = RT_LEAF (object);

  g_free (self->key_text);
  g_free (self->key_short);
  g_free (self->position_text);
  g_clear_object (&self->neighbour);
  G_OBJECT_CLASS (rt_leaf_parent_class)->finalize (object);
}

static void
rt_leaf_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtLeaf *self = RT_LEAF (object);

  switch (id)
    {
    case PROP_KEY_TEXT:      g_value_set_string (value, self->key_text); break;
    case PROP_KEY_SHORT:     g_value_set_string (value, self->key_short); break;
    case PROP_POSITION:      g_value_set_int (value, self->position); break;
    case PROP_POSITION_TEXT: g_value_set_string (value, self->position_text); break;
    case PROP_NEIGHBOUR:     g_value_set_object (value, self->neighbour); break;
    default:                 G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

#define READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

static void
rt_leaf_class_init (RtLeafClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = rt_leaf_finalize;
  object_class->get_property = rt_leaf_get_property;

  properties[PROP_KEY_TEXT] = g_param_spec_string ("key-text", NULL, NULL, NULL, READ);
  properties[PROP_KEY_SHORT] = g_param_spec_string ("key-short", NULL, NULL, NULL, READ);
  properties[PROP_POSITION] = g_param_spec_int ("position", NULL, NULL, G_MININT, G_MAXINT, 0, READ);
  properties[PROP_POSITION_TEXT] = g_param_spec_string ("position-text", NULL, NULL, NULL, READ);
  properties[PROP_NEIGHBOUR] = g_param_spec_object ("neighbour", NULL, NULL, RT_TYPE_NEIGHBOUR, READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rt_leaf_init (RtLeaf *self)
{
}

/**
 * rt_leaf_new:
 * @key: of the leaf
 * @position: -5 .. -1 below our key, 1 .. 5 above, nearest first
 */
RtLeaf *
rt_leaf_new (const DrtKey *key, int position)
{
  RtLeaf *self = g_object_new (RT_TYPE_LEAF, NULL);

  self->key = *key;
  self->key_text = drt_key_to_string (key);
  self->key_short = rt_key_shorten (key);
  self->position = position;
  self->position_text = g_strdup_printf (position < 0 ? "−%d" : "+%d", ABS (position));
  return self;
}

const DrtKey *
rt_leaf_get_key (RtLeaf *self)
{
  g_return_val_if_fail (RT_IS_LEAF (self), NULL);
  return &self->key;
}

const char *
rt_leaf_get_key_text (RtLeaf *self)
{
  g_return_val_if_fail (RT_IS_LEAF (self), NULL);
  return self->key_text;
}

const char *
rt_leaf_get_key_short (RtLeaf *self)
{
  g_return_val_if_fail (RT_IS_LEAF (self), NULL);
  return self->key_short;
}

int
rt_leaf_get_position (RtLeaf *self)
{
  g_return_val_if_fail (RT_IS_LEAF (self), 0);
  return self->position;
}

/** rt_leaf_get_position_text: "+3" or "−3" */
const char *
rt_leaf_get_position_text (RtLeaf *self)
{
  g_return_val_if_fail (RT_IS_LEAF (self), NULL);
  return self->position_text;
}

/**
 * rt_leaf_get_neighbour:
 *
 * Returns: (transfer none) (nullable): the route entry of this key, while it is cached
 */
RtNeighbour *
rt_leaf_get_neighbour (RtLeaf *self)
{
  g_return_val_if_fail (RT_IS_LEAF (self), NULL);
  return self->neighbour;
}

void
rt_leaf_set_neighbour (RtLeaf *self, RtNeighbour *neighbour)
{
  g_return_if_fail (RT_IS_LEAF (self));
  if (g_set_object (&self->neighbour, neighbour))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NEIGHBOUR]);
}
