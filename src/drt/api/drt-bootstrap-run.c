/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-instance.h"

/*
 * A bootstrap provider at work for a node.  Its functions are called one at a
 * time, in the thread of the context; its callback may come from any thread, from
 * inside its functions, and, where it is careless, after its end.
 */

#define RESOLVE_TIME   (10 * 1000)               /* milliseconds, what the provider is told */
#define RESOLVE_GRACE  (2 * G_USEC_PER_SEC)      /* past that it is ended unasked */
#define MAX_RESULTS    20
#define MAX_ADDRESSES  64                        /* of one callback */

/* What the ticket stands for. */
typedef struct
{
  DrtObject parent;
  DrtInstance *instance;
} DrtTicket;

typedef struct
{
  DrtEndpoint endpoint;
  guint32 zone;            /* 0: not said */
} DrtBootstrapPlace;

/* A callback, on its way to the thread of the context. */
typedef struct
{
  PVOID ticket;
  HRESULT hr;
  gboolean fatal;
  gboolean dropped_all;    /* there were addresses, none of any use */
  guint n_places;
  DrtBootstrapPlace places[];
} DrtBootstrapAnswer;

static void
ticket_finalize (gpointer object)
{
  drt_object_unref (((DrtTicket *) object)->instance);
}

/* IPv6, and a port a node can have (§2.1). */
static gboolean
get_usable (const SOCKET_ADDRESS *address,
            DrtBootstrapPlace    *place)
{
  SOCKADDR_IN6 in6;

  if (address->lpSockaddr == NULL || address->iSockaddrLength <= 0 ||
      !drt_endpoint_from_sockaddr (&place->endpoint, address->lpSockaddr, address->iSockaddrLength))
    return FALSE;
  memcpy (&in6, address->lpSockaddr, sizeof in6);
  place->zone = in6.sin6_scope_id;
  return place->endpoint.port >= DRT_UDP_MIN_PORT;
}

static DrtBootstrapAnswer *
answer_new (PVOID                      ticket,
            HRESULT                    hr,
            const SOCKET_ADDRESS_LIST *list,
            gboolean                   fatal)
{
  int n = SUCCEEDED (hr) && list != NULL ? CLAMP (list->iAddressCount, 0, MAX_ADDRESSES) : 0;
  DrtBootstrapAnswer *self = drt_try_alloc (sizeof (DrtBootstrapAnswer) + n * sizeof (DrtBootstrapPlace));

  if (self == NULL)
    return NULL;
  self->ticket = ticket;
  self->hr = hr;
  self->fatal = fatal;
  for (int i = 0; i < n; i++)
    if (get_usable (&list->Address[i], &self->places[self->n_places]))
      self->n_places++;
  self->dropped_all = n > 0 && self->n_places == 0;
  return self;
}

/* Ends the resolve and tells the core how it went. */
static void
finish (DrtInstance *self)
{
  DrtBootstrapRun *run = &self->bootstrap_run;
  HRESULT hr = run->n_found > 0 ? S_OK : run->result;

  drt_bootstrap_run_end (self);
  drt_node_bootstrap_done (self->node, g_get_monotonic_time (), hr);
}

static void
fail (DrtInstance *self,
      HRESULT      hr)
{
  drt_bootstrap_run_end (self);
  drt_node_fault (self->node, g_get_monotonic_time (), hr);
}

/* A link-local address of another link than ours leads elsewhere here: an endpoint
 * does not say of which it is. */
static gboolean
is_of_our_zone (const DrtInstance       *self,
                const DrtBootstrapPlace *place)
{
  guint32 zone = drt_udp_transport_get_zone (self->transport);

  return !IN6_IS_ADDR_LINKLOCAL (&place->endpoint.address) || place->zone == 0 || zone == 0 || place->zone == zone;
}

static void
take_found (DrtInstance              *self,
            const DrtBootstrapAnswer *answer)
{
  DrtEndpoint endpoints[MAX_ADDRESSES];
  guint n = 0;

  for (guint i = 0; i < answer->n_places; i++)
    if (is_of_our_zone (self, &answer->places[i]))
      endpoints[n++] = answer->places[i].endpoint;
  if (answer->dropped_all)
    self->bootstrap_run.result = DRT_HR_ADDRESS_FAMILY;
  self->bootstrap_run.n_found += n;
  drt_node_bootstrap_found (self->node, g_get_monotonic_time (), endpoints, n);
}

static void
take_answer (DrtInstance *self,
             gpointer     data)
{
  DrtBootstrapAnswer *answer = data;
  DrtBootstrapRun *run = &self->bootstrap_run;

  if (self->node == NULL || run->ticket == NULL || run->ticket != answer->ticket)
    return;

  /* What is fatal is so with any code. */
  if (answer->fatal)
    {
      fail (self, FAILED (answer->hr) ? answer->hr : E_FAIL);
      return;
    }
  if (answer->hr == DRT_E_NO_MORE)
    {
      finish (self);
      return;
    }
  if (FAILED (answer->hr))
    {
      run->result = answer->hr;
      return;
    }
  take_found (self, answer);
}

