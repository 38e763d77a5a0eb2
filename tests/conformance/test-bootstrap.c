/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "spy.h"

#include <net/if.h>
#include <netdb.h>
#include <string.h>

/* The resolvers by themselves, and a node with a provider that finds nothing,
 * the wrong thing, fails, or talks too late. */

#define WAIT_USEC (20 * G_USEC_PER_SEC)

/* What a resolver told. */
typedef struct
{
  GMutex lock;
  GCond changed;
  guint n_calls;
  guint n_addresses;
  guint16 port;
  HRESULT failure;
  gboolean finished;
  gboolean fatal;
} Told;

static void
told_cb (HRESULT              hr,
         PVOID                context,
         SOCKET_ADDRESS_LIST *addresses,
         BOOL                 fatal)
{
  Told *told = context;

  g_mutex_lock (&told->lock);
  told->n_calls++;
  told->fatal |= fatal;
  if (hr == S_OK)
    {
      told->n_addresses += addresses->iAddressCount;
      for (int i = 0; i < addresses->iAddressCount; i++)
        {
          g_assert_cmpint (addresses->Address[i].lpSockaddr->sa_family, ==, AF_INET6);
          told->port = g_ntohs (((SOCKADDR_IN6 *) addresses->Address[i].lpSockaddr)->sin6_port);
        }
    }
  else if (hr == DRT_E_NO_MORE)
    told->finished = TRUE;
  else
    told->failure = hr;
  g_cond_broadcast (&told->changed);
  g_mutex_unlock (&told->lock);
}

static void
told_wait (Told *told)
{
  gint64 end = g_get_monotonic_time () + WAIT_USEC;

  g_mutex_lock (&told->lock);
  while (!told->finished)
    g_assert_true (g_cond_wait_until (&told->changed, &told->lock, end));
  g_mutex_unlock (&told->lock);
}

/* One whole resolve of an attached provider. */
static void
resolve (DRT_BOOTSTRAP_PROVIDER *provider,
         Told                   *told)
{
  DRT_BOOTSTRAP_RESOLVE_CONTEXT context;
  BOOL fatal = TRUE;

  assert_hr (provider->Attach (provider->pvContext), S_OK);
  assert_hr (provider->InitResolve (provider->pvContext, FALSE, 5000, 10, &context, &fatal), S_OK);
  g_assert_false (fatal);
  assert_hr (provider->IssueResolve (provider->pvContext, told, told_cb, context, &fatal), S_OK);
  g_assert_false (fatal);
  told_wait (told);
  provider->EndResolve (provider->pvContext, context);
  provider->Detach (provider->pvContext);
}

static void
resolve_list (const WCHAR *endpoint,
              Told        *told)
{
  DRT_BOOTSTRAP_PROVIDER *provider;

  memset (told, 0, sizeof *told);
  assert_hr (DrtCreateListBootstrapResolver (endpoint != NULL, &endpoint, &provider), S_OK);
  resolve (provider, told);
  DrtDeleteListBootstrapResolver (provider);
}

static void
test_list (void)
{
  Told told;

  resolve_list (NULL, &told);
  g_assert_cmpuint (told.n_calls, ==, 1);
  assert_hr (told.failure, S_OK);

  resolve_list (L"[::1]:4000", &told);
  g_assert_cmpuint (told.n_calls, ==, 2);
  g_assert_cmpuint (told.n_addresses, ==, 1);
  g_assert_cmpuint (told.port, ==, 4000);

  resolve_list (L"127.0.0.1:4000", &told);
  g_assert_cmpuint (told.n_calls, ==, 2);
  g_assert_cmpuint (told.n_addresses, ==, 0);
  assert_hr (told.failure, DRT_HR_ADDRESS_FAMILY);
  g_assert_false (told.fatal);
}

static void
test_dns (void)
{
  DRT_BOOTSTRAP_PROVIDER *provider;
  Told told = { 0 };

  assert_hr (DrtCreateDnsBootstrapResolver (4001, L" [::1];::1  127.0.0.1; ", &provider), S_OK);
  resolve (provider, &told);
  g_assert_cmpuint (told.n_calls, ==, 4);
  g_assert_cmpuint (told.n_addresses, ==, 2);
  g_assert_cmpuint (told.port, ==, 4001);
  DrtDeleteDnsBootstrapResolver (provider);

  memset (&told, 0, sizeof told);
  assert_hr (DrtCreateDnsBootstrapResolver (4001, L"", &provider), S_OK);
  resolve (provider, &told);
  g_assert_cmpuint (told.n_calls, ==, 1);
  DrtDeleteDnsBootstrapResolver (provider);
}

