/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-item-watcher.h"

struct _RtItemWatcher
{
  GObject parent_instance;

  GListModel *model;
  GPtrArray *items;   /* of the model, in its order, each connected */
  GStrv properties;   /* watched */
  guint interval;     /* ms */
  guint source;       /* until `changed` is emitted */
};

enum {
  SIGNAL_CHANGED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtItemWatcher, rt_item_watcher, G_TYPE_OBJECT)

static gboolean
emit_changed_cb (gpointer data)
{
  RtItemWatcher *self = data;

  self->source = 0;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
item_notify_cb (GObject       *item,
                GParamSpec    *pspec,
                RtItemWatcher *self)
{
  if (self->source != 0 || self->properties == NULL ||
      !g_strv_contains ((const char * const *) self->properties, pspec->name))
    return;

  self->source = g_timeout_add (self->interval, emit_changed_cb, self);
  g_source_set_name_by_id (self->source, "[roundtable] item watcher");
}

static void
disconnect_item (RtItemWatcher *self,
                 guint          position)
{
  g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->items, position), item_notify_cb, self);
}

static void
items_changed_cb (GListModel    *model,
                  guint          position,
                  guint          removed,
                  guint          added,
                  RtItemWatcher *self)
{
  for (guint i = 0; i < removed; i++)
    disconnect_item (self, position + i);
  if (removed > 0)
    g_ptr_array_remove_range (self->items, position, removed);
  for (guint i = 0; i < added; i++)
    {
      GObject *item = g_list_model_get_item (model, position + i);

      g_signal_connect (item, "notify", G_CALLBACK (item_notify_cb), self);
      g_ptr_array_insert (self->items, position + i, item);
    }
}

static void
drop_model (RtItemWatcher *self)
{
  if (self->model == NULL)
    return;

  g_signal_handlers_disconnect_by_func (self->model, items_changed_cb, self);
  for (guint i = 0; i < self->items->len; i++)
    disconnect_item (self, i);
  g_ptr_array_set_size (self->items, 0);
  g_clear_object (&self->model);
}

static void
rt_item_watcher_dispose (GObject *object)
{
  RtItemWatcher *self = RT_ITEM_WATCHER (object);

  g_clear_handle_id (&self->source, g_source_remove);
  drop_model (self);

  G_OBJECT_CLASS (rt_item_watcher_parent_class)->dispose (object);
}

static void
rt_item_watcher_finalize (GObject *object)
{
  RtItemWatcher *self = RT_ITEM_WATCHER (object);

  g_ptr_array_unref (self->items);
  g_strfreev (self->properties);

  G_OBJECT_CLASS (rt_item_watcher_parent_class)->finalize (object);
}

static void
rt_item_watcher_class_init (RtItemWatcherClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = rt_item_watcher_dispose;
  object_class->finalize = rt_item_watcher_finalize;

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", RT_TYPE_ITEM_WATCHER, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
rt_item_watcher_init (RtItemWatcher *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * rt_item_watcher_new:
 * @interval: milliseconds from the first change until it is told
 *
 * Returns: (transfer full): a watcher that watches nothing yet
 */
RtItemWatcher *
rt_item_watcher_new (guint interval)
{
  RtItemWatcher *self = g_object_new (RT_TYPE_ITEM_WATCHER, NULL);

  self->interval = interval;
  return self;
}

/**
 * rt_item_watcher_set_model:
 * @self: a watcher
 * @model: (nullable): whose items to watch
 *
 * Watches the items of @model instead of those watched so far.
 */
void
rt_item_watcher_set_model (RtItemWatcher *self,
                           GListModel    *model)
{
  g_return_if_fail (RT_IS_ITEM_WATCHER (self));

  if (self->model == model)
    return;
  drop_model (self);
  if (model != NULL)
    {
      self->model = g_object_ref (model);
      g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), self);
      items_changed_cb (model, 0, 0, g_list_model_get_n_items (model), self);
    }
}

/**
 * rt_item_watcher_set_properties:
 * @self: a watcher
 * @properties: (nullable): names
 *
 * Watches these properties instead of those watched so far.
 */
void
rt_item_watcher_set_properties (RtItemWatcher      *self,
                                const char * const *properties)
{
  g_return_if_fail (RT_IS_ITEM_WATCHER (self));

  g_strfreev (self->properties);
  self->properties = g_strdupv ((GStrv) properties);
}
