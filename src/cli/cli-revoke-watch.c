/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-revoke-watch.h"

#include "cli-output.h"
#include "cli-secret.h"

#define SETTLE 200   /* ms without another change: whoever writes the file has done */

struct _CliRevokeWatch
{
  CliCredentials *credentials;   /* borrowed */
  gboolean json;
  CliRevokeFunc changed;
  gpointer data;
  GFileMonitor *monitor;
  guint settle_source;
};

static void
tell (const CliRevokeWatch *watch)
{
  guint size = drt_revoke_list_get_size (watch->credentials->revoked);

  if (watch->json)
    {
      JsonBuilder *builder = cli_json_begin ("revoke-list");

      cli_json_add_string (builder, "file", watch->credentials->revoked_path);
      cli_json_add_int (builder, "size", size);
      cli_json_end (builder);
    }
  else
    cli_print_timed ("Revoke list: “%s” has %u certificate%s now", watch->credentials->revoked_path, size, size == 1 ? "" : "s");
}

/* No list at all would let everybody in again, so an unreadable one changes nothing. */
static gboolean
settle_cb (gpointer data)
{
  CliRevokeWatch *watch = data;
  DrtRevokeList *list = cli_revoke_list_load (watch->credentials->revoked_path);

  watch->settle_source = 0;
  if (list == NULL)
    {
      cli_warn ("the revoke list stays as it was read before");
      return G_SOURCE_REMOVE;
    }
  g_clear_pointer (&watch->credentials->revoked, drt_revoke_list_unref);
  watch->credentials->revoked = list;
  tell (watch);
  watch->changed (watch->data, list);
  return G_SOURCE_REMOVE;
}

static void
file_changed_cb (GFileMonitor      *monitor G_GNUC_UNUSED,
                 GFile             *file G_GNUC_UNUSED,
                 GFile             *other G_GNUC_UNUSED,
                 GFileMonitorEvent  event,
                 gpointer           data)
{
  CliRevokeWatch *watch = data;

  if (event == G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED)
    return;
  g_clear_handle_id (&watch->settle_source, g_source_remove);
  watch->settle_source = g_timeout_add (SETTLE, settle_cb, watch);
}

/**
 * cli_revoke_watch_new:
 * @credentials: gets each new list; has to outlive the watch
 * @changed: called with it
 *
 * Returns: (nullable): %NULL: there is no revoke list, or its file cannot be watched
 */
CliRevokeWatch *
cli_revoke_watch_new (CliCredentials *credentials,
                      gboolean        json,
                      CliRevokeFunc   changed,
                      gpointer        data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = NULL;
  GFileMonitor *monitor;
  CliRevokeWatch *watch;

  if (credentials->revoked == NULL)
    return NULL;
  file = g_file_new_for_path (credentials->revoked_path);
  monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, &error);
  if (monitor == NULL)
    {
      cli_warn ("“%s” is not read again when it changes: %s", credentials->revoked_path, error->message);
      return NULL;
    }
  watch = g_new (CliRevokeWatch, 1);
  *watch = (CliRevokeWatch) { .credentials = credentials, .json = json, .changed = changed, .data = data, .monitor = monitor };
  g_signal_connect (monitor, "changed", G_CALLBACK (file_changed_cb), watch);
  return watch;
}

void
cli_revoke_watch_free (CliRevokeWatch *watch)
{
  g_clear_handle_id (&watch->settle_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (watch->monitor, watch);
  g_object_unref (watch->monitor);
  g_free (watch);
}
