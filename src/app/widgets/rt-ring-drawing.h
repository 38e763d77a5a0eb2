/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rt-ring-items.h"
#include "rt-ring-layout.h"

G_BEGIN_DECLS

/* Style of one drawing. */
typedef struct
{
  GdkRGBA foreground;
  GdkRGBA accent;
  gboolean high_contrast;
} RtRingColors;

/* The geometry of a ring as paths, kept from one layout to the next. */
typedef struct _RtRingDrawing RtRingDrawing;

RtRingDrawing *rt_ring_drawing_new        (GtkWidget           *widget,
                                           RtRingItems         *items,
                                           const RtRingLayout  *layout,
                                           RtRegistration      *center);
void           rt_ring_drawing_free       (RtRingDrawing       *self);
void           rt_ring_drawing_snapshot   (RtRingDrawing       *self,
                                           GtkSnapshot         *snapshot,
                                           const RtRingColors  *colors);
void           rt_ring_drawing_snapshot_halo (const RtRingLayout *layout,
                                           const RtRingPlace   *place,
                                           RtRingKind           kind,
                                           GtkSnapshot         *snapshot,
                                           const GdkRGBA       *color,
                                           float                width);

void           rt_ring_drawing_get_colors (GtkWidget           *widget,
                                           RtRingColors        *colors);
void           rt_ring_drawing_mark       (GtkSnapshot         *snapshot,
                                           const RtRingColors  *colors,
                                           RtRingKind           kind,
                                           gboolean             quiet,
                                           float                x,
                                           float                y,
                                           float                radius);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtRingDrawing, rt_ring_drawing_free)

G_END_DECLS
