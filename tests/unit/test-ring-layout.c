/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib.h>
#include <math.h>

#include "widgets/rt-ring-layout.h"

#define SIDE 600.0

static RtRingNode *
random_nodes (guint   n,
              guint32 seed,
              double  spread)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  RtRingNode *nodes = g_new (RtRingNode, n);

  for (guint i = 0; i < n; i++)
    nodes[i] = (RtRingNode) {
      .turn = g_rand_double_range (rand, 0, spread),
      .kind = i == 0 ? RT_RING_OWN : i <= 10 ? RT_RING_LEAF : RT_RING_CACHE,
    };
  return nodes;
}

static void
assert_no_overlap (const RtRingLayout *layout)
{
  for (guint i = 0; i < layout->n_places; i++)
    for (guint j = 0; j < i; j++)
      g_assert_cmpfloat (hypot (layout->places[i].x - layout->places[j].x,
                                layout->places[i].y - layout->places[j].y),
                         >=, 2 * layout->point_radius);
}

static void
assert_inside (const RtRingLayout *layout,
               double              width,
               double              height)
{
  for (guint i = 0; i < layout->n_places; i++)
    {
      const RtRingPlace *place = &layout->places[i];

      g_assert_cmpfloat (place->x, >=, layout->point_radius);
      g_assert_cmpfloat (place->y, >=, layout->point_radius);
      g_assert_cmpfloat (place->x, <=, width - layout->point_radius);
      g_assert_cmpfloat (place->y, <=, height - layout->point_radius);
    }
}

static void
test_empty (void)
{
  g_autoptr (RtRingLayout) layout = rt_ring_layout (NULL, 0, RT_RING_WHOLE, SIDE, SIDE);

  g_assert_cmpuint (layout->n_places, ==, 0);
  g_assert_cmpuint (layout->n_overlapping, ==, 0);
  g_assert_cmpfloat (layout->radius, >, 200);
  g_assert_cmpint (rt_ring_layout_hit (layout, SIDE / 2, SIDE / 2, 1000), ==, -1);
  g_assert_cmpint (rt_ring_layout_find (layout, 0), ==, -1);
}

static void
test_no_room (void)
{
  static const double sizes[][2] = { { 0, 0 }, { 1, 1 }, { -5, 20 }, { 30, 2000 } };
  const RtRingNode nodes[] = { { 0.1, RT_RING_OWN }, { 0.1, RT_RING_LEAF }, { 0.6, RT_RING_CACHE } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (RtRingLayout) layout = rt_ring_layout (nodes, 3, RT_RING_WHOLE, sizes[i][0], sizes[i][1]);

      g_assert_cmpuint (layout->n_places, ==, 3);
      g_assert_cmpfloat (layout->radius, >=, 1);
      for (guint j = 0; j < 3; j++)
        g_assert_true (isfinite (layout->places[j].x) && isfinite (layout->places[j].y));
    }
}

/* Turn 0 is at 12 o'clock, and the ring goes round clockwise. */
static void
test_angles (void)
{
  const RtRingNode nodes[] = {
    { 0, RT_RING_OWN }, { 0.25, RT_RING_LEAF }, { 0.5, RT_RING_CACHE }, { 0.75, RT_RING_CACHE },
  };
  static const int directions[][2] = { { 0, -1 }, { 1, 0 }, { 0, 1 }, { -1, 0 } };
  g_autoptr (RtRingLayout) layout = rt_ring_layout (nodes, 4, RT_RING_WHOLE, SIDE, SIDE + 100);

  g_assert_cmpfloat (layout->x, ==, SIDE / 2);
  g_assert_cmpfloat (layout->y, ==, SIDE / 2 + 50);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpuint (layout->places[i].node, ==, i);
      g_assert_cmpuint (layout->places[i].lane, ==, 0);
      g_assert_cmpfloat (layout->places[i].angle, ==, nodes[i].turn);
      g_assert_cmpfloat_with_epsilon (layout->places[i].x, layout->x + directions[i][0] * layout->radius, 1e-9);
      g_assert_cmpfloat_with_epsilon (layout->places[i].y, layout->y + directions[i][1] * layout->radius, 1e-9);
    }
}

/* Places are in clockwise order whatever the order given, equal ones as given. */
static void
test_order (void)
{
  const RtRingNode nodes[] = {
    { 0.9, RT_RING_CACHE }, { 0.1, RT_RING_LEAF }, { 0.5, RT_RING_CACHE }, { 0.1, RT_RING_OWN }, { 0, RT_RING_CACHE },
  };
  static const guint expected[] = { 4, 1, 3, 2, 0 };
  g_autoptr (RtRingLayout) layout = rt_ring_layout (nodes, 5, RT_RING_WHOLE, SIDE, SIDE);

  g_assert_cmpuint (layout->n_places, ==, 5);
  for (guint i = 0; i < 5; i++)
    {
      g_assert_cmpuint (layout->places[i].node, ==, expected[i]);
      g_assert_cmpint (rt_ring_layout_find (layout, expected[i]), ==, (int) i);
    }
}

