/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-item-watcher.h"
#include "rt-live-order.h"

/* How long changed values are gathered before the order follows them, in ms. */
#define GATHER 500

struct _RtLiveOrder
{
  GObject parent_instance;

  GtkWidget *page;         /* owns us */
  GtkColumnView *table;    /* part of it */
  GtkFilter *filter;
  RtColumnPropertyFunc get_property;
  GListModel *model;
  RtItemWatcher *filter_watcher;
  RtItemWatcher *sort_watcher;
};

G_DEFINE_FINAL_TYPE (RtLiveOrder, rt_live_order, G_TYPE_OBJECT)

static GtkColumnViewColumn *
get_sort_column (RtLiveOrder *self)
{
  GtkColumnViewSorter *sorter = GTK_COLUMN_VIEW_SORTER (gtk_column_view_get_sorter (self->table));

  return gtk_column_view_sorter_get_primary_sort_column (sorter);
}

static void
filter_again (RtLiveOrder *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
sort_again (RtLiveOrder *self)
{
  GtkColumnViewColumn *column = get_sort_column (self);

  if (column != NULL)
    gtk_sorter_changed (gtk_column_view_column_get_sorter (column), GTK_SORTER_CHANGE_DIFFERENT);
}

static void
sort_column_changed_cb (RtLiveOrder *self)
{
  GtkColumnViewColumn *column = get_sort_column (self);
  const char *watched[] = { NULL, NULL };

  if (column != NULL)
    watched[0] = self->get_property (gtk_column_view_column_get_id (column));
  rt_item_watcher_set_properties (self->sort_watcher, watched);
}

/* While nobody sees it the table need not follow the values. */
static void
watch (RtLiveOrder *self)
{
  GListModel *model = gtk_widget_get_mapped (self->page) ? self->model : NULL;

  rt_item_watcher_set_model (self->filter_watcher, model);
  rt_item_watcher_set_model (self->sort_watcher, model);
}

static void
map_cb (RtLiveOrder *self)
{
  watch (self);
  filter_again (self);
  sort_again (self);
}

static void
rt_live_order_dispose (GObject *object)
{
  RtLiveOrder *self = RT_LIVE_ORDER (object);

  g_clear_object (&self->filter_watcher);
  g_clear_object (&self->sort_watcher);
  g_clear_object (&self->filter);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (rt_live_order_parent_class)->dispose (object);
}

static void
rt_live_order_class_init (RtLiveOrderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rt_live_order_dispose;
}

static void
rt_live_order_init (RtLiveOrder *self)
{
  self->filter_watcher = rt_item_watcher_new (GATHER);
  self->sort_watcher = rt_item_watcher_new (GATHER);
  g_signal_connect_object (self->filter_watcher, "changed", G_CALLBACK (filter_again), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sort_watcher, "changed", G_CALLBACK (sort_again), self, G_CONNECT_SWAPPED);
}

/**
 * rt_live_order_new:
 * @page: what is on screen when the table is; must outlive the result
 * @table: a column view in it
 * @filter: what it is filtered by
 * @filtered_by: properties of the items that @filter depends on
 * @get_property: the property that a column is sorted by, from its identifier
 *
 * Returns: (transfer full): what keeps the order true; it has no items yet
 */
RtLiveOrder *
rt_live_order_new (GtkWidget            *page,
                   GtkColumnView        *table,
                   GtkFilter            *filter,
                   const char * const   *filtered_by,
                   RtColumnPropertyFunc  get_property)
{
  RtLiveOrder *self = g_object_new (RT_TYPE_LIVE_ORDER, NULL);

  self->page = page;
  self->table = table;
  self->filter = g_object_ref (filter);
  self->get_property = get_property;
  rt_item_watcher_set_properties (self->filter_watcher, filtered_by);
  sort_column_changed_cb (self);

  g_signal_connect_object (gtk_column_view_get_sorter (table), "changed",
                           G_CALLBACK (sort_column_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "map", G_CALLBACK (map_cb), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (page, "unmap", G_CALLBACK (watch), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  return self;
}

/**
 * rt_live_order_set_model:
 * @self: a live order
 * @model: (nullable): all items, before filtering
 *
 * Sets whose values to follow.
 */
void
rt_live_order_set_model (RtLiveOrder *self,
                         GListModel  *model)
{
  g_return_if_fail (RT_IS_LIVE_ORDER (self));

  if (g_set_object (&self->model, model))
    watch (self);
}
