/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-demo.h"

#include <drt-glib.h>
#include <errno.h>
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "rt-data-directory.h"

/* A mesh of nodes on ::1 is up in well under a second; this is for a machine that
 * is busy. */
#define START_TIMEOUT 20 /* seconds */

/* How many of its nodes our node is told. */
#define N_BOOTSTRAP 4

/* What our own node publishes in the demo, so that it has a leaf set. */
#define DEMO_TEXT "Roundtable demo"

struct _RtDemo
{
  GObject parent_instance;

  RtNode *node;
  RtDemoState state;
  RtDemoMode mode;
  char *message;

  /* While the child runs. */
  GSubprocess *child;
  GDataInputStream *lines;
  GCancellable *cancellable;
  GPtrArray *endpoints;    /* of its nodes, text */
  char *credentials;       /* directory: what our node joins with; NULL in an open one */
  guint timeout;
};

G_DEFINE_ENUM_TYPE (RtDemoState, rt_demo_state,
                    G_DEFINE_ENUM_VALUE (RT_DEMO_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (RT_DEMO_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (RT_DEMO_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (RT_DEMO_ENDED, "ended"))

G_DEFINE_ENUM_TYPE (RtDemoMode, rt_demo_mode,
                    G_DEFINE_ENUM_VALUE (RT_DEMO_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (RT_DEMO_RESOLVE, "resolve"),
                    G_DEFINE_ENUM_VALUE (RT_DEMO_MEMBERSHIP, "membership"),
                    G_DEFINE_ENUM_VALUE (RT_DEMO_CONFIDENTIAL, "confidential"))

G_DEFINE_FINAL_TYPE (RtDemo, rt_demo, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_MODE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_state (RtDemo *self, RtDemoState state, const char *message)
{
  g_set_str (&self->message, message);
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* Its private key is of no use after the demo. */
static void
remove_credentials (RtDemo *self)
{
  static const char *const files[] = { "root.pem", "member.pem", NULL };

  if (self->credentials != NULL)
    rt_data_directory_remove (self->credentials, files);
  g_clear_pointer (&self->credentials, g_free);
}

/* The child ends when its standard input does. */
static void
release_child (RtDemo *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->lines);
  if (self->child != NULL)
    g_output_stream_close (g_subprocess_get_stdin_pipe (self->child), NULL, NULL);
  g_clear_object (&self->child);
  remove_credentials (self);
}

static void
end (RtDemo *self, const char *message)
{
  release_child (self);
  set_state (self, RT_DEMO_ENDED, message);
}

/* In a mesh with certificates a key derives from one. */
static void
register_derived_key (RtDemo *self)
{
  RtCertificateFile *file = rt_mesh_settings_get_file (rt_node_get_settings (self->node), RT_MESH_LOCAL);
  g_autoptr(GBytes) payload = g_bytes_new_static (DEMO_TEXT, strlen (DEMO_TEXT));
  g_autoptr(GError) error = NULL;

  if (rt_node_register_certificate_transient (self->node, file, payload, _("Demo"), &error) == NULL
      && !g_error_matches (error, DRT_ERROR, DRT_E_DUPLICATE_KEY))
    g_message ("The demo key could not be registered: %s", error->message);
}

static void
register_demo_key (RtDemo *self)
{
  g_autoptr(GBytes) payload = g_bytes_new_static (DEMO_TEXT, strlen (DEMO_TEXT));
  g_autoptr(GError) error = NULL;
  DrtKey key;

  drt_key_from_text (&key, DEMO_TEXT);
  if (rt_node_find_registration (self->node, &key) != NULL)
    return;
  if (rt_node_register_transient (self->node, &key, payload, _("Demo"), &error) == NULL)
    g_message ("The demo key could not be registered: %s", error->message);
}

static void
set_security (RtDemo *self, RtMeshSettings *settings)
{
  g_autofree char *root = NULL;
  g_autofree char *member = NULL;

  if (self->mode == RT_DEMO_OPEN)
    return;
  root = g_build_filename (self->credentials, "root.pem", NULL);
  member = g_build_filename (self->credentials, "member.pem", NULL);
  g_object_set (settings,
                "security-provider", RT_SECURITY_PROVIDER_DERIVED_KEY,
                "security-mode", (int) self->mode - RT_DEMO_RESOLVE + RT_SECURITY_RESOLVE,
                "root-certificate", root,
                "local-certificate", member,
                NULL);
}

static gboolean
same_file (RtMeshSettings *a, RtMeshSettings *b, RtMeshFile which)
{
  RtCertificateFile *first = rt_mesh_settings_get_file (a, which);
  RtCertificateFile *second = rt_mesh_settings_get_file (b, which);

  if (first == NULL || second == NULL)
    return first == second;
  return g_strcmp0 (rt_certificate_file_get_id (first), rt_certificate_file_get_id (second)) == 0;
}

/* A certificate of another demo mesh is none of this one, nor is a key without one. */
static gboolean
same_security (RtDemo *self, RtMeshSettings *settings)
{
  RtMeshSettings *last = rt_node_get_settings (self->node);

  return rt_mesh_settings_get_security_provider (last) == rt_mesh_settings_get_security_provider (settings)
         && same_file (last, settings, RT_MESH_LOCAL);
}

static void
forget_demo_keys (RtDemo *self)
{
  GListModel *registrations = rt_node_get_registrations (self->node);

  rt_node_close (self->node);
  for (guint i = g_list_model_get_n_items (registrations); i > 0; i--)
    {
      g_autoptr(RtRegistration) registration = g_list_model_get_item (registrations, i - 1);

      if (!rt_registration_get_persistent (registration))
        rt_node_unregister (self->node, registration);
    }
}

/* Our node joins over UDP, like any other. */
static void
join (RtDemo *self)
{
  g_autoptr(RtMeshSettings) settings = rt_mesh_settings_new ();
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) list = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < MIN (self->endpoints->len, N_BOOTSTRAP); i++)
    g_strv_builder_add (builder, g_ptr_array_index (self->endpoints, i));
  list = g_strv_builder_end (builder);
  g_object_set (settings,
                "loopback-only", TRUE,
                "bootstrap-kind", RT_BOOTSTRAP_LIST,
                "bootstrap-list", list,
                NULL);
  set_security (self, settings);
  if (!same_security (self, settings))
    forget_demo_keys (self);
  if (rt_node_open (self->node, settings, &error))
    {
      if (self->mode == RT_DEMO_OPEN)
        register_demo_key (self);
      else
        register_derived_key (self);
    }
  else
    g_message ("The node could not join the demo mesh: %s", error->message);
}

static void
handle_line (RtDemo *self, const char *line)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  JsonNode *root;
  JsonObject *object;
  const char *event, *endpoint;

  if (!json_parser_load_from_data (parser, line, -1, NULL))
    return;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return;
  object = json_node_get_object (root);
  event = json_object_get_string_member_with_default (object, "event", "");
  endpoint = json_object_get_string_member_with_default (object, "endpoint", NULL);
  if (g_str_equal (event, "node") && endpoint != NULL && self->endpoints->len < RT_DEMO_NODES)
    g_ptr_array_add (self->endpoints, g_strdup (endpoint));
  else if (g_str_equal (event, "ready") && self->state == RT_DEMO_STARTING && self->endpoints->len > 0)
    {
      g_clear_handle_id (&self->timeout, g_source_remove);
      set_state (self, RT_DEMO_READY, NULL);
      join (self);
    }
}

static void
line_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(RtDemo) self = RT_DEMO (data);
  g_autoptr(GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, &error);

  if (self->lines != G_DATA_INPUT_STREAM (source) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (line == NULL)
    {
      end (self, self->state == RT_DEMO_STARTING ? _("The demo mesh could not be started") : _("The demo mesh has ended"));
      return;
    }
  handle_line (self, line);
  if (self->lines != NULL)
    g_data_input_stream_read_line_async (self->lines, G_PRIORITY_DEFAULT, self->cancellable, line_cb, g_object_ref (self));
}

static gboolean
timeout_cb (gpointer data)
{
  RtDemo *self = RT_DEMO (data);

  self->timeout = 0;
  g_subprocess_force_exit (self->child);
  end (self, _("The demo mesh did not start in time"));
  return G_SOURCE_REMOVE;
}

/* The tool beside us, in the build tree, where it is installed, or in the path. */
static char *
find_tool (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *directory = program != NULL ? g_path_get_dirname (program) : g_strdup (BINDIR);
  g_auto(GStrv) candidates = g_new0 (char *, 4);

  candidates[0] = g_build_filename (directory, "drt", NULL);
  candidates[1] = g_build_filename (directory, "..", "cli", "drt", NULL);
  candidates[2] = g_build_filename (BINDIR, "drt", NULL);
  for (guint i = 0; candidates[i] != NULL; i++)
    if (g_file_test (candidates[i], G_FILE_TEST_IS_REGULAR) && g_file_test (candidates[i], G_FILE_TEST_IS_EXECUTABLE))
      return g_strdup (candidates[i]);
  return g_find_program_in_path ("drt");
}

static gboolean
make_credentials (RtDemo *self, GError **error)
{
  g_autofree char *template = NULL;

  if (self->mode == RT_DEMO_OPEN)
    return TRUE;
  template = g_build_filename (g_get_user_runtime_dir (), "roundtable-demo-XXXXXX", NULL);
  if (g_mkdtemp_full (template, 0700) == NULL)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("The directory %s could not be made: %s."),
                   template, g_strerror (code));
      return FALSE;
    }
  self->credentials = g_steal_pointer (&template);
  return TRUE;
}

