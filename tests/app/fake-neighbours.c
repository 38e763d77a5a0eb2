/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fake-neighbours.h"

/* The address of every entry; tests that need another one bring it. */
static DrtEndpoint loopback;

/**
 * fake_entry_init:
 * @entry: (out): a route entry whose key is 0 but for
 * @first_byte: its most significant byte
 */
void
fake_entry_init (DrtObservedEntry *entry,
                 guint8            first_byte)
{
  g_assert_true (drt_endpoint_parse ("[::1]:4000", &loopback));
  *entry = (DrtObservedEntry) {
    .protocol_major = 6,
    .protocol_minor = 101,
    .n_addresses = 1,
    .addresses = &loopback,
    .learned_from = DRT_LEARNED_FROM_FLOOD,
    .learned_from_endpoint = loopback,
    .added = g_get_monotonic_time (),
    .last_heard = g_get_monotonic_time (),
    .round_trip = -1,
  };
  entry->key.b[DRT_KEY_SIZE - 1] = first_byte;
}

/**
 * fake_neighbour_add:
 * @node: a node
 * @entry: a route entry
 *
 * Returns: (transfer none): the neighbour it has become
 */
RtNeighbour *
fake_neighbour_add (RtNode                 *node,
                    const DrtObservedEntry *entry)
{
  rt_node_feed_entry (node, DRT_OBSERVED_ADDED, entry);
  return rt_node_find_neighbour (node, &entry->key);
}

/**
 * fake_registration_add:
 * @node: a closed node
 * @first_byte: of the key, most significant
 *
 * Returns: (transfer none): a key of the node's own
 */
RtRegistration *
fake_registration_add (RtNode *node,
                       guint8  first_byte)
{
  g_autoptr (GBytes) payload = g_bytes_new_static ("hello", 5);
  g_autoptr (GError) error = NULL;
  DrtKey key = { .b[DRT_KEY_SIZE - 1] = first_byte };
  RtRegistration *registration = rt_node_register (node, &key, payload, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (registration);
  return registration;
}
