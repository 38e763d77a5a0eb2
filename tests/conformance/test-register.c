/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "spy.h"

#include <string.h>

#include "drt-host-network.h"
#include "drt-object.h"

/*
 * Every code that DrtRegisterKey() is documented to return, by its cause; then
 * DrtUpdateKey() and DrtUnregisterKey().
 */

typedef struct
{
  const char *name;
  HRESULT expected;
  gsize key_size;        /* bytes; the key is NULL at 0 */
  gsize payload_size;
  gboolean no_payload;   /* pb is NULL */
} ArgumentCase;

static const ArgumentCase argument_cases[] = {
  { "payload/1", S_OK, 32, 1, FALSE },
  { "payload/5120", S_OK, 32, 5120, FALSE },
  { "payload/0", E_INVALIDARG, 32, 0, FALSE },
  { "payload/5121", E_INVALIDARG, 32, 5121, FALSE },
  { "payload/null", E_INVALIDARG, 32, 10, TRUE },
  { "key/null", E_INVALIDARG, 0, 10, FALSE },
  { "key/31", DRT_E_INVALID_KEY_SIZE, 31, 10, FALSE },
  { "key/33", DRT_E_INVALID_KEY_SIZE, 33, 10, FALSE },
  { "key/1", DRT_E_INVALID_KEY_SIZE, 1, 10, FALSE },
};

static void
test_argument (gconstpointer data)
{
  const ArgumentCase *argument = data;
  g_autoptr (Spy) spy = spy_new ();
  g_autofree BYTE *payload = g_malloc0 (argument->payload_size + 1);
  BYTE key[33] = { 9 };
  DRT_REGISTRATION registration = {
    { argument->key_size, argument->key_size > 0 ? key : NULL },
    { argument->payload_size, argument->no_payload ? NULL : payload },
  };
  HDRT_REGISTRATION_CONTEXT handle = spy;

  assert_hr (spy_open (spy), S_OK);
  assert_hr (DrtRegisterKey (spy->drt, &registration, NULL, &handle), argument->expected);
  g_assert_true ((handle != NULL) == SUCCEEDED (argument->expected));
  assert_hr (DrtRegisterKey (spy->drt, &registration, NULL, NULL), E_INVALIDARG);
  assert_hr (DrtRegisterKey (spy->drt, NULL, NULL, &handle), E_INVALIDARG);
}

static HRESULT
answer_data (Spy *spy)
{
  return *(const HRESULT *) spy->data;
}

/* Codes of the security provider that surface. */
static const HRESULT provider_codes[] = {
  DRT_E_INVALID_KEY,
  DRT_E_INVALID_CERT_CHAIN,
  DRT_E_CAPABILITY_MISMATCH,
  E_FAIL,
};

static void
test_provider (gconstpointer data)
{
  g_autoptr (Spy) spy = spy_new ();
  HDRT_REGISTRATION_CONTEXT handle = spy;
  HRESULT code = *(const HRESULT *) data;

  assert_hr (spy_open (spy), S_OK);
  spy->data = (gpointer) data;
  spy->hooks[CALL_REGISTER_KEY] = answer_data;
  assert_hr (spy_register (spy, 1, &handle), code);
  g_assert_null (handle);

  /* The key is not taken by the failed attempt. */
  spy->hooks[CALL_REGISTER_KEY] = NULL;
  assert_hr (spy_register (spy, 1, &handle), S_OK);
  DrtUnregisterKey (handle);
  g_assert_cmpint (spy_count (spy, CALL_UNREGISTER_KEY), ==, 1);
}

/* Somebody has detached the provider behind the node's back. */
static void
test_not_attached (void)
{
  g_autoptr (Spy) spy = spy_new ();

  assert_hr (spy_open (spy), S_OK);
  spy->null->Detach (spy->null->pvContext);
  assert_hr (spy_register (spy, 1, NULL), DRT_E_SECURITYPROVIDER_NOT_ATTACHED);
}

static void
test_handle (void)
{
  g_autoptr (Spy) spy = spy_new ();
  HDRT_REGISTRATION_CONTEXT handle;
  HDRT drt;

  assert_hr (spy_register (spy, 1, NULL), E_HANDLE);
  assert_hr (spy_open (spy), S_OK);
  assert_hr (spy_register (spy, 1, &handle), S_OK);
  drt = spy->drt;
  for (int bit = 0; bit < 64; bit++)
    {
      spy->drt = (HDRT) ((guint64) drt ^ (G_GUINT64_CONSTANT (1) << bit));
      assert_hr (spy_register (spy, 2, NULL), E_HANDLE);
    }
  spy->drt = handle;
  assert_hr (spy_register (spy, 2, NULL), E_HANDLE);
  spy->drt = spy->settings.hTransport;
  assert_hr (spy_register (spy, 2, NULL), E_HANDLE);
  spy->drt = drt;
  DrtClose (drt);
  assert_hr (spy_register (spy, 2, NULL), E_HANDLE);
}

