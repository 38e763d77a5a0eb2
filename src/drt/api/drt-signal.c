/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-signal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include "drt-glib.h"

/* Reads before giving up on an eventfd that counts down by one (EFD_SEMAPHORE). */
#define MAX_READS 1024

static int
fd_from_handle (HANDLE event)
{
  return (int) (gssize) event;
}

/**
 * drt_signal_open:
 * @event: (nullable): a program's event
 * @signal: (out): for the other functions; DRT_NO_SIGNAL for NULL
 *
 * Returns: S_OK; E_INVALIDARG (no open descriptor); DRT_HR_TOO_MANY_OPEN_FILES
 */
HRESULT
drt_signal_open (HANDLE event,
                 int   *signal)
{
  *signal = DRT_NO_SIGNAL;
  if (event == NULL)
    return S_OK;
  if ((gssize) event < 0 || (gssize) event > G_MAXINT)
    return E_INVALIDARG;
  *signal = fcntl (fd_from_handle (event), F_DUPFD_CLOEXEC, 3);
  if (*signal < 0)
    return errno == EMFILE ? DRT_HR_TOO_MANY_OPEN_FILES : E_INVALIDARG;
  return S_OK;
}

void
drt_signal_close (int *signal)
{
  if (*signal != DRT_NO_SIGNAL)
    close (*signal);
  *signal = DRT_NO_SIGNAL;
}

/* Sets it, if it is not.  A program's eventfd may block, and count as far as it
 * goes: what is set needs no writing, and so nothing here waits for a reader. */
void
drt_signal_set (int signal)
{
  const guint64 one = 1;
  struct pollfd fd = { signal, POLLIN, 0 };

  if (signal == DRT_NO_SIGNAL || poll (&fd, 1, 0) == 1)
    return;
  while (write (signal, &one, sizeof one) < 0 && errno == EINTR)
    continue;
}

/* Whether there was something to read.  The program's eventfd may be a blocking
 * one, and the program may read it at the same moment. */
static gboolean
read_once (int signal)
{
  guint64 count;
  struct iovec vector = { &count, sizeof count };
  struct pollfd fd = { signal, POLLIN, 0 };
  gssize n = preadv2 (signal, &vector, 1, -1, RWF_NOWAIT);

  if (n < 0 && (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL || errno == ESPIPE) && poll (&fd, 1, 0) == 1)
    n = read (signal, &count, sizeof count);
  return n == sizeof count;
}

void
drt_signal_clear (int signal)
{
  if (signal == DRT_NO_SIGNAL)
    return;
  for (guint i = 0; i < MAX_READS && read_once (signal); i++)
    continue;
}

/**
 * drt_event_new:
 *
 * Returns: (nullable): an event for DrtOpen() or DrtStartSearch(); NULL when the
 *   process has too many descriptors open
 */
HANDLE
drt_event_new (void)
{
  int fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);

  /* NULL is no event, so 0 cannot be one. */
  if (fd == 0)
    {
      fd = fcntl (0, F_DUPFD_CLOEXEC, 3);
      close (0);
    }
  return fd > 0 ? (HANDLE) (gssize) fd : NULL;
}

void
drt_event_free (HANDLE event)
{
  if (event != NULL)
    close (fd_from_handle (event));
}

/**
 * drt_event_wait:
 * @event: an event
 * @timeout_ms: milliseconds; negative: for ever
 *
 * Returns: whether it is set; it stays so
 */
gboolean
drt_event_wait (HANDLE event,
                int    timeout_ms)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  struct pollfd fd = { fd_from_handle (event), POLLIN, 0 };

  g_return_val_if_fail (event != NULL, FALSE);

  for (;;)
    {
      int left = timeout_ms < 0 ? -1 : MAX (0, (deadline - g_get_monotonic_time () + 999) / 1000);
      int n = poll (&fd, 1, left);

      if (n >= 0 || errno != EINTR)
        return n > 0 && (fd.revents & POLLIN) != 0;
    }
}

static gboolean
event_source_dispatch (GSource    *source,
                       GSourceFunc callback,
                       gpointer    data)
{
  return callback != NULL ? callback (data) : G_SOURCE_REMOVE;
}

/**
 * drt_event_source_new:
 * @event: an event, which must outlive the source
 *
 * A source whose GSourceFunc is called again and again while the event is set:
 * fetch everything that waits, and the library clears it.
 *
 * Returns: (transfer full): the source
 */
GSource *
drt_event_source_new (HANDLE event)
{
  static GSourceFuncs funcs = { .dispatch = event_source_dispatch };
  GSource *source;

  g_return_val_if_fail (event != NULL, NULL);

  source = g_source_new (&funcs, sizeof (GSource));
  g_source_set_static_name (source, "[drt] event");
  g_source_add_unix_fd (source, fd_from_handle (event), G_IO_IN);
  return source;
}
