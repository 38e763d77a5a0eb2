/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-key-store.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "rt-registration-private.h"

#define FORMAT_VERSION 1

struct _RtKeyStore
{
  GObject parent_instance;

  char *path;
  gboolean locked;  /* the file could neither be read nor moved: it is left alone */
};

G_DEFINE_FINAL_TYPE (RtKeyStore, rt_key_store, G_TYPE_OBJECT)

/* No file of keys comes near this; a bigger one is something else. */
#define MAX_FILE_SIZE (64 * 1024 * 1024)

static void
rt_key_store_finalize (GObject *object)
{
  RtKeyStore *self = RT_KEY_STORE (object);

  g_free (self->path);
  G_OBJECT_CLASS (rt_key_store_parent_class)->finalize (object);
}

static void
rt_key_store_class_init (RtKeyStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_key_store_finalize;
}

static void
rt_key_store_init (RtKeyStore *self)
{
}

/**
 * rt_key_store_new:
 * @path: (nullable): the file; %NULL for the person's own,
 *   $XDG_DATA_HOME/roundtable/keys.json
 */
RtKeyStore *
rt_key_store_new (const char *path)
{
  RtKeyStore *self = g_object_new (RT_TYPE_KEY_STORE, NULL);

  if (path != NULL)
    self->path = g_strdup (path);
  else
    self->path = g_build_filename (g_get_user_data_dir (), "roundtable", "keys.json", NULL);
  return self;
}

const char *
rt_key_store_get_path (RtKeyStore *self)
{
  g_return_val_if_fail (RT_IS_KEY_STORE (self), NULL);
  return self->path;
}

/* Where the certificate is that the key derives from.  One that is gone, locked or another's by now is
 * told of when the key is registered. */
static void
add_certificate (RtRegistration *registration, JsonObject *object)
{
  const char *path = json_object_get_string_member_with_default (object, "certificate", NULL);
  g_autoptr(RtCertificateFile) file = path != NULL ? rt_certificate_file_new (path, RT_CERTIFICATE_FILE_CERTIFICATE) : NULL;

  if (file != NULL)
    rt_registration_set_certificate (registration, file);
}

static RtRegistration *
registration_from_json (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *key_text, *name, *payload_text;
  g_autoptr(GBytes) payload = NULL;
  RtRegistration *registration;
  gsize size = 0;
  guint8 *data;
  DrtKey key;

  if (object == NULL)
    return NULL;
  key_text = json_object_get_string_member_with_default (object, "key", NULL);
  name = json_object_get_string_member_with_default (object, "name", NULL);
  payload_text = json_object_get_string_member_with_default (object, "payload", NULL);
  if (key_text == NULL || payload_text == NULL || !drt_key_parse (key_text, &key))
    return NULL;
  data = g_base64_decode (payload_text, &size);
  payload = g_bytes_new_take (data, size);
  if (size < 1 || size > DRT_MAX_PAYLOAD_SIZE)
    return NULL;
  registration = rt_registration_new (&key, payload, name);
  add_certificate (registration, object);
  return registration;
}

static GPtrArray *
registrations_from_json (JsonNode *root, GError **error)
{
  g_autoptr(GPtrArray) registrations = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GHashTable) seen = g_hash_table_new (drt_key_hash, drt_key_equal);
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonNode *keys = object != NULL ? json_object_get_member (object, "keys") : NULL;
  JsonArray *array = keys != NULL && JSON_NODE_HOLDS_ARRAY (keys) ? json_node_get_array (keys) : NULL;

  if (array == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("it holds no list of keys"));
      return NULL;
    }
  /* What a later Roundtable wrote would lose what this one does not know of. */
  if (json_object_get_int_member_with_default (object, "version", FORMAT_VERSION) != FORMAT_VERSION)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("it is of another version of Roundtable"));
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      RtRegistration *registration = registration_from_json (json_array_get_element (array, i));

      if (registration == NULL || g_hash_table_contains (seen, rt_registration_get_key (registration)))
        {
          g_clear_object (&registration);
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("entry %u is no key with a payload"), i + 1);
          return NULL;
        }
      g_hash_table_add (seen, (gpointer) rt_registration_get_key (registration));
      g_ptr_array_add (registrations, registration);
    }
  return g_steal_pointer (&registrations);
}

