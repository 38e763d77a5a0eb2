/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "codes.h"

#include <string.h>

#include "drt-object.h"

/* DrtOpen(), DrtClose(), events and the instance name. */

HRESULT
codes_answer_fail (Spy *spy)
{
  return E_FAIL;
}

static HRESULT
open_nowhere (Spy *spy)
{
  return DrtOpen (&spy->settings, spy->event, NULL, NULL);
}

static HRESULT
open_without_settings (Spy *spy)
{
  return DrtOpen (NULL, spy->event, NULL, &spy->drt);
}

static HRESULT
open_key_size (Spy *spy)
{
  spy->settings.cbKey = 8;
  return spy_open (spy);
}

static HRESULT
open_max_addresses (Spy *spy)
{
  spy->settings.ulMaxRoutingAddresses = DRT_MAX_ROUTING_ADDRESSES + 1;
  return spy_open (spy);
}

/* The transport is put back, so that it is deleted with the spy. */
static HRESULT
open_transport (Spy *spy)
{
  HDRT_TRANSPORT transport = spy->settings.hTransport;
  HRESULT hr;

  spy->settings.hTransport = NULL;
  hr = spy_open (spy);
  spy->settings.hTransport = transport;
  return hr;
}

static HRESULT
open_mode (Spy *spy)
{
  spy->settings.eSecurityMode = DRT_SECURE_CONFIDENTIALPAYLOAD + 1;
  return spy_open (spy);
}

static HRESULT
open_security (Spy *spy)
{
  spy->settings.pSecurityProvider = NULL;
  return spy_open (spy);
}

static HRESULT
open_bootstrap (Spy *spy)
{
  spy->bootstrap.Unregister = NULL;
  return spy_open (spy);
}

static HRESULT
open_prefix (Spy *spy)
{
  static WCHAR prefix[DRT_MAX_INSTANCE_PREFIX_LEN + 2];

  wmemset (prefix, L'p', DRT_MAX_INSTANCE_PREFIX_LEN + 1);
  spy->settings.pwzDrtInstancePrefix = prefix;
  return spy_open (spy);
}

static HRESULT
open_out_of_memory (Spy *spy)
{
  HRESULT hr;

  drt_alloc_fail (0);
  hr = spy_open (spy);
  drt_alloc_fail (-1);
  return hr;
}

static HRESULT
open_bootstrap_in_use (Spy *spy)
{
  HRESULT hr;

  assert_hr (spy->list->Attach (spy->list->pvContext), S_OK);
  hr = spy_open (spy);
  spy->list->Detach (spy->list->pvContext);
  return hr;
}

static HRESULT
open_security_in_use (Spy *spy)
{
  HRESULT hr;

  assert_hr (spy->null->Attach (spy->null->pvContext), S_OK);
  hr = spy_open (spy);
  spy->null->Detach (spy->null->pvContext);
  return hr;
}

/* A second node on the transport of @spy, at this very moment. */
static HRESULT
open_second (Spy *spy)
{
  g_autoptr (Spy) other = spy_new ();
  HDRT_TRANSPORT own = other->settings.hTransport;

  other->settings.hTransport = spy->settings.hTransport;
  spy->seen = spy_open (other);
  other->settings.hTransport = own;
  return S_OK;
}

static HRESULT
open_transport_in_use (Spy *spy)
{
  open_second (spy);
  return spy->seen;
}

static HRESULT
close_and_open_second (Spy  *spy,
                       Call  stage)
{
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  assert_hr (spy_register (spy, 1, NULL), S_OK);
  spy->hooks[stage] = open_second;
  DrtClose (spy->drt);
  return spy->seen;
}

static HRESULT
open_shutting_down (Spy *spy)
{
  return close_and_open_second (spy, CALL_UNREGISTER_KEY);
}

static HRESULT
open_not_attached (Spy *spy)
{
  return close_and_open_second (spy, CALL_BOOTSTRAP_DETACH);
}

static HRESULT
open_already_bound (Spy *spy)
{
  DrtClose (spy->drt);
  open_second (spy);
  return spy->seen;
}

static HRESULT
answer_chain (Spy *spy)
{
  return DRT_E_INVALID_CERT_CHAIN;
}

static HRESULT
open_cert_chain (Spy *spy)
{
  spy->hooks[CALL_SECURITY_ATTACH] = answer_chain;
  return spy_open (spy);
}

static HRESULT
answer_capability (Spy *spy)
{
  return DRT_E_CAPABILITY_MISMATCH;
}

