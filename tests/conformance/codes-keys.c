/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "codes.h"

#include "drt-host-network.h"
#include "drt-object.h"

/* DrtRegisterKey(), DrtUpdateKey(), DrtUnregisterKey(). */

static HRESULT
register_ok (Spy *spy)
{
  return spy_register (spy, 1, NULL);
}

static HRESULT
register_bytes (Spy   *spy,
                ULONG  key_size,
                ULONG  payload_size)
{
  static BYTE key[DRT_KEY_SIZE + 1], payload[DRT_MAX_PAYLOAD_SIZE + 1];
  DRT_REGISTRATION registration = { { key_size, key }, { payload_size, payload } };
  HDRT_REGISTRATION_CONTEXT handle;

  return DrtRegisterKey (spy->drt, &registration, NULL, &handle);
}

static HRESULT
register_too_much (Spy *spy)
{
  return register_bytes (spy, DRT_KEY_SIZE, DRT_MAX_PAYLOAD_SIZE + 1);
}

static HRESULT
register_key_size (Spy *spy)
{
  return register_bytes (spy, DRT_KEY_SIZE + 1, 1);
}

static HRESULT
register_stale (Spy *spy)
{
  DrtClose (spy->drt);
  return spy_register (spy, 1, NULL);
}

static HRESULT
register_faulted (Spy *spy)
{
  spy->fatal = TRUE;
  spy->hooks[CALL_INIT_RESOLVE] = codes_answer_fail;
  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_FAULTED);
  return spy_register (spy, 1, NULL);
}

static HRESULT
register_twice (Spy *spy)
{
  assert_hr (spy_register (spy, 1, NULL), S_OK);
  return spy_register (spy, 1, NULL);
}

static HRESULT
answer_chain (Spy *spy)
{
  return DRT_E_INVALID_CERT_CHAIN;
}

static HRESULT
answer_capability (Spy *spy)
{
  return DRT_E_CAPABILITY_MISMATCH;
}

static HRESULT
answer_key (Spy *spy)
{
  return DRT_E_INVALID_KEY;
}

/* The security provider has its say about every key. */
static HRESULT
register_refused (Spy     *spy,
                  SpyHook  answer)
{
  spy->hooks[CALL_REGISTER_KEY] = answer;
  return spy_register (spy, 1, NULL);
}

static HRESULT
register_cert_chain (Spy *spy)
{
  return register_refused (spy, answer_chain);
}

static HRESULT
register_capability (Spy *spy)
{
  return register_refused (spy, answer_capability);
}

static HRESULT
register_other_key (Spy *spy)
{
  return register_refused (spy, answer_key);
}

static HRESULT
register_fail (Spy *spy)
{
  return register_refused (spy, codes_answer_fail);
}

static HRESULT
register_detached (Spy *spy)
{
  spy->null->Detach (spy->null->pvContext);
  return spy_register (spy, 1, NULL);
}

static HRESULT
register_out_of_memory (Spy *spy)
{
  HRESULT hr;

  drt_alloc_fail (0);
  hr = spy_register (spy, 1, NULL);
  drt_alloc_fail (-1);
  return hr;
}

/* A host whose only interface goes while the node is open. */
static gboolean interface_there;

static gboolean
has_interface (guint interface)
{
  return interface == 7 && g_atomic_int_get (&interface_there);
}

static gboolean
list_addresses (GArray *addresses)
{
  const DrtHostAddress address = { 7, FALSE, { { { 0x20, 1, 0xd, 0xb8, [15] = 7 } } } };

  if (g_atomic_int_get (&interface_there))
    g_array_append_val (addresses, address);
  return TRUE;
}

static const DrtHostNetwork one_interface = { list_addresses, has_interface };

static HRESULT
register_without_interface (Spy *unused)
{
  HRESULT hr;
  Spy *spy;

  g_atomic_int_set (&interface_there, TRUE);
  drt_host_network_set (&one_interface);
  spy = spy_new_with (DRT_GLOBAL_SCOPE, 7, NULL);
  assert_hr (spy_open (spy), S_OK);
  g_atomic_int_set (&interface_there, FALSE);
  hr = spy_register (spy, 1, NULL);
  spy_free (spy);
  drt_host_network_set (NULL);
  return hr;
}

static HRESULT
register_late (Spy *spy)
{
  spy->seen = spy_register (spy, 2, NULL);
  return S_OK;
}

