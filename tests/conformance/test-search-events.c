/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "spy.h"

#include <net/if.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "drt-alloc.h"

/* The event of a search as programs use and misuse it, several results, ranges, and
 * the end at any moment. */

#define WAIT_MS 20000

/* Two nodes; the first publishes the keys 1 to 4, the second searches. */
typedef struct
{
  Spy *first;
  Spy *second;
} Pair;

static void
pair_open (Pair *pair)
{
  g_autofree char *first = NULL;

  pair->first = spy_new ();
  first = g_strdup_printf ("[::1]:%u", pair->first->port);
  assert_hr (spy_open (pair->first), S_OK);
  for (guint8 i = 1; i <= 4; i++)
    assert_hr (spy_register (pair->first, i, NULL), S_OK);
  pair->second = spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), first);
  assert_hr (spy_open (pair->second), S_OK);
  g_assert_cmpint (spy_wait_status (pair->second, NULL), ==, DRT_ACTIVE);
}

static void
pair_close (Pair *pair)
{
  spy_free (pair->second);
  spy_free (pair->first);
}

typedef struct
{
  guint8 target;
  guint8 minimum;
  guint8 maximum;
  gboolean any;
  gboolean local;
  ULONG n;
} Range;

/* Keys in the range, by the number they were registered with, whose place on the
 * ring is that number times 37 / 256. */
static HDRT_SEARCH_CONTEXT
start_range (Spy         *spy,
             const Range *range,
             ULONG        timeout,
             HANDLE       event)
{
  HDRT_SEARCH_CONTEXT search;
  BYTE key[32], low[32] = { 0 }, high[32];
  DRT_DATA target = { 32, key }, minimum = { 32, low }, maximum = { 32, high };
  DRT_SEARCH_INFO info = { sizeof info, FALSE, range->local, range->any, range->n, &maximum, &minimum };

  memset (high, 0xff, sizeof high);
  spy_key (range->target, key);
  if (range->minimum > 0)
    spy_key (range->minimum, low);
  if (range->maximum > 0)
    spy_key (range->maximum, high);
  assert_hr (DrtStartSearch (spy->drt, &target, &info, timeout, event, NULL, &search), S_OK);
  return search;
}

static HDRT_SEARCH_CONTEXT
start_four (Pair   *pair,
            HANDLE  event)
{
  return start_range (pair->second, &(Range) { .target = 1, .n = 10 }, WAIT_MS, event);
}

static HRESULT
fetch_one (HDRT_SEARCH_CONTEXT  search,
           guint8              *which,
           DRT_MATCH_TYPE      *type)
{
  g_autofree DRT_SEARCH_RESULT *result = NULL;
  ULONG size;
  HRESULT hr = DrtGetSearchResultSize (search, &size);

  if (hr != S_OK)
    return hr;
  result = g_malloc (size);
  assert_hr (DrtGetSearchResult (search, size, result), S_OK);
  g_assert_true ((BYTE *) (result + 1) == result->registration.key.pb);
  g_assert_cmpuint (result->registration.key.pb[31], ==, (guint8) (result->registration.key.pb[0] * 37));
  if (which != NULL)
    *which = result->registration.key.pb[0];
  if (type != NULL)
    *type = result->type;
  return S_OK;
}

/* Waits and fetches as Windows' sample does. */
static HRESULT
fetch (HDRT_SEARCH_CONTEXT  search,
       HANDLE               event,
       guint8              *which,
       DRT_MATCH_TYPE      *type)
{
  HRESULT hr;

  do
    {
      g_assert_true (drt_event_wait (event, WAIT_MS));
      hr = fetch_one (search, which, type);
    }
  while (hr == DRT_E_SEARCH_IN_PROGRESS);
  return hr;
}

static void
assert_found (HDRT_SEARCH_CONTEXT search,
              HANDLE              event,
              const char         *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);
  guint8 which;
  HRESULT hr;

  while ((hr = fetch (search, event, &which, NULL)) == S_OK)
    g_string_append_printf (found, "%u ", which);
  assert_hr (hr, DRT_E_NO_MORE);
  g_assert_cmpstr (found->str, ==, expected);
  assert_hr (DrtEndSearch (search), S_OK);
}

static HRESULT
refuse_to_pack (Spy *spy)
{
  return E_FAIL;
}

/* --- What is found --- */