/* A provider without a local certificate has no credential to show. */
static HRESULT
open_capability (Spy *spy)
{
  spy->settings.eSecurityMode = DRT_SECURE_MEMBERSHIP;
  spy->hooks[CALL_CREDENTIAL] = answer_capability;
  return spy_open (spy);
}

static HRESULT
answer_retry (Spy *spy)
{
  return DRT_S_RETRY;
}

static HRESULT
open_retry (Spy *spy)
{
  spy->hooks[CALL_BOOTSTRAP_ATTACH] = answer_retry;
  return spy_open (spy);
}

static HRESULT
open_interface (Spy *spy)
{
  USHORT port = 0;

  assert_hr (DrtDeleteIpv6UdpTransport (spy->settings.hTransport), S_OK);
  assert_hr (DrtCreateIpv6UdpTransport (DRT_LINK_LOCAL_SCOPE, 0x7ffffffe, 0, &port, &spy->settings.hTransport), S_OK);
  return spy_open (spy);
}

static HRESULT
open_fail (Spy *spy)
{
  spy->hooks[CALL_SECURITY_ATTACH] = codes_answer_fail;
  return spy_open (spy);
}

/* --- Events --- */

static HRESULT
event_size_ok (Spy *spy)
{
  ULONG size = 0;

  g_assert_true (drt_event_wait (spy->event, 20000));
  return DrtGetEventDataSize (spy->drt, &size);
}

static HRESULT
event_size_nowhere (Spy *spy)
{
  return DrtGetEventDataSize (spy->drt, NULL);
}

static HRESULT
event_size_handle (Spy *spy)
{
  ULONG size = 0;

  return DrtGetEventDataSize (spy->settings.hTransport, &size);
}

static HRESULT
event_size_no_more (Spy *spy)
{
  ULONG size = 0;

  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  return DrtGetEventDataSize (spy->drt, &size);
}

static HRESULT
ask_size (Spy *spy)
{
  ULONG size = 0;

  spy->seen = DrtGetEventDataSize (spy->drt, &size);
  return S_OK;
}

static HRESULT
event_size_closing (Spy *spy)
{
  spy->hooks[CALL_BOOTSTRAP_DETACH] = ask_size;
  DrtClose (spy->drt);
  return spy->seen;
}

static HRESULT
get_event (Spy   *spy,
           ULONG  size)
{
  g_autofree DRT_EVENT_DATA *data = g_malloc0 (4096);

  return DrtGetEventData (spy->drt, size, data);
}

static HRESULT
event_ok (Spy *spy)
{
  g_assert_true (drt_event_wait (spy->event, 20000));
  return get_event (spy, 4096);
}

static HRESULT
event_nowhere (Spy *spy)
{
  return DrtGetEventData (spy->drt, 4096, NULL);
}

static HRESULT
event_handle (Spy *spy)
{
  DRT_EVENT_DATA data;

  return DrtGetEventData (NULL, sizeof data, &data);
}

static HRESULT
event_short (Spy *spy)
{
  g_assert_true (drt_event_wait (spy->event, 20000));
  return get_event (spy, sizeof (DRT_EVENT_DATA) - 1);
}

static HRESULT
event_no_more (Spy *spy)
{
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  return get_event (spy, 4096);
}

static HRESULT
ask_event (Spy *spy)
{
  spy->seen = get_event (spy, 4096);
  return S_OK;
}

static HRESULT
event_closing (Spy *spy)
{
  spy->hooks[CALL_BOOTSTRAP_DETACH] = ask_event;
  DrtClose (spy->drt);
  return spy->seen;
}

/* --- Instance name --- */

static HRESULT
name_size_ok (Spy *spy)
{
  ULONG size;

  return DrtGetInstanceNameSize (spy->drt, &size);
}

static HRESULT
name_size_nowhere (Spy *spy)
{
  return DrtGetInstanceNameSize (spy->drt, NULL);
}

static HRESULT
name_size_handle (Spy *spy)
{
  ULONG size;

  return DrtGetInstanceNameSize (spy, &size);
}

static HRESULT
name_ok (Spy *spy)
{
  WCHAR name[200];

  return DrtGetInstanceName (spy->drt, sizeof name, name);
}

static HRESULT
name_nowhere (Spy *spy)
{
  return DrtGetInstanceName (spy->drt, 200, NULL);
}

