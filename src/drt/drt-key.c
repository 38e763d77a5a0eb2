/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-key.h"

#include <math.h>
#include <openssl/evp.h>
#include <string.h>

#define N_LIMBS 4

/* The same number as four 64-bit digits, the least significant first. */
typedef struct
{
  guint64 d[N_LIMBS];
} Limbs;

static inline Limbs
limbs_load (const DrtKey *key)
{
  Limbs limbs;

  memcpy (limbs.d, key->b, sizeof limbs.d);
  for (guint i = 0; i < N_LIMBS; i++)
    limbs.d[i] = GUINT64_FROM_LE (limbs.d[i]);

  return limbs;
}

static inline void
limbs_store (Limbs limbs, DrtKey *key)
{
  for (guint i = 0; i < N_LIMBS; i++)
    limbs.d[i] = GUINT64_TO_LE (limbs.d[i]);
  memcpy (key->b, limbs.d, sizeof limbs.d);
}

static inline Limbs
limbs_add (Limbs a, Limbs b)
{
  Limbs sum;
  guint64 carry = 0;

  for (guint i = 0; i < N_LIMBS; i++)
    {
      guint64 partial = a.d[i] + carry;

      carry = partial < carry;
      sum.d[i] = partial + b.d[i];
      carry += sum.d[i] < partial;
    }

  return sum;
}

static inline Limbs
limbs_subtract (Limbs a, Limbs b)
{
  Limbs difference;
  guint64 borrow = 0;

  for (guint i = 0; i < N_LIMBS; i++)
    {
      guint64 partial = a.d[i] - borrow;

      borrow = partial > a.d[i];
      difference.d[i] = partial - b.d[i];
      borrow += difference.d[i] > partial;
    }

  return difference;
}

static inline int
limbs_compare (Limbs a, Limbs b)
{
  for (guint i = N_LIMBS; i-- > 0;)
    if (a.d[i] != b.d[i])
      return a.d[i] < b.d[i] ? -1 : 1;

  return 0;
}

/* The shorter of the two ways round the ring. */
static inline Limbs
limbs_distance (Limbs a, Limbs b)
{
  Limbs clockwise = limbs_subtract (b, a);
  Limbs anticlockwise = limbs_subtract (a, b);

  return limbs_compare (clockwise, anticlockwise) < 0 ? clockwise : anticlockwise;
}

/**
 * drt_key_parse:
 * @text: hexadecimal text, most significant digit first
 * @key: (out): where to store the key
 *
 * Reads a key as people write it: exactly 64 hexadecimal digits of either case,
 * with or without a leading `0x`, with or without ASCII white space around it.
 * Separators inside are refused.
 *
 * Returns: %TRUE, or %FALSE with @key untouched when @text is no key
 */
gboolean
drt_key_parse (const char *text, DrtKey *key)
{
  DrtKey parsed;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  while (g_ascii_isspace (*text))
    text++;

  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
    text += 2;

  for (guint i = DRT_KEY_SIZE; i-- > 0;)
    {
      int high = g_ascii_xdigit_value (text[0]);
      int low = high < 0 ? -1 : g_ascii_xdigit_value (text[1]);

      if (low < 0)
        return FALSE;

      parsed.b[i] = (guint8) (high << 4 | low);
      text += 2;
    }

  while (g_ascii_isspace (*text))
    text++;

  if (*text != '\0')
    return FALSE;

  *key = parsed;
  return TRUE;
}

/**
 * drt_key_format:
 * @key: a key
 * @text: (out): where to write 64 lower case digits and a NUL
 *
 * Writes @key as people read it: hexadecimal, most significant digit first.
 */
void
drt_key_format (const DrtKey *key, char text[DRT_KEY_HEX_LENGTH + 1])
{
  static const char digits[] = "0123456789abcdef";

  g_return_if_fail (key != NULL);
  g_return_if_fail (text != NULL);

  for (guint i = 0; i < DRT_KEY_SIZE; i++)
    {
      guint8 byte = key->b[DRT_KEY_SIZE - 1 - i];

      text[2 * i] = digits[byte >> 4];
      text[2 * i + 1] = digits[byte & 0xF];
    }
  text[DRT_KEY_HEX_LENGTH] = '\0';
}

/**
 * drt_key_to_string:
 * @key: a key
 *
 * Returns: (transfer full): what drt_key_format() writes; free with g_free()
 */
char *
drt_key_to_string (const DrtKey *key)
{
  char *text;

  g_return_val_if_fail (key != NULL, NULL);

  text = g_malloc (DRT_KEY_HEX_LENGTH + 1);
  drt_key_format (key, text);

  return text;
}

