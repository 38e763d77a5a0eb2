/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-instance.h"

/* A program that does not fetch its events loses the oldest about leaf sets first:
 * others in the mesh decide how many of those there are. */
#define MAX_EVENTS 4096

/* An event that waits to be fetched. */
typedef struct
{
  DRT_EVENT_TYPE type;
  HRESULT hr;
  int code;                 /* status, change or registration state */
  DrtKey local;
  DrtKey remote;
  guint n_addresses;
  DrtEndpoint addresses[];
} DrtQueuedEvent;

static DrtQueuedEvent *
queued_event_new (DRT_EVENT_TYPE type,
                  int            code,
                  guint          n_addresses)
{
  DrtQueuedEvent *self = g_malloc0 (sizeof (DrtQueuedEvent) + n_addresses * sizeof (DrtEndpoint));

  self->type = type;
  self->code = code;
  self->n_addresses = n_addresses;
  return self;
}

/* Room for one more. */
static void
make_room_locked (DrtInstance *self)
{
  if (g_queue_get_length (&self->events) < MAX_EVENTS)
    return;
  for (GList *i = self->events.head; i != NULL; i = i->next)
    if (((DrtQueuedEvent *) i->data)->type == DRT_EVENT_LEAFSET_KEY_CHANGED)
      {
        g_free (i->data);
        g_queue_delete_link (&self->events, i);
        return;
      }
  g_free (g_queue_pop_head (&self->events));
}

static void
push (DrtInstance    *self,
      DrtQueuedEvent *event)
{
  g_queue_push_tail (&self->new_events, event);
}

/* Hands the events of the turn over to the program. */
void
drt_events_tell_locked (DrtInstance *self)
{
  DrtQueuedEvent *event;

  while ((event = g_queue_pop_head (&self->new_events)) != NULL)
    {
      make_room_locked (self);
      g_queue_push_tail (&self->events, event);
      drt_signal_set (self->signal);
    }
}

void
drt_events_push_status (DrtInstance       *self,
                        DRT_STATUS         status,
                        HRESULT            hr,
                        const DrtEndpoint *bootstrap,
                        guint              n_bootstrap)
{
  DrtQueuedEvent *event = queued_event_new (DRT_EVENT_STATUS_CHANGED, status, status == DRT_ALONE ? n_bootstrap : 0);

  event->hr = hr;
  if (event->n_addresses > 0)
    memcpy (event->addresses, bootstrap, event->n_addresses * sizeof (DrtEndpoint));
  /* At once, not only with the event: nothing more is begun from now on. */
  g_mutex_lock (&self->lock);
  self->faulted = status == DRT_FAULTED;
  g_mutex_unlock (&self->lock);
  push (self, event);
}

void
drt_events_push_leaf (DrtInstance  *self,
                      const DrtKey *local,
                      const DrtKey *remote,
                      gboolean      added)
{
  DrtQueuedEvent *event = queued_event_new (DRT_EVENT_LEAFSET_KEY_CHANGED,
                                            added ? DRT_LEAFSET_KEY_ADDED : DRT_LEAFSET_KEY_DELETED, 0);

  event->local = *local;
  event->remote = *remote;
  push (self, event);
}

void
drt_events_push_unresolvable (DrtInstance  *self,
                              const DrtKey *local)
{
  DrtQueuedEvent *event = queued_event_new (DRT_EVENT_REGISTRATION_STATE_CHANGED,
                                            DRT_REGISTRATION_STATE_UNRESOLVEABLE, 0);

  event->local = *local;
  push (self, event);
}

void
drt_events_clear (DrtInstance *self)
{
  g_queue_clear_full (&self->new_events, g_free);
  g_queue_clear_full (&self->events, g_free);
}

static gsize
event_size (const DrtQueuedEvent *event)
{
  switch (event->type)
    {
    case DRT_EVENT_LEAFSET_KEY_CHANGED:
      return sizeof (DRT_EVENT_DATA) + 2 * DRT_KEY_SIZE;
    case DRT_EVENT_REGISTRATION_STATE_CHANGED:
      return sizeof (DRT_EVENT_DATA) + DRT_KEY_SIZE;
    default:
      return sizeof (DRT_EVENT_DATA) + event->n_addresses * sizeof (SOCKADDR_STORAGE);
    }
}

