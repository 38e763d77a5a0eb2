/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "codes.h"

#include <string.h>

#include "drt-object.h"

/* The functions of a search. */

static BYTE sought[DRT_KEY_SIZE] = { 5 };

/* Begins a search for a key nobody has; @event tells of its end. */
static HRESULT
start (Spy                 *spy,
       DRT_SEARCH_INFO     *info,
       ULONG                timeout,
       HANDLE               event,
       HDRT_SEARCH_CONTEXT *search)
{
  DRT_DATA key = { sizeof sought, sought };

  return DrtStartSearch (spy->drt, &key, info, timeout, event, spy, search);
}

static HRESULT
start_and_end (Spy             *spy,
               DRT_SEARCH_INFO *info)
{
  HDRT_SEARCH_CONTEXT search;
  HRESULT hr = start (spy, info, 1000, NULL, &search);

  if (SUCCEEDED (hr))
    DrtEndSearch (search);
  return hr;
}

static HRESULT
start_ok (Spy *spy)
{
  return start_and_end (spy, NULL);
}

static HRESULT
start_nowhere (Spy *spy)
{
  return start (spy, NULL, 1000, NULL, NULL);
}

static HRESULT
start_stale (Spy *spy)
{
  DrtClose (spy->drt);
  return start_and_end (spy, NULL);
}

static HRESULT
start_key_size (Spy *spy)
{
  HDRT_SEARCH_CONTEXT search;

  return DrtStartSearch (spy->drt, &(DRT_DATA) { 31, sought }, NULL, 1000, NULL, NULL, &search);
}

static HRESULT
start_info (Spy *spy)
{
  return start_and_end (spy, &(DRT_SEARCH_INFO) { .dwSize = 4, .cMaxEndpoints = 1 });
}

static HRESULT
start_no_endpoints (Spy *spy)
{
  return start_and_end (spy, &(DRT_SEARCH_INFO) { .dwSize = sizeof (DRT_SEARCH_INFO) });
}

static HRESULT
start_range (Spy *spy)
{
  BYTE other[DRT_KEY_SIZE] = { 6 };
  DRT_DATA bound = { sizeof other, other };
  DRT_SEARCH_INFO info = { .dwSize = sizeof info, .cMaxEndpoints = 1, .pMinimumKey = &bound, .pMaximumKey = &bound };

  return start_and_end (spy, &info);
}

static HRESULT
start_faulted (Spy *spy)
{
  spy->fatal = TRUE;
  spy->hooks[CALL_INIT_RESOLVE] = codes_answer_fail;
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_FAULTED);
  return start_and_end (spy, NULL);
}

static HRESULT
start_out_of_memory (Spy *spy)
{
  HRESULT hr;

  drt_alloc_fail (0);
  hr = start_and_end (spy, NULL);
  drt_alloc_fail (-1);
  return hr;
}

static HRESULT
start_late (Spy *spy)
{
  spy->seen = start_and_end (spy, NULL);
  return S_OK;
}

static HRESULT
start_closing (Spy *spy)
{
  spy->hooks[CALL_BOOTSTRAP_DETACH] = start_late;
  DrtClose (spy->drt);
  return spy->seen;
}

static HRESULT
continue_ok (Spy *spy)
{
  DRT_SEARCH_INFO info = { .dwSize = sizeof info, .fIterative = TRUE, .cMaxEndpoints = 1 };
  HDRT_SEARCH_CONTEXT search;

  assert_hr (start (spy, &info, 1000, NULL, &search), S_OK);
  return DrtContinueSearch (search);
}

static HRESULT
continue_other (Spy *spy)
{
  HDRT_SEARCH_CONTEXT search;

  assert_hr (start (spy, NULL, 1000, NULL, &search), S_OK);
  return DrtContinueSearch (search);
}

static HRESULT
continue_stale (Spy *spy)
{
  return DrtContinueSearch (spy->drt);
}

