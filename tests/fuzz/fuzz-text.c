/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-endpoint.h"
#include "drt-glib.h"
#include "drt-key.h"
#include "drt.h"
#include "fuzz.h"

#include <string.h>

/* What people write: keys, endpoints, hosts of a bootstrap, names of codes. */

static void
fuzz_key (const char *text)
{
  char written[DRT_KEY_HEX_LENGTH + 1];
  DrtKey key, again;

  drt_key_from_text (&key, text);
  drt_key_format (&key, written);
  fuzz_check (drt_key_parse (written, &again) && drt_key_equal (&key, &again));
  if (drt_key_parse (text, &key))
    {
      drt_key_format (&key, written);
      fuzz_check (drt_key_parse (written, &again) && drt_key_equal (&key, &again));
    }
}

static void
fuzz_endpoint (const char *text)
{
  char written[DRT_ENDPOINT_TEXT_SIZE];
  DrtEndpoint endpoint, again;
  struct sockaddr_in6 name;

  if (!drt_endpoint_parse (text, &endpoint))
    return;
  drt_endpoint_format (&endpoint, written);
  fuzz_check (drt_endpoint_parse (written, &again) && drt_endpoint_equal (&endpoint, &again));
  drt_endpoint_to_sockaddr (&endpoint, &name);
  fuzz_check (drt_endpoint_from_sockaddr (&again, (struct sockaddr *) &name, sizeof name) &&
              drt_endpoint_equal (&endpoint, &again));
}

static void
fuzz_sockaddr (const guint8 *bytes,
               gsize         length)
{
  DrtEndpoint endpoint;

  drt_endpoint_from_sockaddr (&endpoint, (const struct sockaddr *) (gconstpointer) bytes, length);
}

/* Wide text that need be no text. */
static void
fuzz_hosts (const guint8 *bytes,
            gsize         length,
            guint16       port)
{
  gsize n = length / sizeof (WCHAR);
  g_autofree WCHAR *wide = g_new0 (WCHAR, n + 1);
  PCWSTR endpoints[] = { wide, wide };
  DRT_BOOTSTRAP_PROVIDER *provider;
  g_autofree char *text = NULL;

  memcpy (wide, bytes, n * sizeof (WCHAR));
  text = drt_wide_to_utf8 (wide);
  if (text != NULL)
    {
      g_autofree WCHAR *again = drt_wide_from_utf8 (text);

      fuzz_check (again != NULL && wcscmp (again, wide) == 0);
    }
  if (SUCCEEDED (DrtCreateDnsBootstrapResolver (port, wide, &provider)))
    {
      fuzz_check (text != NULL && port >= 1024);
      DrtDeleteDnsBootstrapResolver (provider);
    }
  if (SUCCEEDED (DrtCreateListBootstrapResolver (G_N_ELEMENTS (endpoints), endpoints, &provider)))
    {
      fuzz_check (text != NULL);
      DrtDeleteListBootstrapResolver (provider);
    }
}

static void
fuzz_hosts_utf8 (const char *text,
                 guint16     port)
{
  g_autofree WCHAR *wide = drt_wide_from_utf8 (text);

  fuzz_check ((wide != NULL) == g_utf8_validate (text, -1, NULL));
  if (wide != NULL)
    fuzz_hosts ((const guint8 *) wide, wcslen (wide) * sizeof (WCHAR), port);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes,
                        gsize         length)
{
  FuzzInput input = { bytes, length };
  guint which = fuzz_below (&input, 6);
  gsize size;
  g_autofree guint8 *rest = fuzz_dup (&input, length, &size);
  g_autofree char *text = g_strndup ((const char *) rest, size);
  HRESULT hr;

  switch (which)
    {
    case 0:
      fuzz_key (text);
      break;
    case 1:
      fuzz_endpoint (text);
      break;
    case 2:
      fuzz_sockaddr (rest, size);
      break;
    case 3:
      fuzz_hosts (rest, size, 3540);
      break;
    case 4:
      fuzz_hosts_utf8 (text, size > 0 ? 3540 : 80);
      break;
    default:
      if (drt_hresult_from_name (text, &hr))
        fuzz_check (drt_hresult_to_name (hr) != NULL);
      break;
    }
  return 0;
}
