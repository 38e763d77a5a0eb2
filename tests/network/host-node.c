/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drt-glib.h"
#include "drt-observe.h"

/*
 * host-node NAME PORT BOOTSTRAP…: the node of a host.  It publishes the key of its
 * name, and searches for the key of each line of its standard input; of one that
 * begins with "?" it tells whether it has a route entry of that key.  When the input
 * ends, it leaves the mesh.  What happens is printed as JSON.
 */

#define SEARCH_TIME 4000   /* ms */

typedef struct
{
  HDRT drt;
  GMainLoop *loop;
  GCancellable *cancellable;   /* of the input */
  gboolean input_ended;
  gboolean has_status;
  DRT_STATUS status;
  GHashTable *cache;     /* DrtKey, a set */
  GHashTable *searches;  /* HostSearch, a set */
} HostNode;

typedef struct
{
  HostNode *node;
  char *name;
  DrtKey key;
  HANDLE event;
  GSource *source;
  HDRT_SEARCH_CONTEXT context;
  gboolean found;
} HostSearch;

static void G_GNUC_PRINTF (1, 2)
tell (const char *format,
      ...)
{
  va_list arguments;

  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  putchar ('\n');
  fflush (stdout);
}

static void
expect (HRESULT     hr,
        const char *what)
{
  if (FAILED (hr))
    g_error ("%s: %s", what, drt_hresult_to_name (hr));
}

static void
status_cb (gpointer                 data,
           const DrtObservedStatus *status)
{
  static const char *const names[] = { "ACTIVE", "ALONE", "NO_NETWORK", "FAULTED" };
  static const DRT_STATUS values[] = { DRT_ACTIVE, DRT_ALONE, DRT_NO_NETWORK, DRT_FAULTED };
  HostNode *node = data;

  if (status->bootstrapping || (node->has_status && node->status == status->status))
    return;
  node->has_status = TRUE;
  node->status = status->status;
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (values[i] == status->status)
      tell ("{\"event\":\"status\",\"status\":\"%s\"}", names[i]);
}

static void
entry_cb (gpointer                data,
          DrtObservedChange       change,
          const DrtObservedEntry *entry)
{
  HostNode *node = data;

  if (change == DRT_OBSERVED_REMOVED)
    g_hash_table_remove (node->cache, &entry->key);
  else
    g_hash_table_add (node->cache, g_memdup2 (&entry->key, sizeof entry->key));
}

static void
tell_cached (HostNode   *node,
             const char *name)
{
  DrtKey key;

  drt_key_from_text (&key, name);
  tell ("{\"event\":\"cached\",\"name\":\"%s\",\"cached\":%s}", name,
        g_hash_table_contains (node->cache, &key) ? "true" : "false");
}

/* ---- Searching ----------------------------------------------------------- */

static gboolean
is_answer (const HostSearch        *search,
           const DRT_SEARCH_RESULT *result)
{
  const DRT_DATA *key = &result->registration.key;
  const DRT_DATA *payload = &result->registration.appData;

  return key->cb == DRT_KEY_SIZE && memcmp (key->pb, search->key.b, DRT_KEY_SIZE) == 0
         && payload->cb == strlen (search->name) && memcmp (payload->pb, search->name, payload->cb) == 0;
}

static void
search_free (gpointer data)
{
  HostSearch *search = data;

  g_source_destroy (search->source);
  g_source_unref (search->source);
  DrtEndSearch (search->context);
  drt_event_free (search->event);
  g_free (search->name);
  g_free (search);
}

static gboolean
search_event_cb (gpointer data)
{
  HostSearch *search = data;
  HRESULT hr;
  ULONG size;

  while ((hr = DrtGetSearchResultSize (search->context, &size)) == S_OK)
    {
      g_autofree DRT_SEARCH_RESULT *result = g_malloc0 (size);

      expect (DrtGetSearchResult (search->context, size, result), "DrtGetSearchResult");
      if (!is_answer (search, result))
        g_error ("The result for %s is not what it publishes", search->name);
      search->found = TRUE;
    }
  if (hr == DRT_E_SEARCH_IN_PROGRESS)
    return G_SOURCE_CONTINUE;

  tell ("{\"event\":\"search\",\"name\":\"%s\",\"found\":%s,\"code\":\"%s\"}", search->name,
        search->found ? "true" : "false", drt_hresult_to_name (hr));
  g_hash_table_remove (search->node->searches, search);
  return G_SOURCE_REMOVE;
}

