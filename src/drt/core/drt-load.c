/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-load.h"

#include <string.h>

#define N_SOURCES  256

void
drt_load_clear (DrtLoad *load)
{
  g_clear_pointer (&load->by_source, g_free);
}

/**
 * drt_load_waited:
 * @load: of a node
 * @now: the time
 * @waited: how long the datagram being received has been in the host
 */
void
drt_load_waited (DrtLoad *load,
                 gint64   now,
                 gint64   waited)
{
  if (waited <= DRT_BACKLOG_WAIT)
    load->backlog_since = 0;
  else if (load->backlog_since == 0 || now - load->waited_last > DRT_BACKLOG_PAUSE)
    load->backlog_since = now;
  if (waited > DRT_BACKLOG_WAIT)
    load->waited_last = now;
}

static guint16 *
count_of (DrtLoad           *load,
          const DrtEndpoint *from)
{
  guint32 hash = load->salt ^ 2166136261u;

  if (load->by_source == NULL)
    load->by_source = g_new0 (guint16, N_SOURCES);
  for (guint i = 0; i < sizeof from->address; i++)
    hash = (hash ^ from->address.s6_addr[i]) * 16777619u;
  return &load->by_source[(hash ^ hash >> 16) % N_SOURCES];
}

/**
 * drt_load_is_too_much:
 * @load: of a node
 * @now: the time
 * @from: who asks something
 *
 * Counts a request.  A whole mesh may live on one loopback address, which
 * therefore has no bound of its own.
 *
 * Returns: whether it is too much to be answered
 */
gboolean
drt_load_is_too_much (DrtLoad           *load,
                      gint64             now,
                      const DrtEndpoint *from)
{
  gboolean backlog = load->backlog_since != 0 && now - load->backlog_since >= DRT_BACKLOG_TIME;
  guint16 *count;

  if (now - load->second >= G_USEC_PER_SEC)
    {
      load->second = now;
      load->n_requests = 0;
      drt_load_clear (load);
    }
  if (++load->n_requests <= DRT_LOAD_FEW || IN6_IS_ADDR_LOOPBACK (&from->address))
    return backlog;
  count = count_of (load, from);
  *count += *count < G_MAXUINT16;
  return backlog || *count > DRT_LOAD_PER_SOURCE_MAX - DRT_LOAD_FEW;
}

gboolean
drt_is_same_source (const DrtEndpoint *a,
                    const DrtEndpoint *b)
{
  return IN6_ARE_ADDR_EQUAL (&a->address, &b->address) &&
         (a->port == b->port || !IN6_IS_ADDR_LOOPBACK (&a->address));
}

gboolean
drt_is_same_net (const DrtEndpoint *a,
                 const DrtEndpoint *b)
{
  if (IN6_IS_ADDR_LOOPBACK (&a->address))
    return drt_endpoint_equal (a, b);
  return memcmp (&a->address, &b->address, 8) == 0;
}