/* Without Avahi nobody is found, soon, and registering does no harm. */
static void
test_lan_alone (void)
{
  const SOCKADDR_IN6 address = { .sin6_family = AF_INET6, .sin6_port = g_htons (4001), .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  SOCKET_ADDRESS_LIST list = { 1, { { (SOCKADDR *) &address, sizeof address } } };
  gint64 begin = g_get_monotonic_time ();
  DRT_BOOTSTRAP_PROVIDER *provider;
  Told told = { 0 };

  assert_hr (DrtCreatePnrpBootstrapResolver (TRUE, L"0.mesh", NULL, NULL, &provider), DRT_S_RETRY);
  assert_hr (provider->Register (provider->pvContext, &list), S_OK);
  resolve (provider, &told);
  g_assert_cmpuint (told.n_calls, ==, 1);
  provider->Unregister (provider->pvContext);
  DrtDeletePnrpBootstrapResolver (provider);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 2 * G_USEC_PER_SEC);
}

/* A name that can exist nowhere: what the system says of it differs, that it is
 * no success and not fatal does not. */
static void
test_unknown_name (void)
{
  Told told;

  resolve_list (L"no-such-host.invalid:4000", &told);
  g_assert_cmpuint (told.n_calls, ==, 2);
  g_assert_cmpuint (told.n_addresses, ==, 0);
  g_assert_true (FAILED (told.failure));
  g_assert_nonnull (drt_hresult_to_name (told.failure));
  g_assert_false (told.fatal);
}

static void
check_contract (DRT_BOOTSTRAP_PROVIDER *provider)
{
  DRT_BOOTSTRAP_RESOLVE_CONTEXT context;
  Told told = { 0 };
  BOOL fatal = FALSE;

  assert_hr (provider->InitResolve (provider->pvContext, FALSE, 5000, 10, &context, &fatal), DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED);
  g_assert_true (fatal);
  assert_hr (provider->Attach (provider->pvContext), S_OK);
  assert_hr (provider->Attach (provider->pvContext), DRT_E_BOOTSTRAPPROVIDER_IN_USE);
  assert_hr (provider->InitResolve (provider->pvContext, FALSE, 5000, 10, NULL, &fatal), E_INVALIDARG);
  assert_hr (provider->InitResolve (provider->pvContext, FALSE, 5000, 10, &context, NULL), E_INVALIDARG);
  assert_hr (provider->InitResolve (provider->pvContext, TRUE, 5000, 10, &context, &fatal), S_OK);
  assert_hr (provider->IssueResolve (provider->pvContext, &told, NULL, context, &fatal), E_INVALIDARG);
  provider->Detach (provider->pvContext);
  assert_hr (provider->IssueResolve (provider->pvContext, &told, told_cb, context, &fatal), DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED);
  provider->EndResolve (provider->pvContext, context);
  provider->EndResolve (provider->pvContext, NULL);
  g_assert_cmpuint (told.n_calls, ==, 0);
}

static void
test_contract (void)
{
  PCWSTR endpoint = L"[::1]:4000";
  DRT_BOOTSTRAP_PROVIDER *provider;

  assert_hr (DrtCreateListBootstrapResolver (1, &endpoint, &provider), S_OK);
  check_contract (provider);
  DrtDeleteListBootstrapResolver (provider);
  assert_hr (DrtCreatePnrpBootstrapResolver (TRUE, L"0.mesh", NULL, NULL, &provider), DRT_S_RETRY);
  check_contract (provider);
  DrtDeletePnrpBootstrapResolver (provider);
}

/* Ended at every moment of a look-up: no callback afterwards, and no waiting for
 * the name server. */
