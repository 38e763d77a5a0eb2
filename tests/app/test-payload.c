/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "rt-payload.h"

static void
assert_bytes (GBytes       *bytes,
              gconstpointer data,
              gsize         size)
{
  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), data, size);
}

static void
test_text (void)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize size = 0;

  g_assert_cmpint (rt_payload_parse ("Grüße", RT_PAYLOAD_TEXT, &bytes, &size), ==, RT_PAYLOAD_VALID);
  g_assert_cmpuint (size, ==, 7);
  assert_bytes (bytes, "Gr\xc3\xbc\xc3\x9f" "e", 7);
}

static void
test_hex (void)
{
  const char *const texts[] = { "00ff10", "00 FF 10", "\n0 0f f1 0\t" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) bytes = NULL;
      gsize size = 0;

      g_assert_cmpint (rt_payload_parse (texts[i], RT_PAYLOAD_HEX, &bytes, &size), ==, RT_PAYLOAD_VALID);
      g_assert_cmpuint (size, ==, 3);
      assert_bytes (bytes, "\x00\xff\x10", 3);
    }
}

/* From nothing to one byte too many, in both forms. */
static void
test_size (void)
{
  const struct { gsize size; RtPayloadState state; } cases[] = {
    { 0, RT_PAYLOAD_EMPTY },
    { 1, RT_PAYLOAD_VALID },
    { 5119, RT_PAYLOAD_VALID },
    { 5120, RT_PAYLOAD_VALID },
    { 5121, RT_PAYLOAD_TOO_LONG },
    { 20000, RT_PAYLOAD_TOO_LONG },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strnfill (cases[i].size, 'a');
      g_autofree char *hex = g_strnfill (2 * cases[i].size, 'a');
      const char *const written[] = { text, hex };

      for (RtPayloadForm form = RT_PAYLOAD_TEXT; form <= RT_PAYLOAD_HEX; form++)
        {
          g_autoptr (GBytes) bytes = NULL;
          g_autofree char *sentence = NULL;
          gsize size = G_MAXSIZE;
          RtPayloadState state = rt_payload_parse (written[form], form, &bytes, &size);

          g_assert_cmpint (state, ==, cases[i].state);
          g_assert_cmpuint (size, ==, cases[i].size);
          g_assert_cmpint (bytes != NULL, ==, state == RT_PAYLOAD_VALID);
          g_assert_cmpint (rt_payload_to_hresult (state), ==, state == RT_PAYLOAD_VALID ? S_OK : E_INVALIDARG);

          sentence = rt_payload_to_sentence (state, size);
          g_assert_cmpint (sentence != NULL, ==, state != RT_PAYLOAD_VALID);
        }
    }
}

static void
test_too_many (void)
{
  g_autofree char *one = rt_payload_to_sentence (RT_PAYLOAD_TOO_LONG, 5121);
  g_autofree char *many = rt_payload_to_sentence (RT_PAYLOAD_TOO_LONG, 6000);

  g_assert_nonnull (strstr (one, " 1 too many"));
  g_assert_nonnull (strstr (many, " 880 too many"));
}

static void
test_not_hex (void)
{
  const struct { const char *text; RtPayloadState state; gsize size; } cases[] = {
    { "0", RT_PAYLOAD_HALF_BYTE, 0 },
    { "00f", RT_PAYLOAD_HALF_BYTE, 1 },
    { "zz", RT_PAYLOAD_NOT_HEX, 0 },
    { "00 gg", RT_PAYLOAD_NOT_HEX, 1 },
    { "00é", RT_PAYLOAD_NOT_HEX, 1 },
    { "0x00", RT_PAYLOAD_NOT_HEX, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = NULL;
      gsize size = G_MAXSIZE;

      g_assert_cmpint (rt_payload_parse (cases[i].text, RT_PAYLOAD_HEX, &bytes, &size), ==, cases[i].state);
      g_assert_cmpuint (size, ==, cases[i].size);
      g_assert_null (bytes);
    }
}

static void
test_is_text (void)
{
  const struct { const char *data; gsize size; gboolean is_text; } cases[] = {
    { "hello", 5, TRUE },
    { "two\nlines\twith a tab", 20, TRUE },
    { "\xe2\x82\xac", 3, TRUE },
    { "", 0, FALSE },
    { "a\0b", 3, FALSE },
    { "\x1b[31m", 5, FALSE },
    { "\xff\xfe", 2, FALSE },
    { "\xe2\x82", 2, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (cases[i].data, cases[i].size);
      g_autofree char *text = rt_payload_to_text (bytes);

      g_assert_cmpint (rt_payload_is_text (bytes), ==, cases[i].is_text);
      if (cases[i].is_text)
        g_assert_cmpmem (text, strlen (text), cases[i].data, cases[i].size);
      else
        g_assert_null (text);
    }
}

/* What is shown in hexadecimal is read as the same bytes. */
static void
test_round_trip (void)
{
  guint8 data[256];
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autofree char *hex = NULL;
  gsize size = 0;

  for (guint i = 0; i < sizeof data; i++)
    data[i] = (guint8) i;

  bytes = g_bytes_new (data, sizeof data);
  hex = rt_payload_to_hex (bytes);
  g_assert_cmpint (rt_payload_parse (hex, RT_PAYLOAD_HEX, &again, &size), ==, RT_PAYLOAD_VALID);
  g_assert_true (g_bytes_equal (bytes, again));
}

static void
test_preview (void)
{
  const struct { const char *data; gsize size; guint max; const char *preview; } cases[] = {
    { "hello", 5, 5, "“hello”" },
    { "hello!", 6, 5, "“hello…”" },
    { "a\nb", 3, 8, "“a b”" },
    { "äöüäöü", 12, 4, "“äöüä…”" },
    { "\x00\x01", 2, 6, "00 01" },
    { "\x00\x01\x02\x03", 4, 6, "00 01 …" },
    { "", 0, 6, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (cases[i].data, cases[i].size);
      g_autofree char *preview = rt_payload_to_preview (bytes, cases[i].max);

      g_assert_cmpstr (preview, ==, cases[i].preview);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/payload/text", test_text);
  g_test_add_func ("/payload/hex", test_hex);
  g_test_add_func ("/payload/size", test_size);
  g_test_add_func ("/payload/too-many", test_too_many);
  g_test_add_func ("/payload/not-hex", test_not_hex);
  g_test_add_func ("/payload/is-text", test_is_text);
  g_test_add_func ("/payload/round-trip", test_round_trip);
  g_test_add_func ("/payload/preview", test_preview);

  return g_test_run ();
}
