/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-search-private.h"

#include <drt-glib.h>

struct _RtSearch
{
  GObject parent_instance;

  DrtKey target;
  char *target_text;
  char *target_short;
  RtSearchKind kind;
  RtSearchScope scope;
  RtSearchState state;
  GListStore *results;      /* RtSearchResult */
  GListStore *hops;         /* RtHop */
  gint64 started;           /* monotonic */
  gint64 duration;          /* microseconds, when ended */
  GError *error;

  /* While it runs. */
  HDRT_SEARCH_CONTEXT context;
  HANDLE event;
  GSource *source;
  guint64 lookup;           /* the observer's number of it, 0 not seen yet */
};

G_DEFINE_FINAL_TYPE (RtSearch, rt_search, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TARGET_TEXT,
  PROP_TARGET_SHORT,
  PROP_KIND,
  PROP_STATE,
  PROP_RESULTS,
  PROP_HOPS,
  PROP_STARTED,
  PROP_DURATION,
  PROP_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
release_context (RtSearch *self)
{
  if (self->source != NULL)
    {
      g_source_destroy (self->source);
      g_clear_pointer (&self->source, g_source_unref);
    }
  if (self->context != NULL)
    {
      DrtEndSearch (self->context);
      self->context = NULL;
    }
  g_clear_pointer (&self->event, drt_event_free);
}

static void
rt_search_finalize (GObject *object)
{
  RtSearch *self = RT_SEARCH (object);

  release_context (self);
  g_free (self->target_text);
  g_free (self->target_short);
  g_clear_object (&self->results);
  g_clear_object (&self->hops);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (rt_search_parent_class)->finalize (object);
}

static void
rt_search_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtSearch *self = RT_SEARCH (object);

  switch (id)
    {
    case PROP_TARGET_TEXT:  g_value_set_string (value, self->target_text); break;
    case PROP_TARGET_SHORT: g_value_set_string (value, self->target_short); break;
    case PROP_KIND:         g_value_set_enum (value, (int) self->kind); break;
    case PROP_STATE:        g_value_set_enum (value, (int) self->state); break;
    case PROP_RESULTS:      g_value_set_object (value, self->results); break;
    case PROP_HOPS:         g_value_set_object (value, self->hops); break;
    case PROP_STARTED:      g_value_set_int64 (value, self->started); break;
    case PROP_DURATION:     g_value_set_int64 (value, rt_search_get_duration (self)); break;
    case PROP_ERROR:        g_value_set_boxed (value, self->error); break;
    default:                G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

#define READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

static void
rt_search_class_init (RtSearchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = rt_search_finalize;
  object_class->get_property = rt_search_get_property;

  properties[PROP_TARGET_TEXT] = g_param_spec_string ("target-text", NULL, NULL, NULL, READ);
  properties[PROP_TARGET_SHORT] = g_param_spec_string ("target-short", NULL, NULL, NULL, READ);
  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, RT_TYPE_SEARCH_KIND, RT_SEARCH_EXACT, READ);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, RT_TYPE_SEARCH_STATE, RT_SEARCH_RUNNING, READ);
  properties[PROP_RESULTS] = g_param_spec_object ("results", NULL, NULL, G_TYPE_LIST_MODEL, READ);
  properties[PROP_HOPS] = g_param_spec_object ("hops", NULL, NULL, G_TYPE_LIST_MODEL, READ);
  properties[PROP_STARTED] = g_param_spec_int64 ("started", NULL, NULL, 0, G_MAXINT64, 0, READ);
  properties[PROP_DURATION] = g_param_spec_int64 ("duration", NULL, NULL, 0, G_MAXINT64, 0, READ);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rt_search_init (RtSearch *self)
{
  self->results = g_list_store_new (RT_TYPE_SEARCH_RESULT);
  self->hops = g_list_store_new (RT_TYPE_HOP);
}

RtSearch *
rt_search_new (const DrtKey *target, RtSearchKind kind)
{
  RtSearch *self = g_object_new (RT_TYPE_SEARCH, NULL);

  self->target = *target;
  self->target_text = drt_key_to_string (target);
  self->target_short = rt_key_shorten (target);
  self->kind = kind;
  rt_search_scope_init (&self->scope);
  self->started = g_get_monotonic_time ();
  return self;
}

/* Before it is started. */
void
rt_search_set_scope (RtSearch *self, const RtSearchScope *scope)
{
  self->scope = *scope;
}

/* The one way a search ends. */
static void
end (RtSearch *self, RtSearchState state)
{
  if (self->state != RT_SEARCH_RUNNING)
    return;
  g_object_freeze_notify (G_OBJECT (self));
  self->state = state;
  self->duration = g_get_monotonic_time () - self->started;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DURATION]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_thaw_notify (G_OBJECT (self));
  release_context (self);
}

