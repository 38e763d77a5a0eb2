/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "spy.h"
#include "strict-provider.h"

#include <net/if.h>
#include <string.h>

/* Two nodes with providers of the program's own, in every mode: which callbacks
 * are called, with what, and whether everything comes back through FreeData. */

#define WAIT_MS      20000
#define PAYLOAD_SIZE 5000        /* several fragments of an AUTHORITY */

typedef struct
{
  const char *name;
  DRT_SECURITY_MODE mode;
  gboolean blobs;
} ModeCase;

static const ModeCase mode_cases[] = {
  { "resolve/empty", DRT_SECURE_RESOLVE, FALSE },
  { "resolve/blobs", DRT_SECURE_RESOLVE, TRUE },
  { "membership/empty", DRT_SECURE_MEMBERSHIP, FALSE },
  { "membership/blobs", DRT_SECURE_MEMBERSHIP, TRUE },
  { "confidential/empty", DRT_SECURE_CONFIDENTIALPAYLOAD, FALSE },
  { "confidential/blobs", DRT_SECURE_CONFIDENTIALPAYLOAD, TRUE },
};

typedef struct
{
  Spy *spy;
  StrictProvider *provider;
  HDRT_REGISTRATION_CONTEXT key;
} Peer;

static void
peer_open (Peer           *peer,
           const ModeCase *mode,
           const char     *name,
           const char     *bootstrap)
{
  peer->spy = spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), bootstrap);
  peer->provider = strict_provider_new (mode->mode, mode->blobs, name);
  peer->spy->settings.pSecurityProvider = &peer->provider->table;
  peer->spy->settings.eSecurityMode = mode->mode;
  assert_hr (spy_open (peer->spy), S_OK);
}

/* The key context is the address of the peer: the provider must get it back. */
static void
peer_register (Peer   *peer,
               guint8  first_byte)
{
  BYTE key[32], payload[PAYLOAD_SIZE];
  DRT_REGISTRATION registration = { { sizeof key, key }, { sizeof payload, payload } };

  memset (payload, first_byte, sizeof payload);
  spy_key (first_byte, key);
  assert_hr (DrtRegisterKey (peer->spy->drt, &registration, peer, &peer->key), S_OK);
}

/* Searches until the key is found: its announcement may still be under way. */
static void
peer_find (Peer   *peer,
           guint8  first_byte,
           guint8  content)
{
  HANDLE event = drt_event_new ();
  gboolean found = FALSE;
  gint64 end = g_get_monotonic_time () + WAIT_MS * 1000;

  while (!found && g_get_monotonic_time () < end)
    {
      HDRT_SEARCH_CONTEXT search;
      BYTE bytes[32];
      DRT_DATA key = { sizeof bytes, bytes };
      ULONG size;

      spy_key (first_byte, bytes);
      assert_hr (DrtStartSearch (peer->spy->drt, &key, NULL, WAIT_MS, event, NULL, &search), S_OK);
      g_assert_true (drt_event_wait (event, WAIT_MS));
      if (DrtGetSearchResultSize (search, &size) == S_OK)
        {
          g_autofree DRT_SEARCH_RESULT *result = g_malloc (size);

          assert_hr (DrtGetSearchResult (search, size, result), S_OK);
          g_assert_cmpuint (result->registration.appData.cb, ==, PAYLOAD_SIZE);
          for (guint i = 0; i < PAYLOAD_SIZE; i++)
            g_assert_cmpuint (result->registration.appData.pb[i], ==, content);
          found = TRUE;
        }
      assert_hr (DrtEndSearch (search), S_OK);
    }
  g_assert_true (found);
  drt_event_free (event);
}

static void
peer_close (Peer *peer)
{
  DrtClose (peer->spy->drt);
  peer->spy->drt = NULL;
  spy_free (peer->spy);
  strict_provider_free (peer->provider);
}

static void
assert_called (Peer       *peer,
               StrictCall  call,
               gboolean    expected)
{
  if (expected)
    g_assert_cmpuint (strict_provider_count (peer->provider, call), >, 0);
  else
    g_assert_cmpuint (strict_provider_count (peer->provider, call), ==, 0);
}

static void
assert_calls (Peer           *peer,
              const ModeCase *mode)
{
  gboolean member = mode->mode >= DRT_SECURE_MEMBERSHIP;
  gboolean confidential = mode->mode >= DRT_SECURE_CONFIDENTIALPAYLOAD;

  assert_called (peer, STRICT_ATTACH, TRUE);
  assert_called (peer, STRICT_REGISTER_KEY, TRUE);
  assert_called (peer, STRICT_PACK, TRUE);
  assert_called (peer, STRICT_VALIDATE, TRUE);
  assert_called (peer, STRICT_CREDENTIAL, member);
  assert_called (peer, STRICT_VALIDATE_CREDENTIAL, member);
  assert_called (peer, STRICT_SIGN, member);
  assert_called (peer, STRICT_VERIFY, member);
  assert_called (peer, STRICT_ENCRYPT, confidential);
  assert_called (peer, STRICT_DECRYPT, confidential);
}

