/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-status.h"

#include <drt-glib.h>
#include <drt-observe.h>
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_seconds (JsonBuilder *builder, const char *name, gint64 since)
{
  add_int (builder, name, MAX (g_get_monotonic_time () - since, 0) / G_USEC_PER_SEC);
}

static void
add_code (JsonBuilder *builder, const char *name, HRESULT hr)
{
  g_autofree char *number = g_strdup_printf ("0x%08X", (guint) hr);

  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  add_string (builder, "name", drt_hresult_to_name (hr));
  add_string (builder, "code", number);
  add_string (builder, "sentence", drt_hresult_to_sentence (hr));
  json_builder_end_object (builder);
}

static guint
count_registered (RtNode *node)
{
  GListModel *registrations = rt_node_get_registrations (node);
  guint n_registered = 0;

  for (guint i = 0; i < g_list_model_get_n_items (registrations); i++)
    {
      g_autoptr(RtRegistration) registration = g_list_model_get_item (registrations, i);

      n_registered += rt_registration_get_state (registration) == RT_REGISTRATION_REGISTERED;
    }
  return n_registered;
}

static void
add_state (JsonBuilder *builder, RtNode *node)
{
  const GError *error = rt_node_get_open_error (node);

  add_string (builder, "state", rt_node_state_to_name (rt_node_get_state (node)));
  add_seconds (builder, "state-since", rt_node_get_state_since (node));
  if (rt_node_get_opened (node) > 0)
    add_seconds (builder, "uptime", rt_node_get_opened (node));
  else
    add_string (builder, "uptime", NULL);
  if (FAILED (rt_node_get_fault (node)))
    add_code (builder, "fault", rt_node_get_fault (node));
  else if (error != NULL)
    add_code (builder, "fault", error->code);
  else
    add_string (builder, "fault", NULL);
}

static void
add_place (JsonBuilder *builder, RtNode *node)
{
  const char *const *endpoints = rt_node_get_endpoints (node);

  add_int (builder, "port", rt_node_get_port (node));
  json_builder_set_member_name (builder, "addresses");
  json_builder_begin_array (builder);
  for (guint i = 0; endpoints[i] != NULL; i++)
    json_builder_add_string_value (builder, endpoints[i]);
  json_builder_end_array (builder);
  add_string (builder, "instance-name", rt_node_get_instance_name (node));
  json_builder_set_member_name (builder, "demo");
  json_builder_add_boolean_value (builder, rt_mesh_settings_get_loopback_only (rt_node_get_settings (node)));
  add_code (builder, "bootstrap", rt_node_get_bootstrap_result (node));
  add_int (builder, "bootstrap-addresses", rt_node_get_n_bootstrap_addresses (node));
}

static void
add_counters (JsonBuilder *builder, RtNode *node)
{
  guint n_keys = g_list_model_get_n_items (rt_node_get_registrations (node));

  add_int (builder, "neighbours", g_list_model_get_n_items (rt_node_get_neighbours (node)));
  add_int (builder, "leaves", rt_node_get_n_leaves (node));
  add_int (builder, "leaf-places", n_keys * 2 * DRT_LEAF_SET_SIDE);
  add_int (builder, "keys", n_keys);
  add_int (builder, "keys-registered", count_registered (node));
  add_int (builder, "messages-in", (gint64) rt_node_get_messages_in (node));
  add_int (builder, "messages-out", (gint64) rt_node_get_messages_out (node));
  add_int (builder, "bytes-in", (gint64) rt_node_get_bytes_in (node));
  add_int (builder, "bytes-out", (gint64) rt_node_get_bytes_out (node));
  add_int (builder, "errors", (gint64) rt_node_get_errors (node));
  if (rt_node_get_mesh_size (node) >= 1)
    add_int (builder, "mesh-size", (gint64) (rt_node_get_mesh_size (node) + 0.5));
  else
    add_string (builder, "mesh-size", NULL);
}

/**
 * rt_status_to_json:
 *
 * Returns: (transfer full): one object on one line, without the line's end.
 *   What is not known is null; times are whole seconds
 */
char *
rt_status_to_json (RtNode *node)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_state (builder, node);
  add_place (builder, node);
  add_counters (builder, node);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/**
 * rt_status_to_words:
 *
 * Returns: (transfer full): the same for people, one fact on a line
 */
char *
rt_status_to_words (RtNode *node)
{
  GString *text = g_string_new (NULL);
  gint64 seconds = (g_get_monotonic_time () - rt_node_get_state_since (node)) / G_USEC_PER_SEC;
  guint n_neighbours = g_list_model_get_n_items (rt_node_get_neighbours (node));
  guint n_keys = g_list_model_get_n_items (rt_node_get_registrations (node));

  /* Translators: the state of the node, and for how many seconds it has had it */
  g_string_append_printf (text, _("%s for %d s\n"), rt_node_state_to_string (rt_node_get_state (node)), (int) seconds);
  if (rt_node_get_endpoint (node) != NULL)
    g_string_append_printf (text, _("Address: %s\n"), rt_node_get_endpoint (node));
  g_string_append_printf (text, _("Neighbours: %u\n"), n_neighbours);
  g_string_append_printf (text, _("Leaves: %u\n"), rt_node_get_n_leaves (node));
  g_string_append_printf (text, _("Keys: %u\n"), n_keys);
  g_string_append_printf (text, _("Messages in: %" G_GUINT64_FORMAT "\n"), rt_node_get_messages_in (node));
  g_string_append_printf (text, _("Messages out: %" G_GUINT64_FORMAT "\n"), rt_node_get_messages_out (node));
  g_string_append_printf (text, _("Errors: %" G_GUINT64_FORMAT "\n"), rt_node_get_errors (node));
  if (rt_node_get_mesh_size (node) >= 1)
    g_string_append_printf (text, _("Mesh size: about %.0f keys\n"), rt_node_get_mesh_size (node));
  return g_string_free (text, FALSE);
}

int
rt_status_to_exit_code (RtNode *node)
{
  return rt_node_get_state (node) == RT_NODE_ACTIVE ? RT_STATUS_ACTIVE : RT_STATUS_NOT_ACTIVE;
}
