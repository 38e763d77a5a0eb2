/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <adwaita.h>
#include <math.h>

#include "rt-ring-drawing.h"
#include "rt-ring-leaf-set.h"
#include "rt-ring-paths.h"

/* Half the width of the rail on which the points sit, beyond the points. */
#define RAIL_EDGE 4

/* Distance of the marks' labels from the rail. */
#define MARK_LABEL 30
#define MARK_LABEL_SMALL 23
#define LABEL_HEIGHT 18

/* So many points are one path: neighbours on the circle, so that where little
 * changes little is drawn. */
#define CHUNK 128

/* Points that cover each other almost wholly are drawn once. */
#define SAME_PLACE 0.75

/* Paths of points that look the same, the last one still being built. */
typedef struct
{
  GPtrArray *paths;
  GskPathBuilder *builder;
  guint n_built;
} Chunks;

/* Points of one kind that look the same. */
typedef struct
{
  Chunks shapes;
  Chunks strikes;
  const RtRingPlace *last;  /* drawn */
} Points;

struct _RtRingDrawing
{
  GskPath *rail;
  float rail_width;
  GskPath *marks;
  RtRingLeafSet *leaf_set;         /* nullable */
  Points points[RT_RING_CACHE + 1][2]; /* [kind][quiet] */
  GArray *mark_labels;
};

static void
build_rail (RtRingDrawing      *self,
            const RtRingLayout *layout)
{
  g_autoptr (GskPathBuilder) rail = gsk_path_builder_new ();
  g_autoptr (GskPathBuilder) marks = gsk_path_builder_new ();
  double edge;

  self->rail_width = 2 * (rt_ring_paths_radius (layout, RT_RING_OWN) + RAIL_EDGE);
  edge = self->rail_width / 2;
  if (layout->sweep >= 1)
    gsk_path_builder_add_circle (rail, &GRAPHENE_POINT_INIT ((float) layout->x, (float) layout->y),
                                 (float) layout->radius);
  else
    rt_ring_paths_add_arc (rail, layout, layout->start, layout->sweep, layout->radius);
  self->rail = gsk_path_builder_to_path (rail);

  for (guint i = 0; i < 16; i++)
    {
      double angle, length = i == 0 ? 10 : i % 4 == 0 ? 6 : 3;
      graphene_point_t from, to;

      if (!rt_ring_layout_angle (layout, i / 16.0, &angle))
        continue;
      from = rt_ring_paths_point (layout, angle, layout->radius + edge);
      to = rt_ring_paths_point (layout, angle, layout->radius + edge + length);
      gsk_path_builder_move_to (marks, from.x, from.y);
      gsk_path_builder_line_to (marks, to.x, to.y);
    }
  self->marks = gsk_path_builder_to_path (marks);
}

static void
chunks_finish (Chunks *chunks)
{
  if (chunks->paths == NULL)
    chunks->paths = g_ptr_array_new_with_free_func ((GDestroyNotify) gsk_path_unref);
  if (chunks->builder != NULL)
    g_ptr_array_add (chunks->paths, gsk_path_builder_free_to_path (g_steal_pointer (&chunks->builder)));
  chunks->n_built = 0;
}

/* What the next point is to be added to. */
static GskPathBuilder *
chunks_next (Chunks *chunks)
{
  if (chunks->n_built == CHUNK)
    chunks_finish (chunks);
  if (chunks->builder == NULL)
    chunks->builder = gsk_path_builder_new ();
  chunks->n_built++;
  return chunks->builder;
}

static gboolean
is_covered (const RtRingPlace *place,
            const RtRingPlace *by)
{
  return by != NULL && place->lane == 0 && by->lane == 0 &&
         hypot (place->x - by->x, place->y - by->y) < SAME_PLACE;
}

static void
build_points (RtRingDrawing      *self,
              RtRingItems        *items,
              const RtRingLayout *layout)
{
  for (guint i = 0; i < layout->n_places; i++)
    {
      const RtRingPlace *place = &layout->places[i];
      const RtRingItem *item = rt_ring_items_get (items, place->node);
      Points *points = &self->points[item->kind][item->quiet ? 1 : 0];
      float radius = rt_ring_paths_radius (layout, item->kind);

      if (is_covered (place, points->last))
        continue;
      if (place->lane == 0)
        points->last = place;
      rt_ring_paths_add_shape (chunks_next (&points->shapes), item->kind,
                               (float) place->x, (float) place->y, radius);
      if (item->quiet && item->kind != RT_RING_OWN)
        rt_ring_paths_add_strike (chunks_next (&points->strikes), (float) place->x, (float) place->y, radius);
    }

  for (guint kind = 0; kind <= RT_RING_CACHE; kind++)
    for (guint quiet = 0; quiet < 2; quiet++)
      {
        chunks_finish (&self->points[kind][quiet].shapes);
        chunks_finish (&self->points[kind][quiet].strikes);
      }
}

