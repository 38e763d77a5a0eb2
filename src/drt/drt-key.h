/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

#include "drt-macros.h"

/*
 * Keys: 256-bit unsigned integers on a ring, where 2^256 - 1 is next to 0
 * ([MC-DRT] §1.3.4).  This file alone knows how a key lies in memory, how it
 * is written for people and how it is computed with.
 */

G_BEGIN_DECLS

#define DRT_KEY_SIZE       32  /* bytes */
#define DRT_KEY_BITS       256
#define DRT_KEY_HEX_LENGTH 64  /* characters, without the terminating NUL */

/**
 * DrtKey:
 * @b: the number, least significant byte first: `b[31]` is the most
 *   significant byte, as in Windows' `DRT_DATA.pb` and on the wire
 *
 * A key.  A plain value: copy it by assignment.
 */
typedef struct
{
  guint8 b[DRT_KEY_SIZE];
} DrtKey;

/* Written for people: hexadecimal, most significant digit first. */
gboolean drt_key_parse          (const char *text, DrtKey *key) DRT_API;
void     drt_key_format         (const DrtKey *key, char text[DRT_KEY_HEX_LENGTH + 1]) DRT_API;
char    *drt_key_to_string      (const DrtKey *key) DRT_API;

void     drt_key_from_bytes     (DrtKey *key, const guint8 bytes[DRT_KEY_SIZE]) DRT_API;
void     drt_key_from_text      (DrtKey *key, const char *text) DRT_API;
gboolean drt_key_is_zero        (const DrtKey *key) DRT_API;
gboolean drt_key_equal          (gconstpointer a, gconstpointer b) DRT_API;
guint    drt_key_hash           (gconstpointer key) DRT_API;
int      drt_key_compare        (const DrtKey *a, const DrtKey *b) DRT_API;

/* Arithmetic modulo 2^256; the result may be one of the operands. */
void     drt_key_add            (DrtKey *sum, const DrtKey *a, const DrtKey *b) DRT_API;
void     drt_key_subtract       (DrtKey *difference, const DrtKey *a, const DrtKey *b) DRT_API;
void     drt_key_increment      (DrtKey *key) DRT_API;
void     drt_key_half           (DrtKey *half, const DrtKey *key) DRT_API;

/* Closeness on the ring. */
void     drt_key_distance       (DrtKey *distance, const DrtKey *a, const DrtKey *b) DRT_API;
int      drt_key_compare_distance (const DrtKey *target, const DrtKey *a, const DrtKey *b) DRT_API;
gboolean drt_key_in_arc         (const DrtKey *key, const DrtKey *from, const DrtKey *to) DRT_API;
guint    drt_key_nearness       (const DrtKey *a, const DrtKey *b) DRT_API;

/* Its place on the circle: 0 at key 0, growing clockwise, below 1. */
double   drt_key_to_turn        (const DrtKey *key) DRT_API;
void     drt_key_from_turn      (DrtKey *key, double turn) DRT_API;

G_END_DECLS
