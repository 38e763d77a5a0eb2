/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "codes.h"

#include <openssl/evp.h>

#include "drt-certificate.h"
#include "drt-object.h"

/* Transport, bootstrap resolvers, security providers. */

static HRESULT
create_transport (DRT_SCOPE scope,
                  USHORT   *port)
{
  HDRT_TRANSPORT transport;
  HRESULT hr = DrtCreateIpv6UdpTransport (scope, 0, 300, port, &transport);

  if (SUCCEEDED (hr))
    assert_hr (DrtDeleteIpv6UdpTransport (transport), S_OK);
  return hr;
}

static HRESULT
transport_ok (Spy *spy)
{
  return create_transport (DRT_GLOBAL_SCOPE, &(USHORT) { 0 });
}

static HRESULT
transport_no_port (Spy *spy)
{
  return create_transport (DRT_GLOBAL_SCOPE, NULL);
}

static HRESULT
transport_scope (Spy *spy)
{
  return create_transport (DRT_LINK_LOCAL_SCOPE + 1, &(USHORT) { 0 });
}

static HRESULT
transport_nowhere (Spy *spy)
{
  return DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, 0, 300, &(USHORT) { 0 }, NULL);
}

static HRESULT
transport_out_of_memory (Spy *spy)
{
  HRESULT hr;

  drt_alloc_fail (0);
  hr = create_transport (DRT_GLOBAL_SCOPE, &(USHORT) { 0 });
  drt_alloc_fail (-1);
  return hr;
}

static HRESULT
delete_ok (Spy *spy)
{
  return DrtDeleteIpv6UdpTransport (spy->settings.hTransport);
}

static HRESULT
delete_nothing (Spy *spy)
{
  return DrtDeleteIpv6UdpTransport (NULL);
}

static HRESULT
delete_now (Spy *spy)
{
  spy->seen = DrtDeleteIpv6UdpTransport (spy->settings.hTransport);
  return S_OK;
}

static HRESULT
delete_while_closing (Spy *spy)
{
  g_assert_cmpint (spy_wait_status (spy, NULL), ==, DRT_ALONE);
  spy->hooks[CALL_UNREGISTER] = delete_now;
  DrtClose (spy->drt);
  return spy->seen;
}

static HRESULT
delete_while_opening (Spy *spy)
{
  spy->hooks[CALL_BOOTSTRAP_ATTACH] = delete_now;
  assert_hr (spy_open (spy), S_OK);
  return spy->seen;
}

/* --- Resolvers --- */

static HRESULT
dns (PCWSTR                   address,
     DRT_BOOTSTRAP_PROVIDER **provider)
{
  HRESULT hr = DrtCreateDnsBootstrapResolver (4000, address, provider);

  if (SUCCEEDED (hr))
    DrtDeleteDnsBootstrapResolver (*provider);
  return hr;
}

static HRESULT
dns_ok (Spy *spy)
{
  DRT_BOOTSTRAP_PROVIDER *provider;

  return dns (L"mesh.example", &provider);
}

static HRESULT
dns_null (Spy *spy)
{
  DRT_BOOTSTRAP_PROVIDER *provider;

  return dns (NULL, &provider);
}

static HRESULT
dns_out_of_memory (Spy *spy)
{
  DRT_BOOTSTRAP_PROVIDER *provider;
  HRESULT hr;

  drt_alloc_fail (0);
  hr = dns (L"mesh.example", &provider);
  drt_alloc_fail (-1);
  return hr;
}

static HRESULT
pnrp (PCWSTR name)
{
  DRT_BOOTSTRAP_PROVIDER *provider;
  HRESULT hr = DrtCreatePnrpBootstrapResolver (FALSE, name, NULL, NULL, &provider);

  if (SUCCEEDED (hr))
    DrtDeletePnrpBootstrapResolver (provider);
  return hr;
}

static HRESULT
pnrp_out_of_memory (Spy *spy)
{
  HRESULT hr;

  drt_alloc_fail (0);
  hr = pnrp (L"0.mesh");
  drt_alloc_fail (-1);
  return hr;
}

/* There is no bus here: see main(). */
static HRESULT
pnrp_no_avahi (Spy *spy)
{
  return pnrp (L"0.mesh");
}

