/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-field.h"

/*
 * SPLIT_CONTROLS of REQUEST and AUTHORITY: what is longer than a fragment is
 * cut, and each piece says its place ([MC-DRT] §3.2.5.7).
 */

G_BEGIN_DECLS

gboolean drt_split_is_valid    (guint16 size, guint16 offset);
gboolean drt_split_fits        (guint16 size, guint16 offset, gsize length);

void     drt_field_read_split  (DrtCursor *cursor, guint16 *size, guint16 *offset);
void     drt_field_write_split (DrtWriter *writer, guint16 size, guint16 offset);

G_END_DECLS
