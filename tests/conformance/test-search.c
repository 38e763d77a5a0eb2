/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "spy.h"

#include <net/if.h>
#include <string.h>

/* Two nodes on ::1: what DrtStartSearch() and what follows it give. */

#define WAIT_MS 20000

typedef struct
{
  Spy *first;        /* publishes */
  Spy *second;       /* searches */
  HANDLE event;
} Pair;

static void
pair_open (Pair *pair)
{
  g_autofree char *first = NULL;

  pair->event = drt_event_new ();
  pair->first = spy_new ();
  first = g_strdup_printf ("[::1]:%u", pair->first->port);
  assert_hr (spy_open (pair->first), S_OK);
  pair->second = spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), first);
}

/* Opens the second node, which finds the first. */
static void
pair_join (Pair *pair)
{
  assert_hr (spy_open (pair->second), S_OK);
  g_assert_cmpint (spy_wait_status (pair->second, NULL), ==, DRT_ACTIVE);
}

static void
pair_close (Pair *pair)
{
  spy_free (pair->second);
  spy_free (pair->first);
  drt_event_free (pair->event);
}

/* The next result, or the code there is instead; waits as a program would. */
static HRESULT
next_result (Pair                *pair,
             HDRT_SEARCH_CONTEXT  search,
             DRT_SEARCH_RESULT  **result)
{
  for (;;)
    {
      ULONG size;
      HRESULT hr;

      g_assert_true (drt_event_wait (pair->event, WAIT_MS));
      hr = DrtGetSearchResultSize (search, &size);
      if (hr == DRT_E_SEARCH_IN_PROGRESS)
        continue;
      if (hr != S_OK)
        return hr;
      *result = g_malloc (size);
      assert_hr (DrtGetSearchResult (search, size - 1, *result), DRT_E_INSUFFICIENT_BUFFER);
      assert_hr (DrtGetSearchResult (search, size, *result), S_OK);
      g_assert_cmpuint ((*result)->dwSize, ==, sizeof (DRT_SEARCH_RESULT));
      g_assert_true ((*result)->pvContext == pair);
      return S_OK;
    }
}

static HDRT_SEARCH_CONTEXT
start_exact (Pair   *pair,
             Spy    *who,
             guint8  first_byte)
{
  HDRT_SEARCH_CONTEXT search;
  BYTE key[32];
  DRT_DATA target = { 32, key };

  spy_key (first_byte, key);
  assert_hr (DrtStartSearch (who->drt, &target, NULL, WAIT_MS, pair->event, pair, &search), S_OK);
  return search;
}

/* Over the whole ring. */
static HDRT_SEARCH_CONTEXT
start_nearest (Pair     *pair,
               Spy      *who,
               guint8    first_byte,
               gboolean  iterative,
               gboolean  local,
               ULONG     n)
{
  HDRT_SEARCH_CONTEXT search;
  BYTE key[32], low[32], high[32];
  DRT_DATA target = { 32, key }, minimum = { 32, low }, maximum = { 32, high };
  DRT_SEARCH_INFO info = { sizeof info, iterative, local, FALSE, n, &maximum, &minimum };

  memset (low, 0, 32);
  memset (high, 0xff, 32);
  spy_key (first_byte, key);
  assert_hr (DrtStartSearch (who->drt, &target, &info, WAIT_MS, pair->event, pair, &search), S_OK);
  return search;
}

static void
assert_key (const DRT_DATA *data,
            guint8          first_byte)
{
  BYTE key[32];

  spy_key (first_byte, key);
  g_assert_cmpmem (data->pb, data->cb, key, 32);
}

static void
test_exact (void)
{
  g_autofree DRT_SEARCH_RESULT *result = NULL;
  g_autofree DRT_ADDRESS_LIST *path = NULL;
  HDRT_SEARCH_CONTEXT search;
  Pair pair;
  ULONG size;

  pair_open (&pair);
  assert_hr (spy_register (pair.first, 1, NULL), S_OK);
  pair_join (&pair);
  search = start_exact (&pair, pair.second, 1);
  assert_hr (next_result (&pair, search, &result), S_OK);
  g_assert_cmpint (result->type, ==, DRT_MATCH_EXACT);
  assert_key (&result->registration.key, 1);
  g_assert_cmpmem (result->registration.appData.pb, result->registration.appData.cb, "payload", sizeof "payload");
  g_clear_pointer (&result, g_free);

  assert_hr (DrtGetSearchPathSize (search, &size), S_OK);
  path = g_malloc (size);
  assert_hr (DrtGetSearchPath (search, size, path), S_OK);
  g_assert_cmpuint (path->AddressCount, >=, 1);
  g_assert_cmpuint (size, ==, 8 + 144 * path->AddressCount);
  g_assert_cmpint (path->AddressList[0].socketAddress.ss_family, ==, AF_INET6);
  g_assert_cmpuint (((SOCKADDR_IN6 *) &path->AddressList[0].socketAddress)->sin6_port, ==, g_htons (pair.first->port));
  g_assert_cmpint (path->AddressList[0].nearness, ==, 256);

  assert_hr (next_result (&pair, search, &result), DRT_E_NO_MORE);
  g_assert_true (drt_event_wait (pair.event, 0));
  assert_hr (next_result (&pair, search, &result), DRT_E_NO_MORE);
  assert_hr (DrtEndSearch (search), S_OK);
  pair_close (&pair);
}

