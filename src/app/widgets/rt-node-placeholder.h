/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "model/rt-node.h"

G_BEGIN_DECLS

/**
 * RtNodePlaceholder:
 *
 * What a page shows while the node knows nobody: why, and what to do.
 *
 * Properties: `node`.
 */
#define RT_TYPE_NODE_PLACEHOLDER (rt_node_placeholder_get_type ())
G_DECLARE_FINAL_TYPE (RtNodePlaceholder, rt_node_placeholder, RT, NODE_PLACEHOLDER, AdwBin)

GtkWidget *rt_node_placeholder_new      (void);
RtNode    *rt_node_placeholder_get_node (RtNodePlaceholder *self);
void       rt_node_placeholder_set_node (RtNodePlaceholder *self,
                                         RtNode            *node);

G_END_DECLS
