/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-lan-publication.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "drt-lan-name.h"

#define NO_REVERSE  16            /* AVAHI_PUBLISH_NO_REVERSE: the daemon's own name is what an address leads to */
#define COLLISION   3             /* of the states of an entry group */
#define FAILURE     4
#define TRY_AGAIN   (5 * 1000)    /* milliseconds */

struct _DrtLanPublication
{
  DrtAvahi *avahi;       /* not owned */
  char *name;
  char *interface;       /* of the cloud; NULL: every one */
  GArray *addresses;     /* struct sockaddr_in6; empty: nothing is published */
  gboolean running;      /* the daemon publishes */
  guint attempt;         /* tells answers to an earlier one apart */
  char *group;           /* path of what is published now */
  GSource *again;
};

/* What an answer is about.  The publication is there until all answers have come. */
typedef struct
{
  DrtLanPublication *self;
  guint attempt;
} Attempt;

static gboolean
is_of (const DrtLanPublication *self,
       int (*test) (const struct in6_addr *address))
{
  for (guint i = 0; i < self->addresses->len; i++)
    if (!test (&g_array_index (self->addresses, struct sockaddr_in6, i).sin6_addr))
      return FALSE;
  return TRUE;
}

static int
is_loopback (const struct in6_addr *address)
{
  return IN6_IS_ADDR_LOOPBACK (address);
}

static int
is_link_local (const struct in6_addr *address)
{
  return IN6_IS_ADDR_LINKLOCAL (address);
}

/* Where the addresses lead to this host; 0: nowhere.  One that only this host
 * reaches is told to it alone. */
static int
choose_interface (const DrtLanPublication *self)
{
  guint zone = g_array_index (self->addresses, struct sockaddr_in6, 0).sin6_scope_id;

  if (is_of (self, is_loopback))
    return if_nametoindex ("lo");
  if (self->interface != NULL)
    return drt_lan_interface_to_index (self->interface);
  if (is_of (self, is_link_local) && zone != 0)
    return zone;
  return DRT_AVAHI_ANY_INTERFACE;
}

static void
withdraw (DrtLanPublication *self)
{
  self->attempt++;
  if (self->again != NULL)
    g_source_destroy (self->again);
  g_clear_pointer (&self->again, g_source_unref);
  if (self->group != NULL)
    drt_avahi_call (self->avahi, self->group, "EntryGroup", "Free", NULL, NULL, NULL, NULL);
  g_clear_pointer (&self->group, g_free);
}

static void publish (DrtLanPublication *self);

static gboolean
again_cb (gpointer data)
{
  publish (data);
  return G_SOURCE_REMOVE;
}

/* @soon: under another name, rather than when things may have changed. */
static void
publish_again (DrtLanPublication *self,
               gboolean           soon)
{
  withdraw (self);
  self->again = drt_avahi_later (self->avahi, soon ? 0 : TRY_AGAIN, again_cb, self);
}

static void
added_cb (gpointer    data,
          GVariant   *answer,
          const char *error)
{
  g_autofree Attempt *attempt = data;

  if (answer == NULL && attempt->attempt == attempt->self->attempt)
    publish_again (attempt->self, g_str_equal (error, "org.freedesktop.Avahi.CollisionError"));
}

/* A TXT record of these strings, which have no NUL there. */
static GVariant *
make_text (const char *const *strings)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aay"));

  for (; *strings != NULL; strings++)
    g_variant_builder_add_value (&builder, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, *strings, strlen (*strings), 1));
  return g_variant_builder_end (&builder);
}

/* One call of the group that is being filled.  They are done in the order they
 * are made in. */
static void
add (DrtLanPublication *self,
     const char        *method,
     GVariant          *arguments)
{
  Attempt *attempt = g_new (Attempt, 1);

  *attempt = (Attempt) { self, self->attempt };
  drt_avahi_call (self->avahi, self->group, "EntryGroup", method, arguments, NULL, added_cb, attempt);
}

/* The host name is one of our own: the daemon's leads to all addresses of the host,
 * and the node listens on those of its scope. */
