/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "rt-about.h"
#include "rt-certificate-dialog.h"
#include "rt-key-store.h"
#include "rt-options.h"
#include "rt-settings-file.h"
#include "rt-status.h"
#include "rt-window.h"

struct _RtApplication
{
  AdwApplication parent_instance;

  RtNode *node;
  RtDemo *demo;
  GSettings *settings;
  RtKeyStore *key_store;      /* NULL: keys are not stored in this run */
  RtOptions *options;
  guint save;
  guint signals[2];
  GStrvBuilder *problems;     /* sentences that wait for a window */
  gboolean in_memory;
  gboolean save_failed;       /* and was told of */
  int exit_status;
};

G_DEFINE_FINAL_TYPE (RtApplication, rt_application, ADW_TYPE_APPLICATION)

static RtWindow *
get_window (RtApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (RT_IS_WINDOW (l->data))
      return l->data;
  return NULL;
}

static void
tell_problem (RtApplication *self, const char *sentence)
{
  RtWindow *window = get_window (self);

  g_message ("%s", sentence);
  if (window != NULL)
    rt_window_show_problem (window, _("Something Could Not Be Stored"), sentence);
  else
    g_strv_builder_add (self->problems, sentence);
}

/* The first failure waits to be read, those after it do not. */
static void
tell_save_failed (RtApplication *self, const char *sentence)
{
  RtWindow *window = get_window (self);

  if (self->save_failed && window != NULL)
    rt_window_add_toast (window, adw_toast_new (_("Your keys still cannot be stored")));
  else
    tell_problem (self, sentence);
  self->save_failed = TRUE;
}

static void
save_keys (RtApplication *self)
{
  g_autoptr(GError) error = NULL;

  g_clear_handle_id (&self->save, g_source_remove);
  if (rt_key_store_save (self->key_store, rt_node_get_registrations (self->node), &error))
    self->save_failed = FALSE;
  else
    tell_save_failed (self, error->message);
}

static gboolean
save_cb (gpointer data)
{
  RtApplication *self = RT_APPLICATION (data);

  self->save = 0;
  save_keys (self);
  return G_SOURCE_REMOVE;
}

/* Soon, so that several changes are written once. */
static void
queue_save (RtApplication *self)
{
  if (self->save == 0)
    self->save = g_timeout_add (200, save_cb, self);
}

static void
watch_registration (RtApplication *self, RtRegistration *registration)
{
  g_signal_connect_object (registration, "notify::payload", G_CALLBACK (queue_save), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (registration, "notify::name", G_CALLBACK (queue_save), self, G_CONNECT_SWAPPED);
}

static void
registrations_changed_cb (RtApplication *self, guint position, guint removed, guint added, GListModel *registrations)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(RtRegistration) registration = g_list_model_get_item (registrations, i);

      watch_registration (self, registration);
    }
  queue_save (self);
}

static void
load_keys (RtApplication *self)
{
  GListModel *registrations = rt_node_get_registrations (self->node);
  g_autoptr(GPtrArray) keys = NULL;
  g_autoptr(GError) error = NULL;

  self->key_store = rt_key_store_new (NULL);
  keys = rt_key_store_load (self->key_store, &error);
  if (error != NULL)
    tell_problem (self, error->message);
  for (guint i = 0; i < keys->len; i++)
    watch_registration (self, g_ptr_array_index (keys, i));
  rt_node_restore (self->node, keys);
  g_signal_connect_object (registrations, "items-changed", G_CALLBACK (registrations_changed_cb), self, G_CONNECT_SWAPPED);
}

static gboolean
quit_signal_cb (gpointer data)
{
  g_application_quit (G_APPLICATION (data));
  return G_SOURCE_CONTINUE;
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RtApplication *self = RT_APPLICATION (data);

  rt_about_present (GTK_WIDGET (gtk_application_get_active_window (GTK_APPLICATION (self))));
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_application_quit (G_APPLICATION (data));
}

