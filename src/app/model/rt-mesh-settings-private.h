/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-mesh-settings.h"

G_BEGIN_DECLS

/* RtMeshSettings in two files: rt-mesh-settings.c is the object, and what is
 * stored of it; rt-mesh-settings-check.c says which values are wrong. */

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
  RtCertificateFile *files[RT_MESH_N_FILES];   /* NULL: none is chosen */
  RtBootstrapKind bootstrap_kind;
  char *bootstrap_host;
  guint bootstrap_port;
  char **bootstrap_list;
  char *bootstrap_name;
  gboolean loopback_only;
};

/* In the order in which they are checked. */
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
  PROP_SECURITY_PROVIDER,
  PROP_ROOT_CERTIFICATE,
  PROP_LOCAL_CERTIFICATE,
  PROP_REVOKE_LIST,
  PROP_SECURITY_MODE,
  PROP_BOOTSTRAP_KIND,
  PROP_BOOTSTRAP_HOST,
  PROP_BOOTSTRAP_PORT,
  PROP_BOOTSTRAP_LIST,
  PROP_BOOTSTRAP_NAME,
  PROP_LOOPBACK_ONLY,
  RT_MESH_SETTINGS_N_PROPS
};

extern GParamSpec *rt_mesh_settings_properties[RT_MESH_SETTINGS_N_PROPS];

G_END_DECLS
