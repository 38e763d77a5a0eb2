/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-name-resolver.h"

#include <netdb.h>
#include <string.h>

#include "drt-alloc.h"
#include "drt-teller.h"

/* Addresses told of one host, however few were asked for: some may be of the
 * wrong scope. */
#define MAX_ADDRESSES_PER_HOST 20

typedef struct
{
  DRT_BOOTSTRAP_PROVIDER table;
  int attached;
  GPtrArray *hosts;
} DrtNameResolver;

/* One resolve.  A worker that is stuck in getaddrinfo() holds a reference and
 * outlives EndResolve and the resolver itself; it only finds that all is over. */
typedef struct
{
  gatomicrefcount ref_count;
  GPtrArray *hosts;
  gint64 timeout;   /* microseconds */
  DrtTeller teller;
} DrtNameResolve;

/**
 * drt_host_new:
 * @name: a host name or numeric address, UTF-8, @length bytes of it
 * @port: host byte order
 *
 * Returns: (nullable): the host; free with g_free(); NULL when there is no memory
 */
DrtHost *
drt_host_new (const char *name,
              gsize       length,
              guint16     port)
{
  char text[NI_MAXHOST];
  g_autofree char *ascii = NULL;
  DrtHost *host;

  /* What is too long for any name server stays as it is, and is not found. */
  if (length < sizeof text)
    {
      memcpy (text, name, length);
      text[length] = '\0';
      ascii = g_hostname_to_ascii (text);
    }
  if (ascii != NULL)
    {
      name = ascii;
      length = strlen (ascii);
    }
  host = drt_try_alloc (sizeof (DrtHost) + length + 1);
  if (host == NULL)
    return NULL;
  host->port = port;
  memcpy (host->name, name, length);
  return host;
}

/* An empty array for hosts, which owns them. */
GPtrArray *
drt_hosts_new (void)
{
  return g_ptr_array_new_with_free_func (g_free);
}

static void
resolve_unref (DrtNameResolve *resolve)
{
  if (!g_atomic_ref_count_dec (&resolve->ref_count))
    return;
  g_ptr_array_unref (resolve->hosts);
  drt_teller_clear (&resolve->teller);
  g_free (resolve);
}

static HRESULT
hresult_from_lookup (int error)
{
  switch (error)
    {
    case EAI_NONAME:
      return DRT_HR_HOST_NOT_FOUND;
    case EAI_AGAIN:
      return DRT_HR_TRY_AGAIN;
    case EAI_NODATA:
      return DRT_HR_NO_DATA;
    case EAI_FAMILY:
    case EAI_ADDRFAMILY:
      return DRT_HR_ADDRESS_FAMILY;
    case EAI_MEMORY:
      return E_OUTOFMEMORY;
    default:
      return DRT_HR_NO_RECOVERY;
    }
}

static int
look_up (const DrtHost    *host,
         int               flags,
         struct addrinfo **found)
{
  const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM, .ai_flags = flags | AI_NUMERICSERV };
  char service[sizeof "65535"];

  g_snprintf (service, sizeof service, "%u", host->port);
  return getaddrinfo (host->name, service, &hints, found);
}

/* Tells the IPv6 addresses of one host.  FALSE: the resolve was ended. */
static gboolean
tell_addresses (DrtNameResolve  *resolve,
                struct addrinfo *found)
{
  gsize size = SIZEOF_SOCKET_ADDRESS_LIST (MAX_ADDRESSES_PER_HOST);
  g_autofree SOCKET_ADDRESS_LIST *list = g_malloc0 (size);

  for (struct addrinfo *i = found; i != NULL && list->iAddressCount < MAX_ADDRESSES_PER_HOST; i = i->ai_next)
    if (i->ai_family == AF_INET6)
      {
        SOCKET_ADDRESS *address = &list->Address[list->iAddressCount++];

        address->lpSockaddr = i->ai_addr;
        address->iSockaddrLength = i->ai_addrlen;
      }

  /* The transport is IPv6: IPv4 addresses lead nowhere. */
  return list->iAddressCount > 0 ? drt_teller_tell (&resolve->teller, S_OK, list)
                                 : drt_teller_tell (&resolve->teller, DRT_HR_ADDRESS_FAMILY, NULL);
}

static void
resolve_run (DrtNameResolve *resolve,
             int             flags)
{
  gint64 deadline = g_get_monotonic_time () + resolve->timeout;

  for (guint i = 0; i < resolve->hosts->len && g_get_monotonic_time () <= deadline; i++)
    {
      struct addrinfo *found = NULL;
      int error = look_up (g_ptr_array_index (resolve->hosts, i), flags, &found);
      gboolean go_on = error == 0 ? tell_addresses (resolve, found)
                                  : drt_teller_tell (&resolve->teller, hresult_from_lookup (error), NULL);

      if (found != NULL)
        freeaddrinfo (found);
      if (!go_on)
        return;
    }
  drt_teller_finish (&resolve->teller);
}

static gpointer
resolve_thread (gpointer data)
{
  DrtNameResolve *resolve = data;

  resolve_run (resolve, 0);
  resolve_unref (resolve);
  return NULL;
}