static void
test_duplicate (void)
{
  g_autoptr (Spy) spy = spy_new ();
  HDRT_REGISTRATION_CONTEXT handle, other;

  assert_hr (spy_open (spy), S_OK);
  assert_hr (spy_register (spy, 1, &handle), S_OK);
  assert_hr (spy_register (spy, 1, &other), DRT_E_DUPLICATE_KEY);
  g_assert_null (other);
  assert_hr (spy_register (spy, 2, &other), S_OK);
  DrtUnregisterKey (handle);
  assert_hr (spy_register (spy, 1, &handle), S_OK);
  DrtUnregisterKey (NULL);
  DrtUnregisterKey (spy->drt);
}

/* The provider hands back a key that is being registered by it. */
static HRESULT
register_same (Spy *spy)
{
  if (spy_count (spy, CALL_REGISTER_KEY) == 1)
    spy->seen = spy_register (spy, 1, NULL);
  return S_OK;
}

static void
test_duplicate_meanwhile (void)
{
  g_autoptr (Spy) spy = spy_new ();

  spy->hooks[CALL_REGISTER_KEY] = register_same;
  assert_hr (spy_open (spy), S_OK);
  assert_hr (spy_register (spy, 1, NULL), S_OK);
  assert_hr (spy->seen, DRT_E_DUPLICATE_KEY);
}

static HRESULT
fail_resolve (Spy *spy)
{
  return DRT_E_INVALID_ADDRESS;
}

static void
test_faulted (void)
{
  g_autoptr (Spy) spy = spy_new ();
  HRESULT hr;

  spy->fatal = TRUE;
  spy->hooks[CALL_INIT_RESOLVE] = fail_resolve;
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, &hr), ==, DRT_FAULTED);
  assert_hr (hr, DRT_E_INVALID_ADDRESS);
  assert_hr (spy_register (spy, 1, NULL), DRT_E_FAULTED);
}

static void
test_out_of_memory (void)
{
  g_autoptr (Spy) spy = spy_new ();
  HRESULT hr = E_OUTOFMEMORY;
  int n;

  assert_hr (spy_open (spy), S_OK);
  for (n = 0; hr == E_OUTOFMEMORY && n < 100; n++)
    {
      drt_alloc_fail (n);
      hr = spy_register (spy, 1, NULL);
      drt_alloc_fail (-1);
    }
  assert_hr (hr, S_OK);
  g_assert_cmpint (n, ==, 4);
}

/* A host whose only interface comes and goes. */
static int has_interface;

static gboolean
has_interface_7 (guint interface)
{
  return interface == 7 && g_atomic_int_get (&has_interface);
}

static gboolean
list_interface_7 (GArray *addresses)
{
  const DrtHostAddress address = { 7, FALSE, { { { 0x20, 1, 0xd, 0xb8, [15] = 7 } } } };

  if (g_atomic_int_get (&has_interface))
    g_array_append_val (addresses, address);
  return TRUE;
}

static const DrtHostNetwork interface_7 = { list_interface_7, has_interface_7 };

static void
test_interface_gone (void)
{
  Spy *spy;

  g_atomic_int_set (&has_interface, TRUE);
  drt_host_network_set (&interface_7);
  spy = spy_new_with (DRT_GLOBAL_SCOPE, 7, NULL);
  assert_hr (spy_open (spy), S_OK);
  assert_hr (spy_register (spy, 1, NULL), S_OK);
  g_atomic_int_set (&has_interface, FALSE);
  assert_hr (spy_register (spy, 2, NULL), DRT_E_TRANSPORT_NO_DEST_ADDRESSES);
  spy_free (spy);
  drt_host_network_set (NULL);
}

/* Without a network keys can be registered all the same. */
static void
test_no_network (void)
{
  Spy *spy;

  g_atomic_int_set (&has_interface, TRUE);
  drt_host_network_set (&interface_7);
  spy = spy_new_with (DRT_LINK_LOCAL_SCOPE, 7, NULL);
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_NO_NETWORK);
  assert_hr (spy_register (spy, 1, NULL), S_OK);
  spy_free (spy);
  drt_host_network_set (NULL);
}

static HRESULT
register_late (Spy *spy)
{
  spy->seen = spy_register (spy, 2, NULL);
  return S_OK;
}

typedef struct
{
  const char *name;
  Call stage;
  HRESULT expected;
} ClosingCase;

/* What is answered while the node is being closed, stage by stage. */
static const ClosingCase closing_cases[] = {
  { "withdrawing", CALL_PACK, E_UNEXPECTED },
  { "saying-good-bye", CALL_UNREGISTER_KEY, DRT_E_TRANSPORT_SHUTTING_DOWN },
  { "unbound", CALL_UNREGISTER, DRT_E_TRANSPORT_NOT_BOUND },
  { "detached", CALL_BOOTSTRAP_DETACH, DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED },
  { "released", CALL_SECURITY_DETACH, DRT_E_INVALID_TRANSPORT_PROVIDER },
};