static HRESULT
name_handle (Spy *spy)
{
  WCHAR name[200];

  return DrtGetInstanceName (NULL, sizeof name, name);
}

static HRESULT
name_short (Spy *spy)
{
  WCHAR name[1];

  return DrtGetInstanceName (spy->drt, sizeof name, name);
}

const CodeRow codes_open[] = {
  CODE_NEW (DrtOpen, S_OK, spy_open),
  CODE_NEW (DrtOpen, E_INVALIDARG, open_nowhere),
  CODE_NEW (DrtOpen, DRT_E_INVALID_SETTINGS, open_without_settings),
  CODE_NEW (DrtOpen, DRT_E_INVALID_KEY_SIZE, open_key_size),
  CODE_NEW (DrtOpen, DRT_E_INVALID_MAX_ADDRESSES, open_max_addresses),
  CODE_NEW (DrtOpen, DRT_E_INVALID_TRANSPORT_PROVIDER, open_transport),
  CODE_NEW (DrtOpen, DRT_E_INVALID_SECURITY_MODE, open_mode),
  CODE_NEW (DrtOpen, DRT_E_INVALID_SECURITY_PROVIDER, open_security),
  CODE_NEW (DrtOpen, DRT_E_INVALID_BOOTSTRAP_PROVIDER, open_bootstrap),
  CODE_NEW (DrtOpen, DRT_E_INVALID_INSTANCE_PREFIX, open_prefix),
  CODE_NEW (DrtOpen, E_OUTOFMEMORY, open_out_of_memory),
  CODE_NEW (DrtOpen, DRT_E_BOOTSTRAPPROVIDER_IN_USE, open_bootstrap_in_use),
  CODE_NEW (DrtOpen, DRT_E_SECURITYPROVIDER_IN_USE, open_security_in_use),
  CODE (DrtOpen, DRT_E_TRANSPORTPROVIDER_IN_USE, open_transport_in_use),
  CODE_NEW (DrtOpen, DRT_E_INVALID_CERT_CHAIN, open_cert_chain),
  CODE_NEW (DrtOpen, DRT_E_CAPABILITY_MISMATCH, open_capability),
  CODE (DrtOpen, DRT_E_TRANSPORT_SHUTTING_DOWN, open_shutting_down),
  CODE (DrtOpen, DRT_E_TRANSPORT_ALREADY_BOUND, open_already_bound),
  CODE_NEW (DrtOpen, DRT_S_RETRY, open_retry),
  CODE_NEW (DrtOpen, DRT_E_TRANSPORT_INVALID_ARGUMENT, open_interface),
  CODE (DrtOpen, DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED, open_not_attached),
  CODE_NEW (DrtOpen, E_FAIL, open_fail),

  NEVER (DrtClose, S_OK, "the function is VOID; its page documents a result nobody can see"),
  NEVER (DrtClose, E_HANDLE, "the function is VOID: what is no open node is ignored"),

  CODE (DrtGetEventDataSize, S_OK, event_size_ok),
  CODE (DrtGetEventDataSize, E_INVALIDARG, event_size_nowhere),
  CODE (DrtGetEventDataSize, E_HANDLE, event_size_handle),
  CODE (DrtGetEventDataSize, DRT_E_NO_MORE, event_size_no_more),
  CODE (DrtGetEventDataSize, E_UNEXPECTED, event_size_closing),

  CODE (DrtGetEventData, S_OK, event_ok),
  CODE (DrtGetEventData, E_INVALIDARG, event_nowhere),
  CODE (DrtGetEventData, E_HANDLE, event_handle),
  CODE (DrtGetEventData, DRT_E_INSUFFICIENT_BUFFER, event_short),
  CODE (DrtGetEventData, DRT_E_NO_MORE, event_no_more),
  CODE (DrtGetEventData, E_UNEXPECTED, event_closing),

  CODE (DrtGetInstanceNameSize, S_OK, name_size_ok),
  CODE (DrtGetInstanceNameSize, E_INVALIDARG, name_size_nowhere),
  CODE (DrtGetInstanceNameSize, E_HANDLE, name_size_handle),

  CODE (DrtGetInstanceName, S_OK, name_ok),
  CODE (DrtGetInstanceName, E_INVALIDARG, name_nowhere),
  CODE (DrtGetInstanceName, E_HANDLE, name_handle),
  CODE (DrtGetInstanceName, DRT_E_INSUFFICIENT_BUFFER, name_short),
};

const guint n_codes_open = G_N_ELEMENTS (codes_open);
