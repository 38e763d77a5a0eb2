/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-glib.h"
#include "drt-name-resolver.h"

#include <string.h>

#define SEPARATORS " ;\t"

/* The host names in @text, all with @port.  NULL: no memory. */
static GPtrArray *
parse_names (const char *text,
             guint16     port)
{
  g_autoptr (GPtrArray) hosts = drt_hosts_new ();

  for (text += strspn (text, SEPARATORS); *text != '\0'; text += strspn (text, SEPARATORS))
    {
      gsize length = strcspn (text, SEPARATORS);
      /* [::1] is how people write an address beside a port. */
      gboolean bracketed = length > 2 && text[0] == '[' && text[length - 1] == ']';
      DrtHost *host = bracketed ? drt_host_new (text + 1, length - 2, port) : drt_host_new (text, length, port);

      if (host == NULL)
        return NULL;
      g_ptr_array_add (hosts, host);
      text += length;
    }
  return g_steal_pointer (&hosts);
}

HRESULT
DrtCreateDnsBootstrapResolver (USHORT                   port,
                               PCWSTR                   pwszAddress,
                               DRT_BOOTSTRAP_PROVIDER **ppModule)
{
  g_autofree char *text = NULL;
  GPtrArray *hosts;

  if (ppModule == NULL)
    return E_INVALIDARG;
  *ppModule = NULL;
  if (pwszAddress == NULL || port < DRT_HOST_MIN_PORT)
    return E_INVALIDARG;
  text = drt_wide_to_utf8 (pwszAddress);
  if (text == NULL)
    return E_INVALIDARG;

  hosts = parse_names (text, port);
  if (hosts != NULL)
    *ppModule = drt_name_resolver_new (hosts);
  return *ppModule != NULL ? S_OK : E_OUTOFMEMORY;
}

void
DrtDeleteDnsBootstrapResolver (DRT_BOOTSTRAP_PROVIDER *pResolver)
{
  drt_name_resolver_free (pResolver);
}
