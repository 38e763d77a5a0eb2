/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>
#include <unistd.h>

#include <glib-unix.h>

#include "cli-instance.h"
#include "cli-output.h"
#include "cli-query.h"
#include "cli-quit.h"
#include "cli-refusal.h"

#define DEFAULT_TIMEOUT 10000    /* ms */
#define MAX_TIMEOUT     3600000
#define STEP_TIMEOUT    600000   /* ms: for who reads what each step brings */

/* A search by a node opened for it. */
typedef struct
{
  CliSettings *settings;
  CliInstance instance;
  CliQuery *query;
  GArray *registrations;      /* of CliRegistration */
  int timeout;                /* ms: to join, … */
  int search_timeout;         /* … and to search */
  gboolean json;
  gboolean no_path;
  GMainLoop *loop;

  DrtObservedStatus status;
  guint start_source;
  guint join_source;          /* the end of patience while joining */
  HANDLE event;
  HDRT_SEARCH_CONTEXT search;
  GSource *search_source;
  guint input_source;         /* --step: until Enter */
  gint64 started;             /* monotonic */
  gint64 ended;
  guint n_found;
  GArray *latencies;          /* gint64, microseconds: finer than drt.h's */
  guint n_refused;            /* whose proof this node does not accept */
  char *refusal;              /* the last of them */
  int result;                 /* CliExit */
} Search;

static void
search_end (Search *self,
            int     result)
{
  self->result = result;
  self->ended = g_get_monotonic_time ();
  g_main_loop_quit (self->loop);
}

static void
tell_result (Search                  *self,
             const DRT_SEARCH_RESULT *result)
{
  const DRT_DATA *payload = &result->registration.appData;
  const char *match = result->type == DRT_MATCH_EXACT ? "exact" : "near";
  char text[DRT_KEY_HEX_LENGTH + 1];
  g_autofree char *payload_text = NULL;
  DrtKey key;
  guint nearness;

  drt_key_from_bytes (&key, result->registration.key.pb);
  nearness = drt_key_nearness (&key, &self->query->target);
  if (self->json)
    {
      JsonBuilder *builder = cli_json_begin ("result");

      cli_json_add_string (builder, "match", match);
      cli_json_add_key (builder, "key", &key);
      cli_json_add_int (builder, "nearness", nearness);
      cli_json_add_payload (builder, payload->pb, payload->cb);
      cli_json_end (builder);
      return;
    }
  drt_key_format (&key, text);
  payload_text = cli_payload_to_text (payload->pb, payload->cb);
  cli_print ("%s %s\n", result->type == DRT_MATCH_EXACT ? "Found  " : "Nearest", text);
  cli_print ("Payload %s\n", payload_text);
  if (result->type != DRT_MATCH_EXACT)
    cli_print ("Shares the first %u of 256 bits with the key\n", nearness);
}

/* The end of the line, or of all input, is leave to go on. */
static gboolean
input_cb (int          fd,
          GIOCondition condition,
          gpointer     data)
{
  Search *self = data;
  char c = '\n';

  if (read (fd, &c, 1) == 1 && c != '\n')
    return G_SOURCE_CONTINUE;
  self->input_source = 0;
  DrtContinueSearch (self->search);
  return G_SOURCE_REMOVE;
}

/* A node has answered: its answer leads to @next. */
static void
tell_step (Search         *self,
           const DRT_DATA *next)
{
  char text[DRT_KEY_HEX_LENGTH + 1];
  DrtKey key;

  drt_key_from_bytes (&key, next->pb);
  if (self->json)
    {
      JsonBuilder *builder = cli_json_begin ("next");

      cli_json_add_key (builder, "key", &key);
      cli_json_add_int (builder, "nearness", drt_key_nearness (&key, &self->query->target));
      cli_json_end (builder);
    }
  else
    {
      drt_key_format (&key, text);
      cli_print ("Next    %s\n", text);
    }
  self->input_source = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR | G_IO_NVAL, input_cb, self);
}

