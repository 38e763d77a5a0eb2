/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-mesh-settings-private.h"

#include <drt-endpoint.h>
#include <drt-glib.h>
#include <glib/gi18n.h>
#include <net/if.h>

#include "rt-chain.h"

/* The lowest port a node may have, §2.1. */
#define LOWEST_PORT 1024

/* Of DrtCreatePnrpBootstrapResolver(), in characters. */
#define LONGEST_NAME 137

static HRESULT
check_port (guint port, gboolean zero_allowed, HRESULT code, char **sentence)
{
  if ((port == 0 && zero_allowed) || (port >= LOWEST_PORT && port <= G_MAXUINT16))
    return S_OK;
  *sentence = zero_allowed
    ? g_strdup_printf (_("Ports below %d are reserved: choose one from %d to %d, or 0 for any."), LOWEST_PORT, LOWEST_PORT, G_MAXUINT16)
    : g_strdup_printf (_("Choose a port from %d to %d."), LOWEST_PORT, G_MAXUINT16);
  return code;
}

static HRESULT
check_bootstrap_host (RtMeshSettings *self, char **sentence)
{
  g_autofree char *host = g_strstrip (g_strdup (self->bootstrap_host));

  if (self->bootstrap_kind != RT_BOOTSTRAP_DNS)
    return S_OK;
  if (*host == '\0')
    {
      *sentence = g_strdup (_("Enter the host name of a node of the mesh."));
      return E_INVALIDARG;
    }
  if (!g_utf8_validate (host, -1, NULL))
    {
      *sentence = g_strdup (_("This is no valid host name."));
      return E_INVALIDARG;
    }
  return S_OK;
}

/* "host:port" or "[address]:port", as DrtCreateListBootstrapResolver() takes it. */
static gboolean
is_endpoint (const char *text)
{
  const char *colon = strrchr (text, ':');
  guint64 port;
  DrtEndpoint endpoint;

  if (colon == NULL || colon == text || !g_ascii_string_to_unsigned (colon + 1, 10, LOWEST_PORT, G_MAXUINT16, &port, NULL))
    return FALSE;
  if (*text == '[')
    return drt_endpoint_parse (text, &endpoint);
  return memchr (text, ':', (gsize) (colon - text)) == NULL;
}

static HRESULT
check_bootstrap_list (RtMeshSettings *self, char **sentence)
{
  if (self->bootstrap_kind != RT_BOOTSTRAP_LIST)
    return S_OK;
  if (self->bootstrap_list[0] == NULL)
    {
      *sentence = g_strdup (_("Enter the address of at least one node."));
      return E_INVALIDARG;
    }
  for (guint i = 0; self->bootstrap_list[i] != NULL; i++)
    if (!is_endpoint (self->bootstrap_list[i]))
      {
        *sentence = g_strdup_printf (_("“%s” is no address: write [ADDRESS]:PORT or HOST:PORT, with a port from %d on."),
                                     self->bootstrap_list[i], LOWEST_PORT);
        return E_INVALIDARG;
      }
  return S_OK;
}

static HRESULT
check_bootstrap_name (RtMeshSettings *self, char **sentence)
{
  glong length = g_utf8_strlen (self->bootstrap_name, -1);

  if (self->bootstrap_kind != RT_BOOTSTRAP_LAN || (length > 0 && length <= LONGEST_NAME))
    return S_OK;
  *sentence = length == 0
    ? g_strdup (_("Enter a name that all nodes of the mesh have in common."))
    : g_strdup_printf (_("The name may have %d characters, this one has %ld."), LONGEST_NAME, length);
  return E_INVALIDARG;
}

static HRESULT
check_scope_link (RtMeshSettings *self, char **sentence)
{
  if (self->scope == RT_SCOPE_GLOBAL || *self->scope_link == '\0' || if_nametoindex (self->scope_link) != 0)
    return S_OK;
  *sentence = g_strdup_printf (_("This computer has no network interface “%s”."), self->scope_link);
  return DRT_E_INVALID_SCOPE;
}

static HRESULT
check_number (guint number, guint highest, char **sentence)
{
  if (number <= highest)
    return S_OK;
  *sentence = g_strdup_printf (_("Choose a number from 0 to %u."), highest);
  return E_INVALIDARG;
}

static HRESULT
check_enumeration (GType type, int value, HRESULT code, char **sentence)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (type);

  if (g_enum_get_value (klass, value) != NULL)
    return S_OK;
  *sentence = g_strdup (drt_hresult_to_sentence (code));
  return code;
}

