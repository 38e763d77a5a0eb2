/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-ring-layout.h"

#include <math.h>

/* Room around the circle for the marks and the numbers of leaves. */
#define MARGIN 46.0
#define MARGIN_SMALL 34.0
#define SMALL 400.0

/* Free space between two points, and between two lanes. */
#define GAP 2.0

/* A part of the ring is drawn over this much of a turn, so that it does not
 * look closed. */
#define PART_SWEEP 0.8

/* Inside this share of the radius no point is put: lines run there. */
#define HUB 0.45

/* Point sizes, tried until every point has a place of its own. */
static const double point_radii[] = { 7, 6, 5, 4, 3, 2.5 };

/* The points already put into a lane, in order of angle. */
typedef struct
{
  GArray *angles;
  double distance;  /* turns that two points of this lane must be apart */
} Lane;

static double
fraction (double turn)
{
  turn -= floor (turn);
  return turn < 1 ? turn : 0;
}

static double
arc_length (RtRingArc arc)
{
  double length = fraction (arc.to - arc.from);

  return length > 0 ? length : 1;
}

static void
lane_clear (gpointer data)
{
  Lane *lane = data;

  g_array_unref (lane->angles);
}

static GArray *
lanes_new (const RtRingLayout *layout)
{
  GArray *lanes = g_array_sized_new (FALSE, FALSE, sizeof (Lane), layout->n_lanes);

  g_array_set_clear_func (lanes, lane_clear);
  for (guint i = 0; i < layout->n_lanes; i++)
    {
      double radius = layout->radius - i * layout->lane_step;
      double chord = MIN (1.0, (2 * layout->point_radius + GAP) / (2 * radius));
      Lane lane = { g_array_new (FALSE, FALSE, sizeof (double)), asin (chord) / G_PI };

      g_array_append_val (lanes, lane);
    }
  return lanes;
}

/* Index of the first angle in @lane that is not below @angle. */
static guint
lane_search (const Lane *lane,
             double      angle)
{
  guint low = 0, high = lane->angles->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (lane->angles, double, middle) < angle)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static double
angular_distance (double a,
                  double b)
{
  double d = fraction (a - b);

  return MIN (d, 1 - d);
}

/* Puts @angle into @lane unless a point there is too close.  A lane holds no
 * more points than fit around it, so inserting takes bounded time. */
static gboolean
lane_take (Lane   *lane,
           double  angle)
{
  guint n = lane->angles->len;
  guint at = lane_search (lane, angle);

  if (n > 0)
    {
      double before = g_array_index (lane->angles, double, (at + n - 1) % n);
      double after = g_array_index (lane->angles, double, at % n);

      if (angular_distance (angle, before) < lane->distance ||
          angular_distance (angle, after) < lane->distance)
        return FALSE;
    }
  g_array_insert_val (lane->angles, at, angle);
  return TRUE;
}

static int
compare_places (gconstpointer a,
                gconstpointer b,
                gpointer      data)
{
  const RtRingPlace *p = a, *q = b;
  const RtRingLayout *layout = data;
  double from_p = fraction (p->angle - layout->start);
  double from_q = fraction (q->angle - layout->start);

  if (from_p != from_q)
    return from_p < from_q ? -1 : 1;
  return p->node < q->node ? -1 : p->node > q->node;
}

/* Takes those nodes that are in the shown arc, in clockwise order. */
static void
collect_places (RtRingLayout     *layout,
                const RtRingNode *nodes,
                guint             n_nodes)
{
  layout->places = g_new (RtRingPlace, MAX (n_nodes, 1));
  for (guint i = 0; i < n_nodes; i++)
    {
      RtRingPlace *place = &layout->places[layout->n_places];

      *place = (RtRingPlace) { .node = i };
      if (rt_ring_layout_angle (layout, nodes[i].turn, &place->angle))
        layout->n_places++;
    }
  g_sort_array (layout->places, layout->n_places, sizeof (RtRingPlace), compare_places, layout);
}

/* Gives every point the outermost free lane, our own keys first: they stay on
 * the circle whoever is near. */
static void
assign_lanes (RtRingLayout     *layout,
              const RtRingNode *nodes)
{
  g_autoptr (GArray) lanes = lanes_new (layout);

  layout->n_overlapping = 0;
  for (RtRingKind kind = RT_RING_OWN; kind <= RT_RING_CACHE; kind++)
    for (guint i = 0; i < layout->n_places; i++)
      {
        RtRingPlace *place = &layout->places[i];
        guint lane = 0;

        if (nodes[place->node].kind != kind)
          continue;
        while (lane < lanes->len && !lane_take (&g_array_index (lanes, Lane, lane), place->angle))
          lane++;
        if (lane == lanes->len)
          {
            layout->n_overlapping++;
            lane = 0;
          }
        place->lane = lane;
      }
}

static void
set_sizes (RtRingLayout *layout,
           double        point_radius)
{
  layout->point_radius = point_radius;
  layout->lane_step = 2 * point_radius + GAP;
  layout->n_lanes = 1 + (guint) (layout->radius * (1 - HUB) / layout->lane_step);
}

/**
 * rt_ring_layout:
 * @nodes: (array length=n_nodes) (nullable): what to place
 * @n_nodes: their number, may be 0
 * @arc: the part of the ring to show
 * @width: of the area to draw in
 * @height: of the area to draw in
 *
 * Lays out the ring.  Every node in @arc has its true angle.  Where points
 * would overlap, later ones move inwards by whole lanes; when the lanes are
 * full, all points get smaller, and when the smallest ones do not fit either,
 * what is left overlaps on the circle.  Takes O(n log n) time.
 *
 * Returns: (transfer full): the layout; free with rt_ring_layout_free()
 */
