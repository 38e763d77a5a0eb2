/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

/*
 * Where the points of the ring lie: arithmetic only, no widget, no display.
 * Lengths are in the unit of the given width and height, angles are turns:
 * 0 is 12 o'clock, a quarter is 3 o'clock.
 */

G_BEGIN_DECLS

/* What a point stands for; the smaller, the nearer to the circle it is put. */
typedef enum
{
  RT_RING_OWN,    /* a key registered here */
  RT_RING_LEAF,   /* a route entry in a leaf set */
  RT_RING_CACHE,  /* any other route entry */
} RtRingKind;

/* What is to be placed. */
typedef struct
{
  double turn;      /* its key's place on the ring, 0 <= turn < 1 */
  RtRingKind kind;
} RtRingNode;

/* The part of the ring that is shown, clockwise from @from to @to (turns).  The
 * same number twice, or 0 and 1, is the whole ring; @to below @from goes
 * through key 0. */
typedef struct
{
  double from;
  double to;
} RtRingArc;

#define RT_RING_WHOLE ((RtRingArc) { 0, 1 })

/* Where one point was put. */
typedef struct
{
  guint node;    /* index into the nodes given */
  double angle;  /* turns, drawn: equals the node's turn when the whole ring is shown */
  guint lane;    /* 0: on the circle itself, then inwards */
  double x, y;   /* centre */
} RtRingPlace;

/**
 * RtRingLayout:
 * @x: centre of the circle
 * @y: centre of the circle
 * @radius: of the circle, that is of lane 0
 * @point_radius: of every point
 * @lane_step: from one lane to the next one inwards
 * @n_lanes: lanes there is room for, at least 1
 * @start: angle at which the shown arc begins
 * @sweep: how much of a turn the shown arc is drawn over
 * @n_overlapping: points for which every lane was taken, put on the circle
 * @n_places: points in the shown arc
 * @places: (array length=n_places): them, clockwise along the shown arc; those of
 *   equal turn in the order given
 *
 * A ring laid out.
 */
typedef struct
{
  double x, y;
  double radius;
  double point_radius;
  double lane_step;
  guint n_lanes;
  RtRingArc arc;
  double start;
  double sweep;
  guint n_overlapping;
  guint n_places;
  RtRingPlace *places;
} RtRingLayout;

RtRingLayout *rt_ring_layout          (const RtRingNode   *nodes,
                                       guint               n_nodes,
                                       RtRingArc           arc,
                                       double              width,
                                       double              height);
void          rt_ring_layout_free     (RtRingLayout       *layout);

gboolean      rt_ring_layout_angle    (const RtRingLayout *layout,
                                       double              turn,
                                       double             *angle);
void          rt_ring_layout_point    (const RtRingLayout *layout,
                                       double              angle,
                                       double              radius,
                                       double             *x,
                                       double             *y);
int           rt_ring_layout_hit      (const RtRingLayout *layout,
                                       double              x,
                                       double              y,
                                       double              reach);
int           rt_ring_layout_find     (const RtRingLayout *layout,
                                       guint               node);
void          rt_ring_layout_spread   (double             *angles,
                                       guint               n_angles,
                                       double              distance);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtRingLayout, rt_ring_layout_free)

G_END_DECLS
