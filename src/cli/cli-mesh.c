/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli-instance.h"
#include "cli-mesh-authority.h"
#include "cli-output.h"
#include "cli-quit.h"
#include "cli-revoke-watch.h"

#define MAX_NODES         2000
#define MAX_KEYS_PER_NODE 64
#define MAX_KEYS          20000
#define N_BOOTSTRAP       3      /* earlier nodes that a new one is told */
#define MAX_JOINING       8      /* nodes on their way in at the same time */
#define PATIENCE          60     /* seconds until a mesh that does not get ready says so */
#define FILES_PER_NODE    8      /* descriptors: socket, events, and some to spare */
#define FILES_BESIDE      64

typedef struct _Mesh Mesh;

typedef struct
{
  Mesh *mesh;
  CliInstance instance;
  guint index;
  GPtrArray *certificates;    /* PCCERT_CONTEXT, of each key; the first is the node's own */
  gboolean has_status;
  DRT_STATUS status;
} MeshNode;

/* Real nodes in one process, on ::1 and one main context. */
struct _Mesh
{
  CliSettings settings;
  PCCERT_CONTEXT authority;   /* issues for all nodes; NULL: the null provider */
  guint n_nodes;
  guint n_keys;           /* of each node */
  gboolean json;
  const char *seed;       /* NULL: keys are random */
  GRand *random;          /* who is told whom; no secret */
  GPtrArray *nodes;       /* MeshNode, those opened */
  guint n_active;
  guint n_settled;        /* have had a status */
  gboolean ready;
  gboolean failed;
  guint open_source;
  guint patience_source;
  GMainLoop *loop;
};

static void
mesh_node_free (MeshNode *node)
{
  cli_instance_close (&node->instance);
  g_ptr_array_unref (node->certificates);
  g_free (node);
}

static void
mesh_node_get_endpoint (const MeshNode *node,
                        DrtEndpoint    *endpoint)
{
  *endpoint = (DrtEndpoint) { .address = in6addr_loopback, .port = node->instance.port };
}

static void
mesh_tell_key (Mesh                  *mesh,
               MeshNode              *node,
               const CliRegistration *registration)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (registration->payload, &length);
  char key[DRT_KEY_HEX_LENGTH + 1];
  char endpoint_text[DRT_ENDPOINT_TEXT_SIZE];
  g_autofree char *payload = NULL;
  DrtEndpoint endpoint;

  mesh_node_get_endpoint (node, &endpoint);
  if (mesh->json)
    {
      JsonBuilder *builder = cli_json_begin ("node");

      cli_json_add_endpoint (builder, "endpoint", &endpoint);
      cli_json_add_key (builder, "key", &registration->key);
      cli_json_add_payload (builder, bytes, length);
      cli_json_end (builder);
      return;
    }
  drt_endpoint_format (&endpoint, endpoint_text);
  drt_key_format (&registration->key, key);
  payload = cli_payload_to_text (bytes, length);
  cli_print ("%-13s  %s  %s\n", endpoint_text, key, payload);
}

static void
mesh_tell_ready (Mesh *mesh)
{
  if (mesh->json)
    {
      JsonBuilder *builder = cli_json_begin ("ready");

      cli_json_add_int (builder, "nodes", mesh->n_nodes);
      cli_json_end (builder);
    }
  else if (mesh->n_nodes == 1)
    cli_print ("Ready: one node, alone until others join it. Ctrl+C ends it.\n");
  else
    cli_print ("Ready: all %u nodes are Active. Ctrl+C ends them.\n", mesh->n_nodes);
}

static void
mesh_tell_status (Mesh       *mesh,
                  MeshNode   *node,
                  DRT_STATUS  status)
{
  DrtEndpoint endpoint;
  char text[DRT_ENDPOINT_TEXT_SIZE];

  mesh_node_get_endpoint (node, &endpoint);
  if (mesh->json)
    {
      JsonBuilder *builder = cli_json_begin ("status");

      cli_json_add_endpoint (builder, "endpoint", &endpoint);
      cli_json_add_string (builder, "status", cli_status_to_name (status));
      cli_json_end (builder);
      return;
    }
  drt_endpoint_format (&endpoint, text);
  cli_print ("%-13s  %s\n", text, cli_status_to_words (status));
}

static gboolean mesh_open_cb (gpointer data);