static gboolean
collides (GArray           *labels,
          graphene_point_t  at)
{
  for (guint i = 0; i < labels->len; i++)
    {
      const RtRingLabel *label = &g_array_index (labels, RtRingLabel, i);

      if (hypotf (label->center.x - at.x, label->center.y - at.y) < LABEL_HEIGHT)
        return TRUE;
    }
  return FALSE;
}

/* Outside the numbers of the leaves, or inside the rail where one is in the way. */
static void
build_mark_labels (RtRingDrawing      *self,
                   GtkWidget          *widget,
                   const RtRingLayout *layout)
{
  static const char * const texts[] = { "0", "¼", "½", "¾" };
  gboolean small = layout->radius < 160;
  double radius = layout->radius + RAIL_EDGE + (small ? MARK_LABEL_SMALL : MARK_LABEL);
  double angle;

  self->mark_labels = rt_ring_paths_labels_new ();
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      graphene_point_t at;

      if (!rt_ring_layout_angle (layout, i / 4.0, &angle))
        continue;
      at = rt_ring_paths_point (layout, angle, radius);
      if (self->leaf_set != NULL && collides (self->leaf_set->labels, at))
        at = rt_ring_paths_point (layout, angle, layout->radius - self->rail_width / 2 - LABEL_HEIGHT / 2);
      rt_ring_paths_add_label (self->mark_labels, widget, texts[i], at);
    }
}

/**
 * rt_ring_drawing_new:
 * @widget: whose fonts to use
 * @items: what is on the ring
 * @layout: where
 * @center: (nullable): the key of ours whose leaf set to show
 *
 * Makes the paths of a ring.
 *
 * Returns: (transfer full): free with rt_ring_drawing_free()
 */
RtRingDrawing *
rt_ring_drawing_new (GtkWidget          *widget,
                     RtRingItems        *items,
                     const RtRingLayout *layout,
                     RtRegistration     *center)
{
  RtRingDrawing *self = g_new0 (RtRingDrawing, 1);

  build_rail (self, layout);
  build_points (self, items, layout);
  if (center != NULL)
    self->leaf_set = rt_ring_leaf_set_new (widget, items, layout, center, self->rail_width);
  build_mark_labels (self, widget, layout);
  return self;
}

/**
 * rt_ring_drawing_free:
 * @self: a drawing
 *
 * Frees it.
 */
void
rt_ring_drawing_free (RtRingDrawing *self)
{
  g_clear_pointer (&self->rail, gsk_path_unref);
  g_clear_pointer (&self->marks, gsk_path_unref);
  g_clear_pointer (&self->leaf_set, rt_ring_leaf_set_free);
  for (guint kind = 0; kind <= RT_RING_CACHE; kind++)
    for (guint quiet = 0; quiet < 2; quiet++)
      {
        g_clear_pointer (&self->points[kind][quiet].shapes.paths, g_ptr_array_unref);
        g_clear_pointer (&self->points[kind][quiet].strikes.paths, g_ptr_array_unref);
      }
  g_clear_pointer (&self->mark_labels, g_array_unref);
  g_free (self);
}

static GdkRGBA
faded (const GdkRGBA *color,
       float          alpha)
{
  return (GdkRGBA) { color->red, color->green, color->blue, color->alpha * alpha };
}

/* Lines and areas that only help the eye; in high contrast they must be seen. */
static GdkRGBA
helper_color (const RtRingColors *colors,
              const GdkRGBA      *color,
              float               alpha)
{
  return faded (color, colors->high_contrast ? MIN (2.5f * alpha, 1) : alpha);
}

static void
stroke (GtkSnapshot   *snapshot,
        GskPath       *path,
        float          width,
        const GdkRGBA *color)
{
  g_autoptr (GskStroke) style = NULL;

  if (path == NULL || gsk_path_is_empty (path))
    return;
  style = gsk_stroke_new (width);
  gsk_stroke_set_line_cap (style, GSK_LINE_CAP_ROUND);
  gtk_snapshot_append_stroke (snapshot, path, style, color);
}

static void
fill (GtkSnapshot   *snapshot,
      GskPath       *path,
      const GdkRGBA *color)
{
  if (!gsk_path_is_empty (path))
    gtk_snapshot_append_fill (snapshot, path, GSK_FILL_RULE_WINDING, color);
}

static GdkRGBA
point_color (const RtRingColors *colors,
             RtRingKind          kind,
             gboolean            quiet)
{
  if (quiet && kind != RT_RING_OWN)
    return faded (&colors->foreground, colors->high_contrast ? 0.7f : 0.4f);
  if (kind == RT_RING_CACHE)
    return faded (&colors->foreground, colors->high_contrast ? 1 : 0.75f);
  return colors->accent;
}

