/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt.h"
#include "drt-structures.h"

/* The service addresses of a CPA: between the SOCKET_ADDRESS_LIST of drt.h and the
 * endpoints of messages ([MC-DRT] §2.2.3.4). */

G_BEGIN_DECLS

gboolean             drt_service_addresses_to_wire   (const SOCKET_ADDRESS_LIST *list, guint8 *bytes, DrtWireEndpoints *endpoints);
SOCKET_ADDRESS_LIST *drt_service_addresses_from_wire (const DrtWireEndpoints *endpoints);

G_END_DECLS
