/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-node-private.h"

#include <drt-glib.h>
#include <drt-security.h>
#include <glib/gi18n.h>
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
create_bootstrap (RtNode *self, RtMeshSettings *settings)
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

static PCCERT_CONTEXT
get_certificate (RtMeshSettings *settings, RtMeshFile which)
{
  RtCertificateFile *file = rt_mesh_settings_get_file (settings, which);

  return file != NULL ? rt_certificate_file_get_certificate (file) : NULL;
}

static HRESULT
create_security (RtNode *self, RtMeshSettings *settings)
{
  RtCertificateFile *revoked = rt_mesh_settings_get_file (settings, RT_MESH_REVOKED);

  self->security_provider = rt_mesh_settings_get_security_provider (settings);
  if (self->security_provider == RT_SECURITY_PROVIDER_NULL)
    return DrtCreateNullSecurityProvider (&self->security);
  return drt_derived_key_provider_new (get_certificate (settings, RT_MESH_ROOT), get_certificate (settings, RT_MESH_LOCAL),
                                       rt_mesh_settings_get_profile (settings),
                                       revoked != NULL ? rt_certificate_file_get_revoke_list (revoked) : NULL,
                                       &self->security);
}

static HRESULT
create_drt (RtNode *self, RtMeshSettings *settings)
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
  self->bound_port = port;
  if (SUCCEEDED (hr))
    hr = create_security (self, settings);
  if (SUCCEEDED (hr))
    hr = create_bootstrap (self, settings);
  if (FAILED (hr))
    return hr;

  drt_settings.hTransport = self->transport;
  drt_settings.pSecurityProvider = self->security;
  drt_settings.pBootstrapProvider = self->bootstrap;
  return drt_open_in_context (&drt_settings, NULL, NULL, NULL, &self->drt);
}

/* What was created for a node, in one block, so that it can be given back later. */
typedef struct
{
  HDRT_TRANSPORT transport;
  DRT_SECURITY_PROVIDER *security;
  RtSecurityProvider security_provider;
  DRT_BOOTSTRAP_PROVIDER *bootstrap;
  RtBootstrapKind bootstrap_kind;
} Providers;

static gboolean
delete_providers_cb (gpointer data)
{
  Providers *providers = data;

  if (providers->transport != NULL
      && DrtDeleteIpv6UdpTransport (providers->transport) == DRT_E_TRANSPORT_EXECUTING_CALLBACK)
    return G_SOURCE_CONTINUE;
  if (providers->security != NULL && providers->security_provider == RT_SECURITY_PROVIDER_DERIVED_KEY)
    DrtDeleteDerivedKeySecurityProvider (providers->security);
  else if (providers->security != NULL)
    DrtDeleteNullSecurityProvider (providers->security);
  if (providers->bootstrap != NULL && providers->bootstrap_kind == RT_BOOTSTRAP_DNS)
    DrtDeleteDnsBootstrapResolver (providers->bootstrap);
  else if (providers->bootstrap != NULL && providers->bootstrap_kind == RT_BOOTSTRAP_LAN)
    DrtDeletePnrpBootstrapResolver (providers->bootstrap);
  else if (providers->bootstrap != NULL)
    DrtDeleteListBootstrapResolver (providers->bootstrap);
  g_free (providers);
  return G_SOURCE_REMOVE;
}

/* At once, or after the callback of the node from which it was closed. */
static void
delete_providers (RtNode *self)
{
  Providers *providers = g_new0 (Providers, 1);

  providers->transport = g_steal_pointer (&self->transport);
  providers->security = g_steal_pointer (&self->security);
  providers->security_provider = self->security_provider;
  providers->bootstrap = g_steal_pointer (&self->bootstrap);
  providers->bootstrap_kind = self->bootstrap_kind;
  if (delete_providers_cb (providers) == G_SOURCE_CONTINUE)
    g_idle_add (delete_providers_cb, providers);
}

static void
fetch_instance_name (RtNode *self)
{
  g_autofree WCHAR *wide = NULL;
  g_autofree char *name = NULL;
  ULONG size = 0;

  if (FAILED (DrtGetInstanceNameSize (self->drt, &size)))
    return;
  wide = g_malloc0 (size);
  if (FAILED (DrtGetInstanceName (self->drt, size, wide)))
    return;
  name = drt_wide_to_utf8 (wide);
  rt_node_set_instance_name (self, name);
}

