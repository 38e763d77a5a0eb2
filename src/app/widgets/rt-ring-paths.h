/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rt-ring-layout.h"

/* The shapes a drawing of a ring is made of. */

G_BEGIN_DECLS

/* A diamond looks as big as a circle of less radius. */
#define RT_RING_DIAMOND 1.35f

/**
 * RtRingLabel:
 * @layout: the text
 * @center: its middle
 * @x: of its top left corner
 * @y: of its top left corner
 *
 * A text on a drawing.
 */
typedef struct
{
  PangoLayout *layout;
  graphene_point_t center;
  float x, y;
} RtRingLabel;

float             rt_ring_paths_radius          (const RtRingLayout *layout,
                                                 RtRingKind          kind);
graphene_point_t  rt_ring_paths_point           (const RtRingLayout *layout,
                                                 double              angle,
                                                 double              radius);

GArray           *rt_ring_paths_labels_new      (void);
void              rt_ring_paths_add_label       (GArray             *labels,
                                                 GtkWidget          *widget,
                                                 const char         *text,
                                                 graphene_point_t    at);
void              rt_ring_paths_snapshot_labels (GtkSnapshot        *snapshot,
                                                 GArray             *labels,
                                                 const GdkRGBA      *color);

void              rt_ring_paths_add_arc         (GskPathBuilder     *builder,
                                                 const RtRingLayout *layout,
                                                 double              from,
                                                 double              length,
                                                 double              radius);
void              rt_ring_paths_add_shape       (GskPathBuilder     *builder,
                                                 RtRingKind          kind,
                                                 float               x,
                                                 float               y,
                                                 float               radius);
void              rt_ring_paths_add_strike      (GskPathBuilder     *builder,
                                                 float               x,
                                                 float               y,
                                                 float               radius);

G_END_DECLS