static void
test_ranges (void)
{
  HANDLE event = drt_event_new ();
  HDRT_SEARCH_CONTEXT search;
  DRT_MATCH_TYPE type;
  Pair pair;

  pair_open (&pair);
  /* Nearest first. */
  assert_found (start_range (pair.second, &(Range) { .target = 4, .n = 4 }, WAIT_MS, event), event, "4 3 2 1 ");
  assert_found (start_range (pair.second, &(Range) { .target = 4, .n = 2 }, WAIT_MS, event), event, "4 3 ");
  assert_found (start_range (pair.second, &(Range) { .target = 5, .minimum = 2, .maximum = 5, .n = 9 }, WAIT_MS, event), event, "4 3 2 ");
  /* 4 is nearest to 5 but lies outside. */
  assert_found (start_range (pair.second, &(Range) { .target = 5, .minimum = 5, .n = 9 }, WAIT_MS, event), event, "");
  assert_found (start_range (pair.second, &(Range) { .target = 2, .minimum = 2, .maximum = 3, .any = TRUE, .n = 1 }, WAIT_MS, event), event, "2 ");

  /* Any in the range is what was looked for; the nearest is only near. */
  search = start_range (pair.second, &(Range) { .target = 5, .minimum = 4, .maximum = 6, .any = TRUE, .n = 1 }, WAIT_MS, event);
  assert_hr (fetch (search, event, NULL, &type), S_OK);
  g_assert_cmpint (type, ==, DRT_MATCH_EXACT);
  assert_hr (DrtEndSearch (search), S_OK);
  search = start_range (pair.second, &(Range) { .target = 5, .minimum = 4, .maximum = 6, .n = 1 }, WAIT_MS, event);
  assert_hr (fetch (search, event, NULL, &type), S_OK);
  g_assert_cmpint (type, ==, DRT_MATCH_NEAR);
  assert_hr (DrtEndSearch (search), S_OK);
  search = start_range (pair.second, &(Range) { .target = 3, .n = 3 }, WAIT_MS, event);
  assert_hr (fetch (search, event, NULL, &type), S_OK);
  g_assert_cmpint (type, ==, DRT_MATCH_EXACT);
  assert_hr (fetch (search, event, NULL, &type), S_OK);
  g_assert_cmpint (type, ==, DRT_MATCH_NEAR);
  assert_hr (DrtEndSearch (search), S_OK);
  pair_close (&pair);
  drt_event_free (event);
}

/* Our keys take their place among the others, where they count.  Across the end of
 * the ring 1 is nearer to 5 than 2 is. */
static void
test_local (void)
{
  HANDLE event = drt_event_new ();
  Pair pair;

  pair_open (&pair);
  for (guint8 i = 5; i <= 6; i++)
    assert_hr (spy_register (pair.second, i, NULL), S_OK);
  assert_found (start_range (pair.second, &(Range) { .target = 5, .n = 10 }, WAIT_MS, event), event, "4 3 1 2 ");
  assert_found (start_range (pair.second, &(Range) { .target = 5, .local = TRUE, .n = 10 }, WAIT_MS, event), event, "5 6 4 3 1 2 ");
  assert_found (start_range (pair.second, &(Range) { .target = 6, .minimum = 4, .local = TRUE, .n = 2 }, WAIT_MS, event), event, "6 5 ");
  pair_close (&pair);
  drt_event_free (event);
}

/* --- The event --- */

/* As with an auto-reset event: each wait takes the signal away, and one result is
 * fetched for it. */
static void
one_for_one (HANDLE event)
{
  HDRT_SEARCH_CONTEXT search;
  guint n_found = 0;
  HRESULT hr;
  Pair pair;

  pair_open (&pair);
  search = start_four (&pair, event);
  do
    {
      guint64 count;

      g_assert_true (drt_event_wait (event, WAIT_MS));
      g_assert_cmpint (read ((int) (gssize) event, &count, sizeof count), ==, sizeof count);
      hr = fetch_one (search, NULL, NULL);
      n_found += hr == S_OK;
    }
  while (hr == S_OK || hr == DRT_E_SEARCH_IN_PROGRESS);
  assert_hr (hr, DRT_E_NO_MORE);
  g_assert_cmpuint (n_found, ==, 4);
  assert_hr (DrtEndSearch (search), S_OK);
  pair_close (&pair);
  drt_event_free (event);
}

static void
test_auto_reset (void)
{
  one_for_one (drt_event_new ());
  one_for_one ((HANDLE) (gssize) eventfd (0, EFD_SEMAPHORE));
}

/* Set before there is anything: the program is told so, and waits again. */
static void
test_already_set (void)
{
  HANDLE event = (HANDLE) (gssize) eventfd (7, EFD_SEMAPHORE);
  Pair pair;

  pair_open (&pair);
  assert_found (start_four (&pair, event), event, "1 2 3 4 ");
  pair_close (&pair);
  drt_event_free (event);
}

/* A counter at its end, and a descriptor that blocks. */
static void
test_overflow (void)
{
  HANDLE event = (HANDLE) (gssize) eventfd (0, 0);
  guint64 most = G_MAXUINT64 - 1;
  HDRT_SEARCH_CONTEXT search;
  Pair pair;

  pair_open (&pair);
  g_assert_cmpint (write ((int) (gssize) event, &most, sizeof most), ==, sizeof most);
  search = start_four (&pair, event);
  assert_found (search, event, "1 2 3 4 ");
  pair_close (&pair);
  drt_event_free (event);
}

