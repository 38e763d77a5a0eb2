/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-snapshot.h"

#include <glib/gi18n.h>

/* Frames after which sizes and lists have come to rest: rows of a list view are
 * made in the frame after the one that sized it, and may size it again. */
#define SETTLED_FRAMES 6

/**
 * rt_snapshot_save:
 * @window: mapped
 * @path: of the PNG file
 * @error: G_IO_ERROR
 *
 * Writes the window as it is drawn.
 */
gboolean
rt_snapshot_save (GtkWindow *window, const char *path, GError **error)
{
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (window));
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));
  int width = gtk_widget_get_width (GTK_WIDGET (window));
  int height = gtk_widget_get_height (GTK_WIDGET (window));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr(GskRenderNode) node = NULL;
  g_autoptr(GdkTexture) texture = NULL;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL || renderer == NULL || width <= 0 || height <= 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The window is not on a screen"));
      return FALSE;
    }
  texture = gsk_renderer_render_texture (renderer, node, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  if (!gdk_texture_save_to_png (texture, path))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The picture could not be written to %s"), path);
      return FALSE;
    }
  return TRUE;
}

typedef struct
{
  GtkWindow *window;
  RtSettledFunc func;
  gpointer data;
  guint n_frames;
} Settling;

static void
settling_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

/* Only after a frame has been painted is there something to take a picture of. */
static void
after_paint_cb (GdkFrameClock *clock, gpointer data)
{
  Settling *settling = data;
  GtkWindow *window = settling->window;
  RtSettledFunc func = settling->func;
  gpointer func_data = settling->data;

  if (++settling->n_frames < SETTLED_FRAMES)
    {
      gtk_widget_queue_draw (GTK_WIDGET (window));
      return;
    }
  g_signal_handlers_disconnect_by_data (clock, settling);
  func (window, func_data);
}

/**
 * rt_snapshot_settled:
 * @window: realized
 * @func: called once, when the window has drawn itself with all that was asked of
 *   it before; not at all if it goes away first
 */
void
rt_snapshot_settled (GtkWindow *window, RtSettledFunc func, gpointer data)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  Settling *settling;

  g_return_if_fail (clock != NULL);

  settling = g_new0 (Settling, 1);
  settling->window = window;
  settling->func = func;
  settling->data = data;
  g_signal_connect_data (clock, "after-paint", G_CALLBACK (after_paint_cb), settling, settling_free, G_CONNECT_DEFAULT);
  gtk_widget_queue_draw (GTK_WIDGET (window));
}