/* Whether no name server need be asked. */
static gboolean
all_numeric (GPtrArray *hosts)
{
  for (guint i = 0; i < hosts->len; i++)
    {
      struct addrinfo *found = NULL;

      if (look_up (g_ptr_array_index (hosts, i), AI_NUMERICHOST, &found) != 0)
        return FALSE;
      freeaddrinfo (found);
    }
  return TRUE;
}

static HRESULT
attach (const PVOID context)
{
  DrtNameResolver *self = context;

  return g_atomic_int_compare_and_exchange (&self->attached, 0, 1) ? S_OK : DRT_E_BOOTSTRAPPROVIDER_IN_USE;
}

static void
detach (const PVOID context)
{
  DrtNameResolver *self = context;

  g_atomic_int_set (&self->attached, 0);
}

/* Nothing goes wrong here that a second attempt would mend but for a lack of
 * memory: every other failure is fatal. */
static HRESULT
init_resolve (const PVOID                    context,
              BOOL                           split_detection,
              ULONG                          timeout,
              ULONG                          max_results,
              DRT_BOOTSTRAP_RESOLVE_CONTEXT *resolve_context,
              BOOL                          *fatal)
{
  DrtNameResolver *self = context;
  DrtNameResolve *resolve;

  if (resolve_context == NULL || fatal == NULL)
    return E_INVALIDARG;
  *resolve_context = NULL;
  *fatal = TRUE;
  if (!g_atomic_int_get (&self->attached))
    return DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED;

  resolve = drt_try_alloc (sizeof (DrtNameResolve));
  if (resolve == NULL)
    {
      *fatal = FALSE;
      return E_OUTOFMEMORY;
    }
  g_atomic_ref_count_init (&resolve->ref_count);
  drt_teller_init (&resolve->teller);
  resolve->hosts = g_ptr_array_ref (self->hosts);
  resolve->timeout = (gint64) timeout * 1000;

  *resolve_context = resolve;
  *fatal = FALSE;
  return S_OK;
}

static HRESULT
issue_resolve (const PVOID                    context,
               const PVOID                    callback_context,
               DRT_BOOTSTRAP_RESOLVE_CALLBACK callback,
               DRT_BOOTSTRAP_RESOLVE_CONTEXT  resolve_context,
               BOOL                          *fatal)
{
  DrtNameResolver *self = context;
  DrtNameResolve *resolve = resolve_context;
  GThread *thread;

  if (fatal == NULL)
    return E_INVALIDARG;
  *fatal = TRUE;
  if (callback == NULL || resolve == NULL)
    return E_INVALIDARG;
  if (!g_atomic_int_get (&self->attached))
    return DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED;
  *fatal = FALSE;

  if (!drt_teller_begin (&resolve->teller, callback, callback_context))
    return E_UNEXPECTED;

  g_atomic_ref_count_inc (&resolve->ref_count);
  if (all_numeric (resolve->hosts))
    {
      resolve_run (resolve, AI_NUMERICHOST);
      resolve_unref (resolve);
      return S_OK;
    }

  thread = g_thread_try_new ("drt-bootstrap", resolve_thread, resolve, NULL);
  if (thread == NULL)
    {
      resolve_unref (resolve);
      return E_OUTOFMEMORY;
    }
  g_thread_unref (thread);
  return S_OK;
}

/* Never waits for a name server; only, as the DRT relies on, for a callback that
 * another thread is in. */
static void
end_resolve (const PVOID                   context,
             DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve_context)
{
  DrtNameResolve *resolve = resolve_context;

  if (resolve == NULL)
    return;
  drt_teller_end (&resolve->teller);
  resolve_unref (resolve);
}

/* Nobody is told of us: the hosts are well known. */
static HRESULT
register_addresses (const PVOID                context,
                    const SOCKET_ADDRESS_LIST *addresses)
{
  return S_OK;
}

static void
unregister_addresses (const PVOID context)
{
}

/**
 * drt_name_resolver_new:
 * @hosts: (transfer full): of DrtHost
 *
 * Returns: (nullable): a provider over @hosts; NULL when there is no memory
 */
DRT_BOOTSTRAP_PROVIDER *
drt_name_resolver_new (GPtrArray *hosts)
{
  DrtNameResolver *self = drt_try_alloc (sizeof (DrtNameResolver));

  if (self == NULL)
    {
      g_ptr_array_unref (hosts);
      return NULL;
    }

  self->hosts = hosts;
  self->table = (DRT_BOOTSTRAP_PROVIDER) {
    .pvContext = self,
    .Attach = attach,
    .Detach = detach,
    .InitResolve = init_resolve,
    .IssueResolve = issue_resolve,
    .EndResolve = end_resolve,
    .Register = register_addresses,
    .Unregister = unregister_addresses,
  };
  return &self->table;
}

void
drt_name_resolver_free (DRT_BOOTSTRAP_PROVIDER *provider)
{
  DrtNameResolver *self;

  if (provider == NULL)
    return;
  self = provider->pvContext;
  g_ptr_array_unref (self->hosts);
  g_free (self);
}
