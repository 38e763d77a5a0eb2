/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-security-words.h"

#include <glib/gi18n.h>

/** rt_security_mode_to_name: a word for a title */
const char *
rt_security_mode_to_name (RtSecurityMode mode)
{
  switch (mode)
    {
    case RT_SECURITY_RESOLVE:              return C_("security mode", "Resolve");
    case RT_SECURITY_MEMBERSHIP:           return C_("security mode", "Membership");
    case RT_SECURITY_CONFIDENTIAL_PAYLOAD: return C_("security mode", "Confidential");
    default:                               return "–";
    }
}

/** rt_security_mode_to_words: what it means */
const char *
rt_security_mode_to_words (RtSecurityMode mode)
{
  switch (mode)
    {
    case RT_SECURITY_RESOLVE:              return _("Resolve: keys are proven, anybody may search");
    case RT_SECURITY_MEMBERSHIP:           return _("Membership: only members get an answer");
    case RT_SECURITY_CONFIDENTIAL_PAYLOAD: return _("Confidential: as membership, and encrypted");
    default:                               return "–";
    }
}
