/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-field.h"

/*
 * The data structures of [MC-DRT] §2.2.3 as fields of a message.
 */

G_BEGIN_DECLS

void     drt_field_read_key             (DrtCursor *cursor, DrtFieldId id, DrtKey *key);
void     drt_field_read_keys            (DrtCursor *cursor, DrtWireKeys *keys);
void     drt_field_read_endpoints       (DrtCursor *cursor, guint minimum, DrtWireEndpoints *endpoints);
void     drt_field_read_classifier      (DrtCursor *cursor, DrtSpan *characters);
gboolean drt_field_read_optional_entry  (DrtCursor *cursor, DrtWireEntry *entry);
void     drt_field_read_optional_proof  (DrtCursor *cursor, DrtWireProof *proof);

void     drt_field_write_key            (DrtWriter *writer, DrtFieldId id, const DrtKey *key);
void     drt_field_write_keys           (DrtWriter *writer, const DrtWireKeys *keys);
void     drt_field_write_endpoints      (DrtWriter *writer, guint minimum, const DrtWireEndpoints *endpoints);
void     drt_field_write_classifier     (DrtWriter *writer, const DrtSpan *characters);
void     drt_field_write_entry          (DrtWriter *writer, const DrtWireEntry *entry);
void     drt_field_write_optional_proof (DrtWriter *writer, const DrtWireProof *proof);

G_END_DECLS
