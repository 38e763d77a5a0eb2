/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-avahi.h"
#include "drt-teller.h"

/*
 * One search for the nodes that publish a peer name in the local network.
 */

G_BEGIN_DECLS

typedef struct _DrtLanResolve DrtLanResolve;

/* From any thread. */
DrtLanResolve *drt_lan_resolve_new    (DrtAvahi *avahi, guint timeout, guint max_results);
DrtLanResolve *drt_lan_resolve_ref    (DrtLanResolve *self);
void           drt_lan_resolve_unref  (DrtLanResolve *self);
DrtTeller     *drt_lan_resolve_get_teller (DrtLanResolve *self);
void           drt_lan_resolve_end    (DrtLanResolve *self);

/* Of the thread of the daemon's connection. */
void           drt_lan_resolve_start  (DrtLanResolve *self, const char *subtype, const char *interface);
void           drt_lan_resolve_stop   (DrtLanResolve *self);
gboolean       drt_lan_resolve_is_active (const DrtLanResolve *self);
void           drt_lan_resolve_state  (DrtLanResolve *self, DrtAvahiState state);
void           drt_lan_resolve_signal (DrtLanResolve *self, const char *path, const char *member, GVariant *parameters);

G_END_DECLS