/* Of a ticket that has ended nothing is wanted any more. */
static void
bootstrap_callback (HRESULT              hr,
                    PVOID                context,
                    SOCKET_ADDRESS_LIST *addresses,
                    BOOL                 fatal)
{
  DrtTicket *ticket = drt_handle_get (context, DRT_HANDLE_BOOTSTRAP);
  DrtBootstrapAnswer *answer;

  if (ticket == NULL)
    return;
  /* What there is no memory for is as if it had not been told. */
  answer = answer_new (context, hr, addresses, fatal);
  if (answer != NULL)
    drt_instance_post (ticket->instance, take_answer, answer, g_free);
  drt_object_unref (ticket);
}

static PVOID
make_ticket (DrtInstance *self)
{
  DrtTicket *ticket = drt_object_new (sizeof (DrtTicket), ticket_finalize);
  PVOID handle;

  if (ticket == NULL)
    return NULL;
  ticket->instance = drt_object_ref (self);
  handle = drt_handle_new (DRT_HANDLE_BOOTSTRAP, ticket);
  if (handle == NULL)
    drt_object_unref (ticket);
  return handle;
}

/* Init and issue.  @fatal as the provider says. */
static HRESULT
ask_provider (DrtInstance *self,
              gboolean     split_detection,
              BOOL        *fatal)
{
  DrtBootstrapRun *run = &self->bootstrap_run;
  const DRT_BOOTSTRAP_PROVIDER *provider = self->bootstrap;
  HRESULT hr;

  *fatal = FALSE;
  hr = provider->InitResolve (provider->pvContext, split_detection, RESOLVE_TIME, MAX_RESULTS, &run->context, fatal);
  if (FAILED (hr))
    {
      /* There is no context to end. */
      drt_object_unref (drt_handle_steal (g_steal_pointer (&run->ticket), DRT_HANDLE_BOOTSTRAP));
      return hr;
    }
  if (*fatal)
    return E_FAIL;
  *fatal = FALSE;
  hr = provider->IssueResolve (provider->pvContext, run->ticket, bootstrap_callback, run->context, fatal);
  return *fatal && SUCCEEDED (hr) ? E_FAIL : hr;
}

/* Begins the resolve that is wanted.  None is under way. */
void
drt_bootstrap_run_begin (DrtInstance *self,
                         gint64       now)
{
  DrtBootstrapRun *run = &self->bootstrap_run;
  gboolean split_detection = run->split_detection;
  BOOL fatal = FALSE;
  HRESULT hr = E_OUTOFMEMORY;

  run->wanted = run->split_detection = FALSE;
  run->ticket = make_ticket (self);
  run->deadline = now + RESOLVE_TIME * 1000 + RESOLVE_GRACE;
  run->n_found = 0;
  run->result = DRT_E_NO_MORE;
  run->context = NULL;

  if (run->ticket != NULL)
    hr = ask_provider (self, split_detection, &fatal);
  if (SUCCEEDED (hr))
    return;
  run->result = hr;
  if (fatal)
    fail (self, hr);
  else
    finish (self);
}

/* A provider that never says DRT_E_NO_MORE must not keep the node from asking again. */
void
drt_bootstrap_run_expire (DrtInstance *self,
                          gint64       now)
{
  DrtBootstrapRun *run = &self->bootstrap_run;

  if (run->ticket == NULL || now < run->deadline)
    return;
  if (run->result == DRT_E_NO_MORE)
    run->result = DRT_E_TIMEOUT;
  finish (self);
}

/* Ends the resolve under way, if there is one. */
void
drt_bootstrap_run_end (DrtInstance *self)
{
  DrtBootstrapRun *run = &self->bootstrap_run;

  if (run->ticket == NULL)
    return;
  drt_object_unref (drt_handle_steal (g_steal_pointer (&run->ticket), DRT_HANDLE_BOOTSTRAP));
  self->bootstrap->EndResolve (self->bootstrap->pvContext, g_steal_pointer (&run->context));
}

/**
 * drt_bootstrap_run_publish:
 * @endpoints: where this node is now
 *
 * Lets the provider publish the node's addresses, instead of those before.
 * Providers of well-known hosts do nothing with them.  That it fails is no
 * matter to the node itself: others find it by other ways.
 */
void
drt_bootstrap_run_publish (DrtInstance       *self,
                           const DrtEndpoint *endpoints,
                           guint              n_endpoints)
{
  const DRT_BOOTSTRAP_PROVIDER *provider = self->bootstrap;
  SOCKADDR_IN6 addresses[DRT_UDP_MAX_ADDRESSES];
  g_autofree SOCKET_ADDRESS_LIST *list = g_malloc0 (SIZEOF_SOCKET_ADDRESS_LIST (DRT_UDP_MAX_ADDRESSES));

  if (self->bootstrap_run.registered)
    provider->Unregister (provider->pvContext);
  self->bootstrap_run.registered = FALSE;
  if (n_endpoints == 0)
    return;

  list->iAddressCount = n_endpoints;
  for (guint i = 0; i < n_endpoints; i++)
    {
      drt_endpoint_to_sockaddr (&endpoints[i], &addresses[i]);
      if (IN6_IS_ADDR_LINKLOCAL (&endpoints[i].address))
        addresses[i].sin6_scope_id = drt_udp_transport_get_zone (self->transport);
      list->Address[i] = (SOCKET_ADDRESS) { (SOCKADDR *) &addresses[i], sizeof addresses[i] };
    }
  self->bootstrap_run.registered = SUCCEEDED (provider->Register (provider->pvContext, list));
}