/**
 * rt_search_finish:
 * @hr: what DrtGetSearchResult() said when there was nothing more: DRT_E_NO_MORE,
 *   DRT_E_TIMEOUT, or a failure
 */
void
rt_search_finish (RtSearch *self, HRESULT hr)
{
  guint n_results = g_list_model_get_n_items (G_LIST_MODEL (self->results));

  if (n_results > 0 && (hr == DRT_E_NO_MORE || hr == DRT_E_TIMEOUT))
    end (self, RT_SEARCH_FOUND);
  else if (hr == DRT_E_NO_MORE)
    end (self, RT_SEARCH_NOT_FOUND);
  else if (hr == DRT_E_TIMEOUT)
    end (self, RT_SEARCH_TIMED_OUT);
  else
    {
      drt_set_error (&self->error, hr);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
      end (self, RT_SEARCH_FAILED);
    }
}

/**
 * rt_search_add_result:
 * @result: from DrtGetSearchResult(); one with a key that is no key is passed over
 */
void
rt_search_add_result (RtSearch *self, const DRT_SEARCH_RESULT *result)
{
  const DRT_REGISTRATION *registration = &result->registration;
  g_autoptr(RtSearchResult) item = NULL;
  g_autoptr(GBytes) payload = NULL;
  DrtKey key;

  if (registration->key.cb != DRT_KEY_SIZE || registration->key.pb == NULL)
    return;
  drt_key_from_bytes (&key, registration->key.pb);
  payload = g_bytes_new (registration->appData.pb, registration->appData.cb);
  item = rt_search_result_new (&key, payload, drt_key_equal (&key, &self->target));
  g_list_store_append (self->results, item);
}

/* What the API knows of the path: asked when the observer told nothing. */
static void
fetch_path (RtSearch *self)
{
  g_autofree DRT_ADDRESS_LIST *path = NULL;
  ULONG size = 0;

  if (self->lookup != 0 || FAILED (DrtGetSearchPathSize (self->context, &size)) || size == 0)
    return;
  path = g_malloc0 (size);
  if (FAILED (DrtGetSearchPath (self->context, size, path)))
    return;
  g_list_store_remove_all (self->hops);
  for (guint i = 0; i < path->AddressCount; i++)
    {
      g_autoptr(RtHop) hop = rt_hop_new (&path->AddressList[i]);

      g_list_store_append (self->hops, hop);
    }
}

static gboolean
event_cb (gpointer data)
{
  g_autoptr(RtSearch) self = g_object_ref (RT_SEARCH (data));

  for (;;)
    {
      g_autofree DRT_SEARCH_RESULT *result = NULL;
      ULONG size = 0;
      HRESULT hr = DrtGetSearchResultSize (self->context, &size);

      if (SUCCEEDED (hr))
        {
          result = g_malloc0 (MAX (size, sizeof (DRT_SEARCH_RESULT)));
          hr = DrtGetSearchResult (self->context, size, result);
        }
      if (hr == DRT_E_SEARCH_IN_PROGRESS)
        return G_SOURCE_CONTINUE;
      if (FAILED (hr))
        {
          fetch_path (self);
          rt_search_finish (self, hr);
          return G_SOURCE_REMOVE;
        }
      rt_search_add_result (self, result);
    }
}

static HRESULT
start (RtSearch *self, HDRT drt, guint timeout_ms)
{
  DRT_DATA key = { .cb = DRT_KEY_SIZE, .pb = self->target.b };
  DRT_DATA minimum = { .cb = DRT_KEY_SIZE, .pb = self->scope.lowest.b };
  DRT_DATA maximum = { .cb = DRT_KEY_SIZE, .pb = self->scope.highest.b };
  DRT_SEARCH_INFO info = {
    .dwSize = sizeof info,
    .fAllowCurrentInstanceMatch = self->scope.own,
    .cMaxEndpoints = 1,
  };

  if (self->kind == RT_SEARCH_NEAREST)
    {
      info.pMinimumKey = &minimum;
      info.pMaximumKey = &maximum;
      info.fAnyMatchInRange = self->scope.any;
      info.cMaxEndpoints = self->scope.count;
    }
  return DrtStartSearch (drt, &key, &info, timeout_ms, self->event, NULL, &self->context);
}