/* What keeps a file from being used at all. */
static HRESULT
check_readable (RtCertificateFile *file, char **sentence)
{
  const GError *error = rt_certificate_file_get_error (file);

  if (error == NULL)
    return S_OK;
  *sentence = rt_certificate_file_is_locked (file)
    ? g_strdup_printf (_("“%s” is protected: unlock it with its passphrase."), rt_certificate_file_get_name (file))
    : g_strdup_printf ("“%s”: %s", rt_certificate_file_get_name (file), error->message);
  return DRT_E_INVALID_CERT_CHAIN;
}

static HRESULT
check_chain (RtChain *chain, char **sentence)
{
  RtVerdict *fault = rt_chain_get_first_fault (chain);

  if (fault == NULL)
    return S_OK;
  *sentence = g_strdup_printf ("%s %s", rt_verdict_get_sentence (fault), rt_verdict_get_remedy (fault));
  return FAILED (rt_chain_get_hresult (chain)) ? rt_chain_get_hresult (chain) : DRT_E_INVALID_CERT_CHAIN;
}

/* The provider is not made without a root that can check the others. */
static HRESULT
check_root (RtMeshSettings *self, char **sentence)
{
  RtCertificateFile *file = self->files[RT_MESH_ROOT];
  g_autoptr(DrtCertificateInfo) info = NULL;
  g_autoptr(RtChain) chain = NULL;
  HRESULT hr;

  if (self->security_provider != RT_SECURITY_PROVIDER_DERIVED_KEY)
    return S_OK;
  if (file == NULL)
    {
      *sentence = g_strdup (_("Choose the root certificate of the mesh: its authority gives it to every member."));
      return E_INVALIDARG;
    }
  hr = check_readable (file, sentence);
  if (FAILED (hr))
    return hr;
  info = drt_certificate_get_info (rt_certificate_file_get_certificate (file));
  if (!info->is_authority)
    {
      *sentence = g_strdup_printf (_("“%s” may not sign for others, so it is no root: choose the certificate of the authority."),
                                   info->subject);
      return DRT_E_INVALID_CERT_CHAIN;
    }
  if (info->profile == DRT_PROFILE_NONE)
    {
      *sentence = g_strdup_printf (_("A mesh cannot use the key of “%s” (%s): the root needs an Ed25519 or a P-256 key."),
                                   info->subject, info->key_name);
      return DRT_E_CAPABILITY_MISMATCH;
    }
  chain = rt_chain_new_for_root (file);
  return check_chain (chain, sentence);
}

static HRESULT
check_local (RtMeshSettings *self, char **sentence)
{
  RtCertificateFile *file = self->files[RT_MESH_LOCAL];
  g_autoptr(RtChain) chain = NULL;
  HRESULT hr;

  if (self->security_provider != RT_SECURITY_PROVIDER_DERIVED_KEY || file == NULL)
    return S_OK;
  hr = check_readable (file, sentence);
  if (FAILED (hr))
    return hr;
  if (rt_mesh_settings_get_profile (self) == DRT_PROFILE_NONE)
    return S_OK;   /* said of the root */
  chain = rt_chain_new_for_file (file, self);
  hr = check_chain (chain, sentence);
  if (FAILED (hr) || drt_certificate_has_private_key (rt_certificate_file_get_certificate (file)))
    return hr;
  *sentence = g_strdup (_("There is no private key with this certificate, so nothing can be proved with it: choose the file that has both."));
  return DRT_E_CAPABILITY_MISMATCH;
}

static HRESULT
check_revoked (RtMeshSettings *self, char **sentence)
{
  RtCertificateFile *file = self->files[RT_MESH_REVOKED];

  if (self->security_provider != RT_SECURITY_PROVIDER_DERIVED_KEY || file == NULL)
    return S_OK;
  return check_readable (file, sentence);
}

static HRESULT
check_mode (RtMeshSettings *self, char **sentence)
{
  if (self->security_provider != RT_SECURITY_PROVIDER_DERIVED_KEY || self->security_mode == RT_SECURITY_RESOLVE
      || self->files[RT_MESH_LOCAL] != NULL)
    return check_enumeration (RT_TYPE_SECURITY_MODE, (int) self->security_mode, DRT_E_INVALID_SECURITY_MODE, sentence);
  *sentence = g_strdup (_("In this mode a node proves that it is a member: choose its certificate above, or the mode “Resolve”."));
  return DRT_E_CAPABILITY_MISMATCH;
}