static void
test_absent (void)
{
  g_autofree DRT_SEARCH_RESULT *result = NULL;
  HDRT_SEARCH_CONTEXT search;
  Pair pair;

  pair_open (&pair);
  assert_hr (spy_register (pair.first, 1, NULL), S_OK);
  pair_join (&pair);
  search = start_exact (&pair, pair.second, 2);
  assert_hr (next_result (&pair, search, &result), DRT_E_NO_MORE);
  assert_hr (DrtEndSearch (search), S_OK);
  pair_close (&pair);
}

static void
test_nearest (void)
{
  g_autofree DRT_SEARCH_RESULT *result = NULL;
  HDRT_SEARCH_CONTEXT search;
  Pair pair;

  pair_open (&pair);
  assert_hr (spy_register (pair.first, 1, NULL), S_OK);
  pair_join (&pair);
  search = start_nearest (&pair, pair.second, 2, FALSE, FALSE, 1);
  assert_hr (next_result (&pair, search, &result), S_OK);
  g_assert_cmpint (result->type, ==, DRT_MATCH_NEAR);
  assert_key (&result->registration.key, 1);
  assert_hr (DrtEndSearch (search), S_OK);
  pair_close (&pair);
}

/* Keys of the own node count only where they were asked for. */
static void
test_local (void)
{
  g_autofree DRT_SEARCH_RESULT *result = NULL;
  HDRT_SEARCH_CONTEXT search;
  Pair pair;

  pair_open (&pair);
  assert_hr (spy_register (pair.first, 1, NULL), S_OK);
  pair_join (&pair);
  assert_hr (spy_register (pair.second, 2, NULL), S_OK);
  search = start_exact (&pair, pair.second, 2);
  assert_hr (next_result (&pair, search, &result), DRT_E_NO_MORE);
  assert_hr (DrtEndSearch (search), S_OK);
  search = start_nearest (&pair, pair.second, 2, FALSE, TRUE, 1);
  assert_hr (next_result (&pair, search, &result), S_OK);
  g_assert_cmpint (result->type, ==, DRT_MATCH_EXACT);
  assert_key (&result->registration.key, 2);
  assert_hr (DrtEndSearch (search), S_OK);
  pair_close (&pair);
}

static void
wait_for_entries (Spy   *spy,
                  guint  n)
{
  gint64 end = g_get_monotonic_time () + WAIT_MS * 1000;
  DrtCounters counters = { 0 };

  while (counters.n_entries < n && g_get_monotonic_time () < end)
    {
      assert_hr (drt_get_counters (spy->drt, &counters), S_OK);
      g_usleep (2000);
    }
  g_assert_cmpuint (counters.n_entries, >=, n);
}

static void
test_iterative (void)
{
  g_autofree DRT_SEARCH_RESULT *result = NULL;
  HDRT_SEARCH_CONTEXT search;
  g_autofree char *first = NULL;
  Spy *third;
  Pair pair;
  guint n_hops = 0;
  HRESULT hr;

  pair_open (&pair);
  assert_hr (spy_register (pair.first, 1, NULL), S_OK);
  first = g_strdup_printf ("[::1]:%u", pair.first->port);
  third = spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), first);
  assert_hr (spy_open (third), S_OK);
  g_assert_cmpint (spy_wait_status (third, NULL), ==, DRT_ACTIVE);
  assert_hr (spy_register (third, 3, NULL), S_OK);
  pair_join (&pair);
  wait_for_entries (pair.second, 2);

  search = start_nearest (&pair, pair.second, 2, TRUE, FALSE, 5);
  while ((hr = next_result (&pair, search, &result)) == S_OK && result->type == DRT_MATCH_INTERMEDIATE)
    {
      g_assert_cmpuint (n_hops++, <, 30);
      g_assert_cmpuint (result->registration.key.cb, ==, 32);
      g_assert_cmpuint (result->registration.appData.cb, ==, 0);
      /* Nothing happens before it is told to go on. */
      g_assert_false (drt_event_wait (pair.event, 50));
      g_clear_pointer (&result, g_free);
      assert_hr (DrtContinueSearch (search), S_OK);
    }
  assert_hr (hr, S_OK);
  g_assert_cmpuint (n_hops, >=, 1);
  g_assert_cmpint (result->type, ==, DRT_MATCH_NEAR);
  assert_hr (DrtEndSearch (search), S_OK);
  spy_free (third);
  pair_close (&pair);
}

