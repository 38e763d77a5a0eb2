/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-split.h"
#include "drt-structures.h"

/*
 * What follows the header, one pair of functions per message.  Reading starts
 * with the structure all zero; both leave the result in the cursor or writer.
 */

G_BEGIN_DECLS

void drt_header_write    (DrtWriter *writer, const DrtMessage *message);

void drt_solicit_read    (DrtCursor *cursor, DrtSolicit *solicit);
void drt_solicit_write   (DrtWriter *writer, const DrtSolicit *solicit);

void drt_advertise_read  (DrtCursor *cursor, DrtAdvertise *advertise);
void drt_advertise_write (DrtWriter *writer, const DrtAdvertise *advertise);

void drt_request_read    (DrtCursor *cursor, DrtRequest *request);
void drt_request_write   (DrtWriter *writer, const DrtRequest *request);

void drt_flood_read      (DrtCursor *cursor, DrtFlood *flood);
void drt_flood_write     (DrtWriter *writer, const DrtFlood *flood);

void drt_inquire_read    (DrtCursor *cursor, DrtInquire *inquire);
void drt_inquire_write   (DrtWriter *writer, const DrtInquire *inquire);

void drt_authority_read  (DrtCursor *cursor, DrtAuthority *authority);
void drt_authority_write (DrtWriter *writer, const DrtAuthority *authority);

void drt_ack_read        (DrtCursor *cursor, DrtAck *ack);
void drt_ack_write       (DrtWriter *writer, const DrtAck *ack);

void drt_lookup_read     (DrtCursor *cursor, DrtLookup *lookup);
void drt_lookup_write    (DrtWriter *writer, const DrtLookup *lookup);

G_END_DECLS