static HRESULT
check_property (RtMeshSettings *self, guint id, char **sentence)
{
  switch (id)
    {
    case PROP_INSTANCE_PREFIX:
      if (g_utf8_strlen (self->instance_prefix, -1) <= DRT_MAX_INSTANCE_PREFIX_LEN)
        return S_OK;
      *sentence = g_strdup_printf (_("The prefix may have %d characters, this one has %ld."),
                                   DRT_MAX_INSTANCE_PREFIX_LEN, g_utf8_strlen (self->instance_prefix, -1));
      return DRT_E_INVALID_INSTANCE_PREFIX;
    case PROP_PROTOCOL_MAJOR:
      return check_number (self->protocol_major, G_MAXUINT8, sentence);
    case PROP_PROTOCOL_MINOR:
      return check_number (self->protocol_minor, G_MAXUINT8, sentence);
    case PROP_MAX_ADDRESSES:
      if (self->max_addresses >= DRT_MIN_ROUTING_ADDRESSES && self->max_addresses <= DRT_MAX_ROUTING_ADDRESSES)
        return S_OK;
      *sentence = g_strdup_printf (_("Choose a number from %d to %d."), DRT_MIN_ROUTING_ADDRESSES, DRT_MAX_ROUTING_ADDRESSES);
      return DRT_E_INVALID_MAX_ADDRESSES;
    case PROP_PORT:
      return check_port (self->port, TRUE, DRT_E_INVALID_PORT, sentence);
    case PROP_SCOPE:
      return check_enumeration (RT_TYPE_SCOPE, (int) self->scope, DRT_E_INVALID_SCOPE, sentence);
    case PROP_SCOPE_LINK:
      return check_scope_link (self, sentence);
    case PROP_LOCALITY_THRESHOLD:
      return check_number (self->locality_threshold, G_MAXUINT16, sentence);
    case PROP_SECURITY_MODE:
      return check_mode (self, sentence);
    case PROP_ROOT_CERTIFICATE:
      return check_root (self, sentence);
    case PROP_LOCAL_CERTIFICATE:
      return check_local (self, sentence);
    case PROP_REVOKE_LIST:
      return check_revoked (self, sentence);
    case PROP_SECURITY_PROVIDER:
      return check_enumeration (RT_TYPE_SECURITY_PROVIDER, (int) self->security_provider, DRT_E_INVALID_SECURITY_PROVIDER, sentence);
    case PROP_BOOTSTRAP_KIND:
      return check_enumeration (RT_TYPE_BOOTSTRAP_KIND, (int) self->bootstrap_kind, DRT_E_INVALID_BOOTSTRAP_PROVIDER, sentence);
    case PROP_BOOTSTRAP_HOST:
      return check_bootstrap_host (self, sentence);
    case PROP_BOOTSTRAP_PORT:
      if (self->bootstrap_kind != RT_BOOTSTRAP_DNS)
        return S_OK;
      return check_port (self->bootstrap_port, FALSE, E_INVALIDARG, sentence);
    case PROP_BOOTSTRAP_LIST:
      return check_bootstrap_list (self, sentence);
    case PROP_BOOTSTRAP_NAME:
      return check_bootstrap_name (self, sentence);
    default:
      return S_OK;
    }
}

/**
 * rt_mesh_settings_check:
 * @property: the name of one of its properties
 * @sentence: (out) (optional) (nullable): what is wrong and what to do, translated; free with g_free()
 *
 * Returns: S_OK, or the code with which DrtOpen(), or the function that creates
 *   the transport or the resolver, would refuse this value
 */
HRESULT
rt_mesh_settings_check (RtMeshSettings *self, const char *property, char **sentence)
{
  g_autofree char *words = NULL;
  HRESULT hr = S_OK;

  g_return_val_if_fail (RT_IS_MESH_SETTINGS (self), E_INVALIDARG);

  for (guint i = 1; i < RT_MESH_SETTINGS_N_PROPS; i++)
    if (g_str_equal (rt_mesh_settings_properties[i]->name, property))
      hr = check_property (self, i, &words);
  if (sentence != NULL)
    *sentence = g_steal_pointer (&words);
  return hr;
}

/**
 * rt_mesh_settings_check_all:
 * @property: (out) (optional): the first property that is wrong
 * @sentence: (out) (optional) (nullable): as in rt_mesh_settings_check()
 *
 * Returns: S_OK, or the code of the first value that would be refused
 */
HRESULT
rt_mesh_settings_check_all (RtMeshSettings *self, const char **property, char **sentence)
{
  if (sentence != NULL)
    *sentence = NULL;
  for (guint i = 1; i < RT_MESH_SETTINGS_N_PROPS; i++)
    {
      HRESULT hr = rt_mesh_settings_check (self, rt_mesh_settings_properties[i]->name, sentence);

      if (FAILED (hr))
        {
          if (property != NULL)
            *property = rt_mesh_settings_properties[i]->name;
          return hr;
        }
    }
  return S_OK;
}
