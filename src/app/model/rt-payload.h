/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include <drt.h>

/*
 * A payload as a person types and reads it: text or hexadecimal bytes.
 */

G_BEGIN_DECLS

/**
 * RtPayloadForm:
 * @RT_PAYLOAD_TEXT: UTF-8
 * @RT_PAYLOAD_HEX: pairs of hexadecimal digits, white space anywhere
 *
 * How the bytes of a payload are written.
 */
typedef enum
{
  RT_PAYLOAD_TEXT,
  RT_PAYLOAD_HEX,
} RtPayloadForm;

typedef enum
{
  RT_PAYLOAD_VALID,
  RT_PAYLOAD_EMPTY,
  RT_PAYLOAD_TOO_LONG,
  RT_PAYLOAD_NOT_HEX,
  RT_PAYLOAD_HALF_BYTE,
} RtPayloadState;

RtPayloadState rt_payload_parse       (const char *text, RtPayloadForm form, GBytes **bytes, gsize *size);
HRESULT        rt_payload_to_hresult  (RtPayloadState state);
char          *rt_payload_to_sentence (RtPayloadState state, gsize size);

/* Read again. */
gboolean       rt_payload_is_text     (GBytes *payload);
char          *rt_payload_to_text     (GBytes *payload);
char          *rt_payload_to_hex      (GBytes *payload);
char          *rt_payload_to_preview  (GBytes *payload, guint max_characters);

G_END_DECLS
