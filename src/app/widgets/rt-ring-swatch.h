/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * RtRingSwatch:
 *
 * One point as it looks on the ring, for a legend.
 *
 * Properties: `kind` (an #RtRingKind as a number); `quiet`.
 */
#define RT_TYPE_RING_SWATCH (rt_ring_swatch_get_type ())
G_DECLARE_FINAL_TYPE (RtRingSwatch, rt_ring_swatch, RT, RING_SWATCH, GtkWidget)

GtkWidget *rt_ring_swatch_new (void);

G_END_DECLS
