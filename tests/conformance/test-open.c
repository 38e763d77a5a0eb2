/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "spy.h"

#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include "drt-object.h"

/*
 * Every code that DrtOpen() is documented to return, by its cause.  After each
 * refusal the same objects open as if nothing had been: nothing stays attached.
 */

typedef struct
{
  const char *name;
  HRESULT expected;
  void (*break_it) (Spy *spy);
  void (*mend_it) (Spy *spy);       /* NULL: its cause is not mended, the objects are spent */
} OpenCase;

static void
no_settings_size (Spy *spy)
{
  spy->settings.dwSize = sizeof (DRT_SETTINGS) - 1;
}

static void
settings_too_large (Spy *spy)
{
  spy->settings.dwSize = sizeof (DRT_SETTINGS) + 8;
}

static void
key_31 (Spy *spy)
{
  spy->settings.cbKey = 31;
}

static void
key_256_bits (Spy *spy)
{
  spy->settings.cbKey = 256;
}

static void
addresses_0 (Spy *spy)
{
  spy->settings.ulMaxRoutingAddresses = 0;
}

static void
addresses_21 (Spy *spy)
{
  spy->settings.ulMaxRoutingAddresses = 21;
}

static void
addresses_1 (Spy *spy)
{
  spy->settings.ulMaxRoutingAddresses = 1;
}

static void
addresses_20 (Spy *spy)
{
  spy->settings.ulMaxRoutingAddresses = 20;
}

static void
mode_3 (Spy *spy)
{
  spy->settings.eSecurityMode = 3;
}

static void
mode_negative (Spy *spy)
{
  spy->settings.eSecurityMode = -1;
}

static void
mode_membership (Spy *spy)
{
  spy->settings.eSecurityMode = DRT_SECURE_MEMBERSHIP;
}

static void
mode_confidential (Spy *spy)
{
  spy->settings.eSecurityMode = DRT_SECURE_CONFIDENTIALPAYLOAD;
}

static void
no_security (Spy *spy)
{
  spy->settings.pSecurityProvider = NULL;
}

static void
no_bootstrap (Spy *spy)
{
  spy->settings.pBootstrapProvider = NULL;
}

static void
no_prefix (Spy *spy)
{
  spy->settings.pwzDrtInstancePrefix = NULL;
}

static WCHAR long_prefix[DRT_MAX_INSTANCE_PREFIX_LEN + 2];

static void
prefix_129 (Spy *spy)
{
  wmemset (long_prefix, L'x', 129);
  long_prefix[129] = 0;
  spy->settings.pwzDrtInstancePrefix = long_prefix;
}

static void
prefix_128 (Spy *spy)
{
  wmemset (long_prefix, L'x', 128);
  long_prefix[128] = 0;
  spy->settings.pwzDrtInstancePrefix = long_prefix;
}

static void
no_transport (Spy *spy)
{
  spy->data = spy->settings.hTransport;
  spy->settings.hTransport = NULL;
}

static void
made_up_transport (Spy *spy)
{
  spy->data = spy->settings.hTransport;
  spy->settings.hTransport = spy;
}

static void
mend_transport (Spy *spy)
{
  spy->settings.hTransport = spy->data;
}

static void
mend_settings (Spy *spy)
{
  spy->settings.dwSize = sizeof (DRT_SETTINGS);
  spy->settings.cbKey = 32;
  spy->settings.ulMaxRoutingAddresses = 4;
  spy->settings.eSecurityMode = DRT_SECURE_RESOLVE;
  spy->settings.pSecurityProvider = &spy->security;
  spy->settings.pBootstrapProvider = &spy->bootstrap;
  spy->settings.pwzDrtInstancePrefix = NULL;
  memset (spy->hooks, 0, sizeof spy->hooks);
}

static void
deleted_transport (Spy *spy)
{
  assert_hr (DrtDeleteIpv6UdpTransport (spy->settings.hTransport), S_OK);
}

