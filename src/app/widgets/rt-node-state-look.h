/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rt-node.h"

G_BEGIN_DECLS

/* How the state of the node looks: an icon of its own shape each, a style class,
 * and what it means in a sentence. */
const char *rt_node_state_to_icon        (RtNodeState state);
const char *rt_node_state_to_style       (RtNodeState state);
const char *rt_node_state_to_explanation (RtNodeState state);

/* The image shows the state, in its colour. */
void        rt_image_set_node_state      (GtkImage *image, RtNodeState state);

G_END_DECLS
