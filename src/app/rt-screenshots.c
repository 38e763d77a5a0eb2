/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-screenshots.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "rt-certificate-dialog.h"
#include "rt-key-details-dialog.h"
#include "rt-snapshot.h"

/* What has not happened by then does not happen any more. */
#define STEP_TIMEOUT   (60 * G_USEC_PER_SEC)
#define POLL_INTERVAL  100 /* milliseconds */
#define TRAFFIC_SAMPLES 20
#define SEARCH_TIMEOUT 10000 /* milliseconds */

typedef enum
{
  PHASE_JOIN,        /* until the demo mesh is there */
  PHASE_FILL,        /* until searches and keys are */
  PHASE_MESH,        /* pictures of it */
  PHASE_ALONE_WAIT,
  PHASE_ALONE,
  PHASE_CLOSED,
  PHASE_FIRST_START,
  PHASE_END,
} Phase;

/* One look at the window. */
typedef struct
{
  const char *suffix;
  AdwColorScheme scheme;
  int width;
  int height;
} Pass;

static const Pass passes[] = {
  { "light", ADW_COLOR_SCHEME_FORCE_LIGHT, 1000, 700 },
  { "dark", ADW_COLOR_SCHEME_FORCE_DARK, 1000, 700 },
  { "narrow", ADW_COLOR_SCHEME_FORCE_LIGHT, 360, 720 },
};

struct _RtScreenshots
{
  GObject parent_instance;

  RtApplication *application;  /* borrowed: owns us */
  RtWindow *window;            /* borrowed: lives as long */
  RtNode *node;
  char *directory;

  Phase phase;
  gint64 deadline;
  guint poll;
  guint pass;
  guint shot;
  GtkWindow *target;           /* borrowed: what is on the picture */
  guint n_retries;
};

G_DEFINE_FINAL_TYPE (RtScreenshots, rt_screenshots, G_TYPE_OBJECT)

typedef struct
{
  const char *name;
  Phase phase;
  void (*prepare) (RtScreenshots *self, const char *name);
} Shot;

static void
fail (RtScreenshots *self, const char *message)
{
  g_printerr ("%s\n", message);
  rt_application_end (self->application, EXIT_FAILURE);
}

static void
prepare_page (RtScreenshots *self, const char *name)
{
  rt_window_show_page (self->window, name);
}

static void
prepare_overview (RtScreenshots *self, const char *name)
{
  rt_window_show_page (self->window, "overview");
}

static void
prepare_register (RtScreenshots *self, const char *name)
{
  rt_window_show_page (self->window, "keys");
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.register-key", NULL);
}

static void
prepare_key_details (RtScreenshots *self, const char *name)
{
  g_autoptr(RtRegistration) registration = g_list_model_get_item (rt_node_get_registrations (self->node), 0);

  rt_window_show_page (self->window, "keys");
  adw_dialog_present (rt_key_details_dialog_new (self->node, registration), GTK_WIDGET (self->window));
}

static void
prepare_settings (RtScreenshots *self, const char *name)
{
  rt_window_show_page (self->window, "overview");
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.mesh-settings", NULL);
}

/* Of an authority that signed itself, as settings have it. */
static RtMeshSettings *
create_settings (PCCERT_CONTEXT root)
{
  g_autofree char *pem = drt_certificate_to_pem (root, DRT_CERTIFICATE_ALONE, NULL, NULL);
  g_autofree char *path = NULL;
  g_autoptr(RtCertificateFile) file = NULL;
  RtMeshSettings *settings = rt_mesh_settings_new ();
  int descriptor = g_file_open_tmp ("roundtable-XXXXXX.pem", &path, NULL);

  if (descriptor == -1)
    return settings;
  close (descriptor);
  if (g_file_set_contents (path, pem, -1, NULL))
    file = rt_certificate_file_new (path, RT_CERTIFICATE_FILE_CERTIFICATE);
  g_unlink (path);
  if (file != NULL)
    rt_mesh_settings_set_file (settings, RT_MESH_ROOT, file);
  return settings;
}