static void
missing_interface (Spy *spy)
{
  USHORT port = 0;

  assert_hr (DrtDeleteIpv6UdpTransport (spy->settings.hTransport), S_OK);
  assert_hr (DrtCreateIpv6UdpTransport (DRT_LINK_LOCAL_SCOPE, DRT_LINK_LOCAL_ISATAP_SCOPEID, 0, &port,
                                        &spy->settings.hTransport), S_OK);
}

/* What the providers answer surfaces. */
static HRESULT
answer_cert_chain (Spy *spy)
{
  return DRT_E_INVALID_CERT_CHAIN;
}

static HRESULT
answer_capability (Spy *spy)
{
  return DRT_E_CAPABILITY_MISMATCH;
}

static HRESULT
answer_fail (Spy *spy)
{
  return E_FAIL;
}

static HRESULT
answer_retry (Spy *spy)
{
  return DRT_S_RETRY;
}

static void
bad_chain (Spy *spy)
{
  spy->hooks[CALL_SECURITY_ATTACH] = answer_cert_chain;
}

static void
no_credential (Spy *spy)
{
  spy->settings.eSecurityMode = DRT_SECURE_MEMBERSHIP;
  spy->hooks[CALL_CREDENTIAL] = answer_capability;
}

static void
credential_not_needed (Spy *spy)
{
  spy->hooks[CALL_CREDENTIAL] = answer_capability;
}

static void
security_fails (Spy *spy)
{
  spy->hooks[CALL_SECURITY_ATTACH] = answer_fail;
}

static void
bootstrap_fails (Spy *spy)
{
  spy->hooks[CALL_BOOTSTRAP_ATTACH] = answer_fail;
}

static void
bootstrap_retries (Spy *spy)
{
  spy->hooks[CALL_BOOTSTRAP_ATTACH] = answer_retry;
}

static void
security_in_use (Spy *spy)
{
  assert_hr (spy->null->Attach (spy->null->pvContext), S_OK);
}

static void
security_free (Spy *spy)
{
  spy->null->Detach (spy->null->pvContext);
}

static void
bootstrap_in_use (Spy *spy)
{
  assert_hr (spy->list->Attach (spy->list->pvContext), S_OK);
}

static void
bootstrap_free (Spy *spy)
{
  spy->list->Detach (spy->list->pvContext);
}

static void
transport_used_up (Spy *spy)
{
  assert_hr (spy_open (spy), S_OK);
  DrtClose (spy->drt);
}

/* The program deletes the transport while the node is being opened on it. */
static HRESULT
delete_transport (Spy *spy)
{
  spy->seen = DrtDeleteIpv6UdpTransport (spy->settings.hTransport);
  return S_OK;
}

static void
transport_deleted_meanwhile (Spy *spy)
{
  spy->hooks[CALL_SECURITY_ATTACH] = delete_transport;
}

