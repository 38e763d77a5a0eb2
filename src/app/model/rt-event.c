/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-event.h"

#include <drt-glib.h>
#include <glib/gi18n.h>

struct _RtEvent
{
  GObject parent_instance;

  gint64 time;
  char *time_text;
  char *kind;
  RtSeverity severity;
  char *text;
  char *key_text;
  RtRefusal *refusal;
};

G_DEFINE_FINAL_TYPE (RtEvent, rt_event, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TIME,
  PROP_TIME_TEXT,
  PROP_KIND,
  PROP_SEVERITY,
  PROP_TEXT,
  PROP_KEY_TEXT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
rt_event_finalize (GObject *object)
{
  RtEvent *self = RT_EVENT (object);

  g_free (self->time_text);
  g_free (self->kind);
  g_free (self->text);
  g_free (self->key_text);
  g_clear_object (&self->refusal);
  G_OBJECT_CLASS (rt_event_parent_class)->finalize (object);
}

static void
rt_event_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtEvent *self = RT_EVENT (object);

  switch (id)
    {
    case PROP_TIME:      g_value_set_int64 (value, self->time); break;
    case PROP_TIME_TEXT: g_value_set_string (value, self->time_text); break;
    case PROP_KIND:      g_value_set_string (value, self->kind); break;
    case PROP_SEVERITY:  g_value_set_enum (value, (int) self->severity); break;
    case PROP_TEXT:      g_value_set_string (value, self->text); break;
    case PROP_KEY_TEXT:  g_value_set_string (value, self->key_text); break;
    default:             G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

#define READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

static void
rt_event_class_init (RtEventClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = rt_event_finalize;
  object_class->get_property = rt_event_get_property;

  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0, READ);
  properties[PROP_TIME_TEXT] = g_param_spec_string ("time-text", NULL, NULL, NULL, READ);
  properties[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, NULL, READ);
  properties[PROP_SEVERITY] = g_param_spec_enum ("severity", NULL, NULL, RT_TYPE_SEVERITY, RT_SEVERITY_INFO, READ);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, READ);
  properties[PROP_KEY_TEXT] = g_param_spec_string ("key-text", NULL, NULL, NULL, READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rt_event_init (RtEvent *self)
{
}

/**
 * rt_event_new:
 * @time: real time, microseconds
 * @kind: for programs: "status", "leaf-added" …
 * @text: a translated sentence
 * @key_text: (nullable): the key it is about, 64 digits
 */
RtEvent *
rt_event_new (gint64 time, const char *kind, RtSeverity severity, const char *text, const char *key_text)
{
  RtEvent *self = g_object_new (RT_TYPE_EVENT, NULL);
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_local_usec (time);

  self->time = time;
  self->time_text = date != NULL ? g_date_time_format (date, "%H:%M:%S") : g_strdup ("–");
  self->kind = g_strdup (kind);
  self->severity = severity;
  self->text = g_strdup (text);
  self->key_text = g_strdup (key_text);
  return self;
}

static char *
status_to_text (const DrtObservedEvent *observed, RtSeverity *severity)
{
  switch (observed->code)
    {
    case DRT_ACTIVE:
      return g_strdup (_("The node is active: other nodes answer"));
    case DRT_ALONE:
      *severity = RT_SEVERITY_WARNING;
      return g_strdup (_("The node is alone: no other node is known"));
    case DRT_NO_NETWORK:
      *severity = RT_SEVERITY_WARNING;
      return g_strdup (_("No network: this computer has no usable IPv6 address"));
    case DRT_FAULTED:
      *severity = RT_SEVERITY_ERROR;
      return g_strdup_printf (_("The node is faulted: %s"), drt_hresult_to_sentence (observed->hr));
    default:
      return g_strdup (_("The state of the node has changed"));
    }
}

static char *
bootstrap_to_text (const DrtObservedEvent *observed, RtSeverity *severity)
{
  if (observed->code > 0)
    return g_strdup_printf (ngettext ("The bootstrap found %d address",
                                      "The bootstrap found %d addresses", (gulong) observed->code),
                            observed->code);
  if (SUCCEEDED (observed->hr) || observed->hr == DRT_E_NO_MORE)
    return g_strdup (_("The bootstrap found no address"));
  *severity = RT_SEVERITY_WARNING;
  return g_strdup_printf (_("The bootstrap failed: %s"), drt_hresult_to_sentence (observed->hr));
}

static char *
dropped_to_text (const DrtObservedEvent *observed, const char *remote, const char *endpoint, RtSeverity *severity)
{
  *severity = RT_SEVERITY_WARNING;
  switch (observed->hr)
    {
    case DRT_E_TIMEOUT:
      return g_strdup_printf (_("%s at %s no longer answers and was forgotten"), remote, endpoint);
    case DRT_E_INVALID_KEY:
      return g_strdup_printf (_("%s no longer has the key %s, which was forgotten"), endpoint, remote);
    default:
      if (SUCCEEDED (observed->hr))
        {
          *severity = RT_SEVERITY_INFO;
          return g_strdup_printf (_("%s was dropped from the cache"), remote);
        }
      return g_strdup_printf (_("%s was forgotten: %s"), remote, drt_hresult_to_sentence (observed->hr));
    }
}

static char *
split_to_text (const DrtObservedEvent *observed, const char *key, const char *remote, RtSeverity *severity)
{
  *severity = RT_SEVERITY_WARNING;
  switch (observed->code)
    {
    case DRT_OBSERVED_SPLIT_SMALLER_PART:
      return g_strdup_printf (_("The mesh is split near %s, and this node is in the smaller part; %s is in the other"), key, remote);
    case DRT_OBSERVED_SPLIT_LARGER_PART:
      return g_strdup_printf (_("The mesh is split near %s, and this node is in the larger part; %s is in the other"), key, remote);
    case DRT_OBSERVED_SPLIT_MERGED:
      *severity = RT_SEVERITY_INFO;
      return g_strdup_printf (_("The parts of the mesh near %s are one again"), key);
    default:
      return g_strdup_printf (_("The mesh seems to be split near %s"), key);
    }
}

static char *
observed_to_text (const DrtObservedEvent *observed, RtRefusal *refusal, RtSeverity *severity)
{
  const char *reason = refusal != NULL ? rt_refusal_get_title (refusal) : drt_hresult_to_sentence (observed->hr);
  g_autofree char *key = observed->has_key ? rt_key_shorten (&observed->key) : g_strdup ("–");
  g_autofree char *remote = observed->has_remote_key ? rt_key_shorten (&observed->remote_key) : g_strdup ("–");
  g_autofree char *endpoint = observed->has_endpoint ? drt_endpoint_to_string (&observed->endpoint) : g_strdup ("–");

  switch (observed->kind)
    {
    case DRT_OBSERVED_EVENT_STATUS:
      return status_to_text (observed, severity);
    case DRT_OBSERVED_EVENT_LEAF_ADDED:
      return g_strdup_printf (_("%s joined the leaf set of %s"), remote, key);
    case DRT_OBSERVED_EVENT_LEAF_REMOVED:
      return g_strdup_printf (_("%s left the leaf set of %s"), remote, key);
    case DRT_OBSERVED_EVENT_KEY_REGISTERED:
      return g_strdup_printf (_("Key %s was registered"), key);
    case DRT_OBSERVED_EVENT_KEY_ANNOUNCED:
      return g_strdup_printf (_("Key %s was announced to the mesh"), key);
    case DRT_OBSERVED_EVENT_KEY_UNREGISTERED:
      return g_strdup_printf (_("Key %s was unregistered"), key);
    case DRT_OBSERVED_EVENT_KEY_REVOKED:
      return g_strdup_printf (_("%s was revoked by its publisher"), remote);
    case DRT_OBSERVED_EVENT_ENTRY_DROPPED:
      return dropped_to_text (observed, remote, endpoint, severity);
    case DRT_OBSERVED_EVENT_ENTRY_REFUSED:
      *severity = RT_SEVERITY_WARNING;
      return g_strdup_printf (_("%s at %s was refused: %s"), remote, endpoint, reason);
    case DRT_OBSERVED_EVENT_BOOTSTRAP:
      return bootstrap_to_text (observed, severity);
    case DRT_OBSERVED_EVENT_SYNCHRONISED:
      return g_strdup_printf (ngettext ("Synchronised with %s, which named %d key",
                                        "Synchronised with %s, which named %d keys", (gulong) MAX (observed->code, 0)),
                              endpoint, observed->code);
    case DRT_OBSERVED_EVENT_ADDRESSES:
      return g_strdup_printf (ngettext ("This computer has %d usable address now",
                                        "This computer has %d usable addresses now", (gulong) MAX (observed->code, 0)),
                              observed->code);
    case DRT_OBSERVED_EVENT_SPLIT:
      return split_to_text (observed, key, remote, severity);
    case DRT_OBSERVED_EVENT_MEMBER_REFUSED:
      *severity = RT_SEVERITY_WARNING;
      return g_strdup_printf (_("%s was refused as a member: %s"), endpoint, reason);
    case DRT_OBSERVED_EVENT_KEY_EXPIRES:
      *severity = RT_SEVERITY_WARNING;
      return g_strdup_printf (ngettext ("The certificate of key %s expires in %d day",
                                        "The certificate of key %s expires in %d days", (gulong) MAX (observed->code, 0)),
                              key, observed->code);
    case DRT_OBSERVED_EVENT_KEY_EXPIRED:
      *severity = RT_SEVERITY_ERROR;
      return g_strdup_printf (_("The certificate of key %s has expired; nobody accepts the key any more"), key);
    default:
      return g_strdup (_("Something happened that this version has no words for"));
    }
}

static const char *
kind_to_name (DrtObservedEventKind kind)
{
  static const char *const names[] = {
    [DRT_OBSERVED_EVENT_STATUS] = "status",
    [DRT_OBSERVED_EVENT_LEAF_ADDED] = "leaf-added",
    [DRT_OBSERVED_EVENT_LEAF_REMOVED] = "leaf-removed",
    [DRT_OBSERVED_EVENT_KEY_REGISTERED] = "key-registered",
    [DRT_OBSERVED_EVENT_KEY_ANNOUNCED] = "key-announced",
    [DRT_OBSERVED_EVENT_KEY_UNREGISTERED] = "key-unregistered",
    [DRT_OBSERVED_EVENT_KEY_REVOKED] = "key-revoked",
    [DRT_OBSERVED_EVENT_ENTRY_DROPPED] = "entry-dropped",
    [DRT_OBSERVED_EVENT_ENTRY_REFUSED] = "entry-refused",
    [DRT_OBSERVED_EVENT_BOOTSTRAP] = "bootstrap",
    [DRT_OBSERVED_EVENT_SYNCHRONISED] = "synchronised",
    [DRT_OBSERVED_EVENT_ADDRESSES] = "addresses",
    [DRT_OBSERVED_EVENT_SPLIT] = "split",
    [DRT_OBSERVED_EVENT_MEMBER_REFUSED] = "member-refused",
    [DRT_OBSERVED_EVENT_KEY_EXPIRES] = "key-expires",
    [DRT_OBSERVED_EVENT_KEY_EXPIRED] = "key-expired",
  };

  return (gsize) kind < G_N_ELEMENTS (names) ? names[kind] : "other";
}

/**
 * rt_event_new_observed:
 * @observed: what the observer told
 * @refusal: (nullable): of which it tells
 * @real_time: when, microseconds of the wall clock
 */
RtEvent *
rt_event_new_observed (const DrtObservedEvent *observed, RtRefusal *refusal, gint64 real_time)
{
  RtSeverity severity = RT_SEVERITY_INFO;
  g_autofree char *text = observed_to_text (observed, refusal, &severity);
  g_autofree char *key_text = NULL;
  RtEvent *self;

  if (observed->has_remote_key)
    key_text = drt_key_to_string (&observed->remote_key);
  else if (observed->has_key)
    key_text = drt_key_to_string (&observed->key);
  self = rt_event_new (real_time, kind_to_name (observed->kind), severity, text, key_text);
  g_set_object (&self->refusal, refusal);
  return self;
}

gboolean
rt_event_is_about_certificate (RtEvent *self)
{
  g_return_val_if_fail (RT_IS_EVENT (self), FALSE);
  return self->refusal != NULL || g_str_equal (self->kind, "key-expires") || g_str_equal (self->kind, "key-expired");
}

#define GETTER(type, name, fallback)                     \
  type rt_event_get_##name (RtEvent *self)               \
  {                                                      \
    g_return_val_if_fail (RT_IS_EVENT (self), fallback); \
    return self->name;                                   \
  }

GETTER (gint64, time, 0)
GETTER (const char *, time_text, NULL)
GETTER (const char *, kind, NULL)
GETTER (RtSeverity, severity, RT_SEVERITY_INFO)
GETTER (const char *, text, NULL)
GETTER (const char *, key_text, NULL)
GETTER (RtRefusal *, refusal, NULL)
