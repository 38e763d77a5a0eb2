/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-glib.h"

#include <netinet/in.h>
#include <string.h>

#include "drt-alloc.h"
#include "drt-avahi.h"
#include "drt-lan-name.h"
#include "drt-lan-publication.h"
#include "drt-lan-resolve.h"

/*
 * PNRP is gone; its place is taken by DNS-SD in the local network.  A peer name is
 * a subtype of _drt._udp, and each node that publishes it an instance of that:
 * any number may publish the same name, as they could in PNRP.
 */

#define MAX_PEER_NAME  137   /* characters, as in Windows */
#define MAX_CLOUD_NAME 256
#define MAX_IDENTITY   137
#define PATIENCE       (1 * G_USEC_PER_SEC)   /* of who creates a resolver */

typedef struct
{
  DRT_BOOTSTRAP_PROVIDER table;
  int attached;
  gboolean publish;
  char *name;
  char *subtype;
  char *interface;                  /* of the cloud; NULL: every one */
  DrtAvahi *avahi;

  /* Of the daemon's thread. */
  DrtLanPublication *publication;   /* made when first wanted */
  GPtrArray *resolves;              /* DrtLanResolve under way, references */
} DrtPnrpResolver;

/* --- In the daemon's thread --- */

static void
drop_finished (DrtPnrpResolver *self)
{
  for (guint i = self->resolves->len; i-- > 0; )
    if (!drt_lan_resolve_is_active (self->resolves->pdata[i]))
      g_ptr_array_remove_index_fast (self->resolves, i);
}

static void
daemon_state (gpointer      user,
              DrtAvahiState state)
{
  DrtPnrpResolver *self = user;

  if (self->publication != NULL)
    drt_lan_publication_state (self->publication, state);
  for (guint i = 0; i < self->resolves->len; i++)
    drt_lan_resolve_state (self->resolves->pdata[i], state);
  drop_finished (self);
}

static void
daemon_signal (gpointer    user,
               const char *path,
               const char *member,
               GVariant   *parameters)
{
  DrtPnrpResolver *self = user;

  if (self->publication != NULL)
    drt_lan_publication_signal (self->publication, path, member, parameters);
  for (guint i = 0; i < self->resolves->len; i++)
    drt_lan_resolve_signal (self->resolves->pdata[i], path, member, parameters);
  drop_finished (self);
}

static void
resolver_free (gpointer user)
{
  DrtPnrpResolver *self = user;

  g_clear_pointer (&self->publication, drt_lan_publication_free);
  for (guint i = 0; i < self->resolves->len; i++)
    drt_lan_resolve_stop (self->resolves->pdata[i]);
  g_ptr_array_unref (self->resolves);
  g_free (self->name);
  g_free (self->subtype);
  g_free (self->interface);
  g_free (self);
}

static const DrtAvahiUser daemon_user = { daemon_state, daemon_signal, resolver_free };

/* What is to be done there. */
typedef struct
{
  DrtPnrpResolver *resolver;
  DrtLanResolve *resolve;   /* a reference, or NULL */
  GArray *addresses;        /* likewise */
} DrtLanTask;

static void
task_free (gpointer data)
{
  DrtLanTask *task = data;

  g_clear_pointer (&task->resolve, drt_lan_resolve_unref);
  g_clear_pointer (&task->addresses, g_array_unref);
  g_free (task);
}

static void
post (DrtPnrpResolver *self,
      GSourceFunc      func,
      DrtLanResolve   *resolve,
      GArray          *addresses)
{
  DrtLanTask *task = g_new (DrtLanTask, 1);

  task->resolver = self;
  task->resolve = resolve != NULL ? drt_lan_resolve_ref (resolve) : NULL;
  task->addresses = addresses;
  drt_avahi_post (self->avahi, func, task, task_free);
}

static gboolean
start_cb (gpointer data)
{
  DrtLanTask *task = data;
  DrtPnrpResolver *self = task->resolver;

  drop_finished (self);
  g_ptr_array_add (self->resolves, drt_lan_resolve_ref (task->resolve));
  drt_lan_resolve_start (task->resolve, self->subtype, self->interface);
  return G_SOURCE_REMOVE;
}

static gboolean
publish_cb (gpointer data)
{
  DrtLanTask *task = data;
  DrtPnrpResolver *self = task->resolver;

  if (self->publication == NULL)
    {
      self->publication = drt_lan_publication_new (self->avahi, self->name, self->interface);
      drt_lan_publication_state (self->publication, drt_avahi_get_state (self->avahi));
    }
  drt_lan_publication_set (self->publication, task->addresses);
  return G_SOURCE_REMOVE;
}

/* --- The provider --- */

static HRESULT
attach (const PVOID context)
{
  DrtPnrpResolver *self = context;

  return g_atomic_int_compare_and_exchange (&self->attached, 0, 1) ? S_OK : DRT_E_BOOTSTRAPPROVIDER_IN_USE;
}

static void
detach (const PVOID context)
{
  DrtPnrpResolver *self = context;

  g_atomic_int_set (&self->attached, 0);
}

/* A daemon that is not there may come: nothing is fatal but what calling again
 * would not mend. */
