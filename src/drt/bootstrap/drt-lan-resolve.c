/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-lan-resolve.h"

#include <netinet/in.h>
#include <string.h>

#include "drt-alloc.h"
#include "drt-lan-name.h"

#define OUR_OWN      16    /* AVAHI_LOOKUP_RESULT_OUR_OWN: of the same connection */
#define NO_ADDRESS   8     /* AVAHI_LOOKUP_NO_ADDRESS: it would be only one of them */
#define IPV6         1     /* AVAHI_PROTO_INET6 */
#define CLASS_IN     1
#define TYPE_AAAA    28
#define MAX_ITEMS    64    /* looked into: anybody in the network may publish thousands */

/* A publisher on one interface, and the question for its addresses. */
typedef struct
{
  char *browser;      /* path */
  int interface;
  guint16 port;
  guint n_found;
} DrtLanHost;

struct _DrtLanResolve
{
  gatomicrefcount ref_count;
  DrtTeller teller;
  DrtAvahi *avahi;
  guint timeout;             /* milliseconds */
  guint max_results;

  /* Of the thread. */
  gboolean active;
  guint run;                 /* how often it was begun */
  gboolean asked;            /* the daemon for publishers */
  char *subtype;
  char *interface;           /* NULL: every one */
  char *browser;             /* path of the question for publishers */
  gboolean all_for_now;      /* that is all of them */
  GPtrArray *hosts;          /* DrtLanHost */
  GHashTable *instances;     /* asked for, by interface and name */
  GArray *found;             /* struct sockaddr_in6: told already */
  guint n_waiting;           /* for answers of the daemon */
  GSource *patience;
};

static void
host_free (gpointer data)
{
  DrtLanHost *host = data;

  g_free (host->browser);
  g_free (host);
}

/**
 * drt_lan_resolve_new:
 * @timeout: milliseconds
 * @max_results: as many addresses are enough
 *
 * Returns: (nullable): a search that has not begun; NULL when there is no memory
 */
DrtLanResolve *
drt_lan_resolve_new (DrtAvahi *avahi,
                     guint     timeout,
                     guint     max_results)
{
  DrtLanResolve *self = drt_try_alloc (sizeof (DrtLanResolve));

  if (self == NULL)
    return NULL;
  g_atomic_ref_count_init (&self->ref_count);
  drt_teller_init (&self->teller);
  self->avahi = drt_avahi_ref (avahi);
  self->timeout = timeout;
  self->max_results = max_results;
  self->hosts = g_ptr_array_new_with_free_func (host_free);
  self->instances = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->found = g_array_new (FALSE, FALSE, sizeof (struct sockaddr_in6));
  return self;
}

