/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-options.h"

#include <drt-invitation.h>
#include <glib/gi18n.h>

#include "rt-screenshots.h"
#include "rt-snapshot.h"
#include "rt-status.h"
#include "rt-watch.h"

/* Seconds without a new neighbour after which a picture shows the whole mesh. */
#define STABLE_SECONDS 3

struct _RtOptions
{
  RtApplication *application;
  RtWindow *window;
  RtWatch *watch;
  RtScreenshots *screenshots;
  char *screenshot;
  gboolean quits;
  guint timeout;
  guint stable;
  guint n_neighbours;
  guint n_seconds;
};

static const GOptionEntry entries[] = {
  { "demo", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Join a demo mesh of sixteen nodes inside this computer"), NULL },
  { "status", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the status of the running node; exit status 0 active, 1 not active, 2 not running"), NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, NULL, N_("With --status: as one JSON object"), NULL },
  { "certificate", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_("Show the certificate chain in a file and what is wrong with it"), N_("FILE") },
  { "watch", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the state of the node whenever it changes"), NULL },
  { "screenshot", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_("Write a picture of the window when the node is active, or with --quit-after at the end"), N_("FILE") },
  { "screenshots", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_("Write pictures of every page and dialog, from a demo mesh, and end"), N_("DIRECTORY") },
  { "quit-after", 0, 0, G_OPTION_ARG_STRING, NULL, N_("End after this time; exit status 0 if the node is active then, else 1"), N_("SECONDS") },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version"), NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL, NULL, N_("[INVITATION]") },
  { NULL }
};

void
rt_options_add_to (GApplication *application)
{
  g_application_add_main_option_entries (application, entries);
  g_application_set_option_context_summary (application, _("Roundtable: see inside a peer-to-peer mesh"));
}

/* Asks the bus, so that nothing is started. */
static gboolean
is_running (void)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr(GVariant) reply = NULL;
  gboolean has_owner = FALSE;

  if (bus == NULL)
    return FALSE;
  reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "NameHasOwner", g_variant_new ("(s)", APP_ID), G_VARIANT_TYPE ("(b)"),
                                       G_DBUS_CALL_FLAGS_NONE, 5000, NULL, NULL);
  if (reply != NULL)
    g_variant_get (reply, "(b)", &has_owner);
  return has_owner;
}

static int
tell_not_running (gboolean json)
{
  if (json)
    g_print ("{\"state\":\"not-running\"}\n");
  else
    g_print ("%s\n", _("Roundtable is not running"));
  return RT_STATUS_NOT_RUNNING;
}

static int
usage_error (const char *message)
{
  g_printerr ("%s\n", message);
  return EXIT_FAILURE;
}

/* As text, because GApplication takes the number 0 for an option that is not there. */
static gboolean
parse_quit_after (GVariantDict *options, guint *seconds)
{
  const char *text = NULL;
  guint64 value = 0;

  if (!g_variant_dict_lookup (options, "quit-after", "&s", &text)
      || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &value, NULL))
    return FALSE;
  *seconds = (guint) value;
  return TRUE;
}

/* The link of one invitation, or nothing. */
static gboolean
check_arguments (GVariantDict *options)
{
  g_autofree const char **arguments = NULL;

  if (!g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&s", &arguments) || arguments[0] == NULL)
    return TRUE;
  return arguments[1] == NULL && g_str_has_prefix (arguments[0], DRT_INVITATION_SCHEME ":");
}

/**
 * rt_options_handle_local:
 * @options: of the command line
 * @ended: (out): whether all is done that was asked for
 *
 * What needs neither a window nor a running application.
 *
 * Returns: the exit status, when @ended
 */
int
rt_options_handle_local (GVariantDict *options, gboolean *ended)
{
  gboolean json = g_variant_dict_contains (options, "json");
  guint seconds;

  *ended = TRUE;
  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Roundtable %s\n", APP_VERSION);
      return EXIT_SUCCESS;
    }
  if (json && !g_variant_dict_contains (options, "status"))
    return usage_error (_("--json goes with --status"));
  if (!check_arguments (options))
    return usage_error (_("What is no option has to be the link of an invitation, roundtable://…"));
  if (g_variant_dict_contains (options, "quit-after") && !parse_quit_after (options, &seconds))
    return usage_error (_("--quit-after needs a number of seconds from 1 on"));
  if (g_variant_dict_contains (options, "status") && !is_running ())
    return tell_not_running (json);
  *ended = FALSE;
  return EXIT_SUCCESS;
}

