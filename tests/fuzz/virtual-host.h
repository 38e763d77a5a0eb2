/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "drt-instance.h"

/*
 * The host under the API, replaced from the bottom: a program that links this has
 * its own clock, random numbers, sockets and addresses, and asks the test before
 * it sends, receives or allocates.  It defines the functions of libc, GLib and
 * OpenSSL that libdrt calls for them, so libdrt itself knows nothing of it.
 * Nodes run in virtual_host.context, all in one thread.
 */

G_BEGIN_DECLS

#define VIRTUAL_HOST_LOST (-1)   /* instead of an errno: on the way, unnoticed */

typedef struct
{
  GMainContext *context;
  gint64 now;                    /* what g_get_monotonic_time() says */
  guint64 random;
  guint16 last_port;
  GHashTable *ports;             /* fd -> port */
  GHashTable *queues;            /* port -> GQueue of datagrams */
  guint64 n_sent;
  guint64 n_received;
  GArray *addresses;             /* of DrtHostAddress */
  gboolean no_addresses_known;   /* the system fails to tell */

  /* Each may be NULL.  An errno, VIRTUAL_HOST_LOST or 0; whether there is no memory. */
  int      (*send)     (gpointer data, const guint8 *bytes, gsize length);
  int      (*receive)  (gpointer data, const guint8 *bytes, gsize length);
  gboolean (*allocate) (gpointer data, gsize size);
  gpointer data;
} VirtualHost;

extern VirtualHost virtual_host;

void virtual_host_begin       (guint64 seed);
void virtual_host_end         (void);
void virtual_host_add_address (guint8 last_byte, gboolean loopback);
void virtual_host_inject      (guint16 from, guint16 to, const guint8 *bytes, gsize length);
void virtual_host_turn        (const HDRT *nodes, guint n_nodes);
gboolean virtual_host_run     (const HDRT *nodes, guint n_nodes, gint64 limit, gboolean (*done) (gpointer data), gpointer data);

G_END_DECLS