static const OpenCase open_cases[] = {
  { "size/short", DRT_E_INVALID_SETTINGS, no_settings_size, mend_settings },
  { "size/long", DRT_E_INVALID_SETTINGS, settings_too_large, mend_settings },
  { "key/31", DRT_E_INVALID_KEY_SIZE, key_31, mend_settings },
  { "key/256", DRT_E_INVALID_KEY_SIZE, key_256_bits, mend_settings },
  { "addresses/0", DRT_E_INVALID_MAX_ADDRESSES, addresses_0, mend_settings },
  { "addresses/21", DRT_E_INVALID_MAX_ADDRESSES, addresses_21, mend_settings },
  { "addresses/1", S_OK, addresses_1, NULL },
  { "addresses/20", S_OK, addresses_20, NULL },
  { "transport/null", DRT_E_INVALID_TRANSPORT_PROVIDER, no_transport, mend_transport },
  { "transport/made-up", DRT_E_INVALID_TRANSPORT_PROVIDER, made_up_transport, mend_transport },
  { "transport/stale", DRT_E_INVALID_TRANSPORT_PROVIDER, deleted_transport, NULL },
  { "transport/no-interface", DRT_E_TRANSPORT_INVALID_ARGUMENT, missing_interface, NULL },
  { "transport/used-up", DRT_E_TRANSPORT_ALREADY_BOUND, transport_used_up, NULL },
  { "transport/deleted-meanwhile", DRT_E_TRANSPORT_SHUTTING_DOWN, transport_deleted_meanwhile, NULL },
  { "mode/3", DRT_E_INVALID_SECURITY_MODE, mode_3, mend_settings },
  { "mode/negative", DRT_E_INVALID_SECURITY_MODE, mode_negative, mend_settings },
  { "mode/membership", S_OK, mode_membership, NULL },
  { "mode/confidential", S_OK, mode_confidential, NULL },
  { "security/null", DRT_E_INVALID_SECURITY_PROVIDER, no_security, mend_settings },
  { "security/in-use", DRT_E_SECURITYPROVIDER_IN_USE, security_in_use, security_free },
  { "security/bad-chain", DRT_E_INVALID_CERT_CHAIN, bad_chain, mend_settings },
  { "security/no-credential", DRT_E_CAPABILITY_MISMATCH, no_credential, mend_settings },
  { "security/no-credential-needed", S_OK, credential_not_needed, NULL },
  { "security/fails", E_FAIL, security_fails, mend_settings },
  { "bootstrap/null", DRT_E_INVALID_BOOTSTRAP_PROVIDER, no_bootstrap, mend_settings },
  { "bootstrap/in-use", DRT_E_BOOTSTRAPPROVIDER_IN_USE, bootstrap_in_use, bootstrap_free },
  { "bootstrap/fails", E_FAIL, bootstrap_fails, mend_settings },
  { "bootstrap/retry", DRT_S_RETRY, bootstrap_retries, NULL },
  { "prefix/129", DRT_E_INVALID_INSTANCE_PREFIX, prefix_129, mend_settings },
  { "prefix/128", S_OK, prefix_128, NULL },
  { "prefix/null", S_OK, no_prefix, NULL },
};

static void
test_case (gconstpointer data)
{
  const OpenCase *open_case = data;
  g_autoptr (Spy) spy = spy_new ();

  open_case->break_it (spy);
  assert_hr (spy_open (spy), open_case->expected);
  if (SUCCEEDED (open_case->expected))
    {
      g_assert_nonnull (spy->drt);
      return;
    }
  g_assert_null (spy->drt);
  if (open_case->mend_it != NULL)
    {
      open_case->mend_it (spy);
      assert_hr (spy_open (spy), S_OK);
    }
}

static void
test_arguments (void)
{
  g_autoptr (Spy) spy = spy_new ();
  HDRT drt = spy;
  int closed = dup (0);

  close (closed);
  assert_hr (DrtOpen (&spy->settings, spy->event, NULL, NULL), E_INVALIDARG);
  assert_hr (DrtOpen (NULL, spy->event, NULL, NULL), E_INVALIDARG);
  assert_hr (DrtOpen (NULL, spy->event, NULL, &drt), DRT_E_INVALID_SETTINGS);
  g_assert_null (drt);
  assert_hr (DrtOpen (&spy->settings, (HANDLE) (gssize) closed, NULL, &drt), E_INVALIDARG);
  assert_hr (DrtOpen (&spy->settings, (HANDLE) (gssize) -1, NULL, &drt), E_INVALIDARG);
  assert_hr (DrtOpen (&spy->settings, NULL, NULL, &spy->drt), S_OK);
}

