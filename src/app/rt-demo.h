/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "rt-node.h"

G_BEGIN_DECLS

typedef enum
{
  RT_DEMO_STOPPED,
  RT_DEMO_STARTING,
  RT_DEMO_READY,
  RT_DEMO_ENDED,    /* by itself, or killed: its message says how */
} RtDemoState;
#define RT_TYPE_DEMO_STATE (rt_demo_state_get_type ())
GType rt_demo_state_get_type (void);

#define RT_DEMO_NODES 16

/*
 * The demo mesh: nodes in a child process on ::1, which the node of the window
 * joins like any other.  Property: state.
 */
#define RT_TYPE_DEMO (rt_demo_get_type ())
G_DECLARE_FINAL_TYPE (RtDemo, rt_demo, RT, DEMO, GObject)

RtDemo      *rt_demo_new         (RtNode *node);
void         rt_demo_start       (RtDemo *self);
void         rt_demo_stop        (RtDemo *self);
RtDemoState  rt_demo_get_state   (RtDemo *self);
const char  *rt_demo_get_message (RtDemo *self);

G_END_DECLS
