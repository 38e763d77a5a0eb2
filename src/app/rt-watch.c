/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-watch.h"

#include <stdio.h>

struct _RtWatch
{
  GObject parent_instance;

  RtNode *node;
  char *last;
  guint idle;
};

G_DEFINE_FINAL_TYPE (RtWatch, rt_watch, G_TYPE_OBJECT)

static gboolean
print_cb (gpointer data)
{
  RtWatch *self = RT_WATCH (data);
  g_autofree char *line = NULL;

  self->idle = 0;
  line = g_strdup_printf ("state: %s  neighbours: %u  keys: %u",
                          rt_node_state_to_string (rt_node_get_state (self->node)),
                          g_list_model_get_n_items (rt_node_get_neighbours (self->node)),
                          g_list_model_get_n_items (rt_node_get_registrations (self->node)));
  if (g_set_str (&self->last, line))
    {
      g_print ("%s\n", line);
      fflush (stdout);
    }
  return G_SOURCE_REMOVE;
}

/* Changes that come together make one line. */
static void
changed_cb (RtWatch *self)
{
  if (self->idle == 0)
    self->idle = g_idle_add (print_cb, self);
}

static void
rt_watch_dispose (GObject *object)
{
  RtWatch *self = RT_WATCH (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_object (&self->node);
  g_clear_pointer (&self->last, g_free);
  G_OBJECT_CLASS (rt_watch_parent_class)->dispose (object);
}

static void
rt_watch_class_init (RtWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rt_watch_dispose;
}

static void
rt_watch_init (RtWatch *self)
{
}

/** rt_watch_new: watches until it is released */
RtWatch *
rt_watch_new (RtNode *node)
{
  RtWatch *self = g_object_new (RT_TYPE_WATCH, NULL);

  self->node = g_object_ref (node);
  g_signal_connect_object (node, "notify::state", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (rt_node_get_neighbours (node), "items-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (rt_node_get_registrations (node), "items-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
  return self;
}
