/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-host-network.h"

#include <linux/if_addr.h>
#include <net/if.h>
#include <string.h>

#include "drt-netlink.h"

/* An interface can be talked over: it is up, and there is a carrier. */
#define IN_USE (IFF_UP | IFF_RUNNING)

/* Not yet ours, or found to be somebody else's (RFC 4862). */
#define NOT_OURS (IFA_F_TENTATIVE | IFA_F_DADFAILED)

static void
take_link (gpointer         data,
           struct nlmsghdr *message)
{
  const struct ifinfomsg *link = NLMSG_DATA (message);

  if (message->nlmsg_type == RTM_NEWLINK && message->nlmsg_len >= NLMSG_LENGTH (sizeof *link))
    g_hash_table_insert (data, GINT_TO_POINTER (link->ifi_index), GUINT_TO_POINTER (link->ifi_flags));
}

/* What a dump of addresses is put into. */
typedef struct
{
  GHashTable *links;    /* index -> flags */
  GArray *addresses;    /* DrtHostAddress */
} DrtAddressDump;

/* Of a point-to-point link IFA_LOCAL is ours, and IFA_ADDRESS the other end's. */
static gboolean
read_address (struct nlmsghdr *message,
              struct in6_addr *address,
              guint32         *flags)
{
  const struct ifaddrmsg *header = NLMSG_DATA (message);
  int length = IFA_PAYLOAD (message);
  gboolean found = FALSE, local = FALSE;

  *flags = header->ifa_flags;
  for (struct rtattr *i = IFA_RTA (header); RTA_OK (i, length); i = RTA_NEXT (i, length))
    if (i->rta_type == IFA_FLAGS && RTA_PAYLOAD (i) == sizeof *flags)
      memcpy (flags, RTA_DATA (i), sizeof *flags);
    else if ((i->rta_type == IFA_LOCAL || (i->rta_type == IFA_ADDRESS && !local)) && RTA_PAYLOAD (i) == sizeof *address)
      {
        memcpy (address, RTA_DATA (i), sizeof *address);
        local = i->rta_type == IFA_LOCAL;
        found = TRUE;
      }
  return found;
}

static void
take_address (gpointer         data,
              struct nlmsghdr *message)
{
  DrtAddressDump *self = data;
  const struct ifaddrmsg *header = NLMSG_DATA (message);
  guint link, flags = 0;
  DrtHostAddress address = { 0 };

  if (message->nlmsg_type != RTM_NEWADDR || message->nlmsg_len < NLMSG_LENGTH (sizeof *header) ||
      header->ifa_family != AF_INET6 || !read_address (message, &address.address, &flags))
    return;
  link = GPOINTER_TO_UINT (g_hash_table_lookup (self->links, GINT_TO_POINTER (header->ifa_index)));
  if ((link & IN_USE) != IN_USE || (flags & NOT_OURS) != 0)
    return;
  address.interface = header->ifa_index;
  address.loopback = (link & IFF_LOOPBACK) != 0;
  address.deprecated = (flags & IFA_F_DEPRECATED) != 0;
  g_array_append_val (self->addresses, address);
}

static gboolean
system_list (GArray *addresses)
{
  g_autoptr (GHashTable) links = g_hash_table_new (NULL, NULL);
  DrtAddressDump dump = { links, addresses };

  return drt_netlink_dump (RTM_GETLINK, AF_UNSPEC, take_link, links) &&
         drt_netlink_dump (RTM_GETADDR, AF_INET6, take_address, &dump);
}

static gboolean
system_has_interface (guint interface)
{
  char name[IF_NAMESIZE];

  return if_indextoname (interface, name) != NULL;
}

static const DrtHostNetwork system_network = { system_list, system_has_interface, drt_netlink_watch };
static const DrtHostNetwork *network = &system_network;

/* For tests: another host; NULL for the real one again. */
void
drt_host_network_set (const DrtHostNetwork *other)
{
  g_atomic_pointer_set (&network, other != NULL ? other : &system_network);
}

static const DrtHostNetwork *
get_network (void)
{
  return g_atomic_pointer_get (&network);
}

/**
 * drt_host_network_watch:
 *
 * Returns: a descriptor that becomes readable when drt_host_network_select() may
 *   have another answer, to be closed; -1: that can be found out only by asking
 */
int
drt_host_network_watch (void)
{
  return get_network ()->watch != NULL ? get_network ()->watch () : -1;
}

/* Makes the descriptor unreadable until something changes again.  FALSE: it is of
 * no use any more. */
gboolean
drt_host_network_drain (int fd)
{
  return drt_netlink_drain (fd);
}

/* Whether there is an interface of this index, up or not. */
gboolean
drt_host_network_has_interface (guint interface)
{
  return get_network ()->has_interface (interface);
}