static HRESULT
end_ok (Spy *spy)
{
  HDRT_SEARCH_CONTEXT search;

  assert_hr (start (spy, NULL, 1000, NULL, &search), S_OK);
  return DrtEndSearch (search);
}

static HRESULT
end_stale (Spy *spy)
{
  return DrtEndSearch (NULL);
}

/* --- Results: the same question to both functions --- */

typedef HRESULT (*Ask) (HDRT_SEARCH_CONTEXT search);

static HRESULT
ask_size (HDRT_SEARCH_CONTEXT search)
{
  ULONG size;

  return DrtGetSearchResultSize (search, &size);
}

static HRESULT
ask_result (HDRT_SEARCH_CONTEXT search)
{
  g_autofree DRT_SEARCH_RESULT *result = g_malloc0 (8192);

  return DrtGetSearchResult (search, 8192, result);
}

/* Asks when the event has told that there is something to be known. */
static HRESULT
ask_when_told (Spy             *spy,
               DRT_SEARCH_INFO *info,
               ULONG            timeout,
               Ask              ask)
{
  HANDLE event = drt_event_new ();
  HDRT_SEARCH_CONTEXT search;
  HRESULT hr;

  assert_hr (start (spy, info, timeout, event, &search), S_OK);
  g_assert_true (drt_event_wait (event, 20000));
  hr = ask (search);
  assert_hr (DrtEndSearch (search), S_OK);
  drt_event_free (event);
  return hr;
}

/* A key of this very node. */
static HRESULT
ask_local (Spy *spy,
           Ask  ask)
{
  BYTE low[DRT_KEY_SIZE] = { 0 }, high[DRT_KEY_SIZE];
  DRT_DATA minimum = { sizeof low, low }, maximum = { sizeof high, high };
  DRT_SEARCH_INFO info = {
    .dwSize = sizeof info, .fAllowCurrentInstanceMatch = TRUE, .cMaxEndpoints = 1,
    .pMinimumKey = &minimum, .pMaximumKey = &maximum,
  };

  memset (high, 0xff, sizeof high);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  assert_hr (spy_register (spy, 1, NULL), S_OK);
  return ask_when_told (spy, &info, 20000, ask);
}

static HRESULT
size_ok (Spy *spy)
{
  return ask_local (spy, ask_size);
}

static HRESULT
result_ok (Spy *spy)
{
  return ask_local (spy, ask_result);
}

static HRESULT
ask_short (HDRT_SEARCH_CONTEXT search)
{
  DRT_SEARCH_RESULT result;

  return DrtGetSearchResult (search, sizeof result, &result);
}

static HRESULT
result_short (Spy *spy)
{
  return ask_local (spy, ask_short);
}

static HRESULT
ask_size_nowhere (HDRT_SEARCH_CONTEXT search)
{
  return DrtGetSearchResultSize (search, NULL);
}

static HRESULT
ask_result_tiny (HDRT_SEARCH_CONTEXT search)
{
  DRT_SEARCH_RESULT result;

  return DrtGetSearchResult (search, sizeof result - 1, &result);
}

static HRESULT
size_nowhere (Spy *spy)
{
  return ask_when_told (spy, NULL, 1000, ask_size_nowhere);
}

static HRESULT
result_tiny (Spy *spy)
{
  return ask_when_told (spy, NULL, 1000, ask_result_tiny);
}

static HRESULT
size_stale (Spy *spy)
{
  return ask_size (spy->drt);
}

static HRESULT
result_stale (Spy *spy)
{
  return ask_result (spy->drt);
}

/* Nobody to ask, and no key of ours. */
static HRESULT
size_no_more (Spy *spy)
{
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  return ask_when_told (spy, NULL, 20000, ask_size);
}

static HRESULT
result_no_more (Spy *spy)
{
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  return ask_when_told (spy, NULL, 20000, ask_result);
}