/* Our own key stays on the circle; whoever is as close moves inwards, on the
 * same angle. */
static void
test_own_key_first (void)
{
  const RtRingNode nodes[] = { { 0.3, RT_RING_CACHE }, { 0.3, RT_RING_LEAF }, { 0.3, RT_RING_OWN } };
  g_autoptr (RtRingLayout) layout = rt_ring_layout (nodes, 3, RT_RING_WHOLE, SIDE, SIDE);

  for (guint i = 0; i < 3; i++)
    {
      const RtRingPlace *place = &layout->places[i];

      g_assert_cmpuint (place->lane, ==, nodes[place->node].kind);
      g_assert_cmpfloat (place->angle, ==, 0.3);
      g_assert_cmpfloat_with_epsilon (hypot (place->x - layout->x, place->y - layout->y),
                                      layout->radius - place->lane * layout->lane_step, 1e-9);
    }
  assert_no_overlap (layout);
}

static void
test_stagger (void)
{
  for (guint32 seed = 1; seed <= 50; seed++)
    {
      g_autofree RtRingNode *nodes = random_nodes (64, seed, 1);
      g_autoptr (RtRingLayout) wide = rt_ring_layout (nodes, 64, RT_RING_WHOLE, SIDE, SIDE);
      g_autoptr (RtRingLayout) narrow = rt_ring_layout (nodes, 64, RT_RING_WHOLE, 336, 336);

      g_assert_cmpuint (wide->n_places, ==, 64);
      g_assert_cmpuint (wide->n_overlapping, ==, 0);
      g_assert_cmpuint (narrow->n_overlapping, ==, 0);
      assert_no_overlap (wide);
      assert_no_overlap (narrow);
      assert_inside (wide, SIDE, SIDE);
      assert_inside (narrow, 336, 336);
    }
}

/* A leaf set in a big mesh: eleven keys that cannot be told apart by angle. */
static void
test_tight_leaf_set (void)
{
  g_autofree RtRingNode *nodes = random_nodes (11, 7, 1e-9);
  g_autoptr (RtRingLayout) layout = rt_ring_layout (nodes, 11, RT_RING_WHOLE, SIDE, SIDE);

  g_assert_cmpuint (layout->n_overlapping, ==, 0);
  assert_no_overlap (layout);
}

/* Close points wrap around 12 o'clock as well. */
static void
test_stagger_across_zero (void)
{
  const RtRingNode nodes[] = { { 0.9999, RT_RING_CACHE }, { 0.0001, RT_RING_CACHE } };
  g_autoptr (RtRingLayout) layout = rt_ring_layout (nodes, 2, RT_RING_WHOLE, SIDE, SIDE);

  g_assert_cmpuint (layout->places[0].lane + layout->places[1].lane, ==, 1);
  assert_no_overlap (layout);
}

static void
test_crowd (void)
{
  g_autofree RtRingNode *nodes = random_nodes (10000, 3, 1);
  g_autofree gboolean *seen = g_new0 (gboolean, 10000);
  g_autoptr (RtRingLayout) layout = rt_ring_layout (nodes, 10000, RT_RING_WHOLE, SIDE, SIDE);

  g_assert_cmpuint (layout->n_places, ==, 10000);
  g_assert_cmpuint (layout->n_overlapping, >, 0);
  assert_inside (layout, SIDE, SIDE);
  for (guint i = 0; i < layout->n_places; i++)
    {
      const RtRingPlace *place = &layout->places[i];

      g_assert_cmpuint (place->lane, <, layout->n_lanes);
      g_assert_false (seen[place->node]);
      seen[place->node] = TRUE;
      if (i > 0)
        g_assert_cmpfloat (layout->places[i - 1].angle, <=, place->angle);
    }
}

static void
test_hit (void)
{
  g_autofree RtRingNode *nodes = random_nodes (64, 11, 1);
  g_autoptr (RtRingLayout) layout = rt_ring_layout (nodes, 64, RT_RING_WHOLE, SIDE, SIDE);

  for (guint i = 0; i < layout->n_places; i++)
    {
      const RtRingPlace *place = &layout->places[i];

      g_assert_cmpint (rt_ring_layout_hit (layout, place->x, place->y, 4), ==, (int) i);
      g_assert_cmpint (rt_ring_layout_hit (layout, place->x + 0.9 * layout->point_radius, place->y, 0), ==, (int) i);
    }
  g_assert_cmpint (rt_ring_layout_hit (layout, layout->x, layout->y, 10), ==, -1);
  g_assert_cmpint (rt_ring_layout_hit (layout, -100, -100, 10), ==, -1);
}