static void
test_no_event (void)
{
  HDRT_SEARCH_CONTEXT search;
  guint n_found = 0;
  HRESULT hr;
  Pair pair;

  pair_open (&pair);
  search = start_four (&pair, NULL);
  while ((hr = fetch_one (search, NULL, NULL)) == S_OK || hr == DRT_E_SEARCH_IN_PROGRESS)
    {
      n_found += hr == S_OK;
      g_usleep (500);
    }
  assert_hr (hr, DRT_E_NO_MORE);
  g_assert_cmpuint (n_found, ==, 4);
  assert_hr (DrtEndSearch (search), S_OK);
  pair_close (&pair);
}

/* What one has still to tell keeps the event set when the other has told all. */
static void
test_shared (void)
{
  HANDLE event = drt_event_new ();
  HDRT_SEARCH_CONTEXT done, open;
  HRESULT hr;
  Pair pair;

  pair_open (&pair);
  done = start_four (&pair, event);
  while ((hr = fetch (done, event, NULL, NULL)) == S_OK)
    continue;
  assert_hr (hr, DRT_E_NO_MORE);

  /* One that has nothing to tell: who is asked for his proof never gives it. */
  pair.first->hooks[CALL_PACK] = refuse_to_pack;
  open = start_four (&pair, event);
  for (guint i = 0; i < 3; i++)
    {
      assert_hr (fetch_one (open, NULL, NULL), DRT_E_SEARCH_IN_PROGRESS);
      g_assert_true (drt_event_wait (event, 0));   /* the first is over, and says so */
    }
  assert_hr (DrtEndSearch (done), S_OK);
  assert_hr (fetch_one (open, NULL, NULL), DRT_E_SEARCH_IN_PROGRESS);
  g_assert_false (drt_event_wait (event, 0));
  assert_hr (DrtEndSearch (open), S_OK);
  pair_close (&pair);
  drt_event_free (event);
}

static void
test_closed_too_early (void)
{
  HDRT_SEARCH_CONTEXT searches[20];
  HANDLE event;
  Pair pair;

  pair_open (&pair);
  for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      event = drt_event_new ();
      searches[i] = start_four (&pair, event);
      drt_event_free (event);
    }
  event = drt_event_new ();
  assert_found (start_four (&pair, event), event, "1 2 3 4 ");
  for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
    assert_hr (DrtEndSearch (searches[i]), S_OK);
  drt_event_free (event);
  pair_close (&pair);
}

/* --- The end --- */

static gpointer
end_searches (gpointer data)
{
  GAsyncQueue *searches = data;
  HDRT_SEARCH_CONTEXT search;

  while ((search = g_async_queue_timeout_pop (searches, WAIT_MS * 1000)) != NULL && search != searches)
    {
      ULONG size;

      assert_hr (DrtEndSearch (search), S_OK);
      assert_hr (DrtEndSearch (search), E_HANDLE);
      assert_hr (DrtGetSearchResultSize (search, &size), E_HANDLE);
      assert_hr (DrtContinueSearch (search), E_HANDLE);
    }
  return NULL;
}

/* Started here, ended there, at whatever moment it may be. */
static void
test_end_elsewhere (void)
{
  g_autoptr (GAsyncQueue) searches = g_async_queue_new ();
  HANDLE event = drt_event_new ();
  GThread *thread = g_thread_new ("end", end_searches, searches);
  Pair pair;

  pair_open (&pair);
  for (guint i = 0; i < 300; i++)
    {
      HDRT_SEARCH_CONTEXT search = start_four (&pair, event);

      if (i % 3 == 0)
        g_assert_true (drt_event_wait (event, WAIT_MS));
      g_async_queue_push (searches, search);
    }
  g_async_queue_push (searches, searches);
  g_thread_join (thread);
  pair_close (&pair);
  drt_event_free (event);
}

typedef struct
{
  HDRT_SEARCH_CONTEXT search;
  gboolean ended;
} Callback;

static gboolean
end_in_callback (gpointer data)
{
  Callback *callback = data;

  assert_hr (fetch_one (callback->search, NULL, NULL), S_OK);
  assert_hr (DrtEndSearch (callback->search), S_OK);
  callback->ended = TRUE;
  return G_SOURCE_REMOVE;
}

