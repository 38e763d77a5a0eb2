/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-registration-private.h"

struct _RtRegistration
{
  GObject parent_instance;

  DrtKey key;
  char *key_text;
  char *key_short;
  char *name;
  RtRegistrationState state;
  GBytes *payload;
  GError *error;
  GListStore *leaves;      /* RtLeaf, by position */
  guint n_below;
  guint n_above;
  gboolean persistent;
  RtCertificateFile *certificate;
  gint64 expires;

  /* While the node is open. */
  HDRT_REGISTRATION_CONTEXT handle;
  gboolean announced;
  guint n_neighbours;      /* that there are to fill the leaf set with */
};

G_DEFINE_FINAL_TYPE (RtRegistration, rt_registration, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_KEY_TEXT,
  PROP_KEY_SHORT,
  PROP_NAME,
  PROP_STATE,
  PROP_PAYLOAD,
  PROP_PAYLOAD_SIZE,
  PROP_ERROR,
  PROP_LEAVES,
  PROP_N_BELOW,
  PROP_N_ABOVE,
  PROP_TURN,
  PROP_EXPIRES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
rt_registration_finalize (GObject *object)
{
  RtRegistration *self = RT_REGISTRATION (object);

  g_free (self->key_text);
  g_free (self->key_short);
  g_free (self->name);
  g_bytes_unref (self->payload);
  g_clear_error (&self->error);
  g_clear_object (&self->leaves);
  g_clear_object (&self->certificate);
  G_OBJECT_CLASS (rt_registration_parent_class)->finalize (object);
}

static void
rt_registration_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtRegistration *self = RT_REGISTRATION (object);

  switch (id)
    {
    case PROP_KEY_TEXT:     g_value_set_string (value, self->key_text); break;
    case PROP_KEY_SHORT:    g_value_set_string (value, self->key_short); break;
    case PROP_NAME:         g_value_set_string (value, self->name); break;
    case PROP_STATE:        g_value_set_enum (value, (int) self->state); break;
    case PROP_PAYLOAD:      g_value_set_boxed (value, self->payload); break;
    case PROP_PAYLOAD_SIZE: g_value_set_uint (value, rt_registration_get_payload_size (self)); break;
    case PROP_ERROR:        g_value_set_boxed (value, self->error); break;
    case PROP_LEAVES:       g_value_set_object (value, self->leaves); break;
    case PROP_N_BELOW:      g_value_set_uint (value, self->n_below); break;
    case PROP_N_ABOVE:      g_value_set_uint (value, self->n_above); break;
    case PROP_EXPIRES:      g_value_set_int64 (value, self->expires); break;
    case PROP_TURN:         g_value_set_double (value, drt_key_to_turn (&self->key)); break;
    default:                G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_registration_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RtRegistration *self = RT_REGISTRATION (object);

  switch (id)
    {
    case PROP_NAME: rt_registration_set_name (self, g_value_get_string (value)); break;
    default:        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

#define READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define READ_WRITE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

static void
rt_registration_class_init (RtRegistrationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = rt_registration_finalize;
  object_class->get_property = rt_registration_get_property;
  object_class->set_property = rt_registration_set_property;

  properties[PROP_KEY_TEXT] = g_param_spec_string ("key-text", NULL, NULL, NULL, READ);
  properties[PROP_KEY_SHORT] = g_param_spec_string ("key-short", NULL, NULL, NULL, READ);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, READ_WRITE);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, RT_TYPE_REGISTRATION_STATE, RT_REGISTRATION_OFFLINE, READ);
  properties[PROP_PAYLOAD] = g_param_spec_boxed ("payload", NULL, NULL, G_TYPE_BYTES, READ);
  properties[PROP_PAYLOAD_SIZE] = g_param_spec_uint ("payload-size", NULL, NULL, 0, G_MAXUINT, 0, READ);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, READ);
  properties[PROP_LEAVES] = g_param_spec_object ("leaves", NULL, NULL, G_TYPE_LIST_MODEL, READ);
  properties[PROP_N_BELOW] = g_param_spec_uint ("n-below", NULL, NULL, 0, G_MAXUINT, 0, READ);
  properties[PROP_N_ABOVE] = g_param_spec_uint ("n-above", NULL, NULL, 0, G_MAXUINT, 0, READ);
  properties[PROP_TURN] = g_param_spec_double ("turn", NULL, NULL, 0, 1, 0, READ);
  properties[PROP_EXPIRES] = g_param_spec_int64 ("expires", NULL, NULL, 0, G_MAXINT64, 0, READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rt_registration_init (RtRegistration *self)
{
  self->leaves = g_list_store_new (RT_TYPE_LEAF);
  self->persistent = TRUE;
}

/**
 * rt_registration_new:
 * @key: the key
 * @payload: what is published with it
 * @name: (nullable): what the person calls it
 *
 * Returns: (transfer full): the registration, offline
 */
RtRegistration *
rt_registration_new (const DrtKey *key, GBytes *payload, const char *name)
{
  RtRegistration *self = g_object_new (RT_TYPE_REGISTRATION, NULL);

  self->key = *key;
  self->key_text = drt_key_to_string (key);
  self->key_short = rt_key_shorten (key);
  self->payload = g_bytes_ref (payload);
  self->name = g_strdup (name);
  return self;
}

/* What to call it to the person: its name, else its short key. */
const char *
rt_registration_get_title (RtRegistration *self)
{
  const char *name = rt_registration_get_name (self);

  return name != NULL && *name != '\0' ? name : rt_registration_get_key_short (self);
}

void
rt_registration_set_name (RtRegistration *self, const char *name)
{
  g_return_if_fail (RT_IS_REGISTRATION (self));
  if (g_set_str (&self->name, name))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

void
rt_registration_set_state (RtRegistration *self, RtRegistrationState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
rt_registration_set_payload (RtRegistration *self, GBytes *payload)
{
  gsize old_size = g_bytes_get_size (self->payload);

  if (g_bytes_equal (self->payload, payload))
    return;
  g_bytes_unref (self->payload);
  self->payload = g_bytes_ref (payload);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAYLOAD]);
  if (g_bytes_get_size (payload) != old_size)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAYLOAD_SIZE]);
}

