/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "spy.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

#include "drt-object.h"

/* The codes of the other functions of drt.h, and those of names and sentences. */

static void
test_create_transport (void)
{
  HDRT_TRANSPORT transport, second;
  USHORT port = 0, taken;

  assert_hr (DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, 0, 0, NULL, &transport), DRT_E_INVALID_PORT);
  assert_hr (DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, 0, 0, &port, NULL), DRT_E_INVALID_TRANSPORT_PROVIDER);
  assert_hr (DrtCreateIpv6UdpTransport (0, 0, 0, &port, &transport), DRT_E_INVALID_SCOPE);
  assert_hr (DrtCreateIpv6UdpTransport (4, 0, 0, &port, &transport), DRT_E_INVALID_SCOPE);
  port = 1023;
  assert_hr (DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, 0, 0, &port, &transport), DRT_E_INVALID_PORT);
  g_assert_cmpuint (port, ==, 1023);
  g_assert_null (transport);

  for (DRT_SCOPE scope = DRT_GLOBAL_SCOPE; scope <= DRT_LINK_LOCAL_SCOPE; scope++)
    {
      port = 0;
      assert_hr (DrtCreateIpv6UdpTransport (scope, 0, 300, &port, &transport), S_OK);
      g_assert_cmpuint (port, >=, 1024);
      taken = port;
      assert_hr (DrtCreateIpv6UdpTransport (scope, 0, 300, &taken, &second), DRT_HR_ADDRESS_IN_USE);
      g_assert_null (second);
      assert_hr (DrtDeleteIpv6UdpTransport (transport), S_OK);
      assert_hr (DrtCreateIpv6UdpTransport (scope, 0, 300, &taken, &second), S_OK);
      g_assert_cmpuint (taken, ==, port);
      assert_hr (DrtDeleteIpv6UdpTransport (second), S_OK);
    }
  drt_alloc_fail (0);
  port = 0;
  assert_hr (DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, 0, 0, &port, &transport), E_OUTOFMEMORY);
  drt_alloc_fail (-1);
}

/* A mesh confined to the loopback interface is not reachable from elsewhere. */
static void
test_loopback_transport (void)
{
  struct sockaddr_in6 name = { .sin6_family = AF_INET6, .sin6_addr = in6addr_any };
  HDRT_TRANSPORT transport;
  USHORT port = 0;
  int fd = socket (AF_INET6, SOCK_DGRAM, 0), one = 1;
  struct in6_addr address = IN6ADDR_LOOPBACK_INIT;

  assert_hr (DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), 0, &port, &transport), S_OK);
  setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  name.sin6_port = g_htons (port);
  name.sin6_addr = address;
  g_assert_cmpint (bind (fd, (struct sockaddr *) &name, sizeof name), ==, -1);
  close (fd);
  assert_hr (DrtDeleteIpv6UdpTransport (transport), S_OK);
}

