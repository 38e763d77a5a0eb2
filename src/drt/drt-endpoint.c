/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-endpoint.h"

#include <arpa/inet.h>
#include <string.h>

/**
 * drt_endpoint_equal:
 * @a: an endpoint
 * @b: an endpoint
 *
 * Returns: whether address and port of both are the same
 */
gboolean
drt_endpoint_equal (const DrtEndpoint *a, const DrtEndpoint *b)
{
  return a->port == b->port && memcmp (&a->address, &b->address, sizeof a->address) == 0;
}

/**
 * drt_endpoint_hash:
 * @endpoint: a #DrtEndpoint
 *
 * A #GHashFunc for endpoints.
 *
 * Returns: the hash
 */
guint
drt_endpoint_hash (gconstpointer endpoint)
{
  const DrtEndpoint *self = endpoint;
  guint64 halves[2];
  guint64 hash;

  memcpy (halves, &self->address, sizeof halves);
  hash = (halves[0] ^ self->port) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  hash ^= hash >> 32;
  hash = (hash ^ halves[1]) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);

  return (guint) (hash >> 32);
}

/**
 * drt_endpoint_parse:
 * @text: `[address]:port`, the address in any form of IPv6 without a zone, the
 *   port in decimal
 * @endpoint: (out): where to store the endpoint
 *
 * Reads an endpoint as people write it.  Names are not looked up, and nothing
 * may stand around it.
 *
 * Returns: %TRUE, or %FALSE with @endpoint untouched when @text is no endpoint
 *   or its port is not 1 to 65535
 */
gboolean
drt_endpoint_parse (const char *text, DrtEndpoint *endpoint)
{
  char name[INET6_ADDRSTRLEN];
  struct in6_addr address;
  const char *end;
  gsize length;
  guint64 port;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (endpoint != NULL, FALSE);

  if (text[0] != '[')
    return FALSE;

  end = strchr (text, ']');
  if (end == NULL || end[1] != ':')
    return FALSE;

  length = (gsize) (end - text) - 1;
  if (length >= sizeof name)
    return FALSE;

  memcpy (name, text + 1, length);
  name[length] = '\0';

  if (inet_pton (AF_INET6, name, &address) != 1 ||
      !g_ascii_string_to_unsigned (end + 2, 10, 1, G_MAXUINT16, &port, NULL))
    return FALSE;

  endpoint->address = address;
  endpoint->port = (guint16) port;
  return TRUE;
}

/**
 * drt_endpoint_format:
 * @endpoint: an endpoint
 * @text: (out): where to write `[address]:port` and a NUL
 *
 * Writes an endpoint as people read it, the address in its shortest form.
 */
void
drt_endpoint_format (const DrtEndpoint *endpoint, char text[DRT_ENDPOINT_TEXT_SIZE])
{
  char name[INET6_ADDRSTRLEN];

  g_return_if_fail (endpoint != NULL);
  g_return_if_fail (text != NULL);

  /* Cannot fail: the family is known and the room suffices. */
  inet_ntop (AF_INET6, &endpoint->address, name, sizeof name);
  g_snprintf (text, DRT_ENDPOINT_TEXT_SIZE, "[%s]:%u", name, endpoint->port);
}

/**
 * drt_endpoint_to_string:
 * @endpoint: an endpoint
 *
 * Returns: (transfer full): what drt_endpoint_format() writes; free with g_free()
 */
char *
drt_endpoint_to_string (const DrtEndpoint *endpoint)
{
  char *text;

  g_return_val_if_fail (endpoint != NULL, NULL);

  text = g_malloc (DRT_ENDPOINT_TEXT_SIZE);
  drt_endpoint_format (endpoint, text);

  return text;
}

/**
 * drt_endpoint_from_sockaddr:
 * @endpoint: (out): where to store the endpoint
 * @address: a socket address; need not be aligned
 * @length: its length in bytes
 *
 * Takes an endpoint from a socket address.  The zone is left behind.
 *
 * Returns: %TRUE, or %FALSE with @endpoint untouched when @address is not of
 *   the IPv6 family or too short
 */
gboolean
drt_endpoint_from_sockaddr (DrtEndpoint *endpoint, const struct sockaddr *address, gsize length)
{
  struct sockaddr_in6 in6;

  g_return_val_if_fail (endpoint != NULL, FALSE);

  if (address == NULL || length < sizeof in6)
    return FALSE;

  memcpy (&in6, address, sizeof in6);
  if (in6.sin6_family != AF_INET6)
    return FALSE;

  endpoint->address = in6.sin6_addr;
  endpoint->port = g_ntohs (in6.sin6_port);
  return TRUE;
}

/**
 * drt_endpoint_to_sockaddr:
 * @endpoint: an endpoint
 * @address: (out): the socket address, zone 0
 *
 * Makes a socket address of an endpoint.  For a link-local address the caller
 * sets the zone.
 */
void
drt_endpoint_to_sockaddr (const DrtEndpoint *endpoint, struct sockaddr_in6 *address)
{
  g_return_if_fail (endpoint != NULL);
  g_return_if_fail (address != NULL);

  memset (address, 0, sizeof *address);
  address->sin6_family = AF_INET6;
  address->sin6_port = g_htons (endpoint->port);
  address->sin6_addr = endpoint->address;
}
