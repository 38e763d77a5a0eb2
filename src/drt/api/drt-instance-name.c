/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-instance.h"

HRESULT
DrtGetInstanceNameSize (HDRT   hDrt,
                        ULONG *pulcbInstanceNameSize)
{
  DrtInstance *self;

  if (pulcbInstanceNameSize == NULL)
    return E_INVALIDARG;
  *pulcbInstanceNameSize = 0;
  self = drt_instance_get (hDrt);
  if (self == NULL)
    return E_HANDLE;

  *pulcbInstanceNameSize = self->name_size;
  drt_object_unref (self);
  return S_OK;
}

HRESULT
DrtGetInstanceName (HDRT  hDrt,
                    ULONG ulcbInstanceNameSize,
                    PWSTR pwzDrtInstanceName)
{
  DrtInstance *self;
  HRESULT hr = DRT_E_INSUFFICIENT_BUFFER;

  if (pwzDrtInstanceName == NULL)
    return E_INVALIDARG;
  self = drt_instance_get (hDrt);
  if (self == NULL)
    return E_HANDLE;

  if (ulcbInstanceNameSize >= self->name_size)
    {
      memcpy (pwzDrtInstanceName, self->name, self->name_size);
      hr = S_OK;
    }
  drt_object_unref (self);
  return hr;
}
