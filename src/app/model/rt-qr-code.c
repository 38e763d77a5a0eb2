/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-qr-code.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <qrencode.h>
#include <string.h>

/**
 * rt_qr_code_new:
 *
 * Encodes a text with the error correction a screen needs (level M gives way to L
 * where the text is too long for it).
 *
 * Returns: (transfer full) (nullable)
 */
RtQrCode *
rt_qr_code_new (const char *text, GError **error)
{
  QRcode *encoded = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  RtQrCode *self;

  if (encoded == NULL && errno == ERANGE)
    encoded = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_L);
  if (encoded == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, _("This is too long for a QR code."));
      return NULL;
    }
  self = g_new0 (RtQrCode, 1);
  self->size = (guint) encoded->width;
  self->modules = g_malloc ((gsize) self->size * self->size);
  for (guint i = 0; i < self->size * self->size; i++)
    self->modules[i] = encoded->data[i] & 1;
  QRcode_free (encoded);
  return self;
}

void
rt_qr_code_free (RtQrCode *self)
{
  g_free (self->modules);
  g_free (self);
}

gboolean
rt_qr_code_is_dark (const RtQrCode *self, guint x, guint y)
{
  return self->modules[y * self->size + x] != 0;
}

/** rt_qr_code_to_svg: (transfer full): black on white with its quiet zone, one run of modules after the other */
char *
rt_qr_code_to_svg (const RtQrCode *self)
{
  guint side = self->size + 2 * RT_QR_QUIET_ZONE;
  GString *svg = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

  g_string_append_printf (svg,
                          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %u\" width=\"%u\" height=\"%u\" "
                          "shape-rendering=\"crispEdges\">\n<path fill=\"#fff\" d=\"M0 0h%uv%uH0z\"/>\n<path d=\"",
                          side, side, side * 8, side * 8, side, side);
  for (guint y = 0; y < self->size; y++)
    for (guint x = 0; x < self->size; x++)
      {
        guint first = x;

        while (x < self->size && rt_qr_code_is_dark (self, x, y))
          x++;
        if (x > first)
          g_string_append_printf (svg, "M%u %uh%uv1h-%uz", first + RT_QR_QUIET_ZONE, y + RT_QR_QUIET_ZONE, x - first, x - first);
      }
  g_string_append (svg, "\"/>\n</svg>\n");
  return g_string_free (svg, FALSE);
}

/**
 * rt_qr_code_to_pixels:
 * @scale: pixels of a module
 * @side: (out): pixels of each side
 *
 * Returns: (transfer full): 3 bytes for each pixel, with the quiet zone
 */
GBytes *
rt_qr_code_to_pixels (const RtQrCode *self, guint scale, guint *side)
{
  guint n = (self->size + 2 * RT_QR_QUIET_ZONE) * scale;
  gsize length = (gsize) n * n * 3;
  guint8 *pixels = g_malloc (length);

  memset (pixels, 0xff, length);
  for (guint y = 0; y < self->size * scale; y++)
    for (guint x = 0; x < self->size * scale; x++)
      if (rt_qr_code_is_dark (self, x / scale, y / scale))
        memset (pixels + ((gsize) (y + RT_QR_QUIET_ZONE * scale) * n + x + RT_QR_QUIET_ZONE * scale) * 3, 0, 3);
  *side = n;
  return g_bytes_new_take (pixels, length);
}
