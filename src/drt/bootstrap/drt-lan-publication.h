/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-avahi.h"

/*
 * A node's addresses under a peer name, as an instance of _drt._udp in the local
 * network.  All of the thread of the daemon's connection.
 */

G_BEGIN_DECLS

typedef struct _DrtLanPublication DrtLanPublication;

DrtLanPublication *drt_lan_publication_new    (DrtAvahi *avahi, const char *name, const char *interface);
void               drt_lan_publication_free   (DrtLanPublication *self);
void               drt_lan_publication_set    (DrtLanPublication *self, GArray *addresses);
void               drt_lan_publication_state  (DrtLanPublication *self, DrtAvahiState state);
void               drt_lan_publication_signal (DrtLanPublication *self, const char *path, const char *member,
                                               GVariant *parameters);

G_END_DECLS