static void
test_create_resolvers (void)
{
  static const WCHAR *const bad[] = {
    L"", L"host", L":4000", L"host:", L"host:80", L"host:1023", L"host:65536", L"host:4000x", L"host:-1", L"::1:4000",
    L"[::1]", L"[]:4000", L"[::1:4000", L"ho st:4000",
  };
  static const WCHAR *const clouds[] = {
    NULL, L"", L"Global_", L"SiteLocal_fec0::%2/10", L"AllLinkLocal_", L"LinkLocal_ff00::%eth0/8", L"LinkLocal_ff00::%99/8",
  };
  static const WCHAR *const good[] = { L"host:4000", L"[::1]:4000", L"host:65535", L"b\u00fccher.example:1024" };
  DRT_BOOTSTRAP_PROVIDER *provider;
  PCWSTR null = NULL;
  WCHAR long_name[258];

  assert_hr (DrtCreateDnsBootstrapResolver (4000, NULL, &provider), E_INVALIDARG);
  assert_hr (DrtCreateDnsBootstrapResolver (4000, L"host", NULL), E_INVALIDARG);
  assert_hr (DrtCreateDnsBootstrapResolver (80, L"host", &provider), E_INVALIDARG);
  g_assert_null (provider);
  assert_hr (DrtCreateDnsBootstrapResolver (4000, L"one; two [::1]", &provider), S_OK);
  DrtDeleteDnsBootstrapResolver (provider);
  DrtDeleteDnsBootstrapResolver (NULL);

  assert_hr (DrtCreateListBootstrapResolver (0, NULL, NULL), E_INVALIDARG);
  assert_hr (DrtCreateListBootstrapResolver (1, NULL, &provider), E_INVALIDARG);
  assert_hr (DrtCreateListBootstrapResolver (1, &null, &provider), E_INVALIDARG);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = drt_wide_to_utf8 (bad[i]);

      assert_hr_at (G_STRLOC, text, DrtCreateListBootstrapResolver (1, &bad[i], &provider), E_INVALIDARG);
    }
  assert_hr (DrtCreateListBootstrapResolver (G_N_ELEMENTS (good), good, &provider), S_OK);
  DrtDeleteListBootstrapResolver (provider);
  assert_hr (DrtCreateListBootstrapResolver (0, NULL, &provider), S_OK);
  DrtDeleteListBootstrapResolver (provider);
  DrtDeleteListBootstrapResolver (NULL);

  wmemset (long_name, L'n', 257);
  long_name[257] = 0;
  assert_hr (DrtCreatePnrpBootstrapResolver (FALSE, NULL, NULL, NULL, &provider), E_INVALIDARG);
  assert_hr (DrtCreatePnrpBootstrapResolver (FALSE, L"", NULL, NULL, &provider), E_INVALIDARG);
  assert_hr (DrtCreatePnrpBootstrapResolver (FALSE, long_name, NULL, NULL, &provider), E_INVALIDARG);
  assert_hr (DrtCreatePnrpBootstrapResolver (FALSE, L"0.mesh", long_name, NULL, &provider), E_INVALIDARG);
  assert_hr (DrtCreatePnrpBootstrapResolver (FALSE, L"0.mesh", NULL, long_name, &provider), E_INVALIDARG);
  assert_hr (DrtCreatePnrpBootstrapResolver (FALSE, L"0.mesh", NULL, NULL, NULL), E_INVALIDARG);
  assert_hr (DrtCreatePnrpBootstrapResolver (FALSE, L"0.mesh", L"Nowhere_", NULL, &provider), E_INVALIDARG);
  assert_hr (DrtCreatePnrpBootstrapResolver (FALSE, L"0.mesh", L"LinkLocal_ff00::%/8", NULL, &provider), E_INVALIDARG);
  assert_hr (DrtCreatePnrpBootstrapResolver (FALSE, (WCHAR[]) { 0xd800, 0 }, NULL, NULL, &provider), E_INVALIDARG);
  g_assert_null (provider);
  for (guint i = 0; i < G_N_ELEMENTS (clouds); i++)
    {
      /* There is no bus here: see main(). */
      assert_hr (DrtCreatePnrpBootstrapResolver (TRUE, long_name + 257 - 137, clouds[i], NULL, &provider), DRT_S_RETRY);
      g_assert_nonnull (provider);
      DrtDeletePnrpBootstrapResolver (provider);
    }
  DrtDeletePnrpBootstrapResolver (NULL);
}

