/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "cli-instance.h"
#include "cli-node-tell.h"
#include "cli-output.h"
#include "cli-quit.h"
#include "cli-refusal.h"
#include "cli-revoke-watch.h"

#define TELL_DELAY     250   /* ms: changes that come together are told together */
#define REFUSAL_PAUSE  60    /* seconds until the same refusal of the same node is told again, to people */
#define MAX_REFUSALS   256   /* that are remembered for that */

/* The leaf set of one of our keys. */
typedef struct
{
  DrtObservedKey key;
  gboolean changed;           /* since it was told */
} NodeLeaves;

/* A node that runs until it is asked to end. */
typedef struct
{
  CliSettings *settings;
  CliInstance instance;
  gboolean json;
  GMainLoop *loop;

  gboolean opened;            /* its address has been told */
  guint n_addresses;          /* as told last */
  DrtEndpoint addresses[G_N_ELEMENTS (((DrtObservedStatus *) NULL)->addresses)];
  gboolean has_status;
  DRT_STATUS status;          /* as told last */
  gboolean faulted;
  int bootstrap_told;         /* addresses, -1 at first */
  guint n_neighbours;
  guint n_neighbours_told;
  GArray *leaves;             /* NodeLeaves */
  guint tell_source;
  GHashTable *refusals;       /* char *, whom and why, to gint64 *, when it was told */
} NodeRun;

/* Where the node is, at first and whenever that changes. */
static void
tell_addresses (NodeRun                 *run,
                const DrtObservedStatus *status)
{
  g_autoptr (GStrvBuilder) addresses = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;
  g_autofree char *joined = NULL;
  gboolean first = !run->opened;

  for (guint i = 0; i < status->n_addresses; i++)
    g_strv_builder_take (addresses, drt_endpoint_to_string (&status->addresses[i]));
  texts = g_strv_builder_end (addresses);
  run->opened = TRUE;
  run->n_addresses = status->n_addresses;
  memcpy (run->addresses, status->addresses, sizeof run->addresses);

  if (run->json)
    {
      JsonBuilder *builder = cli_json_begin (first ? "open" : "addresses");

      if (first)
        cli_json_add_int (builder, "port", run->instance.port);
      json_builder_set_member_name (builder, "endpoints");
      json_builder_begin_array (builder);
      for (guint i = 0; texts[i] != NULL; i++)
        json_builder_add_string_value (builder, texts[i]);
      json_builder_end_array (builder);
      cli_json_end (builder);
      return;
    }
  joined = texts[0] != NULL ? g_strjoinv (" ", texts) : g_strdup ("no address of the scope");
  if (first)
    cli_print_timed ("Listening on UDP port %u: %s", run->instance.port, joined);
  else
    cli_print_timed ("Addresses: %s", joined);
}

static gboolean
has_moved (const NodeRun           *run,
           const DrtObservedStatus *status)
{
  if (status->n_addresses != run->n_addresses)
    return TRUE;
  for (guint i = 0; i < run->n_addresses; i++)
    if (!drt_endpoint_equal (&status->addresses[i], &run->addresses[i]))
      return TRUE;
  return FALSE;
}

/* Of a node that is alone. */
static char *
lan_reason (const char              *name,
            const DrtObservedStatus *status)
{
  if (status->n_addresses > 0 && IN6_IS_ADDR_LOOPBACK (&status->addresses[0].address))
    return g_strdup ("this system has no global IPv6 address; name the network interface with --link");
  if (status->n_bootstrap_addresses == 0)
    return g_strdup_printf ("nobody else of the local network is known as “%s”; trying again every 10 seconds", name);
  return g_strdup_printf ("nobody answers as “%s”, at %u address%s; trying again every 10 seconds", name,
                          status->n_bootstrap_addresses, status->n_bootstrap_addresses == 1 ? "" : "es");
}

