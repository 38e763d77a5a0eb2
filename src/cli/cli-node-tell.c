/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-node-tell.h"

#include "cli-output.h"

static void
add_side (JsonBuilder  *builder,
          const char   *name,
          const DrtKey *keys,
          guint         n_keys)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_keys; i++)
    {
      char text[DRT_KEY_HEX_LENGTH + 1];

      drt_key_format (&keys[i], text);
      json_builder_add_string_value (builder, text);
    }
  json_builder_end_array (builder);
}

static char *
side_to_text (const char   *name,
              const DrtKey *keys,
              guint         n_keys)
{
  char text[DRT_KEY_HEX_LENGTH + 1];

  if (n_keys == 0)
    return g_strdup_printf ("none %s", name);
  drt_key_format (&keys[0], text);
  return g_strdup_printf ("%u %s (nearest %.12s…)", n_keys, name, text);
}

void
cli_node_tell_leaves (const DrtObservedKey *key,
                      gboolean              json)
{
  char text[DRT_KEY_HEX_LENGTH + 1];
  g_autofree char *below = NULL;
  g_autofree char *above = NULL;

  if (json)
    {
      JsonBuilder *builder = cli_json_begin ("leaf-set");

      cli_json_add_key (builder, "key", &key->key);
      add_side (builder, "below", key->below, key->n_below);
      add_side (builder, "above", key->above, key->n_above);
      cli_json_end (builder);
      return;
    }
  drt_key_format (&key->key, text);
  below = side_to_text ("below", key->below, key->n_below);
  above = side_to_text ("above", key->above, key->n_above);
  cli_print_timed ("Leaf set of %.12s…: %s, %s", text, below, above);
}

void
cli_node_tell_unresolvable (const DrtKey *key,
                            gboolean      json)
{
  char text[DRT_KEY_HEX_LENGTH + 1];

  if (json)
    {
      JsonBuilder *builder = cli_json_begin ("unresolvable");

      cli_json_add_key (builder, "key", key);
      cli_json_end (builder);
      return;
    }
  drt_key_format (key, text);
  cli_print_timed ("Unresolvable: %s; others cannot find this key", text);
}

void
cli_node_tell_announced (const DrtKey *key,
                         gboolean      json)
{
  char text[DRT_KEY_HEX_LENGTH + 1];

  if (json)
    {
      JsonBuilder *builder = cli_json_begin ("announced");

      cli_json_add_key (builder, "key", key);
      cli_json_end (builder);
      return;
    }
  drt_key_format (key, text);
  cli_print_timed ("Announced: %s", text);
}

void
cli_node_tell_split (const DrtObservedEvent *event,
                     gboolean                json)
{
  static const struct { const char *name, *words; } parts[] = {
    [DRT_OBSERVED_SPLIT_SMALLER_PART] = { "smaller", "the mesh has fallen into parts, and this is the smaller; joining the other" },
    [DRT_OBSERVED_SPLIT_LARGER_PART] = { "larger", "the mesh has fallen into parts, and this is the larger; taking the other in" },
    [DRT_OBSERVED_SPLIT_MERGED] = { "merged", "the parts of the mesh are one again" },
  };
  char text[DRT_KEY_HEX_LENGTH + 1];

  if ((guint) event->code >= G_N_ELEMENTS (parts) || parts[event->code].name == NULL)
    return;
  if (json)
    {
      JsonBuilder *builder = cli_json_begin ("split");

      cli_json_add_string (builder, "part", parts[event->code].name);
      cli_json_add_key (builder, "target", &event->key);
      cli_json_add_key (builder, "found", &event->remote_key);
      cli_json_end (builder);
      return;
    }
  drt_key_format (&event->key, text);
  cli_print_timed ("Split near %.12s…: %s", text, parts[event->code].words);
}

static void
add_counts (JsonBuilder   *builder,
            const char    *name,
            const guint64 *by_type)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < DRT_N_MESSAGE_TYPES; i++)
    json_builder_add_int_value (builder, by_type[i]);
  json_builder_end_array (builder);
}

/* Before the last messages, with which it takes its leave. */
void
cli_node_tell_counters (HDRT        drt,
                        CliCapture *capture,
                        gboolean    json)
{
  guint64 n_dropped = 0;
  DrtCounters counters;

  if (drt_get_counters (drt, &counters) != S_OK)
    return;
  for (guint i = 0; i < DRT_DROP_N_REASONS; i++)
    n_dropped += counters.dropped[i];

  if (json)
    {
      JsonBuilder *builder = cli_json_begin ("messages");

      cli_json_add_int (builder, "in", counters.messages_in);
      cli_json_add_int (builder, "out", counters.messages_out);
      cli_json_add_int (builder, "dropped", n_dropped);
      add_counts (builder, "in_by_type", counters.in_by_type);
      add_counts (builder, "out_by_type", counters.out_by_type);
      if (capture != NULL)
        cli_json_add_int (builder, "captured", cli_capture_get_count (capture));
      cli_json_end (builder);
    }
  else
    cli_print_timed ("Messages: %" G_GUINT64_FORMAT " in, of these %" G_GUINT64_FORMAT " dropped; %" G_GUINT64_FORMAT " out",
                counters.messages_in, n_dropped, counters.messages_out);
}
