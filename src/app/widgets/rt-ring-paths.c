/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "rt-ring-paths.h"

/* However small the points get, our own keys stay to be seen. */
#define OWN_RADIUS 5

/**
 * rt_ring_paths_radius:
 * @layout: a ring laid out
 * @kind: of a point
 *
 * Returns: how big it is drawn
 */
float
rt_ring_paths_radius (const RtRingLayout *layout,
                      RtRingKind          kind)
{
  return (float) (kind == RT_RING_OWN ? MAX (layout->point_radius, OWN_RADIUS) : layout->point_radius);
}

/**
 * rt_ring_paths_point:
 * @layout: a ring laid out
 * @angle: turns
 * @radius: distance from the centre
 *
 * Returns: the point there
 */
graphene_point_t
rt_ring_paths_point (const RtRingLayout *layout,
                     double              angle,
                     double              radius)
{
  double x, y;

  rt_ring_layout_point (layout, angle, radius, &x, &y);
  return GRAPHENE_POINT_INIT ((float) x, (float) y);
}

static void
label_clear (gpointer data)
{
  g_object_unref (((RtRingLabel *) data)->layout);
}

/**
 * rt_ring_paths_labels_new:
 *
 * Returns: (transfer full): no labels yet, an array of #RtRingLabel
 */
GArray *
rt_ring_paths_labels_new (void)
{
  GArray *labels = g_array_new (FALSE, FALSE, sizeof (RtRingLabel));

  g_array_set_clear_func (labels, label_clear);
  return labels;
}

/**
 * rt_ring_paths_add_label:
 * @labels: labels
 * @widget: whose font to use
 * @text: what it says
 * @at: its middle
 *
 * Adds a label.
 */
void
rt_ring_paths_add_label (GArray           *labels,
                         GtkWidget        *widget,
                         const char       *text,
                         graphene_point_t  at)
{
  RtRingLabel label = { .layout = gtk_widget_create_pango_layout (widget, text), .center = at };
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  int width, height;

  pango_attr_list_insert (attributes, pango_attr_scale_new (0.85));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (label.layout, attributes);
  pango_layout_get_pixel_size (label.layout, &width, &height);
  label.x = roundf (at.x - width / 2.0f);
  label.y = roundf (at.y - height / 2.0f);
  g_array_append_val (labels, label);
}

/**
 * rt_ring_paths_snapshot_labels:
 * @snapshot: where to draw
 * @labels: labels
 * @color: their colour
 *
 * Draws labels.
 */
void
rt_ring_paths_snapshot_labels (GtkSnapshot   *snapshot,
                               GArray        *labels,
                               const GdkRGBA *color)
{
  for (guint i = 0; i < labels->len; i++)
    {
      const RtRingLabel *label = &g_array_index (labels, RtRingLabel, i);

      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (label->x, label->y));
      gtk_snapshot_append_layout (snapshot, label->layout, color);
      gtk_snapshot_restore (snapshot);
    }
}

/**
 * rt_ring_paths_add_arc:
 * @builder: a path
 * @layout: a ring laid out
 * @from: angle, turns
 * @length: turns
 * @radius: of the arc
 *
 * Adds an arc, clockwise.
 */
void
rt_ring_paths_add_arc (GskPathBuilder     *builder,
                       const RtRingLayout *layout,
                       double              from,
                       double              length,
                       double              radius)
{
  /* In pieces, each small enough for one curve to be as good as a circle. */
  guint n_pieces = (guint) ceil (length * 16);
  graphene_point_t at = rt_ring_paths_point (layout, from, radius);

  gsk_path_builder_move_to (builder, at.x, at.y);
  for (guint i = 1; i <= n_pieces; i++)
    {
      double middle = from + length * (i - 0.5) / n_pieces;
      double step = length / n_pieces;
      graphene_point_t corner = rt_ring_paths_point (layout, middle, radius / cos (G_PI * step));

      at = rt_ring_paths_point (layout, from + length * i / n_pieces, radius);
      gsk_path_builder_arc_to (builder, corner.x, corner.y, at.x, at.y);
    }
}

/* A small circle needs no curves to look round, and thousands of them are drawn
 * several times as fast. */
static void
add_octagon (GskPathBuilder *builder,
             float           x,
             float           y,
             float           radius)
{
  float a = radius * 1.04f, b = a * (float) G_SQRT2 / 2;

  gsk_path_builder_move_to (builder, x + a, y);
  gsk_path_builder_line_to (builder, x + b, y + b);
  gsk_path_builder_line_to (builder, x, y + a);
  gsk_path_builder_line_to (builder, x - b, y + b);
  gsk_path_builder_line_to (builder, x - a, y);
  gsk_path_builder_line_to (builder, x - b, y - b);
  gsk_path_builder_line_to (builder, x, y - a);
  gsk_path_builder_line_to (builder, x + b, y - b);
  gsk_path_builder_close (builder);
}

/**
 * rt_ring_paths_add_shape:
 * @builder: a path
 * @kind: of a point
 * @x: its middle
 * @y: its middle
 * @radius: its size
 *
 * Adds the outline of a point.
 */
void
rt_ring_paths_add_shape (GskPathBuilder *builder,
                         RtRingKind      kind,
                         float           x,
                         float           y,
                         float           radius)
{
  if (kind == RT_RING_OWN)
    {
      float r = radius * RT_RING_DIAMOND;

      gsk_path_builder_move_to (builder, x, y - r);
      gsk_path_builder_line_to (builder, x + r, y);
      gsk_path_builder_line_to (builder, x, y + r);
      gsk_path_builder_line_to (builder, x - r, y);
      gsk_path_builder_close (builder);
    }
  else
    {
      /* The line of a hollow one lies within its radius. */
      float r = kind == RT_RING_CACHE ? radius - 0.75f : radius;

      if (radius < 3)
        add_octagon (builder, x, y, r);
      else
        gsk_path_builder_add_circle (builder, &GRAPHENE_POINT_INIT (x, y), r);
    }
}

/**
 * rt_ring_paths_add_strike:
 * @builder: a path
 * @x: middle of a point
 * @y: middle of a point
 * @radius: size of the point
 *
 * Adds the line that strikes a point through.
 */
void
rt_ring_paths_add_strike (GskPathBuilder *builder,
                          float           x,
                          float           y,
                          float           radius)
{
  float r = radius * 1.1f;

  gsk_path_builder_move_to (builder, x - r, y + r);
  gsk_path_builder_line_to (builder, x + r, y - r);
}
