/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two nodes: one publishes a key, the other finds it.  Needs drt.h and -ldrt only. */

#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include "drt.h"

#define WAIT 10000 /* milliseconds */
#define HANDLE_OF(fd) ((HANDLE) (intptr_t) (fd))

/* Opens a node on ::1 that looks for others at @other, and waits for its first status. */
static HRESULT
open_node (DRT_SETTINGS *settings, const WCHAR *other, USHORT *port, HDRT *node)
{
  struct pollfd event = { eventfd (0, EFD_CLOEXEC), POLLIN, 0 };

  *settings = (DRT_SETTINGS) { .dwSize = sizeof *settings, .cbKey = 32, .ulMaxRoutingAddresses = 4 };
  DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), 0, port, &settings->hTransport);
  DrtCreateNullSecurityProvider (&settings->pSecurityProvider);
  DrtCreateListBootstrapResolver (other != NULL, &other, &settings->pBootstrapProvider);
  HRESULT hr = DrtOpen (settings, HANDLE_OF (event.fd), NULL, node);
  return FAILED (hr) ? hr : poll (&event, 1, WAIT) == 1 ? S_OK : DRT_E_TIMEOUT;
}

static void
close_node (DRT_SETTINGS *settings, HDRT node)
{
  DrtClose (node);
  DrtDeleteListBootstrapResolver (settings->pBootstrapProvider);
  DrtDeleteNullSecurityProvider (settings->pSecurityProvider);
  DrtDeleteIpv6UdpTransport (settings->hTransport);
}

int
main (void)
{
  BYTE key[32] = { 1, 2, 3 }, text[] = "Hello, mesh", buffer[8192] __attribute__ ((aligned (8)));
  DRT_REGISTRATION registration = { { sizeof key, key }, { sizeof text, text } };
  struct pollfd event = { eventfd (0, EFD_CLOEXEC), POLLIN, 0 };
  DRT_SEARCH_RESULT *result = (DRT_SEARCH_RESULT *) buffer;
  HDRT_REGISTRATION_CONTEXT registered;
  HDRT_SEARCH_CONTEXT search = NULL;
  DRT_SETTINGS settings[2] = { 0 };
  USHORT ports[2] = { 0, 0 };
  WCHAR first[32];
  HDRT nodes[2] = { NULL, NULL };
  int found = 0;

  HRESULT hr = open_node (&settings[0], NULL, &ports[0], &nodes[0]);
  if (hr == S_OK)
    hr = DrtRegisterKey (nodes[0], &registration, NULL, &registered);
  swprintf (first, 32, L"[::1]:%d", ports[0]);
  if (hr == S_OK)
    hr = open_node (&settings[1], first, &ports[1], &nodes[1]);
  if (hr == S_OK)
    hr = DrtStartSearch (nodes[1], &registration.key, NULL, WAIT, HANDLE_OF (event.fd), NULL, &search);
  while ((hr == S_OK || hr == DRT_E_SEARCH_IN_PROGRESS) && poll (&event, 1, WAIT) == 1)
    if ((hr = DrtGetSearchResult (search, sizeof buffer, result)) == S_OK)
      found += printf ("found: %s\n", (char *) result->registration.appData.pb) > 0;
  DrtEndSearch (search);
  printf ("%d result, last code 0x%08X\n", found, (unsigned) hr);
  close_node (&settings[1], nodes[1]);
  close_node (&settings[0], nodes[0]);
  return found == 1 && hr == DRT_E_NO_MORE ? 0 : 1;
}