static void
test_create_security (void)
{
  DRT_SECURITY_PROVIDER *provider;
  const CERT_CONTEXT certificate = { 0 };
  BYTE bytes[32];
  DRT_DATA key = { 32, bytes };

  assert_hr (DrtCreateNullSecurityProvider (NULL), E_INVALIDARG);
  DrtDeleteNullSecurityProvider (NULL);
  assert_hr (DrtCreateDerivedKeySecurityProvider (NULL, NULL, &provider), E_INVALIDARG);
  assert_hr (DrtCreateDerivedKeySecurityProvider (&certificate, NULL, NULL), E_INVALIDARG);
  assert_hr (DrtCreateDerivedKeySecurityProvider (&certificate, NULL, &provider), DRT_E_INVALID_CERT_CHAIN);
  g_assert_null (provider);
  DrtDeleteDerivedKeySecurityProvider (provider);
  assert_hr (DrtCreateDerivedKey (NULL, &key), E_INVALIDARG);
  assert_hr (DrtCreateDerivedKey (&certificate, NULL), E_INVALIDARG);
  key.cb = 31;
  assert_hr (DrtCreateDerivedKey (&certificate, &key), E_INVALIDARG);
  key = (DRT_DATA) { 32, NULL };
  assert_hr (DrtCreateDerivedKey (&certificate, &key), E_INVALIDARG);
  key = (DRT_DATA) { 32, bytes };
  assert_hr (DrtCreateDerivedKey (&certificate, &key), DRT_E_CAPABILITY_MISMATCH);
}

static void
test_events (void)
{
  g_autoptr (Spy) spy = spy_new ();
  g_autofree DRT_EVENT_DATA *data = NULL;
  ULONG size;

  assert_hr (DrtGetEventDataSize (spy, &size), E_HANDLE);
  assert_hr (DrtGetEventDataSize (NULL, &size), E_HANDLE);
  assert_hr (spy_open (spy), S_OK);
  assert_hr (DrtGetEventDataSize (spy->drt, NULL), E_INVALIDARG);
  assert_hr (DrtGetEventData (spy->drt, 4096, NULL), E_INVALIDARG);
  g_assert_true (drt_event_wait (spy->event, 10000));
  assert_hr (DrtGetEventDataSize (spy->drt, &size), S_OK);
  g_assert_cmpuint (size, >=, sizeof (DRT_EVENT_DATA));
  data = g_malloc (size);
  assert_hr (DrtGetEventData (spy, size, data), E_HANDLE);
  assert_hr (DrtGetEventData (spy->drt, size - 1, data), DRT_E_INSUFFICIENT_BUFFER);
  assert_hr (DrtGetEventData (spy->drt, size, data), S_OK);
  g_assert_cmpint (data->type, ==, DRT_EVENT_STATUS_CHANGED);
  g_assert_cmpint (data->statusChange.status, ==, DRT_ALONE);
  g_assert_true (data->pvContext == spy);
  g_assert_false (drt_event_wait (spy->event, 0));
  assert_hr (DrtGetEventDataSize (spy->drt, &size), DRT_E_NO_MORE);
  assert_hr (DrtGetEventData (spy->drt, 4096, data), DRT_E_NO_MORE);
}

static HRESULT
ask_for_events (Spy *spy)
{
  ULONG size;
  DRT_EVENT_DATA data;

  spy->seen = DrtGetEventDataSize (spy->drt, &size);
  assert_hr (DrtGetEventData (spy->drt, sizeof data, &data), spy->seen);
  return S_OK;
}

static void
test_events_closing (void)
{
  g_autoptr (Spy) spy = spy_new ();

  assert_hr (spy_open (spy), S_OK);
  spy->hooks[CALL_BOOTSTRAP_DETACH] = ask_for_events;
  DrtClose (spy->drt);
  assert_hr (spy->seen, E_UNEXPECTED);
}

/* A program that reads its event as it would an auto-reset one of Windows. */
static void
test_event_set_again (void)
{
  g_autoptr (Spy) spy = spy_new ();
  g_autofree DRT_EVENT_DATA *data = g_malloc (4096);
  HDRT_REGISTRATION_CONTEXT handle;
  guint64 count;

  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  for (guint i = 0; i < 3; i++)
    {
      assert_hr (spy_register (spy, 1, &handle), S_OK);
      DrtUnregisterKey (handle);
    }
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (drt_event_wait (spy->event, 5000));
      g_assert_cmpint (read ((int) (gssize) spy->event, &count, sizeof count), ==, sizeof count);
      assert_hr (DrtGetEventData (spy->drt, 4096, data), S_OK);
    }
  g_assert_false (drt_event_wait (spy->event, 0));
}

