/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib.h>
#include <string.h>

#include "drt.h"
#include "drt-glib.h"

/*
 * The LAN resolver, called as drt.h lets a DRT call it.  There is an Avahi, and in
 * its network exactly one node publishes the name that is given.
 */

#define PATIENCE (15 * G_USEC_PER_SEC)

typedef enum
{
  JUST_COUNT,
  END_INSIDE,       /* at the first answer */
  STAY_INSIDE,      /* for a while */
} Manner;

typedef struct
{
  DRT_BOOTSTRAP_PROVIDER *provider;
  DRT_BOOTSTRAP_RESOLVE_CONTEXT context;
  Manner manner;

  GMutex lock;
  GCond changed;
  guint n_found;
  guint n_ends;
  gboolean inside;
  int ended;        /* EndResolve has returned */
} Resolve;

static void
callback (HRESULT              hr,
          PVOID                data,
          SOCKET_ADDRESS_LIST *addresses,
          BOOL                 fatal)
{
  Resolve *self = data;

  g_assert_false (fatal);
  g_assert_false (g_atomic_int_get (&self->ended));
  g_mutex_lock (&self->lock);
  self->inside = TRUE;
  if (hr == DRT_E_NO_MORE)
    {
      g_assert_null (addresses);
      self->n_ends++;
    }
  else
    {
      g_assert_cmphex (hr, ==, S_OK);
      g_assert_cmpint (addresses->iAddressCount, >=, 1);
      g_assert_cmpint (addresses->Address[0].lpSockaddr->sa_family, ==, AF_INET6);
      self->n_found += addresses->iAddressCount;
    }
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  if (self->manner == END_INSIDE)
    {
      self->provider->EndResolve (self->provider->pvContext, self->context);
      g_atomic_int_set (&self->ended, TRUE);
    }
  if (self->manner == STAY_INSIDE)
    g_usleep (G_USEC_PER_SEC / 5);
  g_mutex_lock (&self->lock);
  self->inside = FALSE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static Resolve *
resolve_new (DRT_BOOTSTRAP_PROVIDER *provider,
             Manner                  manner,
             ULONG                   timeout)
{
  Resolve *self = g_new0 (Resolve, 1);
  BOOL fatal = TRUE;

  self->provider = provider;
  self->manner = manner;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_assert_cmphex (provider->InitResolve (provider->pvContext, FALSE, timeout, 20, &self->context, &fatal), ==, S_OK);
  g_assert_false (fatal);
  return self;
}

static void
issue (Resolve *self)
{
  BOOL fatal = TRUE;

  g_assert_cmphex (self->provider->IssueResolve (self->provider->pvContext, self, callback, self->context, &fatal), ==, S_OK);
  g_assert_false (fatal);
}

/* Until so much has come, the callback has been left, and no later than that. */
static void
wait_for (Resolve *self,
          guint    n_found,
          guint    n_ends)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  g_mutex_lock (&self->lock);
  while (self->n_found < n_found || self->n_ends < n_ends)
    g_assert_true (g_cond_wait_until (&self->changed, &self->lock, end));
  g_mutex_unlock (&self->lock);
}

