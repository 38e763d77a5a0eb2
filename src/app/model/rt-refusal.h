/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-chain.h"

#include <drt-observe.h>

G_BEGIN_DECLS

/* A node whose proof was not accepted, for one reason: how often, and when last.
 * Properties: count (uint), last (int64, monotonic); both notify. */
#define RT_TYPE_REFUSAL (rt_refusal_get_type ())
G_DECLARE_FINAL_TYPE (RtRefusal, rt_refusal, RT, REFUSAL, GObject)

/* settings: of the mesh, to say what is wrong with what was sent */
RtRefusal  *rt_refusal_new            (const DrtObservedEvent *event, RtMeshSettings *settings);
/* Whether it is this node once more, for the same reason; counts it then. */
gboolean    rt_refusal_add            (RtRefusal *self, RtRefusal *other);
/* Whether it is worth a line of the journal again: the first time, then once a minute. */
gboolean    rt_refusal_tell           (RtRefusal *self);
/* "[address]:port" it was last seen at */
const char *rt_refusal_get_endpoint   (RtRefusal *self);
/* "Expired", "Unknown authority", or that there was no certificate */
const char *rt_refusal_get_title      (RtRefusal *self);
const char *rt_refusal_get_sentence   (RtRefusal *self);
HRESULT     rt_refusal_get_hresult    (RtRefusal *self);
guint       rt_refusal_get_count      (RtRefusal *self);
gint64      rt_refusal_get_last       (RtRefusal *self);
/* What it sent: (nullable): NULL when it sent none, or it is too long ago. */
GBytes     *rt_refusal_get_credential (RtRefusal *self);
void        rt_refusal_forget         (RtRefusal *self);

G_END_DECLS
