/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model-testing.h"

#include <string.h>

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  ListWatch *watch = data;

  watch->n_signals++;
  watch->n_removed += removed;
  watch->n_added += added;
  g_assert_cmpuint (position + removed, <=, watch->mirror->len);
  if (removed > 0)
    g_ptr_array_remove_range (watch->mirror, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (watch->mirror, (int) (position + i), g_list_model_get_item (model, position + i));

  /* The list is at any signal what the signals have said so far. */
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, watch->mirror->len);
}

void
list_watch_init (ListWatch *watch, GListModel *model)
{
  *watch = (ListWatch) { .model = model, .mirror = g_ptr_array_new_with_free_func (g_object_unref) };
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    g_ptr_array_add (watch->mirror, g_list_model_get_item (model, i));
  watch->handler = g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), watch);
}

static void
assert_mirrored (ListWatch *watch)
{
  g_assert_cmpuint (g_list_model_get_n_items (watch->model), ==, watch->mirror->len);
  for (guint i = 0; i < watch->mirror->len; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (watch->model, i);

      g_assert_true (item == g_ptr_array_index (watch->mirror, i));
    }
  g_assert_null (g_list_model_get_item (watch->model, watch->mirror->len));
}

void
list_watch_clear (ListWatch *watch)
{
  assert_mirrored (watch);
  g_signal_handler_disconnect (watch->model, watch->handler);
  g_clear_pointer (&watch->mirror, g_ptr_array_unref);
}

/* Since the last time. */
void
list_watch_expect (ListWatch *watch, guint n_signals, guint n_removed, guint n_added)
{
  assert_mirrored (watch);
  g_assert_cmpuint (watch->n_signals, ==, n_signals);
  g_assert_cmpuint (watch->n_removed, ==, n_removed);
  g_assert_cmpuint (watch->n_added, ==, n_added);
  watch->n_signals = watch->n_removed = watch->n_added = 0;
}

static void
notify_cb (NotifyWatch *watch)
{
  watch->n_notifies++;
}

void
notify_watch_init (NotifyWatch *watch, gpointer object, const char *property)
{
  g_autofree char *signal = property != NULL ? g_strconcat ("notify::", property, NULL) : g_strdup ("notify");

  *watch = (NotifyWatch) { .object = object };
  watch->handler = g_signal_connect_swapped (object, signal, G_CALLBACK (notify_cb), watch);
}

void
notify_watch_clear (NotifyWatch *watch)
{
  g_signal_handler_disconnect (watch->object, watch->handler);
}

/* Since the last time. */
void
notify_watch_expect (NotifyWatch *watch, guint n_notifies)
{
  g_assert_cmpuint (watch->n_notifies, ==, n_notifies);
  watch->n_notifies = 0;
}

DrtKey
test_key (guint8 first, guint8 second)
{
  DrtKey key = { { 0 } };

  key.b[DRT_KEY_SIZE - 1] = first;
  key.b[DRT_KEY_SIZE - 2] = second;
  return key;
}

void
test_entry_init (TestEntry *entry, const DrtKey *key)
{
  memset (entry, 0, sizeof *entry);
  g_assert_true (drt_endpoint_parse ("[::1]:5000", &entry->address));
  entry->entry.key = *key;
  entry->entry.protocol_major = 6;
  entry->entry.protocol_minor = 101;
  entry->entry.n_addresses = 1;
  entry->entry.addresses = &entry->address;
  entry->entry.learned_from = DRT_LEARNED_FROM_FLOOD;
  entry->entry.learned_from_endpoint = entry->address;
  entry->entry.added = 1000;
  entry->entry.last_heard = 2000;
  entry->entry.round_trip = -1;
}