/* A part of the ring leaves out the rest and is drawn open, upright. */
static void
test_arc (void)
{
  const RtRingNode nodes[] = {
    { 0.95, RT_RING_CACHE }, { 0.05, RT_RING_OWN }, { 0.0, RT_RING_LEAF }, { 0.5, RT_RING_CACHE }, { 0.1, RT_RING_LEAF },
  };
  static const guint expected[] = { 0, 2, 1, 4 };
  g_autoptr (RtRingLayout) layout = rt_ring_layout (nodes, 5, (RtRingArc) { 0.9, 0.1 }, SIDE, SIDE);
  double angle;

  g_assert_cmpuint (layout->n_places, ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (layout->places[i].node, ==, expected[i]);
  g_assert_cmpfloat (layout->sweep, <, 1);
  g_assert_cmpint (rt_ring_layout_find (layout, 3), ==, -1);

  g_assert_true (rt_ring_layout_angle (layout, 0, &angle));
  g_assert_cmpfloat_with_epsilon (MIN (angle, 1 - angle), 0, 1e-12);
  g_assert_true (rt_ring_layout_angle (layout, 0.9, &angle));
  g_assert_cmpfloat_with_epsilon (angle, layout->start, 1e-12);
  g_assert_true (rt_ring_layout_angle (layout, 0.1, &angle));
  g_assert_cmpfloat_with_epsilon (angle, layout->start + layout->sweep - 1, 1e-12);
  g_assert_false (rt_ring_layout_angle (layout, 0.11, &angle));
}

/* Points that lie on one another come apart when their arc is shown alone. */
static void
test_arc_separates (void)
{
  g_autofree RtRingNode *nodes = random_nodes (11, 7, 1e-9);
  g_autoptr (RtRingLayout) layout = rt_ring_layout (nodes, 11, (RtRingArc) { 0, 1e-9 }, SIDE, SIDE);
  double least = 1;

  for (guint i = 1; i < layout->n_places; i++)
    least = MIN (least, fabs (nodes[layout->places[i].node].turn - nodes[layout->places[i - 1].node].turn));
  g_assert_cmpuint (layout->n_places, ==, 11);
  g_assert_cmpfloat (least, <, 1e-9);
  for (guint i = 1; i < layout->n_places; i++)
    g_assert_cmpfloat (layout->places[i].angle, !=, layout->places[i - 1].angle);
}

static void
test_spread (void)
{
  double apart[] = { 0.1, 0.3, 0.9 };
  double close[] = { 0.5, 0.5, 0.5 };
  double chain[] = { 0.10, 0.11, 0.30 };
  double one[] = { 0.25 };

  rt_ring_layout_spread (apart, 3, 0.05);
  g_assert_cmpfloat_with_epsilon (apart[0], 0.1, 1e-12);
  g_assert_cmpfloat_with_epsilon (apart[1], 0.3, 1e-12);
  g_assert_cmpfloat_with_epsilon (apart[2], 0.9, 1e-12);

  rt_ring_layout_spread (close, 3, 0.05);
  g_assert_cmpfloat_with_epsilon (close[0], 0.45, 1e-12);
  g_assert_cmpfloat_with_epsilon (close[1], 0.50, 1e-12);
  g_assert_cmpfloat_with_epsilon (close[2], 0.55, 1e-12);

  rt_ring_layout_spread (chain, 3, 0.05);
  g_assert_cmpfloat_with_epsilon (chain[0], 0.08, 1e-12);
  g_assert_cmpfloat_with_epsilon (chain[1], 0.13, 1e-12);
  g_assert_cmpfloat_with_epsilon (chain[2], 0.30, 1e-12);

  rt_ring_layout_spread (one, 1, 0.05);
  g_assert_cmpfloat (one[0], ==, 0.25);
  rt_ring_layout_spread (NULL, 0, 0.05);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ring-layout/empty", test_empty);
  g_test_add_func ("/ring-layout/no-room", test_no_room);
  g_test_add_func ("/ring-layout/angles", test_angles);
  g_test_add_func ("/ring-layout/order", test_order);
  g_test_add_func ("/ring-layout/own-key-first", test_own_key_first);
  g_test_add_func ("/ring-layout/stagger", test_stagger);
  g_test_add_func ("/ring-layout/tight-leaf-set", test_tight_leaf_set);
  g_test_add_func ("/ring-layout/stagger-across-zero", test_stagger_across_zero);
  g_test_add_func ("/ring-layout/crowd", test_crowd);
  g_test_add_func ("/ring-layout/hit", test_hit);
  g_test_add_func ("/ring-layout/arc", test_arc);
  g_test_add_func ("/ring-layout/arc-separates", test_arc_separates);
  g_test_add_func ("/ring-layout/spread", test_spread);

  return g_test_run ();
}
