/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-clock.h"

typedef struct
{
  GtkWidget *widget;
  RtClockFunc func;
} Follower;

/* Followers that are mapped, and the source that serves them. */
static GPtrArray *mapped;
static guint source;

static gboolean
tick_cb (gpointer data)
{
  g_autoptr (GPtrArray) now_mapped = g_ptr_array_copy (mapped, NULL, NULL);
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < now_mapped->len; i++)
    {
      Follower *follower = g_ptr_array_index (now_mapped, i);

      /* A follower before it may have unmapped it. */
      if (g_ptr_array_find (mapped, follower, NULL))
        follower->func (follower->widget, now);
    }
  return G_SOURCE_CONTINUE;
}

static void
map_cb (GtkWidget *widget,
        Follower  *follower)
{
  if (mapped == NULL)
    mapped = g_ptr_array_new ();
  if (g_ptr_array_find (mapped, follower, NULL))
    return;

  g_ptr_array_add (mapped, follower);
  if (source == 0)
    {
      source = g_timeout_add_seconds (1, tick_cb, NULL);
      g_source_set_name_by_id (source, "[roundtable] clock of relative times");
    }
  follower->func (widget, g_get_monotonic_time ());
}

static void
unmap_cb (GtkWidget *widget,
          Follower  *follower)
{
  if (mapped != NULL)
    g_ptr_array_remove_fast (mapped, follower);
  if (mapped != NULL && mapped->len == 0)
    g_clear_handle_id (&source, g_source_remove);
}

static void
follower_free (gpointer  data,
               GClosure *closure)
{
  Follower *follower = data;

  unmap_cb (follower->widget, follower);
  g_free (follower);
}

/**
 * rt_clock_follow:
 * @widget: a widget
 * @func: called with @widget and the monotonic time (µs)
 *
 * Calls @func when @widget is mapped and once a second as long as it is.
 */
void
rt_clock_follow (GtkWidget   *widget,
                 RtClockFunc  func)
{
  Follower *follower;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (func != NULL);

  follower = g_new (Follower, 1);
  *follower = (Follower) { widget, func };
  g_signal_connect (widget, "unmap", G_CALLBACK (unmap_cb), follower);
  g_signal_connect_data (widget, "map", G_CALLBACK (map_cb), follower, follower_free, G_CONNECT_AFTER);
  if (gtk_widget_get_mapped (widget))
    map_cb (widget, follower);
}
