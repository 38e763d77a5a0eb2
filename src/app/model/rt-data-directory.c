/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-data-directory.h"

#include <drt-certificate.h>
#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

/** rt_data_directory_get: (transfer full): @path, or where it is %NULL the person's own @name, $XDG_DATA_HOME/roundtable/NAME */
char *
rt_data_directory_get (const char *path, const char *name)
{
  return path != NULL ? g_strdup (path) : g_build_filename (g_get_user_data_dir (), "roundtable", name, NULL);
}

gboolean
rt_data_directory_make (const char *path, GError **error)
{
  int code;

  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;
  code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               _("The directory %s could not be made: %s."), path, g_strerror (code));
  return FALSE;
}

/** rt_data_directory_write_text: replaces the file as a whole or not at all, 0600 */
gboolean
rt_data_directory_write_text (const char *path, const char *name, const char *text, GError **error)
{
  g_autofree char *file = g_build_filename (path, name, NULL);

  return drt_secret_file_write (file, text, strlen (text), error);
}

/** rt_data_directory_remove: the directory with these files, if it has no others; @names: ends with %NULL */
void
rt_data_directory_remove (const char *path, const char *const *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *file = g_build_filename (path, names[i], NULL);

      g_unlink (file);
    }
  g_rmdir (path);
}

/** rt_data_directory_short_name: (transfer full): sixteen digits of a fingerprint tell certificates apart, and are a name for a file */
char *
rt_data_directory_short_name (const char *fingerprint)
{
  GString *name = g_string_new (NULL);

  for (const char *c = fingerprint; *c != '\0' && name->len < 16; c++)
    if (*c != ':')
      g_string_append_c (name, g_ascii_tolower (*c));
  return g_string_free (name, FALSE);
}
