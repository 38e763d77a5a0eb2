/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "virtual-host.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/socket.h>

#include "drt-host-network.h"

#define FIRST_PORT    20000
#define MAX_WAITING   512            /* datagrams at one socket */
#define LONGEST_STEP  (60 * G_USEC_PER_SEC)
#define MAX_TURNS     100000

typedef struct
{
  struct sockaddr_in6 from;
  GBytes *bytes;
} Datagram;

VirtualHost virtual_host;

/* --- Clock, random numbers, memory --- */

gint64
g_get_monotonic_time (void)
{
  return virtual_host.now;
}

int
RAND_bytes (unsigned char *bytes,
            int            n)
{
  for (int i = 0; i < n; i++)
    {
      virtual_host.random = virtual_host.random * G_GUINT64_CONSTANT (6364136223846793005) + G_GUINT64_CONSTANT (1442695040888963407);
      bytes[i] = (unsigned char) (virtual_host.random >> 56);
    }
  return 1;
}

static gboolean
no_memory (gsize size)
{
  return virtual_host.allocate != NULL && virtual_host.allocate (virtual_host.data, size);
}

gpointer
(g_try_malloc) (gsize size)
{
  return size == 0 || no_memory (size) ? NULL : g_malloc (size);
}

gpointer
(g_try_malloc0) (gsize size)
{
  return size == 0 || no_memory (size) ? NULL : g_malloc0 (size);
}

gpointer
(g_try_malloc_n) (gsize n,
                  gsize size)
{
  return size > 0 && n > G_MAXSIZE / size ? NULL : g_try_malloc (n * size);
}

gpointer
(g_try_malloc0_n) (gsize n,
                   gsize size)
{
  return size > 0 && n > G_MAXSIZE / size ? NULL : g_try_malloc0 (n * size);
}

gpointer
(g_try_realloc) (gpointer memory,
                 gsize    size)
{
  return no_memory (size) ? NULL : g_realloc (memory, size);
}

/* --- Sockets --- */

static void
datagram_free (gpointer data)
{
  Datagram *datagram = data;

  g_bytes_unref (datagram->bytes);
  g_free (datagram);
}

static void
queue_free (gpointer data)
{
  g_queue_free_full (data, datagram_free);
}

static gboolean
is_taken (guint16 port)
{
  GHashTableIter iter;
  gpointer fd, value;

  g_hash_table_iter_init (&iter, virtual_host.ports);
  while (g_hash_table_iter_next (&iter, &fd, &value))
    if (GPOINTER_TO_UINT (value) == port && fcntl (GPOINTER_TO_INT (fd), F_GETFD) >= 0)
      return TRUE;
  return FALSE;
}

int
bind (int                    fd,
      const struct sockaddr *address,
      socklen_t              length)
{
  guint16 port = g_ntohs (((const struct sockaddr_in6 *) (gconstpointer) address)->sin6_port);

  /* A descriptor that is used again: its former port is free. */
  g_hash_table_remove (virtual_host.ports, GINT_TO_POINTER (fd));
  if (port != 0 && is_taken (port))
    {
      errno = EADDRINUSE;
      return -1;
    }
  if (port == 0)
    port = ++virtual_host.last_port;
  g_hash_table_insert (virtual_host.ports, GINT_TO_POINTER (fd), GUINT_TO_POINTER (port));
  g_hash_table_replace (virtual_host.queues, GUINT_TO_POINTER (port), g_queue_new ());
  return 0;
}

static guint16
port_of (int fd)
{
  return (guint16) GPOINTER_TO_UINT (g_hash_table_lookup (virtual_host.ports, GINT_TO_POINTER (fd)));
}

int
getsockname (int              fd,
             struct sockaddr *address,
             socklen_t       *length)
{
  struct sockaddr_in6 name = { .sin6_family = AF_INET6, .sin6_port = g_htons (port_of (fd)) };

  memcpy (address, &name, MIN (*length, sizeof name));
  *length = sizeof name;
  return 0;
}

