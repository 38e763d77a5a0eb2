/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-refusal.h"

#include <drt-glib.h>
#include <glib/gi18n.h>

/* A stranger that tries again and again must not push all else out of the journal. */
#define TELL_INTERVAL (60 * G_USEC_PER_SEC)

struct _RtRefusal
{
  GObject parent_instance;

  DrtEndpoint endpoint;
  char *endpoint_text;
  char *title;
  char *sentence;
  DrtObservedEventKind kind;
  HRESULT hr;
  guint count;
  gint64 last;
  gint64 told;                /* 0: not yet */
  GBytes *credential;
};

G_DEFINE_FINAL_TYPE (RtRefusal, rt_refusal, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_COUNT,
  PROP_LAST,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
rt_refusal_finalize (GObject *object)
{
  RtRefusal *self = RT_REFUSAL (object);

  g_free (self->endpoint_text);
  g_free (self->title);
  g_free (self->sentence);
  g_clear_pointer (&self->credential, g_bytes_unref);
  G_OBJECT_CLASS (rt_refusal_parent_class)->finalize (object);
}

static void
rt_refusal_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtRefusal *self = RT_REFUSAL (object);

  switch (id)
    {
    case PROP_COUNT: g_value_set_uint (value, self->count); break;
    case PROP_LAST:  g_value_set_int64 (value, self->last); break;
    default:         G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_refusal_class_init (RtRefusalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = rt_refusal_finalize;
  object_class->get_property = rt_refusal_get_property;

  properties[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_LAST] = g_param_spec_int64 ("last", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rt_refusal_init (RtRefusal *self)
{
}

/* The certificates say more than the code, where there are any. */
static void
find_reason (RtRefusal *self, RtMeshSettings *settings)
{
  g_autoptr(RtChain) chain = NULL;
  RtVerdict *fault = NULL;

  if (self->credential != NULL)
    {
      chain = rt_chain_new_for_credential (self->credential, self->endpoint_text, settings);
      fault = rt_chain_get_first_fault (chain);
    }
  if (fault != NULL)
    self->title = g_strdup (rt_verdict_get_title (fault));
  else
    self->title = g_strdup (self->credential != NULL ? _("Proof not accepted") : _("No certificate"));
  self->sentence = g_strdup (fault != NULL ? rt_verdict_get_sentence (fault) : drt_hresult_to_sentence (self->hr));
}

RtRefusal *
rt_refusal_new (const DrtObservedEvent *event, RtMeshSettings *settings)
{
  RtRefusal *self = g_object_new (RT_TYPE_REFUSAL, NULL);

  if (event->has_endpoint)
    self->endpoint = event->endpoint;
  self->endpoint_text = event->has_endpoint ? drt_endpoint_to_string (&event->endpoint) : g_strdup ("–");
  self->kind = event->kind;
  self->hr = event->hr;
  self->count = 1;
  self->last = event->time;
  if (event->credential != NULL && event->credential_size > 0)
    self->credential = g_bytes_new (event->credential, event->credential_size);
  find_reason (self, settings);
  return self;
}

/* Its port may be another one after a restart. */
gboolean
rt_refusal_add (RtRefusal *self, RtRefusal *other)
{
  g_return_val_if_fail (RT_IS_REFUSAL (self), FALSE);
  g_return_val_if_fail (RT_IS_REFUSAL (other), FALSE);

  if (memcmp (&self->endpoint.address, &other->endpoint.address, sizeof self->endpoint.address) != 0
      || self->kind != other->kind || self->hr != other->hr || !g_str_equal (self->title, other->title))
    return FALSE;
  self->count += other->count;
  self->last = other->last;
  g_set_str (&self->endpoint_text, other->endpoint_text);
  g_set_str (&self->sentence, other->sentence);
  if (other->credential != NULL)
    {
      g_clear_pointer (&self->credential, g_bytes_unref);
      self->credential = g_bytes_ref (other->credential);
    }
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST]);
  g_object_thaw_notify (G_OBJECT (self));
  return TRUE;
}

gboolean
rt_refusal_tell (RtRefusal *self)
{
  g_return_val_if_fail (RT_IS_REFUSAL (self), FALSE);

  if (self->told != 0 && self->last - self->told < TELL_INTERVAL)
    return FALSE;
  self->told = self->last;
  return TRUE;
}

void
rt_refusal_forget (RtRefusal *self)
{
  g_return_if_fail (RT_IS_REFUSAL (self));
  g_clear_pointer (&self->credential, g_bytes_unref);
}

#define GETTER(type, name, member, fallback)               \
  type rt_refusal_get_##name (RtRefusal *self)             \
  {                                                        \
    g_return_val_if_fail (RT_IS_REFUSAL (self), fallback); \
    return self->member;                                   \
  }

GETTER (const char *, endpoint, endpoint_text, NULL)
GETTER (const char *, title, title, NULL)
GETTER (const char *, sentence, sentence, NULL)
GETTER (HRESULT, hresult, hr, E_FAIL)
GETTER (guint, count, count, 0)
GETTER (gint64, last, last, 0)
GETTER (GBytes *, credential, credential, NULL)