/* Why it is so, and what to do. */
static char *
status_reason (const NodeRun           *run,
               const DrtObservedStatus *status)
{
  switch (status->status)
    {
    case DRT_ACTIVE:
      return g_strdup ("connected to the mesh");
    case DRT_ALONE:
      if (run->settings->lan != NULL)
        return lan_reason (run->settings->lan, status);
      if (run->settings->bootstrap[0] == NULL)
        return g_strdup ("no --bootstrap was given; waiting for other nodes to join this one");
      if (status->n_bootstrap_addresses == 0)
        return g_strdup ("no bootstrap host has an IPv6 address; trying again every 10 seconds");
      return g_strdup_printf ("nobody answers at %u bootstrap address%s; trying again every 10 seconds",
                              status->n_bootstrap_addresses, status->n_bootstrap_addresses == 1 ? "" : "es");
    case DRT_NO_NETWORK:
      return g_strdup ("there is no IPv6 address of the scope; see “ip -6 address”, or use --scope");
    case DRT_FAULTED:
      return g_strdup_printf ("%s (0x%08X): %s", cli_code_to_name (status->fault), (guint32) status->fault,
                              drt_hresult_to_sentence (status->fault));
    default:
      return g_strdup ("");
    }
}

static void
status_cb (gpointer                 data,
           const DrtObservedStatus *status)
{
  NodeRun *run = data;
  g_autofree char *reason = NULL;

  cli_instance_capture_status (&run->instance, status);
  if (!run->opened || has_moved (run, status))
    tell_addresses (run, status);
  if (status->bootstrapping || (run->has_status && run->status == status->status))
    return;

  run->has_status = TRUE;
  run->status = status->status;
  reason = status_reason (run, status);
  if (run->json)
    {
      JsonBuilder *builder = cli_json_begin ("status");

      cli_json_add_string (builder, "status", cli_status_to_name (status->status));
      cli_json_add_string (builder, "reason", reason);
      cli_json_add_code (builder, status->fault);
      cli_json_end (builder);
    }
  else
    cli_print_timed ("%s: %s", cli_status_to_words (status->status), reason);

  if (status->status == DRT_FAULTED)
    {
      run->faulted = TRUE;
      g_main_loop_quit (run->loop);
    }
}

static void
tell_neighbours (NodeRun *run)
{
  run->n_neighbours_told = run->n_neighbours;
  if (run->json)
    {
      JsonBuilder *builder = cli_json_begin ("neighbours");

      cli_json_add_int (builder, "count", run->n_neighbours);
      cli_json_end (builder);
    }
  else
    cli_print_timed ("Neighbours: %u", run->n_neighbours);
}

static gboolean
tell_cb (gpointer data)
{
  NodeRun *run = data;

  run->tell_source = 0;
  for (guint i = 0; i < run->leaves->len; i++)
    {
      NodeLeaves *leaves = &g_array_index (run->leaves, NodeLeaves, i);

      if (leaves->changed)
        cli_node_tell_leaves (&leaves->key, run->json);
      leaves->changed = FALSE;
    }
  if (run->n_neighbours != run->n_neighbours_told)
    tell_neighbours (run);
  return G_SOURCE_REMOVE;
}

static void
tell_soon (NodeRun *run)
{
  if (run->tell_source == 0)
    run->tell_source = g_timeout_add (TELL_DELAY, tell_cb, run);
}

static void
entry_cb (gpointer                data,
          DrtObservedChange       change,
          const DrtObservedEntry *entry)
{
  NodeRun *run = data;

  if (change == DRT_OBSERVED_CHANGED)
    return;
  if (change == DRT_OBSERVED_ADDED)
    run->n_neighbours++;
  else
    run->n_neighbours--;
  tell_soon (run);
}

static gboolean
same_leaves (const DrtObservedKey *a,
             const DrtObservedKey *b)
{
  return a->n_below == b->n_below
         && a->n_above == b->n_above
         && memcmp (a->below, b->below, a->n_below * sizeof (DrtKey)) == 0
         && memcmp (a->above, b->above, a->n_above * sizeof (DrtKey)) == 0;
}

static void
key_cb (gpointer              data,
        DrtObservedChange     change,
        const DrtObservedKey *key)
{
  NodeRun *run = data;
  NodeLeaves added = { .key = { .key = key->key } };
  guint i;

  if (change == DRT_OBSERVED_REMOVED)
    return;
  for (i = 0; i < run->leaves->len; i++)
    if (drt_key_equal (&g_array_index (run->leaves, NodeLeaves, i).key.key, &key->key))
      break;
  if (i == run->leaves->len)
    g_array_append_val (run->leaves, added);

  {
    NodeLeaves *leaves = &g_array_index (run->leaves, NodeLeaves, i);

    if (key->unresolvable && !leaves->key.unresolvable)
      cli_node_tell_unresolvable (&key->key, run->json);
    leaves->changed = leaves->changed || !same_leaves (&leaves->key, key);
    leaves->key = *key;
    if (leaves->changed)
      tell_soon (run);
  }
}