static void
test_closing (gconstpointer data)
{
  const ClosingCase *closing = data;
  g_autoptr (Spy) spy = spy_new ();

  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  assert_hr (spy_register (spy, 1, NULL), S_OK);
  spy->hooks[closing->stage] = register_late;
  DrtClose (spy->drt);
  g_assert_cmpint (spy_count (spy, closing->stage), ==, 1);
  assert_hr (spy->seen, closing->expected);
  g_assert_cmpint (spy_count (spy, CALL_UNREGISTER_KEY), ==, 1);
}

static void
test_update (void)
{
  g_autoptr (Spy) spy = spy_new ();
  HDRT_REGISTRATION_CONTEXT handle;
  static BYTE bytes[DRT_MAX_PAYLOAD_SIZE + 1];
  DRT_DATA payload = { DRT_MAX_PAYLOAD_SIZE, bytes };

  assert_hr (spy_open (spy), S_OK);
  assert_hr (spy_register (spy, 1, &handle), S_OK);
  assert_hr (DrtUpdateKey (handle, &payload), S_OK);
  payload.cb = 0;
  assert_hr (DrtUpdateKey (handle, &payload), S_OK);
  payload.cb = DRT_MAX_PAYLOAD_SIZE + 1;
  assert_hr (DrtUpdateKey (handle, &payload), E_INVALIDARG);
  payload = (DRT_DATA) { 10, NULL };
  assert_hr (DrtUpdateKey (handle, &payload), E_INVALIDARG);
  assert_hr (DrtUpdateKey (handle, NULL), E_INVALIDARG);
  payload = (DRT_DATA) { 10, bytes };
  assert_hr (DrtUpdateKey (NULL, &payload), E_HANDLE);
  assert_hr (DrtUpdateKey (spy->drt, &payload), E_HANDLE);
  drt_alloc_fail (0);
  assert_hr (DrtUpdateKey (handle, &payload), E_OUTOFMEMORY);
  drt_alloc_fail (-1);
  DrtUnregisterKey (handle);
  assert_hr (DrtUpdateKey (handle, &payload), E_HANDLE);
}

/* The event that tells of the completion, and the dead handle. */
static void
test_unregister (void)
{
  g_autoptr (Spy) spy = spy_new ();
  HDRT_REGISTRATION_CONTEXT handle;
  g_autofree DRT_EVENT_DATA *data = g_malloc (4096);
  BYTE key[32];

  spy_key (5, key);
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  assert_hr (spy_register (spy, 5, &handle), S_OK);
  DrtUnregisterKey (handle);
  DrtUnregisterKey (handle);
  g_assert_cmpint (spy_count (spy, CALL_UNREGISTER_KEY), ==, 1);
  g_assert_true (drt_event_wait (spy->event, 5000));
  assert_hr (DrtGetEventData (spy->drt, 4096, data), S_OK);
  g_assert_cmpint (data->type, ==, DRT_EVENT_LEAFSET_KEY_CHANGED);
  g_assert_cmpint (data->leafsetKeyChange.change, ==, DRT_LEAFSET_KEY_DELETED);
  g_assert_cmpmem (data->leafsetKeyChange.localKey.pb, data->leafsetKeyChange.localKey.cb, key, 32);
  g_assert_cmpmem (data->leafsetKeyChange.remoteKey.pb, data->leafsetKeyChange.remoteKey.cb, key, 32);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (argument_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/register/", argument_cases[i].name, NULL);

      g_test_add_data_func (path, &argument_cases[i], test_argument);
    }
  for (guint i = 0; i < G_N_ELEMENTS (provider_codes); i++)
    {
      g_autofree char *path = g_strconcat ("/register/provider/", drt_hresult_to_name (provider_codes[i]), NULL);

      g_test_add_data_func (path, &provider_codes[i], test_provider);
    }
  for (guint i = 0; i < G_N_ELEMENTS (closing_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/register/closing/", closing_cases[i].name, NULL);

      g_test_add_data_func (path, &closing_cases[i], test_closing);
    }
  g_test_add_func ("/register/provider/not-attached", test_not_attached);
  g_test_add_func ("/register/handle", test_handle);
  g_test_add_func ("/register/duplicate", test_duplicate);
  g_test_add_func ("/register/duplicate-meanwhile", test_duplicate_meanwhile);
  g_test_add_func ("/register/faulted", test_faulted);
  g_test_add_func ("/register/out-of-memory", test_out_of_memory);
  g_test_add_func ("/register/interface-gone", test_interface_gone);
  g_test_add_func ("/register/no-network", test_no_network);
  g_test_add_func ("/update", test_update);
  g_test_add_func ("/unregister", test_unregister);
  return g_test_run ();
}
