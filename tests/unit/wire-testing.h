/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-message.h"

/*
 * What the tests of the codec share: bytes written down as text, structures as
 * text to compare and to show in a failure, and random structures.
 */

G_BEGIN_DECLS

GByteArray *wire_bytes            (const char *hex);
guint8     *wire_exact_copy       (const guint8 *bytes, gsize length);
char       *wire_describe_message (const DrtMessage *message);
char       *wire_describe_body    (const DrtRequestBody *body);
char       *wire_describe_buffer  (const DrtAuthorityBuffer *buffer);

void        wire_random_message   (DrtMessageType type, DrtMessage *message);
void        wire_random_body      (DrtRequestBody *body);
void        wire_random_buffer    (DrtAuthorityBuffer *buffer);

extern const DrtMessageType wire_types[8];

G_END_DECLS
