/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-chain.h"

gboolean
drt_chain_reason_is_fault (DrtChainReason reason)
{
  return reason != DRT_REASON_EXPIRES_SOON;
}
