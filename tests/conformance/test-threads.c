/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "spy.h"

#include <net/if.h>
#include <string.h>

/*
 * Any function from any thread, with handles that others are about to end, while
 * two nodes talk, and from inside the callbacks of a provider and of an observer.
 * What is asserted is that every answer is one the function may give; that no
 * two threads are at the same memory is what ThreadSanitizer asserts
 * (build-aux/test --sanitize=thread threads).
 */

#define N_THREADS 6
#define N_SLOTS   8
#ifdef __SANITIZE_THREAD__
#define N_TURNS   3000    /* a race shows itself in one of thousands */
#else
#define N_TURNS   600
#endif
#define WAIT_MS   20000

typedef struct
{
  Spy *first;
  Spy *second;
  GMutex lock;                              /* guards the slots */
  HDRT_REGISTRATION_CONTEXT keys[N_SLOTS];
  HDRT_SEARCH_CONTEXT searches[N_SLOTS];
  HANDLE events[N_SLOTS];
  int n_done;                               /* atomic: answers that were S_OK */
} Shared;

typedef struct
{
  Shared *shared;
  guint32 seed;
} Worker;

static gboolean
is_one_of (HRESULT        hr,
           const HRESULT *codes,
           guint          n)
{
  for (guint i = 0; i < n; i++)
    if (hr == codes[i])
      return TRUE;
  return FALSE;
}

/* Notes @hr; it must be S_OK, E_HANDLE or one of the others named. */
static void
answered_at (const char    *where,
             Shared        *shared,
             HRESULT        hr,
             const HRESULT *codes,
             guint          n)
{
  if (hr == S_OK)
    g_atomic_int_inc (&shared->n_done);
  else if (hr != E_HANDLE && !is_one_of (hr, codes, n))
    g_error ("%s: %s", where, drt_hresult_to_name (hr));
}

#define answered(shared, hr, ...) \
  G_STMT_START { \
    const HRESULT codes_[] = { __VA_ARGS__ }; \
    answered_at (G_STRLOC, (shared), (hr), codes_, G_N_ELEMENTS (codes_)); \
  } G_STMT_END

/* The codes of a node that is being closed. */
#define CLOSING E_UNEXPECTED, DRT_E_TRANSPORT_SHUTTING_DOWN, DRT_E_TRANSPORT_NOT_BOUND, \
                DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED, DRT_E_INVALID_TRANSPORT_PROVIDER

static gpointer
read_slot (Shared   *shared,
           gpointer *slot)
{
  gpointer handle;

  g_mutex_lock (&shared->lock);
  handle = *slot;
  g_mutex_unlock (&shared->lock);
  return handle;
}

static gpointer
write_slot (Shared   *shared,
            gpointer *slot,
            gpointer  handle)
{
  gpointer before;

  g_mutex_lock (&shared->lock);
  before = *slot;
  *slot = handle;
  g_mutex_unlock (&shared->lock);
  return before;
}

static void
register_some (Shared *shared,
               HDRT    drt,
               guint   slot)
{
  BYTE key[32], payload[100] = { 1 };
  DRT_REGISTRATION registration = { { sizeof key, key }, { sizeof payload, payload } };
  HDRT_REGISTRATION_CONTEXT handle = NULL;

  spy_key ((guint8) (slot + 1), key);
  answered (shared, DrtRegisterKey (drt, &registration, NULL, &handle), DRT_E_DUPLICATE_KEY, CLOSING);
  if (handle != NULL)
    DrtUnregisterKey (write_slot (shared, &shared->keys[slot], handle));
}

static void
start_some (Shared  *shared,
            HDRT     drt,
            guint    slot,
            GRand   *rand)
{
  BYTE key[32], low[32] = { 0 }, high[32];
  DRT_DATA target = { sizeof key, key }, minimum = { sizeof low, low }, maximum = { sizeof high, high };
  DRT_SEARCH_INFO info = {
    .dwSize = sizeof info, .fIterative = g_rand_boolean (rand), .fAllowCurrentInstanceMatch = g_rand_boolean (rand),
    .cMaxEndpoints = g_rand_int_range (rand, 1, 4), .pMinimumKey = &minimum, .pMaximumKey = &maximum,
  };
  HDRT_SEARCH_CONTEXT search = NULL, before;

  memset (high, 0xff, sizeof high);
  spy_key ((guint8) (slot + 1), key);
  answered (shared, DrtStartSearch (drt, &target, &info, 200, shared->events[slot], shared, &search), CLOSING);
  before = write_slot (shared, &shared->searches[slot], search);
  answered (shared, DrtEndSearch (before), S_OK);
}

static void
ask_search (Shared *shared,
            guint   slot)
{
  HDRT_SEARCH_CONTEXT search = read_slot (shared, &shared->searches[slot]);
  g_autofree DRT_SEARCH_RESULT *result = g_malloc (8192);
  g_autofree DRT_ADDRESS_LIST *path = NULL;
  ULONG size = 0;

  answered (shared, DrtGetSearchResultSize (search, &size), DRT_E_SEARCH_IN_PROGRESS, DRT_E_NO_MORE, DRT_E_TIMEOUT);
  answered (shared, DrtGetSearchResult (search, 8192, result), DRT_E_SEARCH_IN_PROGRESS, DRT_E_NO_MORE, DRT_E_TIMEOUT);
  answered (shared, DrtContinueSearch (search), E_UNEXPECTED);
  size = 0;
  answered (shared, DrtGetSearchPathSize (search, &size), S_OK);
  path = g_malloc (size + sizeof (DRT_ADDRESS_LIST));
  answered (shared, DrtGetSearchPath (search, size, path), DRT_E_INSUFFICIENT_BUFFER);
}

