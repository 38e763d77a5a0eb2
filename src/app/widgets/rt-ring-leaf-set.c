/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "rt-ring-leaf-set.h"
#include "rt-ring-paths.h"

/* Distance of the numbers from the rail, and the room one needs along it. */
#define LABEL_DISTANCE 12
#define LABEL_ROOM 22

/* One leaf of the centre. */
typedef struct
{
  const DrtKey *key;
  int position;
  double away;       /* turns from the centre as drawn, below 0 counter-clockwise */
  double label;      /* the same for its label */
} LeafPlace;

static int
compare_leaf_places (gconstpointer a,
                     gconstpointer b)
{
  const LeafPlace *p = a, *q = b;

  return p->away != q->away ? (p->away < q->away ? -1 : 1) : p->position - q->position;
}

static GArray *
collect_leaves (const RtRingLayout *layout,
                RtRegistration     *center,
                double              center_angle)
{
  GListModel *leaves = rt_registration_get_leaves (center);
  GArray *found = g_array_new (FALSE, FALSE, sizeof (LeafPlace));

  for (guint i = 0; i < g_list_model_get_n_items (leaves); i++)
    {
      g_autoptr (RtLeaf) leaf = g_list_model_get_item (leaves, i);
      LeafPlace place = { .key = rt_leaf_get_key (leaf), .position = rt_leaf_get_position (leaf) };
      double angle;

      if (!rt_ring_layout_angle (layout, drt_key_to_turn (place.key), &angle))
        continue;
      place.away = angle - center_angle;
      /* Leaves below lie counter-clockwise of their key, those above
       * clockwise, however far. */
      if (place.position < 0 && place.away > 0)
        place.away -= 1;
      else if (place.position > 0 && place.away < 0)
        place.away += 1;
      g_array_append_val (found, place);
    }
  g_array_sort (found, compare_leaf_places);
  return found;
}

static void
spread_labels (const RtRingLayout *layout,
               GArray             *leaves,
               double              radius)
{
  g_autofree double *angles = g_new (double, MAX (leaves->len, 1));

  for (guint i = 0; i < leaves->len; i++)
    angles[i] = g_array_index (leaves, LeafPlace, i).away;
  rt_ring_layout_spread (angles, leaves->len, LABEL_ROOM / (2 * G_PI * radius));
  for (guint i = 0; i < leaves->len; i++)
    g_array_index (leaves, LeafPlace, i).label = angles[i];
}

/* Where a key is drawn: its point, which may have moved inwards, or else its
 * place on the circle. */
static graphene_point_t
point_of_key (const RtRingLayout *layout,
              RtRingItems        *items,
              const DrtKey       *key,
              double              angle)
{
  int item = rt_ring_items_find (items, key);
  int place = item >= 0 ? rt_ring_layout_find (layout, (guint) item) : -1;

  if (place < 0)
    return rt_ring_paths_point (layout, angle, layout->radius);
  return GRAPHENE_POINT_INIT ((float) layout->places[place].x, (float) layout->places[place].y);
}

/* Lines bend inwards, so that those to close leaves leave the rail. */
static void
add_chord (GskPathBuilder     *builder,
           const RtRingLayout *layout,
           graphene_point_t    from,
           graphene_point_t    to,
           double              center_angle,
           double              away)
{
  double shorter = fabs (away) > 0.5 ? away - copysign (1, away) : away;
  double half = G_PI * fabs (shorter);
  double depth = layout->radius * cos (half) * (1 - 0.5 * sin (half)) - 2.5 * layout->lane_step * cos (half);
  graphene_point_t bend = rt_ring_paths_point (layout, center_angle + shorter / 2, MAX (depth, 0));

  gsk_path_builder_move_to (builder, from.x, from.y);
  gsk_path_builder_quad_to (builder, bend.x, bend.y, to.x, to.y);
}

/**
 * rt_ring_leaf_set_new:
 * @widget: whose font to use
 * @items: what is on the ring
 * @layout: where
 * @center: a key of ours
 * @rail_width: of the rail the points sit on
 *
 * Makes the paths that show the leaf set of @center.
 *
 * Returns: (transfer full) (nullable): free with rt_ring_leaf_set_free(); %NULL
 *   when @center is not in the shown arc
 */
RtRingLeafSet *
rt_ring_leaf_set_new (GtkWidget          *widget,
                      RtRingItems        *items,
                      const RtRingLayout *layout,
                      RtRegistration     *center,
                      double              rail_width)
{
  RtRingLeafSet *self;
  const DrtKey *key = rt_registration_get_key (center);
  g_autoptr (GskPathBuilder) chords = gsk_path_builder_new ();
  g_autoptr (GskPathBuilder) leaders = gsk_path_builder_new ();
  g_autoptr (GskPathBuilder) rail = gsk_path_builder_new ();
  g_autoptr (GArray) leaves = NULL;
  double edge = layout->radius + rail_width / 2;
  double radius = edge + LABEL_DISTANCE;
  double center_angle, first = 0, last = 0;
  graphene_point_t from;

  if (!rt_ring_layout_angle (layout, drt_key_to_turn (key), &center_angle))
    return NULL;
  self = g_new0 (RtRingLeafSet, 1);
  self->labels = rt_ring_paths_labels_new ();
  from = point_of_key (layout, items, key, center_angle);
  leaves = collect_leaves (layout, center, center_angle);
  spread_labels (layout, leaves, radius);

  for (guint i = 0; i < leaves->len; i++)
    {
      const LeafPlace *leaf = &g_array_index (leaves, LeafPlace, i);
      g_autofree char *text = g_strdup_printf (leaf->position < 0 ? "−%d" : "+%d", ABS (leaf->position));
      graphene_point_t at = rt_ring_paths_point (layout, center_angle + leaf->label, radius);

      first = MIN (first, leaf->away);
      last = MAX (last, leaf->away);
      add_chord (chords, layout, from,
                 point_of_key (layout, items, leaf->key, center_angle + leaf->away),
                 center_angle, leaf->away);
      rt_ring_paths_add_label (self->labels, widget, text, at);
      if (fabs (leaf->label - leaf->away) * 2 * G_PI * radius > 4)
        {
          graphene_point_t foot = rt_ring_paths_point (layout, center_angle + leaf->away, edge);
          graphene_point_t bend = rt_ring_paths_point (layout, center_angle + leaf->label, edge);
          graphene_point_t head = rt_ring_paths_point (layout, center_angle + leaf->label, radius - 8);

          gsk_path_builder_move_to (leaders, foot.x, foot.y);
          gsk_path_builder_quad_to (leaders, bend.x, bend.y, head.x, head.y);
        }
    }
  if (leaves->len > 0)
    rt_ring_paths_add_arc (rail, layout, center_angle + first, MIN (last - first, 1), layout->radius);
  self->rail = gsk_path_builder_to_path (rail);
  self->chords = gsk_path_builder_to_path (chords);
  self->leaders = gsk_path_builder_to_path (leaders);
  return self;
}

/**
 * rt_ring_leaf_set_free:
 * @self: a leaf set
 *
 * Frees it.
 */
void
rt_ring_leaf_set_free (RtRingLeafSet *self)
{
  gsk_path_unref (self->rail);
  gsk_path_unref (self->chords);
  gsk_path_unref (self->leaders);
  g_array_unref (self->labels);
  g_free (self);
}
