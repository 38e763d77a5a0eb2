/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Modules of quiet zone on each side, ISO/IEC 18004. */
#define RT_QR_QUIET_ZONE 4

/* A QR code: size × size modules, row by row, 1 dark and 0 light; without quiet zone. */
typedef struct
{
  guint size;
  guint8 *modules;
} RtQrCode;

RtQrCode *rt_qr_code_new       (const char *text, GError **error);
void      rt_qr_code_free      (RtQrCode *self);
gboolean  rt_qr_code_is_dark   (const RtQrCode *self, guint x, guint y);
char     *rt_qr_code_to_svg    (const RtQrCode *self);
GBytes   *rt_qr_code_to_pixels (const RtQrCode *self, guint scale, guint *side);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtQrCode, rt_qr_code_free)

G_END_DECLS