/* One that is not accepted shows more. */
static void
prepare_certificate (RtScreenshots *self, const char *name)
{
  const DrtCertificateRequest ours = { .name = "Reading room", .algorithm = DRT_KEY_ALGORITHM_ED25519 };
  const DrtCertificateRequest theirs = { .name = "Another mesh", .algorithm = DRT_KEY_ALGORITHM_ED25519 };
  const DrtCertificateRequest member = { .name = "alice", .algorithm = DRT_KEY_ALGORITHM_ED25519, .days = 20 };
  PCCERT_CONTEXT root = drt_certificate_new_authority (&ours, NULL);
  PCCERT_CONTEXT other = drt_certificate_new_authority (&theirs, NULL);
  PCCERT_CONTEXT certificate = drt_certificate_issue (other, &member, NULL);
  g_autoptr(RtMeshSettings) settings = create_settings (root);
  g_autoptr(RtChain) chain = rt_chain_new_for_certificate (certificate, "alice.pem", settings);

  rt_window_show_page (self->window, "neighbours");
  adw_dialog_present (rt_certificate_dialog_new (chain), GTK_WIDGET (self->window));
  drt_certificate_unref (certificate);
  drt_certificate_unref (other);
  drt_certificate_unref (root);
}

static void
prepare_about (RtScreenshots *self, const char *name)
{
  rt_window_show_page (self->window, "overview");
  g_action_group_activate_action (G_ACTION_GROUP (self->application), "about", NULL);
}

static void
prepare_shortcuts (RtScreenshots *self, const char *name)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.show-help-overlay", NULL);
  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (g_str_equal (G_OBJECT_TYPE_NAME (window), "GtkShortcutsWindow"))
        self->target = window;
    }
}

static void
prepare_first_start (RtScreenshots *self, const char *name)
{
  rt_window_show_first_start (self->window, TRUE);
}

static const Shot shots[] = {
  { "overview", PHASE_MESH, prepare_page },
  { "ring", PHASE_MESH, prepare_page },
  { "neighbours", PHASE_MESH, prepare_page },
  { "keys", PHASE_MESH, prepare_page },
  { "search", PHASE_MESH, prepare_page },
  { "key-details", PHASE_MESH, prepare_key_details },
  { "register-key", PHASE_MESH, prepare_register },
  { "mesh-settings", PHASE_MESH, prepare_settings },
  { "certificate", PHASE_MESH, prepare_certificate },
  { "about", PHASE_MESH, prepare_about },
  { "shortcuts", PHASE_MESH, prepare_shortcuts },
  { "overview-alone", PHASE_ALONE, prepare_overview },
  { "overview-closed", PHASE_CLOSED, prepare_overview },
  { "first-start", PHASE_FIRST_START, prepare_first_start },
};

static RtRegistration *
register_key (RtScreenshots *self, const char *name, const char *payload)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (payload, strlen (payload));
  DrtKey key;

  drt_key_from_text (&key, name);
  return rt_node_register_transient (self->node, &key, bytes, name, NULL);
}

/* What makes the pages worth looking at. */
static void
fill (RtScreenshots *self)
{
  GListModel *neighbours = rt_node_get_neighbours (self->node);
  g_autoptr(RtNeighbour) chosen = g_list_model_get_item (neighbours, 5);
  DrtKey key;

  register_key (self, "Reading room", "coap://[2001:db8::17]:5683/lamp");
  register_key (self, "Weather station", "{ \"temperature\": 21.5, \"humidity\": 48 }");
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.select-neighbour", "s", rt_neighbour_get_key_text (chosen));
  drt_key_from_text (&key, "Nearest to this");
  rt_node_search (self->node, &key, RT_SEARCH_NEAREST, NULL, SEARCH_TIMEOUT, NULL);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.search-key", "s", rt_neighbour_get_key_text (chosen));
}

