/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-ring.h"

/*
 * RtRing in two files: rt-ring.c is the widget, rt-ring-input.c turns keys,
 * pointer and fingers into what happens on it.
 */

G_BEGIN_DECLS

/* How far outside a mark the pointer still hits it, in pixels. */
#define RT_RING_REACH 5

/* rt-ring.c */
GObject *rt_ring_get_object_at         (RtRing                 *self,
                                        double                  x,
                                        double                  y,
                                        double                  reach);
void     rt_ring_set_hovered           (RtRing                 *self,
                                        GObject                *hovered);
void     rt_ring_walk                  (RtRing                 *self,
                                        int                     step);
void     rt_ring_jump                  (RtRing                 *self,
                                        int                     index);
gboolean rt_ring_activate              (RtRing                 *self);
gboolean rt_ring_open_menu             (RtRing                 *self,
                                        const graphene_point_t *at);

/* rt-ring-input.c */
void     rt_ring_input_add_bindings    (GtkWidgetClass         *klass);
void     rt_ring_input_add_controllers (RtRing                 *self);

G_END_DECLS