static void
status_cb (gpointer                 data,
           const DrtObservedStatus *status)
{
  MeshNode *node = data;
  Mesh *mesh = node->mesh;

  cli_instance_capture_status (&node->instance, status);
  if (status->bootstrapping || (node->has_status && node->status == status->status))
    return;
  if (!node->has_status)
    mesh->n_settled++;
  if (node->has_status && node->status == DRT_ACTIVE)
    mesh->n_active--;
  if (status->status == DRT_ACTIVE)
    mesh->n_active++;
  node->has_status = TRUE;
  node->status = status->status;

  if (mesh->ready || (status->status != DRT_ACTIVE && status->status != DRT_ALONE))
    mesh_tell_status (mesh, node, status->status);
  if (status->status == DRT_FAULTED)
    {
      cli_report_code ("a node faulted", status->fault, NULL);
      mesh->failed = TRUE;
      g_main_loop_quit (mesh->loop);
    }
  if (!mesh->ready && mesh->open_source == 0)
    mesh->open_source = g_idle_add (mesh_open_cb, mesh);
}

/* A few of the nodes there are, none twice. */
static GStrv
mesh_choose_bootstrap (Mesh *mesh)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint wanted = MIN (N_BOOTSTRAP, mesh->nodes->len);

  for (guint i = 0; i < mesh->nodes->len && wanted > 0; i++)
    {
      const MeshNode *node = mesh->nodes->pdata[i];

      if ((guint) g_rand_int_range (mesh->random, 0, mesh->nodes->len - i) >= wanted)
        continue;
      g_strv_builder_take (builder, g_strdup_printf ("[::1]:%u", node->instance.port));
      wanted--;
    }
  return g_strv_builder_end (builder);
}

static void
message_cb (gpointer                  data,
            const DrtObservedMessage *message)
{
  MeshNode *node = data;

  cli_instance_capture_message (&node->instance, message);
}

/* A certificate for each key of a node. */
static gboolean
mesh_issue (Mesh     *mesh,
            MeshNode *node)
{
  CliCredentials *credentials = &mesh->settings.credentials;

  for (guint i = 0; i < mesh->n_keys; i++)
    {
      g_autofree char *name = i == 0 ? g_strdup_printf ("node %u", node->index + 1)
                                     : g_strdup_printf ("node %u, key %u", node->index + 1, i + 1);
      PCCERT_CONTEXT certificate = cli_mesh_authority_issue (mesh->authority, name);

      if (certificate == NULL)
        return FALSE;
      g_ptr_array_add (node->certificates, (gpointer) certificate);
    }
  if (credentials->local != NULL)
    drt_certificate_unref (credentials->local);
  credentials->local = drt_certificate_ref (node->certificates->pdata[0]);
  return TRUE;
}

static void
mesh_choose_key (Mesh            *mesh,
                 MeshNode        *node,
                 guint            index,
                 CliRegistration *registration)
{
  if (mesh->authority != NULL)
    cli_registration_set_derived (registration, node->certificates->pdata[index]);
  else if (mesh->seed != NULL)
    {
      g_autofree char *text = g_strdup_printf ("%s %u %u", mesh->seed, node->index, index);

      drt_key_from_text (&registration->key, text);
    }
  else
    cli_random_key (&registration->key);
}

static gboolean
mesh_register_key (Mesh     *mesh,
                   MeshNode *node,
                   guint     index)
{
  CliRegistration registration = { 0 };
  g_autofree char *payload = mesh->n_keys == 1
    ? g_strdup_printf ("node %u", node->index + 1)
    : g_strdup_printf ("node %u, key %u", node->index + 1, index + 1);
  gboolean registered;

  mesh_choose_key (mesh, node, index, &registration);
  registration.payload = g_bytes_new (payload, strlen (payload));

  registered = cli_instance_register (&node->instance, &registration);
  if (registered)
    mesh_tell_key (mesh, node, &registration);
  cli_registration_clear (&registration);
  return registered;
}

static gboolean
mesh_open_node (Mesh *mesh)
{
  static const DrtObserver observer = { .status = status_cb, .message = message_cb };
  MeshNode *node = g_new0 (MeshNode, 1);

  g_clear_pointer (&mesh->settings.bootstrap, g_strfreev);
  mesh->settings.bootstrap = mesh_choose_bootstrap (mesh);

  node->mesh = mesh;
  node->index = mesh->nodes->len;
  node->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_certificate_unref);
  g_ptr_array_add (mesh->nodes, node);
  if (mesh->authority != NULL && !mesh_issue (mesh, node))
    return FALSE;
  if (!cli_instance_open (&node->instance, &mesh->settings))
    return FALSE;
  for (guint i = 0; i < mesh->n_keys; i++)
    if (!mesh_register_key (mesh, node, i))
      return FALSE;
  return drt_observe (node->instance.drt, &observer, node) == S_OK;
}

/* The first node is alone until the second has come: it does not hold the others up. */
static gboolean
mesh_is_ready (const Mesh *mesh)
{
  if (mesh->nodes->len < mesh->n_nodes)
    return FALSE;
  return mesh->n_nodes == 1 ? mesh->n_settled == 1 : mesh->n_active == mesh->n_nodes;
}

