/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "spy.h"

#include <net/if.h>
#include <string.h>

#define WAIT_MS 30000

void
assert_hr_at (const char *where,
              const char *what,
              HRESULT     actual,
              HRESULT     expected)
{
  const char *name = drt_hresult_to_name (actual);
  const char *wanted = drt_hresult_to_name (expected);

  if (actual != expected)
    g_error ("%s: %s is %s (0x%08X) instead of %s (0x%08X)", where, what,
             name != NULL ? name : "?", (guint) actual, wanted != NULL ? wanted : "?", (guint) expected);
}

static HRESULT
ask_hook (Spy  *spy,
          Call  call)
{
  g_atomic_int_inc (&spy->n_calls[call]);
  return spy->hooks[call] != NULL ? spy->hooks[call] (spy) : S_OK;
}

int
spy_count (Spy  *spy,
           Call  call)
{
  return g_atomic_int_get (&spy->n_calls[call]);
}

static HRESULT
security_attach (const PVOID context)
{
  Spy *spy = context;
  HRESULT hr = ask_hook (spy, CALL_SECURITY_ATTACH);

  return FAILED (hr) ? hr : spy->null->Attach (spy->null->pvContext);
}

static void
security_detach (const PVOID context)
{
  Spy *spy = context;

  ask_hook (spy, CALL_SECURITY_DETACH);
  spy->null->Detach (spy->null->pvContext);
}

static HRESULT
register_key (const PVOID             context,
              const DRT_REGISTRATION *registration,
              PVOID                   key_context)
{
  Spy *spy = context;
  HRESULT hr = ask_hook (spy, CALL_REGISTER_KEY);

  return FAILED (hr) ? hr : spy->null->RegisterKey (spy->null->pvContext, registration, key_context);
}

static HRESULT
unregister_key (const PVOID     context,
                const DRT_DATA *key,
                PVOID           key_context)
{
  Spy *spy = context;

  ask_hook (spy, CALL_UNREGISTER_KEY);
  return spy->null->UnregisterKey (spy->null->pvContext, key, key_context);
}

static HRESULT
validate (const PVOID context, DRT_DATA *cpa, DRT_DATA *chain, DRT_DATA *classifier, DRT_DATA *nonce,
          DRT_DATA *secured, BYTE *major, BYTE *minor, DRT_DATA *key, DRT_DATA *payload,
          CERT_PUBLIC_KEY_INFO **public_key, SOCKET_ADDRESS_LIST **addresses, DWORD *flags)
{
  Spy *spy = context;

  return spy->null->ValidateAndUnpackPayload (spy->null->pvContext, cpa, chain, classifier, nonce, secured, major,
                                              minor, key, payload, public_key, addresses, flags);
}

static HRESULT
pack (const PVOID context, PVOID key_context, BYTE major, BYTE minor, DWORD flags, const DRT_DATA *key,
      const DRT_DATA *payload, const SOCKET_ADDRESS_LIST *addresses, const DRT_DATA *nonce, DRT_DATA *cpa,
      DRT_DATA *classifier, DRT_DATA *secured, DRT_DATA *chain)
{
  Spy *spy = context;
  HRESULT hr = ask_hook (spy, CALL_PACK);

  if (FAILED (hr))
    return hr;
  return spy->null->SecureAndPackPayload (spy->null->pvContext, key_context, major, minor, flags, key, payload,
                                          addresses, nonce, cpa, classifier, secured, chain);
}

static void
free_data (const PVOID context,
           PVOID       data)
{
  Spy *spy = context;

  spy->null->FreeData (spy->null->pvContext, data);
}

static HRESULT
encrypt (const PVOID context, const DRT_DATA *credential, DWORD n, DRT_DATA *data, DRT_DATA *encrypted, DRT_DATA *token)
{
  Spy *spy = context;

  return spy->null->EncryptData (spy->null->pvContext, credential, n, data, encrypted, token);
}

static HRESULT
decrypt (const PVOID context, DRT_DATA *token, const PVOID key_context, DWORD n, DRT_DATA *data)
{
  Spy *spy = context;

  return spy->null->DecryptData (spy->null->pvContext, token, key_context, n, data);
}

static HRESULT
get_credential (const PVOID context,
                DRT_DATA   *credential)
{
  Spy *spy = context;
  HRESULT hr = ask_hook (spy, CALL_CREDENTIAL);

  return FAILED (hr) ? hr : spy->null->GetSerializedCredential (spy->null->pvContext, credential);
}