/* The mesh makes an authority of its own, which lives as long as it does. */
static GSubprocess *
spawn (RtDemo *self, const char *tool, GError **error)
{
  g_autoptr(GEnumClass) modes = g_type_class_ref (RT_TYPE_DEMO_MODE);
  g_autoptr(GPtrArray) arguments = g_ptr_array_new ();
  char nodes[16];

  if (!make_credentials (self, error))
    return NULL;
  g_snprintf (nodes, sizeof nodes, "%d", RT_DEMO_NODES);
  for (guint i = 0; i < 6; i++)
    g_ptr_array_add (arguments, (gpointer) ((const char *[]) { tool, "mesh", "--nodes", nodes, "--json", "--exit-on-eof" })[i]);
  if (self->mode != RT_DEMO_OPEN)
    {
      const char *const secure[] = {
        "--provider", "derived", "--mode", g_enum_get_value (modes, (int) self->mode)->value_nick, "--credentials", self->credentials,
      };

      for (guint i = 0; i < G_N_ELEMENTS (secure); i++)
        g_ptr_array_add (arguments, (gpointer) secure[i]);
    }
  g_ptr_array_add (arguments, NULL);
  return g_subprocess_newv ((const char *const *) arguments->pdata,
                            G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error);
}

static void
start (RtDemo *self)
{
  g_autofree char *tool = find_tool ();
  g_autoptr(GError) error = NULL;

  if (tool == NULL)
    {
      end (self, _("The program “drt”, which runs the demo mesh, is not installed"));
      return;
    }
  self->child = spawn (self, tool, &error);
  if (self->child == NULL)
    {
      end (self, error->message);
      return;
    }
  g_ptr_array_set_size (self->endpoints, 0);
  self->cancellable = g_cancellable_new ();
  self->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->child));
  self->timeout = g_timeout_add_seconds (START_TIMEOUT, timeout_cb, self);
  g_source_set_name_by_id (self->timeout, "[roundtable] start of the demo mesh");
  g_data_input_stream_read_line_async (self->lines, G_PRIORITY_DEFAULT, self->cancellable, line_cb, g_object_ref (self));
  set_state (self, RT_DEMO_STARTING, NULL);
}

