/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "drt-macros.h"

G_BEGIN_DECLS

/* Longest text of an endpoint, "[address]:port" with its NUL. */
#define DRT_ENDPOINT_TEXT_SIZE (INET6_ADDRSTRLEN + 9)

/**
 * DrtEndpoint:
 * @address: an IPv6 address
 * @port: a UDP port, host byte order
 *
 * Where a node listens.  Link-local addresses carry no zone here: all
 * endpoints of a cloud are of one zone ([MC-DRT] §3.1.4.1), which the transport
 * knows.
 */
typedef struct
{
  struct in6_addr address;
  guint16 port;
} DrtEndpoint;

gboolean drt_endpoint_equal         (const DrtEndpoint *a, const DrtEndpoint *b) DRT_API;
guint    drt_endpoint_hash          (gconstpointer endpoint) DRT_API;
gboolean drt_endpoint_parse         (const char *text, DrtEndpoint *endpoint) DRT_API;
void     drt_endpoint_format        (const DrtEndpoint *endpoint, char text[DRT_ENDPOINT_TEXT_SIZE]) DRT_API;
char    *drt_endpoint_to_string     (const DrtEndpoint *endpoint) DRT_API;
gboolean drt_endpoint_from_sockaddr (DrtEndpoint *endpoint, const struct sockaddr *address, gsize length) DRT_API;
void     drt_endpoint_to_sockaddr   (const DrtEndpoint *endpoint, struct sockaddr_in6 *address) DRT_API;

G_END_DECLS