/* The order of the checks is part of what drt.h promises. */
static void
test_order (void)
{
  g_autoptr (Spy) spy = spy_new ();
  HDRT_TRANSPORT transport = spy->settings.hTransport;

  prefix_129 (spy);
  bootstrap_in_use (spy);
  assert_hr (spy_open (spy), DRT_E_INVALID_INSTANCE_PREFIX);
  spy->settings.pBootstrapProvider = NULL;
  assert_hr (spy_open (spy), DRT_E_INVALID_BOOTSTRAP_PROVIDER);
  spy->settings.pSecurityProvider = NULL;
  assert_hr (spy_open (spy), DRT_E_INVALID_SECURITY_PROVIDER);
  spy->settings.eSecurityMode = 7;
  assert_hr (spy_open (spy), DRT_E_INVALID_SECURITY_MODE);
  spy->settings.hTransport = NULL;
  assert_hr (spy_open (spy), DRT_E_INVALID_TRANSPORT_PROVIDER);
  spy->settings.ulMaxRoutingAddresses = 0;
  assert_hr (spy_open (spy), DRT_E_INVALID_MAX_ADDRESSES);
  spy->settings.cbKey = 8;
  assert_hr (spy_open (spy), DRT_E_INVALID_KEY_SIZE);
  spy->settings.dwSize = 8;
  assert_hr (spy_open (spy), DRT_E_INVALID_SETTINGS);
  spy->settings.hTransport = transport;
}

/* A provider table with a hole, at each place. */
static void
test_incomplete_providers (void)
{
  g_autoptr (Spy) spy = spy_new ();
  gpointer *functions;

  for (guint i = 1; i < sizeof (DRT_SECURITY_PROVIDER) / sizeof (gpointer); i++)
    {
      DRT_SECURITY_PROVIDER table = spy->security;

      functions = (gpointer *) &table;
      functions[i] = NULL;
      spy->settings.pSecurityProvider = &table;
      assert_hr (spy_open (spy), DRT_E_INVALID_SECURITY_PROVIDER);
    }
  spy->settings.pSecurityProvider = &spy->security;

  for (guint i = 1; i < sizeof (DRT_BOOTSTRAP_PROVIDER) / sizeof (gpointer); i++)
    {
      DRT_BOOTSTRAP_PROVIDER table = spy->bootstrap;

      functions = (gpointer *) &table;
      functions[i] = NULL;
      spy->settings.pBootstrapProvider = &table;
      assert_hr (spy_open (spy), DRT_E_INVALID_BOOTSTRAP_PROVIDER);
    }
}

/* Each allocation fails once; then it works. */
static void
test_out_of_memory (void)
{
  g_autoptr (Spy) spy = spy_new ();
  HRESULT hr = E_OUTOFMEMORY;
  int n;

  for (n = 0; hr == E_OUTOFMEMORY && n < 100; n++)
    {
      drt_alloc_fail (n);
      hr = spy_open (spy);
      drt_alloc_fail (-1);
    }
  assert_hr (hr, S_OK);
  g_assert_cmpint (n, >, 1);
}

static void
test_transport_in_use (void)
{
  g_autoptr (Spy) spy = spy_new ();
  g_autoptr (Spy) other = spy_new ();
  HDRT_TRANSPORT own = other->settings.hTransport;

  assert_hr (spy_open (spy), S_OK);
  other->settings.hTransport = spy->settings.hTransport;
  assert_hr (spy_open (other), DRT_E_TRANSPORTPROVIDER_IN_USE);
  other->settings.hTransport = own;
  assert_hr (spy_open (other), S_OK);
}

/* Opens a second node on the transport of the one that is being closed. */
static HRESULT
open_second (Spy *spy)
{
  Spy *other = spy->data;
  HDRT_TRANSPORT own = other->settings.hTransport;

  other->settings.hTransport = spy->settings.hTransport;
  spy->seen = spy_open (other);
  other->settings.hTransport = own;
  return S_OK;
}

typedef struct
{
  const char *name;
  Call stage;
  HRESULT expected;
} ClosingCase;

