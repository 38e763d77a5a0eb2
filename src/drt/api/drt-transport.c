/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-handle.h"
#include "drt-transport-handle.h"

/* What a transport's handle stands for. */
typedef struct
{
  DrtObject parent;
  DrtUdpTransport *udp;
} DrtTransport;

static void
transport_finalize (gpointer object)
{
  g_clear_pointer (&((DrtTransport *) object)->udp, drt_udp_transport_unref);
}

/* (transfer full) (nullable): the transport of a handle a program gave. */
DrtUdpTransport *
drt_transport_get (HDRT_TRANSPORT handle)
{
  DrtTransport *transport = drt_handle_get (handle, DRT_HANDLE_TRANSPORT);
  DrtUdpTransport *udp = transport != NULL ? drt_udp_transport_ref (transport->udp) : NULL;

  drt_object_unref (transport);
  return udp;
}

HRESULT
DrtCreateIpv6UdpTransport (DRT_SCOPE       scope,
                           ULONG           dwScopeId,
                           ULONG           dwLocalityThreshold,
                           USHORT         *pwPort,
                           HDRT_TRANSPORT *phTransport)
{
  DrtTransport *self;
  HRESULT hr;

  if (pwPort == NULL)
    return DRT_E_INVALID_PORT;
  if (phTransport == NULL)
    return DRT_E_INVALID_TRANSPORT_PROVIDER;
  *phTransport = NULL;

  self = drt_object_new (sizeof (DrtTransport), transport_finalize);
  if (self == NULL)
    return E_OUTOFMEMORY;
  hr = drt_udp_transport_new (scope, dwScopeId, dwLocalityThreshold, pwPort, &self->udp);
  if (SUCCEEDED (hr))
    *phTransport = drt_handle_new (DRT_HANDLE_TRANSPORT, self);
  if (*phTransport == NULL)
    {
      drt_object_unref (self);
      return FAILED (hr) ? hr : E_OUTOFMEMORY;
    }
  return S_OK;
}

HRESULT
DrtDeleteIpv6UdpTransport (HDRT_TRANSPORT hTransport)
{
  DrtUdpTransport *udp = drt_transport_get (hTransport);
  HRESULT hr;

  if (udp == NULL)
    return DRT_E_INVALID_TRANSPORT_PROVIDER;
  hr = drt_udp_transport_delete (udp);
  drt_udp_transport_unref (udp);
  if (SUCCEEDED (hr))
    drt_object_unref (drt_handle_steal (hTransport, DRT_HANDLE_TRANSPORT));
  return hr;
}