DrtLanResolve *
drt_lan_resolve_ref (DrtLanResolve *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
drt_lan_resolve_unref (DrtLanResolve *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  drt_teller_clear (&self->teller);
  g_ptr_array_unref (self->hosts);
  g_hash_table_unref (self->instances);
  g_array_unref (self->found);
  g_free (self->subtype);
  g_free (self->interface);
  g_free (self->browser);
  drt_avahi_unref (self->avahi);
  g_free (self);
}

DrtTeller *
drt_lan_resolve_get_teller (DrtLanResolve *self)
{
  return &self->teller;
}

gboolean
drt_lan_resolve_is_active (const DrtLanResolve *self)
{
  return self->active;
}

static void
free_browser (DrtLanResolve *self,
              char         **path,
              const char    *interface)
{
  if (*path != NULL)
    drt_avahi_call (self->avahi, *path, interface, "Free", NULL, NULL, NULL, NULL);
  g_clear_pointer (path, g_free);
}

/**
 * drt_lan_resolve_stop:
 *
 * Asks no more, and tells no more.
 */
void
drt_lan_resolve_stop (DrtLanResolve *self)
{
  if (!self->active)
    return;
  self->active = FALSE;
  if (self->patience != NULL)
    g_source_destroy (self->patience);
  g_clear_pointer (&self->patience, g_source_unref);
  free_browser (self, &self->browser, "ServiceBrowser");
  for (guint i = 0; i < self->hosts->len; i++)
    free_browser (self, &((DrtLanHost *) self->hosts->pdata[i])->browser, "RecordBrowser");
}

static void
finish (DrtLanResolve *self)
{
  if (!self->active)
    return;
  drt_lan_resolve_stop (self);
  drt_teller_finish (&self->teller);
}

/* That may have been the last that was waited for. */
static void
finish_if_done (DrtLanResolve *self)
{
  if (!self->active || !self->all_for_now || self->n_waiting > 0)
    return;
  for (guint i = 0; i < self->hosts->len; i++)
    if (((DrtLanHost *) self->hosts->pdata[i])->browser != NULL)
      return;
  finish (self);
}

static gboolean
out_of_patience_cb (gpointer data)
{
  finish (data);
  return G_SOURCE_REMOVE;
}

/* --- Addresses --- */

static gboolean
is_known (const DrtLanResolve       *self,
          const struct sockaddr_in6 *address)
{
  for (guint i = 0; i < self->found->len; i++)
    {
      const struct sockaddr_in6 *known = &g_array_index (self->found, struct sockaddr_in6, i);

      if (known->sin6_port == address->sin6_port && known->sin6_scope_id == address->sin6_scope_id &&
          memcmp (&known->sin6_addr, &address->sin6_addr, sizeof known->sin6_addr) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Each is told as it comes: who answers first is asked first. */
static void
take_address (DrtLanResolve         *self,
              const DrtLanHost      *host,
              const struct in6_addr *bytes)
{
  struct sockaddr_in6 address = {
    .sin6_family = AF_INET6,
    .sin6_port = htons (host->port),
    .sin6_addr = *bytes,
    .sin6_scope_id = IN6_IS_ADDR_LINKLOCAL (bytes) ? host->interface : 0,
  };
  SOCKET_ADDRESS_LIST list = {
    .iAddressCount = 1,
    .Address = { { (SOCKADDR *) &address, sizeof address } },
  };

  if (is_known (self, &address))
    return;
  g_array_append_val (self->found, address);
  if (!drt_teller_tell (&self->teller, S_OK, &list))
    drt_lan_resolve_stop (self);
  else if (self->found->len >= self->max_results)
    finish (self);
}

static void
host_signal (DrtLanResolve *self,
             DrtLanHost    *host,
             const char    *member,
             GVariant      *parameters)
{
  g_autoptr (GVariant) data = NULL;
  const struct in6_addr *bytes;
  gsize length;

  if (g_str_equal (member, "ItemNew") && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(iisqqayu)")))
    {
      g_variant_get (parameters, "(iisqq@ayu)", NULL, NULL, NULL, NULL, NULL, &data, NULL);
      bytes = g_variant_get_fixed_array (data, &length, 1);
      if (length != sizeof *bytes)
        return;
      host->n_found++;
      take_address (self, host, bytes);
    }
  else if (g_str_equal (member, "AllForNow") || g_str_equal (member, "Failure") ||
           (g_str_equal (member, "CacheExhausted") && host->n_found > 0))
    {
      free_browser (self, &host->browser, "RecordBrowser");
      finish_if_done (self);
    }
}

/* What an answer about one publisher is for. */
typedef struct
{
  DrtLanResolve *resolve;   /* a reference */
  guint run;                /* it is asked in */
  DrtLanHost host;
} DrtLanQuestion;

static DrtLanQuestion *
question_new (DrtLanResolve    *self,
              const DrtLanHost *host)
{
  DrtLanQuestion *question = g_new (DrtLanQuestion, 1);

  self->n_waiting++;
  *question = (DrtLanQuestion) { drt_lan_resolve_ref (self), self->run, *host };
  return question;
}

static void
question_free (DrtLanQuestion *question)
{
  drt_lan_resolve_unref (question->resolve);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DrtLanQuestion, question_free)

/* The answer has come; FALSE: it is of no use any more.  A search that ended by its
 * time may have been begun anew since. */
static gboolean
question_answered (const DrtLanQuestion *question)
{
  DrtLanResolve *self = question->resolve;

  if (question->run != self->run)
    return FALSE;
  self->n_waiting--;
  return self->active;
}

static void
addresses_cb (gpointer    data,
              GVariant   *answer,
              const char *error)
{
  g_autoptr (DrtLanQuestion) question = data;
  DrtLanResolve *self = question->resolve;
  gboolean wanted = question_answered (question);
  g_autofree char *path = NULL;

  if (answer != NULL)
    g_variant_get (answer, "(o)", &path);
  if (!wanted)
    free_browser (self, &path, "RecordBrowser");
  else if (path != NULL)
    {
      question->host.browser = g_steal_pointer (&path);
      g_ptr_array_add (self->hosts, g_memdup2 (&question->host, sizeof question->host));
    }
  finish_if_done (self);
}

/* --- Publishers --- */

static void
publisher_cb (gpointer    data,
              GVariant   *answer,
              const char *error)
{
  g_autoptr (DrtLanQuestion) question = data;
  DrtLanResolve *self = question->resolve;
  const char *name;

  if (question_answered (question) && answer != NULL)
    {
      DrtLanHost host = question->host;

      g_variant_get (answer, "(iisss&sisqaayu)", NULL, NULL, NULL, NULL, NULL, &name, NULL, NULL, &host.port, NULL, NULL);
      drt_avahi_call (self->avahi, "/", "Server", "RecordBrowserNew",
                      g_variant_new ("(iisqqu)", host.interface, DRT_AVAHI_ANY_PROTOCOL, name, CLASS_IN, TYPE_AAAA, 0),
                      "(o)", addresses_cb, question_new (self, &host));
    }
  finish_if_done (self);
}

/* Heard of once over IPv4 and once over IPv6, of which either may not get through.
 * Our own is of no use to us. */
static void
take_publisher (DrtLanResolve *self,
                GVariant      *parameters)
{
  const char *name, *type, *domain;
  DrtLanHost host = { 0 };
  int protocol;
  guint flags;

  g_variant_get (parameters, "(ii&s&s&su)", &host.interface, &protocol, &name, &type, &domain, &flags);
  if ((flags & OUR_OWN) != 0 || g_hash_table_size (self->instances) >= MAX_ITEMS ||
      !g_hash_table_add (self->instances, g_strdup_printf ("%d %d %s", host.interface, protocol, name)))
    return;
  drt_avahi_call (self->avahi, "/", "Server", "ResolveService",
                  g_variant_new ("(iisssiu)", host.interface, protocol, name, DRT_LAN_TYPE, domain, IPV6, NO_ADDRESS),
                  "(iissssisqaayu)", publisher_cb, question_new (self, &host));
}

static void
browser_cb (gpointer    data,
            GVariant   *answer,
            const char *error)
{
  g_autoptr (DrtLanQuestion) question = data;
  DrtLanResolve *self = question->resolve;
  gboolean wanted = question_answered (question);
  g_autofree char *path = NULL;

  if (answer != NULL)
    g_variant_get (answer, "(o)", &path);
  if (!wanted)
    free_browser (self, &path, "ServiceBrowser");
  else if (path == NULL)
    finish (self);
  else
    self->browser = g_steal_pointer (&path);
}

static void
ask (DrtLanResolve *self)
{
  int interface = self->interface != NULL ? (int) drt_lan_interface_to_index (self->interface) : DRT_AVAHI_ANY_INTERFACE;

  self->asked = TRUE;
  if (interface == 0)
    finish (self);
  else
    drt_avahi_call (self->avahi, "/", "Server", "ServiceBrowserNew",
                    g_variant_new ("(iissu)", interface, DRT_AVAHI_ANY_PROTOCOL, self->subtype, "", 0),
                    "(o)", browser_cb, question_new (self, &(DrtLanHost) { 0 }));
}

static gboolean
stop_cb (gpointer data)
{
  drt_lan_resolve_stop (data);
  return G_SOURCE_REMOVE;
}

/**
 * drt_lan_resolve_end:
 * @self: (transfer full): whose teller has ended
 *
 * From any thread, even after the resolver is gone.
 */
void
drt_lan_resolve_end (DrtLanResolve *self)
{
  drt_avahi_post (self->avahi, stop_cb, self, (GDestroyNotify) drt_lan_resolve_unref);
}

/**
 * drt_lan_resolve_start:
 * @subtype: of the peer name
 * @interface: (nullable): the only one to look at
 *
 * Begins to tell what is found, and ends with DRT_E_NO_MORE: when the daemon has
 * heard of no more publishers for a while, there are enough, or the time is up.
 */
void
drt_lan_resolve_start (DrtLanResolve *self,
                       const char    *subtype,
                       const char    *interface)
{
  g_set_str (&self->subtype, subtype);
  g_set_str (&self->interface, interface);
  self->active = TRUE;
  self->run++;
  self->n_waiting = 0;
  self->asked = self->all_for_now = FALSE;
  g_ptr_array_set_size (self->hosts, 0);
  g_hash_table_remove_all (self->instances);
  g_array_set_size (self->found, 0);
  self->patience = drt_avahi_later (self->avahi, self->timeout, out_of_patience_cb, self);
  drt_lan_resolve_state (self, drt_avahi_get_state (self->avahi));
}

/* Without a daemon there is nobody; one that goes takes its questions with it. */
void
drt_lan_resolve_state (DrtLanResolve *self,
                       DrtAvahiState  state)
{
  if (!self->active)
    return;
  if (state == DRT_AVAHI_ABSENT)
    finish (self);
  else if (state != DRT_AVAHI_UNKNOWN && !self->asked)
    ask (self);
}

void
drt_lan_resolve_signal (DrtLanResolve *self,
                        const char    *path,
                        const char    *member,
                        GVariant      *parameters)
{
  if (!self->active)
    return;
  for (guint i = 0; i < self->hosts->len; i++)
    {
      DrtLanHost *host = self->hosts->pdata[i];

      if (g_strcmp0 (host->browser, path) == 0)
        {
          host_signal (self, host, member, parameters);
          return;
        }
    }
  if (g_strcmp0 (self->browser, path) != 0)
    return;
  if (g_str_equal (member, "ItemNew") && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(iisssu)")))
    take_publisher (self, parameters);
  else if (g_str_equal (member, "AllForNow") || g_str_equal (member, "Failure"))
    {
      self->all_for_now = TRUE;
      finish_if_done (self);
    }
}