/* Opens as many nodes as may join at once; called again when one has a status. */
static gboolean
mesh_open_cb (gpointer data)
{
  Mesh *mesh = data;

  while (mesh->nodes->len < mesh->n_nodes && mesh->nodes->len - mesh->n_settled < MAX_JOINING)
    if (!mesh_open_node (mesh))
      {
        mesh->failed = TRUE;
        g_main_loop_quit (mesh->loop);
        break;
      }

  if (!mesh->failed && !mesh->ready && mesh_is_ready (mesh))
    {
      mesh->ready = TRUE;
      g_clear_handle_id (&mesh->patience_source, g_source_remove);
      mesh_tell_ready (mesh);
    }
  mesh->open_source = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
patience_cb (gpointer data)
{
  Mesh *mesh = data;

  cli_warn ("after %d seconds %u of %u nodes are Active; still trying", PATIENCE, mesh->n_active, mesh->n_nodes);
  mesh->patience_source = 0;
  return G_SOURCE_REMOVE;
}

/* Nothing is read from the standard input but its end. */
static gboolean
stdin_cb (int          fd,
          GIOCondition condition,
          gpointer     data)
{
  Mesh *mesh = data;
  char ignored[256];
  gssize n = read (fd, ignored, sizeof ignored);

  if (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)))
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (mesh->loop);
  return G_SOURCE_REMOVE;
}

static void
revoked_cb (gpointer       data,
            DrtRevokeList *revoked)
{
  Mesh *mesh = data;

  for (guint i = 0; i < mesh->nodes->len; i++)
    {
      MeshNode *node = mesh->nodes->pdata[i];

      drt_derived_key_provider_set_revoked (node->instance.security, revoked);
    }
}

static int
mesh_run (Mesh     *mesh,
          gboolean  exit_on_eof)
{
  CliRevokeWatch *watch;
  CliQuit quit;

  mesh->loop = g_main_loop_new (NULL, FALSE);
  mesh->nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) mesh_node_free);
  mesh->random = mesh->seed != NULL ? g_rand_new_with_seed (g_str_hash (mesh->seed)) : g_rand_new ();
  cli_quit_init (&quit, mesh->loop);
  if (exit_on_eof)
    g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, stdin_cb, mesh);
  mesh->open_source = g_idle_add (mesh_open_cb, mesh);
  mesh->patience_source = g_timeout_add_seconds (PATIENCE, patience_cb, mesh);
  watch = cli_revoke_watch_new (&mesh->settings.credentials, mesh->json, revoked_cb, mesh);

  g_main_loop_run (mesh->loop);

  g_clear_handle_id (&mesh->open_source, g_source_remove);
  g_clear_handle_id (&mesh->patience_source, g_source_remove);
  g_clear_pointer (&watch, cli_revoke_watch_free);
  g_ptr_array_unref (mesh->nodes);
  g_rand_free (mesh->random);
  g_main_loop_unref (mesh->loop);
  cli_quit_clear (&quit);
  if (!mesh->failed)
    return CLI_EXIT_SUCCESS;
  return mesh->ready ? CLI_EXIT_FAULTED : CLI_EXIT_NOT_OPEN;
}

/* As many files as the nodes need, or a word on what stands against it. */
static gboolean
raise_file_limit (guint   n_nodes,
                  char  **problem)
{
  const rlim_t needed = (rlim_t) n_nodes * FILES_PER_NODE + FILES_BESIDE;
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
    return TRUE;
  if (limit.rlim_max < needed)
    {
      *problem = g_strdup_printf ("%u nodes need up to %lu open files, and the limit is %lu: ask for fewer nodes, "
                                  "or raise it (ulimit -n)",
                                  n_nodes, (gulong) needed, (gulong) limit.rlim_max);
      return FALSE;
    }
  limit.rlim_cur = needed;
  setrlimit (RLIMIT_NOFILE, &limit);
  return TRUE;
}

static gboolean
check_counts (int    n_nodes,
              int    n_keys,
              char **problem)
{
  if (n_nodes < 1 || n_nodes > MAX_NODES)
    *problem = g_strdup_printf ("--nodes is %d; it must be 1 to %d", n_nodes, MAX_NODES);
  else if (n_keys < 1 || n_keys > MAX_KEYS_PER_NODE)
    *problem = g_strdup_printf ("--keys-per-node is %d; it must be 1 to %d", n_keys, MAX_KEYS_PER_NODE);
  else if (n_nodes * n_keys > MAX_KEYS)
    *problem = g_strdup_printf ("%d nodes with %d keys each are more than %d keys", n_nodes, n_keys, MAX_KEYS);
  return *problem == NULL;
}