/* What the transport of a node that is being closed answers, stage by stage. */
static const ClosingCase closing_cases[] = {
  { "saying-good-bye", CALL_UNREGISTER_KEY, DRT_E_TRANSPORT_SHUTTING_DOWN },
  { "unbound", CALL_UNREGISTER, DRT_E_TRANSPORTPROVIDER_IN_USE },
  { "detached", CALL_BOOTSTRAP_DETACH, DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED },
  { "released", CALL_SECURITY_DETACH, DRT_E_TRANSPORT_ALREADY_BOUND },
};

static void
test_closing_transport (gconstpointer data)
{
  const ClosingCase *closing = data;
  g_autoptr (Spy) spy = spy_new ();
  g_autoptr (Spy) other = spy_new ();

  assert_hr (spy_open (spy), S_OK);
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  assert_hr (spy_register (spy, 1, NULL), S_OK);
  spy->data = other;
  spy->hooks[closing->stage] = open_second;
  DrtClose (spy->drt);
  g_assert_cmpint (spy_count (spy, closing->stage), ==, 1);
  assert_hr (spy->seen, closing->expected);
  assert_hr (spy_open (other), S_OK);
}

/* The codes of deleting a transport, by its state. */
static void
test_delete_transport (void)
{
  g_autoptr (Spy) spy = spy_new ();

  assert_hr (DrtDeleteIpv6UdpTransport (NULL), DRT_E_INVALID_TRANSPORT_PROVIDER);
  assert_hr (DrtDeleteIpv6UdpTransport (spy), DRT_E_INVALID_TRANSPORT_PROVIDER);

  spy->hooks[CALL_BOOTSTRAP_ATTACH] = delete_transport;
  assert_hr (spy_open (spy), S_OK);
  assert_hr (spy->seen, DRT_E_TRANSPORTPROVIDER_IN_USE);
  assert_hr (DrtDeleteIpv6UdpTransport (spy->settings.hTransport), DRT_E_TRANSPORT_STILL_BOUND);
  assert_hr (DrtDeleteIpv6UdpTransport (spy->drt), DRT_E_INVALID_TRANSPORT_PROVIDER);

  spy->hooks[CALL_UNREGISTER] = delete_transport;
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  DrtClose (spy->drt);
  assert_hr (spy->seen, DRT_E_TRANSPORT_EXECUTING_CALLBACK);
  assert_hr (DrtDeleteIpv6UdpTransport (spy->settings.hTransport), S_OK);
  assert_hr (DrtDeleteIpv6UdpTransport (spy->settings.hTransport), DRT_E_INVALID_TRANSPORT_PROVIDER);
}

/* The port is free as soon as the transport is deleted. */
static void
test_port_again (void)
{
  g_autoptr (Spy) spy = spy_new ();
  USHORT port = spy->port;
  HDRT_TRANSPORT again;

  assert_hr (spy_open (spy), S_OK);
  assert_hr (DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, 0, 0, &port, &again), DRT_HR_ADDRESS_IN_USE);
  DrtClose (spy->drt);
  assert_hr (DrtDeleteIpv6UdpTransport (spy->settings.hTransport), S_OK);
  assert_hr (DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, 0, 0, &port, &again), S_OK);
  g_assert_cmpuint (port, ==, spy->port);
  assert_hr (DrtDeleteIpv6UdpTransport (again), S_OK);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (open_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/open/", open_cases[i].name, NULL);

      g_test_add_data_func (path, &open_cases[i], test_case);
    }
  for (guint i = 0; i < G_N_ELEMENTS (closing_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/open/closing/", closing_cases[i].name, NULL);

      g_test_add_data_func (path, &closing_cases[i], test_closing_transport);
    }
  g_test_add_func ("/open/arguments", test_arguments);
  g_test_add_func ("/open/order", test_order);
  g_test_add_func ("/open/incomplete-providers", test_incomplete_providers);
  g_test_add_func ("/open/out-of-memory", test_out_of_memory);
  g_test_add_func ("/open/transport-in-use", test_transport_in_use);
  g_test_add_func ("/open/delete-transport", test_delete_transport);
  g_test_add_func ("/open/port-again", test_port_again);
  return g_test_run ();
}