static void
snapshot_points (GtkSnapshot        *snapshot,
                 const RtRingColors *colors,
                 const Points       *points,
                 RtRingKind          kind,
                 gboolean            quiet)
{
  GdkRGBA color = point_color (colors, kind, quiet);
  gboolean hollow = kind == RT_RING_CACHE || (kind == RT_RING_OWN && quiet);

  for (guint i = 0; i < points->shapes.paths->len; i++)
    if (hollow)
      stroke (snapshot, g_ptr_array_index (points->shapes.paths, i), 1.5f, &color);
    else
      fill (snapshot, g_ptr_array_index (points->shapes.paths, i), &color);
  for (guint i = 0; i < points->strikes.paths->len; i++)
    stroke (snapshot, g_ptr_array_index (points->strikes.paths, i), 1.5f, &colors->foreground);
}

/**
 * rt_ring_drawing_snapshot:
 * @self: a drawing
 * @snapshot: where to draw
 * @colors: in which colours
 *
 * Draws the ring.
 */
void
rt_ring_drawing_snapshot (RtRingDrawing      *self,
                          GtkSnapshot        *snapshot,
                          const RtRingColors *colors)
{
  GdkRGBA rail = helper_color (colors, &colors->foreground, 0.08f);
  GdkRGBA leaf_rail = helper_color (colors, &colors->accent, 0.25f);
  GdkRGBA line = helper_color (colors, &colors->accent, 0.4f);
  GdkRGBA mark = helper_color (colors, &colors->foreground, 0.4f);
  GdkRGBA label = helper_color (colors, &colors->foreground, 0.6f);

  stroke (snapshot, self->rail, self->rail_width, &rail);
  stroke (snapshot, self->marks, 1, &mark);
  if (self->leaf_set != NULL)
    {
      stroke (snapshot, self->leaf_set->rail, self->rail_width, &leaf_rail);
      stroke (snapshot, self->leaf_set->chords, 1.25f, &line);
      stroke (snapshot, self->leaf_set->leaders, 1, &line);
      rt_ring_paths_snapshot_labels (snapshot, self->leaf_set->labels, &colors->foreground);
    }
  for (int kind = RT_RING_CACHE; kind >= RT_RING_OWN; kind--)
    for (int quiet = 1; quiet >= 0; quiet--)
      snapshot_points (snapshot, colors, &self->points[kind][quiet], (RtRingKind) kind, quiet);
  rt_ring_paths_snapshot_labels (snapshot, self->mark_labels, &label);
}

/**
 * rt_ring_drawing_snapshot_halo:
 * @layout: where
 * @place: around which point
 * @kind: what it is
 * @snapshot: where to draw
 * @color: its colour
 * @width: of the line
 *
 * Draws a line around a point.
 */
void
rt_ring_drawing_snapshot_halo (const RtRingLayout *layout,
                               const RtRingPlace  *place,
                               RtRingKind          kind,
                               GtkSnapshot        *snapshot,
                               const GdkRGBA      *color,
                               float               width)
{
  g_autoptr (GskPathBuilder) builder = gsk_path_builder_new ();
  g_autoptr (GskPath) path = NULL;
  float radius = rt_ring_paths_radius (layout, kind) * (kind == RT_RING_OWN ? RT_RING_DIAMOND : 1) + 4;

  gsk_path_builder_add_circle (builder, &GRAPHENE_POINT_INIT ((float) place->x, (float) place->y), radius);
  path = gsk_path_builder_to_path (builder);
  stroke (snapshot, path, width, color);
}

/**
 * rt_ring_drawing_get_colors:
 * @widget: a widget
 * @colors: (out): its colours
 *
 * Takes the colours of the style.
 */
void
rt_ring_drawing_get_colors (GtkWidget    *widget,
                            RtRingColors *colors)
{
  AdwStyleManager *manager = adw_style_manager_get_for_display (gtk_widget_get_display (widget));

  gtk_widget_get_color (widget, &colors->foreground);
  adw_accent_color_to_standalone_rgba (adw_style_manager_get_accent_color (manager),
                                       adw_style_manager_get_dark (manager), &colors->accent);
  colors->high_contrast = adw_style_manager_get_high_contrast (manager);
}

/**
 * rt_ring_drawing_mark:
 * @snapshot: where to draw
 * @colors: in which colours
 * @kind: what it stands for
 * @quiet: whether it does not answer
 * @x: centre
 * @y: centre
 * @radius: of the point
 *
 * Draws one point as it looks on the ring, for a legend.
 */
void
rt_ring_drawing_mark (GtkSnapshot        *snapshot,
                      const RtRingColors *colors,
                      RtRingKind          kind,
                      gboolean            quiet,
                      float               x,
                      float               y,
                      float               radius)
{
  Points points = { 0 };

  rt_ring_paths_add_shape (chunks_next (&points.shapes), kind, x, y, radius);
  if (quiet && kind != RT_RING_OWN)
    rt_ring_paths_add_strike (chunks_next (&points.strikes), x, y, radius);
  chunks_finish (&points.shapes);
  chunks_finish (&points.strikes);
  snapshot_points (snapshot, colors, &points, kind, quiet);
  g_ptr_array_unref (points.shapes.paths);
  g_ptr_array_unref (points.strikes.paths);
}