typedef struct
{
  const char *name;
  HRESULT expected;
  int minimum;            /* first byte of the key with 31 zeroes; -1: NULL; -2: 31 bytes; -3: pb NULL */
  int maximum;
  ULONG endpoints;
  gboolean any;
  DWORD size;             /* 0: right */
} SearchCase;

/* The key sought is 5. */
static const SearchCase search_cases[] = {
  { "exact", S_OK, 5, 5, 1, FALSE, 0 },
  { "no-range", S_OK, -1, -1, 1, FALSE, 0 },
  { "range", S_OK, 1, 9, 1, FALSE, 0 },
  { "several", S_OK, 1, 9, 5, FALSE, 0 },
  { "any", S_OK, 1, 9, 1, TRUE, 0 },
  { "size", DRT_E_INVALID_SEARCH_INFO, 5, 5, 1, FALSE, 39 },
  { "no-minimum", E_INVALIDARG, -1, 9, 1, FALSE, 0 },
  { "no-maximum", E_INVALIDARG, 1, -1, 1, FALSE, 0 },
  { "minimum-31", DRT_E_INVALID_KEY_SIZE, -2, 9, 1, FALSE, 0 },
  { "maximum-31", DRT_E_INVALID_KEY_SIZE, 1, -2, 1, FALSE, 0 },
  { "minimum-null", E_INVALIDARG, -3, 9, 1, FALSE, 0 },
  { "endpoints-0", DRT_E_INVALID_MAX_ENDPOINTS, 1, 9, 0, FALSE, 0 },
  { "any-of-several", DRT_E_INVALID_MAX_ENDPOINTS, 1, 9, 2, TRUE, 0 },
  { "another-key", DRT_E_INVALID_SEARCH_RANGE, 6, 6, 1, FALSE, 0 },
  { "below-range", DRT_E_INVALID_SEARCH_RANGE, 6, 9, 1, FALSE, 0 },
  { "above-range", DRT_E_INVALID_SEARCH_RANGE, 1, 4, 1, FALSE, 0 },
  { "upside-down", DRT_E_INVALID_SEARCH_RANGE, 9, 1, 1, FALSE, 0 },
};

static DRT_DATA *
make_bound (int       value,
            BYTE      bytes[32],
            DRT_DATA *data)
{
  memset (bytes, 0, 32);
  bytes[0] = MAX (value, 0);
  *data = (DRT_DATA) { value == -2 ? 31 : 32, value == -3 ? NULL : bytes };
  return value == -1 ? NULL : data;
}

static void
test_search_arguments (gconstpointer data)
{
  const SearchCase *search = data;
  g_autoptr (Spy) spy = spy_new ();
  BYTE key[32] = { 5 }, low[32], high[32];
  DRT_DATA target = { 32, key }, minimum, maximum;
  DRT_SEARCH_INFO info = {
    .dwSize = search->size != 0 ? search->size : sizeof info,
    .fAnyMatchInRange = search->any,
    .cMaxEndpoints = search->endpoints,
    .pMinimumKey = make_bound (search->minimum, low, &minimum),
    .pMaximumKey = make_bound (search->maximum, high, &maximum),
  };
  HDRT_SEARCH_CONTEXT handle = spy;

  assert_hr (spy_open (spy), S_OK);
  assert_hr (DrtStartSearch (spy->drt, &target, &info, 1000, NULL, NULL, &handle), search->expected);
  g_assert_true ((handle != NULL) == SUCCEEDED (search->expected));
  if (handle != NULL)
    assert_hr (DrtEndSearch (handle), S_OK);
}

