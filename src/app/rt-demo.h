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

/* How its nodes prove what they say; the nicks are those of the option and of the action. */
typedef enum
{
  RT_DEMO_OPEN,           /* "open": the null provider, which proves nothing */
  RT_DEMO_RESOLVE,        /* "resolve": and in the others the derived key provider 2.0 */
  RT_DEMO_MEMBERSHIP,     /* "membership" */
  RT_DEMO_CONFIDENTIAL,   /* "confidential" */
} RtDemoMode;
#define RT_TYPE_DEMO_MODE (rt_demo_mode_get_type ())
GType rt_demo_mode_get_type (void);
gboolean rt_demo_mode_parse (const char *name, RtDemoMode *mode);

#define RT_DEMO_NODES 16

/*
 * The demo mesh: nodes in a child process on ::1, which the node of the window
 * joins like any other.  Properties: state, mode.
 */
#define RT_TYPE_DEMO (rt_demo_get_type ())
G_DECLARE_FINAL_TYPE (RtDemo, rt_demo, RT, DEMO, GObject)

RtDemo      *rt_demo_new         (RtNode *node);
void         rt_demo_start       (RtDemo *self);
void         rt_demo_start_mode  (RtDemo *self, RtDemoMode mode);
void         rt_demo_stop        (RtDemo *self);
RtDemoMode   rt_demo_get_mode    (RtDemo *self);
RtDemoState  rt_demo_get_state   (RtDemo *self);
const char  *rt_demo_get_message (RtDemo *self);

G_END_DECLS