/**
 * rt_demo_start_mode:
 *
 * Starts the demo mesh in a mode, where it does not run in it, and opens the node
 * on it.  How it went shows in the state.
 */
void
rt_demo_start_mode (RtDemo *self, RtDemoMode mode)
{
  g_return_if_fail (RT_IS_DEMO (self));

  if (self->mode != mode)
    {
      release_child (self);
      set_state (self, RT_DEMO_STOPPED, NULL);
      self->mode = mode;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODE]);
    }
  if (self->state == RT_DEMO_READY)
    join (self);
  else if (self->state != RT_DEMO_STARTING)
    start (self);
}

/** rt_demo_start: as rt_demo_start_mode() in the mode of the last time, at first an open one */
void
rt_demo_start (RtDemo *self)
{
  g_return_if_fail (RT_IS_DEMO (self));
  rt_demo_start_mode (self, self->mode);
}

/** rt_demo_stop: ends the child; the node stays as it is */
void
rt_demo_stop (RtDemo *self)
{
  g_return_if_fail (RT_IS_DEMO (self));
  release_child (self);
  set_state (self, RT_DEMO_STOPPED, NULL);
}

/* Whoever joins a real mesh has no use for it any more. */
static void
settings_changed_cb (RtDemo *self)
{
  if (!rt_mesh_settings_get_loopback_only (rt_node_get_settings (self->node)) && self->state != RT_DEMO_STOPPED)
    rt_demo_stop (self);
}

