/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-mesh-settings-private.h"

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
                    G_DEFINE_ENUM_VALUE (RT_SECURITY_PROVIDER_NULL, "null"),
                    G_DEFINE_ENUM_VALUE (RT_SECURITY_PROVIDER_DERIVED_KEY, "derived-key"))

G_DEFINE_ENUM_TYPE (RtBootstrapKind, rt_bootstrap_kind,
                    G_DEFINE_ENUM_VALUE (RT_BOOTSTRAP_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (RT_BOOTSTRAP_DNS, "dns"),
                    G_DEFINE_ENUM_VALUE (RT_BOOTSTRAP_LIST, "list"),
                    G_DEFINE_ENUM_VALUE (RT_BOOTSTRAP_LAN, "lan"))

GParamSpec *rt_mesh_settings_properties[RT_MESH_SETTINGS_N_PROPS];

#define properties rt_mesh_settings_properties

static void
rt_mesh_settings_finalize (GObject *object)
{
  RtMeshSettings *self = RT_MESH_SETTINGS (object);

  g_free (self->instance_prefix);
  g_free (self->scope_link);
  g_free (self->bootstrap_host);
  g_strfreev (self->bootstrap_list);
  g_free (self->bootstrap_name);
  for (guint i = 0; i < RT_MESH_N_FILES; i++)
    g_clear_object (&self->files[i]);
  G_OBJECT_CLASS (rt_mesh_settings_parent_class)->finalize (object);
}

static const char *
get_path (RtMeshSettings *self, guint id)
{
  RtCertificateFile *file = self->files[id - PROP_ROOT_CERTIFICATE];

  return file != NULL ? rt_certificate_file_get_path (file) : "";
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
    case PROP_ROOT_CERTIFICATE:
    case PROP_LOCAL_CERTIFICATE:
    case PROP_REVOKE_LIST:        g_value_set_string (value, get_path (self, id)); break;
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

static gboolean
set_path (RtMeshSettings *self, guint id, const GValue *value)
{
  RtCertificateFile **file = &self->files[id - PROP_ROOT_CERTIFICATE];
  const char *path = g_value_get_string (value);

  if (g_strcmp0 (path != NULL ? path : "", get_path (self, id)) == 0)
    return FALSE;
  g_clear_object (file);
  if (path != NULL && *path != '\0')
    *file = rt_certificate_file_new (path, id == PROP_REVOKE_LIST ? RT_CERTIFICATE_FILE_REVOKE_LIST
                                                                  : RT_CERTIFICATE_FILE_CERTIFICATE);
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
    case PROP_ROOT_CERTIFICATE:
    case PROP_LOCAL_CERTIFICATE:
    case PROP_REVOKE_LIST:        changed = set_path (self, id, value); break;
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
  properties[PROP_ROOT_CERTIFICATE] = STRING ("root-certificate", "");
  properties[PROP_LOCAL_CERTIFICATE] = STRING ("local-certificate", "");
  properties[PROP_REVOKE_LIST] = STRING ("revoke-list", "");
  properties[PROP_BOOTSTRAP_KIND] = ENUM ("bootstrap-kind", RT_TYPE_BOOTSTRAP_KIND, RT_BOOTSTRAP_NONE);
  properties[PROP_BOOTSTRAP_HOST] = STRING ("bootstrap-host", "");
  properties[PROP_BOOTSTRAP_PORT] = UINT ("bootstrap-port", 0);
  properties[PROP_BOOTSTRAP_LIST] = g_param_spec_boxed ("bootstrap-list", NULL, NULL, G_TYPE_STRV, READ_WRITE);
  properties[PROP_BOOTSTRAP_NAME] = STRING ("bootstrap-name", "");
  properties[PROP_LOOPBACK_ONLY] = g_param_spec_boolean ("loopback-only", NULL, NULL, FALSE, READ_WRITE);
  g_object_class_install_properties (object_class, RT_MESH_SETTINGS_N_PROPS, properties);
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
  /* The very files: one that was unlocked stays so. */
  for (guint i = 0; i < RT_MESH_N_FILES; i++)
    g_set_object (&copy->files[i], self->files[i]);
  for (guint i = 1; i < RT_MESH_SETTINGS_N_PROPS; i++)
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
  for (guint i = 1; i < RT_MESH_SETTINGS_N_PROPS; i++)
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
  for (guint i = 1; i < RT_MESH_SETTINGS_N_PROPS; i++)
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
  for (guint id = PROP_ROOT_CERTIFICATE; id <= PROP_REVOKE_LIST; id++)
    g_settings_set_string (settings, properties[id]->name, get_path (self, id));
  g_settings_set_enum (settings, "bootstrap-kind", (int) self->bootstrap_kind);
  g_settings_set_string (settings, "bootstrap-host", self->bootstrap_host);
  g_settings_set_int (settings, "bootstrap-port", (int) self->bootstrap_port);
  g_settings_set_strv (settings, "bootstrap-list", (const char *const *) self->bootstrap_list);
  g_settings_set_string (settings, "bootstrap-name", self->bootstrap_name);
}

/**
 * rt_mesh_settings_set_file:
 * @file: (nullable): none
 *
 * As setting the path, for a file that was read already.
 */
void
rt_mesh_settings_set_file (RtMeshSettings *self, RtMeshFile which, RtCertificateFile *file)
{
  g_return_if_fail (RT_IS_MESH_SETTINGS (self));

  if (g_set_object (&self->files[which], file))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROOT_CERTIFICATE + which]);
}

/** rt_mesh_settings_get_file: (nullable) */
RtCertificateFile *
rt_mesh_settings_get_file (RtMeshSettings *self, RtMeshFile which)
{
  g_return_val_if_fail (RT_IS_MESH_SETTINGS (self), NULL);
  return self->files[which];
}

/**
 * rt_mesh_settings_keep_files:
 *
 * Copies the chosen files to where they stay; see rt_certificate_file_keep().
 * What does not count with this provider is not copied.
 */
gboolean
rt_mesh_settings_keep_files (RtMeshSettings *self, GError **error)
{
  g_return_val_if_fail (RT_IS_MESH_SETTINGS (self), FALSE);

  for (guint i = 0; i < RT_MESH_N_FILES; i++)
    if (self->files[i] != NULL && self->security_provider == RT_SECURITY_PROVIDER_DERIVED_KEY
        && !rt_certificate_file_keep (self->files[i], error))
      return FALSE;
  return TRUE;
}

DrtProfile
rt_mesh_settings_get_profile (RtMeshSettings *self)
{
  RtCertificateFile *root;
  g_autoptr(DrtCertificateInfo) info = NULL;

  g_return_val_if_fail (RT_IS_MESH_SETTINGS (self), DRT_PROFILE_NONE);

  root = self->files[RT_MESH_ROOT];
  if (self->security_provider != RT_SECURITY_PROVIDER_DERIVED_KEY || root == NULL
      || rt_certificate_file_get_certificate (root) == NULL)
    return DRT_PROFILE_NONE;
  info = drt_certificate_get_info (rt_certificate_file_get_certificate (root));
  return info->profile;
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