/* In the thread that runs the node, from the source of the event. */
static void
test_end_in_callback (void)
{
  HANDLE event = drt_event_new ();
  Callback callback = { 0 };
  g_autofree char *address = NULL;
  GSource *source;
  Spy *third;
  Pair pair;

  pair_open (&pair);
  address = g_strdup_printf ("[::1]:%u", pair.first->port);
  third = spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), address);
  assert_hr (drt_open_in_context (&third->settings, third->event, third, NULL, &third->drt), S_OK);
  while (!drt_event_wait (third->event, 0))
    g_main_context_iteration (NULL, TRUE);
  callback.search = start_four (&(Pair) { .second = third }, event);
  source = drt_event_source_new (event);
  g_source_set_callback (source, end_in_callback, &callback, NULL);
  g_source_attach (source, NULL);
  while (!callback.ended)
    g_main_context_iteration (NULL, TRUE);
  g_source_destroy (source);
  g_source_unref (source);
  spy_free (third);
  pair_close (&pair);
  drt_event_free (event);
}

/* A result there is no memory for is not lost without a word. */
static void
test_no_memory (void)
{
  HANDLE event = drt_event_new ();
  g_autofree char *address = NULL;
  guint n_starved = 0;
  Spy *third;
  Pair pair;

  pair_open (&pair);
  address = g_strdup_printf ("[::1]:%u", pair.first->port);
  third = spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), address);
  assert_hr (drt_open_in_context (&third->settings, third->event, third, NULL, &third->drt), S_OK);
  while (!drt_event_wait (third->event, 0))
    g_main_context_iteration (NULL, TRUE);
  for (int i = 0; i < 30; i++)
    {
      HDRT_SEARCH_CONTEXT search = start_four (&(Pair) { .second = third }, event);
      guint n_found = 0;
      HRESULT hr;

      drt_alloc_fail (i);
      while ((hr = fetch_one (search, NULL, NULL)) == S_OK || hr == DRT_E_SEARCH_IN_PROGRESS)
        {
          n_found += hr == S_OK;
          g_main_context_iteration (NULL, FALSE);
        }
      drt_alloc_fail (-1);
      g_assert_true (hr == E_OUTOFMEMORY || (hr == DRT_E_NO_MORE && n_found == 4));
      n_starved += hr == E_OUTOFMEMORY;
      assert_hr (DrtEndSearch (search), S_OK);
    }
  g_assert_cmpuint (n_starved, >=, 4);
  spy_free (third);
  pair_close (&pair);
  drt_event_free (event);
}

/* What was found in time is handed out before the end is. */
static void
test_timeout_after_results (void)
{
  HANDLE event = drt_event_new ();
  HDRT_SEARCH_CONTEXT search;
  HRESULT hr;
  Pair pair;

  pair_open (&pair);
  assert_hr (spy_register (pair.second, 5, NULL), S_OK);
  /* Who is asked for its proof never gives it. */
  pair.first->hooks[CALL_PACK] = refuse_to_pack;
  search = start_range (pair.second, &(Range) { .target = 5, .local = TRUE, .n = 10 }, 300, event);
  g_usleep (400 * 1000);
  g_assert_true (drt_event_wait (event, WAIT_MS));
  assert_hr (fetch_one (search, NULL, NULL), S_OK);
  while ((hr = fetch (search, event, NULL, NULL)) == S_OK)
    continue;
  assert_hr (hr, DRT_E_TIMEOUT);
  assert_hr (fetch (search, event, NULL, NULL), DRT_E_TIMEOUT);
  assert_hr (DrtEndSearch (search), S_OK);
  pair_close (&pair);
  drt_event_free (event);
}

/* What is over ends with its node as what is not. */
static void
test_close (void)
{
  HANDLE event = drt_event_new ();
  HDRT_SEARCH_CONTEXT search;
  Pair pair;

  pair_open (&pair);
  search = start_four (&pair, event);
  while (fetch (search, event, NULL, NULL) == S_OK)
    continue;
  DrtClose (pair.second->drt);
  pair.second->drt = NULL;
  assert_hr (fetch_one (search, NULL, NULL), E_HANDLE);
  assert_hr (DrtEndSearch (search), E_HANDLE);
  pair_close (&pair);
  drt_event_free (event);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/search-events/ranges", test_ranges);
  g_test_add_func ("/search-events/local", test_local);
  g_test_add_func ("/search-events/event/auto-reset", test_auto_reset);
  g_test_add_func ("/search-events/event/already-set", test_already_set);
  g_test_add_func ("/search-events/event/overflow", test_overflow);
  g_test_add_func ("/search-events/event/none", test_no_event);
  g_test_add_func ("/search-events/event/shared", test_shared);
  g_test_add_func ("/search-events/event/closed-too-early", test_closed_too_early);
  g_test_add_func ("/search-events/end/elsewhere", test_end_elsewhere);
  g_test_add_func ("/search-events/end/in-callback", test_end_in_callback);
  g_test_add_func ("/search-events/end/no-memory", test_no_memory);
  g_test_add_func ("/search-events/end/timeout-after-results", test_timeout_after_results);
  g_test_add_func ("/search-events/end/close", test_close);
  return g_test_run ();
}
