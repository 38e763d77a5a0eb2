/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "rt-certificate-file.h"
#include "rt-types.h"

G_BEGIN_DECLS

/* The nicks are what GSettings stores. */
typedef enum
{
  RT_SCOPE_GLOBAL     = DRT_GLOBAL_SCOPE,      /* "global" */
  RT_SCOPE_SITE_LOCAL = DRT_SITE_LOCAL_SCOPE,  /* "site-local" */
  RT_SCOPE_LINK_LOCAL = DRT_LINK_LOCAL_SCOPE,  /* "link-local" */
} RtScope;
#define RT_TYPE_SCOPE (rt_scope_get_type ())
GType rt_scope_get_type (void);

typedef enum
{
  RT_SECURITY_RESOLVE              = DRT_SECURE_RESOLVE,              /* "resolve" */
  RT_SECURITY_MEMBERSHIP           = DRT_SECURE_MEMBERSHIP,           /* "membership" */
  RT_SECURITY_CONFIDENTIAL_PAYLOAD = DRT_SECURE_CONFIDENTIALPAYLOAD,  /* "confidential" */
} RtSecurityMode;
#define RT_TYPE_SECURITY_MODE (rt_security_mode_get_type ())
GType rt_security_mode_get_type (void);

typedef enum
{
  RT_SECURITY_PROVIDER_NULL,                   /* "null" */
  RT_SECURITY_PROVIDER_DERIVED_KEY,            /* "derived-key": of the profile that the root is fit for */
} RtSecurityProvider;
#define RT_TYPE_SECURITY_PROVIDER (rt_security_provider_get_type ())
GType rt_security_provider_get_type (void);

/* The files that settings name. */
typedef enum
{
  RT_MESH_ROOT,                                /* "root-certificate": of the mesh authority */
  RT_MESH_LOCAL,                               /* "local-certificate": this node's, with its private key */
  RT_MESH_REVOKED,                             /* "revoke-list" */
  RT_MESH_N_FILES
} RtMeshFile;

typedef enum
{
  RT_BOOTSTRAP_NONE,                           /* "none": the first node of a new mesh */
  RT_BOOTSTRAP_DNS,                            /* "dns": bootstrap-host and bootstrap-port */
  RT_BOOTSTRAP_LIST,                           /* "list": bootstrap-list */
  RT_BOOTSTRAP_LAN,                            /* "lan": bootstrap-name, in the local network */
} RtBootstrapKind;
#define RT_TYPE_BOOTSTRAP_KIND (rt_bootstrap_kind_get_type ())
GType rt_bootstrap_kind_get_type (void);

/*
 * What a node is opened with.  Properties, all read-write and explicit-notify:
 *   instance-prefix (string), protocol-major, protocol-minor (uint 0-255; any uint accepted and
 *   checked), max-addresses (uint), port (uint), scope (RtScope), scope-link (string: interface
 *   name), locality-threshold (uint), security-mode (RtSecurityMode), security-provider
 *   (RtSecurityProvider), root-certificate, local-certificate, revoke-list (string: path; empty:
 *   none), bootstrap-kind (RtBootstrapKind), bootstrap-host (string),
 *   bootstrap-port (uint), bootstrap-list (GStrv of "[address]:port" or "host:port"),
 *   bootstrap-name (string), loopback-only (boolean; not stored).
 */
#define RT_TYPE_MESH_SETTINGS (rt_mesh_settings_get_type ())
G_DECLARE_FINAL_TYPE (RtMeshSettings, rt_mesh_settings, RT, MESH_SETTINGS, GObject)

RtMeshSettings    *rt_mesh_settings_new                    (void);
RtMeshSettings    *rt_mesh_settings_copy                   (RtMeshSettings *self);
gboolean           rt_mesh_settings_equal                  (RtMeshSettings *a, RtMeshSettings *b);
void               rt_mesh_settings_load                   (RtMeshSettings *self, GSettings *settings);
void               rt_mesh_settings_save                   (RtMeshSettings *self, GSettings *settings);
HRESULT            rt_mesh_settings_check                  (RtMeshSettings *self, const char *property, char **sentence);
HRESULT            rt_mesh_settings_check_all              (RtMeshSettings *self, const char **property, char **sentence);

void               rt_mesh_settings_set_file               (RtMeshSettings *self, RtMeshFile which, RtCertificateFile *file);
RtCertificateFile *rt_mesh_settings_get_file               (RtMeshSettings *self, RtMeshFile which);
gboolean           rt_mesh_settings_keep_files             (RtMeshSettings *self, GError **error);
/* Of the derived key provider: that of the root; NONE without one. */
DrtProfile         rt_mesh_settings_get_profile            (RtMeshSettings *self);

const char        *rt_mesh_settings_get_instance_prefix    (RtMeshSettings *self);
guint              rt_mesh_settings_get_protocol_major     (RtMeshSettings *self);
guint              rt_mesh_settings_get_protocol_minor     (RtMeshSettings *self);
guint              rt_mesh_settings_get_max_addresses      (RtMeshSettings *self);
guint              rt_mesh_settings_get_port               (RtMeshSettings *self);
RtScope            rt_mesh_settings_get_scope              (RtMeshSettings *self);
const char        *rt_mesh_settings_get_scope_link         (RtMeshSettings *self);
guint              rt_mesh_settings_get_locality_threshold (RtMeshSettings *self);
RtSecurityMode     rt_mesh_settings_get_security_mode      (RtMeshSettings *self);
RtSecurityProvider rt_mesh_settings_get_security_provider  (RtMeshSettings *self);
RtBootstrapKind    rt_mesh_settings_get_bootstrap_kind     (RtMeshSettings *self);
const char        *rt_mesh_settings_get_bootstrap_host     (RtMeshSettings *self);
guint              rt_mesh_settings_get_bootstrap_port     (RtMeshSettings *self);
const char *const *rt_mesh_settings_get_bootstrap_list     (RtMeshSettings *self);
const char        *rt_mesh_settings_get_bootstrap_name     (RtMeshSettings *self);
gboolean           rt_mesh_settings_get_loopback_only      (RtMeshSettings *self);

G_END_DECLS