static HRESULT
init_resolve (const PVOID                    context,
              BOOL                           split_detection,
              ULONG                          timeout,
              ULONG                          max_results,
              DRT_BOOTSTRAP_RESOLVE_CONTEXT *resolve_context,
              BOOL                          *fatal)
{
  DrtPnrpResolver *self = context;

  if (resolve_context == NULL || fatal == NULL)
    return E_INVALIDARG;
  *resolve_context = NULL;
  *fatal = TRUE;
  if (!g_atomic_int_get (&self->attached))
    return DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED;
  *resolve_context = drt_lan_resolve_new (self->avahi, timeout, max_results);
  if (*resolve_context == NULL)
    return E_OUTOFMEMORY;
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
  DrtPnrpResolver *self = context;
  DrtLanResolve *resolve = resolve_context;

  if (fatal == NULL)
    return E_INVALIDARG;
  *fatal = TRUE;
  if (callback == NULL || resolve == NULL)
    return E_INVALIDARG;
  if (!g_atomic_int_get (&self->attached))
    return DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED;
  *fatal = FALSE;

  if (!drt_teller_begin (drt_lan_resolve_get_teller (resolve), callback, callback_context))
    return E_UNEXPECTED;
  post (self, start_cb, resolve, NULL);
  return S_OK;
}

/* Waits for nothing but a callback that the daemon's thread is in. */
static void
end_resolve (const PVOID                   context,
             DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve_context)
{
  DrtLanResolve *resolve = resolve_context;

  if (resolve == NULL)
    return;
  drt_teller_end (drt_lan_resolve_get_teller (resolve));
  drt_lan_resolve_end (resolve);
}

static HRESULT
register_addresses (const PVOID                context,
                    const SOCKET_ADDRESS_LIST *list)
{
  DrtPnrpResolver *self = context;
  GArray *addresses;

  if (list == NULL)
    return E_INVALIDARG;
  if (!self->publish)
    return S_OK;
  addresses = g_array_new (FALSE, FALSE, sizeof (struct sockaddr_in6));
  for (int i = 0; i < list->iAddressCount; i++)
    {
      struct sockaddr_in6 address;

      if (list->Address[i].lpSockaddr == NULL || list->Address[i].iSockaddrLength < (int) sizeof address)
        continue;
      memcpy (&address, list->Address[i].lpSockaddr, sizeof address);
      if (address.sin6_family == AF_INET6)
        g_array_append_val (addresses, address);
    }
  post (self, publish_cb, NULL, addresses);
  return S_OK;
}

static void
unregister_addresses (const PVOID context)
{
  DrtPnrpResolver *self = context;

  if (self->publish)
    post (self, publish_cb, NULL, g_array_new (FALSE, FALSE, sizeof (struct sockaddr_in6)));
}

/* --- Creating --- */

/* Whether @text, if there is one, is valid and has at most @maximum characters. */
static gboolean
is_text (PCWSTR   text,
         size_t   maximum,
         char   **utf8)
{
  *utf8 = NULL;
  if (text == NULL)
    return TRUE;
  if (wcsnlen (text, maximum + 1) > maximum)
    return FALSE;
  *utf8 = drt_wide_to_utf8 (text);
  return *utf8 != NULL;
}

static DrtPnrpResolver *
resolver_new (gboolean    publish,
              const char *name,
              const char *interface)
{
  DrtPnrpResolver *self = drt_try_alloc (sizeof (DrtPnrpResolver));

  if (self == NULL)
    return NULL;
  self->publish = publish;
  self->name = g_strdup (name);
  self->subtype = drt_lan_name_to_subtype (name);
  self->interface = g_strdup (interface);
  self->resolves = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_lan_resolve_unref);
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
  return self;
}

HRESULT
DrtCreatePnrpBootstrapResolver (BOOL                     fPublish,
                                PCWSTR                   pwzPeerName,
                                PCWSTR                   pwzCloudName,
                                PCWSTR                   pwzPublishingIdentity,
                                DRT_BOOTSTRAP_PROVIDER **ppResolver)
{
  g_autofree char *name = NULL, *cloud = NULL, *identity = NULL, *interface = NULL;
  DrtPnrpResolver *self;

  if (ppResolver == NULL)
    return E_INVALIDARG;
  *ppResolver = NULL;
  /* Nobody in the local network can check an identity. */
  if (pwzPeerName == NULL || *pwzPeerName == L'\0' || !is_text (pwzPeerName, MAX_PEER_NAME, &name) ||
      !is_text (pwzCloudName, MAX_CLOUD_NAME, &cloud) || !is_text (pwzPublishingIdentity, MAX_IDENTITY, &identity) ||
      !drt_lan_cloud_parse (cloud, &interface))
    return E_INVALIDARG;

  self = resolver_new (fPublish, name, interface);
  if (self == NULL)
    return E_OUTOFMEMORY;
  self->avahi = drt_avahi_new (&daemon_user, self);
  if (self->avahi == NULL)
    {
      resolver_free (self);
      return E_OUTOFMEMORY;
    }
  *ppResolver = &self->table;
  return drt_avahi_wait (self->avahi, PATIENCE) >= DRT_AVAHI_PRESENT ? S_OK : DRT_S_RETRY;
}

void
DrtDeletePnrpBootstrapResolver (DRT_BOOTSTRAP_PROVIDER *pResolver)
{
  DrtPnrpResolver *self;

  if (pResolver == NULL)
    return;
  self = pResolver->pvContext;
  drt_avahi_close (self->avahi);
}