static void
test_search_handles (void)
{
  g_autoptr (Spy) spy = spy_new ();
  BYTE key[32] = { 5 };
  DRT_DATA target = { 32, key }, bad = { 32, NULL };
  DRT_SEARCH_RESULT result;
  DRT_ADDRESS_LIST path;
  HDRT_SEARCH_CONTEXT search;
  ULONG size;

  assert_hr (DrtStartSearch (spy, &target, NULL, 1000, NULL, NULL, &search), E_HANDLE);
  assert_hr (spy_open (spy), S_OK);
  assert_hr (DrtStartSearch (spy->drt, &target, NULL, 1000, NULL, NULL, NULL), E_INVALIDARG);
  assert_hr (DrtStartSearch (spy->drt, NULL, NULL, 1000, NULL, NULL, &search), E_INVALIDARG);
  assert_hr (DrtStartSearch (spy->drt, &bad, NULL, 1000, NULL, NULL, &search), E_INVALIDARG);
  bad = (DRT_DATA) { 31, key };
  assert_hr (DrtStartSearch (spy->drt, &bad, NULL, 1000, NULL, NULL, &search), DRT_E_INVALID_KEY_SIZE);
  assert_hr (DrtStartSearch (spy->drt, &target, NULL, 1000, (HANDLE) (gssize) 999999, NULL, &search), E_INVALIDARG);
  drt_alloc_fail (0);
  assert_hr (DrtStartSearch (spy->drt, &target, NULL, 1000, NULL, NULL, &search), E_OUTOFMEMORY);
  drt_alloc_fail (-1);

  assert_hr (DrtStartSearch (spy->drt, &target, NULL, 1000, NULL, NULL, &search), S_OK);
  assert_hr (DrtContinueSearch (search), E_UNEXPECTED);
  assert_hr (DrtGetSearchResultSize (search, NULL), E_INVALIDARG);
  assert_hr (DrtGetSearchResult (search, sizeof result, NULL), E_INVALIDARG);
  assert_hr (DrtGetSearchResult (search, sizeof result - 1, &result), E_INVALIDARG);
  assert_hr (DrtGetSearchPathSize (search, NULL), E_INVALIDARG);
  assert_hr (DrtGetSearchPathSize (search, &size), S_OK);
  g_assert_cmpuint (size, ==, 8);
  assert_hr (DrtGetSearchPath (search, 7, &path), DRT_E_INSUFFICIENT_BUFFER);
  assert_hr (DrtGetSearchPath (search, 8, NULL), E_INVALIDARG);
  assert_hr (DrtGetSearchPath (search, 8, &path), S_OK);
  g_assert_cmpuint (path.AddressCount, ==, 0);
  assert_hr (DrtEndSearch (search), S_OK);

  assert_hr (DrtEndSearch (search), E_HANDLE);
  assert_hr (DrtContinueSearch (search), E_HANDLE);
  assert_hr (DrtGetSearchResultSize (search, &size), E_HANDLE);
  assert_hr (DrtGetSearchResult (search, sizeof result, &result), E_HANDLE);
  assert_hr (DrtGetSearchPathSize (search, &size), E_HANDLE);
  assert_hr (DrtGetSearchPath (search, sizeof path, &path), E_HANDLE);
  assert_hr (DrtEndSearch (spy->drt), E_HANDLE);
}

static HRESULT
fail_resolve (Spy *spy)
{
  return DRT_E_INVALID_ADDRESS;
}

static void
test_search_faulted (void)
{
  g_autoptr (Spy) spy = spy_new ();
  BYTE key[32] = { 5 };
  DRT_DATA target = { 32, key };
  HDRT_SEARCH_CONTEXT search;

  spy->fatal = TRUE;
  spy->hooks[CALL_INIT_RESOLVE] = fail_resolve;
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_FAULTED);
  assert_hr (DrtStartSearch (spy->drt, &target, NULL, 1000, NULL, NULL, &search), DRT_E_FAULTED);
  g_assert_null (search);
}