static void
start_search (HostNode   *node,
              const char *name)
{
  HostSearch *search = g_new0 (HostSearch, 1);
  DRT_DATA key = { DRT_KEY_SIZE, search->key.b };

  search->node = node;
  search->name = g_strdup (name);
  drt_key_from_text (&search->key, name);
  search->event = drt_event_new ();
  search->source = drt_event_source_new (search->event);
  g_source_set_callback (search->source, search_event_cb, search, NULL);
  g_source_attach (search->source, NULL);
  expect (DrtStartSearch (node->drt, &key, NULL, SEARCH_TIME, search->event, NULL, &search->context), "DrtStartSearch");
  g_hash_table_add (node->searches, search);
}

static void
line_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  GDataInputStream *input = G_DATA_INPUT_STREAM (source);
  HostNode *node = data;
  g_autofree char *line = g_data_input_stream_read_line_finish (input, result, NULL, NULL);

  if (line == NULL)
    {
      node->input_ended = TRUE;
      g_main_loop_quit (node->loop);
      return;
    }
  if (line[0] == '?')
    tell_cached (node, line + 1);
  else
    start_search (node, line);
  g_data_input_stream_read_line_async (input, G_PRIORITY_DEFAULT, node->cancellable, line_cb, node);
}

/* ---- Life ---------------------------------------------------------------- */

static void
register_name (HostNode   *node,
               const char *name)
{
  DrtKey key;
  DRT_REGISTRATION registration = {
    .key = { DRT_KEY_SIZE, key.b },
    .appData = { strlen (name), (BYTE *) name },
  };
  HDRT_REGISTRATION_CONTEXT context;

  drt_key_from_text (&key, name);
  expect (DrtRegisterKey (node->drt, &registration, NULL, &context), "DrtRegisterKey");
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

static void
run (HostNode *node)
{
  g_autoptr (GInputStream) stdin_stream = g_unix_input_stream_new (0, FALSE);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (stdin_stream);

  node->loop = g_main_loop_new (NULL, FALSE);
  g_unix_signal_add (SIGTERM, quit_cb, node->loop);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, node->cancellable, line_cb, node);
  g_main_loop_run (node->loop);

  g_cancellable_cancel (node->cancellable);
  while (!node->input_ended)
    g_main_context_iteration (NULL, TRUE);
  g_main_loop_unref (node->loop);
}

int
main (int    argc,
      char **argv)
{
  static const DrtObserver observer = { .status = status_cb, .entry = entry_cb };
  g_autoptr (GPtrArray) bootstrap = g_ptr_array_new_with_free_func (g_free);
  USHORT port = (USHORT) atoi (argv[2]);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  HostNode node = {
    .cancellable = cancellable,
    .cache = g_hash_table_new_full (drt_key_hash, drt_key_equal, g_free, NULL),
    .searches = g_hash_table_new_full (NULL, NULL, search_free, NULL),
  };
  DRT_SETTINGS settings = {
    .dwSize = sizeof settings,
    .cbKey = DRT_KEY_SIZE,
    .bProtocolMajorVersion = 0x06,
    .bProtocolMinorVersion = 0x65,
    .ulMaxRoutingAddresses = 4,
    .pwzDrtInstancePrefix = (PWSTR) L"host-node",
    .eSecurityMode = DRT_SECURE_RESOLVE,
  };

  for (int i = 3; i < argc; i++)
    g_ptr_array_add (bootstrap, drt_wide_from_utf8 (argv[i]));
  expect (DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, 0, 0, &port, &settings.hTransport), "DrtCreateIpv6UdpTransport");
  expect (DrtCreateNullSecurityProvider (&settings.pSecurityProvider), "DrtCreateNullSecurityProvider");
  expect (DrtCreateListBootstrapResolver (bootstrap->len, (const PCWSTR *) bootstrap->pdata, &settings.pBootstrapProvider),
          "DrtCreateListBootstrapResolver");
  expect (drt_open_in_context (&settings, NULL, NULL, NULL, &node.drt), "drt_open_in_context");
  expect (drt_observe (node.drt, &observer, &node), "drt_observe");
  register_name (&node, argv[1]);
  tell ("{\"event\":\"open\",\"port\":%u}", port);

  run (&node);
  drt_observe (node.drt, NULL, NULL);
  g_hash_table_unref (node.searches);
  DrtClose (node.drt);
  g_hash_table_unref (node.cache);
  DrtDeleteListBootstrapResolver (settings.pBootstrapProvider);
  DrtDeleteNullSecurityProvider (settings.pSecurityProvider);
  expect (DrtDeleteIpv6UdpTransport (settings.hTransport), "DrtDeleteIpv6UdpTransport");
  return 0;
}
