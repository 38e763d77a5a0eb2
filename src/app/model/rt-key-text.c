/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "rt-key-text.h"

/* What people put between groups of digits. */
static gboolean
is_separator (gunichar c)
{
  return g_unichar_isspace (c) || c == ':' || c == '-';
}

/* Texts copied from programs often begin with it. */
static const char *
skip_prefix (const char *text)
{
  while (g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);

  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
    text += 2;

  return text;
}

/**
 * rt_key_text_parse:
 * @text: UTF-8; hexadecimal digits, most significant first, with or without
 *   "0x" in front and spaces, colons or hyphens between them
 * @result: (out): what it is
 *
 * Reads a key as a person writes it.
 */
void
rt_key_text_parse (const char *text,
                   RtKeyText  *result)
{
  char digits[DRT_KEY_HEX_LENGTH + 1];

  *result = (RtKeyText) { .state = RT_KEY_TEXT_EMPTY };

  for (const char *p = skip_prefix (text); *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_separator (c))
        continue;

      if (c > 0x7f || !g_ascii_isxdigit (c))
        {
          result->state = RT_KEY_TEXT_NOT_HEX;
          result->fault = c;
          return;
        }

      if (result->n_digits < DRT_KEY_HEX_LENGTH)
        digits[result->n_digits] = (char) c;
      result->n_digits++;
    }

  if (result->n_digits == 0)
    return;

  if (result->n_digits < DRT_KEY_HEX_LENGTH)
    {
      result->state = RT_KEY_TEXT_TOO_SHORT;
      return;
    }

  if (result->n_digits > DRT_KEY_HEX_LENGTH)
    {
      result->state = RT_KEY_TEXT_TOO_LONG;
      return;
    }

  digits[DRT_KEY_HEX_LENGTH] = '\0';
  result->state = drt_key_parse (digits, &result->key) ? RT_KEY_TEXT_VALID : RT_KEY_TEXT_NOT_HEX;
}

/**
 * rt_key_text_to_hresult:
 * @text: a text read by rt_key_text_parse()
 *
 * Returns: what DrtRegisterKey() and DrtStartSearch() answer to this key:
 *   S_OK; DRT_E_INVALID_KEY_SIZE for any other number of bytes than 32;
 *   E_INVALIDARG where there is no key
 */
HRESULT
rt_key_text_to_hresult (const RtKeyText *text)
{
  switch (text->state)
    {
    case RT_KEY_TEXT_VALID:
      return S_OK;
    case RT_KEY_TEXT_TOO_SHORT:
    case RT_KEY_TEXT_TOO_LONG:
      return DRT_E_INVALID_KEY_SIZE;
    case RT_KEY_TEXT_EMPTY:
    case RT_KEY_TEXT_NOT_HEX:
    default:
      return E_INVALIDARG;
    }
}

/**
 * rt_key_text_is_unfinished:
 * @text: a text read by rt_key_text_parse()
 *
 * Whether typing on may make a key of it: then the field need not accuse the
 * person who is still typing.
 */
gboolean
rt_key_text_is_unfinished (const RtKeyText *text)
{
  return text->state == RT_KEY_TEXT_EMPTY || text->state == RT_KEY_TEXT_TOO_SHORT;
}

static char *
describe_length (guint n_digits)
{
  guint n_bytes = n_digits / 2;

  if (n_digits % 2 != 0)
    return g_strdup_printf (ngettext ("A key is 64 hexadecimal digits; here is %u.",
                                      "A key is 64 hexadecimal digits; here are %u.",
                                      n_digits),
                            n_digits);

  /* Translators: the first number counts hexadecimal digits, the second bytes. */
  return g_strdup_printf (ngettext ("A key is 64 hexadecimal digits, 32 bytes; here are %u digits, %u byte.",
                                    "A key is 64 hexadecimal digits, 32 bytes; here are %u digits, %u bytes.",
                                    n_bytes),
                          n_digits, n_bytes);
}

/**
 * rt_key_text_to_sentence:
 * @text: a text read by rt_key_text_parse()
 *
 * Returns: (transfer full) (nullable): what is wrong, for the person who types;
 *   %NULL where nothing is
 */
char *
rt_key_text_to_sentence (const RtKeyText *text)
{
  switch (text->state)
    {
    case RT_KEY_TEXT_EMPTY:
      return g_strdup (_("Type or paste a key of 64 hexadecimal digits."));

    case RT_KEY_TEXT_TOO_SHORT:
    case RT_KEY_TEXT_TOO_LONG:
      return describe_length (text->n_digits);

    case RT_KEY_TEXT_NOT_HEX:
      if (g_unichar_isgraph (text->fault))
        {
          char fault[7] = { 0 };

          g_unichar_to_utf8 (text->fault, fault);
          return g_strdup_printf (_("“%s” is no hexadecimal digit: only 0–9 and a–f are."), fault);
        }
      return g_strdup (_("Only hexadecimal digits make a key: 0–9 and a–f."));

    case RT_KEY_TEXT_VALID:
    default:
      return NULL;
    }
}

void
rt_key_text_random (DrtKey *key)
{
  guint8 bytes[DRT_KEY_SIZE];

  /* Fewer than 257 bytes: never interrupted, never short. */
  if (getentropy (bytes, sizeof bytes) != 0)
    {
      for (gsize i = 0; i < sizeof bytes; i += 4)
        {
          guint32 word = g_random_int ();

          memcpy (bytes + i, &word, sizeof word);
        }
    }

  drt_key_from_bytes (key, bytes);
}