/**
 * drt_key_from_bytes:
 * @key: (out): the key
 * @bytes: 32 bytes, least significant first, as in `DRT_DATA.pb` and on the wire
 *
 * Takes a key from its bytes.  Every value is a key.
 */
void
drt_key_from_bytes (DrtKey *key, const guint8 bytes[DRT_KEY_SIZE])
{
  g_return_if_fail (key != NULL);
  g_return_if_fail (bytes != NULL);

  memcpy (key->b, bytes, DRT_KEY_SIZE);
}

/**
 * drt_key_from_text:
 * @key: (out): the key
 * @text: UTF-8
 *
 * Makes a key of any text: its SHA-256, the first byte of the digest being the
 * most significant, so that the key reads like the output of `sha256sum`.
 */
void
drt_key_from_text (DrtKey *key, const char *text)
{
  guint8 digest[DRT_KEY_SIZE];

  g_return_if_fail (key != NULL);
  g_return_if_fail (text != NULL);

  /* Fails only when the process has no SHA-256 at all. */
  if (!EVP_Digest (text, strlen (text), digest, NULL, EVP_sha256 (), NULL))
    g_error ("OpenSSL offers no SHA-256");

  for (guint i = 0; i < DRT_KEY_SIZE; i++)
    key->b[i] = digest[DRT_KEY_SIZE - 1 - i];
}

/**
 * drt_key_is_zero:
 * @key: a key
 *
 * Returns: whether @key is the number 0
 */
gboolean
drt_key_is_zero (const DrtKey *key)
{
  Limbs limbs = limbs_load (key);

  return (limbs.d[0] | limbs.d[1] | limbs.d[2] | limbs.d[3]) == 0;
}

/**
 * drt_key_equal:
 * @a: a #DrtKey
 * @b: a #DrtKey
 *
 * A #GEqualFunc for keys.
 *
 * Returns: whether both are the same number
 */
gboolean
drt_key_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, DRT_KEY_SIZE) == 0;
}

/**
 * drt_key_hash:
 * @key: a #DrtKey
 *
 * A #GHashFunc for keys.  Takes all bits into account, because neighbours on
 * the ring share the most significant ones and hand-made keys the least.
 *
 * Returns: the hash
 */
guint
drt_key_hash (gconstpointer key)
{
  Limbs limbs = limbs_load (key);
  guint64 hash = 0;

  for (guint i = 0; i < N_LIMBS; i++)
    {
      hash = (hash ^ limbs.d[i]) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
      hash ^= hash >> 32;
    }

  return (guint) hash;
}

/**
 * drt_key_compare:
 * @a: a key
 * @b: a key
 *
 * Compares two keys as numbers, from 0 to 2^256 - 1.
 *
 * Returns: less than, equal to or greater than 0 as @a is less than, equal to
 *   or greater than @b
 */
int
drt_key_compare (const DrtKey *a, const DrtKey *b)
{
  return limbs_compare (limbs_load (a), limbs_load (b));
}

/**
 * drt_key_add:
 * @sum: (out): @a + @b modulo 2^256; may be @a or @b
 * @a: a key
 * @b: a key
 *
 * Adds two keys.
 */
void
drt_key_add (DrtKey *sum, const DrtKey *a, const DrtKey *b)
{
  limbs_store (limbs_add (limbs_load (a), limbs_load (b)), sum);
}

/**
 * drt_key_subtract:
 * @difference: (out): @a - @b modulo 2^256; may be @a or @b
 * @a: a key
 * @b: a key
 *
 * Subtracts a key from another: the clockwise way from @b to @a.
 */
void
drt_key_subtract (DrtKey *difference, const DrtKey *a, const DrtKey *b)
{
  limbs_store (limbs_subtract (limbs_load (a), limbs_load (b)), difference);
}

/**
 * drt_key_increment:
 * @key: (inout): a key
 *
 * Goes one step clockwise; after 2^256 - 1 comes 0.
 */
void
drt_key_increment (DrtKey *key)
{
  Limbs one = { { 1, 0, 0, 0 } };

  limbs_store (limbs_add (limbs_load (key), one), key);
}

/**
 * drt_key_half:
 * @half: (out): half of @key, rounded down; may be @key
 * @key: a key
 *
 * Halves a number: the middle of an arc lies half its width from its start.
 */
