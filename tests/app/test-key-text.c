/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "rt-key-text.h"

#define DIGITS "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void
test_valid (void)
{
  const char *const texts[] = {
    DIGITS,
    "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF",
    "0x" DIGITS,
    "  0X" DIGITS "\n",
    "00112233 44556677 8899aabb ccddeeff 00112233 44556677 8899aabb ccddeeff",
    "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff",
    "00112233-44556677-8899aabb-ccddeeff-00112233-44556677-8899aabb-ccddeeff",
  };
  DrtKey expected;

  g_assert_true (drt_key_parse (DIGITS, &expected));

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      RtKeyText text;

      rt_key_text_parse (texts[i], &text);
      g_test_message ("%s", texts[i]);
      g_assert_cmpint (text.state, ==, RT_KEY_TEXT_VALID);
      g_assert_cmpuint (text.n_digits, ==, DRT_KEY_HEX_LENGTH);
      g_assert_true (drt_key_equal (&text.key, &expected));
      g_assert_cmpint (rt_key_text_to_hresult (&text), ==, S_OK);
      g_assert_null (rt_key_text_to_sentence (&text));
      g_assert_false (rt_key_text_is_unfinished (&text));
    }
}

static void
test_most_significant_first (void)
{
  RtKeyText text;

  rt_key_text_parse ("01" "00000000000000000000000000000000000000000000000000000000000000", &text);
  g_assert_cmpint (text.state, ==, RT_KEY_TEXT_VALID);
  g_assert_cmpuint (text.key.b[31], ==, 1);
  g_assert_cmpuint (text.key.b[0], ==, 0);
}

static void
test_empty (void)
{
  const char *const texts[] = { "", "   ", "0x", "\t\n", "::" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *sentence = NULL;
      RtKeyText text;

      rt_key_text_parse (texts[i], &text);
      g_assert_cmpint (text.state, ==, RT_KEY_TEXT_EMPTY);
      g_assert_cmpint (rt_key_text_to_hresult (&text), ==, E_INVALIDARG);
      g_assert_true (rt_key_text_is_unfinished (&text));
      sentence = rt_key_text_to_sentence (&text);
      g_assert_nonnull (sentence);
    }
}

/* Every length but the one of a key. */
static void
test_length (void)
{
  for (guint n = 1; n <= 2 * DRT_KEY_HEX_LENGTH; n++)
    {
      g_autofree char *digits = g_strnfill (n, 'a');
      g_autofree char *sentence = NULL;
      RtKeyText text;

      rt_key_text_parse (digits, &text);
      g_assert_cmpuint (text.n_digits, ==, n);
      sentence = rt_key_text_to_sentence (&text);

      if (n == DRT_KEY_HEX_LENGTH)
        {
          g_assert_cmpint (text.state, ==, RT_KEY_TEXT_VALID);
          g_assert_null (sentence);
          continue;
        }

      g_assert_cmpint (text.state, ==, n < DRT_KEY_HEX_LENGTH ? RT_KEY_TEXT_TOO_SHORT : RT_KEY_TEXT_TOO_LONG);
      g_assert_cmpint (rt_key_text_to_hresult (&text), ==, DRT_E_INVALID_KEY_SIZE);
      g_assert_cmpint (rt_key_text_is_unfinished (&text), ==, n < DRT_KEY_HEX_LENGTH);
      g_assert_nonnull (sentence);
    }
}

/* A key of 31 bytes is told as such. */
static void
test_31_bytes (void)
{
  g_autofree char *digits = g_strnfill (62, '7');
  g_autofree char *sentence = NULL;
  RtKeyText text;

  rt_key_text_parse (digits, &text);
  sentence = rt_key_text_to_sentence (&text);
  g_assert_nonnull (strstr (sentence, "62"));
  g_assert_nonnull (strstr (sentence, "31"));
}

static void
test_not_hex (void)
{
  const struct { const char *text; gunichar fault; guint n_digits; } cases[] = {
    { "xyz", 'x', 0 },
    { "12g4", 'g', 2 },
    { "0x0x11", 'x', 1 },
    { "abcé", 0xe9, 3 },
    { "１２", 0xff11, 0 },
    { DIGITS "!", '!', 64 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char fault[7] = { 0 };
      g_autofree char *sentence = NULL;
      RtKeyText text;

      rt_key_text_parse (cases[i].text, &text);
      g_assert_cmpint (text.state, ==, RT_KEY_TEXT_NOT_HEX);
      g_assert_cmpuint (text.fault, ==, cases[i].fault);
      g_assert_cmpuint (text.n_digits, ==, cases[i].n_digits);
      g_assert_cmpint (rt_key_text_to_hresult (&text), ==, E_INVALIDARG);
      g_assert_false (rt_key_text_is_unfinished (&text));

      g_unichar_to_utf8 (cases[i].fault, fault);
      sentence = rt_key_text_to_sentence (&text);
      g_assert_nonnull (strstr (sentence, fault));
    }
}

/* A character that cannot be shown is not put into the sentence. */
static void
test_not_hex_invisible (void)
{
  g_autofree char *sentence = NULL;
  RtKeyText text;

  rt_key_text_parse ("12\u200b34", &text);
  g_assert_cmpint (text.state, ==, RT_KEY_TEXT_NOT_HEX);
  sentence = rt_key_text_to_sentence (&text);
  g_assert_null (strstr (sentence, "\u200b"));
}

static void
test_random (void)
{
  DrtKey a, b;

  rt_key_text_random (&a);
  rt_key_text_random (&b);
  g_assert_false (drt_key_equal (&a, &b));
  g_assert_false (drt_key_is_zero (&a));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/key-text/valid", test_valid);
  g_test_add_func ("/key-text/most-significant-first", test_most_significant_first);
  g_test_add_func ("/key-text/empty", test_empty);
  g_test_add_func ("/key-text/length", test_length);
  g_test_add_func ("/key-text/31-bytes", test_31_bytes);
  g_test_add_func ("/key-text/not-hex", test_not_hex);
  g_test_add_func ("/key-text/not-hex-invisible", test_not_hex_invisible);
  g_test_add_func ("/key-text/random", test_random);

  return g_test_run ();
}