/** rt_options_for_own_process: whether an option means the process it was given to */
gboolean
rt_options_for_own_process (GVariantDict *options)
{
  return g_variant_dict_contains (options, "watch") || g_variant_dict_contains (options, "screenshot")
         || g_variant_dict_contains (options, "screenshots") || g_variant_dict_contains (options, "quit-after");
}

static gboolean
is_active (RtOptions *self)
{
  return rt_node_get_state (rt_application_get_node (self->application)) == RT_NODE_ACTIVE;
}

static void
picture_cb (GtkWindow *window, gpointer data)
{
  RtOptions *self = data;
  g_autoptr(GError) error = NULL;
  gboolean saved = rt_snapshot_save (window, self->screenshot, &error);

  if (!saved)
    g_printerr ("%s\n", error->message);
  g_clear_pointer (&self->screenshot, g_free);
  if (self->quits)
    rt_application_end (self->application, saved && is_active (self) ? EXIT_SUCCESS : EXIT_FAILURE);
}

static void
end_cb (gpointer data)
{
  RtOptions *self = data;

  self->timeout = 0;
  if (self->screenshot != NULL)
    rt_snapshot_settled (GTK_WINDOW (self->window), picture_cb, self);
  else
    rt_application_end (self->application, is_active (self) ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* The picture is for when there is something to see. */
static gboolean
stable_cb (gpointer data)
{
  RtOptions *self = data;
  RtNode *node = rt_application_get_node (self->application);
  guint n_neighbours = g_list_model_get_n_items (rt_node_get_neighbours (node));

  self->n_seconds = is_active (self) && n_neighbours == self->n_neighbours ? self->n_seconds + 1 : 0;
  self->n_neighbours = n_neighbours;
  if (self->n_seconds < STABLE_SECONDS)
    return G_SOURCE_CONTINUE;
  self->stable = 0;
  rt_snapshot_settled (GTK_WINDOW (self->window), picture_cb, self);
  return G_SOURCE_REMOVE;
}

/**
 * rt_options_new:
 * @window: shown
 * @options: of the command line
 *
 * Returns: (transfer full): free with rt_options_free()
 */
RtOptions *
rt_options_new (RtApplication *application, RtWindow *window, GVariantDict *options)
{
  RtOptions *self = g_new0 (RtOptions, 1);
  g_autofree char *directory = NULL;
  guint seconds = 0;

  self->application = application;
  self->window = window;
  if (g_variant_dict_contains (options, "watch"))
    self->watch = rt_watch_new (rt_application_get_node (application));
  g_variant_dict_lookup (options, "screenshot", "^ay", &self->screenshot);
  if (g_variant_dict_lookup (options, "screenshots", "^ay", &directory))
    self->screenshots = rt_screenshots_new (application, window, directory);
  if (parse_quit_after (options, &seconds))
    {
      self->quits = TRUE;
      self->timeout = g_timeout_add_seconds_once (seconds, end_cb, self);
    }
  else if (self->screenshot != NULL)
    self->stable = g_timeout_add_seconds (1, stable_cb, self);
  return self;
}

void
rt_options_free (RtOptions *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_handle_id (&self->stable, g_source_remove);
  g_clear_object (&self->watch);
  g_clear_object (&self->screenshots);
  g_free (self->screenshot);
  g_free (self);
}
