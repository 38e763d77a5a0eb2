/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "spy.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "drt-host-network.h"

/* Threads, main contexts and callbacks: who does a node's work, and when. */

#define WAIT_USEC (20 * G_USEC_PER_SEC)

static HRESULT
open_in (Spy          *spy,
         GMainContext *context)
{
  return drt_open_in_context (&spy->settings, spy->event, spy, context, &spy->drt);
}

/* Iterates until the node has a status. */
static DRT_STATUS
iterate_for_status (Spy          *spy,
                    GMainContext *context)
{
  gint64 end = g_get_monotonic_time () + WAIT_USEC;
  DrtObservedStatus status = { .bootstrapping = TRUE };

  while (status.bootstrapping && g_get_monotonic_time () < end)
    {
      g_main_context_iteration (context, FALSE);
      assert_hr (drt_get_status (spy->drt, &status), S_OK);
      g_usleep (500);
    }
  g_assert_false (status.bootstrapping);
  return status.status;
}

static void
test_own_context (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Spy) spy = spy_new ();
  DrtObservedStatus status;
  DrtCounters counters;

  assert_hr (open_in (spy, context), S_OK);
  assert_hr (drt_get_status (spy->drt, &status), S_OK);
  g_assert_true (status.bootstrapping);
  g_assert_cmpuint (status.port, ==, spy->port);
  g_assert_cmpint (iterate_for_status (spy, context), ==, DRT_ALONE);
  assert_hr (drt_get_status (spy->drt, &status), S_OK);
  g_assert_cmpuint (status.n_addresses, ==, 1);
  g_assert_cmpuint (status.port, ==, spy->port);
  assert_hr (status.bootstrap_result, DRT_E_NO_MORE);
  assert_hr (drt_get_counters (spy->drt, &counters), S_OK);
  g_assert_cmpuint (counters.n_keys, ==, 0);
  assert_hr (drt_get_status (spy->drt, NULL), E_INVALIDARG);
  assert_hr (drt_get_counters (NULL, &counters), E_HANDLE);
}

/* Nobody ever runs the context: closing does what is left to do itself. */
static void
test_context_never_run (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Spy) spy = spy_new ();
  HDRT_REGISTRATION_CONTEXT handle;

  assert_hr (open_in (spy, context), S_OK);
  assert_hr (spy_register (spy, 1, &handle), S_OK);
  DrtUnregisterKey (handle);
  assert_hr (spy_register (spy, 2, &handle), S_OK);
  DrtClose (spy->drt);
  g_assert_cmpint (spy_count (spy, CALL_UNREGISTER_KEY), ==, 2);
  assert_hr (DrtDeleteIpv6UdpTransport (spy->settings.hTransport), S_OK);
}

/* What an observer was told. */
typedef struct
{
  Spy *spy;
  GThread *thread;
  guint n_status;
  guint n_keys;
  guint n_events;
  gboolean close;
  HRESULT seen;
} Watch;

static void
watch_status (gpointer                 data,
              const DrtObservedStatus *status)
{
  Watch *watch = data;

  g_assert_true (g_thread_self () == watch->thread);
  watch->n_status++;
  if (!watch->close)
    return;
  DrtClose (watch->spy->drt);
  /* It is closed when the callback has returned. */
  watch->seen = spy_register (watch->spy, 3, NULL);
}

static void
watch_key (gpointer              data,
           DrtObservedChange     change,
           const DrtObservedKey *key)
{
  ((Watch *) data)->n_keys++;
}

static void
watch_event (gpointer                data,
             const DrtObservedEvent *event)
{
  Watch *watch = data;

  /* Verbs may be called from inside; they happen later. */
  watch->n_events++;
  if (event->kind == DRT_OBSERVED_EVENT_KEY_REGISTERED)
    watch->seen = spy_register (watch->spy, event->key.b[0] + 1, NULL);
}

static void
test_observer (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Spy) spy = spy_new ();
  const DrtObserver observer = { .status = watch_status, .key = watch_key, .event = watch_event };
  Watch watch = { .spy = spy, .thread = g_thread_self () };
  guint before;

  assert_hr (open_in (spy, context), S_OK);
  assert_hr (spy_register (spy, 1, NULL), S_OK);
  g_assert_cmpint (iterate_for_status (spy, context), ==, DRT_ALONE);
  g_assert_true (g_main_context_acquire (context));
  assert_hr (drt_observe (spy->drt, &observer, &watch), S_OK);
  g_assert_cmpuint (watch.n_status, ==, 0);
  g_main_context_iteration (context, FALSE);
  g_assert_cmpuint (watch.n_status, ==, 1);
  g_assert_cmpuint (watch.n_keys, ==, 1);

  assert_hr (spy_register (spy, 100, NULL), S_OK);
  for (guint i = 0; i < 20 && watch.n_keys < 4; i++)
    g_main_context_iteration (context, FALSE);
  assert_hr (watch.seen, S_OK);
  g_assert_cmpuint (watch.n_keys, >=, 4);

  before = watch.n_keys;
  assert_hr (drt_observe (spy->drt, NULL, NULL), S_OK);
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (context, FALSE);
  g_assert_cmpuint (watch.n_keys, ==, before);
  g_main_context_release (context);
  assert_hr (drt_observe (NULL, &observer, &watch), E_HANDLE);
}

