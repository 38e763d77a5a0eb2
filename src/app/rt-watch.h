/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-node.h"

G_BEGIN_DECLS

/* Writes the node's state to the standard output, a line for each change. */
#define RT_TYPE_WATCH (rt_watch_get_type ())
G_DECLARE_FINAL_TYPE (RtWatch, rt_watch, RT, WATCH, GObject)

RtWatch *rt_watch_new (RtNode *node);

G_END_DECLS
