/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "model/rt-node.h"
#include "rt-ring-layout.h"

G_BEGIN_DECLS

/* One thing on the ring. */
typedef struct
{
  GObject *object;   /* an RtRegistration or an RtNeighbour; owned by the list */
  DrtKey key;
  RtRingKind kind;
  gboolean quiet;    /* does not answer, or is not published */
} RtRingItem;

/**
 * RtRingItems:
 *
 * All keys a node knows, its own and its neighbours', in the order of the ring:
 * clockwise from key 0.
 *
 * Signal `changed`: something was added, removed, or has another role or state;
 * items got before are no longer valid.  What happens within a tenth of a second
 * is told together, and until then the items stay as they were.
 */
#define RT_TYPE_RING_ITEMS (rt_ring_items_get_type ())
G_DECLARE_FINAL_TYPE (RtRingItems, rt_ring_items, RT, RING_ITEMS, GObject)

RtRingItems      *rt_ring_items_new               (void);
void              rt_ring_items_set_node          (RtRingItems   *self,
                                                   RtNode        *node);
guint             rt_ring_items_get_size          (RtRingItems   *self);
const RtRingItem *rt_ring_items_get               (RtRingItems   *self,
                                                   guint          index);
int               rt_ring_items_find              (RtRingItems   *self,
                                                   const DrtKey  *key);
RtRingNode       *rt_ring_items_to_nodes          (RtRingItems   *self);
RtRegistration   *rt_ring_items_get_center        (RtRingItems   *self,
                                                   GObject       *selected);
char             *rt_ring_items_to_sentence       (RtRingItems   *self,
                                                   guint          index);

G_END_DECLS