static void
enqueue (guint16                    from,
         const struct sockaddr_in6 *to,
         gconstpointer              bytes,
         gsize                      length)
{
  GQueue *queue = g_hash_table_lookup (virtual_host.queues, GUINT_TO_POINTER (g_ntohs (to->sin6_port)));
  Datagram *datagram;

  if (queue == NULL || queue->length >= MAX_WAITING)
    return;
  /* Within a host a datagram comes from the address it was sent to. */
  datagram = g_new0 (Datagram, 1);
  datagram->from = *to;
  datagram->from.sin6_port = g_htons (from);
  datagram->bytes = g_bytes_new (bytes, length);
  g_queue_push_tail (queue, datagram);
}

/* One datagram: 0, or an errno. */
static int
send_one (int                  fd,
          const struct msghdr *header)
{
  const struct iovec *vector = &header->msg_iov[0];
  int error = virtual_host.send != NULL ? virtual_host.send (virtual_host.data, vector->iov_base, vector->iov_len) : 0;

  /* What is refused is tried again: nothing has moved. */
  if (error <= 0)
    virtual_host.n_sent++;
  if (error == 0)
    enqueue (port_of (fd), header->msg_name, vector->iov_base, vector->iov_len);
  return error == VIRTUAL_HOST_LOST ? 0 : error;
}

int
sendmmsg (int             fd,
          struct mmsghdr *messages,
          unsigned int    n,
          int             flags)
{
  for (unsigned int i = 0; i < n; i++)
    {
      int error = send_one (fd, &messages[i].msg_hdr);

      /* As the system does it: an error is told with the first of a batch. */
      if (error != 0 && i > 0)
        return (int) i;
      if (error != 0)
        {
          errno = error;
          return -1;
        }
      messages[i].msg_len = (unsigned int) messages[i].msg_hdr.msg_iov[0].iov_len;
    }
  return (int) n;
}

static void
receive_one (struct mmsghdr *message,
             const Datagram *datagram)
{
  struct msghdr *header = &message->msg_hdr;
  gsize length;
  const guint8 *bytes = g_bytes_get_data (datagram->bytes, &length);

  memcpy (header->msg_name, &datagram->from, sizeof datagram->from);
  header->msg_namelen = sizeof datagram->from;
  header->msg_controllen = 0;
  header->msg_flags = length > header->msg_iov[0].iov_len ? MSG_TRUNC : 0;
  message->msg_len = (unsigned int) MIN (length, header->msg_iov[0].iov_len);
  if (message->msg_len > 0)
    memcpy (header->msg_iov[0].iov_base, bytes, message->msg_len);
}

int
recvmmsg (int              fd,
          struct mmsghdr  *messages,
          unsigned int     n,
          int              flags,
          struct timespec *timeout)
{
  GQueue *queue = g_hash_table_lookup (virtual_host.queues, GUINT_TO_POINTER (port_of (fd)));
  unsigned int n_received = 0;

  while (queue != NULL && n_received < n && queue->length > 0)
    {
      Datagram *datagram = g_queue_peek_head (queue);
      gsize length;
      const guint8 *bytes = g_bytes_get_data (datagram->bytes, &length);
      int error = virtual_host.receive != NULL ? virtual_host.receive (virtual_host.data, bytes, length) : 0;

      virtual_host.n_received++;
      if (error == 0)
        receive_one (&messages[n_received++], datagram);
      datagram_free (g_queue_pop_head (queue));
      if (error > 0)
        {
          if (n_received > 0)
            break;
          errno = error;
          return -1;
        }
    }
  if (n_received == 0)
    errno = EAGAIN;
  return n_received > 0 ? (int) n_received : -1;
}

/* --- Addresses --- */

static gboolean
list_addresses (GArray *addresses)
{
  if (virtual_host.no_addresses_known)
    return FALSE;
  g_array_append_vals (addresses, virtual_host.addresses->data, virtual_host.addresses->len);
  return TRUE;
}

static gboolean
has_interface (guint interface)
{
  return interface == 1 || interface == 2;
}

