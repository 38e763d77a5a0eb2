/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-qr-code.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define LINK "roundtable://join?v=1&name=Chess%20club&mode=membership"

/* What another program reads in the picture. */
static char *
read_back (const RtQrCode *code, guint scale)
{
  guint side;
  g_autoptr(GBytes) pixels = rt_qr_code_to_pixels (code, scale, &side);
  g_autofree char *directory = g_dir_make_tmp ("roundtable-qr.XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "code.ppm", NULL);
  GString *picture = g_string_new (NULL);
  const char *arguments[] = { "zbarimg", "--quiet", "--raw", "--set", "*.enable=0", "--set", "qrcode.enable=1", path, NULL };
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_string_append_printf (picture, "P6\n%u %u\n255\n", side, side);
  g_string_append_len (picture, g_bytes_get_data (pixels, NULL), (gssize) g_bytes_get_size (pixels));
  g_assert_true (g_file_set_contents (path, picture->str, (gssize) picture->len, NULL));
  g_string_free (picture, TRUE);
  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, NULL, &error);
  g_assert_no_error (error);
  g_remove (path);
  g_rmdir (directory);
  return g_strchomp (text);
}

static gboolean
has_reader (void)
{
  g_autofree char *program = g_find_program_in_path ("zbarimg");

  if (program == NULL)
    g_test_skip ("zbarimg is not installed");
  return program != NULL;
}

static void
test_read_back (void)
{
  g_autoptr(RtQrCode) code = rt_qr_code_new (LINK, NULL);
  g_autofree char *text = NULL;

  if (!has_reader ())
    return;
  text = read_back (code, 4);
  g_assert_cmpstr (text, ==, LINK);
}

/* As long as an invitation may be; the correction gives way. */
static void
test_long (void)
{
  g_autofree char *longest = g_strnfill (2500, 'x');
  g_autoptr(RtQrCode) code = rt_qr_code_new (longest, NULL);
  g_autofree char *text = NULL;

  g_assert_nonnull (code);
  if (!has_reader ())
    return;
  text = read_back (code, 4);
  g_assert_cmpstr (text, ==, longest);
}

static void
test_too_long (void)
{
  g_autofree char *longer = g_strnfill (3000, 'x');
  g_autoptr(GError) error = NULL;

  g_assert_null (rt_qr_code_new (longer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

/* The quiet zone is white on all sides, and the first module inside it is dark. */
static void
test_pixels (void)
{
  g_autoptr(RtQrCode) code = rt_qr_code_new (LINK, NULL);
  guint side;
  g_autoptr(GBytes) pixels = rt_qr_code_to_pixels (code, 2, &side);
  const guint8 *bytes = g_bytes_get_data (pixels, NULL);

  g_assert_cmpuint (side, ==, (code->size + 2 * RT_QR_QUIET_ZONE) * 2);
  g_assert_cmpuint (g_bytes_get_size (pixels), ==, side * side * 3);
  for (guint y = 0; y < side; y++)
    for (guint x = 0; x < side; x++)
      if (MIN (MIN (x, y), MIN (side - 1 - x, side - 1 - y)) < 2 * RT_QR_QUIET_ZONE)
        g_assert_cmpuint (bytes[(y * side + x) * 3], ==, 0xff);
  g_assert_cmpuint (bytes[(2 * RT_QR_QUIET_ZONE * side + 2 * RT_QR_QUIET_ZONE) * 3], ==, 0);
}

/* The dark modules of the drawing are those of the code. */
static void
test_svg (void)
{
  g_autoptr(RtQrCode) code = rt_qr_code_new (LINK, NULL);
  g_autofree char *svg = rt_qr_code_to_svg (code);
  g_autofree guint8 *drawn = g_malloc0 ((gsize) code->size * code->size);
  const char *path = strstr (svg, "<path d=\"");
  guint x, y, width, again;
  int used;

  g_assert_nonnull (path);
  for (path += strlen ("<path d=\""); *path == 'M'; path += used)
    {
      used = 0;
      g_assert_cmpint (sscanf (path, "M%u %uh%uv1h-%uz%n", &x, &y, &width, &again, &used), ==, 4);
      g_assert_cmpint (used, >, 0);
      g_assert_cmpuint (width, ==, again);
      memset (drawn + (y - RT_QR_QUIET_ZONE) * code->size + x - RT_QR_QUIET_ZONE, 1, width);
    }
  g_assert_cmpmem (drawn, code->size * code->size, code->modules, code->size * code->size);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qr-code/read-back", test_read_back);
  g_test_add_func ("/qr-code/long", test_long);
  g_test_add_func ("/qr-code/too-long", test_too_long);
  g_test_add_func ("/qr-code/pixels", test_pixels);
  g_test_add_func ("/qr-code/svg", test_svg);
  return g_test_run ();
}
