/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-traffic-layout.h"

static void
test_round_maximum (void)
{
  static const struct { guint maximum, rounded, step; } cases[] = {
    { 0, 4, 1 }, { 1, 4, 1 }, { 4, 4, 1 }, { 5, 6, 2 }, { 8, 8, 2 }, { 9, 10, 5 }, { 20, 20, 5 }, { 21, 30, 10 },
    { 40, 40, 10 }, { 41, 60, 20 }, { 143, 150, 50 }, { 999, 1000, 500 }, { 10000, 10000, 5000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint step = 0;

      g_assert_cmpuint (rt_traffic_round_maximum (cases[i].maximum, &step), ==, cases[i].rounded);
      g_assert_cmpuint (step, ==, cases[i].step);
    }
  for (guint maximum = 0; maximum < 100000; maximum += 37)
    {
      guint step = 0;
      guint rounded = rt_traffic_round_maximum (maximum, &step);

      g_assert_cmpuint (rounded, >=, maximum);
      g_assert_cmpuint (rounded % step, ==, 0);
      g_assert_cmpuint (rounded / step, >=, 2);
      g_assert_cmpuint (rounded / step, <=, 4);
    }
}

/* No sum overflows, whatever the counters say. */
static void
test_extreme_maximum (void)
{
  guint step = 0;

  g_assert_cmpuint (rt_traffic_round_maximum (G_MAXUINT, &step), ==, G_MAXUINT);
  g_assert_cmpuint (step, ==, 2000000000);
}

static void
test_edges (void)
{
  static const guint values[] = { 0, 20, 10 };
  RtTrafficLayout layout;
  RtTrafficPoint points[3];

  rt_traffic_layout_init (&layout, 600, 200, 30, 10, 60, 20);
  rt_traffic_layout_line (&layout, values, G_N_ELEMENTS (values), points);
  g_assert_cmpfloat_with_epsilon (points[0].x, layout.left + layout.width, 0.01);
  g_assert_cmpfloat_with_epsilon (points[0].y, layout.top + layout.height, 0.01);
  g_assert_cmpfloat_with_epsilon (points[1].y, layout.top, 0.01);
  g_assert_cmpfloat_with_epsilon (points[2].y, layout.top + layout.height / 2, 0.01);
  g_assert_cmpfloat (points[1].x, <, points[0].x);
  g_assert_cmpfloat_with_epsilon (rt_traffic_layout_x (&layout, 59), layout.left, 0.01);
  g_assert_cmpfloat (layout.left + layout.width, <=, 600);
  g_assert_cmpfloat (layout.top + layout.height + 10, <=, 200);

  /* Above the axis it is cut, not drawn over the labels. */
  g_assert_cmpfloat_with_epsilon (rt_traffic_layout_y (&layout, 4000), layout.top, 0.01);
}

static void
test_pick (void)
{
  RtTrafficLayout layout;

  rt_traffic_layout_init (&layout, 600, 200, 30, 10, 60, 20);
  for (guint age = 0; age < 60; age++)
    g_assert_cmpint (rt_traffic_layout_pick (&layout, 60, rt_traffic_layout_x (&layout, age) + 1), ==, age);

  /* To the left of what is known the oldest one counts; outside of the plot none. */
  g_assert_cmpint (rt_traffic_layout_pick (&layout, 5, rt_traffic_layout_x (&layout, 40)), ==, 4);
  g_assert_cmpint (rt_traffic_layout_pick (&layout, 60, 5), ==, -1);
  g_assert_cmpint (rt_traffic_layout_pick (&layout, 60, 700), ==, -1);
  g_assert_cmpint (rt_traffic_layout_pick (&layout, 0, 300), ==, -1);
}

static void
test_tiny (void)
{
  RtTrafficLayout layout;

  rt_traffic_layout_init (&layout, 0, 0, 30, 10, 0, 0);
  g_assert_cmpfloat (layout.width, >, 0);
  g_assert_cmpfloat (layout.height, >, 0);
  g_assert_cmpint (rt_traffic_layout_pick (&layout, 1, layout.left), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/traffic-layout/round-maximum", test_round_maximum);
  g_test_add_func ("/traffic-layout/extreme-maximum", test_extreme_maximum);
  g_test_add_func ("/traffic-layout/edges", test_edges);
  g_test_add_func ("/traffic-layout/pick", test_pick);
  g_test_add_func ("/traffic-layout/tiny", test_tiny);
  return g_test_run ();
}