static void
test_end_early (void)
{
  PCWSTR endpoint = L"no-such-host.invalid:4000";

  for (guint i = 0; i < 50; i++)
    {
      DRT_BOOTSTRAP_PROVIDER *provider;
      DRT_BOOTSTRAP_RESOLVE_CONTEXT context;
      Told *told = g_new0 (Told, 1);
      BOOL fatal;

      assert_hr (DrtCreateListBootstrapResolver (1, &endpoint, &provider), S_OK);
      assert_hr (provider->Attach (provider->pvContext), S_OK);
      assert_hr (provider->InitResolve (provider->pvContext, FALSE, 5000, 10, &context, &fatal), S_OK);
      assert_hr (provider->IssueResolve (provider->pvContext, told, told_cb, context, &fatal), S_OK);
      g_usleep (i * 40);
      provider->EndResolve (provider->pvContext, context);
      provider->Detach (provider->pvContext);
      DrtDeleteListBootstrapResolver (provider);
      /* A late callback would write here: the sanitizer sees it. */
      g_free (told);
    }
}

static void
wait_for_result (Spy     *spy,
                 HRESULT  expected)
{
  gint64 end = g_get_monotonic_time () + WAIT_USEC;
  DrtObservedStatus status = { 0 };

  while ((status.bootstrapping || status.bootstrap_result != expected) && g_get_monotonic_time () < end)
    {
      assert_hr (drt_get_status (spy->drt, &status), S_OK);
      g_usleep (1000);
    }
  assert_hr (status.bootstrap_result, expected);
}

static HRESULT
not_found (Spy *spy)
{
  return DRT_HR_HOST_NOT_FOUND;
}

/* Not fatal: the node is alone, tells why, and tries again when asked to. */
static void
test_node_not_found (void)
{
  g_autoptr (Spy) spy = spy_new ();

  spy->hooks[CALL_ISSUE_RESOLVE] = not_found;
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  wait_for_result (spy, DRT_HR_HOST_NOT_FOUND);
  g_assert_cmpint (spy_count (spy, CALL_ISSUE_RESOLVE), ==, 1);
  spy->hooks[CALL_ISSUE_RESOLVE] = NULL;
  assert_hr (drt_bootstrap_now (spy->drt), S_OK);
  wait_for_result (spy, DRT_E_NO_MORE);
  g_assert_cmpint (spy_count (spy, CALL_INIT_RESOLVE), ==, 2);
  /* To find others is not to look for a split of those there are. */
  g_assert_cmpint (g_atomic_int_get (&spy->n_split_resolves), ==, 0);
  g_assert_cmpint (spy_count (spy, CALL_END_RESOLVE), ==, 2);
}

static void
test_node_init_fails (void)
{
  g_autoptr (Spy) spy = spy_new ();

  spy->hooks[CALL_INIT_RESOLVE] = not_found;
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  wait_for_result (spy, DRT_HR_HOST_NOT_FOUND);
  g_assert_cmpint (spy_count (spy, CALL_END_RESOLVE), ==, 0);
}

static void
test_node_ipv4 (void)
{
  g_autoptr (Spy) spy = spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), "127.0.0.1:4000");

  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  wait_for_result (spy, DRT_HR_ADDRESS_FAMILY);
}

/* Fatal in a callback: faulted, and the code is the provider's. */
static void
test_node_fatal (void)
{
  g_autoptr (Spy) spy = spy_new ();
  DrtObservedStatus status;
  HRESULT hr;

  spy->fatal = TRUE;
  spy->hooks[CALL_ISSUE_RESOLVE] = not_found;
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, &hr), ==, DRT_FAULTED);
  assert_hr (hr, DRT_HR_HOST_NOT_FOUND);
  g_assert_cmpint (spy_count (spy, CALL_END_RESOLVE), ==, 1);
  wait_for_result (spy, S_OK);
  assert_hr (drt_get_status (spy->drt, &status), S_OK);
  g_assert_cmpint (status.status, ==, DRT_FAULTED);
  assert_hr (status.fault, DRT_HR_HOST_NOT_FOUND);
  assert_hr (drt_bootstrap_now (spy->drt), DRT_E_FAULTED);
}

