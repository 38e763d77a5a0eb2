/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-udp-transport-private.h"

#include <errno.h>
#include <string.h>

#include "drt-alloc.h"

#define BATCH             32
#define MAX_DATAGRAM      65536
#define MAX_QUEUED        4096
#define MAX_QUEUED_BYTES  (8 * 1024 * 1024)

/* Room for the time stamp of a datagram. */
typedef union
{
  struct cmsghdr header;
  guint8 bytes[CMSG_SPACE (sizeof (struct timespec))];
} DrtUdpControl;

/* What a batch is received into; one per thread, shared by its nodes. */
typedef struct
{
  guint8 bytes[BATCH][MAX_DATAGRAM];
  struct sockaddr_in6 names[BATCH];
  struct iovec vectors[BATCH];
  DrtUdpControl controls[BATCH];
  struct mmsghdr messages[BATCH];
} DrtUdpBuffers;

static GPrivate buffers_of_thread = G_PRIVATE_INIT (g_free);

static DrtUdpBuffers *
get_buffers (void)
{
  DrtUdpBuffers *buffers = g_private_get (&buffers_of_thread);

  if (buffers == NULL)
    {
      /* Not zeroed: pages no datagram was ever long enough for stay untouched. */
      buffers = drt_try_malloc (sizeof (DrtUdpBuffers));
      g_private_set (&buffers_of_thread, buffers);
    }
  return buffers;
}

static void
prepare_messages (DrtUdpBuffers *buffers)
{
  for (guint i = 0; i < BATCH; i++)
    {
      buffers->vectors[i] = (struct iovec) { buffers->bytes[i], MAX_DATAGRAM };
      buffers->messages[i] = (struct mmsghdr) {
        .msg_hdr = {
          .msg_name = &buffers->names[i],
          .msg_namelen = sizeof buffers->names[i],
          .msg_iov = &buffers->vectors[i],
          .msg_iovlen = 1,
          .msg_control = &buffers->controls[i],
          .msg_controllen = sizeof buffers->controls[i],
        },
      };
    }
}

/* When the system got a datagram.  Its stamps are of the wall clock, which may
 * have been set in between: what cannot be is @now. */
static gint64
arrival_time (struct msghdr *header,
              gint64         now,
              gint64         wall_clock)
{
  for (struct cmsghdr *control = CMSG_FIRSTHDR (header); control != NULL; control = CMSG_NXTHDR (header, control))
    if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SCM_TIMESTAMPNS)
      {
        struct timespec stamp;
        gint64 age;

        memcpy (&stamp, CMSG_DATA (control), sizeof stamp);
        age = wall_clock - (stamp.tv_sec * G_USEC_PER_SEC + stamp.tv_nsec / 1000);
        return age >= 0 && age < G_USEC_PER_SEC ? now - age : now;
      }
  return now;
}

/* A link-local peer counts only on our own link: §3.1.4.1 has all endpoints of one
 * zone, and an endpoint does not say which. */
static gboolean
is_of_our_zone (const DrtUdpTransport     *self,
                const struct sockaddr_in6 *name)
{
  if (!IN6_IS_ADDR_LINKLOCAL (&name->sin6_addr))
    return TRUE;
  return self->scope == DRT_LINK_LOCAL_SCOPE && (self->zone == 0 || name->sin6_scope_id == self->zone);
}

static void
deliver (DrtUdpTransport *self,
         DrtUdpBuffers   *buffers,
         guint            n,
         DrtUdpFunc       func,
         gpointer         data)
{
  gint64 now = g_get_monotonic_time (), wall_clock = g_get_real_time ();

  for (guint i = 0; i < n; i++)
    {
      struct msghdr *header = &buffers->messages[i].msg_hdr;
      DrtEndpoint from;

      if ((header->msg_flags & MSG_TRUNC) == 0 && is_of_our_zone (self, &buffers->names[i]) &&
          drt_endpoint_from_sockaddr (&from, header->msg_name, header->msg_namelen))
        func (data, &from, buffers->bytes[i], buffers->messages[i].msg_len,
              arrival_time (header, now, wall_clock));
    }
}

