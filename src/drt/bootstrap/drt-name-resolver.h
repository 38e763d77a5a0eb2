/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

#include "drt.h"

/*
 * What the DNS resolver and the list resolver share: a bootstrap provider that
 * looks up hosts, each with a port, anew in each resolve.
 */

G_BEGIN_DECLS

#define DRT_HOST_MIN_PORT 1024   /* §2.1 */

/* A well-known node. */
typedef struct
{
  guint16 port;
  char name[];   /* a host name in ASCII, or a numeric address */
} DrtHost;

DrtHost   *drt_host_new    (const char *name, gsize length, guint16 port);
GPtrArray *drt_hosts_new   (void);

DRT_BOOTSTRAP_PROVIDER *drt_name_resolver_new  (GPtrArray *hosts);
void                    drt_name_resolver_free (DRT_BOOTSTRAP_PROVIDER *provider);

G_END_DECLS