/* FALSE: there is none now. */
static gboolean
take_result (Search  *self,
             HRESULT *hr)
{
  g_autofree DRT_SEARCH_RESULT *result = NULL;
  ULONG size;

  *hr = DrtGetSearchResultSize (self->search, &size);
  if (*hr != S_OK)
    return FALSE;
  result = g_malloc0 (size);
  *hr = DrtGetSearchResult (self->search, size, result);
  if (*hr != S_OK)
    return FALSE;
  if (result->type == DRT_MATCH_INTERMEDIATE)
    {
      tell_step (self, &result->registration.key);
    }
  else
    {
      self->n_found++;
      tell_result (self, result);
    }
  return TRUE;
}

static gboolean
search_event_cb (gpointer data)
{
  Search *self = data;
  HRESULT hr;

  while (take_result (self, &hr))
    ;
  if (hr == DRT_E_SEARCH_IN_PROGRESS)
    return G_SOURCE_CONTINUE;

  if (hr == DRT_E_NO_MORE || (hr == DRT_E_TIMEOUT && self->n_found > 0))
    search_end (self, self->n_found > 0 ? CLI_EXIT_SUCCESS : CLI_EXIT_NOT_FOUND);
  else
    {
      cli_report_code ("the search ended", hr,
                       hr == DRT_E_TIMEOUT ? "Give it more time with --timeout." : NULL);
      search_end (self, hr == DRT_E_TIMEOUT ? CLI_EXIT_TIMEOUT : CLI_EXIT_FAULTED);
    }
  return G_SOURCE_REMOVE;
}

static gboolean
start_search_cb (gpointer data)
{
  Search *self = data;
  HRESULT hr;

  self->start_source = 0;
  self->started = g_get_monotonic_time ();
  for (guint i = 0; i < self->registrations->len; i++)
    if (!cli_instance_register (&self->instance, &g_array_index (self->registrations, CliRegistration, i)))
      {
        search_end (self, CLI_EXIT_NOT_OPEN);
        return G_SOURCE_REMOVE;
      }
  hr = cli_query_start (self->query, self->instance.drt, self->search_timeout, self->event, &self->search);
  if (FAILED (hr))
    {
      cli_report_code ("the search could not be started", hr, NULL);
      search_end (self, CLI_EXIT_NOT_OPEN);
      return G_SOURCE_REMOVE;
    }
  self->search_source = drt_event_source_new (self->event);
  g_source_set_callback (self->search_source, search_event_cb, self, NULL);
  g_source_attach (self->search_source, NULL);
  return G_SOURCE_REMOVE;
}

static void
status_cb (gpointer                 data,
           const DrtObservedStatus *status)
{
  Search *self = data;

  self->status = *status;
  cli_instance_capture_status (&self->instance, status);
  if (status->bootstrapping || self->search != NULL)
    return;
  if (status->status == DRT_FAULTED)
    {
      cli_report_code ("the node faulted", status->fault, NULL);
      search_end (self, CLI_EXIT_FAULTED);
    }
  else if (status->status == DRT_ACTIVE && self->join_source != 0)
    {
      g_clear_handle_id (&self->join_source, g_source_remove);
      self->start_source = g_idle_add (start_search_cb, self);
    }
}

/* drt.h counts whole milliseconds, of which a loopback needs none. */
static void
lookup_cb (gpointer                 data,
           const DrtObservedLookup *lookup)
{
  Search *self = data;

  if (lookup->reason != 0 || !drt_key_equal (&lookup->target, &self->query->target))
    return;
  g_array_set_size (self->latencies, 0);
  for (guint i = 0; i < lookup->n_hops; i++)
    g_array_append_val (self->latencies, lookup->hops[i].latency);
}

static void
message_cb (gpointer                  data,
            const DrtObservedMessage *message)
{
  Search *self = data;

  cli_instance_capture_message (&self->instance, message);
}

