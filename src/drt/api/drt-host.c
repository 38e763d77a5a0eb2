/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-instance.h"

#include <openssl/rand.h>

/* What the core asks of its host. */

static void
host_send (gpointer           host,
           const DrtEndpoint *to,
           const guint8      *bytes,
           gsize              length)
{
  DrtInstance *self = host;

  /* The core may not be told from inside its own callback. */
  if (!drt_udp_transport_queue (self->transport, to, bytes, length))
    self->n_lost++;
}

static void
host_random (gpointer host,
             guint8  *bytes,
             gsize    length)
{
  /* Without randomness nonces can be guessed: there is no going on. */
  if (RAND_bytes (bytes, length) != 1)
    g_error ("The system gives no random numbers");
}

static void
host_bootstrap (gpointer host,
                gboolean split_detection)
{
  DrtInstance *self = host;

  self->bootstrap_run.split_detection = split_detection && (self->bootstrap_run.split_detection || !self->bootstrap_run.wanted);
  self->bootstrap_run.wanted = TRUE;
}

static void
host_status_changed (gpointer           host,
                     DRT_STATUS         status,
                     HRESULT            hr,
                     const DrtEndpoint *bootstrap,
                     guint              n_bootstrap)
{
  drt_events_push_status (host, status, hr, bootstrap, n_bootstrap);
}

static void
host_leaf_changed (gpointer      host,
                   const DrtKey *local,
                   const DrtKey *remote,
                   gboolean      added)
{
  drt_events_push_leaf (host, local, remote, added);
}

static void
host_key_unresolvable (gpointer      host,
                       const DrtKey *local)
{
  drt_events_push_unresolvable (host, local);
}

static void
host_observe_status (gpointer                 host,
                     const DrtObservedStatus *status)
{
  DrtInstance *self = host;
  DrtObservedStatus with_port = *status;

  /* The port is bound even while there is no address to go with it. */
  with_port.port = drt_udp_transport_get_port (self->transport);
  if (self->observing && self->observer.status != NULL)
    self->observer.status (self->observer_data, &with_port);
}

static void
host_observe_entry (gpointer                host,
                    DrtObservedChange       change,
                    const DrtObservedEntry *entry)
{
  DrtInstance *self = host;

  if (self->observing && self->observer.entry != NULL)
    self->observer.entry (self->observer_data, change, entry);
}

static void
host_observe_key (gpointer              host,
                  DrtObservedChange     change,
                  const DrtObservedKey *key)
{
  DrtInstance *self = host;

  if (self->observing && self->observer.key != NULL)
    self->observer.key (self->observer_data, change, key);
}

static void
host_observe_event (gpointer                host,
                    const DrtObservedEvent *event)
{
  DrtInstance *self = host;

  if (self->observing && self->observer.event != NULL)
    self->observer.event (self->observer_data, event);
}

static void
host_observe_lookup (gpointer                 host,
                     const DrtObservedLookup *lookup)
{
  DrtInstance *self = host;

  if (self->observing && self->observer.lookup != NULL)
    self->observer.lookup (self->observer_data, lookup);
}

static void
host_observe_message (gpointer                  host,
                      const DrtObservedMessage *message)
{
  DrtInstance *self = host;

  if (self->observing && self->observer.message != NULL)
    self->observer.message (self->observer_data, message);
}

const DrtNodeHost drt_instance_host = {
  .send = host_send,
  .random = host_random,
  .bootstrap = host_bootstrap,
  .status_changed = host_status_changed,
  .leaf_changed = host_leaf_changed,
  .key_unresolvable = host_key_unresolvable,
  .observe_status = host_observe_status,
  .observe_entry = host_observe_entry,
  .observe_key = host_observe_key,
  .observe_event = host_observe_event,
  .observe_lookup = host_observe_lookup,
  .observe_message = host_observe_message,
};
