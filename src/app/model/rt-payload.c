/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>
#include <string.h>

#include "rt-payload.h"

static RtPayloadState
check_size (gsize size)
{
  if (size == 0)
    return RT_PAYLOAD_EMPTY;
  if (size > DRT_MAX_PAYLOAD_SIZE)
    return RT_PAYLOAD_TOO_LONG;
  return RT_PAYLOAD_VALID;
}

static RtPayloadState
parse_hex (const char *text,
           GByteArray *bytes)
{
  gboolean half = FALSE;
  guint8 value = 0;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (g_ascii_isspace (*p))
        continue;
      if (!g_ascii_isxdigit (*p))
        return RT_PAYLOAD_NOT_HEX;

      value = (guint8) (value << 4 | g_ascii_xdigit_value (*p));
      half = !half;
      if (!half)
        {
          g_byte_array_append (bytes, &value, 1);
          value = 0;
        }
    }

  if (half)
    return RT_PAYLOAD_HALF_BYTE;
  return check_size (bytes->len);
}

/**
 * rt_payload_parse:
 * @text: UTF-8, as typed
 * @form: how it is meant
 * @bytes: (out) (transfer full) (nullable): the payload; %NULL unless
 *   %RT_PAYLOAD_VALID is returned
 * @size: (out): its bytes, counted as far as they can be read
 *
 * Reads a payload as a person writes it.
 *
 * Returns: whether it can be registered, 1 … 5120 bytes, or why not
 */
RtPayloadState
rt_payload_parse (const char     *text,
                  RtPayloadForm   form,
                  GBytes        **bytes,
                  gsize          *size)
{
  g_autoptr (GByteArray) array = g_byte_array_new ();
  RtPayloadState state;

  if (form == RT_PAYLOAD_HEX)
    {
      state = parse_hex (text, array);
    }
  else
    {
      g_byte_array_append (array, (const guint8 *) text, (guint) strlen (text));
      state = check_size (array->len);
    }

  *size = array->len;
  *bytes = state == RT_PAYLOAD_VALID ? g_byte_array_free_to_bytes (g_steal_pointer (&array)) : NULL;

  return state;
}

/**
 * rt_payload_to_hresult:
 * @state: what rt_payload_parse() returned
 *
 * Returns: what DrtRegisterKey() answers to such a payload
 */
HRESULT
rt_payload_to_hresult (RtPayloadState state)
{
  return state == RT_PAYLOAD_VALID ? S_OK : E_INVALIDARG;
}

/**
 * rt_payload_to_sentence:
 * @state: what rt_payload_parse() returned
 * @size: bytes it counted
 *
 * Returns: (transfer full) (nullable): what is wrong, %NULL where nothing is
 */
char *
rt_payload_to_sentence (RtPayloadState state,
                        gsize          size)
{
  switch (state)
    {
    case RT_PAYLOAD_EMPTY:
      return g_strdup (_("A key is published with at least one byte of payload."));

    case RT_PAYLOAD_TOO_LONG:
      {
        gulong excess = (gulong) (size - DRT_MAX_PAYLOAD_SIZE);

        return g_strdup_printf (ngettext ("A payload has at most 5120 bytes; this is %lu too many.",
                                          "A payload has at most 5120 bytes; these are %lu too many.",
                                          excess),
                                excess);
      }

    case RT_PAYLOAD_NOT_HEX:
      return g_strdup (_("Only pairs of hexadecimal digits, 0–9 and a–f, make bytes."));

    case RT_PAYLOAD_HALF_BYTE:
      return g_strdup (_("The last byte lacks its second digit."));

    case RT_PAYLOAD_VALID:
    default:
      return NULL;
    }
}

/**
 * rt_payload_is_text:
 * @payload: bytes
 *
 * Whether people can read it as text: UTF-8, and of the control characters
 * line ends and tabs only.
 */
gboolean
rt_payload_is_text (GBytes *payload)
{
  gsize size;
  const char *data = g_bytes_get_data (payload, &size);

  if (size == 0 || !g_utf8_validate_len (data, size, NULL))
    return FALSE;

  for (const char *p = data; p < data + size; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c) && c != '\n' && c != '\r' && c != '\t')
        return FALSE;
    }

  return TRUE;
}

/**
 * rt_payload_to_text:
 * @payload: bytes
 *
 * Returns: (transfer full) (nullable): the text it is, %NULL when it is none
 */
char *
rt_payload_to_text (GBytes *payload)
{
  gsize size;
  const char *data = g_bytes_get_data (payload, &size);

  return rt_payload_is_text (payload) ? g_strndup (data, size) : NULL;
}

/**
 * rt_payload_to_hex:
 * @payload: bytes
 *
 * Returns: (transfer full): pairs of digits, a space between bytes
 */
char *
rt_payload_to_hex (GBytes *payload)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (payload, &size);
  GString *hex = g_string_sized_new (3 * size + 1);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (hex, i == 0 ? "%02x" : " %02x", data[i]);

  return g_string_free (hex, FALSE);
}

/**
 * rt_payload_to_preview:
 * @payload: bytes
 * @max_characters: at most so many characters of it
 *
 * One line for a list: text in quotation marks, or the first bytes in
 * hexadecimal; "…" where something is left out.
 *
 * Returns: (transfer full): the line, empty for no bytes
 */
char *
rt_payload_to_preview (GBytes *payload,
                       guint   max_characters)
{
  g_autofree char *text = rt_payload_to_text (payload);
  g_autofree char *cut = NULL;
  gsize size = g_bytes_get_size (payload);

  if (size == 0)
    return g_strdup ("");

  if (text != NULL)
    {
      g_strdelimit (text, "\n\r\t", ' ');
      g_strstrip (text);
      if (g_utf8_strlen (text, -1) <= (glong) max_characters)
        return g_strdup_printf (_("“%s”"), text);

      cut = g_utf8_substring (text, 0, max_characters);
      return g_strdup_printf (_("“%s…”"), cut);
    }

  if (3 * size <= max_characters)
    return rt_payload_to_hex (payload);

  {
    g_autoptr (GBytes) head = g_bytes_new_from_bytes (payload, 0, MAX (max_characters / 3, 1));

    cut = rt_payload_to_hex (head);
    return g_strconcat (cut, " …", NULL);
  }
}