static void
tell_bootstrap (NodeRun                *run,
                const DrtObservedEvent *event)
{
  if (run->json)
    {
      JsonBuilder *builder = cli_json_begin ("bootstrap");

      cli_json_add_int (builder, "addresses", event->code);
      cli_json_add_code (builder, event->hr);
      cli_json_end (builder);
    }
  else if ((run->settings->bootstrap[0] != NULL || run->settings->lan != NULL) && run->bootstrap_told != event->code)
    cli_print_timed ("Bootstrap: %d address%s", event->code, event->code == 1 ? "" : "es");
  run->bootstrap_told = event->code;
}

/* Who is refused asks again, and again. */
static gboolean
was_told_lately (NodeRun                *run,
                 const DrtObservedEvent *event)
{
  char endpoint[DRT_ENDPOINT_TEXT_SIZE] = "";
  g_autofree char *refusal = NULL;
  gint64 now = g_get_monotonic_time ();
  gint64 *told;

  if (event->has_endpoint)
    drt_endpoint_format (&event->endpoint, endpoint);
  refusal = g_strdup_printf ("%d %s %08X", event->kind, endpoint, (guint32) event->hr);
  told = g_hash_table_lookup (run->refusals, refusal);
  if (told != NULL && now - *told < REFUSAL_PAUSE * G_USEC_PER_SEC)
    return TRUE;
  if (g_hash_table_size (run->refusals) >= MAX_REFUSALS)
    g_hash_table_remove_all (run->refusals);
  g_hash_table_insert (run->refusals, g_steal_pointer (&refusal), g_memdup2 (&now, sizeof now));
  return FALSE;
}

static void
tell_refusal (NodeRun                *run,
              const DrtObservedEvent *event)
{
  g_autofree char *text = NULL;

  if (run->json)
    {
      cli_refusal_tell (event, &run->settings->credentials);
      return;
    }
  if (was_told_lately (run, event))
    return;
  text = cli_refusal_to_text (event, &run->settings->credentials);
  cli_print_timed ("%s", text);
}

static void
event_cb (gpointer                data,
          const DrtObservedEvent *event)
{
  NodeRun *run = data;

  if (run->settings->credentials.derived && cli_refusal_is (event))
    tell_refusal (run, event);
  switch (event->kind)
    {
    case DRT_OBSERVED_EVENT_KEY_ANNOUNCED:
      cli_node_tell_announced (&event->key, run->json);
      break;
    case DRT_OBSERVED_EVENT_BOOTSTRAP:
      tell_bootstrap (run, event);
      break;
    case DRT_OBSERVED_EVENT_SPLIT:
      cli_node_tell_split (event, run->json);
      break;
    default:
      break;
    }
}

static void
message_cb (gpointer                  data,
            const DrtObservedMessage *message)
{
  NodeRun *run = data;

  cli_instance_capture_message (&run->instance, message);
}

static void
tell_registered (NodeRun               *run,
                 const CliRegistration *registration)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (registration->payload, &length);
  char key[DRT_KEY_HEX_LENGTH + 1];
  g_autofree char *payload = NULL;

  if (run->json)
    {
      JsonBuilder *builder = cli_json_begin ("registered");

      cli_json_add_key (builder, "key", &registration->key);
      cli_json_add_payload (builder, bytes, length);
      cli_json_end (builder);
      return;
    }
  drt_key_format (&registration->key, key);
  payload = cli_payload_to_text (bytes, length);
  cli_print_timed ("Registered: %s %s", key, payload);
}

static void
revoked_cb (gpointer       data,
            DrtRevokeList *revoked)
{
  NodeRun *run = data;

  drt_derived_key_provider_set_revoked (run->instance.security, revoked);
  cli_credentials_check_own (&run->settings->credentials);
}

static gboolean
open_and_register (NodeRun *run,
                   GArray  *registrations)
{
  static const DrtObserver observer = {
    .status = status_cb,
    .entry = entry_cb,
    .key = key_cb,
    .event = event_cb,
    .message = message_cb,
  };

  if (!cli_instance_open (&run->instance, run->settings))
    return FALSE;
  drt_observe (run->instance.drt, &observer, run);

  for (guint i = 0; i < registrations->len; i++)
    {
      const CliRegistration *registration = &g_array_index (registrations, CliRegistration, i);

      if (!cli_instance_register (&run->instance, registration))
        return FALSE;
      tell_registered (run, registration);
    }
  if (registrations->len == 0 && !run->json)
    cli_print_timed ("No --register was given: this node searches, but nobody can find it or join through it");
  return TRUE;
}

