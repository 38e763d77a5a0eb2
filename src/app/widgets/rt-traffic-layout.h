/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Where everything of a traffic graph lies, computed without a display.  The
 * newest second is at the right edge; the graph always spans the same time, so
 * that it fills from the right.
 */

typedef struct
{
  float x;
  float y;
} RtTrafficPoint;

typedef struct
{
  /* The plot inside the margins that the labels need. */
  float left;
  float top;
  float width;
  float height;

  guint maximum;          /* of the value axis, a round number, >= 4 */
  guint step;             /* between two lines across */
  guint n_seconds;        /* that the whole width stands for */
} RtTrafficLayout;

void  rt_traffic_layout_init     (RtTrafficLayout *layout, float width, float height, float label_width,
                                  float label_height, guint n_seconds, guint maximum);
float rt_traffic_layout_x        (const RtTrafficLayout *layout, guint age);
float rt_traffic_layout_y        (const RtTrafficLayout *layout, guint value);
void  rt_traffic_layout_line     (const RtTrafficLayout *layout, const guint *values, guint n_values,
                                  RtTrafficPoint *points);
int   rt_traffic_layout_pick     (const RtTrafficLayout *layout, guint n_values, float x);
guint rt_traffic_round_maximum   (guint maximum, guint *step);

G_END_DECLS