/* A status ALONE names whom the bootstrap had named. */
static void
test_node_alone (void)
{
  USHORT port = 0;
  HDRT_TRANSPORT silent;
  g_autofree char *nobody = NULL;
  g_autofree DRT_EVENT_DATA *data = NULL;
  ULONG size;
  Spy *spy;

  /* A port where nobody answers. */
  assert_hr (DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), 0, &port, &silent), S_OK);
  nobody = g_strdup_printf ("[::1]:%u", port);
  spy = spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), nobody);
  assert_hr (spy_open (spy), S_OK);
  g_assert_true (drt_event_wait (spy->event, 10000));
  assert_hr (DrtGetEventDataSize (spy->drt, &size), S_OK);
  data = g_malloc (size);
  assert_hr (DrtGetEventData (spy->drt, size, data), S_OK);
  g_assert_cmpint (data->statusChange.status, ==, DRT_ALONE);
  g_assert_cmpuint (data->statusChange.bootstrapAddresses.cntAddress, ==, 1);
  g_assert_cmpuint (((SOCKADDR_IN6 *) data->statusChange.bootstrapAddresses.pAddresses)->sin6_port, ==, g_htons (port));
  g_assert_true ((BYTE *) data->statusChange.bootstrapAddresses.pAddresses >= (BYTE *) (data + 1));
  g_assert_cmpuint (size, ==, sizeof *data + sizeof (SOCKADDR_STORAGE));
  spy_free (spy);
  assert_hr (DrtDeleteIpv6UdpTransport (silent), S_OK);
}

/* A node whose only well-known node is itself stays alone. */
static void
test_node_itself (void)
{
  USHORT port = 0;
  HDRT_TRANSPORT transport;
  g_autofree char *itself = NULL;
  Spy *spy;

  assert_hr (DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), 0, &port, &transport), S_OK);
  itself = g_strdup_printf ("[::1]:%u", port);
  spy = spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), itself);
  assert_hr (DrtDeleteIpv6UdpTransport (spy->settings.hTransport), S_OK);
  spy->settings.hTransport = transport;
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  spy_free (spy);
}

/* The last callback a careless provider was given. */
typedef struct
{
  DRT_BOOTSTRAP_RESOLVE_CALLBACK callback;
  PVOID context;
} Late;

static Late late;

static HRESULT
keep_callback (const PVOID context, const PVOID callback_context, DRT_BOOTSTRAP_RESOLVE_CALLBACK callback,
               DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve_context, BOOL *fatal)
{
  late = (Late) { callback, callback_context };
  callback (DRT_E_NO_MORE, callback_context, NULL, FALSE);
  return S_OK;
}

/* Callbacks after the end, even after the node's, do nothing. */
static void
test_node_late_callback (void)
{
  Spy *spy = spy_new ();

  spy->bootstrap.IssueResolve = keep_callback;
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  late.callback (E_FAIL, late.context, NULL, TRUE);
  late.callback (DRT_E_NO_MORE, late.context, NULL, FALSE);
  late.callback (E_FAIL, NULL, NULL, TRUE);
  wait_for_result (spy, DRT_E_NO_MORE);
  DrtClose (spy->drt);
  late.callback (E_FAIL, late.context, NULL, TRUE);
  spy_free (spy);
}

typedef struct
{
  const char *name;
  HRESULT hr;             /* of the callback, or of the function */
  BOOL in_function;       /* IssueResolve itself says it */
  HRESULT expected;       /* of the status event */
} FatalCase;

static const FatalCase fatal_cases[] = {
  { "callback/failure", DRT_E_INVALID_ADDRESS, FALSE, DRT_E_INVALID_ADDRESS },
  { "callback/no-more", DRT_E_NO_MORE, FALSE, DRT_E_NO_MORE },
  { "callback/success", S_OK, FALSE, E_FAIL },
  { "function/failure", DRT_E_INVALID_ADDRESS, TRUE, DRT_E_INVALID_ADDRESS },
  { "function/success", S_OK, TRUE, E_FAIL },
};

static HRESULT
issue_fatal (const PVOID context, const PVOID callback_context, DRT_BOOTSTRAP_RESOLVE_CALLBACK callback,
             DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve_context, BOOL *fatal)
{
  const FatalCase *fatal_case = ((Spy *) context)->data;

  *fatal = fatal_case->in_function;
  if (fatal_case->in_function)
    return fatal_case->hr;
  callback (fatal_case->hr, callback_context, NULL, TRUE);
  return S_OK;
}

/* Fatal is fatal, with whatever code a provider says it. */
static void
test_fatal (gconstpointer data)
{
  const FatalCase *fatal_case = data;
  g_autoptr (Spy) spy = spy_new ();
  HRESULT hr;

  spy->data = (gpointer) data;
  spy->bootstrap.IssueResolve = issue_fatal;
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, &hr), ==, DRT_FAULTED);
  assert_hr (hr, fatal_case->expected);
}

