/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "rt-event.h"
#include "rt-mesh-settings.h"
#include "rt-neighbour.h"
#include "rt-registration.h"
#include "rt-search.h"
#include "rt-traffic.h"

G_BEGIN_DECLS

/* The node of the window.  Properties: see the getters; all notify. */
#define RT_TYPE_NODE (rt_node_get_type ())
G_DECLARE_FINAL_TYPE (RtNode, rt_node, RT, NODE, GObject)

RtNode         *rt_node_new                     (void);
/* settings: NULL for the ones it has */
gboolean        rt_node_open                    (RtNode *self, RtMeshSettings *settings, GError **error);
void            rt_node_close                   (RtNode *self);

RtNodeState     rt_node_get_state               (RtNode *self);
gint64          rt_node_get_state_since         (RtNode *self);
HRESULT         rt_node_get_fault               (RtNode *self);
GListModel     *rt_node_get_neighbours          (RtNode *self);
GListModel     *rt_node_get_registrations       (RtNode *self);
GListModel     *rt_node_get_events              (RtNode *self);
GListModel     *rt_node_get_searches            (RtNode *self);
GListModel     *rt_node_get_refusals            (RtNode *self);
RtTraffic      *rt_node_get_traffic             (RtNode *self);
double          rt_node_get_mesh_size           (RtNode *self);
guint           rt_node_get_n_leaves            (RtNode *self);
guint64         rt_node_get_messages_in         (RtNode *self);
guint64         rt_node_get_messages_out        (RtNode *self);
guint64         rt_node_get_bytes_in            (RtNode *self);
guint64         rt_node_get_bytes_out           (RtNode *self);
guint64         rt_node_get_errors              (RtNode *self);
guint           rt_node_get_port                (RtNode *self);
const char     *rt_node_get_endpoint            (RtNode *self);
const char     *rt_node_get_instance_name       (RtNode *self);
HRESULT         rt_node_get_bootstrap_result    (RtNode *self);
guint           rt_node_get_n_bootstrap_addresses (RtNode *self);
/* why the last attempt to open it failed, NULL when it did not */
const GError   *rt_node_get_open_error          (RtNode *self);
/* "[address]:port" of each local address */
const char *const *rt_node_get_endpoints        (RtNode *self);
/* monotonic: when the running node was opened, 0 closed */
gint64          rt_node_get_opened              (RtNode *self);
RtMeshSettings *rt_node_get_settings            (RtNode *self);
void            rt_node_set_settings            (RtNode *self, RtMeshSettings *settings);

RtRegistration *rt_node_register                (RtNode *self, const DrtKey *key, GBytes *payload,
                                                 const char *name, GError **error);
gboolean        rt_node_update_payload          (RtNode *self, RtRegistration *registration, GBytes *payload, GError **error);
void            rt_node_unregister              (RtNode *self, RtRegistration *registration);
/* Takes over keys of an earlier run, before the node is opened. */
void            rt_node_restore                 (RtNode *self, GPtrArray *registrations);
/* The key that derives from a certificate, which is unlocked. */
RtRegistration *rt_node_register_certificate    (RtNode *self, RtCertificateFile *file, GBytes *payload,
                                                 const char *name, GError **error);
/* A key that is neither stored nor taken to another mesh. */
RtRegistration *rt_node_register_transient      (RtNode *self, const DrtKey *key, GBytes *payload,
                                                 const char *name, GError **error);
RtRegistration *rt_node_register_certificate_transient (RtNode *self, RtCertificateFile *file, GBytes *payload,
                                                 const char *name, GError **error);
RtRegistration *rt_node_find_registration       (RtNode *self, const DrtKey *key);

RtSearch       *rt_node_search                  (RtNode *self, const DrtKey *key, RtSearchKind kind, const RtSearchScope *scope,
                                                 guint timeout_ms, GError **error);
void            rt_node_inquire                 (RtNode *self, RtNeighbour *neighbour);
void            rt_node_drop                    (RtNode *self, RtNeighbour *neighbour);
/* whether the running node is one of the mesh of root, and uses the list now */
gboolean        rt_node_set_revoke_list         (RtNode *self, PCCERT_CONTEXT root, DrtRevokeList *list);
RtNeighbour    *rt_node_find_neighbour          (RtNode *self, const DrtKey *key);

G_END_DECLS