/* The thread of the node is busy with the provider, so the search cannot have begun. */
static HRESULT
ask_in_callback (Spy *spy,
                 Ask  ask)
{
  HDRT_SEARCH_CONTEXT search;

  assert_hr (start (spy, NULL, 20000, NULL, &search), S_OK);
  spy->seen = ask (search);
  assert_hr (DrtEndSearch (search), S_OK);
  return S_OK;
}

static HRESULT
ask_size_in_callback (Spy *spy)
{
  return ask_in_callback (spy, ask_size);
}

static HRESULT
ask_result_in_callback (Spy *spy)
{
  return ask_in_callback (spy, ask_result);
}

static HRESULT
ask_from_resolver (Spy     *spy,
                   SpyHook  hook)
{
  spy->hooks[CALL_INIT_RESOLVE] = hook;
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  return spy->seen;
}

static HRESULT
size_in_progress (Spy *spy)
{
  return ask_from_resolver (spy, ask_size_in_callback);
}

static HRESULT
result_in_progress (Spy *spy)
{
  return ask_from_resolver (spy, ask_result_in_callback);
}

static HRESULT
size_timeout (Spy *spy)
{
  return ask_when_told (spy, NULL, 0, ask_size);
}

static HRESULT
result_timeout (Spy *spy)
{
  return ask_when_told (spy, NULL, 0, ask_result);
}

/* The node breaks down while a search runs. */
static HDRT_SEARCH_CONTEXT running;

static HRESULT
begin_search_and_fail (Spy *spy)
{
  assert_hr (start (spy, NULL, 20000, spy->data, &running), S_OK);
  return E_FAIL;
}

static HRESULT
ask_faulted (Spy *spy,
             Ask  ask)
{
  HANDLE event = drt_event_new ();
  HRESULT hr;

  spy->data = event;
  spy->fatal = TRUE;
  spy->hooks[CALL_INIT_RESOLVE] = begin_search_and_fail;
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_FAULTED);
  g_assert_true (drt_event_wait (event, 20000));
  hr = ask (running);
  assert_hr (DrtEndSearch (running), S_OK);
  drt_event_free (event);
  return hr;
}

static HRESULT
size_faulted (Spy *spy)
{
  return ask_faulted (spy, ask_size);
}

static HRESULT
result_faulted (Spy *spy)
{
  return ask_faulted (spy, ask_result);
}

/* --- The path --- */

static HRESULT
ask_path_size (HDRT_SEARCH_CONTEXT search)
{
  ULONG size;

  return DrtGetSearchPathSize (search, &size);
}

static HRESULT
ask_path (HDRT_SEARCH_CONTEXT search)
{
  DRT_ADDRESS_LIST path;

  return DrtGetSearchPath (search, sizeof path, &path);
}

static HRESULT
ask_path_size_nowhere (HDRT_SEARCH_CONTEXT search)
{
  return DrtGetSearchPathSize (search, NULL);
}

static HRESULT
ask_path_nowhere (HDRT_SEARCH_CONTEXT search)
{
  return DrtGetSearchPath (search, sizeof (DRT_ADDRESS_LIST), NULL);
}

static HRESULT
ask_path_short (HDRT_SEARCH_CONTEXT search)
{
  DRT_ADDRESS_LIST path;

  return DrtGetSearchPath (search, 4, &path);
}

static HRESULT
path_size_ok (Spy *spy)
{
  return ask_when_told (spy, NULL, 1000, ask_path_size);
}

static HRESULT
path_size_nowhere (Spy *spy)
{
  return ask_when_told (spy, NULL, 1000, ask_path_size_nowhere);
}

static HRESULT
path_size_stale (Spy *spy)
{
  return ask_path_size (NULL);
}

static HRESULT
path_ok (Spy *spy)
{
  return ask_when_told (spy, NULL, 1000, ask_path);
}

static HRESULT
path_nowhere (Spy *spy)
{
  return ask_when_told (spy, NULL, 1000, ask_path_nowhere);
}