static const DrtHostNetwork virtual_network = { list_addresses, has_interface, NULL };

/* ::1, or one of 2001:db8::/64. */
void
virtual_host_add_address (guint8   last_byte,
                          gboolean loopback)
{
  DrtHostAddress address = { .interface = loopback ? 1 : 2, .loopback = loopback };

  if (loopback)
    address.address = in6addr_loopback;
  else
    address.address = (struct in6_addr) { .s6_addr = { 0x20, 0x01, 0x0d, 0xb8, [15] = last_byte } };
  g_array_append_val (virtual_host.addresses, address);
}

/* --- Its life --- */

void
virtual_host_begin (guint64 seed)
{
  virtual_host = (VirtualHost) {
    .context = g_main_context_new (),
    .now = 1000 * G_USEC_PER_SEC,
    .random = seed,
    .last_port = FIRST_PORT,
    .ports = g_hash_table_new (NULL, NULL),
    .queues = g_hash_table_new_full (NULL, NULL, NULL, queue_free),
    .addresses = g_array_new (FALSE, FALSE, sizeof (DrtHostAddress)),
  };
  drt_host_network_set (&virtual_network);
}

void
virtual_host_end (void)
{
  drt_host_network_set (NULL);
  g_array_unref (virtual_host.addresses);
  g_hash_table_unref (virtual_host.queues);
  g_hash_table_unref (virtual_host.ports);
  g_main_context_unref (virtual_host.context);
  virtual_host = (VirtualHost) { 0 };
}

/* A datagram from nobody. */
void
virtual_host_inject (guint16       from,
                     guint16       to,
                     const guint8 *bytes,
                     gsize         length)
{
  struct sockaddr_in6 name = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback, .sin6_port = g_htons (to) };

  enqueue (from, &name, bytes, length);
}

/* Gives every node one turn, due or not: its source goes by GLib's own clock. */
void
virtual_host_turn (const HDRT *nodes,
                   guint       n_nodes)
{
  for (guint i = 0; i < n_nodes; i++)
    {
      DrtInstance *instance = drt_instance_get (nodes[i]);

      if (instance == NULL)
        continue;
      if (instance->source != NULL)
        g_source_set_ready_time (instance->source, 0);
      drt_object_unref (instance);
    }
  g_main_context_iteration (virtual_host.context, FALSE);
}

/* The next time any node has something to do. */
static gint64
next_deadline (const HDRT *nodes,
               guint       n_nodes)
{
  gint64 deadline = virtual_host.now + LONGEST_STEP;

  for (guint i = 0; i < n_nodes; i++)
    {
      DrtInstance *instance = drt_instance_get (nodes[i]);
      gint64 ready;

      if (instance == NULL)
        continue;
      ready = instance->source != NULL ? g_source_get_ready_time (instance->source) : -1;
      if (ready >= 0)
        deadline = MIN (deadline, ready);
      drt_object_unref (instance);
    }
  return deadline;
}

/**
 * virtual_host_run:
 * @limit: microseconds
 * @done: (nullable): asked after each turn
 *
 * Lets the nodes work, and time jump to what is due next when all are idle.
 *
 * Returns: %FALSE when the limit was reached first
 */
gboolean
virtual_host_run (const HDRT *nodes,
                  guint       n_nodes,
                  gint64      limit,
                  gboolean  (*done) (gpointer data),
                  gpointer    data)
{
  gint64 end = virtual_host.now + limit;

  for (guint i = 0; i < MAX_TURNS; i++)
    {
      guint64 before = virtual_host.n_sent + virtual_host.n_received;
      gint64 next;

      virtual_host_turn (nodes, n_nodes);
      if (done != NULL && done (data))
        return TRUE;
      if (virtual_host.n_sent + virtual_host.n_received != before)
        continue;
      next = MAX (next_deadline (nodes, n_nodes), virtual_host.now + 1);
      if (next > end)
        {
          virtual_host.now = end;
          return FALSE;
        }
      virtual_host.now = next;
    }
  g_error ("The nodes never come to rest");
}
