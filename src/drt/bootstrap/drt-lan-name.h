/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

/*
 * What a peer name is called in DNS-SD (RFC 6763).
 */

G_BEGIN_DECLS

#define DRT_LAN_TYPE "_drt._udp"

char     *drt_lan_name_to_subtype    (const char *name);
char     *drt_lan_name_to_instance   (const char *name, guint32 number);
char     *drt_lan_name_to_text       (const char *name);
guint     drt_lan_interface_to_index (const char *interface);
gboolean  drt_lan_cloud_parse        (const char *cloud, char **interface);

G_END_DECLS
