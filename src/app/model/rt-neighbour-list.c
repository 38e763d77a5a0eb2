/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-neighbour-list.h"

struct _RtNeighbourList
{
  GObject parent_instance;

  GSequence *sequence;    /* RtNeighbour, owned, by key */
  GHashTable *iterators;  /* its key, borrowed from it -> GSequenceIter */
};

static GType
rt_neighbour_list_get_item_type (GListModel *model)
{
  return RT_TYPE_NEIGHBOUR;
}

static guint
rt_neighbour_list_get_n_items (GListModel *model)
{
  return (guint) g_sequence_get_length (RT_NEIGHBOUR_LIST (model)->sequence);
}

static gpointer
rt_neighbour_list_get_item (GListModel *model, guint position)
{
  RtNeighbourList *self = RT_NEIGHBOUR_LIST (model);
  GSequenceIter *iter;

  if (position >= (guint) g_sequence_get_length (self->sequence))
    return NULL;
  iter = g_sequence_get_iter_at_pos (self->sequence, (int) position);
  return g_object_ref (g_sequence_get (iter));
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = rt_neighbour_list_get_item_type;
  iface->get_n_items = rt_neighbour_list_get_n_items;
  iface->get_item = rt_neighbour_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (RtNeighbourList, rt_neighbour_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
rt_neighbour_list_finalize (GObject *object)
{
  RtNeighbourList *self = RT_NEIGHBOUR_LIST (object);

  g_hash_table_unref (self->iterators);
  g_sequence_free (self->sequence);
  G_OBJECT_CLASS (rt_neighbour_list_parent_class)->finalize (object);
}

static void
rt_neighbour_list_class_init (RtNeighbourListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_neighbour_list_finalize;
}

static void
rt_neighbour_list_init (RtNeighbourList *self)
{
  self->sequence = g_sequence_new (g_object_unref);
  self->iterators = g_hash_table_new (drt_key_hash, drt_key_equal);
}

RtNeighbourList *
rt_neighbour_list_new (void)
{
  return g_object_new (RT_TYPE_NEIGHBOUR_LIST, NULL);
}

/**
 * rt_neighbour_list_find:
 *
 * Returns: (transfer none) (nullable): the neighbour of @key
 */
RtNeighbour *
rt_neighbour_list_find (RtNeighbourList *self, const DrtKey *key)
{
  GSequenceIter *iter = g_hash_table_lookup (self->iterators, key);

  return iter != NULL ? g_sequence_get (iter) : NULL;
}

static int
compare_keys (gconstpointer a, gconstpointer b, gpointer data)
{
  return drt_key_compare (rt_neighbour_get_key ((RtNeighbour *) a), rt_neighbour_get_key ((RtNeighbour *) b));
}

/**
 * rt_neighbour_list_insert:
 * @neighbour: (transfer none): one whose key is not in the list
 */
void
rt_neighbour_list_insert (RtNeighbourList *self, RtNeighbour *neighbour)
{
  GSequenceIter *iter;

  g_assert (rt_neighbour_list_find (self, rt_neighbour_get_key (neighbour)) == NULL);

  iter = g_sequence_insert_sorted (self->sequence, g_object_ref (neighbour), compare_keys, NULL);
  g_hash_table_insert (self->iterators, (gpointer) rt_neighbour_get_key (neighbour), iter);
  g_list_model_items_changed (G_LIST_MODEL (self), (guint) g_sequence_iter_get_position (iter), 0, 1);
}

/**
 * rt_neighbour_list_remove:
 *
 * Returns: whether there was a neighbour of @key
 */
gboolean
rt_neighbour_list_remove (RtNeighbourList *self, const DrtKey *key)
{
  GSequenceIter *iter = g_hash_table_lookup (self->iterators, key);
  guint position;

  if (iter == NULL)
    return FALSE;
  position = (guint) g_sequence_iter_get_position (iter);
  g_hash_table_remove (self->iterators, key);
  g_sequence_remove (iter);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  return TRUE;
}

void
rt_neighbour_list_clear (RtNeighbourList *self)
{
  guint n_items = rt_neighbour_list_get_size (self);

  if (n_items == 0)
    return;
  g_hash_table_remove_all (self->iterators);
  g_sequence_remove_range (g_sequence_get_begin_iter (self->sequence), g_sequence_get_end_iter (self->sequence));
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_items, 0);
}

guint
rt_neighbour_list_get_size (RtNeighbourList *self)
{
  return (guint) g_sequence_get_length (self->sequence);
}