void
drt_key_half (DrtKey       *half,
              const DrtKey *key)
{
  guint8 carry = 0;

  for (gint i = DRT_KEY_SIZE - 1; i >= 0; i--)
    {
      guint8 byte = key->b[i];

      half->b[i] = (guint8) (byte >> 1 | carry);
      carry = (guint8) (byte << 7);
    }
}

/**
 * drt_key_distance:
 * @distance: (out): the distance, at most 2^255; may be @a or @b
 * @a: a key
 * @b: a key
 *
 * Measures how far two keys are apart on the ring: the shorter of the two ways
 * round ([MC-DRT] §1.3.4).
 */
void
drt_key_distance (DrtKey *distance, const DrtKey *a, const DrtKey *b)
{
  limbs_store (limbs_distance (limbs_load (a), limbs_load (b)), distance);
}

/**
 * drt_key_compare_distance:
 * @target: where to measure from
 * @a: a key
 * @b: a key
 *
 * Says which of two keys is nearer to @target on the ring.
 *
 * Returns: less than 0 when @a is nearer, greater than 0 when @b is, 0 when
 *   both are equally far, which different keys on its two sides can be
 */
int
drt_key_compare_distance (const DrtKey *target, const DrtKey *a, const DrtKey *b)
{
  Limbs from = limbs_load (target);

  return limbs_compare (limbs_distance (from, limbs_load (a)),
                        limbs_distance (from, limbs_load (b)));
}

/**
 * drt_key_in_arc:
 * @key: a key
 * @from: where the arc begins; not part of it
 * @to: where the arc ends, going clockwise; part of it
 *
 * Says whether a key lies on the half-open arc (@from, @to].  When both ends
 * are the same key, the arc is the whole ring.
 *
 * Returns: whether @key is on the arc
 */
gboolean
drt_key_in_arc (const DrtKey *key, const DrtKey *from, const DrtKey *to)
{
  Limbs start = limbs_load (from);
  Limbs length = limbs_subtract (limbs_load (to), start);
  Limbs zero = { { 0, 0, 0, 0 } };
  Limbs way;

  if (limbs_compare (length, zero) == 0)
    return TRUE;

  way = limbs_subtract (limbs_load (key), start);

  return limbs_compare (way, zero) != 0 && limbs_compare (way, length) <= 0;
}

/**
 * drt_key_nearness:
 * @a: a key
 * @b: a key
 *
 * Counts the most significant bits two keys have in common.
 *
 * Returns: 0 when already the first bit differs, up to 256 for equal keys
 */
guint
drt_key_nearness (const DrtKey *a, const DrtKey *b)
{
  Limbs left = limbs_load (a);
  Limbs right = limbs_load (b);

  for (guint i = N_LIMBS; i-- > 0;)
    {
      guint64 differing = left.d[i] ^ right.d[i];

      if (differing != 0)
        return (N_LIMBS - 1 - i) * 64 + (guint) __builtin_clzll (differing);
    }

  return DRT_KEY_BITS;
}

/**
 * drt_key_to_turn:
 * @key: a key
 *
 * Returns: the place of @key on the circle, 0 at key 0 and growing clockwise,
 *   always below 1; of small keys as exact as a double can be
 */
double
drt_key_to_turn (const DrtKey *key)
{
  Limbs limbs = limbs_load (key);
  int top = N_LIMBS - 1;
  guint64 high;
  int zeros;

  while (top > 0 && limbs.d[top] == 0)
    top--;
  high = limbs.d[top];
  if (high == 0)
    return 0;
  zeros = __builtin_clzll (high);
  if (zeros > 0)
    high = high << zeros | (top > 0 ? limbs.d[top - 1] >> (64 - zeros) : 0);
  /* The 53 bits a double holds: more would round the last keys up to 1. */
  return ldexp ((double) (high >> 11), 64 * (top + 1 - N_LIMBS) - zeros - 53);
}

/**
 * drt_key_from_turn:
 * @key: (out): the key at that place, rounded towards 0
 * @turn: a place on the circle, from 0 to below 1
 *
 * The other way round of drt_key_to_turn(): what is written for people or drawn
 * in turns becomes a key, or the width of an arc.
 */
void
drt_key_from_turn (DrtKey *key, double turn)
{
  Limbs limbs = { { 0 } };

  g_return_if_fail (turn >= 0 && turn < 1);

  /* Digit by digit; each step is exact. */
  for (guint i = N_LIMBS; i-- > 0 && turn > 0;)
    {
      double scaled = ldexp (turn, 64);

      limbs.d[i] = (guint64) scaled;
      turn = scaled - (double) limbs.d[i];
    }
  limbs_store (limbs, key);
}