/**
 * drt_udp_transport_receive:
 * @max_datagrams: at most so many, about
 * @until: monotonic time: not for longer than that, about
 * @func: called for each
 *
 * Receives what waits.  What is left is still there in the next turn of the loop.
 *
 * Returns: S_OK when nothing is left, S_FALSE when something may be;
 *   DRT_E_TRANSPORT_UNEXPECTED when the socket is of no use any more; E_OUTOFMEMORY
 */
HRESULT
drt_udp_transport_receive (DrtUdpTransport *self,
                           guint            max_datagrams,
                           gint64           until,
                           DrtUdpFunc       func,
                           gpointer         data)
{
  DrtUdpBuffers *buffers = get_buffers ();
  guint n_received = 0;

  if (buffers == NULL)
    return E_OUTOFMEMORY;

  for (guint attempts = 0; n_received < max_datagrams && attempts < max_datagrams && g_get_monotonic_time () < until; attempts++)
    {
      int n;

      prepare_messages (buffers);
      n = recvmmsg (self->fd, buffers->messages, MIN (BATCH, max_datagrams - n_received), 0, NULL);
      if (n < 0)
        {
          if (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM)
            return S_OK;
          if (errno == EBADF || errno == ENOTSOCK || errno == EINVAL || errno == EFAULT)
            return DRT_E_TRANSPORT_UNEXPECTED;
          /* EINTR, or what the network had to say about an earlier datagram. */
          continue;
        }
      deliver (self, buffers, n, func, data);
      n_received += n;
      if (n < BATCH)
        return S_OK;
    }
  return S_FALSE;
}

/**
 * drt_udp_transport_queue:
 *
 * Keeps a copy of a datagram for drt_udp_transport_flush().
 *
 * Returns: FALSE: the queue is full or there is no memory, it is lost
 */
gboolean
drt_udp_transport_queue (DrtUdpTransport   *self,
                         const DrtEndpoint *to,
                         const guint8      *bytes,
                         gsize              length)
{
  DrtUdpQueued queued = { *to, NULL, length };

  if (self->queue->len >= MAX_QUEUED || self->queued_bytes + length > MAX_QUEUED_BYTES)
    return FALSE;
  queued.bytes = g_try_malloc (MAX (length, 1));
  if (queued.bytes == NULL)
    return FALSE;
  memcpy (queued.bytes, bytes, length);
  g_array_append_val (self->queue, queued);
  self->queued_bytes += length;
  return TRUE;
}

/* Hands up to a batch to the system.  Returns how many it took, -1 for none, with
 * errno. */
static int
send_batch (DrtUdpTransport *self)
{
  struct mmsghdr messages[BATCH] = { 0 };
  struct iovec vectors[BATCH];
  struct sockaddr_in6 names[BATCH];
  guint n = MIN (BATCH, self->queue->len - self->n_sent);

  for (guint i = 0; i < n; i++)
    {
      const DrtUdpQueued *queued = &g_array_index (self->queue, DrtUdpQueued, self->n_sent + i);

      drt_endpoint_to_sockaddr (&queued->to, &names[i]);
      if (IN6_IS_ADDR_LINKLOCAL (&queued->to.address))
        names[i].sin6_scope_id = self->zone;
      vectors[i] = (struct iovec) { queued->bytes, queued->length };
      messages[i].msg_hdr.msg_name = &names[i];
      messages[i].msg_hdr.msg_namelen = sizeof names[i];
      messages[i].msg_hdr.msg_iov = &vectors[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
  return sendmmsg (self->fd, messages, n, MSG_NOSIGNAL);
}

/**
 * drt_udp_transport_flush:
 * @failed: called for each datagram the system refuses
 *
 * Sends what is queued.
 *
 * Returns: FALSE: the system takes no more for now; wait until the descriptor is
 *   writable
 */
gboolean
drt_udp_transport_flush (DrtUdpTransport *self,
                         DrtUdpFunc       failed,
                         gpointer         data)
{
  while (self->n_sent < self->queue->len)
    {
      int n = send_batch (self);

      if (n > 0)
        self->n_sent += n;
      else if (n < 0 && errno == EAGAIN)
        return FALSE;
      else if (n < 0 && errno != EINTR)
        {
          DrtEndpoint to = g_array_index (self->queue, DrtUdpQueued, self->n_sent++).to;

          failed (data, &to, NULL, 0, 0);
        }
    }

  g_array_set_size (self->queue, 0);
  self->queued_bytes = 0;
  self->n_sent = 0;
  return TRUE;
}
