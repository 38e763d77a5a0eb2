/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <drt-observe.h>

#include "rt-leaf-fill.h"

#define DOT    4.0f   /* pixels: diameter of a place */
#define STEP   7.0f   /* from place to place */
#define KEY    8.0f   /* height of the mark in the middle */
#define MIDDLE 12.0f  /* room for it */

struct _RtLeafFill
{
  GtkWidget parent_instance;

  guint n_below;
  guint n_above;
};

G_DEFINE_FINAL_TYPE (RtLeafFill, rt_leaf_fill, GTK_TYPE_WIDGET)

static const float WIDTH = 2 * DRT_LEAF_SET_SIDE * STEP + MIDDLE;

static void
append_rounded (GtkSnapshot   *snapshot,
                float          x,
                float          y,
                float          width,
                float          height,
                const GdkRGBA *color)
{
  GskRoundedRect rect;

  gsk_rounded_rect_init_from_rect (&rect, &GRAPHENE_RECT_INIT (x, y, width, height), MIN (width, height) / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &rect);
  gtk_snapshot_append_color (snapshot, color, &rect.bounds);
  gtk_snapshot_pop (snapshot);
}

/* Places on one side, nearest to the key first; @direction is -1 to the left. */
static void
append_side (GtkSnapshot   *snapshot,
             float          middle_x,
             float          middle_y,
             float          direction,
             guint          n,
             const GdkRGBA *color)
{
  GdkRGBA empty = *color;

  empty.alpha *= 0.25f;

  for (guint i = 0; i < DRT_LEAF_SET_SIDE; i++)
    {
      float x = middle_x + direction * (MIDDLE / 2 + STEP * ((float) i + 0.5f)) - DOT / 2;

      append_rounded (snapshot, x, middle_y - DOT / 2, DOT, DOT, i < n ? color : &empty);
    }
}

static void
rt_leaf_fill_snapshot (GtkWidget   *widget,
                       GtkSnapshot *snapshot)
{
  RtLeafFill *self = RT_LEAF_FILL (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float x = (float) gtk_widget_get_width (widget) / 2;
  float y = (float) gtk_widget_get_height (widget) / 2;
  GdkRGBA color;

  gtk_widget_get_color (widget, &color);

  append_rounded (snapshot, x - 1, y - KEY / 2, 2, KEY, &color);
  append_side (snapshot, x, y, rtl ? 1 : -1, self->n_below, &color);
  append_side (snapshot, x, y, rtl ? -1 : 1, self->n_above, &color);
}

static void
rt_leaf_fill_measure (GtkWidget      *widget,
                      GtkOrientation  orientation,
                      int             for_size,
                      int            *minimum,
                      int            *natural,
                      int            *minimum_baseline,
                      int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? (int) WIDTH : (int) KEY;
  *minimum_baseline = *natural_baseline = -1;
}

static void
rt_leaf_fill_class_init (RtLeafFillClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = rt_leaf_fill_snapshot;
  widget_class->measure = rt_leaf_fill_measure;

  gtk_widget_class_set_css_name (widget_class, "leaffill");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
rt_leaf_fill_init (RtLeafFill *self)
{
}

/**
 * rt_leaf_fill_set:
 * @self: a leaf fill
 * @n_below: leaves below the key, 0 … 5
 * @n_above: leaves above it, 0 … 5
 */
void
rt_leaf_fill_set (RtLeafFill *self,
                  guint       n_below,
                  guint       n_above)
{
  g_return_if_fail (RT_IS_LEAF_FILL (self));

  if (self->n_below == n_below && self->n_above == n_above)
    return;

  self->n_below = n_below;
  self->n_above = n_above;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