static void
event_cb (gpointer                data,
          const DrtObservedEvent *event)
{
  Search *self = data;

  if (!cli_refusal_is (event))
    return;
  self->n_refused++;
  g_free (self->refusal);
  self->refusal = cli_refusal_to_text (event, &self->settings->credentials);
}

/* A mesh says nothing to whom it does not take for a member, not even that. */
static void
advise_on_proofs (const Search *self)
{
  const CliSettings *settings = self->settings;

  if (self->n_refused > 0)
    cli_warn ("%s", self->refusal);
  if (!settings->credentials.derived)
    cli_warn ("a mesh in the mode membership or confidential answers members only, who give --mode, --root and --cert");
  else if (settings->mode != DRT_SECURE_RESOLVE)
    cli_warn ("in the mode %s nobody answers whom he does not take for a member: see whether “drt cert check CERT --root ROOT” "
              "finds the certificate good, and whether the root is that of this mesh, and the clock right", cli_mode_to_name (settings->mode));
}

/* Somebody said that the key is his, and could not prove it to this node. */
static void
warn_of_refusals (const Search *self)
{
  DrtCounters counters;

  if (drt_get_counters (self->instance.drt, &counters) != S_OK
      || (counters.dropped[DRT_DROP_INVALID_CPA] == 0 && self->n_refused == 0))
    return;
  if (self->refusal != NULL)
    cli_warn ("%s", self->refusal);
  if (self->settings->credentials.derived)
    cli_warn ("an answer came whose proof is not accepted here: is --root the root of this mesh?");
  else
    cli_warn ("an answer came with a proof that the null provider does not understand: if this mesh has certificates, give its root with --root");
}

static gboolean
join_timeout_cb (gpointer data)
{
  Search *self = data;
  g_autofree char *hosts = g_strjoinv (", ", self->settings->bootstrap);
  const char *lan = self->settings->lan;

  self->join_source = 0;
  if (self->status.bootstrapping || self->status.status != DRT_NO_NETWORK)
    {
      if (lan != NULL)
        cli_warn ("no mesh was reached in %d ms: nobody of the local network answered as “%s”", self->timeout, lan);
      else
        cli_warn ("no mesh was reached in %d ms: nobody answered at %s", self->timeout, hosts);
      cli_warn ("take the address and the port as that node tells them, and give --scope, --mode and --protocol as the mesh has them");
      advise_on_proofs (self);
    }
  else
    cli_warn ("this system has no IPv6 address of the scope: see “ip -6 address”, or use --scope");
  search_end (self, CLI_EXIT_TIMEOUT);
  return G_SOURCE_REMOVE;
}

static void
tell_hop (Search            *self,
          guint              number,
          const DRT_ADDRESS *address,
          gint64             latency)
{
  g_autofree char *verdict = cli_flags_to_words (address->flags);
  char endpoint_text[DRT_ENDPOINT_TEXT_SIZE];
  g_autofree char *latency_text = NULL;
  DrtEndpoint endpoint;

  if (!drt_endpoint_from_sockaddr (&endpoint, (const struct sockaddr *) &address->socketAddress, sizeof address->socketAddress))
    return;
  if (self->json)
    {
      JsonBuilder *builder = cli_json_begin ("hop");

      cli_json_add_int (builder, "number", number);
      cli_json_add_endpoint (builder, "endpoint", &endpoint);
      cli_json_add_string (builder, "verdict", verdict);
      cli_json_add_int (builder, "flags", address->flags);
      cli_json_add_int (builder, "nearness", address->nearness);
      cli_json_add_int (builder, "latency_us", latency);
      cli_json_end (builder);
      return;
    }
  drt_endpoint_format (&endpoint, endpoint_text);
  latency_text = latency < 0 ? g_strdup ("–") : g_strdup_printf ("%.3f ms", latency / 1000.0);
  cli_print ("  %2u. %-16s  nearness %3d  %10s  %s\n", number, endpoint_text, address->nearness, latency_text, verdict);
}

