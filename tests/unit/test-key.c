/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-key.h"

#include <string.h>

#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"
#define ONE  "0000000000000000000000000000000000000000000000000000000000000001"
#define TWO  "0000000000000000000000000000000000000000000000000000000000000002"
#define MAX_ "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define MAX1 "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe"
#define HALF "8000000000000000000000000000000000000000000000000000000000000000"
#define MIX_ "0123456789abcdeffedcba98765432100f1e2d3c4b5a69788796a5b4c3d2e1f0"

static DrtKey
key (const char *text)
{
  DrtKey parsed;

  g_assert_true (drt_key_parse (text, &parsed));
  return parsed;
}

static void
assert_key (const DrtKey *found, const char *expected)
{
  char text[DRT_KEY_HEX_LENGTH + 1];

  drt_key_format (found, text);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_text (void)
{
  static const char *const good[] = {
    MIX_,
    "0x" MIX_,
    "0X" MIX_,
    " \t\n" MIX_ "\r\n ",
    "  0x" MIX_ "\f",
    "0123456789ABCDEFFEDCBA98765432100F1E2D3C4B5A69788796A5B4C3D2E1F0",
  };
  static const char *const bad[] = {
    "", " ", "0x", "0",
    "0123456789abcdeffedcba98765432100f1e2d3c4b5a69788796a5b4c3d2e1f",     /* 63 */
    "0x0123456789abcdeffedcba98765432100f1e2d3c4b5a69788796a5b4c3d2e1",    /* 62 and a prefix: 64 characters */
    MIX_ "0",
    MIX_ " 0",
    "0x0x" MIX_,
    "0 x" MIX_,
    "0123456789abcdef fedcba98765432100f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "01:23:45:67:89:ab:cd:ef:fe:dc:ba:98:76:54:32:10:0f:1e:2d:3c:4b:5a:69:78:87:96:a5:b4:c3:d2:e1:f0",
    "01234567-89abcdef-fedcba98-76543210-0f1e2d3c-4b5a6978-8796a5b4-c3d2e1f0",
    "g123456789abcdeffedcba98765432100f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "0123456789abcdeffedcba98765432100f1e2d3c4b5a69788796a5b4c3d2e1fG",
    "-123456789abcdeffedcba98765432100f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "\xc2\xa0" MIX_,                                                        /* no ASCII space */
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      DrtKey parsed = key (good[i]);
      g_autofree char *text = drt_key_to_string (&parsed);

      g_assert_cmpstr (text, ==, MIX_);
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      DrtKey untouched = key (MIX_);

      if (drt_key_parse (bad[i], &untouched))
        g_error ("accepted: '%s'", bad[i]);
      assert_key (&untouched, MIX_);
    }
}

/* Least significant byte first in memory, most significant digit first in text. */
static void
test_byte_order (void)
{
  guint8 bytes[DRT_KEY_SIZE] = { 0xf0, 0xe1, };
  DrtKey parsed = key (MIX_);
  DrtKey made;

  g_assert_cmphex (parsed.b[0], ==, 0xf0);
  g_assert_cmphex (parsed.b[1], ==, 0xe1);
  g_assert_cmphex (parsed.b[30], ==, 0x23);
  g_assert_cmphex (parsed.b[31], ==, 0x01);

  bytes[31] = 0xab;
  drt_key_from_bytes (&made, bytes);
  assert_key (&made, "ab0000000000000000000000000000000000000000000000000000000000e1f0");
  g_assert_cmpmem (made.b, DRT_KEY_SIZE, bytes, DRT_KEY_SIZE);
}

static void
test_from_text (void)
{
  static const struct { const char *text; const char *digest; } cases[] = {
    { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },  /* FIPS 180-2 */
    { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    { "Gr\xc3\xbc\xc3\x9f" "e", "f83e039796c6453a10f5519e39fd113901572316a1a8ea07cb525d2801dfd074" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DrtKey made;

      drt_key_from_text (&made, cases[i].text);
      assert_key (&made, cases[i].digest);
    }
}

static void
test_arithmetic (void)
{
  static const struct { const char *a; const char *b; const char *sum; } cases[] = {
    { ZERO, ZERO, ZERO },
    { ONE, ONE, TWO },
    { MAX_, ONE, ZERO },
    { MAX_, TWO, ONE },
    { MAX_, MAX_, MAX1 },
    { HALF, HALF, ZERO },
    /* a carry over each 64-bit border, and through all of them */
    { "000000000000000000000000000000000000000000000000ffffffffffffffff", ONE,
      "0000000000000000000000000000000000000000000000010000000000000000" },
    { "00000000000000000000000000000000ffffffffffffffffffffffffffffffff", ONE,
      "0000000000000000000000000000000100000000000000000000000000000000" },
    { "0000000000000000ffffffffffffffffffffffffffffffffffffffffffffffff", ONE,
      "0000000000000001000000000000000000000000000000000000000000000000" },
    /* a carry out of a digit whose operand is all ones */
    { "0000000000000000000000000000000000000000000000018000000000000000",
      "0000000000000000000000000000000fffffffffffffffff8000000000000000",
      "0000000000000000000000000000001000000000000000010000000000000000" },
    { MIX_, "fedcba98765432100123456789abcdeff0e1d2c3b4a5968778695a4b3c2d1e10", ZERO },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DrtKey a = key (cases[i].a);
      DrtKey b = key (cases[i].b);
      DrtKey result;

      drt_key_add (&result, &a, &b);
      assert_key (&result, cases[i].sum);
      drt_key_subtract (&result, &result, &b);  /* the result may be an operand */
      assert_key (&result, cases[i].a);
      drt_key_add (&b, &a, &b);
      assert_key (&b, cases[i].sum);
      drt_key_subtract (&a, &b, &a);
      assert_key (&a, cases[i].b);
    }
}

static void
test_increment (void)
{
  static const struct { const char *before; const char *after; } cases[] = {
    { ZERO, ONE },
    { ONE, TWO },
    { MAX1, MAX_ },
    { MAX_, ZERO },
    { "00000000000000000000000000000000000000000000000000000000000000ff",
      "0000000000000000000000000000000000000000000000000000000000000100" },
    { "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", HALF },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DrtKey stepped = key (cases[i].before);

      drt_key_increment (&stepped);
      assert_key (&stepped, cases[i].after);
    }
}

/* Digit by digit, as on paper, against random operands. */
static void
test_arithmetic_random (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      DrtKey a, b, sum, difference, expected_sum, expected_difference;
      guint carry = 0;
      int borrow = 0;

      for (guint i = 0; i < DRT_KEY_SIZE; i++)
        {
          int left, difference_digit;

          /* many 0x00 and 0xff, so that carries run far */
          a.b[i] = g_test_rand_bit () ? (g_test_rand_bit () ? 0xff : 0) : (guint8) g_test_rand_int ();
          b.b[i] = g_test_rand_bit () ? (g_test_rand_bit () ? 0xff : 0) : (guint8) g_test_rand_int ();

          carry += (guint) a.b[i] + b.b[i];
          expected_sum.b[i] = (guint8) carry;
          carry >>= 8;

          left = a.b[i] - borrow;
          difference_digit = left - b.b[i];
          borrow = difference_digit < 0;
          expected_difference.b[i] = (guint8) difference_digit;
        }

      drt_key_add (&sum, &a, &b);
      g_assert_true (drt_key_equal (&sum, &expected_sum));
      drt_key_subtract (&difference, &a, &b);
      g_assert_true (drt_key_equal (&difference, &expected_difference));
      g_assert_cmpint (drt_key_compare (&a, &b) < 0, ==, borrow);
    }
}

static void
test_compare (void)
{
  static const char *const ascending[] = {
    ZERO, ONE, TWO,
    "00000000000000000000000000000000000000000000000000000000000000ff",
    "0000000000000000000000000000000000000000000000000000000000000100",
    "0000000000000000000000000000000000000000000000010000000000000000",
    "0000000000000000000000000000000100000000000000000000000000000000",
    MIX_,
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    HALF, MAX1, MAX_,
  };

  for (guint i = 0; i < G_N_ELEMENTS (ascending); i++)
    for (guint j = 0; j < G_N_ELEMENTS (ascending); j++)
      {
        DrtKey a = key (ascending[i]);
        DrtKey b = key (ascending[j]);
        int order = drt_key_compare (&a, &b);

        g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
        g_assert_cmpint (drt_key_equal (&a, &b), ==, i == j);
        if (i == j)
          g_assert_cmpuint (drt_key_hash (&a), ==, drt_key_hash (&b));
        g_assert_cmpint (drt_key_is_zero (&a), ==, i == 0);
      }
}

/* Keys that differ in one bit anywhere must not fall together. */
static void
test_hash (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint bit = 0; bit < DRT_KEY_BITS; bit++)
    {
      DrtKey one_bit = { { 0, } };

      one_bit.b[bit / 8] = (guint8) (1u << bit % 8);
      g_assert_false (drt_key_is_zero (&one_bit));
      g_hash_table_add (seen, GUINT_TO_POINTER (drt_key_hash (&one_bit)));
    }
  g_assert_cmpuint (g_hash_table_size (seen), >=, DRT_KEY_BITS - 1);
}

static void
test_distance (void)
{
  static const struct { const char *a; const char *b; const char *distance; } cases[] = {
    { ZERO, ZERO, ZERO },
    { ONE, ZERO, ONE },
    { MAX_, ZERO, ONE },
    { MAX_, ONE, TWO },
    { MAX_, MAX1, ONE },
    { ZERO, HALF, HALF },
    { MAX_, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", HALF },
    { ZERO, "8000000000000000000000000000000000000000000000000000000000000001",
      "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff" },
    { "1000000000000000000000000000000000000000000000000000000000000000",
      "f000000000000000000000000000000000000000000000000000000000000000",
      "2000000000000000000000000000000000000000000000000000000000000000" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DrtKey a = key (cases[i].a);
      DrtKey b = key (cases[i].b);
      DrtKey distance;

      drt_key_distance (&distance, &a, &b);
      assert_key (&distance, cases[i].distance);
      drt_key_distance (&distance, &b, &a);
      assert_key (&distance, cases[i].distance);
      drt_key_distance (&a, &a, &b);
      assert_key (&a, cases[i].distance);
    }
}

static void
test_compare_distance (void)
{
  static const struct { const char *target; const char *a; const char *b; int order; } cases[] = {
    { ZERO, ONE, TWO, -1 },
    { ZERO, TWO, ONE, 1 },
    { ZERO, ONE, MAX_, 0 },   /* one on each side */
    { ZERO, MAX_, TWO, -1 },  /* over the top */
    { ZERO, MAX1, ONE, 1 },
    { MAX_, ZERO, MAX1, 0 },
    { MAX_, ONE, MAX1, 1 },
    { HALF, ZERO, MAX_, 1 },
    { HALF, HALF, MAX_, -1 },
    { MIX_, MIX_, MIX_, 0 },
    { ZERO, HALF, MAX_, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DrtKey target = key (cases[i].target);
      DrtKey a = key (cases[i].a);
      DrtKey b = key (cases[i].b);
      int order = drt_key_compare_distance (&target, &a, &b);

      g_assert_cmpint ((order > 0) - (order < 0), ==, cases[i].order);
    }
}

static void
test_in_arc (void)
{
  static const struct { const char *key; const char *from; const char *to; gboolean in; } cases[] = {
    { ONE, ZERO, TWO, TRUE },
    { ZERO, ZERO, TWO, FALSE },   /* the beginning is not part of it */
    { TWO, ZERO, TWO, TRUE },     /* the end is */
    { MAX_, ZERO, TWO, FALSE },
    { ZERO, MAX_, ONE, TRUE },    /* across 0 */
    { ONE, MAX_, ONE, TRUE },
    { MAX_, MAX_, ONE, FALSE },
    { TWO, MAX_, ONE, FALSE },
    { HALF, MAX_, ONE, FALSE },
    { MAX_, MAX1, ZERO, TRUE },
    { ZERO, MAX1, ZERO, TRUE },
    { MAX1, MAX1, ZERO, FALSE },
    { HALF, TWO, ONE, TRUE },     /* nearly all the ring */
    { TWO, TWO, ONE, FALSE },
    { ONE, TWO, ONE, TRUE },
    { HALF, ONE, ONE, TRUE },     /* the whole ring */
    { ONE, ONE, ONE, TRUE },
    { ZERO, MAX_, MAX_, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DrtKey k = key (cases[i].key);
      DrtKey from = key (cases[i].from);
      DrtKey to = key (cases[i].to);

      if (drt_key_in_arc (&k, &from, &to) != cases[i].in)
        g_error ("%s in (%s, %s]", cases[i].key, cases[i].from, cases[i].to);
    }
}

static void
test_nearness (void)
{
  static const struct { const char *a; const char *b; guint bits; } cases[] = {
    { ZERO, ZERO, 256 },
    { MAX_, MAX_, 256 },
    { ZERO, ONE, 255 },
    { ZERO, TWO, 254 },
    { ZERO, HALF, 0 },
    { ZERO, MAX_, 0 },
    { HALF, MAX_, 1 },
    { MAX_, MAX1, 255 },
    { ZERO, "0000000000000001000000000000000000000000000000000000000000000000", 63 },
    { ZERO, "0000000000000000800000000000000000000000000000000000000000000000", 64 },
    { ZERO, "0000000000000000000000000000000100000000000000000000000000000000", 127 },
    { ZERO, "0000000000000000000000000000000080000000000000000000000000000000", 128 },
    { ZERO, "00000000000000000000000000000000000000000000000080000000000000ff", 192 },
    { "0123000000000000000000000000000000000000000000000000000000000000", MIX_, 17 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DrtKey a = key (cases[i].a);
      DrtKey b = key (cases[i].b);

      g_assert_cmpuint (drt_key_nearness (&a, &b), ==, cases[i].bits);
      g_assert_cmpuint (drt_key_nearness (&b, &a), ==, cases[i].bits);
    }
}

static void
test_turn (void)
{
  static const struct { const char *key; double turn; } cases[] = {
    { ZERO, 0.0 },
    { ONE, 0.0 },
    { HALF, 0.5 },
    { "4000000000000000000000000000000000000000000000000000000000000000", 0.25 },
    { "c000000000000000000000000000000000000000000000000000000000000000", 0.75 },
    { "0100000000000000000000000000000000000000000000000000000000000000", 1.0 / 256 },
    { "5555555555555555555555555555555555555555555555555555555555555555", 1.0 / 3 },
  };
  DrtKey last = key (MAX_);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DrtKey k = key (cases[i].key);

      g_assert_cmpfloat_with_epsilon (drt_key_to_turn (&k), cases[i].turn, 1e-15);
    }

  g_assert_cmpfloat (drt_key_to_turn (&last), <, 1.0);
  g_assert_cmpfloat (drt_key_to_turn (&last), >, 1.0 - 1e-15);
}

/* Wherever a key lies: what a double holds of it comes back. */
static void
test_turn_back (void)
{
  static const char *const cases[] = {
    ZERO, ONE, TWO, HALF, MAX_,
    "4000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000001fffffffffffff00000000",
    "0000000000000003fffffffffffffe0000000000000000000000000000000000",
    "00000000000000000000000000000000ffffffffffffffffffffffffffffffff",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DrtKey k = key (cases[i]), back, lost;
      double turn = drt_key_to_turn (&k);

      drt_key_from_turn (&back, turn);
      g_assert_cmpfloat (drt_key_to_turn (&back), ==, turn);
      drt_key_subtract (&lost, &k, &back);
      g_assert_cmpfloat (drt_key_to_turn (&lost), <=, turn * 0x1p-52);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/key/text", test_text);
  g_test_add_func ("/key/byte-order", test_byte_order);
  g_test_add_func ("/key/from-text", test_from_text);
  g_test_add_func ("/key/arithmetic", test_arithmetic);
  g_test_add_func ("/key/increment", test_increment);
  g_test_add_func ("/key/arithmetic-random", test_arithmetic_random);
  g_test_add_func ("/key/compare", test_compare);
  g_test_add_func ("/key/hash", test_hash);
  g_test_add_func ("/key/distance", test_distance);
  g_test_add_func ("/key/compare-distance", test_compare_distance);
  g_test_add_func ("/key/in-arc", test_in_arc);
  g_test_add_func ("/key/nearness", test_nearness);
  g_test_add_func ("/key/turn", test_turn);
  g_test_add_func ("/key/turn-back", test_turn_back);

  return g_test_run ();
}