static gboolean
all_registered (RtScreenshots *self)
{
  GListModel *registrations = rt_node_get_registrations (self->node);
  guint n_items = g_list_model_get_n_items (registrations);

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(RtRegistration) registration = g_list_model_get_item (registrations, i);

      if (rt_registration_get_state (registration) != RT_REGISTRATION_REGISTERED)
        return FALSE;
    }
  return n_items > 0;
}

static gboolean
all_searched (RtScreenshots *self)
{
  GListModel *searches = rt_node_get_searches (self->node);

  for (guint i = 0; i < g_list_model_get_n_items (searches); i++)
    {
      g_autoptr(RtSearch) search = g_list_model_get_item (searches, i);

      if (rt_search_get_state (search) == RT_SEARCH_RUNNING)
        return FALSE;
    }
  return TRUE;
}

static void
open_alone (RtScreenshots *self)
{
  g_autoptr(RtMeshSettings) settings = rt_mesh_settings_new ();
  g_autoptr(GError) error = NULL;

  g_object_set (settings, "loopback-only", TRUE, "bootstrap-kind", RT_BOOTSTRAP_NONE, NULL);
  if (!rt_node_open (self->node, settings, &error))
    fail (self, error->message);
}

static void take_next (RtScreenshots *self);
static void enter (RtScreenshots *self, Phase phase);

/* Whether what the phase waits for has happened. */
static gboolean
is_there (RtScreenshots *self)
{
  switch (self->phase)
    {
    case PHASE_JOIN:
      return rt_node_get_state (self->node) == RT_NODE_ACTIVE
             && g_list_model_get_n_items (rt_node_get_neighbours (self->node)) >= RT_DEMO_NODES
             && all_registered (self);
    case PHASE_FILL:
      return all_registered (self) && all_searched (self)
             && rt_traffic_get_n_samples (rt_node_get_traffic (self->node)) >= TRAFFIC_SAMPLES;
    case PHASE_ALONE_WAIT:
      return rt_node_get_state (self->node) == RT_NODE_ALONE;
    default:
      return TRUE;
    }
}

static gboolean
poll_cb (gpointer data)
{
  RtScreenshots *self = RT_SCREENSHOTS (data);

  if (is_there (self))
    {
      self->poll = 0;
      enter (self, self->phase + 1);
      return G_SOURCE_REMOVE;
    }
  if (g_get_monotonic_time () < self->deadline)
    return G_SOURCE_CONTINUE;
  self->poll = 0;
  fail (self, _("The mesh was not ready for its pictures in time"));
  return G_SOURCE_REMOVE;
}

static void
enter (RtScreenshots *self, Phase phase)
{
  self->phase = phase;
  self->pass = 0;
  self->shot = 0;
  switch (phase)
    {
    case PHASE_JOIN:
    case PHASE_FILL:
    case PHASE_ALONE_WAIT:
      if (phase == PHASE_FILL)
        fill (self);
      else if (phase == PHASE_ALONE_WAIT)
        open_alone (self);
      self->deadline = g_get_monotonic_time () + STEP_TIMEOUT;
      self->poll = g_timeout_add (POLL_INTERVAL, poll_cb, self);
      break;
    case PHASE_CLOSED:
      rt_node_close (self->node);
      take_next (self);
      break;
    case PHASE_END:
      rt_application_end (self->application, EXIT_SUCCESS);
      break;
    case PHASE_MESH:
    case PHASE_ALONE:
    case PHASE_FIRST_START:
    default:
      take_next (self);
      break;
    }
}

static void
put_away (RtScreenshots *self)
{
  AdwDialog *dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self->window));

  if (dialog != NULL)
    adw_dialog_force_close (dialog);
  if (self->target != GTK_WINDOW (self->window))
    gtk_window_close (self->target);
}

