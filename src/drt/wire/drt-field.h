/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-cursor.h"
#include "drt-writer.h"

/*
 * Fields ([MC-DRT] §2.2): FieldID and Length, two bytes each, then data.  Length
 * counts itself, the FieldID and the data, but no padding.
 */

G_BEGIN_DECLS

#define DRT_FIELD_HEAD     4
#define DRT_FIELD_DATA_MAX (G_MAXUINT16 - DRT_FIELD_HEAD)

guint16         drt_field_peek               (DrtCursor *cursor);
gboolean        drt_field_enter              (DrtCursor *cursor, DrtFieldId id, gsize size);
gboolean        drt_field_read_span          (DrtCursor *cursor, DrtFieldId id, DrtSpan *span);
void            drt_field_read_optional_span (DrtCursor *cursor, DrtFieldId id, DrtSpan *span);
void            drt_field_skip_optional      (DrtCursor *cursor, DrtFieldId id);
void            drt_field_read_bytes         (DrtCursor *cursor, DrtFieldId id, gpointer bytes, gsize size);
guint16         drt_field_read_flags         (DrtCursor *cursor);
guint32         drt_field_read_acked         (DrtCursor *cursor);
DrtDecodeResult drt_field_finish             (DrtCursor *cursor);

void            drt_field_begin               (DrtWriter *writer, DrtFieldId id, gsize size);
void            drt_field_write_bytes         (DrtWriter *writer, DrtFieldId id, gconstpointer bytes, gsize size);
void            drt_field_write_span          (DrtWriter *writer, DrtFieldId id, const DrtSpan *span);
void            drt_field_write_optional_span (DrtWriter *writer, DrtFieldId id, const DrtSpan *span);
void            drt_field_write_flags         (DrtWriter *writer, guint16 flags);
void            drt_field_write_acked         (DrtWriter *writer, guint32 acked);

G_END_DECLS
