/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-scratch.h"

#include <glib/gstdio.h>
#include <string.h>

char *
cli_scratch_new (void)
{
  g_autoptr (GError) error = NULL;
  char *directory = g_dir_make_tmp ("drt-cli-XXXXXX", &error);

  g_assert_no_error (error);
  return directory;
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *entry = g_build_filename (path, name, NULL);

      remove_all (entry);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

void
cli_scratch_free (char *directory)
{
  remove_all (directory);
  g_free (directory);
}

/* Returns: (transfer full): its path */
char *
cli_scratch_write (const char *directory,
                   const char *name,
                   const char *text,
                   guint       mode)
{
  char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
  return path;
}

char *
cli_scratch_read (const char *path,
                  gsize      *length)
{
  g_autoptr (GError) error = NULL;
  char *content;

  g_file_get_contents (path, &content, length, &error);
  g_assert_no_error (error);
  return content;
}

/* Who may do what with a file: 0600. */
guint
cli_scratch_mode (const char *path)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_mode & 07777;
}