static void
ask_node (Shared *shared,
          HDRT    drt)
{
  g_autofree DRT_EVENT_DATA *event = g_malloc (4096);
  WCHAR name[200];
  DrtObservedStatus status;
  DrtCounters counters;
  ULONG size;

  answered (shared, DrtGetEventDataSize (drt, &size), DRT_E_NO_MORE, E_UNEXPECTED);
  answered (shared, DrtGetEventData (drt, 4096, event), DRT_E_NO_MORE, E_UNEXPECTED);
  answered (shared, DrtGetInstanceNameSize (drt, &size), S_OK);
  answered (shared, DrtGetInstanceName (drt, sizeof name, name), S_OK);
  answered (shared, drt_get_status (drt, &status), E_UNEXPECTED);
  answered (shared, drt_get_counters (drt, &counters), E_UNEXPECTED);
}

static void
update_some (Shared *shared,
             guint   slot)
{
  BYTE payload[300] = { 2 };
  DRT_DATA data = { sizeof payload, payload };

  answered (shared, DrtUpdateKey (read_slot (shared, &shared->keys[slot]), &data), S_OK);
}

static void
take_turn (Shared *shared,
           GRand  *rand)
{
  HDRT drt = g_rand_boolean (rand) ? shared->first->drt : shared->second->drt;
  guint slot = g_rand_int_range (rand, 0, N_SLOTS);

  switch (g_rand_int_range (rand, 0, 7))
    {
    case 0:
      register_some (shared, drt, slot);
      break;
    case 1:
      DrtUnregisterKey (read_slot (shared, &shared->keys[slot]));
      break;
    case 2:
      update_some (shared, slot);
      break;
    case 3:
      start_some (shared, drt, slot, rand);
      break;
    case 4:
      ask_search (shared, slot);
      break;
    case 5:
      answered (shared, DrtEndSearch (read_slot (shared, &shared->searches[slot])), S_OK);
      break;
    default:
      ask_node (shared, drt);
      break;
    }
}

static gpointer
work (gpointer data)
{
  const Worker *worker = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (worker->seed);

  for (guint i = 0; i < N_TURNS; i++)
    take_turn (worker->shared, rand);
  return NULL;
}

/* What a provider may do from inside its own callback. */
static HRESULT
ask_from_callback (Spy *spy)
{
  Shared *shared = spy->data;

  ask_node (shared, spy->drt);
  for (guint slot = 0; slot < N_SLOTS; slot++)
    ask_search (shared, slot);
  return S_OK;
}

static void
shared_open (Shared *shared)
{
  g_autofree char *first_at = NULL;

  memset (shared, 0, sizeof *shared);
  g_mutex_init (&shared->lock);
  for (guint i = 0; i < N_SLOTS; i++)
    shared->events[i] = drt_event_new ();
  shared->first = spy_new ();
  assert_hr (spy_open (shared->first), S_OK);
  assert_hr (spy_register (shared->first, 100, NULL), S_OK);
  first_at = g_strdup_printf ("[::1]:%u", shared->first->port);
  shared->second = spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), first_at);
  assert_hr (spy_open (shared->second), S_OK);
  g_assert_cmpint (spy_wait_status (shared->second, NULL), ==, DRT_ACTIVE);
  shared->first->data = shared->second->data = shared;
  shared->first->hooks[CALL_PACK] = ask_from_callback;
  shared->second->hooks[CALL_REGISTER_KEY] = ask_from_callback;
}

static void
shared_close (Shared *shared)
{
  spy_free (shared->second);
  spy_free (shared->first);
  for (guint i = 0; i < N_SLOTS; i++)
    drt_event_free (shared->events[i]);
  g_mutex_clear (&shared->lock);
}

/* @close: the first node is closed in the midst of it. */
static void
test_everything (gconstpointer data)
{
  gboolean close_early = GPOINTER_TO_INT (data);
  Worker workers[N_THREADS];
  GThread *threads[N_THREADS];
  Shared shared;

  shared_open (&shared);
  for (guint i = 0; i < N_THREADS; i++)
    {
      workers[i] = (Worker) { &shared, g_test_rand_int () };
      threads[i] = g_thread_new ("worker", work, &workers[i]);
    }
  if (close_early)
    DrtClose (shared.first->drt);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (shared.n_done, >, N_SLOTS);
  for (guint i = 0; i < N_SLOTS; i++)
    DrtEndSearch (shared.searches[i]);
  shared_close (&shared);
}

static gpointer
open_and_close (gpointer data)
{
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (Spy) spy = spy_new ();

      assert_hr (spy_open (spy), S_OK);
      assert_hr (spy_register (spy, 1, NULL), S_OK);
    }
  return NULL;
}

/* Nodes come and go in several threads on the library's one thread. */
static void
test_open_and_close (void)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("opener", open_and_close, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/threads/everything", GINT_TO_POINTER (FALSE), test_everything);
  g_test_add_data_func ("/threads/everything-closing", GINT_TO_POINTER (TRUE), test_everything);
  g_test_add_func ("/threads/open-and-close", test_open_and_close);
  return g_test_run ();
}