static HRESULT
validate_credential (const PVOID context,
                     DRT_DATA   *credential)
{
  Spy *spy = context;

  return spy->null->ValidateRemoteCredential (spy->null->pvContext, credential);
}

static HRESULT
sign (const PVOID context, DWORD n, DRT_DATA *data, DRT_DATA *identifier, DRT_DATA *signature)
{
  Spy *spy = context;

  return spy->null->SignData (spy->null->pvContext, n, data, identifier, signature);
}

static HRESULT
verify (const PVOID context, DWORD n, DRT_DATA *data, DRT_DATA *credentials, DRT_DATA *identifier, DRT_DATA *signature)
{
  Spy *spy = context;

  return spy->null->VerifyData (spy->null->pvContext, n, data, credentials, identifier, signature);
}

/* A bootstrap provider's functions are called one at a time. */
static HRESULT
ask_bootstrap_hook (Spy  *spy,
                    Call  call)
{
  HRESULT hr;

  g_assert_true (g_atomic_int_compare_and_exchange (&spy->in_bootstrap, 0, 1));
  hr = ask_hook (spy, call);
  g_assert_true (g_atomic_int_compare_and_exchange (&spy->in_bootstrap, 1, 0));
  return hr;
}

static HRESULT
bootstrap_attach (const PVOID context)
{
  Spy *spy = context;
  HRESULT hr = ask_bootstrap_hook (spy, CALL_BOOTSTRAP_ATTACH);

  if (FAILED (hr))
    return hr;
  return hr == S_OK ? spy->list->Attach (spy->list->pvContext) : (spy->list->Attach (spy->list->pvContext), hr);
}

static void
bootstrap_detach (const PVOID context)
{
  Spy *spy = context;

  ask_bootstrap_hook (spy, CALL_BOOTSTRAP_DETACH);
  spy->list->Detach (spy->list->pvContext);
}

static HRESULT
init_resolve (const PVOID context, BOOL split, ULONG timeout, ULONG max_results,
              DRT_BOOTSTRAP_RESOLVE_CONTEXT *resolve, BOOL *fatal)
{
  Spy *spy = context;
  HRESULT hr = ask_bootstrap_hook (spy, CALL_INIT_RESOLVE);

  if (split)
    g_atomic_int_inc (&spy->n_split_resolves);
  if (SUCCEEDED (hr))
    return spy->list->InitResolve (spy->list->pvContext, split, timeout, max_results, resolve, fatal);
  *fatal = spy->fatal;
  return hr;
}

static HRESULT
issue_resolve (const PVOID context, const PVOID callback_context, DRT_BOOTSTRAP_RESOLVE_CALLBACK callback,
               DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve, BOOL *fatal)
{
  Spy *spy = context;
  HRESULT hr = ask_bootstrap_hook (spy, CALL_ISSUE_RESOLVE);

  if (hr == S_OK)
    return spy->list->IssueResolve (spy->list->pvContext, callback_context, callback, resolve, fatal);
  if (FAILED (hr) && !spy->fatal)
    {
      /* As a resolver tells of a name that does not resolve. */
      callback (hr, callback_context, NULL, FALSE);
      callback (DRT_E_NO_MORE, callback_context, NULL, FALSE);
      return S_OK;
    }
  if (FAILED (hr))
    callback (hr, callback_context, NULL, TRUE);
  return S_OK;
}

static void
end_resolve (const PVOID                   context,
             DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve)
{
  Spy *spy = context;

  ask_bootstrap_hook (spy, CALL_END_RESOLVE);
  spy->list->EndResolve (spy->list->pvContext, resolve);
}

static HRESULT
bootstrap_register (const PVOID                context,
                    const SOCKET_ADDRESS_LIST *addresses)
{
  Spy *spy = context;
  HRESULT hr = ask_bootstrap_hook (spy, CALL_REGISTER);

  g_assert_cmpint (addresses->iAddressCount, >=, 1);
  g_assert_cmpint (addresses->Address[0].iSockaddrLength, ==, sizeof (SOCKADDR_IN6));
  return hr;
}

static void
bootstrap_unregister (const PVOID context)
{
  ask_bootstrap_hook (context, CALL_UNREGISTER);
}

