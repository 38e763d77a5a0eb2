/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Compiled, never run: drt.h in a C++ program without GLib. */

#include "drt.h"

static_assert (sizeof (DRT_EVENT_DATA) == 56, "DRT_EVENT_DATA");
static_assert (DRT_E_FAULTED == HRESULT (0x8062210Au), "DRT_E_FAULTED");

HRESULT use (HDRT drt);

HRESULT
use (HDRT drt)
{
  DRT_EVENT_DATA event = DRT_EVENT_DATA ();
  HRESULT hr = DrtGetEventData (drt, sizeof event, &event);

  switch (hr)
    {
    case S_OK:
      return event.statusChange.status == DRT_ACTIVE ? S_OK : DRT_S_RETRY;
    case DRT_E_NO_MORE:
      return hr;
    default:
      return FAILED (hr) ? hr : E_FAIL;
    }
}