static void
test_close_in_callback (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Spy) spy = spy_new ();
  const DrtObserver observer = { .status = watch_status };
  Watch watch = { .spy = spy, .thread = g_thread_self (), .close = TRUE };
  DrtObservedStatus status;

  assert_hr (open_in (spy, context), S_OK);
  assert_hr (spy_register (spy, 1, NULL), S_OK);
  assert_hr (drt_observe (spy->drt, &observer, &watch), S_OK);
  for (guint i = 0; i < 20 && drt_get_status (spy->drt, &status) == S_OK; i++)
    g_main_context_iteration (context, FALSE);
  assert_hr (drt_get_status (spy->drt, &status), E_HANDLE);
  g_assert_cmpuint (watch.n_status, ==, 1);
  g_assert_cmpint (spy_count (spy, CALL_UNREGISTER_KEY), >=, 1);
  assert_hr (DrtDeleteIpv6UdpTransport (spy->settings.hTransport), S_OK);
}

static HRESULT
close_in_hook (Spy *spy)
{
  DrtClose (spy->drt);
  return S_OK;
}

/* The same in the thread of the library, which ends itself then. */
static void
test_close_in_library_thread (void)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (Spy) spy = spy_new ();
      gint64 end = g_get_monotonic_time () + WAIT_USEC;

      spy->hooks[CALL_END_RESOLVE] = close_in_hook;
      assert_hr (spy_open (spy), S_OK);
      while (DrtDeleteIpv6UdpTransport (spy->settings.hTransport) != S_OK && g_get_monotonic_time () < end)
        g_usleep (1000);
      /* The transport is let go of before the security provider. */
      while (spy_count (spy, CALL_SECURITY_DETACH) == 0 && g_get_monotonic_time () < end)
        g_usleep (1000);
      g_assert_cmpint (spy_count (spy, CALL_SECURITY_DETACH), ==, 1);
    }
}

static gpointer
close_thread (gpointer data)
{
  DrtClose (data);
  return NULL;
}

static gpointer
run_thread (gpointer data)
{
  g_main_loop_run (data);
  return NULL;
}

/* Several threads close a node that a third runs. */
static void
test_close_from_threads (void)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GMainContext) context = g_main_context_new ();
      g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
      g_autoptr (Spy) spy = spy_new ();
      GThread *runner, *closers[3];

      assert_hr (open_in (spy, context), S_OK);
      runner = g_thread_new ("runner", run_thread, loop);
      for (guint j = 0; j < G_N_ELEMENTS (closers); j++)
        closers[j] = g_thread_new ("closer", close_thread, spy->drt);
      for (guint j = 0; j < G_N_ELEMENTS (closers); j++)
        g_thread_join (closers[j]);
      assert_hr (spy_register (spy, 1, NULL), E_HANDLE);
      while (!g_main_loop_is_running (loop))
        g_usleep (100);
      g_main_loop_quit (loop);
      g_thread_join (runner);
    }
}

typedef struct
{
  Spy *spy;
  guint8 first;
} Worker;

static gpointer
work (gpointer data)
{
  const Worker *worker = data;
  BYTE key[32] = { worker->first };
  DRT_DATA target = { 32, key };
  DrtObservedStatus status;

  for (guint i = 0; i < 200; i++)
    {
      HDRT_REGISTRATION_CONTEXT handle = NULL;
      HDRT_SEARCH_CONTEXT search = NULL;
      ULONG size;
      HRESULT hr = spy_register (worker->spy, worker->first + i % 3, &handle);

      if (hr == E_HANDLE)
        break;
      DrtStartSearch (worker->spy->drt, &target, NULL, 100, NULL, NULL, &search);
      DrtGetSearchResultSize (search, &size);
      DrtGetSearchPathSize (search, &size);
      drt_get_status (worker->spy->drt, &status);
      DrtGetEventDataSize (worker->spy->drt, &size);
      DrtUnregisterKey (handle);
      DrtEndSearch (search);
    }
  return NULL;
}

/* Every verb from several threads at once, and closing in their midst. */
static void
test_threads (void)
{
  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (Spy) spy = spy_new ();
      Worker workers[4];
      GThread *threads[4];

      assert_hr (spy_open (spy), S_OK);
      for (guint i = 0; i < 4; i++)
        {
          workers[i] = (Worker) { spy, 10 * i + 1 };
          threads[i] = g_thread_new ("worker", work, &workers[i]);
        }
      g_usleep (20000);
      DrtClose (spy->drt);
      for (guint i = 0; i < 4; i++)
        g_thread_join (threads[i]);
      g_assert_cmpint (spy_count (spy, CALL_SECURITY_DETACH), ==, 1);
    }
}

