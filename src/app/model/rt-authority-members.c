/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-authority-members.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define FORMAT_VERSION 1

static gboolean
add_certificates (RtMember **member, JsonArray *array)
{
  for (guint i = json_array_get_length (array); i > 0; i--)
    {
      JsonNode *node = json_array_get_element (array, i - 1);
      const char *pem = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
      PCCERT_CONTEXT certificate;

      if (pem == NULL)
        return FALSE;
      certificate = drt_certificate_parse ((const guint8 *) pem, strlen (pem), NULL, NULL);
      if (certificate == NULL)
        return FALSE;
      if (*member == NULL)
        *member = rt_member_new (certificate);
      else
        rt_member_add_certificate (*member, certificate);
      drt_certificate_unref (certificate);
    }
  return *member != NULL;
}

static RtMember *
member_from_json (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *list = object != NULL ? json_object_get_member (object, "certificates") : NULL;
  g_autoptr(RtMember) member = NULL;

  if (list == NULL || !JSON_NODE_HOLDS_ARRAY (list) || !add_certificates (&member, json_node_get_array (list)))
    return NULL;
  rt_member_set_revoked_at (member, MAX (json_object_get_int_member_with_default (object, "revoked", 0), 0));
  return g_steal_pointer (&member);
}

static GPtrArray *
members_from_json (JsonNode *root, const char *path, GError **error)
{
  g_autoptr(GPtrArray) members = g_ptr_array_new_with_free_func (g_object_unref);
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonNode *list = object != NULL ? json_object_get_member (object, "members") : NULL;

  if (list == NULL || !JSON_NODE_HOLDS_ARRAY (list)
      || json_object_get_int_member_with_default (object, "version", 0) != FORMAT_VERSION)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("%s is no list of members this Roundtable can read."), path);
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (json_node_get_array (list)); i++)
    {
      RtMember *member = member_from_json (json_array_get_element (json_node_get_array (list), i));

      if (member == NULL)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("Entry %u of %s is no member."), i + 1, path);
          return NULL;
        }
      g_ptr_array_add (members, member);
    }
  return g_steal_pointer (&members);
}

/**
 * rt_authority_members_read:
 *
 * Returns: (transfer full) (nullable) (element-type RtMember): the members, in
 *   their order; none where there is no file
 */
GPtrArray *
rt_authority_members_read (const char *path, GError **error)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) local_error = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_ptr_array_new_with_free_func (g_object_unref);
  if (!json_parser_load_from_file (parser, path, &local_error))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("%s could not be read: %s."), path, local_error->message);
      return NULL;
    }
  return members_from_json (json_parser_get_root (parser), path, error);
}

static gboolean
add_member (JsonBuilder *builder, RtMember *member, GError **error)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "certificates");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rt_member_get_n_certificates (member); i++)
    {
      g_autofree char *pem = drt_certificate_to_pem (rt_member_get_certificate (member, i), DRT_CERTIFICATE_ALONE, NULL, error);

      if (pem == NULL)
        return FALSE;
      json_builder_add_string_value (builder, pem);
    }
  json_builder_end_array (builder);
  if (rt_member_get_revoked_at (member) != 0)
    {
      json_builder_set_member_name (builder, "revoked");
      json_builder_add_int_value (builder, rt_member_get_revoked_at (member));
    }
  json_builder_end_object (builder);
  return TRUE;
}

/** rt_authority_members_write: replaces the file as a whole or not at all, 0600; @members: of RtMember */
gboolean
rt_authority_members_write (const char *path, GListModel *members, GError **error)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "version");
  json_builder_add_int_value (builder, FORMAT_VERSION);
  json_builder_set_member_name (builder, "members");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr(RtMember) member = g_list_model_get_item (members, i);

      if (!add_member (builder, member, error))
        return FALSE;
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  json_generator_set_pretty (generator, TRUE);
  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, &length);
  return drt_secret_file_write (path, text, length, error);
}
