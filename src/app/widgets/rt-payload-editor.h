/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-payload.h"

G_BEGIN_DECLS

/* The field for a payload, as text or as bytes in hexadecimal, with what fits in
 * it counted as one types. */
#define RT_TYPE_PAYLOAD_EDITOR (rt_payload_editor_get_type ())
G_DECLARE_FINAL_TYPE (RtPayloadEditor, rt_payload_editor, RT, PAYLOAD_EDITOR, AdwPreferencesGroup)

GBytes *rt_payload_editor_dup_payload    (RtPayloadEditor *self);
void    rt_payload_editor_set_payload    (RtPayloadEditor *self, GBytes *payload);
void    rt_payload_editor_set_refusal    (RtPayloadEditor *self, HRESULT code, const char *sentence);
void    rt_payload_editor_reveal_problem (RtPayloadEditor *self);

G_END_DECLS