static HRESULT
path_short (Spy *spy)
{
  return ask_when_told (spy, NULL, 1000, ask_path_short);
}

static HRESULT
path_stale (Spy *spy)
{
  return ask_path (NULL);
}

const CodeRow codes_search[] = {
  CODE (DrtStartSearch, S_OK, start_ok),
  CODE (DrtStartSearch, E_HANDLE, start_stale),
  CODE (DrtStartSearch, E_INVALIDARG, start_nowhere),
  CODE (DrtStartSearch, DRT_E_INVALID_KEY_SIZE, start_key_size),
  CODE (DrtStartSearch, DRT_E_INVALID_SEARCH_INFO, start_info),
  CODE (DrtStartSearch, DRT_E_INVALID_MAX_ENDPOINTS, start_no_endpoints),
  CODE (DrtStartSearch, DRT_E_INVALID_SEARCH_RANGE, start_range),
  CODE_NEW (DrtStartSearch, DRT_E_FAULTED, start_faulted),
  CODE (DrtStartSearch, E_OUTOFMEMORY, start_out_of_memory),
  CODE (DrtStartSearch, E_UNEXPECTED, start_closing),
  NEVER (DrtStartSearch, E_FAIL, "a fatal error makes the node faulted, and that is DRT_E_FAULTED"),

  CODE (DrtContinueSearch, S_OK, continue_ok),
  CODE (DrtContinueSearch, E_HANDLE, continue_stale),
  CODE (DrtContinueSearch, E_UNEXPECTED, continue_other),

  CODE (DrtGetSearchResultSize, S_OK, size_ok),
  CODE (DrtGetSearchResultSize, E_INVALIDARG, size_nowhere),
  CODE (DrtGetSearchResultSize, E_HANDLE, size_stale),
  CODE_NEW (DrtGetSearchResultSize, DRT_E_FAULTED, size_faulted),
  CODE_NEW (DrtGetSearchResultSize, DRT_E_SEARCH_IN_PROGRESS, size_in_progress),
  CODE (DrtGetSearchResultSize, DRT_E_NO_MORE, size_no_more),
  CODE (DrtGetSearchResultSize, DRT_E_TIMEOUT, size_timeout),

  CODE (DrtGetSearchResult, S_OK, result_ok),
  CODE (DrtGetSearchResult, E_INVALIDARG, result_tiny),
  CODE (DrtGetSearchResult, E_HANDLE, result_stale),
  CODE_NEW (DrtGetSearchResult, DRT_E_FAULTED, result_faulted),
  CODE (DrtGetSearchResult, DRT_E_INSUFFICIENT_BUFFER, result_short),
  CODE_NEW (DrtGetSearchResult, DRT_E_SEARCH_IN_PROGRESS, result_in_progress),
  CODE (DrtGetSearchResult, DRT_E_NO_MORE, result_no_more),
  CODE (DrtGetSearchResult, DRT_E_TIMEOUT, result_timeout),

  CODE (DrtGetSearchPathSize, S_OK, path_size_ok),
  CODE (DrtGetSearchPathSize, E_INVALIDARG, path_size_nowhere),
  CODE (DrtGetSearchPathSize, E_HANDLE, path_size_stale),

  CODE (DrtGetSearchPath, S_OK, path_ok),
  CODE (DrtGetSearchPath, E_INVALIDARG, path_nowhere),
  CODE (DrtGetSearchPath, E_HANDLE, path_stale),
  CODE (DrtGetSearchPath, DRT_E_INSUFFICIENT_BUFFER, path_short),

  CODE (DrtEndSearch, S_OK, end_ok),
  CODE (DrtEndSearch, E_HANDLE, end_stale),
  NEVER (DrtEndSearch, E_UNEXPECTED, "a search the node does not know has no handle in the table: E_HANDLE"),
};

const guint n_codes_search = G_N_ELEMENTS (codes_search);