static void
rt_demo_dispose (GObject *object)
{
  RtDemo *self = RT_DEMO (object);

  release_child (self);
  g_clear_object (&self->node);
  G_OBJECT_CLASS (rt_demo_parent_class)->dispose (object);
}

static void
rt_demo_finalize (GObject *object)
{
  RtDemo *self = RT_DEMO (object);

  g_ptr_array_unref (self->endpoints);
  g_free (self->message);
  G_OBJECT_CLASS (rt_demo_parent_class)->finalize (object);
}

static void
rt_demo_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_MODE:  g_value_set_enum (value, (int) RT_DEMO (object)->mode); break;
    case PROP_STATE: g_value_set_enum (value, (int) RT_DEMO (object)->state); break;
    default:         G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_demo_class_init (RtDemoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = rt_demo_dispose;
  object_class->finalize = rt_demo_finalize;
  object_class->get_property = rt_demo_get_property;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, RT_TYPE_DEMO_STATE, RT_DEMO_STOPPED,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_MODE] = g_param_spec_enum ("mode", NULL, NULL, RT_TYPE_DEMO_MODE, RT_DEMO_OPEN,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rt_demo_init (RtDemo *self)
{
  self->endpoints = g_ptr_array_new_with_free_func (g_free);
}

/**
 * rt_demo_new:
 * @node: (transfer none): the node that joins it
 */
RtDemo *
rt_demo_new (RtNode *node)
{
  RtDemo *self = g_object_new (RT_TYPE_DEMO, NULL);

  self->node = g_object_ref (node);
  g_signal_connect_object (node, "notify::settings", G_CALLBACK (settings_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

RtDemoMode
rt_demo_get_mode (RtDemo *self)
{
  g_return_val_if_fail (RT_IS_DEMO (self), RT_DEMO_OPEN);
  return self->mode;
}

/** rt_demo_mode_parse: @name: as an option or an action has it; returns whether it is a mode */
gboolean
rt_demo_mode_parse (const char *name, RtDemoMode *mode)
{
  g_autoptr(GEnumClass) modes = g_type_class_ref (RT_TYPE_DEMO_MODE);
  const GEnumValue *value = g_enum_get_value_by_nick (modes, name);

  if (value == NULL)
    return FALSE;
  *mode = (RtDemoMode) value->value;
  return TRUE;
}

RtDemoState
rt_demo_get_state (RtDemo *self)
{
  g_return_val_if_fail (RT_IS_DEMO (self), RT_DEMO_STOPPED);
  return self->state;
}

/** rt_demo_get_message: (nullable): why it has ended, a translated sentence */
const char *
rt_demo_get_message (RtDemo *self)
{
  g_return_val_if_fail (RT_IS_DEMO (self), NULL);
  return self->message;
}