static HRESULT
pnrp_null (Spy *spy)
{
  return pnrp (NULL);
}

/* --- Security --- */

static HRESULT
null_provider (DRT_SECURITY_PROVIDER **provider)
{
  HRESULT hr = DrtCreateNullSecurityProvider (provider);

  if (SUCCEEDED (hr))
    DrtDeleteNullSecurityProvider (*provider);
  return hr;
}

static HRESULT
null_provider_ok (Spy *spy)
{
  DRT_SECURITY_PROVIDER *provider;

  return null_provider (&provider);
}

static HRESULT
null_provider_nowhere (Spy *spy)
{
  return null_provider (NULL);
}

static HRESULT
null_provider_out_of_memory (Spy *spy)
{
  DRT_SECURITY_PROVIDER *provider;
  HRESULT hr;

  drt_alloc_fail (0);
  hr = null_provider (&provider);
  drt_alloc_fail (-1);
  return hr;
}

/* Nothing came with it: no store, not even a certificate. */
static const CERT_CONTEXT bare;

static PCCERT_CONTEXT
make_authority (void)
{
  const DrtCertificateRequest request = { .name = "mesh", .algorithm = DRT_KEY_ALGORITHM_ED25519 };
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT authority = drt_certificate_new_authority (&request, &error);

  g_assert_no_error (error);
  return authority;
}

static PCCERT_CONTEXT
make_member (PCCERT_CONTEXT authority)
{
  const DrtCertificateRequest request = { .name = "member", .algorithm = DRT_KEY_ALGORITHM_P256 };
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT member = drt_certificate_issue (authority, &request, &error);

  g_assert_no_error (error);
  return member;
}

static HRESULT
create_derived (PCCERT_CONTEXT root,
                PCCERT_CONTEXT local)
{
  DRT_SECURITY_PROVIDER *provider;
  HRESULT hr = DrtCreateDerivedKeySecurityProvider (root, local, &provider);

  if (SUCCEEDED (hr))
    DrtDeleteDerivedKeySecurityProvider (provider);
  else
    g_assert_null (provider);
  return hr;
}

/* With a member of the mesh of @issuer; of one's own, when that is NULL. */
static HRESULT
create_with_member (PCCERT_CONTEXT issuer)
{
  PCCERT_CONTEXT root = make_authority ();
  PCCERT_CONTEXT local = make_member (issuer != NULL ? issuer : root);
  HRESULT hr = create_derived (root, local);

  drt_certificate_unref (local);
  drt_certificate_unref (root);
  return hr;
}

static HRESULT
derived_ok (Spy *spy)
{
  return create_with_member (NULL);
}

static HRESULT
derived_no_root (Spy *spy)
{
  return create_derived (NULL, NULL);
}

static HRESULT
derived_out_of_memory (Spy *spy)
{
  PCCERT_CONTEXT root = make_authority ();
  HRESULT hr;

  drt_alloc_fail (0);
  hr = create_derived (root, NULL);
  drt_alloc_fail (-1);
  drt_certificate_unref (root);
  return hr;
}

/* An OpenSSL in which nothing is to be had, as far as it is asked from now on. */
static HRESULT
derived_capability (Spy *spy)
{
  PCCERT_CONTEXT root = make_authority ();
  HRESULT hr;

  g_assert_cmpint (EVP_set_default_properties (NULL, "provider=none"), ==, 1);
  hr = create_derived (root, NULL);
  g_assert_cmpint (EVP_set_default_properties (NULL, ""), ==, 1);
  drt_certificate_unref (root);
  return hr;
}

static HRESULT
derived_cert_chain (Spy *spy)
{
  PCCERT_CONTEXT other = make_authority ();
  HRESULT hr = create_with_member (other);

  assert_hr (create_derived (&bare, NULL), hr);
  drt_certificate_unref (other);
  return hr;
}

static HRESULT
key_ok (Spy *spy)
{
  PCCERT_CONTEXT root = make_authority ();
  BYTE bytes[DRT_KEY_SIZE];
  HRESULT hr = DrtCreateDerivedKey (root, &(DRT_DATA) { sizeof bytes, bytes });

  drt_certificate_unref (root);
  return hr;
}

