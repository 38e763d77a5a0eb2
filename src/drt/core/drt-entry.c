/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-entry.h"


#include <string.h>

/**
 * drt_entry_new:
 * @key: the published key
 * @major: DRT major version of the publisher
 * @minor: DRT minor version of the publisher
 * @addresses: where it is published, all of one port
 * @n_addresses: 1 .. 20
 *
 * Returns: (transfer full): a new entry that nothing is known of yet
 */
DrtEntry *
drt_entry_new (const DrtKey      *key,
               guint8             major,
               guint8             minor,
               const DrtEndpoint *addresses,
               guint              n_addresses)
{
  DrtEntry *entry;

  g_assert (n_addresses > 0 && n_addresses <= DRT_MAX_ENTRY_ADDRESSES);

  entry = g_malloc0 (sizeof (DrtEntry) + n_addresses * sizeof (DrtEndpoint));
  entry->key = *key;
  entry->major = major;
  entry->minor = minor;
  entry->round_trip.smoothed = -1;
  entry->n_addresses = n_addresses;
  memcpy (entry->addresses, addresses, n_addresses * sizeof (DrtEndpoint));
  return entry;
}

DrtEntry *
drt_entry_new_from_wire (const DrtWireEntry *wire)
{
  DrtEndpoint addresses[DRT_MAX_ENTRY_ADDRESSES];

  for (guint i = 0; i < wire->n_addresses; i++)
    drt_wire_entry_get_endpoint (wire, i, &addresses[i]);
  return drt_entry_new (&wire->key, wire->major, wire->minor, addresses, wire->n_addresses);
}

DrtEntry *
drt_entry_copy (const DrtEntry *entry)
{
  return g_memdup2 (entry, sizeof (DrtEntry) + entry->n_addresses * sizeof (DrtEndpoint));
}

void
drt_entry_free (DrtEntry *entry)
{
  g_free (entry);
}

gboolean
drt_entry_has_endpoint (const DrtEntry    *entry,
                        const DrtEndpoint *endpoint)
{
  for (guint i = 0; i < entry->n_addresses; i++)
    if (drt_endpoint_equal (&entry->addresses[i], endpoint))
      return TRUE;
  return FALSE;
}

/* The order of addresses says nothing, so it is not compared. */
gboolean
drt_entry_same_addresses (const DrtEntry *a,
                          const DrtEntry *b)
{
  if (a->n_addresses != b->n_addresses)
    return FALSE;
  for (guint i = 0; i < a->n_addresses; i++)
    if (!drt_entry_has_endpoint (b, &a->addresses[i]))
      return FALSE;
  return TRUE;
}

void
drt_entry_leave_unanswered (DrtEntry *entry)
{
  entry->n_unanswered += entry->n_unanswered < G_MAXUINT8;
}

/**
 * drt_entry_to_wire:
 * @entry: an entry
 * @wire: (out): the same for the codec
 * @addresses: (out): keeps the bytes @wire points to
 */
void
drt_entry_to_wire (const DrtEntry    *entry,
                   DrtWireEntry      *wire,
                   DrtEntryAddresses *addresses)
{
  for (guint i = 0; i < entry->n_addresses; i++)
    memcpy (addresses->bytes + i * 16, &entry->addresses[i].address, 16);
  wire->key = entry->key;
  wire->major = entry->major;
  wire->minor = entry->minor;
  wire->port = entry->addresses[0].port;
  wire->n_addresses = entry->n_addresses;
  wire->addresses = addresses->bytes;
}

static guint
common_prefix (const struct in6_addr *a,
               const struct in6_addr *b)
{
  for (guint i = 0; i < 16; i++)
    {
      guint8 difference = a->s6_addr[i] ^ b->s6_addr[i];

      if (difference != 0)
        return i * 8 + (guint) __builtin_clz (difference) - 24;
    }
  return 128;
}

/* The longest prefix @endpoint shares with one of @locals. */
static guint
longest_prefix (const DrtEndpoint *endpoint,
                const DrtEndpoint *locals,
                guint              n_locals)
{
  guint longest = 0;

  for (guint i = 0; i < n_locals; i++)
    longest = MAX (longest, common_prefix (&endpoint->address, &locals[i].address));
  return longest;
}

static gboolean
any_local (const DrtEndpoint *locals,
           guint              n_locals,
           gboolean         (*test) (const struct in6_addr *address))
{
  for (guint i = 0; i < n_locals; i++)
    if (test (&locals[i].address))
      return TRUE;
  return FALSE;
}

static gboolean
is_loopback (const struct in6_addr *address)
{
  return IN6_IS_ADDR_LOOPBACK (address);
}

static gboolean
is_link_local (const struct in6_addr *address)
{
  return IN6_IS_ADDR_LINKLOCAL (address);
}

/**
 * drt_endpoint_is_usable:
 * @endpoint: an endpoint somebody named
 * @locals: our own endpoints
 * @n_locals: their number
 *
 * Route entries come from anybody.  An address that is no unicast address, or
 * is of another scope than ours, would make us send where the cloud cannot be
 * ([MC-DRT] §3.1.4.1: all addresses of one scope and zone).
 *
 * Returns: whether a datagram may go there
 */
gboolean
drt_endpoint_is_usable (const DrtEndpoint *endpoint,
                        const DrtEndpoint *locals,
                        guint              n_locals)
{
  const struct in6_addr *address = &endpoint->address;

  if (endpoint->port < DRT_MIN_PORT ||
      IN6_IS_ADDR_UNSPECIFIED (address) || IN6_IS_ADDR_MULTICAST (address) ||
      IN6_IS_ADDR_V4MAPPED (address) || IN6_IS_ADDR_V4COMPAT (address))
    return FALSE;
  if (is_loopback (address))
    return any_local (locals, n_locals, is_loopback);
  if (is_link_local (address))
    return any_local (locals, n_locals, is_link_local);
  return TRUE;
}

/**
 * drt_entry_choose_address:
 * @entry: an entry
 * @locals: our own endpoints
 * @n_locals: their number
 *
 * Of RFC 6724 §6 only the rules that can differ among addresses of one scope
 * are left: the longest prefix shared with an address of ours wins (rule 9),
 * then the order of the entry (rule 10).
 *
 * Returns: (nullable): the address to use, %NULL when none is usable
 */
const DrtEndpoint *
drt_entry_choose_address (const DrtEntry    *entry,
                          const DrtEndpoint *locals,
                          guint              n_locals)
{
  const DrtEndpoint *best = NULL;
  guint best_prefix = 0;

  for (guint i = 0; i < entry->n_addresses; i++)
    {
      const DrtEndpoint *endpoint = &entry->addresses[i];
      guint prefix;

      if (!drt_endpoint_is_usable (endpoint, locals, n_locals))
        continue;
      prefix = longest_prefix (endpoint, locals, n_locals);
      if (best == NULL || prefix > best_prefix)
        {
          best = endpoint;
          best_prefix = prefix;
        }
    }
  return best;
}

/* How near @entry is on the network, as far as its addresses tell: what decides
 * between entries that would serve the cache alike. */
void
drt_entry_compare_locals (DrtEntry          *entry,
                          const DrtEndpoint *locals,
                          guint              n_locals)
{
  guint bits = 0;

  for (guint i = 0; i < entry->n_addresses; i++)
    bits = MAX (bits, longest_prefix (&entry->addresses[i], locals, n_locals));
  entry->local_bits = (guint8) bits;
}
