/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-search-result.h"

struct _RtSearchResult
{
  GObject parent_instance;

  DrtKey key;
  char *key_text;
  char *key_short;
  GBytes *payload;
  gboolean exact;
};

G_DEFINE_FINAL_TYPE (RtSearchResult, rt_search_result, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_KEY_TEXT,
  PROP_KEY_SHORT,
  PROP_PAYLOAD,
  PROP_EXACT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
rt_search_result_finalize (GObject *object)
{
  RtSearchResult *self = RT_SEARCH_RESULT (object);

  g_free (self->key_text);
  g_free (self->key_short);
  g_bytes_unref (self->payload);
  G_OBJECT_CLASS (rt_search_result_parent_class)->finalize (object);
}

static void
rt_search_result_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtSearchResult *self = RT_SEARCH_RESULT (object);

  switch (id)
    {
    case PROP_KEY_TEXT:  g_value_set_string (value, self->key_text); break;
    case PROP_KEY_SHORT: g_value_set_string (value, self->key_short); break;
    case PROP_PAYLOAD:   g_value_set_boxed (value, self->payload); break;
    case PROP_EXACT:     g_value_set_boolean (value, self->exact); break;
    default:             G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

#define READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

static void
rt_search_result_class_init (RtSearchResultClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = rt_search_result_finalize;
  object_class->get_property = rt_search_result_get_property;

  properties[PROP_KEY_TEXT] = g_param_spec_string ("key-text", NULL, NULL, NULL, READ);
  properties[PROP_KEY_SHORT] = g_param_spec_string ("key-short", NULL, NULL, NULL, READ);
  properties[PROP_PAYLOAD] = g_param_spec_boxed ("payload", NULL, NULL, G_TYPE_BYTES, READ);
  properties[PROP_EXACT] = g_param_spec_boolean ("exact", NULL, NULL, FALSE, READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rt_search_result_init (RtSearchResult *self)
{
}

/**
 * rt_search_result_new:
 * @key: the key found
 * @payload: what is published with it
 * @exact: whether it is the key sought, not one near it
 */
RtSearchResult *
rt_search_result_new (const DrtKey *key, GBytes *payload, gboolean exact)
{
  RtSearchResult *self = g_object_new (RT_TYPE_SEARCH_RESULT, NULL);

  self->key = *key;
  self->key_text = drt_key_to_string (key);
  self->key_short = rt_key_shorten (key);
  self->payload = g_bytes_ref (payload);
  self->exact = exact;
  return self;
}

const DrtKey *
rt_search_result_get_key (RtSearchResult *self)
{
  g_return_val_if_fail (RT_IS_SEARCH_RESULT (self), NULL);
  return &self->key;
}

#define GETTER(type, name, fallback)                             \
  type rt_search_result_get_##name (RtSearchResult *self)        \
  {                                                              \
    g_return_val_if_fail (RT_IS_SEARCH_RESULT (self), fallback); \
    return self->name;                                           \
  }

GETTER (const char *, key_text, NULL)
GETTER (const char *, key_short, NULL)
GETTER (GBytes *, payload, NULL)
GETTER (gboolean, exact, FALSE)