/* Keys of certificates are random ones. */
static int
mesh_load_authority (Mesh                        *mesh,
                     const CliCredentialsOptions *options,
                     const char                  *directory)
{
  CliSettings *settings = &mesh->settings;
  int result = cli_mesh_authority_load (&settings->credentials, options, settings->mode, &mesh->authority);

  if (result != CLI_EXIT_SUCCESS)
    return result;
  if (mesh->authority == NULL && directory != NULL)
    return cli_usage_error ("with the null provider there are no certificates to write: leave out --credentials, or see --mode and --provider");
  if (mesh->authority != NULL && mesh->seed != NULL)
    return cli_usage_error ("keys derive from certificates, which are made anew each time: --seed makes keys with --provider null only");
  return directory != NULL ? cli_mesh_authority_write (mesh->authority, settings->credentials.root, settings->mode, directory, mesh->json)
                           : CLI_EXIT_SUCCESS;
}

static int
cli_mesh_run (char **argv)
{
  g_auto (CliSettingsOptions) options = { 0 };
  g_autofree char *seed = NULL;
  g_autofree char *directory = NULL;
  int n_nodes = 16;
  int n_keys = 1;
  gboolean json = FALSE;
  gboolean exit_on_eof = FALSE;
  const GOptionEntry entries[] = {
    { "nodes", 'n', 0, G_OPTION_ARG_INT, &n_nodes, "How many nodes, 1 to 2000; without it 16", "N" },
    { "keys-per-node", 'k', 0, G_OPTION_ARG_INT, &n_keys, "Keys each node publishes, 1 to 64; without it 1", "N" },
    { "seed", 's', 0, G_OPTION_ARG_STRING, &seed, "Make the same keys for the same TEXT instead of random ones", "TEXT" },
    CLI_PROTOCOL_ENTRIES (&options),
    { "cert", 0, 0, G_OPTION_ARG_FILENAME, &options.credentials.cert,
      "The authority that issues the nodes' certificates, with its private key; without it one is made", "FILE" },
    { "root", 0, 0, G_OPTION_ARG_FILENAME, &options.credentials.root, "The root, where --cert is an authority beneath it", "FILE" },
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &options.credentials.passphrase_file,
      "Its first line opens the authority; without it you are asked", "FILE" },
    { "crl", 0, 0, G_OPTION_ARG_FILENAME, &options.credentials.crl, "The revoke list of the mesh", "FILE" },
    { "provider", 0, 0, G_OPTION_ARG_STRING, &options.credentials.provider,
      "derived (without it in the modes membership and confidential) or null, which proves and encrypts nothing", "PROVIDER" },
    { "credentials", 0, 0, G_OPTION_ARG_FILENAME, &directory, "Write root.pem and member.pem here, for others to join with", "DIR" },
    { "exit-on-eof", 0, 0, G_OPTION_ARG_NONE, &exit_on_eof, "End when the standard input does", NULL },
    CLI_CAPTURE_ENTRY (&options),
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);
  g_autofree char *problem = NULL;
  Mesh mesh = { 0 };
  int result;

  if (!cli_options_parse (&cli_command_mesh, entries,
                          "The nodes are real ones on [::1], each with a port and keys of its own.\n"
                          "They run until Ctrl+C; then their keys are revoked.\n", &words))
    return CLI_EXIT_USAGE;
  if (words[1] != NULL)
    return cli_usage_error ("“%.80s” is one word too many", words[1]);

  g_set_str (&options.scope, "loopback");
  cli_settings_init (&mesh.settings);
  if (!check_counts (n_nodes, n_keys, &problem) || !cli_settings_set (&mesh.settings, &options, &problem))
    {
      cli_settings_clear (&mesh.settings);
      return cli_usage_error ("%s", problem);
    }

  mesh.n_nodes = n_nodes;
  mesh.n_keys = n_keys;
  mesh.json = json;
  mesh.seed = seed;
  result = mesh_load_authority (&mesh, &options.credentials, directory);
  if (result == CLI_EXIT_SUCCESS && !raise_file_limit (n_nodes, &problem))
    {
      cli_warn ("%s", problem);
      result = CLI_EXIT_NOT_OPEN;
    }
  if (result == CLI_EXIT_SUCCESS)
    result = mesh_run (&mesh, exit_on_eof);
  if (mesh.authority != NULL)
    drt_certificate_unref (mesh.authority);
  cli_settings_clear (&mesh.settings);
  return result;
}

const CliCommand cli_command_mesh = {
  "mesh", NULL, "Run a mesh of many nodes on this computer until Ctrl+C", cli_mesh_run,
};
