/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>
#include <netinet/in.h>

#include "drt.h"
#include "drt-endpoint.h"

/*
 * Which IPv6 addresses of this host a node may publish.
 */

G_BEGIN_DECLS

/* An address of an interface that is up and has a carrier. */
typedef struct
{
  guint interface;       /* index */
  gboolean loopback;     /* of the loopback interface */
  struct in6_addr address;
  gboolean deprecated;   /* still right, but about to go */
} DrtHostAddress;

/* How the host is asked.  A test puts its own in place of the system's. */
typedef struct
{
  gboolean (*list)          (GArray *addresses);   /* appends DrtHostAddress; FALSE: it failed */
  gboolean (*has_interface) (guint interface);
  int      (*watch)         (void);                /* NULL: it tells of no changes */
} DrtHostNetwork;

void     drt_host_network_set           (const DrtHostNetwork *network);
int      drt_host_network_watch         (void);
gboolean drt_host_network_drain         (int fd);
gboolean drt_host_network_has_interface (guint interface);
gboolean drt_host_network_is_loopback   (guint interface);
gboolean drt_host_network_select        (DRT_SCOPE scope, guint32 *zone, struct in6_addr *addresses, guint max_addresses,
                                         guint *n_addresses);

G_END_DECLS