static void
test_instance_name (void)
{
  g_autoptr (Spy) spy = spy_new ();
  g_autoptr (Spy) other = spy_new ();
  WCHAR name[160], second[160];
  ULONG size;

  assert_hr (DrtGetInstanceNameSize (NULL, &size), E_HANDLE);
  assert_hr (DrtGetInstanceName (spy, sizeof name, name), E_HANDLE);
  spy->settings.pwzDrtInstancePrefix = (WCHAR *) L"B\u00e4r";
  assert_hr (spy_open (spy), S_OK);
  other->settings.pwzDrtInstancePrefix = (WCHAR *) L"B\u00e4r";
  assert_hr (spy_open (other), S_OK);
  assert_hr (DrtGetInstanceNameSize (spy->drt, NULL), E_INVALIDARG);
  assert_hr (DrtGetInstanceNameSize (spy->drt, &size), S_OK);
  g_assert_cmpuint (size, <=, sizeof name);
  assert_hr (DrtGetInstanceName (spy->drt, size, NULL), E_INVALIDARG);
  assert_hr (DrtGetInstanceName (spy->drt, size - 1, name), DRT_E_INSUFFICIENT_BUFFER);
  assert_hr (DrtGetInstanceName (spy->drt, size, name), S_OK);
  g_assert_cmpuint ((wcslen (name) + 1) * sizeof (WCHAR), ==, size);
  g_assert_cmpint (wcsncmp (name, L"B\u00e4r.", 4), ==, 0);
  assert_hr (DrtGetInstanceName (other->drt, sizeof second, second), S_OK);
  g_assert_cmpint (wcscmp (name, second), !=, 0);
}

/* Every code has a name that leads back to it, and a sentence with an advice. */
static void
test_codes (void)
{
  static const HRESULT codes[] = {
    S_OK, E_INVALIDARG, E_OUTOFMEMORY, E_HANDLE, E_UNEXPECTED, E_FAIL, DRT_S_RETRY,
    DRT_HR_ADDRESS_IN_USE, DRT_HR_ADDRESS_FAMILY, DRT_HR_HOST_NOT_FOUND, DRT_HR_NOT_SUPPORTED,
  };
  guint n = 0;
  HRESULT hr;

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_assert_true (drt_hresult_from_name (drt_hresult_to_name (codes[i]), &hr));
      assert_hr (hr, codes[i]);
    }
  for (guint code = 0x1000; code < 0x2200; code++)
    {
      HRESULT error = MAKE_HRESULT (SEVERITY_ERROR, FACILITY_DRT, code);
      const char *name = drt_hresult_to_name (error);

      if (name == NULL)
        continue;
      n++;
      g_assert_true (g_str_has_prefix (name, "DRT_E_"));
      g_assert_true (drt_hresult_from_name (name, &hr));
      assert_hr (hr, error);
      g_assert_true (g_str_has_suffix (drt_hresult_to_sentence (error), "."));
    }
  g_assert_cmpuint (n, ==, 41);
  g_assert_null (drt_hresult_to_name (0x12345678));
  g_assert_nonnull (drt_hresult_to_sentence (0x12345678));
  g_assert_false (drt_hresult_from_name ("DRT_E_NOTHING", &hr));
  g_assert_false (drt_hresult_from_name (NULL, &hr));
}

static void
test_error (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (drt_set_error (&error, S_OK));
  g_assert_true (drt_set_error (&error, DRT_S_RETRY));
  g_assert_no_error (error);
  g_assert_false (drt_set_error (&error, DRT_E_DUPLICATE_KEY));
  g_assert_error (error, DRT_ERROR, DRT_E_DUPLICATE_KEY);
  g_assert_nonnull (strstr (error->message, "DRT_E_DUPLICATE_KEY"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Where a system has Avahi, nothing of ours may appear in its network. */
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (search_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/search/", search_cases[i].name, NULL);

      g_test_add_data_func (path, &search_cases[i], test_search_arguments);
    }
  g_test_add_func ("/search/handles", test_search_handles);
  g_test_add_func ("/search/faulted", test_search_faulted);
  g_test_add_func ("/transport/create", test_create_transport);
  g_test_add_func ("/transport/loopback", test_loopback_transport);
  g_test_add_func ("/resolvers/create", test_create_resolvers);
  g_test_add_func ("/security/create", test_create_security);
  g_test_add_func ("/events/codes", test_events);
  g_test_add_func ("/events/closing", test_events_closing);
  g_test_add_func ("/events/set-again", test_event_set_again);
  g_test_add_func ("/instance-name", test_instance_name);
  g_test_add_func ("/codes", test_codes);
  g_test_add_func ("/error", test_error);
  return g_test_run ();
}
