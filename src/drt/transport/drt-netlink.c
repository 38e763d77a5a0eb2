/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-netlink.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_SIZE  32768   /* the kernel fills no more of a dump at once */
#define MAX_DRAINED  64      /* reads; what is left is seen in the next turn */

static int
open_socket (int     flags,
             guint32 groups)
{
  const struct sockaddr_nl name = { .nl_family = AF_NETLINK, .nl_groups = groups };
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | flags, NETLINK_ROUTE);

  if (fd >= 0 && bind (fd, (const struct sockaddr *) &name, sizeof name) != 0)
    {
      close (fd);
      return -1;
    }
  return fd;
}

static gboolean
ask (int     fd,
     guint16 type,
     guint8  family)
{
  struct
  {
    struct nlmsghdr header;
    struct rtgenmsg what;
  } request = {
    .header = {
      .nlmsg_len = NLMSG_LENGTH (sizeof (struct rtgenmsg)),
      .nlmsg_type = type,
      .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
    },
    .what = { .rtgen_family = family },
  };

  return send (fd, &request, request.header.nlmsg_len, 0) == (gssize) request.header.nlmsg_len;
}

static gssize
read_some (int    fd,
           void  *buffer,
           gsize  size)
{
  gssize n;

  do
    n = recv (fd, buffer, size, 0);
  while (n < 0 && errno == EINTR);
  return n;
}

/**
 * drt_netlink_dump:
 * @type: RTM_GETADDR or RTM_GETLINK
 * @family: AF_INET6 or AF_UNSPEC
 * @func: called for each message
 *
 * Asks for all there is, without waiting for anything but the kernel.
 *
 * Returns: FALSE: it could not be had whole
 */
gboolean
drt_netlink_dump (guint16        type,
                  guint8         family,
                  DrtNetlinkFunc func,
                  gpointer       data)
{
  g_autofree struct nlmsghdr *buffer = g_malloc (BUFFER_SIZE);
  int fd = open_socket (0, 0);
  gboolean done = FALSE, whole = fd >= 0 && ask (fd, type, family);

  while (whole && !done)
    {
      gssize n = read_some (fd, buffer, BUFFER_SIZE);

      whole = n > 0;
      for (struct nlmsghdr *message = buffer; whole && !done && NLMSG_OK (message, n); message = NLMSG_NEXT (message, n))
        {
          /* NLM_F_DUMP_INTR: something changed half way; a notice of that follows. */
          if (message->nlmsg_type == NLMSG_ERROR)
            whole = FALSE;
          else if (message->nlmsg_type == NLMSG_DONE)
            done = TRUE;
          else
            func (data, message);
        }
    }
  if (fd >= 0)
    close (fd);
  return whole;
}

/**
 * drt_netlink_watch:
 *
 * Returns: a descriptor that becomes readable when an IPv6 address or an
 *   interface changes; -1 where there is none to be had
 */
int
drt_netlink_watch (void)
{
  return open_socket (SOCK_NONBLOCK, RTMGRP_IPV6_IFADDR | RTMGRP_LINK);
}

/**
 * drt_netlink_drain:
 * @fd: from drt_netlink_watch()
 *
 * Takes the notices that wait.  They are not read: which addresses there are is
 * asked anew, so that one that was lost (ENOBUFS) makes no difference.
 *
 * Returns: FALSE: the descriptor is of no use any more
 */
gboolean
drt_netlink_drain (int fd)
{
  char byte;

  for (guint i = 0; i < MAX_DRAINED; i++)
    if (recv (fd, &byte, sizeof byte, 0) < 0 && errno != EINTR && errno != ENOBUFS)
      return errno == EAGAIN;
  return TRUE;
}
