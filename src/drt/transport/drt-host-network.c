/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-host-network.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

static void
system_list (GArray *addresses)
{
  struct ifaddrs *all = NULL;

  if (getifaddrs (&all) != 0)
    return;

  for (struct ifaddrs *i = all; i != NULL; i = i->ifa_next)
    {
      DrtHostAddress address;

      if (i->ifa_addr == NULL || i->ifa_addr->sa_family != AF_INET6 || (i->ifa_flags & IFF_UP) == 0)
        continue;
      address.interface = if_nametoindex (i->ifa_name);
      address.loopback = (i->ifa_flags & IFF_LOOPBACK) != 0;
      address.address = ((struct sockaddr_in6 *) i->ifa_addr)->sin6_addr;
      g_array_append_val (addresses, address);
    }
  freeifaddrs (all);
}

static gboolean
system_has_interface (guint interface)
{
  char name[IF_NAMESIZE];

  return if_indextoname (interface, name) != NULL;
}

static const DrtHostNetwork system_network = { system_list, system_has_interface };
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

/* Global addresses before unique local ones, which lead less far; otherwise by
 * value, so that the same addresses always make the same list. */
static int
compare_addresses (gconstpointer a,
                   gconstpointer b)
{
  const DrtHostAddress *first = a, *second = b;
  gboolean first_local = is_unique_local (&first->address);
  gboolean second_local = is_unique_local (&second->address);

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

/**
 * drt_host_network_select:
 * @scope: which addresses
 * @zone: (inout): an interface index, or 0 for any.  Link-local addresses
 *   are of one interface: the first that has any is taken for 0, and written back
 * @addresses: (out): room for @max_addresses
 *
 * Returns: how many addresses of the scope there are, at most @max_addresses;
 *   the same ones in the same order as long as the host's do not change
 */
guint
drt_host_network_select (DRT_SCOPE        scope,
                         guint32         *zone,
                         struct in6_addr *addresses,
                         guint            max_addresses)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (DrtHostAddress));
  g_autoptr (GArray) fit = g_array_new (FALSE, FALSE, sizeof (DrtHostAddress));
  guint n = 0;

  get_network ()->list (all);
  for (guint i = 0; i < all->len; i++)
    {
      const DrtHostAddress *host = &g_array_index (all, DrtHostAddress, i);

      if (is_of_scope (host, scope) && (*zone == 0 || host->interface == *zone))
        g_array_append_val (fit, *host);
    }
  if (fit->len == 0)
    return scope == DRT_GLOBAL_SCOPE && max_addresses > 0 ? select_loopback (all, *zone, addresses) : 0;

  g_array_sort (fit, compare_addresses);
  if (scope == DRT_LINK_LOCAL_SCOPE && *zone == 0)
    *zone = g_array_index (fit, DrtHostAddress, 0).interface;
  for (guint i = 0; i < fit->len && n < max_addresses; i++)
    {
      const DrtHostAddress *host = &g_array_index (fit, DrtHostAddress, i);

      if (scope == DRT_LINK_LOCAL_SCOPE && host->interface != *zone)
        continue;
      if (n > 0 && memcmp (&addresses[n - 1], &host->address, sizeof host->address) == 0)
        continue;
      addresses[n++] = host->address;
    }
  return n;
}
