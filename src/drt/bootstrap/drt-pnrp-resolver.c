/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt.h"

#define MAX_PEER_NAME  137   /* characters, as in Windows */
#define MAX_CLOUD_NAME 256
#define MAX_IDENTITY   137

/* Whether @text, if there is one, has at most @maximum characters. */
static BOOL
is_short (PCWSTR text,
          size_t maximum)
{
  return text == NULL || wcsnlen (text, maximum + 1) <= maximum;
}

HRESULT
DrtCreatePnrpBootstrapResolver (BOOL                     fPublish,
                                PCWSTR                   pwzPeerName,
                                PCWSTR                   pwzCloudName,
                                PCWSTR                   pwzPublishingIdentity,
                                DRT_BOOTSTRAP_PROVIDER **ppResolver)
{
  if (ppResolver == NULL)
    return E_INVALIDARG;
  *ppResolver = NULL;
  if (pwzPeerName == NULL || *pwzPeerName == L'\0' || !is_short (pwzPeerName, MAX_PEER_NAME) ||
      !is_short (pwzCloudName, MAX_CLOUD_NAME) || !is_short (pwzPublishingIdentity, MAX_IDENTITY))
    return E_INVALIDARG;

  /* DRT_S_RETRY would be a success, and a lie: a second attempt does not work either. */
  return DRT_HR_NOT_SUPPORTED;
}

/* There is none to delete. */
void
DrtDeletePnrpBootstrapResolver (DRT_BOOTSTRAP_PROVIDER *pResolver)
{
}