static void
fill_group (DrtLanPublication *self)
{
  const struct sockaddr_in6 *addresses = (const struct sockaddr_in6 *) (gpointer) self->addresses->data;
  guint32 number = g_random_int ();
  g_autofree char *instance = drt_lan_name_to_instance (self->name, number);
  g_autofree char *host = g_strdup_printf ("drt-%08x.local", number);
  g_autofree char *subtype = drt_lan_name_to_subtype (self->name);
  g_autofree char *peer = drt_lan_name_to_text (self->name);
  const char *const text[] = { "txtvers=1", peer, NULL };
  int interface = choose_interface (self);

  for (guint i = 0; i < self->addresses->len; i++)
    {
      char address[INET6_ADDRSTRLEN];

      inet_ntop (AF_INET6, &addresses[i].sin6_addr, address, sizeof address);
      add (self, "AddAddress", g_variant_new ("(iiuss)", interface, DRT_AVAHI_ANY_PROTOCOL, NO_REVERSE, host, address));
    }
  add (self, "AddService",
       g_variant_new ("(iiussssq@aay)", interface, DRT_AVAHI_ANY_PROTOCOL, 0, instance, DRT_LAN_TYPE, "", host,
                      ntohs (addresses[0].sin6_port), make_text (text)));
  add (self, "AddServiceSubtype",
       g_variant_new ("(iiussss)", interface, DRT_AVAHI_ANY_PROTOCOL, 0, instance, DRT_LAN_TYPE, "", subtype));
  add (self, "Commit", NULL);
}

static void
group_cb (gpointer    data,
          GVariant   *answer,
          const char *error)
{
  g_autofree Attempt *attempt = data;
  DrtLanPublication *self = attempt->self;
  const char *path = NULL;

  if (answer != NULL)
    g_variant_get (answer, "(&o)", &path);
  if (attempt->attempt != self->attempt)
    {
      if (path != NULL)
        drt_avahi_call (self->avahi, path, "EntryGroup", "Free", NULL, NULL, NULL, NULL);
    }
  else if (path == NULL)
    publish_again (self, FALSE);
  else
    {
      self->group = g_strdup (path);
      fill_group (self);
    }
}

static void
publish (DrtLanPublication *self)
{
  Attempt *attempt;

  withdraw (self);
  if (!self->running || self->addresses->len == 0)
    return;
  if (choose_interface (self) == 0)
    {
      publish_again (self, FALSE);
      return;
    }
  attempt = g_new (Attempt, 1);
  *attempt = (Attempt) { self, self->attempt };
  drt_avahi_call (self->avahi, "/", "Server", "EntryGroupNew", NULL, "(o)", group_cb, attempt);
}

/**
 * drt_lan_publication_new:
 * @avahi: its connection, which stays longer
 * @name: the peer name
 * @interface: (nullable): the only interface
 *
 * Returns: (transfer full): a publication of nothing yet
 */
DrtLanPublication *
drt_lan_publication_new (DrtAvahi   *avahi,
                         const char *name,
                         const char *interface)
{
  DrtLanPublication *self = g_new0 (DrtLanPublication, 1);

  self->avahi = avahi;
  self->name = g_strdup (name);
  self->interface = g_strdup (interface);
  self->addresses = g_array_new (FALSE, FALSE, sizeof (struct sockaddr_in6));
  return self;
}

/* Once no answer will come any more. */
void
drt_lan_publication_free (DrtLanPublication *self)
{
  if (self->again != NULL)
    g_source_destroy (self->again);
  g_clear_pointer (&self->again, g_source_unref);
  g_free (self->group);
  g_array_unref (self->addresses);
  g_free (self->name);
  g_free (self->interface);
  g_free (self);
}

/**
 * drt_lan_publication_set:
 * @addresses: of struct sockaddr_in6, all of one port; none to publish nothing
 *
 * Publishes these instead of those before.
 */
void
drt_lan_publication_set (DrtLanPublication *self,
                         GArray            *addresses)
{
  g_array_unref (self->addresses);
  self->addresses = g_array_ref (addresses);
  publish (self);
}

/* What was published is gone with the daemon, or must not stay while it has no
 * name of its own. */
void
drt_lan_publication_state (DrtLanPublication *self,
                           DrtAvahiState      state)
{
  self->running = state == DRT_AVAHI_RUNNING;
  if (state == DRT_AVAHI_ABSENT)
    g_clear_pointer (&self->group, g_free);
  publish (self);
}

void
drt_lan_publication_signal (DrtLanPublication *self,
                            const char        *path,
                            const char        *member,
                            GVariant          *parameters)
{
  int state;

  if (g_strcmp0 (path, self->group) != 0 || !g_str_equal (member, "StateChanged") ||
      !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(is)")))
    return;
  g_variant_get (parameters, "(is)", &state, NULL);
  if (state == COLLISION || state == FAILURE)
    publish_again (self, state == COLLISION);
}