/* A window manager may take its time, or know better. */
static gboolean
has_size (RtScreenshots *self, const Pass *pass)
{
  return gtk_widget_get_width (GTK_WIDGET (self->window)) == pass->width
         && gtk_widget_get_height (GTK_WIDGET (self->window)) == pass->height;
}

static void
settled_cb (GtkWindow *window, gpointer data)
{
  RtScreenshots *self = RT_SCREENSHOTS (data);
  const Pass *pass = &passes[self->pass];
  g_autofree char *name = g_strdup_printf ("%s-%s.png", shots[self->shot].name, pass->suffix);
  g_autofree char *path = g_build_filename (self->directory, name, NULL);
  g_autoptr(GError) error = NULL;

  if (!has_size (self, pass) && self->n_retries++ < 10)
    {
      rt_snapshot_settled (window, settled_cb, self);
      return;
    }
  if (!rt_snapshot_save (window, path, &error))
    {
      fail (self, error->message);
      return;
    }
  g_print ("%s\n", path);
  put_away (self);
  self->shot++;
  take_next (self);
}

static void
take (RtScreenshots *self)
{
  const Pass *pass = &passes[self->pass];
  const Shot *shot = &shots[self->shot];

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), pass->scheme);
  gtk_window_set_default_size (GTK_WINDOW (self->window), pass->width, pass->height);
  self->target = GTK_WINDOW (self->window);
  self->n_retries = 0;
  shot->prepare (self, shot->name);
  /* The border that windows have where nothing draws a shadow. */
  gtk_widget_remove_css_class (GTK_WIDGET (self->target), "solid-csd");
  /* As a person sees it who works with it, with or without a window manager. */
  gtk_widget_unset_state_flags (GTK_WIDGET (self->target), GTK_STATE_FLAG_BACKDROP);
  gtk_window_set_focus_visible (self->target, FALSE);
  rt_snapshot_settled (self->target, settled_cb, self);
}

/* All pages in one look, then in the next one, then the next phase. */
static void
take_next (RtScreenshots *self)
{
  for (; self->pass < G_N_ELEMENTS (passes); self->pass++, self->shot = 0)
    for (; self->shot < G_N_ELEMENTS (shots); self->shot++)
      if (shots[self->shot].phase == self->phase)
        {
          take (self);
          return;
        }
  enter (self, self->phase + 1);
}

static void
rt_screenshots_dispose (GObject *object)
{
  RtScreenshots *self = RT_SCREENSHOTS (object);

  g_clear_handle_id (&self->poll, g_source_remove);
  g_clear_object (&self->node);
  g_clear_pointer (&self->directory, g_free);
  G_OBJECT_CLASS (rt_screenshots_parent_class)->dispose (object);
}

static void
rt_screenshots_class_init (RtScreenshotsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rt_screenshots_dispose;
}

static void
rt_screenshots_init (RtScreenshots *self)
{
}

/**
 * rt_screenshots_new:
 * @window: shown
 * @directory: where the pictures go; made where it is missing
 *
 * Starts at once, and ends the application: with 0 when all pictures were written.
 */
RtScreenshots *
rt_screenshots_new (RtApplication *application, RtWindow *window, const char *directory)
{
  RtScreenshots *self = g_object_new (RT_TYPE_SCREENSHOTS, NULL);

  self->application = application;
  self->window = window;
  self->node = g_object_ref (rt_application_get_node (application));
  self->directory = g_strdup (directory);
  self->target = GTK_WINDOW (window);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  if (g_mkdir_with_parents (directory, 0755) != 0)
    {
      g_autofree char *message = g_strdup_printf (_("The directory %s could not be made: %s"), directory, g_strerror (errno));

      fail (self, message);
      return self;
    }
  rt_demo_start (rt_application_get_demo (application));
  enter (self, PHASE_JOIN);
  return self;
}