/* Whether this is the loopback interface, and up. */
gboolean
drt_host_network_is_loopback (guint interface)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (DrtHostAddress));

  get_network ()->list (all);
  for (guint i = 0; i < all->len; i++)
    {
      const DrtHostAddress *address = &g_array_index (all, DrtHostAddress, i);

      if (address->interface == interface && address->loopback)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_unique_local (const struct in6_addr *address)
{
  return (address->s6_addr[0] & 0xfe) == 0xfc;
}

/* Whether an address is of the scope.  ::1 is global for whom nothing else is:
 * see drt_host_network_select(). */
static gboolean
is_of_scope (const DrtHostAddress *host,
             DRT_SCOPE             scope)
{
  const struct in6_addr *address = &host->address;

  if (IN6_IS_ADDR_UNSPECIFIED (address) || IN6_IS_ADDR_MULTICAST (address) ||
      IN6_IS_ADDR_LOOPBACK (address) || IN6_IS_ADDR_V4MAPPED (address))
    return FALSE;
  switch (scope)
    {
    case DRT_LINK_LOCAL_SCOPE:
      return IN6_IS_ADDR_LINKLOCAL (address);
    case DRT_SITE_LOCAL_SCOPE:
      return IN6_IS_ADDR_SITELOCAL (address);
    default:
      return !IN6_IS_ADDR_LINKLOCAL (address) && !IN6_IS_ADDR_SITELOCAL (address);
    }
}

/* Addresses that last before those about to go; global ones before unique local
 * ones, which lead less far; otherwise by value, so that the same addresses always
 * make the same list. */
static int
compare_addresses (gconstpointer a,
                   gconstpointer b)
{
  const DrtHostAddress *first = a, *second = b;
  gboolean first_local = is_unique_local (&first->address);
  gboolean second_local = is_unique_local (&second->address);

  if (first->deprecated != second->deprecated)
    return first->deprecated ? 1 : -1;
  if (first_local != second_local)
    return first_local ? 1 : -1;
  if (first->interface != second->interface && IN6_IS_ADDR_LINKLOCAL (&first->address))
    return first->interface < second->interface ? -1 : 1;
  return memcmp (&first->address, &second->address, sizeof first->address);
}

/* What is left when the host has nothing of the scope: its own ::1, when the whole
 * host or just the loopback interface was asked for.  A mesh on one host then
 * still works, as for demonstrations and tests. */
static guint
select_loopback (const GArray    *all,
                 guint32          interface,
                 struct in6_addr *address)
{
  for (guint i = 0; i < all->len; i++)
    {
      const DrtHostAddress *host = &g_array_index (all, DrtHostAddress, i);

      if (IN6_IS_ADDR_LOOPBACK (&host->address) && (interface == 0 || host->interface == interface))
        {
          *address = host->address;
          return 1;
        }
    }
  return 0;
}

/* Puts @address behind the @n there are, if it is not one of them.  Returns how
 * many there are now. */
static guint
add_address (struct in6_addr       *addresses,
             guint                  n,
             const struct in6_addr *address)
{
  for (guint i = 0; i < n; i++)
    if (memcmp (&addresses[i], address, sizeof *address) == 0)
      return n;
  addresses[n] = *address;
  return n + 1;
}

/**
 * drt_host_network_select:
 * @scope: which addresses
 * @zone: (inout): an interface index, or 0 for any.  Link-local addresses
 *   are of one interface: the first that has any is taken for 0, and written back
 * @addresses: (out): room for @max_addresses
 * @n_addresses: (out): how many of the scope there are, at most @max_addresses;
 *   the same ones in the same order as long as the host's do not change
 *
 * Returns: FALSE: it could not be found out, for want of descriptors or memory
 */
gboolean
drt_host_network_select (DRT_SCOPE        scope,
                         guint32         *zone,
                         struct in6_addr *addresses,
                         guint            max_addresses,
                         guint           *n_addresses)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (DrtHostAddress));
  g_autoptr (GArray) fit = g_array_new (FALSE, FALSE, sizeof (DrtHostAddress));

  *n_addresses = 0;
  if (!get_network ()->list (all))
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    {
      const DrtHostAddress *host = &g_array_index (all, DrtHostAddress, i);

      if (is_of_scope (host, scope) && (*zone == 0 || host->interface == *zone))
        g_array_append_val (fit, *host);
    }
  if (fit->len == 0 && scope == DRT_GLOBAL_SCOPE && max_addresses > 0)
    *n_addresses = select_loopback (all, *zone, addresses);

  g_array_sort (fit, compare_addresses);
  if (scope == DRT_LINK_LOCAL_SCOPE && *zone == 0 && fit->len > 0)
    *zone = g_array_index (fit, DrtHostAddress, 0).interface;
  for (guint i = 0; i < fit->len && *n_addresses < max_addresses; i++)
    {
      const DrtHostAddress *host = &g_array_index (fit, DrtHostAddress, i);

      if (scope != DRT_LINK_LOCAL_SCOPE || host->interface == *zone)
        *n_addresses = add_address (addresses, *n_addresses, &host->address);
    }
  return TRUE;
}
