/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-glib.h"

/* wchar_t holds one Unicode character on the platforms libdrt is for. */
G_STATIC_ASSERT (sizeof (WCHAR) == sizeof (gunichar));

/**
 * drt_wide_from_utf8:
 * @text: (nullable): UTF-8
 *
 * Returns: (nullable): the same as a wide string; NULL for NULL, for invalid UTF-8
 *   and when there is no memory
 */
WCHAR *
drt_wide_from_utf8 (const char *text)
{
  /* GLib's conversions let surrogates pass, which are no characters. */
  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return NULL;
  return (WCHAR *) g_utf8_to_ucs4 (text, -1, NULL, NULL, NULL);
}

/**
 * drt_wide_to_utf8:
 * @text: (nullable): a wide string
 *
 * Returns: (nullable): the same as UTF-8; NULL for NULL, for characters that are
 *   not Unicode and when there is no memory
 */
char *
drt_wide_to_utf8 (const WCHAR *text)
{
  g_autofree char *result = text != NULL ? g_ucs4_to_utf8 ((const gunichar *) text, -1, NULL, NULL, NULL) : NULL;

  return result != NULL && g_utf8_validate (result, -1, NULL) ? g_steal_pointer (&result) : NULL;
}
