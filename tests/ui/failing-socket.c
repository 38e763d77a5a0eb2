/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Preloaded into the application by a test: as soon as the file named in
 * RT_TEST_SOCKET_FAULT is there, the node's socket is of no use any more. */

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

typedef int (*ReceiveFunc) (int, struct mmsghdr *, unsigned int, int, struct timespec *);

__attribute__ ((visibility ("default"))) int
recvmmsg (int fd, struct mmsghdr *messages, unsigned int n_messages, int flags, struct timespec *timeout)
{
  const char *fault = getenv ("RT_TEST_SOCKET_FAULT");
  ReceiveFunc receive = (ReceiveFunc) dlsym (RTLD_NEXT, "recvmmsg");

  if (fault != NULL && access (fault, F_OK) == 0)
    {
      errno = EBADF;
      return -1;
    }
  return receive (fd, messages, n_messages, flags, timeout);
}
