/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-message-private.h"

/* LOOKUP, §2.2.2.8. */

#define CONTROLS_SIZE 8

static gboolean
criteria_is_valid (guint criteria)
{
  switch (criteria)
    {
    case DRT_CRITERIA_NONE:
    case DRT_CRITERIA_ANY:
    case DRT_CRITERIA_NEAREST:
    case DRT_CRITERIA_NEAREST64:
    case DRT_CRITERIA_UPPER_BITS:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
controls_are_valid (const DrtLookup *lookup)
{
  return criteria_is_valid (lookup->criteria) &&
         (guint) lookup->reason <= DRT_REASON_SPLIT_DETECTION &&
         (lookup->criteria != DRT_CRITERIA_UPPER_BITS || lookup->precision <= DRT_KEY_BITS);
}

static void
read_controls (DrtCursor *cursor, DrtLookup *lookup)
{
  drt_field_enter (cursor, DRT_FIELD_LOOKUP_CONTROLS, CONTROLS_SIZE);
  lookup->flags = drt_cursor_u16 (cursor) & DRT_LOOKUP_FLAG_A;
  lookup->precision = drt_cursor_u16 (cursor);
  lookup->criteria = drt_cursor_u8 (cursor);
  lookup->reason = drt_cursor_u8 (cursor);
  drt_cursor_u16 (cursor);  /* reserved */

  if (!controls_are_valid (lookup))
    drt_cursor_fail (cursor, DRT_DECODE_BAD_VALUE);

  if (lookup->criteria != DRT_CRITERIA_UPPER_BITS)
    lookup->precision = 0;
}

static gboolean
is_sealed (DrtCursor *cursor, const DrtLookup *lookup)
{
  guint16 id = drt_field_peek (cursor);

  return DRT_SPAN_PRESENT (lookup->keytoken) ||
         id == DRT_FIELD_ENCRYPTED_ROUTING_ENTRY ||
         id == DRT_FIELD_ENCRYPTED_ENDPOINT_ARRAY;
}

void
drt_lookup_read (DrtCursor *cursor, DrtLookup *lookup)
{
  read_controls (cursor, lookup);
  drt_field_read_key (cursor, DRT_FIELD_TARGET_DRT_ID, &lookup->target);
  drt_field_read_key (cursor, DRT_FIELD_VALIDATE_DRT_ID, &lookup->validate_key);

  /* The layout has no place for the keytoken without which nobody could open
   * what is sealed; where FLOOD has it is where it is taken here. */
  drt_field_read_optional_span (cursor, DRT_FIELD_KEYTOKEN, &lookup->keytoken);

  if (is_sealed (cursor, lookup))
    {
      drt_field_read_optional_span (cursor, DRT_FIELD_ENCRYPTED_ROUTING_ENTRY, &lookup->sealed_entry);
      drt_field_read_span (cursor, DRT_FIELD_ENCRYPTED_ENDPOINT_ARRAY, &lookup->sealed_path);
    }
  else
    {
      lookup->has_entry = drt_field_read_optional_entry (cursor, &lookup->entry);
      drt_field_read_endpoints (cursor, 1, &lookup->path);
    }

  drt_field_read_optional_proof (cursor, &lookup->proof);
}

static void
write_controls (DrtWriter *writer, const DrtLookup *lookup)
{
  gboolean precise = lookup->criteria == DRT_CRITERIA_UPPER_BITS;

  if (!controls_are_valid (lookup))
    drt_writer_fail (writer);

  drt_field_begin (writer, DRT_FIELD_LOOKUP_CONTROLS, CONTROLS_SIZE);
  drt_writer_u16 (writer, lookup->flags & DRT_LOOKUP_FLAG_A);
  drt_writer_u16 (writer, precise ? lookup->precision : 0);
  drt_writer_u8 (writer, (guint8) lookup->criteria);
  drt_writer_u8 (writer, (guint8) lookup->reason);
  drt_writer_u16 (writer, 0);  /* reserved */
}

static void
write_sealed (DrtWriter *writer, const DrtLookup *lookup)
{
  if (lookup->has_entry || lookup->path.n_endpoints > 0)
    drt_writer_fail (writer);

  drt_field_write_optional_span (writer, DRT_FIELD_KEYTOKEN, &lookup->keytoken);
  drt_field_write_optional_span (writer, DRT_FIELD_ENCRYPTED_ROUTING_ENTRY, &lookup->sealed_entry);
  drt_field_write_span (writer, DRT_FIELD_ENCRYPTED_ENDPOINT_ARRAY, &lookup->sealed_path);
}

void
drt_lookup_write (DrtWriter *writer, const DrtLookup *lookup)
{
  write_controls (writer, lookup);
  drt_field_write_key (writer, DRT_FIELD_TARGET_DRT_ID, &lookup->target);
  drt_field_write_key (writer, DRT_FIELD_VALIDATE_DRT_ID, &lookup->validate_key);

  if (DRT_SPAN_PRESENT (lookup->keytoken) ||
      DRT_SPAN_PRESENT (lookup->sealed_entry) ||
      DRT_SPAN_PRESENT (lookup->sealed_path))
    {
      write_sealed (writer, lookup);
    }
  else
    {
      if (lookup->has_entry)
        drt_field_write_entry (writer, &lookup->entry);
      drt_field_write_endpoints (writer, 1, &lookup->path);
    }

  drt_field_write_optional_proof (writer, &lookup->proof);
}
