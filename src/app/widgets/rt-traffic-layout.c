/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-traffic-layout.h"

/**
 * rt_traffic_round_maximum:
 * @maximum: the highest value to show
 * @step: (out): a round distance of lines across: 1, 2 or 5 times a power of ten
 *
 * Returns: the lowest multiple of @step that is not below @maximum, with two to
 *   four steps; at least 4
 */
guint
rt_traffic_round_maximum (guint maximum, guint *step)
{
  static const guint mantissas[] = { 1, 2, 5 };
  guint64 target = MAX (maximum, 4);

  for (guint64 power = 1;; power *= 10)
    for (guint i = 0; i < G_N_ELEMENTS (mantissas); i++)
      {
        guint64 candidate = mantissas[i] * power;
        guint64 n_steps = (target + candidate - 1) / candidate;

        if (n_steps <= 4)
          {
            *step = (guint) MIN (candidate, (guint64) G_MAXUINT);
            return (guint) MIN (candidate * n_steps, (guint64) G_MAXUINT);
          }
      }
}

/**
 * rt_traffic_layout_init:
 * @width: of the widget
 * @label_width: what the widest label of the value axis needs
 * @label_height: of one line of labels
 * @n_seconds: samples across the plot
 * @maximum: the highest value to show
 */
void
rt_traffic_layout_init (RtTrafficLayout *layout, float width, float height, float label_width,
                        float label_height, guint n_seconds, guint maximum)
{
  const float gap = 6;

  layout->left = label_width + gap;
  layout->top = label_height / 2;
  layout->width = MAX (width - layout->left - gap / 2, 1);
  layout->height = MAX (height - layout->top - label_height - gap, 1);
  layout->n_seconds = MAX (n_seconds, 2);
  layout->maximum = rt_traffic_round_maximum (maximum, &layout->step);
}

/** rt_traffic_layout_x: of the sample @age seconds old */
float
rt_traffic_layout_x (const RtTrafficLayout *layout, guint age)
{
  return layout->left + layout->width * (1 - (float) age / (float) (layout->n_seconds - 1));
}

float
rt_traffic_layout_y (const RtTrafficLayout *layout, guint value)
{
  float share = (float) MIN (value, layout->maximum) / (float) layout->maximum;

  return layout->top + layout->height * (1 - share);
}

/**
 * rt_traffic_layout_line:
 * @values: the newest first
 * @points: (out): as many
 */
void
rt_traffic_layout_line (const RtTrafficLayout *layout, const guint *values, guint n_values, RtTrafficPoint *points)
{
  for (guint i = 0; i < n_values; i++)
    {
      points[i].x = rt_traffic_layout_x (layout, i);
      points[i].y = rt_traffic_layout_y (layout, values[i]);
    }
}

/**
 * rt_traffic_layout_pick:
 * @n_values: how many samples there are
 *
 * Returns: the age of the sample nearest to @x, -1 where there is none
 */
int
rt_traffic_layout_pick (const RtTrafficLayout *layout, guint n_values, float x)
{
  float share = 1 - (x - layout->left) / layout->width;
  int age = (int) (share * (float) (layout->n_seconds - 1) + 0.5f);

  if (n_values == 0 || x < layout->left - 1 || share < -0.02f)
    return -1;
  return CLAMP (age, 0, (int) n_values - 1);
}