static HRESULT
key_no_certificate (Spy *spy)
{
  BYTE bytes[DRT_KEY_SIZE];

  return DrtCreateDerivedKey (NULL, &(DRT_DATA) { sizeof bytes, bytes });
}

static HRESULT
key_capability (Spy *spy)
{
  BYTE bytes[DRT_KEY_SIZE];

  return DrtCreateDerivedKey (&bare, &(DRT_DATA) { sizeof bytes, bytes });
}

const CodeRow codes_providers[] = {
  CODE_NEW (DrtCreateIpv6UdpTransport, S_OK, transport_ok),
  CODE_NEW (DrtCreateIpv6UdpTransport, E_OUTOFMEMORY, transport_out_of_memory),
  CODE_NEW (DrtCreateIpv6UdpTransport, DRT_E_INVALID_PORT, transport_no_port),
  CODE_NEW (DrtCreateIpv6UdpTransport, DRT_E_INVALID_TRANSPORT_PROVIDER, transport_nowhere),
  CODE_NEW (DrtCreateIpv6UdpTransport, DRT_E_INVALID_SCOPE, transport_scope),
  NEVER (DrtCreateIpv6UdpTransport, DRT_E_TRANSPORT_UNEXPECTED,
         "every error that Linux documents for socket(), setsockopt() and bind() of a UDP socket has a code of its own"),

  CODE_NEW (DrtDeleteIpv6UdpTransport, S_OK, delete_ok),
  CODE_NEW (DrtDeleteIpv6UdpTransport, DRT_E_INVALID_TRANSPORT_PROVIDER, delete_nothing),
  CODE (DrtDeleteIpv6UdpTransport, DRT_E_TRANSPORT_EXECUTING_CALLBACK, delete_while_closing),
  CODE (DrtDeleteIpv6UdpTransport, DRT_E_TRANSPORT_STILL_BOUND, delete_ok),
  CODE_NEW (DrtDeleteIpv6UdpTransport, DRT_E_TRANSPORTPROVIDER_IN_USE, delete_while_opening),

  CODE_NEW (DrtCreateDnsBootstrapResolver, S_OK, dns_ok),
  CODE_NEW (DrtCreateDnsBootstrapResolver, E_INVALIDARG, dns_null),
  CODE_NEW (DrtCreateDnsBootstrapResolver, E_OUTOFMEMORY, dns_out_of_memory),

  NEVER (DrtCreatePnrpBootstrapResolver, S_OK, "it takes an Avahi, which there is in tests/network alone"),
  CODE_NEW (DrtCreatePnrpBootstrapResolver, E_INVALIDARG, pnrp_null),
  CODE_NEW (DrtCreatePnrpBootstrapResolver, E_OUTOFMEMORY, pnrp_out_of_memory),
  CODE_NEW (DrtCreatePnrpBootstrapResolver, DRT_S_RETRY, pnrp_no_avahi),

  CODE_NEW (DrtCreateNullSecurityProvider, S_OK, null_provider_ok),
  CODE_NEW (DrtCreateNullSecurityProvider, E_INVALIDARG, null_provider_nowhere),
  CODE_NEW (DrtCreateNullSecurityProvider, E_OUTOFMEMORY, null_provider_out_of_memory),

  CODE_NEW (DrtCreateDerivedKeySecurityProvider, S_OK, derived_ok),
  CODE_NEW (DrtCreateDerivedKeySecurityProvider, E_INVALIDARG, derived_no_root),
  CODE_NEW (DrtCreateDerivedKeySecurityProvider, E_OUTOFMEMORY, derived_out_of_memory),
  CODE_NEW (DrtCreateDerivedKeySecurityProvider, DRT_E_CAPABILITY_MISMATCH, derived_capability),
  CODE_NEW (DrtCreateDerivedKeySecurityProvider, DRT_E_INVALID_CERT_CHAIN, derived_cert_chain),

  CODE_NEW (DrtCreateDerivedKey, S_OK, key_ok),
  CODE_NEW (DrtCreateDerivedKey, E_INVALIDARG, key_no_certificate),
  CODE_NEW (DrtCreateDerivedKey, DRT_E_CAPABILITY_MISMATCH, key_capability),
};

const guint n_codes_providers = G_N_ELEMENTS (codes_providers);
