/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>
#include <gtk/gtk.h>

#include "rt-item-watcher.h"
#include "rt-neighbour-text.h"
#include "rt-ring-items.h"

/* How long changes are gathered, in ms: a node that joins a big mesh learns of
 * thousands of others at once. */
#define GATHER 100

struct _RtRingItems
{
  GObject parent_instance;

  RtNode *node;
  GListModel *leaves;              /* of all registrations */
  RtItemWatcher *neighbour_watcher;
  RtItemWatcher *registration_watcher;
  GArray *items;                   /* of RtRingItem; as they were at the last `changed` unless dirty */
  gboolean dirty;
  guint source;                    /* until `changed` is emitted */
};

enum {
  SIGNAL_CHANGED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtRingItems, rt_ring_items, G_TYPE_OBJECT)

static void
item_clear (gpointer data)
{
  RtRingItem *item = data;

  g_object_unref (item->object);
}

/* Our own key comes before a neighbour's of the same value. */
static int
compare_items (gconstpointer a,
               gconstpointer b)
{
  const RtRingItem *p = a, *q = b;
  int order = drt_key_compare (&p->key, &q->key);

  return order != 0 ? order : (int) p->kind - (int) q->kind;
}

static gboolean
is_published (RtRegistration *registration)
{
  RtRegistrationState state = rt_registration_get_state (registration);

  return state == RT_REGISTRATION_REGISTERED || state == RT_REGISTRATION_FILLING;
}

static void
collect_registrations (RtRingItems *self)
{
  GListModel *registrations = rt_node_get_registrations (self->node);

  for (guint i = 0; i < g_list_model_get_n_items (registrations); i++)
    {
      RtRegistration *registration = g_list_model_get_item (registrations, i);
      RtRingItem item = {
        .object = G_OBJECT (registration),
        .key = *rt_registration_get_key (registration),
        .kind = RT_RING_OWN,
        .quiet = !is_published (registration),
      };

      g_array_append_val (self->items, item);
    }
}

static void
collect_neighbours (RtRingItems *self)
{
  GListModel *neighbours = rt_node_get_neighbours (self->node);

  for (guint i = 0; i < g_list_model_get_n_items (neighbours); i++)
    {
      RtNeighbour *neighbour = g_list_model_get_item (neighbours, i);
      RtRingItem item = {
        .object = G_OBJECT (neighbour),
        .key = *rt_neighbour_get_key (neighbour),
        .kind = rt_neighbour_get_leaf_position (neighbour) != 0 ? RT_RING_LEAF : RT_RING_CACHE,
        .quiet = rt_neighbour_get_state (neighbour) != RT_NEIGHBOUR_FRESH,
      };

      g_array_append_val (self->items, item);
    }
}

static void
ensure_items (RtRingItems *self)
{
  if (!self->dirty)
    return;

  self->dirty = FALSE;
  g_array_set_size (self->items, 0);
  if (self->node == NULL)
    return;
  collect_registrations (self);
  collect_neighbours (self);
  g_array_sort (self->items, compare_items);
}

