/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-udp-transport-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "drt-alloc.h"
#include "drt-host-network.h"

/* Asked of the kernel, which grants what it allows: a burst should wait in the
 * socket while the main loop is busy elsewhere. */
#define SOCKET_BUFFER_SIZE (1024 * 1024)

static HRESULT
hresult_from_errno (int error)
{
  switch (error)
    {
    case EADDRINUSE:
      return DRT_HR_ADDRESS_IN_USE;
    case EADDRNOTAVAIL:
      return DRT_HR_ADDRESS_NOT_AVAILABLE;
    case EACCES:
    case EPERM:
      return DRT_HR_ACCESS_DENIED;
    case EAFNOSUPPORT:
    case EPROTONOSUPPORT:
      return DRT_HR_ADDRESS_FAMILY;
    case EMFILE:
    case ENFILE:
      return DRT_HR_TOO_MANY_OPEN_FILES;
    case ENOBUFS:
      return DRT_HR_NO_BUFFERS;
    case ENOMEM:
      return E_OUTOFMEMORY;
    case ENETDOWN:
      return DRT_HR_NETWORK_DOWN;
    default:
      return DRT_E_TRANSPORT_UNEXPECTED;
    }
}

static int
bind_to (int                    fd,
         const struct in6_addr *address,
         guint16                port)
{
  const struct sockaddr_in6 name = {
    .sin6_family = AF_INET6,
    .sin6_addr = *address,
    .sin6_port = g_htons (port),
  };

  return bind (fd, (const struct sockaddr *) &name, sizeof name) == 0 ? 0 : errno;
}

/* The bound socket.  A mesh confined to the loopback interface cannot be reached
 * from elsewhere; all others listen on every address, since addresses come and go. */