static HRESULT
register_closing (Spy  *spy,
                  Call  stage)
{
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  assert_hr (spy_register (spy, 1, NULL), S_OK);
  spy->hooks[stage] = register_late;
  DrtClose (spy->drt);
  return spy->seen;
}

static HRESULT
register_withdrawing (Spy *spy)
{
  return register_closing (spy, CALL_PACK);
}

static HRESULT
register_shutting_down (Spy *spy)
{
  return register_closing (spy, CALL_UNREGISTER_KEY);
}

static HRESULT
register_unbound (Spy *spy)
{
  return register_closing (spy, CALL_UNREGISTER);
}

static HRESULT
register_not_attached (Spy *spy)
{
  return register_closing (spy, CALL_BOOTSTRAP_DETACH);
}

static HRESULT
register_released (Spy *spy)
{
  return register_closing (spy, CALL_SECURITY_DETACH);
}

static HRESULT
update (Spy      *spy,
        DRT_DATA *data)
{
  HDRT_REGISTRATION_CONTEXT handle;

  assert_hr (spy_register (spy, 1, &handle), S_OK);
  return DrtUpdateKey (handle, data);
}

static HRESULT
update_ok (Spy *spy)
{
  BYTE bytes[3] = { 0 };

  return update (spy, &(DRT_DATA) { sizeof bytes, bytes });
}

static HRESULT
update_nothing (Spy *spy)
{
  return update (spy, NULL);
}

static HRESULT
update_stale (Spy *spy)
{
  HDRT_REGISTRATION_CONTEXT handle;
  BYTE bytes[3] = { 0 };

  assert_hr (spy_register (spy, 1, &handle), S_OK);
  DrtUnregisterKey (handle);
  return DrtUpdateKey (handle, &(DRT_DATA) { sizeof bytes, bytes });
}

static HRESULT
update_out_of_memory (Spy *spy)
{
  HDRT_REGISTRATION_CONTEXT handle;
  BYTE bytes[3] = { 0 };
  HRESULT hr;

  assert_hr (spy_register (spy, 1, &handle), S_OK);
  drt_alloc_fail (0);
  hr = DrtUpdateKey (handle, &(DRT_DATA) { sizeof bytes, bytes });
  drt_alloc_fail (-1);
  return hr;
}

const CodeRow codes_keys[] = {
  CODE (DrtRegisterKey, S_OK, register_ok),
  CODE (DrtRegisterKey, E_INVALIDARG, register_too_much),
  CODE (DrtRegisterKey, E_HANDLE, register_stale),
  CODE (DrtRegisterKey, DRT_E_INVALID_KEY_SIZE, register_key_size),
  CODE_NEW (DrtRegisterKey, DRT_E_FAULTED, register_faulted),
  CODE (DrtRegisterKey, DRT_E_DUPLICATE_KEY, register_twice),
  CODE (DrtRegisterKey, DRT_E_INVALID_CERT_CHAIN, register_cert_chain),
  CODE (DrtRegisterKey, DRT_E_CAPABILITY_MISMATCH, register_capability),
  CODE (DrtRegisterKey, DRT_E_INVALID_KEY, register_other_key),
  CODE_NEW (DrtRegisterKey, DRT_E_TRANSPORT_NO_DEST_ADDRESSES, register_without_interface),
  CODE (DrtRegisterKey, DRT_E_TRANSPORT_SHUTTING_DOWN, register_shutting_down),
  CODE (DrtRegisterKey, DRT_E_INVALID_TRANSPORT_PROVIDER, register_released),
  CODE (DrtRegisterKey, DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED, register_not_attached),
  CODE (DrtRegisterKey, DRT_E_TRANSPORT_NOT_BOUND, register_unbound),
  CODE (DrtRegisterKey, DRT_E_SECURITYPROVIDER_NOT_ATTACHED, register_detached),
  CODE (DrtRegisterKey, E_OUTOFMEMORY, register_out_of_memory),
  CODE (DrtRegisterKey, E_UNEXPECTED, register_withdrawing),
  CODE (DrtRegisterKey, E_FAIL, register_fail),

  CODE (DrtUpdateKey, S_OK, update_ok),
  CODE (DrtUpdateKey, E_INVALIDARG, update_nothing),
  CODE (DrtUpdateKey, E_HANDLE, update_stale),
  CODE (DrtUpdateKey, E_OUTOFMEMORY, update_out_of_memory),
};

const guint n_codes_keys = G_N_ELEMENTS (codes_keys);
