/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <drt-glib.h>
#include <drt-security.h>

#include "rt-mesh-settings.h"

G_BEGIN_DECLS

/* What is created for a node, in one block, so that it can be given back later. */
typedef struct
{
  HDRT_TRANSPORT transport;
  DRT_SECURITY_PROVIDER *security;
  RtSecurityProvider security_provider;
  DRT_BOOTSTRAP_PROVIDER *bootstrap;
  RtBootstrapKind bootstrap_kind;
  guint port;                   /* UDP, bound */
} RtProviders;

/* In the main context that is the thread's default. */
HRESULT        rt_providers_open        (RtProviders *self, RtMeshSettings *settings, HDRT *drt);
/* FALSE: not yet, since a callback of the transport is running. */
gboolean       rt_providers_delete      (RtProviders *self);
PCCERT_CONTEXT rt_providers_get_certificate (RtMeshSettings *settings, RtMeshFile which);

G_END_DECLS