/* The asked nodes, and the end. */
static void
tell_path (Search *self)
{
  g_autofree DRT_ADDRESS_LIST *path = NULL;
  ULONG size;

  if (FAILED (DrtGetSearchPathSize (self->search, &size)))
    return;
  path = g_malloc0 (MAX (size, sizeof *path));
  if (FAILED (DrtGetSearchPath (self->search, size, path)))
    return;

  if (!self->json)
    cli_print (path->AddressCount == 0 ? "Nobody was asked\n" : "Asked:\n");
  for (guint i = 0; i < path->AddressCount; i++)
    {
      const DRT_ADDRESS *address = &path->AddressList[i];
      gboolean finer = self->latencies->len == path->AddressCount;
      gint64 latency = finer ? g_array_index (self->latencies, gint64, i) : address->latency * G_GINT64_CONSTANT (1000);

      tell_hop (self, i + 1, address, latency);
    }
}

static void
tell_end (Search *self)
{
  gint64 elapsed = self->ended - self->started;

  if (self->json)
    {
      JsonBuilder *builder = cli_json_begin ("end");

      cli_json_add_bool (builder, "found", self->n_found > 0);
      cli_json_add_int (builder, "n_found", self->n_found);
      cli_json_add_int (builder, "elapsed_us", elapsed);
      cli_json_end (builder);
      return;
    }
  if (self->query->count > 1)
    cli_print ("%u found\n", self->n_found);
  cli_print ("Took %.3f ms\n", elapsed / 1000.0);
}

static void
search_clear (Search *self)
{
  g_clear_handle_id (&self->start_source, g_source_remove);
  g_clear_handle_id (&self->join_source, g_source_remove);
  g_clear_handle_id (&self->input_source, g_source_remove);
  if (self->search_source != NULL)
    {
      g_source_destroy (self->search_source);
      g_source_unref (self->search_source);
    }
  if (self->search != NULL)
    DrtEndSearch (self->search);
  cli_instance_close (&self->instance);
  g_clear_pointer (&self->event, drt_event_free);
  g_clear_pointer (&self->latencies, g_array_unref);
  g_clear_pointer (&self->refusal, g_free);
}

static const char *
not_found_text (const CliQuery *query)
{
  if (cli_query_is_exact (query))
    return "Not found: nobody publishes this key\n";
  return query->from == NULL && query->to == NULL ? "Nobody publishes a key\n" : "Nobody publishes a key of this range\n";
}

static int
run_search (Search *self)
{
  static const DrtObserver observer = { .status = status_cb, .event = event_cb, .lookup = lookup_cb, .message = message_cb };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  CliQuit quit;

  self->loop = loop;
  self->result = CLI_EXIT_NOT_OPEN;
  self->event = drt_event_new ();
  self->latencies = g_array_new (FALSE, FALSE, sizeof (gint64));
  cli_quit_init (&quit, loop);

  if (cli_instance_open (&self->instance, self->settings))
    {
      self->join_source = g_timeout_add (self->timeout, join_timeout_cb, self);
      drt_observe (self->instance.drt, &observer, self);
      if (self->ended == 0)
        g_main_loop_run (loop);
      if (quit.requested)
        self->result = CLI_EXIT_INTERRUPTED;
      else if (self->search != NULL)
        {
          if (self->result == CLI_EXIT_NOT_FOUND && !self->json)
            cli_print (not_found_text (self->query));
          if (self->result == CLI_EXIT_NOT_FOUND)
            warn_of_refusals (self);
          if (!self->no_path)
            tell_path (self);
          tell_end (self);
        }
    }
  search_clear (self);
  cli_quit_clear (&quit);
  return self->result;
}