static void
test_timeout (void)
{
  g_autofree DRT_SEARCH_RESULT *result = NULL;
  HDRT_SEARCH_CONTEXT search;
  BYTE key[32] = { 7 };
  DRT_DATA target = { 32, key };
  Pair pair;

  pair_open (&pair);
  assert_hr (spy_register (pair.first, 1, NULL), S_OK);
  pair_join (&pair);
  assert_hr (DrtStartSearch (pair.second->drt, &target, NULL, 0, pair.event, &pair, &search), S_OK);
  assert_hr (next_result (&pair, search, &result), DRT_E_TIMEOUT);
  assert_hr (next_result (&pair, search, &result), DRT_E_TIMEOUT);
  assert_hr (DrtEndSearch (search), S_OK);
  pair_close (&pair);
}

/* Payload changed, then key gone: seen by the next search. */
static void
test_update_unregister (void)
{
  g_autofree DRT_SEARCH_RESULT *result = NULL;
  HDRT_REGISTRATION_CONTEXT handle;
  HDRT_SEARCH_CONTEXT search;
  BYTE changed[] = "something else";
  DRT_DATA payload = { sizeof changed, changed };
  Pair pair;

  pair_open (&pair);
  assert_hr (spy_register (pair.first, 1, &handle), S_OK);
  pair_join (&pair);
  assert_hr (DrtUpdateKey (handle, &payload), S_OK);
  search = start_exact (&pair, pair.second, 1);
  assert_hr (next_result (&pair, search, &result), S_OK);
  g_assert_cmpmem (result->registration.appData.pb, result->registration.appData.cb, changed, sizeof changed);
  assert_hr (DrtEndSearch (search), S_OK);
  g_clear_pointer (&result, g_free);

  payload.cb = 0;
  assert_hr (DrtUpdateKey (handle, &payload), S_OK);
  search = start_exact (&pair, pair.second, 1);
  assert_hr (next_result (&pair, search, &result), S_OK);
  g_assert_cmpuint (result->registration.appData.cb, ==, 0);
  assert_hr (DrtEndSearch (search), S_OK);

  DrtUnregisterKey (handle);
  search = start_exact (&pair, pair.second, 1);
  assert_hr (next_result (&pair, search, &result), DRT_E_NO_MORE);
  assert_hr (DrtEndSearch (search), S_OK);
  pair_close (&pair);
}

static HRESULT
refuse_to_pack (Spy *spy)
{
  return E_FAIL;
}

/* Searches die with their node, and who waits is woken. */
static void
test_close (void)
{
  HDRT_SEARCH_CONTEXT search;
  HDRT_REGISTRATION_CONTEXT handle;
  Pair pair;
  ULONG size;
  BYTE byte = 1;
  DRT_DATA payload = { 1, &byte };

  pair_open (&pair);
  assert_hr (spy_register (pair.first, 1, NULL), S_OK);
  pair_join (&pair);
  assert_hr (spy_register (pair.second, 9, &handle), S_OK);
  /* Whom it asks is gone without a word: it runs on. */
  pair.first->hooks[CALL_PACK] = refuse_to_pack;
  search = start_exact (&pair, pair.second, 1);
  g_assert_false (drt_event_wait (pair.event, 200));
  assert_hr (DrtGetSearchResultSize (search, &size), DRT_E_SEARCH_IN_PROGRESS);
  DrtClose (pair.second->drt);
  g_assert_true (drt_event_wait (pair.event, 0));
  assert_hr (DrtGetSearchResultSize (search, &size), E_HANDLE);
  assert_hr (DrtEndSearch (search), E_HANDLE);
  assert_hr (DrtUpdateKey (handle, &payload), E_HANDLE);
  DrtUnregisterKey (handle);
  pair_close (&pair);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/search/exact", test_exact);
  g_test_add_func ("/search/absent", test_absent);
  g_test_add_func ("/search/nearest", test_nearest);
  g_test_add_func ("/search/local", test_local);
  g_test_add_func ("/search/iterative", test_iterative);
  g_test_add_func ("/search/timeout", test_timeout);
  g_test_add_func ("/search/update-unregister", test_update_unregister);
  g_test_add_func ("/search/close", test_close);
  return g_test_run ();
}
