/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-qr-view.h"

#include <math.h>

/* Pixels of a module: what a camera reads with ease, and at least. */
#define NATURAL_MODULE 3
#define MINIMUM_MODULE 2

struct _RtQrView
{
  GtkWidget parent_instance;

  RtQrCode *code;
};

G_DEFINE_FINAL_TYPE (RtQrView, rt_qr_view, GTK_TYPE_WIDGET)

static void
rt_qr_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                    int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  RtQrView *self = RT_QR_VIEW (widget);
  int modules = self->code != NULL ? (int) self->code->size + 2 * RT_QR_QUIET_ZONE : 0;

  *natural = modules * NATURAL_MODULE;
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? modules * MINIMUM_MODULE : *natural;
}

/* A module of whole device pixels, so that every one is as sharp as the next. */
static float
module_size (RtQrView *self, float room)
{
  double scale = gdk_surface_get_scale (gtk_native_get_surface (gtk_widget_get_native (GTK_WIDGET (self))));
  double modules = self->code->size + 2 * RT_QR_QUIET_ZONE;
  double pixels = floor (room * scale / modules);

  return (float) (pixels >= 1 ? pixels / scale : room / modules);
}

static void
rt_qr_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RtQrView *self = RT_QR_VIEW (widget);
  const GdkRGBA black = { 0, 0, 0, 1 };
  const GdkRGBA white = { 1, 1, 1, 1 };
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  float module, side, x0, y0;

  if (self->code == NULL)
    return;
  module = module_size (self, (float) MIN (width, height));
  side = module * (float) (self->code->size + 2 * RT_QR_QUIET_ZONE);
  x0 = floorf (((float) width - side) / 2);
  y0 = floorf (((float) height - side) / 2);
  gtk_snapshot_append_color (snapshot, &white, &GRAPHENE_RECT_INIT (x0, y0, side, side));
  x0 += module * RT_QR_QUIET_ZONE;
  y0 += module * RT_QR_QUIET_ZONE;
  for (guint y = 0; y < self->code->size; y++)
    for (guint x = 0; x < self->code->size; x++)
      {
        guint first = x;

        while (x < self->code->size && rt_qr_code_is_dark (self->code, x, y))
          x++;
        if (x > first)
          gtk_snapshot_append_color (snapshot, &black,
                                     &GRAPHENE_RECT_INIT (x0 + module * (float) first, y0 + module * (float) y,
                                                          module * (float) (x - first), module));
      }
}

static void
rt_qr_view_finalize (GObject *object)
{
  g_clear_pointer (&RT_QR_VIEW (object)->code, rt_qr_code_free);
  G_OBJECT_CLASS (rt_qr_view_parent_class)->finalize (object);
}

static void
rt_qr_view_class_init (RtQrViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = rt_qr_view_finalize;
  widget_class->measure = rt_qr_view_measure;
  widget_class->snapshot = rt_qr_view_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rt_qr_view_init (RtQrView *self)
{
}

/** rt_qr_view_take_code: @code: (transfer full) (nullable) */
void
rt_qr_view_take_code (RtQrView *self, RtQrCode *code)
{
  g_return_if_fail (RT_IS_QR_VIEW (self));

  g_clear_pointer (&self->code, rt_qr_code_free);
  self->code = code;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/** rt_qr_view_get_code: (transfer none) (nullable) */
const RtQrCode *
rt_qr_view_get_code (RtQrView *self)
{
  g_return_val_if_fail (RT_IS_QR_VIEW (self), NULL);
  return self->code;
}

/** rt_qr_code_to_texture: (transfer full): as a picture, with its quiet zone */
GdkTexture *
rt_qr_code_to_texture (const RtQrCode *code, guint scale)
{
  g_autoptr(GBytes) pixels = NULL;
  guint side;

  pixels = rt_qr_code_to_pixels (code, scale, &side);
  return gdk_memory_texture_new ((int) side, (int) side, GDK_MEMORY_R8G8B8, pixels, (gsize) side * 3);
}
