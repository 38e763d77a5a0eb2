/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-service-addresses.h"

#include "drt-alloc.h"
#include "drt-endpoint.h"

/**
 * drt_service_addresses_to_wire:
 * @list: (nullable): none is an empty one
 * @bytes: room for DRT_MAX_ROUTING_ADDRESSES endpoints
 * @endpoints: (out): points to @bytes
 *
 * Returns: %FALSE: not all are IPv6, or there are more than a route entry can name
 */
gboolean
drt_service_addresses_to_wire (const SOCKET_ADDRESS_LIST *list,
                               guint8                    *bytes,
                               DrtWireEndpoints          *endpoints)
{
  *endpoints = (DrtWireEndpoints) { 0, bytes };
  if (list == NULL)
    return TRUE;
  if (list->iAddressCount < 0 || list->iAddressCount > DRT_MAX_ROUTING_ADDRESSES)
    return FALSE;
  for (int i = 0; i < list->iAddressCount; i++)
    {
      const SOCKET_ADDRESS *address = &list->Address[i];
      DrtEndpoint endpoint;

      if (address->lpSockaddr == NULL || address->iSockaddrLength < 0 ||
          !drt_endpoint_from_sockaddr (&endpoint, address->lpSockaddr, address->iSockaddrLength))
        return FALSE;
      drt_wire_endpoint_put (bytes + i * DRT_WIRE_ENDPOINT_SIZE, &endpoint);
    }
  endpoints->n_endpoints = list->iAddressCount;
  return TRUE;
}

/**
 * drt_service_addresses_from_wire:
 * @endpoints: as a CPA has them
 *
 * Returns: (transfer full) (nullable): one block, the list and then what it points
 *   to, so that one g_free() is enough; %NULL: no memory
 */
SOCKET_ADDRESS_LIST *
drt_service_addresses_from_wire (const DrtWireEndpoints *endpoints)
{
  gsize head = MAX (SIZEOF_SOCKET_ADDRESS_LIST (endpoints->n_endpoints), sizeof (SOCKET_ADDRESS_LIST));
  SOCKET_ADDRESS_LIST *list = drt_try_alloc (head + endpoints->n_endpoints * sizeof (SOCKADDR_IN6));
  SOCKADDR_IN6 *addresses;

  if (list == NULL)
    return NULL;
  addresses = (SOCKADDR_IN6 *) ((guint8 *) list + head);
  list->iAddressCount = endpoints->n_endpoints;
  for (guint i = 0; i < endpoints->n_endpoints; i++)
    {
      DrtEndpoint endpoint;

      drt_wire_endpoints_get (endpoints, i, &endpoint);
      drt_endpoint_to_sockaddr (&endpoint, &addresses[i]);
      list->Address[i].lpSockaddr = (SOCKADDR *) &addresses[i];
      list->Address[i].iSockaddrLength = sizeof (SOCKADDR_IN6);
    }
  return list;
}
