/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-glib.h"
#include "drt-name-resolver.h"

#include <string.h>

/* "host:port" or "[address]:port".  An address without brackets is refused: its
 * last group would be taken for the port. */
static HRESULT
parse_endpoint (PCWSTR    wide,
                DrtHost **host)
{
  g_autofree char *text = drt_wide_to_utf8 (wide);
  const char *name = text, *colon;
  gsize length;
  guint64 port;

  *host = NULL;
  if (text == NULL)
    return E_INVALIDARG;

  colon = strrchr (text, ':');
  if (colon == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, DRT_HOST_MIN_PORT, G_MAXUINT16, &port, NULL))
    return E_INVALIDARG;
  length = colon - text;
  if (length > 2 && text[0] == '[' && colon[-1] == ']')
    {
      name++;
      length -= 2;
    }
  else if (memchr (text, ':', length) != NULL || memchr (text, '[', length) != NULL || memchr (text, ' ', length) != NULL)
    return E_INVALIDARG;
  if (length == 0)
    return E_INVALIDARG;

  *host = drt_host_new (name, length, port);
  return *host != NULL ? S_OK : E_OUTOFMEMORY;
}

HRESULT
DrtCreateListBootstrapResolver (ULONG                    cEndpoints,
                                const PCWSTR            *ppwszEndpoints,
                                DRT_BOOTSTRAP_PROVIDER **ppModule)
{
  g_autoptr (GPtrArray) hosts = NULL;

  if (ppModule == NULL)
    return E_INVALIDARG;
  *ppModule = NULL;
  if (cEndpoints > 0 && ppwszEndpoints == NULL)
    return E_INVALIDARG;

  hosts = drt_hosts_new ();
  for (ULONG i = 0; i < cEndpoints; i++)
    {
      DrtHost *host;
      HRESULT hr = parse_endpoint (ppwszEndpoints[i], &host);

      if (FAILED (hr))
        return hr;
      g_ptr_array_add (hosts, host);
    }

  *ppModule = drt_name_resolver_new (g_steal_pointer (&hosts));
  return *ppModule != NULL ? S_OK : E_OUTOFMEMORY;
}

void
DrtDeleteListBootstrapResolver (DRT_BOOTSTRAP_PROVIDER *pResolver)
{
  drt_name_resolver_free (pResolver);
}