static void
resolve_free (Resolve *self)
{
  if (!self->ended)
    self->provider->EndResolve (self->provider->pvContext, self->context);
  g_assert_true (self->manner == END_INSIDE || !self->inside);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

static guint
count_threads (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  guint n = 0;
  const char *task;

  while ((task = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *path = g_strdup_printf ("/proc/self/task/%s/comm", task);
      g_autofree char *name = NULL;

      if (g_file_get_contents (path, &name, NULL, NULL) && g_str_has_prefix (name, "drt"))
        n++;
    }
  return n;
}

static DRT_BOOTSTRAP_PROVIDER *
create (const WCHAR *name,
        gboolean     publish)
{
  DRT_BOOTSTRAP_PROVIDER *provider;

  g_assert_cmphex (DrtCreatePnrpBootstrapResolver (publish, name, L"Global_", NULL, &provider), ==, S_OK);
  g_assert_cmphex (provider->Attach (provider->pvContext), ==, S_OK);
  g_assert_cmphex (provider->Attach (provider->pvContext), ==, DRT_E_BOOTSTRAPPROVIDER_IN_USE);
  return provider;
}

static void
destroy (DRT_BOOTSTRAP_PROVIDER *provider)
{
  provider->Detach (provider->pvContext);
  DrtDeletePnrpBootstrapResolver (provider);
  g_assert_cmpuint (count_threads (), ==, 0);
}

static void
found_and_again (const WCHAR *name)
{
  DRT_BOOTSTRAP_PROVIDER *provider = create (name, FALSE);
  Resolve *resolve = resolve_new (provider, JUST_COUNT, 10000);

  for (guint turn = 1; turn <= 2; turn++)
    {
      issue (resolve);
      wait_for (resolve, turn, turn);
      g_assert_cmpuint (resolve->n_found, ==, turn);
      g_assert_cmpuint (resolve->n_ends, ==, turn);
    }
  resolve_free (resolve);
  destroy (provider);
}

static void
ended_early (const WCHAR *name)
{
  DRT_BOOTSTRAP_PROVIDER *provider = create (name, FALSE);
  Resolve *resolve = resolve_new (provider, END_INSIDE, 10000);

  issue (resolve);
  wait_for (resolve, 1, 0);
  while (!g_atomic_int_get (&resolve->ended))
    g_usleep (1000);
  g_mutex_lock (&resolve->lock);
  while (resolve->inside)
    g_cond_wait (&resolve->changed, &resolve->lock);
  g_mutex_unlock (&resolve->lock);

  /* From another thread, while one is inside: it waits. */
  Resolve *other = resolve_new (provider, STAY_INSIDE, 10000);
  issue (other);
  wait_for (other, 1, 0);
  resolve_free (other);

  /* At once, and the resolver with it. */
  for (guint i = 0; i < 20; i++)
    {
      other = resolve_new (provider, JUST_COUNT, 10000);
      issue (other);
      resolve_free (other);
    }
  destroy (provider);
  resolve_free (resolve);
}

/* The time is up before anything can be known. */
static void
out_of_time (const WCHAR *name)
{
  DRT_BOOTSTRAP_PROVIDER *provider = create (name, FALSE);
  Resolve *resolve = resolve_new (provider, JUST_COUNT, 0);
  gint64 begin = g_get_monotonic_time ();

  issue (resolve);
  wait_for (resolve, 0, 1);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, G_USEC_PER_SEC / 2);
  resolve_free (resolve);
  destroy (provider);
}

/* Deleted while everything is under way. */
static void
hurried (const WCHAR *name)
{
  const SOCKADDR_IN6 address = { .sin6_family = AF_INET6, .sin6_port = htons (5000), .sin6_addr = { { { 0x20, 1, 0xd, 0xb8 } } } };
  SOCKET_ADDRESS_LIST list = { 1, { { (SOCKADDR *) &address, sizeof address } } };

  for (guint i = 0; i < 20; i++)
    {
      DRT_BOOTSTRAP_PROVIDER *provider;
      Resolve *resolve;

      g_assert_true (SUCCEEDED (DrtCreatePnrpBootstrapResolver (TRUE, name, NULL, NULL, &provider)));
      g_assert_cmphex (provider->Attach (provider->pvContext), ==, S_OK);
      resolve = resolve_new (provider, JUST_COUNT, 10000);
      g_assert_cmphex (provider->Register (provider->pvContext, &list), ==, S_OK);
      issue (resolve);
      g_usleep (i * 500);
      resolve_free (resolve);
      if (i % 2 == 0)
        provider->Unregister (provider->pvContext);
      destroy (provider);
    }
}

/* The next status that is told. */
static DRT_STATUS
next_status (HDRT   drt,
             HANDLE event)
{
  for (;;)
    {
      g_autofree DRT_EVENT_DATA *data = NULL;
      ULONG size;

      if (DrtGetEventDataSize (drt, &size) == DRT_E_NO_MORE)
        {
          g_assert_true (drt_event_wait (event, PATIENCE / 1000));
          continue;
        }
      data = g_malloc0 (size);
      g_assert_cmphex (DrtGetEventData (drt, size, data), ==, S_OK);
      if (data->type == DRT_EVENT_STATUS_CHANGED)
        return data->statusChange.status;
    }
}

/* With the library's own thread, as a Windows program has it. */
static void
joined (const WCHAR *name)
{
  DRT_SETTINGS settings = {
    .dwSize = sizeof settings,
    .cbKey = 32,
    .bProtocolMajorVersion = 0x06,
    .bProtocolMinorVersion = 0x65,
    .ulMaxRoutingAddresses = 4,
    .eSecurityMode = DRT_SECURE_RESOLVE,
  };
  HANDLE event = drt_event_new ();
  USHORT port = 0;
  HDRT drt;

  g_assert_cmphex (DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, 0, 300, &port, &settings.hTransport), ==, S_OK);
  g_assert_cmphex (DrtCreateNullSecurityProvider (&settings.pSecurityProvider), ==, S_OK);
  g_assert_cmphex (DrtCreatePnrpBootstrapResolver (TRUE, name, NULL, NULL, &settings.pBootstrapProvider), ==, S_OK);
  g_assert_cmphex (DrtOpen (&settings, event, NULL, &drt), ==, S_OK);
  g_assert_cmpint (next_status (drt, event), ==, DRT_ACTIVE);
  g_assert_cmpuint (count_threads (), ==, 2);
  DrtClose (drt);
  DrtDeletePnrpBootstrapResolver (settings.pBootstrapProvider);
  DrtDeleteNullSecurityProvider (settings.pSecurityProvider);
  g_assert_cmphex (DrtDeleteIpv6UdpTransport (settings.hTransport), ==, S_OK);
  g_assert_cmpuint (count_threads (), ==, 0);
  drt_event_free (event);
}

int
main (int    argc,
      char **argv)
{
  g_autofree WCHAR *name = drt_wide_from_utf8 (argv[1]);

  found_and_again (name);
  joined (name);
  ended_early (name);
  out_of_time (name);
  hurried (L"another name");
  return 0;
}