static int has_address;
static int cannot_look;
static int n_looks;

static gboolean
list_sometimes (GArray *addresses)
{
  const DrtHostAddress address = { 1, TRUE, IN6ADDR_LOOPBACK_INIT };

  g_atomic_int_inc (&n_looks);
  if (g_atomic_int_get (&has_address))
    g_array_append_val (addresses, address);
  return !g_atomic_int_get (&cannot_look);
}

static gboolean
has_any_interface (guint interface)
{
  return TRUE;
}

static const DrtHostNetwork sometimes = { list_sometimes, has_any_interface };

/* The network comes, and the node notices. */
static void
test_network_comes (void)
{
  Spy *spy;

  drt_host_network_set (&sometimes);
  g_atomic_int_set (&has_address, FALSE);
  spy = spy_new_with (DRT_GLOBAL_SCOPE, 0, NULL);
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_NO_NETWORK);
  g_assert_cmpint (spy_count (spy, CALL_REGISTER), ==, 0);
  g_atomic_int_set (&has_address, TRUE);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  g_assert_cmpint (spy_count (spy, CALL_REGISTER), ==, 1);
  spy_free (spy);
  drt_host_network_set (NULL);
}

/* That the host does not say which addresses it has does not mean that it has none;
 * it is asked again. */
static void
test_network_unknown (void)
{
  Spy *spy;
  int looks;

  drt_host_network_set (&sometimes);
  g_atomic_int_set (&has_address, TRUE);
  spy = spy_new_with (DRT_GLOBAL_SCOPE, 0, NULL);
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  g_atomic_int_set (&cannot_look, TRUE);
  g_atomic_int_set (&has_address, FALSE);
  looks = g_atomic_int_get (&n_looks);
  while (g_atomic_int_get (&n_looks) < looks + 2)
    g_usleep (10 * 1000);
  g_assert_cmpint (spy_count (spy, CALL_UNREGISTER), ==, 0);
  g_atomic_int_set (&cannot_look, FALSE);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_NO_NETWORK);
  g_assert_cmpint (spy_count (spy, CALL_UNREGISTER), ==, 1);
  spy_free (spy);
  drt_host_network_set (NULL);
}

static gboolean
count_idle (gpointer data)
{
  g_atomic_int_inc ((int *) data);
  return G_SOURCE_CONTINUE;
}

typedef struct
{
  guint16 port;
  int stop;
} Flood;

static gpointer
flood (gpointer data)
{
  Flood *flood_data = data;
  struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT, .sin6_port = g_htons (flood_data->port) };
  int fd = socket (AF_INET6, SOCK_DGRAM, 0);
  guint8 garbage[200] = { 0, 0x10, 0, 0x0c, 0x51, 6, 0x65, 3 };

  while (!g_atomic_int_get (&flood_data->stop))
    sendto (fd, garbage, sizeof garbage, 0, (struct sockaddr *) &to, sizeof to);
  close (fd);
  return NULL;
}

/* As many datagrams as this machine can send: sources of the lowest priority still
 * have their turn. */
static void
test_flood (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) idle = g_timeout_source_new (5);
  g_autoptr (Spy) spy = spy_new ();
  Flood flood_data = { spy->port, FALSE };
  gint64 end = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;
  int n_idle = 0;
  DrtCounters counters;
  GThread *thread;

  assert_hr (open_in (spy, context), S_OK);
  g_source_set_priority (idle, G_PRIORITY_LOW);
  g_source_set_callback (idle, count_idle, &n_idle, NULL);
  g_source_attach (idle, context);
  thread = g_thread_new ("flood", flood, &flood_data);
  while (g_get_monotonic_time () < end)
    g_main_context_iteration (context, TRUE);
  g_atomic_int_set (&flood_data.stop, TRUE);
  g_thread_join (thread);
  g_source_destroy (idle);
  assert_hr (drt_get_counters (spy->drt, &counters), S_OK);
  g_assert_cmpuint (counters.messages_in, >, 1000);
  g_assert_cmpuint (counters.dropped[DRT_DROP_MALFORMED], ==, counters.messages_in);
  g_assert_cmpint (n_idle, >, 40);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/context/own", test_own_context);
  g_test_add_func ("/context/never-run", test_context_never_run);
  g_test_add_func ("/context/observer", test_observer);
  g_test_add_func ("/context/close-in-callback", test_close_in_callback);
  g_test_add_func ("/context/close-in-library-thread", test_close_in_library_thread);
  g_test_add_func ("/context/close-from-threads", test_close_from_threads);
  g_test_add_func ("/context/threads", test_threads);
  g_test_add_func ("/context/network-comes", test_network_comes);
  g_test_add_func ("/context/network-unknown", test_network_unknown);
  g_test_add_func ("/context/flood", test_flood);
  return g_test_run ();
}