static gboolean
tick_cb (gpointer data)
{
  RtNode *self = RT_NODE (data);
  DrtCounters counters;

  if (SUCCEEDED (drt_get_counters (self->drt, &counters)))
    rt_node_feed_counters (self, &counters, g_get_monotonic_time ());
  return G_SOURCE_CONTINUE;
}

static void
journal (RtNode *self, const char *kind, RtSeverity severity, const char *text)
{
  rt_node_append_event (self, rt_event_new (g_get_real_time (), kind, severity, text, NULL));
}

/* Keys that are not the person's do not follow into another mesh. */
static void
forget_transient (RtNode *self)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->registrations)); i > 0; i--)
    {
      g_autoptr(RtRegistration) registration = g_list_model_get_item (G_LIST_MODEL (self->registrations), i - 1);

      if (!rt_registration_get_persistent (registration))
        g_list_store_remove (self->registrations, i - 1);
    }
}

/**
 * rt_node_open:
 * @settings: (nullable): what to open it with, copied; %NULL for the node's own
 * @error: DRT_ERROR with the code of DrtOpen(), or of the function that creates
 *   the transport or the resolver; the message is a sentence for the person
 *
 * Opens the node, after closing it where it was open, and registers its keys.
 * Whether there is a mesh shows in its state, later.
 *
 * Returns: whether it is open now
 */
gboolean
rt_node_open (RtNode *self, RtMeshSettings *settings, GError **error)
{
  g_autofree char *sentence = NULL;
  g_autofree char *opened = NULL;
  g_autoptr(GError) local_error = NULL;
  HRESULT hr;

  g_return_val_if_fail (RT_IS_NODE (self), FALSE);

  rt_node_close (self);
  if (settings != NULL)
    rt_node_set_settings (self, settings);
  if (!rt_mesh_settings_get_loopback_only (self->settings))
    forget_transient (self);

  hr = rt_mesh_settings_check_all (self->settings, NULL, &sentence);
  if (SUCCEEDED (hr))
    hr = create_drt (self, self->settings);
  if (FAILED (hr))
    {
      const char *words = sentence != NULL ? sentence : drt_hresult_to_sentence (hr);

      delete_providers (self);
      journal (self, "open", RT_SEVERITY_ERROR, words);
      local_error = g_error_new_literal (DRT_ERROR, hr, words);
      rt_node_set_open_error (self, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  rt_node_set_open_error (self, NULL);
  rt_node_begin (self);
  fetch_instance_name (self);
  drt_observe (self->drt, &rt_node_observer, self);
  opened = g_strdup_printf (_("The node was opened on UDP port %u"), self->bound_port);
  journal (self, "open", RT_SEVERITY_INFO, opened);
  rt_node_register_all (self);
  self->tick = g_timeout_add_seconds (1, tick_cb, self);
  g_source_set_name_by_id (self->tick, "[roundtable] counters");
  return TRUE;
}

/**
 * rt_node_close:
 *
 * Leaves the mesh: our keys are revoked there, and stay here, offline.
 */
void
rt_node_close (RtNode *self)
{
  HDRT drt;

  g_return_if_fail (RT_IS_NODE (self));

  if (self->drt == NULL)
    return;
  g_clear_handle_id (&self->tick, g_source_remove);
  tick_cb (self);
  drt = g_steal_pointer (&self->drt);
  drt_observe (drt, NULL, NULL);
  DrtClose (drt);
  delete_providers (self);
  rt_node_end (self);
  journal (self, "close", RT_SEVERITY_INFO, _("The node was closed"));
}

/**
 * rt_node_set_revoke_list:
 * @root: of the mesh the list is of
 *
 * Who was revoked just now is refused by a running node of that mesh at once.
 */
gboolean
rt_node_set_revoke_list (RtNode *self, PCCERT_CONTEXT root, DrtRevokeList *list)
{
  PCCERT_CONTEXT own;

  g_return_val_if_fail (RT_IS_NODE (self), FALSE);

  own = get_certificate (self->settings, RT_MESH_ROOT);
  if (self->drt == NULL || self->security_provider != RT_SECURITY_PROVIDER_DERIVED_KEY
      || own == NULL || !drt_certificate_equal (own, root))
    return FALSE;
  drt_derived_key_provider_set_revoked (self->security, list);
  return TRUE;
}
