/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-qr.h"

#include <errno.h>
#include <gio/gio.h>
#include <qrencode.h>

#define QUIET 4   /* modules of margin that a reader needs */

/* Outside of the symbol it is light. */
static gboolean
is_dark (const QRcode *code,
         int           x,
         int           y)
{
  return x >= 0 && y >= 0 && x < code->width && y < code->width && (code->data[y * code->width + x] & 1) != 0;
}

/* A light module is drawn, a dark one left out: right on a dark terminal, and
 * whatever its colours where they can be set. */
static void
append_row (GString      *text,
            const QRcode *code,
            int           y,
            gboolean      coloured)
{
  static const char *const blocks[] = { "█", "▀", "▄", " " };   /* lower dark: 1, upper dark: 2 */

  if (coloured)
    g_string_append (text, "\033[38;5;231;48;5;16m");
  for (int x = -QUIET; x < code->width + QUIET; x++)
    g_string_append (text, blocks[2 * is_dark (code, x, y) + is_dark (code, x, y + 1)]);
  g_string_append (text, coloured ? "\033[0m\n" : "\n");
}

/**
 * cli_qr_to_text:
 * @coloured: with escape sequences that make it white and black
 *
 * Returns: (nullable): lines of half blocks
 */
char *
cli_qr_to_text (const char *text,
                gboolean    coloured,
                GError    **error)
{
  QRcode *code = QRcode_encodeString (text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
  GString *drawing;

  if (code == NULL)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "no QR code can be made of it: %s", g_strerror (errno));
      return NULL;
    }
  drawing = g_string_new (NULL);
  for (int y = -QUIET; y < code->width + QUIET; y += 2)
    append_row (drawing, code, y, coloured);
  QRcode_free (code);
  return g_string_free_and_steal (drawing);
}
