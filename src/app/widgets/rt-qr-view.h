/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rt-qr-code.h"

G_BEGIN_DECLS

/* A QR code with its quiet zone, black on white whatever the style, in whole pixels. */
#define RT_TYPE_QR_VIEW (rt_qr_view_get_type ())
G_DECLARE_FINAL_TYPE (RtQrView, rt_qr_view, RT, QR_VIEW, GtkWidget)

void            rt_qr_view_take_code (RtQrView *self, RtQrCode *code);
const RtQrCode *rt_qr_view_get_code  (RtQrView *self);

/* scale: pixels of a module */
GdkTexture     *rt_qr_code_to_texture (const RtQrCode *code, guint scale);

G_END_DECLS