static int
check_unknown_hosts (const CliSettings *settings)
{
  guint n_hosts = g_strv_length (settings->bootstrap);
  guint n_unknown = g_strv_length (settings->unknown_hosts);

  for (guint i = 0; i < n_unknown; i++)
    cli_warn ("“%s” does not exist, or has no IPv6 address", settings->unknown_hosts[i]);
  if (n_unknown < n_hosts || settings->lan != NULL)
    return CLI_EXIT_SUCCESS;
  cli_warn ("no bootstrap host is left: check the spelling, or write an address as [ADDRESS]:PORT");
  return CLI_EXIT_NOT_OPEN;
}

static int
cli_search_run (char **argv)
{
  g_auto (CliSettingsOptions) options = { 0 };
  g_auto (CliSettings) settings = { 0 };
  g_auto (CliQuery) query = { 0 };
  g_auto (GStrv) registers = NULL;
  g_autoptr (GArray) registrations = g_array_new (FALSE, FALSE, sizeof (CliRegistration));
  Search search = { .settings = &settings, .query = &query, .registrations = registrations, .timeout = G_MININT };
  const GOptionEntry entries[] = {
    CLI_BOOTSTRAP_ENTRY (&options),
    CLI_LAN_ENTRY (&options),
    CLI_QUERY_ENTRIES (&query),
    { "register", 'r', 0, G_OPTION_ARG_FILENAME_ARRAY, &registers,
      "Publish this key from the searching node meanwhile; may be repeated", "KEY[=PAYLOAD]" },
    { "timeout", 't', 0, G_OPTION_ARG_INT, &search.timeout,
      "Time to join the mesh, and again to search, in milliseconds; without it 10000", "MS" },
    CLI_PORT_ENTRY (&options),
    CLI_SCOPE_ENTRIES (&options),
    CLI_PROTOCOL_ENTRIES (&options),
    CLI_CREDENTIALS_ENTRIES (&options.credentials),
    CLI_CAPTURE_ENTRY (&options),
    { "no-path", 0, 0, G_OPTION_ARG_NONE, &search.no_path, "Do not list the nodes that were asked", NULL },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &search.json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);
  g_autofree char *problem = NULL;
  int result;

  if (!cli_options_parse (&cli_command_search, entries,
                          "KEY is 64 hexadecimal digits, “text:WORDS” or “cert:FILE”.  Without --nearest, --from, --to, --count\n"
                          "and --any only KEY itself counts.\n", &words))
    return CLI_EXIT_USAGE;
  if (words[1] == NULL || words[2] != NULL)
    return cli_usage_error ("give one KEY");
  if (options.bootstrap == NULL && options.lan == NULL)
    return cli_usage_error ("give at least one node of the mesh with --bootstrap HOST:PORT, or its name in the local network with --lan NAME");
  search.search_timeout = search.timeout != G_MININT ? search.timeout : query.step ? STEP_TIMEOUT : DEFAULT_TIMEOUT;
  if (search.timeout == G_MININT)
    search.timeout = DEFAULT_TIMEOUT;
  if (search.timeout < 1 || search.timeout > MAX_TIMEOUT)
    return cli_usage_error ("--timeout is %d; it must be 1 to %d milliseconds", search.timeout, MAX_TIMEOUT);

  cli_settings_init (&settings);
  if (!cli_query_set (&query, words[1], &problem) || !cli_settings_set (&settings, &options, &problem))
    return cli_usage_error ("%s", problem);

  result = cli_credentials_load (&settings.credentials, &options.credentials, settings.mode);
  if (result == CLI_EXIT_SUCCESS)
    result = cli_registrations_parse (registers, &settings.credentials, options.credentials.passphrase_file, registrations);
  settings.publish = registrations->len > 0;
  if (result == CLI_EXIT_SUCCESS)
    result = check_unknown_hosts (&settings);
  return result == CLI_EXIT_SUCCESS ? run_search (&search) : result;
}

const CliCommand cli_command_search = {
  "search", "KEY", "Find a key in a mesh", cli_search_run,
};