static void
test_mode (gconstpointer data)
{
  const ModeCase *mode = data;
  g_autofree char *first_at = NULL;
  BYTE changed[PAYLOAD_SIZE];
  DRT_DATA payload = { sizeof changed, changed };
  Peer first, second;

  memset (changed, 99, sizeof changed);
  peer_open (&first, mode, "first", NULL);
  peer_register (&first, 1);
  first_at = g_strdup_printf ("[::1]:%u", first.spy->port);
  peer_open (&second, mode, "second", first_at);
  g_assert_cmpint (spy_wait_status (second.spy, NULL), ==, DRT_ACTIVE);
  peer_register (&second, 2);

  peer_find (&second, 1, 1);
  peer_find (&first, 2, 2);
  assert_hr (DrtUpdateKey (first.key, &payload), S_OK);
  peer_find (&second, 1, 99);
  g_assert_cmpuint (first.provider->n_payloads, >=, 2);

  DrtUnregisterKey (first.key);
  g_assert_cmpuint (first.provider->n_revoked, >=, 1);
  g_assert_cmpuint (strict_provider_count (first.provider, STRICT_UNREGISTER_KEY), ==, 1);
  assert_calls (&first, mode);
  assert_calls (&second, mode);
  peer_close (&second);
  peer_close (&first);
}

/* A provider that makes what no message can carry: others cannot resolve the key,
 * and the program is told. */
static void
test_unsendable (gconstpointer data)
{
  static const ModeCase mode = { "resolve", DRT_SECURE_RESOLVE, TRUE };
  g_autofree char *first_at = NULL;
  g_autofree DRT_EVENT_DATA *event = g_malloc (4096);
  HDRT_SEARCH_CONTEXT search;
  BYTE bytes[32];
  DRT_DATA key = { sizeof bytes, bytes };
  ULONG size;
  HANDLE told = drt_event_new ();
  Peer first, second;

  peer_open (&first, &mode, "first", NULL);
  peer_register (&first, 1);
  first.provider->n_odd_bytes = GPOINTER_TO_UINT (data);
  first_at = g_strdup_printf ("[::1]:%u", first.spy->port);
  peer_open (&second, &mode, "second", first_at);
  spy_key (1, bytes);
  do
    {
      g_assert_true (drt_event_wait (first.spy->event, WAIT_MS));
      assert_hr (DrtGetEventData (first.spy->drt, 4096, event), S_OK);
      if (event->type == DRT_EVENT_STATUS_CHANGED && event->statusChange.status == DRT_ALONE)
        {
          g_assert_cmpint (spy_wait_status (second.spy, NULL), ==, DRT_ACTIVE);
          assert_hr (DrtStartSearch (second.spy->drt, &key, NULL, WAIT_MS, told, NULL, &search), S_OK);
        }
    }
  while (event->type != DRT_EVENT_REGISTRATION_STATE_CHANGED);
  g_assert_cmpint (event->registrationStateChange.state, ==, DRT_REGISTRATION_STATE_UNRESOLVEABLE);
  g_assert_cmpmem (event->registrationStateChange.localKey.pb, event->registrationStateChange.localKey.cb, bytes, 32);
  g_assert_true (drt_event_wait (told, WAIT_MS));
  assert_hr (DrtGetSearchResultSize (search, &size), DRT_E_NO_MORE);
  assert_hr (DrtEndSearch (search), S_OK);
  drt_event_free (told);
  peer_close (&second);
  peer_close (&first);
}

/* A stranger of another provider in the same mode: neither learns of the other's
 * key, and both keep their books. */
static void
test_strangers (void)
{
  static const ModeCase ours = { "ours", DRT_SECURE_MEMBERSHIP, TRUE };
  g_autofree char *first_at = NULL;
  DrtCounters counters;
  Peer first;
  Spy *stranger;

  peer_open (&first, &ours, "first", NULL);
  peer_register (&first, 1);
  first_at = g_strdup_printf ("[::1]:%u", first.spy->port);
  stranger = spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), first_at);
  /* In resolve mode there are no proofs at all. */
  assert_hr (spy_open (stranger), S_OK);
  g_assert_cmpint (spy_wait_status (stranger, NULL), ==, DRT_ALONE);
  assert_hr (drt_get_counters (stranger->drt, &counters), S_OK);
  g_assert_cmpuint (counters.n_entries, ==, 0);
  spy_free (stranger);
  peer_close (&first);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (mode_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/provider/", mode_cases[i].name, NULL);

      g_test_add_data_func (path, &mode_cases[i], test_mode);
    }
  g_test_add_data_func ("/provider/unsendable/odd", GUINT_TO_POINTER (1), test_unsendable);
  g_test_add_data_func ("/provider/unsendable/long", GUINT_TO_POINTER (40000), test_unsendable);
  g_test_add_func ("/provider/strangers", test_strangers);
  return g_test_run ();
}
