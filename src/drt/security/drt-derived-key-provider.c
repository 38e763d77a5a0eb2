/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt.h"

#include "drt-key.h"

/*
 * The derived key profiles ([MC-DRT] §2.2.3.1) are not in this version.  The
 * functions check what they are given, so that a program finds its own errors,
 * and then say what is missing.
 */

HRESULT
DrtCreateDerivedKeySecurityProvider (PCCERT_CONTEXT          pRootCert,
                                     PCCERT_CONTEXT          pLocalCert,
                                     DRT_SECURITY_PROVIDER **ppSecurityProvider)
{
  if (ppSecurityProvider == NULL)
    return E_INVALIDARG;
  *ppSecurityProvider = NULL;
  if (pRootCert == NULL)
    return E_INVALIDARG;

  return DRT_E_CAPABILITY_MISMATCH;
}

/* There is none to delete. */
void
DrtDeleteDerivedKeySecurityProvider (DRT_SECURITY_PROVIDER *pSecurityProvider)
{
}

HRESULT
DrtCreateDerivedKey (PCCERT_CONTEXT pLocalCert,
                     DRT_DATA      *pKey)
{
  if (pLocalCert == NULL || pKey == NULL || pKey->pb == NULL || pKey->cb != DRT_KEY_SIZE)
    return E_INVALIDARG;

  return DRT_E_CAPABILITY_MISMATCH;
}