/* A key into the bytes behind the event. */
static DRT_DATA
put_key (BYTE        **rest,
         const DrtKey *key)
{
  DRT_DATA data = { DRT_KEY_SIZE, *rest };

  memcpy (*rest, key->b, DRT_KEY_SIZE);
  *rest += DRT_KEY_SIZE;
  return data;
}

static void
put_addresses (DRT_EVENT_DATA       *data,
               SOCKADDR_STORAGE     *rest,
               const DrtQueuedEvent *event)
{
  if (event->n_addresses == 0)
    return;
  memset (rest, 0, event->n_addresses * sizeof (SOCKADDR_STORAGE));
  for (guint i = 0; i < event->n_addresses; i++)
    drt_endpoint_to_sockaddr (&event->addresses[i], (SOCKADDR_IN6 *) &rest[i]);
  data->statusChange.bootstrapAddresses.cntAddress = event->n_addresses;
  data->statusChange.bootstrapAddresses.pAddresses = rest;
}

/* @data has room for event_size() bytes. */
static void
put_event (DRT_EVENT_DATA       *data,
           gpointer              user_context,
           const DrtQueuedEvent *event)
{
  BYTE *rest = (BYTE *) (data + 1);

  memset (data, 0, sizeof *data);
  data->type = event->type;
  data->hr = event->hr;
  data->pvContext = user_context;
  switch (event->type)
    {
    case DRT_EVENT_LEAFSET_KEY_CHANGED:
      data->leafsetKeyChange.change = event->code;
      data->leafsetKeyChange.localKey = put_key (&rest, &event->local);
      data->leafsetKeyChange.remoteKey = put_key (&rest, &event->remote);
      break;
    case DRT_EVENT_REGISTRATION_STATE_CHANGED:
      data->registrationStateChange.state = event->code;
      data->registrationStateChange.localKey = put_key (&rest, &event->local);
      break;
    case DRT_EVENT_STATUS_CHANGED:
      data->statusChange.status = event->code;
      put_addresses (data, (SOCKADDR_STORAGE *) rest, event);
      break;
    }
}

HRESULT
DrtGetEventDataSize (HDRT   hDrt,
                     ULONG *pulEventDataLen)
{
  DrtInstance *self;
  HRESULT hr = DRT_E_NO_MORE;

  if (pulEventDataLen == NULL)
    return E_INVALIDARG;
  *pulEventDataLen = 0;
  self = drt_instance_get (hDrt);
  if (self == NULL)
    return E_HANDLE;

  g_mutex_lock (&self->lock);
  if (self->refusal != S_OK)
    hr = E_UNEXPECTED;
  else if (!g_queue_is_empty (&self->events))
    {
      *pulEventDataLen = event_size (g_queue_peek_head (&self->events));
      hr = S_OK;
    }
  g_mutex_unlock (&self->lock);
  drt_object_unref (self);
  return hr;
}

static HRESULT
fetch_locked (DrtInstance    *self,
              ULONG           size,
              DRT_EVENT_DATA *data)
{
  DrtQueuedEvent *event = g_queue_peek_head (&self->events);

  if (self->refusal != S_OK)
    return E_UNEXPECTED;
  if (event == NULL)
    return DRT_E_NO_MORE;
  if (size < event_size (event))
    return DRT_E_INSUFFICIENT_BUFFER;

  put_event (data, self->user_context, event);
  g_free (g_queue_pop_head (&self->events));
  /* A program may itself have read the event it waited for, as it would with an
   * auto-reset event of Windows: it must find it set while more waits. */
  drt_signal_clear (self->signal);
  if (!g_queue_is_empty (&self->events))
    drt_signal_set (self->signal);
  return S_OK;
}

HRESULT
DrtGetEventData (HDRT            hDrt,
                 ULONG           ulEventDataLen,
                 DRT_EVENT_DATA *pEventData)
{
  DrtInstance *self;
  HRESULT hr;

  if (pEventData == NULL)
    return E_INVALIDARG;
  self = drt_instance_get (hDrt);
  if (self == NULL)
    return E_HANDLE;

  g_mutex_lock (&self->lock);
  hr = fetch_locked (self, ulEventDataLen, pEventData);
  g_mutex_unlock (&self->lock);
  drt_object_unref (self);
  return hr;
}
