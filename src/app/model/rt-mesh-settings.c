/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-mesh-settings.h"

#include <drt-endpoint.h>
#include <drt-glib.h>
#include <glib/gi18n.h>
#include <net/if.h>

struct _RtMeshSettings
{
  GObject parent_instance;

  char *instance_prefix;
  guint protocol_major;
  guint protocol_minor;
  guint max_addresses;
  guint port;
  RtScope scope;
  char *scope_link;
  guint locality_threshold;
  RtSecurityMode security_mode;
  RtSecurityProvider security_provider;
  RtBootstrapKind bootstrap_kind;
  char *bootstrap_host;
  guint bootstrap_port;
  char **bootstrap_list;
  char *bootstrap_name;
  gboolean loopback_only;
};

G_DEFINE_FINAL_TYPE (RtMeshSettings, rt_mesh_settings, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (RtScope, rt_scope,
                    G_DEFINE_ENUM_VALUE (RT_SCOPE_GLOBAL, "global"),
                    G_DEFINE_ENUM_VALUE (RT_SCOPE_SITE_LOCAL, "site-local"),
                    G_DEFINE_ENUM_VALUE (RT_SCOPE_LINK_LOCAL, "link-local"))

G_DEFINE_ENUM_TYPE (RtSecurityMode, rt_security_mode,
                    G_DEFINE_ENUM_VALUE (RT_SECURITY_RESOLVE, "resolve"),
                    G_DEFINE_ENUM_VALUE (RT_SECURITY_MEMBERSHIP, "membership"),
                    G_DEFINE_ENUM_VALUE (RT_SECURITY_CONFIDENTIAL_PAYLOAD, "confidential"))

G_DEFINE_ENUM_TYPE (RtSecurityProvider, rt_security_provider,
                    G_DEFINE_ENUM_VALUE (RT_SECURITY_PROVIDER_NULL, "null"))

G_DEFINE_ENUM_TYPE (RtBootstrapKind, rt_bootstrap_kind,
                    G_DEFINE_ENUM_VALUE (RT_BOOTSTRAP_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (RT_BOOTSTRAP_DNS, "dns"),
                    G_DEFINE_ENUM_VALUE (RT_BOOTSTRAP_LIST, "list"),
                    G_DEFINE_ENUM_VALUE (RT_BOOTSTRAP_LAN, "lan"))

enum
{
  PROP_0,
  PROP_INSTANCE_PREFIX,
  PROP_PROTOCOL_MAJOR,
  PROP_PROTOCOL_MINOR,
  PROP_MAX_ADDRESSES,
  PROP_PORT,
  PROP_SCOPE,
  PROP_SCOPE_LINK,
  PROP_LOCALITY_THRESHOLD,
  PROP_SECURITY_MODE,
  PROP_SECURITY_PROVIDER,
  PROP_BOOTSTRAP_KIND,
  PROP_BOOTSTRAP_HOST,
  PROP_BOOTSTRAP_PORT,
  PROP_BOOTSTRAP_LIST,
  PROP_BOOTSTRAP_NAME,
  PROP_LOOPBACK_ONLY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* The lowest port a node may have, §2.1. */
#define LOWEST_PORT 1024

/* Of DrtCreatePnrpBootstrapResolver(), in characters. */
#define LONGEST_NAME 137

static void
rt_mesh_settings_finalize (GObject *object)
{
  RtMeshSettings *self = RT_MESH_SETTINGS (object);

  g_free (self->instance_prefix);
  g_free (self->scope_link);
  g_free (self->bootstrap_host);
  g_strfreev (self->bootstrap_list);
  g_free (self->bootstrap_name);
  G_OBJECT_CLASS (rt_mesh_settings_parent_class)->finalize (object);
}

static void
rt_mesh_settings_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtMeshSettings *self = RT_MESH_SETTINGS (object);

  switch (id)
    {
    case PROP_INSTANCE_PREFIX:    g_value_set_string (value, self->instance_prefix); break;
    case PROP_PROTOCOL_MAJOR:     g_value_set_uint (value, self->protocol_major); break;
    case PROP_PROTOCOL_MINOR:     g_value_set_uint (value, self->protocol_minor); break;
    case PROP_MAX_ADDRESSES:      g_value_set_uint (value, self->max_addresses); break;
    case PROP_PORT:               g_value_set_uint (value, self->port); break;
    case PROP_SCOPE:              g_value_set_enum (value, (int) self->scope); break;
    case PROP_SCOPE_LINK:         g_value_set_string (value, self->scope_link); break;
    case PROP_LOCALITY_THRESHOLD: g_value_set_uint (value, self->locality_threshold); break;
    case PROP_SECURITY_MODE:      g_value_set_enum (value, (int) self->security_mode); break;
    case PROP_SECURITY_PROVIDER:  g_value_set_enum (value, (int) self->security_provider); break;
    case PROP_BOOTSTRAP_KIND:     g_value_set_enum (value, (int) self->bootstrap_kind); break;
    case PROP_BOOTSTRAP_HOST:     g_value_set_string (value, self->bootstrap_host); break;
    case PROP_BOOTSTRAP_PORT:     g_value_set_uint (value, self->bootstrap_port); break;
    case PROP_BOOTSTRAP_LIST:     g_value_set_boxed (value, self->bootstrap_list); break;
    case PROP_BOOTSTRAP_NAME:     g_value_set_string (value, self->bootstrap_name); break;
    case PROP_LOOPBACK_ONLY:      g_value_set_boolean (value, self->loopback_only); break;
    default:                      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static gboolean
set_string (char **member, const GValue *value)
{
  const char *text = g_value_get_string (value);

  return g_set_str (member, text != NULL ? text : "");
}

static gboolean
set_uint (guint *member, guint value)
{
  if (*member == value)
    return FALSE;
  *member = value;
  return TRUE;
}

static gboolean
set_strv (char ***member, const GValue *value)
{
  static const char *const none[] = { NULL };
  const char *const *list = g_value_get_boxed (value);

  if (list == NULL)
    list = none;
  if (g_strv_equal ((const char *const *) *member, list))
    return FALSE;
  g_strfreev (*member);
  *member = g_strdupv ((char **) list);
  return TRUE;
}

static void
rt_mesh_settings_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RtMeshSettings *self = RT_MESH_SETTINGS (object);
  gboolean changed = FALSE;

  switch (id)
    {
    case PROP_INSTANCE_PREFIX:    changed = set_string (&self->instance_prefix, value); break;
    case PROP_PROTOCOL_MAJOR:     changed = set_uint (&self->protocol_major, g_value_get_uint (value)); break;
    case PROP_PROTOCOL_MINOR:     changed = set_uint (&self->protocol_minor, g_value_get_uint (value)); break;
    case PROP_MAX_ADDRESSES:      changed = set_uint (&self->max_addresses, g_value_get_uint (value)); break;
    case PROP_PORT:               changed = set_uint (&self->port, g_value_get_uint (value)); break;
    case PROP_SCOPE:              changed = set_uint ((guint *) &self->scope, (guint) g_value_get_enum (value)); break;
    case PROP_SCOPE_LINK:         changed = set_string (&self->scope_link, value); break;
    case PROP_LOCALITY_THRESHOLD: changed = set_uint (&self->locality_threshold, g_value_get_uint (value)); break;
    case PROP_SECURITY_MODE:      changed = set_uint ((guint *) &self->security_mode, (guint) g_value_get_enum (value)); break;
    case PROP_SECURITY_PROVIDER:  changed = set_uint ((guint *) &self->security_provider, (guint) g_value_get_enum (value)); break;
    case PROP_BOOTSTRAP_KIND:     changed = set_uint ((guint *) &self->bootstrap_kind, (guint) g_value_get_enum (value)); break;
    case PROP_BOOTSTRAP_HOST:     changed = set_string (&self->bootstrap_host, value); break;
    case PROP_BOOTSTRAP_PORT:     changed = set_uint (&self->bootstrap_port, g_value_get_uint (value)); break;
    case PROP_BOOTSTRAP_LIST:     changed = set_strv (&self->bootstrap_list, value); break;
    case PROP_BOOTSTRAP_NAME:     changed = set_string (&self->bootstrap_name, value); break;
    case PROP_LOOPBACK_ONLY:      changed = set_uint ((guint *) &self->loopback_only, (guint) g_value_get_boolean (value)); break;
    default:                      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  if (changed)
    g_object_notify_by_pspec (object, pspec);
}

#define READ_WRITE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define STRING(name, value)     g_param_spec_string (name, NULL, NULL, value, READ_WRITE)
#define UINT(name, value)       g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT, value, READ_WRITE)
#define ENUM(name, type, value) g_param_spec_enum (name, NULL, NULL, type, value, READ_WRITE)

static void
rt_mesh_settings_class_init (RtMeshSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = rt_mesh_settings_finalize;
  object_class->get_property = rt_mesh_settings_get_property;
  object_class->set_property = rt_mesh_settings_set_property;

  properties[PROP_INSTANCE_PREFIX] = STRING ("instance-prefix", "Roundtable");
  properties[PROP_PROTOCOL_MAJOR] = UINT ("protocol-major", 6);
  properties[PROP_PROTOCOL_MINOR] = UINT ("protocol-minor", 101);
  properties[PROP_MAX_ADDRESSES] = UINT ("max-addresses", 4);
  properties[PROP_PORT] = UINT ("port", 0);
  properties[PROP_SCOPE] = ENUM ("scope", RT_TYPE_SCOPE, RT_SCOPE_GLOBAL);
  properties[PROP_SCOPE_LINK] = STRING ("scope-link", "");
  properties[PROP_LOCALITY_THRESHOLD] = UINT ("locality-threshold", 300);
  properties[PROP_SECURITY_MODE] = ENUM ("security-mode", RT_TYPE_SECURITY_MODE, RT_SECURITY_RESOLVE);
  properties[PROP_SECURITY_PROVIDER] = ENUM ("security-provider", RT_TYPE_SECURITY_PROVIDER, RT_SECURITY_PROVIDER_NULL);
  properties[PROP_BOOTSTRAP_KIND] = ENUM ("bootstrap-kind", RT_TYPE_BOOTSTRAP_KIND, RT_BOOTSTRAP_NONE);
  properties[PROP_BOOTSTRAP_HOST] = STRING ("bootstrap-host", "");
  properties[PROP_BOOTSTRAP_PORT] = UINT ("bootstrap-port", 0);
  properties[PROP_BOOTSTRAP_LIST] = g_param_spec_boxed ("bootstrap-list", NULL, NULL, G_TYPE_STRV, READ_WRITE);
  properties[PROP_BOOTSTRAP_NAME] = STRING ("bootstrap-name", "");
  properties[PROP_LOOPBACK_ONLY] = g_param_spec_boolean ("loopback-only", NULL, NULL, FALSE, READ_WRITE);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rt_mesh_settings_init (RtMeshSettings *self)
{
  self->instance_prefix = g_strdup ("Roundtable");
  self->protocol_major = 6;
  self->protocol_minor = 101;
  self->max_addresses = 4;
  self->scope = RT_SCOPE_GLOBAL;
  self->scope_link = g_strdup ("");
  self->locality_threshold = 300;
  self->bootstrap_host = g_strdup ("");
  self->bootstrap_list = g_new0 (char *, 1);
  self->bootstrap_name = g_strdup ("");
}

RtMeshSettings *
rt_mesh_settings_new (void)
{
  return g_object_new (RT_TYPE_MESH_SETTINGS, NULL);
}

/** rt_mesh_settings_copy: (transfer full) */
RtMeshSettings *
rt_mesh_settings_copy (RtMeshSettings *self)
{
  RtMeshSettings *copy = rt_mesh_settings_new ();

  g_return_val_if_fail (RT_IS_MESH_SETTINGS (self), copy);
  for (guint i = 1; i < N_PROPS; i++)
    {
      g_auto(GValue) value = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (self), properties[i]->name, &value);
      g_object_set_property (G_OBJECT (copy), properties[i]->name, &value);
    }
  return copy;
}

/** rt_mesh_settings_equal: whether a node would be opened the same way with both */
gboolean
rt_mesh_settings_equal (RtMeshSettings *a, RtMeshSettings *b)
{
  for (guint i = 1; i < N_PROPS; i++)
    {
      g_auto(GValue) value_a = G_VALUE_INIT;
      g_auto(GValue) value_b = G_VALUE_INIT;

      if (i == PROP_BOOTSTRAP_LIST)
        {
          if (!g_strv_equal ((const char *const *) a->bootstrap_list, (const char *const *) b->bootstrap_list))
            return FALSE;
          continue;
        }
      g_object_get_property (G_OBJECT (a), properties[i]->name, &value_a);
      g_object_get_property (G_OBJECT (b), properties[i]->name, &value_b);
      if (g_param_values_cmp (properties[i], &value_a, &value_b) != 0)
        return FALSE;
    }
  return TRUE;
}

static void
load_property (RtMeshSettings *self, GSettings *settings, GParamSpec *pspec)
{
  if (G_IS_PARAM_SPEC_STRING (pspec))
    {
      g_autofree char *text = g_settings_get_string (settings, pspec->name);

      g_object_set (self, pspec->name, text, NULL);
    }
  else if (G_IS_PARAM_SPEC_UINT (pspec))
    g_object_set (self, pspec->name, (guint) MAX (g_settings_get_int (settings, pspec->name), 0), NULL);
  else if (G_IS_PARAM_SPEC_ENUM (pspec))
    g_object_set (self, pspec->name, g_settings_get_enum (settings, pspec->name), NULL);
  else if (G_IS_PARAM_SPEC_BOXED (pspec))
    {
      g_auto(GStrv) list = g_settings_get_strv (settings, pspec->name);

      g_object_set (self, pspec->name, list, NULL);
    }
}

/**
 * rt_mesh_settings_load:
 * @settings: of the application
 *
 * Takes every stored setting over.
 */
void
rt_mesh_settings_load (RtMeshSettings *self, GSettings *settings)
{
  g_return_if_fail (RT_IS_MESH_SETTINGS (self));

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 1; i < N_PROPS; i++)
    if (i != PROP_LOOPBACK_ONLY)
      load_property (self, settings, properties[i]);
  g_object_set (self, "loopback-only", FALSE, NULL);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * rt_mesh_settings_save:
 * @settings: of the application
 *
 * Stores every setting; one that is out of its range there stays as it was.
 */
void
rt_mesh_settings_save (RtMeshSettings *self, GSettings *settings)
{
  g_return_if_fail (RT_IS_MESH_SETTINGS (self));

  g_settings_set_string (settings, "instance-prefix", self->instance_prefix);
  g_settings_set_int (settings, "protocol-major", (int) self->protocol_major);
  g_settings_set_int (settings, "protocol-minor", (int) self->protocol_minor);
  g_settings_set_int (settings, "max-addresses", (int) self->max_addresses);
  g_settings_set_int (settings, "port", (int) self->port);
  g_settings_set_enum (settings, "scope", (int) self->scope);
  g_settings_set_string (settings, "scope-link", self->scope_link);
  g_settings_set_int (settings, "locality-threshold", (int) self->locality_threshold);
  g_settings_set_enum (settings, "security-mode", (int) self->security_mode);
  g_settings_set_enum (settings, "security-provider", (int) self->security_provider);
  g_settings_set_enum (settings, "bootstrap-kind", (int) self->bootstrap_kind);
  g_settings_set_string (settings, "bootstrap-host", self->bootstrap_host);
  g_settings_set_int (settings, "bootstrap-port", (int) self->bootstrap_port);
  g_settings_set_strv (settings, "bootstrap-list", (const char *const *) self->bootstrap_list);
  g_settings_set_string (settings, "bootstrap-name", self->bootstrap_name);
}

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
      return check_enumeration (RT_TYPE_SECURITY_MODE, (int) self->security_mode, DRT_E_INVALID_SECURITY_MODE, sentence);
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

  for (guint i = 1; i < N_PROPS; i++)
    if (g_str_equal (properties[i]->name, property))
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
  for (guint i = 1; i < N_PROPS; i++)
    {
      HRESULT hr = rt_mesh_settings_check (self, properties[i]->name, sentence);

      if (FAILED (hr))
        {
          if (property != NULL)
            *property = properties[i]->name;
          return hr;
        }
    }
  return S_OK;
}

const char *const *
rt_mesh_settings_get_bootstrap_list (RtMeshSettings *self)
{
  g_return_val_if_fail (RT_IS_MESH_SETTINGS (self), NULL);
  return (const char *const *) self->bootstrap_list;
}

#define GETTER(type, name, fallback)                             \
  type rt_mesh_settings_get_##name (RtMeshSettings *self)        \
  {                                                              \
    g_return_val_if_fail (RT_IS_MESH_SETTINGS (self), fallback); \
    return self->name;                                           \
  }

GETTER (const char *, instance_prefix, NULL)
GETTER (guint, protocol_major, 0)
GETTER (guint, protocol_minor, 0)
GETTER (guint, max_addresses, 0)
GETTER (guint, port, 0)
GETTER (RtScope, scope, RT_SCOPE_GLOBAL)
GETTER (const char *, scope_link, NULL)
GETTER (guint, locality_threshold, 0)
GETTER (RtSecurityMode, security_mode, RT_SECURITY_RESOLVE)
GETTER (RtSecurityProvider, security_provider, RT_SECURITY_PROVIDER_NULL)
GETTER (RtBootstrapKind, bootstrap_kind, RT_BOOTSTRAP_NONE)
GETTER (const char *, bootstrap_host, NULL)
GETTER (guint, bootstrap_port, 0)
GETTER (const char *, bootstrap_name, NULL)
GETTER (gboolean, loopback_only, FALSE)
