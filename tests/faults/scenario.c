/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "scenario.h"

#include "drt-glib.h"

#include <string.h>

#define JOIN_TIME    (90 * G_USEC_PER_SEC)
#define SEARCH_TIME  (20 * G_USEC_PER_SEC)
#define PATIENCE     (gint64) (120 * G_USEC_PER_SEC)   /* for what was lost to be mended */
#define NO_CODE      ((HRESULT) 1)

typedef struct
{
  HDRT_TRANSPORT transport;
  USHORT port;
  OddProvider provider;
  OddBootstrap bootstrap;
  DRT_BOOTSTRAP_PROVIDER *list;   /* of the library's own, the last node's */
  HANDLE event;
  HDRT drt;
  DRT_STATUS status;
  HRESULT status_hr;
  gboolean has_status;
} Node;

static struct
{
  const FaultPlan *plan;
  FaultOutcome *outcome;
  Node nodes[SCENARIO_NODES];
  HDRT handles[SCENARIO_NODES];
  HRESULT injected;        /* into the call under way: what it has to return */
} self;

/* --- Where it fails --- */

static gboolean
is_point (FaultKind kind)
{
  guint n = ++self.outcome->n_points[kind];

  if (self.plan->at == 0 || self.plan->kind != kind || n < self.plan->at || (n > self.plan->at && !self.plan->from_then_on))
    return FALSE;
  self.outcome->n_injected++;
  return TRUE;
}

static int
send_fails (gpointer data, const guint8 *bytes, gsize length)
{
  return is_point (FAULT_SEND) ? self.plan->error : 0;
}

static int
receive_fails (gpointer data, const guint8 *bytes, gsize length)
{
  return is_point (FAULT_RECEIVE) ? self.plan->error : 0;
}

static gboolean
no_memory (gpointer data, gsize size)
{
  if (!is_point (FAULT_ALLOCATION))
    return FALSE;
  self.injected = E_OUTOFMEMORY;
  return TRUE;
}

static HRESULT
provider_fails (gpointer data, const char *function)
{
  if (!is_point (FAULT_PROVIDER))
    return S_OK;
  self.injected = DRT_E_INVALID_CERT_CHAIN;
  return self.injected;
}

/* --- Calls --- */

/* Before a call; a failure within it has to be what it returns. */
static void
begin (void)
{
  self.injected = NO_CODE;
}

static HRESULT
expect (const char *what,
        HRESULT     hr,
        HRESULT     otherwise)
{
  HRESULT expected = self.injected != NO_CODE ? self.injected : otherwise;

  if (hr != expected)
    g_error ("%s returned %s instead of %s, with fault %d at %u", what, drt_hresult_to_name (hr),
             drt_hresult_to_name (expected), self.plan->kind, self.plan->at);
  return hr;
}

