/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

#include "drt.h"
#include "drt-endpoint.h"

/*
 * A bound UDP port over IPv6, for one node.  Its state is safe to ask and change
 * from any thread; what sends and receives is for one thread at a time.
 */

G_BEGIN_DECLS

#define DRT_UDP_MAX_ADDRESSES 4      /* §3.1.4.1 */
#define DRT_UDP_MIN_PORT      1024   /* §2.1 */

typedef struct _DrtUdpTransport DrtUdpTransport;

/* The one way through a transport's life; a transport serves one node. */
typedef enum
{
  DRT_UDP_IDLE,            /* of no node yet */
  DRT_UDP_ATTACHED,        /* a node is being opened on it; may go back to IDLE */
  DRT_UDP_BOUND,           /* that node is open */
  DRT_UDP_SHUTTING_DOWN,   /* it is saying good-bye */
  DRT_UDP_UNBOUND,         /* it sends and receives no more */
  DRT_UDP_DETACHED,        /* it has let go of the transport, but is not closed yet */
  DRT_UDP_USED,            /* it is closed */
  DRT_UDP_DELETED,
} DrtUdpState;

HRESULT          drt_udp_transport_new            (DRT_SCOPE scope, guint32 scope_id, guint32 locality, guint16 *port,
                                                   DrtUdpTransport **transport);
DrtUdpTransport *drt_udp_transport_ref            (DrtUdpTransport *self);
void             drt_udp_transport_unref          (DrtUdpTransport *self);

HRESULT          drt_udp_transport_attach         (DrtUdpTransport *self);
void             drt_udp_transport_move           (DrtUdpTransport *self, DrtUdpState state);
HRESULT          drt_udp_transport_delete         (DrtUdpTransport *self);
void             drt_udp_transport_set_executing  (DrtUdpTransport *self, GThread *thread);

int              drt_udp_transport_get_fd         (const DrtUdpTransport *self);
guint16          drt_udp_transport_get_port       (const DrtUdpTransport *self);
guint32          drt_udp_transport_get_locality   (const DrtUdpTransport *self);
guint32          drt_udp_transport_get_zone       (const DrtUdpTransport *self);
gboolean         drt_udp_transport_has_interface  (const DrtUdpTransport *self);
gboolean         drt_udp_transport_list_addresses (DrtUdpTransport *self, DrtEndpoint endpoints[DRT_UDP_MAX_ADDRESSES], guint *n_endpoints);

/* One datagram received, its bytes borrowed, with the monotonic time the system got it;
 * or one that could not be sent, without bytes. */
typedef void (*DrtUdpFunc) (gpointer data, const DrtEndpoint *peer, const guint8 *bytes, gsize length, gint64 arrived);

HRESULT          drt_udp_transport_receive        (DrtUdpTransport *self, guint max_datagrams, gint64 until, DrtUdpFunc func, gpointer data);
gboolean         drt_udp_transport_queue          (DrtUdpTransport *self, const DrtEndpoint *to, const guint8 *bytes, gsize length);
gboolean         drt_udp_transport_flush          (DrtUdpTransport *self, DrtUdpFunc failed, gpointer data);

G_END_DECLS
