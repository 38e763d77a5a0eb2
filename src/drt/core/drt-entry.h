/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-message.h"
#include "drt-observe.h"
#include "drt-round-trip.h"

G_BEGIN_DECLS

/**
 * DrtEntry:
 *
 * A route entry of ours: a key, where it is published, and what we have seen
 * of it.  One allocation; the addresses never change, another set of addresses
 * is another entry.
 */
typedef struct
{
  DrtKey key;
  gint64 added;                  /* to the cache */
  gint64 last_heard;             /* last time its node answered or spoke for it */
  HRESULT last_error;
  DrtRoundTrip round_trip;
  DrtEndpoint learned_from_endpoint;
  guint8 learned_from;           /* DrtLearnedFrom */
  guint8 n_unanswered;           /* requests without an answer since it was heard */
  guint8 major;
  guint8 minor;
  gint8 leaf_position;           /* as told to the observer last */
  guint8 local_bits;             /* most leading bits an address shares with one of ours */
  guint8 n_addresses;
  DrtEndpoint addresses[];
} DrtEntry;

DrtEntry *drt_entry_new               (const DrtKey *key, guint8 major, guint8 minor,
                                       const DrtEndpoint *addresses, guint n_addresses);
DrtEntry *drt_entry_new_from_wire     (const DrtWireEntry *wire);
DrtEntry *drt_entry_copy              (const DrtEntry *entry);
void      drt_entry_free              (DrtEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DrtEntry, drt_entry_free)

gboolean  drt_entry_has_endpoint      (const DrtEntry *entry, const DrtEndpoint *endpoint);
gboolean  drt_entry_same_addresses    (const DrtEntry *a, const DrtEntry *b);
void      drt_entry_leave_unanswered  (DrtEntry *entry);

/* Room for the addresses of a wire entry made from one of ours. */
typedef struct
{
  guint8 bytes[DRT_MAX_ENTRY_ADDRESSES * 16];
} DrtEntryAddresses;

void      drt_entry_to_wire           (const DrtEntry *entry, DrtWireEntry *wire, DrtEntryAddresses *addresses);

/* Which of several addresses to use, RFC 6724. */
const DrtEndpoint *drt_entry_choose_address (const DrtEntry *entry, const DrtEndpoint *locals, guint n_locals);
void      drt_entry_compare_locals    (DrtEntry *entry, const DrtEndpoint *locals, guint n_locals);
/* Whether a datagram may be sent there at all. */
gboolean  drt_endpoint_is_usable      (const DrtEndpoint *endpoint, const DrtEndpoint *locals, guint n_locals);

G_END_DECLS