static void
set_shortcuts (GtkApplication *application)
{
  static const struct { const char *action; const char *keys[3]; } shortcuts[] = {
    { "app.quit", { "<Control>q" } },
    { "window.close", { "<Control>w" } },
    { "win.focus-search", { "<Control>f" } },
    { "win.mesh-settings", { "<Control>comma" } },
    { "win.register-key", { "<Control>n" } },
    { "win.node-open", { "<Control>o" } },
    { "win.show-page::overview", { "<Alt>1" } },
    { "win.show-page::ring", { "<Alt>2" } },
    { "win.show-page::neighbours", { "<Alt>3" } },
    { "win.show-page::keys", { "<Alt>4" } },
    { "win.show-page::search", { "<Alt>5", "<Control>k" } },
    { "win.show-help-overlay", { "<Control>question" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (application, shortcuts[i].action, (const char *const *) shortcuts[i].keys);
}

static void
rt_application_startup (GApplication *application)
{
  RtApplication *self = RT_APPLICATION (application);
  static const GActionEntry actions[] = {
    { .name = "about", .activate = about_cb },
    { .name = "quit", .activate = quit_cb },
  };
  g_autofree char *problem = NULL;

  if (!rt_settings_prepare (self->in_memory))
    {
      /* Only a broken installation comes here. */
      g_printerr (_("The settings schema “%s” is not installed.\n"), APP_ID);
      exit (EXIT_FAILURE);
    }
  problem = rt_settings_file_check ();

  G_APPLICATION_CLASS (rt_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  set_shortcuts (GTK_APPLICATION (self));
  self->signals[0] = g_unix_signal_add (SIGINT, quit_signal_cb, self);
  self->signals[1] = g_unix_signal_add (SIGTERM, quit_signal_cb, self);

  self->settings = g_settings_new (APP_ID);
  if (problem != NULL)
    tell_problem (self, problem);
  self->node = rt_node_new ();
  self->demo = rt_demo_new (self->node);
  if (!self->in_memory)
    load_keys (self);
}

static void
load_mesh_settings (RtApplication *self)
{
  g_autoptr(RtMeshSettings) settings = rt_mesh_settings_new ();

  rt_mesh_settings_load (settings, self->settings);
  rt_node_set_settings (self->node, settings);
}

static void
tell_waiting_problems (RtApplication *self, RtWindow *window)
{
  g_auto(GStrv) problems = g_strv_builder_end (self->problems);

  for (guint i = 0; problems[i] != NULL; i++)
    rt_window_show_problem (window, _("A File Could Not Be Used"), problems[i]);
}

static RtWindow *
ensure_window (RtApplication *self, gboolean *created)
{
  RtWindow *window = get_window (self);

  *created = window == NULL;
  if (window == NULL)
    {
      window = rt_window_new (self);
      load_mesh_settings (self);
      tell_waiting_problems (self, window);
    }
  return window;
}

static gboolean
opens_at_start (RtApplication *self)
{
  return g_settings_get_boolean (self->settings, "first-run-done")
         && g_settings_get_boolean (self->settings, "open-at-start");
}

static void
show_window (RtApplication *self, gboolean demo)
{
  gboolean created;
  RtWindow *window = ensure_window (self, &created);

  gtk_window_present (GTK_WINDOW (window));
  if (demo)
    rt_demo_start (self->demo);
  else if (created && opens_at_start (self))
    gtk_widget_activate_action (GTK_WIDGET (window), "win.open-node", NULL);
}

static void
rt_application_activate (GApplication *application)
{
  show_window (RT_APPLICATION (application), FALSE);
}

static int
print_status (RtApplication *self, GApplicationCommandLine *command_line, gboolean json)
{
  g_autofree char *text = json ? rt_status_to_json (self->node) : rt_status_to_words (self->node);

  g_application_command_line_print_literal (command_line, text);
  if (json)
    g_application_command_line_print_literal (command_line, "\n");
  return rt_status_to_exit_code (self->node);
}

/* The path is the one of whoever asked, who may be in another directory. */
static void
show_certificate (RtApplication *self, GApplicationCommandLine *command_line, GVariantDict *options)
{
  g_autofree char *argument = NULL;
  g_autoptr(GFile) file = NULL;
  g_autofree char *path = NULL;

  if (!g_variant_dict_lookup (options, "certificate", "^ay", &argument))
    return;
  file = g_application_command_line_create_file_for_arg (command_line, argument);
  path = g_file_get_path (file);
  rt_certificate_dialog_open (GTK_WIDGET (get_window (self)), path != NULL ? path : argument, rt_node_get_settings (self->node));
}

/* Several windows would not help: one invitation at a time. */
static void
show_invitation (RtApplication *self, const char *link)
{
  gtk_widget_activate_action (GTK_WIDGET (get_window (self)), "win.accept-invitation", "s", link);
}

static void
show_invitation_of (RtApplication *self, GVariantDict *options)
{
  g_autofree const char **links = NULL;

  if (g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&s", &links) && links[0] != NULL)
    show_invitation (self, links[0]);
}

/* The desktop has been asked to open a link. */
static void
rt_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  RtApplication *self = RT_APPLICATION (application);
  g_autofree char *link = g_file_get_uri (files[0]);

  show_window (self, FALSE);
  show_invitation (self, link);
}

static int
rt_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  RtApplication *self = RT_APPLICATION (application);
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  gboolean remote = g_application_command_line_get_is_remote (command_line);

  if (g_variant_dict_contains (options, "status"))
    {
      if (remote)
        return print_status (self, command_line, g_variant_dict_contains (options, "json"));
      /* It ended between our looking and now. */
      return RT_STATUS_NOT_RUNNING;
    }
  if (remote && rt_options_for_own_process (options))
    {
      g_application_command_line_printerr_literal (command_line,
                                                   _("Roundtable is running already; end it first to use this option.\n"));
      return EXIT_FAILURE;
    }
  show_window (self, g_variant_dict_contains (options, "demo"));
  show_certificate (self, command_line, options);
  show_invitation_of (self, options);
  if (!remote)
    self->options = rt_options_new (self, get_window (self), options);
  return EXIT_SUCCESS;
}

static int
rt_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  RtApplication *self = RT_APPLICATION (application);
  gboolean ended = FALSE;
  int exit_status = rt_options_handle_local (options, &ended);

  if (ended)
    return exit_status;
  self->in_memory = g_variant_dict_contains (options, "screenshots");
  return -1;
}

static void
destroy_windows (RtApplication *self)
{
  GList *windows;

  while ((windows = gtk_application_get_windows (GTK_APPLICATION (self))) != NULL)
    gtk_window_destroy (windows->data);
}

/* Leaves the mesh properly: the keys are revoked. */
static void
rt_application_shutdown (GApplication *application)
{
  RtApplication *self = RT_APPLICATION (application);

  for (guint i = 0; i < G_N_ELEMENTS (self->signals); i++)
    g_clear_handle_id (&self->signals[i], g_source_remove);
  g_clear_pointer (&self->options, rt_options_free);
  destroy_windows (self);
  if (self->save != 0)
    save_keys (self);
  if (self->node != NULL)
    rt_node_close (self->node);
  if (self->demo != NULL)
    rt_demo_stop (self->demo);
  G_APPLICATION_CLASS (rt_application_parent_class)->shutdown (application);
  g_clear_handle_id (&self->save, g_source_remove);
  g_settings_sync ();
}

static void
rt_application_finalize (GObject *object)
{
  RtApplication *self = RT_APPLICATION (object);

  g_clear_object (&self->demo);
  g_clear_object (&self->node);
  g_clear_object (&self->settings);
  g_clear_object (&self->key_store);
  g_strv_builder_unref (self->problems);
  G_OBJECT_CLASS (rt_application_parent_class)->finalize (object);
}

static void
rt_application_class_init (RtApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = rt_application_finalize;
  application_class->startup = rt_application_startup;
  application_class->activate = rt_application_activate;
  application_class->open = rt_application_open;
  application_class->command_line = rt_application_command_line;
  application_class->handle_local_options = rt_application_handle_local_options;
  application_class->shutdown = rt_application_shutdown;
}

static void
rt_application_init (RtApplication *self)
{
  self->problems = g_strv_builder_new ();
  rt_options_add_to (G_APPLICATION (self));
}

RtApplication *
rt_application_new (void)
{
  return g_object_new (RT_TYPE_APPLICATION,
                       "application-id", APP_ID,
                       "resource-base-path", "/io/github/roundtable_drt/Roundtable",
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_HANDLES_OPEN,
                       NULL);
}

RtNode *
rt_application_get_node (RtApplication *self)
{
  g_return_val_if_fail (RT_IS_APPLICATION (self), NULL);
  return self->node;
}

RtDemo *
rt_application_get_demo (RtApplication *self)
{
  g_return_val_if_fail (RT_IS_APPLICATION (self), NULL);
  return self->demo;
}

GSettings *
rt_application_get_settings (RtApplication *self)
{
  g_return_val_if_fail (RT_IS_APPLICATION (self), NULL);
  return self->settings;
}

void
rt_application_end (RtApplication *self, int exit_status)
{
  g_return_if_fail (RT_IS_APPLICATION (self));
  self->exit_status = exit_status;
  g_application_quit (G_APPLICATION (self));
}

int
rt_application_get_exit_status (RtApplication *self)
{
  g_return_val_if_fail (RT_IS_APPLICATION (self), EXIT_FAILURE);
  return self->exit_status;
}
