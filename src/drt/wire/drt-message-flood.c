/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-message-private.h"

/* FLOOD, §2.2.2.4; where security profile 2.0 is spoken it ends with a proof (PROFILE-2.0.md 7). */

#define CONTROLS_SIZE 3  /* flags and a reserved byte */

/* In confidential mode.  The specification keeps the FieldIDs of the clear
 * forms in places; either is taken for what it is here, sealed bytes. */
static void
read_sealed (DrtCursor *cursor, DrtFlood *flood)
{
  if (drt_field_peek (cursor) == DRT_FIELD_REVOKE_CPA)
    drt_field_read_span (cursor, DRT_FIELD_REVOKE_CPA, &flood->revoke_cpa);
  else
    drt_field_read_optional_span (cursor, DRT_FIELD_ENCRYPTED_CPA, &flood->revoke_cpa);

  if (drt_field_peek (cursor) == DRT_FIELD_ROUTING_ENTRY)
    drt_field_read_span (cursor, DRT_FIELD_ROUTING_ENTRY, &flood->sealed_entry);
  else
    drt_field_read_optional_span (cursor, DRT_FIELD_ENCRYPTED_ROUTING_ENTRY, &flood->sealed_entry);

  drt_field_read_optional_span (cursor, DRT_FIELD_ENCRYPTED_ENDPOINT_ARRAY, &flood->sealed_flooded);
}

static void
read_clear (DrtCursor *cursor, DrtFlood *flood)
{
  drt_field_read_optional_span (cursor, DRT_FIELD_REVOKE_CPA, &flood->revoke_cpa);
  flood->has_entry = drt_field_read_optional_entry (cursor, &flood->entry);

  flood->has_flooded = drt_field_peek (cursor) == DRT_FIELD_IPV6_ENDPOINT_ARRAY;
  if (flood->has_flooded)
    drt_field_read_endpoints (cursor, 0, &flood->flooded);
}

void
drt_flood_read (DrtCursor *cursor, DrtFlood *flood)
{
  drt_field_enter (cursor, DRT_FIELD_FLOOD_CONTROLS, CONTROLS_SIZE);
  flood->flags = drt_cursor_u16 (cursor) & DRT_FLOOD_FLAG_D;
  drt_cursor_u8 (cursor);

  drt_field_read_key (cursor, DRT_FIELD_VALIDATE_DRT_ID, &flood->validate_key);
  drt_field_read_optional_span (cursor, DRT_FIELD_KEYTOKEN, &flood->keytoken);

  if (DRT_SPAN_PRESENT (flood->keytoken))
    read_sealed (cursor, flood);
  else
    read_clear (cursor, flood);
  drt_field_read_optional_proof (cursor, &flood->proof);
}

static void
write_sealed (DrtWriter *writer, const DrtFlood *flood)
{
  if (flood->has_entry || flood->has_flooded)
    drt_writer_fail (writer);

  drt_field_write_span (writer, DRT_FIELD_KEYTOKEN, &flood->keytoken);
  drt_writer_align (writer);

  if (DRT_SPAN_PRESENT (flood->revoke_cpa))
    {
      drt_field_write_span (writer, DRT_FIELD_ENCRYPTED_CPA, &flood->revoke_cpa);
      drt_writer_align (writer);
    }

  /* Sealed it may be, but §2.2.2.4 names no other FieldID for it. */
  if (DRT_SPAN_PRESENT (flood->sealed_entry))
    {
      drt_field_write_span (writer, DRT_FIELD_ROUTING_ENTRY, &flood->sealed_entry);
      drt_writer_align (writer);
    }

  drt_field_write_optional_span (writer, DRT_FIELD_ENCRYPTED_ENDPOINT_ARRAY, &flood->sealed_flooded);
}

static void
write_clear (DrtWriter *writer, const DrtFlood *flood)
{
  if (DRT_SPAN_PRESENT (flood->sealed_entry) || DRT_SPAN_PRESENT (flood->sealed_flooded))
    drt_writer_fail (writer);

  if (DRT_SPAN_PRESENT (flood->revoke_cpa))
    {
      drt_field_write_span (writer, DRT_FIELD_REVOKE_CPA, &flood->revoke_cpa);
      drt_writer_align (writer);
    }

  if (flood->has_entry)
    {
      drt_field_write_entry (writer, &flood->entry);
      drt_writer_align (writer);
    }

  if (flood->has_flooded)
    drt_field_write_endpoints (writer, 0, &flood->flooded);
}

void
drt_flood_write (DrtWriter *writer, const DrtFlood *flood)
{
  drt_field_begin (writer, DRT_FIELD_FLOOD_CONTROLS, CONTROLS_SIZE);
  drt_writer_u16 (writer, flood->flags & DRT_FLOOD_FLAG_D);
  drt_writer_u8 (writer, 0);

  drt_field_write_key (writer, DRT_FIELD_VALIDATE_DRT_ID, &flood->validate_key);

  if (DRT_SPAN_PRESENT (flood->keytoken))
    write_sealed (writer, flood);
  else
    write_clear (writer, flood);
  drt_field_write_optional_proof (writer, &flood->proof);
}