static HRESULT
open_socket (DrtUdpTransport *self)
{
  const int one = 1, size = SOCKET_BUFFER_SIZE;
  gboolean loopback = self->scope == DRT_GLOBAL_SCOPE && self->scope_id != 0 && drt_host_network_is_loopback (self->scope_id);
  struct sockaddr_in6 name;
  socklen_t length = sizeof name;
  int error;

  self->fd = socket (AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (self->fd < 0)
    return hresult_from_errno (errno);
  if (setsockopt (self->fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one) != 0)
    return hresult_from_errno (errno);
  setsockopt (self->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  setsockopt (self->fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
  setsockopt (self->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);

  error = bind_to (self->fd, loopback ? &in6addr_loopback : &in6addr_any, self->port);
  if (error != 0)
    return hresult_from_errno (error);
  if (getsockname (self->fd, (struct sockaddr *) &name, &length) != 0)
    return hresult_from_errno (errno);
  self->port = g_ntohs (name.sin6_port);
  return S_OK;
}

static void
clear_queued (gpointer queued)
{
  g_free (((DrtUdpQueued *) queued)->bytes);
}

/**
 * drt_udp_transport_new:
 * @scope: of the addresses
 * @scope_id: an interface index, or 0
 * @locality: dwLocalityThreshold, kept for the node
 * @port: (inout): wanted UDP port, host byte order, 0 for any; the bound one
 * @transport: (out)
 *
 * Returns: as DrtCreateIpv6UdpTransport()
 */
HRESULT
drt_udp_transport_new (DRT_SCOPE         scope,
                       guint32           scope_id,
                       guint32           locality,
                       guint16          *port,
                       DrtUdpTransport **transport)
{
  DrtUdpTransport *self;
  HRESULT hr;

  *transport = NULL;
  if (scope < DRT_GLOBAL_SCOPE || scope > DRT_LINK_LOCAL_SCOPE)
    return DRT_E_INVALID_SCOPE;
  if (*port != 0 && *port < DRT_UDP_MIN_PORT)
    return DRT_E_INVALID_PORT;

  self = drt_try_alloc (sizeof (DrtUdpTransport));
  if (self == NULL)
    return E_OUTOFMEMORY;
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->scope = scope;
  self->scope_id = self->zone = scope_id;
  self->locality = locality;
  self->port = *port;
  self->queue = g_array_new (FALSE, FALSE, sizeof (DrtUdpQueued));
  g_array_set_clear_func (self->queue, clear_queued);

  hr = open_socket (self);
  if (FAILED (hr))
    {
      drt_udp_transport_unref (self);
      return hr;
    }

  *port = self->port;
  *transport = self;
  return S_OK;
}

DrtUdpTransport *
drt_udp_transport_ref (DrtUdpTransport *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
close_socket (DrtUdpTransport *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

void
drt_udp_transport_unref (DrtUdpTransport *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  close_socket (self);
  g_array_unref (self->queue);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * drt_udp_transport_attach:
 *
 * Claims the transport for a node that is being opened.
 *
 * Returns: S_OK; DRT_E_TRANSPORTPROVIDER_IN_USE, DRT_E_TRANSPORT_SHUTTING_DOWN,
 *   DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED or DRT_E_TRANSPORT_ALREADY_BOUND, by its state, see
 *   DrtOpen()
 */
HRESULT
drt_udp_transport_attach (DrtUdpTransport *self)
{
  HRESULT hr = E_UNEXPECTED;

  g_mutex_lock (&self->lock);
  switch (self->state)
    {
    case DRT_UDP_IDLE:
      self->state = DRT_UDP_ATTACHED;
      hr = S_OK;
      break;
    case DRT_UDP_ATTACHED:
    case DRT_UDP_BOUND:
    case DRT_UDP_UNBOUND:
      hr = DRT_E_TRANSPORTPROVIDER_IN_USE;
      break;
    case DRT_UDP_SHUTTING_DOWN:
    case DRT_UDP_DELETED:
      hr = DRT_E_TRANSPORT_SHUTTING_DOWN;
      break;
    case DRT_UDP_DETACHED:
      hr = DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED;
      break;
    case DRT_UDP_USED:
      hr = DRT_E_TRANSPORT_ALREADY_BOUND;
      break;
    }
  g_mutex_unlock (&self->lock);
  return hr;
}

/* The next state, or back to IDLE where the opening failed. */
void
drt_udp_transport_move (DrtUdpTransport *self,
                        DrtUdpState      state)
{
  g_mutex_lock (&self->lock);
  g_assert (state == self->state + 1 || (state == DRT_UDP_IDLE && self->state == DRT_UDP_ATTACHED));
  self->state = state;
  g_mutex_unlock (&self->lock);
}

/**
 * drt_udp_transport_delete:
 *
 * Marks the transport as gone, and its port is free; what still refers to it keeps
 * the memory.
 *
 * Returns: as DrtDeleteIpv6UdpTransport()
 */
HRESULT
drt_udp_transport_delete (DrtUdpTransport *self)
{
  HRESULT hr;

  g_mutex_lock (&self->lock);
  if (self->executing == g_thread_self ())
    hr = DRT_E_TRANSPORT_EXECUTING_CALLBACK;
  else if (self->state == DRT_UDP_IDLE || self->state == DRT_UDP_USED)
    {
      self->state = DRT_UDP_DELETED;
      close_socket (self);
      hr = S_OK;
    }
  else if (self->state == DRT_UDP_BOUND)
    hr = DRT_E_TRANSPORT_STILL_BOUND;
  else
    hr = DRT_E_TRANSPORTPROVIDER_IN_USE;
  g_mutex_unlock (&self->lock);
  return hr;
}

/* The thread that is inside a callback of the transport's node; NULL: none. */
void
drt_udp_transport_set_executing (DrtUdpTransport *self,
                                 GThread         *thread)
{
  g_mutex_lock (&self->lock);
  self->executing = thread;
  g_mutex_unlock (&self->lock);
}

int
drt_udp_transport_get_fd (const DrtUdpTransport *self)
{
  return self->fd;
}

/* Host byte order. */
guint16
drt_udp_transport_get_port (const DrtUdpTransport *self)
{
  return self->port;
}

guint32
drt_udp_transport_get_locality (const DrtUdpTransport *self)
{
  return self->locality;
}

/* The interface of link-local addresses; 0: not known yet.  Of the thread of the node. */
guint32
drt_udp_transport_get_zone (const DrtUdpTransport *self)
{
  return self->zone;
}

/* FALSE: it is for an interface that does not exist. */
gboolean
drt_udp_transport_has_interface (const DrtUdpTransport *self)
{
  return self->scope_id == 0 || drt_host_network_has_interface (self->scope_id);
}

/**
 * drt_udp_transport_list_addresses:
 * @endpoints: (out): where others reach this host, now
 * @n_endpoints: (out): how many; 0: there is no network
 *
 * Returns: FALSE: it could not be found out
 */
gboolean
drt_udp_transport_list_addresses (DrtUdpTransport *self,
                                  DrtEndpoint      endpoints[DRT_UDP_MAX_ADDRESSES],
                                  guint           *n_endpoints)
{
  struct in6_addr addresses[DRT_UDP_MAX_ADDRESSES];
  guint n;

  *n_endpoints = 0;
  if (!drt_host_network_select (self->scope, &self->zone, addresses, DRT_UDP_MAX_ADDRESSES, &n))
    return FALSE;

  /* ::1 is for a host that never had a network; one that lost it has none. */
  if (n > 0 && !IN6_IS_ADDR_LOOPBACK (&addresses[0]))
    self->had_network = TRUE;
  else if (self->had_network && self->scope_id == 0)
    n = 0;

  for (guint i = 0; i < n; i++)
    endpoints[i] = (DrtEndpoint) { addresses[i], self->port };
  *n_endpoints = n;
  return TRUE;
}