/**
 * rt_search_start:
 * @drt: an open node
 * @timeout_ms: after which it is given up
 * @error: DRT_ERROR with the code of DrtStartSearch()
 *
 * Returns: whether it runs; if not, it has failed
 */
gboolean
rt_search_start (RtSearch *self, HDRT drt, guint timeout_ms, GError **error)
{
  HRESULT hr;

  self->event = drt_event_new ();
  hr = self->event != NULL ? start (self, drt, timeout_ms) : E_OUTOFMEMORY;
  if (FAILED (hr))
    {
      self->context = NULL;
      drt_set_error (error, hr);
      rt_search_finish (self, hr);
      return FALSE;
    }
  self->source = drt_event_source_new (self->event);
  g_source_set_static_name (self->source, "[roundtable] search");
  g_source_set_callback (self->source, event_cb, self, NULL);
  g_source_attach (self->source, NULL);
  return TRUE;
}

/**
 * rt_search_observe:
 * @lookup: a lookup of the node
 *
 * Takes over the hops of the lookup, where it is the one of this search: only
 * those that differ are replaced.
 *
 * Returns: whether it is
 */
gboolean
rt_search_observe (RtSearch *self, const DrtObservedLookup *lookup)
{
  GListModel *hops = G_LIST_MODEL (self->hops);

  if (self->lookup != 0 && self->lookup != lookup->id)
    return FALSE;
  if (self->lookup == 0
      && (self->state != RT_SEARCH_RUNNING || !drt_key_equal (&self->target, &lookup->target)))
    return FALSE;

  self->lookup = lookup->id;
  for (guint i = 0; i < lookup->n_hops; i++)
    {
      g_autoptr(RtHop) hop = rt_hop_new_observed (&lookup->hops[i]);
      g_autoptr(RtHop) old = g_list_model_get_item (hops, i);

      if (old == NULL)
        g_list_store_append (self->hops, hop);
      else if (!rt_hop_equal (old, hop))
        g_list_store_splice (self->hops, i, 1, (gpointer *) &hop, 1);
    }
  if (g_list_model_get_n_items (hops) > lookup->n_hops)
    g_list_store_splice (self->hops, lookup->n_hops, g_list_model_get_n_items (hops) - lookup->n_hops, NULL, 0);
  return TRUE;
}

/**
 * rt_search_cancel:
 *
 * Ends it, if it still runs; results and hops stay.
 */
void
rt_search_cancel (RtSearch *self)
{
  g_return_if_fail (RT_IS_SEARCH (self));
  end (self, RT_SEARCH_CANCELLED);
}

const DrtKey *
rt_search_get_target (RtSearch *self)
{
  g_return_val_if_fail (RT_IS_SEARCH (self), NULL);
  return &self->target;
}

GListModel *
rt_search_get_results (RtSearch *self)
{
  g_return_val_if_fail (RT_IS_SEARCH (self), NULL);
  return G_LIST_MODEL (self->results);
}

GListModel *
rt_search_get_hops (RtSearch *self)
{
  g_return_val_if_fail (RT_IS_SEARCH (self), NULL);
  return G_LIST_MODEL (self->hops);
}

/** rt_search_get_duration: microseconds, so far or in all */
gint64
rt_search_get_duration (RtSearch *self)
{
  g_return_val_if_fail (RT_IS_SEARCH (self), 0);
  return self->state == RT_SEARCH_RUNNING ? g_get_monotonic_time () - self->started : self->duration;
}

#define GETTER(type, name, fallback)                      \
  type rt_search_get_##name (RtSearch *self)              \
  {                                                       \
    g_return_val_if_fail (RT_IS_SEARCH (self), fallback); \
    return self->name;                                    \
  }

GETTER (const char *, target_text, NULL)
GETTER (const char *, target_short, NULL)
GETTER (RtSearchKind, kind, RT_SEARCH_EXACT)
GETTER (RtSearchState, state, RT_SEARCH_FAILED)
GETTER (gint64, started, 0)
GETTER (const GError *, error, NULL)