static GPtrArray *
read_file (RtKeyStore *self, GError **error)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autofree char *contents = NULL;
  gsize length = 0;
  GStatBuf info;

  if (g_stat (self->path, &info) == 0 && info.st_size > MAX_FILE_SIZE)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("it is too big to be a list of keys"));
      return NULL;
    }
  if (!g_file_get_contents (self->path, &contents, &length, error)
      || !json_parser_load_from_data (parser, contents, (gssize) length, error))
    return NULL;
  return registrations_from_json (json_parser_get_root (parser), error);
}

/* Renames the file to the first free name keys.json.damaged-N. */
static char *
move_aside (RtKeyStore *self)
{
  for (guint i = 1; i < 1000; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s.damaged-%u", self->path, i);

      if (g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        continue;
      return g_rename (self->path, path) == 0 ? g_steal_pointer (&path) : NULL;
    }
  return NULL;
}

/**
 * rt_key_store_load:
 * @error: a sentence for the person when the file could not be used: it has then
 *   been moved aside, or, where that failed too, is never written to
 *
 * Returns: (transfer full) (element-type RtRegistration): the keys, in their
 *   order; none where there is no file; never %NULL
 */
GPtrArray *
rt_key_store_load (RtKeyStore *self, GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *aside = NULL;
  GPtrArray *registrations;

  g_return_val_if_fail (RT_IS_KEY_STORE (self), NULL);

  registrations = read_file (self, &local_error);
  if (registrations != NULL)
    return registrations;
  registrations = g_ptr_array_new_with_free_func (g_object_unref);
  if (g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return registrations;

  aside = move_aside (self);
  if (aside != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _("The file of your keys cannot be used (%s). It was kept as %s, and the list starts empty."),
                 local_error->message, aside);
  else
    {
      self->locked = TRUE;
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   _("The file of your keys, %s, cannot be used (%s). It is left as it is, and new keys are not stored."),
                   self->path, local_error->message);
    }
  return registrations;
}

static char *
registrations_to_json (GListModel *registrations, gsize *length)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "version");
  json_builder_add_int_value (builder, FORMAT_VERSION);
  json_builder_set_member_name (builder, "keys");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (registrations); i++)
    {
      g_autoptr(RtRegistration) registration = g_list_model_get_item (registrations, i);
      GBytes *payload = rt_registration_get_payload (registration);
      g_autofree char *encoded = g_base64_encode (g_bytes_get_data (payload, NULL), g_bytes_get_size (payload));

      if (!rt_registration_get_persistent (registration)
          || rt_registration_get_state (registration) == RT_REGISTRATION_REVOKING)
        continue;
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "key");
      json_builder_add_string_value (builder, rt_registration_get_key_text (registration));
      if (rt_registration_get_name (registration) != NULL)
        {
          json_builder_set_member_name (builder, "name");
          json_builder_add_string_value (builder, rt_registration_get_name (registration));
        }
      if (rt_registration_get_certificate (registration) != NULL)
        {
          json_builder_set_member_name (builder, "certificate");
          json_builder_add_string_value (builder, rt_certificate_file_get_path (rt_registration_get_certificate (registration)));
        }
      json_builder_set_member_name (builder, "payload");
      json_builder_add_string_value (builder, encoded);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  json_generator_set_pretty (generator, TRUE);
  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, length);
}

/**
 * rt_key_store_save:
 * @registrations: of RtRegistration
 * @error: a sentence for the person
 *
 * Replaces the file at once and wholly, or not at all, readable by its owner
 * alone.  Keys that are not persistent are left out.
 *
 * Returns: whether it was written
 */
gboolean
rt_key_store_save (RtKeyStore *self, GListModel *registrations, GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *directory = NULL;
  g_autofree char *contents = NULL;
  gsize length = 0;

  g_return_val_if_fail (RT_IS_KEY_STORE (self), FALSE);

  if (self->locked)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   _("Your keys are not stored, because %s could not be read."), self->path);
      return FALSE;
    }
  directory = g_path_get_dirname (self->path);
  contents = registrations_to_json (registrations, &length);
  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   _("Your keys could not be stored in %s: %s."), directory, g_strerror (code));
      return FALSE;
    }
  if (!g_file_set_contents_full (self->path, contents, (gssize) length,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &local_error))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   _("Your keys could not be stored: %s. They are kept until the application ends."),
                   local_error->message);
      return FALSE;
    }
  return TRUE;
}