static gint64
find_expiry (RtCertificateFile *file)
{
  PCCERT_CONTEXT certificate = file != NULL ? rt_certificate_file_get_certificate (file) : NULL;
  g_autoptr(DrtCertificateInfo) info = certificate != NULL ? drt_certificate_get_info (certificate) : NULL;

  return info != NULL ? MAX (info->not_after, 0) : 0;
}

/** rt_registration_set_certificate: @file: (nullable): with the certificate its key derives from, maybe locked */
void
rt_registration_set_certificate (RtRegistration *self, RtCertificateFile *file)
{
  gint64 expires = find_expiry (file);

  g_set_object (&self->certificate, file);
  if (self->expires == expires)
    return;
  self->expires = expires;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EXPIRES]);
}

/** rt_registration_set_persistent: whether it is written to the key store */
void
rt_registration_set_persistent (RtRegistration *self, gboolean persistent)
{
  self->persistent = persistent;
}

/**
 * rt_registration_take_error:
 * @error: (transfer full) (nullable): why it failed
 */
void
rt_registration_take_error (RtRegistration *self, GError *error)
{
  if (self->error == NULL && error == NULL)
    return;
  g_clear_error (&self->error);
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

static void
set_count (RtRegistration *self, guint *member, guint value, guint property)
{
  if (*member == value)
    return;
  *member = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* Registered means that others can find it: it is announced, and as many leaves are
 * known as there are neighbours for, at most five on each side. */
static void
update_state (RtRegistration *self)
{
  guint n_leaves = self->n_below + self->n_above;
  guint n_wanted = CLAMP (self->n_neighbours, 1, 2 * DRT_LEAF_SET_SIDE);

  if (self->state != RT_REGISTRATION_REGISTERING
      && self->state != RT_REGISTRATION_FILLING
      && self->state != RT_REGISTRATION_REGISTERED)
    return;
  if (!self->announced)
    rt_registration_set_state (self, RT_REGISTRATION_REGISTERING);
  else if (n_leaves < n_wanted)
    rt_registration_set_state (self, RT_REGISTRATION_FILLING);
  else
    rt_registration_set_state (self, RT_REGISTRATION_REGISTERED);
}

static gboolean
leaf_is (GListModel *leaves, guint index, const DrtKey *key, int position)
{
  g_autoptr(RtLeaf) leaf = g_list_model_get_item (leaves, index);

  return rt_leaf_get_position (leaf) == position && drt_key_equal (rt_leaf_get_key (leaf), key);
}

/* Replaces the run of leaves that differ, and leaves the others alone. */
static void
update_leaves (RtRegistration *self, const DrtObservedKey *observed, RtFindNeighbourFunc find, gpointer data)
{
  guint n_below = MIN (observed->n_below, DRT_LEAF_SET_SIDE);
  guint n_above = MIN (observed->n_above, DRT_LEAF_SET_SIDE);
  guint n_new = n_below + n_above;
  guint n_old = g_list_model_get_n_items (G_LIST_MODEL (self->leaves));
  const DrtKey *keys[2 * DRT_LEAF_SET_SIDE];
  int positions[2 * DRT_LEAF_SET_SIDE];
  g_autoptr(GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);
  guint start = 0, end = 0;

  for (guint i = 0; i < n_below; i++)
    {
      keys[i] = &observed->below[n_below - 1 - i];
      positions[i] = -(int) (n_below - i);
    }
  for (guint i = 0; i < n_above; i++)
    {
      keys[n_below + i] = &observed->above[i];
      positions[n_below + i] = (int) i + 1;
    }

  while (start < MIN (n_old, n_new)
         && leaf_is (G_LIST_MODEL (self->leaves), start, keys[start], positions[start]))
    start++;
  while (end < MIN (n_old, n_new) - start
         && leaf_is (G_LIST_MODEL (self->leaves), n_old - 1 - end, keys[n_new - 1 - end], positions[n_new - 1 - end]))
    end++;
  if (start + end == n_old && n_old == n_new)
    return;

  for (guint i = start; i < n_new - end; i++)
    {
      RtLeaf *leaf = rt_leaf_new (keys[i], positions[i]);

      rt_leaf_set_neighbour (leaf, find (data, keys[i]));
      g_ptr_array_add (added, leaf);
    }
  g_list_store_splice (self->leaves, start, n_old - start - end, added->pdata, added->len);
}

/**
 * rt_registration_observe:
 * @observed: what the observer told about it
 * @n_neighbours: route entries in the cache
 * @find: gives the neighbour of a leaf, or %NULL
 */
void
rt_registration_observe (RtRegistration       *self,
                         const DrtObservedKey *observed,
                         guint                 n_neighbours,
                         RtFindNeighbourFunc   find,
                         gpointer              data)
{
  g_assert (drt_key_equal (&self->key, &observed->key));

  g_object_freeze_notify (G_OBJECT (self));
  self->announced = observed->announced;
  self->n_neighbours = n_neighbours;
  update_leaves (self, observed, find, data);
  set_count (self, &self->n_below, observed->n_below, PROP_N_BELOW);
  set_count (self, &self->n_above, observed->n_above, PROP_N_ABOVE);
  if (observed->unresolvable && self->state != RT_REGISTRATION_REVOKING)
    rt_registration_set_state (self, RT_REGISTRATION_UNRESOLVABLE);
  else
    update_state (self);
  g_object_thaw_notify (G_OBJECT (self));
}

/** rt_registration_set_n_neighbours: how many route entries the leaf set could be filled from */
void
rt_registration_set_n_neighbours (RtRegistration *self, guint n_neighbours)
{
  self->n_neighbours = n_neighbours;
  update_state (self);
}

void
rt_registration_clear_leaves (RtRegistration *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  self->announced = FALSE;
  self->n_neighbours = 0;
  if (g_list_model_get_n_items (G_LIST_MODEL (self->leaves)) > 0)
    g_list_store_remove_all (self->leaves);
  set_count (self, &self->n_below, 0, PROP_N_BELOW);
  set_count (self, &self->n_above, 0, PROP_N_ABOVE);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * rt_registration_neighbour_changed:
 * @key: whose route entry was cached or forgotten
 * @neighbour: (nullable): it, or %NULL when it is forgotten
 */
void
rt_registration_neighbour_changed (RtRegistration *self, const DrtKey *key, RtNeighbour *neighbour)
{
  guint n_leaves = g_list_model_get_n_items (G_LIST_MODEL (self->leaves));

  for (guint i = 0; i < n_leaves; i++)
    {
      g_autoptr(RtLeaf) leaf = g_list_model_get_item (G_LIST_MODEL (self->leaves), i);

      if (drt_key_equal (rt_leaf_get_key (leaf), key))
        rt_leaf_set_neighbour (leaf, neighbour);
    }
}

HDRT_REGISTRATION_CONTEXT
rt_registration_get_handle (RtRegistration *self)
{
  return self->handle;
}

void
rt_registration_set_handle (RtRegistration *self, HDRT_REGISTRATION_CONTEXT handle)
{
  self->handle = handle;
}

const DrtKey *
rt_registration_get_key (RtRegistration *self)
{
  g_return_val_if_fail (RT_IS_REGISTRATION (self), NULL);
  return &self->key;
}

guint
rt_registration_get_payload_size (RtRegistration *self)
{
  g_return_val_if_fail (RT_IS_REGISTRATION (self), 0);
  return (guint) g_bytes_get_size (self->payload);
}

GListModel *
rt_registration_get_leaves (RtRegistration *self)
{
  g_return_val_if_fail (RT_IS_REGISTRATION (self), NULL);
  return G_LIST_MODEL (self->leaves);
}

double
rt_registration_get_turn (RtRegistration *self)
{
  g_return_val_if_fail (RT_IS_REGISTRATION (self), 0);
  return drt_key_to_turn (&self->key);
}

#define GETTER(type, name, fallback)                            \
  type rt_registration_get_##name (RtRegistration *self)        \
  {                                                             \
    g_return_val_if_fail (RT_IS_REGISTRATION (self), fallback); \
    return self->name;                                          \
  }

GETTER (const char *, key_text, NULL)
GETTER (const char *, key_short, NULL)
GETTER (const char *, name, NULL)
GETTER (RtRegistrationState, state, RT_REGISTRATION_OFFLINE)
GETTER (GBytes *, payload, NULL)
GETTER (const GError *, error, NULL)
GETTER (guint, n_below, 0)
GETTER (guint, n_above, 0)
GETTER (gboolean, persistent, FALSE)
GETTER (RtCertificateFile *, certificate, NULL)
GETTER (gint64, expires, 0)