/* What failed for want of memory, or of a provider, once, works when it is called again. */
#define CALL(function, ...) \
  ({ \
    HRESULT hr_; \
    begin (); \
    hr_ = expect (#function, function (__VA_ARGS__), S_OK); \
    if (FAILED (hr_)) \
      { \
        begin (); \
        hr_ = expect (#function, function (__VA_ARGS__), S_OK); \
      } \
    hr_; \
  })

/* What a verb answers where nothing fails. */
static HRESULT
expected_of (const Node *node)
{
  if (node->drt == NULL)
    return E_HANDLE;
  return node->has_status && node->status == DRT_FAULTED ? DRT_E_FAULTED : S_OK;
}

/* --- Joining --- */

static void
take_events (Node *node)
{
  ULONG size;

  while (DrtGetEventDataSize (node->drt, &size) == S_OK)
    {
      g_autofree DRT_EVENT_DATA *event = g_malloc (size);

      g_assert_cmpint (DrtGetEventData (node->drt, size, event), ==, S_OK);
      g_assert_true (event->pvContext == node);
      if (event->type != DRT_EVENT_STATUS_CHANGED)
        continue;
      node->has_status = TRUE;
      node->status = event->statusChange.status;
      node->status_hr = event->hr;
      if (node->status == DRT_FAULTED)
        {
          g_assert_true (FAILED (event->hr));
          self.outcome->faulted = TRUE;
        }
    }
}

static gboolean
all_are_active (gpointer data)
{
  gboolean all = TRUE;

  for (guint i = 0; i < SCENARIO_NODES; i++)
    {
      take_events (&self.nodes[i]);
      all = all && self.nodes[i].has_status && self.nodes[i].status == DRT_ACTIVE;
    }
  return all;
}

static gboolean
run (gint64    limit,
     gboolean (*done) (gpointer data),
     gpointer  data)
{
  gboolean reached = virtual_host_run (self.handles, SCENARIO_NODES, limit, done, data);

  for (guint i = 0; i < SCENARIO_NODES; i++)
    take_events (&self.nodes[i]);
  return reached;
}

static HRESULT
make_list (Node *node)
{
  g_autofree char *text = g_strdup_printf ("[::1]:%u", self.nodes[0].port);
  g_autofree WCHAR *wide = drt_wide_from_utf8 (text);
  PCWSTR endpoints[] = { wide };

  return DrtCreateListBootstrapResolver (1, endpoints, &node->list);
}

static void
make_node (guint i)
{
  Node *node = &self.nodes[i];
  DRT_SETTINGS settings = {
    .dwSize = sizeof settings,
    .cbKey = 32,
    .bProtocolMajorVersion = 6,
    .ulMaxRoutingAddresses = 4,
    .eSecurityMode = self.plan->mode,
  };

  if (FAILED (CALL (DrtCreateIpv6UdpTransport, DRT_GLOBAL_SCOPE, 0, 5, &node->port, &node->transport)))
    g_assert_null (node->transport);
  CALL (odd_provider_init, &node->provider, provider_fails, node);
  node->provider.dress = self.plan->dressed ? 40 : 0;
  odd_bootstrap_init (&node->bootstrap, provider_fails, node);
  node->bootstrap.fatal = self.plan->fatal;
  if (i > 0)
    odd_bootstrap_add (&node->bootstrap, self.nodes[0].port);
  if (i == SCENARIO_NODES - 1 && self.nodes[0].port != 0)
    CALL (make_list, node);
  node->event = drt_event_new ();
  if (node->transport == NULL || node->provider.null == NULL)
    return;

  settings.hTransport = node->transport;
  settings.pSecurityProvider = &node->provider.table;
  settings.pBootstrapProvider = node->list != NULL ? node->list : &node->bootstrap.table;
  CALL (drt_open_in_context, &settings, node->event, node, virtual_host.context, &node->drt);
  self.handles[i] = node->drt;
}

/* --- Keys and searches --- */

static void
make_key (guint8 number,
          BYTE   bytes[32])
{
  memset (bytes, 0, 32);
  bytes[31] = (BYTE) (number * 60);
}

static HRESULT
register_key (Node                      *node,
              guint8                     number,
              HDRT_REGISTRATION_CONTEXT *handle)
{
  BYTE key[32], payload[] = "first";
  DRT_REGISTRATION registration = { { sizeof key, key }, { sizeof payload, payload } };
  HRESULT hr;

  make_key (number, key);
  begin ();
  hr = expect ("DrtRegisterKey", DrtRegisterKey (node->drt, &registration, NULL, handle), expected_of (node));
  if (self.injected == NO_CODE || SUCCEEDED (hr))
    return hr;
  begin ();
  return expect ("DrtRegisterKey", DrtRegisterKey (node->drt, &registration, NULL, handle), expected_of (node));
}

static HRESULT
update_key (HDRT_REGISTRATION_CONTEXT handle)
{
  BYTE payload[] = "second";
  DRT_DATA data = { sizeof payload, payload };

  return DrtUpdateKey (handle, &data);
}

static HRESULT
start_search (Node                *node,
              guint8               number,
              gboolean             iterative,
              HDRT_SEARCH_CONTEXT *search)
{
  BYTE key[32], low[32], high[32];
  DRT_DATA target = { 32, key }, minimum = { 32, low }, maximum = { 32, high };
  DRT_SEARCH_INFO info = { sizeof info, iterative, FALSE, FALSE, 1, &maximum, &minimum };

  make_key (number, key);
  memset (low, 0, 32);
  memset (high, 0xff, 32);
  return DrtStartSearch (node->drt, &target, iterative ? &info : NULL, SEARCH_TIME / 1000, node->event, node, search);
}

/* Whether the search is over, or has something to fetch. */
static gboolean
has_result (gpointer data)
{
  ULONG size;

  return DrtGetSearchResultSize (data, &size) != DRT_E_SEARCH_IN_PROGRESS;
}

/* The next result's payload, NULL where there is none or the hop of an iterative
 * search, which goes on. */
static HRESULT
fetch (HDRT_SEARCH_CONTEXT  search,
       char               **payload)
{
  g_autofree DRT_SEARCH_RESULT *result = NULL;
  ULONG size = 0;
  HRESULT hr;

  *payload = NULL;
  run (SEARCH_TIME + G_USEC_PER_SEC, has_result, search);
  hr = DrtGetSearchResultSize (search, &size);
  if (hr != S_OK)
    {
      if (hr != DRT_E_NO_MORE && hr != DRT_E_TIMEOUT && hr != DRT_E_FAULTED && hr != E_OUTOFMEMORY)
        g_error ("A search ends with %s, with fault %d at %u%s", drt_hresult_to_name (hr), self.plan->kind, self.plan->at,
                 self.plan->from_then_on ? " and all that follow" : "");
      return hr;
    }
  result = g_malloc (size);
  g_assert_cmpint (DrtGetSearchResult (search, size, result), ==, S_OK);
  if (result->type == DRT_MATCH_INTERMEDIATE)
    g_assert_cmpint (CALL (DrtContinueSearch, search), ==, S_OK);
  else
    *payload = g_strndup ((const char *) result->registration.appData.pb, result->registration.appData.cb);
  return S_OK;
}

static void
look_at_path (HDRT_SEARCH_CONTEXT search)
{
  ULONG size;

  g_assert_cmpint (DrtGetSearchPathSize (search, &size), ==, S_OK);
  {
    g_autofree DRT_ADDRESS_LIST *path = g_malloc (size);

    g_assert_cmpint (DrtGetSearchPath (search, size, path), ==, S_OK);
  }
}

/* What one search finds: its payload, or NULL. */
static char *
search_once (Node     *node,
             guint8    number,
             gboolean  iterative)
{
  HDRT_SEARCH_CONTEXT search = NULL;
  g_autofree char *payload = NULL;
  HRESULT hr;

  begin ();
  hr = expect ("DrtStartSearch", start_search (node, number, iterative, &search), expected_of (node));
  if (FAILED (hr))
    return NULL;
  while (fetch (search, &payload) == S_OK && payload == NULL)
    ;
  look_at_path (search);
  g_assert_cmpint (CALL (DrtEndSearch, search), ==, S_OK);
  g_assert_cmpint (DrtEndSearch (search), ==, E_HANDLE);
  return g_steal_pointer (&payload);
}

/* Searches until it finds what is @wanted, NULL for nothing. */
static gboolean
finds (Node       *node,
       guint8      number,
       gboolean    iterative,
       const char *wanted)
{
  gint64 end = virtual_host.now + PATIENCE;

  do
    {
      g_autofree char *payload = search_once (node, number, iterative);

      if (g_strcmp0 (payload, wanted) == 0)
        return TRUE;
      run (2 * G_USEC_PER_SEC, NULL, NULL);
    }
  while (virtual_host.now < end && expected_of (node) == S_OK);
  return FALSE;
}

/* --- The scenario --- */

static gboolean
live (void)
{
  Node *first = &self.nodes[0], *second = &self.nodes[1], *third = &self.nodes[2];
  HDRT_REGISTRATION_CONTEXT keys[2] = { NULL, NULL };
  gboolean good;

  register_key (first, 1, &keys[0]);
  register_key (second, 2, &keys[1]);
  good = run (JOIN_TIME, all_are_active, NULL);
  good = finds (third, 1, FALSE, "first") && good;
  good = finds (third, 2, TRUE, "first") && good;
  if (keys[0] != NULL)
    CALL (update_key, keys[0]);
  good = finds (second, 1, FALSE, "second") && good;
  DrtUnregisterKey (keys[0]);
  g_assert_cmpint (update_key (keys[0]), ==, E_HANDLE);
  good = finds (third, 1, FALSE, NULL) && good;
  return good;
}

static void
dispose_node (Node *node)
{
  DrtClose (node->drt);
  g_assert_cmpint (DrtRegisterKey (node->drt, &(DRT_REGISTRATION) { { 32, (BYTE[32]) { 0 } }, { 1, (BYTE[1]) { 0 } } },
                                   NULL, &(HDRT_REGISTRATION_CONTEXT) { NULL }), ==, E_HANDLE);
  if (node->transport != NULL)
    g_assert_cmpint (DrtDeleteIpv6UdpTransport (node->transport), ==, S_OK);
  odd_bootstrap_clear (&node->bootstrap);
  DrtDeleteListBootstrapResolver (node->list);
  odd_provider_clear (&node->provider);
  drt_event_free (node->event);
}

static gpointer
run_thread (gpointer data)
{
  virtual_host_begin (42);
  virtual_host_add_address (0, TRUE);
  virtual_host.send = send_fails;
  virtual_host.receive = receive_fails;
  virtual_host.allocate = no_memory;
  for (guint i = 0; i < SCENARIO_NODES; i++)
    make_node (i);
  self.outcome->succeeded = live ();
  for (guint i = SCENARIO_NODES; i > 0; i--)
    dispose_node (&self.nodes[i - 1]);
  virtual_host_end ();
  return NULL;
}

/**
 * scenario_run:
 * @plan: what is to fail
 * @outcome: (out)
 *
 * In a thread of its own, so that what libdrt keeps for a thread is new each time.
 */
void
scenario_run (const FaultPlan *plan,
              FaultOutcome    *outcome)
{
  memset (&self, 0, sizeof self);
  memset (outcome, 0, sizeof *outcome);
  self.plan = plan;
  self.outcome = outcome;
  g_thread_join (g_thread_new ("scenario", run_thread, NULL));
}
