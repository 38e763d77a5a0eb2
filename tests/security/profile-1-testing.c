/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "profile-1-testing.h"

#include <string.h>

DRT_DATA
bytes_from_hex (const char *hex)
{
  gsize length = strlen (hex) / 2;
  DRT_DATA data = { length, g_malloc (MAX (length, 1)) };

  g_assert_cmpuint (strlen (hex) % 2, ==, 0);
  for (gsize i = 0; i < length; i++)
    data.pb[i] = (BYTE) (g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
  return data;
}

void
bytes_clear (DRT_DATA *data)
{
  g_clear_pointer (&data->pb, g_free);
  data->cb = 0;
}

void
assert_bytes (const void *bytes,
              gsize       length,
              const char *hex)
{
  g_auto (DRT_DATA) expected = bytes_from_hex (hex);

  g_assert_cmpmem (bytes, length, expected.pb, expected.cb);
}

X509 *
certificate_from_hex (const char *hex)
{
  g_auto (DRT_DATA) der = bytes_from_hex (hex);
  const unsigned char *at = der.pb;
  X509 *certificate = d2i_X509 (NULL, &at, der.cb);

  g_assert_nonnull (certificate);
  return certificate;
}

EVP_PKEY *
private_key_from_hex (const char *hex)
{
  g_auto (DRT_DATA) der = bytes_from_hex (hex);
  const unsigned char *at = der.pb;
  EVP_PKEY *key = d2i_AutoPrivateKey (NULL, &at, der.cb);

  g_assert_nonnull (key);
  return key;
}

static void
assert_refuses_change (const DRT_DATA *data,
                       gsize           i,
                       guint8          change,
                       RefusesFunc     refuses,
                       gpointer        user_data)
{
  g_autofree guint8 *copy = g_memdup2 (data->pb, data->cb);

  copy[i] ^= change;
  if (!refuses (copy, data->cb, user_data))
    g_error ("byte %zu changed by 0x%02x is accepted", i, change);
}

/**
 * assert_refuses:
 * @data: what is accepted as it is
 * @may_change: (nullable): for each byte whether it is one that nobody looks at; %NULL: none is
 * @refuses: to be asked of each change
 */
void
assert_refuses (const DRT_DATA *data,
                const gboolean *may_change,
                RefusesFunc     refuses,
                gpointer        user_data)
{
  g_assert_false (refuses (data->pb, data->cb, user_data));
  for (gsize i = 0; i < data->cb; i++)
    if (may_change == NULL || !may_change[i])
      {
        assert_refuses_change (data, i, 0xff, refuses, user_data);
        assert_refuses_change (data, i, (guint8) (1 << i % 8), refuses, user_data);
      }
    else
      {
        g_autofree guint8 *copy = g_memdup2 (data->pb, data->cb);

        copy[i] ^= 0xff;
        g_assert_false (refuses (copy, data->cb, user_data));
      }

  for (gsize length = 0; length < data->cb; length++)
    {
      g_autofree guint8 *copy = g_malloc (MAX (length, 1));

      memcpy (copy, data->pb, length);
      if (!refuses (copy, length, user_data))
        g_error ("%zu bytes of %u are accepted", length, data->cb);
    }
  for (gsize more = 1; more <= 17; more++)
    {
      g_autofree guint8 *copy = g_malloc0 (data->cb + more);

      memcpy (copy, data->pb, data->cb);
      if (!refuses (copy, data->cb + more, user_data))
        g_error ("%zu more bytes are accepted", more);
    }
}
