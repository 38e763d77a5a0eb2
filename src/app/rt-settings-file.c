/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-settings-file.h"

#include <errno.h>
#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

/* Where the schema is not installed, that of the build tree we run from will do. */
static void
find_schema_of_build (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *bin = program != NULL ? g_path_get_dirname (program) : g_strdup (".");
  g_autofree char *directory = g_build_filename (bin, "..", "..", "data", NULL);
  g_autofree char *compiled = g_build_filename (directory, "gschemas.compiled", NULL);

  if (g_file_test (compiled, G_FILE_TEST_IS_REGULAR))
    g_setenv ("GSETTINGS_SCHEMA_DIR", directory, FALSE);
}

/**
 * rt_settings_prepare:
 * @in_memory: whether what is set is forgotten at the end
 *
 * To be called before any GSettings is made.
 *
 * Returns: whether there is a schema for them
 */
gboolean
rt_settings_prepare (gboolean in_memory)
{
  g_autoptr(GSettingsSchema) schema = NULL;
  GSettingsSchemaSource *source;

  if (in_memory)
    g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  find_schema_of_build ();
  source = g_settings_schema_source_get_default ();
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, APP_ID, TRUE);
  return schema != NULL;
}

static gboolean
uses_keyfile (void)
{
  g_autoptr(GSettingsBackend) backend = g_settings_backend_get_default ();

  return g_str_equal (G_OBJECT_TYPE_NAME (backend), "GKeyfileSettingsBackend");
}

/* A copy where it can be read, else the file itself under another name. */
static char *
keep_aside (const char *path, const char *contents, gsize length)
{
  for (guint i = 1; i < 1000; i++)
    {
      g_autofree char *aside = g_strdup_printf ("%s.damaged-%u", path, i);

      if (g_file_test (aside, G_FILE_TEST_EXISTS) || g_file_test (aside, G_FILE_TEST_IS_SYMLINK))
        continue;
      if (contents != NULL && g_file_set_contents_full (aside, contents, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL))
        return g_steal_pointer (&aside);
      return g_rename (path, aside) == 0 ? g_steal_pointer (&aside) : NULL;
    }
  return NULL;
}

/**
 * rt_settings_file_check:
 *
 * Where the settings live in a key file, looks whether it can be used.  The
 * backend would overwrite a damaged one; so it is kept under another name first.
 * To be called before the first GSettings is made.
 *
 * Returns: (transfer full) (nullable): what happened, a sentence for the person;
 *   %NULL when all is well
 */
char *
rt_settings_file_check (void)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "glib-2.0", "settings", "keyfile", NULL);
  g_autoptr(GKeyFile) key_file = g_key_file_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *aside = NULL;
  gsize length = 0;

  if (!uses_keyfile () || !g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  if (g_file_get_contents (path, &contents, &length, &error)
      && g_key_file_load_from_data (key_file, contents, length, G_KEY_FILE_NONE, &error))
    return NULL;
  aside = keep_aside (path, contents, length);
  if (aside != NULL)
    return g_strdup_printf (_("The settings could not be read (%s). They start with their defaults; the file was kept as %s."),
                            error->message, aside);
  return g_strdup_printf (_("The settings could not be read (%s). They start with their defaults and may not be stored."),
                          error->message);
}
