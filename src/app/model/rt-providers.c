/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-providers.h"

#include <drt-endpoint.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

/* Index of the interface that ::1 belongs to, 0 where there is none. */
static guint
find_loopback (void)
{
  struct ifaddrs *interfaces = NULL;
  guint index = 0;

  if (getifaddrs (&interfaces) != 0)
    return 0;
  for (struct ifaddrs *i = interfaces; i != NULL && index == 0; i = i->ifa_next)
    if (i->ifa_flags & IFF_LOOPBACK)
      index = if_nametoindex (i->ifa_name);
  freeifaddrs (interfaces);
  return index;
}

/* A mesh whose every known node is on this computer's loopback can be joined from
 * there only: a node with other addresses never sends to ::1. */
static gboolean
is_loopback_mesh (RtMeshSettings *settings)
{
  const char *const *list = rt_mesh_settings_get_bootstrap_list (settings);

  if (rt_mesh_settings_get_loopback_only (settings))
    return TRUE;
  if (rt_mesh_settings_get_scope (settings) != RT_SCOPE_GLOBAL ||
      rt_mesh_settings_get_bootstrap_kind (settings) != RT_BOOTSTRAP_LIST || list[0] == NULL)
    return FALSE;
  for (guint i = 0; list[i] != NULL; i++)
    {
      DrtEndpoint endpoint;

      if (!drt_endpoint_parse (list[i], &endpoint) || !IN6_IS_ADDR_LOOPBACK (&endpoint.address))
        return FALSE;
    }
  return TRUE;
}

static guint
scope_id (RtMeshSettings *settings)
{
  const char *link = rt_mesh_settings_get_scope_link (settings);

  if (is_loopback_mesh (settings))
    return find_loopback ();
  if (rt_mesh_settings_get_scope (settings) == RT_SCOPE_GLOBAL || *link == '\0')
    return 0;
  return if_nametoindex (link);
}

static void
wide_free (gpointer text)
{
  g_free (text);
}

static HRESULT
create_bootstrap (RtProviders *self, RtMeshSettings *settings)
{
  g_autoptr(GPtrArray) endpoints = g_ptr_array_new_with_free_func (wide_free);
  const char *const *list = rt_mesh_settings_get_bootstrap_list (settings);
  g_autofree WCHAR *name = NULL;

  self->bootstrap_kind = rt_mesh_settings_get_bootstrap_kind (settings);
  if (self->bootstrap_kind == RT_BOOTSTRAP_DNS)
    {
      name = drt_wide_from_utf8 (rt_mesh_settings_get_bootstrap_host (settings));
      return DrtCreateDnsBootstrapResolver ((USHORT) rt_mesh_settings_get_bootstrap_port (settings), name, &self->bootstrap);
    }
  if (self->bootstrap_kind == RT_BOOTSTRAP_LAN)
    {
      name = drt_wide_from_utf8 (rt_mesh_settings_get_bootstrap_name (settings));
      return DrtCreatePnrpBootstrapResolver (TRUE, name, NULL, NULL, &self->bootstrap);
    }
  for (guint i = 0; self->bootstrap_kind == RT_BOOTSTRAP_LIST && list[i] != NULL; i++)
    g_ptr_array_add (endpoints, drt_wide_from_utf8 (list[i]));
  return DrtCreateListBootstrapResolver (endpoints->len, (const PCWSTR *) endpoints->pdata, &self->bootstrap);
}

PCCERT_CONTEXT
rt_providers_get_certificate (RtMeshSettings *settings, RtMeshFile which)
{
  RtCertificateFile *file = rt_mesh_settings_get_file (settings, which);

  return file != NULL ? rt_certificate_file_get_certificate (file) : NULL;
}

static HRESULT
create_security (RtProviders *self, RtMeshSettings *settings)
{
  RtCertificateFile *revoked = rt_mesh_settings_get_file (settings, RT_MESH_REVOKED);

  self->security_provider = rt_mesh_settings_get_security_provider (settings);
  if (self->security_provider == RT_SECURITY_PROVIDER_NULL)
    return DrtCreateNullSecurityProvider (&self->security);
  return drt_derived_key_provider_new (rt_providers_get_certificate (settings, RT_MESH_ROOT), rt_providers_get_certificate (settings, RT_MESH_LOCAL),
                                       rt_mesh_settings_get_profile (settings),
                                       revoked != NULL ? rt_certificate_file_get_revoke_list (revoked) : NULL,
                                       &self->security);
}

/**
 * rt_providers_open:
 * @self: (out): what was created, also where it failed: for rt_providers_delete()
 * @drt: (out): the node
 */
HRESULT
rt_providers_open (RtProviders *self, RtMeshSettings *settings, HDRT *drt)
{
  g_autofree WCHAR *prefix = drt_wide_from_utf8 (rt_mesh_settings_get_instance_prefix (settings));
  USHORT port = (USHORT) rt_mesh_settings_get_port (settings);
  HRESULT hr;
  DRT_SETTINGS drt_settings = {
    .dwSize = sizeof drt_settings,
    .cbKey = DRT_KEY_SIZE,
    .bProtocolMajorVersion = (BYTE) rt_mesh_settings_get_protocol_major (settings),
    .bProtocolMinorVersion = (BYTE) rt_mesh_settings_get_protocol_minor (settings),
    .ulMaxRoutingAddresses = rt_mesh_settings_get_max_addresses (settings),
    .pwzDrtInstancePrefix = prefix,
    .eSecurityMode = (DRT_SECURITY_MODE) rt_mesh_settings_get_security_mode (settings),
  };

  hr = DrtCreateIpv6UdpTransport ((DRT_SCOPE) rt_mesh_settings_get_scope (settings), scope_id (settings),
                                  rt_mesh_settings_get_locality_threshold (settings), &port, &self->transport);
  self->port = port;
  if (SUCCEEDED (hr))
    hr = create_security (self, settings);
  if (SUCCEEDED (hr))
    hr = create_bootstrap (self, settings);
  if (FAILED (hr))
    return hr;

  drt_settings.hTransport = self->transport;
  drt_settings.pSecurityProvider = self->security;
  drt_settings.pBootstrapProvider = self->bootstrap;
  return drt_open_in_context (&drt_settings, NULL, NULL, NULL, drt);
}

gboolean
rt_providers_delete (RtProviders *self)
{
  if (self->transport != NULL
      && DrtDeleteIpv6UdpTransport (self->transport) == DRT_E_TRANSPORT_EXECUTING_CALLBACK)
    return FALSE;
  if (self->security != NULL && self->security_provider == RT_SECURITY_PROVIDER_DERIVED_KEY)
    DrtDeleteDerivedKeySecurityProvider (self->security);
  else if (self->security != NULL)
    DrtDeleteNullSecurityProvider (self->security);
  if (self->bootstrap != NULL && self->bootstrap_kind == RT_BOOTSTRAP_DNS)
    DrtDeleteDnsBootstrapResolver (self->bootstrap);
  else if (self->bootstrap != NULL && self->bootstrap_kind == RT_BOOTSTRAP_LAN)
    DrtDeletePnrpBootstrapResolver (self->bootstrap);
  else if (self->bootstrap != NULL)
    DrtDeleteListBootstrapResolver (self->bootstrap);
  *self = (RtProviders) { 0 };
  return TRUE;
}