static HRESULT
init_fatal (const PVOID context, BOOL split, ULONG timeout, ULONG max_results,
            DRT_BOOTSTRAP_RESOLVE_CONTEXT *resolve_context, BOOL *fatal)
{
  Spy *spy = context;
  HRESULT hr = spy->list->InitResolve (spy->list->pvContext, split, timeout, max_results, resolve_context, fatal);

  *fatal = TRUE;
  return hr;
}

/* It was against the contract, and still there is a context to be ended. */
static void
test_fatal_init (void)
{
  g_autoptr (Spy) spy = spy_new ();
  HRESULT hr;

  spy->bootstrap.InitResolve = init_fatal;
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, &hr), ==, DRT_FAULTED);
  assert_hr (hr, E_FAIL);
  g_assert_cmpint (spy_count (spy, CALL_ISSUE_RESOLVE), ==, 0);
  g_assert_cmpint (spy_count (spy, CALL_END_RESOLVE), ==, 1);
}

static HRESULT
issue_never (const PVOID context, const PVOID callback_context, DRT_BOOTSTRAP_RESOLVE_CALLBACK callback,
             DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve_context, BOOL *fatal)
{
  return S_OK;
}

/* A provider that never ends is ended, and the node goes on by itself. */
static void
test_node_never (void)
{
  g_autoptr (Spy) spy = spy_new ();

  spy->bootstrap.IssueResolve = issue_never;
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  g_assert_cmpint (spy_count (spy, CALL_END_RESOLVE), ==, 1);
  wait_for_result (spy, DRT_E_TIMEOUT);
}

typedef struct
{
  Spy *spy;
  int stop;               /* atomic */
} Asker;

static gpointer
ask_again (gpointer data)
{
  Asker *asker = data;

  while (!g_atomic_int_get (&asker->stop))
    {
      drt_bootstrap_now (asker->spy->drt);
      g_usleep (100);
    }
  return NULL;
}

static HRESULT
yield_to_others (Spy *spy)
{
  g_thread_yield ();
  return S_OK;
}

/* However many ask at once, the provider is called by one at a time (the spy
 * asserts it), each resolve is ended, and the last before Detach. */
static void
test_node_one_at_a_time (void)
{
  g_autoptr (Spy) spy = spy_new ();
  Asker asker = { spy, FALSE };
  GThread *threads[3];

  for (Call call = CALL_BOOTSTRAP_ATTACH; call <= CALL_UNREGISTER; call++)
    spy->hooks[call] = yield_to_others;
  assert_hr (spy_open (spy), S_OK);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("asker", ask_again, &asker);
  while (spy_count (spy, CALL_ISSUE_RESOLVE) < 200)
    g_usleep (1000);
  DrtClose (spy->drt);
  g_atomic_int_set (&asker.stop, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (spy_count (spy, CALL_INIT_RESOLVE), ==, spy_count (spy, CALL_END_RESOLVE));
  g_assert_cmpint (spy_count (spy, CALL_BOOTSTRAP_DETACH), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Where a system has Avahi, nothing of ours may appear in its network. */
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);

  g_test_add_func ("/bootstrap/list", test_list);
  g_test_add_func ("/bootstrap/dns", test_dns);
  g_test_add_func ("/bootstrap/lan-alone", test_lan_alone);
  g_test_add_func ("/bootstrap/unknown-name", test_unknown_name);
  g_test_add_func ("/bootstrap/contract", test_contract);
  g_test_add_func ("/bootstrap/end-early", test_end_early);
  g_test_add_func ("/bootstrap/node/not-found", test_node_not_found);
  g_test_add_func ("/bootstrap/node/init-fails", test_node_init_fails);
  g_test_add_func ("/bootstrap/node/ipv4", test_node_ipv4);
  g_test_add_func ("/bootstrap/node/fatal/state", test_node_fatal);
  g_test_add_func ("/bootstrap/node/alone", test_node_alone);
  g_test_add_func ("/bootstrap/node/itself", test_node_itself);
  g_test_add_func ("/bootstrap/node/late-callback", test_node_late_callback);
  g_test_add_func ("/bootstrap/node/never", test_node_never);
  g_test_add_func ("/bootstrap/node/fatal/init", test_fatal_init);
  g_test_add_func ("/bootstrap/node/one-at-a-time", test_node_one_at_a_time);
  for (guint i = 0; i < G_N_ELEMENTS (fatal_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/bootstrap/node/fatal/", fatal_cases[i].name, NULL);

      g_test_add_data_func (path, &fatal_cases[i], test_fatal);
    }
  return g_test_run ();
}
