/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt.h"
#include "drt-udp-transport.h"

G_BEGIN_DECLS

DrtUdpTransport *drt_transport_get (HDRT_TRANSPORT handle);

G_END_DECLS