RtRingLayout *
rt_ring_layout (const RtRingNode *nodes,
                guint             n_nodes,
                RtRingArc         arc,
                double            width,
                double            height)
{
  RtRingLayout *layout = g_new0 (RtRingLayout, 1);
  double size = MAX (MIN (width, height), 0);
  gboolean whole = arc_length (arc) >= 1;

  layout->x = width / 2;
  layout->y = height / 2;
  layout->radius = MAX (size / 2 - (size < SMALL ? MARGIN_SMALL : MARGIN), 1);
  layout->arc = arc;
  layout->start = whole ? fraction (arc.from) : 1 - PART_SWEEP / 2;
  layout->sweep = whole ? 1 : PART_SWEEP;
  collect_places (layout, nodes, n_nodes);

  for (guint i = 0; i < G_N_ELEMENTS (point_radii); i++)
    {
      set_sizes (layout, point_radii[i]);
      assign_lanes (layout, nodes);
      if (layout->n_overlapping == 0)
        break;
    }

  for (guint i = 0; i < layout->n_places; i++)
    {
      RtRingPlace *place = &layout->places[i];

      rt_ring_layout_point (layout, place->angle,
                            layout->radius - place->lane * layout->lane_step,
                            &place->x, &place->y);
    }
  return layout;
}

/**
 * rt_ring_layout_free:
 * @layout: a layout
 *
 * Frees @layout.
 */
void
rt_ring_layout_free (RtRingLayout *layout)
{
  g_free (layout->places);
  g_free (layout);
}

/**
 * rt_ring_layout_angle:
 * @layout: a layout
 * @turn: a place on the ring, 0 <= turn < 1
 * @angle: (out): the angle it is drawn at, 0 <= angle < 1; set even when not shown
 *
 * Finds where a key is drawn.
 *
 * Returns: whether @turn is in the shown arc
 */
gboolean
rt_ring_layout_angle (const RtRingLayout *layout,
                      double              turn,
                      double             *angle)
{
  double length = arc_length (layout->arc);
  double along = fraction (turn - layout->arc.from);

  /* Not through the arc: adding and subtracting would cost the last bits. */
  *angle = length >= 1 ? fraction (turn)
                       : fraction (layout->start + along / length * layout->sweep);
  return length >= 1 || along <= length;
}

/**
 * rt_ring_layout_point:
 * @layout: a layout
 * @angle: turns
 * @radius: distance from the centre
 * @x: (out): the point
 * @y: (out): the point
 *
 * Turns polar into plane coordinates.
 */
void
rt_ring_layout_point (const RtRingLayout *layout,
                      double              angle,
                      double              radius,
                      double             *x,
                      double             *y)
{
  *x = layout->x + radius * sin (2 * G_PI * angle);
  *y = layout->y - radius * cos (2 * G_PI * angle);
}

/**
 * rt_ring_layout_hit:
 * @layout: a layout
 * @x: a point
 * @y: a point
 * @reach: how far outside a point still hits it
 *
 * Finds what is at a point.
 *
 * Returns: the index of the nearest place in reach, or -1
 */
int
rt_ring_layout_hit (const RtRingLayout *layout,
                    double              x,
                    double              y,
                    double              reach)
{
  double limit = layout->point_radius + reach;
  double best = limit * limit;
  int found = -1;

  for (guint i = 0; i < layout->n_places; i++)
    {
      double dx = layout->places[i].x - x;
      double dy = layout->places[i].y - y;
      double distance = dx * dx + dy * dy;

      if (distance <= best)
        {
          best = distance;
          found = (int) i;
        }
    }
  return found;
}

/**
 * rt_ring_layout_find:
 * @layout: a layout
 * @node: index of a node given to rt_ring_layout()
 *
 * Finds where a node was put.
 *
 * Returns: the index of its place, or -1 when it is not in the shown arc
 */
int
rt_ring_layout_find (const RtRingLayout *layout,
                     guint               node)
{
  for (guint i = 0; i < layout->n_places; i++)
    if (layout->places[i].node == node)
      return (int) i;
  return -1;
}

/* A run of labels that touch: they share one mean. */
typedef struct
{
  double sum;    /* of where its labels, less their offset, want to be */
  guint count;
} Run;

/**
 * rt_ring_layout_spread:
 * @angles: (inout) (array length=n_angles): turns, not decreasing; may go beyond 1
 * @n_angles: their number
 * @distance: turns that two must be apart
 *
 * Moves labels apart, as little as possible (least squares) and keeping their
 * order, so that none overlaps the next.
 */
void
rt_ring_layout_spread (double *angles,
                       guint   n_angles,
                       double  distance)
{
  g_autofree Run *runs = g_new (Run, MAX (n_angles, 1));
  guint n_runs = 0, k = 0;

  /* Less i * distance each, "apart" is "not decreasing": pool what decreases. */
  for (guint i = 0; i < n_angles; i++)
    {
      runs[n_runs++] = (Run) { angles[i] - i * distance, 1 };
      while (n_runs > 1 &&
             runs[n_runs - 2].sum / runs[n_runs - 2].count > runs[n_runs - 1].sum / runs[n_runs - 1].count)
        {
          runs[n_runs - 2].sum += runs[n_runs - 1].sum;
          runs[n_runs - 2].count += runs[n_runs - 1].count;
          n_runs--;
        }
    }
  for (guint i = 0; i < n_runs; i++)
    for (guint j = 0; j < runs[i].count; j++, k++)
      angles[k] = runs[i].sum / runs[i].count + k * distance;
}