static const DRT_SECURITY_PROVIDER spy_security = {
  NULL, security_attach, security_detach, register_key, unregister_key, validate, pack, free_data, encrypt, decrypt,
  get_credential, validate_credential, sign, verify,
};

static const DRT_BOOTSTRAP_PROVIDER spy_bootstrap = {
  NULL, bootstrap_attach, bootstrap_detach, init_resolve, issue_resolve, end_resolve, bootstrap_register,
  bootstrap_unregister,
};

/* On ::1, and nobody to bootstrap from. */
Spy *
spy_new (void)
{
  return spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), NULL);
}

/**
 * spy_new_with:
 * @scope: of the transport
 * @scope_id: of the transport
 * @bootstrap: (nullable): "host:port"
 *
 * Returns: a spy, everything made and nothing opened
 */
Spy *
spy_new_with (DRT_SCOPE   scope,
              ULONG       scope_id,
              const char *bootstrap)
{
  Spy *spy = g_new0 (Spy, 1);
  g_autofree WCHAR *wide = drt_wide_from_utf8 (bootstrap);
  PCWSTR endpoint = wide;

  assert_hr (DrtCreateNullSecurityProvider (&spy->null), S_OK);
  assert_hr (DrtCreateListBootstrapResolver (bootstrap != NULL, &endpoint, &spy->list), S_OK);
  spy->security = spy_security;
  spy->security.pvContext = spy;
  spy->bootstrap = spy_bootstrap;
  spy->bootstrap.pvContext = spy;
  spy->event = drt_event_new ();
  g_assert_nonnull (spy->event);
  spy->settings = (DRT_SETTINGS) {
    .dwSize = sizeof (DRT_SETTINGS),
    .cbKey = 32,
    .bProtocolMajorVersion = 6,
    .bProtocolMinorVersion = 0x65,
    .ulMaxRoutingAddresses = 4,
    .pwzDrtInstancePrefix = (WCHAR *) L"test",
    .pSecurityProvider = &spy->security,
    .pBootstrapProvider = &spy->bootstrap,
    .eSecurityMode = DRT_SECURE_RESOLVE,
  };
  assert_hr (DrtCreateIpv6UdpTransport (scope, scope_id, 300, &spy->port, &spy->settings.hTransport), S_OK);
  return spy;
}

void
spy_free (Spy *spy)
{
  memset (spy->hooks, 0, sizeof spy->hooks);
  if (spy->drt != NULL)
    DrtClose (spy->drt);
  DrtDeleteListBootstrapResolver (spy->list);
  DrtDeleteNullSecurityProvider (spy->null);
  DrtDeleteIpv6UdpTransport (spy->settings.hTransport);
  drt_event_free (spy->event);
  g_free (spy);
}

HRESULT
spy_open (Spy *spy)
{
  return DrtOpen (&spy->settings, spy->event, spy, &spy->drt);
}

/* A key that differs from others in its first byte and is spread over the ring. */
void
spy_key (guint8 first_byte,
         BYTE   key[32])
{
  memset (key, 0, 32);
  key[0] = first_byte;
  key[31] = first_byte * 37;
}

HRESULT
spy_register (Spy                       *spy,
              guint8                     first_byte,
              HDRT_REGISTRATION_CONTEXT *handle)
{
  BYTE key[32];
  BYTE payload[] = "payload";
  DRT_REGISTRATION registration = { { sizeof key, key }, { sizeof payload, payload } };
  HDRT_REGISTRATION_CONTEXT unused;

  spy_key (first_byte, key);
  return DrtRegisterKey (spy->drt, &registration, NULL, handle != NULL ? handle : &unused);
}

/* The next status event; others before it are passed over. */
DRT_STATUS
spy_wait_status (Spy     *spy,
                 HRESULT *hr)
{
  for (;;)
    {
      g_autofree DRT_EVENT_DATA *data = NULL;
      ULONG size;

      g_assert_true (drt_event_wait (spy->event, WAIT_MS));
      assert_hr (DrtGetEventDataSize (spy->drt, &size), S_OK);
      data = g_malloc (size);
      assert_hr (DrtGetEventData (spy->drt, size, data), S_OK);
      g_assert_true (data->pvContext == spy);
      if (hr != NULL)
        *hr = data->hr;
      if (data->type == DRT_EVENT_STATUS_CHANGED)
        return data->statusChange.status;
    }
}