static void
emit_changed (RtRingItems *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  self->dirty = TRUE;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static gboolean
emit_changed_cb (gpointer data)
{
  RtRingItems *self = data;

  self->source = 0;
  emit_changed (self);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (RtRingItems *self)
{
  if (self->source != 0)
    return;
  self->source = g_timeout_add (GATHER, emit_changed_cb, self);
  g_source_set_name_by_id (self->source, "[roundtable] ring items");
}

static gpointer
dup_leaves (gpointer item,
            gpointer data)
{
  g_autoptr (RtRegistration) registration = item;

  return g_object_ref (rt_registration_get_leaves (registration));
}

static void
connect_node (RtRingItems *self)
{
  GListModel *registrations = rt_node_get_registrations (self->node);
  GListModel *neighbours = rt_node_get_neighbours (self->node);
  GtkMapListModel *lists = gtk_map_list_model_new (g_object_ref (registrations), dup_leaves, NULL, NULL);

  self->leaves = G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (lists)));
  g_signal_connect_object (self->leaves, "items-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (registrations, "items-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (neighbours, "items-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  rt_item_watcher_set_model (self->registration_watcher, registrations);
  rt_item_watcher_set_model (self->neighbour_watcher, neighbours);
}

static void
disconnect_node (RtRingItems *self)
{
  g_signal_handlers_disconnect_by_func (rt_node_get_registrations (self->node), changed_cb, self);
  g_signal_handlers_disconnect_by_func (rt_node_get_neighbours (self->node), changed_cb, self);
  g_clear_object (&self->leaves);
  rt_item_watcher_set_model (self->registration_watcher, NULL);
  rt_item_watcher_set_model (self->neighbour_watcher, NULL);
}

static void
rt_ring_items_dispose (GObject *object)
{
  RtRingItems *self = RT_RING_ITEMS (object);

  g_clear_handle_id (&self->source, g_source_remove);
  if (self->node != NULL)
    disconnect_node (self);
  g_clear_object (&self->node);
  g_clear_object (&self->neighbour_watcher);
  g_clear_object (&self->registration_watcher);
  g_array_set_size (self->items, 0);

  G_OBJECT_CLASS (rt_ring_items_parent_class)->dispose (object);
}

static void
rt_ring_items_finalize (GObject *object)
{
  g_array_unref (RT_RING_ITEMS (object)->items);

  G_OBJECT_CLASS (rt_ring_items_parent_class)->finalize (object);
}

static void
rt_ring_items_class_init (RtRingItemsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = rt_ring_items_dispose;
  object_class->finalize = rt_ring_items_finalize;

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", RT_TYPE_RING_ITEMS, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static RtItemWatcher *
watch (RtRingItems        *self,
       const char * const *properties)
{
  RtItemWatcher *watcher = rt_item_watcher_new (0);

  rt_item_watcher_set_properties (watcher, properties);
  g_signal_connect_object (watcher, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return watcher;
}

static void
rt_ring_items_init (RtRingItems *self)
{
  static const char * const of_neighbour[] = { "leaf-position", "leaf-of", "state", NULL };
  static const char * const of_registration[] = { "name", "state", NULL };

  self->items = g_array_new (FALSE, FALSE, sizeof (RtRingItem));
  g_array_set_clear_func (self->items, item_clear);
  self->neighbour_watcher = watch (self, of_neighbour);
  self->registration_watcher = watch (self, of_registration);
}

/**
 * rt_ring_items_new:
 *
 * Returns: (transfer full): the items of no node yet
 */
RtRingItems *
rt_ring_items_new (void)
{
  return g_object_new (RT_TYPE_RING_ITEMS, NULL);
}

/**
 * rt_ring_items_set_node:
 * @self: items
 * @node: (nullable): whose keys
 *
 * Sets the node.
 */
void
rt_ring_items_set_node (RtRingItems *self,
                        RtNode      *node)
{
  g_return_if_fail (RT_IS_RING_ITEMS (self));

  if (self->node == node)
    return;
  if (self->node != NULL)
    disconnect_node (self);
  g_set_object (&self->node, node);
  if (node != NULL)
    connect_node (self);
  emit_changed (self);
}

/**
 * rt_ring_items_get_size:
 * @self: items
 *
 * Returns: their number
 */
guint
rt_ring_items_get_size (RtRingItems *self)
{
  g_return_val_if_fail (RT_IS_RING_ITEMS (self), 0);

  ensure_items (self);
  return self->items->len;
}

/**
 * rt_ring_items_get:
 * @self: items
 * @index: below their number
 *
 * Returns: one of them, valid until `changed`
 */
const RtRingItem *
rt_ring_items_get (RtRingItems *self,
                   guint        index)
{
  g_return_val_if_fail (index < rt_ring_items_get_size (self), NULL);

  return &g_array_index (self->items, RtRingItem, index);
}

/**
 * rt_ring_items_find:
 * @self: items
 * @key: a key
 *
 * Returns: the index of the item of this key, or -1
 */
int
rt_ring_items_find (RtRingItems  *self,
                    const DrtKey *key)
{
  const RtRingItem wanted = { .key = *key, .kind = RT_RING_OWN };
  guint low = 0, high = rt_ring_items_get_size (self);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_items (&g_array_index (self->items, RtRingItem, middle), &wanted) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  if (low < self->items->len && drt_key_equal (&g_array_index (self->items, RtRingItem, low).key, key))
    return (int) low;
  return -1;
}

/**
 * rt_ring_items_to_nodes:
 * @self: items
 *
 * Returns: (transfer full) (array): for each item what rt_ring_layout() needs to
 *   place it; free with g_free()
 */
RtRingNode *
rt_ring_items_to_nodes (RtRingItems *self)
{
  guint n = rt_ring_items_get_size (self);
  RtRingNode *nodes = g_new (RtRingNode, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    {
      const RtRingItem *item = &g_array_index (self->items, RtRingItem, i);

      nodes[i] = (RtRingNode) { drt_key_to_turn (&item->key), item->kind };
    }
  return nodes;
}

/**
 * rt_ring_items_get_center:
 * @self: items
 * @selected: (nullable): what is selected
 *
 * Returns: (transfer none) (nullable): the key of ours whose leaf set is meant
 *   by @selected: it, that whose leaf it is, or else the only one there is
 */
RtRegistration *
rt_ring_items_get_center (RtRingItems *self,
                          GObject     *selected)
{
  GListModel *registrations;
  DrtKey key;

  g_return_val_if_fail (RT_IS_RING_ITEMS (self), NULL);

  if (self->node == NULL)
    return NULL;
  if (RT_IS_REGISTRATION (selected))
    return RT_REGISTRATION (selected);
  if (RT_IS_NEIGHBOUR (selected) && rt_neighbour_get_leaf_of (RT_NEIGHBOUR (selected)) != NULL &&
      drt_key_parse (rt_neighbour_get_leaf_of (RT_NEIGHBOUR (selected)), &key))
    return rt_node_find_registration (self->node, &key);

  registrations = rt_node_get_registrations (self->node);
  if (g_list_model_get_n_items (registrations) == 1)
    {
      g_autoptr (RtRegistration) only = g_list_model_get_item (registrations, 0);

      return only;
    }
  return NULL;
}

/**
 * rt_ring_items_to_sentence:
 * @self: items
 * @index: below their number
 *
 * Returns: (transfer full): what is there, for a screen reader
 */
char *
rt_ring_items_to_sentence (RtRingItems *self,
                           guint        index)
{
  const RtRingItem *item = rt_ring_items_get (self, index);
  g_autofree char *what = NULL;

  g_return_val_if_fail (item != NULL, NULL);

  if (item->kind == RT_RING_OWN)
    what = rt_registration_to_sentence (RT_REGISTRATION (item->object));
  else
    what = rt_neighbour_to_sentence (RT_NEIGHBOUR (item->object));

  /* Translators: what is selected on the ring, such as "Key 3fa91c…07be, leaf +2
   * of 90cc12…aa01, Reachable", and its place in clockwise order */
  return g_strdup_printf (_("%s, position %u of %u"), what, index + 1, self->items->len);
}
