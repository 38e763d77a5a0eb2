/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>
#include <linux/rtnetlink.h>

/*
 * What the kernel says of its interfaces and addresses (rtnetlink(7)).
 */

G_BEGIN_DECLS

/* One message of an answer. */
typedef void (*DrtNetlinkFunc) (gpointer data, struct nlmsghdr *message);

gboolean drt_netlink_dump  (guint16 type, guint8 family, DrtNetlinkFunc func, gpointer data);
int      drt_netlink_watch (void);
gboolean drt_netlink_drain (int fd);

G_END_DECLS