static void
tell_closed (NodeRun *run,
             guint    n_keys)
{
  if (run->json)
    {
      JsonBuilder *builder = cli_json_begin ("closed");

      cli_json_add_int (builder, "revoked", n_keys);
      cli_json_end (builder);
    }
  else
    cli_print_timed ("Left the mesh; %u key%s revoked", n_keys, n_keys == 1 ? "" : "s");
}

static int
run_node (CliSettings *settings,
          GArray      *registrations,
          gboolean     json)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GArray) leaves = g_array_new (FALSE, FALSE, sizeof (NodeLeaves));
  g_autoptr (GHashTable) refusals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  NodeRun run = { .settings = settings, .json = json, .loop = loop, .bootstrap_told = -1, .leaves = leaves, .refusals = refusals };
  CliRevokeWatch *watch = NULL;
  CliQuit quit;
  int result = CLI_EXIT_NOT_OPEN;

  cli_quit_init (&quit, loop);
  if (open_and_register (&run, registrations))
    {
      watch = cli_revoke_watch_new (&settings->credentials, json, revoked_cb, &run);
      if (!run.faulted)
        g_main_loop_run (loop);
      result = run.faulted ? CLI_EXIT_FAULTED : CLI_EXIT_SUCCESS;
    }
  g_clear_handle_id (&run.tell_source, g_source_remove);
  g_clear_pointer (&watch, cli_revoke_watch_free);
  if (result == CLI_EXIT_SUCCESS)
    cli_node_tell_counters (run.instance.drt, settings->capture, json);
  cli_instance_close (&run.instance);
  if (result == CLI_EXIT_SUCCESS)
    tell_closed (&run, registrations->len);
  cli_quit_clear (&quit);
  return result;
}

static int
cli_node_run (char **argv)
{
  g_auto (CliSettingsOptions) options = { 0 };
  g_auto (GStrv) registers = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    CLI_PORT_ENTRY (&options),
    CLI_BOOTSTRAP_ENTRY (&options),
    CLI_LAN_ENTRY (&options),
    { "register", 'r', 0, G_OPTION_ARG_FILENAME_ARRAY, &registers,
      "Publish a key, with TEXT as its payload; may be repeated", "KEY[=TEXT]" },
    CLI_SCOPE_ENTRIES (&options),
    CLI_PROTOCOL_ENTRIES (&options),
    CLI_CREDENTIALS_ENTRIES (&options.credentials),
    CLI_CAPTURE_ENTRY (&options),
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);
  g_auto (CliSettings) settings = { 0 };
  g_autoptr (GArray) registrations = g_array_new (FALSE, FALSE, sizeof (CliRegistration));
  g_autofree char *problem = NULL;
  int result;

  if (!cli_options_parse (&cli_command_node, entries,
                          "KEY is 64 hexadecimal digits, “text:WORDS” or “random”. TEXT has 1 to 5120 bytes.\n"
                          "In a mesh with certificates (--root) KEY is “certificate”, for that of --cert, or “cert:FILE”.\n"
                          "The node runs until Ctrl+C; then its keys are revoked.\n"
                          "The revoke list is read again when its file changes.\n"
                          "With --lan and a key it is found by NAME as well. That needs Avahi.\n", &words))
    return CLI_EXIT_USAGE;
  if (words[1] != NULL)
    return cli_usage_error ("“%.80s” is one word too many", words[1]);

  cli_settings_init (&settings);
  if (!cli_settings_set (&settings, &options, &problem))
    return cli_usage_error ("%s", problem);
  result = cli_credentials_load (&settings.credentials, &options.credentials, settings.mode);
  if (result == CLI_EXIT_SUCCESS)
    result = cli_registrations_parse (registers, &settings.credentials, options.credentials.passphrase_file, registrations);
  if (result != CLI_EXIT_SUCCESS)
    return result;
  /* Through a node without keys nobody could join. */
  settings.publish = registrations->len > 0;
  for (guint i = 0; settings.unknown_hosts[i] != NULL; i++)
    cli_warn ("“%s” has no IPv6 address now; it is tried again with each bootstrap", settings.unknown_hosts[i]);

  return run_node (&settings, registrations, json);
}

const CliCommand cli_command_node = {
  "node", NULL, "Open a node and run it until Ctrl+C", cli_node_run,
};
